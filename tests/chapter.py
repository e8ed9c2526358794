"""Run a chapter in this process: with the data of a test, other parameters, and all that it shows at hand."""

import ast
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest.mock import patch

import nbformat

from eastward import data
from eastward.publish import contents
from eastward.show.cards import VerdictCard
from eastward.show.figure import Figure
from eastward.show.prose import Broken
from eastward.show.settings import Forgiving, Shown, explain
from eastward.show.tables import Table

CHAPTERS = {file.stem: file for file in contents.chapters(data.root())}


@dataclass
class Run:
    """What a chapter showed and computed."""

    shown: list[Any] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    space: dict[str, Any] = field(default_factory=dict)
    explained: list[str] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, Figure]:
        """Figures by id."""
        return {it.id: it for it in self.shown if isinstance(it, Figure)}

    @property
    def tables(self) -> dict[str, Table]:
        """Numbered tables by id."""
        return {it.id: it for it in self.shown if isinstance(it, Table) and it.id}

    @property
    def cards(self) -> dict[str, VerdictCard]:
        """Cards by claim."""
        return {it.claim.id: it for it in self.shown if isinstance(it, VerdictCard)}

    @property
    def broken(self) -> list[str]:
        """Words that the data do not bear, and numbers that do not agree with the rule."""
        return [word for it in self.shown if isinstance(it, Broken) for word in it.words]


def cells(stem: str, kind: str = "code") -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(CHAPTERS[stem], 4).cells if cell.cell_type == kind]


def run(stem: str, forgiving: bool = False, **parameters: Any) -> Run:
    """Run all code of a chapter on the data in use, with some of its parameters replaced.

    Args:
        stem: the chapter.
        forgiving: whether a cell that lacks rows explains itself, as in a notebook with what-if settings.
        **parameters: values for its first cell.

    """
    done = Run()

    def explained(error: Exception, names: list[str], space: dict[str, Any]) -> None:
        with patch("builtins.print", done.explained.append):
            explain(error, names, space)

    done.space |= {"_explain": explained, "_shown": lambda it: it is None or done.shown.append(it)}
    with ExitStack() as stack:
        for place in ("figure", "prose", "settings"):
            stack.enter_context(patch(f"eastward.show.{place}.display", done.shown.append))
        stack.enter_context(patch("eastward.show.prose.glue", lambda it, value, **_: done.facts.update({it: value})))
        for cell in cells(stem):
            tree = Shown().visit(ast.parse(cell.source))
            exec(compile(Forgiving().visit(tree) if forgiving else tree, stem, "exec"), done.space)
            if "parameters" in cell.metadata.get("tags", []):
                done.space.update(parameters)
    return done


ran = cache(run)  # a chapter as it stands, once in a process
