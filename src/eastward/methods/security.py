"""Indicators of security cooperation: seats at a table, rates of events, shares over spans of years.

Pure functions: numbers or frames in, frames out.

Methods and their sources:

* ratio of two rates: given the total, the later count is binomial; exact two-sided test of J. Przyborowski
  and H. Wilenski (1940), *Biometrika* 31(3/4), 313–323, interval of C. J. Clopper and E. S. Pearson (1934),
  *Biometrika* 26(4), 404–413.
* five-year shares: SIPRI compares arms transfers over five years, since single years are lumpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import pandas as pd
from scipy.special import betaincinv


@dataclass(frozen=True)
class RateRatio:
    """Two counts of events compared: ratio of the rates (after over before), 95 per cent interval, p."""

    before: int
    after: int
    ratio: float
    low: float
    high: float
    p_value: float


def rate_ratio(before: int, after: int, exposure_before: float = 1.0, exposure_after: float = 1.0) -> RateRatio:
    """Compare the rates of two counts of events.

    Args:
        before: number of events in the first span.
        after: number of events in the second span.
        exposure_before: length of the first span, in any unit.
        exposure_after: length of the second span, in the same unit.

    Raises:
        ValueError: there is no event in the first span, so that no ratio exists.

    """
    if before <= 0:
        raise ValueError("a ratio of rates needs at least one event in the first span")
    total = before + after
    chance = exposure_after / (exposure_before + exposure_after)
    mass = [comb(total, k) * chance**k * (1 - chance) ** (total - k) for k in range(total + 1)]
    p_value = min(1.0, sum(m for m in mass if m <= mass[after] * (1 + 1e-9)))
    least = float(betaincinv(after, before + 1, 0.025)) if after else 0.0
    most = float(betaincinv(after + 1, before, 0.975))
    scale = exposure_before / exposure_after
    low, high = least / (1 - least) * scale, most / (1 - most) * scale
    return RateRatio(before, after, after / before * scale, low, high, p_value)


def seats(people: pd.DataFrame, sectors: tuple[str, ...]) -> pd.DataFrame:
    """Count the seats that some sectors hold at each meeting.

    Args:
        people: one row a person, with ``meeting``, ``format``, ``date``, ``sector`` and ``row``.
        sectors: the sectors that count.

    Returns:
        One row a meeting and format, by date: ``held``, ``seats`` (all persons), ``share`` (per cent) and
        ``rows``.

    """
    marked = people.assign(held=people["sector"].isin(sectors))
    grouped = marked.groupby(["date", "meeting", "format"])
    table = grouped.agg(held=("held", "sum"), seats=("person", "size"), rows=("row", tuple)).reset_index()
    table["share"] = 100 * table["held"] / table["seats"]
    return table


def five_year_shares(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Share of a part in a whole over each five consecutive years, per cent, by the last year."""
    both = pd.DataFrame({"part": part, "whole": whole}).dropna().sort_index()
    if both.empty:
        return pd.Series(dtype=float, name="share")
    # A missing year stays a gap, so that no span of five rows runs over it.
    both = both.reindex(range(int(both.index[0]), int(both.index[-1]) + 1))
    sums = both.rolling(5).sum().dropna()
    return (100 * sums["part"] / sums["whole"]).rename("share")
