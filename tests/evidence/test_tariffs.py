"""Claims C20 to C22 and C37: numbers worked out by hand from the sources, verdicts, and what changes them."""

from datetime import date

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import tariffs, turn_east

C22 = {"base_years": [2021, 2020, 2019], "last_before": 2023, "earlier": ["2017", "2019"]}


def by_id(variants):
    return {v.id: v.observed for v in variants}


def test_reports_of_the_list_of_may_2024_agree():
    frame = tariffs.tariff_list("announced-2024-05", "law-firm").set_index("group")
    columns = ["old_min", "old_max", "new"]
    for report in ("customs-broker", "white-house"):
        other = tariffs.tariff_list("announced-2024-05", report).set_index("group")
        assert other[columns].sort_index().equals(frame[columns].sort_index()), report


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


def test_c20_needs_every_group_of_a_good(package):
    where = {"report": "law-firm", "series": "new-rate", "group": "li-ion-other-batteries"}
    package.edit("tariff_rates", "value", "7.5", **where)
    observed = by_id(data.on(data.PUBLICATION)(tariffs.raised_goods)("law-firm"))
    assert not observed["batteries-law-firm"]
    assert observed["solar-cells-law-firm"]


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


def test_exports_to_russia_are_those_of_the_chapter_on_the_turn_east():
    both = turn_east.trade_with_china()["imports"].dropna()
    assert tariffs.sold_to_russia().set_index("year")["value"].equals(both.rename("value"))


def test_growth_in_yuan_does_not_count(package):
    before = tariffs.growth("RUS", 2024)
    yuan = {"series": "china-customs-growth", "partner": "RUS", "period": "2024", "currency": "CNY"}
    package.edit("us_china_trade", "value", "77.123", **yuan)
    assert before["value"].equals(tariffs.growth("RUS", 2024)["value"])


def test_c22_is_not_testable_before_a_duty_is_charged():
    assert verdict("C22").status == "not testable"
    with data.on(date(2024, 9, 26)):
        assert tariffs.entry_through_tariffs(50, 10, **C22) == []
    with data.on(date(2024, 9, 27)):
        assert tariffs.entry_through_tariffs(50, 10, **C22)


def test_c22_threshold_is_a_parameter():
    strict = tariffs.entry_through_tariffs(least_after=5, least_share=1, **C22)
    deciding = {v.part: v.observed for v in strict if v.preferred}
    assert deciding["most of the entry came after the tariffs"]
    assert deciding["taxed goods weigh in what Russia buys"]
