"""Chapters: readable, without outputs, every number supplied by code, every one executes from a clean kernel."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from eastward import build, data
from eastward.claims import all_claims

CHAPTERS = build.chapters(data.root())
SECTIONS = ("Data", "Method", "Robustness", "Rival explanations", "What would change", "With hindsight", "Sources")
OWN = {"240", "84.9", "303.6", "90"}
"""The op-ed's own figures, which prose may state as such."""


def read(chapter: Path) -> nbformat.NotebookNode:
    return nbformat.read(chapter, 4)


def code(chapter: Path) -> list[str]:
    return [c.source for c in read(chapter).cells if c.cell_type == "code"]


def prose(chapter: Path) -> str:
    return "\n\n".join(c.source for c in read(chapter).cells if c.cell_type == "markdown")


def test_every_chapter_of_the_claims_is_in_the_book() -> None:
    assert {c.stem for c in CHAPTERS} >= {c.chapter for c in all_claims().values()}


def test_cells_are_short() -> None:
    for chapter in CHAPTERS:
        imports, *rest = code(chapter)
        assert len(imports.splitlines()) <= 20, chapter.stem
        for cell in rest:
            assert len(cell.splitlines()) <= 15, f"{chapter.stem}: {cell[:60]}"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.stem)
def test_form(chapter: Path) -> None:
    notebook = read(chapter)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs, "outputs are committed; run nbstripout"
            assert cell.execution_count is None
            assert "hide-input" in cell.metadata.tags, cell.source[:60]
    assert notebook.cells[0].source.startswith("# ")


@pytest.mark.parametrize("chapter", [c for c in CHAPTERS if "scorecard" not in c.stem], ids=lambda c: c.stem)
def test_parts(chapter: Path) -> None:
    text = prose(chapter)
    for section in SECTIONS:
        assert re.search(rf"^##+ .*{section}", text, re.MULTILINE), f"no section {section!r}"
    cells = "\n".join(code(chapter))
    for claim in all_claims().values():
        if claim.chapter == chapter.stem:
            assert f'show_verdict("{claim.id}")' in cells, f"no card of {claim.id}"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.stem)
def test_numbers_in_prose_come_from_code(chapter: Path) -> None:
    text = re.sub(r"\{[a-z:]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)", "", prose(chapter))
    typed = re.findall(r"\b(\d[\d,.]*?)\s?(?:%|per cent|percent|bn|billion|million|mn)\b", text)
    assert [n for n in typed if n not in OWN] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.stem)
def test_glued_numbers_are_offered(chapter: Path) -> None:
    cells = "\n".join(code(chapter))
    for name in re.findall(r"\{glue:text\}`([^`:]+)", prose(chapter)):
        assert re.search(rf"\b{re.escape(name)}\b", cells) or "**" in cells, name


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.stem)
def test_executes_from_a_clean_kernel(chapter: Path) -> None:
    notebook = read(chapter)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(chapter.parent)}}).execute()
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"], "the chapter prints warnings"
    figures = [o for o in outputs if "application/vnd.eastward.figure+json" in o.get("data", {})]
    assert figures, "no figure"
    for figure in figures:
        assert len(figure.data["application/vnd.eastward.figure+json"]["alt"]) >= 40
    tables = [
        o for o in outputs if o.get("data", {}).get("application/vnd.eastward.myst", "").startswith("````{table}")
    ]
    assert tables, "no table"
