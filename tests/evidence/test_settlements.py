"""Settlements: decisive numbers by hand, verdicts on both questions and dates, verdicts on changed data, what the chapter says."""

from __future__ import annotations

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from eastward.evidence import settlements
from tests.chapter import run

SPANS = ["2023-01/2023-09", "2023"]
CHOICES = ["2023-03", "2022-09"], ["2024-02", "2023-12"], [["2024-03", "2024-04"], ["2024-03", "2024-08"]]
DAYS = pytest.mark.parametrize("as_of", ["publication", "hindsight"])


def _then(quantity, *arguments):
    return data.on(data.publication_day())(quantity)(*arguments)


def _range(period, flow):
    found = settlements.share_range(SPANS[:1])
    return found[(found["period"] == period) & (found["flow"] == flow)].iloc[0]


def test_bounds_of_spring_2024_by_hand():
    # Exports: 14.7 % unfriendly in Asia, China 94.9 of 226.6 bn USD.
    exports = _range("2024-04/2024-06", "exports")
    assert exports["low"] == pytest.approx(100 - 14.7 / (94.9 / 226.6))
    assert exports["low"] == pytest.approx(64.9, abs=0.05)
    # Imports: 100 - 37.1 - 48.9 = 14.0 % unfriendly, China 81.4 of 140 bn USD.
    imports = _range("2024-04/2024-06", "imports")
    assert imports["unfriendly"] == pytest.approx(14.0)
    assert imports["low"] == pytest.approx(100 - 14.0 / (81.4 / 140))
    both = (94.9 * exports["low"] + 81.4 * imports["low"]) / (94.9 + 81.4)
    assert _range("2024-04/2024-06", "both")["low"] == pytest.approx(both)


def test_months_by_hand():
    months = settlements.months_of_trade().set_index("month")
    assert months.loc["2024-04", "value"] == 8.317
    assert months.loc["2024-03", "value"] == pytest.approx(9.044 * (1 - 0.16))
    assert months.loc["2024-09", "value"] == pytest.approx(94.14 - 71.91 - 8.68 * 1.267)
    assert months.loc["2024-11", "value"] == pytest.approx(115.49 - 94.14 - 11.3)
    assert months.loc["2022-10", "value"] == pytest.approx(67.34 - 52.244 - 7.7)
    # The half-year total checks the two months that come from growth rates.
    assert months["value"]["2024-01":"2024-06"].sum() == pytest.approx(51.661, abs=0.1)


def test_relative_growth_by_hand():
    gaps = settlements.relative_growth().set_index("month")["gap"]
    assert gaps["2024-04"] == pytest.approx(100 * (0.864 / 1.015 - 1))
    assert gaps["2024-03"] == pytest.approx(100 * (0.84 / 0.925 - 1))


def test_nothing_of_later_days_enters_the_first_judgement():
    assert set(_then(settlements.share_range, SPANS)["period"]) == {"2023-05", "2023-09"}
    assert _then(settlements.months_of_trade)["month"].max() == "2024-04"
    assert set(_then(settlements.specifications, *CHOICES)["after"]) == {"March–April"}
    said = data.rows([row for v in verdict("C14.so").variants for row in v.rows])
    assert said["said"].max() == "2024-05-16"


@DAYS
def test_c14_was_said_twice(as_of):
    found = verdict("C14", as_of)
    assert found.status == "supported"
    assert {v.evidence for v in found.deciding} == {"interview", "press"}
    assert found.observed == 90


def test_c14_was_not_said_where_the_reports_give_less(package):
    for remark in ("interview", "press"):
        package.edit("settlement_statements", "value", "60", remark=remark)
    assert verdict("C14").status == "contradicted"


def test_without_reports_in_the_op_eds_words_another_report_decides(package):
    package.drop("settlement_statements", remark="interview")
    package.drop("settlement_statements", remark="press")
    decisive = verdict("C14").deciding[0]
    assert decisive.evidence == "talks"


@DAYS
def test_c14_is_so_by_officials_only(as_of):
    found = verdict("C14.so", as_of)
    assert found.status == "official claim only"
    assert found.observed == 90
    assert not any(v.independent for v in found.variants)
    assert [v.id for v in found.deciding] == ["tass2024putinover90-2024-05-16"]
    assert found.agreement == (2, 2)  # officials of either side are one piece of evidence each


def test_statements_on_earlier_times_do_not_count():
    ids = {v.id for v in settlements.yuan_and_ruble_share(90, "2023-09", "press", SPANS, 4)}
    more = {v.id for v in settlements.yuan_and_ruble_share(90, "2023-06", "press", SPANS, 4)}
    assert "jiemian2023putin80-2023-06-16" in more - ids


def _tight(package):
    package.edit("settlement_currency", "value", "1.0", source="rb2024q2", partner="ASIA", currency="unfriendly")
    where = {"source": "rb2024q2", "partner": "ASIA", "flow": "imports"}
    package.edit("settlement_currency", "value", "62.0", currency="friendly", **where)


def test_c14_is_so_once_the_figures_for_asia_are_tight_enough(package):
    _tight(package)
    found = verdict("C14.so", "hindsight")
    assert found.status == "supported with caveats"
    low = found["bound-2024-04-to-2024-06-weights-2023"]
    assert low.independent
    assert low.preferred
    assert low.observed >= 90
    assert sum(v.preferred for v in found.variants if v.evidence == low.evidence) == 1
    assert verdict("C14.so", "publication").status == "official claim only"


def test_other_friendly_currencies_can_keep_a_bound_from_deciding(package):
    _tight(package)
    assert verdict("C14.so", "hindsight", {"other_friendly": 20}).status == "official claim only"


def test_c14_is_not_so_where_the_figures_for_asia_leave_no_room(package):
    for flow in ("exports", "imports"):
        where = {"source": "rb2024q2", "partner": "ASIA", "flow": flow}
        package.edit("settlement_currency", "value", "5.0", currency="RUB", **where)
        package.edit("settlement_currency", "value", "5.0", currency="friendly", **where)
    package.edit("settlement_currency", "value", "90.0", source="rb2024q2", partner="ASIA", currency="unfriendly")
    assert verdict("C14.so", "hindsight").status == "contradicted"


@DAYS
def test_c15_was_said_of_trade_and_investments(as_of):
    found = verdict("C15", as_of)
    assert (found.status, found.caveat) == ("supported with caveats", "said of mutual trade and investments")
    assert found.agreement == (1, 1)  # reports of one statement


def test_c15_was_not_said_where_the_deciding_report_has_other_words(package):
    package.edit("statements", "stance", "against", statement="c15-tass-2024-05-16")
    assert verdict("C15").status == "contradicted"


@DAYS
def test_c15_is_partly_so_since_trade_held_and_payments_did_not(as_of):
    found = verdict("C15.so", as_of)
    assert found.status == "partly right"
    assert found["refusals"].observed == 0
    assert found["admissions"].observed == pytest.approx(2 / 5 / 0.5)


def test_turnover_by_hand():
    assert verdict("C15.so")["turnover-2024"].observed == pytest.approx(56.68 / 53.845)
    assert verdict("C15.so", "hindsight")["turnover-2024"].observed == pytest.approx(244.819 / 240.11)


def test_c15_fails_in_both_parts_where_turnover_shrank(package):
    package.edit("settlement_trade_months", "value", "45.00", flow="turnover")
    assert verdict("C15.so").status == "contradicted"
    assert verdict("C15.so", thresholds={"trade_held": 0.8}).status == "partly right"


def test_c15_is_so_without_refusals_and_admissions(package):
    package.edit("settlement_events", "kind", "statement", kind="admission")
    assert verdict("C15.so").status == "partly right"
    package.edit("settlement_events", "kind", "market", kind="refusal")
    assert verdict("C15.so").status == "supported with caveats"


def test_one_refusal_and_one_admission_do_not_decide(package):
    for event in ("chouzhou-stops", "ping-an-ningbo-stop", "four-banks-stop", "vedomosti-suspended"):
        package.edit("settlement_events", "kind", "market", event=event)
    for event in ("zhang-concedes", "peskov-will-solve", "peskov-certain-problems"):
        package.edit("settlement_events", "kind", "market", event=event)
    found = verdict("C15.so")
    assert found["refusals"].observed == pytest.approx(0.8 / 0.5)
    assert found.status == "supported with caveats"


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


@pytest.fixture(scope="module")
def chapter():
    return run("06-rubles-and-yuan")


def test_the_chapter_gives_the_bounds_of_both_days(chapter):
    assert (chapter.facts["floor_then"], chapter.facts["floor_later"]) == ("58", "70")
    assert (chapter.facts["own_then"], chapter.facts["own_later"]) == ("54", "66")
    assert not chapter.broken


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("fig-settlement-statements", "58 in September 2023 and 70 in April 2024 to June 2024"),
        ("fig-settlement-exchange", "53.6 in May 2024 and 99.6 in June 2024"),
        ("fig-settlement-months", "7.6 and 8.3 in March and April 2024"),
        ("fig-settlement-specifications", "6 of 8 intervals lie below zero"),
    ],
)
def test_each_figure_states_its_finding(chapter, figure, said):
    assert said in chapter.figures[figure].alt


def test_other_months_before_change_what_the_chapter_expects(request):
    request.addfinalizer(what_if)
    assert run("06-rubles-and-yuan", starts=["2023-06"], ends=["2024-02"]).facts["fall"] != "16"
