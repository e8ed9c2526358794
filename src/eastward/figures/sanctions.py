"""Figures of the chapter on sanctions and the law."""

from __future__ import annotations

from datetime import date

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from eastward import data
from eastward.figures import COLOURS, GRID, INK, Figure, canvas, label_ends, sources_behind, sources_of, theme
from eastward.figures.marks import LATER, Tips, later, plot, public, scatter
from eastward.prose import holds, portion
from eastward.quantities import sanctions

CHOICE_COLOURS = {"yes": "#48831e", "abstain": "#a3a7ae", "no": COLOURS["IND"]}
"""Colour of each vote; the order of the segments carries the same meaning."""

COUNCIL_SEATS = 15
MEMBER_STATES = 193

IMPOSERS = {
    "USA": "United States", "CAN": "Canada", "CHE": "Switzerland", "NOR": "Norway", "EU27": "European Union",
    "ISL": "Iceland", "GBR": "United Kingdom",
}  # fmt: skip

CRIMEA = "2021"
"""Texts of the Assembly up to this year are on Crimea, later ones on the war."""


def _stacked(axes: Axes, votes: pd.DataFrame, seats: int, rest: str) -> None:
    """Draw a bar a vote, split by choice; the pale end are the seats that ``rest`` explains."""
    left = pd.Series(0.0, index=votes.index)
    for choice, colour in CHOICE_COLOURS.items():
        width = votes[choice].astype("float64").fillna(0)
        later(axes.barh(votes.index, width, left=left, color=colour, height=0.68, label=choice), votes["known"])
        left = left + width
    later(axes.barh(votes.index, seats - left, left=left, color=GRID, height=0.68, label=rest), votes["known"])
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=4, fontsize=9.5, columnspacing=1.2, handlelength=1)


def _tips(axes: Axes, seats: int, text: str) -> tuple[Tips, ...]:
    """One tip for each bar: the title of the text voted on and the count."""
    count = ": {yes:.0f} yes, {abstain:.0f} abstained, {no:.0f} no{known:later}"
    return (Tips(axes, seats, lambda row: row.name, text + count, x0=0),)


def _column(axes: Axes, texts: pd.Series, known: pd.Series, at: float, head: str, colour: str) -> None:
    """Write a column of words beside the bars."""
    axes.text(at, -0.95, head, fontsize=9.5, fontweight="bold", color=colour, va="center")
    later([axes.text(at, place, text, fontsize=9.5, color=colour, va="center") for place, text in texts.items()], known)


@theme()
def council_votes() -> Figure:
    """Votes of the Security Council on Ukraine, China's vote and the outcome (number of members)."""
    votes = sanctions.council_votes()
    votes["known"] = public(votes)
    old = votes[votes["known"]]
    old_vetoed = old["outcome"] == "vetoed"
    vetoed, adopted = votes["outcome"] == "vetoed", votes["outcome"] == "adopted"
    known = votes[vetoed & votes["china"].notna()]
    old_abstained = int((old_vetoed & (old["china"] == "abstain")).sum())
    abstained = int((known["china"] == "abstain").sum())
    drawing, axes = canvas(height=4.5)
    _stacked(axes, votes, COUNCIL_SEATS, "not found")
    names = [f"{data.period_start(d):%b %Y}  {t}" for d, t in zip(votes["date"], _short(votes), strict=True)]
    axes.set_yticks(list(votes.index), names)
    axes.set_xlim(0, 27.5)
    axes.set_xticks([0, 5, 10, 15])
    axes.spines["bottom"].set_bounds(0, COUNCIL_SEATS)
    axes.set_xlabel("members of the Council", loc="left")
    _column(axes, votes["china"].fillna("not found"), votes["known"], 15.6, "China", COLOURS["CHN"])
    outcome = votes["outcome"].where(~vetoed, "vetoed by Russia")
    _column(axes, outcome, votes["known"], 20.6, "outcome", INK)
    holds(
        {
            "none with sanctions": not (adopted & votes["measures"].eq("sanctions")).any(),
            "No text orders sanctions": not votes["measures"].eq("sanctions").any(),
            "against none": not (known["china"] == "no").any(),
        }
    )
    return Figure(
        "fig-council-votes",
        f"The Council adopted {int(adopted.sum())} texts on Ukraine, none with sanctions; Russia vetoed {int(vetoed.sum())}, "
        f"and China abstained on {portion(abstained, len(known))} vetoes for which its vote is known.",
        "Votes of the fifteen members on texts on Ukraine, 2014–2025, with China's vote and the outcome.",
        f"Stacked bars of {len(votes)} votes. {int(adopted.sum())} texts were adopted, {int(vetoed.sum())} vetoed by Russia, "
        f"{len(votes) - int(adopted.sum()) - int(vetoed.sum())} found too few votes. China abstained on "
        f"{portion(abstained, len(known))} vetoed texts for which its vote was found and voted "
        "against none. No text orders sanctions.",
        sources_of(votes),
        votes[["date", "title", "kind", "measures", "yes", "abstain", "no", "china", "russia", "outcome", "known"]],
        drawing,
        _tips(axes, COUNCIL_SEATS, "{date:when}, {title}"),
        f"The Council had adopted {int((old['outcome'] == 'adopted').sum())} texts on Ukraine, none with sanctions; Russia had vetoed "
        f"{int(old_vetoed.sum())}, and China had abstained on {portion(old_abstained, int(old_vetoed.sum()))}.",
    )


SHORT = {
    "crimea-2014": "Crimea referendum", "mh17-2014": "MH17 investigation", "minsk-2015": "Minsk agreement",
    "mh17-tribunal-2015": "MH17 tribunal", "aggression-2022": "aggression", "session-2022": "emergency session",
    "humanitarian-2022": "Russian relief draft", "annexation-2022": "annexations", "nord-stream-2023": "Nord Stream",
    "amendment-1-2025": "amendment: invasion", "amendment-2-2025": "amendment: territory",
    "amendment-3-2025": "amendment: just peace", "swift-end-2025": "swift end",
}  # fmt: skip
"""Short names of votes in the Council, by their id."""


def _short(votes: pd.DataFrame) -> pd.Series:
    return votes["event"].map(SHORT).fillna(votes["title"])


@theme()
def designations() -> Figure:
    """Designations of Russian targets since 2014, cumulative, and the shares of those who impose them (per cent)."""
    counts = sanctions.designations()
    before = counts["before"].dropna().iloc[-1]
    start = pd.DataFrame({"day": [date(2022, 2, 21)], "value": [before]})
    line = pd.concat([start, counts[["day", "value"]]], ignore_index=True)
    shares = data.load("sanctions_counts", series="ria-measures-share").sort_values("value", ascending=False)
    shares = shares.reset_index(drop=True)
    at_visit = counts[pd.to_datetime(counts["day"]) <= pd.Timestamp(data.PUBLICATION)].iloc[-1]
    drawing, (left, right) = canvas(height=3.6, columns=2, width_ratios=[1.35, 1])
    line["known"] = pd.concat([pd.Series([True]), public(counts)], ignore_index=True)
    shares["known"] = public(shares)
    style = {"color": COLOURS["RUS"], "marker": "o", "markersize": 6, "linewidth": 1.2}
    plot(left, pd.to_datetime(line["day"]), line["value"] / 1000, line["known"], **style)
    for _, point in line.iterrows():
        after = point["day"] > data.PUBLICATION
        left.annotate(
            f"{point['value'] / 1000:.1f}", (pd.Timestamp(point["day"]), point["value"] / 1000),
            xytext=(6, -14) if after else (-7, 5), textcoords="offset points", ha="center" if after else "right",
            fontsize=9.5, color=COLOURS["RUS"], fontweight="bold", gid=LATER if after else None,
        )  # fmt: skip
    left.axvline(pd.Timestamp(data.PUBLICATION), color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    left.annotate(
        "op-ed", (pd.Timestamp(data.PUBLICATION), 1.2), xytext=(5, 0), textcoords="offset points", fontsize=9.5
    )
    left.set(
        ylim=(0, 27),
        xlabel="",
        ylabel="thousand designations",
        xlim=(pd.Timestamp("2021-08-01"), pd.Timestamp("2025-09-01")),
    )
    left.xaxis.set_major_locator(mdates.YearLocator())
    left.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    left.set_title("Designations")
    colours = [COLOURS.get(c, COLOURS["OTHER"]) for c in shares["entity"]]
    later(right.barh(shares.index, shares["value"], color=colours, height=0.7), shares["known"])
    right.set_yticks(list(shares.index), [IMPOSERS[c] for c in shares["entity"]])
    written = [right.text(v + 0.5, i, f"{v:g}", va="center", fontsize=9.5) for i, v in shares["value"].items()]
    later(written, shares["known"])
    right.invert_yaxis()
    right.grid(visible=False)
    right.set(xlabel="per cent of all measures, May 2025", xlim=(0, 30))
    right.set_title("Who imposes measures")
    drawn = pd.concat(
        [
            line.assign(series="designations, cumulative", entity="WORLD", period=line["day"].map(date.isoformat)),
            shares.assign(series="share of measures, per cent"),
        ]
    )
    usa = shares.set_index("entity")["value"]["USA"]
    holds(
        {
            "three months before the op-ed": 80 <= (data.PUBLICATION - at_visit["day"]).days <= 105,
            "all others named are ": set(shares["entity"]) - {"USA", "CHE"} <= set(sanctions.ALLIES),
        }
    )
    return Figure(
        "fig-sanctions-count",
        f"Russian targets had {at_visit['value'] / 1000:.1f} thousand designations three months before the op-ed, "
        f"{before / 1000:.1f} thousand before the invasion.",
        "Left: designations of Russian persons, firms and ships since 2014, by Castellum.AI, one for each jurisdiction. "
        "Right: the seven jurisdictions named in a wider count of RIA Novosti.",
        f"Line of cumulative designations: {before:.0f} before 22 February 2022, {at_visit['value']:.0f} on {at_visit['day']:%-d %B %Y}, "
        f"{line['value'].iloc[-1]:.0f} in May 2025. Bars of shares: United States {usa:g} per cent, all others named are "
        "allies of it but Switzerland.",
        tuple(dict.fromkeys([*sources_behind(counts["rows"]), *sources_of(shares)])),
        drawn[["series", "entity", "period", "value", "known"]],
        drawing,
    )


@theme()
def assembly_votes() -> Figure:
    """Votes of the General Assembly on Ukraine and China's own vote (number of states)."""
    results = sanctions.tallies(topic=["ukraine", "ukraine-mention"])
    own = sanctions.assembly_votes(states=("RUS", "CHN"))
    votes = results.merge(own.drop(columns="rows"), on=["period", "resolution"], how="left")
    votes["known"] = public(votes)
    both = votes[votes["RUS"].notna() & votes["CHN"].notna()]
    crimea = both[both["period"] < CRIMEA]
    war = both[both["period"] >= CRIMEA]
    war_then = war[war["known"]]
    drawing, axes = canvas(height=5.0)
    _stacked(axes, votes, MEMBER_STATES, "took no part")
    year = votes["period"].str[:4]
    titles = votes["title"].str.replace(r" \(.*\)| \(?US text.*", "", regex=True)
    axes.set_yticks(list(votes.index), [f"{y}  {t}" for y, t in zip(year, titles, strict=True)])
    axes.set_xlim(0, 245)
    axes.set_xticks([0, 50, 100, 150, 193])
    axes.spines["bottom"].set_bounds(0, MEMBER_STATES)
    axes.set_xlabel("member states", loc="left")
    _column(axes, votes["CHN"].fillna("not found"), votes["known"], 200, "China", COLOURS["CHN"])
    alike = {name: int((part["CHN"] == part["RUS"]).sum()) for name, part in (("crimea", crimea), ("war", war))}
    holds(
        {
            "on the others it abstained, but for one yes": both.loc[both["CHN"] != both["RUS"], "CHN"]
            .value_counts()
            .drop("abstain")
            .to_dict()
            == {"yes": 1}
        }
    )
    return Figure(
        "fig-assembly-votes",
        f"On Ukraine China voted like Russia in {alike['crimea']} of {len(crimea)} Assembly votes up to 2019 and in "
        f"{alike['war']} of {len(war)} since 2022.",
        "States that voted yes, abstain or no, by text, 2014–2026, with the vote of China. Russia voted no on "
        f"{portion(int((votes['RUS'] == 'no').sum()), len(votes))}.",
        f"Stacked bars of {len(votes)} votes of the General Assembly. Most states in favour: {votes['yes'].max():.0f} of 193. "
        f"China voted like Russia in {alike['crimea']} of {len(crimea)} votes on Crimea and {alike['war']} of {len(war)} since "
        "2022; on the others it abstained, but for one yes to a text that names the aggression in its preamble.",
        tuple(dict.fromkeys([*sources_behind(results["rows"]), *sources_behind(own["rows"])])),
        votes[["period", "resolution", "title", "yes", "abstain", "no", "CHN", "RUS", "known"]],
        drawing,
        _tips(axes, MEMBER_STATES, "{period:when}, {title}"),
        f"On Ukraine China voted like Russia in {alike['crimea']} of {len(crimea)} Assembly votes up to 2019 and in "
        f"{int((war_then['CHN'] == war_then['RUS']).sum())} of {len(war_then)} from 2022 to May 2024.",
    )


@theme()
def measures_votes() -> Figure:
    """Votes of the General Assembly on unilateral coercive measures (number of states)."""
    results = sanctions.tallies(topic="unilateral-measures")
    results["known"] = public(results)
    yearly = results[(results["organ"] == "assembly") & (results["resolution"] != "A/79/L.93")]
    yearly = yearly.assign(year=yearly["period"].str[:4].astype(int))
    late = results[results["resolution"] == "A/79/L.93"].assign(year=2025)
    committee = results[results["organ"] == "third-committee"].assign(year=2021)
    drawing, axes = canvas(height=3.3)
    for choice in ("yes", "no"):
        colour = CHOICE_COLOURS[choice]
        axes.plot(yearly["year"], yearly[choice], color=colour)
        scatter(axes, late["year"], late[choice], late["known"], color=colour, s=44, marker="D", zorder=3)
        axes.scatter(committee["year"], committee[choice], facecolor="none", edgecolor=colour, s=44, zorder=3)
    axes.set(ylim=(0, 150), xlim=(1995.5, 2026), xlabel="", ylabel="states")
    last, first = yearly.iloc[-1], yearly.iloc[0]
    axes.text(2004, 112, "for: China, Russia", color=CHOICE_COLOURS["yes"], fontweight="bold", fontsize=9.5, va="top")
    axes.text(
        2004,
        40,
        "against: United States, Germany",
        color=CHOICE_COLOURS["no"],
        fontweight="bold",
        fontsize=9.5,
        va="top",
    )
    day = late.iloc[0]
    ends = label_ends(
        axes, {f"{day[c]:.0f}": (2025.0, float(day[c])) for c in ("yes", "no")},
        {f"{day[c]:.0f}": CHOICE_COLOURS[c] for c in ("yes", "no")},
    )  # fmt: skip
    later(ends, [day["known"]] * len(ends))
    holds(
        {
            "Each year more states vote for the text against unilateral measures than against it": (
                yearly["yes"] > yearly["no"]
            ).all()
        }
    )
    return Figure(
        "fig-measures-votes",
        f"Each year more states vote for the text against unilateral measures than against it: {last['yes']:.0f} to "
        f"{last['no']:.0f} in 2019, China and Russia for, the United States against.",
        "States for and against the Assembly's yearly resolution on unilateral coercive measures, 1996–2019; ring: its committee in "
        "2021; diamond: the text of 2025 on an international day.",
        f"Two lines. In favour: {first['yes']:.0f} states in 1996, {last['yes']:.0f} in 2019; against: {first['no']:.0f} and "
        f"{last['no']:.0f}. In 2025 another text has {day['yes']:.0f} in favour and {day['no']:.0f} against.",
        sources_behind(yearly["rows"], late["rows"], committee["rows"]),
        results[["period", "organ", "resolution", "yes", "abstain", "no", "known"]],
        drawing,
        tuple(
            Tips(
                axes,
                lambda row: int(row["period"][:4]),
                choice,
                "{resolution}, {period:when}: {yes:.0f} for, {no:.0f} against{known:later}",
            )
            for choice in ("yes", "no")
        ),
    )
