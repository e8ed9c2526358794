"""Guards: words that no code fills in are held against the data, and stand in the text as their guard has them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from eastward import build, data
from eastward.figures import market
from eastward.pages import guarded
from eastward.prose import COUNTS, ProseError, counted, holds, paired, portion
from tests.conftest import PackageCopy

ROOT = data.root()
CHAPTERS = {c.stem: c for c in build.chapters(ROOT)}
FIGURES = sorted((ROOT / "src" / "eastward" / "figures").glob("*.py"))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def cells(chapter: Path, kind: str) -> list[str]:
    return [c.source for c in nbformat.read(chapter, 4).cells if c.cell_type == kind]


def guards(tree: ast.AST) -> Iterator[str]:
    """Words that a call of ``holds`` guards."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "holds":
            assert isinstance(node.args[0], ast.Dict), "guarded words stand in the call"
            for key in node.args[0].keys:
                assert isinstance(key, ast.Constant), "guarded words are fixed"
                yield str(key.value)


def card_texts(chapter: str) -> str:
    """All that the cards of a chapter's claims say, from ``data/claims.yaml``."""
    claims = yaml.safe_load((ROOT / "data" / "claims.yaml").read_text(encoding="utf-8"))["claims"]
    return " ".join(str(value) for c in claims if c["chapter"] == chapter for value in c.values())


def run(chapter: str) -> None:
    """Run the code of a chapter, but not what draws a figure, a card or a table."""
    space: dict[str, Any] = {}
    for source in cells(CHAPTERS[chapter], "code"):
        tree = ast.parse(source)
        called = [getattr(getattr(getattr(s, "value", None), "func", None), "id", "") for s in tree.body]
        kept = [s for s, name in zip(tree.body, called, strict=True) if not isinstance(s, ast.Expr) or name == "holds"]
        exec(compile(ast.Module(kept, []), chapter, "exec"), space)


def test_false_words_are_named_and_true_ones_pass() -> None:
    holds({"rose": 2 > 1, "most": True})
    with pytest.raises(ProseError, match="'fell'; 'all'.*reword the text") as error:
        holds({"rose": True, "fell": False, "all": float("nan") > 1})
    assert "rose" not in str(error.value)


def test_counts_in_words() -> None:
    assert [counted(n) for n in (0, 1, 12, 13)] == ["none", "one", "twelve", "13"]
    assert len(set(COUNTS)) == 13


def test_parts_and_pairs_are_written_as_a_reader_would() -> None:
    """A part that is the whole reads 'all 4', and two things that are the same are named once."""
    assert [portion(n, 4) for n in (0, 3, 4)] == ["none of the 4", "3 of the 4", "all 4"]
    assert paired("supported", "supported") == "both are supported"
    assert paired("supported", "imprecise") == "the first is supported, the second imprecise"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_guarded_words_stand_in_the_chapter(chapter: str) -> None:
    text = plain(" ".join(cells(CHAPTERS[chapter], "markdown")) + card_texts(chapter))
    words = [w for source in cells(CHAPTERS[chapter], "code") for w in guards(ast.parse(source))]
    assert len(words) >= 5, "no guards"
    assert [w for w in words if w not in text] == []


@pytest.mark.parametrize("module", FIGURES, ids=lambda f: f.stem)
def test_guarded_words_stand_in_the_figure(module: Path) -> None:
    for function in ast.parse(module.read_text(encoding="utf-8")).body:
        if not isinstance(function, ast.FunctionDef):
            continue
        made = [n for n in ast.walk(function) if isinstance(n, ast.Call) and ast.unparse(n.func) == "Figure"]
        text = plain(" ".join(str(c.value) for call in made for c in ast.walk(call) if isinstance(c, ast.Constant)))
        assert [w for w in guards(function) if w not in text] == [], function.name


def test_pages_without_code() -> None:
    for page, words in guarded().items():
        text = plain((ROOT / page).read_text(encoding="utf-8"))
        assert [w for w in words if w not in text] == [], page
        holds(words)


@pytest.mark.parametrize(
    ("table", "column", "value", "where", "page", "words"),
    [
        ("trade_russian_customs", "value", "303.6", {"partner": "ASIA", "period": "2023", "flow": "exports"},
         "book/index.md", "One digit is wrong"),
        ("diplomacy_brics", "date", "2024-06-22", {"kind": "summit", "city": "Kazan"}, "book/index.md", "not in June"),
    ],
)  # fmt: skip
def test_front_page_trips(
    package: PackageCopy, table: str, column: str, value: str, where: dict[str, str], page: str, words: str
) -> None:
    package.edit(table, column, value, **where)
    with pytest.raises(ProseError, match=words):
        holds(guarded()[page])


@pytest.mark.parametrize(
    ("chapter", "table", "column", "value", "where", "words"),
    [
        ("01-first-trip", "diplomacy_visits", "partner", "CHN", {"term": "2012", "order": "1"},
         "No first trip before it went to China"),
        ("02-ties-with-the-west", "opinion_levada", "value", "30", {"partner": "USA", "period": "2008-09", "series": "bad"},
         "most had disliked the USA"),
        ("04-trade-turnover", "trade_china_customs", "value", "250.5", {"period": "2025", "flow": "turnover", "unit": "USD bn"},
         "in the next year trade fell"),
        ("05-europe-and-asia", "trade_russian_customs", "value", "316.6",
         {"partner": "ASIA", "period": "2023", "flow": "exports"}, "wrong by one digit"),
        ("07-sanctions-and-law", "un_council_votes", "china", "no", {"event": "crimea-2014"},
         "China did not stand beside Russia in these vetoes"),
        ("09-tariffs", "us_china_trade", "value", "5", {"series": "china-customs-growth", "partner": "RUS", "period": "2025"},
         "Had that pushed goods to Russia"),
        ("11-who-came-along", "security_indicators", "value", "0.9", {"series": "high-priority-goods-month", "period": "2024"},
         "goods that matter most for arms fell from"),
        ("12-brics-calendar", "diplomacy_records", "date", "1941", {"kind": "quotation-attribution"},
         "The quotation is not Roosevelt's"),
    ],
    ids=lambda value: value[:2] if isinstance(value, str) and re.match(r"\d\d-", value) else "",
)  # fmt: skip
def test_changed_figure_stops_the_chapter(
    package: PackageCopy, chapter: str, table: str, column: str, value: str, where: dict[str, str], words: str
) -> None:
    package.edit(table, column, value, **where)
    with pytest.raises(ProseError, match=words):
        run(chapter)


def test_changed_figure_stops_the_drawing(package: PackageCopy) -> None:
    package.edit("market_statements", "appliances", "direct", report="press-tass")
    with pytest.raises(ProseError, match="No report quotes the sentence"):
        market.words_by_report()
