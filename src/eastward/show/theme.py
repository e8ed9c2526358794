"""The book's theme: colours that mean one thing in the whole book, sizes, an empty drawing.

The design of direct labels and finding-first titles follows Our World in Data; the colours of texts keep a contrast of at least
4.5 to 1 on white and on the dark theme's background; no colour speaks alone, since labels and icons say the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure as Drawing

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
    "supported": "#1a7f37", "supported with caveats": "#48831e", "imprecise": "#8a6a0f", "partly right": "#a85a1c",
    "contradicted": "#c93a3a", "no record found": "#4f6f8f", "official claim only": "#7a5bb0", "not testable": "#71747b",
    "not yet tested": "#71747b",
}  # fmt: skip
"""Colour of each verdict status; icons in `eastward.claims.verdicts.ICONS` carry the same meaning without colour."""

ON_PAGE = {
    INK: "currentColor",
    **{c: f"var(--ew-{c[1:]}, {c})" for c in (GRID, PAPER, *COLOURS.values(), *STATUS_COLOURS.values())},
}
"""What stands for each colour in a page: ``eastward.css`` gives the variables other values on dark ground."""

RC = {
    "figure.dpi": 72,  # as in SVG and PDF: letters of another size would be laid out a little wider or narrower
    "svg.fonttype": "none", "pdf.fonttype": 42, "font.family": "DejaVu Sans", "font.size": 10, "axes.labelsize": 10,
    "axes.titlesize": 10.5, "axes.titlelocation": "left", "axes.titleweight": "bold", "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.edgecolor": INK, "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
    "axes.grid": True, "axes.grid.axis": "y", "axes.axisbelow": True, "grid.color": GRID, "grid.linewidth": 0.8,
    "ytick.left": False, "lines.linewidth": 2.2, "figure.facecolor": "none", "axes.facecolor": "none",
    "legend.frameon": False, "patch.edgecolor": "none",
}  # fmt: skip

# A person's own matplotlibrc must move nothing: its savefig.bbox alone parts drawings from their tips.
APART = ("backend", "interactive", "toolbar", "webagg")
BARE = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith(APART)}


@contextmanager
def theme() -> Iterator[None]:
    """Apply the book's theme; use as ``with theme():`` or as a decorator of a function that draws."""
    import seaborn as sns  # here and where it draws: pages need the colours alone, and it takes a second to import

    with mpl.rc_context({**BARE, **sns.axes_style("ticks"), **RC, "axes.prop_cycle": cycler(color=CATEGORIES)}):
        yield


def canvas(height: float = 3.9, columns: int = 1, width: float = 7.2, **options: Any) -> tuple[Drawing, Any]:
    """Return an empty drawing (inches) and its axes: one, or an array where ``columns`` or ``nrows`` is over one."""
    drawing = Drawing(figsize=(width, height), layout="constrained")
    return drawing, drawing.subplots(ncols=columns, **options)
