"""The figure of the chapter on the US tariffs of May 2024 that seaborn does not draw: rises cut in two by a date."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from eastward.evidence import tariffs
from eastward.show.figure import figure, note, pick
from eastward.show.theme import COLOURS

UNITS = {
    "all-exports": "{:.0f} bn USD", "cars": "{:.1f} bn USD", "car-brands": "{:g} %", "electric-cars": "{:,.0f} cars",
    "solar-cells": "{:.1f} m USD",
}  # fmt: skip
"""How the levels of each measure of entry are written."""


def _levels(line: pd.Series, last_before: int, measures: dict[str, pd.DataFrame]) -> list[str]:
    values = measures[line["id"]].set_index("year")["value"]
    levels = [values.get(year) for year in (line["base"], last_before, line["peak"])]
    return ["–" if level is None else UNITS[line["id"]].format(level).replace(",", " ") for level in levels]


def timing_of_the_entry(id: str, frame: pd.DataFrame, last_before: int, words: Mapping[str, str]) -> None:
    """Show of each rise of :func:`tariffs.timing` what came by a year and after, per cent of the rise to its peak."""
    measures = tariffs.entry_measures()
    frame = frame.assign(before=100 - frame["after"])
    levels = [_levels(line, last_before, measures) for _, line in frame.iterrows()]
    frame[["first", f"in {last_before}", "highest"]] = pd.DataFrame(levels, frame.index, columns=range(3))
    y = list(range(len(frame)))[::-1]

    def paint(axes: Axes) -> None:
        axes.barh(y, frame["before"], color=COLOURS["CHN"], height=0.42)
        axes.barh(y, frame["after"], left=frame["before"], color=COLOURS["OTHER"], height=0.42)
        for at, (_, row), (first, reached, highest) in zip(y, frame.iterrows(), levels, strict=True):
            under = {"va": "top", "fontweight": "normal"}
            right = pick(axes, {"x": 100, "y": at - 0.26, "ha": "right"}, {"x": 0, "y": at - 0.44})
            note(axes, 0, at - 0.26, f"{row['before']:.0f} %: {first} → {reached}", **under)
            note(axes, text=f"{row['after']:.0f} %: to {highest}", **right, **under)
        top = len(frame) - pick(axes, 0.6, 0)
        note(axes, 0, top, f"by {last_before}, before the tariffs", COLOURS["CHN"])
        after = pick(axes, {"x": 100, "y": top, "ha": "right"}, {"x": 0, "y": top - 0.2})
        note(axes, text=f"after {last_before}", colour=COLOURS["OTHER"], **after)
        axes.set(xlabel="", ylabel="", xlim=(0, 100), ylim=(-0.65, top + 0.25), xticks=[])
        names = [f"{r['measure'][0].upper()}{r['measure'][1:]}" for _, r in frame.iterrows()]
        spans = [f"{r['base']} to {r['peak']}" for _, r in frame.iterrows()]
        axes.set_yticks(y, pick(axes, [f"{n}\n{s}" for n, s in zip(names, spans, strict=True)], [""] * len(y)))
        for at, name, span in zip(pick(axes, [], y), names, spans, strict=False):
            note(axes, 0, at + 0.26, f"{name}, {span}", fontweight="normal")
        axes.spines["bottom"].set_visible(False)

    figure(id, frame, words, columns=[*frame.columns.drop(["id", "rows"])], height=4.4, narrow=5.4, grid="")(paint)
