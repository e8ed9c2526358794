"""Sanctions and the law: numbers by hand from the sources, verdicts, perturbations, figures."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from eastward import data
from eastward.figures import Figure
from eastward.figures import sanctions as figures
from eastward.prose import ProseError
from eastward.quantities import sanctions
from eastward.verdicts import verdict

DATES = ("publication", "hindsight")


def observed(claim: str, as_of: str) -> dict[str, object]:
    return {v.label: v.observed for v in verdict(claim, as_of).variants}


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
    labels = [v.label for v in verdict("C17").variants]
    assert len(labels) == 2
    assert all("texts" in label for label in labels)


def test_approval_cannot_be_judged_before_the_regimes_were_counted(package):
    with pytest.raises(LookupError, match="no count"):
        sanctions.council_approval(date(2010, 1, 1), "RUS")


def test_regimes_by_hand():
    # 30 regimes in the UN's list of 2019, Haiti in 2022 added; Shelton (2023) counts 31.
    assert int(sanctions.regimes()["value"].sum()) == 31
    assert sanctions.regimes_counted()["value"] == 31
    assert "RUS" not in set(sanctions.regimes()["entity"])


def test_council_votes_by_hand():
    votes = sanctions.council_votes(data.PUBLICATION).set_index("event")
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
    assert found["remarks of the day on third parties"] == 3
    assert found["of these, that name sanctions"] == 0
    assert found["of these, that name the United States"] == 1
    assert found["US and EU acts on third countries in the 365 days before"] == 5
    assert found["of these, neither the US nor an ally"] == 1  # Switzerland


def test_aim_of_the_remark_changes_with_its_words(package):
    package.edit("sanctions_statements", "sanctions_named", "yes", event="putin-shielded")
    assert observed("C16", "publication")["of these, that name sanctions"] == 1


def test_designations_by_hand():
    counts = sanctions.designations().set_index("day")["value"]
    assert counts[date(2022, 3, 8)] == 2754 + 2778
    assert counts[date(2024, 2, 12)] == 2695 + 16587
    assert counts[date(2024, 8, 2)] == 2695 + 19535
    assert counts[date(2025, 5, 31)] == 24311
    then = sanctions.designations(data.PUBLICATION)
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
    assert found["regimes of the Council against Russia"] == 0
    assert found["adopted texts on Ukraine that order measures"] == 0
    assert found["of those that answer yes, from neither government"] == 0
    assert found["of these, treaties that China has joined"] == 1
    assert found["of these, voted for"] == found["yearly texts on unilateral measures"] == 24
    assert found["Assembly texts on Ukraine, both votes known"] == {"publication": 14, "hindsight": 16}[as_of]
    assert found["of these, voted like Russia"] == 7


def test_legal_position_changes_with_votes_and_authorities(package):
    package.edit("un_ukraine_votes", "vote", "no", entity="CHN", resolution="A/RES/ES-11/1")
    package.edit("sanctions_law", "answer", "open", event="att-accession")
    package.edit("un_measures_votes", "vote", "abstain", entity="CHN", period="1996-12-05")
    found = observed("C18", "publication")
    assert found["of these, voted like Russia"] == 8
    assert found["of these, treaties that China has joined"] == 0
    assert found["of these, voted for"] == 23


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
    results = sanctions.tallies().set_index("resolution")
    assert results.loc["A/RES/ES-11/4", ["yes", "abstain", "no"]].tolist() == [143, 35, 5]  # another report: 32
    assert results.loc["A/RES/ES-11/8", ["yes", "abstain", "no"]].tolist() == [93, 73, 8]  # another report: 89


def test_tallies_agree_with_the_votes_of_states():
    measures = sanctions.tallies(topic="unilateral-measures").set_index("resolution")
    assert measures.loc["A/RES/74/154", ["yes", "abstain", "no"]].tolist() == [135, 0, 55]
    assert (measures[["yes", "abstain", "no"]].sum(axis=1) <= 193).all()


def test_argument_names_only_known_questions():
    steps = sanctions.argument()
    assert set(data.load("sanctions_law")["question"]) == set(sanctions.STEPS)
    assert steps.loc[1, "answers"] == "2 yes, 3 no, 6 open"
    assert sanctions.argument(data.PUBLICATION).loc[1, "answers"] == "2 yes, 2 no, 5 open"


def test_official_formula_precedes_the_op_ed():
    dates = list(sanctions.official_formula(data.PUBLICATION)["date"])
    assert dates == ["2022-02-07", "2022-07-07", "2023-05-23"]


@pytest.mark.parametrize(
    "draw", [figures.council_votes, figures.designations, figures.assembly_votes, figures.measures_votes]
)
def test_figures_state_their_finding(draw):
    figure = draw()
    assert isinstance(figure, Figure)
    assert any(c.isdigit() for c in figure.alt)
    assert len(figure.data) > 5
    assert set(figure.sources) <= set(data.sources())


def test_title_of_the_council_figure_follows_the_data(package):
    package.edit("un_council_votes", "china", "yes", event="crimea-2014")
    assert "China abstained on 3 of the 4" in figures.council_votes().title
    package.edit("un_council_votes", "china", "no", event="crimea-2014")
    with pytest.raises(ProseError, match="against none"):
        figures.council_votes()
