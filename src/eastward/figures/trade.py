"""Figures of the chapters on trade turnover and on Europe and Asia."""

from __future__ import annotations

import pandas as pd

from eastward import data
from eastward.figures import (
    COLOURS,
    GRID,
    INK,
    PAPER,
    STATUS_COLOURS,
    Figure,
    canvas,
    label_ends,
    sources_behind,
    sources_of,
    theme,
)
from eastward.figures.marks import Tips, among, plot, public, scatter
from eastward.indicators.trade import annual, mirror_gap, most_precise, turnover
from eastward.prose import holds
from eastward.quantities import trade, west
from eastward.verdicts import verdict


def turnover_series() -> pd.DataFrame:
    """China–Russia turnover in bn current USD, a row a year and compiler: the numbers of the first figure.

    Chinese reports to the IMF up to 2015, first releases of Chinese customs after, and what the Russian side states.
    """
    china = trade.china_turnover().assign(compiler="Chinese customs")
    imf = turnover(data.load("trade_imf_dots", reporter="CHN", partner="RUS"))
    imf = imf.assign(year=imf["period"].astype(int), compiler="Chinese customs")
    russia = trade.russian_side_turnover().assign(compiler="Russian side")
    parts = [imf[imf["year"].between(2000, 2015)], china[china["year"] > 2015], russia]
    return pd.concat(parts)[["year", "compiler", "value", "rows"]].reset_index(drop=True)


@theme()
def turnover_by_year() -> Figure:
    """China–Russia turnover by Chinese customs and by the Russian side, bn current USD."""
    series = turnover_series()
    china = series[series["compiler"] == "Chinese customs"].set_index("year")["value"]
    russia = series[series["compiler"] == "Russian side"].set_index("year")["value"]
    apart = (russia / china - 1).dropna()
    drawing, axes = canvas()
    series["known"] = public(series)
    known = series.set_index(["compiler", "year"])["known"]
    plot(axes, china.index, china, known["Chinese customs"], color=COLOURS["CHN"])
    scatter(axes, russia.index, russia, known["Russian side"], color=COLOURS["RUS"], s=40, zorder=3, edgecolor=PAPER)
    axes.axhline(240, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate("stated: 240", (2000, 240), xytext=(0, 4), textcoords="offset points", fontsize=9.5)
    axes.set(xlabel="", ylabel="bn USD, current prices", ylim=(0, 270), xlim=(1999.5, 2025.5))
    label_ends(axes, {"Chinese\ncustoms": (2025, china[2025])}, {"Chinese\ncustoms": COLOURS["CHN"]})
    axes.annotate(
        f"Russian side: {russia[2023]:.1f}", (2023, russia[2023]), xytext=(8, -38), textcoords="offset points",
        color=COLOURS["RUS"], fontweight="bold", fontsize=9.5, annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": COLOURS["RUS"], "linewidth": 0.8},
    )  # fmt: skip
    return Figure(
        "fig-trade-turnover",
        f"Trade stood at {china[2018]:.0f} bn USD in 2018, {china[2020]:.0f} in 2020 and {china[2023]:.0f} in 2023 by Chinese customs; "
        f"the Russian side counts {russia[2023]:.0f}.",
        "China–Russia goods trade, exports plus imports, bn current USD.",
        f"Line of China–Russia trade turnover by Chinese customs, 2000 to 2025: {china[2014]:.0f} bn USD in 2014, "
        f"{china[2020]:.0f} in 2020, {china[2023]:.1f} in 2023, {china[2025]:.1f} in 2025. Dots of the Russian side lie between "
        f"{-100 * apart.min():.0f} % below the line and {100 * apart.max():.0f} % above it: {russia[2023]:.1f} in 2023.",
        sources_behind(series["rows"]),
        series.drop(columns="rows"),
        drawing,
        (Tips(axes, "year", "value", "{year}, {compiler}: {value:.1f} bn USD{known:later}"),),
    )


def _listed(measures: list[str]) -> str:
    """Write measures as one list, the deflator of each in brackets."""
    named = [m.replace("constant dollars, ", "constant dollars (") + ")" * (", " in m) for m in measures] or ["none"]
    *others, last = named
    return f"{', '.join(others)} and {last}" if others else last


@theme()
def doubling_multiverse() -> Figure:
    """Ratio of 2023 to the base year over every admissible compiler, base year, currency and deflator."""
    tested = verdict("C13", "hindsight")
    frame = tested.robustness
    parts = frame["variant"].str.split(", ", n=2, expand=True)
    frame["measure"], frame["group"] = parts[2], parts[0] + ", " + parts[1]
    order = list(dict.fromkeys(frame["measure"]))
    drawing, axes = canvas(height=3.7)
    markers = {
        "Chinese customs, base 2018": "o",
        "Chinese customs, base 2019": "s",
        "Russian side, base 2018": "^",
        "Russian side, base 2019": "D",
    }
    colours = {g: COLOURS["CHN"] if g.startswith("Chinese") else COLOURS["RUS"] for g in markers}

    def _row(mark: pd.Series) -> float:
        return order.index(mark["measure"]) + 0.12 * (list(markers).index(mark["group"]) - 1.5)

    for group, marker in markers.items():
        part = frame[frame["group"] == group]
        at = [_row(mark) for _, mark in part.iterrows()]
        axes.scatter(
            part["observed"].astype(float), at, marker=marker, color=colours[group], s=42, label=group, zorder=3
        )
    axes.axvline(2, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate("doubled", (2, -0.62), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9.5)
    axes.set_yticks(range(len(order)), [m.replace(", ", ",\n") for m in order])
    axes.set(xlabel="turnover of 2023 over that of the base year", ylim=(len(order) - 0.5, -0.9), xlim=(1.5, 3.2))
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    axes.legend(loc="lower right", fontsize=9.5, handletextpad=0.2)
    agree = int((frame["status"] == "supported").sum())
    low, high = frame["observed"].min(), frame["observed"].max()
    doubled = (frame["status"] == "supported").groupby(frame["measure"])
    always, never = (_listed([m for m in order if rule[m]]) for rule in (doubled.all(), ~doubled.any()))
    enough = float(tested.claim.stated.value or 0) - tested.claim.stated.half_unit
    return Figure(
        "fig-doubling-multiverse",
        f"Trade doubled by {agree} of {len(frame)} admissible measures: by all of those in {always}, by none of those in {never}.",
        "Turnover of 2023 over that of 2018 or 2019 by compiler (colour), currency and deflator; "
        f"ratios from {enough:g} round to two and count as doubled.",
        f"Dots of {len(frame)} ratios between {low:.2f} and {high:.2f}. Within rounding, all are doubled in {always}, and none in {never}.",
        sources_of(tested.evidence),
        frame[["group", "measure", "observed", "status", "decides"]],
        drawing,
        (Tips(axes, "observed", _row, "{group}, {measure}: {observed:.2f}, {status}"),),
    )


def china_mirror_gap() -> pd.DataFrame:
    """Chinese less Russian turnover figures by year: IMF reports to 2020, then releases and statements (bn USD)."""
    china = turnover(data.load("trade_imf_dots", reporter="CHN", partner="RUS"))
    russia = turnover(data.load("trade_imf_dots", reporter="RUS", partner="CHN"))
    reported = {int(p): v for p, v in zip(china["period"], china["value"], strict=True)}
    mirrored = {int(p): v for p, v in zip(russia["period"], russia["value"], strict=True)}
    later_c = trade.china_turnover().set_index("year")["value"]
    later_r = trade.russian_side_turnover().set_index("year")["value"]
    for year in (2021, 2022, 2023):
        reported[year], mirrored[year] = later_c[year], later_r[year]
    gap = mirror_gap(pd.Series(reported), pd.Series(mirrored)).loc[2005:]
    return gap.rename_axis("year").reset_index()


@theme()
def mirror_gap_by_year() -> Figure:
    """Gap between Chinese and Russian figures of the same turnover, per cent of their mean."""
    gap = china_mirror_gap()
    drawing, axes = canvas(height=3.1)
    colours = [COLOURS["CHN"] if year <= 2020 else COLOURS["OTHER"] for year in gap["year"]]
    axes.bar(gap["year"], gap["gap_percent"], color=colours)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set(xlabel="", ylabel="per cent of the mean", xticks=range(2005, 2024, 3), xlim=(2004.4, 2023.6))
    last = gap.set_index("year")["gap_percent"]
    usual = last.loc[2010:2022].abs().median()
    return Figure(
        "fig-mirror-gap",
        f"The two sides' figures for 2023 differ by {last[2023]:.1f} per cent; the usual gap from 2010 to 2022 was {usual:.1f}.",
        "Turnover by China less turnover by Russia, per cent of their mean; red: both report to the IMF; grey: customs release against statement.",
        f"Bars of the mirror gap from 2005 to 2023: {last[2008]:.1f} per cent in 2008, {last[2018]:.1f} in 2018, {last[2023]:.1f} in 2023; "
        f"the median absolute gap from 2010 to 2022 is {usual:.1f} per cent.",
        (
            "imfdotschn",
            "leblanc2022dots",
            *sources_of(data.load("trade_statements", series="putin", period=["2022", "2023"])),
        ),
        gap,
        drawing,
        (Tips(axes, "year", "gap_percent", "{year:.0f}: {gap_percent:+.1f} %, {gap:+.1f} bn USD", y0=0),),
    )


@theme()
def partners_in_2023() -> Figure:
    """Russia's largest partner countries in 2023 by their own figures, bn current USD."""
    partners = trade.russia_partners(data.HINDSIGHT, 2023).head(10)
    names = partners["partner"].map(data.names())
    drawing, axes = canvas(height=3.4)
    colours = [COLOURS.get(c, COLOURS["OTHER"]) for c in partners["partner"]]
    axes.barh(names, partners["value"], color=colours)
    for place, value in enumerate(partners["value"]):
        axes.annotate(
            f"{value:.0f}", (value, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=9.5
        )
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.set(xlabel="bn USD", xlim=(0, 1.1 * partners["value"].max()))
    first, second = partners.iloc[0], partners.iloc[1]
    holds({"China traded": first["partner"] == "CHN"})
    return Figure(
        "fig-partners-2023",
        f"China traded {first['value'] / second['value']:.1f} times as much with Russia in 2023 as the next country.",
        "Turnover with Russia by the partners' own figures, bn current USD; ten largest partner countries.",
        f"Bars of the ten largest partner countries of Russia in 2023: China {first['value']:.0f} bn USD, {names.iloc[1]} {second['value']:.0f}, "
        f"the others less.",
        sources_behind(partners["rows"]),
        partners[["partner", "value", "rank"]],
        drawing,
    )


@theme()
def exports_by_region() -> Figure:
    """Russian exports of 2023 by customs region against the op-ed's two figures, bn current USD."""
    exports = data.load("trade_russian_customs", flow="exports", period="2023", unit="USD bn")
    exports = exports[exports["partner"].isin(["ASIA", "EUROPE", "AFRICA", "AMERICAS"])]
    best = most_precise(exports, by=["partner"]).set_index("partner").loc[["ASIA", "EUROPE", "AFRICA", "AMERICAS"]]
    stated = {"ASIA": verdict("C11").claim.stated.value, "EUROPE": verdict("C10").claim.stated.value}
    drawing, axes = canvas(height=2.9)
    labels = ["Asia", "Europe", "Africa", "Americas"]
    colours = [COLOURS["ASIA"], COLOURS["EUROPE"], COLOURS["OTHER"], COLOURS["OTHER"]]
    axes.barh(labels, best["value"], color=colours, height=0.62)
    for place, (region, value) in enumerate(best["value"].items()):
        said = f"   (op-ed: {stated[region]})" if region in stated else ""
        axes.annotate(
            f"{value:.1f}{said}", (value, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9.5
        )
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.set(xlabel="bn USD", xlim=(0, 420))
    gap = float(best.loc["ASIA", "value"]) - float(stated["ASIA"] or 0)
    holds(
        {
            "the European figure is right": verdict("C10", "hindsight").status == "supported",
            "more than the op-ed says": gap > 0,
        }
    )
    return Figure(
        "fig-exports-by-region",
        f"Customs booked {best.loc['ASIA', 'value']} bn USD of exports to Asia, {gap:.1f} more than the op-ed says; the European figure is right.",
        "Russian goods exports of 2023 by customs region, bn current USD.",
        f"Bars of Russian exports in 2023: Asia {best.loc['ASIA', 'value']} bn USD where the op-ed says {stated['ASIA']}, Europe "
        f"{best.loc['EUROPE', 'value']} as the op-ed says, Africa {best.loc['AFRICA', 'value']}, the Americas {best.loc['AMERICAS', 'value']}.",
        sources_of(exports),
        best.reset_index()[["partner", "value", "unit", "source"]],
        drawing,
    )


@theme()
def eu_trade_by_year() -> Figure:
    """EU27 imports from and exports to Russia by Eurostat, bn current EUR; years without a figure stay open."""
    frame = trade.eu_trade()
    frame = frame[frame["year"] >= 2010].copy()
    drawing, axes = canvas()
    ends, colours = {}, {}
    names = {
        "imports": ("EU imports\nfrom Russia", COLOURS["RUS"]),
        "exports": ("EU exports\nto Russia", COLOURS["EU27"]),
    }
    frame["known"] = among(frame, west.eu_trade(data.PUBLICATION), "flow", "year")
    for flow, (label, colour) in names.items():
        part = frame[frame["flow"] == flow].set_index("year")["value"]
        whole = part.reindex(range(2010, 2025))
        known = frame[frame["flow"] == flow].set_index("year")["known"].reindex(whole.index, fill_value=True)
        plot(axes, whole.index, whole, known, color=colour, marker="o", markersize=5)
        ends[label], colours[label] = (part.index[-1], part.iloc[-1]), colour
    axes.axvline(2022, color=GRID, linewidth=5, zorder=0)
    axes.set(xlabel="", ylabel="bn EUR, current prices", ylim=(0, 220), xlim=(2009.6, 2023.5))
    label_ends(axes, ends, colours, gap=0.16)
    value = frame.set_index(["flow", "year"])["value"]
    holds(
        {
            "stood at the level of 2012": abs(value["imports", 2022] / value["imports", 2012] - 1) < 0.05,
            "EU exports fell from": value["exports", 2023] < value["exports", 2012],
        }
    )
    return Figure(
        "fig-eu-russia",
        f"EU imports from Russia fell by {100 * (1 - value['imports', 2023] / value['imports', 2022]):.0f} per cent in one year; in 2022 they had still "
        "stood at the level of 2012.",
        "Goods trade of the EU (27 members of 2020) with Russia by Eurostat, bn current EUR; no sourced import figure for 2013–2019. Grey: the year of the invasion.",
        f"EU imports from Russia were {value['imports', 2012]:.1f} bn euro in 2012, {value['imports', 2020]:.1f} in 2020, {value['imports', 2022]:.1f} in 2022 "
        f"and {value['imports', 2023]:.1f} in 2023; EU exports fell from {value['exports', 2012]:.1f} in 2012 to {value['exports', 2023]:.1f} in 2023.",
        sources_of(frame),
        frame[["year", "flow", "value", "unit", "source", "known"]].sort_values(["flow", "year"]),
        drawing,
        (Tips(axes, "year", "value", "{year}, EU {flow}: {value:.1f} bn EUR{known:later}"),),
        f"EU imports from Russia were {value['imports', 2022]:.0f} bn euro in 2022, still at the level of 2012.",
    )


@theme()
def asia_definitions() -> Figure:
    """Ratio of exports to Asia over exports to Europe in 2023 by definition of Asia."""
    tested = verdict("C12", "hindsight")
    frame = tested.robustness
    drawing, axes = canvas(height=2.6)
    labels = [v.replace(", Russian customs", "").replace(" (Chinese customs)", "") for v in frame["variant"]]
    axes.barh(labels, frame["observed"].astype(float), color=[STATUS_COLOURS[s] for s in frame["status"]], height=0.6)
    beside = {"xytext": (4, 0), "textcoords": "offset points", "va": "center", "fontsize": 9.5}
    for place, (value, status) in enumerate(zip(frame["observed"], frame["status"], strict=True)):
        axes.annotate(f"{value:.1f}", (value, place), **beside)
        axes.annotate(status, (4, place), color=STATUS_COLOURS[status], **beside)
    axes.axvline(2, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.set(xlabel="exports to Asia over exports to Europe", xlim=(0, 4))
    alone = frame["variant"].str.startswith("China alone")
    wide, low = frame.loc[~alone, "observed"], frame.loc[alone, "observed"].iloc[0]
    return Figure(
        "fig-asia-definitions",
        f"Asia took at least {wide.min():.1f} times as much as Europe by every definition of Asia; China alone took {low:.1f} times as much.",
        "Russian goods exports of 2023, ratio to those to Europe, by definition of Asia; dashed: the rule's factor of two.",
        "Bars of the ratio of Russian exports to Asia over those to Europe in 2023: "
        + "; ".join(f"{label} {value:.1f}" for label, value in zip(labels, frame["observed"], strict=True))
        + ".",
        sources_of(tested.evidence),
        frame[["variant", "observed", "status"]],
        drawing,
    )


@theme()
def swap_of_regions() -> Figure:
    """Russian exports to Asia and Europe in 2022 and 2023, bn current USD."""
    frame = export_shares()
    value = frame.set_index(["region", "year"])["value"]
    share = frame.set_index(["region", "year"])["share"]
    drawing, axes = canvas(height=3.4)
    for name, colour in (("Asia", COLOURS["ASIA"]), ("Europe", COLOURS["EUROPE"])):
        axes.plot([2022, 2023], value[name], color=colour, marker="o", markersize=6)
        for year, side, align in ((2022, -8, "right"), (2023, 8, "left")):
            text = f"{name} {value[name, year]:.0f} ({share[name, year]:.0f} %)"
            axes.annotate(
                text, (year, value[name, year]), xytext=(side, 0), textcoords="offset points", ha=align, va="center",
                color=colour, fontweight="bold", fontsize=9.5,
            )  # fmt: skip
    axes.set(xlabel="", ylabel="bn USD, current prices", ylim=(0, 340), xlim=(2021.4, 2023.6), xticks=[2022, 2023])
    rise, loss = value["Asia", 2023] - value["Asia", 2022], value["Europe", 2022] - value["Europe", 2023]
    holds({"because exports to Europe fell by": loss > rise > 0})
    return Figure(
        "fig-swap-of-regions",
        f"Asia's share rose by {share['Asia', 2023] - share['Asia', 2022]:.0f} points because exports to Europe fell by {loss:.0f} bn USD; "
        f"those to Asia rose by {rise:.0f} bn.",
        "Russian goods exports by customs region, bn current USD, and share of all exports; 2022 computed from the stated change.",
        f"Exports to Asia rose from {value['Asia', 2022]:.0f} to {value['Asia', 2023]:.0f} bn USD between 2022 and 2023, those to Europe fell from "
        f"{value['Europe', 2022]:.0f} to {value['Europe', 2023]:.0f} bn.",
        sources_behind(frame["rows"]),
        frame.drop(columns="rows"),
        drawing,
    )


def export_shares() -> pd.DataFrame:
    """Exports and shares of Asia and Europe in 2022 and 2023 by Russian customs; 2022 from the stated change.

    Returns:
        Columns ``region``, ``year``, ``value`` (bn USD), ``share`` (per cent) and ``rows``.

    """
    levels = most_precise(
        annual(data.load("trade_russian_customs", flow="exports", unit="USD bn")), by=["partner", "year"]
    ).set_index(["partner", "year"])
    changes = data.load("trade_russian_customs_growth", flow="exports", period="2023").set_index("partner")
    found = []
    for code, region in (("ASIA", "Asia"), ("EUROPE", "Europe")):
        new = levels.loc[(code, 2023)]
        old = new["value"] / (1 + changes.loc[code, "value"] / 100)
        for year, value, rows in (
            (2022, old, (new["row"], changes.loc[code, "row"])),
            (2023, new["value"], (new["row"],)),
        ):
            total = levels.loc[("WORLD", year)]
            found.append((region, year, value, 100 * value / total["value"], (*rows, total["row"])))
    return pd.DataFrame(found, columns=["region", "year", "value", "share", "rows"])
