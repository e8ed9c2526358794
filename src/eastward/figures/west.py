"""Figures of the chapter on ties with the West before and after 2014."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from eastward import data
from eastward.figures import COLOURS, INK, Figure, canvas, label_ends, sources_behind, sources_of, theme
from eastward.figures.marks import Tips, among, plot, public
from eastward.indicators.west import index_to
from eastward.prose import holds
from eastward.quantities import west

_COLOURS = {"EU": COLOURS["EU27"], "USA": COLOURS["USA"], "CHN": COLOURS["CHN"]}
_LABELS = {"EU": "EU", "USA": "USA", "CHN": "China"}
CRIMEA, INVASION = 2014.2, 2022.15
"""Decimal years of March 2014 and February 2022, where the marks stand."""


def _middle(period: str) -> float:
    """Middle of an ISO 8601 period as a decimal year."""
    start, end = data.period_start(period), data.period_end(period)
    day = start.toordinal() + (end.toordinal() - start.toordinal()) / 2
    first = data.period_start(str(start.year)).toordinal()
    return start.year + (day - first) / 365.25


def _mark(axes: Axes, when: float, text: str) -> None:
    """Draw a thin vertical line at a date and name it at the top of the axes."""
    axes.axvline(when, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        text,
        (when, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(3, 0),
        textcoords="offset points",
        va="top",
        fontsize=9,
    )


@theme()
def real_trade() -> Figure:
    """Russia's turnover with the EU, China and the USA, bn USD of 2013, 2003 to 2020."""
    drawn = west.real_turnover()
    drawing, axes = canvas()
    comparable = drawn["year"].isin(list(west.comparable_years()))
    for partner, colour in _COLOURS.items():
        of_partner = drawn[drawn["partner"] == partner]
        axes.plot(of_partner["year"], of_partner["real"], color=colour, linewidth=1.4, linestyle=":")
        firm = of_partner["real"].where(comparable)
        axes.plot(of_partner["year"], firm, color=colour)
    axes.set(xlabel="", ylabel="bn USD of 2013", ylim=(0, 480), xlim=(2002.6, 2020.4))
    axes.set_xticks(range(2004, 2021, 4))
    _mark(axes, CRIMEA, "Crimea, Donbas")
    real = {p: dict(zip(f["year"], f["real"], strict=True)) for p, f in drawn.groupby("partner")}
    union, china, usa = real["EU"], real["CHN"], real["USA"]
    ends = {_LABELS[p]: (2020.0, real[p][2020]) for p in _COLOURS}
    label_ends(axes, ends, {_LABELS[p]: colour for p, colour in _COLOURS.items()})
    return Figure(
        "fig-west-real-trade",
        f"Real trade with the EU grew to {union[2013] / union[2003]:.1f} times its size in the ten years to "
        f"2013 and was {union[2013] / china[2013]:.1f} times that with China.",
        "Russia's goods trade, exports plus imports, by Russian reports, bn USD at the prices of 2013 "
        "(US consumer prices). EU with the United Kingdom. Dotted: years in which Russia left much of its "
        "trade without a partner.",
        f"Three lines from 2003 to 2020, bn USD of 2013. Trade with the EU rises from {union[2003]:.0f} to "
        f"{union[2013]:.0f} in 2013 and falls to {union[2016]:.0f} in 2016 and {union[2020]:.0f} in 2020. "
        f"China rises from {china[2003]:.0f} to {china[2013]:.0f} in 2013 and {china[2020]:.0f} in 2020, the "
        f"USA from {usa[2003]:.0f} to {usa[2013]:.0f}, then {usa[2020]:.0f}.",
        tuple(dict.fromkeys((*sources_behind(drawn["rows"]), *sources_of(west.consumer_prices())))),
        drawn[["partner", "year", "value", "real", "share"]],
        drawing,
        tuple(
            Tips(
                axes,
                "year",
                "real",
                f"{{year}}, {label}: {{real:.0f}} bn USD of 2013, {{share:.1f}} % of all trade",
                {"partner": p},
            )
            for p, label in _LABELS.items()
        ),
    )


@theme()
def breaks() -> Figure:
    """Four ties with Europe on one time axis: trade, gas, opinion and visas."""
    trade, surveys = west.eu_trade(), west.opinion()
    visas = west.tie(data.HINDSIGHT, "schengen-visas-issued")
    panels = {
        "EU exports to Russia, bn EUR": (trade[(trade["flow"] == "exports") & (trade["year"] >= 2008)], 140),
        "Pipeline gas to Europe, bn m³": (west.gas_with_turkey(), 235),
        "Russians who like the EU, %": (
            surveys[(surveys["series"] == "good") & (surveys["partner"] == "EU")],
            85,
        ),
        "Schengen visas in Russia, million": (visas, 7.2),
    }
    # What a later edition of Eurostat replaced was public before.
    then = {"EU exports to Russia, bn EUR": west.eu_trade(data.PUBLICATION).query("flow == 'exports'")}
    drawing, grid = canvas(height=5.0, columns=2, nrows=2, sharex=True)
    parts = []
    for axes, (title, (frame, top)) in zip(grid.flat, panels.items(), strict=True):
        parts.append(_panel(axes, frame, title, COLOURS["EU27"], "o", then.get(title)))
        axes.set(title=title, xlim=(2007.6, 2026.4), ylim=(0, top), xticks=[2010, 2014, 2018, 2022])
        _mark(axes, CRIMEA, "2014")
        _mark(axes, INVASION, "2022")
    gas, reuters = grid.flat[1], west.gas_without_turkey()
    parts.append(_panel(gas, reuters, "Pipeline gas to Europe without Turkey, bn m³", COLOURS["RUS"], "s"))
    bold = {"fontsize": 9, "fontweight": "bold"}
    gas.annotate("with Turkey\n(Gazprom)", (2008.2, 92), color=COLOURS["EU27"], **bold)
    gas.annotate("without\nTurkey\n(Reuters)", (2021.9, 20), color=COLOURS["RUS"], ha="right", **bold)
    drawn = pd.concat(parts, ignore_index=True)
    at = {name: dict(zip(f["period"], f["value"], strict=True)) for name, f in drawn.groupby("panel")}
    exports, sent, liked, issued = (at[title] for title in panels)
    holds(
        {
            "Opinion broke within months in 2014": liked["2014-05"] < 0.5 * liked["2013-09"],
            "gas only in 2022": sent["2022"] < 0.6 * sent["2021"] and sent["2018"] > sent["2013"],
            "trade and travel fell in two steps": exports["2023"] < 0.8 * exports["2016"] < 0.6 * exports["2013"],
        }
    )
    return Figure(
        "fig-west-breaks",
        "Opinion broke within months in 2014, gas only in 2022; trade and travel fell in two steps.",
        "Four ties of Russia with Europe. Dashed lines: Crimea, March 2014, and the invasion, February 2022. "
        "Where points lie far apart, no source was found for the years between.",
        f"Four panels. EU exports to Russia: {exports['2013']:.0f} bn EUR in 2013, {exports['2016']:.0f} in "
        f"2016, {exports['2021']:.0f} in 2021, {exports['2023']:.0f} in 2023. Gas to Europe with Turkey: "
        f"{sent['2013']:.1f} bn m³ in 2013, {sent['2018']:.1f} in 2018, {sent['2022']:.1f} in 2022. Russians "
        f"who like the EU: {liked['2013-09']:.0f} per cent in September 2013, {liked['2014-05']:.0f} in May "
        f"2014, {liked['2019-11']:.0f} in November 2019, {liked['2023-02']:.0f} in February 2023. Schengen "
        f"visas: {issued['2012']:.1f} million in 2012, {issued['2023']:.1f} in 2023.",
        sources_behind(drawn["rows"]),
        drawn[["panel", "period", "value", "known"]],
        drawing,
        tuple(
            Tips(axes, _at, "value", "{panel}, {period:when}: {value:.3g}{known:later}", {"panel": panel})
            for axes, panel in zip([*grid.flat, gas], drawn["panel"].unique(), strict=True)
        ),
    )


def _at(row: pd.Series) -> float:
    return _middle(str(row["period"]))


def _panel(
    axes: Axes, frame: pd.DataFrame, name: str, colour: str, marker: str, then: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Draw values by ``period``, or by ``year`` where there is none, and return what was drawn."""
    periods = frame["period"] if "period" in frame else frame["year"].astype(int).astype(str)
    known = public(frame) if then is None else among(frame, then, "year")
    drawn = frame.assign(panel=name, period=periods, known=known)[["panel", "period", "value", "rows", "known"]]
    drawn["at"] = [_middle(str(period)) for period in drawn["period"]]
    drawn = drawn.sort_values("at")
    style = {"color": colour, "marker": marker, "markersize": 3.8, "linewidth": 1.8}
    plot(axes, drawn["at"], drawn["value"], drawn["known"], **style)
    return drawn


@theme()
def opinions() -> Figure:
    """Shares of Russians with a good opinion of the EU, the USA and China, per cent, 2008 to 2025."""
    surveys = west.opinion()
    good = surveys[surveys["series"] == "good"]
    drawing, axes = canvas()
    parts = {p: _panel(axes, good[good["partner"] == p], _LABELS[p], c, "o") for p, c in _COLOURS.items()}
    axes.set(xlabel="", ylabel="per cent of respondents", ylim=(0, 100), xlim=(2008, 2026.2))
    axes.set_xticks(range(2008, 2027, 3))
    for when, text in ((2008.6, "Georgia"), (CRIMEA, "Crimea"), (INVASION, "invasion")):
        _mark(axes, when, text)
    ends = {_LABELS[p]: (float(f["at"].iloc[-1]), float(f["value"].iloc[-1])) for p, f in parts.items()}
    label_ends(axes, ends, {_LABELS[p]: colour for p, colour in _COLOURS.items()})
    at = {p: dict(zip(f["period"], f["value"], strict=True)) for p, f in parts.items()}
    union, usa, china = at["EU"], at["USA"], at["CHN"]
    drawn = pd.concat(parts.values(), ignore_index=True)
    holds(
        {
            "came back by 2019 and broke again after the invasion": union["2019-11"] > 0.9 * union["2013-09"]
            and union["2023-02"] < 0.5 * union["2019-11"]
        }
    )
    return Figure(
        "fig-west-opinion",
        f"Liking of the EU fell from {union['2013-09']:.0f} to {union['2014-05']:.0f} per cent in eight "
        "months, came back by 2019 and broke again after the invasion.",
        "Russians with a very or mostly good opinion, per cent, in the Levada surveys that a readable source reports.",
        f"Three lines of survey points. EU: {union['2008-09']:.0f} per cent in September 2008, "
        f"{union['2013-09']:.0f} in September 2013, {union['2015-01']:.0f} in January 2015, "
        f"{union['2019-11']:.0f} in November 2019, {union['2023-02']:.0f} in February 2023. USA in September "
        f"2008, July 2013 and then the same months: {usa['2008-09']:.0f}, {usa['2013-07']:.0f}, "
        f"{usa['2015-01']:.0f}, {usa['2019-11']:.0f}, {usa['2023-02']:.0f}. China: {china['2013-03']:.0f} in "
        f"March 2013, {china['2014-05']:.0f} in May 2014, {china['2020-01']:.0f} in January 2020, "
        f"{china['2024-09/2024-10']:.0f} in autumn 2024.",
        sources_behind(drawn["rows"]),
        drawn[["panel", "period", "value", "known"]],
        drawing,
        (Tips(axes, _at, "value", "{period:when}, {panel}: {value:.0f} %{known:later}"),),
    )


@theme()
def price_and_ruble() -> Figure:
    """Draw the fall of 2014–16 beside its rival causes: oil price, and what hit all partners; 2013 = 100."""
    trade = west.partner_trade()
    trade = trade[trade["year"].between(2012, 2020) & trade["partner"].isin(["EU", "WORLD"])]
    flows = {key: f.set_index("year")["value"] for key, f in trade.groupby(["partner", "flow"])}
    brent = west.oil_price().set_index("year")["value"].loc[2012:2020]
    panels = {
        "Exports to the EU and oil price": {"Brent": brent, "to the EU": flows["EU", "exports"]},
        "Imports from the EU and from others": {
            "from others": flows["WORLD", "imports"] - flows["EU", "imports"],
            "from the EU": flows["EU", "imports"],
        },
    }
    drawing, grid = canvas(columns=2, sharey=True)
    parts = []
    for axes, (title, lines) in zip(grid, panels.items(), strict=True):
        colours = {name: COLOURS["EU27"] if name.endswith("EU") else COLOURS["OTHER"] for name in lines}
        index = {name: index_to(values, 2013) for name, values in lines.items()}
        for name, values in index.items():
            axes.plot(values.index, values, color=colours[name])
            parts.append(pd.DataFrame({"panel": title, "line": name, "year": values.index, "index": values.array}))
        axes.set(title=title, xlim=(2012, 2022.9), ylim=(0, 118), xticks=[2013, 2016, 2019])
        axes.axvline(CRIMEA, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        label_ends(axes, {name: (2020.0, float(v.loc[2020])) for name, v in index.items()}, colours)
    grid[0].set_ylabel("2013 = 100, current USD")
    fall = {name: 100 * ratio for name, ratio in west.fall_of_trade().items()}
    holds({"Exports to the EU fell less than the oil price": fall["exports"] > fall["brent"]})
    return Figure(
        "fig-west-price",
        "Exports to the EU fell less than the oil price; imports from the EU ended "
        f"{100 - fall['excess_imports']:.0f} per cent below what the fall common to other partners implies.",
        "Russia's trade in current USD and the Brent price, 2013 = 100. EU with the United Kingdom; others "
        "are all other partners. The dashed line marks Crimea, March 2014.",
        f"Two panels, index with 2013 as 100. In 2016 exports to the EU stand at {fall['exports']:.0f}, the "
        f"Brent price at {fall['brent']:.0f}. Imports from the EU stand at {fall['imports']:.0f}, those from "
        f"all other partners at {fall['imports_from_others']:.0f}.",
        tuple(dict.fromkeys((*sources_behind(trade["rows"]), *sources_of(west.oil_price())))),
        pd.concat(parts, ignore_index=True),
        drawing,
        tuple(
            Tips(axes, "year", "index", "{year}, {line}: {index:.0f}", {"panel": title})
            for axes, title in zip(grid, panels, strict=True)
        ),
    )
