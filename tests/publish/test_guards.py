"""Words that the data do not bear stop a build, all of them at once; a draft marks them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eastward.publish import guards
from eastward.publish.guards import Broken
from tests.publish.test_faults import Book

GUARDED = ["from eastward.show import holds", "holds({'rose': 2 > 1, 'fell by half': False})"]


@pytest.fixture()
def book(tmp_path: Path) -> Book:
    """Two chapters that guard words, some of them broken."""
    made = Book(tmp_path / "book")
    for name in ("one", "three"):
        made.write(name, [*GUARDED, f"print('{name}')"])
    return made


def test_broken_words_of_all_chapters_are_told_with_file_and_cell(book: Book) -> None:
    done = book.build("--", "touch", "built")
    assert done.returncode == 1
    for name in ("one", "three"):
        assert f"notebooks/{name}.ipynb, cell 2: fell by half" in done.stderr
    assert "rose" not in done.stderr
    assert not (book.folder / "built").exists()
    assert book.cached() == {"one", "two", "three"}, "the chapters themselves are sound"


def test_a_draft_goes_on_and_hands_the_words_to_sphinx(book: Book) -> None:
    done = book.build("--draft", "--", "touch", "built")
    assert done.returncode == 0, done.stderr
    assert (book.folder / "built").exists()
    kept = json.loads((book.folder / "_build" / ".broken.json").read_text())
    assert [(k["file"], k["cell"], k["words"]) for k in kept] == [
        ("notebooks/one.ipynb", 2, "fell by half"), ("notebooks/three.ipynb", 2, "fell by half"),
    ]  # fmt: skip


def test_a_report_has_at_most_forty_lines() -> None:
    found = [Broken("notebooks/one.ipynb", n, f"words {n}") for n in range(100)]
    lines = guards.report(found).splitlines()
    assert len(lines) == 39, "and one for how to see the pages all the same"
    assert lines[-1] == "… and 63 more"


def test_only_a_draft_has_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_build").mkdir()
    guards.keep(tmp_path, [Broken("book/index.md", 0, "words")])
    monkeypatch.delenv(guards.DRAFT, raising=False)
    assert guards.kept(tmp_path) == []
    monkeypatch.setenv(guards.DRAFT, "1")
    assert guards.kept(tmp_path) == [Broken("book/index.md", 0, "words")]
