"""Indicators of tariffs and of trade around a date: rates raised, windows compared, timing of a rise."""

from __future__ import annotations

import pandas as pd


def rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring old and new duties of one list side by side.

    Args:
        frame: rows of ``tariff_rates`` of one list and source: ``series`` (``old-rate-min``,
            ``old-rate-max``, ``new-rate``), ``group``, ``item``, ``stage``, ``value`` (%) and ``row``.

    Returns:
        One row a group and stage: ``old_min``, ``old_max``, ``new`` (per cent), ``period`` of effect,
        ``raised`` (the new rate is above the highest old one) and ``rows``. Groups without an old rate are
        left out.

    """
    key = ["group", "item", "stage"]
    names = {"old-rate-min": "old_min", "old-rate-max": "old_max", "new-rate": "new"}
    wide = frame.pivot(index=key, columns="series", values="value").reindex(columns=list(names)).rename(columns=names)
    effect = frame[frame["series"] == "new-rate"].set_index(key)["period"]
    ids = frame.groupby(key)["row"].agg(tuple)
    wide = wide.assign(period=effect, rows=ids).dropna(subset=["old_min", "old_max", "new"])
    wide["raised"] = wide["new"] > wide["old_max"]
    return wide.reset_index()


def change_on_the_year(values: pd.Series, first: str, last: str) -> float:
    """Change of a monthly flow over a span of months against the same months a year earlier, in per cent.

    Comparing equal months takes out the season without a model.

    Args:
        values: flow by month, indexed by ``YYYY-MM``.
        first: first month of the span.
        last: last month of the span, at most twelve months after the first.

    Raises:
        KeyError: a month of the span, or the same month a year earlier, has no figure.

    """
    months = pd.period_range(first, last, freq="M")
    now = values.loc[months.astype(str)].sum()
    before = values.loc[(months - 12).astype(str)].sum()
    return float(100 * (now / before - 1))


def share_of_rise_after(values: pd.Series, base: int, cut: int) -> float:
    """Share of a rise that came after a year, in per cent.

    The rise runs from the base year to the highest later year. What had been reached by the end of the year
    ``cut`` came before, the rest after: a rise that peaked by then gives 0.

    Args:
        values: level by year (integer index).
        base: year from which the rise is counted.
        cut: last year that counts as before.

    Raises:
        KeyError: there is no figure for the base year, or none between it and the cut.
        ValueError: the level never rose above that of the base year.

    """
    start = values.loc[base]
    later = values[values.index > base]
    early = later[later.index <= cut]
    if early.empty:
        raise KeyError(f"no figure between {base} and {cut}")
    rise = later.max() - start
    if rise <= 0:
        raise ValueError(f"no rise after {base}")
    return float(100 * (later.max() - max(early.max(), start)) / rise)


def largest_effect(covered: float, total: float, effect: float) -> float:
    """Change of a total if its covered part changes by ``effect`` per cent and nothing else moves.

    It is a bound in per cent, not a forecast: buyers who turn to untaxed goods of the same country make the
    total fall less.
    """
    return effect * covered / total
