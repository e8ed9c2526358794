"""Verdicts at their edges: boundaries, ties, defaults and what `verdict` hands through, worked out by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from eastward import data
from eastward.claims import STATUSES, Claim, Rule, Stated, verdicts
from eastward.claims.settings import Settings
from eastward.claims.verdicts import UNTESTED, apply_rule, combine, verdict
from eastward.evidence import Variant

SUPPORTED, CAVEATS, IMPRECISE, _, CONTRADICTED, _, _, UNTESTABLE = STATUSES
DOUBLED = Stated("doubled", 2, "", 0.0)
VALUE = Rule(kind="stated_value", text="", quantity="x.y")


@pytest.mark.parametrize(
    ("margin", "expected", "days"),
    [
        (7, SUPPORTED, [date(2024, 6, 1), date(2024, 6, 30)]),
        (7, IMPRECISE, [date(2024, 5, 25), date(2024, 5, 31), date(2024, 7, 1), date(2024, 7, 7)]),
        (7, CONTRADICTED, [date(2024, 5, 24), date(2024, 7, 8)]),
        (None, CONTRADICTED, [date(2024, 5, 31), date(2024, 7, 1)]),
        (3, SUPPORTED, ["2024-06"]),
        (3, IMPRECISE, ["2024-06-12/2024-07-02"]),
        (3, CONTRADICTED, ["2024-10"]),
    ],
)
def test_days_and_intervals_of_june(margin: int | None, expected: str, days: list[date | str]) -> None:
    rule, june = Rule(kind="date", text="", quantity="x.y", margin=margin), Stated("June 2024", "2024-06")
    assert {apply_rule(rule, june, Variant("v", day, id="v"), 0.05) for day in days} == {expected}


def test_unknown_rule_kind_is_named() -> None:
    with pytest.raises(ValueError, match="^unknown rule kind 'guess'$"):
        apply_rule(Rule(kind="guess", text="", quantity="x.y"), DOUBLED, Variant("v", 1.0, id="v"), 0.05)


@pytest.mark.parametrize("statuses", [[], [SUPPORTED, CONTRADICTED]])
def test_every_variant_needs_one_status(statuses: list[str]) -> None:
    with pytest.raises(ValueError, match="zip"):
        combine([Variant("v", 1.0, id="v")], statuses)


CLAIM = Claim("C00", ("100 billion",), "short", ("quantitative",), "chapter", Stated("100 bn", 100), VALUE, 1)
JUDGED = Rule(kind="judged", text="", judged={"publication": UNTESTABLE, "hindsight": IMPRECISE})
OTHER, FIRST, SECOND = (
    Variant("other", 300.0, id="other"),
    Variant("first", 108.0, preferred=True, id="first"),
    Variant("second", 100.0, preferred=True, id="second"),
)


class Stage:
    """Stands in for the claims and the quantities: one claim, fixed variants, and the questions asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.claim = CLAIM
        self.variants = [OTHER, FIRST, SECOND]
        self.asked: list[tuple[str, date, dict[str, Any]]] = []
        monkeypatch.setattr(Settings, "claim", lambda *_: self.claim)
        monkeypatch.setattr(verdicts, "observe", self.observe)

    def observe(self, name: str, **params: Any) -> list[Variant]:
        self.asked.append((name, data.day(), params))
        return self.variants


@pytest.fixture()
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch)


def test_publication_is_the_day_unless_told_otherwise(stage: Stage) -> None:
    stage.claim = replace(CLAIM, rule=replace(VALUE, params={"unit": "USD bn"}))
    assert verdict("C00").as_of == "publication"
    assert verdict("C00", "hindsight").as_of == "hindsight"
    assert stage.asked == [("x.y", date(2024, 5, 17), {"unit": "USD bn"}), ("x.y", data.HINDSIGHT, {"unit": "USD bn"})]


def test_preferred_variants_come_first_and_keep_their_order(stage: Stage) -> None:
    found = verdict("C00")
    assert [v.label for v in found.variants] == ["first", "second", "other"]
    assert found.statuses == (CONTRADICTED, SUPPORTED, CONTRADICTED)
    assert found.observed == 108.0


def test_the_tolerance_asked_for_decides_and_is_kept(stage: Stage) -> None:
    stage.variants = [FIRST]
    narrow, wide = verdict("C00"), verdict("C00", thresholds={"tolerance": 0.1})
    assert (narrow.status, wide.status, wide.statuses) == (CONTRADICTED, IMPRECISE, (IMPRECISE,))


def test_a_declared_caveat_reaches_the_verdict(stage: Stage) -> None:
    stage.variants = [SECOND]
    assert verdict("C00").status == SUPPORTED
    stage.claim = replace(CLAIM, caveat={"hindsight": "prices rose"})
    told = [(found.status, found.caveat) for found in (verdict("C00"), verdict("C00", "hindsight"))]
    assert told == [(SUPPORTED, ""), (CAVEATS, "prices rose")]


def test_evidence_counts_once_and_names_the_caveat(stage: Stage) -> None:
    relay = replace(OTHER, evidence="release")
    stage.variants = [SECOND, relay, replace(relay, id="relay", label="relay")]
    found = verdict("C00")
    assert (found.status, found.agreement, found.caveat) == (CAVEATS, (1, 2), "1 of 2 measurements disagree")


def test_a_claim_without_a_rule_is_not_yet_tested(stage: Stage) -> None:
    stage.claim = replace(CLAIM, rule=None)
    found = verdict("C00", "hindsight")
    assert (found.claim, found.as_of, found.status) == (stage.claim, "hindsight", UNTESTED)
    assert (found.variants, found.statuses, stage.asked) == ((), (), [])
    assert (found.observed, found.agreement) == (None, None)


def test_a_judged_claim_keeps_its_variants_as_evidence_without_statuses(stage: Stage) -> None:
    stage.claim = replace(CLAIM, rule=replace(JUDGED, quantity="x.y"))
    found = verdict("C00", "hindsight")
    assert (found.as_of, found.status) == ("hindsight", IMPRECISE)
    assert (found.variants, found.statuses) == ((FIRST, SECOND, OTHER), ())
    assert verdict("C00").status == UNTESTABLE
    stage.asked.clear()
    stage.claim = replace(CLAIM, rule=JUDGED)
    assert (verdict("C00").variants, stage.asked) == ((), []), "without a quantity it observes nothing"
