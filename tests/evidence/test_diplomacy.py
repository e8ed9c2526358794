"""Claims on trips, meetings, names, the BRICS calendar and quotations: C02, C03, C25, C26, C29 to C33, C35, C36."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from eastward import data
from eastward.claims import claim
from eastward.claims.verdicts import AS_OF, verdict
from eastward.evidence import diplomacy as q
from eastward.evidence import turn_east
from tests.chapter import Run, run

if TYPE_CHECKING:
    from conftest import PackageCopy

SINCE, UNTIL = 2000, 2024


@pytest.fixture(scope="module")
def first_trip() -> Run:
    return run("01-first-trip")


def outcomes(claim_id: str, as_of: str = "hindsight") -> dict[str, str]:
    """Status of each variant by its id."""
    found = verdict(claim_id, as_of)
    return {v.id: status for v, status in zip(found.variants, found.statuses, strict=True)}


def test_first_trips_by_hand() -> None:
    table = q.trips_after_inaugurations()
    assert table["first"].to_dict() == {2000: "UZB", 2004: "UKR", 2008: "KAZ", 2012: "BLR", 2018: "AUT", 2024: "CHN"}
    # all oaths on 7 May; 18, 23, 22, 31 May, 5 June, 16 May; China 17 July, 15 October, 23 May, 5 June, 8 June
    assert table["first_days"].tolist() == [11, 16, 15, 24, 29, 9]
    assert table["china_days"].tolist() == [71, 161, 16, 29, 32, 9]


@pytest.mark.parametrize("as_of", AS_OF)
def test_c02_is_supported_by_every_variant(as_of: str) -> None:
    found = verdict("C02", as_of)
    assert found.status == "supported"
    assert set(found.statuses) == {"supported"}
    assert {v.id: v.part for v in found.variants if v.preferred} == {
        "earliest-trip": "destination",
        "inaugurations-counted": "ordinal",
    }


def test_c02_turns_with_an_earlier_trip_elsewhere(package: PackageCopy) -> None:
    package.edit("diplomacy_visits", "date", "2024-05-10", event="putin-blr-2024-05-23")
    found = verdict("C02", "publication")
    assert found.status == "supported"  # the source of that row is younger than the op-ed
    found = verdict("C02", "hindsight")
    assert found.status == "partly right"  # the destination is contradicted, the ordinal is not
    assert not found.observed


def test_c02_needs_five_inaugurations(package: PackageCopy) -> None:
    package.drop("diplomacy_records", event="inauguration-2012-05-07-putin")
    assert outcomes("C02", "publication")["inaugurations-counted"] == "contradicted"


def test_c02_heeds_the_ordinal_that_a_source_states(package: PackageCopy) -> None:
    package.edit("diplomacy_records", "ordinal", "4", event="inauguration-2024-05-07-putin")
    assert outcomes("C02")["ordinal-krym2024inaug"] == "contradicted"
    assert outcomes("C02")["ordinal-kremlin2024fifth"] == "supported"


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
    china = turn_east.weights()["a_on_b"]  # the share that the chapter on the turn east shows
    expected = china.loc[2019:2021].mean() - china.loc[2015:2017].mean()
    last = changes.iloc[-1]
    assert last["change"] == pytest.approx(expected)
    assert {"trade_imf_dots", "trade_china_customs", "trade_world"} <= {row.partition(":")[0] for row in last["rows"]}


def test_c03_is_judged_and_its_numbers_follow_the_data(package: PackageCopy) -> None:
    assert verdict("C03", "publication").status == "not testable"
    found = verdict("C03", "hindsight")
    assert found.status == "not testable"
    assert found["china-part-2024"].observed == pytest.approx(100 / 11)
    package.edit("diplomacy_visits", "partner", "CHN", event="putin-mng-2024-09")
    assert verdict("C03", "hindsight")["china-part-2024"].observed == pytest.approx(200 / 11)
    assert "china-part-2024" not in {v.id for v in verdict("C03", "publication").variants}


def test_rhythm_by_hand() -> None:
    turns = q.rhythm(SINCE, UNTIL)
    assert turns.loc["RUS", "kept"] == 12  # all even years from 2000 to 2024 but 2020
    assert turns.loc["RUS", "due"] == 13
    assert turns.loc["CHN", "kept"] == 11  # all odd years from 2001 to 2023 but 2021
    assert turns.loc["CHN", "due"] == 12
    # 2006, 2008, 2012, 2016, 2018, 2024
    assert q.rhythm(SINCE, UNTIL, forms=("state", "official")).loc["RUS", "kept"] == 6
    assert q.rhythm(2004, UNTIL).loc["RUS", "due"] == 11


@pytest.mark.parametrize("as_of", AS_OF)
def test_c25_is_calculated_but_has_no_addressee_on_record(as_of: str) -> None:
    assert verdict("C25", as_of).status == "partly right"
    found = outcomes("C25", as_of)
    assert found["ushakov-2024-05-14"] == "supported"
    assert found["putin-2024-05-16"] == found["joint-2024-05-16"] == "no record found"
    assert found["ap-2024-05-14"] == found["ft-2024-05-16"] == "supported"


def test_c25_turns_with_one_official_who_names_the_west(package: PackageCopy) -> None:
    package.edit("statements", "stance", "for", statement="c25-peskov-2024-05-16")
    assert verdict("C25").status == "supported with caveats"


def test_c25_turns_without_a_word_that_the_choice_was_deliberate(package: PackageCopy) -> None:
    package.edit("statements", "stance", "open", statement="c25-ushakov-2024-05-14")
    package.edit("statements", "stance", "open", statement="c25-putin-2024-05-15")
    assert verdict("C25").status == "no record found"


def test_officials_of_one_side_and_relays_of_one_release_count_once() -> None:
    parts = claim("C25").rule.params["parts"]
    found = q.reported("C25", parts, ["c25-putin-2024-05-16"])
    russian = [v for v in found if v.evidence == "rus-officials"]
    assert [(v.part, v.id, len(v.rows)) for v in russian] == [
        ("calculated", "ushakov-2024-05-14", 2),
        ("message to the West", "putin-2024-05-16", 3),
    ]
    assert [v.id for v in found if v.preferred] == ["putin-2024-05-16"]
    assert len(q.reported("C33", {"": ["c33-xi-en-2024-05-16", "c33-xi-ru-2024-05-16", "no-such-row"]}, [])) == 1


def test_c35_is_not_testable_and_shows_its_two_cases() -> None:
    assert [verdict("C35", a).status for a in AS_OF] == ["not testable"] * 2
    assert {v.id for v in verdict("C35").variants} == {"medvedev-2008-05-23"}  # two officials of one side
    assert len(verdict("C35").evidence) == 2


@pytest.mark.parametrize("as_of", AS_OF)
def test_c36_is_supported_by_day_and_place(as_of: str) -> None:
    assert verdict("C36", as_of).status == "supported"
    assert verdict("C36", as_of).agreement == (2, 2)


def test_c36_turns_with_the_report_of_the_day(package: PackageCopy) -> None:
    package.edit("statements", "stance", "against", statement="c36-tass-2024-05-16")
    assert verdict("C36").status == "contradicted"


def test_talks_by_year_by_hand(first_trip: Run) -> None:
    drawn = first_trip.figures["fig-putin-xi-talks"].data
    talks = drawn.groupby(["series", "year"])["value"].sum()
    years = range(2013, 2026)
    assert talks["face to face"].reindex(years, fill_value=0).tolist() == [4, 5, 4, 4, 5, 4, 3, 0, 0, 2, 2, 3, 2]
    assert talks["by video"].reindex(years, fill_value=0).tolist() == [0, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0, 0, 1]
    assert first_trip.facts["dated"] == "34"
    # columns are stacked: a segment starts where the one below it ends
    assert (drawn["bottom"] + drawn["value"]).groupby(drawn["year"]).max().equals(drawn.groupby("year")["value"].sum())


def test_trips_by_year(first_trip: Run) -> None:
    assert (first_trip.facts["eu_before"], first_trip.facts["china_before"]) == ("35", "10")
    own = q.visits().query("traveller == 'putin'")
    # the count of The Moscow Times
    assert ((own["partner"] == "CHN") & own["year"].between(2000, 2007)).sum() == 7


@pytest.mark.parametrize("as_of", AS_OF)
def test_c26_has_no_record(as_of: str) -> None:
    assert verdict("C26", as_of).status == "no record found"
    assert verdict("C26.so", as_of).status == "not testable"
    assert outcomes("C26", as_of)["trace-1935-10-23-citadel"] == "supported"


def test_c26_turns_with_a_trace_from_his_lifetime(package: PackageCopy) -> None:
    package.edit("diplomacy_records", "date", "1936", event="quotation-attribution-1971-none-dare")
    assert verdict("C26").status == "supported with caveats"


def test_c29_by_field_by_hand() -> None:
    then, now = verdict("C29", "publication"), verdict("C29", "hindsight")
    assert (then.status, now.status) == ("not testable", "partly right")
    assert then.variants == ()
    expected = {
        "talks": (3 + 2) / 2 / 2,
        "turnover": (244.819 + 228.105) / 2 / 240.11,
        "tourist-flow": (480.9 + 651.1 + 473 + 888) / 2 / (139.4 + 175),
        "brics-states": 20 / 9,
    }
    assert {v.id: v.observed for v in now.deciding} == pytest.approx(expected, rel=2e-3)
    assert now["leaders"].observed == 1  # one of the two in 2023; both in 2024, none in 2025
    assert [
        v.part for v, status in zip(now.variants, now.statuses, strict=True) if v.preferred and status != "supported"
    ] == ["economics"]


def test_c29_follows_the_data(package: PackageCopy) -> None:
    package.edit("trade_china_customs", "value", "280", flow="turnover", period="2025", unit="USD bn")
    assert verdict("C29", "hindsight").status == "supported with caveats"
    for entity in ("CHN", "RUS"):
        package.edit("diplomacy_counts", "value", "50", series="tourist-flow", entity=entity, period="2024-01/2024-06")
        package.edit("diplomacy_counts", "value", "50", series="tourist-flow", entity=entity, period="2025-01/2025-06")
    assert verdict("C29", "hindsight").status == "partly right"


def test_nothing_is_measured_before_the_years_are_over() -> None:
    fields = {"people": ["tourist-flow"], "politics": ["talks"]}
    assert len(q.exchanges_after(2025, fields)) == 4
    assert data.on(date(2025, 12, 31))(q.exchanges_after)(2025, fields) == []


def test_c30_is_contradicted_on_both_dates() -> None:
    now, later = verdict("C30", "publication"), verdict("C30", "hindsight")
    assert (now.status, now.observed) == ("contradicted", "2024-10")  # an announced month is a month
    assert (later.status, later.observed) == ("contradicted", "2024-10-22")
    assert set(later.statuses) == {"contradicted"}


def test_c30_turns_with_a_summit_in_june(package: PackageCopy) -> None:
    package.edit("diplomacy_brics", "date", "2024-06-22", event="summit-2024-10-22-kazan")
    assert verdict("C30", "hindsight").status == "supported with caveats"
    assert verdict("C30", "publication").status == "contradicted"
    package.edit("diplomacy_brics", "announced", "2024-06", event="announcement-2024-05-15-kazan")
    assert verdict("C30", "publication").status == "supported with caveats"


@pytest.mark.parametrize("as_of", AS_OF)
def test_c31_holds_in_english_and_not_in_russian(as_of: str) -> None:
    assert verdict("C31", as_of).status == "supported with caveats"
    by_language = {(id[:2], status) for id, status in outcomes("C31", as_of).items()}
    assert by_language == {("en", "supported"), ("ru", "contradicted")}


def test_c31_turns_with_another_title(package: PackageCopy) -> None:
    event = "partnership-name-2024-05-16-cgtn2024briefing"
    package.edit("diplomacy_records", "name", "strategic partnership of coordination", event=event)
    assert verdict("C31").status == "contradicted"


def test_c32_was_said_in_joint_texts_and_by_one_side() -> None:
    for as_of in AS_OF:
        found = verdict("C32", as_of)
        assert (found.status, found.caveat) == ("supported with caveats", "mostly China's phrase")
        assert verdict("C32.so", as_of).status == "not testable"
    assert outcomes("C32")["putin-2024-05-15"] == "no record found"
    assert outcomes("C32")["xi-2023-03-21"] == "supported"


def test_c32_turns_without_the_joint_text(package: PackageCopy) -> None:
    package.edit("statements", "stance", "against", statement="c32-joint-2017-07-04")
    assert verdict("C32").status == "no record found"


def test_c33_was_said_and_cannot_be_tested(package: PackageCopy) -> None:
    assert [verdict("C33", a).status for a in AS_OF] == ["supported"] * 2
    assert [verdict("C33.so", a).status for a in AS_OF] == ["not testable"] * 2
    for language in ("en", "ru", "zh"):
        package.edit("statements", "stance", "against", claim="C33", language=language)
    assert verdict("C33").status == "no record found"


def test_no_second_source_is_counted_twice() -> None:
    for table in ("diplomacy_visits", "diplomacy_meetings", "diplomacy_brics", "diplomacy_records"):
        frame = data.load(table)
        linked = frame["same_as"].dropna()
        heads = frame.set_index("event").loc[linked]
        assert heads["same_as"].isna().all(), table


@pytest.mark.parametrize("claim_id", ["C02", "C03", "C25", "C26", "C29", "C30", "C31", "C32", "C33", "C35", "C36"])
def test_sources_of_claims_are_in_the_bibliography(claim_id: str) -> None:
    assert set(claim(claim_id).sources) <= set(data.sources())


def test_figures_of_the_calendar_and_the_saying_follow_the_data(package: PackageCopy) -> None:
    package.edit("diplomacy_records", "date", "1950", event="quotation-attribution-1971-nixon-book")
    package.edit("diplomacy_brics", "date", "2024-07-02", event="summit-2024-10-22-kazan")
    figures = run("12-brics-calendar").figures
    assert "in 1950, 5 years after" in figures["fig-roosevelt-saying"].title
    assert "the summit came 2 days after June" in figures["fig-kazan-calendar"].title
