"""Sanctions and the law: numbers by hand from the sources, verdicts, perturbations, titles of figures."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from eastward import data
from eastward.evidence import sanctions


def test_approval_cannot_be_judged_without_a_count_of_the_regimes(package):
    package.drop("sanctions_counts", series="un-regimes-ever")
    with pytest.raises(LookupError, match="no count"):
        sanctions.council_approval("RUS")


def test_members_of_the_assembly_add_up():
    tallies = data.load("un_assembly_tallies", organ="assembly")
    sums = tallies.groupby(["period", "resolution", "source"])["value"].sum()
    assert (sums <= 193).all()
    assert not tallies.duplicated(["resolution", "series"]).any()  # one report of a text


def test_series_of_the_assembly_on_ukraine_have_no_gap():
    said = data.describe("un_ukraine_votes")["complete"][0]
    votes = sanctions.assembly_votes()
    votes = votes[(votes["period"] >= said["from"]) & (votes["period"] <= said["to"])].dropna(subset=["RUS", "CHN"])
    numbers = votes["resolution"].str.extract(r"A/RES/(ES-11|\d+)/(\d+)")
    assert set(numbers.loc[numbers[0] == "ES-11", 1]) == {str(n) for n in range(1, 9)}
    assert set(numbers[0]) >= {str(session) for session in range(71, 80)}


def test_designations_need_both_parts_or_a_total(package):
    package.drop("sanctions_counts", source="castellum2024feb", series="designations-before-invasion")
    days = sanctions.designations()
    assert days.set_index("day").loc[date(2024, 2, 12), "value"] == 19282  # the stated total of the relay
    assert days["before"].isna().sum() == 1


def test_votes_on_which_reports_disagree_are_left_open(package):
    assert sanctions.assembly_votes(("SAU",)).set_index("resolution").loc["A/RES/ES-11/4", "SAU"] == "yes"  # two agree
    other = data.load("un_ukraine_votes", entity="SAU", resolution="A/RES/ES-11/4")["source"].iloc[0]
    package.edit("un_ukraine_votes", "vote", "abstain", entity="SAU", resolution="A/RES/ES-11/4", source=other)
    assert pd.isna(sanctions.assembly_votes(("SAU",)).set_index("resolution").loc["A/RES/ES-11/4", "SAU"])
