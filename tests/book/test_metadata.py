"""Metadata of the built pages: head tags, JSON-LD, citations, pictures, short addresses; and a small site with an address."""

import base64
import json
import posixpath
import re
import shutil
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urldefrag
from xml.etree import ElementTree as Xml

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from pybtex.database import parse_file, parse_string
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from sphinx.util.inventory import InventoryFile

from eastward import claims, data
from eastward.claims import STATUSES, verdicts
from eastward.publish import citation, contents, references
from eastward.publish.sphinx import jsonld, share
from eastward.show.words import worded
from tests.conftest import PackageCopy

from . import browser
from .browser import SITE

REQUIRED = {
    "Book": ("name", "author", "datePublished", "license", "url", "inLanguage", "version", "hasPart", "image"),
    "Chapter": ("name", "author", "datePublished", "license", "url", "isPartOf", "position", "description", "image"),
    "Dataset": ("name", "description", "license", "creator", "url", "identifier", "distribution", "variableMeasured"),
    "ClaimReview": ("claimReviewed", "reviewRating", "url", "author", "datePublished", "itemReviewed"),
}
UNDATED = {"agency_names", "countries", "institutions", "un_regimes"}
"""Tables whose rows have neither period nor date."""

PAGES = contents.pages(data.root())
CLAIMS = [f"claims/{name}" for name in claims.all_claims()]


soup = lru_cache(maxsize=128)(browser.soup)


def page(name: str) -> BeautifulSoup:
    """A built page of the book by its name in ``_toc.yml``."""
    return soup(SITE / f"{name}.html")


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
    """Page and description of all things of a type in the book; each has what its type needs."""
    found = [(name, thing) for name in [*PAGES, *CLAIMS] for thing in graph(page(name)) if thing["@type"] == kind]
    assert [(name, need) for name, thing in found for need in REQUIRED[kind] if not thing[need]] == []
    return found


def leads(name: str, address: str) -> Path:
    """The file that an address of a page leads to, relative or under the book's own; with an anchor it has that element."""
    canonical = page(PAGES[0]).find("link", rel="canonical")
    base = canonical["href"].removesuffix(f"{PAGES[0]}.html") if canonical else "https://"
    path, anchor = urldefrag(re.sub(r"\?(digest|v)=\w+$", "", address))
    file = SITE / path.removeprefix(base) if path.startswith(base) else (SITE / name).parent / unquote(path)
    file = file.resolve()
    assert file.is_file(), f"{name} leads to {address}"
    assert not anchor or soup(file).find(id=anchor), f"{name} leads to {address}"
    return file


@pytest.mark.book
@pytest.mark.parametrize("name", [*PAGES, *CLAIMS])
def test_head_citation_and_picture_of_a_page(name: str) -> None:
    found, book, document = tags(page(name)), citation.book(), page(name)
    assert found["citation_author"] == ["The Eastward team,"], "the comma makes it an institution in Zotero"
    assert found["DC.creator"] == found["citation_publisher"] == found["DC.publisher"] == ["The Eastward team"]
    assert found["citation_publication_date"] == [f"{book.released:%Y/%m/%d}"]
    (title,) = found["DC.title"]
    assert [title] == found["citation_title"] == found["og:title"]
    assert found["DC.rights"] == ["https://creativecommons.org/licenses/by/4.0/"]
    whole = name == PAGES[0]
    assert (title == book.title) is whole
    assert title in document.title.get_text() or whole
    assert found["og:type"] == ["book" if whole else "article"]
    for part in ("citation_inbook_title", "DCTERMS.isPartOf"):
        assert found.get(part, []) == [book.title] * (not whole)
    assert found.get("citation_editor", []) == ["The Eastward team,"] * (not whole)
    (text,) = found["description"]
    assert 20 <= len(text) <= 200
    assert found["og:description"] == found["DC.description"] == [text]

    block = document.select_one("details#cite-this-page")
    assert block in list(document.find("article").descendants), "the block stands in the article"
    entries = parse_string(block.select_one("#cite-bibtex").get_text(), "bibtex").entries
    assert title in citation.apa(citation.Work("book")) + block.select_one("#cite-apa").get_text()
    links = {a["download"].rpartition(".")[2]: a["href"] for a in block.select("a[href^=data]")}
    decoded = {k: base64.b64decode(v.partition("base64,")[2]).decode() for k, v in links.items()}
    assert list(parse_string(decoded["bib"], "bibtex").entries) == list(entries)
    assert f"TI  - {title}\r\n" in decoded["ris"]
    assert [work["title"] for work in json.loads(decoded["json"])] == [title]
    (span,) = document.select("span.Z3988")
    context = parse_qs(span["title"])
    assert context["rft.aucorp"] == context["rft.pub"] == ["The Eastward team"]
    assert context["rft.edition"] == [book.version]
    assert (context["rft.btitle"], context.get("rft.atitle", [])) == ([book.title], [title] * (not whole))
    line = document.select_one(".ew-version")
    assert book.version in line.get_text()
    assert found["DCTERMS.modified"] == [line.time["datetime"]]

    (image,), figure = found["og:image"], document.select_one("figure.ew-figure")
    own = name.partition("/")[2] if name in CLAIMS else "fig-all-verdicts"
    assert Path(image).stem == (figure["id"] if figure else own), "the first figure or the claim"
    with Image.open(leads(name, image)) as picture:
        assert picture.size == share.SIZE
        assert len(picture.convert("RGB").getcolors(maxcolors=10**6)) > 8, "the picture shows something"
    assert (found["og:image:width"], found["og:image:height"]) == (["1200"], ["630"])
    assert len(found["og:image:alt"][0]) >= 40


@pytest.mark.book
def test_pages_are_the_book_and_its_chapters_and_each_is_described_by_itself() -> None:
    texts = [tags(page(name))["description"][0] for name in [*PAGES, *CLAIMS] if name != "book/references"]
    assert len(set(texts)) == len(texts)
    for position, name in enumerate(PAGES):
        first = graph(page(name))[0]
        leads(name, first["url"])
        leads(name, first["image"])
        if position:
            assert (first["@type"], first["position"]) == ("Chapter", position)
            leads(name, first["isPartOf"]["url"])
            assert first["isPartOf"]["name"] == citation.book().title
        else:
            assert first["@type"] == "Book"
            assert len([leads(name, part["url"]) for part in first["hasPart"]]) == len(PAGES) - 1
    assert len(described("Book")) + len(described("Chapter")) == len(PAGES)


@pytest.mark.book
def test_every_table_is_a_dataset() -> None:
    found = described("Dataset")
    assert sorted(d["identifier"] for _, d in found) == sorted(f"{citation.book().key}-{t}" for t in data.tables())
    for name, dataset in found:
        table = dataset["identifier"].partition("-")[2]
        assert 50 <= len(dataset["description"]) <= 5000, table
        leads(name, dataset["url"])
        files = {d["encodingFormat"]: leads(name, d["contentUrl"]) for d in dataset["distribution"]}
        (sha,) = [d["sha256"] for d in dataset["distribution"] if d["encodingFormat"] == "text/csv"]
        original = data.root() / "data" / f"{table}.csv"
        assert files["text/csv"].read_bytes() == original.read_bytes()
        assert f"sha256:{sha}" == data.checksum(original)
        assert all(v["name"] and v["description"] for v in dataset["variableMeasured"]), table
        assert ("temporalCoverage" in dataset) == (table not in UNDATED), table
        if table not in UNDATED:
            first, _, last = dataset["temporalCoverage"].partition("/")
            assert data.period_start(first) <= data.period_end(last or first)


@pytest.mark.book
def test_every_tested_claim_has_a_review_on_its_page() -> None:
    found = described("ClaimReview")
    tested = [f"claims/{i}" for i in claims.all_claims() if verdicts.verdict(i).status in STATUSES]
    assert [name for name, _ in found] == tested
    for name, review in found:
        claim = claims.claim(review["identifier"])
        assert (review["claimReviewed"], name) == (claim.short, f"claims/{claim.id}")
        assert len(review["claimReviewed"]) < 75
        assert leads(name, review["url"]) == SITE / f"{name}.html"
        rating, status = review["reviewRating"], verdicts.verdict(claim.id, "publication").status
        assert (rating["@type"], rating["alternateName"]) == ("Rating", status)
        assert rating.get("ratingValue") == jsonld.RATINGS.get(status), "what is not decided has no number"
        if "ratingValue" in rating:
            assert rating["worstRating"] == 1 <= rating["ratingValue"] <= 5 == rating["bestRating"]
        assert verdicts.verdict(claim.id, "hindsight").status in review["reviewBody"]
        item = review["itemReviewed"]
        assert (item["@type"], item["author"]["name"]) == ("Claim", "Nikola Mikovic")
        assert (item["datePublished"], item["appearance"]["publisher"]["name"]) == ("2024-05-17", "IOL")
        assert item["appearance"]["@type"] == "OpinionNewsArticle"
        assert item["appearance"]["url"].startswith("https://")


@pytest.mark.book
@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_has_a_page_with_all_of_its_card(name: str) -> None:
    claim, article = claims.claim(name.partition("/")[2]), page(name).find("article")
    text = " ".join(article.get_text(" ").split())
    assert article.h1.get_text() == f"{claim.id}: {claim.short}"
    for words in claim.words:
        assert words in text
    for question in filter(None, (claim, claim.so)):
        assert worded(question.short) in text
        assert article.find(id=f"grounds-{question.id.lower().replace('.', '-')}")
        for day in verdicts.AS_OF:
            assert verdicts.verdict(question.id, day).status in text
        assert " ".join(worded(question.rule_text).split()) in text
    assert [leads(name, a["href"]) for a in article.select("a.internal")]
    assert article.select("a[href^=http]"), "sources"
    document = soup(SITE / name / "index.html")
    target = document.find("meta", {"http-equiv": "refresh"})["content"].partition("url=")[2]
    assert leads(f"{name}/index", target) == SITE / f"{name}.html"
    assert document.a["href"] == target
    for card in ("book/claims", f"notebooks/{claim.chapter}"):
        assert page(card).select(f"a[href$='/{name}.html']"), card
    drawn = article.select("figure.ew-again svg[aria-label]")
    assert bool(drawn) is (claim.id != "C34"), "Lavrov's sentence is not drawn"


@pytest.mark.book
def test_the_rating_scale_is_explained_as_it_is() -> None:
    assert set(STATUSES) - set(jsonld.RATINGS) == {"no record found", "official claim only", "not testable"}
    assert (jsonld.RATINGS["supported"], jsonld.RATINGS["contradicted"]) == (jsonld.BEST, jsonld.WORST)
    rows = page("book/verdicts").select("table#tab-ratings tbody tr")
    cells = [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in rows]
    shown = {status: value for value, statuses in cells for status in re.split(r", ", statuses)}
    assert shown == {status: str(jsonld.RATINGS.get(status, "none")) for status in STATUSES}


@pytest.mark.book
def test_the_book_and_each_figure_can_be_cited_and_all_citations_stand_in_one_file() -> None:
    text = re.sub(r"\s+", " ", page("book/cite").find("article").blockquote.get_text()).strip()
    assert text == citation.apa(citation.Work("book"))
    prefix = f"{citation.book().key}-"
    figures = {f["id"]: f for name in PAGES for f in page(name).select("figure.ew-figure")}
    for name, figure in figures.items():
        assert "[Figure]" in figure.select_one(f"details#cite-{name}").get_text(" ")
        assert figure.select_one(f'a[download="{prefix}{name}.bib"]'), name
    entries = parse_file(str(SITE / "citations.bib"), "bibtex").entries
    tables = {t["id"] for name in PAGES for t in page(name).select("table[id^=tab-]")}
    chapters = {Path(name).name for name in [*PAGES[1:], *CLAIMS]}
    datasets = {urldefrag(d["url"]).fragment for _, d in described("Dataset")}
    assert figures
    assert tables
    assert {k.removeprefix(prefix) for k in entries} == {prefix[:-1], *figures} | tables | chapters | datasets
    ris = (SITE / "citations.ris").read_bytes().decode("utf-8")
    assert ris.count("TY  - ") == ris.count("ER  - ") == len(entries)
    assert [work["id"] for work in json.loads((SITE / "citations.json").read_text(encoding="utf-8"))] == list(entries)


@pytest.mark.book
def test_the_inventory_loads_whole_and_a_source_has_an_anchor_from_its_key() -> None:
    with (SITE / "objects.inv").open("rb") as file:
        found = InventoryFile.load(file, "https://example.org", posixpath.join)
    names = {kind: set(things) for kind, things in found.items()}
    assert names["eastward:claim"] == {f"claim:{name}" for name in claims.all_claims()}
    assert len(names["eastward:data-table"]) == len(data.tables())
    assert len(names["eastward:source"]) == len(references.references())
    assert found["eastward:claim"]["claim:C11"][2] == "https://example.org/claims/C11.html#c11"
    assert page("claims/C11").find(id="c11")
    listed = {entry["id"] for entry in page("book/references").select(".citation")}
    assert listed == {re.sub("[^a-z0-9]+", "-", f"source-{key}".lower()) for key in references.references()}


@pytest.mark.book
def test_the_root_is_the_front_page() -> None:
    root, front = soup(SITE / "index.html"), page(PAGES[0])
    assert (root.h1, root.title, graph(root)) == (front.h1, front.title, graph(front))
    assert root.find("meta", {"http-equiv": re.compile("refresh", re.I)}) is None
    links = root.select("article [href], article [src], script[src], link[href]")
    found = [path for tag in links if not re.match("#|https?:|data:", path := tag.get("href") or tag["src"])]
    assert len([leads("index", path) for path in found]) > 50
    assert root.html["data-content_root"] == "./"


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
    monkeypatch.delenv(contents.ADDRESS, raising=False)
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
        "redirect_html_template_file": "templates/redirect.html",
    }
    folder = tmp_path / "html"
    places = (tmp_path, tmp_path, folder, tmp_path / "trees")
    with docutils_namespace():
        Sphinx(*places, "html", options, None, StringIO(), warningiserror=True).build()
    return request.param, folder


def test_addresses_follow_the_base_address(small: tuple[str, Path]) -> None:
    base, folder = small
    found, things = tags(soup(folder / "chapter.html")), graph(soup(folder / "chapter.html"))
    chapter, dataset = things
    (review,), of_claim = graph(soup(folder / "claims" / "C11.html")), tags(soup(folder / "claims" / "C11.html"))
    robots = (folder / "robots.txt").read_text()
    entries = parse_file(str(folder / "citations.bib"), "bibtex").entries
    (record,) = (entry.fields for key, entry in entries.items() if key.endswith("chapter"))
    pdfs = [tags(soup(folder / f"{name}.html")).get("citation_pdf_url", []) for name in ("index", "chapter")]
    assert pdfs == [[], [f"{base}/chapter.pdf"] * bool(base)], "in the page's own folder"
    under, at = f"{base}/" if base else "", [f"{base}/chapter.html"] * bool(base)
    for name in ("citation_public_url", "og:url", "DC.identifier"):
        assert found.get(name, []) == at
    assert found["og:image"] == [f"{under}_images/share/fig-small.png"]
    assert chapter["url"] == f"{under}chapter.html"
    assert review["url"] == (f"{base}/claims/C11.html" if base else "C11.html")
    assert dataset["distribution"][0]["contentUrl"].startswith(f"{under}_downloads/")
    assert record.get("url") == (at[0] if base else None)
    assert re.findall("Sitemap.*", robots) == [f"Sitemap: {base}/sitemap.xml"] * bool(base)
    assert soup(folder / "claims" / "C11" / "index.html").find("link", rel="canonical")["href"] == "../C11.html"
    assert (folder / "sitemap.xml").exists() is bool(base)
    if base:
        assert of_claim["og:url"] == [review["url"]]
        assert soup(folder / "chapter.html").find("link", rel="canonical")["href"] == at[0]
        listed = [place.text for place in Xml.parse(folder / "sitemap.xml").iter() if place.tag.endswith("loc")]
        assert listed == [f"{base}/{name}.html" for name in ("index", "chapter", "claims/C11")]


def test_titles_with_signs_stay_text(small: tuple[str, Path]) -> None:
    document = soup(small[1] / "chapter.html")
    assert tags(document)["citation_title"] == ["A “chapter” & <more>"]
    assert graph(document)[0]["name"] == "A “chapter” & <more>"
    assert "Trade <rose> [Figure]" in document.select_one("#cite-fig-small").get_text()
    assert tags(document)["og:image:alt"] == ['A line "rises", ' * 3]
    assert document.find("more") is None
    assert document.find("rose") is None


def test_date_picture_and_data_of_the_small_site(small: tuple[str, Path]) -> None:
    _, folder = small
    assert soup(folder / "chapter.html").select_one(".ew-version time")["datetime"] == "1970-01-02"
    with Image.open(folder / "_images" / "share" / "fig-small.png") as picture:
        assert picture.size == share.SIZE
        shown = picture.convert("RGB")
    assert shown.getpixel((600, 300))[0] > 200 > shown.getpixel((600, 300))[1], "the drawing stands in the middle"
    assert "og:image" not in tags(soup(folder / "index.html")), "no figure, and none is named for such pages"
    assert [thing["@type"] for thing in graph(soup(folder / "chapter.html"))] == ["Chapter", "Dataset"]
    assert [thing["@type"] for thing in graph(soup(folder / "index.html"))] == ["Book"]
    assert {p.name for p in (folder / "claims").iterdir()} == {"C11.html", *claims.all_claims()}
    assert soup(folder / "search.html").find("script", type="application/ld+json") is None
