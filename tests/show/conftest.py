"""All figures of the book, drawn once by the chapters' own code."""

from __future__ import annotations

import pytest

from eastward.show.figure import Figure
from tests.chapter import CHAPTERS, run


@pytest.fixture(scope="session")
def drawn() -> dict[str, Figure]:
    """Every figure of the chapters by its id."""
    return {name: figure for stem in CHAPTERS for name, figure in run(stem).figures.items()}
