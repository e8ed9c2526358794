"""The figure of the scorecard chapter that shows all verdicts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.patches import Rectangle

from eastward.claims.scorecard import DATES, scorecard
from eastward.claims.verdicts import ICONS
from eastward.show.figure import Figure
from eastward.show.marks import LATER, Tips
from eastward.show.theme import PAPER, STATUS_COLOURS, canvas, theme

COLUMNS = 8
"""Tiles in a row."""


@theme()
def all_verdicts(id: str, words: Mapping[str, str]) -> Figure:
    """All claims as tiles, in the op-ed's order, on both dates.

    Args:
        id: of the figure.
        words: as of :func:`eastward.show.figure`.

    """
    card = scorecard()
    wide = card.pivot_table(index="claim", columns="date", values="status", aggfunc="first")
    drawing, axes = canvas(height=3.6)
    for place, (name, row) in enumerate(wide.iterrows()):
        x, y = place % COLUMNS, place // COLUMNS
        for side, date in enumerate(DATES):
            colour, gid = STATUS_COLOURS[row[date]], LATER if side else None
            axes.add_patch(Rectangle((x + 0.04 + 0.46 * side, y + 0.3), 0.44, 0.52, color=colour, gid=gid))
            mark = {"x": x + 0.26 + 0.46 * side, "y": y + 0.56, "s": ICONS[row[date]], "gid": gid}
            axes.text(**mark, ha="center", va="center", color=PAPER, fontsize=12, fontweight="bold")
        axes.text(x + 0.05, y + 0.17, name, ha="left", va="center", fontsize=9.5, fontweight="bold")
    axes.set(xlim=(0, COLUMNS), ylim=(-(-len(wide) // COLUMNS), 0), xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)

    def middle(row: pd.Series) -> float:
        return float(row.name % COLUMNS + 0.26 + 0.46 * list(DATES).index(row["date"]))

    spoken = "{claim}, %s: {status}. {short}"
    tips = tuple(
        Tips(middle, lambda row: row.name // COLUMNS + 0.56, spoken % text, {"date": d}) for d, text in DATES.items()
    )
    shown = card.assign(known=card["date"] == "publication")
    said = words["finding"], words["shows"], words["alt"]
    return Figure(id, *said, (), shown, drawing, tips, words["then"])
