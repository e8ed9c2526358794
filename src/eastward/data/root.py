"""Where the data package stands, from which day it is seen, and the one error that every fault in it raises."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from textwrap import shorten
from typing import TypeVar

PUBLICATION = date(2024, 5, 17)
"""The day the op-ed was published: the first of the two dates on which every claim is judged."""

HINDSIGHT = date.max
"""Stands for 'all that the data package holds': the second date on which every claim is judged."""

PACKAGE = Path(__file__).resolve().parents[1]

T = TypeVar("T")


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


_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff0-\uffff]"
)


def unseen(text: str) -> tuple[int, str]:
    """Line and code point (``U+200B``) of the first letter that no reader sees and no search finds; 0 where there is none."""
    found = _UNSEEN.search(text)
    return (text.count("\n", 0, found.start()) + 1, f"U+{ord(found[0]):04X}") if found else (0, "")


def _checkout() -> Path:
    """The checkout that the work is in; a copy must not read the data of the one it was copied from (``DataError``)."""
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
_read: ContextVar[set[tuple[str, str]] | None] = ContextVar("read", default=None)


def root() -> Path:
    """Folder of the book: the parent of ``data/`` and ``book/``."""
    return _root.get()


def day() -> date:
    """Day from which the package is seen: rows that were not public then are left out. ``HINDSIGHT`` unless :func:`on` sets it."""
    return _day.get()


@contextmanager
def setting(variable: ContextVar[T], value: T) -> Iterator[None]:
    """Give a variable a value while the block runs."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def on(day: date) -> AbstractContextManager[None]:
    """See the package as it was public on a day: ``with data.on(day):``, or ``data.on(day)(function)(arguments)``."""
    return setting(_day, day)


def using(folder: Path) -> AbstractContextManager[None]:
    """Read the data package and the bibliography from another folder, for tests and what-if runs."""
    return setting(_root, Path(folder))


def note(kind: str, name: str) -> None:
    """Tell whoever keeps a record of what is read (:func:`reading`, :mod:`eastward.publish.recorder`) that this was used."""
    if (read := _read.get()) is not None:
        read.add((kind, name))
    sys.audit("eastward.read", kind, name)


@contextmanager
def reading() -> Iterator[set[tuple[str, str]]]:
    """Collect kind and name of what is noted meanwhile, such as ``("table", "oil_price")``."""
    found: set[tuple[str, str]] = set()
    with setting(_read, found):
        yield found
    if (around := _read.get()) is not None:
        around |= found


def in_parts(file: Path) -> Path:
    """Return a file whose next opening is no use of all of it: what is used of it is noted apart."""
    note("", str(file))
    return file


class Noted(Mapping[str, T]):
    """Entries of a file by key: notes which are used, and ``*`` where all are gone through."""

    def __init__(self, kind: str, entries: dict[str, T]):
        self.kind, self.entries = kind, entries

    def __getitem__(self, key: str) -> T:
        note(self.kind, key)
        return self.entries[key]

    def __iter__(self) -> Iterator[str]:
        note(self.kind, "*")
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, key: object) -> bool:
        return key in self.entries
