"""Records of completeness: every part has rows, within its days and within the table; numbers that others gave agree."""

from __future__ import annotations

import pandas as pd
import pytest

from eastward import data

OPEN = "not shown to be complete"
ROWS = {  # rows of the parts that a record shows to be complete, by table and part
    "diplomacy_visits": {
        "trips of Putin abroad": "traveller == 'putin' and date >= '2020' and same_as.isna()",
        "trips of Putin to China as president, first two terms": "traveller == 'putin' and partner == 'CHN' and date < '2008'",
        "trips of Putin to China as president since 2012": "traveller == 'putin' and partner == 'CHN' and date > '2012'",
        "first trips abroad after each inauguration": "entity == 'RUS' and order == 1 and same_as.isna()",
    },
    "diplomacy_meetings": {
        "talks on Xi's trips to Russia as president": "kind == 'in-person' and host == 'RUS' and date < '2023-03-21'",
        "talks of Putin and Xi, face to face and by video": "kind in ['in-person', 'video'] and '2021-12' <= date < '2026'",
    },
    "security_exercises": {
        "air patrols": "kind == 'patrol' and domain == 'air'",
        "naval patrols": "kind == 'patrol' and domain == 'naval'",
        "naval exercises of the series Joint Sea": "event.str.startswith('joint-sea')",
    },
    "security_delegations": {
        "restricted talks and meetings of one plus four, those who took part in each": "format != 'delegation'"
    },
    "un_council_votes": {
        "vetoed drafts on Ukraine": "topic == 'ukraine' and kind == 'draft' and outcome == 'vetoed'",
        "resolutions on Ukraine since the invasion": "topic == 'ukraine' and kind == 'resolution' and date >= '2022-02-24'",
        "motions and amendments of 24 February 2025": "date == '2025-02-24' and kind in ['amendment', 'procedural']",
    },
    "un_measures_votes": {"yearly text on unilateral measures": "period > '0'"},
    "un_assembly_tallies": {
        "yearly text on unilateral measures": "topic == 'unilateral-measures' and organ == 'assembly'",
        "yearly texts and emergency session on Ukraine": "topic == 'ukraine' and period <= '2025-07-07'",
    },
}
RECORDS = [
    (resource["name"], part)
    for resource in data.package()["resources"]
    for part in resource.get("complete", [])
    if part["by"] != OPEN and "from" in part
]


def part_of(table: str, name: str) -> pd.DataFrame:
    return data.load(table).query(ROWS[table][name], engine="python")


@pytest.mark.parametrize(("table", "part"), RECORDS, ids=[f"{table}-{part['part']}" for table, part in RECORDS])
def test_record_lies_within_its_table_and_names_sources_that_exist(table, part):
    assert data.period_start(part["from"]) <= data.period_end(part["to"])
    frame = data.load(table)
    if day := next((column for column in ("date", "period") if column in frame), None):
        days = frame[day].str.split("/")
        assert min(days.str[0].map(data.period_start)) <= data.period_start(part["from"])
        assert data.period_start(part["to"]) <= max(days.str[-1].map(data.period_end))
    assert part["by"]


@pytest.mark.parametrize(("table", "part"), [(t, p) for t, parts in ROWS.items() for p in parts])
def test_rows_of_a_complete_part_lie_within_its_days(table, part):
    said = next(entry for name, entry in RECORDS if (name, entry["part"]) == (table, part))
    rows = part_of(table, part)
    assert len(rows)
    days = rows["date" if "date" in rows else "period"]
    assert days.map(data.period_end).min() >= data.period_start(said["from"])
    assert days.map(data.period_start).max() <= data.period_end(said["to"])
    if part.startswith("yearly text "):
        assert sorted(days.str[:4].astype(int).unique()) == list(range(1996, 2024))


def test_every_part_of_these_tables_has_its_rows_named():
    listed = {table: {part["part"] for name, part in RECORDS if name == table} for table in ROWS}
    assert listed == {table: set(parts) for table, parts in ROWS.items()}


def test_talks_agree_with_the_numbers_that_the_chinese_side_gave():
    talks = part_of("diplomacy_meetings", "talks of Putin and Xi, face to face and by video").query("same_as.isna()")
    days = sorted(talks["date"])
    stated = data.load("diplomacy_counts", series="claimed-meetings", entity="CHN", bound="exact").set_index("source")
    numbered = stated["value"]
    first = numbered["tass2021thirtyseven"]
    assert days[0] == "2021-12-15"  # the 37th, by Xi
    assert first + sum("2021-12-15" < day < "2023-03-20" for day in days) == numbered["xinhua2023forty"] == 40
    assert first + sum("2021-12-15" < day <= "2023-10-18" for day in days) == numbered["scmp2023fortytwo"] == 42
    assert first + sum("2021-12-15" < day < "2024-10-22" for day in days) == numbered["xinhua2024fortyfour"] == 44
    in_russia = part_of("diplomacy_meetings", "talks on Xi's trips to Russia as president").query("same_as.isna()")
    trips = data.load("diplomacy_counts", series="trips-to-country", entity="CHN").set_index("period")["value"]
    assert (in_russia["date"] < "2019-07").sum() == trips["2013/2019-06"] == 8
    assert len(in_russia) == trips["2013/2023-03"] == 9
    of_year = data.load("diplomacy_counts", series="claimed-meetings-year", entity="CHN").set_index(
        ["period", "source"]
    )
    face = talks[talks["kind"] == "in-person"]["date"].str[:4].value_counts()
    assert face["2024"] == of_year.loc[("2024", "chinadaily2024kazan"), "value"]
    assert face["2025"] == of_year.loc[("2025", "etnet2025twice"), "value"]


def test_trips_agree_with_the_numbers_that_others_gave():
    trips = part_of("diplomacy_visits", "trips of Putin abroad")
    by_year = trips["date"].str[:4].value_counts()
    stated = data.load("diplomacy_counts", series="foreign-trips", entity="RUS").query("period >= '2020'")
    assert (stated["value"] == stated["period"].map(by_year)).all()
    cis = {"ARM", "AZE", "BLR", "KAZ", "KGZ", "TJK", "TKM", "UZB"}
    beyond = trips[
        ~trips["partner"].isin(cis) & (trips["event"] != "putin-chn-2022-02-04")
    ]  # TASS counts from 24 February
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


def test_votes_of_the_council_add_up_to_fifteen():
    votes = data.load("un_council_votes").dropna(subset=["yes", "no", "abstain"])
    assert (votes[["yes", "no", "abstain"]].sum(axis=1) == 15).all()
    assert len(part_of("un_council_votes", "motions and amendments of 24 February 2025")) == 6


STATISTICS = [  # those in which speakers state shares of a year under way are left out
    name
    for name in data.tables()
    if name.startswith(("trade_", "us_china_trade", "exchange_", "price_")) and "state" not in name
]
EARLY = {  # a figure of a year that its own source gives before the year is over, and says so
    "globaltimes2021", "chinaorg2003", "prime2025", "fred2023chntot", "fred2023iq", "fred2023ir",
}  # fmt: skip


@pytest.mark.parametrize("table", STATISTICS)
def test_no_figure_was_public_before_its_period_was_over(table):
    rows = data.load(table).dropna(subset=["known"])
    if "period" in rows:
        early = rows[rows["known"].dt.date < rows["period"].map(data.period_end)]
        assert set(early["source"]) <= EARLY, early[["period", "source", "known"]]
