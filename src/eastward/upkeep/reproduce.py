"""Prove that the book is reproducible: two clean builds that differ in all that should not matter must agree byte for byte.

The two builds differ in folder, day, hash seed, time zone and locale. Both get the same ``SOURCE_DATE_EPOCH``, as
reproducible-builds.org defines it. The second one runs over a year later, as far as its programs can tell: in Python by
time-machine (the folder ``clock`` beside this module; libfaketime would stop Jupyter's kernels), in TeX by faketime where it is installed.
"""

import argparse
import difflib
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from eastward import data
from eastward.publish.press import has_tex

SOURCES = (
    "Makefile", "_config.yml", "_toc.yml", "apt.txt", "book", "data", "notebooks", "src", "pyproject.toml",
    "requirements.in", "requirements.txt", "README.md", "CITATION.cff", "LICENSE", "LICENSE-CONTENT",
)  # fmt: skip
"""What a build reads; files that a checkout lacks are left out."""

PRODUCTS = ("_build/html", "_build/exports", "_build/.jupyter_cache/*/executed", "_build/*.pdf", "_build/chapters")
"""What must agree: the HTML book with its figures, exports with the supplement, executed notebooks, the PDF book, chapter PDFs."""


class Circumstances(NamedTuple):
    """What differs between two builds: folder name, hash seed, time zone, locale, days from today."""

    folder: str
    seed: str
    zone: str
    locale: str
    days: int = 0


FIRST = Circumstances("first", "1", "UTC", "C.UTF-8")
SECOND = Circumstances("a second, longer folder/Ost wärts", "4242", "Pacific/Kiritimati", "C", 400)


def copy_sources(root: Path, target: Path) -> None:
    """Copy what a build reads, and nothing that was built, from ``root`` to ``target``."""
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.egg-info", "_build", "node_modules")
    target.mkdir(parents=True)
    for name in SOURCES:
        if (root / name).is_dir():
            shutil.copytree(root / name, target / name, ignore=skip)
        elif (root / name).exists():
            shutil.copy2(root / name, target / name)


def shifted(days: int, scratch: Path) -> dict[str, str]:
    """Environment in which Python's clock, and TeX's by a program in ``scratch`` where there is faketime, is so many days ahead."""
    if not days:
        return {}
    environment = {"PYTHONPATH": str(Path(__file__).parent / "clock"), "EASTWARD_DAYS": str(days)}
    for name in ("xelatex", "lualatex"):
        if (faketime := shutil.which("faketime")) and (tex := shutil.which(name)):
            (scratch / name).write_text(f'#!/bin/sh\nexec "{faketime}" -f "+{days}d" "{tex}" "$@"\n')
            (scratch / name).chmod(0o755)
    return environment | {"PATH": f"{scratch}{os.pathsep}{os.environ['PATH']}"}


def build(root: Path, where: Circumstances, target: Path, goals: list[str]) -> None:
    """Run ``make`` in ``target``, with the environment of ``root`` and these circumstances; ``RuntimeError`` says what it wrote."""
    (target / ".venv").symlink_to(root / ".venv")
    # Variables on the command line win over those that the Makefile sets.
    given = {"PYTHONHASHSEED": where.seed, "TZ": where.zone, "LC_ALL": where.locale}
    given["SOURCE_DATE_EPOCH"] = os.environ.get("SOURCE_DATE_EPOCH", "1715904000")
    command = ["make", *goals, "--old-file=.venv/bin/.installed", *(f"{k}={v}" for k, v in given.items())]
    with tempfile.TemporaryDirectory() as scratch:
        shift = shifted(where.days, Path(scratch))
        path = os.pathsep.join(filter(None, [str(target / "src"), shift.get("PYTHONPATH")]))
        environment = {**os.environ, **given, **shift, "EASTWARD_ROOT": str(target), "PYTHONPATH": path}
        done = subprocess.run(command, cwd=target, env=environment, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise RuntimeError(f"the build in {target} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


def products(folder: Path) -> dict[str, Path]:
    """All products below ``folder`` by relative path."""
    tops = [top for pattern in PRODUCTS for top in folder.glob(pattern)]
    files = [file for top in tops for file in (top, *top.rglob("*")) if file.is_file()]
    return {file.relative_to(folder).as_posix(): file for file in files}


def differences(one: Path, two: Path) -> Iterator[str]:
    """Yield a line or more for each product that only one folder has, or that differs: where, and how."""
    left, right = products(one), products(two)
    for name in sorted(left.keys() | right.keys()):
        if name not in left or name not in right:
            yield f"{name}: only in {one if name in left else two}"
        elif not filecmp.cmp(left[name], right[name], shallow=False):
            yield f"{name}: {_where(left[name].read_bytes(), right[name].read_bytes())}"


def _where(left: bytes, right: bytes, width: int = 160) -> str:
    """What differs: the first lines of a text, the first place of another file."""
    try:
        lines = difflib.unified_diff(left.decode().splitlines(), right.decode().splitlines(), n=0, lineterm="")
        return "\n    ".join(["differs", *(line[:width] for line in list(lines)[2:8])])
    except UnicodeDecodeError:
        pairs = enumerate(zip(left, right, strict=False))
        at = next((place for place, (a, b) in pairs if a != b), min(len(left), len(right)))
        return f"differs from byte {at} of {len(left)} and {len(right)}"


def main(arguments: list[str] | None = None) -> int:
    """``python -m eastward.upkeep.reproduce``: build twice, compare, print what differs; 1 if anything does."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--keep", type=Path, help="build below this new folder and keep it")
    parser.add_argument(
        "goals", nargs="*", default=["book"], help="make's goals; all products that TeX, if there is any, allows"
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="eastward-") as scratch:
        top = given.keep.resolve() if given.keep else Path(scratch)
        targets = [top / where.folder for where in (FIRST, SECOND)]
        for target in targets:
            copy_sources(data.root(), target)
        for where, target in zip((FIRST, SECOND), targets, strict=True):
            print(f"reproduce: make {' '.join(given.goals)} in {target}", flush=True)
            build(data.root(), where, target, given.goals)
        found = list(differences(*targets))
        count = len(products(targets[0]))
    if not has_tex():
        print("reproduce: TeX is missing, so no PDF was compared")
    elif not shutil.which("faketime"):
        print("reproduce: faketime is missing, so TeX ran on the same day twice (Python did not)")
    print("\n".join(found) or f"reproduce: {count} files agree byte for byte")
    if found:
        print(f"reproduce: {len(found)} of {count} files differ", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
