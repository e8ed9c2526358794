"""Quantities and verdicts of the turn east against figures worked out by hand from the sources."""

from datetime import date

import pandas as pd
import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import turn_east

RULE = (2013, 2023, [2020, 2021], 2019, {"imports": ["01", "09"]})
"""The rule of C06."""


def test_every_variant_names_rows_that_exist():
    for variants in (turn_east.asia_against_europe(*RULE), turn_east.china_among_partners(2023, 2020, 2013)):
        for variant in variants:
            assert len(data.rows(variant.rows)) == len(set(variant.rows)) > 0, variant.label


def test_nothing_public_later_counts_at_publication():
    for variant in data.on(data.PUBLICATION)(turn_east.asia_against_europe)(*RULE):
        assert (data.rows(variant.rows)["known"] <= pd.Timestamp(data.PUBLICATION)).all(), variant.label


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_rankings_that_decide_nothing_do_not_agree_with_themselves(as_of):
    found = verdict("C01", as_of)
    assert found.agreement == (found.statuses.count("supported"), len(found.variants))


def test_the_latest_ranking_that_was_public_decides():
    with data.on(date(2023, 6, 30)):
        (deciding,) = [v for v in turn_east.china_among_partners(2023, 2020, 2013) if v.preferred]
    assert deciding.id == "goods-2020"
    assert deciding.observed == 1


def test_spans_and_years_that_coincide_are_counted_once():
    for variants in (
        turn_east.asia_against_europe(2013, 2020, [2020], 2019, {}),
        turn_east.china_among_partners(2020, 2020, 2013),
    ):
        ids = [v.id for v in variants]
        assert len(set(ids)) == len(ids)
        assert all(ids)


def test_two_records_of_chinese_crude_imports_agree():
    months = data.load("energy_destinations", series="china-customs-crude", unit="kg", entity="RUS")
    eleven = months[months["period"].between("2012-01", "2012-11")]["value"].sum() / 1e9
    stated = data.load("energy_destinations", series="china-customs-crude", period="2012-01/2012-11")
    assert eleven == pytest.approx(stated["value"].iloc[0], abs=stated["half_unit"].iloc[0])


def test_identical_votes_by_hand():
    votes = data.load("un_voting_pairs", entity="RUS", series=turn_east.COUNTED, period="2019", partner="CHN")
    (share,) = turn_east.identical_votes(votes)["value"]
    counts = votes.set_index("series")["value"]
    assert share == pytest.approx(100 * counts["votes-identical"] / counts["votes-both-voting"])
