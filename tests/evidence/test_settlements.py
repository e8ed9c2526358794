"""Settlements: decisive numbers by hand, verdicts on both dates, verdicts on changed data, what the chapter says."""

from __future__ import annotations

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from eastward.evidence import settlements
from tests.chapter import run

SPANS = ["2023-01/2023-09", "2023"]
CHOICES = ["2023-03", "2022-09"], ["2024-02", "2023-12"], [["2024-03", "2024-04"], ["2024-03", "2024-08"]]


def _then(quantity, *arguments):
    return data.on(data.PUBLICATION)(quantity)(*arguments)


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
    assert months.loc["2024-11", "value"] == pytest.approx(115.49 - 94.14 - 11.3)
    assert months.loc["2022-10", "value"] == pytest.approx(67.34 - 52.244 - 7.7)
    # The half-year total checks the two months that come from growth rates.
    assert months["value"]["2024-01":"2024-06"].sum() == pytest.approx(51.661, abs=0.1)


def test_relative_growth_by_hand():
    gaps = settlements.relative_growth().set_index("month")["gap"]
    assert gaps["2024-04"] == pytest.approx(100 * (0.864 / 1.015 - 1))
    assert gaps["2024-09"] == pytest.approx(100 * (11.246 / 9.6 / 1.024 - 1))


def test_nothing_of_later_days_enters_the_first_judgement():
    assert set(_then(settlements.share_range, SPANS)["period"]) == {"2023-05", "2023-09"}
    assert _then(settlements.months_of_trade)["month"].max() == "2024-04"
    assert set(_then(settlements.specifications, *CHOICES)["after"]) == {"March–April"}
    said = data.rows([row for v in verdict("C14").variants for row in v.rows])
    assert said["said"].max() == "2024-05-16"


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_c14_is_an_official_claim_only(as_of):
    found = verdict("C14", as_of)
    assert found.status == "official claim only"
    assert found.observed == 90
    assert not any(v.independent for v in found.variants)
    assert [v.id for v in found.deciding] == ["tass2024putinover90-2024-05-16"]


def test_without_the_report_in_the_op_eds_words_another_of_the_remark_decides(package):
    package.drop("settlement_statements", source="tass2024putinover90")
    decisive = verdict("C14").deciding[0]
    assert set(data.rows(list(decisive.rows))["remark"]) == {"op-ed"}


def test_statements_on_earlier_times_do_not_count():
    ids = {v.id for v in settlements.yuan_and_ruble_share(90, "2023-09", SPANS)}
    more = {v.id for v in settlements.yuan_and_ruble_share(90, "2023-06", SPANS)}
    assert "jiemian2023putin80-2023-06-16" in more - ids


def test_c14_is_supported_once_the_figures_for_asia_are_tight_enough(package):
    package.edit("settlement_currency", "value", "3.0", source="rb2024q2", partner="ASIA", currency="unfriendly")
    package.edit(
        "settlement_currency", "value", "61.0", source="rb2024q2", partner="ASIA", flow="imports", currency="friendly"
    )
    found = verdict("C14", "hindsight")
    assert found.status.startswith("supported")
    low = found["bound-2024-04-to-2024-06-weights-2023"]
    assert low.independent
    assert low.preferred
    assert low.observed >= 90
    assert verdict("C14", "publication").status == "official claim only"


def test_c14_is_contradicted_where_the_figures_for_asia_leave_no_room(package):
    for flow in ("exports", "imports"):
        where = {"source": "rb2024q2", "partner": "ASIA", "flow": flow}
        package.edit("settlement_currency", "value", "5.0", currency="RUB", **where)
        package.edit("settlement_currency", "value", "5.0", currency="friendly", **where)
    package.edit("settlement_currency", "value", "90.0", source="rb2024q2", partner="ASIA", currency="unfriendly")
    assert verdict("C14", "hindsight").status == "contradicted"


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_c15_is_contradicted(as_of):
    found = verdict("C15", as_of)
    assert found.status == "contradicted"
    assert found.observed is False


def test_c15_rests_on_admissions_by_officials(package):
    package.edit("settlement_events", "voice", "press", kind="admission")
    found = verdict("C15", "publication")
    assert found.observed is True
    assert found.status == "supported with caveats"


def test_three_admissions_came_before_the_op_ed():
    days = set(data.rows(list(verdict("C15")["admissions"].rows))["date"])
    assert days == {"2024-02-28", "2024-05-07", "2024-05-17"}


DIP = "exports-2024-03-to-2024-04-level-2023-03-to-2024-02"


def test_the_spring_dip_follows_the_months(package):
    assert verdict("C15")[DIP].observed is False
    package.edit("settlement_trade_months", "value", "9.9", period="2024-04", flow="exports", source="europapress2024april", unit="USD bn", partner="RUS")  # fmt: skip
    package.edit("settlement_trade_months", "value", "5", period="2024-03", source="ajot2024slump")
    assert verdict("C15")[DIP].observed is True


def test_a_month_that_is_not_known_gives_no_shift(package):
    package.drop("settlement_trade_months", period="2024-04", source="europapress2024april", unit="USD bn", partner="RUS")  # fmt: skip
    package.drop("settlement_trade_months", period="2024-04", flow="exports", unit="percent, USD terms", partner="RUS")  # fmt: skip
    assert _then(settlements.specifications, *CHOICES).empty
    assert DIP not in {v.id for v in verdict("C15").variants}


@pytest.fixture(scope="module")
def chapter():
    return run("06-rubles-and-yuan")


def test_the_rest_of_asia_makes_up_the_difference(chapter):
    # 90 % with China and 14.7 % unfriendly in all, China 129.14 of 306.6 bn USD.
    weight = 129.14 / 306.6
    assert chapter.facts["rest_exports"] == f"{(14.7 - 10 * weight) / (1 - weight):.0f}"


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("fig-settlement-statements", "from 20 per cent to 99.1 in 2025"),
        ("fig-settlement-bound", "65 per cent for exports and 76 for imports"),
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
