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

from pybtex.database import Entry, parse_file
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from eastward.data.periods import period_end
from eastward.data.root import DataError, root

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
    bare = re.sub(r"(?<!\\)[{}]", "", text)
    return str(Text.from_latex(bare)) if "\\" in bare else bare


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
        field = {k.lower(): re.sub(r"[{}]", "", v) for k, v in entry.fields.items()}
        people = " and ".join(str(p).replace("{", "").replace("}", "") for p in entry.persons.get("author", []))
        result[key] = Source(
            key=key,
            author=people,
            title=field.get("title", ""),
            publisher=field.get("publisher")
            or field.get("journal")
            or field.get("howpublished")
            or field.get("organization", ""),
            date=field.get("date", ""),
            url=field.get("url", ""),
            urldate=field.get("urldate", ""),
            language=field.get("language", ""),
            note=field.get("note", ""),
            kind=field.get("keywords", ""),
            grade=field.get("grade", ""),
            cited=cited_author(entry) if people else "",
            year=entry.fields.get("year", ""),
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
    """Return the best grade among these sources; two wires stay wire.

    Raises:
        ValueError: there is no key.
        KeyError: a key is not in the bibliography.

    """
    return min((sources()[key].grade for key in keys), key=GRADES.index)


_EXPLAINED = {"date": "no date given", "url": "no address", "language": "language of the page not known"}
"""Fields that a source may lack, and what its ``note`` then says."""


def check_sources() -> None:
    """Check that each source has an author, a title, the day it was consulted, a known grade, and date, address and language.

    The last three may be lacking where the entry's ``note`` says so.

    Raises:
        DataError: the first entry that is incomplete.

    """
    for key, source in sources().items():
        if source.grade not in GRADES:
            fault = f"{key} has {'unknown' if source.grade else 'no'} grade {source.grade}".strip()
            raise DataError("book/references.bib", fault, f"write its field grade: {', '.join(GRADES)}")
        for name in ("author", "title", "urldate", *_EXPLAINED):
            reason = _EXPLAINED.get(name)
            if not getattr(source, name) and (reason is None or reason not in source.note):
                advice = f", or write in its note: {reason}" if reason else ""
                raise DataError("book/references.bib", f"{key} has no {name}", f"add it{advice}")
