"""Growth: build time and memory against chapters, load time against rows, each with the slope in log-log (1 is linear).

``--chapters 10 50 200`` and ``--rows 1000 ... 10000000`` set the sizes, two of each at least. Chapters are tiny and synthetic: what is measured is the
machinery, not the arithmetic of one chapter.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
from report import machine, write


def book(folder: Path, chapters: int) -> None:
    """Write a book of so many tiny chapters."""
    for part in ("notebooks", "book", "data"):
        (folder / part).mkdir()
    (folder / "book" / "index.md").write_text("# Index\n")
    lines = ["format: jb-book", "root: book/index", "chapters:"]
    for i in range(chapters):
        cells = [nbformat.v4.new_markdown_cell(f"# Chapter {i}"), nbformat.v4.new_code_cell(f"print({i})")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebooks" / f"{i:04d}.ipynb")
        lines.append(f"- file: notebooks/{i:04d}")
    (folder / "_toc.yml").write_text("\n".join(lines) + "\n")
    (folder / "_config.yml").write_text(
        "title: Growth\nonly_build_toc_files: true\nexecute: {execute_notebooks: cache}\n"
        "sphinx: {config: {nb_execution_cache_path: " + str(folder / "_build" / ".jupyter_cache" / "x") + "}}\n"
    )


def run(*command: str | Path, **environment: str) -> tuple[float, float]:
    """Seconds of a command, and MB of the largest process of it and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - start, usage.ru_maxrss / 1000


def build(chapters: int) -> tuple[float, float, float]:
    """Seconds of execution, seconds of Sphinx, MB of the largest process for a book of so many chapters."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book(folder, chapters)
        executed, kernel = run(sys.executable, "-m", "eastward.publish", EASTWARD_ROOT=name)
        config = (folder / "_config.yml").read_text()
        (cache,) = (folder / "_build" / ".jupyter_cache").iterdir()
        (folder / "_config.yml").write_text(config.replace(str(cache.parent / "x"), str(cache)))
        rendered, sphinx = run(Path(sys.executable).with_name("jupyter-book"), "build", name, "--quiet")
        return executed, rendered, max(kernel, sphinx)


def load(rows: int) -> tuple[float, float]:
    """Seconds and MB of a first load, checks included, of a table of so many rows, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "book").mkdir()
        (folder / "book" / "references.bib").write_text("@misc{one, title={One}, date={2024}}\n")
        fields = [{"name": "id", "type": "integer"}, {"name": "period", "type": "string"}]
        fields += [{"name": "value", "type": "number"}, {"name": "source", "type": "string"}]
        table = {"name": "t", "path": "t.csv", "schema": {"fields": fields, "primaryKey": ["id"]}}
        (folder / "data" / "datapackage.json").write_text(json.dumps({"resources": [table]}))
        with (folder / "data" / "t.csv").open("w") as file:
            file.write("id,period,value,source\n")
            file.writelines(f"{i},{2000 + i % 25},{i % 997}.5,one\n" for i in range(rows))
        code = (
            "import resource, time; from eastward import data; s = time.perf_counter(); data.load('t'); "
            "print(time.perf_counter() - s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)"
        )
        environment = {**os.environ, "EASTWARD_ROOT": name}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        seconds, memory = done.stdout.split()
        return float(seconds), float(memory)


def slope(sizes: list[int], values: list[float]) -> float:
    """Exponent of growth between the two largest sizes: 1 is linear."""
    (a, b), (x, y) = sizes[-2:], values[-2:]
    return float(np.log(y / x) / np.log(b / a))


def of_rows(sizes: list[int]) -> str:
    """Table of the load of so many rows, with the exponent of its growth."""
    loads = [load(n) for n in sizes]
    lines = ["| Rows of a table | First load with all checks, seconds | Memory, MB |", "|---:|---:|---:|"]
    lines += [f"| {n:,} | {seconds:.2f} | {memory:,.0f} |" for n, (seconds, memory) in zip(sizes, loads, strict=True)]
    power = slope(sizes, [seconds for seconds, _ in loads])
    return "\n".join(
        [*lines, "", f"Time grows with the power {power:.2f} of the rows (1 is linear), between the two largest."]
    )


def of_chapters(sizes: list[int]) -> str:
    """Table of the build of so many chapters, with the exponents of its growth."""
    builds = [build(n) for n in sizes]
    lines = ["| Chapters | Execution, seconds | Sphinx, seconds | Largest process, MB |", "|---:|---:|---:|---:|"]
    for n, (executed, sphinx, memory) in zip(sizes, builds, strict=True):
        lines.append(f"| {n} | {executed:.0f} | {sphinx:.0f} | {memory:,.0f} |")
    run, render = (slope(sizes, [b[k] for b in builds]) for k in (0, 1))
    return "\n".join(
        [
            *lines,
            "",
            f"Execution grows with the power {run:.2f} of the chapters, Sphinx with {render:.2f}, between the two largest.",
        ]
    )


def main() -> None:
    """Measure and print two tables; with ``--page`` write them into ``book/rerun.md``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chapters", type=int, nargs="*", default=[10, 50, 200])
    parser.add_argument("--rows", type=int, nargs="*", default=[10**k for k in range(3, 8)])
    parser.add_argument("--page", action="store_true", help="write the tables into book/rerun.md")
    given = parser.parse_args()
    text = "\n\n".join([f"Measured by `make growth`: {machine()}.", of_rows(given.rows), of_chapters(given.chapters)])
    print(text)
    if given.page:
        write("book/rerun.md", "growth", text)


if __name__ == "__main__":
    main()
