"""Exports: chapters as notebook, page and script, figures, tables, and a supplement as an RO-Crate.

A Sphinx builder, called ``exports``, writes to ``_build/exports``, and to ``_build/html/exports`` where the HTML book is built::

    chapters/<chapter>.ipynb, .html, .py    with outputs; standalone, without a request to any host; the code
    figures/<figure>.svg, .png, .pdf, .csv  drawing (PNG with 300 dpi) and the numbers drawn
    tables/<table>.csv                      tables of the chapters
    eastward-supplement.zip                 all but the chapters, described as an RO-Crate 1.1

Chapters come from the cache of :mod:`eastward.publish.execution`; numbers, labels and titles are those that Sphinx has read for all
forms of the book. The same inputs give the same bytes: entries are sorted, ids are stable, and times are ``SOURCE_DATE_EPOCH`` or,
without it, fixed.
"""

import ast
import base64
import os
import posixpath
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pandas as pd
from myst_nb.ext.glue import GLUE_PREFIX
from nbconvert.exporters import HTMLExporter, PythonExporter
from nbformat import NotebookNode
from rocrate.model import ContextEntity
from rocrate.rocrate import ROCrate
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from eastward import data
from eastward.claims import questions
from eastward.claims.verdicts import AS_OF, verdict
from eastward.publish import citation, execution
from eastward.publish.pages import programs
from eastward.publish.references import references
from eastward.show.figure import FIGURE
from eastward.show.tables import MYST, TABLE
from eastward.show.words import escape, labelled, number

GLUED = f"{GLUE_PREFIX}text/plain"
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


class ExportError(SphinxError):
    """A chapter that cannot be exported: names the chapter or the text at fault and what to do."""

    category = "export"


@dataclass
class Chapter:
    """An executed chapter: its page, such as ``notebooks/04-trade-turnover``, and its notebook with outputs."""

    page: str
    notebook: NotebookNode
    id = property(lambda self: posixpath.basename(self.page))
    title = property(lambda self: self.notebook.cells[0].source.partition("\n")[0].removeprefix("# "))

    @property
    def bundles(self) -> list[NotebookNode]:
        """Outputs by type, in their order."""
        return [out for cell in self.notebook.cells for out in cell.get("outputs", []) if "data" in out]

    def outputs(self, mime: str) -> list[Any]:
        """Return what outputs hold of a type, in their order."""
        return [out["data"][mime] for out in self.bundles if mime in out["data"]]


def executed(root: Path) -> list[Chapter]:
    """Return all chapters with their results, from the cache; one that it does not hold raises :class:`ExportError`."""
    found = []
    for file, notebook in execution.results(root):
        if notebook is None:
            raise ExportError(f"{file.name} is not executed: run python -m eastward.publish")
        found.append(Chapter(file.relative_to(root).with_suffix("").as_posix(), notebook))
    return found


_ROLE = re.compile(r"(?<!\\)\{([a-z][a-z:_-]*)\}`([^`]+)`")
_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\\\[\]])*)\]\((#[^)]*|[^):]*\.(?:md|ipynb)(?:#[^)]*)?)\)")
_SPAN = re.compile(r"(?<!\\)\[((?:\\.|[^\\\[\]])+)\]\{\.[^}]*\}")
_CITED = re.compile(r"\{cite:[pt]\}`([^`]+)`")


def numbered(env: BuildEnvironment, target: str) -> str:
    """Return the number of a figure or table in all forms of the book, such as ``Fig. 14``; nothing of this name raises ``KeyError``."""
    page, anchor = env.domaindata["std"]["anonlabels"][target][:2]
    for kind, numbers in env.toc_fignumbers[page].items():
        if anchor in numbers:
            return str(env.config.numfig_format[kind] % ".".join(map(str, numbers[anchor])))
    raise KeyError(target)


@dataclass
class Resolver:
    """Turns the book's own markup into plain Markdown for one chapter, and notes in ``cited`` the keys of the sources it cites.

    Links into the book become plain text where ``html_baseurl`` is empty.
    """

    env: BuildEnvironment
    chapter: Chapter
    cited: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.labels = self.env.domaindata["std"]["anonlabels"]
        glued = [out for out in self.chapter.bundles if GLUED in out["data"]]
        self.values = {out["metadata"]["scrapbook"]["name"]: ast.literal_eval(out["data"][GLUED]) for out in glued}

    def markdown(self, text: str) -> str:
        """Return MyST text as CommonMark: roles and links into the book resolved, classes of words dropped.

        A role that is not known, or names what is not, raises :class:`ExportError`.
        """
        return _ROLE.sub(self._role, _LINK.sub(self._link, _SPAN.sub(r"\1", text)))

    def _role(self, found: re.Match[str]) -> str:
        role, content = found[1], found[2]
        try:
            if role == "eval":
                name, _, form = content.partition(":")
                return escape(format(self.values[name], form))
            if role in ("cite:p", "cite:t"):
                return self._cite([key.strip() for key in content.split(",")], role == "cite:p")
            if role == "numref":
                said, (page, anchor) = numbered(self.env, content), self.labels[content][:2]
                # The number is the book's, but whoever reads this chapter alone has to be told where it stands.
                elsewhere = "" if page == self.chapter.page else f" in ‘{self._title(page)}’"
                return self._into_book(said + elsewhere, page, anchor)
        except KeyError as error:
            raise ExportError(f"{self.chapter.id}: {found[0]} names {error}, which does not exist") from None
        advice = "teach it to eastward.publish.exports"
        raise ExportError(f"{self.chapter.id}: no export of the role in {found[0]}: {advice}")

    def _cite(self, keys: list[str], in_brackets: bool) -> str:
        self.cited.update(dict.fromkeys(keys))
        parts = []
        for source in (references()[key] for key in keys):
            year = f"[{source.year}]({source.url})" if source.url else source.year
            parts.append(f"{escape(source.author)} {year if in_brackets else f'({year})'}")
        return f"({'; '.join(parts)})" if in_brackets else ", ".join(parts)

    def _link(self, found: re.Match[str]) -> str:
        file, _, anchor = found[2].partition("#")
        page = posixpath.normpath(posixpath.join(self.chapter.page, "..", posixpath.splitext(file)[0]))
        page, anchor = (page, anchor) if file else self.labels.get(anchor, (self.chapter.page, anchor))[:2]
        return self._into_book(found[1] or self._title(page), page, anchor)

    def _title(self, page: str) -> str:
        return escape(self.env.titles[page].astext())

    def _into_book(self, text: str, page: str, anchor: str) -> str:
        base = self.env.config.html_baseurl.rstrip("/")
        place = f"{page}.html#{anchor}".removesuffix("#")
        return f"[{text}]({base}/{place})" if base and page != self.chapter.page else text


def plain(env: BuildEnvironment, chapter: Chapter) -> NotebookNode:
    """Return an executed chapter as any Jupyter shows it: the book's markup resolved, common types of output, its sources listed."""
    resolver, notebook = Resolver(env, chapter), nbformat.from_dict(chapter.notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = resolver.markdown(cell.source)
        elif cell.cell_type == "code":
            cell.outputs = [shown for output in cell.outputs if (shown := _output(env, output, resolver.cited))]
            cell.metadata = {"tags": cell.metadata.get("tags", []), "jupyter": {"source_hidden": True}}
    notebook.metadata = {k: v for k, v in notebook.metadata.items() if k in ("kernelspec", "language_info")}
    notebook.metadata["title"] = chapter.title
    if resolver.cited:
        known = sorted((references()[key] for key in resolver.cited), key=lambda r: r.rank)
        text = "\n".join(["## References", "", *(f"- {source.full}" for source in known)])
        notebook.cells.append(nbformat.v4.new_markdown_cell(text, id="references"))
    notebook = nbformat.from_dict(notebook)
    nbformat.validate(notebook)
    return notebook


def _output(env: BuildEnvironment, output: NotebookNode, cited: dict[str, None]) -> NotebookNode | None:
    if "data" not in output:
        return output
    content = output["data"]
    keys = [key for found in _CITED.findall(content.get(MYST, "")) for key in found.split(",")]
    cited.update(dict.fromkeys(keys + (content[FIGURE]["sources"] if FIGURE in content else [])))
    for mime, start in ((FIGURE, "<figcaption><strong>"), (TABLE, "<p><strong>")):
        if mime in content:  # a notebook by itself does not know the book's numbers
            name = content[mime]["id"]
            label = f"{start}{numbered(env, name)}. "
            content["text/html"] = content["text/html"].replace(start + labelled(name), label, 1)
    kept = {mime: content[mime] for mime in PLAIN if mime in content}
    return NotebookNode({**output, "data": kept, "metadata": {}}) if kept and GLUED not in content else None


def chapter_exports(env: BuildEnvironment, chapter: Chapter) -> dict[str, str]:
    """Return a chapter as text, by form: ``ipynb`` with outputs, standalone ``html``, script ``py``."""
    notebook = plain(env, chapter)
    template = data.root() / "book" / "_templates" / "chapter.html.j2"
    page, _ = HTMLExporter(template_file=str(template)).from_notebook_node(notebook)
    script, _ = PythonExporter(exclude_input_prompt=True).from_notebook_node(notebook)
    return {"ipynb": nbformat.writes(notebook) + "\n", "html": page, "py": script}


def verdicts_table() -> pd.DataFrame:
    """Return all verdicts, one row a question (``said`` or ``so`` of an attributed claim) and date.

    ``observed`` is that of the first deciding variant, ``deviation`` relative; of ``evidence`` (number of pieces) ``agreeing`` have
    the outcome that decides; ``variants`` is a number, ``grade`` that of the source that decides.
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
                    "observed": _machine(found.observed) if computed else "",
                    "deviation": found.deviation if computed else None, "agreeing": agreeing, "evidence": evidence,
                    "variants": len(found.variants), "grade": found.grade if computed else "",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _machine(value: object) -> str:
    """Write a value for machines: numbers in full, days as ISO 8601, truth as yes or no."""
    return number(value) if isinstance(value, bool) else "" if value is None else str(value)


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
            content, svg = bundle[FIGURE], bundle["image/svg+xml"]
            sources, numbers = tuple(content["sources"]), f"figures/{content['id']}.csv"
            about = f"Numbers drawn in the figure ‘{content['title']}’: {content['subtitle']}"
            licences = tuple(dict.fromkeys(licence for key in sources for licence in terms.get(key, (CC_BY,))))
            drawn = {"svg": svg.encode("utf-8")} | {form: base64.b64decode(content[form]) for form in ("png", "pdf")}
            file = content["csv"].encode("utf-8")
            yield Item(numbers, file, content["title"], about, "text/csv", licences or (CC_BY,), sources)
            more = {"@type": ["File", "ImageObject"], "caption": content["subtitle"], "isBasedOn": {"@id": numbers}}
            for form, file in drawn.items():
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
    package = "Frictionless descriptor of all tables in data/."
    described = {
        "README.md": ("data/", "Data availability", "Sources, their rights and how to get them.", "text/markdown"),
        "data/datapackage.json": ("", "Data package", package, "application/json"),
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


def crate(items: list[Item], folder: Path, base: str) -> None:
    """Write the items below a folder with ``ro-crate-metadata.json``, which describes each (RO-Crate 1.1), for a book at ``base``."""
    result = ROCrate(version="1.1")
    _describe_whole(result, base)
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
        file["license"] = _one([licences[licence] for licence in item.licences])
        if item.sources:
            file["citation"] = _one([sources[key] for key in item.sources])
    result.metadata.write(folder)


def _one(values: list[Any]) -> Any:
    """Several values, or the only one by itself, as JSON-LD of a crate asks for."""
    return values[0] if len(values) == 1 else values


def _describe_whole(result: ROCrate, base: str) -> None:
    whole = citation.book()
    result.name = f"Supplement to {whole.title}"
    result.description = whole.abstract
    # The day of the release, not of this run: the same inputs give the same bytes.
    given = {"datePublished": whole.released.isoformat(), "version": whole.version, "keywords": list(whole.keywords)}
    at = {"url": base or {"@id": "README.md"}}  # whose last part says how to reach the team
    people = []
    for who in whole.authors:
        kind, identity = ("Person" if who.given else "Organization"), who.orcid or f"#{quote(who.family)}"
        people.append(result.add(_entity(result, kind, identity, who.name, **at)))
    publisher = result.add(_entity(result, "Organization", f"#{quote(whole.publisher)}", whole.publisher, **at))
    for field_name, value in (given | {"author": _one(people), "publisher": publisher}).items():
        result.root_dataset[field_name] = value


def _entity(of: ROCrate, kind: str, identity: str, name: str, **more: Any) -> ContextEntity:
    return ContextEntity(of, identity, properties={"@type": kind, "name": name, **more})


def _source_entities(of: ROCrate, keys: Iterable[str]) -> Iterator[tuple[str, ContextEntity]]:
    """Sources as entities whose id is their address, as RO-Crate asks for publications; one address may hold several."""
    taken: set[str] = set()
    for key in keys:
        source, reference = data.sources()[key], references()[key]
        identity = reference.url or f"#{key}"
        identity = identity if identity not in taken else f"{identity}#{key}"
        taken.add(identity)
        more = {"identifier": key, "description": f"{reference.author} ({source.date or 'n.d.'})"}
        more |= {"datePublished": source.date} if source.date else {}
        yield key, _entity(of, "CreativeWork", identity, reference.title, **more)


def pack(folder: Path, target: Path) -> None:
    """Zip a folder so that the same files give the same bytes: sorted entries, one time, one mode."""
    stamp = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), EARLIEST))[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), stamp)
            entry.external_attr, entry.create_system = 0o644 << 16, 3
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)


def write(env: BuildEnvironment, root: Path, target: Path) -> None:
    """Write all exports of the book in ``root`` to ``target``, in place of what stood there."""
    chapters = executed(root)
    with data.using(root), _replacing(target) as new, tempfile.TemporaryDirectory() as scratch:
        for chapter in chapters:
            for form, text in chapter_exports(env, chapter).items():
                _put(new / "chapters" / f"{chapter.id}.{form}", text.encode("utf-8"))
        items = supplement_items(root, chapters)
        crate(items, Path(scratch), env.config.html_baseurl)
        for item in items:
            if item.path.startswith(("figures/", "tables/")) or item.path == "verdicts.csv":
                _put(new / item.path, item.content)
        pack(Path(scratch), new / SUPPLEMENT)


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


class Exports(Builder):
    """``jupyter-book build . --builder custom --custom-builder exports``: all exports, from what Sphinx has read."""

    name = format = "exports"

    def get_outdated_docs(self) -> str:
        """Return that all is written each time."""
        return "all exports"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return nothing: :class:`Resolver` makes the links."""
        return ""

    def write(self, *_: Any) -> None:
        """Write all exports of the book in ``root`` to ``target``, in place of what stood there."""
        root, target = Path(self.srcdir), Path(self.outdir)
        write(self.env, root, target)
        if (page := root / "_build" / "html").is_dir():
            with _replacing(page / "exports") as part:
                shutil.copytree(target, part, dirs_exist_ok=True)
        logging.getLogger(__name__).info("exports: %s files", sum(f.is_file() for f in target.rglob("*")))
