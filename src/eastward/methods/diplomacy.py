"""Indicators of diplomacy: counts by year, rhythm of visits, before and after, and what few cases show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
from scipy.special import betaincinv

from eastward.data import period_start

BILATERAL = ("state", "official", "working", "visit")
"""Forms of a visit that are not a summit, a forum or a private stay."""


def primary(events: pd.DataFrame) -> pd.DataFrame:
    """Keep one row an event: leave out the rows that document it by a second source.

    Adds ``day``, the first day of the stated date (of the month or year where no day is stated) and ``year``.
    """
    kept = events[events["same_as"].isna()].copy()
    kept["day"] = pd.to_datetime(kept["date"].map(period_start))
    kept["year"] = kept["day"].dt.year
    return kept.sort_values(["day", "event"]).reset_index(drop=True)


def per_year(events: pd.DataFrame, first: int, last: int) -> pd.Series:
    """Count the events of each year from ``first`` to ``last``, zeros included."""
    return events["year"].value_counts().reindex(range(first, last + 1), fill_value=0).rename("events")


def days_between(start: date, end: date) -> int:
    """Calendar days from one day to another: 7 May to 16 May is nine."""
    return (end - start).days


def before_and_after(series: pd.Series, year: int, span: int = 3, least: int = 2) -> tuple[float, float] | None:
    """Mean of a yearly series over the ``span`` years before a year and over those after it.

    Args:
        series: values by year.
        year: the year that divides them; its own value is left out.
        span: years on either side.
        least: values that each side must have at least.

    Returns:
        The two means, in the unit of the series; ``None`` where a side has fewer than ``least`` values.

    """
    old = series.reindex(range(year - span, year)).dropna()
    new = series.reindex(range(year + 1, year + span + 1)).dropna()
    if min(len(old), len(new)) < least:
        return None
    return float(old.mean()), float(new.mean())


def kept_rhythm(years: Iterable[int], first: int, last: int, step: int = 2) -> tuple[int, int]:
    """How many of the years first, first + step, …, last have an event, and how many such years there are."""
    due = range(first, last + 1, step)
    return len(set(years) & set(due)), len(due)


def hit_rate_interval(hits: int, cases: int, level: float = 0.95) -> tuple[float, float]:
    """Exact interval of a success rate from few cases.

    C. J. Clopper and E. S. Pearson, 1934, *Biometrika* 26(4), 404–413.

    Args:
        hits: successes.
        cases: cases, at least one.
        level: confidence level.

    Returns:
        Lower and upper limit, from 0 to 1.

    Raises:
        ValueError: there is no case, or there are more hits than cases.

    """
    if not 0 <= hits <= cases or cases < 1:
        raise ValueError(f"{hits} hits of {cases} cases is no rate; count again")
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else float(betaincinv(hits, cases - hits + 1, tail))
    high = 1.0 if hits == cases else float(betaincinv(hits + 1, cases - hits, 1 - tail))
    return low, high


def best_p_value(cases: int) -> float:
    """Smallest two-sided p-value that a sign test of so many cases can reach: all of them on one side."""
    return min(1.0, 2 * 0.5**cases)
