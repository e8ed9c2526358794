"""The brief and what it shares with the front page, each claim once, marked with its verdict; the tagged PDFs of it and of the chapters."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from eastward import data
from eastward.claims import STATUSES, all_claims
from eastward.claims.verdicts import verdict
from eastward.publish import citation, paper
from eastward.show.words import status_class

from .browser import SITE, soup

pytestmark = pytest.mark.book
PATHS = paper.paths(data.root())
needs_pango = pytest.mark.skipif(not paper.printable(), reason="Pango is not installed, so there is no brief")


@pytest.mark.parametrize("page", ["book/index", paper.BRIEF])
@pytest.mark.parametrize("part", [".ew-strip", ".ew-op-ed"])
def test_each_claim_is_marked_once_and_leads_to_its_card(page: str, part: str) -> None:
    found = {}
    for mark in soup(f"{page}.html").select(f"{part} .ew-mark"):
        target, _, anchor = str(mark.a["href"]).partition("#")
        claim = all_claims()[anchor.removeprefix("verdict-").upper()]
        assert claim.id not in found, "marked twice"
        assert target == f"../notebooks/{claim.chapter}.html"
        assert f'id="{anchor}"' in (SITE / "book" / target).read_text(encoding="utf-8")
        now, later = (verdict(claim.id, day).status for day in ("publication", "hindsight"))
        assert status_class(now) in mark["class"]
        told = [s.get_text().partition(" ")[2] for s in mark.select(".ew-told .ew-status")]
        assert told[0] == now
        assert later in told
        assert set(told) <= set(STATUSES)
        found[claim.id] = told
    assert sorted(found) == sorted(all_claims())


def test_the_front_page_offers_the_brief_and_shows_two_figures() -> None:
    page = soup("book/index.html")
    assert page.select(f"a[href='{paper.BRIEF.rpartition('/')[2]}.html']")
    assert not paper.printable() or page.select(f".ew-pdf a[href$='{paper.BRIEF_PDF}']")
    figures = page.select("figure.ew-again")
    assert len(figures) == 2
    for figure in figures:
        assert all(len(str(svg["aria-label"])) > 40 for svg in figure.select("svg"))
        target, _, anchor = str(figure.select_one("figcaption a")["href"]).partition("#")
        assert f'id="{anchor}"' in (SITE / "book" / target).read_text(encoding="utf-8")


@cache
def document(page: str = paper.BRIEF) -> pikepdf.Pdf:
    file = data.root() / "_build" / PATHS[page]
    assert file.is_file(), "run make html first"
    return pikepdf.open(file)


def structure(node: Any) -> Iterator[Any]:
    """All structure elements of a document, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from structure(kid)


@needs_pango
def test_the_brief_has_eight_to_twelve_pages_of_a4_and_is_the_one_that_the_pages_offer() -> None:
    assert 8 <= len(document().pages) <= 12
    for page in document().pages:
        assert [round(float(x)) for x in page.mediabox[2:]] == [595, 842]
    assert (SITE / paper.BRIEF_PDF).read_bytes() == (data.root() / "_build" / paper.BRIEF_PDF).read_bytes()


@needs_pango
@pytest.mark.parametrize("page", PATHS)
def test_tagged_pdfs_say_what_they_are_and_tag_what_the_page_has(page: str) -> None:
    root, there = document(page).Root, soup(f"{page}.html").select_one("article")
    for hidden in there.select(".ew-behind, .ew-citing, .ew-open, .headerlink, .cell_input"):
        hidden.decompose()
    with document(page).open_metadata() as meta:
        assert citation.book().title in meta["dc:title"]
        assert meta["dc:creator"] == [", ".join(f"{a.given} {a.family}".strip() for a in citation.book().authors)]
        assert (meta["pdfuaid:part"], meta["xmpRights:WebStatement"]) == ("1", paper.LICENCE)
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "en"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with document(page).open_outline() as outline:
        titles = [item.title for item in outline.root] + [kid.title for item in outline.root for kid in item.children]
    headings = [h.get_text().strip() for h in there.select("h1, h2")]
    assert [t for t in titles if t in headings] == headings
    tagged = list(structure(root.StructTreeRoot))
    kinds = Counter(str(element.S) for element in tagged)
    sources = page != paper.BRIEF
    for level in (1, 2, 3):
        assert kinds[f"/H{level}"] == len(there.select(f"h{level}")) + (sources and level == 2)
    assert kinds["/Table"] >= len(there.select("table")), "one that goes on on the next page counts twice"
    assert kinds["/TH"] >= len(there.select("thead th"))
    assert kinds["/LI"] >= len(there.select("li"))
    assert kinds["/Link"] >= len(there.select("a[href^=http]"))
    figures = [str(element.get("/Alt", "")) for element in tagged if element.S == "/Figure"]
    drawn = {str(svg["aria-label"]) for svg in there.select("svg[aria-label]")}
    assert len(figures) == (6 if page == paper.BRIEF else len(there.select("figure")))
    assert {re.sub(r"\s+", " ", alt) for alt in figures} == {re.sub(r"\s+", " ", alt) for alt in drawn}


@needs_pango
def test_a_chapters_pdf_lists_the_sources_that_it_cites() -> None:
    page = "notebooks/04-trade-turnover"
    cited = {a["href"].partition("#")[2] for a in soup(f"{page}.html").select("a[href*='references.html#']")}
    entries = {e["id"]: e.get_text() for e in soup(f"{paper.REFERENCES}.html").select(".citation") if e["id"] in cited}
    shown = "".join(p.extract_text() for p in PdfReader(data.root() / "_build" / PATHS[page]).pages)
    text = re.sub(r"[\s\u00ad‐-]", "", shown)
    assert len(entries) == len(cited) > 30
    for entry in entries.values():
        assert re.sub(r"[\s-]", "", entry)[:40] in text
