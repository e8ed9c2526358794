"""Figures of the chapter on the delegation: seats at the table, exercises, arms."""

from __future__ import annotations

import pandas as pd

from eastward import data
from eastward.figures import COLOURS, PAPER, Figure, canvas, sources_of, theme
from eastward.figures.marks import Tips, later, public, segments, stack
from eastward.prose import holds
from eastward.quantities import security

GROUPS = {
    "security": ("defence", "security-council"),
    "diplomacy, Kremlin": ("foreign-affairs", "presidential-office"),
    "economy, business": ("economy-finance", "business"),
    "other": ("space-nuclear", "other"),
}
"""Sectors of ``security_delegations`` as the figure groups them."""

GROUP_COLOURS = dict(zip(GROUPS, (COLOURS["RUS"], COLOURS["ASIA"], COLOURS["EU27"], COLOURS["OTHER"]), strict=True))

MEETINGS = {
    ("beijing-2022-02", "delegation"): "Beijing, February 2022\nannounced",
    ("moscow-2023-03", "restricted-talks"): "Moscow, March 2023\nrestricted talks",
    ("beijing-2023-10", "delegation"): "Beijing, October 2023\nannounced, cut off",
    ("beijing-2024-05", "restricted-talks"): "Beijing, May 2024\nrestricted talks",
    ("beijing-2024-05", "one-plus-four"): "Beijing, May 2024\ndinner of 1+4",
    ("beijing-2025-09", "one-plus-four"): "Beijing, September 2025\ntea of 1+4",
}
"""Meetings shown, in order of time; other wider delegations are in the data only."""

KINDS = {
    "exercises, bilateral": COLOURS["RUS"],
    "exercises, with others": COLOURS["ASIA"],
    "patrols by air or sea": COLOURS["EU27"],
}
"""Kinds of joint activity as the figure groups them, with their colours."""


@theme()
def seats_at_the_table() -> Figure:
    """Persons on the Russian side at talks with Xi by sector of their office (counts)."""
    people = data.load("security_delegations")
    group = {sector: name for name, sectors in GROUPS.items() for sector in sectors}
    keys = list(zip(people["meeting"], people["format"], strict=True))
    people = people.assign(group=people["sector"].map(group), label=[MEETINGS.get(key, "") for key in keys])
    people = people[people["label"] != ""]
    counted = people.groupby(["label", "group"]).size().unstack(fill_value=0)
    counted = counted.reindex(index=list(MEETINGS.values()), columns=list(GROUPS), fill_value=0)
    known = people.assign(known=public(people)).groupby("label")["known"].all().reindex(counted.index)
    drawing, axes = canvas(height=4.3)
    left = [0] * len(counted)
    for name, start in zip(GROUPS, (0.0, 0.14, 0.45, 0.76), strict=True):
        numbers = [int(n) for n in counted[name]]
        later(axes.barh(list(counted.index), numbers, left=left, color=GROUP_COLOURS[name], height=0.62), known)
        for i, n in enumerate(numbers):
            if n:
                inside = {"ha": "center", "va": "center", "color": PAPER, "fontweight": "bold"}
                later([axes.text(left[i] + n / 2, i, str(n), fontsize=9.5, **inside)], [known.iloc[i]])
        left = [a + n for a, n in zip(left, numbers, strict=True)]
        axes.text(start, 1.02, name, transform=axes.transAxes, color=GROUP_COLOURS[name], fontweight="bold")
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    axes.set(xlabel="", ylabel="", xlim=(0, 14), xticks=[])
    table = security.security_seats().set_index("meeting")
    held, seats = table["held"], table["seats"]
    dinner = security.security_seats(form="one-plus-four").set_index("meeting")["held"]
    economy = counted["economy, business"][MEETINGS["beijing-2024-05", "restricted-talks"]]
    old, new = "moscow-2023-03", "beijing-2024-05"
    holds(
        {
            "None on the announced lists of February 2022": counted.loc[
                [MEETINGS["beijing-2022-02", "delegation"], MEETINGS["beijing-2023-10", "delegation"]], "security"
            ].sum()
            == 0
        }
    )
    return Figure(
        "fig-delegation-seats",
        f"Security posts held {held[new]} of {seats[new]} seats at the restricted talks of May 2024; in "
        f"March 2023 they had held {held[old]} of {seats[old]}.",
        "Persons named on the Russian side at talks of Putin and Xi, by office; announced lists are incomplete.",
        f"Stacked bars of persons by office at six occasions. Restricted talks: {held[old]} security posts "
        f"of {seats[old]} in March 2023, {held[new]} of {seats[new]} in May 2024, when economic officials "
        f"were {economy}. At the closed meeting of four: {dinner['beijing-2024-05']} in May 2024, "
        f"{dinner['beijing-2025-09']} in September 2025. None on the announced lists of February 2022 and "
        "October 2023.",
        sources_of(people),
        counted.assign(known=known).rename_axis(columns=None).reset_index(),
        drawing,
    )


@theme()
def exercises_by_year() -> Figure:
    """Joint exercises and patrols of China and Russia by year of their start and by kind (counts)."""
    rows = security.exercises()
    names = list(KINDS)
    kind = pd.Series(names[1], index=rows.index).mask(rows["scope"] == "bilateral", names[0])
    rows = rows.assign(group=kind.mask(rows["kind"] == "patrol", names[2]))
    counted, then = (
        part.groupby(["year", "group"])
        .size()
        .unstack(fill_value=0)
        .reindex(index=range(2003, 2026), columns=names, fill_value=0)
        for part in (rows, rows[public(rows)])
    )
    drawing, axes = canvas()
    total = counted.sum(axis=1)
    drawn = stack(axes, counted, then, KINDS, 0.74)
    for name, height in zip(names, (6.3, 7.0, 7.7), strict=True):
        axes.text(2002.6, height - 0.1, name, color=KINDS[name], fontweight="bold", fontsize=9.5)
    axes.text(2024, total[2024] + 0.15, "visit in May", ha="center", fontsize=9.5)
    axes.set(xlabel="", ylabel="exercises and patrols", ylim=(0, 9), xlim=(2002.3, 2025.9))
    rates = [float(total.loc[a:b].mean()) for a, b in ((2003, 2013), (2014, 2020), (2021, 2025))]
    holds(
        {
            "before the visit": total.loc[2021:2023].mean() > rates[1] > rates[0],
            "Patrols begin in 2019": counted.index[counted[names[2]] > 0].min() == 2019,
        }
    )
    return Figure(
        "fig-joint-exercises",
        f"Joint exercises rose from {rates[0]:.1f} a year before 2014 to {rates[2]:.1f} since 2021, well "
        "before the visit.",
        "Named exercises and patrols of the armed forces of China and Russia by year of their start, a "
        "lower bound; 2025 to December.",
        f"Stacked columns of joint exercises and patrols from 2003 to 2025: {rates[0]:.1f} a year in "
        f"2003–2013, {rates[1]:.1f} in 2014–2020, {rates[2]:.1f} in 2021–2025, with {total[2024]} in 2024 "
        f"and {total[2025]} in 2025. Patrols begin in 2019 and are {counted[names[2]][2024]} in 2024.",
        sources_of(rows),
        drawn,
        drawing,
        (segments(axes),),
        f"Joint exercises rose from {rates[0]:.1f} a year before 2014 to {then.loc[2021:2023].sum(axis=1).mean():.1f} from 2021 "
        "to 2023, well before the visit.",
    )


@theme()
def arms_deliveries() -> Figure:
    """Russian arms deliveries to China by year (million TIV) and their share in each side's trade."""
    flow, shares = security.deliveries(), security.arms_shares()
    of_russian, of_chinese = shares["of_russian_exports"], shares["of_chinese_imports"]
    drawing, (left, right) = canvas(columns=2)
    left.bar(flow.index, flow, color=COLOURS["RUS"], width=0.78)
    left.set(xlabel="", ylabel="million TIV", ylim=(0, 3300), title="Deliveries to China")
    for year, shift in ((2005, 0.0), (2024, 1.2)):
        left.text(year + shift, flow[year] + 40, f"{flow[year]:.0f}", ha="center", fontsize=9.5)
    for line, name, height, state in (
        (of_chinese, "of China's imports", 86, "CHN"),
        (of_russian, "of Russia's exports", 36, "RUS"),
    ):
        right.plot(line.index, line, color=COLOURS[state])
        right.text(2009.5, height, name, color=COLOURS[state], fontweight="bold", fontsize=9.5)
    right.set(xlabel="last of five years", ylabel="per cent", ylim=(0, 100), title="Share over five years")
    holds({"Russian arms deliveries to China fell": flow[2024] < flow[2005]})
    return Figure(
        "fig-arms-deliveries",
        f"Russian arms deliveries to China fell from {flow[2005]:.0f} million TIV in 2005 to {flow[2024]:.0f} in 2024.",
        "Left: volume of major arms delivered, trend-indicator values of SIPRI. Right: the same over five "
        "years as a share of all Russian arms exports and of all Chinese arms imports, per cent.",
        f"Columns of deliveries: {flow[1995]:.0f} million TIV in 1995, {flow[2005]:.0f} in 2005, "
        f"{flow[2013]:.0f} in 2013, {flow[2018]:.0f} in 2018, {flow[2024]:.0f} in 2024. China took "
        f"{of_russian[2004]:.0f} per cent of Russian exports in 2000–2004, {of_russian[2014]:.0f} in "
        f"2010–2014 and {of_russian[2024]:.0f} in 2020–2024; Russia's share of Chinese imports went from "
        f"{of_chinese[2004]:.0f} to {of_chinese[2014]:.0f} and {of_chinese[2024]:.0f}.",
        sources_of(data.load("security_arms", series="deliveries", category="all", release="2025-03")),
        pd.DataFrame({"deliveries": flow}).join(shares).rename_axis("year").reset_index(),
        drawing,
        (
            Tips(left, "year", "deliveries", "{year:.0f}: {deliveries:.0f} million TIV", y0=0),
            Tips(
                right,
                "year",
                "of_chinese_imports",
                "five years to {year:.0f}: {of_chinese_imports:.0f} % of China's imports",
            ),
            Tips(
                right,
                "year",
                "of_russian_exports",
                "five years to {year:.0f}: {of_russian_exports:.0f} % of Russia's exports",
            ),
        ),
    )
