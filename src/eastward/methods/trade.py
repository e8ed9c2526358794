"""Indicators of goods trade: turnover, shares, ranks, mirror gaps, change of currency and prices."""

from typing import Any

import pandas as pd

FLOWS = ("exports", "imports")


def annual(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of whole years and add ``year`` (integer)."""
    whole = frame[frame["period"].str.isdecimal()]
    return whole.assign(year=whole["period"].astype(int))


def with_rows(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Add ``rows``, the ids of the rows behind a figure: its own, or those in ``columns``."""
    return frame.assign(rows=list[Any](zip(*(frame[column] for column in columns or ["row"]), strict=True)))


def most_precise(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Keep one row for each key: the figure with the most written digits, the earliest public one among equals.

    Relays of one release differ only in rounding; this picks the least rounded relay without averaging.
    """
    ordered = frame.sort_values(["half_unit", "known"], kind="stable")  # what is unknown comes last
    return ordered.drop_duplicates(subset=by).sort_index(ignore_index=True)


def turnover(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum exports and imports of goods, by reporter, partner, period and unit that has both flows.

    Columns ``value`` (same unit), ``half_unit`` (the two rounding errors added) and ``rows`` (ids of the two rows).
    """
    key = ["reporter", "partner", "period", "unit"]
    groups = frame[frame["flow"].isin(FLOWS)].groupby(key)
    sums = groups[["value", "half_unit"]].sum().assign(rows=groups["row"].agg(tuple))
    return sums[groups["flow"].nunique() == len(FLOWS)].reset_index()


def summed(frame: pd.DataFrame, by: str | list[str]) -> pd.DataFrame:
    """Sum ``value`` by key; ``rows`` are the ids of the rows added."""
    groups = frame.groupby(by)
    return groups["value"].sum().to_frame().assign(rows=groups["row"].agg(tuple)).reset_index()


def rank(frame: pd.DataFrame, by: str = "value", within: str | None = None) -> pd.DataFrame:
    """Add ``rank``: 1 is the largest; equal values share the better rank."""
    ranked = frame.copy()
    values = ranked.groupby(within)[by] if within else ranked[by]
    ranked["rank"] = values.rank(ascending=False, method="min").astype(int)
    return ranked


def mirror_gap(reported: pd.Series, mirrored: pd.Series) -> pd.DataFrame:
    """Compare what two sides report of one flow or turnover, by period and in one unit (mirror statistics).

    Periods that both report: ``reported``, ``mirrored``, ``gap`` (reported less mirrored, in the same unit) and
    ``gap_percent`` (of the mean of the two, as in UN Comtrade's asymmetry notes).
    """
    both = pd.DataFrame({"reported": reported, "mirrored": mirrored}).dropna()
    both["gap"] = both["reported"] - both["mirrored"]
    both["gap_percent"] = 100 * both["gap"] / both[["reported", "mirrored"]].mean(axis=1)
    return both


def deflate(values: pd.Series, prices: pd.Series, base_year: int) -> pd.Series:
    """Express current values by year in the prices of ``base_year``, which the price index must have."""
    return values * float(prices.loc[base_year]) / prices.reindex(values.index)
