"""What two sources say of one thing, side by side: within stated bounds, with the known exceptions by name."""

from __future__ import annotations

import pandas as pd
import pytest

from eastward import data
from eastward.evidence import trade, turn_east, west
from eastward.methods.trade import turnover


def _years(table: str, **where: object) -> pd.Series:
    """Values of whole years, by year, the most precise first."""
    rows = data.load(table, **where)
    rows = rows[rows["period"].str.fullmatch(r"\d{4}")].sort_values("half_unit").drop_duplicates("period")
    return rows.set_index(rows["period"].astype(int))["value"].sort_index()


def test_eurostat_and_the_imf_agree_on_eu_trade() -> None:
    both = west.eu_reports().pivot(index=["flow", "year"], columns="compiler", values="value").dropna()
    apart = both["IMF, at the average rate"] / both["Eurostat"] - 1
    assert len(apart) >= 13
    assert apart.abs().max() < 0.005


def test_gazprom_and_eurostat_agree_on_gas() -> None:
    """Gazprom counts Turkey and cubic metres, Eurostat the EU and energy: the ratio of the two moves little."""
    gazprom = west.gas_with_turkey().set_index("year")["value"]
    eurostat = pd.Series({int(y): level.value for y, level in west.gas_to_eu().items()})
    ratio = (gazprom / eurostat).dropna()
    assert set(ratio.index) == set(range(2011, 2021))
    assert (ratio / ratio.median() - 1).abs().max() < 0.1


def test_years_of_gas_without_a_figure_are_named() -> None:
    years = set(west.gas_with_turkey()["year"])
    assert set(range(2007, 2023)) - years == {2008}
    assert set(range(2022, 2026)) == set(west.gas("reuters-pipeline-gas")["year"])
    assert set(range(2020, 2026)) == set(west.gas("power-of-siberia")["year"])


def test_chinese_customs_and_the_imf_agree_on_2015() -> None:
    """The total of 2015 was found in yuan only; that of 2016 and its stated growth give it in dollars."""
    grew = data.load("trade_china_customs_growth", flow="turnover", period="2016", unit="percent, USD terms")["value"]
    told = _years("trade_china_customs", flow="turnover", unit="USD bn")[2016] / (1 + grew.iloc[0] / 100)
    imf = turnover(data.load("trade_imf_dots", reporter="CHN", partner="RUS", period="2015"))["value"].iloc[0]
    assert told == pytest.approx(imf, rel=0.005)
    assert told == pytest.approx(68.0, abs=0.1)


def test_regions_are_parts_of_the_whole() -> None:
    shares = turn_east.region_trade().groupby(["flow", "year"])["share"]
    regions = shares.sum()[shares.size() == 2]  # imports from Europe are not known for 2022 and 2023
    assert set(shares.size().index) - set(regions.index) == {("imports", 2022), ("imports", 2023)}
    assert regions.between(80, 100).all()
    assert regions.loc[(slice(None), 2021)].between(88, 93).all()


def test_partners_of_2021_add_up_to_less_than_the_world() -> None:
    rows = data.load("trade_imf_dots", reporter="RUS", period="2021").set_index(["flow", "partner"])["value"]
    for flow in ("exports", "imports"):
        of = rows[flow]
        members = of[["DEU", "FIN", "FRA", "ITA", "NLD", "POL"]].sum()
        assert members < of["EU27"]
        assert of.drop(["WORLD", "EA", "DEU", "FIN", "FRA", "ITA", "NLD", "POL"]).sum() < of["WORLD"]
        assert of["NOT_SPECIFIED"] < 0.002 * of["WORLD"]


MIRROR_EXCEPTIONS = {"exports to China", "imports from the EU"}
"""Flows of 2021 in which Russia reports over a tenth less than the other side: freight, and goods that go through third countries."""


def test_both_sides_of_russian_trade_in_2021() -> None:
    own = data.load("trade_imf_dots", reporter="RUS", partner=["CHN", "EU27"], period="2021")
    own = own.set_index(["partner", "flow"])["value"]
    china, union = turn_east.trade_with_china().loc[2021], turn_east.trade_with_eu().loc[2021]
    apart = {
        "exports to China": own["CHN", "exports"] / china["exports"],
        "imports from China": own["CHN", "imports"] / china["imports"],
        "exports to the EU": own["EU27", "exports"] / union["exports"],
        "imports from the EU": own["EU27", "imports"] / union["imports"],
    }
    assert {name for name, ratio in apart.items() if abs(ratio - 1) > 0.1} == MIRROR_EXCEPTIONS
    assert all(abs(ratio - 1) < 0.15 for ratio in apart.values())


def test_russian_side_of_2021_is_what_officials_said() -> None:
    own = trade.russian_side_turnover().set_index("year")["value"][2021]
    assert own == pytest.approx(140, abs=1.5)


def test_census_reuters_and_comtrade_agree_on_batteries() -> None:
    rows = data.load("tariff_products", series="us-imports", partner="CHN", product="li-ion-batteries", period="2023")
    told = rows["value"] * rows["unit"].map({"USD bn": 1000, "USD mn": 1})
    assert len(told) >= 4
    assert told.max() / told.min() < 1.02
    share = data.load("tariff_products", series="us-import-share-from-china", product="li-ion-batteries", period="2023")
    world = _years("tariff_products", series="us-imports", partner="WORLD", product="li-ion-batteries", unit="USD mn")
    assert 100 * told.min() / world[2023] == pytest.approx(share["value"].iloc[0], abs=1)


def test_batteries_are_a_trifle_of_what_russia_bought_in_china() -> None:
    batteries = _years("tariff_products", series="russia-imports", product="li-ion-batteries", unit="USD mn")
    assert batteries[2021] < 0.01 * 1000 * _years("trade_russian_customs", partner="CHN", flow="imports")[2021]


def test_register_and_fact_sheets_of_sipri_agree() -> None:
    """Sums over the register of one release against what each release published: revisions move it by a few points."""
    arms = data.load("security_arms", series="deliveries", category="all", entity="RUS")
    arms = arms[arms["release"] == arms["release"].max()]
    told = data.load("security_arms", series="share-of-russian-exports", entity="RUS", partner="CHN")
    spans = told[told["period"].isin(["2018/2022", "2019/2023", "2020/2024"])]
    assert len(spans) == 3
    for span in spans.itertuples():
        first, last = (int(year) for year in span.period.split("/"))
        of = arms[arms["period"].astype(int).between(first, last)].groupby("partner")["value"].sum()
        assert 100 * of["CHN"] / of["WORLD"] == pytest.approx(span.value, abs=3), span.period


def test_shares_of_arms_are_the_same_in_both_tables() -> None:
    shares = data.load("security_arms", series="share-of-russian-exports", partner="CHN").set_index("period")["value"]
    ranked = data.load("arms_recipients", partner="CHN").set_index("period")["value"]
    assert (shares[ranked.index] == ranked).all()
    assert data.load("arms_recipients").groupby("period")["value"].sum().between(50, 100).all()


def test_register_and_fact_sheet_agree_on_chinese_imports() -> None:
    arms = data.load("security_arms", series="deliveries", category="all", partner="CHN")
    arms = arms[(arms["release"] == arms["release"].max()) & arms["period"].between("2019", "2023")]
    of = arms.groupby("entity")["value"].sum()
    told = data.load("security_arms", series="share-of-chinese-imports", period="2019/2023")["value"].iloc[0]
    assert 100 * of["RUS"] / of["WORLD"] == pytest.approx(told, abs=3)


UNEVEN = {"maxsource2018", "cgtn2019", "imparcial2022"}
"""Sources whose own exports, imports and turnover of one period do not add up as printed."""


@pytest.mark.parametrize(
    "table", ["trade_china_customs", "trade_eurostat", "trade_mirror", "trade_russian_customs", "trade_world"]
)
def test_flows_of_one_source_add_up_to_its_turnover(table: str) -> None:
    rows = data.load(table)
    key = ["series", "reporter", "partner", "period", "unit", "source"]
    wide = rows.pivot_table(index=key, columns="flow", values=["value", "half_unit"], aggfunc="first")
    whole = wide[wide["value"][["exports", "imports", "turnover"]].notna().all(axis=1)]
    value, error = whole["value"], whole["half_unit"].sum(axis=1)
    apart = (value["exports"] + value["imports"] - value["turnover"]).abs() > error + 1e-9
    assert len(whole)
    assert set(whole.index[apart].get_level_values("source")) <= UNEVEN


@pytest.mark.parametrize("table", [name for name in data.tables() if "unit" in data.load(name)])
def test_shares_lie_between_nought_and_a_hundred(table: str) -> None:
    rows = data.load(table)
    shares = rows[rows["series"].str.contains("share") & rows["unit"].eq("percent")] if "series" in rows else rows[:0]
    assert shares["value"].between(0, 100).all()


def test_commission_and_others_agree_on_visas() -> None:
    """Those who count something else are not comparable; both visas issued and applications are held against the workbooks."""
    issued = data.load("west_ties", series="schengen-visas-issued", comparable="yes")
    own = issued[issued["source"] == "ecvisas2025"].set_index("period")["value"]
    assert list(own.index) == [str(year) for year in range(2010, 2025)]
    others = issued[issued["source"] != "ecvisas2025"]
    assert len(others) == 4
    assert ((others["value"] / others["period"].map(own) - 1).abs() < 0.02).all()
    applied = data.load("west_ties", series="schengen-visas-applied")
    granted = applied["period"].map(own) / applied["value"]
    assert granted.between(0.85, 1.02).all()
