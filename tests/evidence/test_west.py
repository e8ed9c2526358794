"""Ties with the West: decisive numbers by hand, verdicts of C04 and C05 on both dates and on changed data."""

from __future__ import annotations

from collections.abc import Callable

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import west
from eastward.evidence.trade import eu_trade
from tests.chapter import Run
from tests.conftest import PackageCopy

CHAPTER = "02-ties-with-the-west"


def preferred(claim: str, as_of: str = "hindsight") -> dict[str, float]:
    return {v.part: float(v.observed) for v in verdict(claim, as_of).variants if v.preferred}


def test_years_with_much_unallocated_trade_are_no_base_for_russian_reports() -> None:
    of_2010 = {v.id for v in verdict("C04").variants if v.id.endswith("-2010") and v.part.startswith("trade")}
    assert of_2010 == {"eu-partner-2010", "usa-partner-2010"}


def test_forecasts_and_replaced_figures_of_gas_are_left_out(package: PackageCopy) -> None:
    gas = west.levels(west.gas_with_turkey())
    assert gas["2014"].value == 146.6
    package.edit("energy_destinations", "status", "stated", series="gazprom-far-abroad", source="ukrenergy2014gazprom")
    package.edit("energy_destinations", "status", "first", series="gazprom-far-abroad", period="2013", value="161.5")
    assert west.levels(west.gas_with_turkey())["2013"].value == 162.7


def test_eu_trade_since_eurostat_is_as_it_states() -> None:
    trade = west.eu_trade_with_imf().set_index(["flow", "year"])
    eurostat = eu_trade().set_index(["flow", "year"])["value"]
    assert (trade.loc[eurostat.index, "value"] == eurostat).all()


def test_no_ratio_mixes_compilers_or_carries_a_figure_forward() -> None:
    with data.on(data.HINDSIGHT):
        found = {v.id: v for v in verdict("C05", "hindsight").variants}
    for name, compiler in (
        ("exports-2013-2016", "Eurostat"),
        ("imports-2013-2016", "IMF"),
        ("imports-2021-2023", "Eurostat"),
    ):
        assert compiler in found[name].label
        tables = {row.partition(":")[0] for row in found[name].rows}
        assert tables == ({"trade_eurostat"} if compiler == "Eurostat" else {"trade_imf_dots", "exchange_rates"})


def test_only_the_fields_that_a_crisis_hit_decide() -> None:
    assert {part for part in preferred("C05") if part.endswith("after 2014")} == {
        "EU–Russia summits, after 2014", "Russians who like the EU, after 2014", "Russians who like the USA, after 2014",
    }  # fmt: skip
    assert len([part for part in preferred("C05") if part.endswith("after 2022")]) == 5


def test_tables_for_readers_name_their_sources(ran: Callable[[str], Run]) -> None:
    chapter = ran(CHAPTER)
    known = set(data.sources())
    table = chapter.tables["tab-west-breaks"].frame
    assert {key for cell in table["Source"] for key in cell.split(",")} <= known
    steps = chapter.tables["tab-west-steps"].frame
    assert set(steps["Source"]) <= known
