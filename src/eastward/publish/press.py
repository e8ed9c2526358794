"""What ``python -m eastward.publish GOAL`` makes with jupyter-book: web pages, brief, PDFs; a PDF takes its name once it is whole."""

import filecmp
import multiprocessing as mp
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from eastward import data
from eastward.publish import paper
from eastward.publish.pages import generate

BOOK = ("build", ".", "-W", "-n", "--keep-going", "-q")
EXPORTS = ("--builder", "custom", "--custom-builder", "exports")

QUIET = 20
"""Seconds after which a build that is typesetting says how far it is."""

LATEXMK = "-interaction=nonstopmode -halt-on-error -quiet"

TAGGED = (
    r"-pdflua -jobname=%A -usepretex='\csname sys_gset_rand_seed:n\endcsname1"
    r"\DocumentMetadata{lang=en-GB,pdfversion=2.0,pdfstandard=ua-2,testphase={phase-III,title,table,firstaid}}'"
)
"""With what latexmk sets a tagged PDF (PDF/UA-2), in the same bytes each time."""


def has_tex() -> bool:
    """Whether there is TeX, which the PDF of the book needs."""
    return bool(shutil.which("xelatex") and shutil.which("latexmk"))


def tags() -> str:
    """Return ``TAGGED`` where the TeX at hand can tag, which LuaLaTeX does from TeX Live 2024 on."""
    # Since June 2024 LaTeX tags tables, and keeps the array.sty that did not.
    needed = ("array-2023-11-01.sty", "latex-lab-testphase-table.sty", "luaotfload.sty", "lmroman10-regular.otf")
    found = shutil.which("lualatex") and not subprocess.run(["kpsewhich", *needed], capture_output=True).returncode
    return TAGGED if found else ""


def missing(root: Path, what: str) -> str:
    """What to install where TeX or Pango is missing."""
    lines = (root / "apt.txt").read_text(encoding="utf-8").splitlines()
    packages = " ".join(line for line in lines if not line.startswith("#"))
    return f"{what} is missing. Install it with: sudo apt-get install --no-install-recommends {packages}"


def jupyter_book(root: Path, *arguments: str) -> None:
    """Run jupyter-book in the folder of the book; it ends this process."""
    from jupyter_book.cli.main import main

    os.chdir(root)
    with data.using(root), data.unchanging():
        main(arguments)


def _call(root: Path, *builds: tuple[str, ...], latexmk: str = LATEXMK) -> int:
    """Make builds at once, each in a process that, on Linux, begins with what this one knows; return the status of one that failed."""
    os.environ["LATEXMKOPTS"] = latexmk
    running = [mp.Process(target=jupyter_book, args=(root, *BOOK, *options)) for options in builds]
    for process in running:
        process.start()
    while alive := [process for process in running if process.is_alive()]:
        alive[0].join(QUIET)
        _tell(root)
    return next((process.exitcode for process in running if process.exitcode), 0)


def _tell(root: Path) -> None:
    """Say how many pages TeX has set, where it is at work: it says nothing itself."""
    for log in (root / "_build" / "pdf" / "_build").glob("*/*.log"):
        if time.time() - log.stat().st_mtime < QUIET:
            pages = re.findall(r"\[(\d+)", log.read_text(encoding="utf-8", errors="replace"))
            print(f"typesetting {log.stem}: page {pages[-1] if pages else 1}", flush=True)


def html(root: Path) -> int:
    """Build the web pages, with the PDFs and exports that there are; return the status."""
    return _call(root, ("--builder", "html"))


def brief(root: Path) -> int:
    """Build the web pages and, from them, the brief and the PDFs of the chapters."""
    os.environ[paper.WANTED] = "yes"
    if status := html(root):
        return status
    made = (root / "_build" / "html" / "eastward-brief.pdf").is_file()
    return 0 if made else print(f"brief: {missing(root, 'Pango')}", file=sys.stderr) or 1


def pdf(root: Path, *beside: tuple[str, ...]) -> int:
    """Build the PDF book, tagged where TeX can, and other builds beside it; publish it where it is whole."""
    built, published = root / "_build/pdf/_build/latex/eastward.pdf", root / "_build/eastward.pdf"
    # Another one than that published is of a build that was killed, and latexmk would take it for whole.
    if built.exists() and not (published.exists() and filecmp.cmp(built, published, shallow=False)):
        built.unlink()
    tagged = tags()
    options = ("--builder", "pdflatex", "--path-output", "_build/pdf")
    if status := _call(root, options, *beside, latexmk=f"{LATEXMK} {tagged}"):
        if (log := built.with_suffix(".log")).is_file():
            text = log.read_text(encoding="utf-8", errors="replace")
            print("\n".join(re.findall(r"^!.*(?:\n.*){3}", text, re.M)), file=sys.stderr)
        return status
    part = published.with_name(f"{published.name}.part")
    try:
        shutil.copyfile(built, part)
        part.replace(published)
    finally:
        part.unlink(missing_ok=True)
    if not tagged:
        print(
            "pdf: untagged, for want of LuaLaTeX from TeX Live 2024 on; make book makes tagged PDFs of chapters and brief"
        )
    return 0


def exports(root: Path) -> int:
    """Build what is offered for downloading: chapters as notebooks, figures, tables, the supplement."""
    return _call(root, EXPORTS)


def offers(root: Path) -> int:
    """Build all that the web pages offer: exports and, where there is TeX, the PDF book, beside each other."""
    generate(root)  # what both read
    return pdf(root, EXPORTS) if has_tex() else exports(root)


GOALS: dict[str, tuple[Callable[[Path], int], str]] = {
    "html": (html, "_build/html/index.html"), "brief": (brief, "_build/eastward-brief.pdf"),
    "pdf": (pdf, "_build/eastward.pdf"), "exports": (exports, "_build/exports"), "offers": (offers, "_build/exports"),
}  # fmt: skip
"""What can be made, and where it then is."""
