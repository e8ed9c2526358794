"""Execute the chapters in parallel into a cache that cannot go stale.

jupyter-cache keys an executed notebook on its code cells alone. Here each result has beside it a record of what its execution
read (:mod:`eastward.publish.recorder`) and a digest of each: tables, dates and fields of sources, claims, thresholds, modules,
any other file of the book. A result is used while all of them are as they were; one without a whole record is not. So a
corrected figure executes the chapters that read its table, a source's new title none. The lock file names the cache's folder.

A chapter that fails, hangs, prints a warning or changes its own inputs stops the build and leaves nothing in the cache. One
build at a time runs in a folder; a killed one takes its workers along and leaves nothing that the next one trusts.
"""

import hashlib
import json
import logging
import multiprocessing as mp
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
from filelock import FileLock, Timeout
from jupyter_cache import get_cache
from jupyter_cache.base import JupyterCacheAbstract, ProjectNb
from jupyter_cache.cache.db import NbCacheRecord
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

from eastward import claims, data
from eastward.publish.contents import chapters
from eastward.publish.recorder import RECORD
from eastward.show.words import labelled

INPUTS = ("data/*.csv", "data/*.json", "data/*.yaml", "book/references.bib", "src/eastward/**/*.py", "requirements.txt")
"""What executed chapters may depend on besides their own code."""

LOCK = ("requirements.txt",)
"""What all of them depend on."""

PARTS: dict[str, tuple[str, Callable[[str], object]]] = {
    "package": ("data/datapackage.json", lambda name: data.package()[name]),
    "table": ("data/datapackage.json", lambda name: _without(data.describe(name), "hash", "bytes")),
    "date": ("book/references.bib", lambda key: data.sources()[key].date),
    "source": (
        "book/references.bib",
        lambda key: [_without(vars(s), "title", "urldate", "note") for s in _sources(key)],
    ),
    "claim": ("data/claims.yaml", claims.claim),
    "threshold": ("data/claims.yaml", lambda name: claims.thresholds()[name]),
    "label": ("", labelled),
}
"""Files that chapters read in parts, by the kind that the record names, and what of it a chapter can have used."""

WATCHED = (*INPUTS, "data/**/*", "notebooks/**/*")
"""What no chapter may change while it runs."""

READS = "reads.json"
"""File beside a result: what its execution read, and a digest of each."""

SHOWN = 8
"""Lines of a traceback that a build prints."""


class BuildError(RuntimeError):
    """The build cannot go on: says what is wrong and what to do."""


def _hashes(root: Path, inputs: Iterable[str]) -> dict[str, str]:
    """Return a digest of each file below ``root`` that one of the patterns names, by its path."""
    files = sorted({f for pattern in inputs for f in root.glob(pattern) if f.is_file()})
    return {f.relative_to(root).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def fingerprint(root: Path, inputs: Iterable[str] = INPUTS) -> str:
    """Return a digest of the names and contents of all ``inputs`` below ``root``."""
    return hashlib.sha256(repr(_hashes(root, inputs)).encode()).hexdigest()[:16]


def cache_path(root: Path) -> Path:
    """Folder of the cache that holds for the lock file, and the address that figures carry, as they are now."""
    address = hashlib.sha256(os.environ.get("EASTWARD_URL", "").encode()).hexdigest()[:8]
    return root / "_build" / ".jupyter_cache" / f"{fingerprint(root, LOCK)}-{address}"


def _sources(key: str) -> Iterable[data.Source]:
    return data.sources().values() if key == "*" else [data.sources()[key]]


def _without(entry: Mapping[str, Any], *fields: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in fields}


def _digest(root: Path, read: str) -> str:
    """Return a digest of what a record names; empty where that cannot be told, which counts as changed."""
    kind, _, name = read.partition(":")
    try:
        if kind == "file" or (name == "*" and kind != "source"):
            found = (root / (name if kind == "file" else PARTS[kind][0])).read_bytes()
        else:
            found = repr(PARTS[kind][1](name)).encode()
    except (FileNotFoundError, LookupError):
        return "absent"  # a name that was looked up in vain
    except (OSError, ValueError):
        return ""
    return hashlib.sha256(found).hexdigest()[:16]


def _digests(root: Path, reads: Iterable[str]) -> dict[str, str]:
    with data.using(root):
        return {read: _digest(root, read) for read in sorted(reads)}


def result(root: Path, chapter: Path) -> Path:
    """File of the cache that holds a chapter with its results, whether it is there or not."""
    cache = get_cache(str(cache_path(root)))
    key = str(cache.create_hashed_notebook(nbformat.read(chapter, nbformat.NO_CONVERT))[1])
    return cache_path(root) / "executed" / key / "base.ipynb"


def drop_stale(root: Path) -> None:
    """Remove results of another lock file, of code that no chapter has, and those of which something read has changed."""
    current = cache_path(root)
    for folder in current.parent.glob("*"):
        if folder != current:
            shutil.rmtree(folder)
    for record in stale(root):
        get_cache(str(current)).remove_cache(record.pk)


def stale(root: Path) -> list[NbCacheRecord]:
    """Return the records of results that no longer hold: of former code, or made from what has changed since."""
    cache = cache_path(root)
    if not cache.is_dir():
        return []
    wanted = {result(root, chapter).parent.name for chapter in chapters(root)}
    reads = {record: _recorded(cache, record.hashkey) for record in get_cache(str(cache)).list_cache_records()}
    now = _digests(root, {read for digests in reads.values() for read in digests})
    holds = {r.hashkey for r, then in reads.items() if all(d and d == now[read] for read, d in then.items())}
    return [record for record in reads if record.hashkey not in wanted & holds]


def _recorded(cache: Path, key: str) -> dict[str, str]:
    """What an execution read, and the digest of each; something without a digest where that is not known."""
    try:
        return dict(json.loads((cache / "executed" / key / READS).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {"": ""}


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


def unsettle(root: Path) -> None:
    """Let no settings of the person who builds reach the chapters: of matplotlib, IPython and Jupyter, kernels of other Pythons."""
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "MPLBACKEND"):
        os.environ.pop(name, None)
    own = root / "_build" / ".settings"
    os.environ |= {name: str(own) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    os.environ |= {"JUPYTER_PREFER_ENV_PATH": "1", "MATPLOTLIBRC": str(Path(mpl.get_data_path()) / "matplotlibrc")}


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the folder's only build; wait, and say so, while another one holds it; :class:`BuildError` where it cannot be written."""
    lock = FileLock(root / "_build" / ".lock")
    try:
        (root / "_build").mkdir(exist_ok=True)
        try:
            held = lock.acquire(timeout=0)
        except Timeout:
            print(f"build: another build runs in {root}; waiting for it", flush=True)
            held = lock.acquire()
    except OSError as error:
        raise BuildError(f"{root} cannot be written ({error.strerror}): build in a copy of it") from None
    with held:
        yield


def _snapshot(root: Path) -> dict[str, str]:
    found = _hashes(root, WATCHED)
    return {name: found[name] for name in found if not {".ipynb_checkpoints", "__pycache__"} & {*name.split("/")}}


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
        folder, cache = str(Path(project_nb.uri).parent), Path(data.cache.path)
        record = cache / f"{data.pk}.reads"
        record.unlink(missing_ok=True)
        os.environ[RECORD] = f"{cache.parents[2]}\n{record}"
        kernel = Config(KernelManager={"transport_encryption": "auto"})
        kernel.NotebookClient.extra_arguments = ["--IPKernelApp.extensions=eastward.publish.recorder"]
        kernel.NotebookClient.shutdown_kernel = "immediate"  # asked to end, one in five lets wait for seconds
        run = partial(single_nb_execution, project_nb.nb, folder, data.timeout, data.allow_errors, config=kernel)
        try:
            return run()
        except RuntimeError as error:
            # Ports that were free when they were chosen can be taken before the kernel binds them.
            if "Kernel died before replying" not in str(error):
                raise
            return run()


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

    A cell may take ``timeout`` seconds. Returned are the names of the chapters that failed or printed a warning; where a file that
    they read changed while they ran, :class:`BuildError` is raised.
    """
    unsettle(root)
    before, folder = _snapshot(root), cache_path(root)
    _drop_broken(root)
    drop_stale(root)
    cache = get_cache(str(cache_path(root)))
    cache.truncate_caches = _keep_all
    distinct = _distinct(cache, chapters(root)[::-1])  # The last one sums up the others and takes longest.
    for notebook in distinct:
        cache.add_nb_to_project(notebook)
    waiting = cache.list_unexecuted(distinct)
    if not waiting:
        print("chapters: all results are cached")
        return []
    logger = logging.getLogger("eastward.publish.execution")
    logger.setLevel(REPORT_LEVEL)
    mp.get_logger().addFilter(_Progress(len(waiting)))
    executor = JupyterExecutorLocalMproc(cache, logger)
    executor._EXECUTION_WORKER = _Worker
    done = executor.run_and_cache(filter_uris=distinct, timeout=timeout)
    _require_unchanged(root, before, folder)
    failed = [*done.excepted, *done.errored]
    for record in cache.list_project_records():
        if record.uri in failed and record.traceback:
            last = "\n".join(record.traceback.strip().splitlines()[-SHOWN:])
            print(f"\n{record.uri} (run it in JupyterLab to see all of this)\n{last}", file=sys.stderr)
    for uri in done.succeeded:
        record = cache.match_cache_notebook(nbformat.read(uri, nbformat.NO_CONVERT))
        read = folder / f"{cache.get_project_record(uri).pk}.reads"
        if read.exists():  # else the kernel kept no record
            digests = _digests(root, read.read_text(encoding="utf-8").splitlines())
            beside = folder / "executed" / record.hashkey / READS
            beside.write_text(json.dumps(digests, indent=0), encoding="utf-8")
            read.unlink()
        outputs = [o for cell in cache.get_cache_bundle(record.pk).nb.cells for o in cell.get("outputs", [])]
        if warned := "".join(o["text"] for o in outputs if o.output_type == "stream" and o.name == "stderr"):
            cache.remove_cache(record.pk)
            print(f"\n{uri} prints a warning\n{warned}", file=sys.stderr)
            failed.append(uri)
    return [Path(uri).stem for uri in failed]
