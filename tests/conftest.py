"""Fixtures: a copy of the data package that a test may damage or change."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest

from eastward import data
from tests.chapter import Run, run

# A machine that does other things as well is no fault of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


class PackageCopy:
    """A copy of ``data/``, the bibliography and the pages that guard words, in a temporary folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, table: str) -> Path:
        """File of a table."""
        return self.folder / "data" / f"{table}.csv"

    def edit(self, table: str, column: str, value: str, /, **where: str) -> int:
        """Write ``value`` into a column of all rows that match, and return how many there were (at least one)."""
        with self.path(table).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        hits = [row for row in rows if all(row[k] == v for k, v in where.items())]
        assert hits, f"no row of {table} matches {where}"
        for row in hits:
            row[column] = value
        self.write(table, rows)
        return len(hits)

    def drop(self, table: str, /, **where: str) -> int:
        """Remove all rows that match, and return how many there were (at least one)."""
        with self.path(table).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        kept = [row for row in rows if not all(row[k] == v for k, v in where.items())]
        assert len(kept) < len(rows), f"no row of {table} matches {where}"
        self.write(table, kept, list(rows[0]))
        return len(rows) - len(kept)

    def write(self, table: str, rows: list[dict[str, str]], columns: list[str] | None = None) -> None:
        """Write the rows of a table."""
        with self.path(table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns or list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture()
def package(tmp_path: Path) -> Iterator[PackageCopy]:
    """A copy of the data package that :mod:`eastward.data` reads while the test runs."""
    shutil.copytree(data.root() / "data", tmp_path / "data")
    (tmp_path / "book").mkdir()
    for name in ("references.bib", "index.md", "brief.md"):
        shutil.copy(data.root() / "book" / name, tmp_path / "book")
    with data.using(tmp_path):
        yield PackageCopy(tmp_path)


@pytest.fixture(scope="session")
def ran() -> Callable[[str], Run]:
    """Chapters as they stand, each run once: tests that ask for one run in the same process."""
    return cache(run)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "ran" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("chapters"))
