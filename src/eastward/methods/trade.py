"""Indicators of goods trade: turnover, shares, ranks, mirror gaps, change of currency and prices."""

from __future__ import annotations

import pandas as pd

FLOWS = ("exports", "imports")


def annual(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of whole years and add ``year`` (integer)."""
    whole = frame[frame["period"].str.fullmatch(r"\d{4}")].copy()
    whole["year"] = whole["period"].astype(int)
    return whole


def with_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Add ``rows``, the ids of the rows behind a figure: its own."""
    return frame.assign(rows=[(row,) for row in frame["row"]])


def most_precise(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Keep one row for each key: the figure with the most written digits, the earliest public one among equals.

    Relays of one release differ only in rounding; this picks the least rounded relay without averaging.
    """
    ordered = frame.sort_values([*by, "half_unit", "known"])  # stable, and what is unknown comes last
    return ordered.drop_duplicates(subset=by).sort_index().reset_index(drop=True)


def turnover(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum exports and imports of goods, by reporter, partner, period and unit that has both flows.

    Columns ``value`` (same unit), ``half_unit`` (the two rounding errors added) and ``rows`` (ids of the two rows).
    """
    key = ["reporter", "partner", "period", "unit"]
    both = frame[frame["flow"].isin(FLOWS)]
    grouped = both.groupby(key).agg(
        value=("value", "sum"), half_unit=("half_unit", "sum"), rows=("row", tuple), n=("flow", "nunique")
    )
    return grouped[grouped["n"] == len(FLOWS)].drop(columns="n").reset_index()


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
    return values * prices.loc[base_year] / prices.reindex(values.index)
