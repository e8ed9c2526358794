"""Citations of the book and of each chapter, claim, figure, table and data set, as BibTeX, RIS, CSL-JSON, COinS and APA.

What they share (authors, version, date, licences) is read from ``CITATION.cff``; titles and addresses come with the
:class:`Work`.
"""

import html
import json
import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import yaml
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer

from eastward import data

KINDS = ("book", "chapter", "figure", "table", "dataset", "claim")
"""What can be cited."""

_BRACKETS = {"figure": "Figure", "table": "Table", "dataset": "Data set", "claim": "Claim, tested"}


class CitationError(ValueError):
    """A fault in ``CITATION.cff``: names the field and what to do."""


@dataclass(frozen=True)
class Author:
    """A person with family and given names, or a group whose ``family`` is its whole name and ``given`` empty."""

    family: str
    given: str = ""
    orcid: str = ""

    @property
    def name(self) -> str:
        """The name as it is spoken."""
        return f"{self.given} {self.family}".strip()

    @property
    def imported(self) -> str:
        """``Family, Given``: a comma at the end tells Zotero and EndNote that a name is an institution's."""
        return f"{self.family}, {self.given}".rstrip()

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
    publisher: str = ""

    @property
    def key(self) -> str:
        """BibTeX key: first word of the title and the year, such as ``eastward2026``."""
        return f"{re.split(r'[^a-z]+', self.title.lower())[0]}{self.released.year}"


@dataclass(frozen=True)
class Work:
    """Something to cite: one of ``KINDS``, by its page's name or its anchor, and its title or finding (both empty for the book).

    ``chapter`` is the title of the chapter that a smaller part stands in, ``url`` absolute or empty, ``pages`` (``12-19``) those
    of a chapter in the PDF of the book where that was built.
    """

    kind: str
    id: str = ""
    title: str = ""
    chapter: str = ""
    url: str = ""
    pages: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r}: use one of {', '.join(KINDS)}")
        if self.kind != "book" and not (self.id and self.title):
            raise ValueError(f"a {self.kind} needs id and title to be cited")


def _author(entry: dict[str, str]) -> Author:
    family = " ".join(entry[p] for p in ("name", "name-particle", "family-names", "name-suffix") if p in entry)
    if not family:
        raise CitationError("CITATION.cff: an author has no name; add name, or family-names and given-names")
    return Author(family, entry.get("given-names", ""), entry.get("orcid", ""))


@lru_cache(maxsize=8)
def _book(file: Path, _mtime: float) -> Book:
    cff: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    for needed in ("title", "version", "date-released", "authors", "license"):
        if not cff.get(needed):
            raise CitationError(f"CITATION.cff: the field {needed!r} is missing; add it")
    preferred = cff.get("preferred-citation", {})
    licences = cff["license"] if isinstance(cff["license"], list) else [cff["license"]]
    licences = [*licences, *([preferred["license"]] if "license" in preferred else [])]
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
        publisher=preferred.get("publisher", {}).get("name", ""),
    )


def book() -> Book:
    """Return what ``CITATION.cff`` says of the book; without a needed field it raises :class:`CitationError`."""
    file = data.root() / "CITATION.cff"
    return _book(file, file.stat().st_mtime)


def build_date() -> date:
    """Day (UTC) that the book counts as built: of ``SOURCE_DATE_EPOCH``, else of the last commit, else today.

    The wall clock counts only where neither exists, so that two builds of one commit are the same.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or last_commit(data.root())
    return datetime.fromtimestamp(int(seconds), UTC).date() if seconds else datetime.now(UTC).date()


def last_commit(folder: Path) -> str:
    """Seconds since 1970 of the folder's last commit; empty without git."""
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
    return str(_Writer(encoding="UTF-8").to_string(BibliographyData({key(work): _entry(work) for work in works})))


class _Writer(Writer):
    """Leaves addresses as they are, since BibTeX styles set them verbatim: an escaped ``#`` would break the link."""

    def _write_field(self, stream: IO[str], type: str, value: str) -> None:
        text = value if type in ("url", "doi") else self._encode(value)
        stream.write(f",\n    {type} = {self.quote(text)}")


def _entry(work: Work) -> Entry:
    whole = book()
    people = [Person(a.imported if a.given else f"{{{_plain(a.family)}}}") for a in whole.authors]
    fields = {"title": f"{{{_plain(work.title or whole.title)}}}"}
    if work.kind != "book":
        fields |= {"booktitle": f"{{{_plain(whole.title)}}}", "note": _plain(_place(work))}
    fields |= {"publisher": f"{{{_plain(whole.publisher)}}}" if whole.publisher else "", "language": "english"}
    fields |= {"year": str(whole.released.year), "month": str(whole.released.month)}
    fields |= {"edition": f"Version {whole.version}", "version": whole.version}
    fields |= {"pages": work.pages.replace("-", "--"), "doi": _doi(work), "url": _address(work)}
    persons = {"author": people} if work.kind == "book" else {"author": people, "editor": people}
    form = "book" if work.kind == "book" else "incollection"
    return Entry(form, fields={name: text for name, text in fields.items() if text}, persons=persons)


def _place(work: Work) -> str:
    """What a part of a chapter is, and where it stands: ``Figure in the chapter 'Trade'``; empty for a chapter."""
    where = f" in the chapter '{_line(work.chapter)}'" if work.chapter else ""
    return f"{_BRACKETS[work.kind]}{where}" if work.kind in _BRACKETS else ""


def ris(*works: Work) -> str:
    """Return RIS records, one a work, with the line ends (CRLF) that the format asks for."""
    return "".join(_record(work) for work in works)


def _record(work: Work) -> str:
    whole = book()
    # Figure and chart have no place for the book they stand in where Zotero reads them.
    fields = [("TY", {"book": "BOOK", "dataset": "DATA"}.get(work.kind, "CHAP")), ("ID", key(work))]
    fields += [("AU", author.imported) for author in whole.authors]
    fields += [("TI", work.title or whole.title)]
    if work.kind != "book":
        fields += [("A2", author.imported) for author in whole.authors] + [("T2", whole.title), ("N1", _place(work))]
    if work.kind == "dataset":  # of a data set, Zotero keeps the data base, not the title of the whole
        fields.append(("DB", whole.title))
    fields += [("PY", str(whole.released.year)), ("DA", f"{whole.released:%Y/%m/%d}/"), ("ET", whole.version)]
    fields += [("PB", whole.publisher), ("LA", "en"), ("DO", _doi(work))]
    first, _, last = work.pages.partition("-")
    fields += [("SP", first), ("EP", last), ("UR", _address(work)), ("ER", "")]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields if value or tag == "ER")


def csl_json(*works: Work) -> str:
    """Return the works as CSL-JSON, the form of citeproc, pandoc and Zotero."""
    return json.dumps([_csl(work) for work in works], ensure_ascii=False, indent=1) + "\n"


def _csl(work: Work) -> dict[str, Any]:
    whole = book()
    people = [{"family": a.family, "given": a.given} if a.given else {"literal": a.family} for a in whole.authors]
    kind = {"book": "book", "dataset": "dataset"}.get(work.kind, "chapter")
    found: dict[str, Any] = {"id": key(work), "type": kind, "title": _line(work.title or whole.title), "author": people}
    if work.kind != "book":
        found |= {"container-title": whole.title, "editor": people, "genre": _place(work)}
    day = whole.released
    found |= {"issued": {"date-parts": [[day.year, day.month, day.day]]}, "edition": whole.version}
    found |= {"version": whole.version, "publisher": whole.publisher, "language": "en", "URL": _address(work)}
    found |= {"page": work.pages, "DOI": _doi(work)}
    return {name: value for name, value in found.items() if value}


def coins(work: Work) -> str:
    """Return a work as a ContextObject (COinS), which Zotero reads from a page: it knows institutions, publisher, edition."""
    whole = book()
    fields = [("genre", "book" if work.kind == "book" else "bookitem"), ("atitle", _line(work.title))]
    fields += [("btitle", whole.title)]
    for author in whole.authors:
        fields += [("aulast" if author.given else "aucorp", author.family), ("aufirst", author.given)]
    fields += [("date", whole.released.isoformat()), ("pub", whole.publisher)]
    fields += [("edition", whole.version), ("language", "en"), ("pages", work.pages)]
    given = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book")]
    given += [(f"rft.{name}", value) for name, value in fields]
    given += [("rft_id", _doi(work) and f"info:doi/{_doi(work)}"), ("rft_id", _address(work))]
    return urlencode([(name, value) for name, value in given if value])


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
    pages = f", {'pp' if '-' in work.pages else 'p'}. {work.pages.replace('-', '–')}" if work.pages else ""
    parts += [(whole.title, "italic"), (f" (Version {whole.version}{pages}).", "plain")]
    if whole.publisher and [whole.publisher] != names:  # APA names an author once
        parts.append((f" {whole.publisher}.", "plain"))
    address = f"https://doi.org/{_doi(work)}" if _doi(work) else _address(work)
    return [*parts, (" ", "plain"), (address, "link")] if address else parts


def _doi(work: Work) -> str:
    return book().doi if work.kind == "book" else ""


def _address(work: Work) -> str:
    return work.url or (book().url if work.kind == "book" else "")


def _line(text: object) -> str:
    """One line: a line break would start a new RIS field."""
    return re.sub(r"\s+", " ", str(text)).strip()


def _plain(text: str) -> str:
    """Text that BibTeX reads as text: one line, without braces (the rest is escaped by pybtex)."""
    return re.sub(r"[{}\\]", "", _line(text))
