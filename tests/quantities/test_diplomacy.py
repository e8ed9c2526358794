"""Claims on trips, meetings, names, the BRICS calendar and a quotation: C02, C03, C25, C26, C29 to C31."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from eastward import data
from eastward.claims import claim
from eastward.figures import Figure
from eastward.figures import diplomacy as figures
from eastward.quantities import diplomacy as q
from eastward.verdicts import verdict

if TYPE_CHECKING:
    from conftest import PackageCopy

BOTH = ["publication", "hindsight"]


def observed(claim_id: str, label: str, as_of: str = "hindsight") -> float | date | bool:
    """Value of the one variant whose label contains a text."""
    found = [v.observed for v in verdict(claim_id, as_of).variants if label in v.label]
    assert len(found) == 1, found
    return found[0]


def test_first_trips_by_hand() -> None:
    table = q.trips_after_inaugurations()
    assert table["first"].to_dict() == {
        2000: "UZB",
        2004: "UKR",
        2008: "KAZ",
        2012: "BLR",
        2018: "AUT",
        2024: "CHN",
    }
    # all oaths on 7 May; 18, 23, 22, 31 May, 5 June, 16 May; China 17 July, 15 October, 23 May, 5 June, 8 June
    assert table["first_days"].tolist() == [11, 16, 15, 24, 29, 9]
    assert table["china_days"].tolist() == [71, 161, 16, 29, 32, 9]


@pytest.mark.parametrize("as_of", BOTH)
def test_c02_is_supported_by_every_variant(as_of: str) -> None:
    found = verdict("C02", as_of)
    assert found.status == "supported"
    assert set(found.statuses) == {"supported"}
    assert {v.part for v in found.variants if v.preferred} == {"destination", "ordinal"}


def test_c02_turns_with_an_earlier_trip_elsewhere(package: PackageCopy) -> None:
    package.edit("diplomacy_visits", "date", "2024-05-10", event="putin-blr-2024-05-23")
    found = verdict("C02", "publication")
    assert found.status == "supported"  # the source of that row is younger than the op-ed
    found = verdict("C02", "hindsight")
    assert found.status == "imprecise"  # the destination is contradicted, the ordinal is not
    assert not found.observed


def test_c02_needs_five_inaugurations(package: PackageCopy) -> None:
    package.drop("diplomacy_records", event="inauguration-2012-05-07-putin")
    found = verdict("C02", "publication")
    statuses = {v.part: s for v, s in zip(found.variants, found.statuses, strict=True) if v.preferred}
    assert statuses["ordinal"] == "contradicted"


def test_trade_share_by_hand() -> None:
    rows = data.load("trade_imf_dots", reporter="RUS", period="2005", partner=["UKR", "WORLD"])
    by = rows.groupby("partner")["value"].sum()
    assert len(rows) == 4
    share = q.trade_share("UKR")
    assert share.loc[2005, "share"] == pytest.approx(100 * by["UKR"] / by["WORLD"])
    assert share.loc[2005, "share"] == pytest.approx(6.0, abs=0.05)


def test_share_changes_around_inaugurations() -> None:
    changes = q.share_changes()
    assert list(zip(changes["term"], changes["partner"], strict=True)) == [
        (2000, "CHN"),
        (2004, "UKR"),
        (2004, "CHN"),
        (2008, "KAZ"),
        (2008, "CHN"),
        (2012, "CHN"),
        (2018, "CHN"),
    ]
    shares = q.trade_share("UKR")["share"]
    expected = shares.loc[2005:2007].mean() - shares.loc[2001:2003].mean()
    assert changes.set_index("partner").loc["UKR", "change"] == pytest.approx(expected)
    assert expected < 0
    assert (changes.loc[changes["role"] == "China", "change"] > 1).all()


def test_c03_is_judged_and_its_numbers_follow_the_data(package: PackageCopy) -> None:
    assert verdict("C03", "publication").status == "not testable"
    assert verdict("C03", "hindsight").status == "imprecise"
    label = "trips of 2024"
    assert observed("C03", label) == pytest.approx(100 / 11)
    package.edit("diplomacy_visits", "partner", "CHN", event="putin-mng-2024-09")
    assert observed("C03", label) == pytest.approx(200 / 11)
    assert not [v for v in verdict("C03", "publication").variants if label in v.label]


def test_rhythm_by_hand() -> None:
    turns = q.rhythm()
    assert turns.loc["RUS", "kept"] == 12  # all even years from 2000 to 2024 but 2020
    assert turns.loc["RUS", "due"] == 13
    assert turns.loc["CHN", "kept"] == 11  # all odd years from 2001 to 2023 but 2021
    assert turns.loc["CHN", "due"] == 12
    assert q.rhythm(strict=True).loc["RUS", "kept"] == 6  # 2006, 2008, 2012, 2016, 2018, 2024


def test_c25_is_judged_and_its_numbers_follow_the_data(package: PackageCopy) -> None:
    assert [verdict("C25", a).status for a in BOTH] == ["supported with caveats"] * 2
    assert observed("C25", "days from the oath", "publication") == 9
    assert observed("C25", "by speed", "publication") == 1
    assert observed("C25", "first called certain", "publication") == 96  # 10 February to 16 May 2024
    assert observed("C25", "statements of the Kremlin", "publication") == 2
    package.edit("diplomacy_visits", "date", "2000-05-10", event="putin-uzb-2000-05-18")
    assert observed("C25", "by speed", "publication") == 2


def test_meetings_by_year_by_hand() -> None:
    talks = q.meetings_by_year()
    assert talks["in_person"].tolist() == [4, 5, 4, 4, 5, 4, 3, 0, 0, 2, 2, 3, 2]
    assert talks["video"].tolist() == [0, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0, 0, 1]
    assert len(q.meetings(data.PUBLICATION)) == 34


def test_trips_by_year() -> None:
    trips = q.trips_by_year()
    assert trips.loc[2012:2019, "eu"].sum() == 29
    assert trips.loc[2012:2019, "china"].sum() == 10
    assert trips.loc[2000:2007, "china"].sum() == 7  # the count of The Moscow Times
    stated = data.load("diplomacy_counts", series="foreign-trips").set_index("period")["value"]
    for year in (2020, 2021, 2023, 2024, 2025):
        assert (stated.loc[[str(year)]] == trips.loc[year, "listed"]).all()
    assert not set(range(2008, 2012)) & set(trips.index)


@pytest.mark.parametrize("as_of", BOTH)
def test_c26_is_contradicted(as_of: str) -> None:
    found = verdict("C26", as_of)
    assert found.status == "contradicted"
    assert [s for v, s in zip(found.variants, found.statuses, strict=True) if "generously" in v.label] == ["supported"]


def test_c26_turns_with_a_trace_from_his_lifetime(package: PackageCopy) -> None:
    package.edit("diplomacy_records", "date", "1936", event="quotation-attribution-1971-none-dare")
    assert verdict("C26").status == "supported with caveats"


def test_c29_is_judged_and_its_numbers_follow_the_data(package: PackageCopy) -> None:
    assert verdict("C29", "publication").status == "not testable"
    assert verdict("C29", "hindsight").status == "supported with caveats"
    assert observed("C29", "2022 to 2023") == 2.0
    assert observed("C29", "2024 to 2025") == 2.5
    assert observed("C29", "2013 to 2019") == pytest.approx(29 / 7)
    assert observed("C29", "2023 to 2025") == pytest.approx(100 * (228.105 / 240.11 - 1))
    assert not [v for v in verdict("C29", "publication").variants if "2024" in v.label]
    package.drop("diplomacy_meetings", event="in-person-2024-10-22-kazan")
    assert observed("C29", "2024 to 2025") == 2.0


def test_c30_is_contradicted_on_both_dates() -> None:
    now, later = verdict("C30", "publication"), verdict("C30", "hindsight")
    assert (now.status, now.observed) == ("contradicted", date(2024, 10, 1))
    assert (later.status, later.observed) == ("contradicted", date(2024, 10, 22))
    assert set(later.statuses) == {"contradicted"}


def test_c30_turns_with_a_summit_in_june(package: PackageCopy) -> None:
    package.edit("diplomacy_brics", "date", "2024-06-22", event="summit-2024-10-22-kazan")
    assert verdict("C30", "hindsight").status == "supported with caveats"
    assert verdict("C30", "publication").status == "contradicted"
    package.edit("diplomacy_brics", "announced", "2024-06", event="announcement-2024-05-15-kazan")
    assert verdict("C30", "publication").status == "supported with caveats"


@pytest.mark.parametrize("as_of", BOTH)
def test_c31_holds_in_english_and_not_in_russian(as_of: str) -> None:
    found = verdict("C31", as_of)
    assert found.status == "supported with caveats"
    by_language = {(v.label.partition(",")[0], s) for v, s in zip(found.variants, found.statuses, strict=True)}
    assert by_language == {("English", "supported"), ("Russian wording", "contradicted")}


def test_c31_turns_with_another_title(package: PackageCopy) -> None:
    event = "partnership-name-2024-05-16-mfachn2024joint"
    package.edit("diplomacy_records", "name", "strategic partnership of coordination", event=event)
    assert verdict("C31").status == "contradicted"


def test_no_second_source_is_counted_twice() -> None:
    for table in ("diplomacy_visits", "diplomacy_meetings", "diplomacy_brics", "diplomacy_records"):
        frame = data.load(table)
        linked = frame["same_as"].dropna()
        heads = frame.set_index("event").loc[linked]
        assert heads["same_as"].isna().all(), table


@pytest.mark.parametrize("claim_id", ["C02", "C03", "C25", "C26", "C29", "C30", "C31"])
def test_sources_of_claims_are_in_the_bibliography(claim_id: str) -> None:
    assert set(claim(claim_id).sources) <= set(data.sources())


@pytest.mark.parametrize(
    "draw",
    [
        figures.first_trips,
        figures.visit_rhythm,
        figures.shares_after_first_trips,
        figures.trips_to_china_and_europe,
        figures.meetings_by_year,
        figures.kazan_calendar,
        figures.summit_months,
        figures.traces_of_a_saying,
        figures.exchanges_after_may_2024,
    ],
)
def test_figures_tell_their_finding(draw: Callable[[], Figure]) -> None:
    figure = draw()
    assert len(figure.alt) > 80
    assert any(c.isdigit() for c in figure.alt)
    assert isinstance(figure.data, pd.DataFrame)
    assert len(figure.data) >= 6
    assert set(figure.sources) <= set(data.sources())
    assert figure.sources


def test_the_title_of_the_saying_follows_the_data(package: PackageCopy) -> None:
    package.edit("diplomacy_records", "date", "1950", event="quotation-attribution-1971-nixon-book")
    assert "in 1950, 5 years after" in figures.traces_of_a_saying().title
