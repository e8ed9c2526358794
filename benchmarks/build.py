"""Build times: a clean `make html` and a rebuild against a plain `jupyter-book build` of the same sources.

Prints a table and, with ``--readme``, writes it into README.md between the marks of the section on speed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
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


def ours() -> tuple[float, float]:
    """A clean `make html` and the same again with nothing changed; the environment is in place for both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy(folder)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        command = ["make", "html", "--old-file=.venv/bin/.installed"]
        return seconds(command, folder), seconds(command, folder)


def main() -> None:
    """Measure and print; with ``--readme`` write the table into README.md."""
    base = plain()
    clean, again = ours()
    table = "\n".join(
        [
            "| Build, 2 cores | Seconds | Ratio | Target |",
            "|---|---:|---:|---:|",
            f"| plain `jupyter-book build`, clean | {base:.0f} | 1 | |",
            f"| `make html`, clean | {clean:.0f} | {clean / base:.2f} of plain | at most 1.5 |",
            f"| `make html`, nothing changed | {again:.0f} | {again / clean:.2f} of clean | at most 0.2 |",
        ]
    )
    print(table)
    if "--readme" in sys.argv:
        write("README.md", "bench", table)


if __name__ == "__main__":
    main()
