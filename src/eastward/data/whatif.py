"""What if another day, with other figures: checked before it takes force."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from eastward.data.changes import Changes, changes, put, selected, selecting
from eastward.data.root import PUBLICATION, DataError
from eastward.data.tables import describe, load


def change(day: str | date = PUBLICATION, override: Iterable[Mapping[str, Any]] = ()) -> None:
    """Put changes in force in place of those before; without arguments there are none.

    ``day`` is ISO 8601 or a date; each of ``override`` a mapping with ``table``, ``value`` (a number, taken as exact)
    and columns that select rows by equality. A day, a table, a column or a row that there is not raises ``DataError``.
    """
    before = changes()
    try:
        first = date.fromisoformat(day) if isinstance(day, str) else date(day.year, day.month, day.day)
    except (AttributeError, ValueError):
        raise DataError("day", f"{day!r} is no day", "write it like '2024-05-17'") from None
    overrides = tuple(override) if isinstance(override, list | tuple) else (override,)
    try:
        put(Changes(first))
        for entry in overrides:
            _require_rows(entry)
    except DataError:
        put(before)
        raise
    put(Changes(first, overrides))


def _require_rows(entry: Mapping[str, Any]) -> None:
    advice = "give table, value and the columns that select rows"
    if not isinstance(entry, Mapping):
        raise DataError("override", f"{entry!r} is no mapping", advice)
    for needed in ("table", "value"):
        if needed not in entry:
            raise DataError("override", f"{dict(entry)} has no {needed!r}", advice)
    value = pd.to_numeric(str(entry["value"]), errors="coerce")
    if not math.isfinite(value):
        raise DataError("override", f"{entry['value']!r} is no number", "write a plain number")
    if not selecting(entry):
        raise DataError("override", f"{dict(entry)} selects no rows", "name columns, such as period and flow")
    table = entry["table"]
    columns = [f["name"] for f in describe(table)["schema"]["fields"]]
    for column in ("value", *selecting(entry)):
        if column not in columns:
            raise DataError("override", f"{table} has no column {column!r}", f"use one of: {', '.join(columns)}")
    if not selected(load(table), entry).any():
        raise DataError("override", f"no row of {table} has {selecting(entry)}", "correct what selects the row")
