"""Observed quantities for the claims on the US tariffs of May 2024: C20 to C22."""

from __future__ import annotations

import pandas as pd

from eastward import data
from eastward.evidence import Variant
from eastward.methods.tariffs import change_on_the_year, largest_effect, rates, share_of_rise_after
from eastward.methods.trade import annual, most_precise

ITEMS = {
    "electric vehicles": "electric-vehicles",
    "batteries": "batteries",
    "solar cells": "solar-cells",
    "steel": "steel-and-aluminium",
    "aluminium": "steel-and-aluminium",
    "medical goods": "medical-goods",
}
"""The goods that the op-ed names, and the item of ``tariff_rates`` that holds their product groups."""

ANNOUNCED, FINAL = "announced-2024-05", "final-2024-09"
"""The list of 14 May 2024, and the one that came into force."""

REPORTS = {"trade-press": "trade press table", "law-firm": "law firm", "radio": "radio report"}
"""Reports of the list of May 2024 and how variants call them."""


def tariff_list(name: str = ANNOUNCED, report: str | None = None) -> pd.DataFrame:
    """Return a list of increases as one kind of source reports it, a row a group and step: old and new duty in per cent."""
    kinds = data.load("tariff_rates", list=name)["report"].dropna().unique() if report is None else [report]
    series = ["old-rate-min", "old-rate-max", "new-rate"]
    return rates(data.load("tariff_rates", list=name, report=list(kinds), series=series, entity="USA"))


def raised_goods(report: str) -> list[Variant]:
    """Whether each good that the op-ed names is on the list above its old duty, by list and report; ``report`` decides."""
    variants = []
    lists = {name: (f"announced list, {label}", tariff_list(report=name)) for name, label in REPORTS.items()}
    final = tariff_list(FINAL)
    lists["final-list"] = ("final list of September 2024", final)
    for name, (label, frame) in lists.items():
        for good, groups, rows in _goods(frame):
            raised = bool(groups["raised"].all())
            variants.append(Variant(label, raised, rows, 0.0, name == report, good, id=_id(good, name)))
    for good, groups, rows in _goods(final):
        charged = bool((groups["period"].map(data.period_end) <= data.PUBLICATION).any())
        variants.append(Variant("in force on 17 May 2024", charged, rows, part=good, id=_id(good, "in-force")))
    return variants


def _goods(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame, tuple[str, ...]]]:
    """Return the groups of a list that each good has there, and the rows behind them."""
    found = [(good, frame[frame["item"] == item]) for good, item in ITEMS.items()]
    return [(good, groups, tuple(groups["rows"].sum())) for good, groups in found if not groups.empty]


def _id(*words: object) -> str:
    return "-".join(str(word) for word in words).lower().replace(" ", "-").replace("/", "-")


def monthly_us_imports() -> pd.DataFrame:
    """US goods imports from China by month, bn current USD, indexed by month (Census, customs basis)."""
    frame = data.load("us_china_trade", series="us-census-monthly", flow="imports")
    return frame.drop_duplicates(subset="period", keep="last").set_index("period", drop=False).sort_index()


def us_imports(year: int) -> pd.Series | None:
    """US goods imports from China in a year, bn current USD: the row with the most digits that was public."""
    frame = data.load("us_china_trade", series="us-census", partner="CHN", flow="imports", period=str(year))
    return None if frame.empty else most_precise(frame, by=["period"]).iloc[0]


def covered_share(year: int) -> tuple[float, tuple[str, ...]] | None:
    """Return the covered imports in per cent of US imports from China in a year, and the rows behind, if both were public."""
    total, covered = us_imports(year), data.load("tariff_products", series="covered-imports", product="all-groups")
    if total is None or covered.empty:
        return None
    first = covered.sort_values("known").iloc[0]
    return 100 * float(first["value"] / total["value"]), (first["row"], total["row"])


EFFECTS = {
    "targeted-us-imports": "effect of 2018 (Fajgelbaum and others)",
    "imports-25-percent-lists": "goods under 25 per cent in 2022 (Bown)",
    "section-301-imports": "USITC, 2018 to 2021",
}
"""Published effects of the duties of 2018 on the imports they tax, and how variants call them."""

ROUNDS = "round-2025-1"
"""The first of the rounds of 2025 in ``tariff_events``."""

WINDOWS: dict[str, tuple[str, str, int, int | str]] = {
    "year-from-announcement": ("12 months from the announcement", "announcement", 0, 12),
    "announcement-to-rounds": ("announcement to the last month before the rounds of 2025", "announcement", 0, ROUNDS),
    "in-force-to-rounds": ("in force, before the rounds of 2025", "in-force", 1, ROUNDS),
    "half-year-in-force": ("first half-year in force", "in-force", 1, 6),
    "after-rounds": ("after the rounds of April 2025", "round-2025-4", 1, 8),
}
"""Spans over which US imports from China are compared with the same months a year before.

How variants call them; the event of ``tariff_events`` that opens them and how many months later they start, so that duties of
a month's last days count from the next; and how many months they last, or the event before whose month they end.
"""


def window(name: str) -> list[str]:
    """Months of a span of ``WINDOWS``, as ``YYYY-MM``; none where its events were not yet known."""
    _, opening, shift, length = WINDOWS[name]
    month = data.load("tariff_events").set_index("event")["date"].map(lambda day: pd.Period(day[:7], "M"))
    if opening not in month.index or (isinstance(length, str) and length not in month.index):
        return []
    first = month[opening] + shift
    last = first + length - 1 if isinstance(length, int) else month[length] - 1
    return list(pd.period_range(first, last, freq="M").astype(str))


def size_of_harm(year: int) -> list[Variant]:
    """How much of US–China trade the tariffs could and did move, in per cent, by part.

    Trade covered, the fall that published effects of the duties of 2018 would bring if nothing else moved,
    and the changes that followed: US imports over several spans (Census) and Chinese exports by year
    (Chinese customs). Nothing, where the trade covered was not known.
    """
    if (share := covered_share(year)) is None:
        return []
    covered, ids = share
    part = "covered, % of US imports from China"
    variants = [Variant(f"year {year}", covered, ids, preferred=True, part=part, id=f"covered-{year}")]
    part = "largest fall to expect, % of US imports from China"
    for _, row in data.load("tariff_estimates", series=list(EFFECTS)).iterrows():
        bound, name = largest_effect(covered, 100, row["value"]), row["series"]
        variants.append(Variant(EFFECTS[name], bound, (*ids, row["row"]), part=part, id=name))
    imports = monthly_us_imports()
    part = "change of US imports from China on the year, %"
    for name, (label, *_) in WINDOWS.items():
        months = window(name)
        before = [str(pd.Period(month) - 12) for month in months]
        if months and {*months, *before} <= set(imports.index):
            rows = tuple(imports.loc[imports.index.isin([*before, *months]), "row"])
            change = change_on_the_year(imports["value"], months[0], months[-1])
            variants.append(Variant(label, change, rows, part=part, id=name))
    part = "change of Chinese exports to the US, %"
    for _, row in growth("USA").iterrows():
        name, label = f"exports-{row['period']}", row["period"]
        variants.append(Variant(label, row["value"], (row["row"],), row["half_unit"], part=part, id=name))
    return variants


def growth(partner: str) -> pd.DataFrame:
    """Return the stated growth of Chinese exports to a partner from 2024 on, % in USD, a row a year."""
    stated = {"series": "china-customs-growth", "partner": partner, "period": ["2024", "2025"]}
    return most_precise(data.load("us_china_trade", **stated, currency=["USD", "not-stated"]), by=["period"])


def exports_to_russia() -> pd.DataFrame:
    """Chinese exports to Russia by year, bn current USD (Chinese customs).

    The figure of 2021 by direction was not found: it is that of 2023 less the growth since 2021 that customs
    stated.
    """
    where = {"reporter": "CHN", "partner": "RUS", "flow": "exports", "unit": "USD bn", "status": "released"}
    best = _yearly(data.load("trade_china_customs", **where))
    where = {"series": "china-customs-growth", "partner": "RUS", "period": "2021/2023", "precision": "as-stated"}
    stated, end = data.load("us_china_trade", **where), best[best["year"] == 2023]
    if not stated.empty and not end.empty:
        start = float(end["value"].iloc[0] / (1 + stated["value"].iloc[0] / 100))
        row = [2021, start, stated["source"].iloc[0], (*end["rows"].iloc[0], stated["row"].iloc[0])]
        best = pd.concat([best, pd.DataFrame([row], columns=best.columns)])
    return best.sort_values("year").reset_index(drop=True)


def _yearly(frame: pd.DataFrame) -> pd.DataFrame:
    best = most_precise(annual(frame), by=["year"]).assign(rows=lambda f: f["row"].map(lambda r: (r,)))
    return best[["year", "value", "source", "rows"]].sort_values("year").reset_index(drop=True)


def solar_exports(product: str = "solar-cells", partner: str = "RUS") -> pd.DataFrame:
    """Chinese exports of solar cells or panels by whole year, mn current USD (Chinese customs, by Ember)."""
    frame = data.load("tariff_products", series="china-exports-monthly", product=product, partner=partner, unit="USD")
    frame = frame.assign(year=frame["period"].str[:4].astype(int), value=frame["value"] / 1e6)
    whole = frame.groupby("year").filter(lambda months: months["period"].max().endswith("-12"))
    grouped = whole.groupby("year").agg(value=("value", "sum"), source=("source", "first"), rows=("row", tuple))
    return grouped.reset_index()


MEASURES = {
    "all-exports": "all Chinese exports to Russia",
    "cars": "Chinese cars shipped to Russia",
    "car-brands": "share of Chinese car brands",
    "electric-cars": "electric cars sold in Russia",
    "solar-cells": "solar cells shipped to Russia",
}
"""Measures of China's entry into the Russian market and how variants call them; the first decides."""


def entry_measures() -> dict[str, pd.DataFrame]:
    """Measures of China's entry into the Russian market: each a frame of year, value, source and rows."""
    cars = data.load("tariff_products", series="china-exports", product="passenger-cars", partner="RUS", unit="USD bn")
    electric = data.load("tariff_products", series="new-sales", product="electric-vehicles")
    brands = data.load("market_car_sales", series="share", compiler="autostat", origin="CHN", brand="all")
    return {
        "all-exports": exports_to_russia(),
        "cars": _yearly(cars),
        "car-brands": _yearly(brands),
        "electric-cars": _yearly(electric),
        "solar-cells": solar_exports(),
    }


def timing(base_year: int, last_before: int) -> pd.DataFrame:
    """Share of each measure's rise that came after a year, in per cent.

    Returns:
        ``id``, ``measure``, ``base`` and ``peak`` year, ``after`` (per cent), ``rows``, ``source``. A measure that begins
        after the base year counts from its first year (solar cells have a customs code of their own from 2022); one
        without a figure between its base and ``last_before``, or without a rise, is left out.

    """
    lines = []
    for name, frame in entry_measures().items():
        later = frame[frame["year"] >= base_year]
        base = later["year"].min()
        values = later.set_index("year")["value"]
        if not later["year"].between(base + 1, last_before).any() or values.max() <= values[base]:
            continue
        lines.append(
            {
                "id": name,
                "measure": MEASURES[name],
                "base": int(base),
                "peak": int(later.sort_values("value")["year"].iloc[-1]),
                "after": share_of_rise_after(values, base, last_before),
                "rows": tuple(later["rows"].sum()),
                "source": ",".join(dict.fromkeys(later["source"])),
            }
        )
    return pd.DataFrame(lines, columns=["id", "measure", "base", "peak", "after", "rows", "source"])


def _timing_variants(least_share: float, base_years: list[int], last_before: int) -> list[Variant]:
    """Every measure from the first base year; the other base years, and one year more before, on the total alone."""
    variants = []
    part = "most of the entry came after the tariffs"
    first = (base_years[0], last_before)
    newest = exports_to_russia()["year"].max()
    tries = [*((base, last_before) for base in base_years), (base_years[0], last_before + 1)]
    for base, last in tries[: None if newest > last_before + 1 else -1]:
        frame = timing(base, last)
        for _, line in frame[(frame["id"] == next(iter(MEASURES))) | ((base, last) == first)].iterrows():
            label = f"{line['measure']}, {line['base']} to {line['peak']}, {line['after']:.0f} % after {last}"
            main = (base, last) == first and line["id"] == next(iter(MEASURES))
            late, name = bool(line["after"] >= least_share), _id(line["id"], base, "after", last)
            variants.append(Variant(label, late, line["rows"], 0.0, main, part, id=name))
    return variants


def taxed_goods(base_year: int) -> pd.DataFrame:
    """Return what part of Russian purchases is under the new duties: ``id``, ``what``, ``share`` (%), ``rows``.

    Shares in all Chinese exports are those of the years after ``base_year``.
    """
    electric = data.load("tariff_products", series="market-share", product="electric-vehicles").sort_values("period")
    bound = electric["precision"].map({"under": "at most, "}).fillna("")
    electric["what"] = "electric cars in Russian car sales, " + bound + electric["period"]
    electric["id"] = "electric-cars-" + electric["period"]
    other = data.load("tariff_products", series="petrol-share")
    other["what"] = "cars other than petrol shipped to Russia, " + other["period"]
    other["id"], other["value"] = "not-petrol-" + other["period"], 100 - other["value"]
    stated = pd.concat([electric, other])
    stated = stated.assign(share=stated["value"], rows=stated["row"].map(lambda r: (r,)))
    parts = [stated, _in_exports(base_year), _contested()]
    columns = ["id", "what", "share", "rows", "source"]
    return pd.concat([p[columns] for p in parts if not p.empty] or [stated[columns]], ignore_index=True)


def _in_exports(base_year: int) -> pd.DataFrame:
    """Solar goods and chips as shares of all Chinese exports to Russia of the same year, per cent."""
    chips = ["integrated-circuits", "semiconductors"]
    chips = data.load("tariff_products", series="china-exports", partner="RUS", product=chips)
    chips = chips.assign(rows=chips["row"].map(lambda r: (r,)), year=chips["period"].astype(int))
    solar = [solar_exports(p).assign(product=p) for p in ("solar-cells", "solar-panels")]
    sold = pd.concat([chips, *solar], ignore_index=True)[["product", "year", "value", "rows", "source"]]
    sold = sold[sold["year"] > base_year]
    totals = exports_to_russia()[["year", "value", "rows"]]
    both = sold.merge(totals, on="year", suffixes=("", "_total"))
    year = both["year"].astype(str)
    names = both["product"].str.replace("-", " ") + " in Chinese exports to Russia, " + year
    # Goods are in millions, the total in billions.
    share = both["value"] / both["value_total"] / 10
    return both.assign(id=both["product"] + "-" + year, what=names, share=share, rows=both["rows"] + both["rows_total"])


def _contested() -> pd.DataFrame:
    """Electric and plug-in cars as one website counts them, in per cent of vehicles shipped to Russia."""
    claimed = data.load("tariff_products", product="electric-and-plug-in")
    shipped = data.load("market_car_exports", goods="vehicles", measure="units", partner="RUS")
    both = claimed.merge(shipped.drop_duplicates("period"), on="period", suffixes=("", "_shipped"))
    return both.assign(
        id="electric-and-plug-in-one-website",
        what="electric and plug-in cars as one website counts them, " + both["period"].map(_months),
        share=100 * both["value"] / both["value_shipped"],
        rows=pd.Series([*zip(both["row"], both["row_shipped"], strict=True)], dtype=object),
    )


def _months(period: str) -> str:
    return f"{data.period_start(period):%B} to {data.period_end(period):%B %Y}"


def _goods_variants(least_share: float, base_year: int) -> list[Variant]:
    part = "taxed goods weigh in what Russia buys"
    variants: list[Variant] = []
    for _, line in taxed_goods(base_year).iterrows():
        label, weighs = f"{line['what']}: {line['share']:.2g} %", bool(line["share"] >= least_share)
        variants.append(Variant(label, weighs, line["rows"], 0.0, not variants, part, id=line["id"]))
    return variants


NAMES = {
    "WORLD": "all destinations",
    "USA": "the US",
    "ASEAN": "Southeast Asia",
    "EU27": "the EU",
    "AFRICA": "Africa",
    "LATAM": "Latin America",
}


def destinations() -> pd.DataFrame:
    """Growth of Chinese exports by destination, per cent: ``partner``, ``name``, ``period``, ``value``."""
    parts = [growth(partner) for partner in ("RUS", *NAMES)]
    frame = pd.concat([p for p in parts if not p.empty] or parts[:1], ignore_index=True)
    return frame.assign(name=frame["partner"].map({**NAMES, "RUS": "Russia"}))


def _growth_variants() -> list[Variant]:
    part = "exports to Russia then grew faster than others"
    variants = []
    frame = destinations()
    russia = frame[frame["partner"] == "RUS"].set_index("period")
    for _, other in frame[frame["partner"] != "RUS"].sort_values("period", kind="stable").iterrows():
        period = other["period"]
        if period not in russia.index:
            continue
        own, main = russia.loc[period], other["partner"] == "WORLD"
        label = f"{period}, against {other['name']}: {own['value']:g} against {other['value']:g} %"
        faster, rows = bool(own["value"] > other["value"]), (own["row"], other["row"])
        variants.append(Variant(label, faster, rows, 0.0, main, part, id=_id("against", other["partner"], period)))
    pair = data.load("tariff_products", series="china-exports-growth", product="li-ion-batteries").set_index("partner")
    if {"RUS", "WORLD"} <= set(pair.index):
        change, rows = pair["value"], (pair.loc["RUS", "row"], pair.loc["WORLD", "row"])
        against = f"{change['RUS']:g} against {change['WORLD']:g} %"
        label = f"lithium batteries (pieces), {_months(pair.loc['RUS', 'period'])}: {against}"
        faster = bool(change["RUS"] > change["WORLD"])
        variants.append(Variant(label, faster, rows, part=part, id="lithium-batteries"))
    return variants + _earlier_round()


EARLIER_ROUND = ("2017", "2019")
"""The whole years before and after the first rounds of US duties, of July 2018 and later."""


def _earlier_round() -> list[Variant]:
    """Compare growth to Russia and to the world over the duties of 2018 (IMF)."""
    frame = data.load("trade_imf_dots", reporter="CHN", flow="exports", period=list(EARLIER_ROUND))
    pair = frame[frame["partner"].isin(["RUS", "WORLD"])].pivot(index="period", columns="partner")
    if pair["value"].size != 4 or pair["value"].isna().any(axis=None):
        return []
    before, after = (pair["value"].loc[year] for year in EARLIER_ROUND)
    own, other = (100 * (after[partner] / before[partner] - 1) for partner in ("RUS", "WORLD"))
    label = f"duties of 2018, change from 2017 to 2019: {own:.1f} against {other:.1f} %"
    rows, part = (*pair["row"]["RUS"], *pair["row"]["WORLD"]), "exports to Russia then grew faster than others"
    return [Variant(label, bool(own > other), rows, part=part, id="duties-of-2018")]


def entry_through_tariffs(
    least_after: float, least_share: float, base_years: list[int], last_before: int
) -> list[Variant]:
    """Whether what must hold if the tariffs opened the Russian market does hold, by part.

    The entry must come after them (at least ``least_after`` per cent of its rise since the base year after the year
    ``last_before``), in goods that they tax (at least ``least_share`` per cent of what Russia buys), and exports to Russia must
    then outgrow those to others. The first base year decides.
    """
    return [
        *_timing_variants(least_after, base_years, last_before),
        *_goods_variants(least_share, base_years[0]),
        *_growth_variants(),
    ]
