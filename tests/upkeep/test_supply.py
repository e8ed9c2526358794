"""What the project is built with is pinned, hashed and the same wherever it is set up: pip, npm, workflows, Binder, devcontainer."""

from __future__ import annotations

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


@pytest.mark.parametrize("name", ["requirements", "requirements-citation"])
def test_every_python_package_has_its_hash(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^ *#.*\n", "", text).replace("\\\n", " ").strip())
    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,-]+\])?==[0-9][^ ;]*", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry[:80]


def schema_errors(file: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", file]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda f: f.stem)
def test_workflow_has_the_syntax_of_github(file: Path) -> None:
    done = schema_errors(file)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("mistake", [("runs-on", "run-on"), ("uses", "use"), ("permissions", "permission")])
def test_a_wrong_word_in_a_workflow_is_seen(mistake: tuple[str, str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(re.sub(rf"\b{mistake[0]}:", f"{mistake[1]}:", WORKFLOWS[0].read_text(encoding="utf-8")))
    assert schema_errors(wrong).returncode == 1


def steps(file: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda f: f.stem)
def test_actions_are_pinned_by_commit_and_name_their_version(file: Path) -> None:
    used = [step["uses"] for step in steps(file) if "uses" in step]
    assert used
    lines = re.findall(r"(?m)^\s*(?:- )?uses: *(.+)$", file.read_text(encoding="utf-8"))
    assert len(lines) == len(used)
    for line in lines:
        assert re.fullmatch(r"[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_one_action_has_one_commit_everywhere() -> None:
    pins = {step["uses"] for file in WORKFLOWS for step in steps(file) if "uses" in step}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda f: f.stem)
def test_workflow_may_only_read_unless_a_job_says_more(file: Path) -> None:
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["permissions"] == {"contents": "read"}


def targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))


def test_every_way_to_set_up_reads_the_same_files() -> None:
    """Workflows and devcontainer install apt.txt and call make; Binder reads apt.txt and requirements.txt by convention."""
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    commands = [container["onCreateCommand"], container["postCreateCommand"]]
    commands += [step["run"] for file in WORKFLOWS for step in steps(file) if "run" in step]
    installs = [c for c in commands if "apt-get install" in c]
    builds = [f for f in WORKFLOWS if re.search(r"make book|\.ci/run", f.read_text(encoding="utf-8"))]
    assert len(installs) == 1 + len(builds)
    assert len(set(installs)) == 1, "apt.txt is read in one way"
    assert "apt.txt" in installs[0]
    called = {word for c in commands for word in re.findall(r"\bmake ([a-z-]+)", c)}
    assert called
    assert called <= targets()
    for script in {word for c in commands for word in shlex.split(c) if word.startswith(".ci/")}:
        assert os.access(ROOT / script, os.X_OK)
    # repo2docker reads the folder binder/ or .binder/ instead of the top, if there is one.
    assert not any((ROOT / name).exists() for name in ("binder", ".binder", "environment.yml", "Dockerfile"))
    assert (ROOT / "apt.txt").is_file()
    assert "requirements.txt" in (ROOT / "Makefile").read_text(encoding="utf-8")
    post = ROOT / "postBuild"
    assert os.access(post, os.X_OK)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for text in (post.read_text(encoding="utf-8"), makefile):
        assert re.search(r"--no-build-isolation .*-e \.", text), "the package comes on top of what is pinned"


def test_python_of_the_devcontainer_and_the_workflows_is_the_one_pinned_for() -> None:
    lowest = re.search(r"--python-version (\d+\.\d+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert lowest
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert f":{lowest[1]}-" in container["image"]
    for file in WORKFLOWS:
        assert f'"{lowest[1]}"' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("script", "code", "told"),
    [
        (
            "echo '{\"error\": {}}'; exit 1",
            2,
            "audit: offline: npm's advisories cannot be reached, no npm package was checked\n",
        ),
        ("echo auditReportVersion; exit 0", 0, ""),
        ("echo auditReportVersion; exit 1", 2, ""),
    ],
    ids=["offline", "nothing known", "vulnerable"],
)
def test_audit_of_npm(script: str, code: int, told: str, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("MAKEFLAGS", None)
    done = subprocess.run(
        ["make", "--no-print-directory", "audit-npm"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert done.stderr.startswith(told)
    assert ("offline" in done.stderr) == bool(told)


def test_audit_of_python_fails_where_nothing_could_be_checked() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"(?<=/)pip-audit .*", text) == [
        "pip-audit --strict --require-hashes --disable-pip -r $$name.txt || exit 1; done"
    ]
