"""C24 and the votes behind it: decisive numbers, the verdict on both dates, and what changes it."""

from datetime import date

import pytest

from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from tests.chapter import run

CHAPTER = "10-balancing-duo"


@pytest.fixture(scope="module")
def chapter():
    return run(CHAPTER)


@pytest.fixture
def own_settings():
    yield
    what_if()


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_lavrov_said_it_on_14_may(as_of):
    found = verdict("C24", as_of)
    assert found.status == "supported"
    assert found.observed == date(2024, 5, 14)
    assert [v.id for v in found.variants if v.preferred] == ["lavrov-duo-tass"]


def test_records_that_appeared_later_count_with_hindsight_only():
    assert "lavrov-duo-senator" not in {v.id for v in verdict("C24", "publication").variants}
    assert "lavrov-duo-senator" in {v.id for v in verdict("C24", "hindsight").variants}


def test_another_day_contradicts_the_attribution(package):
    package.edit("un_voting_statements", "date", "2024-05-13", event="lavrov-duo-tass")
    assert verdict("C24").status == "contradicted"


def test_another_speaker_leaves_nothing_to_test(package):
    package.edit("un_voting_statements", "speaker", "Dmitry Peskov", speaker="Sergei Lavrov")
    assert verdict("C24").status == "not testable"


@pytest.mark.usefixtures("own_settings")
def test_chapter_without_a_statement_runs_to_its_end():
    found = run(CHAPTER, speaker="Dmitry Peskov", spans=[[1992, 2005], [2006, 2019]])
    assert found.cards["C24"].at_publication.status == "not testable"
    assert "Lavrov did say it" in found.broken
    assert set(found.tables["tab-un-spans"].frame["years"]) == {"1992–2005", "2006–2019"}


def test_shares_of_identical_votes_in_2019(chapter):
    # un_votes: Russia and China cast 68 identical of 86 votes, Russia and Germany 43 of 86 in 2019.
    votes = chapter.space["votes"].set_index(["basis", "partner", "year"])
    assert votes.loc[("all", "CHN", 2019), ["identical", "both"]].tolist() == [68, 86]
    assert votes.loc[("all", "DEU", 2019), ["identical", "both"]].tolist() == [43, 86]


def test_pooled_shares_weigh_votes_not_years(chapter):
    # Over 1992-1999 the file has 595 votes of Russia and China, 317 of them identical: 53.3 per cent.
    pooled = chapter.tables["tab-un-spans"].frame.set_index(["partner", "years"])
    assert pooled.loc[("China", "1992–1999"), ["votes", "identical, %"]].tolist() == [595, "53.3"]
    assert pooled.loc[("China", "2014–2019"), "identical, %"] == "74.4"


def test_kappa_of_the_vote_table_of_2014_to_2019(chapter):
    table = chapter.space["vote_table"]
    assert table.to_numpy().sum() == 567
    assert table.loc["abstain", "no"] == 0
    # Agreement 422/567; by chance (349*438 + 97*64 + 121*65) / 567**2.
    chance = (349 * 438 + 97 * 64 + 121 * 65) / 567**2
    assert chapter.facts["kappa_plain"] == f"{(422 / 567 - chance) / (1 - chance):.2f}"


def test_china_is_first_for_russia_but_russia_is_not_for_china(chapter):
    nearest = chapter.tables["tab-un-nearest"].frame
    assert nearest["nearest to Russia"].iloc[0] == "China"
    assert "Russia" not in set(nearest["nearest to China"])
    assert (chapter.facts["n_states"], chapter.facts["place"]) == ("192", "20")


def test_rank_of_china_follows_the_votes(package):
    package.edit("un_voting_coincidence", "value", "0.9", entity="RUS", partner="PRK", period="2021")
    ranks = run(CHAPTER).tables["tab-un-rank"].frame.set_index("measure")["rank of China"]
    assert ranks["voting coincidence 2021, 192 states"] == 2
    assert ranks["voting coincidence 2020, 192 states"] == 1


def test_ideal_points_by_hand(chapter):
    points = chapter.figures["fig-un-ideal-points"].data.set_index(["entity", "year"])
    assert points.loc[("RUS", 2024), "value"] == pytest.approx(-0.598)


def test_the_scatter_counts_what_it_draws(package):
    package.edit("un_voting_coincidence", "value", "0.95", entity="CHN", partner="RUS", period="2021")
    assert "but 0 states vote more like China" in run(CHAPTER).figures["fig-un-likeness"].title
