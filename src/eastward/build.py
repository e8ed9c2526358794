"""Execute the chapters in parallel into a cache that cannot go stale.

jupyter-cache keys an executed notebook on its code cells alone. Here the cache's folder is named by a fingerprint of all that a
chapter may read: the data package, the bibliography, the package ``eastward`` and the lock file. A change in any of
them starts an empty cache, so every chapter that could depend on it is executed again.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import multiprocessing as mp
import shutil
import sys
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from jupyter_cache.executors.basic import REPORT_LEVEL

from eastward import data

INPUTS = ("data/*.csv", "data/*.json", "data/*.yaml", "book/references.bib", "src/eastward/**/*.py", "requirements.txt")
"""What executed chapters depend on besides their own code."""


def fingerprint(root: Path) -> str:
    """Return a digest of the names and contents of all ``INPUTS`` below ``root``."""
    digest = hashlib.sha256()
    for file in sorted({f for pattern in INPUTS for f in root.glob(pattern)}):
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


def chapters(root: Path) -> list[Path]:
    """Return the notebooks of ``_toc.yml``, in its order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    names: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("file", "root"):
                    names.append(value)
                else:
                    walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(toc)
    return [root / f"{name}.ipynb" for name in names if (root / f"{name}.ipynb").is_file()]


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
        The names of the chapters that failed.

    """
    drop_stale(root)
    cache = get_cache(str(cache_path(root)))
    for notebook in chapters(root):
        cache.add_nb_to_project(str(notebook))
    waiting = cache.list_unexecuted()
    if not waiting:
        print("chapters: all results are cached")
        return []
    if "fork" in mp.get_all_start_methods():
        mp.set_start_method("fork", force=True)
    logger = logging.getLogger("eastward.build")
    logger.setLevel(REPORT_LEVEL)
    mp.get_logger().addFilter(_Progress(len(waiting)))
    result = load_executor("local-parallel", cache, logger).run_and_cache(timeout=timeout)
    failed = [*result.excepted, *result.errored]
    for record in cache.list_project_records():
        if record.uri in failed and record.traceback:
            print(f"\n{record.uri}\n{record.traceback}", file=sys.stderr)
    return [Path(uri).stem for uri in failed]


def main() -> int:
    """``python -m eastward.build``: execute all chapters that need it."""
    argparse.ArgumentParser(description=main.__doc__).parse_args()
    failed = execute(data.root())
    if failed:
        print(f"chapters that failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
