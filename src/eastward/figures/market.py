"""Figures of the chapter on cars and appliances."""

from __future__ import annotations

import pandas as pd

from eastward import data
from eastward.figures import COLOURS, INK, PAPER, Figure, canvas, label_ends, sources_behind, sources_of, theme
from eastward.figures.marks import Tips, among, later, plot, public, scatter
from eastward.prose import holds
from eastward.quantities import market

KIND_COLOURS = {"sales": COLOURS["CHN"], "companies": COLOURS["ASIA"], "investment": COLOURS["OTHER"]}
"""Colour of each kind of presence."""

"""Text on a filled bar, readable in both themes."""

FORMS = {"direct": ("o", True), "indirect": ("o", False), "absent": ("x", True)}
"""Marker of each form of report, and whether it is filled."""

COLUMNS = {
    "cars": "cars",
    "appliances": "appliances",
    "widen": "wish\nto widen",
    "sanctions": "sanctions\nnamed",
    "sanctions_as_reason": "sanctions\nas the reason",
}
"""Elements of the statement and their headings."""

OUTLET_ORDER = ["TASS", "Business FM", "Anadolu", "MENAFN"]


@theme()
def words_by_report() -> Figure:
    """Which element of the statement of 16 May 2024 each report has, quoted or in reported speech."""
    found = market.reports(data.HINDSIGHT, "2024-05-16").set_index("outlet")
    found = found.loc[[outlet for outlet in OUTLET_ORDER if outlet in found.index]].reset_index()
    long = found.melt(["outlet", "source"], list(COLUMNS), "element", "form")
    long["form"] = long["form"].replace({"yes": "indirect", "no": "absent"})
    drawing, axes = canvas(height=2.9)
    columns, outlets = list(COLUMNS), list(found["outlet"])
    for mark in long.to_dict("records"):
        marker, filled = FORMS[mark["form"]]
        at = [columns.index(mark["element"])], [outlets.index(mark["outlet"])]
        if marker == "x":
            axes.scatter(*at, marker=marker, s=120, linewidths=2, color=COLOURS["OTHER"])
        else:
            face = COLOURS["RUS"] if filled else "none"
            axes.scatter(*at, marker=marker, s=120, linewidths=2, facecolors=face, edgecolors=COLOURS["RUS"])
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(outlets) - 0.5, -0.5), xlabel="", ylabel="")
    axes.set_xticks(range(len(columns)), [COLUMNS[name] for name in columns])
    axes.set_yticks(range(len(outlets)), outlets)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(axis="both", visible=False)
    axes.spines[:].set_visible(False)
    quoted = {element: int((found[element] == "direct").sum()) for element in market.ELEMENTS}
    reason = found.loc[found["sanctions_as_reason"] == "yes", "outlet"].tolist()
    holds(
        {
            "No report quotes the sentence": quoted["appliances"] == quoted["sanctions"] == 0,
            "only cars and the wish to widen cooperation are in quotation marks": min(quoted["cars"], quoted["widen"])
            > 0,
            "in reported speech": (found.loc[found["sanctions_as_reason"] == "yes", "sanctions"] == "indirect").all(),
        }
    )
    return Figure(
        "fig-cars-words",
        "No report quotes the sentence: only cars and the wish to widen cooperation are in quotation marks.",
        "Reports of what Putin told the press in Beijing on 16 May 2024. Filled: quoted as his words; ring: "
        "reported speech; cross: absent.",
        f"Grid of {len(found)} reports: {quoted['cars']} quote Putin on cars, {quoted['appliances']} on "
        f"appliances, {quoted['sanctions']} on sanctions; only {' and '.join(reason)} give the "
        "sanctions as the "
        "reason, in reported speech.",
        sources_of(found),
        long[["outlet", "element", "form", "source"]],
        drawing,
        tuple(
            Tips(
                axes,
                at,
                lambda row: outlets.index(row["outlet"]),
                "{outlet}, " + words.replace("\n", " ") + ": {form}",
                {"element": element},
            )
            for at, (element, words) in enumerate(COLUMNS.items())
        ),
    )


def _times(ratio: float) -> str:
    if ratio == 0:
        return "none"
    return f"× {ratio:.1f}" if ratio >= 1.05 else f"× {ratio:.2f}"


@theme()
def presence_ratios() -> Figure:
    """Chinese presence in Russia after the exits as a multiple of before, a dot a measure (log scale)."""
    found = market.presence().iloc[::-1].reset_index(drop=True)
    drawing, axes = canvas(height=4.6)
    axes.axvline(1, color=INK, linewidth=1)
    for at, line in enumerate(found.to_dict("records")):
        ratio, colour = line["ratio"], KIND_COLOURS[line["kind"]]
        x, right = max(ratio, 0.2), ratio >= 1
        axes.plot([1, x], [at, at], color=colour, linewidth=1.6)
        axes.scatter([x], [at], color=colour, s=46, marker="o" if ratio else "<", zorder=3)
        axes.annotate(
            _times(ratio),
            (x, at),
            xytext=(8 if right else -8, 0),
            textcoords="offset points",
            va="center",
            ha="left" if right else "right",
            color=colour,
            fontweight="bold",
            fontsize=9.5,
        )
    axes.set_xscale("log")
    axes.set(xlim=(0.1, 30), ylim=(-0.7, len(found) - 0.3), ylabel="")
    axes.set_xlabel("after the exits, as a multiple of before (log scale)")
    axes.set_xticks([0.25, 0.5, 1, 2, 4, 8, 16], ["¼", "½", "1", "2", "4", "8", "16"])
    axes.minorticks_off()
    axes.set_yticks(range(len(found)), list(found["measure"]))
    axes.grid(axis="x", visible=True)
    axes.grid(axis="y", visible=False)
    for at, (kind, colour) in enumerate(KIND_COLOURS.items()):
        place = (0.99, 0.16 - 0.055 * at)
        axes.annotate(kind, place, xycoords="axes fraction", ha="right", color=colour, fontweight="bold")
    ratios = {kind: found.loc[found["kind"] == kind, "ratio"] for kind in KIND_COLOURS}
    sales, companies, money = ratios["sales"], ratios["companies"], ratios["investment"]
    return Figure(
        "fig-cars-presence",
        f"{int((sales > 1).sum())} of {len(sales)} measures of sales rose after the exits; "
        f"{int((money < 1).sum())} of {len(money)} measures of investment fell.",
        "Latest figure over that of 2021 where there is one, else over the nearest; all periods stand in the data.",
        f"Dot chart on a log scale. Sales measures went to {sales.min():.1f} to {sales.max():.1f} "
        "times their "
        f"level before the exits, counts of Chinese companies to {companies.min():.1f} to "
        f"{companies.max():.1f} "
        f"times, measures of Chinese investment to {money.min():.1f} to {money.max():.2f} times.",
        sources_behind(found["rows"]),
        found.drop(columns="rows"),
        drawing,
        (
            Tips(
                axes,
                lambda row: max(row["ratio"], 0.2),
                lambda row: row.name,
                "{measure}: {before:g} ({from:when}), {after:g} ({to:when}), {unit}",
            ),
        ),
    )


def _middle(period: str) -> float:
    first, last = data.period_start(period), data.period_end(period)
    return first.year + (first.timetuple().tm_yday + (last - first).days / 2) / 365.25


def _month(period: str) -> str:
    return f"{data.period_start(period):%B %Y}"


@theme()
def market_and_share() -> Figure:
    """Chinese share of new cars by month and year, and cars sold by Chinese and by all other brands."""
    share = data.load("market_car_sales", series="share", compiler="autostat", origin="CHN", brand="all")
    share = share.sort_values(["period", "half_unit"], kind="stable").drop_duplicates("period")
    share["at"] = share["period"].map(_middle)
    share["known"] = public(share)
    monthly = share["period"].str.fullmatch(r"\d{4}-\d{2}")
    months, spans = share[monthly].sort_values("at"), share[~monthly]
    best = months.sort_values("value", kind="stable").iloc[-1]
    peak = float(best["value"])
    drawing, (left, right) = canvas(height=3.9, columns=2)
    plot(left, months["at"], months["value"], months["known"], color=COLOURS["CHN"], marker="o", markersize=4)
    ring = {"s": 34, "facecolors": "none", "edgecolors": COLOURS["OTHER"], "linewidths": 1.4}
    scatter(left, spans["at"], spans["value"], spans["known"], **ring)
    left.axvline(_middle(market.INVASION), color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    note = {"textcoords": "offset points", "fontsize": 9.5}
    highest = left.annotate(f"{peak:.1f}", (best["at"], peak), xytext=(0, 6), ha="center", **note)
    later([highest], [best["known"]])
    left.annotate("invasion", (_middle(market.INVASION), 66), xytext=(-5, 0), ha="right", va="top", **note)
    left.set(xlabel="", ylabel="per cent", ylim=(0, 68), xlim=(2018, 2026), title="Chinese share of new cars")
    split = market.market_split()
    sold = split.set_index("year")[["chinese", "others"]] / 1000
    split["known"] = among(split, market.market_split(data.PUBLICATION), "year")
    later(right.bar(sold.index, sold["chinese"], color=COLOURS["CHN"], width=0.84), split["known"])
    others_bars = right.bar(sold.index, sold["others"], bottom=sold["chinese"], color=COLOURS["OTHER"], width=0.84)
    later(others_bars, split["known"])
    middles = {"chinese": sold["chinese"] / 2, "others": sold["chinese"] + sold["others"] / 2}
    for part, heights in middles.items():
        for year, units, height, known in zip(sold.index, sold[part], heights, split["known"], strict=True):
            count = right.annotate(
                f"{units:.0f}",
                (year, height),
                ha="center",
                va="center",
                color=PAPER,
                fontsize=9.5,
                fontweight="bold",
            )
            later([count], [known])
    right.set(xlabel="", ylabel="thousand", ylim=(0, 1680), xlim=(2020.5, 2026.9), title="New cars sold")
    right.set_xticks(list(sold.index))
    names = {"chinese": "Chinese\nbrands", "others": "all\nothers"}
    label_ends(
        right,
        {names[part]: (float(sold.index[-1]) + 0.3, float(heights.iloc[-1])) for part, heights in middles.items()},
        {names["chinese"]: COLOURS["CHN"], names["others"]: COLOURS["OTHER"]},
    )
    drawn = split.melt(["year", "known"], ["chinese", "others"], "series", "value").assign(unit="units")
    drawn = drawn.rename(columns={"year": "period"})
    shares = share[["period", "value", "unit", "source", "known"]].assign(series="share of Chinese brands")
    first, last = (float(months["value"].iloc[at]) for at in (0, -1))
    chinese, others = (dict(zip(sold.index, sold[part], strict=True)) for part in ("chinese", "others"))
    holds(
        {
            "In 2022 the Chinese share rose because other cars vanished": others[2022] < others[2021] / 2
            and chinese[2022] < 1.5 * chinese[2021],
            "Chinese sales took off in 2023": chinese[2023] > 2 * chinese[2022],
        }
    )
    return Figure(
        "fig-cars-market",
        "In 2022 the Chinese share rose because other cars vanished; Chinese sales took off in 2023, "
        "and the share "
        f"peaked at {peak:.1f} per cent.",
        "Autostat. Left: months (dots) and longer spans (rings). Right: all years but 2022 computed "
        "from stated "
        "shares or changes.",
        f"Two panels. The Chinese share of new cars in Russia rose from {first:.0f} per cent in {_month(months['period'].iloc[0])} to "
        f"{peak:.1f} in {_month(best['period'])} and was {last:.1f} in {_month(months['period'].iloc[-1])}. Other brands sold "
        f"{others[2021]:.0f} thousand cars in 2021 and {others[2022]:.0f} in 2022, Chinese brands "
        f"{chinese[2021]:.0f}, {chinese[2022]:.0f} and, in 2023, {chinese[2023]:.0f} thousand.",
        sources_of(data.rows([*share["row"], *(row for ids in split["rows"] for row in ids)])),
        pd.concat([shares, drawn])[["series", "period", "value", "unit", "source", "known"]],
        drawing,
        (
            Tips(
                left,
                lambda row: _middle(row["period"]),
                "value",
                "{period:when}: {value:.1f} %{known:later}",
                {"series": "share of Chinese brands"},
            ),
        ),
        f"In 2022 the Chinese share rose because other cars vanished: others sold {others[2021]:.0f} thousand in 2021 and "
        f"{others[2022]:.0f} in 2022.",
    )


@theme()
def televisions_and_phones() -> Figure:
    """Televisions before and after Samsung's exit, and smartphones by units and by value."""
    sets = data.load("market_appliances", product="televisions", measure="share-of-units", compiler="Fplus")
    sets = sets[sets["brand"].isin(["Haier", "Samsung"])]
    years = sets.assign(year=sets["period"].str[:4].astype(int)).pivot(index="year", columns="brand", values="value")
    phones = data.load("market_appliances", product="smartphones", compiler="MTS")
    wide = phones.pivot(index="brand", columns="measure", values="value").dropna().sort_values("share-of-value")
    colours = {"Haier": COLOURS["CHN"], "Samsung": COLOURS["OTHER"], "Apple": COLOURS["USA"]}
    both = pd.concat([sets, phones])
    both["known"] = public(both)
    known_phones = bool(both.loc[both["product"] == "smartphones", "known"].all())
    drawing, (left, right) = canvas(height=3.6, columns=2)
    note = {"textcoords": "offset points", "ha": "center", "fontsize": 9.5}
    for brand in ("Haier", "Samsung"):
        left.plot(years.index, years[brand], color=colours[brand], marker="o")
        for year, value in zip(years.index, years[brand], strict=True):
            below = brand == "Samsung" and year == years.index[-1]
            left.annotate(f"{value:.1f}", (year, value), xytext=(0, -15 if below else 7), **note)
    left.set(xlim=(2021.7, 2023.9), ylim=(0, 29), xlabel="", ylabel="per cent of units")
    left.set_title("Televisions, Jan–Sep")
    left.set_xticks(list(years.index), [str(year) for year in years.index])
    end = float(years.index[-1])
    label_ends(left, {b: (end, float(years[b].iloc[-1])) for b in ("Haier", "Samsung")}, colours)
    units, worth = list(wide["share-of-units"]), list(wide["share-of-value"])
    for at, brand in enumerate(wide.index.astype(str)):
        colour = colours.get(brand, COLOURS["CHN"])
        drawn = right.plot([units[at], worth[at]], [at, at], color=colour, linewidth=1.6)
        drawn.append(
            right.scatter([units[at]], [at], s=44, facecolors="none", edgecolors=colour, linewidths=1.6, zorder=3)
        )
        drawn.append(right.scatter([worth[at]], [at], s=44, color=colour, zorder=3))
        later(drawn, [known_phones] * len(drawn))
    right.set_yticks(range(len(wide)), list(wide.index))
    right.set(xlim=(0, 36), ylim=(-0.6, len(wide) - 0.1), xlabel="per cent", title="Smartphones, Jan–Sep 2024")
    for text, x in (("units", units[-1]), ("value", worth[-1])):
        later([right.annotate(text, (x, len(wide) - 1), xytext=(0, 8), **note)], [known_phones])
    right.grid(axis="x", visible=True)
    kept = wide.loc[["Apple", "Samsung"], "share-of-value"].sum()
    old, new = years.iloc[0], years.iloc[-1]
    apple, xiaomi = wide.loc["Apple"], wide.loc["Xiaomi"]
    holds({"Haier overtook Samsung in televisions": old["Haier"] < old["Samsung"] and new["Haier"] > new["Samsung"]})
    return Figure(
        "fig-cars-goods",
        "Haier overtook Samsung in televisions, yet Apple and Samsung, which had left, still took "
        f"{kept:.0f} per cent of the money for phones.",
        "Left: share of units by Fplus. Right: share of units (ring) and of value (dot) by the operator MTS.",
        f"Left: Samsung fell from {old['Samsung']:.1f} to {new['Samsung']:.1f} per cent of "
        "televisions, Haier rose "
        f"from {old['Haier']:.1f} to {new['Haier']:.1f}. Right: Apple had "
        f"{apple['share-of-units']:.0f} per cent of "
        f"the smartphones sold and {apple['share-of-value']:.0f} per cent of their value, Xiaomi "
        f"{xiaomi['share-of-units']:.0f} and {xiaomi['share-of-value']:.0f}.",
        sources_of(sets, phones),
        both[["product", "measure", "brand", "compiler", "period", "value", "unit", "source", "known"]],
        drawing,
        tuple(
            Tips(
                right,
                "value",
                lambda row: wide.index.get_loc(row["brand"]) if row["brand"] in wide.index else None,
                "{brand}: {value:g} % of " + of + "{known:later}",
                {"product": "smartphones", "measure": f"share-of-{of}"},
            )
            for of in ("units", "value")
        ),
        f"Haier overtook Samsung in televisions: {new['Haier']:.1f} against {new['Samsung']:.1f} per cent of the first nine "
        f"months of {years.index[-1]}.",
    )


@theme()
def exits_by_count() -> Figure:
    """Share of foreign firms that left Russia, by who counts and what counts as leaving."""
    found = market.exit_shares().iloc[::-1].reset_index(drop=True)
    drawing, axes = canvas(height=3.4)
    found["known"] = public(found)
    later(axes.barh(range(len(found)), found["share"], color=COLOURS["OTHER"], height=0.6), found["known"])
    labels = []
    for at, line in enumerate(found.to_dict("records")):
        text = f"{line['share']:.1f}".removesuffix(".0")
        place = (line["share"], at)
        share = axes.annotate(text, place, xytext=(5, 0), textcoords="offset points", va="center", fontweight="bold")
        later([share], [line["known"]])
        labels.append(f"{line['compiler']}, {line['period'][:7]}:\n{line['definition']}")
    axes.set_yticks(range(len(found)), labels)
    axes.set(xlim=(0, 100), xlabel="per cent of the firms counted", ylabel="")
    axes.grid(axis="x", visible=True)
    axes.grid(axis="y", visible=False)
    most, least = found.iloc[0], found.iloc[-1]
    return Figure(
        "fig-cars-exits",
        f"Between {least['share']:.1f} and {most['share']:.1f} per cent of foreign firms left, depending on which firms are "
        "counted and what counts as leaving.",
        "Share of foreign firms that left Russia, by compiler and definition; the bases differ. Yale's "
        "shares "
        "are computed from its counts.",
        f"Bars of {len(found)} counts of foreign firms that left Russia: from {least['share']:.1f} per cent "
        f"({least['compiler']}, {least['definition']}) to {most['share']:.1f} per cent ({most['compiler']}, "
        f"{most['definition']}).",
        sources_behind(found["rows"]),
        found.drop(columns="rows"),
        drawing,
    )
