"""Settlements: decisive numbers by hand, verdicts on both questions and dates, verdicts on changed data, what the chapter says."""

from __future__ import annotations

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import settlements

SPANS = ["2023-01/2023-09", "2023"]
CHOICES = ["2023-03", "2022-09"], ["2024-02", "2023-12"], [["2024-03", "2024-04"], ["2024-03", "2024-08"]]


def _then(quantity, *arguments):
    return data.on(data.publication_day())(quantity)(*arguments)


def test_nothing_of_later_days_enters_the_first_judgement():
    assert set(_then(settlements.share_range, SPANS)["period"]) == {"2023-05", "2023-09"}
    assert _then(settlements.months_of_trade)["month"].max() == "2024-04"
    assert set(_then(settlements.specifications, *CHOICES)["after"]) == {"March–April"}
    said = data.rows([row for v in verdict("C14.so").variants for row in v.rows])
    assert said["said"].max() == "2024-05-16"


def test_statements_on_earlier_times_do_not_count():
    ids = {v.id for v in settlements.yuan_and_ruble_share(90, "2023-09", "press", SPANS, 4)}
    more = {v.id for v in settlements.yuan_and_ruble_share(90, "2023-06", "press", SPANS, 4)}
    assert "jiemian2023putin80-2023-06-16" in more - ids


def test_officials_of_both_sides_spoke_of_it_before_the_op_ed():
    days = set(data.rows(list(verdict("C15.so")["admissions"].rows))["date"])
    assert days == {"2024-02-07", "2024-02-28", "2024-03-21", "2024-05-07", "2024-05-17"}


DIP = "exports-2024-03-to-2024-04-level-2023-03-to-2024-02"


def test_the_spring_dip_follows_the_months(package):
    assert verdict("C15.so")[DIP].observed < 1
    package.edit("settlement_trade_months", "value", "9.9", period="2024-04", flow="exports", source="fxtribune2024april", unit="USD bn", partner="RUS")  # fmt: skip
    package.edit("settlement_trade_months", "value", "5", period="2024-03", source="ajot2024slump")
    assert verdict("C15.so")[DIP].observed > 1


def test_a_month_that_is_not_known_gives_no_shift(package):
    package.drop("settlement_trade_months", period="2024-04", source="fxtribune2024april", unit="USD bn", partner="RUS")  # fmt: skip
    package.drop("settlement_trade_months", period="2024-04", flow="exports", unit="percent, USD terms", partner="RUS")  # fmt: skip
    assert _then(settlements.specifications, *CHOICES).empty
    assert DIP not in {v.id for v in verdict("C15.so").variants}
