"""Fixtures: a copy of the data package that a test may damage or change."""

import csv
import gc
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from eastward import data
from eastward.claims.settings import settings
from eastward.claims.whatif import what_if
from eastward.publish.recorder import SELDOM
from eastward.show.figure import Figure
from eastward.upkeep import reproduce
from tests import chapter
from tests.chapter import CHAPTERS, Run

gc.set_threshold(*SELDOM)
# A machine that does other things as well is no fault of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def edit(file: Path, pattern: str, new: str, times: int = 0) -> None:
    """Write a text where a pattern matches in a file: so many times, else wherever it does, which is at least once."""
    changed, hits = re.subn(pattern, new, file.read_text(encoding="utf-8"), count=times, flags=re.DOTALL)
    assert hits >= (times or 1), f"{pattern} is not in {file}"
    file.write_text(changed, encoding="utf-8")


def held(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def examples(most: int) -> int:
    """How many to try: all of them where ``FUZZ=all``, as every night, else a tenth."""
    return most if os.environ.get("FUZZ") == "all" else most // 10


def squeezed(text: str) -> str:
    """Text without spaces and hyphens, which typesetting adds and takes away, and with straight single quotation marks."""
    return re.sub(r"[\s\-–‐]", "", text.replace("‘", "'").replace("’", "'"))


class PackageCopy:
    """A copy of ``data/``, the bibliography and the pages that guard words, in a temporary folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, table: str) -> Path:
        return self.folder / "data" / f"{table}.csv"

    def found(self, table: str, where: dict[str, str]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """All rows of a table, and those that match: at least one."""
        with self.path(table).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        hits = [row for row in rows if all(row[k] == v for k, v in where.items())]
        assert hits, f"no row of {table} matches {where}"
        return rows, hits

    def edit(self, table: str, column: str, value: str, /, **where: str) -> None:
        """Write ``value`` into a column of all rows that match."""
        rows, hits = self.found(table, where)
        for row in hits:
            row[column] = value
        self.write(table, rows)

    def drop(self, table: str, /, **where: str) -> None:
        """Remove all rows that match."""
        rows, hits = self.found(table, where)
        self.write(table, [row for row in rows if row not in hits], list(rows[0]))

    def replace(self, name: str, pattern: str, text: str) -> None:
        """Write a text wherever a pattern matches in a file of the copy."""
        edit(self.folder / name, pattern, text)

    def cite(self, key: str, **fields: str) -> None:
        """Write other fields into a source of the bibliography."""
        for field, value in fields.items():
            self.replace("book/references.bib", rf"(\{{{key},.*?\n\s*{field} *= \{{)[^}}]*", rf"\g<1>{value}")

    def write(self, table: str, rows: list[dict[str, str]], columns: list[str] | None = None) -> None:
        with self.path(table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns or list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def copied(folder: Path) -> Iterator[PackageCopy]:
    """A copy of the data package in a folder, which :mod:`eastward.data` reads meanwhile."""
    shutil.copytree(data.root() / "data", folder / "data")
    (folder / "book").mkdir()
    for name in ("references.bib", "index.md", "brief.md"):
        shutil.copy(data.root() / "book" / name, folder / "book")
    with data.using(folder):
        yield PackageCopy(folder)


@pytest.fixture()
def package(tmp_path: Path) -> Iterator[PackageCopy]:
    """A copy of the data package for one test."""
    yield from copied(tmp_path)


def copied_book(folder: Path, *built: str) -> Path:
    """A copy of the book's sources, with some of what was built of them."""
    reproduce.copy_sources(data.root(), folder)
    for name in built:
        shutil.copytree(data.root() / "_build" / name, folder / "_build" / name)
    return folder


def commit(folder: Path, **environment: str) -> None:
    """Put a folder under git, with one commit."""
    for words in ("init -q", "-c user.name=T -c user.email=t@example.org commit -q --allow-empty --no-verify -m one"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True, env=os.environ | environment)


@pytest.fixture(autouse=True)
def _as_declared() -> Iterator[None]:
    """What-if settings end with the test that made them."""
    yield
    if settings().what_if:
        what_if()


@pytest.fixture(scope="session")
def ran() -> Callable[[str], Run]:
    """Chapters as they stand, each run once: tests that ask for one run in the same process."""
    return chapter.ran


@pytest.fixture(scope="session")
def chapters(ran: Callable[[str], Run]) -> dict[str, Run]:
    return {stem: ran(stem) for stem in CHAPTERS}


@pytest.fixture(scope="session")
def drawn(chapters: dict[str, Run]) -> dict[str, Figure]:
    """Every figure of the chapters by its id."""
    return {name: figure for chapter in chapters.values() for name, figure in chapter.figures.items()}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name != "test_faults.py")  # the long ones first
    for item in items:
        if "ran" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("chapters"))
