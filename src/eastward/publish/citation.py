"""Citations of the book and of each chapter, figure, table and data set, as BibTeX, RIS and APA.

What they share (authors, version, date, licences) is read from ``CITATION.cff``; titles and addresses come with the
:class:`Work`.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import yaml
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer

from eastward import data

KINDS = ("book", "chapter", "figure", "table", "dataset")
"""What can be cited."""

_RIS_TYPES = {"book": "BOOK", "chapter": "CHAP", "figure": "FIGURE", "table": "CHART", "dataset": "DATA"}
_BRACKETS = {"figure": "Figure", "table": "Table", "dataset": "Data set"}


class CitationError(ValueError):
    """A fault in ``CITATION.cff``: names the field and what to do."""

    def __init__(self, problem: str, advice: str):
        super().__init__(f"CITATION.cff: {problem}; {advice}")


@dataclass(frozen=True)
class Author:
    """A person with family and given names, or a group whose ``family`` is its whole name and ``given`` empty."""

    family: str
    given: str = ""
    orcid: str = ""

    @property
    def is_person(self) -> bool:
        """Whether this is a person, not a group."""
        return bool(self.given)

    @property
    def inverted(self) -> str:
        """``Family, Given``, or the name of the group."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def initials(self) -> str:
        """``Family, G. M.`` as APA has it, or the name of the group."""
        letters = " ".join(f"{name[0]}." for name in re.split(r"[\s-]+", self.given) if name)
        return f"{self.family}, {letters}" if letters else self.family


@dataclass(frozen=True)
class Book:
    """What ``CITATION.cff`` says of the book.

    ``licences`` are SPDX identifiers, the one of the code first and the one of text, figures and data last. ``url`` and
    ``doi`` are empty where the file gives none.
    """

    title: str
    abstract: str
    version: str
    released: date
    licences: tuple[str, ...]
    keywords: tuple[str, ...]
    authors: tuple[Author, ...]
    doi: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """BibTeX key: first word of the title and the year, such as ``eastward2026``."""
        return f"{re.split(r'[^a-z]+', self.title.lower())[0]}{self.released.year}"


@dataclass(frozen=True)
class Work:
    """Something to cite.

    Attributes:
        kind: one of ``KINDS``.
        id: stable id within the book: name of the page for a chapter, anchor for all smaller parts; empty for the book.
        title: title of a chapter, finding of a figure, caption of a table; empty for the book.
        chapter: title of the chapter that a figure, table or data set stands in.
        url: absolute address, or empty where the book has none.

    """

    kind: str
    id: str = ""
    title: str = ""
    chapter: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r}: use one of {', '.join(KINDS)}")
        if self.kind != "book" and not (self.id and self.title):
            raise ValueError(f"a {self.kind} needs id and title to be cited")


def _author(entry: dict[str, str]) -> Author:
    if "name" in entry:
        return Author(entry["name"])
    family = " ".join(entry[part] for part in ("name-particle", "family-names", "name-suffix") if part in entry)
    if not family:
        raise CitationError("an author has no name", "add name, or family-names and given-names")
    return Author(family, entry.get("given-names", ""), entry.get("orcid", ""))


@lru_cache(maxsize=8)
def _book(file: Path, _mtime: float) -> Book:
    cff: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    for needed in ("title", "version", "date-released", "authors", "license"):
        if not cff.get(needed):
            raise CitationError(f"the field {needed!r} is missing", "add it")
    licences = cff["license"] if isinstance(cff["license"], list) else [cff["license"]]
    return Book(
        title=_line(cff["title"]),
        abstract=_line(cff.get("abstract", "")),
        version=str(cff["version"]),
        released=date.fromisoformat(str(cff["date-released"])),
        licences=tuple(licences),
        keywords=tuple(cff.get("keywords", ())),
        authors=tuple(_author(entry) for entry in cff["authors"]),
        doi=cff.get("doi", ""),
        url=cff.get("url", ""),
    )


def book() -> Book:
    """Return what ``CITATION.cff`` says of the book.

    Raises:
        CitationError: a needed field is missing.

    """
    file = data.root() / "CITATION.cff"
    return _book(file, file.stat().st_mtime)


def build_date() -> date:
    """Day (UTC) that the book counts as built: of ``SOURCE_DATE_EPOCH``, else of the last commit, else today.

    The wall clock counts only where neither exists, so that two builds of one commit are the same.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or _last_commit(data.root())
    return datetime.fromtimestamp(int(seconds), UTC).date() if seconds else datetime.now(UTC).date()


def _last_commit(folder: Path) -> str:
    command = ["git", "-C", str(folder), "log", "-1", "--format=%ct"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:  # no git on this machine
        return ""


def key(work: Work) -> str:
    """Citation key of a work: ``eastward2026``, ``eastward2026-fig-trade-turnover``."""
    return f"{book().key}-{work.id}" if work.id else book().key


def bibtex(*works: Work) -> str:
    """Return BibTeX entries, one a work, escaped for LaTeX."""
    entries = BibliographyData({key(work): _entry(work) for work in works})
    text: str = _Writer(encoding="UTF-8").to_string(entries)
    return text


class _Writer(Writer):
    """Leaves addresses as they are, since BibTeX styles set them verbatim: an escaped ``#`` would break the link."""

    def _write_field(self, stream: IO[str], type: str, value: str) -> None:
        text = value if type in ("url", "doi") else self._encode(value)
        stream.write(f",\n    {type} = {self.quote(text)}")


def _entry(work: Work) -> Entry:
    whole = book()
    people = [Person(a.inverted if a.is_person else f"{{{_plain(a.family)}}}") for a in whole.authors]
    fields = {"title": f"{{{_plain(work.title or whole.title)}}}"}
    if work.kind == "chapter":
        fields["booktitle"] = f"{{{_plain(whole.title)}}}"
    elif work.kind != "book":
        fields["howpublished"] = f"{_BRACKETS[work.kind]} in: {_plain(_container(work))}"
    fields |= {"year": str(whole.released.year), "month": str(whole.released.month)}
    fields |= {"version": whole.version}
    fields |= {name: value for name, value in (("doi", whole.doi), ("url", _address(work))) if value}
    form = {"book": "book", "chapter": "incollection"}.get(work.kind, "misc")
    return Entry(form, fields=fields, persons={"author": people})


def _container(work: Work) -> str:
    return f"{work.chapter}. {book().title}" if work.chapter else book().title


def ris(*works: Work) -> str:
    """Return RIS records, one a work, with the line ends (CRLF) that the format asks for."""
    return "".join(_record(work) for work in works)


def _record(work: Work) -> str:
    whole = book()
    fields = [("TY", _RIS_TYPES[work.kind]), ("ID", key(work))]
    fields += [("AU", author.inverted) for author in whole.authors]
    fields += [("TI", work.title or whole.title)]
    if work.kind != "book":
        fields.append(("T2", whole.title))
    if work.chapter:
        fields.append(("T3", work.chapter))
    fields += [("PY", str(whole.released.year)), ("DA", f"{whole.released:%Y/%m/%d}/"), ("ET", whole.version)]
    fields += [("LA", "en"), ("DO", whole.doi), ("UR", _address(work)), ("ER", "")]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields if value or tag == "ER")


def apa(work: Work) -> str:
    """Return a reference in APA style (seventh edition) as plain text."""
    return "".join(text for text, _ in _apa(work))


def apa_html(work: Work) -> str:
    """Return a reference in APA style as HTML: the title of the whole is in italics, the address is a link."""
    shown = {"plain": "{}", "italic": "<em>{}</em>", "link": '<a href="{0}">{0}</a>'}
    return "".join(shown[style].format(html.escape(text)) for text, style in _apa(work))


def _apa(work: Work) -> list[tuple[str, str]]:
    whole = book()
    names = [author.initials for author in whole.authors]
    people = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"
    parts = [(f"{people}{'' if people.endswith('.') else '.'} ({whole.released.year}). ", "plain")]
    if work.kind != "book":
        bracket = f" [{_BRACKETS[work.kind]}]" if work.kind in _BRACKETS else ""
        title = _line(work.title)
        stop = "" if not bracket and title.endswith((".", "?", "!")) else "."
        title = title.rstrip(".") if bracket else title
        parts.append((f"{title}{bracket}{stop} In ", "plain"))
        if work.chapter:
            parts.append((f"{_line(work.chapter)}, ", "plain"))
    parts += [(whole.title, "italic"), (f" (Version {whole.version}).", "plain")]
    address = f"https://doi.org/{whole.doi}" if whole.doi and work.kind == "book" else _address(work)
    return [*parts, (" ", "plain"), (address, "link")] if address else parts


def _address(work: Work) -> str:
    return work.url or (book().url if work.kind == "book" else "")


def _line(text: object) -> str:
    """One line: a line break would start a new RIS field."""
    return re.sub(r"\s+", " ", str(text)).strip()


def _plain(text: str) -> str:
    """Text that BibTeX reads as text: one line, without braces (the rest is escaped by pybtex)."""
    return re.sub(r"[{}\\]", "", _line(text))
