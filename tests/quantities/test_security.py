"""C27 and C28: decisive numbers, the verdicts on both dates, and what changes them."""

import pytest

from eastward import data
from eastward.figures import Figure
from eastward.figures import security as figures
from eastward.quantities import security
from eastward.verdicts import verdict

DATES = ["publication", "hindsight"]


@pytest.mark.parametrize("as_of", DATES)
def test_both_came_along_in_the_offices_named(as_of):
    found = verdict("C27", as_of)
    assert found.status == "supported"
    assert {v.part for v in found.variants} == {
        "Belousov came along",
        "Shoigu came along",
        "Belousov was new in office",
        "Shoigu held the office before",
        "high-powered",
    }
    assert found.agreement == 1


@pytest.mark.parametrize("as_of", DATES)
def test_one_absent_man_makes_the_claim_imprecise(package, as_of):
    package.edit("security_delegations", "person", "Nobody", person="Sergei Shoigu", date="2024-05-16")
    assert verdict("C27", as_of).status == "imprecise"


def test_an_old_minister_is_not_new(package):
    package.edit("security_events", "date", "2023-05-14", event="office-belousov")
    part = {v.part: v.observed for v in verdict("C27").variants if v.preferred}
    assert part["Belousov was new in office"] is False
    assert verdict("C27").status == "imprecise"


def test_eight_of_thirteen_held_a_ministers_rank():
    # Rossiyskaya Gazeta: Lavrov, Shoigu, Manturov, Novak, Chernyshenko, Belousov, Siluanov, Nabiullina.
    people = security.delegation()
    high = people[people["office"].str.contains(security.RANKS)]
    assert (len(high), len(people)) == (8, 13)


@pytest.mark.parametrize("as_of", DATES)
def test_the_sign_is_judged_imprecise_with_its_numbers(as_of):
    found = verdict("C28", as_of)
    assert found.status == "imprecise"
    assert found.claim.basis == "judged"
    # Three security posts of thirteen against three of nine.
    assert found.observed == pytest.approx((3 / 13) / (3 / 9))


def test_signs_change_with_the_list_of_names(package):
    package.edit("security_delegations", "sector", "other", person="Sergei Shoigu", date="2024-05-16")
    assert security.signs(data.HINDSIGHT)[0].observed == pytest.approx((2 / 13) / (3 / 9))


def test_exercises_around_the_visit():
    # By the list: from 17 November 2022 to 16 May 2024 nine, from 17 May 2024 to 15 November 2025 ten.
    found, rows = security.exercises_around(data.HINDSIGHT, 548)
    assert (found.before, found.after) == (9, 10)
    assert len(rows) == 19
    assert found.p_value > 0.5


def test_exercises_of_publication_end_with_the_visit():
    signs = {v.label: v.observed for v in security.signs(data.PUBLICATION)}
    assert signs["24 months, all: 12 against 8"] == pytest.approx(1.5)
    assert not any("after the visit" in v.part for v in security.signs(data.PUBLICATION))


def test_an_exercise_more_counts(package):
    package.edit("security_exercises", "date", "2024-06-01", event="joint-sea-2012")
    found, _ = security.exercises_around(data.HINDSIGHT, 548)
    assert found.after == 11


def test_exercises_by_year_match_the_count_of_2022():
    # Six in 2022 is also the count of the US National Defense University, four of them bilateral.
    assert (security.exercises()["year"] == 2022).sum() == 6
    assert (security.exercises(bilateral=True)["year"] == 2022).sum() == 4


def test_arms_deliveries_and_shares():
    flow = security.deliveries()
    assert (flow[2005], flow[2024]) == (3066.0, 30.0)
    # 2020-2024: 1869.3 of 11102.1 million TIV.
    assert security.arms_shares()["of_russian_exports"][2024] == pytest.approx(16.84, abs=0.01)


def test_arms_at_publication_are_those_of_the_release_of_that_spring():
    arms = [v for v in security.signs(data.PUBLICATION) if v.part == "Russian arms deliveries"]
    assert arms[0].observed == pytest.approx(371.5 / 579.5)


@pytest.mark.parametrize("draw", [figures.seats_at_the_table, figures.exercises_by_year, figures.arms_deliveries])
def test_figures_state_their_finding(draw):
    figure = draw()
    assert isinstance(figure, Figure)
    assert len(figure.alt) > 100
    assert not figure.data.empty
    assert figure.sources


def test_the_figure_of_seats_counts_what_it_draws(package):
    package.edit("security_delegations", "sector", "other", person="Sergei Shoigu", date="2024-05-16")
    assert "held 2 of 13 seats" in figures.seats_at_the_table().title
