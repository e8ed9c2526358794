"""The cache cannot lie: a change in data, code or versions executes chapters again; false words stop a build."""

import shutil
from pathlib import Path

import pytest

from eastward import data
from eastward.publish import execution, guards
from eastward.publish.guards import Broken
from tests.conftest import edit
from tests.publish.test_faults import ALSO_GOOD, GOOD, Book


def test_changed_data_reach_the_executed_chapters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, folder = Book(tmp_path, one=ALSO_GOOD, two=GOOD), tmp_path
    assert execution.execute(folder) == []
    assert book.printed() == {"one": "sum 1\n\nanother chapter\n", "two": "sum 1\n\n"}
    assert execution.execute(folder) == []
    assert "all results are cached" in capsys.readouterr().out
    (folder / "data" / "table.csv").write_text("2\n")
    assert execution.execute(folder) == []
    assert book.printed() == {"one": "sum 2\n\nanother chapter\n", "two": "sum 2\n\n"}
    assert len(list(execution.cache_path(folder).glob("executed/*"))) == 2, "the stale results are gone"


def test_fingerprint_sees_a_renamed_and_a_removed_file(tmp_path: Path) -> None:
    table = Book(tmp_path).folder / "data" / "table.csv"
    before = execution.fingerprint(tmp_path)
    other = table.rename(table.with_stem("other"))
    renamed = execution.fingerprint(tmp_path)
    other.unlink()
    assert len({before, renamed, execution.fingerprint(tmp_path)}) == 3


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
    Book(folder, **{name: [code] for name, code in READERS.items()})
    for name in ("book/references.bib", "requirements.txt"):
        shutil.copy(data.root() / name, folder / name)
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
    edit(copied / file, pattern, new, 1)
    assert again(copied) == expected


def test_a_source_counts_by_what_was_used_of_it(copied: Path) -> None:
    key = data.load("oil_price")["source"].iloc[0]
    entry, bib = rf"(@\w+{{{key},(?:(?!\n@).)*?", copied / "book" / "references.bib"
    edit(bib, rf"{entry}\n\s*title\s*=\s*{{)", r"\1Zzz ", 1)
    edit(bib, rf"{entry}\n\s*urldate\s*=\s*{{)\d{{4}}", r"\g<1>2099", 1)
    assert again(copied) == set(), "to print another title no chapter is executed"
    edit(bib, rf"{entry}\n\s*date\s*=\s*{{[\d-]{{8}})\d\d", r"\g<1>01", 1)
    assert again(copied) == {"oil", "grades"}


def test_a_result_without_its_record_is_not_trusted(copied: Path) -> None:
    records = [record.read_text(encoding="utf-8") for record in copied.rglob(execution.READS)]
    assert ".pyc" not in "".join(records), "what Python keeps of a module while it compiles it"
    execution.result(copied, copied / "notebooks" / "oil.ipynb").with_name(execution.READS).unlink()
    assert again(copied) == {"oil"}


GUARDED = ["from eastward.show import holds", "holds({'rose': 2 > 1, 'fell by half': False})"]


@pytest.fixture()
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book", two=GOOD, **{name: [*GUARDED, f"print('{name}')"] for name in ("one", "three")})


def test_broken_words_of_all_chapters_are_told_with_file_and_cell(book: Book) -> None:
    done = book.build("--", "touch", "built")
    assert done.returncode == 1
    for name in ("one", "three"):
        assert f"notebooks/{name}.ipynb, cell 2: fell by half" in done.stderr
    assert "rose" not in done.stderr
    assert not (book.folder / "built").exists()
    assert book.printed().keys() == {"one", "two", "three"}, "the chapters themselves are sound"


def test_a_draft_goes_on_and_says_so_on_its_pages(book: Book) -> None:
    done = book.build("--draft", "--", "sh", "-c", f'echo "${guards.DRAFT}" > built')
    assert done.returncode == 0, done.stderr
    assert "notebooks/three.ipynb, cell 2: fell by half" in done.stderr
    assert " 2 phrases " in (book.folder / "built").read_text()


def test_a_report_has_at_most_forty_lines() -> None:
    found = [Broken("notebooks/one.ipynb", n, f"words {n}") for n in range(100)]
    lines = guards.report(found).splitlines()
    assert len(lines) == 39, "and one for how to see the pages all the same"
    assert lines[-1] == "… and 63 more"
