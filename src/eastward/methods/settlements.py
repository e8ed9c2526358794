"""Indicators of settlements: bounds of a share, months of a cumulative series, a level shift.

Methods and their sources:

* bounds of the share in a part when only the share in the whole is known: O. D. Duncan and B. Davis (1953),
  *American Sociological Review* 18(6), 665–666 (the 'method of bounds' of ecological inference).
* level shift: interrupted time series by segmented regression, as in A. K. Wagner and others (2002),
  *Journal of Clinical Pharmacy and Therapeutics* 27(4), 299–309, and J. L. Bernal, S. Cummins and
  A. Gasparrini (2017), *International Journal of Epidemiology* 46(1), 348–355; the interval is the usual
  prediction interval of a mean of new observations under least squares.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
Months = dict[str, tuple[float, str, tuple[str, ...]]]

TOO_COARSE = 0.1
"""Rounding error (bn USD) from which a cumulative figure is too rough to subtract another from it."""

CONFIDENCE = 0.95
"""Level of the intervals of :func:`level_shift`."""

LEAST_MONTHS = 4
"""Fewest months to which :func:`level_shift` fits a line."""


def share_bounds(whole: float, weight: float) -> tuple[float, float]:
    """Least and greatest share of a category in a part, per cent, given its share in the whole (per cent) and the
    part's weight in it: the category spares the part as far as it can, or gathers in it. A weight not above 0 and at
    most 1 raises ``ValueError``.
    """
    if not 0 < weight <= 1:
        raise ValueError(f"a weight lies above 0 and at most at 1, not at {weight}")
    return max(0.0, (whole - 100 * (1 - weight)) / weight), min(100.0, whole / weight)


def monthly(levels: pd.DataFrame, growth: pd.DataFrame) -> pd.DataFrame:
    """Single months of a flow from stated months, cumulative figures and growth rates.

    Customs release January and February together, so each of the two gets half of the pair (which may come from the total of
    a later month less the stated months since March). A month that no source states is the difference of two cumulative
    figures less the other months between them; failing that, the same month of the year before times the stated growth.

    ``levels`` has a row a period (month, months since January, or year), ``growth`` one a month (per cent on the year), both
    with ``value`` and ``row``. One row a month, sorted: ``month``, ``value`` (unit of the levels), ``how`` (``stated``,
    ``pair``, ``difference`` or ``growth``) and ``rows`` (ids of the rows used).
    """
    months: Months = {}
    totals: dict[str, tuple[float, tuple[str, ...]]] = {}
    for _, line in levels.iterrows():
        period, value = str(line["period"]), float(line["value"])
        if re.fullmatch(r"\d{4}-\d{2}", period):
            months[period] = value, "stated", (line["row"],)
        elif line["half_unit"] < TOO_COARSE:
            totals[f"{period}-12" if period.isdecimal() else period.split("/")[1]] = value, (line["row"],)
    for end in sorted(totals):
        pair = f"{end[:4]}-01", f"{end[:4]}-02"
        later = [f"{end[:4]}-{m:02d}" for m in range(3, int(end[5:]) + 1)]
        if pair[0] not in months and all(m in months for m in later):
            both = totals[end][0] - sum(months[m][0] for m in later)
            used = (*totals[end][1], *(row for m in later for row in months[m][2]))
            months |= dict.fromkeys(pair, (both / 2, "pair", used))
    _differences(months, totals)
    for _, line in growth.iterrows():
        month = str(line["period"])
        base = months.get(f"{int(month[:4]) - 1}{month[4:]}")
        if month not in months and base is not None:
            months[month] = base[0] * (1 + float(line["value"]) / 100), "growth", (line["row"], *base[2])
    _differences(months, totals)
    lines = [(month, *months[month]) for month in sorted(months)]
    return pd.DataFrame(lines, columns=["month", "value", "how", "rows"])


def _differences(months: Months, totals: dict[str, tuple[float, tuple[str, ...]]]) -> None:
    """Add each month that is the only one unknown between two totals of a year."""
    for start, end in pairwise(sorted(totals)):
        inside = [f"{end[:4]}-{m:02d}" for m in range(int(start[5:]) + 1, int(end[5:]) + 1)]
        unknown = [m for m in inside if m not in months]
        if start[:4] == end[:4] and len(unknown) == 1:
            known = [months[m] for m in inside if m in months]
            rest = totals[end][0] - totals[start][0] - sum(value for value, _, _ in known)
            used = (*totals[start][1], *totals[end][1], *(row for _, _, rows in known for row in rows))
            months[unknown[0]] = rest, "difference", used


@dataclass(frozen=True)
class Shift:
    """Deviation of some months from what the months before let expect, per cent, with its 95 % interval.

    ``change`` is the geometric mean deviation of the months after, from ``low`` to ``high``; ``noise`` the standard
    deviation of a single month around the line before, per cent; far above 0 the lag-1 ``autocorrelation`` of its
    residuals makes the interval narrow; ``freedom`` counts a released pair of months once; ``expected`` has the line
    and the interval of a single month, before and after: ``month``, ``expected``, ``low``, ``high`` in the unit of the
    series.
    """

    change: float
    low: float
    high: float
    noise: float
    autocorrelation: float
    freedom: float
    expected: pd.DataFrame


def level_shift(series: pd.DataFrame, before: tuple[str, str], after: Sequence[str], trend: bool = False) -> Shift:
    """How far the months ``after`` an event lie from the line through the months from the first to the last of ``before``.

    Logarithms on a constant, or on a constant and a linear ``trend``, by least squares with weight 1/2 for each month of a
    released pair. The interval covers the noise of single months and the uncertainty of the line, not seasonality: one year
    before the event cannot show a season. Too few months before, or a month after that is missing, raise ``ValueError``.
    """
    pre = series[series["month"].between(*before)]
    post = series[series["month"].isin(list(after))]
    if len(pre) < LEAST_MONTHS:
        raise ValueError(f"only {len(pre)} months from {before[0]} to {before[1]}")
    if len(post) < len(after):
        raise ValueError(f"a month of {', '.join(after)} is missing")
    origin = pd.Period(before[0], "M").ordinal

    def design(part: pd.DataFrame) -> Floats:
        steps = pd.PeriodIndex(part["month"], freq="M").asi8 - origin
        return np.column_stack([np.ones(len(part)), steps] if trend else [np.ones(len(part))])

    x, y = design(pre), np.log(pre["value"].to_numpy(dtype=float))
    weights = np.where(pre["how"].to_numpy() == "pair", 0.5, 1.0)
    inverse = np.linalg.inv(x.T @ (weights[:, None] * x))
    beta = inverse @ (x.T @ (weights * y))
    residuals = y - x @ beta
    freedom = float(weights.sum()) - x.shape[1]
    variance = float((weights * residuals**2).sum()) / freedom
    quantile = float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
    new = design(post)
    mean = new.mean(axis=0)
    deviation = float((np.log(post["value"].to_numpy(dtype=float)) - new @ beta).mean())
    error = quantile * float(np.sqrt(variance * (mean @ inverse @ mean + 1 / len(post))))
    span = series[series["month"].between(before[0], max(after))]
    every = design(span)
    line = every @ beta
    width = quantile * np.sqrt(variance * (1 + np.einsum("ij,jk,ik->i", every, inverse, every)))
    bounds = {"expected": np.exp(line), "low": np.exp(line - width), "high": np.exp(line + width)}
    expected = pd.DataFrame({"month": span["month"].to_numpy(), **bounds})
    return Shift(
        change=100 * float(np.expm1(deviation)),
        low=100 * float(np.expm1(deviation - error)),
        high=100 * float(np.expm1(deviation + error)),
        noise=100 * float(np.expm1(np.sqrt(variance))),
        autocorrelation=float(np.corrcoef(residuals[1:], residuals[:-1])[0, 1]),
        freedom=freedom,
        expected=expected,
    )
