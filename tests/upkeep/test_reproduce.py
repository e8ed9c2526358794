"""The proof of reproducibility can fail: what depends on the day, or on anything else that should not matter, is caught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from eastward import data
from eastward.publish import press
from eastward.upkeep import reproduce

CHILD = (
    "import subprocess, sys; print(subprocess.run([sys.executable, '-c', {!r}], capture_output=True, text=True).stdout)"
)


def day_seen(code: str, days: int, scratch: Path) -> date:
    environment = {**os.environ, **reproduce.shifted(days, scratch)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return date.fromisoformat(done.stdout.strip())


@pytest.mark.parametrize(
    "code",
    [
        "import datetime; print(datetime.date.today())",
        "import datetime; print(datetime.datetime.now().date())",
        "import datetime, time; print(datetime.date.fromtimestamp(time.time()))",
        "import time; print(time.strftime('%Y-%m-%d'))",
        CHILD.format("import datetime; print(datetime.date.today())"),
    ],
    ids=["today", "now", "time", "strftime", "child"],
)
def test_python_sees_another_day(code: str, tmp_path: Path) -> None:
    before = date.today()
    assert day_seen(code, 0, tmp_path) in (before, date.today())
    ahead = timedelta(days=reproduce.SECOND.days)
    assert ahead.days > 366
    assert day_seen(code, ahead.days, tmp_path) in (before + ahead, date.today() + ahead)


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
    (root / "Makefile").write_text(
        "html:\n\t@mkdir -p _build/html && .venv/bin/python src/page.py > _build/html/page.html\n"
    )
    return root


@pytest.mark.parametrize(
    "code",
    [
        "import datetime; print(datetime.date.today())",
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
    (book / "src" / "page.py").write_text("import os; print(os.environ['SOURCE_DATE_EPOCH'])")
    with data.using(book):
        assert reproduce.main(["html"]) == 0
    assert "reproduce: 1 files agree byte for byte" in capsys.readouterr().out


def test_a_failed_build_is_no_agreement(book: Path) -> None:
    (book / "src" / "page.py").write_text("raise SystemExit('no page')")
    with data.using(book), pytest.raises(RuntimeError, match=r"(?s)the build in .* failed:.*no page"):
        reproduce.main(["html"])


def test_every_product_of_the_book_is_compared() -> None:
    built = {product for _, product in press.GOALS.values()} | {"_build/exports/eastward-supplement.zip"}
    assert len(built) >= 4
    for name in built:
        assert any(Path(name).match(p) or Path(p) in Path(name).parents or p == name for p in reproduce.PRODUCTS), name
