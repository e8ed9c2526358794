"""Figures of the chapter on the turn east."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from eastward import data
from eastward.figures import COLOURS, INK, Figure, canvas, label_ends, sources_behind, sources_of, theme
from eastward.figures.marks import Tips, among, later, plot
from eastward.indicators import structure
from eastward.prose import holds
from eastward.quantities import turn_east

EVENTS = (2014, 2022)
"""Years of the annexation of Crimea and of the invasion of Ukraine, marked in panels by year."""


def _mark(axes: Axes, at: float) -> None:
    axes.axvline(at, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)


def _line(axes: Axes, values: pd.Series, colour: str, known: pd.Series | None = None) -> None:
    """Draw a yearly series with its points; years without a figure interrupt the line."""
    years = pd.RangeIndex(int(values.index.min()), int(values.index.max()) + 1)
    was_known = pd.Series(True, years) if known is None else known.reindex(years, fill_value=True)
    plot(axes, years, values.reindex(years), was_known, color=colour, marker="o", markersize=4, markeredgewidth=0)


def _all(*sources: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for keys in sources for key in keys))


@theme()
def regions_by_year() -> Figure:
    """Shares of Asia and Europe in Russia's exports and imports, per cent, 1992 to 2023."""
    trade = turn_east.region_trade()
    shares = trade.set_index(["flow", "region", "year"])["share"].sort_index()
    drawing, panels = canvas(columns=2, sharey=True)
    for axes, flow in zip(panels, turn_east.FLOWS, strict=True):
        ends = {}
        for region, name in (("ASIA", "Asia"), ("EUROPE", "Europe")):
            _line(axes, shares[flow, region], COLOURS[region])
            ends[name] = (2023.0, float(shares[flow, region, 2023]))
        for year in EVENTS:
            _mark(axes, year)
        axes.set(title=flow.capitalize(), xlabel="")
        axes.set(ylim=(0, 85), xlim=(1991, 2024), xticks=[1995, 2005, 2014, 2022])
        label_ends(axes, ends, {"Asia": COLOURS["ASIA"], "Europe": COLOURS["EUROPE"]})
    panels[0].set_ylabel("per cent of all goods")
    done = 100 * structure.done_by(shares["exports", "ASIA"], 2013, 2020, 2023)
    exports, imports = (
        {f"{region}{year}": f"{shares[flow, region, year]:.0f}" for region, year in shares[flow].index}
        for flow in turn_east.FLOWS
    )
    return Figure(
        "fig-turn-east-regions",
        f"Asia took {exports['ASIA2023']} per cent of Russian exports in 2023; "
        f"{done:.0f} per cent of the rise since 2013 had come by 2020.",
        "Asia and Europe in Russian goods exports and imports, per cent of the total, regions of Russian "
        "customs. 2009–2011 and 2021 are not known by region. Dashed: 2014 and 2022.",
        f"Two panels of lines. Asia's share of Russian exports rises from {exports['ASIA2013']} per cent in "
        f"2013 to {exports['ASIA2020']} in 2020 and {exports['ASIA2023']} in 2023; Europe's falls from "
        f"{exports['EUROPE2013']} to {exports['EUROPE2023']}. In imports Asia rises from "
        f"{imports['ASIA2013']} to {imports['ASIA2020']} and {imports['ASIA2023']}.",
        sources_behind(trade["rows"]),
        trade[["flow", "region", "year", "value", "share"]],
        drawing,
        tuple(
            Tips(
                axes, "year", "share", "{year}, {flow}, {region:name}: {share:.1f} %", {"flow": flow, "region": region}
            )
            for axes, flow in zip(panels, turn_east.FLOWS, strict=True)
            for region in ("ASIA", "EUROPE")
        ),
    )


@theme()
def weights_by_year() -> Figure:
    """Weight of China in Russia's goods trade and of Russia in China's, per cent, by year."""
    weights = turn_east.weights().rename_axis("year")
    last = int(weights.index.max())
    names = {"a_on_b": "China in\nRussia's trade", "b_on_a": "Russia in\nChina's trade"}
    colours = {"a_on_b": COLOURS["CHN"], "b_on_a": COLOURS["RUS"]}
    drawing, axes = canvas()
    for column, colour in colours.items():
        axes.plot(weights.index, weights[column], color=colour)
    for year in EVENTS:
        _mark(axes, year)
    axes.set(xlabel="", ylabel="per cent of all goods trade", ylim=(0, 38), xlim=(1991, last + 1))
    axes.set_xticks([1995, 2005, 2014, 2022])
    now, then = weights.loc[last], weights.loc[2013]
    ends = {name: (float(last), float(weights[column].iloc[-1])) for column, name in names.items()}
    label_ends(axes, ends, {names[column]: colour for column, colour in colours.items()})
    china = turn_east.trade_with_china()
    return Figure(
        "fig-turn-east-weights",
        f"China makes up {now['a_on_b']:.0f} per cent of Russia's trade, "
        f"Russia {now['b_on_a']:.0f} per cent of China's.",
        f"Goods trade with each other, per cent of each side's total, 1992–{last}. Dashed: 2014 and 2022.",
        f"Two lines from 1992 to {last}. China's part in Russian trade rises from {then['a_on_b']:.1f} per "
        f"cent in 2013 to {now['a_on_b']:.1f} in {last}; Russia's part in Chinese trade from "
        f"{then['b_on_a']:.1f} to {now['b_on_a']:.1f}. The first is {now['ratio']:.1f} times the second, "
        f"after {then['ratio']:.1f} times in 2013.",
        _all(
            sources_behind(china["exports_rows"], china["imports_rows"]),
            sources_of(data.load("trade_world", series="wdi")),
        ),
        weights.reset_index(),
        drawing,
        tuple(
            Tips(axes, "year", column, "{year:.0f}, " + name.replace("\n", " ") + ": {" + column + ":.1f} %")
            for column, name in names.items()
        ),
    )


PANELS = {
    "China in Russian turnover": ("China in Russian trade", "per cent", "CHN"),
    "EU in Russian turnover": ("EU27 in Russian trade", "per cent", "EU27"),
    "intensity of exports to China": ("Export intensity", "times what size suggests", "ASIA"),
}
"""Series drawn with their breaks: panel title, unit, colour."""


@theme()
def breaks_by_series(start: int = 2000, breaks: int = 2) -> Figure:
    """Levels of three series between their best break years, with a given number of breaks."""
    series = turn_east.series_to_test(start=start)
    drawing, panels = canvas(columns=3, height=3.4)
    drawn, found = [], {}
    for axes, (name, (title, unit, colour)) in zip(panels, PANELS.items(), strict=True):
        values = series[name]
        years, levels = _levels(values, breaks)
        axes.plot(values.index, values, color=COLOURS[colour])
        for level, of in levels.groupby(levels, sort=False):
            axes.hlines(level, of.index[0] - 0.5, of.index[-1] + 0.5, color=INK, linewidth=1.4)
        top = 1.22 * float(values.max())
        for year in years:
            _mark(axes, year - 0.5)
            axes.annotate(
                str(year), (year - 0.5, top), xytext=(0, -2), textcoords="offset points",
                ha="right", va="top", fontsize=9.5, rotation=90,
            )  # fmt: skip
        axes.set(title=title, xlabel="", ylabel=unit, ylim=(0, top), xticks=[2000, 2010, 2020])
        found[title] = " and ".join(map(str, years)), [f"{level:.3g}" for level in levels.unique()]
        frame = pd.DataFrame({"series": title, "year": values.index, "value": values.to_numpy()})
        drawn.append(frame.assign(level=levels.to_numpy()))
    china, union = turn_east.trade_with_china(), turn_east.trade_with_eu()
    (when, levels_china), (when_union, levels_union), (when_intensity, _) = found.values()
    holds(
        {
            "the second step is the larger": float(levels_china[-1]) - float(levels_china[1])
            > float(levels_china[1]) - float(levels_china[0])
        }
    )
    return Figure(
        "fig-turn-east-breaks",
        f"China's share of Russian trade steps from {levels_china[0]} to {levels_china[1]} per cent in "
        f"{when[:4]} and to {levels_china[-1]} in {when[-4:]}: the second step is the larger.",
        f"Yearly values from {start} and their levels between the {breaks} best break years (least squares). "
        "Dashed: start of a new level. Export intensity: Russian exports to China against China's size.",
        f"Three panels. The best two break years are {when} for China's share of Russian trade, {when_union} "
        f"for the EU's share, which falls from {levels_union[0]} to {levels_union[1]} and "
        f"{levels_union[-1]} per cent, and {when_intensity} for the intensity of Russian exports to China.",
        _all(
            sources_behind(*(frame[f"{flow}_rows"] for frame in (china, union) for flow in turn_east.FLOWS)),
            sources_of(data.load("trade_world", series="wdi"), data.load("trade_world_total", flow="imports")),
        ),
        pd.concat(drawn),
        drawing,
        tuple(
            Tips(axes, "year", "value", "{year}: {value:.3g} " + unit, {"series": title})
            for axes, (title, unit, _) in zip(panels, PANELS.values(), strict=True)
        ),
    )


def _levels(values: pd.Series, breaks: int) -> tuple[list[int], pd.Series]:
    """Best break years of a series and its mean in the regime of each year."""
    fits = structure.bai_perron(values, "mean", breaks, turn_east.LEAST_YEARS["mean"])
    found: Any = fits.at[breaks, "years"]
    regime = sum((pd.Series(values.index >= year, values.index).astype(int) for year in found), 0)
    return list(found), values.groupby(regime).transform("mean")


@theme()
def energy_by_year() -> Figure:
    """Chinese imports of Russian crude oil, and Russian pipeline gas to China and to Europe, by year."""
    crude, gas = turn_east.chinese_crude(), turn_east.pipeline_gas()
    tonnes, volume = crude["value"], gas.set_index(["line", "year"])["value"]
    drawing, (left, right) = canvas(columns=2)
    colour = COLOURS["CHN"]
    crude["known"] = crude.index.isin(turn_east.chinese_crude(data.PUBLICATION).index)
    gas["known"] = among(gas, turn_east.pipeline_gas(data.PUBLICATION), "line", "year")
    known = gas.set_index(["line", "year"])["known"]
    later(left.bar(crude.index, tonnes, color=colour), crude["known"])
    left.set(title="Crude oil to China", xlabel="", ylabel="million tonnes a year", ylim=(0, 125))
    left.set_xticks([2010, 2014, 2018, 2022])
    for year in (2013, 2020, 2024):
        above = {
            "xytext": (-4 if year == 2013 else 0, 3),
            "textcoords": "offset points",
            "ha": "center",
            "fontsize": 9.5,
        }
        later([left.annotate(f"{tonnes[year]:.0f}", (year, float(tonnes[year])), **above)], [crude.at[year, "known"]])
    turkish, other = turn_east.EUROPE_WITH_TURKEY, turn_east.EUROPE_WITHOUT_TURKEY
    names = {"China": "China", turkish: "Europe\nwith Turkey", other: "Europe\nwithout Turkey"}
    colours = {"China": colour, turkish: COLOURS["EUROPE"], other: COLOURS["DEU"]}
    for line, of in colours.items():
        _line(right, volume[line], of, known[line])
    right.set(title="Pipeline gas", xlabel="", ylabel="bn cubic metres a year", ylim=(0, 220))
    right.set(xlim=(2008.5, 2025.5), xticks=[2010, 2014, 2018, 2022])
    ends = {name: (float(volume[line].index[-1]), float(volume[line].iloc[-1])) for line, name in names.items()}
    label_ends(right, ends, {name: colours[line] for line, name in names.items()}, gap=0.14)
    holds(
        {
            "Oil went east before 2022": tonnes[2020] > 2 * tonnes[2013],
            "Gas by pipeline did not": volume["China", 2020] < 0.1 * volume[turkish, 2018],
        }
    )
    return Figure(
        "fig-turn-east-energy",
        f"Oil went east before 2022: {tonnes[2020]:.0f} million tonnes to China in 2020 after "
        f"{tonnes[2013]:.0f} in 2013. Gas by pipeline did not.",
        "Left: Chinese imports of Russian crude oil by Chinese customs. Right: pipeline gas by destination; "
        "Gazprom's deliveries and Reuters' estimates are different things and are not joined.",
        f"Bars of Chinese crude imports from Russia: {tonnes[2013]:.0f} million tonnes in 2013, "
        f"{tonnes[2020]:.0f} in 2020, {tonnes[2024]:.0f} in 2024. Lines of pipeline gas in bn cubic metres: "
        f"Europe with Turkey {volume[turkish, 2013]:.1f} in 2013 and {volume[turkish, 2018]:.0f} in 2018; "
        f"Europe without Turkey {volume[other, 2023]:.1f} in 2023; China {volume['China', 2023]:.1f} in 2023 "
        f"and {volume['China', 2025]:.1f} in 2025.",
        _all(sources_of(crude), sources_of(gas)),
        pd.concat(
            [
                crude.reset_index().assign(line="crude oil to China", unit="million tonnes"),
                gas.assign(line="pipeline gas, " + gas["line"], unit="bn cubic metres"),
            ]
        )[["line", "year", "value", "unit", "source", "known"]],
        drawing,
        (
            Tips(
                left,
                "year",
                "value",
                "{year}: {value:.1f} million tonnes{known:later}",
                {"unit": "million tonnes"},
                y0=0,
            ),
            Tips(
                right,
                "year",
                "value",
                "{year}, {line}: {value:.1f} bn cubic metres{known:later}",
                {"unit": "bn cubic metres"},
            ),
        ),
    )
