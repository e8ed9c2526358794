"""What no other test of the evidence tells: the form of every variant, what is kept, and choices that mutants showed."""

from __future__ import annotations

import re

import pytest

from eastward import data
from eastward.claims import questions
from eastward.claims.verdicts import AS_OF, verdict
from eastward.data.root import reading
from eastward.evidence import diplomacy, kept, market, quantity, sanctions, settlements, turn_east
from tests.conftest import PackageCopy


@pytest.mark.parametrize("day", AS_OF)
@pytest.mark.parametrize("name", sorted(questions()))
def test_every_variant_is_whole(name: str, day: str) -> None:
    for v in verdict(name, day).variants:
        assert re.fullmatch(r"[a-z0-9.-]+", v.id)
        assert isinstance(v.label, str)
        assert isinstance(v.part, str)
        assert re.fullmatch(r"[a-z0-9./-]*", v.evidence), v.id
        assert v.half_unit >= 0
        assert not (v.half_unit and isinstance(v.observed, bool))
        assert not re.search(r"None|nan\b|  |^\W", v.label), v.label
        assert set(data.rows(v.rows)["row"]) == set(v.rows) > set()


def test_what_is_kept_is_found_once_and_tells_again_what_was_read() -> None:
    calls: list[object] = []

    @kept
    def found(one: int, other: int = 0) -> list[int]:
        """Double."""
        calls.append((one, other))
        data.load("countries")
        return [2 * one]

    for _ in range(2):
        with reading() as noted:
            assert found(1) == [2]
        assert ("table", "countries") in noted
        assert len(calls) == 1
    found(1).append(3)
    assert found(1) == [2]
    assert found(1, other=1) == found(1, other=2) == [2]
    assert calls == [(1, 0), (1, 1), (1, 2)]
    assert (found.__name__, found.__doc__) == ("found", "Double.")


def test_not_more_is_kept_than_512_answers() -> None:
    calls: list[int] = []
    found = kept(lambda n: calls.append(n) or [n])
    for n in (*range(512), 0, 511):
        found(n)
    assert len(calls) == 512
    found(512)
    found(0)
    assert calls[512:] == [512, 0]


@pytest.mark.parametrize("name", ["nothing.at_all", "trade.nothing", "trade"])
def test_a_quantity_that_there_is_not(name: str) -> None:
    with pytest.raises(LookupError, match=rf"^\"?eastward\.evidence has no function '{name}'\"?$"):
        quantity(name)


def test_a_first_state_visit_rests_on_the_oath_and_the_visit() -> None:
    (visit,) = [v for v in diplomacy.first_trip_is(2018, "CHN", 4) if v.id == "first-state-visit"]
    assert [row.partition(":")[0] for row in visit.rows] == ["diplomacy_records", "diplomacy_visits"]


def test_only_companies_are_counted(package: PackageCopy) -> None:
    rule = verdict("C23").claim.rule
    before = {v.id for v in market.firms_that_expanded(**rule.params) if v.id.startswith("companies-")}
    assert len(before) == 3
    package.edit("market_firms", "unit", "percent", series="chinese-registrations", compiler="not named")
    found = {v.id for v in market.firms_that_expanded(**rule.params) if v.id.startswith("companies-")}
    assert found == before - {"companies-not-named"}


def test_imposers_are_named_by_three_counts() -> None:
    assert list(sanctions.designations()) == ["day", "value", "before", "rows"]
    (imposers,) = [v for v in verdict("C16", "hindsight").variants if v.id == "imposers"]
    assert set(data.rows(imposers.rows)["series"]) == {
        "designations-new-by-imposer", "designations-by-imposer", "ria-measures-by-imposer",
    }  # fmt: skip


def test_a_lower_bound_that_just_reaches_what_is_stated_counts() -> None:
    spans = ["2023-01/2023-09", "2023"]
    low = settlements.share_range(spans).query("flow == 'both'").iloc[0]["low"]
    found = settlements.yuan_and_ruble_share(low, "2023-09", "press", spans, 0)
    assert low in [v.observed for v in found if v.id.startswith("bound-")]


def test_the_last_of_the_further_months_compared_is_told_too() -> None:
    months = [["2024-03", "2024-04"], ["2024-03", "2024-08"]]
    found = settlements._steady_exports(1, ["2023-03"], ["2024-02"], months)
    assert "exports-2024-03-to-2024-08-level-2023-03-to-2024-02" in {v.id for v in found}


def test_only_the_last_period_is_ranked() -> None:
    found = [v.id for v in turn_east.china_among_partners(2023, 2020, 2013)]
    assert [name for name in found if name.startswith(("votes", "arms", "oil"))] == [
        "oil-2023",
        "arms-2021-2025",
        "votes-2019",
    ]
