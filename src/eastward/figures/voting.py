"""Figures of the chapter on the balancing duo: votes in the General Assembly."""

from __future__ import annotations

import pandas as pd

from eastward import data
from eastward.figures import COLOURS, GRID, INK, Figure, canvas, label_ends, sources_of, theme
from eastward.figures.marks import LATER, Tips, public, scatter
from eastward.indicators.voting import distances
from eastward.prose import holds
from eastward.quantities import voting

NAMES = {"CHN": "China", "IND": "India", "DEU": "Germany", "USA": "United States"}
"""Partners shown as lines; France votes like Germany and is left to the data."""

MARKED = {
    "USA": "United States", "ISR": "Israel", "DEU": "Germany", "IND": "India", "BLR": "Belarus",
    "PRK": "North Korea", "GBR": "United Kingdom", "UKR": "Ukraine", "TUR": "Turkey", "SRB": "Serbia",
    "CUB": "Cuba", "BRA": "Brazil",
}  # fmt: skip
"""States named in the scatter of voting coincidence."""

PLACES = {
    "CUB": (-6, 3, "right"), "BRA": (-7, 4, "right"), "IND": (0, -10, "center"), "BLR": (7, -8, "left"),
    "PRK": (9, 13, "center"), "SRB": (8, -9, "left"), "DEU": (8, -10, "left"), "UKR": (-8, 4, "right"),
}  # fmt: skip
"""Offset in points and alignment of the names that do not stand below and to the right of their mark."""


@theme()
def agreement_by_year() -> Figure:
    """Share of identical votes of Russia with four states, final votes, per cent, and later marks."""
    scores = voting.agreement_by_year(basis="final")
    scores = scores[scores["partner"].isin(list(NAMES))].sort_values("year")
    share = {state: scores[scores["partner"] == state].set_index("year")["share"] for state in NAMES}
    later = data.load("un_voting_pairs", series="identical-share", source="andersson2025friends")
    later = later.assign(year=later["period"].astype(int), known=public(later)).sort_values("year")
    stated = later.set_index("year")["value"]
    marks = later[["year", "known"]].assign(partner="CHN", share=later["value"])
    drawing, axes = canvas()
    china = scores[scores["partner"] == "CHN"]
    axes.fill_between(china["year"], china["low"], china["high"], color=COLOURS["CHN"], alpha=0.16, linewidth=0)
    for state, line in share.items():
        axes.plot(line.index, line, color=COLOURS[state])
    scatter(axes, marks["year"], marks["share"], marks["known"], color=COLOURS["CHN"], marker="D", s=36, zorder=4)
    axes.axvline(2014, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate("Crimea", (2014, 97), xytext=(4, 0), textcoords="offset points", fontsize=9.5, va="center")
    axes.set(xlabel="", ylabel="identical votes, per cent", ylim=(0, 100), xlim=(1991.5, 2026))
    ends = {NAMES[s]: (2019.0, float(line[2019])) for s, line in share.items() if s != "CHN"}
    label_ends(axes, ends, {NAMES[s]: COLOURS[s] for s in NAMES})
    name = {"color": COLOURS["CHN"], "fontweight": "bold", "fontsize": 9.5}
    axes.text(2007.4, 84, "China", **name)
    last = int(stated.index[-1])
    note = {"ha": "center", "va": "top", "gid": None if marks["known"].iloc[-1] else LATER, **name}
    axes.text(last, stated[last] - 3, f"China\n{stated[last]:.0f} in {last}", **note)
    kept = ["partner", "year", "both", "identical", "share", "low", "high"]
    holds({"it has not been higher since": stated.max() < share["CHN"].max()})
    return Figure(
        "fig-un-agreement",
        f"The likeness of Russia's and China's votes in the Assembly rose from {share['CHN'][1992]:.0f} per cent in 1992 to "
        f"{share['CHN'].max():.0f} in {share['CHN'].idxmax()}; it has not been higher since.",
        "Identical votes of Russia with each state as a share of the final votes in which both took part, "
        "per cent, by calendar year; band: 95 per cent interval for China; diamonds: shares that a study "
        "gives.",
        f"Lines of the share of identical votes with Russia. China: {share['CHN'][1992]:.0f} per cent in "
        f"1992, {share['CHN'][2006]:.0f} in 2006, {share['CHN'][2014]:.0f} in 2014, "
        f"{share['CHN'][2019]:.0f} in 2019 and {stated[last]:.0f} in {last} by another count. Germany "
        f"falls from {share['DEU'][1992]:.0f} to {share['DEU'][2019]:.0f}, the United States have "
        f"{share['USA'][2019]:.0f} in 2019, India has {share['IND'][2019]:.0f}.",
        ("unvotes2021", *sources_of(later)),
        pd.concat([scores[kept].assign(known=True), marks]),
        drawing,
        (
            Tips(
                axes,
                lambda row: row["year"] if row["both"] > 0 else None,
                "share",
                "{year}, {partner:name}: {share:.0f} % of {both:.0f} votes",
            ),
            Tips(
                axes,
                lambda row: None if row["both"] > 0 else row["year"],
                "share",
                "{year}, {partner:name}: {share:.0f} %, by a study{known:later}",
            ),
        ),
    )


@theme()
def likeness_to_both(year: int = 2021) -> Figure:
    """Voting coincidence of every state with Russia against that with China in one year (0 to 1)."""
    russia, china = voting.coincidence("RUS", year), voting.coincidence("CHN", year)
    pairs = russia.merge(china, on="partner", suffixes=("_russia", "_china"))
    nearer = int((pairs["value_china"] > pairs["value_russia"]).sum())
    duo = china[china["partner"] == "RUS"].iloc[0]
    drawing, axes = canvas(height=4.6)
    named = pairs["partner"].isin(list(MARKED))
    for chosen, colour, alpha in ((~named, COLOURS["OTHER"], 0.55), (named, INK, 1.0)):
        part = pairs[chosen]
        axes.scatter(part["value_russia"], part["value_china"], color=colour, alpha=alpha, s=24, linewidth=0)
    axes.plot([0.25, 0.95], [0.25, 0.95], color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.axhline(duo["value"], color=COLOURS["RUS"], linewidth=1.0)
    for text, spot, state in (
        ("votes more like China", (0.30, 0.66), "CHN"),
        ("votes more like Russia", (0.62, 0.44), "RUS"),
        (f"Russia–China: {duo['value']:.2f}", (0.255, duo["value"] + 0.01), "RUS"),
    ):
        axes.text(*spot, text, fontsize=9.5, fontweight="bold", color=COLOURS[state])
    for _, row in pairs[named].iterrows():
        right, up, side = PLACES.get(row["partner"], (7, -4, "left"))
        axes.annotate(
            MARKED[row["partner"]], (row["value_russia"], row["value_china"]), xytext=(right, up),
            textcoords="offset points", fontsize=9, va="center", ha=side,
        )  # fmt: skip
    axes.grid(axis="x", color=GRID)
    axes.set(
        xlabel="voting coincidence with Russia", ylabel="voting coincidence with China",
        xlim=(0.25, 0.95), ylim=(0.22, 0.95),
    )  # fmt: skip
    holds(
        {
            "China votes most like Russia of all states": russia.iloc[0]["partner"] == "CHN",
            "Israel and the United States at the bottom": set(pairs.sort_values("value_russia")["partner"].head(4))
            >= {"USA", "ISR"},
        }
    )
    return Figure(
        "fig-un-likeness",
        f"China votes most like Russia of all states, but {duo['rank'] - 1} states vote more like China "
        "than Russia does.",
        f"Voting coincidence of {len(pairs)} member states with Russia and with China in {year}: 1 for the "
        "same vote, one half where one abstains or is absent, 0 for opposed votes; above the dashed line a "
        "state votes more like China.",
        f"Scatter of {len(pairs)} states by voting coincidence with Russia and with China in {year}. "
        f"{nearer} of them lie nearer to China. Russia and China coincide by {duo['value']:.2f}: the "
        f"highest value for Russia, rank {duo['rank']} for China. Germany, the United Kingdom and Ukraine "
        "lie near the middle, Israel and the United States at the bottom.",
        sources_of(russia, china),
        pairs[["partner", "value_russia", "rank_russia", "value_china", "rank_china"]],
        drawing,
        (
            Tips(
                axes,
                "value_russia",
                "value_china",
                "{partner:name}: Russia {value_russia:.2f}, China {value_china:.2f}",
            ),
        ),
    )


@theme()
def ideal_points() -> Figure:
    """Ideal points of five states by year, final votes, 1992–2024 (score)."""
    names = {"RUS": "Russia", **NAMES}
    rows = data.load("un_voting_ideal_points", basis="final", entity=list(names))
    rows = rows.assign(year=rows["period"].astype(int)).sort_values(["entity", "year"])
    drawing, axes = canvas()
    ends = {}
    for state, name in names.items():
        line = rows[rows["entity"] == state]
        colour = COLOURS[state]
        axes.fill_between(line["year"], line["lower"], line["upper"], color=colour, alpha=0.13, linewidth=0)
        axes.plot(line["year"], line["value"], color=colour)
        ends[name] = (2024.0, float(line["value"].iloc[-1]))
    axes.axvline(2022, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.text(2021.7, 3.3, "invasion", fontsize=9.5, va="center", ha="right")
    axes.set(xlabel="", ylabel="ideal point", ylim=(-2.2, 3.5), xlim=(1991.5, 2024.5))
    label_ends(axes, ends, {name: COLOURS[state] for state, name in names.items()})
    away = distances(voting.ideal_points(), "RUS")
    china, germany, india = away["CHN"], away["DEU"], away["IND"]
    return Figure(
        "fig-un-ideal-points",
        f"From 2021 to 2024 Russia's distance to Germany went from {germany[2021]:.2f} to {germany[2024]:.2f}, that to China from "
        f"{china[2021]:.2f} to {china[2024]:.2f}.",
        "Ideal points estimated from final votes, with 90 per cent intervals; higher is nearer to the "
        "order led by the United States.",
        f"Lines of ideal points from 1992 to 2024. The distance of Russia to China was {china[1992]:.2f} "
        f"in 1992, {china[2019]:.2f} in 2019, {china[2022]:.2f} in 2022 and {china[2024]:.2f} in 2024; to "
        f"Germany {germany[1992]:.2f}, {germany[2019]:.2f}, {germany[2022]:.2f} and {germany[2024]:.2f}; "
        f"to India {india[2021]:.2f} in 2021 and {india[2024]:.2f} in 2024.",
        sources_of(rows),
        rows[["entity", "year", "value", "lower", "upper", "votes"]],
        drawing,
        (Tips(axes, "year", "value", "{year}, {entity:name}: {value:.2f} ({lower:.2f} to {upper:.2f})"),),
    )
