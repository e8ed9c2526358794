"""C07 to C13: decisive numbers by hand from the sources, and verdicts that change when a figure changes."""

from __future__ import annotations

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import trade
from tests.conftest import PackageCopy

CUSTOMS, REGIONS = "trade_china_customs", "trade_russian_customs"


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
@pytest.mark.parametrize(
    ("claim_id", "status"),
    [
        ("C07", "supported with caveats"),
        ("C08", "supported with caveats"),
        ("C09", "supported with caveats"),
        ("C10", "supported"),
        ("C11", "imprecise"),
        ("C12", "supported with caveats"),
        ("C13", "supported with caveats"),
    ],
)
def test_verdicts(claim_id: str, status: str, as_of: str) -> None:
    assert verdict(claim_id, as_of).status == status


def test_turnover_of_2023() -> None:
    assert verdict("C08").observed == 240.11
    sums = [v.observed for v in verdict("C08", "hindsight").variants if v.id == "chinese-customs-flows"]
    assert sums == [pytest.approx(110.97 + 129.14)]


def test_turnover_of_2018_is_the_sum_of_the_flows() -> None:
    china = trade.china_turnover().set_index("year")
    assert china.loc[2018, "value"] == pytest.approx(47.98 + 59.08)
    assert 2015 not in china.index, "the converted totals of 2015 are left out"


def test_doubling() -> None:
    ratios = verdict("C13", "hindsight").robustness.set_index("variant")["observed"]
    assert ratios["Chinese customs, base 2018, current dollars"] == pytest.approx(240.11 / 107.06)
    assert ratios["Russian side, base 2019, current dollars"] == pytest.approx(227.7 / 111)
    cpi = data.load("price_indices", series="us-cpi-u").set_index("period")["value"]
    real = 240.11 / 107.06 * cpi["2018"] / cpi["2023"]
    assert ratios["Chinese customs, base 2018, constant dollars, US consumer prices"] == pytest.approx(real)
    assert real < 1.9


def test_exports_to_asia_by_subtraction() -> None:
    rest = verdict("C11").robustness.set_index("variant").loc["total less the other regions", "observed"]
    assert rest == pytest.approx(425.1 - 84.9 - 21.2 - 12.2)


def test_asia_to_europe() -> None:
    assert verdict("C12").observed == pytest.approx(306.6 / 84.9)


def test_eu_trade_fell() -> None:
    parts = {v.part: v.observed for v in verdict("C09", "hindsight").variants if v.preferred}
    assert parts["EU imports from Russia"] == pytest.approx(50.6 / 163.63)
    assert parts["EU exports to Russia"] == pytest.approx(38.181666 / 89.169305)
    early = {v.part: v.observed for v in verdict("C09", "publication").variants if v.preferred}
    assert early["EU imports from Russia"] == pytest.approx(46.9 / 191.977)


def test_china_is_first_by_far() -> None:
    partners = trade.russia_partners(2023)
    assert list(partners["partner"].head(2)) == ["CHN", "IND"]
    assert trade.last_year_eu_led() == 2022


@pytest.mark.parametrize(
    ("claim_id", "table", "value", "where", "changed"),
    [
        ("C08", CUSTOMS, "200.11", {"period": "2023", "flow": "turnover", "value": "240.11"}, "contradicted"),
        ("C08", CUSTOMS, "244.11", {"period": "2023", "flow": "turnover", "value": "240.11"}, "imprecise"),
        ("C10", REGIONS, "95.1", {"period": "2023", "partner": "EUROPE", "flow": "exports", "unit": "USD bn"}, "contradicted"),
        ("C11", REGIONS, "303.6", {"period": "2023", "partner": "ASIA", "flow": "exports", "unit": "USD bn"}, "supported with caveats"),
        ("C12", REGIONS, "80.0", {"period": "2023", "partner": "ASIA", "flow": "exports", "unit": "USD bn"}, "contradicted"),
        ("C13", CUSTOMS, "200.00", {"period": "2023", "flow": "turnover", "value": "240.11"}, "contradicted"),
        ("C09", "trade_eurostat", "150.6", {"period": "2023", "flow": "imports", "reporter": "EU27"}, "imprecise"),
        ("C07", "trade_mirror", "6.4", {"series": "ria-mirror", "partner": "CHN", "period": "2023"}, "contradicted"),
    ],
)  # fmt: skip
def test_a_changed_figure_changes_the_verdict(
    package: PackageCopy, claim_id: str, table: str, value: str, where: dict[str, str], changed: str
) -> None:
    before = verdict(claim_id, "hindsight").status
    package.edit(table, "value", value, **where)
    assert verdict(claim_id, "hindsight").status == changed != before


def test_without_any_source_the_claim_is_not_testable(package: PackageCopy) -> None:
    package.drop(REGIONS, partner="ASIA", flow="exports", period="2023")
    for region in ("AFRICA", "AMERICAS"):
        package.drop(REGIONS, partner=region, flow="exports", period="2023")
    assert verdict("C11").status == "not testable"
