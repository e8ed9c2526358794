"""C07 to C13: decisive numbers by hand from the sources, and verdicts that change when a figure changes."""

from __future__ import annotations

from datetime import date

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import trade
from tests.conftest import PackageCopy

CUSTOMS, REGIONS, EUROSTAT = "trade_china_customs", "trade_russian_customs", "trade_eurostat"


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
@pytest.mark.parametrize(
    ("claim_id", "status"),
    [
        ("C07", "supported"),
        ("C07.so", "supported"),
        ("C08", "supported with caveats"),
        ("C09", "supported with caveats"),
        ("C10", "supported"),
        ("C11", "imprecise"),
        ("C12", "supported"),
        ("C13", "supported with caveats"),
    ],
)
def test_verdicts(claim_id: str, status: str, as_of: str) -> None:
    assert verdict(claim_id, as_of).status == status


def test_officials_named_the_eu_until_2022() -> None:
    assert verdict("C07", thresholds={"recent_months": 17}).status == "supported"
    assert verdict("C07", thresholds={"recent_months": 18}).status == "supported with caveats"
    with data.on(date(2022, 6, 30)):
        latest, *_ = trade.seen_as_partner(12)
    assert (latest.id, latest.observed) == ("orf-interview-2018-06-04", False)


def test_turnover_of_2023() -> None:
    found = verdict("C08", "hindsight")
    assert verdict("C08").observed == found.observed == 240.11
    assert found["chinese-customs-flows"].observed == pytest.approx(110.97 + 129.14)
    assert found.agreement == (1, 2), "relays and the president's citing are no evidence of their own"


def test_the_russian_side_has_one_figure_the_latest() -> None:
    russia = trade.russian_side_turnover().set_index("year")["value"]
    assert verdict("C08")["russian-side"].observed == russia[2023] == 227.8
    assert russia[2018] == 108.3


def test_turnover_of_2018_is_the_sum_of_the_flows() -> None:
    china = trade.china_turnover().set_index("year")["value"]
    assert china[2018] == pytest.approx(47.98 + 59.08)
    assert china[2019] == 110.75, "the total has decimals"
    assert 2015 not in china.index, "stated in yuan only"


def test_doubling() -> None:
    found = verdict("C13", "hindsight")
    assert found["chinese-customs-2018-usd"].observed == pytest.approx(240.11 / 107.06)
    assert found["russian-side-2019-usd"].observed == pytest.approx(227.8 / 111)
    assert found["chinese-customs-2018-rub"].observed == pytest.approx(240.11 / 107.06 * 85.16201 / 62.66813)
    cpi = data.load("price_indices", series="us-cpi-u").set_index("period")["value"]
    real = 240.11 / 107.06 * cpi["2018"] / cpi["2023"]
    assert found["chinese-customs-2018-us-cpi"].observed == pytest.approx(real)
    assert real < 1.9


def test_one_release_is_one_piece_of_evidence() -> None:
    for claim in ("C10", "C11"):
        found = verdict(claim)
        assert len(found.variants) > 3
        assert len(found.deciding) == 1
        assert found.agreement == (1, 1)
    assert verdict("C11")["subtraction"].observed == pytest.approx(425.1 - 84.9 - 21.2 - 12.2)


def test_asia_to_europe() -> None:
    found = verdict("C12")
    assert found.observed == pytest.approx(306.6 / 84.9)
    assert found["turkey-with-europe"].observed == pytest.approx((306.6 - 45) / (84.9 + 45))
    assert verdict("C12", thresholds={"much": 2.5}).status == "supported with caveats"


def test_eu_trade_fell_within_the_year() -> None:
    late = {v.part: v.observed for v in verdict("C09", "hindsight").deciding}
    assert late["EU imports from Russia"] == pytest.approx(50.6 / 203.4)
    assert late["EU exports to Russia"] == pytest.approx(38.181666 / 55.008109)
    early = {v.part: v.observed for v in verdict("C09").deciding}
    assert early["EU imports from Russia"] == pytest.approx(50.6 / 203.4), "the year was public in February 2024"
    assert early["EU exports to Russia"] == pytest.approx(38.3 / 55.2)
    assert verdict("C09", thresholds={"significantly": 0.65}).status == "partly right"


def test_before_the_year_was_out_eleven_months_decide() -> None:
    with data.on(date(2024, 2, 14)):
        deciding = {v.id: v.observed for v in trade.eu_trade_ratio(2023, 2022, [2021], ["2023"]) if v.preferred}
    assert deciding == {
        "imports-eleven-months": pytest.approx(46.9 / 191.977),
        "exports-eleven-months": pytest.approx(35.6 / 50.807),
    }


def test_china_is_first_by_far() -> None:
    partners = trade.russia_partners(2023)
    assert list(partners["partner"].head(2)) == ["CHN", "IND"]
    assert verdict("C07.so")["eu-as-one-2023"].observed == 1
    assert trade.last_year_eu_led() == 2022


@pytest.mark.parametrize(
    ("claim_id", "table", "column", "value", "where", "changed"),
    [
        ("C07", "statements", "stance", "against", {"statement": "c07-putin-2024-05-16"}, "contradicted"),
        ("C07.so", "trade_mirror", "value", "6.4", {"series": "ria-mirror", "partner": "CHN", "period": "2023"}, "contradicted"),
        ("C08", CUSTOMS, "value", "200.11", {"period": "2023", "flow": "turnover", "value": "240.11"}, "contradicted"),
        ("C08", CUSTOMS, "value", "244.11", {"period": "2023", "flow": "turnover", "value": "240.11"}, "imprecise"),
        ("C09", EUROSTAT, "value", "180.6", {"period": "2023", "flow": "imports", "reporter": "EU27"}, "partly right"),
        ("C09", EUROSTAT, "value", "165.6", {"period": "2023", "flow": "imports", "reporter": "EU27"}, "imprecise"),
        ("C10", REGIONS, "value", "95.1", {"period": "2023", "partner": "EUROPE", "flow": "exports", "unit": "USD bn"}, "contradicted"),
        ("C11", REGIONS, "value", "303.6", {"period": "2023", "partner": "ASIA", "flow": "exports", "unit": "USD bn"}, "supported with caveats"),
        ("C12", REGIONS, "value", "120.0", {"period": "2023", "partner": "ASIA", "flow": "exports", "unit": "USD bn"}, "imprecise"),
        ("C12", REGIONS, "value", "80.0", {"period": "2023", "partner": "ASIA", "flow": "exports", "unit": "USD bn"}, "contradicted"),
        ("C13", CUSTOMS, "value", "200.00", {"period": "2023", "flow": "turnover", "value": "240.11"}, "contradicted"),
    ],
)  # fmt: skip
def test_a_changed_figure_changes_the_verdict(
    package: PackageCopy, claim_id: str, table: str, column: str, value: str, where: dict[str, str], changed: str
) -> None:
    before = verdict(claim_id, "hindsight").status
    package.edit(table, column, value, **where)
    assert verdict(claim_id, "hindsight").status == changed != before


def test_without_any_source_the_claim_is_not_testable(package: PackageCopy) -> None:
    package.drop(REGIONS, partner="ASIA", flow="exports", period="2023")
    for region in ("AFRICA", "AMERICAS"):
        package.drop(REGIONS, partner=region, flow="exports", period="2023")
    assert verdict("C11").status == "not testable"
