"""What the book consists of, by its table of contents, and how its pages find each other."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import yaml


def pages(root: Path) -> list[str]:
    """Return the pages of ``_toc.yml``, in its order, such as ``book/index`` and ``notebooks/04-trade-turnover``."""

    def names(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                yield from [value] if key in ("file", "root") else names(value)
        elif isinstance(node, list):
            for item in node:
                yield from names(item)

    return list(names(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))))


def chapters(root: Path) -> list[Path]:
    """Return the notebooks of ``_toc.yml``, in its order."""
    files = (root / f"{name}.ipynb" for name in pages(root))
    return [file for file in files if file.is_file()]


def rooted(page: str, root: str) -> str:
    """Return a page of the book's root whose links start at ``root``, so that it works at any depth (the 404 page)."""
    return re.sub(r'\b(href|src|action)="(?!#|/|[a-z]+:)', rf'\1="{html.escape(root.rstrip("/"))}/', page)
