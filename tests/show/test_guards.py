"""Guards: words that no code fills in are held against the data, and stand in the text as their guard has them."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.publish.pages import guarded
from eastward.show.prose import COUNTS, agrees, counted, false_words, holds, portion
from tests.chapter import CHAPTERS, Run, cells, run
from tests.conftest import PackageCopy

ROOT = data.root()


def plain(text: str) -> str:
    """Text as a reader sees it: links by their words, one space for each."""
    return re.sub(r"\s+", " ", re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text))


def guards(tree: ast.AST) -> Iterator[str]:
    """Words that a call of ``holds`` guards."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "holds":
            assert isinstance(node.args[0], ast.Dict), "guarded words stand in the call"
            for key in node.args[0].keys:
                assert isinstance(key, ast.Constant), "guarded words are fixed"
                yield str(key.value)


def shown_texts(chapter: str) -> str:
    """All that cards, figures and tables of a chapter say: in ``data/claims.yaml``, its code and that of the drawings."""
    claims = yaml.safe_load((ROOT / "data" / "claims.yaml").read_text(encoding="utf-8"))["claims"]
    cards = [str(value) for c in claims if c["chapter"] == chapter for value in c.values()]
    code = [cell.source for cell in cells(chapter) if "holds(" not in cell.source]
    code += [file.read_text(encoding="utf-8") for file in (ROOT / "src/eastward/show/drawings").glob("*.py")]
    nodes = (node for source in code for node in ast.walk(ast.parse(source)))
    return " ".join([*cards, *(str(node.value) for node in nodes if isinstance(node, ast.Constant))])


def test_one_quantity_has_one_value_in_the_whole_book(chapters: dict[str, Run]) -> None:
    found: dict[str, dict[str, str]] = {}
    for stem, chapter in chapters.items():
        for name, value in chapter.facts.items():
            found.setdefault(name, {})[stem] = str(value)
    assert {name: told for name, told in found.items() if len(set(told.values())) > 1} == {}


def shown(call: Callable[..., None], *arguments: object, **options: object) -> list[str]:
    """Words that a guard shows as broken."""
    with patch("eastward.show.prose.display") as display:
        call(*arguments, **options)
    return [word for told in display.call_args_list for word in told.args[0].words]


def test_false_words_are_named_and_true_ones_pass() -> None:
    assert false_words({"rose": True, "fell": False, "all": float("nan") > 1}) == ("fell", "all")
    assert shown(holds, {"rose": 2 > 1, "most": True}) == []
    assert shown(holds, {"rose": True, "fell": False}) == ["fell"]


def test_a_number_must_agree_with_the_rule() -> None:
    assert shown(agrees, "C08", 240.11) == []
    assert shown(agrees, "C08", 240.1)[0].startswith("C08: this chapter computes 240.1")
    assert shown(agrees, "C11", 306.8, variant="subtraction") == []
    assert shown(agrees, "C09", 50.6 / 203.4, part="EU imports from Russia") == []
    with pytest.raises(KeyError, match="C09 has no deciding part 'steel'"):
        agrees("C09", 1, part="steel")

    with pytest.raises(KeyError, match="C12 has no variant 'mars'; it has all-asia"):
        verdict("C12")["mars"]


def test_counts_and_parts_in_words() -> None:
    assert [counted(n) for n in (0, 1, 12, 13)] == ["none", "one", "twelve", "13"]
    assert len(set(COUNTS)) == 13
    assert [portion(n, 4) for n in (0, 3, 4)] == ["none of the 4", "3 of the 4", "all 4"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_guarded_words_stand_in_the_chapter(chapter: str) -> None:
    prose = " ".join(cell.source for cell in cells(chapter, "markdown"))
    text = plain(prose + shown_texts(chapter))
    words = [w for cell in cells(chapter) for w in guards(ast.parse(cell.source))]
    assert len(words) >= 5, "no guards"
    assert [w for w in words if w not in text] == []


def test_pages_without_code() -> None:
    for page, words in guarded().items():
        file = (ROOT / page).read_text(encoding="utf-8")
        body = file.split("---\n", 2)[2] if file.startswith("---\n") else file
        assert [w for w in words if w not in plain(body).replace("*", "")] == [], page
        assert false_words(words) == (), page


CHANGED = yaml.load(Path(__file__).with_name("changed.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize(("page", "change"), [(page, change) for page in CHANGED for change in CHANGED[page]])
def test_changed_figure_breaks_words(package: PackageCopy, page: str, change: list[Any]) -> None:
    table, where, cells, words = change
    for column, value in cells.items():
        package.edit(table, column, value, **where)
    if page.endswith(".md"):
        told = list(false_words(guarded()[page]))
    else:
        told = (done := run(page)).broken + [figure.title for figure in done.figures.values()]
    assert any(words in text for text in told)


def test_no_word_is_broken(chapters: dict[str, Run]) -> None:
    assert {stem: chapter.broken for stem, chapter in chapters.items() if chapter.broken} == {}
