"""Exports: plain notebooks, pages that ask no host for anything, a supplement that describes itself, the same bytes twice."""

import base64
import calendar
import dataclasses
import io
import json
import pickle
import re
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as Xml

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from nbformat import NotebookNode
from PIL import Image
from pypdf import PdfReader

from eastward import data
from eastward.publish import contents, execution, exports, pages
from eastward.publish.exports import FIGURE, GLUED, TABLE, Chapter, ExportError
from eastward.show.cards import card
from eastward.show.figure import Figure
from eastward.show.tables import MYST, Table
from eastward.show.theme import canvas
from eastward.show.words import labelled
from tests.conftest import held, squeezed

CRATE = "ro-crate-metadata.json"
PLAIN_TEXT = ["text/html", "text/plain"]
REAL = "04-trade-turnover"
ROLE = re.compile(r"\{[a-z:_-]+\}`|^(?:`{3,}|:{3,})\{", re.MULTILINE)
ALT = "Bars of two made-up years: 1 in 2000 and 2 in 2001, so the value doubled."
PROSE = """# A small chapter

Trade doubled to {eval}`value` ({numref}`fig-made`, {numref}`tab-made`), see [C08](#c08) {cite:p}`mikovic2024`.
{cite:t}`mikovic2024` says so; [our table](#table-trade_eurostat), [](../book/verdicts.md) and {numref}`fig-other` do too."""
HERE, OTHER = "notebooks/01-small", "notebooks/02-other"


def figure() -> Figure:
    drawing, axes = canvas(height=2)
    axes.bar([2000, 2001], [1, 2])
    frame = pd.DataFrame({"year": [2000, 2001], "value": [1, 2]})
    return Figure("fig-made", "The value doubled.", "Made up, no unit", ALT, ("mikovic2024",), frame, drawing)


LONG = "a cell that is longer than the fifty characters at which pandas cuts"
FRAME = pd.DataFrame({"note": [LONG], "value": [1.23456789], "source": ["mikovic2024"]})


def shown(thing: Figure | Table) -> NotebookNode:
    bundle, metadata = thing._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", bundle, metadata=metadata, execution_count=1)
    cell = nbformat.v4.new_code_cell("thing", id=thing.id, outputs=[output], execution_count=1)
    cell.metadata["tags"] = ["hide-input"]
    return cell


def chapter(prose: str = PROSE) -> Chapter:
    """A chapter as the cache would give it: prose, a glued number, a figure and a table."""
    glued = nbformat.v4.new_output("display_data", {GLUED: "'2_0'"}, metadata={"scrapbook": {"name": "value"}})
    cells = [
        nbformat.v4.new_markdown_cell(prose, id="prose"),
        nbformat.v4.new_code_cell("facts(value='2_0')", id="glue", outputs=[glued], execution_count=1),
        shown(figure()),
        shown(Table("tab-made", "A made-up table", FRAME)),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return Chapter(HERE, nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}))


def read(base: str = "") -> Any:
    """What Sphinx would have read of a small book."""
    labels = {name: (HERE, name) for name in ("fig-made", "tab-made")} | {"fig-other": (OTHER, "fig-other")}
    labels |= {"c08": ("book/claims", "c08"), "table-trade_eurostat": ("book/catalogue", "table-trade-eurostat")}
    pages = {HERE: "A small chapter", OTHER: "Other *things*", "book/verdicts": "Verdicts"}
    here, there = {"figure": {"fig-made": (2,)}, "table": {"tab-made": (3,)}}, {"figure": {"fig-other": (1,)}}
    return SimpleNamespace(
        config=SimpleNamespace(numfig_format={"figure": "Fig. %s", "table": "Table %s"}, html_baseurl=base),
        domaindata={"std": {"anonlabels": labels}},
        titles={page: nodes.title("", title) for page, title in pages.items()},
        toc_fignumbers={HERE: here, OTHER: there},
    )


def exported(of: Chapter, base: str = "") -> dict[str, str]:
    return exports.chapter_exports(read(base), of)


def test_prose_becomes_plain_markdown() -> None:
    source = exports.references()["mikovic2024"]
    lettered = next(r for r in exports.references().values() if r.author == "Reuters" and r.year == "2024aa")
    given = exported(chapter(f"{PROSE} {{cite:p}}`{lettered.key}`"))
    notebook = nbformat.reads(given["ipynb"], 4)
    text = notebook.cells[0].source
    assert text.endswith(f" (Reuters [2024aa]({lettered.url}))")
    assert "doubled to 2\\_0 (Fig. 2, Table 3), see C08" in text
    assert f"({source.author} [2024]({source.url}))" in text
    assert f"{source.author} ([2024]({source.url})) says so" in text
    assert "our table, Verdicts and Fig. 1 in ‘Other \\*things\\*’ do too." in text
    assert notebook.cells[-1].source.startswith("## References")
    assert notebook.cells[-1].source.count("\n- ") == 2, "a source cited twice is listed once"
    compile(given["py"], "chapter.py", "exec")
    assert "# # A small chapter" in given["py"]
    assert "facts(value='2_0')" in given["py"]


def test_links_lead_into_the_book_where_it_has_an_address() -> None:
    at = "https://example.org/book/"
    text = nbformat.reads(exported(chapter(), at)["ipynb"], 4).cells[0].source
    assert f"(Fig. 2, Table 3), see [C08]({at}book/claims.html#c08)" in text
    assert f"[our table]({at}book/catalogue.html#table-trade-eurostat), [Verdicts]({at}book/verdicts.html)" in text
    assert f"[Fig. 1 in ‘Other \\*things\\*’]({at}notebooks/02-other.html#fig-other)" in text


def test_outputs_are_of_types_that_any_jupyter_shows() -> None:
    notebook = nbformat.reads(exported(chapter())["ipynb"], 4)
    nbformat.validate(notebook)
    drawn, tabled = (output.data for cell in notebook.cells for output in cell.get("outputs", []))
    assert (sorted(drawn), sorted(tabled)) == (["image/svg+xml", *PLAIN_TEXT], PLAIN_TEXT)
    picture = BeautifulSoup(drawn["text/html"], "html.parser")
    assert picture.img["alt"] == ALT
    assert picture.figcaption.get_text().startswith("Fig. 2. The value doubled.Made up")
    assert base64.b64decode(picture.img["src"].partition(",")[2]).decode() == drawn["image/svg+xml"]
    grid = BeautifulSoup(tabled["text/html"], "html.parser")
    assert grid.get_text().strip().startswith("Table 3. A made-up table")
    assert LONG in grid.table.get_text()
    assert grid.table.find("a")["href"] == exports.references()["mikovic2024"].url


def test_cards_become_html_with_anchor_and_numbers() -> None:
    soup = BeautifulSoup(card("C08").html(), "html.parser")
    assert soup.section["id"] == "verdict-C08"
    assert "Decided by" in soup.section.get_text()
    assert [cell.get_text() for cell in soup.details.table.find_all("th")][:2] == ["measured by", "17 May 2024"]


@pytest.mark.parametrize("role", ["eval", "numref", "cite:p", "unheard"])
def test_what_cannot_be_resolved_stops_the_export(role: str) -> None:
    with pytest.raises(ExportError, match="unheard|fig-missing"):
        exported(chapter(f"{{{role}}}`fig-missing`"))


def loads(page: str) -> list[str]:
    """What a browser would fetch to show a page: of all elements and styles, but not of links to follow."""
    soup = BeautifulSoup(page, "html.parser")
    found = [str(e[a]) for e in soup.find_all(True) for a in ("src", "srcset", "data", "poster") if e.get(a)]
    found += [str(e["href"]) for e in soup.find_all(["link", "use", "image"]) if e.get("href")]
    styles = [e.get_text() for e in soup.find_all("style")] + [str(e["style"]) for e in soup.find_all(style=True)]
    found += [url for style in styles for url in re.findall(r"url\(([^)]*)\)|@import\s+([^;]+)", style)]
    return [url for url in found if not str(url).startswith("data:")]


def test_page_asks_no_host_for_anything() -> None:
    assert loads('<script src="https://a.org/x.js"></script>') == ["https://a.org/x.js"]
    assert loads("<style>a{background:url(https://b.org)}</style>") != []
    page = exported(chapter())["html"]
    soup = BeautifulSoup(page, "html.parser")
    assert loads(page) == []
    assert soup.find_all("script") == []
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert soup.html["lang"] == "en"
    assert soup.title.get_text() == "A small chapter"
    assert soup.find("details", class_="code").find("pre")


def test_verdicts_table_holds_all_claims_on_both_dates() -> None:
    found = exports.verdicts_table()
    assert found.groupby("claim")["as_of"].agg(set).map(len).eq(2).all()
    turnover = found[(found["claim"] == "C08") & (found["as_of"] == "publication")].iloc[0]
    assert float(turnover["observed"]) == pytest.approx(240.1, abs=0.05)
    assert turnover["stated_value"] == 240
    assert 0 < turnover["agreeing"] <= turnover["evidence"] <= turnover["variants"]
    assert turnover["grade"] in data.GRADES


def test_a_figure_tells_title_source_licence_and_address_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(contents.ADDRESS, "https://example.org/east/")
    drawn = dataclasses.replace(figure(), id="fig-trade-turnover")
    address = f"https://example.org/east/notebooks/{REAL}.html#{drawn.id}"
    bundle, _ = drawn._repr_mimebundle_()
    svg = Xml.fromstring(bundle["image/svg+xml"].partition("?>")[2].partition(">")[2])
    told = " ".join(svg.find("{*}metadata").itertext())
    assert svg.findtext("{*}title") == drawn.title
    png = Image.open(io.BytesIO(base64.b64decode(bundle[FIGURE]["png"]))).text
    pdf = PdfReader(io.BytesIO(base64.b64decode(bundle[FIGURE]["pdf"]))).metadata
    assert (png["Title"], png["Author"]) == (pdf.title, pdf.author) == (drawn.title, "The Eastward team")
    for text in (told, " ".join(png.values()), pdf.subject):
        for part in ("Mikovic (2024)", "https://creativecommons.org/licenses/by/4.0/", address, drawn.subtitle):
            assert part in text
    assert "<metadata>" not in bundle[FIGURE]["svg"], "pages say it beside the drawing"
    monkeypatch.delenv(contents.ADDRESS)
    assert b"example.org" not in drawn.save("svg") + drawn.save("png"), "no address where the book has none"


def test_zip_is_the_same_twice_and_dated_by_the_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, one, two = tmp_path / "in", tmp_path / "one.zip", tmp_path / "two.zip"
    (folder / "b").mkdir(parents=True)
    for name in ("z", "b/a"):
        (folder / name).write_text(name)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1715904000")
    exports.pack(folder, one)
    (folder / "z").chmod(0o600)
    (folder / "z").touch()
    exports.pack(folder, two)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert archive.namelist() == ["b/a", "z"]
        assert {entry.date_time for entry in archive.infolist()} == {(2024, 5, 17, 0, 0, 0)}


# ---- The book's own chapters -------------------------------------------------------------------------------------


def environment() -> Any:
    file = data.root() / "_build" / ".doctrees" / "environment.pickle"
    assert file.is_file(), "run make html first"
    return pickle.loads(file.read_bytes())


@pytest.mark.book
def test_a_page_depends_on_all_that_it_shows() -> None:
    """On verdicts, tables and results: Sphinx reads a page again when one of these files is newer."""
    root = data.root()
    shown = {page: {(root / f).resolve() for f in files} for page, files in environment().dependencies.items()}
    results = {f"notebooks/{file.stem}": execution.result(root, file) for file in contents.chapters(root)}
    assert [page for page, result in results.items() if result not in shown[page]] == []
    assert shown["book/catalogue"] > {root / "data" / data.describe(table)["path"] for table in data.tables()}
    assert root / "data" / "datapackage.json" in shown["book/catalogue"]
    assert {page for page in shown if root / pages.TOLD in shown[page]} >= {"book/index", "book/brief"}
    assert results[f"notebooks/{REAL}"] in shown["book/index"], "which shows a figure of that chapter again"


@pytest.fixture(scope="session")
def written() -> Path:
    """All exports of the book, as ``make exports`` wrote them."""
    folder = data.root() / "_build" / "exports"
    assert folder.is_dir(), "run make exports first"
    return folder


def targets(value: Any) -> list[str]:
    """Ids of the entities that a property points to."""
    return [item["@id"] for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


@pytest.mark.book
def test_every_chapter_has_its_exports_with_the_numbers_of_the_book(written: Path) -> None:
    """Captions and references of each exported chapter are held against its built page."""
    said = 0
    for file in contents.chapters(data.root()):
        found = {form.suffix: form for form in (written / "chapters").glob(f"{file.stem}.*")}
        assert set(found) == {".ipynb", ".html", ".py"}
        notebook = nbformat.read(found[".ipynb"], 4)
        nbformat.validate(notebook)
        prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert not ROLE.search(prose), file.stem
        for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
            assert set(output.data) <= set(exports.PLAIN)
            assert not ROLE.search(output.data.get("text/html", ""))
        text = found[".html"].read_text(encoding="utf-8")
        assert loads(text) == []
        assert "<script" not in text
        compile(found[".py"].read_text(encoding="utf-8"), file.stem, "exec")
        built = data.root() / "_build" / "html" / "notebooks" / f"{file.stem}.html"
        book, page = (BeautifulSoup(t, "lxml") for t in (built.read_text(encoding="utf-8"), text))
        for shown in book.select("article .caption-number"):
            name, number = shown.find_parent(["figure", "table"])["id"], shown.get_text().strip()
            caption = page.find(id=name).select_one("figcaption, p").get_text()
            assert caption.startswith(f"{number}. "), f"{file.stem}: {number} is {caption}"
            if name.startswith("fig-"):
                assert labelled(name) == f"{number}. ", "a notebook by itself counts as the book does"
        numbers = [reference.get_text() for reference in book.select("article .std-numref")]
        assert re.findall(r"(?:Fig\.|Table) \d+", prose) == numbers
        said += len(numbers)
        assert all(len(image["alt"]) >= 40 for image in page.find_all("img"))
        if file.stem == REAL:
            assert all(page.find(id=name) for name in ("fig-trade-turnover", "verdict-C08", "tab-turnover-2023"))
            for code in page.find_all("pre"):
                code.decompose()
            assert "\\" not in page.main.get_text(), "a backslash of the markup is left in the prose"
            assert all(words in page.main.get_text() for words in ("240.1", "✓* supported with caveats"))
    assert said > 50


@pytest.mark.book
@pytest.mark.skipif(not shutil.which("xelatex"), reason="xelatex is not installed, so there is no PDF")
def test_numbers_are_those_of_the_pdfs_lists() -> None:
    pdf = data.root() / "_build" / "eastward.pdf"
    assert pdf.is_file(), "run make pdf first"
    reader, env = PdfReader(pdf), environment()
    fronts = [page for page, label in zip(reader.pages, reader.page_labels, strict=True) if label.isalpha()]
    lists = squeezed("".join(page.extract_text() for page in fronts))
    labels = env.domaindata["std"]["labels"]
    found = {name: title for name, (*_, title) in labels.items() if name.startswith(("fig-", "tab-"))}
    for name, title in found.items():
        assert squeezed(f"{exports.numbered(env, name).split()[1]}{title}") in lists, name
    assert len(found) > 80


@pytest.mark.book
def test_figures_and_tables_stand_loose(written: Path) -> None:
    for chapter in exports.executed(data.root()):
        for content in chapter.outputs(FIGURE):
            paths = {form: written / "figures" / f"{content['id']}.{form}" for form in exports.FIGURE_FORMS}
            assert "<svg" in paths["svg"].read_text(encoding="utf-8")
            assert paths["pdf"].read_bytes().startswith(b"%PDF")
            with Image.open(paths["png"]) as image:
                assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
            assert len(pd.read_csv(paths["csv"])) > 0
        for content in chapter.outputs(TABLE):
            assert (written / "tables" / f"{content['id']}.csv").read_text(encoding="utf-8") == content["csv"]
        numbered = [text for text in chapter.outputs(MYST) if re.search(r"^````\{table\} .+\n:name: ", text, re.M)]
        assert len(list(chapter.outputs(TABLE))) == len(numbered), "a table without its data"


@pytest.mark.book
def test_crate_describes_every_file_and_its_references_resolve(written: Path) -> None:
    with zipfile.ZipFile(written / exports.SUPPLEMENT) as archive:
        found = json.loads(archive.read(CRATE))
        sizes = {e.filename: str(e.file_size) for e in archive.infolist() if e.filename != CRATE}
    assert found["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in found["@graph"]}
    root = entities["./"]
    assert entities[CRATE]["about"] == {"@id": "./"}
    assert entities[CRATE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert root["@type"] == "Dataset"
    assert all(root[needed] for needed in ("name", "description", "datePublished", "license", "author", "publisher"))
    assert [entity["url"] for entity in entities.values() if entity["@type"] == "Organization"]
    for identity, entity in entities.items():
        for name, value in entity.items():
            if name != "conformsTo":
                assert [t for t in targets(value) if t not in entities] == [], (identity, name)
            if name != "hasPart":
                assert not (isinstance(value, list) and len(value) == 1), "roc-validator recommends single values"
    assert {i for i, e in entities.items() if "File" in e["@type"]} - {CRATE} == set(sizes)
    for name, size in sizes.items():
        file = entities[name]
        assert all(file[needed] for needed in ("name", "description", "encodingFormat")), name
        assert targets(file["license"]), name
        assert file["contentSize"] == size
    tables = {resource["path"] for resource in data.package()["resources"]}
    assert {f"data/{name}" for name in ("datapackage.json", "claims.yaml", *tables)} <= set(sizes)
    assert {"verdicts.csv", "references.bib", "LICENSE", "LICENSE-CONTENT"} <= set(sizes)
    for chapter in exports.executed(data.root()):
        for content in chapter.outputs(FIGURE):
            drawing = entities[f"figures/{content['id']}.svg"]
            assert drawing["description"] == content["alt"]
            cited = targets(drawing.get("citation", []))
            assert [entities[c]["identifier"] for c in cited] == content["sources"]


@pytest.mark.book
def test_exports_repeat_and_hold_no_local_path(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(written / exports.SUPPLEMENT) as archive:
        epoch = calendar.timegm((*archive.infolist()[0].date_time, 0, 0, 0))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(epoch))
    exports.write(environment(), data.root(), tmp_path / "again")
    found, again = held(written), held(tmp_path / "again")
    assert [name for name in found.keys() | again if found.get(name) != again.get(name)] == []
    with zipfile.ZipFile(written / exports.SUPPLEMENT) as archive:
        found |= {f"zip/{name}": archive.read(name) for name in archive.namelist()}
    local = [str(data.root()).encode(), str(tmp_path.parent).encode(), b"/tmp/"]
    assert [(name, path) for name, content in found.items() for path in local if path in content] == []
