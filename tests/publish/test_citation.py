"""Citations in BibTeX, RIS and APA, COinS and CSL-JSON, against what CITATION.cff says."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pikepdf
import pytest
import yaml
from pybtex.database import parse_string

from eastward import data
from eastward.publish import citation, contents
from eastward.publish.citation import CitationError, Work
from tests.conftest import commit

ROOT = data.root()
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
preferred-citation: {publisher: {name: East & Press}}
"""
FIGURE = Work("figure", "fig-x", "Trade rose by 5 % & more.\nTY  - GEN", "Trade", "https://example.org/a_b.html#fig-x")


@pytest.fixture()
def cff(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """A book with a group and a person as authors; writes another ``CITATION.cff``."""

    def write(text: str) -> None:
        (tmp_path / "CITATION.cff").write_text(text, encoding="utf-8")
        citation._book.cache_clear()

    write(CFF)
    with data.using(tmp_path):
        yield write


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


def test_book_is_read_from_the_citation_file(cff: object) -> None:
    book = citation.book()
    assert (book.title, book.version, book.released) == ("Eastward: a book & more", "1.4.0", date(2026, 3, 5))
    assert book.abstract == "An abstract on two lines."
    assert [a.imported for a in book.authors] == ["The Eastward team,", "Example, Ada Maria"]
    assert [bool(a.given) for a in book.authors] == [False, True]
    assert book.key == "eastward2026"


WORKS = [Work("book"), Work("chapter", "04-trade", "Trade {turnover}", url="https://example.org/t.html"), FIGURE]
WORKS += [Work(kind, f"x-{kind}", f"A {kind}", "Trade") for kind in ("table", "dataset", "claim")]


def test_bibtex_is_read_back_by_pybtex(cff: object) -> None:
    entries = parse_string(citation.bibtex(*WORKS), "bibtex").entries
    assert list(entries)[:3] == ["eastward2026", "eastward2026-04-trade", "eastward2026-fig-x"]
    book, chapter, figure, *others = entries.values()
    assert [e.type for e in entries.values()] == ["book", *["incollection"] * 5]
    assert [str(p) for p in book.persons["author"]] == ["{The Eastward team}", "Example, Ada Maria"]
    assert (book.fields["title"], book.fields["publisher"]) == (r"{Eastward: a book \& more}", r"{East \& Press}")
    assert (chapter.fields["title"], chapter.fields["year"]) == ("{Trade turnover}", "2026")
    assert figure.fields["title"] == r"{Trade rose by 5 \% \& more. TY - GEN}"
    assert figure.fields["note"] == "Figure in the chapter 'Trade'"
    assert figure.fields["url"] == "https://example.org/a_b.html#fig-x", "addresses are not escaped"
    assert "url" not in book.fields
    for part in (chapter, figure, *others):
        assert part.persons["editor"] == part.persons["author"]
        assert (part.fields["booktitle"], part.fields["edition"]) == (r"{Eastward: a book \& more}", "Version 1.4.0")


def test_ris_has_one_record_a_work_and_no_field_from_a_title(cff: object) -> None:
    found = records(citation.ris(*WORKS))
    book, chapter, figure = found[:3]
    assert all(list(record)[-1] == "ER" for record in found)
    assert (book["PY"], book["DA"], book["ET"]) == (["2026"], ["2026/03/05/"], ["1.4.0"])
    assert not {"T2", "A2", "UR"} & set(book)
    assert chapter["TI"] == ["Trade {turnover}"]
    assert figure["TI"] == ["Trade rose by 5 % & more. TY - GEN"]
    assert (figure["UR"], figure["N1"]) == (["https://example.org/a_b.html#fig-x"], ["Figure in the chapter 'Trade'"])
    assert not any("T3" in record for record in found), "Zotero would take the chapter for a series"
    assert [record["TY"][0] for record in found] == ["BOOK", "CHAP", "CHAP", "CHAP", "DATA", "CHAP"]
    for record in found:
        assert record["AU"] == ["The Eastward team,", "Example, Ada Maria"], "the comma tells an institution"
        assert (record["PB"], record["LA"]) == (["East & Press"], ["en"])
    for part in found[1:]:
        whole = "DB" if part["TY"] == ["DATA"] else "T2"  # where Zotero looks for the title of the whole
        assert part[whole] == ["Eastward: a book & more"]


def test_csl_json_names_institutions_and_the_whole(cff: object) -> None:
    found = json.loads(citation.csl_json(*WORKS))
    assert [work["type"] for work in found] == ["book", "chapter", "chapter", "chapter", "dataset", "chapter"]
    for work in found:
        assert work["author"] == [{"literal": "The Eastward team"}, {"family": "Example", "given": "Ada Maria"}]
        assert (work["publisher"], work["edition"]) == ("East & Press", "1.4.0")
        assert work["issued"] == {"date-parts": [[2026, 3, 5]]}
        assert ("container-title" in work) == ("editor" in work) == (work["type"] != "book")
    assert found[2]["URL"] == "https://example.org/a_b.html#fig-x"


def test_coins_hold_what_zotero_reads(cff: object) -> None:
    book, figure = parse_qs(citation.coins(WORKS[0])), parse_qs(citation.coins(FIGURE))
    assert (book["rft.genre"], book["rft.btitle"]) == (["book"], ["Eastward: a book & more"])
    assert (figure["rft.genre"], figure["rft.atitle"]) == (["bookitem"], ["Trade rose by 5 % & more. TY - GEN"])
    assert (figure["rft.aucorp"], figure["rft.aulast"]) == (["The Eastward team"], ["Example"])
    assert (figure["rft.pub"], figure["rft.edition"], figure["rft_id"]) == (["East & Press"], ["1.4.0"], [FIGURE.url])


def test_apa(cff: object) -> None:
    people = "The Eastward team, & Example, A. M. (2026)."
    whole = "Eastward: a book & more (Version 1.4.0). East & Press."
    assert citation.apa(Work("book")) == f"{people} {whole}"
    question = Work("chapter", "q", "Who came along?", url="https://example.org/q.html")
    assert citation.apa(question) == f"{people} Who came along? In {whole} https://example.org/q.html"
    table = Work("table", "tab-x", "Shares by year.", "Trade")
    assert citation.apa(table) == f"{people} Shares by year [Table]. In Trade, {whole}"
    assert "<em>Eastward: a book &amp; more</em>" in citation.apa_html(table)
    assert citation.apa_html(Work("table", "t", "<script>x</script>")).count("<script>") == 0
    assert '<a href="https://example.org/q.html">' in citation.apa_html(question)
    with data.using(ROOT):
        assert citation.apa(Work("book")).count("The Eastward team") == 1, "an author that is the publisher"


def test_a_chapter_has_the_pages_that_it_fills_in_the_pdf(cff: object, tmp_path: Path) -> None:
    assert contents.printed_pages(tmp_path / "none.pdf") == {}
    pdf = pikepdf.new()
    for _ in range(5):
        pdf.add_blank_page()
    names = pikepdf.NameTree.new(pdf)
    for name, page in (("front", 0), ("one", 1), ("two", 4)):
        names[name] = pikepdf.Array([pdf.pages[page].obj, pikepdf.Name.Fit])
    pdf.Root.Names = pikepdf.Dictionary(Dests=names.obj)
    roman, arabic = (pikepdf.Dictionary(S=style) for style in (pikepdf.Name.r, pikepdf.Name.D))
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, roman, 1, arabic])
    with pdf.open_outline() as outline:
        for title, name in (("Front", "front"), ("One?", "one"), ("Two", "two"), ("Elsewhere", "gone")):
            item = pikepdf.OutlineItem(title, action=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.String(name)))
            outline.root.append(item)
    pdf.save(tmp_path / "book.pdf")
    assert contents.printed_pages(tmp_path / "book.pdf") == {"Front": "i", "One?": "1-3", "Two": "4"}
    work = Work("chapter", "01-one", "One?", pages="1-3")
    assert parse_string(citation.bibtex(work), "bibtex").entries["eastward2026-01-one"].fields["pages"] == "1--3"
    (record,) = records(citation.ris(work))
    assert (record["SP"], record["EP"], parse_qs(citation.coins(work))["rft.pages"]) == (["1"], ["3"], ["1-3"])
    assert json.loads(citation.csl_json(work))[0]["page"] == "1-3"
    assert "(Version 1.4.0, pp. 1–3)." in citation.apa(work)


def test_a_doi_and_an_address_of_the_book_are_used(cff: Callable[[str], None]) -> None:
    cff(CFF + "doi: 10.5281/zenodo.1\nurl: https://example.org\n")
    book = Work("book")
    assert citation.apa(book).endswith(" https://doi.org/10.5281/zenodo.1")
    assert parse_string(citation.bibtex(book), "bibtex").entries["eastward2026"].fields["doi"] == "10.5281/zenodo.1"
    assert records(citation.ris(book))[0]["UR"] == ["https://example.org"]
    assert parse_qs(citation.coins(book))["rft_id"] == ["info:doi/10.5281/zenodo.1", "https://example.org"]
    of_a_part = citation.bibtex(FIGURE) + citation.ris(FIGURE) + citation.csl_json(FIGURE)
    assert "10.5281" not in of_a_part, "the DOI is the book's"


@pytest.mark.parametrize("field", ["title", "version", "date-released", "authors", "license", "family-names"])
def test_a_missing_field_is_named(cff: Callable[[str], None], field: str) -> None:
    shorter = re.sub(rf"(?ms)^{field}:.*?(?=^\S|\Z)", "", CFF.replace(f"- {field}", "- affiliation"))
    assert shorter != CFF
    cff(shorter)
    with pytest.raises(CitationError, match=field):
        citation.book()


def test_works_need_id_and_title() -> None:
    with pytest.raises(ValueError, match="kind 'page'"):
        Work("page", "x", "X")
    with pytest.raises(ValueError, match="a figure needs"):
        Work("figure", "fig-x")


def test_build_date_is_of_epoch_else_commit_else_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    stamp = {"GIT_AUTHOR_DATE": "2001-02-03T12:00:00Z", "GIT_COMMITTER_DATE": "2001-02-04T12:00:00Z"}
    with data.using(tmp_path):
        assert citation.build_date() == date(1970, 1, 2)
        monkeypatch.delenv("SOURCE_DATE_EPOCH")
        before = datetime.now(UTC).date()
        assert before <= citation.build_date() <= datetime.now(UTC).date()
        commit(tmp_path, **stamp)
        assert citation.build_date() == date(2001, 2, 4)


def test_version_licences_and_dates_agree_wherever_they_stand() -> None:
    book, package = citation.book(), data.package()
    whole = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {project["version"], package["version"], whole["version"]} == {book.version}
    assert (project["license"], package["licenses"][0]["name"]) == book.licences == ("MIT", "CC-BY-4.0")
    assert package["created"][:10] == book.released.isoformat()
    assert (package["keywords"], whole["preferred-citation"]["year"]) == (list(book.keywords), book.released.year)
    assert [c["title"] for c in package["contributors"]] == [a.family for a in book.authors]


def test_the_citation_file_names_the_op_ed_as_the_bibliography_does() -> None:
    (oped,) = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["references"]
    source = data.sources()["mikovic2024"]
    assert (oped["title"], oped["url"], oped["date-published"]) == (source.title, source.url, source.date)


def test_the_address_of_the_environment_goes_first_and_can_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(contents.ADDRESS, raising=False)
    assert (contents.address(), contents.address("https://a.org/b")) == ("", "https://a.org/b/")
    monkeypatch.setenv(contents.ADDRESS, "https://c.org/d/")
    assert contents.address("https://a.org/b") == "https://c.org/d/"
    for given in ("example.org", "ftp://example.org", "https://", "/eastward"):
        monkeypatch.setenv(contents.ADDRESS, given)
        with pytest.raises(contents.AddressError, match=f"^EASTWARD_URL: '{given}' is no address; .*$"):
            contents.address()
