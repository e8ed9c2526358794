"""What if another day, without some sources, with other figures: checked before it takes force."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from eastward.data.changes import Changes, changes, put, selected, selecting
from eastward.data.root import PUBLICATION, DataError
from eastward.data.sources import sources
from eastward.data.tables import describe, load


def change(
    day: str | date = PUBLICATION, leave_out: Iterable[str] = (), override: Iterable[Mapping[str, Any]] = ()
) -> None:
    """Put changes in force in place of those before; without arguments there are none.

    Args:
        day: ISO 8601, or a date.
        leave_out: keys of sources.
        override: mappings with ``table``, ``value`` (a number, taken as exact) and columns that select rows by equality.

    Raises:
        DataError: a day, a source, a table, a column or a row that there is not; names the setting and what to do.

    """
    before, left_out = changes(), tuple(leave_out)
    for key in left_out:
        if key not in sources():
            near = get_close_matches(key, sources(), 1)
            advice = f"did you mean {near[0]!r}?" if near else "use a key of book/references.bib"
            raise DataError("leave_out", f"{key!r} is no source", advice)
    try:
        first = date.fromisoformat(day) if isinstance(day, str) else date(day.year, day.month, day.day)
    except (AttributeError, ValueError):
        raise DataError("day", f"{day!r} is no day", "write it like '2024-05-17'") from None
    overrides = tuple(override) if isinstance(override, list | tuple) else (override,)
    try:
        put(Changes(first, left_out))
        for entry in overrides:
            _require_rows(entry)
    except DataError:
        put(before)
        raise
    put(Changes(first, left_out, overrides))


def _require_rows(entry: Mapping[str, Any]) -> None:
    advice = "give table, value and the columns that select rows"
    if not isinstance(entry, Mapping):
        raise DataError("override", f"{entry!r} is no mapping", advice)
    for needed in ("table", "value"):
        if needed not in entry:
            raise DataError("override", f"{dict(entry)} has no {needed!r}", advice)
    try:
        plain = math.isfinite(float(entry["value"])) and not isinstance(entry["value"], bool)
    except (TypeError, ValueError):
        plain = False
    if not plain:
        raise DataError("override", f"{entry['value']!r} is no number", "write a plain number")
    if not selecting(entry):
        raise DataError("override", f"{dict(entry)} selects no rows", "name columns, such as period and flow")
    columns = [f["name"] for f in describe(entry["table"])["schema"]["fields"]]
    for column in ("value", *selecting(entry)):
        if column not in columns:
            problem = f"{entry['table']} has no column {column!r}"
            raise DataError("override", problem, f"use one of: {', '.join(columns)}")
    if not selected(load(entry["table"]), entry).any():
        problem = f"no row of {entry['table']} has {selecting(entry)}"
        raise DataError("override", problem, "correct what selects the row")
