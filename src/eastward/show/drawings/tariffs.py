"""The figure of the chapter on the US tariffs of May 2024 that seaborn does not draw: rises cut in two by a date."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from eastward.evidence import tariffs
from eastward.show.figure import Figure, note, painted, pick, sources_behind
from eastward.show.theme import COLOURS, theme

UNITS = {
    "all-exports": "{:.0f} bn USD", "cars": "{:.1f} bn USD", "car-brands": "{:g} %", "electric-cars": "{:,.0f} cars",
    "solar-cells": "{:.1f} m USD",
}  # fmt: skip
"""How the levels of each measure of entry are written."""


def _levels(line: pd.Series, last_before: int, measures: dict[str, pd.DataFrame]) -> list[str]:
    values = measures[line["id"]].set_index("year")["value"]
    levels = [values.get(year) for year in (line["base"], last_before, line["peak"])]
    return ["–" if level is None else UNITS[line["id"]].format(level).replace(",", " ") for level in levels]


@theme()
def timing_of_the_entry(id: str, base_year: int, last_before: int) -> Figure:
    """Share of each rise that came by a year and after, per cent of the rise to its peak."""
    timing, measures = tariffs.timing(base_year, last_before), tariffs.entry_measures()
    frame = timing.assign(before=100 - timing["after"])
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
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    wide, narrow = painted(paint, 4.4, narrow=5.4)
    total, *others, least = frame["before"] if len(frame) > 1 else [*frame["before"]] * 2
    late = " and ".join(frame.loc[frame["before"] < 50, "measure"])
    late = f"; only {late} rose mostly later" if late else ""
    return Figure(
        id,
        f"Of the rise of Chinese exports to Russia {total:.0f} per cent came by {last_before}, before the tariffs{late}.",
        f"Rise from the base year to the highest year, split at the end of {last_before}, per cent; below each bar "
        f"the level in the base year, in {last_before} and at its highest.",
        f"Stacked bars for {len(frame)} measures of China's entry into the Russian market. By the end of {last_before} "
        f"all exports had made {total:.0f} per cent of their rise, the other measures "
        f"{', '.join(f'{b:.0f}' for b in others)} per cent, solar cells {least:.0f} per cent.",
        sources_behind(timing["rows"]),
        frame.drop(columns=["id", "rows"]),
        wide,
        narrow=narrow,
    )
