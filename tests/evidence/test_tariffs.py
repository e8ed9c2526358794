"""Claims C20 to C22 and C37: numbers worked out by hand from the sources, verdicts, and what changes them."""

from datetime import date

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from eastward.evidence import tariffs, turn_east
from tests.chapter import run

C22 = {"base_years": [2021, 2020, 2019], "last_before": 2023, "earlier": ["2017", "2019"]}


def by_id(variants):
    return {v.id: v.observed for v in variants}


def test_list_of_may_2024_as_the_sources_print_it():
    frame = tariffs.tariff_list("announced-2024-05", "law-firm").set_index("group")
    assert len(frame) == 14
    assert tuple(frame.loc["electric-vehicles", ["old_max", "new"]]) == (25, 100)
    assert tuple(frame.loc["steel-aluminium", ["old_min", "old_max", "new"]]) == (0, 7.5, 25)
    columns = ["old_min", "old_max", "new"]
    for report in ("customs-broker", "white-house"):
        other = tariffs.tariff_list("announced-2024-05", report).set_index("group")
        assert other[columns].sort_index().equals(frame[columns].sort_index()), report


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_the_decision_is_supported_whenever_it_came_into_force(as_of):
    found = verdict("C20", as_of)
    assert (found.status, found.grade) == ("supported", "primary")
    assert {v.evidence for v in found.deciding} == {"announced-2024-05"}
    steps = data.load("tariff_rates", list="final-2024-09", series="new-rate")["period"]
    assert steps.map(data.period_start).min() == date(2024, 9, 27)  # after the op-ed


def test_c20_knows_the_final_list_only_with_hindsight():
    goods = [good.replace(" ", "-") for good in tariffs.ITEMS]
    reports = ("white-house", "law-firm", "customs-broker", "radio")
    assert {v.id for v in verdict("C20").variants} <= {f"{good}-{report}" for good in goods for report in reports}
    later = {v.id for v in verdict("C20", "hindsight").variants}
    assert {f"{good}-trade-lawyers" for good in goods} < later


def test_the_report_that_decides_c20_is_a_parameter():
    deciding = {v.id for v in tariffs.raised_goods("radio") if v.preferred}
    assert len(deciding) == len(tariffs.ITEMS)
    assert all(name.endswith("-radio") for name in deciding)


def test_c20_depends_on_every_good(package):
    where = {"report": "white-house", "series": "new-rate"}
    package.edit("tariff_rates", "value", "25", **where, group="electric-vehicles")
    assert verdict("C20").status == "partly right"
    package.edit("tariff_rates", "value", "0", **where)
    assert verdict("C20").status == "contradicted"


def test_c20_needs_every_group_of_a_good(package):
    where = {"report": "law-firm", "series": "new-rate", "group": "li-ion-other-batteries"}
    package.edit("tariff_rates", "value", "7.5", **where)
    observed = by_id(data.on(data.PUBLICATION)(tariffs.raised_goods)("law-firm"))
    assert not observed["batteries-law-firm"]
    assert observed["solar-cells-law-firm"]


def test_signing_has_the_day(package):
    found = verdict("C37")
    assert [v.observed for v in found.deciding] == [date(2024, 5, 14)]
    assert (found.status, found.grade) == ("supported with caveats", "primary")
    package.edit("statements", "date", "2024-05-15", statement=found.deciding[0].id)
    assert verdict("C37").status == "contradicted"


def test_share_covered():
    share, _ = data.on(data.PUBLICATION)(tariffs.covered_share)(2023)
    assert share == pytest.approx(100 * 18 / 427)
    share, _ = tariffs.covered_share(2023)
    assert share == pytest.approx(100 * 18 / 427.2344)
    assert tariffs.covered_share(1990) is None


def test_windows_of_us_imports():
    observed = by_id(verdict("C21", "hindsight").variants)
    # Census by FRED: 423.822 bn USD in May 2023 to April 2024, 437.604 in the twelve months after.
    assert observed["year-from-announcement"] == pytest.approx(100 * (437.604 / 423.822 - 1), abs=0.001)
    # October to January: 41.445 + 37.775 + 37.554 + 41.639 against 41.548 + 35.537 + 34.184 + 35.783.
    assert observed["in-force-to-rounds"] == pytest.approx(100 * (158.413 / 147.052 - 1), abs=0.001)
    assert observed["us-exports-2024"] == pytest.approx(100 * (143.2718 / 147.6265 - 1))
    assert not any("2025" in name for name in observed)  # duties of others


def test_windows_follow_the_calendar(package):
    windows = verdict("C21").claim.rule.params["windows"]
    ends = {name: (tariffs.window(*given)[0], tariffs.window(*given)[-1]) for name, given in windows.items()}
    assert ends == {
        "year-from-announcement": ("2024-05", "2025-04"),
        "announcement-to-rounds": ("2024-05", "2025-01"),
        "in-force-to-rounds": ("2024-10", "2025-01"),
        "half-year-in-force": ("2024-10", "2025-03"),
    }
    package.edit("tariff_events", "date", "2025-01-04", event="round-2025-1")
    assert tariffs.window("in-force", 1, "round-2025-1")[-1] == "2024-12"
    assert data.on(data.PUBLICATION)(tariffs.window)("in-force", 1, "round-2025-1") == []


def test_one_vintage_of_the_census_decides():
    found = verdict("C21", "hindsight")
    rows = data.rows([row for v in found.variants for row in v.rows])
    census = rows[rows["series"] == "us-census-monthly"]
    assert census["vintage"].unique().tolist() == ["2026-03"]
    assert rows.loc[rows["series"] == "us-census", "vintage"].unique().tolist() == ["2026-06"]


def test_c21_asks_whether_such_duties_hurt_both_ways():
    now, later = verdict("C21"), verdict("C21", "hindsight")
    assert (now.status, later.status) == ("supported", "supported with caveats")
    assert later.caveat
    assert not now.caveat
    assert by_id(now.deciding) == {"section-301-imports": -13, "targeted-us-exports": -11}


def test_c21_would_fail_if_such_duties_had_done_no_harm(package):
    package.edit("tariff_estimates", "value", "2", series="section-301-imports")
    assert verdict("C21").status == "partly right"
    package.edit("tariff_estimates", "value", "1", series="targeted-us-exports")
    assert verdict("C21").status == "contradicted"


def test_timing_of_the_entry():
    frame = tariffs.timing(2021, 2023).set_index("id")["after"]
    base = 76.122 / 1.128
    assert frame["all-exports"] == pytest.approx(100 * (115.49 - 110.97) / (115.49 - base))
    assert frame["cars"] == pytest.approx(100 * (15.2 - 11.658) / (15.2 - 1.5))
    assert frame["car-brands"] == pytest.approx(100 * (58.5 - 50) / (58.5 - 7))


def test_a_measure_that_begins_later_counts_from_its_first_year():
    frame = tariffs.timing(2021, 2023).set_index("id")
    assert frame.loc["solar-cells", "base"] == 2022
    assert set(frame["base"].drop("solar-cells")) == {2021}


def test_exports_to_russia_are_those_of_the_chapter_on_the_turn_east():
    both = turn_east.trade_with_china()["imports"].dropna()
    assert tariffs.sold_to_russia().set_index("year")["value"].equals(both.rename("value"))


def test_growth_in_yuan_does_not_count(package):
    before = tariffs.growth("RUS", 2024)
    yuan = {"series": "china-customs-growth", "partner": "RUS", "period": "2024", "currency": "CNY"}
    package.edit("us_china_trade", "value", "77.123", **yuan)
    assert before["value"].equals(tariffs.growth("RUS", 2024)["value"])


def test_solar_cells_by_year_are_sums_of_whole_years():
    cells = tariffs.solar_exports().set_index("year")["value"]
    assert list(cells.index) == [2022, 2023, 2024]
    assert cells[2024] == pytest.approx(35.865, abs=0.001)


def test_on_the_day_nothing_had_come_after():
    frame = data.on(data.PUBLICATION)(tariffs.timing)(2021, 2023)
    assert not frame.empty
    assert (frame["after"] == 0).all()


def test_goods_are_shares_of_what_russia_buys():
    share = tariffs.taxed_goods(2021).set_index("id")["share"]
    assert share["integrated-circuits-2022"] == pytest.approx(100 * 0.179 / 76.122)
    known = data.on(data.PUBLICATION)(tariffs.taxed_goods)(2021)
    assert not known["what"].str.contains("2024").any()


def test_c22_is_not_testable_before_a_duty_is_charged():
    assert verdict("C22").status == "not testable"
    with data.on(date(2024, 9, 26)):
        assert tariffs.entry_through_tariffs(50, 10, **C22) == []
    with data.on(date(2024, 9, 27)):
        assert tariffs.entry_through_tariffs(50, 10, **C22)


def test_c22_is_contradicted_by_what_followed():
    later = verdict("C22", "hindsight")
    assert later.status == "contradicted"
    deciding = {v.part: v.observed for v in later.variants if v.preferred}
    assert list(deciding.values()) == [False, False, False]
    assert any(v.observed for v in later.variants)


def test_c22_parts_decide_one_by_one(package):
    package.edit("trade_china_customs", "value", "70", reporter="CHN", partner="RUS", flow="exports", period="2023")
    assert verdict("C22", "hindsight").status == "partly right"
    package.edit("tariff_products", "value", "20", series="market-share", product="electric-vehicles", period="2023")
    assert verdict("C22", "hindsight").status == "partly right"
    for year in ("2024", "2025"):
        package.edit("us_china_trade", "value", "9", partner="RUS", period=year, series="china-customs-growth")
    assert verdict("C22", "hindsight").status == "supported with caveats"


def test_c22_threshold_is_a_parameter():
    strict = tariffs.entry_through_tariffs(least_after=5, least_share=1, **C22)
    deciding = {v.part: v.observed for v in strict if v.preferred}
    assert deciding["most of the entry came after the tariffs"]
    assert deciding["taxed goods weigh in what Russia buys"]


def test_c22_starts_from_the_first_base_year():
    ids = [v.id for v in tariffs.entry_through_tariffs(50, 10, [2019, 2021], 2023, ["2017", "2019"]) if v.preferred]
    assert ids == ["all-exports-2019-after-2023", "electric-cars-2023", "against-world-2024", "against-world-2025"]


def test_growth_after_the_rounds_of_2025():
    value = tariffs.destinations(2024).set_index(["period", "partner"])["value"]
    assert (value["2025", "USA"], value["2025", "RUS"]) == (-20, -10.4)
    assert value["2024", "RUS"] < value["2024", "WORLD"]
    assert (value["2025", "AFRICA"], value["2025", "ASEAN"]) == (25.8, 13.4)  # dollars, not yuan


def test_the_chapter_words_bounds_and_shows_holes_as_holes():
    chapter = run("09-tariffs")
    assert chapter.broken == []
    table = chapter.tables["tab-tariff-trade"].frame.set_index("goods")
    assert table.loc["steel", "China's share of imports, 2023"] == "under 1 %"
    assert (
        table.loc["lithium batteries, all", "imports from China, 2023"]
        == "13 bn USD; 13.1 bn USD; 13.2 bn USD; 16.5 bn USD (2024)"
    )
    bought = chapter.figures["fig-tariff-goods"].data.set_index("goods")["to Russia, m USD"]
    assert bought.isna().sum() == 2  # semiconductors as a whole, and syringes
    assert bought["Solar cells and panels"] == pytest.approx(20.06, abs=0.01)
    for name, number in {
        "fig-tariff-list": "14 product groups",
        "fig-tariff-us-imports": "3.3 per cent above",
        "fig-tariff-timing": "91 per cent of their rise",
        "fig-tariff-goods": "11.7 bn USD to Russia",
        "fig-tariff-destinations": "Russia -10.4",
    }.items():
        assert number in chapter.figures[name].alt


@pytest.fixture()
def _own_settings_again():
    yield
    what_if()


@pytest.mark.usefixtures("_own_settings_again")
def test_a_base_year_of_the_chapter_moves_its_figure():
    chapter = run("09-tariffs", base_years=[2019, 2021])
    assert "93 per cent came by 2023" in chapter.figures["fig-tariff-timing"].title
    assert chapter.broken == []
