"""C24 (said and so), C34 and the votes beside them: verdicts on both days, and what changes them."""

from datetime import date

import pytest

from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from tests.chapter import run

CHAPTER = "10-balancing-duo"
DAYS = ["publication", "hindsight"]
TASS, XINHUA, SENATOR = "c24-lavrov-tass", "c24-lavrov-xinhua", "c24-lavrov-senator"


@pytest.fixture(autouse=True)
def as_the_book_has_it():
    yield
    what_if()


@pytest.mark.parametrize("as_of", DAYS)
def test_lavrov_said_it_on_14_may(as_of):
    found = verdict("C24", as_of)
    assert found.status == "supported"
    assert found.observed == date(2024, 5, 14)
    assert [v.id for v in found.deciding] == [TASS]


@pytest.mark.parametrize("as_of", DAYS)
def test_whether_it_is_so_cannot_be_tested(as_of):
    assert verdict("C24.so", as_of).status == "not testable"


def test_pages_on_one_speech_are_one_piece_of_evidence():
    found = verdict("C24", "hindsight")
    assert {v.id for v in found.variants} == {TASS, XINHUA, SENATOR}
    assert found.agreement == (1, 1)


def test_pages_that_appeared_later_count_with_hindsight_only():
    assert SENATOR not in {v.id for v in verdict("C24").variants}


def test_the_next_page_decides_without_the_first():
    what_if(leave_out=["tass2024lavrovduo"])
    assert [v.id for v in verdict("C24").deciding] == [XINHUA]


def test_another_day_contradicts_the_attribution(package):
    package.edit("statements", "date", "2024-05-13", statement=TASS)
    assert verdict("C24").status == "contradicted"


def test_another_speaker_leaves_nothing_to_test(package):
    package.edit("statements", "speaker", "Dmitry Peskov", claim="C24")
    assert verdict("C24").status == "not testable"


@pytest.mark.parametrize("as_of", DAYS)
def test_the_interest_is_carried_by_documents(as_of):
    found = verdict("C34", as_of)
    assert (found.status, found.caveat) == ("supported with caveats", "by documents, not by the word 'balancing'")
    # Lavrov's answer, his address of 2021, the concept of 2023, the joint statement.
    assert found.agreement == (4, 4)
    assert [v.id for v in found.deciding] == ["c34-lavrov-leading"]


def test_an_answer_that_says_otherwise_contradicts_the_interest(package):
    package.edit("statements", "stance", "against", statement="c34-lavrov-leading")
    assert verdict("C34").status == "contradicted"


def test_another_text_against_it_is_one_of_four(package):
    package.edit("statements", "stance", "against", statement="c34-concept")
    found = verdict("C34")
    assert (found.status, found.agreement) == ("supported with caveats", (3, 4))


def test_chapter_without_a_statement_runs_to_its_end():
    found = run(CHAPTER, speaker="Dmitry Peskov")
    assert verdict("C24").status == "not testable"
    assert "Lavrov did say it, on 14 May 2024" in found.broken


def test_chapter_counts_identical_votes_where_both_voted():
    found = run(CHAPTER)
    assert not found.broken
    drawn = found.figures["fig-un-likeness"].data.set_index("partner")
    # un_votes: Russia and China cast 68 identical of 86 votes, Russia and Zimbabwe 68 of 84 in 2019.
    assert drawn.loc["CHN", ["identical", "both"]].tolist() == [68, 86]
    assert drawn.loc["ZWE", "share"] == pytest.approx(80.952, abs=1e-3)
    assert drawn.index[drawn["share"] > drawn.loc["CHN", "share"]].size == 5
    assert drawn["index"].idxmax() == "CHN"
    # 2018: Chad 33 of 41; Belarus 73 of 93, as China.
    assert found.facts["level"] == "Chad and Belarus"


def test_the_title_counts_what_the_figure_draws(package):
    package.edit("un_voting_pairs", "value", "60", partner="ZWE", period="2019", series="votes-identical")
    found = run(CHAPTER)
    assert found.figures["fig-un-likeness"].title.startswith("By identical votes four states")
    assert "Zimbabwe, with" in found.broken
