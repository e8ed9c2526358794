"""Indicators that part a political break from prices: checked against values worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from eastward.methods.west import excess_change, index_to, price_part


def test_excess_change_is_one_where_all_fall_alike() -> None:
    assert excess_change((200, 100), (60, 30)) == pytest.approx(1)


def test_excess_change_compares_two_ratios() -> None:
    # half is left of the partner's trade, five eighths of the rest: 0.5 / 0.625
    assert excess_change((80, 40), (160, 100)) == pytest.approx(0.8)


@pytest.mark.parametrize(("part", "rest"), [((0, 1), (1, 1)), ((1, 1), (1, -2))])
def test_excess_change_needs_positive_values(part: tuple[float, float], rest: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        excess_change(part, rest)


def test_price_part_adds_up_on_logarithms() -> None:
    # a value that falls to a quarter with a price that halves: half of the logarithm
    assert price_part(0.25, 0.5) == pytest.approx(0.5)


def test_price_part_is_over_one_where_the_quantity_rose() -> None:
    assert price_part(0.5, 0.25) == pytest.approx(2)


@pytest.mark.parametrize(("value", "price"), [(1, 0.5), (0.5, 0), (-1, 0.5)])
def test_price_part_refuses_what_has_no_logarithm_or_no_change(value: float, price: float) -> None:
    with pytest.raises(ValueError, match="must"):
        price_part(value, price)


def test_index_is_100_in_the_base_year() -> None:
    index = index_to(pd.Series({2013: 50.0, 2016: 20.0}), 2013)
    assert index.to_dict() == {2013: 100.0, 2016: 40.0}
    with pytest.raises(KeyError):
        index_to(index, 2000)
