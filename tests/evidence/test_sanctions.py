"""Sanctions and the law: numbers by hand from the sources, verdicts, perturbations, titles of figures."""

from __future__ import annotations

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
    assert [v.observed for v in found.variants] == [True] * 4
    assert sum(v.preferred for v in found.variants) == 2


def test_council_approval_is_contradicted_by_a_regime_on_russia(package):
    package.edit("un_regimes", "entity", "RUS", regime="mali")
    assert verdict("C17").status == "contradicted"


def test_council_approval_is_contradicted_by_an_adopted_text_with_measures(package):
    package.edit("un_council_votes", "measures", "sanctions", event="swift-end-2025")
    package.edit("un_council_votes", "target", "RUS", event="swift-end-2025")
    assert verdict("C17", "publication").status == "supported"  # adopted after the op-ed
    assert verdict("C17", "hindsight").status == "contradicted"


def test_failed_draft_with_measures_leaves_a_caveat(package):
    package.edit("un_council_votes", "measures", "sanctions", event="aggression-2022")
    package.edit("un_council_votes", "target", "RUS", event="aggression-2022")
    assert verdict("C17").status == "supported with caveats"


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
    votes = data.on(data.PUBLICATION)(sanctions.council_votes)().set_index("event")
    assert len(votes) == 9
    assert votes.loc["crimea-2014", ["yes", "no", "abstain"]].tolist() == [13, 1, 1]
    assert votes.loc["annexation-2022", ["yes", "no", "abstain"]].tolist() == [10, 1, 4]
    vetoed = votes[votes["outcome"] == "vetoed"]
    assert set(vetoed["china"]) == {"abstain"}
    assert len(vetoed) == 4


def test_members_of_the_council_add_up():
    votes = data.load("un_council_votes").dropna(subset=["yes", "no", "abstain"])
    assert set(votes["yes"] + votes["no"] + votes["abstain"]) == {15}


@pytest.mark.parametrize("as_of", DATES)
def test_aim_of_the_remark(as_of):
    assert verdict("C16", as_of).status == "supported with caveats"
    found = observed("C16", as_of)
    assert found["third-parties"] == 3
    assert found["naming-sanctions"] == 0
    assert found["naming-united-states"] == 1
    assert found["acts-on-third-countries"] == 5
    assert found["imposers-not-allied"] == 1  # Switzerland


def test_aim_of_the_remark_changes_with_its_words(package):
    package.edit("sanctions_statements", "sanctions_named", "yes", event="putin-shielded")
    assert observed("C16", "publication")["naming-sanctions"] == 1


def test_designations_by_hand():
    counts = sanctions.designations().set_index("day")["value"]
    assert counts[date(2022, 3, 8)] == 2754 + 2778
    assert counts[date(2024, 2, 12)] == 2695 + 16587
    assert counts[date(2024, 8, 2)] == 2695 + 19535
    assert counts[date(2025, 5, 31)] == 24311
    then = data.on(data.PUBLICATION)(sanctions.designations)()
    assert list(then["day"]) == [date(2022, 3, 8), date(2024, 2, 12)]


def test_designations_need_both_parts_or_a_total(package):
    package.drop("sanctions_counts", source="castellum2024feb", series="designations-before-invasion")
    days = sanctions.designations()
    assert days.set_index("day").loc[date(2024, 2, 12), "value"] == 19282  # the stated total of the relay
    assert days["before"].isna().sum() == 2


@pytest.mark.parametrize("as_of", DATES)
def test_legal_position(as_of):
    assert verdict("C18", as_of).status == "imprecise"
    found = observed("C18", as_of)
    assert found["regimes-on-russia"] == 0
    assert found["adopted-measures"] == 0
    assert found["mandate-yes-others"] == 0
    assert found["limits-in-treaties"] == 1
    assert found["measures-for"] == found["measures-texts"] == 24
    assert found["assembly-both-known"] == {"publication": 14, "hindsight": 16}[as_of]
    assert found["assembly-alike"] == 7


def test_legal_position_changes_with_votes_and_authorities(package):
    package.edit("un_ukraine_votes", "vote", "no", entity="CHN", resolution="A/RES/ES-11/1")
    package.edit("sanctions_law", "answer", "open", event="att-accession")
    package.edit("un_measures_votes", "vote", "abstain", entity="CHN", period="1996-12-05")
    found = observed("C18", "publication")
    assert found["assembly-alike"] == 8
    assert found["limits-in-treaties"] == 0
    assert found["measures-for"] == 23


def test_assembly_votes_by_hand():
    votes = sanctions.assembly_votes().set_index("resolution")
    assert set(votes["RUS"]) == {"no"}
    alike = votes[votes["CHN"] == votes["RUS"]]
    crimea = {"A/RES/71/205", "A/RES/72/190", "A/RES/73/263", "A/RES/74/17", "A/RES/74/168"}
    assert set(alike.index) == crimea | {"A/RES/ES-11/3", "A/RES/ES-11/5"}
    assert votes.loc["A/77/L.65", "CHN"] == "yes"


def test_votes_on_which_reports_disagree_are_left_open():
    egypt = sanctions.assembly_votes(states=("EGY",)).set_index("resolution")["EGY"]
    assert pd.isna(egypt["A/RES/ES-11/7"])
    assert egypt["A/RES/ES-11/1"] == "yes"


def test_tallies_take_the_complete_report():
    results = run(CHAPTER).space["tallies"].set_index("resolution")
    assert results.loc["A/RES/ES-11/4", ["yes", "abstain", "no"]].tolist() == [143, 35, 5]  # another report: 32
    assert results.loc["A/RES/ES-11/8", ["yes", "abstain", "no"]].tolist() == [93, 73, 8]  # another report: 89
    # The sum of the votes of states in the file.
    assert results.loc["A/RES/74/154", ["yes", "abstain", "no"]].tolist() == [135, 0, 55]
    assert (results[["yes", "abstain", "no"]].sum(axis=1) <= 193).all()


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
    assert chapter.cards["C17"].at_publication.status == "contradicted"
    assert len(chapter.tables["tab-third-countries"].frame) == 3
