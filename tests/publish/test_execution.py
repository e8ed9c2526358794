"""The cache cannot lie: a change in data, code or versions executes the chapters again."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache

from eastward import data
from eastward.publish import contents, execution

CELL = "from pathlib import Path\nprint(Path('../data/table.csv').read_text())"


@pytest.fixture()
def book(tmp_path: Path) -> Path:
    """A book of two chapters that read a table."""
    for folder in ("notebooks", "data", "book", "src/eastward"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("one", "two"):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"{CELL}\nprint('{name}')")])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, tmp_path / "notebooks" / f"{name}.ipynb")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nparts:\n- chapters:\n  - file: notebooks/one\n  - file: notebooks/two\n"
    )
    (tmp_path / "data" / "table.csv").write_text("1\n")
    (tmp_path / "src" / "eastward" / "code.py").write_text("x = 1\n")
    (tmp_path / "requirements.txt").write_text("a==1\n")
    return tmp_path


def outputs(book: Path) -> list[str]:
    """Printed text of each chapter as the cache holds it now."""
    cache = get_cache(str(execution.cache_path(book)))
    texts = []
    for chapter in contents.chapters(book):
        record = cache.match_cache_notebook(nbformat.read(chapter, 4))
        notebook = cache.get_cache_bundle(record.pk).nb
        texts.append("".join(o["text"] for o in notebook.cells[0].outputs))
    return texts


def test_chapters_follow_the_table_of_contents() -> None:
    names = [c.stem for c in contents.chapters(data.root())]
    assert names == sorted(names)
    assert "04-trade-turnover" in names


def test_changed_data_reach_the_executed_chapters(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execution.execute(book) == []
    assert outputs(book) == ["1\n\none\n", "1\n\ntwo\n"]
    assert execution.execute(book) == []
    assert "all results are cached" in capsys.readouterr().out
    (book / "data" / "table.csv").write_text("2\n")
    assert execution.execute(book) == []
    assert outputs(book) == ["2\n\none\n", "2\n\ntwo\n"]
    assert len(list(execution.cache_path(book).parent.iterdir())) == 1, "the stale cache is gone"


@pytest.mark.parametrize(
    "file", ["data/table.csv", "data/claims.yaml", "src/eastward/code.py", "requirements.txt", "book/references.bib"]
)
def test_fingerprint_sees_every_input(book: Path, file: str) -> None:
    before = execution.fingerprint(book)
    assert before == execution.fingerprint(book)
    (book / file).write_text("changed\n")
    assert execution.fingerprint(book) != before


def test_fingerprint_sees_a_renamed_and_a_removed_file(book: Path) -> None:
    before = execution.fingerprint(book)
    (book / "data" / "table.csv").rename(book / "data" / "other.csv")
    renamed = execution.fingerprint(book)
    (book / "data" / "other.csv").unlink()
    assert len({before, renamed, execution.fingerprint(book)}) == 3


def test_fingerprint_leaves_prose_alone(book: Path) -> None:
    before = execution.fingerprint(book)
    (book / "book" / "index.md").write_text("# Prose\n")
    assert execution.fingerprint(book) == before


def test_a_failing_chapter_is_named(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = book / "notebooks" / "two.ipynb"
    file.write_text(file.read_text().replace("print('two')", "1 / 0"))
    assert execution.execute(book) == ["two"]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_inputs_cover_the_package(book: Path) -> None:
    package = Path(execution.__file__).parents[1]
    shutil.copytree(package, book / "src" / "eastward", dirs_exist_ok=True)
    before = execution.fingerprint(book)
    module = book / "src" / "eastward" / "evidence" / "trade.py"
    module.write_text(module.read_text() + "\n")
    assert execution.fingerprint(book) != before
