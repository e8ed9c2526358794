"""Sanctions and the law: numbers by hand from the sources, verdicts, perturbations, titles of figures."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from eastward.evidence import sanctions
from tests.chapter import run

CHAPTER = "07-sanctions-and-law"
DATES = ("publication", "hindsight")


def observed(claim: str, as_of: str) -> dict[str, object]:
    return {v.id: v.observed for v in verdict(claim, as_of).variants}


@pytest.mark.parametrize("as_of", DATES)
def test_council_never_approved(as_of):
    found = verdict("C17", as_of)
    assert found.status == "supported"
    assert {v.id: v.observed for v in found.variants} == {"regimes-un-2019": 0, "adopted-texts": 0, "all-texts": 0}
    assert {v.id for v in found.variants if v.preferred} == {"regimes-un-2019", "adopted-texts"}
    assert "of 31 sanctions regimes" in found["regimes-un-2019"].label
    assert f"of {({'publication': 3, 'hindsight': 4})[as_of]} resolutions" in found["adopted-texts"].label


def test_council_approval_is_contradicted_by_a_regime_on_russia(package):
    package.edit("un_regimes", "entity", "RUS", regime="mali")
    assert verdict("C17").status == "contradicted"


def test_council_approval_is_contradicted_by_an_adopted_text_with_measures(package):
    package.edit("un_council_votes", "measures", "sanctions", event="swift-end-2025")
    package.edit("un_council_votes", "target", "RUS", event="swift-end-2025")
    assert verdict("C17", "publication").status == "supported"  # adopted after the op-ed
    assert verdict("C17", "hindsight").status == "contradicted"


def test_failed_draft_with_measures_disagrees_and_decides_nothing(package):
    package.edit("un_council_votes", "measures", "sanctions", event="aggression-2022")
    package.edit("un_council_votes", "target", "RUS", event="aggression-2022")
    found = verdict("C17")
    assert found["all-texts"].observed == 1
    assert found["adopted-texts"].observed == 0
    assert found.status == "supported with caveats"


def test_list_of_regimes_with_holes_proves_nothing(package):
    package.drop("un_regimes", regime="mali")
    assert [v.id for v in verdict("C17").variants] == ["adopted-texts", "all-texts"]


def test_approval_cannot_be_judged_without_a_count_of_the_regimes(package):
    package.drop("sanctions_counts", series="un-regimes-ever")
    with pytest.raises(LookupError, match="no count"):
        sanctions.council_approval("RUS")


def test_regimes_by_hand():
    # 30 regimes in the UN's list of 2019, Haiti in 2022 added; Shelton (2023) counts 31.
    assert int(sanctions.regimes()["value"].sum()) == 31
    assert data.load("sanctions_counts", series="un-regimes-ever")["value"].max() == 31
    assert "RUS" not in set(sanctions.regimes()["entity"])


def test_council_votes_by_hand():
    votes = sanctions.council_votes().set_index("event")
    substance = votes[votes["kind"].isin(["draft", "resolution"])]
    assert len(substance) == 11
    assert list(substance.index[substance["kind"] == "resolution"]) == [
        "mh17-2014",
        "minsk-2015",
        "session-2022",
        "swift-end-2025",
    ]  # S/RES/2166, 2202, 2623 and 2774
    assert substance.loc["crimea-2014", ["yes", "no", "abstain"]].tolist() == [13, 1, 1]
    assert substance.loc["annexation-2022", ["yes", "no", "abstain"]].tolist() == [10, 1, 4]
    vetoed = substance[substance["outcome"] == "vetoed"]
    assert set(vetoed["china"]) == {"abstain"}
    assert set(vetoed["document"]) == {"S/2014/189", "S/2015/562", "S/2022/155", "S/2022/720"}
    # Russia needs no help to fail: a draft with fewer than nine votes in favour is not adopted.
    assert (substance.loc[substance["outcome"] == "not adopted", "yes"] < 9).all()


def test_members_of_the_council_add_up():
    votes = data.load("un_council_votes")
    told = votes.dropna(subset=["yes", "no", "abstain"])
    assert set(told["yes"] + told["no"] + told["abstain"]) == {15}
    assert (votes[["yes", "no", "abstain"]].sum(axis=1) <= 15).all()
    holes = votes[votes[["yes", "no", "abstain", "china", "russia"]].isna().any(axis=1)]
    assert holes["note"].notna().all()  # a hole is told


def test_members_of_the_assembly_add_up():
    tallies = data.load("un_assembly_tallies", organ="assembly")
    sums = tallies.groupby(["period", "resolution", "source"])["value"].sum()
    assert (sums <= 193).all()
    assert not tallies.duplicated(["resolution", "series"]).any()  # one report of a text


PARTS = {  # rows of the parts that a record shows to be complete, and the columns of their day
    "un_council_votes": {
        "vetoed drafts on Ukraine": ("date", {"topic": "ukraine", "kind": "draft", "outcome": "vetoed"}),
        "resolutions on Ukraine since the invasion": ("date", {"topic": "ukraine", "kind": "resolution"}),
    },
    "un_measures_votes": {"yearly text on unilateral measures": ("period", {})},
    "un_assembly_tallies": {
        "yearly text on unilateral measures": ("period", {"topic": "unilateral-measures", "organ": "assembly"})
    },
}


def completeness(table: str) -> list[dict[str, str]]:
    package = json.loads((data.root() / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return next(entry for entry in package["resources"] if entry["name"] == table)["complete"]


@pytest.mark.parametrize(
    "table", ["un_council_votes", "un_ukraine_votes", "un_assembly_tallies", "un_measures_votes", "un_regimes"]
)
def test_list_says_how_far_it_is_complete(table):
    parts = completeness(table)
    for part in parts:
        if part["by"] != "not shown to be complete":
            assert date.fromisoformat(f"{part['from']}-01-01"[:10]) <= data.period_end(part["to"])
    assert set(PARTS.get(table, {})) <= {part["part"] for part in parts}


@pytest.mark.parametrize(("table", "part"), [(t, p) for t, parts in PARTS.items() for p in parts])
def test_rows_of_a_complete_part_lie_within_its_days(table, part):
    said = next(entry for entry in completeness(table) if entry["part"] == part)
    day, where = PARTS[table][part]
    days = data.load(table, **where)[day]
    if part == "resolutions on Ukraine since the invasion":
        days = days[days >= said["from"]]  # those before it are those found
    assert said["from"] <= days.min()
    assert days.max() <= said["to"]
    if part.startswith("yearly"):
        assert (days.min(), days.max()) == (said["from"], said["to"])
        assert sorted(days.str[:4].astype(int).unique()) == list(range(1996, 2024))


def test_series_of_the_assembly_on_ukraine_have_no_gap():
    said = completeness("un_ukraine_votes")[0]
    votes = sanctions.assembly_votes()
    votes = votes[(votes["period"] >= said["from"]) & (votes["period"] <= said["to"])].dropna(subset=["RUS", "CHN"])
    numbers = votes["resolution"].str.extract(r"A/RES/(ES-11|\d+)/(\d+)")
    assert set(numbers.loc[numbers[0] == "ES-11", 1]) == {str(n) for n in range(1, 9)}
    assert set(numbers[0]) >= {str(session) for session in range(71, 80)}


def test_yearly_texts_on_measures_have_the_days_of_the_records():
    days = data.load("un_measures_votes", entity="CHN").set_index("resolution")["period"]
    assert len(days) == 28
    assert days["A/RES/51/103"] == "1996-12-12"
    assert days["A/RES/57/222"] == "2002-12-18"
    assert days["A/RES/78/202"] == "2023-12-19"
    assert days.str[:4].is_unique


@pytest.mark.parametrize("as_of", DATES)
def test_aim_of_the_remark(as_of):
    assert verdict("C16", as_of).status == "supported"
    found = observed("C16", as_of)
    assert found["third-parties"] == 3
    assert found["naming-sanctions"] == 1
    assert found["answer-on-banks"] == 1
    assert found["acts-on-third-countries"] == 5
    assert found["imposers-not-allied"] == {"publication": 1, "hindsight": 2}[as_of]  # Switzerland, New Zealand


def test_aim_of_the_remark_changes_with_its_words(package):
    package.edit("sanctions_statements", "sanctions_named", "yes", event="putin-shielded")
    assert observed("C16", "publication")["naming-sanctions"] == 2
    package.edit("sanctions_statements", "sanctions_named", "no", event="putin-sanctions")
    assert "The same statement names sanctions" not in run(CHAPTER).broken  # the remark itself names them then
    package.edit("sanctions_statements", "sanctions_named", "no", event="putin-shielded")
    assert "The same statement names sanctions" in run(CHAPTER).broken


def test_designations_by_hand():
    counts = sanctions.designations().set_index("day")["value"]
    assert counts[date(2022, 3, 8)] == 2754 + 2778
    assert counts[date(2024, 2, 12)] == 2695 + 16587
    assert counts[date(2024, 8, 2)] == 2695 + 19535
    assert counts.index.max() == date(2024, 8, 2)  # a later count was seen only in a relay of a relay
    then = data.on(data.PUBLICATION)(sanctions.designations)()
    assert list(then["day"]) == [date(2022, 3, 8), date(2024, 2, 12)]


def test_designations_need_both_parts_or_a_total(package):
    package.drop("sanctions_counts", source="castellum2024feb", series="designations-before-invasion")
    days = sanctions.designations()
    assert days.set_index("day").loc[date(2024, 2, 12), "value"] == 19282  # the stated total of the relay
    assert days["before"].isna().sum() == 1


@pytest.mark.parametrize("as_of", DATES)
def test_legal_position(as_of):
    found = verdict("C18", as_of)
    assert found.status == "supported with caveats"
    assert len(found.caveat.split()) <= 8
    found = observed("C18", as_of)
    assert found["regimes-on-russia"] == 0
    assert found["adopted-measures"] == 0
    assert found["mandate-yes-others"] == 0
    assert [found[f"limits-{reach}"] for reach in ("trade", "territory", "arms")] == [0, 3, 3]
    assert found["measures-for"] == found["measures-texts"] == 28
    assert found["assembly-both-known"] == {"publication": 20, "hindsight": 29}[as_of]
    assert found["assembly-alike"] == {"publication": 13, "hindsight": 16}[as_of]


def test_legal_position_changes_with_votes_and_authorities(package):
    package.edit("un_ukraine_votes", "vote", "no", entity="CHN", resolution="A/RES/ES-11/1")
    package.edit("sanctions_law", "answer", "open", event="att-accession")
    package.edit("sanctions_law", "reach", "trade", event="cavv-2022")
    package.edit("un_measures_votes", "vote", "abstain", entity="CHN", period="1996-12-12")
    found = observed("C18", "publication")
    assert found["assembly-alike"] == 14
    assert [found[f"limits-{reach}"] for reach in ("trade", "territory", "arms")] == [1, 2, 2]
    assert found["measures-for"] == 27
    assert "no rule was found against economic cooperation as such" in run(CHAPTER).broken


def test_assembly_votes_by_hand():
    votes = sanctions.assembly_votes().set_index("resolution")
    assert set(votes["RUS"]) == {"no"}
    alike = votes[votes["CHN"] == votes["RUS"]]
    crimea = {
        f"A/RES/{n}" for n in ("71/205", "72/190", "73/263", "74/17", "74/168", "75/29", "75/192", "76/70", "76/179")
    }
    since = {f"A/RES/{n}" for n in ("ES-11/3", "ES-11/5", "77/229", "78/221", "79/184", "80/223")}
    assert set(alike.index) == crimea | since | {"Chornobyl 2025"}
    assert votes.loc["A/RES/77/284", "CHN"] == "yes"


def test_votes_on_which_reports_disagree_are_left_open(package):
    assert sanctions.assembly_votes(("SAU",)).set_index("resolution").loc["A/RES/ES-11/4", "SAU"] == "yes"  # two agree
    other = data.load("un_ukraine_votes", entity="SAU", resolution="A/RES/ES-11/4")["source"].iloc[0]
    package.edit("un_ukraine_votes", "vote", "abstain", entity="SAU", resolution="A/RES/ES-11/4", source=other)
    assert pd.isna(sanctions.assembly_votes(("SAU",)).set_index("resolution").loc["A/RES/ES-11/4", "SAU"])


def test_tallies_by_hand():
    results = run(CHAPTER).space["tallies"].set_index("resolution")
    assert results.loc["A/RES/ES-11/4", ["yes", "abstain", "no"]].tolist() == [143, 35, 5]
    assert results.loc["A/RES/ES-11/8", ["yes", "abstain", "no"]].tolist() == [93, 73, 8]
    # The sum of the votes of states in the file.
    assert results.loc["A/RES/74/154", ["yes", "abstain", "no"]].tolist() == [135, 0, 55]


def test_counts_of_votes_say_that_they_are_those_found():
    figures = run(CHAPTER).figures
    assert figures["fig-assembly-votes"].title.startswith("Of the votes found, ")
    assert "9 of 11 before the invasion and in 7 of 18 since" in figures["fig-assembly-votes"].title
    assert "that we found" in figures["fig-council-votes"].title


def test_argument_answers_every_question():
    steps = run(CHAPTER).tables["tab-legal-argument"].frame
    assert set(data.load("sanctions_law")["question"]) == set(steps.index)
    assert steps.loc["mandate-needed", "answers"] == "2 yes, 3 no, 6 open"


def test_official_formula_precedes_the_op_ed():
    chapter = run(CHAPTER)
    assert chapter.facts["formula_before"] == "3"
    assert chapter.tables["tab-formula"].frame["date"].iloc[0] == "7 February 2022"


def test_council_figure_follows_the_data(package):
    package.edit("un_council_votes", "china", "yes", event="crimea-2014")
    assert "China abstained on 3 of the 4" in run(CHAPTER).figures["fig-council-votes"].title
    package.edit("un_council_votes", "china", "no", event="crimea-2014")
    assert "against none" in run(CHAPTER).broken


@pytest.fixture
def own_settings():
    yield
    what_if()


@pytest.mark.usefixtures("own_settings")
def test_chapter_follows_its_parameters():
    chapter = run(CHAPTER, target="PRK", days=100)
    assert verdict("C17").status == "contradicted"
    assert len(chapter.tables["tab-third-countries"].frame) == 3
