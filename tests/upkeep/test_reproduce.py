"""The proof of reproducibility can fail: what depends on the day, or on anything else that should not matter, is caught.

Tables of measurements are written by code too, between marks that their pages have.
"""

import importlib
import os
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from eastward import data
from eastward.publish import press
from eastward.upkeep import reproduce

TODAY = "import datetime; print(datetime.date.today())"
WAYS = {
    "today": TODAY,
    "now": "import datetime; print(datetime.datetime.now().date())",
    "time": "import datetime, time; print(datetime.date.fromtimestamp(time.time()))",
    "strftime": "import time; print(time.strftime('%Y-%m-%d'))",
    "child": f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TODAY!r}])",
}


@pytest.mark.parametrize("code", WAYS.values(), ids=WAYS)
def test_python_sees_another_day(code: str, tmp_path: Path) -> None:
    assert reproduce.SECOND.days > 366
    for days in (0, reproduce.SECOND.days):
        before, ahead = date.today(), timedelta(days=days)
        environment = {**os.environ, **reproduce.shifted(days, tmp_path)}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert date.fromisoformat(done.stdout.strip()) in (before + ahead, date.today() + ahead)


def test_tex_sees_another_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("faketime"):
        pytest.skip("faketime is not installed")
    (tmp_path / "real").mkdir()
    xelatex = tmp_path / "real" / "xelatex"
    xelatex.write_text('#!/bin/sh\ndate +%F\necho "$@"\n')
    xelatex.chmod(0o755)
    monkeypatch.setenv("PATH", f"{xelatex.parent}{os.pathsep}{os.environ['PATH']}")
    before = date.today()
    environment = {**os.environ, **reproduce.shifted(400, tmp_path)}
    command = ["sh", "-c", "xelatex -quiet 'a b.tex'"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    day, arguments = done.stdout.splitlines()
    assert date.fromisoformat(day) - timedelta(days=400) in (before, date.today())
    assert arguments == "-quiet a b.tex"


@pytest.fixture()
def book(tmp_path: Path) -> Path:
    """A book whose build writes one page by the code in ``src/page.py``."""
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    (root / ".venv").symlink_to(data.root() / ".venv")
    command = "mkdir -p _build/html && .venv/bin/python src/page.py > _build/html/page.html"
    (root / "Makefile").write_text(f"html:\n\t@{command}\n")
    return root


@pytest.mark.parametrize(
    "code",
    [
        TODAY,
        "import datetime; print(datetime.date.today().year)",
        "import os; print(os.getcwd())",
        "print(hash('a'))",
        "print(list({'a', 'b', 'c', 'd', 'e', 'f', 'g'}))",
        "import time; print(time.tzname)",
        "import os; print(os.environ['LC_ALL'])",
    ],
)
def test_what_depends_on_the_circumstances_is_caught(book: Path, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    (book / "src" / "page.py").write_text(code)
    with data.using(book):
        assert reproduce.main(["html"]) == 1
    shown = capsys.readouterr()
    assert "_build/html/page.html: differs" in shown.out
    assert "1 of 1 files differ" in shown.err


def test_what_depends_on_nothing_agrees(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = book / "src" / "page.py"
    page.write_text("import os; print(os.environ['SOURCE_DATE_EPOCH'])")
    with data.using(book):
        assert reproduce.main(["html"]) == 0
        assert "1 files agree byte for byte" in capsys.readouterr().out
        page.write_text("raise SystemExit('no page')")
        with pytest.raises(RuntimeError, match=r"(?s)failed:.*no page"):
            reproduce.main(["html"])


def test_every_product_of_the_book_is_compared() -> None:
    built = {product for _, product in press.GOALS.values()} | {"_build/exports/eastward-supplement.zip"}
    assert len(built) >= 4
    for file in map(Path, built):
        assert any(file.match(p) or Path(p) in (file, *file.parents) for p in reproduce.PRODUCTS), file


def test_a_table_replaces_the_former_one_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(data.root() / "benchmarks")
    report = importlib.import_module("report")
    monkeypatch.setattr(report, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- one -->\nold\n<!-- /one -->\nafter <!-- two -->\n<!-- /two -->\n")
    for _ in range(2):
        report.write("page.md", "one", r"| \1 |")
    assert page.read_text() == "before\n<!-- one -->\n| \\1 |\n<!-- /one -->\nafter <!-- two -->\n<!-- /two -->\n"
    with pytest.raises(ValueError, match="page.md needs one pair of marks <!-- three -->"):
        report.write("page.md", "three", "")


@pytest.mark.parametrize("mark", ["bench", "growth", "mutants", "sample"])
def test_every_script_has_its_place(mark: str) -> None:
    places = {"bench": ("build", "README.md"), "growth": ("growth", "book/rerun.md")}
    script, page = places.get(mark, ("mutants", "tests/faults.md"))
    code = (data.root() / "benchmarks" / f"{script}.py").read_text(encoding="utf-8")
    assert f'write("{page}", ' in code
    assert f'"{mark}"' in code
    text = (data.root() / page).read_text(encoding="utf-8")
    (found,) = re.findall(rf"(?s)<!-- {mark} -->\n(.*?)<!-- /{mark} -->", text)
    assert "|---" in found, "the table has been written"


@pytest.mark.parametrize(("mark", "least"), [("mutants", 0.97), ("sample", 0.9)])
def test_every_surviving_mutant_of_the_page_has_a_reason(mark: str, least: float) -> None:
    reasons = yaml.safe_load((data.root() / "benchmarks" / "mutants.yaml").read_text(encoding="utf-8"))[mark]
    _, page, _ = re.split(rf"<!-- /?{mark} -->", (data.root() / "tests" / "faults.md").read_text(encoding="utf-8"))
    rows = re.findall(r"(?m)^\| (\d+) \| (.*?) \| (.*?) \|$", page)
    assert [(change, why) for _, change, why in rows] == [(r["change"], r["why"]) for r in reasons]
    (row,) = re.findall(r"(?m)^\| all \| [\d,]+ \| ([\d,]+) \| ([\d,]+) \|", page)
    tried, killed = (int(number.replace(",", "")) for number in row)
    assert sum(int(count) for count, _, _ in rows) == tried - killed
    assert killed / tried >= least
