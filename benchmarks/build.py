"""Build times: `make html` against a plain `jupyter-book build` of the same sources, and against an earlier commit on this machine.

Prints a table and, with ``--readme``, writes it into README.md between the marks of the section on speed.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from report import ROOT, write

BOOK = (
    "_config.yml", "_toc.yml", "book", "notebooks", "data", "src", "requirements.txt", "requirements.in", "pyproject.toml",
    "CITATION.cff", "Makefile", "apt.txt", "apt-test.txt",
)  # fmt: skip


def copy(target: Path) -> None:
    """Copy the sources of the book, nothing that was built."""
    for name in BOOK:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, target / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.egg-info")
            )
        else:
            shutil.copy(source, target)


def seconds(command: list[str], folder: Path) -> float:
    """Wall-clock seconds of a command that must succeed."""
    environment = {**os.environ, "EASTWARD_ROOT": str(folder), "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"}
    environment |= {"PYTHONPATH": str(folder / "src"), "PYTHONHASHSEED": "0"}
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def plain() -> float:
    """A plain build: the book's sources and configuration, chapters executed one by one by Sphinx."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy(folder)
        return seconds(["jupyter-book", "build", ".", "--builder", "html"], folder)


@contextmanager
def ours() -> Iterator[Path]:
    """A copy of the book, with its environment in place."""
    with tempfile.TemporaryDirectory() as name:
        copy(Path(name))
        Path(name, ".venv").symlink_to(ROOT / ".venv")
        yield Path(name)


EARLIER = "ab1550a"
"""Commit that times are set against."""


@contextmanager
def earlier() -> Iterator[Path]:
    """The book as it was, with the entry points that it had."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "book")
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(folder), EARLIER], check=True)
        try:
            (folder / ".venv").symlink_to(ROOT / ".venv")
            seconds(["python", "-c", "from setuptools import setup; setup()", "-q", "egg_info"], folder)
            # It had pyarrow, which pandas uses where it is there.
            seconds(["python", "-m", "pip", "install", "-q", "--no-deps", "--target", "src", "pyarrow==26.0.1"], folder)
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


HTML = ["make", "html", "--old-file=.venv/bin/.installed"]

VERDICTS = """
try:
    from eastward.claims import questions as asked
    from eastward.claims.verdicts import verdict
except ImportError:
    from eastward.claims import all_claims as asked
    from eastward.verdicts import verdict
for name in asked():
    verdict(name, "publication"), verdict(name, "hindsight")
"""
"""All verdicts on both days, of either commit."""


def verdicts(folder: Path, before: Path) -> tuple[float, float]:
    """Least seconds for all verdicts in a process of its own, now and before, of five runs in turn."""
    command = ["python", "-c", VERDICTS]
    runs = [(seconds(command, folder), seconds(command, before)) for _ in range(5)]
    return min(now for now, _ in runs), min(then for _, then in runs)


def correct(folder: Path, chapters: int = 3) -> str:
    """Correct a row of a table that so many chapters read, and accept it; return the table."""
    records = (folder / "_build" / ".jupyter_cache").glob("*/executed/*/reads.json")
    read = Counter(
        name for record in records for name in json.loads(record.read_text()) if name.startswith("file:data/")
    )
    for file in (folder / name.removeprefix("file:") for name, times in sorted(read.items()) if times == chapters):
        *lines, last = file.read_text(encoding="utf-8").splitlines()
        locator = dict(zip(*csv.reader([lines[0], last]), strict=True)).get("locator", "")
        if len(locator) > 5 and last.count(locator) == 1:
            lines.append(last.replace(locator, f"{locator} again"))
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            seconds(["python", "-m", "eastward.data", "--accept"], folder)
            return file.stem
    sys.exit(f"no table is read by {chapters} chapters")


def main() -> None:
    """Measure and print; with ``--readme`` write the table into README.md."""
    base = plain()
    with ours() as folder, earlier() as before:
        clean, again, before_clean = seconds(HTML, folder), seconds(HTML, folder), seconds(HTML, before)
        now, then = verdicts(folder, before)
        table = correct(folder)
        corrected = seconds(HTML, folder)
    rows = [
        ("plain `jupyter-book build`, clean", base, "1", ""),
        ("`make html`, clean", clean, f"{clean / base:.2f} of plain", "at most 1.5"),
        ("`make html`, nothing changed", again, f"{again / clean:.2f} of clean", "at most 0.2"),
        (
            f"`make html`, a row of `{table}` corrected (3 chapters)",
            corrected,
            f"{corrected / clean:.2f} of clean",
            "at most 0.4",
        ),
        (f"`make html`, clean, at {EARLIER}", before_clean, "1", ""),
        ("`make html`, clean, now", clean, f"{clean / before_clean:.2f} of {EARLIER}", "at most 0.9"),
        (f"all verdicts on both days, at {EARLIER}", then, "1", ""),
        ("all verdicts on both days, now", now, f"{now / then:.2f} of {EARLIER}", "at most 0.3"),
    ]
    lines = [
        f"| {what} | {time:.{0 if time > 20 else 1}f} | {ratio} | {target} |" for what, time, ratio, target in rows
    ]
    text = "\n".join(["| Build, 2 cores | Seconds | Ratio | Target |", "|---|---:|---:|---:|", *lines])
    print(text)
    if "--readme" in sys.argv:
        write("README.md", "bench", text)


if __name__ == "__main__":
    main()
