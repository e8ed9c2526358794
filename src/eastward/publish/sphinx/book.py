"""The book's Sphinx extension: a cache that cannot lie, pages written from the data, verdicts in the text."""

import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.ext.glue.roles import PasteTextRole
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

from eastward import __version__, claims, data
from eastward.claims import contest, verdicts
from eastward.claims.scorecard import GOOD
from eastward.publish import execution, exports
from eastward.publish.pages import TOLD, generate
from eastward.publish.sphinx import csp, search
from eastward.publish.sphinx.render import drawings
from eastward.show.cards import firmness
from eastward.show.figure import FIGURE
from eastward.show.words import escape, number, status_class

RENDERING = ("src/eastward/**/*.py", "book/references.bib", *execution.LOCK)
"""What all pages depend on, whatever they show."""

TOLD_EVERY = 5  # seconds


class Told(SphinxRole):
    """A role whose text a function writes anew; its page is read again when the file that it was told from has changed."""

    def __init__(self, write: Callable[[str], nodes.Node], file: Callable[[str], Path] = lambda _: data.root() / TOLD):
        super().__init__()
        self.write, self.file = write, file

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return what the function makes of the text."""
        self.env.note_dependency(str(self.file(self.text)))
        return [self.write(self.text)], []


def status(text: str) -> nodes.Node:
    """``{status}`C08``` or ``{status}`C08 hindsight```: a claim's verdict with its icon."""
    claim_id, _, as_of = text.partition(" ")
    found = verdicts.verdict(claim_id, as_of or "publication").status
    shown = f"{verdicts.ICONS[found]} {found}"
    return nodes.inline(shown, shown, classes=["ew-status", status_class(found)])


def observed(text: str) -> nodes.Node:
    """``{observed}`C08``` or ``{observed}`C08 publication 5```: the value that decides a claim, with so many digits."""
    given = text.split()
    claim_id, as_of, digits = given + ["", "hindsight", "4"][len(given) :]
    return nodes.Text(number(verdicts.verdict(claim_id, as_of).observed, int(digits)))


def count(text: str) -> nodes.Node:
    """``{count}`supported``` or ``{count}`supported hindsight```: claims with a status; ``all``, or ``good`` of kinds: ``good of legal causal``."""
    wanted, _, kinds = text.removesuffix(" hindsight").partition(" of ")
    as_of = "hindsight" if text.endswith(" hindsight") else "publication"
    asked = [c.id for c in claims.all_claims().values() if c.kinds[0] in (kinds or c.kinds[0]).split()]
    found = [verdicts.verdict(i, as_of).status for i in asked]
    counts = {"all": len(found), "good": sum(s in GOOD for s in found)}
    return nodes.Text(str(counts.get(wanted, found.count(wanted))))


def firm(text: str) -> nodes.Node:
    """``{firm}`C08```: the smallest change of a setting that turns a claim's verdict of the op-ed's day."""
    return nodes.Text(firmness(text))


class Again(SphinxDirective):
    """``{again} fig-trade-turnover``: a figure of a chapter once more, wide and for phones, with its finding."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the drawings, with the finding and a link to the figure in its chapter as caption."""
        name, root = self.arguments[0], Path(self.env.srcdir)
        chapter, found = _figures(root).get(name, (root, {}))
        if not found:
            raise self.error(f"no chapter shows a figure {name}")
        self.env.note_dependency(str(execution.result(root, chapter)))
        caption = self.parse_text_to_nodes(f"{escape(found['title'])} ({{numref}}`{name}`)")
        start = f'<figure class="ew-again"><div class="ew-drawing">{drawings(found)}</div><figcaption>'
        return [nodes.raw("", start, format="html"), *caption, nodes.raw("", "</figcaption></figure>", format="html")]


@cache
def _figures(root: Path) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Chapter and output of each figure by its name: a process builds once."""
    return {found["id"]: (chapter, found) for chapter, _, found in execution.outputs(root, FIGURE)}


class OneToggle(SphinxPostTransform):
    """Code that shows nothing itself is folded with the code that shows what it made: one 'Show code' a figure or table."""

    default_priority = 198  # myst-nb folds code at 199
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Move sources of cells without output into the next cell, if nothing stands between them."""
        cells = list(_code(self.document))
        for cell in cells:
            following: Any = cell.next_node(descend=False, siblings=True)
            if following in cells and cell.children[-1].get("nb_element") != "cell_code_output":
                following[0].insert(0, cell[0].children)
                cell.parent.remove(cell)


class CodeBelow(SphinxPostTransform):
    """What a reader came for stands first, the code that made it below."""

    default_priority = 200
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Move folded code behind the output of its cell."""
        for cell in list(_code(self.document)):
            if isinstance(cell.children[0], HideCodeCellNode):
                cell.append(cell.pop(0))


def _code(document: nodes.document) -> Iterator[Any]:
    return (n for n in document.findall(nodes.container) if n.get("nb_element") == "cell_code" and n.children)


def _result(app: Sphinx, page: str, _: list[str]) -> None:
    """A chapter's page is read again when its result has been made anew."""
    if (file := app.env.doc2path(page)).endswith(".ipynb"):
        app.env.note_dependency(str(execution.result(Path(app.srcdir), Path(file))))


def _configure(app: Sphinx, config: Config) -> None:
    root = Path(app.srcdir)
    config["nb_execution_cache_path"] = str(execution.cache_path(root))
    config["eastward_fingerprint"] = execution.fingerprint(root, RENDERING)
    execution.drop_stale(root)
    contest.cases()  # Pages depend on its files.
    generate(root)
    config["eastward_told"] = (root / TOLD).read_text(encoding="utf-8")


def _tell(app: Sphinx, page: str, *_: object) -> None:
    """Say every few seconds which page is read or written, and how far that is: the build runs Sphinx quietly."""
    now, pages = time.monotonic(), sorted(app.env.found_docs)
    if page in pages and now - getattr(app, "eastward_told", 0) > TOLD_EVERY:
        app.eastward_told = now  # type: ignore[attr-defined]
        doing = "reading" if app.env.temp_data.get("docname") else "writing"
        line = f"{app.builder.name}: {doing} {page}, {pages.index(page) + 1} of {len(pages)} pages\n"
        print(line, end="", flush=True)  # whole: another build may print beside this one


def _outdate(app: Sphinx, _env: BuildEnvironment, names: list[str]) -> None:
    """Let the web pages of what the exports read anew be written again: Sphinx keeps what it has read for both."""
    if app.builder.name == exports.Exports.name:
        for page in [Path(app.srcdir, "_build", "html", f"{name}.html") for name in names]:
            if page.is_file():
                os.utime(page, (0, 0))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("eastward_fingerprint", "", "env")
    app.add_config_value("eastward_told", "", "html")  # titles of links tell of verdicts
    app.connect("config-inited", _configure)
    app.connect("env-before-read-docs", _outdate)
    app.connect("source-read", _result)
    app.connect("source-read", _tell)
    app.connect("doctree-resolved", lambda app, _, page: _tell(app, page))
    # myst-nb's own role asks a running kernel; the book's chapters are cached, and offered their numbers to glue.
    app.connect("builder-inited", lambda app: app.add_role("eval", PasteTextRole(), override=True), priority=1)
    app.add_post_transform(OneToggle)
    app.add_post_transform(CodeBelow)
    for role in (status, observed, count):
        app.add_role(role.__name__, Told(role))
    app.add_role("firm", Told(firm, contest.file))
    app.add_directive("again", Again)
    app.add_domain(search.BookDomain)
    app.add_search_language(search.Words)
    app.add_builder(exports.Exports)
    app.connect("build-finished", csp.write, priority=900)  # when all others have written their pages
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
