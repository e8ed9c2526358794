"""What the book consists of, by its table of contents, and how its pages find each other."""

import html
import os
import posixpath
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml
from yaml import YAMLError

from eastward import data

ADDRESS = "EASTWARD_URL"
"""Variable of the environment with the address that the book will have: the deployment passes it, or ``make html URL=...``."""


class AddressError(ValueError):
    """An address that no reader could open: names the variable and what to write."""


def address(configured: str = "") -> str:
    """Return the address of the built book, with a slash at its end: of the environment, else as configured; may be empty.

    One that is not absolute raises :class:`AddressError`.
    """
    given = os.environ.get(ADDRESS) or configured
    if given and (urlsplit(given).scheme not in ("http", "https") or not urlsplit(given).netloc):
        advice = "write all of it, such as https://example.org/eastward/"
        raise AddressError(f"{ADDRESS}: {given!r} is no address; {advice}")
    return given.rstrip("/") + "/" if given else ""


def pages(root: Path) -> list[str]:
    """Return the pages of ``_toc.yml``, in its order, such as ``book/index`` and ``notebooks/04-trade-turnover``."""
    try:
        return list(parse_toc_yaml(root / "_toc.yml"))
    except (MalformedError, YAMLError) as error:
        raise data.DataError("_toc.yml", " ".join(str(error).split()), "write it as jupyter-book reads it") from None


def chapters(root: Path) -> list[Path]:
    """Return the notebooks of ``_toc.yml``, in its order."""
    files = (root / f"{name}.ipynb" for name in pages(root))
    return [file for file in files if file.is_file()]


def printed_pages(pdf: Path) -> dict[str, str]:
    """Pages that each chapter fills in the PDF of the book, such as ``12-19``, by its title; nothing where it was not built."""
    if not pdf.is_file():
        return {}
    with pikepdf.open(pdf) as file, file.open_outline() as outline:
        places = pikepdf.NameTree(file.Root.Names.Dests)
        items = [item for top in outline.root for item in (top, *top.children)]
        places_of = [str(item.destination or (item.action and item.action.D)) for item in items]
        # A tagged PDF names with a place also its element.
        found = [places.get(name) for name in places_of]
        targets = [place.D if isinstance(place, pikepdf.Dictionary) else place for place in found]
        starts = [-1 if target is None else pikepdf.Page(target[0]).index for target in targets]
        ends = [*(max(first, following - 1) for first, following in pairwise(starts)), len(file.pages) - 1]
        labels = [page.label for page in file.pages]
        spans = {item.title: (labels[a], labels[b]) for item, a, b in zip(items, starts, ends, strict=True) if a >= 0}
        return {title: first if first == last else f"{first}-{last}" for title, (first, last) in spans.items()}


def beside(page: str, file: str) -> str:
    """Path of a file in the folder of a page."""
    return posixpath.join(posixpath.dirname(page), posixpath.basename(file))


def rooted(page: str, root: str) -> str:
    """Return a page of the book's root whose links start at ``root``, so that it works at any depth (the 404 page)."""
    return re.sub(r'\b(href|src|action)="(?!#|/|[a-z]+:)', rf'\1="{html.escape(root.rstrip("/"))}/', page)
