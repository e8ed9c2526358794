"""C27 and C28: verdicts on both days, decisive numbers by hand, and what changes them."""

from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if


def test_the_dinner_decides_without_the_list_of_the_talks(request):
    request.addfinalizer(what_if)
    what_if(without={"source": "rg2024uzkiy"})
    assert [v.id for v in verdict("C27").deciding[:2]] == ["belousov-one-plus-four", "shoigu-one-plus-four"]


def test_two_reports_of_the_statement_are_one_piece_of_evidence():
    assert verdict("C28")["c28-joint-statement-tass"].evidence == verdict("C28")["c28-joint-statement-rbc"].evidence
