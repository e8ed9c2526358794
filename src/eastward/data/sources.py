"""The bibliography ``book/references.bib``: each row of the package names its source by a key of it.

Where an author, as a citation prints it, has several works in a year, their years carry letters (:func:`letter`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale
from pybtex.database import Entry, parse_file
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from eastward.data.periods import period_end
from eastward.data.root import DataError, root

FIELDS = {
    "author", "title", "titleaddon", "howpublished", "journal", "volume", "number", "pages", "date", "year", "month", "doi",
    "url", "urldate", "language", "keywords", "grade", "note",
}  # fmt: skip
"""Fields that an entry may have; ``titleaddon`` is an English translation of the title."""

LANGUAGES = {name: tag for tag, name in Locale("en").languages.items()}
"""Languages by their English names, and the tags by which a browser knows them."""

GRADES = ("primary", "agency", "wire", "relay", "weak")
"""Best first: the body or document itself; agency, data, paper; a wire or newspaper's own report; a repeat; a doubtful copy."""


@dataclass(frozen=True)
class Source:
    """One entry of the bibliography; ``kind`` is news, wire, agency, paper, dataset or primary-document.

    ``grade`` is one of ``GRADES``; ``language`` is that of the page consulted, in English; ``cited`` and ``year`` are
    author and year as a citation prints them.
    """

    key: str
    author: str
    title: str
    publisher: str
    date: str
    url: str
    urldate: str
    language: str
    note: str
    kind: str
    grade: str
    cited: str
    year: str

    @property
    def known_by(self) -> dt.date | None:
        """Latest day on which the source can have appeared; ``None`` where its date is not known."""
        return period_end(self.date) if self.date else None

    def __str__(self) -> str:
        return f"{self.author or self.publisher} ({self.date or 'no date'}): {self.title}"


def plain(text: str) -> str:
    """Return a field of the bibliography without braces, its LaTeX resolved; that is slow, so only where there is some."""
    return str(Text.from_latex(text)).replace(r"\$", "$") if "\\" in text else re.sub(r"[{}]", "", text)


def cited_author(entry: Entry) -> str:
    """Return the author as a citation prints it, such as ``Crozet and Hinz`` or ``Fajgelbaum et al.``"""
    names = [plain(" ".join([*p.prelast_names, *p.last_names])) for p in entry.persons.get("author", [])]
    return f"{names[0]} et al." if len(names) > 2 or "others" in names else " and ".join(names)


def order(entry: Entry) -> tuple[str, str, str]:
    """What sets works of one author in order: full date (a year comes before its months), title, key."""
    return entry.fields.get("date", ""), plain(entry.fields["title"]), entry.key


def letter(entries: Mapping[str, Entry]) -> None:
    """Set the ``year`` of each entry to what readers see: with a letter where author and year are those of other works too.

    Letters follow :func:`order`; after z comes aa. Works without a date have the year ``n.d.`` and letters behind a hyphen.
    """
    alike: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries.values():
        alike[cited_author(entry), entry.fields.get("date", "")[:4] or "n.d."].append(entry)
    for (_, year), works in alike.items():
        hyphen = "-" if year == "n.d." else ""
        for place, entry in enumerate(sorted(works, key=order)):
            entry.fields["year"] = year + (hyphen + _letters(place) if len(works) > 1 else "")


def _letters(place: int) -> str:
    """``a`` to ``z``, then ``aa``, ``ab``: the columns of a spreadsheet, counted from 0."""
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("a") + place % 26)


@lru_cache(maxsize=8)
def _bibliography(file: Path, _mtime: float) -> dict[str, Source]:
    try:
        entries = parse_file(str(file), "bibtex", encoding="utf-8").entries
    except (PybtexError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise DataError("book/references.bib", f"cannot be read ({reason})", "restore its form, in UTF-8") from None
    letter({key: entry for key, entry in entries.items() if "title" in entry.fields})
    result = {}
    for key, entry in entries.items():
        if unknown := sorted({*entry.fields, *entry.persons} - FIELDS):
            advice = f"known are: {', '.join(sorted(FIELDS))}"
            raise DataError("book/references.bib", f"{key} has unknown field {unknown[0]}", advice)
        field = {name: plain(text) for name, text in entry.fields.items()}
        people = plain(" and ".join(map(str, entry.persons.get("author", []))))
        result[key] = Source(
            key=key,
            author=people,
            publisher=field.get("journal" if entry.type == "article" else "howpublished", ""),
            kind=field.get("keywords", ""),
            cited=cited_author(entry) if people else "",
            year=entry.fields.get("year", ""),
            **{name: field.get(name, "") for name in ("title", "date", "url", "urldate", "language", "note", "grade")},
        )
    return result


def sources() -> dict[str, Source]:
    """Return all entries of ``book/references.bib`` by key.

    Raises:
        DataError: it is missing or is no BibTeX.

    """
    file = root() / "book" / "references.bib"
    if not file.is_file():
        raise DataError("book/references.bib", "the file is missing", "restore it with git")
    return _bibliography(file, file.stat().st_mtime)


def grade_of(keys: Iterable[str]) -> str:
    """Return the grade of the weakest of these sources; empty where there is none."""
    return max((sources()[key].grade for key in keys), key=GRADES.index, default="")


_EXPLAINED = {"date": "no date given", "url": "no address", "language": "language of the page not known"}
"""Fields that a source may lack, and what its ``note`` then says."""

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
"""A bare host name; the mastheads that are one, such as Lenta.ru, are written with capitals."""


def _is_day(text: str) -> bool:
    """Whether this is a year, month or day of ISO 8601 that exists."""
    try:
        return bool(re.fullmatch(r"\d{4}(-\d\d){0,2}", text)) and bool(period_end(text))
    except ValueError:
        return False


def _faults(source: Source) -> Iterable[tuple[str, str]]:
    """What is wrong with a source, and what to do about it."""
    if source.grade not in GRADES:
        fault = f"unknown grade {source.grade}" if source.grade else "no grade"
        yield f"has {fault}", f"write its field grade: {', '.join(GRADES)}"
    for name in ("author", "title", "publisher", "urldate", *_EXPLAINED):
        reason = _EXPLAINED.get(name)
        if not getattr(source, name) and (reason is None or reason not in source.note):
            shown = "howpublished, or journal of an @article" if name == "publisher" else name
            yield f"has no {shown}", f"add it{f', or write in its note: {reason}' if reason else ''}"
    if _HOST.fullmatch(source.author):
        yield f"has a host name as its author: {source.author}", "name the institution or masthead, or who reposted it"
    for name in ("date", "urldate"):
        if (day := getattr(source, name)) and not _is_day(day):
            yield f"has {name} {day}, which is no date", "write YYYY, YYYY-MM or YYYY-MM-DD"
    if source.date[: len(source.urldate)] > source.urldate:
        yield f"has date {source.date}, after the day it was consulted", "correct date or urldate"
    if source.language and source.language not in LANGUAGES:
        yield f"has unknown language {source.language}", "write its English name, such as Russian"
    if source.language in ("", "English") and re.search(r"[\u0370-\u1fff\u2c00-\ud7ff]", source.title):
        yield f"has language {source.language or 'unknown'}, but a title in another", "write the language of the page"


def check_sources() -> None:
    """Check that each source has a real author, a title, a known grade, dates that exist, and an address and language.

    Date, address and language may be lacking where the entry's ``note`` says so.

    Raises:
        DataError: the first entry with a fault.

    """
    for key, source in sources().items():
        for fault, advice in _faults(source):
            raise DataError("book/references.bib", f"{key} {fault}", advice)
