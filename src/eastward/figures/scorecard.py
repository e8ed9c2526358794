"""Figures of the scorecard chapter."""

from __future__ import annotations

import pandas as pd
from matplotlib.patches import Rectangle

from eastward.claims import STATUSES
from eastward.figures import INK, PAPER, STATUS_COLOURS, Figure, canvas, label_ends, theme
from eastward.figures.marks import LATER, Tips
from eastward.prose import holds
from eastward.synthesis import DATES, counts, scorecard, tolerance_sensitivity
from eastward.verdicts import ICONS, TOLERANCE


@theme()
def all_verdicts() -> Figure:
    """All claims as tiles, in the op-ed's order, on both dates."""
    card = scorecard()
    wide = card.pivot_table(index="claim", columns="date", values="status", aggfunc="first")
    columns = 8
    drawing, axes = canvas(height=3.6)
    for place, (name, row) in enumerate(wide.iterrows()):
        x, y = place % columns, place // columns
        for side, date in enumerate(DATES):
            colour, gid = STATUS_COLOURS[row[date]], LATER if side else None
            axes.add_patch(Rectangle((x + 0.04 + 0.46 * side, y + 0.3), 0.44, 0.52, color=colour, gid=gid))
            mark = {"x": x + 0.26 + 0.46 * side, "y": y + 0.56, "s": ICONS[row[date]], "gid": gid}
            axes.text(**mark, ha="center", va="center", color=PAPER, fontsize=12, fontweight="bold")
        axes.text(x + 0.05, y + 0.17, name, ha="left", va="center", fontsize=9.5, fontweight="bold")
    axes.set(xlim=(0, columns), ylim=(-(-len(wide) // columns), 0), xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)

    def middle(row: pd.Series) -> float:
        return float(row.name % columns + 0.26 + 0.46 * list(DATES).index(row["date"]))

    now, later = (counts(card[card["date"] == d], "date").loc[d] for d in DATES)
    tally = ", ".join(f"{later.get(s, 0)} {s}" for s in STATUSES if later.get(s, 0))
    good = [int(c.get("supported", 0) + c.get("supported with caveats", 0)) for c in (now, later)]
    legend = "; ".join(f"{ICONS[s]} {s}" for s in STATUSES)
    holds({"most of them with caveats": later.get("supported with caveats", 0) > good[1] / 2})
    return Figure(
        "fig-all-verdicts",
        f"{good[1]} of {len(wide)} claims are supported with hindsight, most of them with caveats.",
        f"Verdict of each claim on 17 May 2024 (left half of a tile) and with hindsight (right half). {legend}.",
        f"Tiles of all {len(wide)} claims. With hindsight: {tally}. On the day {good[0]} were supported with or without caveats.",
        (),
        card.assign(known=card["date"] == "publication"),
        drawing,
        tuple(
            Tips(
                axes,
                middle,
                lambda row: row.name // columns + 0.56,
                f"{{claim}}, {words}: {{status}}. {{short}}",
                {"date": date},
            )
            for date, words in DATES.items()
        ),
        f"{good[0]} of {len(wide)} claims are supported on what was public on 17 May 2024.",
    )


@theme()
def verdicts_by_kind() -> Figure:
    """Counts of claims by kind and status, with hindsight."""
    card = scorecard()
    card = card[card["date"] == "hindsight"]
    table = counts(card, "kind")
    table = table.loc[table.sum(axis=1).sort_values().index]
    drawing, axes = canvas(height=3.4)
    left = pd.Series(0, index=table.index)
    for status in table.columns:
        axes.barh(table.index, table[status], left=left, color=STATUS_COLOURS[status], height=0.62)
        for kind, n in table[status].items():
            if n:
                axes.text(
                    left[kind] + n / 2,
                    kind,
                    f"{ICONS[status]} {n}",
                    ha="center",
                    va="center",
                    color=PAPER,
                    fontsize=9.5,
                )
        left = left + table[status]
    axes.grid(visible=False)
    axes.set(xlabel="number of claims", xlim=(0, left.max() + 0.3))
    contradicted = counts(card, "kind").get("contradicted", pd.Series(0, index=table.index))
    where = ", ".join(f"{kind} {n}" for kind, n in contradicted.items() if n)
    good = table.reindex(columns=["supported", "supported with caveats"], fill_value=0).sum(axis=1)
    first, second, third = (f"{good[kind]} of {table.loc[kind].sum()} {kind}" for kind in table.index[::-1][:3])
    return Figure(
        "fig-verdicts-by-kind",
        f"{contradicted.sum()} claims are contradicted ({where}); {first}, {second} and {third} claims are supported.",
        "Number of claims by kind (a claim's first kind) and status, with hindsight; icons as above.",
        "Bars of claims by kind: "
        + "; ".join(f"{k} " + ", ".join(f"{n} {s}" for s, n in r.items() if n) for k, r in table[::-1].iterrows())
        + ".",
        (),
        table.reset_index(),
        drawing,
    )


@theme()
def sensitivity() -> Figure:
    """Counts by status against the tolerance of the rules, with hindsight."""
    tolerances = [0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2]
    table = tolerance_sensitivity(tolerances)
    shown = [s for s in table.columns if table[s].nunique() > 1] or ["contradicted", "imprecise"]
    drawing, axes = canvas(height=3.3)
    ends, colours = {}, {}
    for status in shown:
        axes.step(100 * table.index, table[status], where="post", color=STATUS_COLOURS[status])
        ends[status], colours[status] = (20, table[status].iloc[-1]), STATUS_COLOURS[status]
    axes.axvline(100 * TOLERANCE, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        "tolerance used",
        (100 * TOLERANCE, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -2),
        textcoords="offset points",
        va="top",
        fontsize=9.5,
    )
    axes.set(
        xlabel="tolerance, per cent of the stated value",
        ylabel="number of claims",
        ylim=(0, 1.2 * table[shown].to_numpy().max()),
        xlim=(0, 20.2),
        xticks=range(0, 21, 5),
    )
    label_ends(axes, ends, colours)
    moved = int((table.iloc[0] - table.iloc[-1]).abs().sum() // 2)
    return Figure(
        "fig-tolerance",
        f"Between a tolerance of 0 and 20 per cent the status of {moved} of {int(table.iloc[0].sum())} claims changes.",
        "Number of claims by status against the tolerance within which a figure is imprecise, not contradicted; with hindsight.",
        "Steps of the counts: " + "; ".join(f"{s} from {table[s].iloc[0]} to {table[s].iloc[-1]}" for s in shown) + ".",
        (),
        table.reset_index(),
        drawing,
        tuple(
            Tips(
                axes,
                lambda row: 100 * row["tolerance"],
                status,
                f"tolerance {{tolerance:.1%}}: {{{status}:.0f}} {status}",
            )
            for status in shown
        ),
    )
