"""The bibliography ``book/references.bib``: each row of the package names its source by a key of it.

Where an author, as a citation prints it, has several works in a year, their years carry letters (:func:`letter`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale

from eastward.data.periods import period_end
from eastward.data.root import DataError, Noted, in_parts, note, root, unseen

if TYPE_CHECKING:
    from pybtex.database import Entry

BIB = "book/references.bib"
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
    for written, letter in (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”")):
        text = text.replace(written, letter)
    text = re.sub(r"(?<!\\)~", "\u00a0", text)
    if "\\" not in text:
        return re.sub(r"[{}]", "", text)
    from pybtex.richtext import Text

    text = re.sub(r"(?<!\\)%", r"\\%", text)  # no comment
    return str(Text.from_latex(text)).replace(r"\$", "$")


def fields(entry: Entry) -> dict[str, str]:
    """Return the fields of an entry as readers see them: addresses as they are, the rest by :func:`plain`."""
    return {name: text if name in ("url", "doi") else plain(text) for name, text in entry.fields.items()}


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


_UNBRACED = re.compile(r"@\w+\{\s*([^,\s]+),(?:[^@]*?\n)?\s*author\s*=\s*\{([^{}]*)\}")


@lru_cache(maxsize=8)
def _read(file: Path, _mtime: float) -> Noted[Source]:
    """Read the bibliography, or what was read of the same bytes before: to parse it takes longer than all tables."""
    raw = in_parts(file).read_bytes()
    of = hashlib.sha256(raw + Path(__file__).read_bytes()).hexdigest()
    kept = file.parents[1] / "_build" / ".sources.json"
    with suppress(OSError, ValueError, LookupError, TypeError):
        found = json.loads(kept.read_text(encoding="utf-8"))
        if found["of"] == of:
            return Noted("source", {key: Source(**fields) for key, fields in found["sources"].items()})
    read = _parsed(raw)
    with suppress(OSError):
        part = kept.with_name(f"{kept.name}.{os.getpid()}")
        part.write_text(json.dumps({"of": of, "sources": {k: vars(s) for k, s in read.items()}}), encoding="utf-8")
        part.replace(kept)
    return Noted("source", read)


def _parsed(raw: bytes) -> dict[str, Source]:
    # Slow to import, and needed only for a bibliography that nobody has read.
    from pybtex.database import parse_string
    from pybtex.exceptions import PybtexError

    try:
        text = raw.decode("utf-8")
        line, hidden = unseen(text)
        if line:
            raise DataError(BIB, f"line {line} has an invisible character, {hidden}", "remove it")
        entries = parse_string(text, "bibtex").entries
    except (PybtexError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise DataError(BIB, f"cannot be read ({reason})", "restore its form, in UTF-8") from None
    for key, people in _UNBRACED.findall(text):
        for name in re.split(r"\s+and\s+", people):
            if name != "others" and not re.fullmatch(r"[^,\s]+|[^,]+,[^,]+(,[^,]+)?", name.strip()):
                fault = f"{key} has the author {name}, of whom no last name is plain"
                raise DataError(BIB, fault, "write Last, First for a person, {{double braces}} round an institution")
    for key, entry in entries.items():
        for fault, advice in _misread(key, entry):
            raise DataError(BIB, f"{key} {fault}", advice)
    letter({key: entry for key, entry in entries.items() if "title" in entry.fields})
    result = {}
    for key, entry in entries.items():
        field, people = fields(entry), plain(" and ".join(map(str, entry.persons.get("author", []))))
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


def _misread(key: str, entry: Entry) -> Iterable[tuple[str, str]]:
    """What in an entry would not be read as it was meant, and what to do about it."""
    from pybtex.exceptions import PybtexError

    if not re.fullmatch(r"[a-z0-9_]+", key):
        yield "is no key", "use small Latin letters, digits and _"
    if unknown := sorted({*entry.fields, *entry.persons} - FIELDS):
        yield f"has unknown field {unknown[0]}", f"known are: {', '.join(sorted(FIELDS))}"
    people = " and ".join(map(str, entry.persons.get("author", [])))
    for name, text in {**entry.fields, "author": people}.items():
        try:
            shown = plain(text)
        except (PybtexError, ValueError):
            shown = "\\"
        if name in entry.fields and not shown.strip():
            yield f"has an empty {name}", "fill or remove it"
        elif "\\" in shown or (name in ("url", "doi") and "\\" in text):
            yield f"has LaTeX in its {name} that has no letter: {text}", "write the letters themselves"
    if not re.fullmatch(r"10\.\d{4,9}/\S+", entry.fields.get("doi", "10.1000/none")):
        yield f"has doi {entry.fields['doi']}", "write it from 10. on"
    day, year = entry.fields.get("date", ""), entry.fields.get("year", "n.d.")
    if year not in ("n.d.", day[:4]) and (not day or _is_day(day)):
        yield f"has year {year}, but date {day or 'none'}", "write the same year"


def sources() -> Noted[Source]:
    """Return all entries of ``book/references.bib`` by key; ``DataError`` where it is missing or is no BibTeX."""
    file = root() / "book" / "references.bib"
    if not file.is_file():
        raise DataError(BIB, "the file is missing", "restore it with git")
    return _read(file, file.stat().st_mtime)


def known_by(keys: Iterable[str]) -> dict[str, dt.date | None]:
    """Latest days on which sources can have appeared: all that the rows of a table depend on of them."""
    entries, keys = sources().entries, list(keys)
    for key in keys:
        note("date", key)
    return {key: entries[key].known_by for key in keys}


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
        return bool(re.fullmatch(r"(1[6-9]|20)[0-9]{2}(-[0-9]{2}){0,2}", text)) and bool(period_end(text))
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
    if source.url and not re.fullmatch(r"https?://[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+([/?#][^\s{}<>\"]*)?", source.url):
        advice = "write it from https:// on as the browser copies it, host in Latin letters"
        yield f"has the address {source.url}", advice
    if source.language and source.language not in LANGUAGES:
        yield f"has unknown language {source.language}", "write its English name, such as Russian"
    if source.language in ("", "English") and re.search(r"[\u0370-\u1fff\u2c00-\ud7ff]", source.title):
        yield f"has language {source.language or 'unknown'}, but a title in another", "write the language of the page"


def check_sources() -> None:
    """Check that each source has a real author, a title, a known grade, dates that exist, and an address and language.
    Date, address and language may be lacking where its ``note`` says so. The first fault raises ``DataError``.
    """
    for key, source in sources().items():
        for fault, advice in _faults(source):
            raise DataError(BIB, f"{key} {fault}", advice)
