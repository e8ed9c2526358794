"""What no table of numbers by hand can say of the quantities: the form of every variant, and what there is not."""

import re

import pytest

from eastward import data
from eastward.claims import questions
from eastward.claims.verdicts import AS_OF, verdict
from eastward.evidence import quantity, sanctions
from tests.conftest import PackageCopy


@pytest.mark.parametrize("day", AS_OF)
@pytest.mark.parametrize("name", sorted(questions()))
def test_every_variant_is_whole(name: str, day: str) -> None:
    for v in verdict(name, day).variants:
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", v.id)
        assert isinstance(v.label, str)
        assert isinstance(v.part, str)
        assert re.fullmatch(r"[a-z0-9./-]*", v.evidence), v.id
        assert v.half_unit >= 0
        assert not (v.half_unit and isinstance(v.observed, bool))
        assert not re.search(r"None|nan\b|  |^\W", v.label), v.label
        assert set(data.rows(v.rows)["row"]) == set(v.rows) > set()


@pytest.mark.parametrize("name", ["nothing.at_all", "trade.nothing", "trade"])
def test_a_quantity_that_there_is_not(name: str) -> None:
    with pytest.raises(LookupError, match=rf"^\"?eastward\.evidence has no function '{name}'\"?$"):
        quantity(name)


def test_approval_cannot_be_judged_without_a_count_of_the_regimes(package: PackageCopy) -> None:
    package.drop("sanctions_counts", series="un-regimes-ever")
    with pytest.raises(LookupError, match="no count"):
        sanctions.council_approval("RUS")


def test_series_of_the_assembly_on_ukraine_have_no_gap() -> None:
    said = data.describe("un_ukraine_votes")["complete"][0]
    votes = sanctions.assembly_votes()
    votes = votes[votes["period"].between(said["from"], said["to"])].dropna(subset=["RUS", "CHN"])
    numbers = votes["resolution"].str.extract(r"A/RES/(ES-11|\d+)/(\d+)")
    assert set(numbers.loc[numbers[0] == "ES-11", 1]) == {str(n) for n in range(1, 9)}
    assert set(numbers[0]) >= {str(session) for session in range(71, 80)}
