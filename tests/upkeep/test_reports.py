"""Tables of measurements are written by code, between marks that their pages have."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from eastward import data

ROOT = data.root()


@pytest.fixture()
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("report", ROOT / "benchmarks" / "report.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def test_a_table_replaces_the_former_one_and_nothing_else(report: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- one -->\nold\n<!-- /one -->\nafter <!-- two -->\n<!-- /two -->\n")
    for _ in range(2):
        report.write("page.md", "one", r"| \1 |")
    assert page.read_text() == "before\n<!-- one -->\n| \\1 |\n<!-- /one -->\nafter <!-- two -->\n<!-- /two -->\n"
    with pytest.raises(ValueError, match="page.md needs one pair of marks <!-- three -->"):
        report.write("page.md", "three", "")


@pytest.mark.parametrize(
    ("script", "page", "mark"),
    [("build", "README.md", "bench"), ("growth", "book/rerun.md", "growth"), ("mutants", "tests/faults.md", "mutants")],
)
def test_every_script_has_its_place(script: str, page: str, mark: str) -> None:
    assert f'write("{page}", "{mark}", ' in (ROOT / "benchmarks" / f"{script}.py").read_text(encoding="utf-8")
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(rf"(?s)<!-- {mark} -->\n(.*?)<!-- /{mark} -->", text)
    assert len(found) == 1
    assert "|---" in found[0], "the table has been written"


def test_every_surviving_mutant_of_the_page_has_a_reason() -> None:
    reasons = yaml.safe_load((ROOT / "benchmarks" / "mutants.yaml").read_text(encoding="utf-8"))
    page = (ROOT / "tests" / "faults.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (\d+) \| (.*?) \| (.*?) \|$", page)
    assert [(change, why) for _, change, why in rows] == [(r["change"], r["why"]) for r in reasons]
    total, killed = (
        int(n.replace(",", ""))
        for n in re.search(r"(?m)^\| all \| ([\d,]+) \| ([\d,]+) \|", page).groups()  # type: ignore[union-attr]
    )
    assert sum(int(count) for count, _, _ in rows) == total - killed
    assert killed / total >= 0.97
