"""What no table of numbers by hand can say of the quantities: what counts once, and what other data make of them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from eastward import data
from eastward.claims import claim
from eastward.claims.verdicts import verdict
from eastward.evidence import diplomacy, sanctions, settlements, tariffs, trade, turn_east, west
from tests.conftest import PackageCopy


def test_officials_of_one_side_and_relays_of_one_release_count_once() -> None:
    found = diplomacy.reported("C25", claim("C25").rule.params["parts"], ["c25-putin-2024-05-16"])
    assert [(v.part, v.id, len(v.rows)) for v in found if v.evidence == "rus-officials"] == [
        ("calculated", "ushakov-2024-05-14", 2),
        ("message to the West", "putin-2024-05-16", 3),
    ]
    assert [v.id for v in found if v.preferred] == ["putin-2024-05-16"]
    assert (
        len(diplomacy.reported("C33", {"": ["c33-xi-en-2024-05-16", "c33-xi-ru-2024-05-16", "no-such-row"]}, [])) == 1
    )


@pytest.mark.parametrize("kind", ["visits", "meetings", "brics", "records"])
def test_no_second_source_is_counted_twice(kind: str) -> None:
    frame = data.load(f"diplomacy_{kind}")
    assert frame.set_index("event").loc[frame["same_as"].dropna(), "same_as"].isna().all()


def test_spans_and_years_that_coincide_are_counted_once() -> None:
    spans = turn_east.asia_against_europe(2013, 2020, [2020], 2019, {})
    for variants in (spans, turn_east.china_among_partners(2020, 2020, 2013)):
        ids = [v.id for v in variants]
        assert all(ids)
        assert len(set(ids)) == len(ids)


def test_unread_passages_are_no_evidence(package: PackageCopy) -> None:
    assert data.load("market_statements", report="press-kremlin-copy")["cars"].tolist() == ["unread"]
    package.edit("market_statements", "speaker", "Vladimir Putin", report="press-kremlin-copy")
    assert not any(v.id.startswith("press-kremlin-copy") for v in verdict("C19").variants)


def test_approval_cannot_be_judged_without_a_count_of_the_regimes(package: PackageCopy) -> None:
    package.drop("sanctions_counts", series="un-regimes-ever")
    with pytest.raises(LookupError, match="no count"):
        sanctions.council_approval("RUS")


def test_series_of_the_assembly_on_ukraine_have_no_gap() -> None:
    said = data.describe("un_ukraine_votes")["complete"][0]
    votes = sanctions.assembly_votes()
    votes = votes[votes["period"].between(said["from"], said["to"])].dropna(subset=["RUS", "CHN"])
    numbers = votes["resolution"].str.extract(r"A/RES/(ES-11|\d+)/(\d+)")
    assert set(numbers.loc[numbers[0] == "ES-11", 1]) == {str(n) for n in range(1, 9)}
    assert set(numbers[0]) >= {str(session) for session in range(71, 80)}


def test_designations_need_both_parts_or_a_total(package: PackageCopy) -> None:
    package.drop("sanctions_counts", source="castellum2024feb", series="designations-before-invasion")
    days = sanctions.designations()
    assert days.set_index("day").loc[date(2024, 2, 12), "value"] == 19282  # the stated total of the relay
    assert days["before"].isna().sum() == 1


def test_votes_on_which_reports_disagree_are_left_open(package: PackageCopy) -> None:
    where = {"entity": "SAU", "resolution": "A/RES/ES-11/4"}
    assert sanctions.assembly_votes(("SAU",)).set_index("resolution").loc["A/RES/ES-11/4", "SAU"] == "yes"  # two agree
    package.edit(
        "un_ukraine_votes", "vote", "abstain", source=data.load("un_ukraine_votes", **where)["source"][0], **where
    )
    assert pd.isna(sanctions.assembly_votes(("SAU",)).set_index("resolution").loc["A/RES/ES-11/4", "SAU"])


APRIL = {"period": "2024-04", "flow": "exports", "partner": "RUS"}
DIP = "exports-2024-03-to-2024-04-level-2023-03-to-2024-02"


def test_the_spring_dip_follows_the_months(package: PackageCopy) -> None:
    assert verdict("C15.so")[DIP].observed < 1
    package.edit("settlement_trade_months", "value", "9.9", source="fxtribune2024april", unit="USD bn", **APRIL)
    package.edit("settlement_trade_months", "value", "5", period="2024-03", source="ajot2024slump")
    assert verdict("C15.so")[DIP].observed > 1


def test_a_month_that_is_not_known_gives_no_shift(package: PackageCopy) -> None:
    for unit in ("USD bn", "percent, USD terms"):
        package.drop("settlement_trade_months", unit=unit, **APRIL)
    found = data.on(data.PUBLICATION)(settlements.specifications)(
        ["2023-03", "2022-09"], ["2024-02", "2023-12"], [["2024-03", "2024-04"], ["2024-03", "2024-08"]]
    )
    assert found.empty
    assert DIP not in {v.id for v in verdict("C15.so").variants}


def test_c20_knows_the_final_list_only_with_hindsight() -> None:
    goods = [good.replace(" ", "-") for good in tariffs.ITEMS]
    reports = ("white-house", "law-firm", "customs-broker", "radio")
    assert {v.id for v in verdict("C20").variants} <= {f"{good}-{report}" for good in goods for report in reports}
    assert {f"{good}-trade-lawyers" for good in goods} < {v.id for v in verdict("C20", "hindsight").variants}


def test_windows_follow_the_calendar(package: PackageCopy) -> None:
    package.edit("tariff_events", "date", "2025-01-04", event="round-2025-1")
    assert tariffs.window("in-force", 1, "round-2025-1")[-1] == "2024-12"


def test_growth_in_yuan_does_not_count(package: PackageCopy) -> None:
    before = tariffs.growth("RUS", 2024)["value"]
    yuan = {"series": "china-customs-growth", "partner": "RUS", "period": "2024", "currency": "CNY"}
    package.edit("us_china_trade", "value", "77.123", **yuan)
    assert before.equals(tariffs.growth("RUS", 2024)["value"])


def test_forecasts_and_replaced_figures_of_gas_are_left_out(package: PackageCopy) -> None:
    package.edit("energy_destinations", "status", "stated", series="gazprom-far-abroad", source="ukrenergy2014gazprom")
    package.edit("energy_destinations", "status", "first", series="gazprom-far-abroad", period="2013", value="161.5")
    assert west.levels(west.gas_with_turkey())["2013"].value == 162.7


def test_eu_trade_since_eurostat_is_as_it_states() -> None:
    joined = west.eu_trade_with_imf().set_index(["flow", "year"])["value"]
    eurostat = trade.eu_trade().set_index(["flow", "year"])["value"]
    assert (joined.loc[eurostat.index] == eurostat).all()
