"""The figures of the scorecard chapter that show verdicts as tiles."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from eastward.claims.scorecard import scorecard
from eastward.claims.verdicts import AS_OF, ICONS
from eastward.show.cards import days
from eastward.show.figure import figure, pick
from eastward.show.marks import LATER, Tips
from eastward.show.theme import PAPER, STATUS_COLOURS

COLUMNS = 8
"""Tiles in a row."""


def all_verdicts(id: str, words: Mapping[str, str]) -> None:
    """Show all claims as tiles, in the op-ed's order, on both dates."""
    card = scorecard().query("counts")
    wide = card.pivot_table(index="claim", columns="date", values="status", aggfunc="first")

    def paint(axes: Axes) -> None:
        for place, (name, row) in enumerate(wide.iterrows()):
            x, y = place % COLUMNS, place // COLUMNS
            for side, date in enumerate(AS_OF):
                colour, gid = STATUS_COLOURS[row[date]], LATER if side else None
                axes.add_patch(Rectangle((x + 0.04 + 0.46 * side, y + 0.3), 0.44, 0.52, color=colour, gid=gid))
                style: dict[str, Any] = {"fontsize": pick(axes, 12, 9.5), "gid": gid, "fontweight": "bold"}
                at = x + 0.26 + 0.46 * side, y + 0.56
                axes.text(*at, ICONS[row[date]], ha="center", va="center", color=PAPER, **style)
            axes.text(x + 0.05, y + 0.17, str(name), ha="left", va="center", fontsize=9.5, fontweight="bold")
        axes.set(xlim=(0, COLUMNS), ylim=(-(-len(wide) // COLUMNS), 0), xticks=[], yticks=[])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    def middle(row: Any) -> float:
        return float(row.name % COLUMNS + 0.26 + 0.46 * AS_OF.index(row["date"]))

    spoken = "{claim}, %s: {status}. {short}"
    tips = tuple(
        Tips(middle, lambda row: row.name // COLUMNS + 0.56, spoken % text, {"date": d})
        for d, text in zip(AS_OF, days(), strict=True)
    )
    shown = card.assign(known=card["date"] == "publication")
    figure(id, shown, words, tips=tips, height=3.6)(paint)
