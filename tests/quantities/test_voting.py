"""C24 and the votes behind it: decisive numbers, the verdict on both dates, and what changes it."""

from datetime import date

import pytest

from eastward import data
from eastward.figures import Figure
from eastward.figures import voting as figures
from eastward.quantities import voting
from eastward.verdicts import verdict


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_lavrov_said_it_on_14_may(as_of):
    found = verdict("C24", as_of)
    assert found.status == "supported"
    assert found.observed == date(2024, 5, 14)
    assert found.variants[0].label == "TASS in English"


def test_records_that_appeared_later_count_with_hindsight_only():
    labels = {v.label for v in verdict("C24", "publication").variants}
    assert "the senator who asked" not in labels
    assert "the senator who asked" in {v.label for v in verdict("C24", "hindsight").variants}


def test_another_day_contradicts_the_attribution(package):
    package.edit("un_voting_statements", "date", "2024-05-13", event="lavrov-duo-tass")
    assert verdict("C24").status == "contradicted"


def test_another_speaker_leaves_nothing_to_test(package):
    package.edit("un_voting_statements", "speaker", "Dmitry Peskov", speaker="Sergei Lavrov")
    assert verdict("C24").status == "not testable"


def test_shares_of_identical_votes_in_2019():
    # un_votes: Russia and China cast 68 identical of 86 votes, Russia and Germany 43 of 86 in 2019.
    scores = voting.agreement_by_year(basis="all").set_index(["partner", "year"])
    assert scores.loc[("CHN", 2019), "share"] == pytest.approx(100 * 68 / 86)
    assert scores.loc[("CHN", 2019), "lijphart"] == pytest.approx(87.2, abs=0.05)
    assert scores.loc[("DEU", 2019), "share"] == pytest.approx(50.0)


def test_pooled_shares_weigh_votes_not_years():
    # Over 1992-1999 the file has 595 votes of Russia and China, 317 of them identical: 53.3 per cent.
    pooled = voting.pooled_agreement(basis="all").set_index(["partner", "first"])
    assert pooled.loc[("CHN", 1992), "both"] == 595
    assert pooled.loc[("CHN", 1992), "share"] == pytest.approx(53.3, abs=0.05)
    assert pooled.loc[("CHN", 2014), "share"] == pytest.approx(74.4, abs=0.05)


def test_kappa_of_the_vote_table_of_2014_to_2019():
    table = voting.vote_table()
    assert table.to_numpy().sum() == 567
    assert table.loc["abstain", "no"] == 0
    # Agreement 422/567; by chance (349*438 + 97*64 + 121*65) / 567**2.
    chance = (349 * 438 + 97 * 64 + 121 * 65) / 567**2
    assert voting.kappa_of_duo(weighted=False) == pytest.approx((422 / 567 - chance) / (1 - chance))


def test_china_is_first_for_russia_but_russia_is_not_for_china():
    russia, china = voting.coincidence("RUS", 2021), voting.coincidence("CHN", 2021)
    assert (len(russia), len(china)) == (192, 192)
    assert russia.iloc[0]["partner"] == "CHN"
    assert china.set_index("partner").loc["RUS", "rank"] == 20


def test_rank_of_china_follows_the_votes(package):
    package.edit("un_voting_coincidence", "value", "0.9", entity="RUS", partner="PRK", period="2021")
    first = next(v for v in voting.rank_of_partner(data.HINDSIGHT, "RUS", "CHN") if v.preferred)
    assert first.observed == 2


def test_ideal_points_are_not_known_at_publication():
    assert voting.ideal_points(data.PUBLICATION).empty
    assert voting.ideal_points().loc[2024, "RUS"] == pytest.approx(-0.598)


@pytest.mark.parametrize("draw", [figures.agreement_by_year, figures.likeness_to_both, figures.ideal_points])
def test_figures_state_their_finding(draw):
    figure = draw()
    assert isinstance(figure, Figure)
    assert len(figure.alt) > 100
    assert not figure.data.empty
    assert figure.sources


def test_the_scatter_counts_what_it_draws(package):
    package.edit("un_voting_coincidence", "value", "0.95", entity="CHN", partner="RUS", period="2021")
    assert "but 0 states vote more like China" in figures.likeness_to_both().title
