"""Citations in BibTeX, RIS and APA, and the Zenodo metadata, against what CITATION.cff says."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pybtex.database import parse_string

from eastward import data
from eastward.publish import citation
from eastward.publish.citation import CitationError, Work

CFF = """\
cff-version: 1.2.0
message: Cite it.
title: "Eastward: a book & more"
abstract: >-
  An abstract
  on two lines.
type: software
version: 1.4.0
date-released: "2026-03-05"
license: [MIT, CC-BY-4.0]
keywords: [Russia, trade]
authors:
  - name: The Eastward team
  - family-names: Example
    given-names: Ada Maria
    orcid: https://orcid.org/0000-0002-1825-0097
"""
FIGURE = Work("figure", "fig-x", "Trade rose by 5 % & more.\nTY  - GEN", "Trade", "https://example.org/a_b.html#fig-x")


@pytest.fixture()
def cff(tmp_path: Path) -> Iterator[Path]:
    """A book with a group and a person as authors."""
    file = tmp_path / "CITATION.cff"
    file.write_text(CFF, encoding="utf-8")
    with data.using(tmp_path):
        yield file


def records(text: str) -> list[dict[str, list[str]]]:
    """RIS records as fields with their values; fails on a line that is no RIS."""
    found: list[dict[str, list[str]]] = []
    for line in text.split("\r\n")[:-1]:
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert match, f"not a RIS line: {line!r}"
        if match[1] == "TY":
            found.append({})
        found[-1].setdefault(match[1], []).append(match[2])
    return found


def test_book_is_read_from_the_citation_file(cff: Path) -> None:
    book = citation.book()
    assert (book.title, book.version, book.released) == ("Eastward: a book & more", "1.4.0", date(2026, 3, 5))
    assert book.abstract == "An abstract on two lines."
    assert [a.inverted for a in book.authors] == ["The Eastward team", "Example, Ada Maria"]
    assert [a.is_person for a in book.authors] == [False, True]
    assert book.key == "eastward2026"


def test_bibtex_is_read_back_by_pybtex(cff: Path) -> None:
    works = [Work("book"), Work("chapter", "04-trade", "Trade {turnover}", url="https://example.org/t.html"), FIGURE]
    entries = parse_string(citation.bibtex(*works), "bibtex").entries
    assert list(entries) == ["eastward2026", "eastward2026-04-trade", "eastward2026-fig-x"]
    book, chapter, figure = entries.values()
    assert [e.type for e in entries.values()] == ["book", "incollection", "misc"]
    assert book.fields["title"] == r"{Eastward: a book \& more}"
    assert [str(p) for p in book.persons["author"]] == ["{The Eastward team}", "Example, Ada Maria"]
    assert chapter.fields["title"] == "{Trade turnover}"
    assert chapter.fields["booktitle"] == r"{Eastward: a book \& more}"
    assert chapter.fields["year"] == "2026"
    assert chapter.fields["version"] == "1.4.0"
    assert figure.fields["title"] == r"{Trade rose by 5 \% \& more. TY - GEN}"
    assert figure.fields["howpublished"].startswith("Figure in: Trade. Eastward")
    assert figure.fields["url"] == "https://example.org/a_b.html#fig-x", "addresses are not escaped"
    assert "url" not in book.fields


def test_ris_has_one_record_a_work_and_no_field_from_a_title(cff: Path) -> None:
    table = Work("table", "tab-x", "A table", "Trade")
    book, chapter, figure, tab = records(citation.ris(Work("book"), Work("chapter", "04-t", "Trade"), FIGURE, table))
    assert [r["TY"] for r in (book, chapter, figure, tab)] == [["BOOK"], ["CHAP"], ["FIGURE"], ["CHART"]]
    assert all(list(r)[-1] == "ER" for r in (book, chapter, figure, tab))
    assert book["AU"] == ["The Eastward team", "Example, Ada Maria"]
    assert (book["PY"], book["DA"], book["ET"]) == (["2026"], ["2026/03/05/"], ["1.4.0"])
    assert "T2" not in book
    assert (chapter["TI"], chapter["T2"]) == (["Trade"], ["Eastward: a book & more"])
    assert figure["TI"] == ["Trade rose by 5 % & more. TY - GEN"]
    assert figure["UR"] == ["https://example.org/a_b.html#fig-x"]
    assert figure["T3"] == ["Trade"]
    assert "UR" not in tab


def test_apa(cff: Path) -> None:
    people = "The Eastward team, & Example, A. M. (2026)."
    assert citation.apa(Work("book")) == f"{people} Eastward: a book & more (Version 1.4.0)."
    question = Work("chapter", "q", "Who came along?", url="https://example.org/q.html")
    whole = "Eastward: a book & more (Version 1.4.0)."
    assert citation.apa(question) == f"{people} Who came along? In {whole} https://example.org/q.html"
    table = Work("table", "tab-x", "Shares by year.", "Trade")
    assert citation.apa(table) == f"{people} Shares by year [Table]. In Trade, {whole}"
    assert "<em>Eastward: a book &amp; more</em>" in citation.apa_html(table)
    assert citation.apa_html(Work("table", "t", "<script>x</script>")).count("<script>") == 0
    assert '<a href="https://example.org/q.html">' in citation.apa_html(question)


def test_a_doi_and_an_address_of_the_book_are_used(cff: Path) -> None:
    cff.write_text(CFF + "doi: 10.5281/zenodo.1\nurl: https://example.org\n", encoding="utf-8")
    os.utime(cff, (1, 1))
    assert citation.apa(Work("book")).endswith(" https://doi.org/10.5281/zenodo.1")
    assert (
        parse_string(citation.bibtex(Work("book")), "bibtex").entries["eastward2026"].fields["doi"]
        == "10.5281/zenodo.1"
    )
    assert records(citation.ris(Work("book")))[0]["UR"] == ["https://example.org"]


@pytest.mark.parametrize("field", ["title", "version", "date-released", "authors", "license"])
def test_a_missing_field_is_named(cff: Path, field: str) -> None:
    lines = re.sub(rf"(?ms)^{field}:.*?(?=^\S|\Z)", "", CFF)
    assert lines != CFF
    cff.write_text(lines, encoding="utf-8")
    os.utime(cff, (2, 2))
    with pytest.raises(CitationError, match=field):
        citation.book()


def test_an_author_without_name_is_an_error(cff: Path) -> None:
    cff.write_text(CFF.replace("family-names: Example", "affiliation: Example"), encoding="utf-8")
    os.utime(cff, (3, 3))
    with pytest.raises(CitationError, match="author"):
        citation.book()


def test_works_need_id_and_title() -> None:
    with pytest.raises(ValueError, match="kind 'page'"):
        Work("page", "x", "X")
    with pytest.raises(ValueError, match="a figure needs"):
        Work("figure", "fig-x")


def test_build_date_follows_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert citation.build_date() == date(1970, 1, 2)


def test_build_date_follows_the_last_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    stamp = {"GIT_AUTHOR_DATE": "2001-02-03T12:00:00Z", "GIT_COMMITTER_DATE": "2001-02-04T12:00:00Z"}
    people = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for command in (["init", "-q"], [*people, "commit", "-q", "--allow-empty", "--no-verify", "-m", "one"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True, env={**os.environ, **stamp})
    with data.using(tmp_path):
        assert citation.build_date() == date(2001, 2, 4)


def test_build_date_is_today_where_nothing_else_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with data.using(tmp_path):
        before = datetime.now(UTC).date()
        assert before <= citation.build_date() <= datetime.now(UTC).date()


def test_the_zenodo_file_follows_the_citation_file() -> None:
    """Zenodo fails on two licences in CITATION.cff, so it has a file of its own, with that of text, figures and data."""
    deposit = json.loads((data.root() / ".zenodo.json").read_text(encoding="utf-8"))
    book = citation.book()
    assert (deposit["title"], deposit["description"], deposit["version"]) == (book.title, book.abstract, book.version)
    assert (deposit["publication_date"], deposit["keywords"]) == (book.released.isoformat(), list(book.keywords))
    people = [{"name": a.inverted} | ({"orcid": a.orcid.rpartition("/")[2]} if a.orcid else {}) for a in book.authors]
    assert deposit["creators"] == people
    assert deposit["license"] == book.licences[-1].lower()
    assert all(licence in deposit["notes"] for licence in book.licences)


def test_the_package_agrees_with_the_citation_file() -> None:
    from eastward import __version__

    assert citation.book().version == __version__
