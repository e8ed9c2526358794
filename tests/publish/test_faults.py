"""Faults of data, chapters and machine: each gives its clear error, and nothing half-written is ever trusted.

``tests/faults.md`` lists all of them; a test holds that page and these tests together. More faults of the data stand in
``test_data.py``.
"""

import ast
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from eastward import data
from eastward.data import DataError
from eastward.publish import contents, execution, exports, press
from eastward.publish.__main__ import DOCTREES
from tests.conftest import PackageCopy, copied_book

TABLE = "trade_russian_customs"
BIB, PACKAGE = "book/references.bib", "data/datapackage.json"
ROOT = data.root()
ONE_SOURCE = {"partner": "ASIA", "period": "2023", "flow": "exports", "unit": "USD bn", "source": "yahoo2024reuters"}


# --- data ---------------------------------------------------------------------------------------------------------


def test_outlier_is_refused_until_it_is_declared(package: PackageCopy) -> None:
    package.edit(TABLE, "value", "30660", **ONE_SOURCE)
    descriptor = package.folder / PACKAGE
    before, lines = descriptor.read_bytes(), package.path(TABLE).read_text(encoding="utf-8").splitlines()
    for check in (data.validate, data.accept):
        with pytest.raises(DataError, match="30660 is over 20 times each of its neighbours .* check unit") as caught:
            check()
        assert caught.value.column == "value"
        assert ",30660," in lines[(caught.value.row or 0) - 1]
    assert descriptor.read_bytes() == before
    assert list(descriptor.parent.glob("*.tmp")) == []
    content = json.loads(before)
    next(r for r in content["resources"] if r["name"] == TABLE)["jump"] = 1000
    descriptor.write_text(json.dumps(content), encoding="utf-8")
    assert data.accept() == [TABLE]


def test_most_outliers_are_seen() -> None:
    """Every figure of the package in turn, a hundred times too large: the share that the check on neighbours finds."""
    seen = total = 0
    for table in data.tables():
        frame = data.load(table)
        if "period" not in frame or "value" not in frame or frame["value"].dtype != "float64":
            continue
        for position in (i for i in range(0, len(frame), 40) if frame["value"].iloc[i] > 0):
            changed = frame.copy()
            changed.loc[position, "value"] *= 100
            total += 1
            seen += data.jump_in(changed, data.describe(table)) is not None
    assert total > 150
    assert seen / total > 0.67


@pytest.mark.parametrize(
    ("name", "change", "match"),
    [
        (BIB, lambda raw: raw[:-200], "references.bib: cannot be read"),
        (BIB, None, "references.bib: the file is missing"),
        (
            BIB,
            lambda raw: re.sub(rb"(?s)@\w+\{bloomingdale2023rt,.*?\n\}\n", b"", raw),
            "row 2, column source: unknown",
        ),
        (PACKAGE, lambda raw: raw[: len(raw) // 2], "datapackage.json, row .*: cannot be read"),
        (PACKAGE, lambda raw: b"[]", "lists no tables"),
        (PACKAGE, lambda raw: raw.replace(b'"path": "agency', b'"path": "../agency', 1), "leaves the folder data/"),
        (PACKAGE, lambda raw: raw.replace(b'"number"', b'"numeral"'), "no known type"),
        (PACKAGE, None, "datapackage.json: the file is missing; restore it"),
    ],
)
def test_damaged_description(package: PackageCopy, name: str, change: Callable[..., bytes], match: str) -> None:
    file = package.folder / name
    before = file.read_bytes()
    file.unlink()
    if change:
        file.write_bytes(change(before))
    with pytest.raises(DataError, match=match):
        data.load(TABLE)


# --- chapters -----------------------------------------------------------------------------------------------------

GOOD = ["import pathlib", "print('sum', pathlib.Path('../data/table.csv').read_text())"]
ALSO_GOOD = [*GOOD, "print('another chapter')"]


class Book:
    """A small book in a folder, built by ``python -m eastward.publish`` in a process of its own."""

    def __init__(self, folder: Path, **chapters: list[str]):
        self.folder = folder
        for part in ("data", "notebooks", "book"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "data" / "table.csv").write_text("1\n")
        for name, cells in (chapters or {"two": GOOD}).items():
            self.write(name, cells)

    def write(self, name: str, cells: list[str]) -> None:
        made = [nbformat.v4.new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells)]
        nbformat.write(nbformat.v4.new_notebook(cells=made), self.folder / "notebooks" / f"{name}.ipynb")
        names = sorted(p.stem for p in (self.folder / "notebooks").glob("*.ipynb"))
        listed = "".join(f"- file: notebooks/{n}\n" for n in names)
        (self.folder / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{listed}")

    def start(self, *arguments: str, within: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        command = [*within, sys.executable, "-m", "eastward.publish", "--timeout=20", *arguments]
        environment, pipe = {**os.environ, "EASTWARD_ROOT": str(self.folder)}, subprocess.PIPE
        return subprocess.Popen(command, env=environment, cwd=self.folder, stdout=pipe, stderr=pipe, text=True)

    def build(self, *arguments: str, within: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, within=within)
        out, errors = process.communicate(timeout=240)
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)

    def printed(self) -> dict[str, str]:
        """What each chapter printed whose results the cache holds."""
        found = {file.stem: notebook.cells for file, notebook in execution.results(self.folder) if notebook}
        return {n: "".join(o.get("text", "") for c in cells for o in c["outputs"]) for n, cells in found.items()}

    def is_whole(self) -> None:
        """A build of the mended book works and holds every chapter."""
        done = self.build()
        assert done.returncode == 0, done.stderr
        assert self.printed().keys() == {p.stem for p in (self.folder / "notebooks").glob("*.ipynb")}


@pytest.fixture()
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book")


@pytest.mark.parametrize(
    ("cells", "match"),
    [
        (["1 / 0"], "ZeroDivisionError"),
        (["import time; time.sleep(600)"], "CellTimeoutError|timed out"),
        (["import os; os._exit(3)"], "DeadKernelError|Kernel died"),
        (["print(later)", "later = 1"], "NameError"),
        (["import warnings; warnings.warn('an old method')"], "prints a warning[\\s\\S]*an old method"),
        (["open('../data/table.csv', 'w').write('2')"], "changed while the chapters ran: data/table.csv. If a chapter"),
        (["open('../data/more.parquet', 'w').write('2')"], "changed while the chapters ran: data/more.parquet"),
        (["open('left.txt', 'w').write('for another chapter')"], "changed while the chapters ran: notebooks/left.txt"),
    ],
    ids=["raises", "hangs", "dies", "run order", "warns", "writes data", "adds data", "leaves a file"],
)
def test_bad_chapter_stops_the_build(book: Book, cells: list[str], match: str) -> None:
    book.write("one", cells)
    done = book.build("--timeout=3", "--", "touch", "built")
    assert done.returncode == 1
    assert re.search(match, done.stderr), done.stderr[-2000:]
    assert re.search("changed while|chapters that failed: one", done.stderr)
    assert not (book.folder / "built").exists(), "what follows the chapters is not begun"
    assert "one" not in book.printed()


def test_mended_chapter_builds(book: Book) -> None:
    book.write("one", ["1 / 0"])
    assert book.build().returncode == 1
    book.write("one", ALSO_GOOD)
    book.is_whole()


def test_chapters_with_the_same_code_share_one_result(book: Book) -> None:
    """A cache keyed on code has one result for them: it is computed once, and each chapter gets it."""
    for name in ("one", "three"):
        book.write(name, [*GOOD, "3"])
    done = book.build()
    assert done.returncode == 0, done.stderr
    assert len(re.findall("executing (one|two|three)", done.stdout + done.stderr)) == 2
    assert len(list(execution.cache_path(book.folder).glob("executed/*"))) == 2
    assert book.printed() == dict.fromkeys(("one", "three", "two"), "sum 1\n\n")


def test_kernels_talk_in_cipher(book: Book) -> None:
    code = "from ipykernel.connect import get_connection_info\nassert 'curve_secretkey' in get_connection_info()"
    book.write("one", [code])
    done = book.build()
    assert done.returncode == 0, done.stderr
    assert "without encryption" not in done.stderr


# --- machine ------------------------------------------------------------------------------------------------------


def namespace(*flags: str) -> tuple[str, ...]:
    """A command that runs another one apart from this system's mounts or network; skip where the system forbids that."""
    prefix = ("unshare", "--map-root-user", *flags)
    if not shutil.which("unshare") or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets no process have mounts or a network of its own (unshare)")
    return prefix


def test_full_disk(book: Book) -> None:
    script = f"""mount -t tmpfs -o size=200k tmpfs "{book.folder}/_build" && shift && "$@"; code=$?
        ls -R "{book.folder}/_build" >&2; exit $code"""
    (book.folder / "_build").mkdir()
    book.write("one", ["print('x' * 1_000_000)"])
    done = book.build(within=(*namespace("--mount"), "sh", "-c", script, "sh", "--"))
    assert done.returncode == 1
    assert "build:" in done.stderr or "chapters that failed: one" in done.stderr
    assert re.search("disk is full|No space left", done.stderr), done.stderr[-2000:]
    book.is_whole()


def test_record_without_its_notebook_is_not_trusted(book: Book) -> None:
    book.write("one", ALSO_GOOD)
    book.is_whole()
    for damage in (lambda file: file.write_bytes(file.read_bytes()[:50]), Path.unlink):
        damage(min(execution.cache_path(book.folder).glob("executed/*/base.ipynb")))
        book.is_whole()


def test_killed_build(book: Book) -> None:
    book.write("one", ["import time; open('../begun', 'w').close(); time.sleep(15)", *ALSO_GOOD])
    with book.start() as process:
        deadline = time.monotonic() + 120
        while not (book.folder / "begun").exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.kill()
    book.write("one", ALSO_GOOD)
    book.is_whole()


def test_warning_of_sphinx_fails_the_next_build_too(book: Book) -> None:
    """Sphinx alone would warn once, keep what it has read, and call the same sources good the next time."""
    (book.folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    (book.folder / "_config.yml").write_text("title: Small\nonly_build_toc_files: true\n")
    index = book.folder / "book" / "index.md"
    sphinx = (str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "-n", "--keep-going")
    for text, fails in (("# Index\n\n[missing](missing.md)\n", True), ("# Index\n", False)):
        index.write_text(text)
        for _ in range(2):
            done = book.build("--", *sphinx)
            assert bool(done.returncode) is fails, done.stderr[-2000:]
            assert ("missing.md" in done.stderr) is fails


@pytest.mark.parametrize("end", ["exit 1", "kill -9 $PPID; kill -9 $$"], ids=["failed", "killed"])
def test_pages_of_a_run_that_did_not_end_are_written_again(book: Book, end: str) -> None:
    read = [book.folder / folder / "environment.pickle" for folder in DOCTREES]
    for file in read:
        file.parent.mkdir(parents=True)
        file.touch()
    assert book.build("--", "sh", "-c", "true").returncode == 0
    assert book.build("--", "sh", "-c", end).returncode != 0
    assert all(file.exists() for file in read)
    assert book.build("--", "sh", "-c", f"! ls '{read[0]}' '{read[1]}'").returncode == 0
    assert not any(file.exists() for file in read)


def test_two_builds_at_once(book: Book) -> None:
    book.write("one", ALSO_GOOD)
    lock = book.folder / "_build" / ".lock"
    lock.parent.mkdir()
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = book.start()
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"build: another build runs in {book.folder}; ")
        assert not execution.cache_path(book.folder).exists(), "the second build touches nothing yet"
    _, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    assert book.printed().keys() == {"one", "two"}


def test_read_only_checkout(book: Book) -> None:
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && "$@"'
    done = book.build(within=(*namespace("--mount"), "sh", "-c", script, "sh", str(book.folder)))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"build: {book.folder} cannot be written (Read-only file system): ")
    assert not (book.folder / "_build").exists()


def test_path_with_spaces_and_other_letters(tmp_path: Path) -> None:
    Book(tmp_path / "Ost wärts 向东 на восток").is_whole()


LOOPBACK = """
import fcntl, os, socket, struct, sys
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8914, struct.pack("16sh14x", b"lo", 0x41))
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Starts the loopback, which kernels talk over, and runs a command."""


def test_settings_of_the_one_who_builds_do_not_count(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """A python3 kernel of another program, a startup file and a backend that fail, a style that would crop drawings."""
    tmp_path = book.folder.parent
    kernel, startup = tmp_path / "jupyter" / "kernels" / "python3", tmp_path / "ipython" / "profile_default" / "startup"
    for folder in (kernel, startup, tmp_path / "config"):
        folder.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["false"], "display_name": "other", "language": "python"}')
    (startup / "00.py").write_text("raise SystemExit(1)")
    (tmp_path / "matplotlibrc").write_text("savefig.bbox: tight")
    (tmp_path / "config" / "jupyter_config.py").write_text("1 / 0")
    paths = {"JUPYTER_PATH": "jupyter", "JUPYTER_DATA_DIR": "jupyter", "IPYTHONDIR": "ipython"}
    for name, path in (paths | {"JUPYTER_CONFIG_DIR": "config", "MATPLOTLIBRC": "matplotlibrc"}).items():
        monkeypatch.setenv(name, str(tmp_path / path))
    monkeypatch.setenv("MPLBACKEND", "TkAgg")
    code = "assert mpl.rcParams['savefig.bbox'] != 'tight' and 'inline' in mpl.get_backend()"
    book.write("one", ["import matplotlib as mpl", code])
    book.is_whole()


def test_a_copied_checkout_gets_an_environment_of_its_own(tmp_path: Path) -> None:
    """The copied one would run the other folder's package, and so read its data."""
    for name in ("Makefile", "apt.txt", "apt-test.txt", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    mark = tmp_path / ".venv" / "bin" / ".installed"
    for folder, cleared in (("/elsewhere", True), (str(tmp_path), False)):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(folder + "\n")
        subprocess.run(["make", "-n", "html"], cwd=tmp_path, capture_output=True, check=True)
        assert mark.exists() is not cleared


def test_no_network(book: Book) -> None:
    done = book.build(within=(*namespace("--net"), sys.executable, "-c", LOOPBACK))
    assert done.returncode == 0, done.stderr
    assert book.printed() == {"two": "sum 1\n\n"}


LISTENER = """
import os, sys
def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        host = arguments[1][0] if event != "socket.getaddrinfo" and isinstance(arguments[1], tuple) else arguments[0]
        if isinstance(host, str) and host not in ("127.0.0.1", "::1", "localhost"):
            with open(os.environ["HOSTS_ASKED"], "a") as file:
                file.write(f"{event} {host}\\n")
sys.addaudithook(note)
"""
"""Imported by every Python as it starts: notes each host that it looks for, whether or not there is a network."""


@pytest.mark.book
def test_html_book_without_network(tmp_path: Path) -> None:
    """`make html` as a user runs it, with everything installed and the chapters in the cache, in a network of its own."""
    (copied_book(tmp_path / "book", ".jupyter_cache", "contest") / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "sitecustomize.py").write_text(LISTENER)
    asked = tmp_path / "asked"
    environment = {**os.environ, "EASTWARD_ROOT": str(tmp_path / "book"), "HOSTS_ASKED": str(asked)}
    environment["PYTHONPATH"] = f"{tmp_path / 'book' / 'src'}{os.pathsep}{tmp_path}"
    ask = [sys.executable, "-c", "import socket; socket.getaddrinfo('example.org', 443)"]
    apart = (*namespace("--net"), sys.executable, "-c", LOOPBACK)
    assert subprocess.run([*apart, *ask], env=environment, capture_output=True, check=False).returncode == 1
    assert asked.read_text() == "socket.getaddrinfo example.org\n", "the listener listens, and there is no network"
    asked.unlink()
    command = [*apart, sys.executable, "-m", "eastward.publish", "html"]  # as without make
    done = subprocess.run(command, cwd=tmp_path / "book", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert not asked.exists(), asked.read_text()
    site, ours = tmp_path / "book" / "_build" / "html", ROOT / "_build" / "html"
    for chapter in contents.chapters(ROOT):
        page = f"notebooks/{chapter.stem}.html"
        assert (site / page).stat().st_size > 0.9 * (ours / page).stat().st_size
        assert "Traceback" not in (site / page).read_text(encoding="utf-8")


def test_no_tex(tmp_path: Path) -> None:
    for tool in ("bash", "sh", "grep", "env", "make"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    command = [tmp_path / "make", "pdf", "--old-file=.venv/bin/.installed", f"PATH={tmp_path}"]
    environment = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert re.search("TeX is missing.*apt-get install.*latexmk", done.stderr)


def typeset(root: Path, *_: str) -> None:
    """Stands in for jupyter-book, which has nothing to do where there is a PDF."""
    if not (file := root / "_build/pdf/_build/latex/eastward.pdf").exists():
        file.write_text("whole\n")


def test_half_a_pdf_is_never_taken_for_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a killed build, and on a full disk."""

    def full(source: Path, target: Path) -> None:
        target.write_text("wh")
        raise OSError(28, "No space left on device")

    inner, outer = tmp_path / "_build/pdf/_build/latex/eastward.pdf", tmp_path / "_build/eastward.pdf"
    inner.parent.mkdir(parents=True)
    monkeypatch.setattr(press, "jupyter_book", typeset)
    for _ in range(2):
        assert press.pdf(tmp_path) == 0
        assert outer.read_text() == "whole\n"
        inner.write_text("wh")
    monkeypatch.setattr(press.shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        press.pdf(tmp_path)
    assert outer.read_text() == "whole\n"
    assert list(outer.parent.glob("*.part")) == []


def test_failed_exports_leave_the_former_ones(tmp_path: Path) -> None:
    target = tmp_path / "exports"
    (tmp_path / "exports.part").mkdir()
    (tmp_path / "exports.part" / "left.txt").write_text("of a killed run")
    for text in ("former", "new"):
        with exports._replacing(target) as part:
            (part / "page.html").write_text(text)
        assert [f.name for f in target.iterdir()] == ["page.html"]

    with pytest.raises(OSError, match="No space left"), exports._replacing(target):
        raise OSError(28, "No space left on device")
    assert (target / "page.html").read_text() == "new"
    assert [f.name for f in tmp_path.iterdir()] == ["exports"]


# --- the page -----------------------------------------------------------------------------------------------------


def test_page_lists_every_fault_tested() -> None:
    page = (ROOT / "tests" / "faults.md").read_text(encoding="utf-8")
    named = re.findall(r"\*((?:book/)?\w+)\*: ([a-z0-9 ]*[a-z0-9])", page)
    listed = [(module.rpartition("/")[2], "test_" + words.replace(" ", "_")) for module, words in named]
    for module, name in listed:
        trees = [ast.parse(f.read_text(encoding="utf-8")) for f in (ROOT / "tests").rglob(f"test_{module}.py")]
        found = {n.name for tree in trees for n in tree.body if isinstance(n, ast.FunctionDef)}
        assert name in found, f"no test {module}::{name}"
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    ours = {n.name for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")}
    assert ours - {name for _, name in listed} == {"test_page_lists_every_fault_tested"}
