"""Execute the chapters in parallel into a cache that cannot go stale.

jupyter-cache keys an executed notebook on its code cells alone. Here the cache's folder is named by a fingerprint of all that a
chapter may read: the data package, the bibliography, the package ``eastward`` and the lock file. A change in any of
them starts an empty cache, so every chapter that could depend on it is executed again.

A chapter that fails, hangs, prints a warning or changes its own inputs stops the build and leaves nothing in the cache. One
build at a time runs in a folder; a killed one takes its workers along and leaves nothing that the next one trusts.
"""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing as mp
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from filelock import FileLock, Timeout
from jupyter_cache import get_cache
from jupyter_cache.base import JupyterCacheAbstract, ProjectNb
from jupyter_cache.executors.basic import (
    REPORT_LEVEL,
    ExecutionWorkerLocalMProc,
    JupyterExecutorLocalMproc,
    ProcessData,
)
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from nbformat import NotebookNode
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from eastward.publish.contents import chapters

INPUTS = ("data/*.csv", "data/*.json", "data/*.yaml", "book/references.bib", "src/eastward/**/*.py", "requirements.txt")
"""What executed chapters depend on besides their own code."""

WATCHED = (*INPUTS, "data/**/*", "notebooks/**/*")
"""What no chapter may change while it runs."""

SHOWN = 8
"""Lines of a traceback that a build prints."""


class BuildError(RuntimeError):
    """The build cannot go on: says what is wrong and what to do."""


def fingerprint(root: Path, inputs: Iterable[str] = INPUTS) -> str:
    """Return a digest of the names and contents of all ``inputs`` below ``root``."""
    digest = hashlib.sha256()
    for file in sorted({f for pattern in inputs for f in root.glob(pattern)}):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cache_path(root: Path) -> Path:
    """Folder of the cache that holds for the inputs as they are now."""
    return root / "_build" / ".jupyter_cache" / fingerprint(root)


def drop_stale(root: Path) -> None:
    """Remove the caches of former inputs."""
    current = cache_path(root)
    for folder in current.parent.glob("*"):
        if folder != current:
            shutil.rmtree(folder)


def results(root: Path) -> Iterator[tuple[Path, NotebookNode | None]]:
    """Yield each chapter and it with its results; nothing for one that the cache does not hold."""
    cache = get_cache(str(cache_path(root))) if cache_path(root).is_dir() else None
    for file in chapters(root):
        try:
            found = cache and cache.merge_match_into_notebook(nbformat.read(file, nbformat.NO_CONVERT))[1]
        except KeyError:
            found = None
        yield file, found


def outputs(root: Path, mime: str) -> Iterator[tuple[Path, int, Any]]:
    """Yield what the executed chapters put out of a type, each with its chapter and the number of its cell."""
    for chapter, notebook in results(root):
        for place, cell in enumerate(notebook.cells if notebook else (), 1):  # one that failed the build tells
            for output in cell.get("outputs", []):
                if mime in output.get("data", {}):
                    yield chapter, place, output["data"][mime]


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the folder's only build; wait, and say so, while another one holds it.

    Raises:
        BuildError: the folder cannot be written.

    """
    lock = FileLock(root / "_build" / ".lock")
    try:
        (root / "_build").mkdir(exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print(f"build: another build runs in {root}; waiting for it", flush=True)
            lock.acquire()
    except OSError as error:
        raise BuildError(f"{root} cannot be written ({error.strerror}): build in a copy of it") from None
    try:
        yield
    finally:
        lock.release()


def _snapshot(root: Path) -> dict[str, str]:
    files = {f for pattern in WATCHED for f in root.glob(pattern) if f.is_file()}
    hidden = (".ipynb_checkpoints", "__pycache__")
    return {
        f.relative_to(root).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(files)
        if not any(part in hidden for part in f.parts)
    }


def _require_unchanged(root: Path, before: dict[str, str], cache: Path) -> None:
    after = _snapshot(root)
    changed = sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))
    if changed:
        shutil.rmtree(cache)
        raise BuildError(
            f"changed while the chapters ran: {', '.join(changed)}. If a chapter wrote it, let it write nothing: "
            "restore the file with git. If you edited it, build again."
        )


def _drop_broken(root: Path) -> None:
    """Start the cache anew where a killed build or a full disk left a record without its whole notebook."""
    folder = cache_path(root)
    if not folder.exists():
        return
    try:
        for record in get_cache(str(folder)).list_cache_records():
            json.loads((folder / "executed" / record.hashkey / "base.ipynb").read_text(encoding="utf-8"))
    except (OSError, ValueError, SQLAlchemyError):
        shutil.rmtree(folder)


def _warnings(cache: JupyterCacheAbstract, chapter: Path) -> str:
    """What a chapter wrote to stderr; its results then leave the cache."""
    record = cache.match_cache_notebook(nbformat.read(chapter, nbformat.NO_CONVERT))
    cells = cache.get_cache_bundle(record.pk).nb.cells
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    text = "".join(o["text"] for o in outputs if o.output_type == "stream" and o.name == "stderr")
    if text:
        cache.remove_cache(record.pk)
    return text


def die_with_parent() -> None:
    """A worker of a killed build ends within a second: it would hold the lock, and go on writing."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _Worker(ExecutionWorkerLocalMProc):
    """Runs a chapter in its folder and talks to its kernel in cipher: on the loopback others could read and write too."""

    @staticmethod
    def execute(project_nb: ProjectNb, data: ProcessData) -> ExecutionResult:
        folder = str(Path(project_nb.uri).parent)
        encrypted = Config(KernelManager={"transport_encryption": "auto"})
        run = partial(single_nb_execution, project_nb.nb, folder, data.timeout, data.allow_errors, config=encrypted)
        try:
            return run()
        except RuntimeError as error:
            # Ports that were free when they were chosen can be taken before the kernel binds them.
            if "Kernel died before replying" not in str(error):
                raise
            return run()


class _Executor(JupyterExecutorLocalMproc):
    _EXECUTION_WORKER = _Worker


def _keep_all() -> None:
    """Delete no result: jupyter-cache looks for too many of them in two steps, and takes one stored between them for one."""


def _distinct(cache: JupyterCacheAbstract, chapters: Iterable[Path]) -> list[str]:
    """Of chapters with the same code the first: the cache holds one result for them, and they must not race for it."""
    first: dict[str, str] = {}
    for chapter in chapters:
        _, key = cache.create_hashed_notebook(nbformat.read(chapter, nbformat.NO_CONVERT))
        first.setdefault(key, str(chapter))
    return list(first.values())


class _Progress(logging.Filter):
    """Tells in each report of a worker which chapter it is and how many are left."""

    def __init__(self, total: int):
        super().__init__()
        self.total, self.done = total, mp.Value("i", 0)

    def filter(self, record: logging.LogRecord) -> bool:
        event, _, uri = record.getMessage().partition(": ")
        if event == "Executing":
            record.msg = f"executing {Path(uri).stem}"
        elif event == "Execution Successful":
            with self.done.get_lock():
                self.done.value += 1
            record.msg = f"executed {Path(uri).stem}; {self.total - self.done.value} of {self.total} left"
        record.args = ()
        return True


def execute(root: Path, timeout: int = 300) -> list[str]:
    """Execute the chapters whose results are not cached, on all cores, with jupyter-cache's parallel executor.

    Args:
        root: folder of the book.
        timeout: seconds that one cell may take.

    Returns:
        The names of the chapters that failed or printed a warning.

    Raises:
        BuildError: a file that chapters read changed while they ran.

    """
    drop_stale(root)
    _drop_broken(root)
    before, folder = _snapshot(root), cache_path(root)
    cache = get_cache(str(cache_path(root)))
    cache.truncate_caches = _keep_all
    distinct = _distinct(cache, chapters(root))
    for notebook in distinct:
        cache.add_nb_to_project(notebook)
    waiting = cache.list_unexecuted(distinct)
    if not waiting:
        print("chapters: all results are cached")
        return []
    if "fork" in mp.get_all_start_methods():
        mp.set_start_method("fork", force=True)
    logger = logging.getLogger("eastward.publish.execution")
    logger.setLevel(REPORT_LEVEL)
    mp.get_logger().addFilter(_Progress(len(waiting)))
    result = _Executor(cache, logger).run_and_cache(filter_uris=distinct, timeout=timeout)
    _require_unchanged(root, before, folder)
    failed = [*result.excepted, *result.errored]
    for record in cache.list_project_records():
        if record.uri in failed and record.traceback:
            last = "\n".join(record.traceback.strip().splitlines()[-SHOWN:])
            print(f"\n{record.uri} (run it in JupyterLab to see all of this)\n{last}", file=sys.stderr)
    for uri in result.succeeded:
        if warned := _warnings(cache, Path(uri)):
            print(f"\n{uri} prints a warning\n{warned}", file=sys.stderr)
            failed.append(uri)
    return [Path(uri).stem for uri in failed]
