"""Exports: chapters as notebook, page and script, figures, tables, Parquet, and a supplement as an RO-Crate.

``python -m eastward.publish.exports`` writes to ``_build/exports``, and to ``_build/html/exports`` where the HTML book is built::

    chapters/<chapter>.ipynb, .html, .py    with outputs; standalone, without a request to any host; the code
    figures/<figure>.svg, .png, .pdf, .csv  drawing (PNG with 300 dpi) and the numbers drawn
    tables/<table>.csv                      tables of the chapters
    data/<table>.parquet                    tables of the data package
    eastward-supplement.zip                 all but the chapters and Parquet, described as an RO-Crate 1.1

Chapters come from the cache of :mod:`eastward.publish.execution`; they are executed only where it does not hold them. The same inputs
give the same bytes: entries are sorted, ids are stable, and times are ``SOURCE_DATE_EPOCH`` or, without it, fixed.
"""

from __future__ import annotations

import ast
import base64
import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from nbconvert.exporters import HTMLExporter, PythonExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from rocrate.model import ContextEntity
from rocrate.rocrate import ROCrate

from eastward import data
from eastward.claims import questions
from eastward.claims.verdicts import AS_OF, verdict
from eastward.publish import citation, contents, execution
from eastward.publish.pages import generate, programs
from eastward.publish.references import references
from eastward.show.tables import MYST
from eastward.show.words import escape, labelled, number

FIGURE = "application/vnd.eastward.figure+json"
TABLE = "application/vnd.eastward.table+json"
GLUE = "application/papermill.record/text/plain"
PLAIN = ("text/html", "image/svg+xml", "image/png", "text/plain")
"""The types of output that any Jupyter shows; exported chapters hold no other."""

FIGURE_FORMS = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "csv": "text/csv"}
SUPPLEMENT = "eastward-supplement.zip"
EARLIEST = 315532800
"""1 January 1980 (UTC) in seconds since 1970: the earliest time that a zip file can hold."""

Licence = tuple[str, str]
"""Address and name."""

CC_BY: Licence = ("https://creativecommons.org/licenses/by/4.0/", "Creative Commons Attribution 4.0")
MIT: Licence = ("https://spdx.org/licenses/MIT", "MIT License")


class ExportError(RuntimeError):
    """A chapter that cannot be exported: names the chapter or the text at fault and what to do."""


# ---- What chapters refer to -------------------------------------------------------------------------------------

_HEADING = re.compile(r"^# +(.+)", re.MULTILINE)
_INCLUDE = re.compile(r"^```\{include\} (\S+)\n```$", re.MULTILINE)
_TABLE = re.compile(r"^(?:`{3,}|:{3,})\{table\} (.+)\n((?::[a-z]+:.*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Label:
    """A figure or table: its number (``Fig. 14``, counted through the book), its title, the page that shows it."""

    name: str
    title: str
    page: str


Captions = list[tuple[str, str, str]]
"""Kind (``Fig.`` or ``Table``), id (may be empty) and title of all that a page numbers, in its order."""


@dataclass
class Chapter:
    """An executed chapter: its file name without ending, its title, its notebook with outputs."""

    id: str
    title: str
    notebook: NotebookNode

    @property
    def bundles(self) -> list[NotebookNode]:
        """Outputs by type, in their order."""
        return [out for cell in self.notebook.cells for out in cell.get("outputs", []) if "data" in out]

    def outputs(self, mime: str) -> list[Any]:
        """Return what outputs hold of a type, in their order."""
        return [out["data"][mime] for out in self.bundles if mime in out["data"]]

    def glued(self) -> dict[str, Any]:
        """Values that the chapter's code offers to its prose."""
        given = [out for out in self.bundles if GLUE in out["data"]]
        return {out["metadata"]["scrapbook"]["name"]: ast.literal_eval(out["data"][GLUE]) for out in given}

    def captions(self) -> Captions:
        """Return the chapter's figures, then its tables."""
        figures = [("Fig.", content["id"], content["title"]) for content in self.outputs(FIGURE)]
        return figures + [("Table", content["id"], content["caption"]) for content in self.outputs(TABLE)]


def executed(root: Path) -> list[Chapter]:
    """Return all chapters with their results, from the cache of :mod:`eastward.publish.execution`.

    Raises:
        ExportError: the cache does not hold a chapter.

    """
    found = []
    for file, notebook in execution.results(root):
        if notebook is None:
            raise ExportError(f"{file.name} is not executed: run python -m eastward.publish")
        found.append(Chapter(file.stem, _title(notebook, file.stem), notebook))
    return found


def _title(notebook: NotebookNode, otherwise: str) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (heading := _HEADING.match(cell.source)):
            return heading[1].strip()
    return otherwise


def page_text(root: Path, page: str) -> str:
    """Return the MyST text of a page without code, with the pages written from the data that it includes."""
    file = root / f"{page}.md"
    text = file.read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda found: (file.parent / found[1]).read_text(encoding="utf-8"), text)


def captions(text: str) -> Captions:
    """Return the tables with a title of a MyST text; pages without code have no figures."""
    found = []
    for title, options in _TABLE.findall(text):
        name = re.search(r"^:name: (\S+)", options, re.MULTILINE)
        found.append(("Table", name[1] if name else "", re.sub(r"\\(.)", r"\1", title)))
    return found


def numbered(pages: Mapping[str, Captions]) -> dict[str, Label]:
    """Number figures and tables through the book, as Sphinx does.

    Args:
        pages: what each page shows, by its name in the table of contents and in its order.

    Returns:
        All that have an id, by id.

    """
    counts: Counter[str] = Counter()
    found = {}
    for page, shown in pages.items():
        for kind, name, title in shown:
            counts[kind] += 1
            if name:
                found[name] = Label(f"{kind} {counts[kind]}", title, page)
    return found


def labels_and_titles(root: Path, chapters: list[Chapter]) -> tuple[dict[str, Label], dict[str, str]]:
    """Return all figures and tables of the book by id, and the titles of its pages by their last name."""
    executed_here = {f"notebooks/{chapter.id}": chapter for chapter in chapters}
    shown, titles = {}, {}
    for page in contents.pages(root):
        if chapter := executed_here.get(page):
            shown[page], titles[chapter.id] = chapter.captions(), chapter.title
        else:
            text = page_text(root, page)
            heading = _HEADING.search(text)
            shown[page], titles[Path(page).name] = captions(text), heading[1].strip() if heading else page
    return numbered(shown), titles


# ---- From MyST to plain Markdown and HTML -----------------------------------------------------------------------

_ROLE = re.compile(r"(?<!\\)\{([a-z][a-z:_-]*)\}`([^`]+)`")
_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\\\[\]])*)\]\((#[^)]*|[^):]*\.(?:md|ipynb)(?:#[^)]*)?)\)")
_SPAN = re.compile(r"(?<!\\)\[((?:\\.|[^\\\[\]])+)\]\{\.[^}]*\}")
_CITED = re.compile(r"\{cite:[pt]\}`([^`]+)`")


@dataclass
class Resolver:
    """Turns the book's own markup into plain Markdown for one chapter, and notes what it cites.

    Attributes:
        chapter: id of the chapter.
        values: what ``{eval}`` stands for.
        labels: figures and tables of the book, by id.
        titles: titles of its pages, by their last name (of chapters, by id).
        base: address of the HTML book, or empty; links into the book become plain text without it.
        cited: keys of the sources met so far, in their order.

    """

    chapter: str
    values: Mapping[str, Any]
    labels: Mapping[str, Label]
    titles: Mapping[str, str]
    base: str = ""
    cited: dict[str, None] = field(default_factory=dict)

    def markdown(self, text: str) -> str:
        """Return MyST text as CommonMark: roles and links into the book resolved, classes of words dropped.

        Raises:
            ExportError: a role, or what it names, is not known.

        """
        return _ROLE.sub(self._role, _LINK.sub(self._link, _SPAN.sub(r"\1", text)))

    def _role(self, found: re.Match[str]) -> str:
        role, content = found[1], found[2]
        shown, _, target = content.rpartition("<") if content.endswith(">") else ("", "", content)
        shown, target = shown.strip(), target.removesuffix(">").strip()
        try:
            if role == "eval":
                name, _, form = content.partition(":")
                return escape(format(self.values[name], form))
            if role in ("cite:p", "cite:t"):
                return self._cite([key.strip() for key in content.split(",")], role == "cite:p")
            if role == "numref":
                return shown or self._number(target)
            if role == "ref":
                return self._reference(target, shown)
        except KeyError as error:
            raise ExportError(f"{self.chapter}: {found[0]} names {error}, which does not exist") from None
        raise ExportError(f"{self.chapter}: no export of the role in {found[0]}: teach it to eastward.publish.exports")

    def _cite(self, keys: list[str], in_brackets: bool) -> str:
        self.cited.update(dict.fromkeys(keys))
        parts = []
        for source in (references()[key] for key in keys):
            year = f"[{source.year}]({source.url})" if source.url else source.year
            parts.append(f"{escape(source.author)} {year if in_brackets else f'({year})'}")
        return f"({'; '.join(parts)})" if in_brackets else ", ".join(parts)

    def _number(self, target: str) -> str:
        label = self.labels[target]
        page = label.page.rpartition("/")[2]
        if page == self.chapter:
            return label.name
        # The number is the book's, but whoever reads this chapter alone has to be told where it stands.
        return self._into_book(f"{label.name} in ‘{escape(self.titles[page])}’", f"{label.page}.html#{target}")

    def _reference(self, target: str, shown: str) -> str:
        if target.startswith("table-"):
            title = escape(data.describe(target.removeprefix("table-"))["title"])
            return self._into_book(shown or title, f"book/catalogue.html#{target.replace('_', '-')}")
        if re.fullmatch(r"c\d+", target):
            return self._into_book(shown or target.upper(), f"book/claims.html#{target}")
        return shown or escape(self.labels[target].title)

    def _link(self, found: re.Match[str]) -> str:
        text, target = found[1], found[2]
        if re.fullmatch(r"#c\d+", target):
            return self._into_book(text, f"book/claims.html{target}")
        if target.startswith("#"):
            return text or target[1:]
        page = re.sub(r"\.(?:md|ipynb)", ".html", target.removeprefix("../"))
        page = page if "/" in page else f"notebooks/{page}"
        name = Path(page.partition("#")[0]).stem
        return self._into_book(text or escape(self.titles.get(name, name)), page)

    def _into_book(self, text: str, path: str) -> str:
        return f"[{text}]({self.base.rstrip('/')}/{path})" if self.base else text


class PlainPreprocessor(Preprocessor):
    """Makes an executed chapter readable in any Jupyter: resolves the book's markup, keeps common types of output only."""

    def __init__(self, resolver: Resolver, **options: Any):
        super().__init__(**options)
        self.enabled = True
        self.resolver = resolver

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with plain cells and a list of the sources that it cites."""
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = self.resolver.markdown(cell.source)
            elif cell.cell_type == "code":
                cell.outputs = [plain for output in cell.outputs if (plain := self._output(output))]
                cell.metadata = {"tags": cell.metadata.get("tags", []), "jupyter": {"source_hidden": True}}
        nb.metadata = {k: v for k, v in nb.metadata.items() if k in ("kernelspec", "language_info")}
        nb.metadata["title"] = self.resolver.titles[self.resolver.chapter]
        if self.resolver.cited:
            known = sorted((references()[key] for key in self.resolver.cited), key=lambda r: r.rank)
            text = "\n".join(["## References", "", *(f"- {source.full}" for source in known)])
            nb.cells.append(nbformat.v4.new_markdown_cell(text, id="references"))
        return nb, resources

    def _output(self, output: NotebookNode) -> NotebookNode | None:
        if "data" not in output:
            return output
        content = output["data"]
        keys = [key for found in _CITED.findall(content.get(MYST, "")) for key in found.split(",")]
        keys += content[FIGURE]["sources"] if FIGURE in content else []
        self.resolver.cited.update(dict.fromkeys(key for key in keys if key))
        for mime, start in ((FIGURE, "<figcaption><strong>"), (TABLE, "<p><strong>")):
            if mime in content:  # a notebook by itself does not know the book's numbers
                name = content[mime]["id"]
                label = f"{start}{self.resolver.labels[name].name}. "
                content["text/html"] = content["text/html"].replace(start + labelled(name), label, 1)
        kept = {mime: content[mime] for mime in PLAIN if mime in content}
        return NotebookNode({**output, "data": kept, "metadata": {}}) if kept and GLUE not in content else None


# ---- Chapters ---------------------------------------------------------------------------------------------------


def chapter_exports(
    chapter: Chapter, labels: Mapping[str, Label], titles: Mapping[str, str], base: str = ""
) -> dict[str, str]:
    """Return a chapter as text, by form: ``ipynb`` with outputs, standalone ``html``, script ``py``.

    Args:
        chapter: executed chapter.
        labels: figures and tables of the book, by id.
        titles: titles of its pages, by their last name (of chapters, by id).
        base: address of the HTML book, or empty.

    Raises:
        ExportError: the chapter holds markup that cannot be resolved.

    """
    notebook = NotebookNode(nbformat.from_dict(chapter.notebook))
    resolver = Resolver(chapter.id, chapter.glued(), labels, titles, base)
    plain, _ = PlainPreprocessor(resolver).preprocess(notebook, {})
    plain = nbformat.from_dict(plain)
    nbformat.validate(plain)
    template = data.root() / "book" / "_templates" / "chapter.html.j2"
    page, _ = HTMLExporter(template_file=str(template)).from_notebook_node(plain)
    script, _ = PythonExporter(exclude_input_prompt=True).from_notebook_node(plain)
    return {"ipynb": nbformat.writes(plain) + "\n", "html": page, "py": script}


# ---- Figures, tables, data --------------------------------------------------------------------------------------


def figure_files(content: Mapping[str, Any], svg: str) -> dict[str, bytes]:
    """Return a figure's files by form: drawing as SVG, PNG (300 dpi) and PDF, the numbers drawn as CSV."""
    binary = {form: base64.b64decode(content[form]) for form in ("png", "pdf")}
    return {"svg": svg.encode("utf-8"), **binary, "csv": content["csv"].encode("utf-8")}


def parquet(table: str) -> bytes:
    """Return a table of the data package as Parquet: its own columns, typed, with their descriptions."""
    resource = data.describe(table)
    fields = resource["schema"]["fields"]
    frame = data.load(table)[[f["name"] for f in fields]]
    columns = pa.Table.from_pandas(frame, preserve_index=False)
    described = [
        columns.schema.field(f["name"]).with_metadata({"description": f.get("description", "")}) for f in fields
    ]
    about = {k: resource[k] for k in ("name", "title", "description")}
    about["licence"] = resource["licenses"][0]["name"]
    sink = pa.BufferOutputStream()
    pq.write_table(columns.cast(pa.schema(described, metadata=about)), sink)
    return bytes(sink.getvalue())


def verdicts_table() -> pd.DataFrame:
    """Return all verdicts, one row a question and date.

    Returns:
        Columns ``claim``, ``question`` (``said`` or ``so`` of an attributed claim), ``as_of`` (``publication`` or
        ``hindsight``), ``status``, ``caveat``, ``basis``, ``kinds``, ``place`` in the op-ed, ``words`` quoted, ``short``, ``stated`` (as the op-ed words it), ``stated_value`` and ``unit``, ``observed`` (of the first
        deciding variant), ``deviation`` (relative), ``agreeing`` of ``evidence`` (pieces of evidence with the outcome that decides), ``variants`` (number), ``grade`` of the source that decides.

    """
    rows = []
    for claim in questions().values():
        for as_of in AS_OF:
            found, computed = verdict(claim.id, as_of), claim.basis == "computed"
            agreeing, evidence = found.agreement or (None, None)
            rows.append(
                {
                    "claim": claim.id, "question": claim.question, "as_of": as_of, "status": found.status,
                    "caveat": found.caveat, "basis": claim.basis, "kinds": "; ".join(claim.kinds), "place": claim.where,
                    "words": " … ".join(claim.words), "short": claim.short, "stated": claim.stated_text,
                    "stated_value": claim.stated.value, "unit": claim.stated.unit,
                    "observed": _plain_value(found.observed) if computed else "",
                    "deviation": found.deviation if computed else None, "agreeing": agreeing, "evidence": evidence,
                    "variants": len(found.variants), "grade": found.grade if computed else "",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _plain_value(value: object) -> str:
    """Write a value for machines: numbers in full, days as ISO 8601, truth as yes or no."""
    if value is None or isinstance(value, bool):
        return "" if value is None else number(value)
    return str(value)


# ---- The supplement ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A file of the supplement and what its metadata say."""

    path: str
    content: bytes
    name: str
    description: str
    form: str
    licences: tuple[Licence, ...] = (CC_BY,)
    sources: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def _figure_items(chapters: Iterable[Chapter]) -> Iterator[Item]:
    terms = _terms()
    for chapter in chapters:
        for bundle in (out["data"] for out in chapter.bundles if FIGURE in out["data"]):
            content = bundle[FIGURE]
            sources, made = tuple(content["sources"]), figure_files(content, bundle["image/svg+xml"])
            numbers = f"figures/{content['id']}.csv"
            about = f"Numbers drawn in the figure ‘{content['title']}’: {content['subtitle']}"
            licences = tuple(dict.fromkeys(licence for key in sources for licence in terms.get(key, (CC_BY,))))
            yield Item(numbers, made.pop("csv"), content["title"], about, "text/csv", licences or (CC_BY,), sources)
            more = {"@type": ["File", "ImageObject"], "caption": content["subtitle"], "isBasedOn": {"@id": numbers}}
            for form, file in made.items():
                path = f"figures/{content['id']}.{form}"
                yield Item(path, file, content["title"], content["alt"], FIGURE_FORMS[form], (CC_BY,), sources, more)


def _table_items(chapters: Iterable[Chapter]) -> Iterator[Item]:
    for chapter in chapters:
        for content in chapter.outputs(TABLE):
            about = f"Table of the chapter ‘{chapter.title}’: {content['caption']}"
            file = content["csv"].encode("utf-8")
            yield Item(f"tables/{content['id']}.csv", file, content["caption"], about, "text/csv")


def _data_items(root: Path) -> Iterator[Item]:
    for resource in data.package()["resources"]:
        frame = data.load(resource["name"])
        sources = tuple(dict.fromkeys(frame["source"].dropna())) if "source" in frame else ()
        yield Item(
            f"data/{resource['path']}", (root / "data" / resource["path"]).read_bytes(), resource["title"],
            resource["description"], "text/csv", _licences(resource), sources,
        )  # fmt: skip
    made = pd.DataFrame(programs(), columns=["shown", "notebook", "cell"]).to_csv(index=False, lineterminator="\n")
    yield Item("programs.csv", made.encode(), "Programs", "What makes each figure and table.", "text/csv")
    about = "The op-ed's claims in its decisive words, and their rules."
    described = {
        "README.md": ("data/", "Data availability", "Sources, their rights and how to get them.", "text/markdown"),
        "data/datapackage.json": (
            "",
            "Data package",
            "Frictionless descriptor of all tables in data/.",
            "application/json",
        ),
        "data/claims.yaml": ("", "Claims and rules", about, "application/yaml"),
        "references.bib": ("book/", "Bibliography", "All sources, in BibTeX.", "application/x-bibtex"),
        "CITATION.cff": ("", "Citation", "How to cite the book.", "application/yaml"),
        "LICENSE": ("", "Licence of the code", "MIT licence.", "text/plain"),
        "LICENSE-CONTENT": ("", "Licence of text, figures and data", "CC BY 4.0.", "text/plain"),
    }
    for path, (folder, name, about, form) in described.items():
        licence = MIT if path == "LICENSE" else CC_BY
        yield Item(path, (root / folder / path).read_bytes(), name, about, form, (licence,))


def _licences(resource: Mapping[str, Any]) -> tuple[Licence, ...]:
    return tuple((licence["path"], licence["title"]) for licence in resource["licenses"])


def _terms() -> dict[str, tuple[Licence, ...]]:
    """Licences of the sources whose table is not ours to licence: its numbers stay under them in figures too."""
    found: dict[str, tuple[Licence, ...]] = {}
    for resource in data.package()["resources"]:
        if (licences := _licences(resource)) != (CC_BY,):
            found |= dict.fromkeys(data.load(resource["name"])["source"].dropna(), licences)
    return found


def supplement_items(root: Path, chapters: list[Chapter]) -> list[Item]:
    """Return all files of the supplement, sorted by path."""
    table = verdicts_table().to_csv(index=False, lineterminator="\n").encode("utf-8")
    about = "Verdict, stated and observed value, and robustness of each claim on both dates."
    items = [Item("verdicts.csv", table, "Verdicts", about, "text/csv")]
    items += [*_figure_items(chapters), *_table_items(chapters), *_data_items(root)]
    return sorted(items, key=lambda item: item.path)


def crate(items: list[Item], folder: Path) -> None:
    """Write the items below a folder with ``ro-crate-metadata.json``, which describes each (RO-Crate 1.1)."""
    result = ROCrate(version="1.1")
    _describe_whole(result)
    licences = {licence: _entity(result, "CreativeWork", *licence) for item in items for licence in item.licences}
    cited = sorted({key for item in items for key in item.sources})
    sources = dict(_source_entities(result, cited))
    result.add(*licences.values(), *sources.values())
    result.root_dataset["license"] = licences[CC_BY]
    for part in sorted({item.path.partition("/")[0] for item in items if "/" in item.path}):
        result.add_directory(dest_path=f"{part}/", properties={"name": part, "description": f"Files of {part}."})
    for item in items:
        _put(folder / item.path, item.content)
        about = {"name": item.name, "description": item.description, "encodingFormat": item.form}
        about |= {"contentSize": str(len(item.content)), **item.more}
        file = result.add_file(folder / item.path, dest_path=item.path, properties=about)
        file["license"] = [licences[licence] for licence in item.licences]
        if item.sources:
            file["citation"] = [sources[key] for key in item.sources]
    result.metadata.write(folder)


def _describe_whole(result: ROCrate) -> None:
    whole = citation.book()
    result.name = f"Supplement to {whole.title}"
    result.description = whole.abstract
    # The day of the release, not of this run: the same inputs give the same bytes.
    given = {"datePublished": whole.released.isoformat(), "version": whole.version, "keywords": list(whole.keywords)}
    people = []
    for author in whole.authors:
        kind, name = ("Person" if author.is_person else "Organization"), f"{author.given} {author.family}".strip()
        people.append(result.add(_entity(result, kind, author.orcid or f"#{quote(author.family)}", name)))
    for field_name, value in (given | {"author": people}).items():
        result.root_dataset[field_name] = value


def _entity(of: ROCrate, kind: str, identity: str, name: str, **more: str) -> ContextEntity:
    return ContextEntity(of, identity, properties={"@type": kind, "name": name, **more})


def _source_entities(of: ROCrate, keys: Iterable[str]) -> Iterator[tuple[str, ContextEntity]]:
    """Sources as entities whose id is their address, as RO-Crate asks for publications; one address may hold several."""
    taken: set[str] = set()
    for key in keys:
        source, reference = data.sources()[key], references()[key]
        identity = reference.url or f"#{key}"
        identity = identity if identity not in taken else f"{identity}#{key}"
        taken.add(identity)
        more = {"identifier": key, "creditText": f"{reference.author} ({source.date or 'n.d.'})"}
        more |= {"datePublished": source.date} if source.date else {}
        yield key, _entity(of, "CreativeWork", identity, reference.title, **more)


def pack(folder: Path, target: Path) -> None:
    """Zip a folder so that the same files give the same bytes: sorted entries, one time, one mode."""
    seconds = max(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), EARLIEST)
    stamp = time.gmtime(seconds)[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), stamp)
            entry.external_attr, entry.create_system = 0o644 << 16, 3
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)


# ---- All of it --------------------------------------------------------------------------------------------------


def write(root: Path, target: Path) -> None:
    """Write all exports of the book in ``root`` to ``target``, in place of what stood there.

    Raises:
        ExportError: a chapter is not executed, or holds markup that cannot be resolved.

    """
    chapters, base = executed(root), _base(root)
    generate(root)
    labels, titles = labels_and_titles(root, chapters)
    with data.using(root), _replacing(target) as new, tempfile.TemporaryDirectory() as scratch:
        inside = Path(scratch, "supplement")
        for chapter in chapters:
            for form, text in chapter_exports(chapter, labels, titles, base).items():
                _put(new / "chapters" / f"{chapter.id}.{form}", text.encode("utf-8"))
        for table in data.tables():
            _put(new / "data" / f"{table}.parquet", parquet(table))
        items = supplement_items(root, chapters)
        crate(items, inside)
        for item in items:
            if item.path.startswith(("figures/", "tables/")) or item.path == "verdicts.csv":
                _put(new / item.path, item.content)
        pack(inside, new / SUPPLEMENT)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Yield a new folder that takes the place of ``target`` once it is whole: a failed run leaves the former one as it was."""
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
    part.mkdir(parents=True)
    try:
        yield part
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _base(root: Path) -> str:
    """Address of the HTML book as ``_config.yml`` gives it; empty where it gives none."""
    file = root / "_config.yml"
    config = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return str(config.get("sphinx", {}).get("config", {}).get("html_baseurl") or "")


def main() -> int:
    """``python -m eastward.publish.exports``: execute the chapters that need it and write all exports."""
    root = data.root()
    target, page = root / "_build" / "exports", root / "_build" / "html"
    try:
        with execution.alone(root):
            if failed := execution.execute(root):
                print(f"chapters that failed: {', '.join(failed)}", file=sys.stderr)
                return 1
            write(root, target)
            if page.is_dir():
                with _replacing(page / "exports") as part:
                    shutil.copytree(target, part, dirs_exist_ok=True)
    except (execution.BuildError, ExportError, OSError) as error:
        print(f"export: {error}", file=sys.stderr)
        return 1
    count = sum(f.is_file() for f in target.rglob("*"))
    print(f"exports: {count} files in {target.relative_to(root).as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
