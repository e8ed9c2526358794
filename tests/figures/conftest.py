"""All figures of the book, drawn once."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

import pytest

from eastward import figures
from eastward.figures import Figure


@pytest.fixture(scope="session")
def drawn() -> dict[str, Figure]:
    """Every figure of the package by its id."""
    found = {}
    for module in pkgutil.iter_modules(figures.__path__, "eastward.figures."):
        for _, draw in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if draw.__module__ == module.name and inspect.signature(draw).return_annotation == "Figure":
                figure = draw()
                found[figure.id] = figure
    return found
