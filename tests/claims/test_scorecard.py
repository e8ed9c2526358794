"""Counts, sensitivity and arguments: they follow from the verdicts and change with them."""

from __future__ import annotations

import pytest

from eastward.claims import STATUSES, Argument, ClaimError, all_claims, arguments
from eastward.claims.scorecard import FAILS, HOLDS, IN_PART, argument_status, argument_table, counts, scorecard
from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from tests.chapter import run
from tests.conftest import PackageCopy


def test_scorecard_repeats_the_verdicts() -> None:
    card = scorecard()
    assert len(card) == 2 * len(all_claims()) == 62
    for _, row in card.iterrows():
        assert row["status"] == verdict(row["claim"], row["date"]).status


def test_counts_add_up_and_keep_the_order_of_statuses() -> None:
    table = counts(scorecard(), "date")
    assert list(table.sum(axis=1)) == [31, 31]
    assert list(table.columns) == [s for s in STATUSES if s in table.columns]


def test_a_tighter_tolerance_contradicts_more() -> None:
    def contradicted(tolerance: float) -> int:
        return int((scorecard(tolerance)["status"] == "contradicted").sum())

    assert contradicted(0.0) > contradicted(0.05)


def test_every_claim_serves_one_argument() -> None:
    used = [name for a in arguments() for name in (*a.carried_by, *a.also)]
    assert sorted(used) == sorted(all_claims())


def test_argument_rule() -> None:
    assert argument_status(Argument("x", "", ("C08", "C13")), "hindsight") == HOLDS
    assert argument_status(Argument("x", "", ("C08", "C30")), "hindsight") == IN_PART
    assert argument_status(Argument("x", "", ("C30", "C26", "C08")), "hindsight") == FAILS
    assert argument_status(Argument("x", "", ("C11",)), "hindsight") == IN_PART


def test_an_argument_falls_with_its_figures(package: PackageCopy) -> None:
    before = argument_table().set_index("id").loc["A1", "with hindsight"]
    package.edit("trade_china_customs", "value", "140.11", period="2023", flow="turnover", value="240.11")
    assert (before, argument_table().set_index("id").loc["A1", "with hindsight"]) == (HOLDS, FAILS)


def test_an_argument_with_an_unknown_claim(package: PackageCopy) -> None:
    file = package.folder / "data" / "claims.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("carried_by: [C29]", "carried_by: [C92]"), encoding="utf-8"
    )
    with pytest.raises(ClaimError, match="C92: argument A6 names it"):
        arguments()


def test_the_chapter_tells_of_a_fallen_argument(package: PackageCopy) -> None:
    package.edit("trade_china_customs", "value", "140.11", period="2023", flow="turnover", value="240.11")
    chapter = run("13-scorecard")
    assert chapter.facts["failing"] == "one"
    assert "The thesis rests on the first two steps. The other four" in chapter.broken


def test_the_chapter_follows_its_tolerance() -> None:
    chapter = run("13-scorecard", tolerance=0.0)
    what_if()
    assert chapter.facts["contradicted"] == str(
        (scorecard(0.0).query("date == 'hindsight'")["status"] == "contradicted").sum()
    )
    assert not chapter.broken
