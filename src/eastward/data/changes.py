"""What-if changes of the data: another first day, sources left out, figures overridden. They hold for the whole process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from eastward.data.root import PUBLICATION, day, root


@dataclass(frozen=True)
class Changes:
    """What differs from the data as they stand.

    Attributes:
        day: first of the two days from which verdicts look.
        leave_out: sources (keys of the bibliography) whose rows do not count.
        override: figures replaced: each a mapping with ``table``, ``value`` and the columns that select its rows.

    """

    day: date = PUBLICATION
    leave_out: tuple[str, ...] = ()
    override: tuple[dict[str, Any], ...] = field(default=())


_now = Changes()


def changes() -> Changes:
    """Return the changes in force."""
    return _now


def put(changed: Changes) -> None:
    """Put changes in force in place of those before."""
    global _now
    _now = changed


def publication_day() -> date:
    """First of the two days from which verdicts look: the op-ed's, unless a what-if run set another."""
    return _now.day


def selecting(entry: Mapping[str, Any]) -> dict[str, str]:
    """Columns and values that select the rows of an override."""
    return {k: str(v) for k, v in entry.items() if k not in ("table", "value")}


def selected(frame: pd.DataFrame, entry: Mapping[str, Any]) -> pd.Series:
    """Tell for each row of a table whether an override is for it."""
    hit = pd.Series(True, index=frame.index)
    for column, wanted in selecting(entry).items():
        hit &= frame[column].astype("str") == wanted
    return hit


def changed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a table with the changes in force; an overridden figure counts as exact, so that its rounding decides nothing."""
    if _now.leave_out and "source" in frame:
        frame = frame[~frame["source"].isin(_now.leave_out)]
    for entry in _now.override:
        if entry["table"] == table:
            frame.loc[selected(frame, entry), ["value", "half_unit"]] = [float(entry["value"]), 0.0]
    return frame


def stamp() -> tuple[str, int]:
    """Folder of the package, a digest of its files' names, sizes and times, the day and the changes: what one stamp gives may be kept."""
    with os.scandir(root() / "data") as files:
        found = [(f.name, f.stat()) for f in files]
    with suppress(FileNotFoundError):
        found.append(("references.bib", (root() / "book" / "references.bib").stat()))
    times = frozenset((name, f.st_size, f.st_mtime_ns) for name, f in found)
    return str(root()), hash((times, day(), repr(_now)))
