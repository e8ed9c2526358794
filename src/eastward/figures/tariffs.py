"""Figures of the chapter on the US tariffs of May 2024."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from eastward import data
from eastward.figures import COLOURS, INK, Figure, canvas, label_ends, sources_behind, sources_of, theme
from eastward.figures.marks import LATER, Tips, public
from eastward.indicators.tariffs import change_on_the_year
from eastward.prose import holds
from eastward.quantities import tariffs

GROUPS = {
    "electric-vehicles": "Electric vehicles",
    "solar-cells": "Solar cells and modules",
    "semiconductors": "Semiconductors",
    "syringes-needles": "Syringes, needles",
    "steel-aluminium": "Steel, aluminium",
    "li-ion-ev-batteries": "Vehicle batteries",
    "li-ion-other-batteries": "Other lithium batteries",
    "battery-parts": "Battery parts",
    "masks-respirators": "Masks, respirators",
    "medical-gloves": "Medical gloves",
    "ship-to-shore-cranes": "Port cranes",
    "other-critical-minerals": "Other minerals",
    "natural-graphite": "Natural graphite",
    "permanent-magnets": "Permanent magnets",
}
"""Product groups of the list of May 2024, as the figures name them."""

FINAL = {"masks-respirators": ["respirators", "textile-facemasks"]}
"""Groups that the final list split in two."""


def groups_with_final() -> pd.DataFrame:
    """Return the list of May 2024 with the last rate and first date of effect of the final list, by group."""
    announced = tariffs.tariff_list().set_index("group")
    final = tariffs.tariff_list(source="wenxuecity2024table")
    lines = []
    for group, name in GROUPS.items():
        steps = final[final["group"].isin(FINAL.get(group, [group]))]
        row = announced.loc[group]
        lines.append(
            {
                "group": name,
                "named in the op-ed": row["item"] != "not-named",
                "old_min": row["old_min"],
                "old_max": row["old_max"],
                "new": row["new"],
                "final": steps["new"].max(),
                "in force from": steps["period"].min(),
                "final rate and date known": "on publication" if public(steps).all() else "later",
            }
        )
    return pd.DataFrame(lines)


def _day(period: str) -> str:
    day = data.period_start(period)
    return f"{day.day} {day:%b %Y}"


@theme()
def duties_before_and_after() -> Figure:
    """Duty on each product group before and after the list of 14 May 2024, per cent, with its date."""
    frame = groups_with_final().sort_values(["named in the op-ed", "new", "group"], ascending=[True, True, False])
    frame = frame.reset_index(drop=True)
    drawing, axes = canvas(height=5.2)
    for y, row in frame.iterrows():
        colour = COLOURS["USA"] if row["named in the op-ed"] else COLOURS["OTHER"]
        axes.hlines(y, row["old_max"] + 1, row["new"], color=colour, linewidth=3)
        axes.hlines(y, row["old_min"], max(row["old_min"], row["old_max"] - 1), color=colour, linewidth=1)
        axes.scatter([row["old_max"]], [y], s=34, facecolor="none", edgecolor=colour, linewidth=1.6, zorder=3)
        axes.scatter([row["new"]], [y], s=52, color=colour, zorder=3)
        if row["final"] > row["new"]:
            diamond = {"marker": "D", "facecolor": "none", "edgecolor": colour, "zorder": 3}
            axes.scatter([row["final"]], [y], s=46, gid=LATER, **diamond)
        axes.annotate(
            _day(row["in force from"]), (1, y), xycoords=("axes fraction", "data"), xytext=(10, 0),
            textcoords="offset points", va="center", fontsize=9.5, annotation_clip=False, gid=LATER,
        )  # fmt: skip
    axes.annotate(
        "in force from", (1, len(frame) - 0.35), xycoords=("axes fraction", "data"), xytext=(10, 0),
        textcoords="offset points", fontsize=9.5, fontweight="bold", annotation_clip=False, gid=LATER,
    )  # fmt: skip
    others = int((~frame["named in the op-ed"]).sum())
    axes.axhline(others - 0.5, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        "not named in the op-ed",
        (103, others - 0.62),
        ha="right",
        va="top",
        fontsize=9.5,
        color=COLOURS["OTHER"],
    )
    axes.annotate(
        "named in the op-ed",
        (103, others - 0.38),
        ha="right",
        va="bottom",
        fontsize=9.5,
        color=COLOURS["USA"],
    )
    axes.set(xlabel="additional duty, %", ylabel="", xlim=(-3, 104), ylim=(-0.6, len(frame) + 0.1))
    axes.set_yticks(range(len(frame)), list(frame["group"]))
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    electric = frame.set_index("group").loc["Electric vehicles"]

    def place(row: pd.Series) -> int:
        return len(frame) - 1 - int(str(row.name))

    rows = data.load("tariff_rates", source=["zimaotong2024ustr", "wenxuecity2024table"])
    holds(
        {
            "All six goods that the op-ed names are on the list": {
                v.observed for v in tariffs.raised_goods(data.HINDSIGHT) if v.preferred
            }
            == {True},
            "charged yet in May": frame["in force from"].map(data.period_start).min() > data.PUBLICATION,
        }
    )
    return Figure(
        "fig-tariff-list",
        f"All six goods that the op-ed names are on the list, with {others} groups it leaves out; none was "
        "charged yet in May.",
        "Additional US duty on Chinese goods, per cent: hollow circle before (thin line: lower old rates in the group), "
        "dot as announced on 14 May 2024, hollow diamond the final rate where it went further.",
        f"Range chart of {len(frame)} product groups. Electric vehicles go from {electric['old_max']:.0f} to "
        f"{electric['new']:.0f} per cent; {len(frame) - others} groups fall under the words of the op-ed, "
        f"{others} do not. "
        f"The earliest date of effect is {_day(str(frame['in force from'].min()))}.",
        sources_of(rows),
        frame.iloc[::-1].reset_index(drop=True),
        drawing,
        (
            Tips(axes, "new", place, "{group}: {old_max:g} % before, {new:g} % as announced"),
            Tips(
                axes,
                lambda row: row["final"] if row["final"] > row["new"] else None,
                place,
                "{group}: {final:g} % in the final list",
                known=False,
            ),
        ),
        f"All six goods that the op-ed names are on the list, with {others} groups it leaves out.",
    )


EVENTS = {
    "trade-war-first-round": "first duties\nof 2018",
    "announcement": "list of\nMay 2024",
    "round-2025-1": "rounds\nof 2025",
}
"""Events of the calendar that the figure of US imports marks."""


@theme()
def us_imports_around_the_dates() -> Figure:
    """US goods imports from China by month and as mean of the last twelve months, bn current USD."""
    imports = tariffs.monthly_us_imports()
    frame = pd.DataFrame({"month": imports["period"], "imports": imports["value"]}).reset_index(drop=True)
    frame["mean of twelve months"] = frame["imports"].rolling(12).mean()
    frame["date"] = pd.to_datetime(frame["month"])
    after = change_on_the_year(imports["value"], *tariffs.WINDOWS["12 months from the announcement"])
    rounds = change_on_the_year(imports["value"], *tariffs.WINDOWS["after the rounds of April 2025"])
    drawing, axes = canvas()
    colour = COLOURS["USA"]
    axes.plot(frame["date"], frame["imports"], color=colour, linewidth=1, alpha=0.45)
    axes.plot(frame["date"], frame["mean of twelve months"], color=colour, linewidth=2.6)
    axes.set(
        xlabel="",
        ylabel="bn USD a month",
        ylim=(0, 60),
        xlim=(pd.Timestamp("2016-12-15"), pd.Timestamp("2026-07-01")),
    )
    events = data.load("tariff_events", event=list(EVENTS)).set_index("event")
    for event, text in EVENTS.items():
        when = pd.Timestamp(data.period_start(str(events.loc[event, "date"])))
        axes.axvline(when, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        shift = (-5, "right") if event == "announcement" else (5, "left")
        axes.annotate(
            text,
            (when, 58.5),
            xytext=(shift[0], 0),
            textcoords="offset points",
            ha=shift[1],
            va="top",
            fontsize=9.5,
        )
    last = frame.iloc[-1]
    label_ends(
        axes,
        {
            "monthly": (last["date"], last["imports"] - 3),
            "twelve-month\nmean": (last["date"], last["mean of twelve months"] + 3),
        },
        {"monthly": colour, "twelve-month\nmean": colour},
        gap=0.12,
    )
    holds({"in the year after the announcement and fell by ": rounds < 0 < after})
    return Figure(
        "fig-tariff-us-imports",
        f"US imports from China rose by {after:.1f} per cent in the year after the announcement and fell by "
        f"{-rounds:.0f} per cent after the rounds of 2025.",
        "US goods imports from China, bn current USD a month, not seasonally adjusted.",
        "Line of monthly US imports from China, 2017 to 2026. The twelve months from May 2024 are "
        f"{after:.1f} per cent above "
        f"the twelve before; May to December 2025 is {-rounds:.1f} per cent below the year before.",
        sources_of(imports, events),
        frame[["month", "imports", "mean of twelve months"]],
        drawing,
        tuple(
            Tips(
                axes,
                lambda row: pd.Timestamp(row["month"]),
                column,
                "{month:when}, " + words + ": {" + column + ":.1f} bn USD",
            )
            for column, words in (("imports", "imports"), ("mean of twelve months", "mean of twelve months"))
        ),
    )


UNITS = {
    "all Chinese exports to Russia": "{:.0f} bn USD",
    "Chinese cars shipped to Russia": "{:.1f} bn USD",
    "share of Chinese car brands": "{:g} %",
    "electric cars sold in Russia": "{:,.0f} cars",
    "solar cells shipped to Russia": "{:.1f} m USD",
}
"""How the levels of each measure of entry are written."""


@theme()
def timing_of_the_entry() -> Figure:
    """Share of each rise that came by 2023 and after, per cent of the rise to its peak."""
    timing = tariffs.timing()
    measures = tariffs.entry_measures()
    lines = []
    for _, line in timing.iterrows():
        values = measures[line["measure"]].set_index("year")["value"]
        form = UNITS[line["measure"]]
        ends = [form.format(values.loc[year]).replace(",", " ") for year in (line["base"], 2023, line["peak"])]
        lines.append({**line, "before": 100 - line["after"], "first": ends[0], "in 2023": ends[1], "highest": ends[2]})
    frame = pd.DataFrame(lines)
    drawing, axes = canvas(height=4.4)
    y = list(range(len(frame)))[::-1]
    axes.barh(y, frame["before"], color=COLOURS["CHN"], height=0.42)
    axes.barh(y, frame["after"], left=frame["before"], color=COLOURS["OTHER"], height=0.42)
    for at, (_, row) in zip(y, frame.iterrows(), strict=True):
        axes.text(
            0,
            at - 0.26,
            f"{row['before']:.0f} %: {row['first']} → {row['in 2023']}",
            va="top",
            fontsize=9.5,
        )
        late = f"{row['after']:.0f} %: to {row['highest']}"
        axes.text(100, at - 0.26, late, va="top", ha="right", fontsize=9.5)
    top = len(frame) - 0.6
    axes.text(0, top, "by 2023, before the tariffs", color=COLOURS["CHN"], fontweight="bold", fontsize=9.5)
    axes.text(100, top, "after 2023", color=COLOURS["OTHER"], fontweight="bold", fontsize=9.5, ha="right")
    axes.set(xlabel="", ylabel="", xlim=(0, 100), ylim=(-0.65, len(frame) - 0.35))
    names = [f"{r['measure'][0].upper()}{r['measure'][1:]}\n{r['base']} to {r['peak']}" for _, r in frame.iterrows()]
    axes.set_yticks(y, names)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    total, solar = frame.iloc[0], frame.iloc[-1]
    late = " and ".join(frame.loc[frame["before"] < 50, "measure"])
    late = f"; only {late} rose mostly later" if late else ""
    return Figure(
        "fig-tariff-timing",
        f"Of the rise of Chinese exports to Russia {total['before']:.0f} per cent came by 2023, before the tariffs{late}.",
        "Rise from the base year to the highest year, split at the end of 2023, per cent; below each bar "
        "the level in the base "
        "year, in 2023 and at its highest.",
        f"Stacked bars for {len(frame)} measures of China's entry into the Russian market. By the end of "
        "2023 all exports had made "
        f"{total['before']:.0f} per cent of their rise, the other measures "
        f"{', '.join(f'{b:.0f}' for b in frame['before'].iloc[1:-1])} per cent, solar cells "
        f"{solar['before']:.0f} per cent.",
        sources_behind(timing["rows"]),
        frame.drop(columns=["rows", "source"]),
        drawing,
    )


GOODS = {
    "All goods": "all",
    "Passenger cars, all fuels": "passenger-cars",
    "Lithium batteries": "li-ion-batteries",
    "Semiconductors": "semiconductors",
    "Electric vehicles": "electric-vehicles",
    "Solar cells and panels": "solar",
    "Syringes, needles": "syringes-needles",
}
"""Rows of the figure on goods and the product behind each; the first two are not taxed anew."""


def _bought(products: pd.DataFrame, product: str, buyer: str) -> tuple[float, str]:
    """Amount of a Chinese product that a country bought (mn USD, missing if not found) and its source."""
    if product == "all":
        whole = tariffs.us_imports(data.HINDSIGHT, 2023) if buyer == "USA" else None
        row = tariffs.exports_to_russia().query("year == 2023").iloc[0] if whole is None else whole
        return 1000 * float(row["value"]), str(row["source"])
    if product == "solar":
        parts = [tariffs.solar_exports(product=p, partner=buyer) for p in ("solar-cells", "solar-panels")]
        year = pd.concat(parts).query("year == 2023")
        return float(year["value"].sum()), str(year["source"].iloc[0])
    here = products[products["product"] == product].sort_values(["series", "half_unit", "known"])
    imports = (here["series"] == "us-imports") & (here["entity"] == buyer) & (here["partner"] == "CHN")
    exports = (here["series"] == "china-exports") & (here["partner"] == buyer)
    found = here[imports | exports]
    if found.empty:
        return float("nan"), ""
    row = found[found["series"] == found["series"].max()].iloc[0]
    return float(row["mn"]), str(row["source"])


def goods_sold() -> pd.DataFrame:
    """Chinese goods that went to the US and to Russia, mn current USD in 2023, with sources.

    For the US its own imports where a figure was found, else Chinese exports. Semiconductors to Russia are
    of 2022. A missing value is a figure not found.
    """
    products = data.load("tariff_products")
    products = products.assign(mn=products["value"] * products["unit"].map({"USD bn": 1000.0, "USD mn": 1.0}))
    chips_to_russia = (products["product"] == "semiconductors") & (products["partner"] == "RUS")
    of_year = (products["period"] == "2023") | (chips_to_russia & (products["period"] == "2022"))
    products = products[products["mn"].notna() & of_year]
    lines = []
    for name, product in GOODS.items():
        us, russia = _bought(products, product, "USA"), _bought(products, product, "RUS")
        keys = ",".join(s for s in (us[1], russia[1]) if s)
        lines.append({"goods": name, "to the US": us[0], "to Russia": russia[0], "source": keys})
    return pd.DataFrame(lines)


def _amount(value: float) -> str:
    return f"{value / 1000:,.1f} bn" if value >= 1000 else f"{value:.0f} m"


@theme()
def goods_taxed_and_bought() -> Figure:
    """Chinese goods that the US and Russia bought in 2023, mn current USD on a scale of powers of ten."""
    frame = goods_sold()
    drawing, axes = canvas(height=4.4)
    # The untaxed rows stand apart, so that the line between has room for its label.
    places = [at + 0.7 * (at >= len(frame) - 2) for at in range(len(frame))[::-1]]
    for at, (_, row) in zip(places, frame.iterrows(), strict=True):
        pair = {"USA": row["to the US"], "RUS": row["to Russia"]}
        known = [v for v in pair.values() if pd.notna(v)]
        axes.hlines(at, min(known), max(known), color=COLOURS["OTHER"], linewidth=1.2)
        for code, value in pair.items():
            if pd.isna(value):
                axes.text(
                    5,
                    at,
                    "no figure found",
                    va="center",
                    fontsize=9.5,
                    color=COLOURS[code],
                    fontstyle="italic",
                )
                continue
            axes.scatter([value], [at], s=58, color=COLOURS[code], zorder=3)
            left = value == min(known) and len(known) == 2
            axes.annotate(
                _amount(value), (value, at), xytext=(-8 if left else 8, 0), textcoords="offset points",
                va="center", ha="right" if left else "left", fontsize=9.5, color=COLOURS[code],
            )  # fmt: skip
    axes.axhline(len(frame) - 2, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.text(5, places[0], "bought by the US", va="bottom", color=COLOURS["USA"], fontweight="bold", fontsize=9.5)
    axes.text(
        5,
        places[0] - 0.05,
        "bought by Russia",
        va="top",
        color=COLOURS["RUS"],
        fontweight="bold",
        fontsize=9.5,
    )
    axes.text(5, len(frame) - 2.08, "below: on the list of May 2024", va="top", fontsize=9.5)
    axes.set(xscale="log", xlim=(4, 3e6), ylim=(-0.6, places[0] + 0.6), xlabel="USD (log scale)", ylabel="")
    axes.set_xticks([10, 100, 1e3, 1e4, 1e5, 1e6], ["10 m", "100 m", "1 bn", "10 bn", "100 bn", "1000 bn"])
    axes.tick_params(axis="x", which="minor", bottom=False)
    axes.set_yticks(places, list(frame["goods"]))
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")
    us, russia = frame.set_index("goods")["to the US"], frame.set_index("goods")["to Russia"]
    cars, solar = "Passenger cars, all fuels", "Solar cells and panels"
    missing = int(frame["to Russia"].isna().sum())
    holds(
        {
            "Russia's big purchase is cars": russia.drop("All goods").idxmax() == cars,
            "no figure for Russia": pd.isna(russia["Lithium batteries"]),
        }
    )
    return Figure(
        "fig-tariff-goods",
        f"Russia's big purchase is cars ({_amount(russia[cars])} USD); for {missing} taxed groups no "
        "Russian figure was found.",
        "Chinese goods bought by the US and by Russia, 2023 (semiconductors to Russia: 2022), current USD, "
        "logarithmic scale.",
        f"Dot chart. Cars of all fuels: {_amount(russia[cars])} USD to Russia, "
        f"{_amount(us[cars])} to the US. Solar goods: "
        f"{_amount(russia[solar])} to Russia, {_amount(us[solar])} to the US. Lithium "
        "batteries to the US "
        f"{_amount(us['Lithium batteries'])}; no figure for Russia.",
        tuple(dict.fromkeys(key for keys in frame["source"] for key in keys.split(","))),
        frame.drop(columns="source").rename(columns={"to the US": "to the US, m USD", "to Russia": "to Russia, m USD"}),
        drawing,
    )


@theme()
def growth_by_destination() -> Figure:
    """Growth of Chinese exports by destination in 2024 and 2025, per cent on the year in USD."""
    frame = tariffs.destinations()
    drawing, panels = canvas(height=3.6, columns=2, sharex=True)
    axes: Axes
    for axes, (period, part) in zip(panels, frame.groupby("period"), strict=True):
        part = part.sort_values("value", ascending=False).reset_index(drop=True)
        colours = [COLOURS[p] if p in ("RUS", "USA") else COLOURS["OTHER"] for p in part["partner"]]
        axes.barh(range(len(part))[::-1], part["value"], color=colours, height=0.66)
        for at, (_, row) in zip(range(len(part))[::-1], part.iterrows(), strict=True):
            side, sign = ("left", 1) if row["value"] > 0 else ("right", -1)
            written = f"{row['value']:+g}".replace("-", "−")
            for text, x, ha, shift in (
                (written, row["value"], side, 4 * sign),
                (row["name"], 0, "right" if sign > 0 else "left", -5 * sign),
            ):
                axes.annotate(
                    text,
                    (x, at),
                    xytext=(shift, 0),
                    textcoords="offset points",
                    va="center",
                    ha=ha,
                    fontsize=9.5,
                )
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set(xlabel="", ylabel="", title=str(period), xlim=(-30, 36))
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
    value = frame.set_index(["period", "partner"])["value"]
    holds(
        {
            "those to Russia fell as ": max(value["2025", "USA"], value["2025", "RUS"]) < 0,
            "other regions gained": value["2025"].drop(["USA", "RUS"]).min() > 0,
        }
    )
    return Figure(
        "fig-tariff-destinations",
        f"When exports to the US fell by {-value['2025', 'USA']:g} per cent in 2025, those to Russia fell as "
        "well; other regions gained.",
        "Chinese exports by destination, change on the year, per cent (dollars; for the regions of 2025 "
        "the currency is not stated).",
        f"Bars of growth by destination. 2024: Russia {value['2024', 'RUS']:+g}, the US "
        f"{value['2024', 'USA']:+g}, all {value['2024', 'WORLD']:+g} "
        f"per cent. 2025: Russia {value['2025', 'RUS']:+g}, the US {value['2025', 'USA']:+g}, Africa "
        f"{value['2025', 'AFRICA']:+g} per cent.",
        sources_of(frame),
        frame[["period", "name", "value"]],
        drawing,
    )
