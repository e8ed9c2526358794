"""ISO 8601 periods, and the rounding error of a written figure."""

from __future__ import annotations

import calendar
from datetime import date


def period_end(period: str) -> date:
    """Last day of an ISO 8601 year, month, day or interval.

    Raises:
        ValueError: the text is not such a period.

    """
    parts = [int(p) for p in period.split("/")[-1].split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    return date(parts[0], parts[1], parts[2])


def period_start(period: str) -> date:
    """First day of an ISO 8601 year, month, day or interval."""
    parts = [int(p) for p in period.split("/")[0].split("-")]
    return date(*[*parts, 1, 1][:3])


def half_unit(written: str) -> float:
    """Half a unit of the last written digit: the rounding error that a written figure carries.

    ``"84.9"`` gives 0.05 and ``"240"`` gives 0.5, in the unit of the figure itself.
    """
    decimals = len(written.partition(".")[2])
    return 0.5 * 10.0**-decimals
