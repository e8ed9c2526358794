"""The built brief, and what it shares with the front page: each claim once, marked with its verdict, and links that lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pikepdf
import pytest
from bs4 import BeautifulSoup

from eastward import data
from eastward.claims import STATUSES, all_claims
from eastward.claims.verdicts import verdict
from eastward.publish import brief, citation
from eastward.show.words import status_class

from .browser import SITE

pytestmark = pytest.mark.book
PDF = data.root() / "_build" / brief.PDF
needs_pango = pytest.mark.skipif(not brief.printable(), reason="Pango is not installed, so there is no brief")


def soup(name: str) -> BeautifulSoup:
    """A page of the book."""
    return BeautifulSoup((SITE / f"{name}.html").read_text(encoding="utf-8"), "lxml")


@pytest.mark.parametrize("page", ["book/index", brief.PAGE])
@pytest.mark.parametrize("part", [".ew-strip", ".ew-op-ed"])
def test_each_claim_is_marked_once_and_leads_to_its_card(page: str, part: str) -> None:
    found = {}
    for mark in soup(page).select(f"{part} .ew-mark"):
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
    page = soup("book/index")
    assert page.select(f"a[href='{brief.PAGE.rpartition('/')[2]}.html']")
    assert not brief.printable() or page.select(f".ew-pdf a[href$='{brief.PDF}']")
    figures = page.select("figure.ew-again")
    assert len(figures) == 2
    for figure in figures:
        assert all(len(str(svg["aria-label"])) > 40 for svg in figure.select("svg"))
        target, _, anchor = str(figure.select_one("figcaption a")["href"]).partition("#")
        assert f'id="{anchor}"' in (SITE / "book" / target).read_text(encoding="utf-8")


@cache
def document() -> pikepdf.Pdf:
    """The brief."""
    assert PDF.is_file(), "run make html first"
    return pikepdf.open(PDF)


def structure(node: Any = None, found: list[Any] | None = None) -> list[Any]:
    """All structure elements of the brief, in reading order."""
    found = [] if found is None else found
    kids = document().Root.StructTreeRoot.K if node is None else node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found.append(kid)
            structure(kid, found)
    return found


@needs_pango
def test_the_brief_has_eight_to_twelve_pages_of_a4() -> None:
    assert 8 <= len(document().pages) <= 12
    for page in document().pages:
        assert [round(float(x)) for x in page.mediabox[2:]] == [595, 842]


@needs_pango
def test_the_brief_is_tagged_and_says_what_it_is() -> None:
    root = document().Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "en"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with document().open_metadata() as meta:
        assert citation.book().title in meta["dc:title"]
        assert meta["pdfuaid:part"] == "1"
    with document().open_outline() as outline:
        titles = [item.title for item in outline.root] + [kid.title for item in outline.root for kid in item.children]
    page = soup(brief.PAGE).select_one("article")
    headings = [re.sub("#$", "", h.get_text()).strip() for h in page.select("h1, h2")]
    assert [t for t in titles if t in headings] == headings


@needs_pango
def test_headings_lists_and_figures_of_the_brief_are_tagged() -> None:
    kinds = [str(element.S) for element in structure()]
    page = soup(brief.PAGE).select_one("article")
    for level in (1, 2, 3):
        assert kinds.count(f"/H{level}") == len(page.select(f"h{level}"))
    assert kinds.count("/LI") >= 2 * len(all_claims()) - 30
    figures = [element for element in structure() if element.S == "/Figure"]
    assert len(figures) == 6
    assert all(len(str(figure.get("/Alt", ""))) > 40 for figure in figures)


@needs_pango
def test_the_brief_is_the_one_that_the_pages_offer() -> None:
    assert (SITE / brief.PDF).read_bytes() == PDF.read_bytes()
