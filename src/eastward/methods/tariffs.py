"""Indicators of tariffs and of trade around a date: rates raised, windows compared, timing of a rise."""

import pandas as pd


def rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring old and new duties (%) of one list and source, rows of ``tariff_rates``, side by side.

    One row a group and stage: ``old_min``, ``old_max``, ``new`` (per cent), ``period`` of effect, ``raised`` (the new rate is
    above the highest old one) and ``rows``. Groups without an old rate are left out.
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
    """Change of a flow by month (``YYYY-MM``) over a span of at most a year against the same months a year earlier, in per cent.

    Comparing equal months takes out the season without a model. A month without a figure raises ``KeyError``.
    """
    months = pd.period_range(first, last, freq="M")
    now = values.loc[months.astype(str)].sum()
    before = values.loc[(months - 12).astype(str)].sum()
    return float(100 * (now / before - 1))


def share_of_rise_after(values: pd.Series, base: int, cut: int) -> float:
    """Share of a rise that came after a year, in per cent, from a level by year.

    The rise runs from the base year to the highest later year. What had been reached by the end of the year ``cut`` came
    before, the rest after: a rise that peaked by then gives 0. No figure for the base year, or between it and the cut, raises
    ``KeyError``; no rise ``ValueError``.
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
