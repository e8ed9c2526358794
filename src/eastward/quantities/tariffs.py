"""Observed quantities for the claims on the US tariffs of May 2024: C20 to C22."""

from __future__ import annotations

from datetime import date

import pandas as pd

from eastward import data
from eastward.indicators.tariffs import change_on_the_year, largest_effect, rates, share_of_rise_after
from eastward.indicators.trade import annual, most_precise
from eastward.quantities import Variant

ITEMS = {
    "electric vehicles": "electric-vehicles",
    "batteries": "batteries",
    "solar cells": "solar-cells",
    "steel": "steel-and-aluminium",
    "aluminium": "steel-and-aluminium",
    "medical goods": "medical-goods",
}
"""The goods that the op-ed names, and the item of ``tariff_rates`` that holds their product groups."""

ANNOUNCED = {
    "zimaotong2024ustr": "announced list, trade press table",
    "mondaq2024whitehouse": "announced list, law firm",
    "npr2024list": "announced list, radio report",
}
"""Sources of the list of 14 May 2024 and how variants call them; the first one has all groups and decides."""

WINDOWS = {
    "12 months from the announcement": ("2024-05", "2025-04"),
    "announcement to the last month before the rounds of 2025": ("2024-05", "2025-01"),
    "in force, before the rounds of 2025": ("2024-10", "2025-01"),
    "first half-year in force": ("2024-10", "2025-03"),
    "after the rounds of April 2025": ("2025-05", "2025-12"),
}
"""Spans of months over which US imports from China are compared with the same months a year before."""


def tariff_list(as_of: date = data.HINDSIGHT, source: str = "zimaotong2024ustr") -> pd.DataFrame:
    """Return one source's list of the increases, a row a group and step: old and new duty in per cent."""
    series = ["old-rate-min", "old-rate-max", "new-rate"]
    return rates(data.load("tariff_rates", as_of, source=source, series=series, entity="USA"))


def raised_goods(as_of: date) -> list[Variant]:
    """Whether each good that the op-ed names is on the list above its old duty, by list and source."""
    variants = []
    final = tariff_list(as_of, "wenxuecity2024table")
    lists = {label: tariff_list(as_of, source) for source, label in ANNOUNCED.items()}
    lists["final list of September 2024"] = final
    for label, frame in lists.items():
        for good, item in ITEMS.items():
            groups = frame[frame["item"] == item]
            if not groups.empty:
                ids = tuple(i for rows in groups["rows"] for i in rows)
                preferred = label == ANNOUNCED["zimaotong2024ustr"]
                variants.append(Variant(label, bool(groups["raised"].all()), ids, 0.0, preferred, good))
    for good, item in ITEMS.items():
        groups = final[final["item"] == item]
        if not groups.empty:
            charged = groups["period"].map(data.period_end) <= data.PUBLICATION
            ids = tuple(i for rows in groups["rows"] for i in rows)
            variants.append(Variant("in force on 17 May 2024", bool(charged.any()), ids, part=good))
    return variants


def monthly_us_imports(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """US goods imports from China by month, bn current USD, indexed by month (Census, customs basis)."""
    frame = data.load("us_china_trade", as_of, series="us-census-monthly", flow="imports")
    return frame.drop_duplicates(subset="period", keep="last").set_index("period", drop=False).sort_index()


def us_imports(as_of: date, year: int) -> pd.Series | None:
    """US goods imports from China in a year, bn current USD: the row with the most digits that was public."""
    frame = data.load("us_china_trade", as_of, series="us-census", partner="CHN", flow="imports", period=str(year))
    return None if frame.empty else most_precise(frame, by=["period"]).iloc[0]


def _covered(as_of: date) -> pd.Series:
    frame = data.load("tariff_products", as_of, series="covered-imports", product="all-groups")
    return frame.sort_values("known").iloc[0]


def covered_share(as_of: date, year: int = 2023) -> tuple[float, tuple[str, ...]]:
    """Return the covered imports in per cent of US imports from China in a year, and the rows behind.

    Raises:
        DataError: no figure of the year's imports was public.

    """
    total = us_imports(as_of, year)
    if total is None:
        raise data.DataError("data/us_china_trade.csv", f"no US imports of {year}", "add them, or choose another year")
    covered = _covered(as_of)
    return 100 * float(covered["value"] / total["value"]), (covered["row"], total["row"])


EFFECTS = {
    "targeted-us-imports": "effect of 2018 (Fajgelbaum and others)",
    "imports-25-percent-lists": "goods under 25 per cent in 2022 (Bown)",
    "section-301-imports": "USITC, 2018 to 2021",
}
"""Published effects of the duties of 2018 on the imports they tax, and how variants call them."""


def size_of_harm(as_of: date, year: int = 2023) -> list[Variant]:
    """How much of US–China trade the tariffs could and did move, in per cent, by part.

    Trade covered, the fall that published effects of the duties of 2018 would bring if nothing else moved,
    and the changes that followed: US imports over several spans (Census) and Chinese exports by year
    (Chinese customs).
    """
    covered, ids = covered_share(as_of, year)
    part = "covered, % of US imports from China"
    variants = [Variant(f"year {year}", covered, ids, preferred=True, part=part)]
    part = "largest fall to expect, % of US imports from China"
    for _, row in data.load("tariff_estimates", as_of, series=list(EFFECTS)).iterrows():
        bound = largest_effect(covered, 100, row["value"])
        variants.append(Variant(EFFECTS[row["series"]], bound, (*ids, row["row"]), part=part))
    imports = monthly_us_imports(as_of)
    for label, (first, last) in WINDOWS.items():
        if last in imports.index:
            months = pd.period_range(pd.Period(first) - 12, last, freq="M").astype(str)
            rows = tuple(imports.loc[imports.index.isin(months), "row"])
            change = change_on_the_year(imports["value"], first, last)
            variants.append(Variant(label, change, rows, part="change of US imports from China on the year, %"))
    for _, row in growth(as_of, "USA").iterrows():
        part = "change of Chinese exports to the US, %"
        variants.append(Variant(row["period"], row["value"], (row["row"],), row["half_unit"], part=part))
    return variants


PRODUCTS = {
    "aluminium": "aluminium",
    "electric-vehicles": "electric vehicles",
    "li-ion-batteries": "lithium batteries, all",
    "li-ion-ev-batteries": "lithium batteries for vehicles",
    "li-ion-other-batteries": "other lithium batteries",
    "medical-goods": "medical equipment",
    "natural-graphite": "graphite",
    "permanent-magnets": "permanent magnets",
    "semiconductors": "semiconductors",
    "solar-panels": "solar panels",
    "steel": "steel",
    "steel-aluminium": "steel and aluminium on the list",
    "syringes-needles": "syringes",
}
"""Taxed products of which US figures were found, as the table names them."""


def touched_trade(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Return the taxed goods in US imports for readers: value from China and China's share, a row a good.

    Sources that differ stand side by side; figures of 2024 carry their period.
    """
    measures = {
        "us-imports": "imports from China, 2023",
        "us-import-share-from-china": "China's share of imports, 2023",
    }
    units = {"percent": "%", "USD mn": "m USD", "USD bn": "bn USD"}
    frame = data.load("tariff_products", as_of, series=list(measures), partner="CHN", product=list(PRODUCTS))
    frame = frame[frame["period"].str[:4].isin(["2023", "2024"])].sort_values(["product", "period", "value"])
    note = frame["note"].fillna("")
    words = pd.Series("", index=frame.index)
    for mark, word in (("upper bound", "under "), ("lower bound", "over "), ("at least", "at least ")):
        words = words.mask(note.str.startswith(mark), word)
    later = (" (" + frame["period"].str.replace("2024-01/2024-03", "early 2024") + ")").where(
        frame["period"] != "2023", ""
    )
    figure = words + frame["value"].map("{:g}".format) + " " + frame["unit"].replace(units) + later
    frame = frame.assign(goods=frame["product"].map(PRODUCTS), measure=frame["series"].map(measures), figure=figure)
    wide = frame.pivot_table(index="goods", columns="measure", values="figure", aggfunc="; ".join)
    sources = frame.groupby("goods")["source"].agg(lambda keys: ",".join(dict.fromkeys(keys)))
    return wide[list(measures.values())].assign(source=sources).reset_index().rename_axis(columns=None)


def growth(as_of: date, partner: str) -> pd.DataFrame:
    """Return the stated growth of Chinese exports to a partner from 2024 on, % in USD, a row a year."""
    frame = data.load("us_china_trade", as_of, series="china-customs-growth", partner=partner, period=["2024", "2025"])
    in_yuan = frame["note"].fillna("").str.contains("CNY")
    return most_precise(frame[~in_yuan], by=["period"])


def exports_to_russia(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Chinese exports to Russia by year, bn current USD (Chinese customs).

    The figure of 2021 by direction was not found: it is that of 2023 less the growth since 2021 that customs
    stated.
    """
    frame = data.load("trade_china_customs", as_of, reporter="CHN", partner="RUS", flow="exports", unit="USD bn")
    frame = annual(frame)
    # One relay converted the yuan total of 2015 at a later rate: its own note says so.
    frame = frame[~frame["note"].fillna("").str.contains("conver")]
    best = most_precise(frame, by=["year"]).assign(rows=lambda f: f["row"].map(lambda r: (r,)))
    best = best[["year", "value", "source", "rows"]]
    stated = data.load("us_china_trade", as_of, series="china-customs-growth", partner="RUS", period="2021/2023")
    stated = stated[stated["source"] == "reuters2024year"]
    end = best[best["year"] == 2023]
    if not stated.empty and not end.empty:
        start = float(end["value"].iloc[0] / (1 + stated["value"].iloc[0] / 100))
        row = [2021, start, stated["source"].iloc[0], (*end["rows"].iloc[0], stated["row"].iloc[0])]
        best = pd.concat([best, pd.DataFrame([row], columns=best.columns)])
    return best.sort_values("year").reset_index(drop=True)


def _yearly(frame: pd.DataFrame) -> pd.DataFrame:
    best = most_precise(annual(frame), by=["year"]).assign(rows=lambda f: f["row"].map(lambda r: (r,)))
    return best[["year", "value", "source", "rows"]].sort_values("year").reset_index(drop=True)


def solar_exports(as_of: date = data.HINDSIGHT, product: str = "solar-cells", partner: str = "RUS") -> pd.DataFrame:
    """Chinese exports of solar cells or panels by whole year, mn current USD (Chinese customs, by Ember)."""
    frame = data.load(
        "tariff_products", as_of, series="china-exports-monthly", product=product, partner=partner, unit="USD"
    )
    frame = frame.assign(year=frame["period"].str[:4].astype(int), value=frame["value"] / 1e6)
    whole = frame.groupby("year").filter(lambda months: months["period"].max().endswith("-12"))
    grouped = whole.groupby("year").agg(value=("value", "sum"), source=("source", "first"), rows=("row", tuple))
    return grouped.reset_index()


def entry_measures(as_of: date = data.HINDSIGHT) -> dict[str, pd.DataFrame]:
    """Measures of China's entry into the Russian market: each a frame of year, value, source and rows."""
    cars = data.load(
        "tariff_products",
        as_of,
        series="china-exports",
        product="passenger-cars",
        partner="RUS",
        unit="USD bn",
    )
    electric = data.load("tariff_products", as_of, series="new-sales", product="electric-vehicles")
    brands = data.load("market_car_sales", as_of, series="share", compiler="autostat", origin="CHN", brand="all")
    # The retrospective list has all years; a rival figure of 2021 may be that of one month, as its note says.
    brands = brands[~brands["note"].fillna("").str.contains("perhaps a month")]
    return {
        "all Chinese exports to Russia": exports_to_russia(as_of),
        "Chinese cars shipped to Russia": _yearly(cars),
        "share of Chinese car brands": _yearly(brands),
        "electric cars sold in Russia": _yearly(electric),
        "solar cells shipped to Russia": solar_exports(as_of),
    }


FIRST_YEAR = {"solar cells shipped to Russia": 2022}
"""Base year of measures that begin after 2021 (solar cells have a customs code of their own from 2022)."""


def timing(as_of: date = data.HINDSIGHT, base_year: int = 2021, cut: int = 2023) -> pd.DataFrame:
    """Share of each measure's rise that came after a year, in per cent.

    Returns:
        ``measure``, ``base`` and ``peak`` year, ``after`` (per cent), ``rows``, ``source``. Measures without
        a figure for the base year, or for any year from there to the cut, are left out.

    """
    lines = []
    for measure, frame in entry_measures(as_of).items():
        base = FIRST_YEAR.get(measure, base_year)
        values = frame.set_index("year")["value"]
        if base not in values.index or not ((values.index > base) & (values.index <= cut)).any():
            continue
        later = frame[frame["year"] >= base]
        lines.append(
            {
                "measure": measure,
                "base": base,
                "peak": int(later.sort_values("value")["year"].iloc[-1]),
                "after": share_of_rise_after(values, base, cut),
                "rows": tuple(i for rows in later["rows"] for i in rows),
                "source": ",".join(dict.fromkeys(later["source"])),
            }
        )
    return pd.DataFrame(lines, columns=["measure", "base", "peak", "after", "rows", "source"])


def _timing_variants(as_of: date, least_share: float) -> list[Variant]:
    variants = []
    part = "most of the entry came after the tariffs"
    for base, cut in ((2021, 2023), (2020, 2023), (2019, 2023), (2021, 2024)):
        frame = timing(as_of, base, cut)
        if cut > 2023 and exports_to_russia(as_of)["year"].max() <= cut:
            continue
        # Other base years and the later cut are tried on the total alone: the rest begins in 2021.
        frame = frame if (base, cut) == (2021, 2023) else frame[frame["measure"].str.startswith("all")]
        for _, line in frame.iterrows():
            label = f"{line['measure']}, {line['base']} to {line['peak']}, {line['after']:.0f} % after {cut}"
            main = (base, cut) == (2021, 2023) and line["measure"].startswith("all")
            variants.append(Variant(label, bool(line["after"] >= least_share), line["rows"], 0.0, main, part))
    return variants


def taxed_goods(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Return what part of Russian purchases is under the new duties: ``what``, ``share`` (%), ``rows``."""
    products = data.load("tariff_products", as_of)
    electric = products[(products["series"] == "market-share") & (products["product"] == "electric-vehicles")]
    bound = electric["note"].fillna("").str.contains("upper bound").map({True: "at most, ", False: ""})
    electric = electric.assign(what="electric cars in Russian car sales, " + bound + electric["period"])
    petrol = products[products["series"] == "petrol-share"]
    other = petrol.assign(what="cars other than petrol shipped to Russia, 2024", value=100 - petrol["value"])
    stated = pd.concat([electric.sort_values("period"), other])
    stated = stated.assign(share=stated["value"], rows=stated["row"].map(lambda r: (r,)))
    parts = [stated, _in_exports(as_of, products), _contested(as_of, products)]
    columns = ["what", "share", "rows", "source"]
    return pd.concat([p[columns] for p in parts if not p.empty] or [stated[columns]], ignore_index=True)


def _in_exports(as_of: date, products: pd.DataFrame) -> pd.DataFrame:
    """Solar goods and chips as shares of all Chinese exports to Russia of the same year, per cent."""
    chips = products[products["product"].isin(["integrated-circuits", "semiconductors"])]
    chips = chips[(chips["series"] == "china-exports") & (chips["partner"] == "RUS")]
    chips = chips.assign(rows=chips["row"].map(lambda r: (r,)), year=chips["period"].astype(int))
    solar = [solar_exports(as_of, p).assign(product=p) for p in ("solar-cells", "solar-panels")]
    sold = pd.concat([chips, *solar], ignore_index=True)[["product", "year", "value", "rows", "source"]]
    sold = sold[sold["year"] >= 2022]
    totals = exports_to_russia(as_of)[["year", "value", "rows"]]
    both = sold.merge(totals, on="year", suffixes=("", "_total"))
    names = both["product"].str.replace("-", " ") + " in Chinese exports to Russia, " + both["year"].astype(str)
    # Goods are in millions, the total in billions.
    share = both["value"] / both["value_total"] / 10
    return both.assign(what=names, share=share, rows=both["rows"] + both["rows_total"])


def _contested(as_of: date, products: pd.DataFrame) -> pd.DataFrame:
    """Electric and plug-in cars as one website counts them, in per cent of vehicles shipped to Russia."""
    claimed = products[products["product"] == "electric-and-plug-in"]
    shipped = data.load("market_car_exports", as_of, goods="vehicles", measure="units", partner="RUS")
    both = claimed.merge(shipped.drop_duplicates("period"), on="period", suffixes=("", "_shipped"))
    return both.assign(
        what="electric and plug-in cars as one website counts them, January to May 2024",
        share=100 * both["value"] / both["value_shipped"],
        rows=pd.Series([*zip(both["row"], both["row_shipped"], strict=True)], dtype=object),
    )


def _goods_variants(as_of: date, least_share: float) -> list[Variant]:
    part = "taxed goods weigh in what Russia buys"
    frame = taxed_goods(as_of)
    return [
        Variant(
            f"{line['what']}: {line['share']:.2g} %",
            bool(line["share"] >= least_share),
            line["rows"],
            0.0,
            i == 0,
            part,
        )
        for i, line in frame.iterrows()
    ]


NAMES = {
    "WORLD": "all destinations",
    "USA": "the US",
    "ASEAN": "Southeast Asia",
    "EU27": "the EU",
    "AFRICA": "Africa",
    "LATAM": "Latin America",
}


def destinations(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Growth of Chinese exports by destination, per cent: ``partner``, ``name``, ``period``, ``value``."""
    parts = [growth(as_of, partner) for partner in ("RUS", *NAMES)]
    frame = pd.concat([p for p in parts if not p.empty] or parts[:1], ignore_index=True)
    return frame.assign(name=frame["partner"].map({**NAMES, "RUS": "Russia"}))


def _growth_variants(as_of: date) -> list[Variant]:
    part = "exports to Russia then grew faster than others"
    variants = []
    frame = destinations(as_of)
    for period, year in frame.groupby("period"):
        russia = year[year["partner"] == "RUS"]
        if russia.empty:
            continue
        own = russia.iloc[0]
        for _, other in year[year["partner"] != "RUS"].iterrows():
            label = f"{period}, against {other['name']}: {own['value']:g} against {other['value']:g} %"
            main = other["partner"] == "WORLD"
            faster = bool(own["value"] > other["value"])
            variants.append(Variant(label, faster, (own["row"], other["row"]), 0.0, main, part))
    batteries = data.load("tariff_products", as_of, series="china-exports-growth", product="li-ion-batteries")
    pair = batteries.set_index("partner")
    if {"RUS", "WORLD"} <= set(pair.index):
        change, rows = pair["value"], pair["row"]
        against = f"{change['RUS']:g} against {change['WORLD']:g} %"
        label = f"lithium batteries (pieces), January to July 2025: {against}"
        faster = bool(change["RUS"] > change["WORLD"])
        variants.append(Variant(label, faster, (rows["RUS"], rows["WORLD"]), part=part))
    return variants + _earlier_round(as_of)


def _earlier_round(as_of: date) -> list[Variant]:
    """Compare growth to Russia and to the world from 2017 to 2019, over the duties of 2018 (IMF)."""
    frame = data.load("trade_imf_dots", as_of, reporter="CHN", flow="exports", period=["2017", "2019"])
    changes, rows = {}, {}
    for partner in ("RUS", "WORLD"):
        pair = frame[frame["partner"] == partner].sort_values("period")
        if len(pair) != 2:
            return []
        changes[partner] = 100 * (pair["value"].iloc[1] / pair["value"].iloc[0] - 1)
        rows[partner] = tuple(pair["row"])
    own, other = changes["RUS"], changes["WORLD"]
    label = f"duties of 2018, change from 2017 to 2019: {own:.1f} against {other:.1f} %"
    part = "exports to Russia then grew faster than others"
    return [Variant(label, bool(own > other), (*rows["RUS"], *rows["WORLD"]), part=part)]


def entry_through_tariffs(as_of: date, least_after: float, least_share: float) -> list[Variant]:
    """Whether what must hold if the tariffs opened the Russian market does hold, by part.

    The entry must come after them (at least ``least_after`` per cent of its rise), in goods that they tax
    (at least ``least_share`` per cent of what Russia buys), and exports to Russia must then outgrow those to
    others.
    """
    return [
        *_timing_variants(as_of, least_after),
        *_goods_variants(as_of, least_share),
        *_growth_variants(as_of),
    ]
