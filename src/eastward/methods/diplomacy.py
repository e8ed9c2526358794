"""Indicators of diplomacy: counts by year, rhythm of visits, before and after."""

from collections.abc import Iterable

import pandas as pd

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


def before_and_after(series: pd.Series, year: int, span: int = 3, least: int = 2) -> tuple[float, float] | None:
    """Mean of a yearly series over the ``span`` years before a year and over those after it, without its own value;
    nothing where a side has fewer than ``least`` values.
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
