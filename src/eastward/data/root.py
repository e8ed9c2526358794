"""Where the data package stands, from which day it is seen, and the one error that every fault in it raises."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from textwrap import shorten

PUBLICATION = date(2024, 5, 17)
"""The day the op-ed was published: the first of the two dates on which every claim is judged."""

HINDSIGHT = date.max
"""Stands for 'all that the data package holds': the second date on which every claim is judged."""

PACKAGE = Path(__file__).resolve().parents[1]


class DataError(ValueError):
    """A fault in the data package: names the file, the row, the column and what to do."""

    def __init__(self, file: str, problem: str, advice: str, row: int | None = None, column: str | None = None):
        place = file + (f", row {row}" if row is not None else "") + (f", column {column}" if column else "")
        # A quote that is not closed makes a cell of half a file.
        super().__init__(f"{place}: {shorten(problem, 240, placeholder=' …')}; {advice}")
        self.file, self.row, self.column = file, row, column

    def _render_traceback_(self) -> list[str]:
        """In a notebook: one clear line."""
        return [str(self)]


def _checkout() -> Path:
    """The checkout that the work is in: a copy of the book must not read the data of the one it was copied from.

    Raises:
        DataError: this folder's checkout has a package of its own, but another one's runs.

    """
    if given := os.environ.get("EASTWARD_ROOT"):
        return Path(given)
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / "datapackage.json").is_file() and (folder / "src" / "eastward").is_dir():
            if not PACKAGE.is_relative_to(folder):
                problem = f"this Python runs the package of another checkout, {PACKAGE}"
                raise DataError(str(folder), problem, "run make html here first")
            return folder
    return PACKAGE.parents[1]


_HERE = _checkout()
_root: ContextVar[Path] = ContextVar("root", default=_HERE)
_day: ContextVar[date] = ContextVar("day", default=HINDSIGHT)


def root() -> Path:
    """Folder of the book: the parent of ``data/`` and ``book/``."""
    return _root.get()


def day() -> date:
    """Day from which the package is seen: rows that were not public then are left out. ``HINDSIGHT`` unless :func:`on` sets it."""
    return _day.get()


@contextmanager
def on(day: date) -> Iterator[None]:
    """See the package as it was public on a day: ``with data.on(day):``, or ``data.on(day)(function)(arguments)``."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Read the data package and the bibliography from another folder, for tests and what-if runs."""
    token = _root.set(Path(folder))
    try:
        yield
    finally:
        _root.reset(token)
