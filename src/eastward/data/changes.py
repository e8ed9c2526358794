"""What-if changes of the data: another first day, figures overridden. They hold for the whole process."""

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from eastward.data.root import PACKAGE, PUBLICATION, day, in_parts, note, reading, root, setting

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Changes:
    """What differs from the data: the first of the two days from which verdicts look, and figures replaced, each a
    mapping with ``table``, ``value`` and the columns that select its rows.
    """

    day: date = PUBLICATION
    override: tuple[dict[str, Any], ...] = field(default=())


Times = frozenset[tuple[str, int, int]]

_now = Changes()
_seen: ContextVar[tuple[Path, Times] | None] = ContextVar("seen", default=None)


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
    for entry in _now.override:
        if entry["table"] == table:
            frame = frame.copy()
            frame.loc[selected(frame, entry), ["value", "half_unit"]] = [float(entry["value"]), 0.0]
    return frame


def stamp() -> tuple[str, int]:
    """Folder of the package, a digest of its files' names, sizes and times, the day and the changes: what one stamp gives may be kept."""
    return str(root()), hash((_times(), day(), repr(_now)))


def kept(compute: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function of plain arguments finds until data, day or changes do; each caller gets a copy of its own.

    A copy is one deep: fit for frames, and for lists and dictionaries of what cannot be written to.
    """
    known: dict[tuple[object, str], tuple[set[tuple[str, str]], R]] = {}

    @wraps(compute)
    def recall(*args: P.args, **kwargs: P.kwargs) -> R:
        key = stamp(), repr((args, kwargs))
        if key in known:
            for read in known[key][0]:
                note(*read)
        else:
            if len(known) >= 512:
                known.clear()
            with reading() as noted, unchanging():
                found = compute(*args, **kwargs)
            known[key] = noted, found
        return copy(known[key][1])

    return recall


def unchanging() -> AbstractContextManager[None]:
    """Take the files of the package for unchanged while the block runs: to look at them takes as long as to load a table."""
    return setting(_seen, (root(), _times()))


def _times() -> Times:
    if (seen := _seen.get()) and seen[0] == root():
        return seen[1]
    with os.scandir(root() / "data") as files:
        found = [(f.name, f.stat()) for f in files]
    with suppress(FileNotFoundError):
        found.append(("references.bib", (root() / "book" / "references.bib").stat()))
    return frozenset((name, f.st_size, f.st_mtime_ns) for name, f in found)


def digest(room: str) -> str:
    """Digest of all that a validation reads: the package, the bibliography and the code of a room, such as ``data``."""
    code = sorted((PACKAGE / room).glob("*.py"))
    files = [*sorted((root() / "data").glob("*")), root() / "book" / "references.bib", *code]
    read = (f.name.encode() + in_parts(f).read_bytes() for f in files if f.is_file())
    return hashlib.sha256(b"".join(read)).hexdigest()


def mark(room: str) -> Path:
    """File that holds the :func:`digest` of what a room has validated."""
    return root() / "_build" / f".valid-{room}"


def mark_valid(room: str) -> None:
    """Keep that what a room validates is valid as it is now."""
    _valid.cache_clear()
    with suppress(OSError):  # A read-only checkout is validated anew each time.
        mark(room).parent.mkdir(exist_ok=True)
        mark(room).write_text(digest(room), encoding="utf-8")


def valid(room: str) -> bool:
    """Whether what a room validates was found valid in the form that it has now: it need not be checked again."""
    return _valid(room, root(), _times())


@lru_cache(maxsize=8)
def _valid(room: str, _folder: Path, _times: Times) -> bool:
    return mark(room).is_file() and mark(room).read_text(encoding="utf-8") == digest(room)
