"""What the project is built with is pinned, hashed and the same wherever it is set up: pip, npm, workflows, Binder, devcontainer."""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from eastward import data

ROOT = data.root()
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_every_npm_package_has_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert packages.pop("")["devDependencies"] == wanted
    assert {f"node_modules/{name}" for name in wanted} <= packages.keys()
    for name, entry in packages.items():
        algorithm, _, digest = entry.get("integrity", "").partition("-")
        assert algorithm == "sha512", f"{name} has no sha512 hash"
        assert len(base64.b64decode(digest)) == 64, name


@pytest.mark.parametrize("name", ["requirements", "requirements-test", "requirements-citation"])
def test_every_python_package_has_its_hash(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^ *#.*\n", "", text).replace("\\\n", " ").strip())
    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,-]+\])?==[0-9][^ ;]*", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry[:80]


@pytest.mark.parametrize("mistake", [None, ("runs-on", "run-on"), ("uses", "use"), ("permissions", "permission")])
def test_workflows_have_the_syntax_of_github_and_a_wrong_word_is_seen(mistake: Any, tmp_path: Path) -> None:
    files = WORKFLOWS
    if mistake:
        files = [tmp_path / "wrong.yml"]
        files[0].write_text(re.sub(rf"\b{mistake[0]}:", f"{mistake[1]}:", WORKFLOWS[0].read_text(encoding="utf-8")))
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert done.returncode == bool(mistake), done.stdout


def steps(file: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


def test_actions_are_pinned_by_commit_and_name_their_version() -> None:
    """Besides, a workflow may only read, unless a job says more; one action has one commit everywhere."""
    used = {file: [step["uses"] for step in steps(file) if "uses" in step] for file in WORKFLOWS}
    for file, actions in used.items():
        text = file.read_text(encoding="utf-8")
        assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
        lines = re.findall(r"(?m)^\s*(?:- )?uses: *(.+)$", text)
        assert len(lines) == len(actions) > 0
        for line in lines:
            assert re.fullmatch(r"[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    pins = {action for actions in used.values() for action in actions}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


def test_every_way_to_set_up_reads_the_same_files() -> None:
    """Workflows install apt.txt and call make; Binder reads .binder/ alone, which leads to the lock and asks for no TeX."""
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    commands = [container["postCreateCommand"], *(s["run"] for f in WORKFLOWS for s in steps(f) if "run" in s)]
    installs = [c for c in commands if "apt-get install" in c]
    builds = [f for f in WORKFLOWS if re.search(r"make book|\.ci/run", f.read_text(encoding="utf-8"))]
    assert len(installs) == len(builds)
    assert len(set(installs)) == 1
    assert "apt.txt" in installs[0]
    called = {word for c in commands for word in re.findall(r"\bmake ([a-z-]+)", c)}
    assert called
    assert called <= {*re.findall(r"(?m)^([a-z-]+):", MAKEFILE)}
    for script in {".binder/postBuild", *(w for c in commands for w in shlex.split(c) if w.startswith(".ci/"))}:
        assert os.access(ROOT / script, os.X_OK)
    assert {f.name for f in (ROOT / ".binder").iterdir()} == {"requirements.txt", "runtime.txt", "postBuild"}
    assert (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8") == "-r ../requirements.txt\n"
    (python,) = set(re.findall(r"--python-version (\d+\.\d+)", MAKEFILE))
    assert f":{python}-" in container["image"]
    assert (ROOT / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip() == f"python-{python}"
    assert all(f'"{python}"' in file.read_text(encoding="utf-8") for file in WORKFLOWS)


def test_running_the_book_needs_no_tools_of_tests_which_fit_on_top() -> None:
    files = (ROOT / f"{name}.txt" for name in ("requirements", "requirements-test"))
    pin = re.compile(r"^([a-z0-9.-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
    book, tests = (dict(pin.findall(file.read_text(encoding="utf-8"))) for file in files)
    assert {"pytest", "playwright", "ruff", "mypy"} <= tests.keys() - book.keys()
    assert all(tests[name] == book[name] for name in book.keys() & tests.keys())


@pytest.mark.parametrize("page", ["README.md", "book/rerun.md"])
def test_commands_without_make_install_the_lock_and_the_package_and_build(page: str) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    (block,) = [b for b in blocks if "-m venv" in b]
    install, ours = "install -r requirements.txt", "install --no-deps --no-build-isolation -e ."
    commands = [line.partition(" ")[2] for line in block.splitlines()]
    assert commands == ["-m venv .venv", install, ours, "-m eastward.publish html"]
    assert "--no-deps --no-build-isolation -e ." in (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8")


def test_text_has_the_same_line_ends_wherever_it_is_checked_out() -> None:
    files = subprocess.run(["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    for line in files.splitlines():
        inside, _, attributes, *_ = line.split()
        assert inside in ("i/lf", "i/none") or attributes == "attr/-text", line


@pytest.mark.parametrize(
    ("script", "code", "told"),
    [
        ("echo '{\"error\": {}}'; exit 1", 2, "audit: offline: "),
        ("echo auditReportVersion; exit 0", 0, ""),
        ("echo auditReportVersion; exit 1", 2, ""),
    ],
    ids=["offline", "nothing known", "vulnerable"],
)
def test_audit_of_npm(script: str, code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command = ["make", "--no-print-directory", "audit-npm"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stderr.startswith(told)
    assert ("offline" in done.stderr) == bool(told)


def test_audit_of_python_fails_where_nothing_could_be_checked() -> None:
    (command,) = re.findall(r"(?<=/)pip-audit (.*)", MAKEFILE)
    assert command == "--strict --require-hashes --disable-pip -r $$name.txt || exit 1; done"
