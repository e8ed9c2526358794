"""The book's Sphinx extension: a cache that cannot lie, pages written from the data, verdicts in the text."""

from __future__ import annotations

import html
import json
import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.ext.glue.roles import PasteTextRole
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective, SphinxRole

from eastward import __version__, claims
from eastward.claims import verdicts
from eastward.claims.scorecard import GOOD
from eastward.publish import execution, guards
from eastward.publish.pages import generate
from eastward.publish.sphinx.render import FIGURE, lean
from eastward.show.words import escape, number, status_class


class StatusRole(SphinxRole):
    """``{status}`C08``` or ``{status}`C08 hindsight```: a claim's verdict with its icon."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the verdict as inline text."""
        claim_id, _, as_of = self.text.partition(" ")
        status = verdicts.verdict(claim_id, as_of or "publication").status
        text = f"{verdicts.ICONS[status]} {status}"
        return [nodes.inline(text, text, classes=["ew-status", status_class(status)])], []


class ObservedRole(SphinxRole):
    """``{observed}`C08``` or ``{observed}`C08 publication 5```: the value that decides a claim, with so many digits."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the observed value as text."""
        given = self.text.split()
        claim_id, as_of, digits = given + ["", "hindsight", "4"][len(given) :]
        return [nodes.Text(number(verdicts.verdict(claim_id, as_of).observed, int(digits)))], []


class CountRole(SphinxRole):
    """``{count}`supported``` or ``{count}`supported hindsight```: claims with a status; ``all``, or ``good`` of kinds: ``good of legal causal``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number as text."""
        wanted, _, kinds = self.text.removesuffix(" hindsight").partition(" of ")
        as_of = "hindsight" if self.text.endswith(" hindsight") else "publication"
        asked = [c.id for c in claims.all_claims().values() if c.kinds[0] in (kinds or c.kinds[0]).split()]
        found = [verdicts.verdict(i, as_of).status for i in asked]
        counts = {"all": len(found), "good": sum(s in GOOD for s in found)}
        return [nodes.Text(str(counts.get(wanted, found.count(wanted))))], []


class Again(SphinxDirective):
    """``{again} fig-trade-turnover``: a figure of a chapter once more, wide and for phones, with its finding."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the drawings, with the finding and a link to the figure in its chapter as caption."""
        name = self.arguments[0]
        for chapter, _, found in execution.outputs(Path(self.env.srcdir), FIGURE):
            if found["id"] == name:
                self.env.note_dependency(str(chapter))
                told = f'<svg role="img" aria-label="{html.escape(found["alt"])}" '
                svgs = [lean(found[form]).replace("<svg ", told, 1) for form in ("svg", "narrow") if found.get(form)]
                caption = self.parse_text_to_nodes(f"{escape(found['title'])} ({{numref}}`{name}`)")
                start, end = (
                    f'<figure class="ew-again"><div class="ew-drawing">{"".join(svgs)}</div><figcaption>',
                    "</figcaption></figure>",
                )
                return [nodes.raw("", start, format="html"), *caption, nodes.raw("", end, format="html")]
        raise self.error(f"no chapter shows a figure {name}")


class OneToggle(SphinxPostTransform):
    """Code that shows nothing itself is folded with the code that shows what it made: one 'Show code' a figure or table."""

    default_priority = 198  # myst-nb folds code at 199
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Move sources of cells without output into the next cell, if nothing stands between them."""
        for cell in _code(self.document):
            place = cell.parent.index(cell)
            following: Any = cell.parent[place + 1] if place + 1 < len(cell.parent) else None
            if (
                cell.children[-1].get("nb_element") == "cell_code_output"
                or following is None
                or not _is_code(following)
            ):
                continue
            following[0].insert(0, cell[0].children)
            cell.parent.remove(cell)


class CodeBelow(SphinxPostTransform):
    """What a reader came for stands first, the code that made it below."""

    default_priority = 200
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Move folded code behind the output of its cell."""
        for cell in _code(self.document):
            first = cell.children[0]
            if isinstance(first, HideCodeCellNode) and len(cell.children) > 1:
                cell.remove(first)
                cell.append(first)


def _code(document: nodes.document) -> list[Any]:
    return list(document.findall(_is_code))


def _is_code(node: Any) -> bool:
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code" and bool(node.children)


def marked(text: str, words: str) -> str:
    """Return Markdown with the first place of the words marked, wherever its lines end."""
    place = r"\s+".join(map(re.escape, words.split()))
    return re.sub(rf"(?<!\w){place}(?!\w)", r"[\g<0>]{.ew-broken}", text, count=1)


def _mark(app: Sphinx, page: str, source: list[str]) -> None:
    """In a draft, mark words that the data do not bear, in the prose of the page that has them; never in code."""
    for broken in app.config["eastward_broken"]:
        if Path(broken.file).with_suffix("").as_posix() != page:
            continue
        if broken.file.endswith(".ipynb"):
            notebook = json.loads(source[0])
            for cell in notebook["cells"]:
                if cell["cell_type"] == "markdown":
                    cell["source"] = marked("".join(cell["source"]), broken.words)
            source[0] = json.dumps(notebook)
        else:
            front = source[0].startswith("---\n") and source[0].index("---\n", 4)
            source[0] = source[0][:front] + marked(source[0][front:], broken.words)


def _warn(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """In a draft, say on each page that it is one, and which of its words do not hold."""
    if guards.DRAFT in os.environ and "body" in context:
        here = [b for b in app.config["eastward_broken"] if Path(b.file).with_suffix("").as_posix() == page]
        listed = "".join(f"<li>{html.escape(broken.words)}</li>" for broken in here)
        words = f" Words of this page that the data do not bear:</p><ul>{listed}</ul>" if here else "</p>"
        context["body"] = (
            f'<div class="admonition warning ew-draft"><p><strong>Draft.</strong>{words}</div>{context["body"]}'
        )


def _configure(app: Sphinx, config: Config) -> None:
    root = Path(app.srcdir)
    config["nb_execution_cache_path"] = str(execution.cache_path(root))
    config["eastward_fingerprint"] = execution.fingerprint(root)
    config["eastward_broken"] = guards.kept(root)


def _prepare(app: Sphinx) -> None:
    # myst-nb's own role asks a running kernel; the book's chapters are cached, and offered their numbers to glue.
    app.add_role("eval", PasteTextRole(), override=True)
    execution.drop_stale(Path(app.srcdir))
    generate(Path(app.srcdir))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("eastward_fingerprint", "", "env")
    app.add_config_value("eastward_broken", [], "env")
    app.connect("config-inited", _configure)
    app.connect("source-read", _mark)
    app.connect("html-page-context", _warn, priority=950)
    app.connect("builder-inited", _prepare, priority=1)
    app.add_post_transform(OneToggle)
    app.add_post_transform(CodeBelow)
    app.add_role("status", StatusRole())
    app.add_role("observed", ObservedRole())
    app.add_role("count", CountRole())
    app.add_directive("again", Again)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
