"""The built book's files: valid HTML, lean pages, figures with alt text and data, feed, favicon."""

import gzip
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from jinja2 import Environment, FileSystemLoader
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript

from eastward import data
from eastward.publish import paper, references
from eastward.publish.contents import rooted
from eastward.publish.sphinx import html as website
from eastward.publish.sphinx import render

from .browser import SITE, npm, pages, soup

book = pytest.mark.book


@book
def test_every_page_is_valid_html() -> None:
    tool = npm() / "html-validate" / "bin" / "html-validate.mjs"
    files = [*(str(SITE / p) for p in pages()), *map(str, SITE.glob("claims/*.html")), str(SITE / "index.html")]
    command = ["node", str(tool), "--config", str(data.root() / ".htmlvalidate.json"), "--formatter", "json", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    faults = [f"{f['filePath']}:{m['line']} {m['message']}" for f in json.loads(done.stdout) for m in f["messages"]]
    assert faults == []
    assert done.returncode == 0


@book
def test_pages_are_light_and_load_nothing_from_elsewhere() -> None:
    """A first visit transfers at most 250 kB for the front page and 350 for any other, as ``make bench`` measures it."""
    for name in pages():
        text = (SITE / name).read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|iframe|source)\b[^>]*\bsrc="(https?:|//)', text)
        loaded += re.findall(r'<link\b[^>]*rel="(?:stylesheet|preload|icon)"[^>]*href="(?:https?:|//)[^"]*"', text)
        assert loaded == [], name
        for needless in website.UNUSED:
            assert needless not in re.sub(r"<article.*</article>", "", text, flags=re.DOTALL), f"{name}: {needless}"
        if name == "404.html":
            continue  # its links start at the address that the book was built for
        parts = re.findall(r'<(?:link\b[^>]*rel="(?:stylesheet|icon)"[^>]*href|script\b[^>]*src)="([^"?]+)', text)
        files = [SITE / name, *((SITE / name).parent / part for part in parts)]
        weight = sum(len(gzip.compress(f.read_bytes())) for f in files) / 1000
        assert 50 < weight <= (250 if name == "book/index.html" else 350), f"{name}: {weight:.0f} kB"


@book
def test_every_figure_has_alt_text_data_and_an_address() -> None:
    seen = set()
    for name in (p for p in pages() if p.startswith("notebooks/")):
        for figure in soup(name).select("figure.ew-figure"):
            assert figure["id"] not in seen
            seen.add(figure["id"])
            assert len(figure.select_one("svg[role=img]")["aria-label"]) >= 40
            assert figure.select_one("details.ew-behind tbody tr td")
            assert figure.select_one("a[download$='.csv']")
            for link in figure.select("p.ew-links a[href*='exports/']"):
                assert (SITE / name).parent.joinpath(link["href"]).resolve().is_file()
    assert len(seen) > 20


@book
def test_small_files_are_there_and_names_tell_browsers_their_language() -> None:
    assert (SITE / "404.html").is_file()
    assert (SITE / "_static" / "favicon.svg").is_file()
    Xml.parse(SITE / website.FEED)
    found = {(name.get_text(), name["lang"]) for name in soup("book/names.html").select("table span[lang]")}
    assert found == {(row.name, row.language) for row in data.load("agency_names").itertuples()}


def test_the_feed_lists_corrections_with_their_days() -> None:
    text = "# Changelog\n\nIntro.\n\n## 0.1.1, 2026-12-01\n\nC11: a digit.\n\n## 0.1.0\n\nFirst & only.\n"
    entries = website.corrections(text, date(2026, 11, 24))
    titles = ["0.1.1, 2026-12-01", "0.1.0"]
    assert [e["title"] for e in entries] == titles
    assert [e["day"] for e in entries] == ["2026-12-01", "2026-11-24"]
    assert [e["text"] for e in entries] == ["C11: a digit.", "First & only."]
    again = website.corrections(text + "\n## 0.1.0\n\nOnce more.\n", date(2026, 11, 24))
    assert len({e["id"] for e in again}) == 3
    assert [e["id"] for e in entries] == [e["id"] for e in again[:2]], "ids stay"
    templates = Environment(loader=FileSystemLoader(data.root() / "book" / "_templates"))
    feed = templates.get_template(website.FEED).render(entries=entries, base="https://example.org/")
    top, names = Xml.fromstring(feed.encode()), {"a": "http://www.w3.org/2005/Atom"}
    assert [e.findtext("a:title", namespaces=names) for e in top.findall("a:entry", names)] == titles
    assert top.findtext("a:updated", namespaces=names) == "2026-12-01T00:00:00Z"
    assert top.find("a:link", names).get("href") == "https://example.org/corrections.xml"
    assert top.findall("a:entry", names)[1].findtext("a:content", namespaces=names) == "First & only."


def test_links_of_the_404_page_start_at_the_root() -> None:
    page = '<a href="book/index.html"><a href="#main"><a href="https://x.org"><script src="_static/a.js">'
    at = "https://e.org/b/"
    assert rooted(page, at) == page.replace('"book', f'"{at}book').replace('"_static', f'"{at}_static')
    assert rooted('<a href="x.html">', "/") == '<a href="/x.html">'


def test_a_page_loses_only_what_it_does_not_need() -> None:
    hints, own = (_JavaScript(None, body=f"{words} = 1;") for words in ("let toggleHintShow", "const kept"))
    scripts = [_JavaScript("_static/doctools.js"), hints, own]
    styles = [_CascadingStyleSheet("_static/sphinx-thebe.css"), _CascadingStyleSheet("own.css")]
    for searching in (False, True):
        context = {"script_files": scripts, "css_files": styles}
        website.lean_head(context, searching)
        first, second = context["script_files"]
        assert (first.filename, second.attributes) == ("_static/doctools.js", {"body": "const kept = 1;"})
        assert ("defer" in first.attributes) is not searching
        assert [f.filename for f in context["css_files"]] == ["own.css"]


def test_links_to_exports_need_exports() -> None:
    body = '<p class="ew-links" data-figure="fig-a"><span>Download: CSV</span></p>'
    assert "png" not in website.figure_files(body, [], "../").lower()
    linked = website.figure_files(body, ["figures/fig-a.png", "figures/fig-b.svg"], "../")
    assert 'href="../exports/figures/fig-a.png"' in linked
    assert "svg" not in linked


def test_pages_offer_the_pdfs_that_there_are(tmp_path: Path) -> None:
    toc = "format: jb-book\nroot: book/index\nchapters:\n- file: notebooks/01-a\n- file: notebooks/02-b\n"
    (tmp_path / "notebooks").mkdir()
    for file in ("_toc.yml", "notebooks/01-a.ipynb", "notebooks/02-b.ipynb"):
        (tmp_path / file).write_text(toc, encoding="utf-8")
    made = paper.paths(tmp_path)
    assert website.built_pdfs(tmp_path, papers=True) == made
    assert website.built_pdfs(tmp_path, papers=False) == {}
    assert not paper.printable() or made == {f"notebooks/{n}": f"chapters/{n}.pdf" for n in ("01-a", "02-b")}
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build" / "eastward.pdf").touch()
    assert website.built_pdfs(tmp_path, papers=True) == {"book/index": "eastward.pdf", **made}
    assert website.pdfs_of("notebooks/01-a", {}) == {}
    pdfs = {"book/index": "eastward.pdf", "notebooks/01-a": "chapters/01-a.pdf"}
    book = {"eastward.pdf": "PDF of the whole book"}
    for page, offered in (("book/index", [paper.BRIEF_PDF, "eastward.pdf"]), ("book/limits", ["eastward.pdf"])):
        assert list(website.pdfs_of(page, {**pdfs, paper.BRIEF: paper.BRIEF_PDF})) == offered
    assert website.pdfs_of("notebooks/01-a", pdfs) == {"chapters/01-a.pdf": "PDF of this chapter", **book}
    assert website.pdfs_of("notebooks/02-b", pdfs) == website.pdfs_of("book/index", pdfs) == book
    found = website.taken("notebooks/01-a", ["chapters/01-a.py"], website.pdfs_of("notebooks/01-a", pdfs))
    assert list(found) == ["exports/chapters/01-a.py", "chapters/01-a.pdf", "eastward.pdf"]
    assert website.taken("notebooks/01-a", [], {}) == {}
    for faulty in ("- book/index\n", "root: [\n"):
        (tmp_path / "_toc.yml").write_text(faulty, encoding="utf-8")
        with pytest.raises(data.DataError, match=r"_toc\.yml"):
            website.built_pdfs(tmp_path, papers=True)


@book
def test_each_page_offers_its_pdf_and_the_books() -> None:
    pdfs = website.built_pdfs(data.root(), papers=True)
    for name in pages():
        links = [a["href"] for a in soup(name).select("a[href$='.pdf']:not([href*='://'])")]
        there = {(SITE / name).parent.joinpath(link).resolve().relative_to(SITE).as_posix() for link in links}
        assert all((SITE / path).is_file() for path in there), f"{name} offers a file that is not there"
        page = name.removesuffix(".html")
        if page.startswith(("book/", "notebooks/")):
            assert there == set(website.pdfs_of(page, pdfs)), name
        if pdfs and page in website.WITH_PDF:
            assert len(links) == 2 * len(there), f"{name}: in the menu and in the text"
    for path in pdfs.values():
        assert (SITE / path).read_bytes() == (data.root() / "_build" / path).read_bytes()
    if shutil.which("xelatex"):
        assert len(pdfs) == 1 + len(paper.paths(data.root())), "run make book first"


def test_a_lean_drawing_keeps_what_is_referred_to_and_styles_lose_the_icon_font_alone() -> None:
    svg = '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><g id="a"><path id="m" d="M 1.23456 2"/></g><use xlink:href="#m" x="3.14159"/></svg>'
    assert render.lean(svg) == '<svg><path id="m" d="M 1.23 2"/><use href="#m" x="3.14"/></svg>'
    font = '@font-face{font-family:Font Awesome;src:url(x)}.fa-x:before,.fa-y:before{content:"\\f"}'
    assert website.lean_style(font + ".fa-solid{color:red}") == ".fa-solid{color:red}"


@book
def test_citations_and_the_list_carry_the_same_letters() -> None:
    texts = {entry["id"]: entry.get_text() for entry in soup("book/references.html").select(".citation")}
    known = references.references().values()
    assert len(texts) == len(known)
    assert all(any(f" ({found.year}). " in text for text in texts.values()) for found in known)
    seen = set()
    for name in (p for p in pages() if p.startswith(("notebooks/", "book/"))):
        for link in soup(name).select(".bibtex-citation a"):
            year = link.get_text().rpartition(", ")[2]
            assert f" ({year}). " in texts[link["href"].partition("#")[2]], f"{name}: {link.get_text()}"
            seen.add(year)
    assert any(re.search("[a-z]{2}$", year) for year in seen)
    assert sum("In Russian." in text for text in texts.values()) > 100
