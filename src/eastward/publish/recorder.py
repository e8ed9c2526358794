"""Extension of a chapter's kernel: keeps a record of what the chapter reads, one thing a line, each once.

``file:data/oil_price.csv`` was opened, a module of the package included; ``claim:C08`` was used of a file that is declared in
parts (:func:`eastward.data.note`). What the record names is compared by :mod:`eastward.publish.execution`.
"""

import gc
import os
import sys
from contextlib import suppress
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

RECORD = "EASTWARD_RECORD"
"""Environment variable with the folder of the book and the file of the record, one a line."""

SELDOM = (100_000, 50, 50)
"""How seldom to look for garbage: as often as usual takes a quarter of the time of a build, a tenth of that of a chapter."""

LEFT_OUT = ("_build", ".", "node_modules")
"""Beginnings of what is not of the book (``..``), or was built or installed."""


def load_ipython_extension(_shell: Any) -> None:
    """Record from now on, and what of the package is imported already."""
    gc.set_threshold(*SELDOM)
    book, record = os.environ[RECORD].split("\n")
    bases = (os.path.abspath, book), (os.path.realpath, os.path.realpath(book))  # either may go through a link
    out = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    known: set[str] = set()
    in_parts: set[str] = set()

    def add(line: str) -> None:
        if line not in known:
            known.add(line)
            os.write(out, f"{line}\n".encode())

    def opened(file: Any) -> None:
        path = os.fsdecode(file)
        if (real := os.path.realpath(path)) in in_parts:
            in_parts.discard(real)
            return
        with suppress(ValueError):  # no module of a package, one that is being compiled, or another drive
            path = source_from_cache(path) if ".pyc" in path else path
            for resolved, base in bases:
                if not (name := os.path.relpath(resolved(path), base)).startswith(LEFT_OUT):
                    add(f"file:{Path(name).as_posix()}")

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str | bytes | os.PathLike):
            opened(args[0])
        elif event == "eastward.read" and args[0]:
            add(":".join(args))
        elif event == "eastward.read":
            in_parts.add(os.path.realpath(args[1]))

    for module in list(sys.modules.values()):
        if file := getattr(module, "__file__", None):
            opened(file)
    sys.addaudithook(heard)
