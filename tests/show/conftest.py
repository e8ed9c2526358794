"""All chapters, run once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eastward.show.figure import Figure
from tests.chapter import CHAPTERS, Run


@pytest.fixture(scope="session")
def chapters(ran: Callable[[str], Run]) -> dict[str, Run]:
    """What each chapter shows and computes."""
    return {stem: ran(stem) for stem in CHAPTERS}


@pytest.fixture(scope="session")
def drawn(chapters: dict[str, Run]) -> dict[str, Figure]:
    """Every figure of the chapters by its id."""
    return {name: figure for chapter in chapters.values() for name, figure in chapter.figures.items()}
