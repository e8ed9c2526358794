"""Counts, sensitivity and arguments: they follow from the verdicts and change with them."""

from types import SimpleNamespace

import pytest

from eastward import data
from eastward.claims import STATUSES, Argument, ClaimError, all_claims, arguments, contest, questions
from eastward.claims import scorecard as module
from eastward.claims.scorecard import FAILS, HOLDS, IN_PART, NOT_SHOWN, argument_table, counts, scorecard
from eastward.claims.verdicts import CAVEATS, CONTRADICTED, IMPRECISE, SUPPORTED, verdict
from eastward.data.root import PACKAGE
from tests.chapter import run
from tests.conftest import PackageCopy


def test_scorecard_repeats_the_verdicts_and_its_counts_add_up() -> None:
    card = scorecard()
    assert len(card) == 2 * len(questions())
    assert card["counts"].sum() == 2 * len(all_claims())
    for _, row in card.iterrows():
        assert row["status"] == verdict(row["claim"], row["date"]).status
    table = counts(card, "date")
    assert list(table.sum(axis=1)) == [len(questions())] * 2
    assert list(table.columns) == [s for s in STATUSES if s in table.columns]


def test_every_claim_serves_one_argument() -> None:
    used = [name for a in arguments() for name in (*a.carried_by, *a.also)]
    assert sorted(name for name in used if "." not in name) == sorted(all_claims())


def test_argument_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"C01": SUPPORTED, "C02": CAVEATS, "C03": CONTRADICTED, "C04": CONTRADICTED, "C05": IMPRECISE}
    monkeypatch.setattr(module, "verdict", lambda name, _: SimpleNamespace(status=given[name]))

    def outcome(*carried: str, turns_on: str = "") -> str:
        return module.argument_status(Argument("x", "", carried, (), turns_on), "hindsight")

    assert outcome("C01", "C02") == HOLDS
    assert outcome("C01", "C03") == IN_PART
    assert outcome("C01", "C03", "C04") == FAILS
    assert outcome("C05") == NOT_SHOWN
    assert outcome("C03") == FAILS
    assert outcome("C01", "C02", turns_on="C02") == HOLDS
    assert outcome("C01", "C02", "C03", turns_on="C03") == FAILS
    assert outcome("C01", "C02", "C05", turns_on="C05") == NOT_SHOWN


def test_an_argument_with_an_unknown_claim(package: PackageCopy) -> None:
    package.replace("data/claims.yaml", r"carried_by: \[C29\]", "carried_by: [C92]")
    with pytest.raises(ClaimError, match="C92: argument A6 names it"):
        arguments()


def test_an_argument_falls_with_its_figures(package: PackageCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    with data.using(PACKAGE.parents[1]):  # single changes of settings are not its matter, and take minutes to find anew
        firm = contest.robustness()
    monkeypatch.setattr(contest, "robustness", lambda: firm)
    assert argument_table().set_index("id").loc["A1", "hindsight"] == HOLDS
    package.edit("trade_china_customs", "value", "140.11", period="2023", flow="turnover", value="240.11")
    assert argument_table().set_index("id").loc["A1", "hindsight"] == FAILS
    chapter = run("13-scorecard")
    assert chapter.facts["failing"] == "two fail"
    assert "The thesis rests on the first two steps. The other four" in chapter.broken


def test_the_chapter_follows_its_tolerance() -> None:
    chapter = run("13-scorecard", tolerance=0.0)
    card = scorecard().query("date == 'hindsight' and counts")
    assert chapter.facts["contradicted"] == str((card["status"] == "contradicted").sum())
    assert not chapter.broken
