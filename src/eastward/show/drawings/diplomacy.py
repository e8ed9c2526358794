"""Figures of the chapter on BRICS that seaborn cannot draw: a calendar and a time line."""

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from eastward import data
from eastward.show.figure import figure, note, pick
from eastward.show.marks import Tips, later
from eastward.show.prose import counted
from eastward.show.theme import COLOURS, GRID, INK


def day_of_year(when: Any) -> int:
    """Days since the start of 2024."""
    return int((pd.Timestamp(when) - pd.Timestamp(2024, 1, 1)).days)


def kazan_calendar(id: str, events: pd.DataFrame, words: Mapping[str, str]) -> None:
    """Show what the BRICS calendar of 2024 had in June, and when the summit was: rows of ``diplomacy_brics`` with ``known``."""
    ends = pd.to_datetime(events["date_end"].fillna(events["date"]).map(data.period_end))
    months = pd.date_range("2024-04-01", "2024-11-01", freq="MS")
    starts = [day_of_year(month) for month in months]
    line = day_of_year(published := data.publication_day())

    def paint(ax: Axes) -> None:
        ax.axvspan(starts[2], starts[3], color=GRID, alpha=0.6, zorder=0)
        ax.axvline(line, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
        for place, (_, row) in zip(events.index[::-1], events.assign(end=ends).iterrows(), strict=True):
            start, days, summit = day_of_year(row.day), max((row.end - row.day).days + 1, 2), row.kind == "summit"
            colour = COLOURS["CHN" if summit else "RUS" if row.city == "Kazan" else "OTHER"]
            bar = ax.barh(place, days, left=start, height=0.62, color=colour, zorder=3)
            at, side = (start - 2, "right") if summit else (start + days + 2, "left")
            style = {"ha": side, "va": "center", "fontweight": "bold" if summit else "normal"}
            note(ax, at, place, f"{row.city}: {row.short}", colour, **style)
            later([*bar, ax.texts[-1]], [row.known] * 2)
        if starts[0] < line < starts[-1]:
            note(ax, line - 2.5, 0, f"the op-ed,\n{published:%-d %B}", ha="right", va="center", fontweight="normal")
        note(ax, starts[2] + 2, len(events) - 0.25, "June, 'next month'", va="center", fontweight="normal")
        ax.set_xticks(starts, [f"{month:%b}" for month in months])
        ax.set(xlim=(starts[0] + 9, starts[-1] + 4), ylim=(-0.7, len(events) + 0.2), yticks=[], ylabel="")
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x")

    at = (lambda row: day_of_year(row["date"])), (lambda row: len(events) - 1 - row.name)
    tips = Tips(*at, "{date:when}: {title}{known:later}")
    columns = ["event", "city", "date", "date_end", "kind", "title", "known"]
    figure(id, events, words, tips=tips, columns=columns, height=3.7, narrow=4.6)(paint)


PLACES = {
    "parker": (1.0, 1.0, "left", 0, 20),
    "citadel": (1.0, 2.8, "right", 3, 18),
    "kennedy": (2.1, 4.6, "center", 0, 26),
    "death": (-1.0, -0.8, "right", 3, 26),
}
"""Where a trace is named on the time line, by the end of its event: height on wide and on narrow drawings, alignment, years to
the right, letters a line."""


def traces_of_a_saying(id: str, traces: pd.DataFrame, words: Mapping[str, str]) -> None:
    """Show a time line of the traces of the saying ascribed to Roosevelt: rows of ``diplomacy_records``."""
    colours = {
        "quotation-trace": COLOURS["OTHER"], "death": INK, "quotation-attribution": COLOURS["CHN"], "quotation-verdict": COLOURS["RUS"],
    }  # fmt: skip
    books, checks = (traces.loc[traces["kind"] == f"quotation-{kind}", "year"] for kind in ("attribution", "verdict"))
    first = int(books.min())
    named = [
        (row.year, *PLACES[row.event.rpartition("-")[2]], f"{row.year}: {row.short}", row.kind)
        for _, row in traces[traces["short"].notna()].iterrows()
    ]
    said = f"{first}: {counted(len(books))} books of Gary Allen put the saying in Roosevelt's mouth"
    named.append((first, -1.9, -1.9, "center", 0, 34, said, "quotation-attribution"))
    found = f"since {checks.min()}: {len(checks)} checks find no record"
    named.append((checks.mean(), 1.0, 1.0, "center", 0, 22, found, "quotation-verdict"))

    def paint(ax: Axes) -> None:
        ax.axhline(0, color=INK, linewidth=1)
        for kind, colour in colours.items():
            years, marker = traces.loc[traces["kind"] == kind, "year"], "s" if kind == "quotation-verdict" else "o"
            ax.scatter(years, 0 * years, s=75, marker=marker, color=colour, zorder=3)
        for x, high, low, side, nudge, letters, text, kind in named:
            y = pick(ax, high, low)
            ax.vlines(x, 0, y * 0.9, color=colours[kind], linewidth=1)
            style = {"ha": side, "va": "bottom" if y > 0 else "top"}
            style["fontweight"] = "bold" if kind == "quotation-attribution" else "normal"
            wrapped = "\n".join(fill(part, letters) for part in text.replace(", ", ",\n").split("\n"))
            note(ax, x + nudge, y, wrapped, colours[kind], **style)
        ax.set(xlim=(1844, 2034), ylim=pick(ax, (-3.3, 3.7), (-3.2, 6.0)), yticks=[], xlabel="", ylabel="")
        ax.grid(visible=False)
        ax.spines["bottom"].set_visible(False)

    columns = ["date", "kind", "name", "title"]
    figure(id, traces, words, columns=columns, height=3.1, narrow=3.7)(paint)
