"""Ties with the West: decisive numbers by hand, verdicts of C04 and C05 on both dates and on changed data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import west
from eastward.evidence.trade import eu_trade
from tests.chapter import Run, run

if TYPE_CHECKING:
    from conftest import PackageCopy

DATES = ("publication", "hindsight")
CHAPTER = "02-ties-with-the-west"


@pytest.fixture(scope="module")
def chapter() -> Run:
    return run(CHAPTER)


def preferred(claim: str, as_of: str = "hindsight") -> dict[str, float]:
    return {v.part: float(v.observed) for v in verdict(claim, as_of).variants if v.preferred}


def test_turnover_with_the_eu_adds_the_united_kingdom() -> None:
    trade = west.partner_trade().set_index(["partner", "flow", "year"])["value"]
    assert trade["EU", "turnover", 2013] == pytest.approx(267.1174 + 126.0593 + 16.4492 + 8.1064, abs=0.01)
    assert trade["CHN", "turnover", 2013] == pytest.approx(35.6254 + 53.1731, abs=0.01)


def test_real_growth_of_eu_trade_by_hand() -> None:
    current_2003, current_2013 = 64.5906 + 24.8810 + 4.7725 + 1.4101, 417.7323
    by_hand = current_2013 / (current_2003 * 232.957 / 183.958)
    assert preferred("C04")["trade with the EU"] == pytest.approx(by_hand, abs=0.002)


def test_share_of_the_eu_by_hand(chapter: Run) -> None:
    real = chapter.figures["fig-west-real-trade"].data.set_index(["partner", "year"])
    assert real.loc[("EU", 2013), "share"] == pytest.approx(100 * 417.7323 / (527.2664 + 314.9670), abs=0.01)
    assert real.loc[("EU", 2013), "real"] == pytest.approx(real.loc[("EU", 2013), "value"])


def test_years_with_much_unallocated_trade_are_no_base_for_russian_reports() -> None:
    assert {2009, 2010, 2011}.isdisjoint(west.comparable_years())
    assert {2003, 2005, 2008, 2013, 2016} <= west.comparable_years()
    of_2010 = {v.id for v in west.ties_before(2013, 2003) if v.id.endswith("-2010") and v.part.startswith("trade")}
    assert of_2010 == {"eu-partner-2010", "usa-partner-2010"}


def test_opinion_of_the_eu_before_and_after() -> None:
    good = west.levels(west.opinion().query("series == 'good' and partner == 'EU'"))
    assert [good[m].value for m in ("2008-09", "2013-09", "2014-05", "2015-01")] == [45, 56, 25, 20]
    # 25 mostly and 2 very good, stated apart by the source
    assert good["2016-09"].value == 27
    assert len(good["2016-09"].rows) == 2
    # only 'mostly' is stated for September 2018
    assert "2018-09" not in good


def test_gas_to_europe_leaves_china_out() -> None:
    gas = west.levels(west.gas_with_turkey())
    assert gas["2013"].value == 161.5
    assert gas["2022"].value == pytest.approx(100.9 - 15.5)
    assert west.levels(west.gas_without_turkey())["2023"].value == 28.3


def test_forecasts_and_replaced_figures_of_gas_are_left_out(package: PackageCopy) -> None:
    gas = west.levels(west.gas_with_turkey())
    assert gas["2014"].value == 146.6
    package.edit("energy_destinations", "status", "stated", series="gazprom-far-abroad", source="ukrenergy2014gazprom")
    package.edit("energy_destinations", "status", "first", series="gazprom-far-abroad", period="2013", value="161.5")
    assert west.levels(west.gas_with_turkey())["2013"].value == 162.7


def test_eu_trade_before_eurostat_is_converted_from_dollars() -> None:
    trade = west.eu_trade_with_imf().set_index(["flow", "year"])
    assert trade.loc[("imports", 2013), "value"] == pytest.approx(264.3291 * 0.753, abs=0.01)
    assert trade.loc[("exports", 2013), "value"] == pytest.approx(114.8, abs=0.05)
    eurostat = eu_trade().set_index(["flow", "year"])["value"]
    assert (trade.loc[eurostat.index, "value"] == eurostat).all()


def test_trade_of_2023_is_carried_forward_at_publication() -> None:
    observed = preferred("C05", "publication")["EU imports from Russia"]
    by_hand = 203.4 * (46.9 / 191.977) / (264.3291 * 0.753)
    assert observed == pytest.approx(by_hand, abs=0.001)
    assert preferred("C05")["EU imports from Russia"] == pytest.approx(50.6 / (264.3291 * 0.753), abs=0.001)


def test_fall_to_2016_by_hand(chapter: Run) -> None:
    exports = (123.5874 + 6.9525) / (267.1174 + 16.4492)
    imports = (66.2163 + 3.4312) / (126.0593 + 8.1064)
    rest = (182.2676 - 66.2163 - 3.4312) / (314.9670 - 126.0593 - 8.1064)
    index = chapter.figures["fig-west-price"].data.set_index(["line", "year"])["index"]
    assert index["to the EU", 2016] == pytest.approx(100 * exports, abs=0.01)
    assert index["Brent", 2016] == pytest.approx(100 * 43.64 / 108.56)
    assert chapter.facts["barrel"] == f"{100 * exports * 108.56 / 43.64 - 100:.0f}"
    assert chapter.facts["fall_excess_imports"] == f"{100 * (1 - imports / rest):.0f}"


def test_first_breaks_came_before_donbas(chapter: Run) -> None:
    breaks = chapter.space["broken"]
    assert breaks["date"].min() == "2014-03-02"
    assert breaks["date"].max() < "2014-04-12"
    assert "eu-sectoral-sanctions" not in set(breaks["event"])
    assert (chapter.facts["first_breaks"], chapter.facts["days"]) == ("Four", "41")


def test_number_of_visas_that_counts_something_else_is_left_out() -> None:
    visas = west.levels(west.tie("schengen-visas-issued"))
    assert visas["2019"].value == 4


def test_what_was_left_in_a_year_is_not_asked_before_its_figures_were_public() -> None:
    with data.on(date(2022, 6, 30)):
        assert west.ties_after(2023, 2013) == []


@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize("claim", ["C04", "C05"])
def test_verdicts(claim: str, as_of: str) -> None:
    found = verdict(claim, as_of)
    assert found.status == "supported with caveats"
    decided = [s for v, s in zip(found.variants, found.statuses, strict=True) if v.preferred]
    assert decided == ["supported"] * 6
    assert "contradicted" in found.statuses


@pytest.mark.parametrize("as_of", DATES)
def test_c04_falls_where_eu_trade_had_not_grown(package: PackageCopy, as_of: str) -> None:
    for flow in ("exports", "imports"):
        package.edit("trade_imf_dots", "value", "20", reporter="RUS", partner="EU27", flow=flow, period="2013")
    assert preferred("C04", as_of)["trade with the EU"] < 1
    assert verdict("C04", as_of).status == "imprecise"


@pytest.mark.parametrize("as_of", DATES)
def test_c04_falls_where_most_disliked_the_eu(package: PackageCopy, as_of: str) -> None:
    package.edit("opinion_levada", "value", "20", series="good", partner="EU", period="2013-09")
    assert verdict("C04", as_of).status == "imprecise"


@pytest.mark.parametrize("as_of", DATES)
def test_c05_falls_where_gas_had_held(package: PackageCopy, as_of: str) -> None:
    package.edit("energy_destinations", "value", "120", series="reuters-pipeline-gas", period="2023")
    assert preferred("C05", as_of)["pipeline gas to Europe"] == pytest.approx(120 / (161.5 - 26.6))
    assert verdict("C05", as_of).status == "imprecise"


def test_c05_is_contradicted_where_no_tie_had_lost_half(package: PackageCopy) -> None:
    package.edit("energy_destinations", "value", "120", series="reuters-pipeline-gas", period="2023")
    package.edit("opinion_levada", "value", "50", series="good", partner="EU", period="2023-02")
    package.edit("opinion_levada", "value", "50", series="good", partner="USA", period="2023-02")
    package.edit("west_ties", "value", "5", series="schengen-visas-issued", period="2023")
    for flow in ("exports", "imports"):
        package.edit("trade_eurostat", "value", "190", reporter="EU27", partner="RUS", flow=flow, period="2023")
    assert verdict("C05", "hindsight").status == "contradicted"


def test_tables_for_readers_name_their_sources(chapter: Run) -> None:
    known = set(data.sources())
    table = chapter.tables["tab-west-breaks"].frame
    assert {key for cell in table["Source"] for key in cell.split(",")} <= known
    gas = table.set_index("Tie").loc["Pipeline gas to Europe with Turkey, bn m³"]
    assert gas["Before 2014"] == "161.5 (2013)"
    assert gas["After 2022"] == "–"
    steps = chapter.tables["tab-west-steps"].frame
    assert set(steps["Source"]) <= known
    assert steps["When"].iloc[0] == "27 June 2008"
    assert set(steps["Sense"]) == {"tie", "strain", "break", "marker"}


def test_figure_follows_the_data(chapter: Run, package: PackageCopy) -> None:
    package.edit("opinion_levada", "value", "61", series="good", partner="EU", period="2014-05")
    changed = run(CHAPTER)
    assert "to 61 per cent" in changed.figures["fig-west-opinion"].title
    assert changed.figures["fig-west-opinion"].title != chapter.figures["fig-west-opinion"].title
    assert "Opinion broke within months in 2014" in changed.broken
