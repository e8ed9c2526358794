"""The figures of the scorecard chapter that show verdicts as tiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from eastward.claims import thresholds
from eastward.claims.scorecard import scorecard
from eastward.claims.verdicts import AS_OF, ICONS
from eastward.show.cards import days
from eastward.show.figure import Figure, painted, pick
from eastward.show.marks import LATER, Tips
from eastward.show.theme import INK, PAPER, STATUS_COLOURS, theme

COLUMNS = 8
"""Tiles in a row."""


@theme()
def all_verdicts(id: str, words: Mapping[str, str]) -> Figure:
    """All claims as tiles, in the op-ed's order, on both dates.

    Args:
        id: of the figure.
        words: as of :func:`eastward.show.figure`.

    """
    card = scorecard().query("counts")
    wide = card.pivot_table(index="claim", columns="date", values="status", aggfunc="first")

    def paint(axes: Axes) -> None:
        for place, (name, row) in enumerate(wide.iterrows()):
            x, y = place % COLUMNS, place // COLUMNS
            for side, date in enumerate(AS_OF):
                colour, gid = STATUS_COLOURS[row[date]], LATER if side else None
                axes.add_patch(Rectangle((x + 0.04 + 0.46 * side, y + 0.3), 0.44, 0.52, color=colour, gid=gid))
                mark: dict[str, Any] = {"x": x + 0.26 + 0.46 * side, "y": y + 0.56, "s": ICONS[row[date]], "gid": gid}
                axes.text(
                    **mark, ha="center", va="center", color=PAPER, fontsize=pick(axes, 12, 9.5), fontweight="bold"
                )
            axes.text(x + 0.05, y + 0.17, name, ha="left", va="center", fontsize=9.5, fontweight="bold")
        axes.set(xlim=(0, COLUMNS), ylim=(-(-len(wide) // COLUMNS), 0), xticks=[], yticks=[])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    def middle(row: pd.Series) -> float:
        return float(row.name % COLUMNS + 0.26 + 0.46 * AS_OF.index(row["date"]))

    spoken = "{claim}, %s: {status}. {short}"
    tips = tuple(
        Tips(middle, lambda row: row.name // COLUMNS + 0.56, spoken % text, {"date": d})
        for d, text in zip(AS_OF, days(), strict=True)
    )
    shown = card.assign(known=card["date"] == "publication")
    said = words["finding"], words["shows"], words["alt"]
    wide, narrow = painted(paint, 3.6)
    return Figure(id, *said, (), shown, wide, tips, words["then"], narrow)


@theme()
def sweeps(id: str, tiles: pd.DataFrame, words: Mapping[str, str]) -> Figure:
    """Verdicts over the declared values of thresholds: a row a threshold, claim and date, a tile a value.

    Args:
        id: of the figure.
        tiles: rows of :func:`eastward.claims.scorecard.sweep`.
        words: as of :func:`eastward.show.figure`.

    """
    rows = tiles[["threshold", "claim", "date"]].drop_duplicates().reset_index(drop=True)
    shown = tiles.assign(x=tiles.groupby(["threshold", "claim", "date"], sort=False).cumcount())
    shown = shown.merge(rows.reset_index(names="y"))

    def paint(axes: Axes) -> None:
        for tile in shown.itertuples():
            ours = tile.value == thresholds()[tile.threshold].value
            start = pick(axes, 0.08, 0.38)
            place = (tile.x + 0.03, tile.y + start), 0.94, 0.92 - start
            edge: dict[str, Any] = {"edgecolor": INK if ours else "none", "linewidth": 1.6, "zorder": 2 if ours else 1}
            axes.add_patch(Rectangle(*place, facecolor=STATUS_COLOURS[tile.status], **edge))
            told: dict[str, Any] = {
                "ha": "center",
                "va": "center",
                "color": PAPER,
                "fontsize": 9.5,
                "linespacing": 1.1,
                "zorder": 3,
            }
            value = pick(axes, f"{tile.value:g}", f"{tile.value:g}".removeprefix("0" if tile.value else ""))
            axes.text(tile.x + 0.5, tile.y + 0.46 + start / 2, f"{ICONS[tile.status]}\n{value}", **told)
        names = [
            f"{r.threshold.replace('_', ' ')}, {r.claim}" + (", on the day" if r.date == AS_OF[0] else "")
            for r in rows.itertuples()
        ]
        axes.set_yticks([y + 0.5 for y in range(len(rows))], pick(axes, names, [""] * len(names)))
        for y, name in enumerate(pick(axes, [], names)):
            axes.text(0.03, y + 0.32, name, fontsize=9.5)
        axes.set(xlim=(0, shown["x"].max() + 1), ylim=(len(rows), 0), xticks=[])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    at = (lambda row: row["x"] + 0.5), (lambda row: row["y"] + 0.5)
    tips = (Tips(*at, "{threshold} {value:g}: {claim} {status}"),)
    said = words["finding"], words["shows"], words["alt"]
    wide, narrow = painted(paint, 0.5 + 0.4 * len(rows), narrow=0.55 * len(rows))
    return Figure(id, *said, (), shown, wide, tips, narrow=narrow)
