"""Chapters: readable, without outputs, every number supplied by code, each in the form that CONTRIBUTING describes."""

import re

import nbformat
import pytest

from eastward import data
from eastward.claims import all_claims
from eastward.publish.exports import FIGURE, executed
from eastward.show.tables import TABLE
from tests.chapter import CHAPTERS, cells

GENERAL = ("Data", "Method", "Robustness", "Rival explanations", "With hindsight")
"""Sections that every chapter has; what stands in them is in their own headings."""
OWN = {"240", "84.9", "303.6", "90"}
"""The op-ed's own figures, which prose may state as such."""


def tags(cell: nbformat.NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def prose(stem: str) -> str:
    return "\n\n".join(cell.source for cell in cells(stem, "markdown"))


def test_every_chapter_of_the_claims_is_in_the_book() -> None:
    assert set(CHAPTERS) >= {c.chapter for c in all_claims().values()}
    assert list(CHAPTERS) == sorted(CHAPTERS)


@pytest.mark.parametrize("stem", CHAPTERS)
def test_form(stem: str) -> None:
    notebook = nbformat.read(CHAPTERS[stem], 4)
    assert notebook.cells[0].source.startswith("# ")
    for cell in cells(stem):
        assert not cell.outputs, "outputs are committed; run nbstripout"
        assert cell.execution_count is None
        assert tags(cell) & {"remove-cell", "remove-input", "hide-input"}, cell.source[:60]
    parameters, *others, last = cells(stem)
    assert tags(parameters) == {"parameters", "remove-cell"}
    for name in ("day", "tolerance", "without", "override"):
        assert re.search(rf"^{name} = ", parameters.source, re.MULTILINE), name
    assert sum("what_if(" in cell.source for cell in cells(stem)) == 1
    assert "holds(" in last.source
    assert "remove-cell" in tags(last)
    assert not any(re.search(r"\bholds\(", cell.source) for cell in (parameters, *others))
    text = re.sub(r"\{[a-z:]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)", "", prose(stem))
    typed = re.findall(r"\b(\d[\d,.]*?)\s?(?:%|per cent|percent|bn|billion|million|mn)\b", text)
    assert [n for n in typed if n not in OWN] == [], "numbers in prose come from code"


@pytest.mark.parametrize("stem", CHAPTERS)
def test_visible_cells_are_short_and_show_something(stem: str) -> None:
    """A cell shows a card, a table or a figure, or makes the frame of what the next cell shows."""
    shows = False
    for cell in reversed(nbformat.read(CHAPTERS[stem], 4).cells):
        if cell.cell_type != "code":
            shows = False
        elif "remove-cell" not in tags(cell):
            assert len(cell.source.splitlines()) <= (12 if "agrees(" in cell.source else 15), cell.source[:60]
            shows = shows or bool(re.search(r"^(show\(|@figure\(|[a-z_]+\(.*\)$)", cell.source, re.MULTILINE))
            assert shows, cell.source[:60]
            assert "facts(" not in cell.source, "numbers for the prose are out of sight"


def test_figures_are_drawn_in_the_chapters() -> None:
    drawn = [cell.source for stem in CHAPTERS for cell in cells(stem) if "@figure(" in cell.source]
    assert sum("sns." in source for source in drawn) >= 44, "of 53"


@pytest.mark.parametrize("claim_id", [c.id for c in all_claims().values() if c.basis == "computed"])
def test_each_computed_claim_goes_from_rows_to_its_number(claim_id: str) -> None:
    claim = all_claims()[claim_id]
    ways = [cell for cell in cells(claim.chapter) if f'agrees("{claim_id}"' in cell.source]
    assert ways, "no cell goes from the rows to the number"
    assert any("data.load(" in cell.source for cell in ways)
    for cell in ways:
        assert "show(" in cell.source
        assert claim.rule.quantity.partition(".")[2] not in cell.source, "the cell calls the rule's own function"


@pytest.mark.parametrize("stem", [c for c in CHAPTERS if "scorecard" not in c])
def test_parts(stem: str) -> None:
    headings = re.findall(r"^##+ (.+)$", prose(stem), re.MULTILINE)
    for section in (*GENERAL, "What would change", "Sources"):
        assert any(section in heading for heading in headings), f"no section {section!r}"
    assert not {"The figure that decides", *GENERAL} & {*headings}
    code = "\n".join(cell.source for cell in cells(stem))
    assert [c.id for c in all_claims().values() if c.chapter == stem and f'show("{c.id}")' not in code] == []


@pytest.mark.book
def test_executed_chapters_are_quiet_and_show_figures_and_tables() -> None:
    for chapter in executed(data.root()):
        outputs = [o for cell in chapter.notebook.cells for o in cell.get("outputs", [])]
        assert not [o for o in outputs if o.output_type == "stream"], f"{chapter.id} prints"
        assert list(chapter.outputs(FIGURE)), chapter.id
        assert list(chapter.outputs(TABLE)), chapter.id
        glued = {o.get("metadata", {}).get("scrapbook", {}).get("name") for o in outputs}
        assert {*re.findall(r"\{eval\}`(\w+)`", prose(chapter.id))} <= glued, chapter.id
