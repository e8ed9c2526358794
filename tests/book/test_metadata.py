"""Metadata of the built pages: head tags, JSON-LD, citations, pictures, short addresses; and a small site with an address."""

from __future__ import annotations

import base64
import json
import re
import shutil
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import Image
from pybtex.database import parse_file, parse_string
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from eastward import claims, data
from eastward.claims import STATUSES, verdicts
from eastward.publish import citation
from eastward.publish.sphinx import jsonld, share
from tests.conftest import PackageCopy

HTML = data.root() / "_build" / "html"
REQUIRED = {
    "Book": ("name", "author", "datePublished", "license", "url", "inLanguage", "version", "hasPart", "image"),
    "Chapter": ("name", "author", "datePublished", "license", "url", "isPartOf", "position", "description", "image"),
    "Dataset": ("name", "description", "license", "creator", "url", "identifier", "distribution", "variableMeasured"),
    "ClaimReview": ("claimReviewed", "reviewRating", "url", "author", "datePublished", "itemReviewed"),
}
UNDATED = {"agency_names", "countries", "un_regimes"}
"""Tables whose rows have neither period nor date."""


def pages() -> list[str]:
    """Pages of ``_toc.yml``, the front page first."""
    text = (data.root() / "_toc.yml").read_text(encoding="utf-8")
    toc = yaml.safe_load(text)
    return [toc["root"], *re.findall(r"file: (\S+)", text)]


PAGES = pages()


@lru_cache(maxsize=64)
def soup(path: Path) -> BeautifulSoup:
    """A built page."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def page(name: str) -> BeautifulSoup:
    """A built page of the book by its name in ``_toc.yml``."""
    return soup(HTML / f"{name}.html")


def tags(document: BeautifulSoup) -> dict[str, list[str]]:
    """Contents of all ``meta`` tags by name or property."""
    found: dict[str, list[str]] = {}
    for tag in document.head.find_all("meta"):
        found.setdefault(tag.get("name") or tag.get("property") or "", []).append(tag.get("content", ""))
    return found


def graph(document: BeautifulSoup) -> list[dict[str, Any]]:
    """What the JSON-LD of a page describes."""
    (script,) = document.find_all("script", type="application/ld+json")
    loaded = json.loads(script.string)
    assert loaded["@context"] == "https://schema.org"
    return list(loaded["@graph"])


def described(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Page and description of all things of a type in the book."""
    return [(name, thing) for name in PAGES for thing in graph(page(name)) if thing["@type"] == kind]


def leads_somewhere(name: str, address: str) -> bool:
    """Whether a relative address of a page leads to a file and, with an anchor, to an element in it."""
    path, anchor = urldefrag(address)
    file = ((HTML / name).parent / unquote(path)).resolve()
    return file.is_file() and (not anchor or soup(file).find(id=anchor) is not None)


@pytest.mark.book
@pytest.mark.parametrize("name", PAGES)
def test_head_has_citation_tags(name: str) -> None:
    found, book = tags(page(name)), citation.book()
    assert found["citation_author"] == [a.inverted for a in book.authors]
    assert found["citation_publication_date"] == [f"{book.released:%Y/%m/%d}"]
    assert found["DC.title"] == found["citation_title"] == found["og:title"]
    assert found["DC.creator"] == found["citation_author"]
    assert found["DC.rights"] == ["https://creativecommons.org/licenses/by/4.0/"]
    if name == PAGES[0]:
        assert found["citation_title"] == [book.title]
        assert found["og:type"] == ["book"]
        assert "citation_inbook_title" not in found
    else:
        assert found["citation_title"][0] in page(name).title.get_text()
        assert found["citation_inbook_title"] == found["DCTERMS.isPartOf"] == [book.title]
        assert found["og:type"] == ["article"]


@pytest.mark.book
@pytest.mark.parametrize("name", PAGES)
def test_description_is_one_short_text_of_the_page(name: str) -> None:
    found = tags(page(name))
    (text,) = found["description"]
    assert 20 <= len(text) <= 200
    assert found["og:description"] == found["DC.description"] == [text]


@pytest.mark.book
def test_descriptions_differ() -> None:
    texts = [tags(page(name))["description"][0] for name in PAGES if name != "book/references"]
    assert len(set(texts)) == len(texts)


@pytest.mark.book
@pytest.mark.parametrize("name", PAGES)
def test_picture_is_the_first_figure(name: str) -> None:
    found = tags(page(name))
    (image,) = found["og:image"]
    figure = page(name).select_one("figure.ew-figure")
    assert Path(image).stem == (figure["id"] if figure else "fig-all-verdicts")
    with Image.open((HTML / name).parent / image) as picture:
        assert picture.size == share.SIZE
        assert len(picture.convert("RGB").getcolors(maxcolors=10**6)) > 8, "the picture shows something"
    assert (found["og:image:width"], found["og:image:height"]) == (["1200"], ["630"])
    assert len(found["og:image:alt"][0]) >= 40


@pytest.mark.book
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_book_or_chapter(name: str) -> None:
    first = graph(page(name))[0]
    kind = "Book" if name == PAGES[0] else "Chapter"
    assert first["@type"] == kind
    for needed in REQUIRED[kind]:
        assert first[needed], needed
    assert leads_somewhere(name, first["url"])
    assert leads_somewhere(name, first["image"])
    if kind == "Chapter":
        assert first["position"] == PAGES.index(name)
        assert leads_somewhere(name, first["isPartOf"]["url"])
        assert first["isPartOf"]["name"] == citation.book().title
    else:
        assert [leads_somewhere(name, part["url"]) for part in first["hasPart"]] == [True] * (len(PAGES) - 1)


@pytest.mark.book
def test_every_table_is_a_dataset() -> None:
    found = described("Dataset")
    assert sorted(d["identifier"] for _, d in found) == sorted(f"{citation.book().key}-{t}" for t in data.tables())
    for name, dataset in found:
        table = dataset["identifier"].partition("-")[2]
        for needed in REQUIRED["Dataset"]:
            assert dataset[needed], f"{table}: {needed}"
        assert 50 <= len(dataset["description"]) <= 5000, table
        assert leads_somewhere(name, dataset["url"]), table
        csv = [d for d in dataset["distribution"] if d["encodingFormat"] == "text/csv"]
        assert len(csv) == 1, table
        assert ((HTML / name).parent / csv[0]["contentUrl"]).read_bytes() == (
            data.root() / "data" / f"{table}.csv"
        ).read_bytes()
        assert f"sha256:{csv[0]['sha256']}" == data.checksum(data.root() / "data" / f"{table}.csv")
        assert all(leads_somewhere(name, d["contentUrl"]) for d in dataset["distribution"])
        assert all(v["name"] and v["description"] for v in dataset["variableMeasured"]), table
        assert ("temporalCoverage" in dataset) == (table not in UNDATED), table
        if table not in UNDATED:
            first, _, last = dataset["temporalCoverage"].partition("/")
            assert data.period_start(first) <= data.period_end(last or first)


@pytest.mark.book
def test_every_tested_claim_has_a_review() -> None:
    found = described("ClaimReview")
    tested = [i for i in claims.all_claims() if verdicts.verdict(i).status in STATUSES]
    assert [review["identifier"] for _, review in found] == tested
    for name, review in found:
        claim = claims.claim(review["identifier"])
        for needed in REQUIRED["ClaimReview"]:
            assert review[needed], f"{claim.id}: {needed}"
        assert review["claimReviewed"] == claim.short
        assert len(review["claimReviewed"]) < 75
        assert urldefrag(review["url"]).fragment == claim.id.lower()
        assert leads_somewhere(name, review["url"])
        rating, status = review["reviewRating"], verdicts.verdict(claim.id, "publication").status
        assert rating == {"@type": "Rating", **rating}
        assert (rating["alternateName"], rating.get("ratingValue")) == (status, jsonld.RATINGS.get(status))
        if "ratingValue" in rating:
            assert rating["worstRating"] == 1 <= rating["ratingValue"] <= 5 == rating["bestRating"]
        assert verdicts.verdict(claim.id, "hindsight").status in review["reviewBody"]
        item = review["itemReviewed"]
        assert (item["@type"], item["author"]["name"], item["datePublished"]) == (
            "Claim",
            "Nikola Mikovic",
            "2024-05-17",
        )
        assert item["appearance"]["@type"] == "OpinionNewsArticle"
        assert item["appearance"]["url"].startswith("https://")
        assert item["appearance"]["publisher"]["name"] == "IOL"


def test_every_status_has_a_rating() -> None:
    undecided = {"no record found", "official claim only", "not testable"}
    assert set(STATUSES) - set(jsonld.RATINGS) == undecided
    assert jsonld.RATINGS["supported"] == jsonld.BEST
    assert jsonld.RATINGS["contradicted"] == jsonld.WORST


@pytest.mark.book
def test_the_rating_scale_is_explained_as_it_is() -> None:
    rows = page("book/verdicts").select("table#tab-ratings tbody tr")
    cells = [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in rows]
    shown = {status: value for value, statuses in cells for status in re.split(r", ", statuses)}
    assert shown == {status: str(jsonld.RATINGS.get(status, "none")) for status in STATUSES}


@pytest.mark.book
@pytest.mark.parametrize("name", PAGES)
def test_each_page_can_be_cited(name: str) -> None:
    block = page(name).select_one("details#cite-this-page")
    article = page(name).find("article")
    assert block in list(article.descendants), "the block stands in the article"
    entries = parse_string(block.select_one("#cite-bibtex").get_text(), "bibtex").entries
    (key,) = entries
    title = tags(page(name))["citation_title"][0]
    assert title in citation.apa(citation.Work("book")) + block.select_one("#cite-apa").get_text()
    links = {a["download"].rpartition(".")[2]: a["href"] for a in block.select("a[href^=data]")}
    decoded = {k: base64.b64decode(v.partition("base64,")[2]).decode() for k, v in links.items()}
    assert list(parse_string(decoded["bib"], "bibtex").entries) == [key]
    assert decoded["ris"].startswith("TY  - ")
    assert f"TI  - {title}\r\n" in decoded["ris"]


@pytest.mark.book
def test_the_page_on_citing_shows_the_reference() -> None:
    text = re.sub(r"\s+", " ", page("book/cite").find("article").blockquote.get_text()).strip()
    assert text == citation.apa(citation.Work("book"))


@pytest.mark.book
@pytest.mark.parametrize("name", PAGES)
def test_each_page_tells_version_and_build_date(name: str) -> None:
    line = page(name).select_one(".ew-version")
    assert citation.book().version in line.get_text()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", line.time["datetime"])
    assert tags(page(name))["DCTERMS.modified"] == [line.time["datetime"]]


@pytest.mark.book
@pytest.mark.parametrize("name", [p for p in PAGES if p.startswith("notebooks/")])
def test_each_figure_can_be_cited(name: str) -> None:
    figures = page(name).select("figure.ew-figure")
    assert figures
    for figure in figures:
        text = figure.select_one(f"details#cite-{figure['id']}").get_text(" ")
        assert "[Figure]" in text
        assert figure.select_one(f'a[download="{citation.book().key}-{figure["id"]}.bib"]')


@pytest.mark.book
def test_all_citations_stand_in_one_file() -> None:
    entries = parse_file(str(HTML / "citations.bib"), "bibtex").entries
    prefix = f"{citation.book().key}-"
    figures = {f["id"] for name in PAGES for f in page(name).select("figure.ew-figure")}
    tables = {t["id"] for name in PAGES for t in page(name).select("table[id^=tab-]")}
    chapters = {Path(name).name for name in PAGES[1:]}
    datasets = {urldefrag(d["url"]).fragment for _, d in described("Dataset")}
    assert figures
    assert tables
    assert {k.removeprefix(prefix) for k in entries} == {prefix[:-1]} | figures | tables | chapters | datasets
    ris = (HTML / "citations.ris").read_bytes().decode("utf-8")
    assert ris.count("TY  - ") == ris.count("ER  - ") == len(entries)


@pytest.mark.book
@pytest.mark.parametrize("claim_id", list(claims.all_claims()))
def test_short_address_leads_to_the_claim(claim_id: str) -> None:
    document = soup(HTML / "claims" / claim_id / "index.html")
    target = document.find("meta", {"http-equiv": "refresh"})["content"].partition("url=")[2]
    assert leads_somewhere(f"claims/{claim_id}/index", target)
    assert target.endswith(f"#{claim_id.lower()}")
    assert document.find("link", rel="canonical")["href"]
    assert document.a["href"] == target


@pytest.mark.book
@pytest.mark.parametrize("name", PAGES)
def test_ids_stay_unique(name: str) -> None:
    ids = [e["id"] for e in page(name).select(".ew-citing [id], .ew-cite[id], .ew-cite [id]")]
    everywhere = [e["id"] for e in page(name).select("[id]")]
    assert [i for i in ids if everywhere.count(i) > 1] == []


def test_json_ld_cannot_end_its_element() -> None:
    evil = "</script><script>alert(1)</script><!-- & \u2028"
    text = jsonld.script([{"@type": "Thing", "name": evil}])
    inside = text.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028") & set(inside)
    assert json.loads(inside)["@graph"][0]["name"] == evil


CITATION = data.root() / "CITATION.cff"
CONF = """
from docutils import nodes

def add_figure(app, doctree):
    figure = nodes.figure("", classes=["ew-figure"], ids=["fig-small"], picture="/drawing.png", alt='A line "rises", ' * 3)
    figure += nodes.caption("", "Trade <rose>.")
    figure += nodes.legend("")
    if app.env.docname == "chapter":
        doctree[0] += figure

def setup(app):
    app.connect("doctree-read", add_figure)
"""
INDEX = "# Front\n\nThe front page says what the small book is about.\n\n```{toctree}\nchapter\n```\n"
CHAPTER = (
    '# A "chapter" &amp; &lt;more&gt;\n\nThe first paragraph of a chapter that stands for all.\n\n(c11)=\n\n## C11\n\nText.\n\n'
    "(table-trade_mirror)=\n\n## Mirror\n\n{download}`CSV <data/trade_mirror.csv>`\n"
)


TOC = "format: jb-book\nroot: index\nchapters:\n  - file: chapter\n"


@pytest.fixture(params=["https://example.org/east", ""], ids=["with an address", "without"])
def small(
    package: PackageCopy, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Path]:
    """A site of two pages built with the extension alone: its ``html_baseurl`` and its folder."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    (tmp_path / "CITATION.cff").write_text(CITATION.read_text(encoding="utf-8"), encoding="utf-8")
    for name, text in (("conf.py", CONF), ("index.md", INDEX), ("chapter.md", CHAPTER), ("_toc.yml", TOC)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    for name in ("head.html", "citing.html", "redirect.html"):
        shutil.copy(CITATION.parent / "book" / "_templates" / name, tmp_path / "templates")
    Image.new("RGB", (300, 900), "red").save(tmp_path / "drawing.png")
    options = {
        "extensions": ["myst_parser", "eastward.publish.sphinx.metadata"],
        "html_baseurl": request.param,
        "eastward_pdfs": {"chapter": "chapters/chapter.pdf"},
        "exclude_patterns": ["book", "data", "templates"],
        "templates_path": ["templates"],
    }
    folder = tmp_path / "html"
    with docutils_namespace():
        Sphinx(
            tmp_path, tmp_path, folder, tmp_path / "trees", "html", options, None, StringIO(), warningiserror=True
        ).build()
    return request.param, folder


def test_addresses_follow_the_base_address(small: tuple[str, Path]) -> None:
    base, folder = small
    found, things = tags(soup(folder / "chapter.html")), graph(soup(folder / "chapter.html"))
    chapter, dataset, review = things
    if base:
        at = "https://example.org/east/chapter.html"
        assert found["citation_public_url"] == found["og:url"] == found["DC.identifier"] == [at]
        assert found["citation_pdf_url"] == ["https://example.org/east/chapters/chapter.pdf"]
        assert "citation_pdf_url" not in tags(soup(folder / "index.html"))
        assert found["og:image"] == ["https://example.org/east/_images/share/fig-small.png"]
        assert chapter["url"] == at
        assert review["url"] == f"{at}#c11"
        assert dataset["distribution"][0]["contentUrl"].startswith("https://example.org/east/_downloads/")
        assert f"url = {at}" in (folder / "citations.bib").read_text().replace('"', "")
    else:
        assert not {"citation_public_url", "citation_pdf_url", "og:url", "DC.identifier"} & set(found)
        assert found["og:image"] == ["_images/share/fig-small.png"]
        assert (chapter["url"], review["url"]) == ("chapter.html", "chapter.html#c11")
        assert "url =" not in (folder / "citations.bib").read_text()
    canonical = soup(folder / "claims" / "C11" / "index.html").find("link", rel="canonical")["href"]
    assert canonical == ("https://example.org/east/chapter.html#c11" if base else "../../chapter.html#c11")


def test_titles_with_signs_stay_text(small: tuple[str, Path]) -> None:
    document = soup(small[1] / "chapter.html")
    assert tags(document)["citation_title"] == ["A “chapter” & <more>"]
    assert graph(document)[0]["name"] == "A “chapter” & <more>"
    assert "Trade <rose> [Figure]" in document.select_one("#cite-fig-small").get_text()
    assert tags(document)["og:image:alt"] == ['A line "rises", ' * 3]
    assert document.find("more") is None
    assert document.find("rose") is None


def test_build_date_and_picture_of_the_small_site(small: tuple[str, Path]) -> None:
    _, folder = small
    assert soup(folder / "chapter.html").select_one(".ew-version time")["datetime"] == "1970-01-02"
    with Image.open(folder / "_images" / "share" / "fig-small.png") as picture:
        assert picture.size == share.SIZE
        shown = picture.convert("RGB")
    assert shown.getpixel((600, 300))[0] > 200 > shown.getpixel((600, 300))[1], "the drawing stands in the middle"
    assert "og:image" not in tags(soup(folder / "index.html")), "no figure, and none is named for such pages"


def test_only_described_parts_of_the_small_site_are_in_its_data(small: tuple[str, Path]) -> None:
    _, folder = small
    kinds = [thing["@type"] for thing in graph(soup(folder / "chapter.html"))]
    assert kinds == ["Chapter", "Dataset", "ClaimReview"]
    assert [thing["@type"] for thing in graph(soup(folder / "index.html"))] == ["Book"]
    assert [p.name for p in (folder / "claims").iterdir()] == ["C11"]
    assert soup(folder / "search.html").find("script", type="application/ld+json") is None
