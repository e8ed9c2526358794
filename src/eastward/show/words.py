"""How values, periods, sources and statuses are written for readers: as MyST for the book, as HTML for a notebook."""

import html
import json
import math
import os
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from eastward import data
from eastward.claims.verdicts import ICONS
from eastward.show.theme import STATUS_COLOURS

_MONTHS = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]


def number(value: float | date | bool | str | None, digits: int = 3) -> str:
    """Write an observed value for readers: dates and intervals in words, truth as yes or no, numbers with ``digits`` significant digits."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return in_words(value)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if float(value) == int(value) and abs(value) < 1e6:
        return f"{int(value)}".replace("-", "−")
    order = math.floor(math.log10(abs(value)))  # a small number keeps two digits at least
    decimals = max(0, digits - order - 1) if order >= 0 else max(digits, 1 - order)
    written = f"{value:,.{decimals}f}".replace(",", " ").replace("-", "−")
    return written.rstrip("0").rstrip(".") if "." in written else written


def in_words(period: str) -> str:
    """Write an ISO 8601 year, month, day or interval for readers, such as ``January 2022 to March 2022``."""
    written = []
    for part in period.split("/"):
        year, *rest = part.split("-")
        words = [str(int(rest[1]))] if len(rest) > 1 else []
        written.append(" ".join([*words, *([_MONTHS[int(rest[0]) - 1]] if rest else []), year]))
    return " to ".join(written)


def worded(text: object) -> str:
    """Write days and spans, a claim's second question (``C14.so``) and keys of sources in a text as readers know them."""
    known = data.sources()

    def named(found: re.Match[str]) -> str:
        source = known.get(found[0])
        return f"{source.cited or source.publisher} {source.year}" if source else found[0]

    span = r"(?<![\w/-])\d{4}-\d\d(?:-\d\d)?(?:/[\d-]+)?(?![\w-])"
    said = re.sub(span, lambda found: in_words(found[0]), re.sub(r"\b(C\d\d)\.so\b", r"\1 (is it so?)", str(text)))
    return re.sub(r"\b[a-z]\w+\b", named, said)


def escape(text: object) -> str:
    """Make data text safe to stand in MyST: no HTML, no markup, no list, no directive can come out of it."""
    plain = re.sub(r"\s+", " ", str(text)).strip()
    marked = re.sub(r"([\\`*_{}\[\]<>#|$~^@:])", r"\\\1", plain)
    return re.sub(r"^(\d*)([-+.)] )", r"\1\\\2", marked)


def cite(keys: Iterable[str], most: int = 4) -> str:
    """Return a MyST citation of sources; the first ``most``, and how many more there are."""
    known = list(dict.fromkeys(keys))
    return f"{{cite:p}}`{','.join(known[:most])}`{_more(known, most)}" if known else ""


def _more(known: list[str], most: int) -> str:
    return f" and {len(known) - most} more" if len(known) > most else ""


def cited(keys: Iterable[str], most: int = 4) -> str:
    """Return an HTML citation of sources with links, as :func:`cite` does for the book."""
    known, links = list(dict.fromkeys(keys)), []
    for key in known[:most]:
        source = data.sources()[key]
        text = html.escape(f"{source.cited or source.publisher} {source.year}")
        links.append(f'<a href="{html.escape(source.url)}">{text}</a>' if source.url else text)
    return f"({'; '.join(links)}){_more(known, most)}" if links else ""


def status_class(status: str) -> str:
    """CSS class of a status: ``verdict-supported-with-caveats``."""
    return "verdict-" + re.sub(r"[^a-z]+", "-", status.lower())


def badge(status: str) -> str:
    """Inline MyST of a status: icon, words and the class that colours it."""
    return f"[{ICONS[status]} {status}]{{.{status_class(status)} .ew-status}}"


def coloured(status: str) -> str:
    """Inline HTML of a status: icon and words in its colour."""
    return f'<strong style="color:{STATUS_COLOURS[status]}">{ICONS[status]} {html.escape(status)}</strong>'


@lru_cache(maxsize=8)
def _places(folder: Path, _stamp: tuple[tuple[str, int], ...]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for chapter in sorted(folder.glob("*.ipynb")):
        cells = json.loads(data.in_parts(chapter).read_text(encoding="utf-8"))["cells"]
        code = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        for name in re.findall(r'"(fig-[a-z0-9-]+)"', code):
            found.setdefault(name, (f"Fig. {len(found) + 1}. ", f"notebooks/{chapter.stem}.html#{name}"))
    return found


def labelled(name: str) -> str:
    """Return ``Fig. 14. `` for the id of a figure that a chapter shows, counted through all chapters."""
    return _place(name)[0]


def figure_address(name: str) -> str:
    """Return the address of a figure that a chapter shows; empty where ``EASTWARD_URL`` does not give the book's."""
    base, path = os.environ.get("EASTWARD_URL", "").rstrip("/"), _place(name)[1]
    return f"{base}/{path}" if base and path else ""


def _place(name: str) -> tuple[str, str]:
    data.note("label", name)
    folder = data.root() / "notebooks"
    stamp = tuple((f.name, f.stat().st_mtime_ns) for f in sorted(folder.glob("*.ipynb")))
    return _places(folder, stamp).get(name, ("", ""))
