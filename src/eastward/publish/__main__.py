"""``python -m eastward.publish GOAL``: validate the data, execute the chapters, hold their words against the data, then build."""

import argparse
import gc
import multiprocessing as mp
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from eastward import data
from eastward.claims.declared import main as validate_claims
from eastward.data.checks import main as validate_data
from eastward.publish import citation, contents, guards, paper, press
from eastward.publish.execution import BuildError, alone, die_with_parent, execute
from eastward.publish.recorder import SELDOM

DOCTREES = ("_build/.doctrees", "_build/pdf/_build/.doctrees")
"""Where Sphinx keeps what it has read, for the HTML book and for the PDFs."""

LEAST_FREE = 1_000_000
"""Bytes; with less than this a failed build says that the disk is full."""


def _run(root: Path, command: list[str]) -> int:
    """Make a goal or run a command, and return the status; it starts anew after a run that failed or was killed.

    Sphinx saves what it has read before it writes pages, so the next run would take old pages, or half ones, for new,
    and would not repeat its warnings.
    """
    unfinished = root / "_build" / ".unfinished"
    if unfinished.exists():
        for folder in DOCTREES:
            shutil.rmtree(root / folder, ignore_errors=True)
    unfinished.touch()
    if command[0] in press.GOALS:
        make, product = press.GOALS[command[0]]
        status = make(root)
    else:
        status, product = subprocess.run(command, check=False).returncode, ""
    if status == 0:
        unfinished.unlink()
        if product:
            print(f"{command[0]}: {product}")
    return status


def _steady() -> None:
    """Let what is built depend on no hash seed, time zone or day, except by the caller's will."""
    wanted = {"PYTHONHASHSEED": "0", "TZ": "UTC", "FORCE_SOURCE_DATE": "1"}
    seconds = citation.last_commit(data.root())
    if not seconds and (data.root() / "CITATION.cff").is_file():  # of an archive, which has no commits
        seconds = f"{datetime.combine(citation.book().released, datetime.min.time(), UTC).timestamp():.0f}"
    if seconds:
        wanted["SOURCE_DATE_EPOCH"] = seconds
    os.environ.update(wanted | os.environ)
    if hasattr(time, "tzset"):  # not on Windows
        time.tzset()


def _book(root: Path) -> int:
    """Make what the web pages offer, and then these."""
    os.environ[paper.WANTED] = "yes"
    status = main(["offers"]) or main(["html"])
    if not press.has_tex():
        print(f"PDF: skipped. {press.missing(root, 'TeX')}")
    return status


def _held(root: Path, draft: bool) -> bool:
    """Whether the build may go on: the data bear all words, or it is a draft, whose pages say so."""
    found = guards.broken(root)
    if found:
        print(guards.report(found), file=sys.stderr)
    if found and draft:
        os.environ[guards.DRAFT] = f"Draft: the data do not bear {len(found)} phrases of it; the build lists them."
    elif found:
        print("To see the pages all the same: make html DRAFT=1", file=sys.stderr)
    return draft or not found


def main(arguments: list[str] | None = None) -> int:
    """``python -m eastward.publish [--draft] GOAL``: execute the chapters that need it, then make the goal, alone in the folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--timeout", type=int, default=300, help="seconds that one cell may take")
    parser.add_argument(
        "--draft", action="store_true", help="go on where the data do not bear words; each page says so"
    )
    parser.add_argument("command", nargs="*", help=f"book, {', '.join(press.GOALS)}, or a command to run after --")
    given = parser.parse_args(arguments)
    root, goal = data.root(), " ".join(given.command)
    _steady()
    gc.set_threshold(*SELDOM)
    if goal == "book":
        return _book(root)
    if goal == "pdf" and not press.has_tex():
        print(f"PDF: {press.missing(root, 'TeX')}", file=sys.stderr)
        return 1
    if goal in press.GOALS and (status := validate_data(["--if-changed"]) or validate_claims()):
        return status
    if sys.platform == "linux":  # Elsewhere libraries that have computed may not survive a fork.
        mp.set_start_method("fork", force=True)
        os.register_at_fork(after_in_child=die_with_parent)
    try:
        contents.address()
        with alone(root):
            failed = execute(root, given.timeout)
            held = _held(root, given.draft)
            if failed:
                print(f"chapters that failed: {', '.join(failed)}", file=sys.stderr)
            elif held:
                return _run(root, given.command) if given.command else 0
    except (BuildError, contents.AddressError, data.DataError) as error:
        print(f"build: {error}", file=sys.stderr)
    except (OSError, SQLAlchemyError) as error:
        print(f"build: {' '.join(str(error).split())}", file=sys.stderr)
    if root.is_dir() and shutil.disk_usage(root).free < LEAST_FREE:
        print("build: the disk is full: free some space and build again", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
