"""Figures: one theme, fixed colours, direct labels, and for each figure its finding, alt text, sources and data.

The design of direct labels and finding-first titles follows Our World in Data; the colours of texts keep a contrast of at least
4.5 to 1 on white and on the dark theme's background; no colour speaks alone, since labels and icons say the same.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Annotation

from eastward import data
from eastward.figures.marks import LATER, Mark, Tips

COLOURS = {
    "RUS": "#2f6fc1", "CHN": "#cf4255", "EU27": "#946b00", "EUROPE": "#946b00", "USA": "#147c80", "ASIA": "#8c58b4",
    "IND": "#b55d18", "TUR": "#a0527a", "DEU": "#7d6b55", "OTHER": "#71747b",
}  # fmt: skip
"""Colour of each country or region, the same in every figure."""

CATEGORIES = [COLOURS[name] for name in ("RUS", "CHN", "EU27", "USA", "ASIA", "IND", "OTHER")]
INK = "#22262b"
GRID = "#d8dade"
PAPER = "#fdfdfd"
"""Colour of text that stands on a coloured mark."""

STATUS_COLOURS = {
    "supported": "#1a7f37", "supported with caveats": "#48831e", "imprecise": "#946b00", "contradicted": "#c93a3a",
    "official claim only": "#7a5bb0", "not testable": "#71747b", "not yet tested": "#71747b",
}  # fmt: skip
"""Colour of each verdict status; icons in `eastward.verdicts.ICONS` carry the same meaning without colour."""

_ON_PAGE = {
    INK: "currentColor",
    **{c: f"var(--ew-{c[1:]}, {c})" for c in (GRID, PAPER, *COLOURS.values(), *STATUS_COLOURS.values())},
}
"""What stands for each colour in a page: ``eastward.css`` gives the variables other values on dark ground."""

_RC = {
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.labelsize": 10,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "ytick.left": False,
    "lines.linewidth": 2.2,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.frameon": False,
    "patch.edgecolor": "none",
}


@contextmanager
def theme() -> Iterator[None]:
    """Apply the book's theme; use as ``with theme():`` or as a decorator of a function that draws."""
    style = sns.axes_style("ticks")
    with mpl.rc_context({**style, **_RC, "axes.prop_cycle": cycler(color=CATEGORIES)}):
        yield


def canvas(height: float = 3.9, columns: int = 1, width: float = 7.2, **options: Any) -> tuple[Drawing, Any]:
    """Return an empty drawing (inches) and its axes: one, or an array where ``columns`` or ``nrows`` is over one."""
    drawing = Drawing(figsize=(width, height), layout="constrained")
    return drawing, drawing.subplots(ncols=columns, **options)


def label_ends(
    axes: Axes, labels: Mapping[str, tuple[float, float]], colours: Mapping[str, str], gap: float = 0.065
) -> list[Annotation]:
    """Write each line's name at its end, moved apart where they would overlap, and return what was written, lowest first.

    Args:
        axes: where to write; its limits must be final.
        labels: text and the point (x, y) in data units where its line ends.
        colours: colour of each text.
        gap: least distance of two labels, as a share of the axis height.

    """
    low, high = axes.get_ylim()
    least = gap * (high - low)
    placed: list[tuple[str, float, float]] = []
    for text, (x, y) in sorted(labels.items(), key=lambda item: item[1][1]):
        at = y if not placed else max(y, placed[-1][2] + least)
        placed.append((text, x, at))
    return [
        axes.annotate(
            text, (x, at), xytext=(6, 0), textcoords="offset points", va="center", color=colours.get(text, INK),
            fontweight="bold", fontsize=9.5, annotation_clip=False,
        )
        for text, x, at in placed
    ]  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A figure with everything that a reader needs to trust, cite and redraw it.

    Attributes:
        id: stable id, such as ``fig-trade-turnover``; cite it and link to it.
        title: the finding, one sentence.
        subtitle: what is shown, with the unit.
        alt: text that states the finding and the numbers behind it, for those who do not see the picture.
        sources: keys of ``book/references.bib``.
        data: the numbers drawn, one row a mark. A column ``known`` tells whether a mark was public when the op-ed appeared;
            those that were not have the gid ``marks.LATER`` in the drawing.
        drawing: the matplotlib figure.
        tips: what a reader learns at the marks; none where their values are written beside them.
        title_then: the finding as the marks known when the op-ed appeared show it, where it differs from the title.

    """

    id: str
    title: str
    subtitle: str
    alt: str
    sources: tuple[str, ...]
    data: pd.DataFrame
    drawing: Drawing
    tips: tuple[Tips, ...] = ()
    title_then: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"fig-[a-z0-9-]+", self.id):
            raise ValueError(f"figure id {self.id!r} must look like 'fig-trade-turnover'")
        if len(self.alt) < 40:
            raise ValueError(f"{self.id}: the alt text must state the finding, not name the chart")

    def save(self, form: str, **options: Any) -> bytes:
        """Return the drawing as ``svg``, ``pdf`` or ``png`` (300 dpi), the same bytes every time."""
        stream = io.BytesIO()
        stamp = {
            "svg": {"Date": None, "Creator": None},
            "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
        }
        meta = stamp.get(form, {"Software": None})
        with mpl.rc_context({**_RC, "svg.hashsalt": self.id}):
            self.drawing.savefig(stream, format=form, metadata=meta, dpi=300, **options)
        # One gid for many marks: as a class it stays valid.
        return stream.getvalue().replace(f'id="{LATER}"'.encode(), f'class="{LATER}"'.encode())

    def svg(self) -> str:
        """Return an SVG element to stand in a page: it follows the page's colours and its ids are the figure's own."""
        text: str = self.save("svg").decode("utf-8")
        text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
        text = re.sub(r'\bid="([^"]+)"', rf'id="{self.id}-\1"', text)
        text = re.sub(r'(url\(#|href="#)', rf"\g<1>{self.id}-", text)
        text = re.sub("|".join(_ON_PAGE), lambda found: _ON_PAGE[found[0]], text)
        text = re.sub(r' (width|height)="[\d.]+pt"', "", text, count=2)
        return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())

    def marks(self) -> list[Mark]:
        """Return the marks that tell their values, in the order of ``tips`` and of the data."""
        with mpl.rc_context(_RC):
            self.drawing.draw_without_rendering()
        return [mark for tip in self.tips for mark in tip.marks(self.data)]

    def csv(self) -> str:
        """Return the numbers drawn as CSV."""
        frame = self.data
        if "known" in frame:
            frame = frame.assign(known=frame["known"].map({True: "on publication", False: "later"}))
        return str(frame.to_csv(index=False, lineterminator="\n"))

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        svg = self.svg()
        payload = {
            "id": self.id,
            "title": self.title,
            "subtitle": self.subtitle,
            "alt": self.alt,
            "sources": list(self.sources),
            "svg": svg,
            "marks": [str(mark) for mark in self.marks()],
            "title_then": self.title_then,
            "pdf": base64.b64encode(self.save("pdf")).decode("ascii"),
            "png": base64.b64encode(self.save("png", facecolor="white")).decode("ascii"),
            "csv": self.csv(),
        }
        standalone = self.save("svg", facecolor="white").decode("utf-8")
        bundle = {"application/vnd.eastward.figure+json": payload, "image/svg+xml": standalone, "text/plain": self.alt}
        return bundle, {"eastward": True}


def sources_behind(*rows: pd.Series) -> tuple[str, ...]:
    """Keys of all sources of the data rows whose ids (tuples of ``table:line``) the columns hold."""
    return sources_of(data.rows([row for column in rows for ids in column.dropna() for row in ids]))


def sources_of(*frames: pd.DataFrame) -> tuple[str, ...]:
    """Keys of all sources of the frames, in order of appearance."""
    keys: Sequence[str] = [key for frame in frames for key in frame["source"].dropna()]
    return tuple(dict.fromkeys(keys))
