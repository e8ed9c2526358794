"""Settlements: decisive numbers by hand, verdicts on both dates, verdicts on changed data, figures."""

from __future__ import annotations

import pytest

from eastward import data
from eastward.figures import Figure
from eastward.figures import settlements as figures
from eastward.quantities import settlements
from eastward.verdicts import verdict


def _range(period, flow, span="2023-01/2023-09"):
    found = settlements.share_range()
    chosen = (found["period"] == period) & (found["flow"] == flow) & (found["span"] == span)
    return found[chosen].iloc[0]


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
    # 90 % with China and 14.7 % unfriendly in all: the rest of Asia makes up the difference.
    weight = 94.9 / 226.6
    assert exports["rest"] == pytest.approx((14.7 - 10 * weight) / (1 - weight))


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
    assert set(settlements.share_range(data.PUBLICATION)["period"]) == {"2023-05", "2023-09"}
    assert settlements.months_of_trade(data.PUBLICATION)["month"].max() == "2024-04"
    assert settlements.statements(data.PUBLICATION)["said"].max() == "2024-05-16"
    assert set(settlements.specifications(data.PUBLICATION)["after"]) == {"March–April"}


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_c14_is_an_official_claim_only(as_of):
    found = verdict("C14", as_of)
    assert found.status == "official claim only"
    assert found.observed == 90
    assert not any(v.independent for v in found.variants)


def test_c14_is_supported_once_the_figures_for_asia_are_tight_enough(package):
    package.edit("settlement_currency", "value", "3.0", source="rb2024q2", partner="ASIA", currency="unfriendly")
    package.edit(
        "settlement_currency", "value", "61.0", source="rb2024q2", partner="ASIA", flow="imports", currency="friendly"
    )
    found = verdict("C14", "hindsight")
    assert found.status.startswith("supported")
    assert any(v.independent and v.preferred for v in found.variants)
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
    found = settlements.frictions(data.PUBLICATION, "admission")
    days = set(found.loc[found["voice"] == "official", "date"])
    assert days == {"2024-02-28", "2024-05-07", "2024-05-17"}


def test_the_spring_dip_follows_the_months(package):
    assert settlements.export_shift(data.PUBLICATION).high < 0
    package.edit("settlement_trade_months", "value", "9.9", period="2024-04", flow="exports", source="europapress2024april", unit="USD bn", partner="RUS")  # fmt: skip
    package.edit("settlement_trade_months", "value", "5", period="2024-03", source="ajot2024slump")
    assert settlements.export_shift(data.PUBLICATION).high > 0


def test_a_month_that_is_not_known_gives_no_shift(package):
    package.drop("settlement_trade_months", period="2024-04", source="europapress2024april", unit="USD bn", partner="RUS")  # fmt: skip
    package.drop("settlement_trade_months", period="2024-04", flow="exports", unit="percent, USD terms", partner="RUS")  # fmt: skip
    assert settlements.export_shift(data.PUBLICATION) is None


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (figures.stated_shares, "from 20 per cent to 99.1 in 2025"),
        (figures.share_with_china, "65 per cent for exports and 76 for imports"),
        (figures.yuan_on_the_exchange, "53.6 in May 2024 and 99.6 in June 2024"),
        (figures.exports_by_month, "7.6 and 8.3 in March and April 2024"),
        (figures.shift_by_specification, "6 of 8 intervals lie below zero"),
    ],
)
def test_each_figure_states_its_finding(draw, said):
    figure = draw()
    assert isinstance(figure, Figure)
    assert said in figure.alt
    assert not figure.data.empty
    assert set(figure.sources) <= set(data.sources())
