"""The cache cannot lie: a change in data, code or versions executes the chapters again."""

from __future__ import annotations

import re
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
    assert len(list(execution.cache_path(book).glob("executed/*"))) == 2, "the stale results are gone"


def test_fingerprint_sees_a_renamed_and_a_removed_file(book: Path) -> None:
    before = execution.fingerprint(book)
    (book / "data" / "table.csv").rename(book / "data" / "other.csv")
    renamed = execution.fingerprint(book)
    (book / "data" / "other.csv").unlink()
    assert len({before, renamed, execution.fingerprint(book)}) == 3


def test_a_failing_chapter_is_named(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = book / "notebooks" / "two.ipynb"
    file.write_text(file.read_text().replace("print('two')", "1 / 0"))
    assert execution.execute(book) == ["two"]
    assert "ZeroDivisionError" in capsys.readouterr().err


READERS = {
    "oil": "from eastward import data\nprint(len(data.load('oil_price')))",
    "rates": "from eastward import data\nprint(len(data.load('exchange_rates')))",
    "grades": "from eastward import data\nprint([s.grade for s in data.sources().values()].count('weak'))",
    "turnover": "from eastward.claims.verdicts import verdict\nprint(verdict('C08').status)",
}
"""Chapters of a book on the real data: two read a table each, one goes through all sources, one judges a claim on other tables."""


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reads") / "book"
    for part in ("data", "src"):
        shutil.copytree(data.root() / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for part in ("notebooks", "book"):
        (folder / part).mkdir()
    shutil.copy(data.root() / "book" / "references.bib", folder / "book")
    shutil.copy(data.root() / "requirements.txt", folder)
    for name, code in READERS.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    files = "".join(f"- file: notebooks/{name}\n" for name in READERS)
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{files}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EASTWARD_ROOT", str(folder))
        patch.setenv("PYTHONPATH", str(folder / "src"))
        assert execution.execute(folder) == []
    return folder


@pytest.fixture()
def copied(executed: Path, tmp_path: Path) -> Path:
    shutil.copytree(executed, tmp_path / "book")
    return tmp_path / "book"


def again(folder: Path) -> set[str]:
    """Chapters that the next build executes again."""
    execution.drop_stale(folder)
    return {chapter.stem for chapter, found in execution.results(folder) if found is None}


def edit(file: Path, pattern: str, new: str) -> None:
    """Change the first place that matches."""
    text, count = re.subn(pattern, new, file.read_text(encoding="utf-8"), count=1, flags=re.DOTALL)
    assert count == 1
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "pattern", "new", "expected"),
    [
        ("book/index.md", "$", "prose", set()),
        ("data/oil_price.csv", r"\Z", "\n", {"oil"}),
        ("data/trade_china_customs.csv", r"\Z", "\n", {"turnover"}),
        ("data/datapackage.json", r'("name": "exchange_rates".*?"title": ")', r"\1Other ", {"rates"}),
        ("data/claims.yaml", r"(- id: C08\n.*?short: )", r"\1Other ", {"turnover"}),
        ("data/claims.yaml", r"(- id: C30\n.*?short: )", r"\1Other ", set()),
        ("data/claims.yaml", r"(name: tolerance\n.*?value: )[\d.]+", r"\g<1>0.1", {"turnover"}),
        ("data/claims.yaml", r"(name: tolerance\n.*?reason: )", r"\1Other ", {"turnover"}),
        ("src/eastward/data/tables.py", r"\Z", "\n", set(READERS)),
        ("src/eastward/evidence/trade.py", r"\Z", "\n", {"turnover"}),
        ("src/eastward/publish/pages.py", r"\Z", "\n", set()),
        ("requirements.txt", r"\Z", "\n", set(READERS)),
        ("notebooks/rates.ipynb", "print", "1;print", {"rates"}),
    ],
)
def test_what_was_read_decides_what_is_executed_again(
    copied: Path, file: str, pattern: str, new: str, expected: set[str]
) -> None:
    (copied / "book" / "index.md").write_text("# Prose\n")
    assert again(copied) == set()
    edit(copied / file, pattern, new)
    assert again(copied) == expected


def test_a_source_counts_by_what_was_used_of_it(copied: Path) -> None:
    key = data.load("oil_price")["source"].iloc[0]
    entry, bib = rf"(@\w+{{{key},(?:(?!\n@).)*?", copied / "book" / "references.bib"
    edit(bib, rf"{entry}\n\s*title\s*=\s*{{)", r"\1Zzz ")
    edit(bib, rf"{entry}\n\s*urldate\s*=\s*{{)\d{{4}}", r"\g<1>2099")
    assert again(copied) == set(), "to print another title no chapter is executed"
    edit(bib, rf"{entry}\n\s*date\s*=\s*{{[\d-]{{8}})\d\d", r"\g<1>01")
    assert again(copied) == {"oil", "grades"}


def test_a_result_without_its_record_is_not_trusted(copied: Path) -> None:
    execution.result(copied, copied / "notebooks" / "oil.ipynb").with_name(execution.READS).unlink()
    assert again(copied) == {"oil"}
