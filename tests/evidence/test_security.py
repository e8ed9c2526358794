"""C27 and C28: verdicts on both days, decisive numbers by hand, and what changes them."""

import pytest

from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from tests.chapter import run

CHAPTER = "11-who-came-along"
DAYS = ["publication", "hindsight"]


@pytest.fixture(autouse=True)
def as_the_book_has_it():
    yield
    what_if()


@pytest.mark.parametrize("as_of", DAYS)
def test_both_came_along_in_the_offices_named(as_of):
    found = verdict("C27", as_of)
    assert found.status == "supported"
    assert {v.part for v in found.deciding} == {
        "Belousov came along",
        "Shoigu came along",
        "Belousov was new in office",
        "Shoigu held the office before",
        "high-powered",
    }
    # Two reports of the decree of 14 May are one piece of evidence.
    assert found.agreement == (5, 5)
    assert len(found.variants) == 11


@pytest.mark.parametrize("as_of", DAYS)
def test_one_absent_man_makes_the_claim_partly_right(package, as_of):
    package.edit("security_delegations", "person", "Nobody", person="Sergei Shoigu", date="2024-05-16")
    assert verdict("C27", as_of).status == "partly right"


def test_an_old_minister_is_not_new(package):
    package.edit("security_events", "date", "2023-05-14", event="office-belousov")
    assert verdict("C27")["office-belousov"].observed is False
    assert verdict("C27").status == "partly right"


def test_days_in_office_are_those_since_the_decree():
    # Decree of 14 May, talks of 16 May: two days.
    assert verdict("C27", thresholds={"new_in_office": 2}).status == "supported"
    assert verdict("C27", thresholds={"new_in_office": 1}).status == "partly right"


def test_eight_of_thirteen_held_a_ministers_rank():
    # Rossiyskaya Gazeta: Lavrov, Shoigu, Manturov, Novak, Chernyshenko, Belousov, Siluanov, Nabiullina.
    assert verdict("C27")["high-rank-restricted-talks"].label.startswith("8 of 13 ")
    assert verdict("C27", thresholds={"high_powered": 0.61}).status == "supported"
    assert verdict("C27", thresholds={"high_powered": 0.62}).status == "partly right"


def test_a_group_of_lower_rank_is_not_high_powered(package):
    package.edit("security_delegations", "rank", "below", sector="economy-finance", date="2024-05-16")
    assert verdict("C27")["high-rank-restricted-talks"].observed is False


def test_the_dinner_decides_without_the_list_of_the_talks():
    what_if(leave_out=["rg2024uzkiy"])
    assert [v.id for v in verdict("C27").deciding[:2]] == ["belousov-one-plus-four", "shoigu-one-plus-four"]


@pytest.mark.parametrize("as_of", DAYS)
def test_the_aim_stands_in_the_statement_of_the_day(as_of):
    found = verdict("C28", as_of)
    assert (found.status, found.caveat) == ("supported with caveats", "said by the statement, not by the delegation")
    assert [v.id for v in found.deciding] == ["c28-joint-statement-rbc"]
    # Statement of the day, of 2023, Chinese ministry; later Lavrov and the statement of 2025.
    assert found.agreement == ((3, 3) if as_of == "publication" else (5, 5))


def test_two_reports_of_the_statement_are_one_piece_of_evidence():
    assert verdict("C28")["c28-joint-statement-tass"].evidence == verdict("C28")["c28-joint-statement-rbc"].evidence


def test_a_statement_without_the_aim_contradicts_it(package):
    package.edit("statements", "stance", "against", statement="c28-joint-statement-rbc")
    assert verdict("C28").status == "contradicted"


def test_texts_of_other_days_alone_decide_nothing():
    what_if(leave_out=["rbc2024exercises", "anews2024statement"])
    assert verdict("C28").status == "not testable"


def test_what_the_chapter_counts():
    chapter = run(CHAPTER)
    assert not chapter.broken
    exercises = chapter.figures["fig-joint-exercises"].data
    of_2022 = exercises[exercises["year"] == 2022].set_index("series")["value"]
    # Six in 2022 is also the count of the US National Defense University, four of them bilateral.
    assert of_2022.sum() == 6
    assert of_2022["exercises, bilateral"] + of_2022["patrols by air or sea"] == 4
    others = chapter.tables["tab-exercise-counts"].frame.set_index("span")
    # CSIS: seven to July 2024, at least 78 to June 2022; our list has 4 and 36.
    assert others.loc["2024-01 to 2024-07", ["count", "in our list"]].tolist() == ["7", "4"]
    assert others.loc["2003 to 2022-06", ["count", "in our list"]].tolist() == ["at least 78", "36"]


def test_arms_are_compared_over_five_years():
    arms = run(CHAPTER).figures["fig-arms-deliveries"].data.set_index("year")
    # 2020-2024: 547 + 466.8 + 498.5 + 327 + 30 = 1869.3 of 11102.1 million TIV.
    assert arms["deliveries"][2024] == pytest.approx(1.8693)
    assert arms["of_russian_exports"][2024] == pytest.approx(16.84, abs=0.01)


def test_shares_of_arms_are_those_that_sipri_published():
    facts = run(CHAPTER).facts
    assert (facts["sipri_first"], facts["sipri_then"], facts["sipri_last"]) == ("23", "21", "13")


def test_the_figure_of_seats_counts_what_it_draws(package):
    package.edit("security_delegations", "sector", "other", person="Sergei Shoigu", date="2024-05-16")
    chapter = run(CHAPTER)
    assert "held 2 of 13 seats" in chapter.figures["fig-delegation-seats"].title
    assert "The number of security posts at the restricted talks is the same" in chapter.broken
