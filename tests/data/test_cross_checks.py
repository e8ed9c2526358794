"""What two sources say of one thing, side by side: within stated bounds, with the known exceptions by name.

Records of completeness too: every part has rows, within its days and its table, and agrees with numbers that others gave.
"""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from eastward import data
from eastward.evidence import trade, turn_east, west
from eastward.methods.trade import FLOWS, turnover


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


def test_gazprom_and_eurostat_agree_on_gas_and_years_without_a_figure_are_named() -> None:
    """Gazprom counts Turkey and cubic metres, Eurostat the EU and energy: the ratio of the two moves little."""
    gazprom = west.gas_with_turkey().set_index("year")["value"]
    eurostat = pd.Series({int(y): level.value for y, level in west.gas_to_eu().items()})
    ratio = (gazprom / eurostat).dropna()
    assert set(ratio.index) == set(range(2011, 2021))
    assert (ratio / ratio.median() - 1).abs().max() < 0.1
    assert set(range(2007, 2023)) - set(gazprom.index) == {2008}
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
    members = ["DEU", "FIN", "FRA", "ITA", "NLD", "POL"]
    for flow in FLOWS:
        of = rows[flow]
        assert of[members].sum() < of["EU27"]
        assert of.drop(["WORLD", "EA", *members]).sum() < of["WORLD"]
        assert of["NOT_SPECIFIED"] < 0.002 * of["WORLD"]


MIRROR_EXCEPTIONS = {("CHN", "exports"), ("EU27", "imports")}
"""Flows of 2021 in which Russia reports over a tenth less than the other side: freight, and goods that go through third countries."""


def test_both_sides_of_russian_trade_in_2021() -> None:
    own = data.load("trade_imf_dots", reporter="RUS", partner=["CHN", "EU27"], period="2021")
    own = own.set_index(["partner", "flow"])["value"]
    theirs = {"CHN": turn_east.trade_with_china().loc[2021], "EU27": turn_east.trade_with_eu().loc[2021]}
    apart = {(who, flow): abs(own[who, flow] / theirs[who][flow] - 1) for who in theirs for flow in FLOWS}
    assert {flow for flow, gap in apart.items() if gap > 0.1} == MIRROR_EXCEPTIONS
    assert max(apart.values()) < 0.15
    said = trade.russian_side_turnover().set_index("year")["value"][2021]
    assert said == pytest.approx(140, abs=1.5), "what officials said"


def test_census_reuters_and_comtrade_agree_on_batteries() -> None:
    rows = data.load("tariff_products", series="us-imports", partner="CHN", product="li-ion-batteries", period="2023")
    told = rows["value"] * rows["unit"].map({"USD bn": 1000, "USD mn": 1})
    assert len(told) >= 4
    assert told.max() / told.min() < 1.02
    share = data.load("tariff_products", series="us-import-share-from-china", product="li-ion-batteries", period="2023")
    world = _years("tariff_products", series="us-imports", partner="WORLD", product="li-ion-batteries", unit="USD mn")
    assert 100 * told.min() / world[2023] == pytest.approx(share["value"].iloc[0], abs=1)


def test_register_and_fact_sheets_of_sipri_agree() -> None:
    """Sums over the register of one release against what each release published: revisions move it by a few points."""
    arms = data.load("security_arms", series="deliveries", category="all").query("release == release.max()")
    published = [
        ("share-of-russian-exports", span, ("RUS", "WORLD")) for span in ("2018/2022", "2019/2023", "2020/2024")
    ]
    for series, span, whole in [*published, ("share-of-chinese-imports", "2019/2023", ("WORLD", "CHN"))]:
        of = arms[arms["period"].between(*span.split("/"))].groupby(["entity", "partner"])["value"].sum()
        (told,) = data.load("security_arms", series=series, period=span)["value"]
        assert 100 * of["RUS", "CHN"] / of[whole] == pytest.approx(told, abs=3)


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


OPEN = "not shown to be complete"
ROWS = yaml.safe_load(Path(__file__).with_name("parts.yaml").read_text(encoding="utf-8"))
RECORDS = [
    (resource["name"], part)
    for resource in data.package()["resources"]
    for part in resource.get("complete", [])
    if part["by"] != OPEN and "from" in part
]


def part_of(table: str, name: str) -> pd.DataFrame:
    return data.load(table).query(ROWS[table][name], engine="python")


@pytest.mark.parametrize(("table", "part"), RECORDS, ids=[f"{table}-{part['part']}" for table, part in RECORDS])
def test_rows_of_a_complete_part_lie_within_its_days_and_these_within_the_table(table, part):
    assert part["by"]
    first, last, frame = data.period_start(part["from"]), data.period_end(part["to"]), data.load(table)
    assert first <= last
    if day := next((column for column in ("date", "period") if column in frame), None):
        assert min(frame[day].map(data.period_start)) <= first
        assert data.period_start(part["to"]) <= max(frame[day].map(data.period_end))
    if table in ROWS:
        days = part_of(table, part["part"])[day]
        assert days.map(data.period_end).min() >= first
        assert days.map(data.period_start).max() <= last
        if part["part"].startswith("yearly text "):
            assert sorted(days.str[:4].astype(int).unique()) == list(range(1996, 2024))


def test_every_part_of_these_tables_has_its_rows_named():
    listed = {table: {part["part"] for name, part in RECORDS if name == table} for table in ROWS}
    assert listed == {table: set(parts) for table, parts in ROWS.items()}


def test_talks_agree_with_the_numbers_that_the_chinese_side_gave():
    talks = part_of("diplomacy_meetings", "talks of Putin and Xi, face to face and by video").query("same_as.isna()")
    days = sorted(talks["date"])
    stated = data.load("diplomacy_counts", series="claimed-meetings", entity="CHN", bound="exact")
    numbered = stated.set_index("source")["value"]
    assert days[0] == "2021-12-15"  # the 37th, by Xi
    for source, until, number in (
        ("tass2021thirtyseven", "2021-12-15", 37), ("xinhua2023forty", "2023-03-19", 40),
        ("scmp2023fortytwo", "2023-10-18", 42), ("xinhua2024fortyfour", "2024-10-21", 44),
    ):  # fmt: skip
        assert 36 + sum(day <= until for day in days) == numbered[source] == number
    in_russia = part_of("diplomacy_meetings", "talks on Xi's trips to Russia as president").query("same_as.isna()")
    trips = data.load("diplomacy_counts", series="trips-to-country", entity="CHN").set_index("period")["value"]
    assert (in_russia["date"] < "2019-07").sum() == trips["2013/2019-06"] == 8
    assert len(in_russia) == trips["2013/2023-03"] == 9
    claimed = data.load("diplomacy_counts", series="claimed-meetings-year", entity="CHN")
    of_year = claimed.set_index(["period", "source"])["value"]
    face = talks[talks["kind"] == "in-person"]["date"].str[:4].value_counts()
    assert face["2024"] == of_year["2024", "chinadaily2024kazan"]
    assert face["2025"] == of_year["2025", "etnet2025twice"]


def test_trips_agree_with_the_numbers_that_others_gave():
    trips = part_of("diplomacy_visits", "trips of Putin abroad")
    by_year = trips["date"].str[:4].value_counts()
    stated = data.load("diplomacy_counts", series="foreign-trips", entity="RUS").query("period >= '2020'")
    assert (stated["value"] == stated["period"].map(by_year)).all()
    cis = {"ARM", "AZE", "BLR", "KAZ", "KGZ", "TJK", "TKM", "UZB"}
    # TASS counts from 24 February
    beyond = trips[~trips["partner"].isin(cis) & (trips["event"] != "putin-chn-2022-02-04")]
    outside = data.load("diplomacy_counts", series="trips-outside-cis").set_index("period")["value"]
    assert beyond["date"].str[:4].value_counts().reindex(outside.index).eq(outside).all()
    first = part_of("diplomacy_visits", "trips of Putin to China as president, first two terms")
    count = data.load("diplomacy_counts", series="trips-to-country", entity="RUS", partner="CHN", period="2000/2008")
    assert [len(first)] == count["value"].tolist()


def test_patrols_and_exercises_agree_with_their_ordinal_numbers():
    number = data.load("security_indicators", group="exercises", entity="CHN").set_index("series")["value"]
    assert len(part_of("security_exercises", "air patrols")) == number["air-patrol-number"] == 10
    assert len(part_of("security_exercises", "naval patrols")) == number["naval-patrol-number"] == 6
    series = part_of("security_exercises", "naval exercises of the series Joint Sea")["date"].str[:4]
    assert series.nunique() == number["joint-sea-number"] == 11
    assert set(range(2012, 2026)) - set(series.astype(int)) == {2018, 2020, 2023}


STATISTICS = ("trade_", "us_china_trade", "exchange_", "price_")
EARLY = {"globaltimes2021", "chinaorg2003", "prime2025", "fred2023chntot", "fred2023iq", "fred2023ir"}
"""Sources that give a figure of a year before the year is over, and say so."""


# Those in which speakers state shares of a year under way are left out.
@pytest.mark.parametrize("table", [n for n in data.tables() if n.startswith(STATISTICS) and "state" not in n])
def test_no_figure_was_public_before_its_period_was_over(table):
    rows = data.load(table).dropna(subset=["known"])
    if "period" in rows:
        early = rows[rows["known"].dt.date < rows["period"].map(data.period_end)]
        assert set(early["source"]) <= EARLY, early[["period", "source", "known"]]
