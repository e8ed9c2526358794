"""C27 and C28: decisive numbers, the verdicts on both dates, and what changes them."""

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from eastward.evidence import security
from tests.chapter import run

DATES = ["publication", "hindsight"]


@pytest.fixture(autouse=True)
def as_the_book_has_it():
    yield
    what_if()


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
    assert verdict("C27")["office-belousov"].observed is False
    assert verdict("C27").status == "imprecise"


def test_eight_of_thirteen_held_a_ministers_rank():
    # Rossiyskaya Gazeta: Lavrov, Shoigu, Manturov, Novak, Chernyshenko, Belousov, Siluanov, Nabiullina.
    assert verdict("C27")["high-rank-restricted-talks"].label.startswith("8 of 13 ")


def test_a_group_of_lower_rank_is_not_high_powered(package):
    package.edit("security_delegations", "rank", "below", sector="economy-finance", date="2024-05-16")
    assert verdict("C27")["high-rank-restricted-talks"].observed is False


@pytest.mark.parametrize("as_of", DATES)
def test_the_sign_is_judged_imprecise_with_its_numbers(as_of):
    found = verdict("C28", as_of)
    assert found.status == "imprecise"
    assert found.claim.basis == "judged"
    # Three security posts of thirteen against three of nine.
    assert found["seats-security"].observed == pytest.approx((3 / 13) / (3 / 9))


def test_signs_change_with_the_list_of_names(package):
    package.edit("security_delegations", "sector", "other", person="Sergei Shoigu", date="2024-05-16")
    assert verdict("C28")["seats-security"].observed == pytest.approx((2 / 13) / (3 / 9))


def test_exercises_around_the_visit():
    # By the list: from 17 November 2022 to 16 May 2024 nine, from 17 May 2024 to 15 November 2025 ten.
    found, rows = security.exercises_around(548)
    assert (found.before, found.after) == (9, 10)
    assert len(rows) == 19
    assert found.p_value > 0.5
    assert verdict("C28", "hindsight")["exercises-18-months"].observed == pytest.approx(10 / 9)


def test_exercises_of_publication_end_with_the_visit():
    found = verdict("C28")
    assert found["exercises-24-months"].label == "24 months, all: 12 against 8"
    assert found["exercises-24-months"].observed == pytest.approx(1.5)
    assert not any("after the visit" in v.part for v in found.variants)


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        ("2025-05-15", ["24-months"]),
        ("2025-05-17", ["12-months"]),
        ("2025-11-20", ["12-months", "18-months"]),
        ("2026-06-01", ["12-months", "18-months", "to-end"]),
    ],
)
def test_spans_count_once_they_have_ended(day, spans):
    assert list(data.on(data.period_end(day))(security.spans)([18, 12])) == spans


def test_an_exercise_more_counts(package):
    package.edit("security_exercises", "date", "2024-06-01", event="joint-sea-2012")
    found, _ = security.exercises_around(548)
    assert found.after == 11


def test_arms_at_publication_are_those_of_the_release_of_that_spring():
    assert verdict("C28")["arms-one-year"].observed == pytest.approx(371.5 / 579.5)
    assert verdict("C28", "hindsight")["arms-one-year"].observed == pytest.approx(30 / 327)


def test_what_the_chapter_counts():
    chapter = run("11-who-came-along")
    exercises = chapter.figures["fig-joint-exercises"].data
    of_2022 = exercises[exercises["year"] == 2022].set_index("series")["value"]
    # Six in 2022 is also the count of the US National Defense University, four of them bilateral.
    assert of_2022.sum() == 6
    assert of_2022["exercises, bilateral"] + of_2022["patrols by air or sea"] == 4
    arms = chapter.figures["fig-arms-deliveries"].data.set_index("year")
    assert (arms["deliveries"][2005], arms["deliveries"][2024]) == (3066.0, 30.0)
    # 2020-2024: 1869.3 of 11102.1 million TIV.
    assert arms["of_russian_exports"][2024] == pytest.approx(16.84, abs=0.01)
    assert not chapter.broken


def test_the_chapter_counts_other_spans_when_asked():
    # By the list: five in the twelve months to the visit, eight in those after.
    chapter = run("11-who-came-along", months=[12, 18])
    assert {chapter.facts[name] for name in ("months_after", "before", "after")} == {"12", "5", "8"}


def test_the_figure_of_seats_counts_what_it_draws(package):
    package.edit("security_delegations", "sector", "other", person="Sergei Shoigu", date="2024-05-16")
    chapter = run("11-who-came-along")
    assert "held 2 of 13 seats" in chapter.figures["fig-delegation-seats"].title
    assert "The number of security posts at the restricted talks is the same" in chapter.broken
