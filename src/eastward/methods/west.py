"""Indicators that part the effect of a political break from that of prices and exchange rates."""

from __future__ import annotations

from math import log

import pandas as pd


def excess_change(part: tuple[float, float], rest: tuple[float, float]) -> float:
    """Change of one partner's trade over the change of all other partners' trade, a ratio of ratios.

    What hits all partners alike, such as the exchange rate or a recession, drops out. This is the difference
    in differences of the logarithms (J. D. Angrist and J.-S. Pischke, 2009, *Mostly Harmless Econometrics*,
    section 5.2); it reads as an effect only if both would otherwise have moved alike.

    Args:
        part: value before and after, of the partner.
        rest: value before and after, of all others, in the same unit.

    Returns:
        1 where the partner moved like the others; 0.8 where it lost a fifth more than they did.

    Raises:
        ValueError: a value is not positive.

    """
    if min(*part, *rest) <= 0:
        raise ValueError("values before and after must be positive")
    return (part[1] / part[0]) / (rest[1] / rest[0])


def price_part(value_ratio: float, price_ratio: float) -> float:
    """Part of a change of value that a change of price accounts for, on logarithms.

    A value is price times quantity, so the logarithms of their changes add up. A part over 1 means that the
    quantity moved against the price.

    Args:
        value_ratio: value after over value before.
        price_ratio: price after over price before.

    Raises:
        ValueError: the value did not change, or a ratio is not positive.

    """
    if min(value_ratio, price_ratio) <= 0 or value_ratio == 1:
        raise ValueError("both ratios must be positive, and the value must have changed")
    return log(price_ratio) / log(value_ratio)


def index_to(series: pd.Series[float], year: int) -> pd.Series[float]:
    """Express a series by year as an index with ``year`` = 100.

    Raises:
        KeyError: the series has no such year.

    """
    return 100 * series / float(series.loc[year])
