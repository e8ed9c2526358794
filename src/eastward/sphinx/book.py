"""The book's Sphinx extension: a cache that cannot lie, pages written from the data, verdicts in the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxRole

from eastward import __version__, build, claims, verdicts
from eastward.display import number, status_class
from eastward.pages import generate


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
    """``{count}`supported``` or ``{count}`supported hindsight```: number of claims with a status; ``all``, ``tested`` too."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number as text."""
        wanted = self.text.removesuffix(" hindsight")
        as_of = "hindsight" if self.text.endswith(" hindsight") else "publication"
        found = [verdicts.verdict(i, as_of).status for i in claims.all_claims()]
        counts = {"all": len(found), "tested": sum(s != verdicts.UNTESTED for s in found)}
        return [nodes.Text(str(counts.get(wanted, found.count(wanted))))], []


def _configure(app: Sphinx, config: Config) -> None:
    root = Path(app.srcdir)
    config["nb_execution_cache_path"] = str(build.cache_path(root))
    config["eastward_fingerprint"] = build.fingerprint(root)


def _prepare(app: Sphinx) -> None:
    build.drop_stale(Path(app.srcdir))
    generate(Path(app.srcdir))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("eastward_fingerprint", "", "env")
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _prepare, priority=1)
    app.add_role("status", StatusRole())
    app.add_role("observed", ObservedRole())
    app.add_role("count", CountRole())
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
