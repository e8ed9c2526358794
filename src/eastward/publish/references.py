"""Sources as readers see them: cited by author and year, and listed in full.

The HTML book, the PDFs and the exports cite and list sources by what stands here, so that one citation names one source in
all of them. Where an author, as a citation prints it, has several works in a year, their years carry letters
(:func:`eastward.data.sources.letter`): 2024a, 2024b, n.d.-a. They hold for the whole bibliography; a chapter by itself keeps the book's.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from pybtex.backends import markdown
from pybtex.database import Entry, Person, parse_file
from pybtex.richtext import BaseText, HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex.style.names import BaseNameStyle
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import Node, join
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from eastward import data
from eastward.data.sources import LANGUAGES, cited_author, fields, letter, order, plain
from eastward.show.words import escape

LONG_ADDRESS = 60
"""Of an address with more characters only the site is printed; the link leads to all of it."""


class LastName(BaseNameStyle):
    """The part of a name that citations print."""

    def format(self, person: Person, abbr: bool = True) -> Node:
        """Return the name as a template, as pybtex asks for it."""
        return join[plain(" ".join([*person.prelast_names, *person.last_names]))]


@dataclass
class CitationStyle(AuthorYearReferenceStyle):
    """Author and year, as ``author_year`` has it, but with semicolons between sources, since authors' names hold commas."""

    bracket_parenthetical: BracketStyle = field(default_factory=lambda: BracketStyle(sep="; "))
    person: PersonStyle = field(default_factory=lambda: PersonStyle(style=LastName))  # type: ignore[arg-type]


def authors(entry: Entry) -> str:
    """Return all authors in full, each with the name first that the text cites."""
    names = []
    for person in entry.persons["author"]:
        last, first = [*person.prelast_names, *person.last_names], [*person.first_names, *person.middle_names]
        names.append(plain(", ".join(" ".join(part) for part in (last, first) if part)))
    more = " and others" if names[-1] == "others" else ""
    return "; ".join(names[:-1] if more else names) + more


class SortingStyle(BaseSortingStyle):
    """Authors as they are cited, by alphabet; the works of each in the order of their letters."""

    def sorting_key(self, entry: Entry) -> tuple[str, tuple[str, str, str]]:
        """Return what an entry is sorted by."""
        return re.sub(r"^\W+", "", cited_author(entry)).casefold(), order(entry)


class ListStyle(BaseStyle):
    """A source in the list: author, year with letter, title, publisher, day, language unless English, note, addresses.

    A title carries its language, unless it is English or our own description in brackets; a translation follows it.
    """

    default_name_style = "lastfirst"
    default_label_style = "number"
    default_sorting_style = SortingStyle

    def format_entry(self, label: str, entry: Entry, bib_data: object = None) -> FormattedEntry:
        """Return the entry as rich text."""
        given = fields(entry)
        url, writers = _address(given.get("url", "")), authors(entry)
        is_article = "journal" in given
        publisher = given["journal" if is_article else "howpublished"]
        publisher = "" if publisher == writers else publisher
        where = [Tag("em", publisher) if is_article else Text(publisher), Text(_day(given.get("date", "")))]
        language, doi = given.get("language", "English"), given.get("doi", "")
        translation = f" [{given['titleaddon']}]." if "titleaddon" in given else ""
        title = Text(given["title"]) if is_article else Tag("em", given["title"])
        title = title if translation else _sentence(title)
        if language != "English" and not given["title"].startswith("["):
            title = Tag(f"language-{LANGUAGES[language]}", title)
        # The Internet Archive answers with its copy nearest to the day, if there is one.
        archive = f"https://web.archive.org/web/{given['urldate'].replace('-', '')}/{url}"
        look_up = [Text("; "), HRef(archive, "look up in archive")] if url else []
        parts = [
            Text(writers, f" ({given['year']})."),
            Text(title, translation),
            _sentence(Text(", ").join(part for part in where if str(part))),
            Text(f"In {language}." if language != "English" else ""),
            _sentence(Text(given.get("note", "")).capfirst()),
            HRef(f"https://doi.org/{doi}", f"doi:{doi}") if doi and doi not in url else Text(),
            HRef(url, _shown(url)) if url else Text(),
            Text(f"(consulted {given['urldate']}", *look_up, ")."),
        ]
        return FormattedEntry(entry.key, Text(" ").join(part for part in parts if str(part)), label)


_STYLE = ListStyle()  # Each new one looks for its parts among all installed packages.


def _sentence(text: BaseText) -> BaseText:
    """A full stop behind the text, unless one stands inside its closing quotation mark."""
    return text if re.search(r'[.?!]"$', str(text)) else text.add_period()


def _day(period: str) -> str:
    """A day or a month in words; a year stands behind the author already."""
    if len(period) == 4 or not period:
        return ""
    first = date.fromisoformat(f"{period}-01"[:10])
    return f"{first.day} {first:%B %Y}" if len(period) == 10 else f"{first:%B %Y}"


def _shown(url: str) -> str:
    return url if len(url) <= LONG_ADDRESS else f"{urlsplit(url).netloc.removeprefix('www.')}/…"


@dataclass(frozen=True)
class Reference:
    """A source as a reader cites it: short author, year with its letter.

    ``url`` is safe inside ``(...)`` of Markdown, or empty; ``rank`` is its place in the list.
    """

    key: str
    author: str
    year: str
    url: str
    title: str
    entry: Entry
    rank: int

    @cached_property
    def full(self) -> str:
        """The reference of the list in Markdown."""
        return str(_STYLE.format_entry("", self.entry).text.render(_Markdown()))


class _Markdown(markdown.Backend):
    """Markdown in which the words of a source stay words: no HTML, no markup, no formula."""

    def format_str(self, text: str) -> str:
        core = text.strip()
        before, _, after = text.partition(core) if core else (text, "", "")
        return before + escape(core) + after

    def format_tag(self, tag_name: str, text: str) -> str:
        _, _, language = tag_name.partition("language-")
        return f'<span lang="{language}">{text}</span>' if language else str(super().format_tag(tag_name, text))

    def format_href(self, url: str, text: str, external: bool = False) -> str:
        return f"[{text}]({_address(url)})"


def _address(url: str) -> str:
    """Make an address safe inside ``(...)`` of Markdown and in LaTeX: ASCII only, no dollar sign."""
    return quote(url, safe="%/:?#[]@!&'*+,;=~-._")


@lru_cache(maxsize=4)
def _references(file: Path, _mtime: float) -> dict[str, Reference]:
    entries = parse_file(str(file), "bibtex", encoding="utf-8").entries
    letter(entries)
    found = {}
    for rank, entry in enumerate(_STYLE.sort(entries.values())):
        url, title = _address(entry.fields.get("url", "")), plain(entry.fields["title"])
        found[entry.key] = Reference(entry.key, cited_author(entry), entry.fields["year"], url, title, entry, rank)
    return found


def references() -> dict[str, Reference]:
    """Return all sources of the bibliography as they are cited and listed, by key, in the order of the list."""
    file = data.root() / "book" / "references.bib"
    return _references(file, file.stat().st_mtime)
