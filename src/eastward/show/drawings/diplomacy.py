"""Figures of the chapter on BRICS that seaborn cannot draw: a calendar and a time line."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from eastward import data
from eastward.methods.diplomacy import primary
from eastward.show.figure import Figure, note, painted, pick, sources_of
from eastward.show.marks import Tips, later, public
from eastward.show.prose import counted
from eastward.show.theme import COLOURS, GRID, INK, theme


def day_of_year(when: Any) -> int:
    """Days since the start of 2024."""
    return int((pd.Timestamp(when) - pd.Timestamp(2024, 1, 1)).days)


@theme()
def kazan_calendar(id: str) -> Figure:
    """Draw what the BRICS calendar of 2024 had in June, and when the summit was."""
    events = primary(data.load("diplomacy_brics", kind=["june-2024", "summit", "other-kazan"]))
    events = events[events["short"].notna() & events["city"].notna()].reset_index(drop=True)
    events["end"] = pd.to_datetime(events["date_end"].fillna(events["date"]).map(data.period_end))
    events["known"], events["place"] = public(events), events.index[::-1]
    months = pd.date_range("2024-04-01", "2024-11-01", freq="MS")
    starts = [day_of_year(month) for month in months]
    published = data.publication_day()
    line = day_of_year(published)

    def paint(ax: Axes) -> None:
        ax.axvspan(starts[2], starts[3], color=GRID, alpha=0.6, zorder=0)
        ax.axvline(line, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
        for row in events.itertuples():
            start, days, summit = day_of_year(row.day), max((row.end - row.day).days + 1, 2), row.kind == "summit"
            colour = COLOURS["CHN" if summit else "RUS" if row.city == "Kazan" else "OTHER"]
            bar = ax.barh(row.place, days, left=start, height=0.62, color=colour, zorder=3)
            at, side = (start - 2, "right") if summit else (start + days + 2, "left")
            style = {"ha": side, "va": "center", "fontweight": "bold" if summit else "normal"}
            note(ax, at, row.place, f"{row.city}: {row.short}", colour, **style)
            later([*bar, ax.texts[-1]], [row.known] * 2)
        if starts[0] < line < starts[-1]:
            note(ax, line - 2.5, 0, f"the op-ed,\n{published:%-d %B}", ha="right", va="center", fontweight="normal")
        note(ax, starts[2] + 2, len(events) - 0.25, "June, 'next month'", va="center", fontweight="normal")
        ax.set_xticks(starts, [f"{month:%b}" for month in months])
        ax.set(xlim=(starts[0] + 9, starts[-1] + 4), ylim=(-0.7, len(events) + 0.2), yticks=[], ylabel="")
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x")

    wide, narrow = painted(paint, 3.7, narrow=4.6)
    begun = events.loc[events["kind"] == "summit", "day"].iloc[0]
    late = (begun - pd.Timestamp(2024, 6, 30)).days
    words = "{date:when}: {title}{known:later}"
    tips = Tips(lambda row: day_of_year(row["date"]), lambda row: events["place"][row.name], words)
    in_kazan = int(((events["kind"] == "june-2024") & (events["city"] == "Kazan")).sum())
    return Figure(
        id,
        f"June 2024 brought {in_kazan} BRICS events to Kazan; the summit came {late} days after June had ended.",
        "BRICS events of June 2024 in the sources consulted, with days, and the summit; red: the summit, blue: other events in "
        "Kazan, grey: elsewhere.",
        "Bars on a calendar of 2024. In June: the foreign ministers in Nizhny Novgorod on 10 and 11 June, in Kazan an education "
        "ministers' meeting, the BRICS Games and a forum of cities, other meetings in St Petersburg and Moscow. The summit in "
        f"Kazan began on {begun.day} {begun:%B}, {late} days after the end of June.",
        sources_of(events),
        events[["event", "city", "date", "date_end", "kind", "title", "known"]],
        wide,
        (tips,),
        f"The sources of the day of the op-ed name {int(events['known'].sum())} of these {len(events)} events.",
        narrow,
    )


PLACES = {
    "parker": (1.0, 1.0, "left", 0, 20),
    "citadel": (1.0, 2.8, "right", 3, 18),
    "kennedy": (2.1, 4.6, "center", 0, 26),
    "death": (-1.0, -0.8, "right", 3, 26),
}
"""Where a trace is named on the time line, by the end of its event: height on wide and on narrow drawings, alignment, years to
the right, letters a line."""


@theme()
def traces_of_a_saying(id: str) -> Figure:
    """Draw a time line of the traces of the saying ascribed to Roosevelt."""
    colours = {
        "quotation-trace": COLOURS["OTHER"], "death": INK, "quotation-attribution": COLOURS["CHN"], "quotation-verdict": COLOURS["RUS"],
    }  # fmt: skip
    traces = primary(data.load("diplomacy_records", kind=list(colours)))
    year = traces.groupby("kind")["year"].min()
    died, first = int(year["death"]), int(year["quotation-attribution"])
    checks = traces.loc[traces["kind"] == "quotation-verdict", "year"]
    books = counted(int((traces["kind"] == "quotation-attribution").sum()))
    named = [
        (row.year, *PLACES[row.event.rpartition("-")[2]], f"{row.year}: {row.short}", row.kind)
        for row in traces[traces["short"].notna()].itertuples()
    ]
    said = f"{first}: {books} books of Gary Allen put the saying in Roosevelt's mouth"
    named.append((first, -1.9, -1.9, "center", 0, 34, said, "quotation-attribution"))
    found = f"since {checks.min()}: {len(checks)} checks find no record"
    named.append((checks.mean(), 1.0, 1.0, "center", 0, 22, found, "quotation-verdict"))

    def paint(ax: Axes) -> None:
        ax.axhline(0, color=INK, linewidth=1)
        for kind, colour in colours.items():
            marker = "s" if kind == "quotation-verdict" else "o"
            ax.scatter(traces.loc[traces["kind"] == kind, "year"], 0 * traces.loc[traces["kind"] == kind, "year"],
                       s=75, marker=marker, color=colour, zorder=3)  # fmt: skip
        for x, high, low, side, nudge, letters, text, kind in named:
            y = pick(ax, high, low)
            ax.vlines(x, 0, y * 0.9, color=colours[kind], linewidth=1)
            style = {
                "ha": side,
                "va": "bottom" if y > 0 else "top",
                "fontweight": "bold" if kind == "quotation-attribution" else "normal",
            }
            wrapped = "\n".join(fill(part, letters) for part in text.replace(", ", ",\n").split("\n"))
            note(ax, x + nudge, y, wrapped, colours[kind], **style)
        ax.set(xlim=(1844, 2034), ylim=pick(ax, (-3.3, 3.7), (-3.2, 6.0)), yticks=[], xlabel="", ylabel="")
        ax.grid(visible=False)
        ax.spines["bottom"].set_visible(False)

    wide, narrow = painted(paint, 3.1, narrow=3.7)
    return Figure(
        id,
        f"The saying is first found in Roosevelt's name in {first}, {first - died} years after his death.",
        "Located traces of the saying and of its neighbours. Not to find an earlier trace is no proof that there is none.",
        "Time line. 1848: Theodore Parker says that there are no accidents in politics. 1935: Roosevelt says of the recovery that "
        f"it was planned. {died}: Roosevelt dies. 1961: Joseph P. Kennedy uses Parker's words. {first}: {books} books of Gary Allen "
        f"give the saying to Roosevelt without a source. Later checks, {len(checks)} of them, find no record.",
        sources_of(traces),
        traces[["date", "kind", "name", "title"]],
        wide,
        narrow=narrow,
    )  # fmt: skip
