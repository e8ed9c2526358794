"""``python -m eastward.publish``: execute the chapters, hold their words against the data, then build the book."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from eastward import data
from eastward.publish import guards
from eastward.publish.execution import BuildError, alone, die_with_parent, execute

DOCTREES = ("_build/.doctrees", "_build/pdf/_build/.doctrees")
"""Where Sphinx keeps what it has read, for the HTML book and for the PDFs."""

LEAST_FREE = 1_000_000
"""Bytes; with less than this a failed build says that the disk is full."""


def _run(root: Path, command: list[str]) -> int:
    """Run what follows the chapters, and return its status; it starts anew after a run that failed or was killed.

    Sphinx saves what it has read before it writes pages, so the next run would take old pages, or half ones, for new,
    and would not repeat its warnings.
    """
    unfinished = root / "_build" / ".unfinished"
    if unfinished.exists():
        for folder in DOCTREES:
            shutil.rmtree(root / folder, ignore_errors=True)
    unfinished.touch()
    status = subprocess.run(command, check=False).returncode
    if status == 0:
        unfinished.unlink()
    return status


def _held(root: Path, draft: bool) -> bool:
    """Whether the build may go on: the data bear all words, or it is a draft, in which the others are marked."""
    found = guards.broken(root)
    if found:
        print(guards.report(found), file=sys.stderr)
    if draft:
        guards.keep(root, found)
        os.environ[guards.DRAFT] = "1"
    elif found:
        print("To see the pages all the same: make html DRAFT=1", file=sys.stderr)
    return draft or not found


def main(arguments: list[str] | None = None) -> int:
    """``python -m eastward.publish [--draft] [-- COMMAND]``: execute the chapters that need it, then run the command, alone in the folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--timeout", type=int, default=300, help="seconds that one cell may take")
    parser.add_argument(
        "--draft", action="store_true", help="go on where the data do not bear words of the text, and mark them"
    )
    parser.add_argument("command", nargs="*", help="what to run after the chapters, such as a Sphinx build")
    given = parser.parse_args(arguments)
    os.register_at_fork(after_in_child=die_with_parent)
    root = data.root()
    try:
        with alone(root):
            failed = execute(root, given.timeout)
            held = _held(root, given.draft)
            if failed:
                print(f"chapters that failed: {', '.join(failed)}", file=sys.stderr)
            elif held:
                return _run(root, given.command) if given.command else 0
    except (BuildError, data.DataError) as error:
        print(f"build: {error}", file=sys.stderr)
    except (OSError, SQLAlchemyError) as error:
        print(f"build: {' '.join(str(error).split())}", file=sys.stderr)
    if shutil.disk_usage(root).free < LEAST_FREE:
        print("build: the disk is full: free some space and build again", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
