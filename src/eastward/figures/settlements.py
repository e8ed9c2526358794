"""Figures of the chapter on rubles and yuan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from eastward import data
from eastward.figures import CATEGORIES, COLOURS, INK, Figure, canvas, label_ends, sources_behind, sources_of, theme
from eastward.figures.marks import LATER, Tips, among, in_words, plot, public, scatter
from eastward.indicators.settlements import level_shift
from eastward.prose import holds
from eastward.quantities import settlements

BAND = "#9a9da3"
"""Mid grey of expected ranges and bounds."""

DASHES = (0, (4, 3))


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def _middle(period: str) -> float:
    """Middle of an ISO 8601 period as a decimal year."""
    return (_year(data.period_start(period)) + _year(data.period_end(period))) / 2


def _at(row: pd.Series) -> float:
    return _middle(row["period"])


def _label(axes: Any, text: str, x: float, y: float, colour: str = INK, **options: Any) -> None:
    bold = "normal" if colour == INK else "bold"
    axes.text(x, y, text, **{"color": colour, "fontsize": 9.5, "va": "center", "fontweight": bold, **options})


@theme()
def stated_shares() -> Figure:
    """Stated shares of rubles and yuan since 2020, and what others than officials can say (per cent)."""
    said = settlements.statements()
    said = said[said["period"] >= "2020"].drop_duplicates(["said", "speaker", "period", "value"])
    yuan = data.load("settlement_statements", series="share-yuan-alone", said="2024-02-28")
    customs = data.load("settlement_currency", series="customs-invoicing", partner="CHN", currency="CNY")
    customs = customs[customs["period"].str.len() == len("2022-12")]
    ranges = settlements.share_range()
    ranges = ranges[(ranges["flow"] == "both") & (ranges["span"] == settlements.SPANS[0])]
    drawing, axes = canvas(4.3)
    said, yuan, customs = (frame.assign(known=public(frame)) for frame in (said, yuan, customs))
    ranges = ranges.assign(known=among(ranges, settlements.share_range(data.PUBLICATION), "period", "flow", "span"))
    for known, part in ranges.groupby("known"):
        middles = [_middle(period) for period in part["period"]]
        style = {"color": BAND, "linewidth": 9, "alpha": 0.55, "zorder": 1, "gid": None if known else LATER}
        axes.vlines(middles, part["low"], part["high"], **style)
    marks = (
        (said, "official statement", COLOURS["RUS"], "o", 44),
        (yuan, "Chinese ambassador, yuan alone", COLOURS["CHN"], "D", 64),
        (customs, "customs records", COLOURS["USA"], "s", 60),
    )
    for frame, _, colour, marker, size in marks:
        x = [_middle(period) for period in frame["period"]]
        style = {"color": colour, "marker": marker, "s": size, "alpha": 0.8, "linewidths": 0, "zorder": 3}
        scatter(axes, x, frame["value"], frame["known"], **style)
    _label(axes, "Russian officials", 2020.2, 30, COLOURS["RUS"])
    _label(axes, "customs records:\nimports invoiced in yuan", 2020.35, 67, COLOURS["USA"])
    _label(axes, "what figures for all Asia\nallow for China", 2023.3, 31, COLOURS["OTHER"])
    line = {"arrowstyle": "-", "color": INK, "linewidth": 0.8}
    axes.annotate("16 May 2024", (2024.37, 90), (2024.68, 84), fontsize=9.5, va="center", arrowprops=line)
    axes.annotate(
        "Chinese ambassador:\nyuan alone", (_middle("2024-02"), 90), (2024.62, 69), fontsize=9.5, va="center",
        color=COLOURS["CHN"], fontweight="bold", arrowprops=line | {"color": COLOURS["CHN"], "shrinkB": 5},
    )  # fmt: skip
    axes.set(xlim=(2019.9, 2026.1), ylim=(0, 104), xlabel="", ylabel="per cent of settlements")
    drawn = [frame[["period", "value", "wording", "source", "known"]].assign(mark=name) for frame, name, *_ in marks]
    low = dict(zip(ranges["period"], ranges["low"], strict=True))
    top = float(said["value"].max())
    holds(
        {
            "climb from": said.sort_values("said")["value"].iloc[-1] == top,
            "what is published leaves room for much less": max(low.values()) < 80,
        }
    )
    return Figure(
        "fig-settlement-statements",
        f"Officials' figures climb from {said['value'].min():g} to {top:g} per cent; what is published leaves room for much less.",
        "Stated shares of rubles and yuan in settlements with China since 2020, and two independent yardsticks.",
        f"Dots of {len(said)} official statements from 2020 to 2025: from {said['value'].min():g} per cent to {top:g} "
        f"in 2025. Grey bars show what the Bank of Russia's figures for all Asia allow: "
        f"from {low['2023-05']:.0f} to 100 per cent in May 2023, from {low['2024-04/2024-06']:.0f} to 100 "
        f"in the second quarter of 2024. By customs records {customs['value'].max():.0f} per cent of imports were "
        "invoiced in yuan at the end of 2022.",
        tuple(dict.fromkeys((*sources_of(said, yuan, customs), *sources_behind(ranges["rows"])))),
        pd.concat([*drawn, ranges[["period", "low", "high", "known"]].assign(mark="range from Asia")]),
        drawing,
        (
            Tips(axes, _at, "value", "{period:when}, {mark}: {value:g} % ({wording}){known:later}"),
            Tips(axes, _at, "high", "{period:when}, {mark}: {low:.0f} to {high:.0f} %{known:later}", y0="low"),
        ),
        f"Officials' figures climb from 20 to {float(said.loc[said['known'], 'value'].max()):g} per cent; what is published "
        "leaves room for much less.",
    )


@theme()
def share_with_china(period: str = "2024-04/2024-06", stated: float = 90) -> Figure:
    """Share of ruble and 'friendly' currencies with China by what the rest of Asia does (per cent)."""
    found = settlements.share_range(stated=stated)
    found = found[(found["period"] == period) & (found["span"] == "2023") & (found["flow"] != "both")]
    names = {"exports": "Russian exports", "imports": "Russian imports"}
    colours = {"exports": CATEGORIES[4], "imports": CATEGORIES[2]}
    drawing, axes = canvas()
    lines = []
    for _, line in found.iterrows():
        flow, colour = line["flow"], colours[line["flow"]]
        full = line["unfriendly"] / (1 - line["weight"])
        axes.plot([0, full], [line["low"], 100], color=colour)
        axes.scatter([line["rest"]], [stated], color=INK, s=46, zorder=4)
        _label(axes, f"at least {line['low']:.0f}", 0.7, line["low"] - 2.2, colour)
        _label(axes, names[flow], full, 102.2, colour, ha="center")
        lines += [(flow, 0, line["low"]), (flow, line["rest"], stated), (flow, full, 100)]
    low = dict(zip(found["flow"], found["low"], strict=True))
    rest = dict(zip(found["flow"], found["rest"], strict=True))
    axes.axhline(stated, color=INK, linewidth=0.8, linestyle=DASHES)
    _label(axes, f"stated: more than {stated:g}", 0.3, stated + 1.5)
    _label(axes, f"{rest['exports']:.0f} and {rest['imports']:.0f} per cent would do", 21, stated - 3)
    axes.set_yticks(range(60, 101, 10))
    axes.set(xlim=(0, 38), ylim=(60, 105), ylabel="ruble and friendly\nwith China, per cent")
    axes.set_xlabel("unfriendly currencies in payments with the rest of Asia, per cent")
    holds({"fits, and so does much less": max(low.values()) < stated - 10})
    return Figure(
        "fig-settlement-bound",
        f"With China at least {low['exports']:.0f} per cent of export payments and {low['imports']:.0f} of "
        f"import payments avoid unfriendly currencies; {stated:g} fits, and so does much less.",
        "Share of the ruble and of friendly currencies in payments with China, for every share of "
        "unfriendly currencies in the rest of Asia, second quarter of 2024.",
        f"Two rising lines. If the rest of Asia used no unfriendly currencies, the share with China would be "
        f"{low['exports']:.0f} per cent for exports and {low['imports']:.0f} for imports. It is {stated:g} "
        f"if the rest of Asia used them for {rest['exports']:.0f} and {rest['imports']:.0f} per cent.",
        sources_behind(found["rows"]),
        pd.DataFrame(lines, columns=["flow", "unfriendly_in_rest_of_asia", "share_with_china"]).round(2),
        drawing,
        (
            Tips(
                axes,
                "unfriendly_in_rest_of_asia",
                "share_with_china",
                "{flow}: {share_with_china:.0f} % with China if unfriendly currencies have {unfriendly_in_rest_of_asia:.0f} % elsewhere",
            ),
        ),
    )


@theme()
def yuan_on_the_exchange() -> Figure:
    """Yuan's share in currency trading on the Moscow Exchange and over the counter, by month (per cent)."""
    names = {"moex-share": "Moscow\nExchange", "otc-share": "over\nthe counter"}
    colours = {"Moscow\nExchange": COLOURS["CHN"], "over\nthe counter": COLOURS["OTHER"]}
    shares = data.load("settlement_market", series=list(names), currency="CNY", wording="exact")
    shares = shares[shares["period"].str.len() == len("2024-05")]
    shares = shares.drop_duplicates(["series", "period"]).sort_values("period", ignore_index=True)
    drawing, axes = canvas()
    ends = {}
    for series, name in names.items():
        part = shares[shares["series"] == series]
        x = [_middle(period) for period in part["period"]]
        plot(axes, x, part["value"], public(part), color=colours[name], marker="o", markersize=5.5)
        ends[name] = (x[-1], float(part["value"].iloc[-1]))
    axes.axvline(_year(date(2024, 6, 12)), color=INK, linewidth=0.8, linestyle=DASHES, gid=LATER)
    _label(axes, "12 June 2024: US sanctions\ndrive dollar and euro off", 2024.41, 96.5, ha="right", gid=LATER)
    axes.set(xlim=(2022.35, 2024.95), ylim=(0, 105), xlabel="", ylabel="yuan, per cent of trading")
    axes.set_xticks([2022.5, 2023, 2023.5, 2024, 2024.5])
    axes.set_xticklabels(["mid-2022", "2023", "mid-2023", "2024", "mid-2024"])
    label_ends(axes, ends, colours)
    market = shares[shares["series"] == "moex-share"]
    last = market[public(market)].iloc[-1]
    on = dict(zip(market["period"], market["value"], strict=True))
    holds({"of June is an effect of sanctions": on["2024-06"] > 1.5 * on["2024-05"]})
    return Figure(
        "fig-settlement-exchange",
        f"The yuan made up {on['2024-05']:g} per cent of exchange trading in May 2024; the {on['2024-06']:g} "
        "of June is an effect of sanctions.",
        "Share of the yuan in Russian currency trading, months with a published figure, per cent.",
        f"Line of the yuan's share on the Moscow Exchange: {on['2022-06']:g} per cent in June 2022, "
        f"{on['2023-07']:g} in July 2023, {on['2024-05']:g} in May 2024 and {on['2024-06']:g} in June 2024, "
        "when sanctions took the dollar and the euro off the exchange. Over the counter it was "
        f"{ends[names['otc-share']][1]:g} per cent in June 2024.",
        sources_of(shares),
        shares[["series", "period", "value", "source"]].assign(known=public(shares)),
        drawing,
        tuple(
            Tips(
                axes,
                _at,
                "value",
                "{period:when}, " + name.replace("\n", " ") + ": {value:g} %{known:later}",
                {"series": series},
            )
            for series, name in names.items()
        ),
        f"The yuan made up {last['value']:g} per cent of exchange trading in {in_words(last['period'])}.",
    )


@theme()
def exports_by_month() -> Figure:
    """China's monthly exports to Russia and the range that the year before the fall lets expect (bn USD)."""
    months = settlements.months_of_trade()
    months = months[months["month"].between("2022-03", "2025-12")].reset_index(drop=True)
    fall = level_shift(months, settlements.BEFORE, settlements.AFTERS["March–April"])
    wider = level_shift(months, settlements.BEFORE, settlements.AFTERS["March–August"]).expected
    value = dict(zip(months["month"], months["value"], strict=True))
    drawing, axes = canvas(4.1)
    x = [_middle(month) for month in wider["month"]]
    axes.fill_between(x, wider["low"], wider["high"], color=BAND, alpha=0.35, linewidth=0)
    axes.plot(x, wider["expected"], color=BAND, linewidth=1.2)
    months["known"] = among(months, settlements.months_of_trade(data.PUBLICATION), "month")
    plot(axes, [_middle(month) for month in months["month"]], months["value"], months["known"], color=COLOURS["CHN"])
    hit = {_middle(month): value[month] for month in settlements.AFTERS["March–April"]}
    axes.scatter(list(hit), list(hit.values()), color=COLOURS["CHN"], s=52, zorder=4)
    for day, text, side in (
        (date(2023, 12, 22), "US order\non banks", "right"),
        (date(2024, 5, 16), "16 May\n2024", "left"),
        (date(2024, 10, 1), "1 October: fee on\nvehicles rises", "left"),
    ):
        gid = LATER if day > data.PUBLICATION else None
        axes.axvline(_year(day), color=INK, linewidth=0.8, linestyle=DASHES, gid=gid)
        _label(axes, text, _year(day) + (0.03 if side == "left" else -0.03), 1.7, ha=side, gid=gid)
    _label(axes, "expected range\nof a single month", 2022.62, 11.3, COLOURS["OTHER"], ha="center")
    _label(axes, "March and\nApril 2024", 2023.62, 6.1, COLOURS["CHN"], ha="center")
    _label(axes, "as low again\nin early 2025", 2025.3, 6.3, COLOURS["CHN"], ha="center", gid=LATER)
    axes.set(xlim=(2022.1, 2026.05), ylim=(0, 13), xlabel="", ylabel="bn USD a month")
    axes.set_xticks(range(2022, 2027))
    holds(
        {
            "by summer they were back": min(value[m] for m in ("2024-06", "2024-07", "2024-08"))
            > wider["expected"].iloc[0],
            "per cent below the level ": fall.high < 0,
        }
    )
    return Figure(
        "fig-settlement-months",
        f"In March and April 2024 Chinese exports to Russia lay {-fall.change:.0f} per cent below the level "
        "of the year before; by summer they were back.",
        "China's goods exports to Russia, bn USD a month, Chinese customs; January and February as one.",
        f"Line of monthly exports: {value['2022-04']:.1f} bn USD in April 2022, around "
        f"{wider['expected'].iloc[0]:.1f} from March 2023 to February 2024, {value['2024-03']:.1f} and "
        f"{value['2024-04']:.1f} in March and April 2024, {value['2024-08']:.1f} in August 2024, "
        f"{value['2025-03']:.1f} in March 2025. The fall of {-fall.change:.0f} per cent in March and April "
        f"2024 has a 95 per cent interval from {-fall.high:.0f} to {-fall.low:.0f}.",
        sources_behind(months["rows"]),
        months.drop(columns="rows").merge(wider, on="month", how="left").round(3),
        drawing,
        (Tips(axes, lambda row: _middle(row["month"]), "value", "{month:when}: {value:.2f} bn USD{known:later}"),),
        f"In March and April 2024 Chinese exports to Russia lay {-fall.change:.0f} per cent below the level of the year before.",
    )


@theme()
def shift_by_specification() -> Figure:
    """Deviation of exports to Russia from expectation under all combinations of choices (per cent)."""
    found = settlements.specifications()
    place = {name: i for i, name in enumerate(settlements.AFTERS)}
    found = found.assign(place=found["after"].map(place)).sort_values(["place", "change"], ignore_index=True)
    found["y"] = -(found.index + 2.0 * found["place"])
    found["clear"] = found["high"] < 0
    usual = found["start"].eq("from March 2023") & found["end"].eq("to February 2024") & found["model"].eq("level")
    drawing, axes = canvas(5.0)
    colours = {True: COLOURS["CHN"], False: COLOURS["OTHER"]}
    for _, line in found.iterrows():
        axes.plot([line["low"], line["high"]], [line["y"]] * 2, color=colours[line["clear"]], linewidth=1.6)
        axes.scatter([line["change"]], [line["y"]], color=colours[line["clear"]], s=28, zorder=3)
    axes.scatter(found.loc[usual, "change"], found.loc[usual, "y"], color=INK, marker="D", s=44, zorder=4)
    axes.axvline(0, color=INK, linewidth=0.9)
    for name, group in found.groupby("after"):
        _label(axes, f"{name}\n2024", 20, float(group["y"].mean()), fontweight="bold")
    _label(axes, "interval below zero", -40.5, 1.7, colours[True])
    _label(axes, "interval holds zero", -18, 1.7, colours[False])
    axes.set(xlim=(-41, 33), ylim=(found["y"].min() - 1, 2.6), xlabel="deviation from expectation, per cent")
    axes.set_yticks([])
    axes.grid(axis="x")
    counts = found.groupby("after")["clear"].agg(["sum", "size"]).to_dict("index")
    spring, half = counts["March–April"], counts["March–August"]
    falls = -found.loc[found["after"] == "March–April", "change"]
    holds({"months only in": half["sum"] < half["size"] / 2})
    return Figure(
        "fig-settlement-specifications",
        f"The fall of March and April stands in {spring['sum']} of {spring['size']} specifications; over six "
        f"months only in {half['sum']} of {half['size']}.",
        "Mean deviation of Chinese exports to Russia with 95 per cent intervals; diamonds: level of March "
        "2023 to February 2024.",
        f"Points with intervals for {len(found)} specifications. For March and April 2024 the falls run from "
        f"{falls.min():.0f} to {falls.max():.0f} per cent and {spring['sum']} of {spring['size']} intervals "
        f"lie below zero; for March to August {half['sum']} of {half['size']}.",
        sources_behind(settlements.months_of_trade()["rows"]),
        found.drop(columns=["y", "place"]).round(2),
        drawing,
        (
            Tips(
                axes,
                "change",
                lambda row: found["y"].iloc[row.name],
                "{after}, {model}, {start} {end}: {change:.0f} % ({low:.0f} to {high:.0f})",
            ),
        ),
    )
