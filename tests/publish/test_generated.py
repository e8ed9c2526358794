"""Pages written from the data are written again when, and only when, something they show has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eastward import data
from eastward.publish.pages import generate


def test_generated_pages_follow_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = data.root()
    for name in ("data", "notebooks", "src"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (tmp_path / "book").mkdir()
    for name in ("CITATION.cff", "requirements.txt", "book/references.bib"):
        shutil.copy(root / name, tmp_path / name)
    assert generate(tmp_path)
    assert not generate(tmp_path)
    page = tmp_path / "_build" / "generated" / "claims.md"
    before = page.read_text(encoding="utf-8")
    table = tmp_path / "data" / "trade_china_customs.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",240.11,", ",240.31,"), encoding="utf-8")
    assert generate(tmp_path)
    assert page.read_text(encoding="utf-8") != before
    page.unlink()
    assert generate(tmp_path)
    assert page.is_file()
