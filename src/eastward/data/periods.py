"""ISO 8601 periods, and the rounding error of a written figure."""

import calendar
from datetime import date


def period_end(period: str) -> date:
    """Last day of an ISO 8601 year, month, day or interval; ``ValueError`` if the text is none."""
    year, *rest = (int(p) for p in period.split("/")[-1].split("-"))
    month = rest[0] if rest else 12
    return date(year, month, rest[1] if len(rest) > 1 else calendar.monthrange(year, month)[1])


def period_start(period: str) -> date:
    """First day of an ISO 8601 year, month, day or interval."""
    parts = [int(p) for p in period.split("/")[0].split("-")]
    return date(*[*parts, 1, 1][:3])


def half_unit(written: str) -> float:
    """Half a unit of the last written digit: the rounding error of a figure, 0.05 for ``"84.9"`` and 0.5 for ``"240"``."""
    return 0.5 * 10.0 ** -len(written.partition(".")[2])
