"""Observed quantities for the claims on the US tariffs of May 2024: C20 to C22 and C37."""

import pandas as pd

from eastward import data
from eastward.evidence import Variant, each, turn_east
from eastward.methods.tariffs import change_on_the_year, rates, share_of_rise_after
from eastward.methods.trade import annual, most_precise, with_rows

ITEMS = {
    "electric vehicles": "electric-vehicles", "batteries": "batteries", "solar cells": "solar-cells",
    "steel": "steel-and-aluminium", "aluminium": "steel-and-aluminium", "medical goods": "medical-goods",
}  # fmt: skip
"""The goods that the op-ed names, and the item of ``tariff_rates`` that holds their product groups."""

LISTS = {"announced-2024-05": "announced list", "final-2024-09": "final list"}
"""The list of 14 May 2024 and the one that came into force, and how variants call them."""


@data.kept
def tariff_list(name: str, report: str) -> pd.DataFrame:
    """Return a list of increases as one kind of source reports it, a row a group and step: old and new duty in per cent."""
    series = ["old-rate-min", "old-rate-max", "new-rate"]
    return rates(data.load("tariff_rates", list=name, report=report, series=series, entity="USA"))


def raised_goods(report: str) -> list[Variant]:
    """Whether each good that the op-ed names is on the list above its old duty, by list and report; ``report`` decides.

    All reports of one list relay one decision, which is one piece of evidence.
    """
    variants = []
    known = data.load("tariff_rates", list=list(LISTS), series="new-rate").dropna(subset="report")
    for name, by in sorted({*zip(known["list"], known["report"], strict=True)}):
        groups, label = dict(iter(tariff_list(name, by).groupby("item"))), f"{LISTS[name]}, {by}".replace("-", " ")
        for good, item in ITEMS.items():
            if item in groups:
                raised, rows = bool(groups[item]["raised"].all()), sum(groups[item]["rows"], ())
                rests = {"part": good, "evidence": name, "id": f"{good}-{by}".replace(" ", "-")}
                variants.append(Variant(label, raised, rows, preferred=by == report, **rests))
    return variants


def monthly_us_imports(vintage: str) -> pd.DataFrame:
    """US goods imports from China by month, bn current USD, indexed by month (Census, customs basis), in one vintage."""
    frame = data.load("us_china_trade", series="us-census-monthly", flow="imports", vintage=vintage)
    return frame.set_index("period", drop=False).sort_index()


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


TAXED, IN_RETURN = "trade that the US taxes", "trade taxed in return"
"""The two ways in which duties can hurt trade: parts of the claim C21."""

EFFECTS = {
    "section-301-imports": (TAXED, "USITC, 2018 to 2021"),
    "targeted-us-imports": (TAXED, "effect of 2018 (Fajgelbaum and others)"),
    "imports-25-percent-lists": (TAXED, "goods under 25 per cent in 2022 (Bown)"),
    "targeted-us-exports": (IN_RETURN, "effect of 2018 (Fajgelbaum and others)"),
}
"""Published effects of the duties of 2018 on the trade they tax, the part each measures, and how variants call them."""


def window(opening: str, shift: int, length: int | str) -> list[str]:
    """Months of a span, as ``YYYY-MM``; none where its events were not yet known.

    The event ``opening`` opens it, ``shift`` months later, so that duties of a month's last days count from the next; it
    lasts ``length`` months, or to the month before that of the event so named.
    """
    month = data.load("tariff_events").set_index("event")["date"].map(lambda day: pd.Period(day[:7], "M"))
    if opening not in month.index or (isinstance(length, str) and length not in month.index):
        return []
    first = month[opening] + shift
    last = first + length - 1 if isinstance(length, int) else month[length] - 1
    return list(pd.period_range(first, last, freq="M").astype(str))


def harm(
    months: str, years: str, until: tuple[int, int], windows: dict[str, tuple[str, int, int | str]]
) -> list[Variant]:
    """By how much such duties changed the trade they tax, and how trade moved after the announcement, per cent, by part.

    Published effects of the duties of 2018 decide, one a part: what the US taxes, and what is taxed in return. What followed
    is told by US imports over the ``windows`` (Census, in the vintage ``months``) and by exports both ways by year (vintage
    ``years``, for the first and last year of ``until``, before other duties came).
    """
    variants: list[Variant] = []
    stated = data.load("tariff_estimates", series=list(EFFECTS)).set_index("series", drop=False)
    for _, row in stated.reindex([name for name in EFFECTS if name in stated.index]).iterrows():
        part, label = EFFECTS[row["series"]]
        first = part not in {v.part for v in variants}
        rests = {"part": part, "evidence": row["source"], "id": row["series"]}
        variants.append(Variant(label, row["value"], (row["row"],), preferred=first, **rests))
    imports = monthly_us_imports(months)
    for name, (opening, shift, length) in windows.items():
        span = window(opening, shift, length)
        before = [str(pd.Period(month) - 12) for month in span]
        if span and {*span, *before} <= set(imports.index):
            rows = tuple(imports.loc[imports.index.isin([*before, *span]), "row"])
            change = change_on_the_year(imports["value"], span[0], span[-1])
            label = f"all US imports from China, {_months(f'{span[0]}/{span[-1]}')}"
            variants.append(Variant(label, change, rows, part=TAXED, evidence="us-census-imports", id=name))
    sold = annual(data.load("us_china_trade", series="us-census", partner="CHN", flow="exports", vintage=years))
    sold = sold.set_index("year").sort_index()
    for year in sold.index[(sold.index >= until[0]) & (sold.index <= until[1])]:
        change, rows = 100 * (sold["value"][year] / sold["value"][year - 1] - 1), (*sold["row"].loc[year - 1 : year],)
        rests = {"part": IN_RETURN, "evidence": "us-census-exports", "id": f"us-exports-{year}"}
        variants.append(Variant(f"all US exports to China, {year}", change, rows, **rests))
    stated = growth("USA", until[0])
    stated, label = stated[stated["year"] <= until[1]], "all Chinese exports to the US, {period}"
    return variants + each(stated, label, "value", "exports-{period}", "china-customs", TAXED, rounded=True)


@data.kept
def growth(partner: str, since: int) -> pd.DataFrame:
    """Return the stated growth of Chinese exports to a partner from a year on, % in USD, a row a year."""
    stated = annual(data.load("us_china_trade", series="china-customs-growth", partner=partner, currency="USD"))
    return most_precise(stated[stated["year"] >= since], by=["period"])


def _yearly(frame: pd.DataFrame) -> pd.DataFrame:
    best = with_rows(most_precise(annual(frame), by=["year"]))
    return best[["year", "value", "rows"]].sort_values("year").reset_index(drop=True)


@data.kept
def sold_to_russia() -> pd.DataFrame:
    """Chinese exports to Russia by year, bn current USD: what ``turn_east.trade_with_china`` has as Russian imports."""
    sold = turn_east.trade_with_china()[["imports", "imports_rows"]].dropna()
    return sold.set_axis(["value", "rows"], axis=1).reset_index()


@data.kept
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
    """Measures of China's entry into the Russian market: each a frame of year, value and rows."""
    cars = data.load("tariff_products", series="china-exports", product="passenger-cars", partner="RUS", unit="USD bn")
    electric = data.load("tariff_products", series="new-sales", product="electric-vehicles")
    brands = data.load("market_car_sales", series="share", compiler="autostat", origin="CHN", brand="all")
    return {
        "all-exports": sold_to_russia(),
        "cars": _yearly(cars),
        "car-brands": _yearly(brands),
        "electric-cars": _yearly(electric),
        "solar-cells": solar_exports(),
    }


@data.kept
def timing(base_year: int, last_before: int) -> pd.DataFrame:
    """Share of each measure's rise that came after a year: ``id``, ``measure``, ``base`` and ``peak`` year, ``after``
    (per cent), ``rows``. One that begins after the base year counts from its first year (solar cells have a customs
    code of their own from 2022); one without a figure between its base and ``last_before``, or without a rise, is left
    out.
    """
    lines = []
    for name, frame in entry_measures().items():
        later = frame[frame["year"] >= base_year]
        base = later["year"].min()
        values = later.set_index("year")["value"]
        if not later["year"].between(base + 1, last_before).any() or values.max() <= values[base]:
            continue
        peak, after = later.sort_values("value")["year"].iloc[-1], share_of_rise_after(values, base, last_before)
        lines.append((name, MEASURES[name], int(base), int(peak), after, sum(later["rows"], ())))
    return pd.DataFrame(lines, columns=["id", "measure", "base", "peak", "after", "rows"])


@data.kept
def _timing_variants(least_share: float, base_years: list[int], last_before: int) -> list[Variant]:
    """Every measure from the first base year; the other base years, and one year more before, on the total alone."""
    variants: list[Variant] = []
    part = "most of the entry came after the tariffs"
    first = (base_years[0], last_before)
    newest = sold_to_russia()["year"].max()
    tries = [*((base, last_before) for base in base_years), (base_years[0], last_before + 1)]
    for base, last in tries[: None if newest > last_before + 1 else -1]:
        frame = timing(base, last)
        frame = frame if (base, last) == first else frame[frame["id"] == next(iter(MEASURES))]
        label, name = f"{{measure}}, {{base}} to {{peak}}, {{after:.0f}} % after {last}", f"{{id}}-{base}-after-{last}"
        main = (frame["id"] == next(iter(MEASURES))) & ((base, last) == first)
        variants += each(frame, label, frame["after"] >= least_share, name, "{id}", part, main)
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
    stated = with_rows(stated).assign(share=stated["value"])
    columns = ["id", "what", "share", "rows"]
    parts = [p[columns] for p in (stated, _in_exports(base_year)) if not p.empty]
    return pd.concat(parts or [stated[columns]], ignore_index=True)


def _in_exports(base_year: int) -> pd.DataFrame:
    """Solar goods and chips as shares of all Chinese exports to Russia of the same year, per cent."""
    chips = data.load("tariff_products", series="china-exports", partner="RUS", product="integrated-circuits")
    chips = with_rows(annual(chips))
    solar = [solar_exports(p).assign(product=p) for p in ("solar-cells", "solar-panels")]
    sold = pd.concat([chips, *solar], ignore_index=True)[["product", "year", "value", "rows"]]
    sold = sold[sold["year"] > base_year]
    both = sold.merge(sold_to_russia(), on="year", suffixes=("", "_total"))
    year = both["year"].astype(str)
    names = both["product"].str.replace("-", " ") + " in Chinese exports to Russia, " + year
    # Goods are in millions, the total in billions.
    share = both["value"] / both["value_total"] / 10
    return both.assign(id=both["product"] + "-" + year, what=names, share=share, rows=both["rows"] + both["rows_total"])


def _months(period: str) -> str:
    return f"{data.period_start(period):%B %Y} to {data.period_end(period):%B %Y}"


NAMES = {
    "WORLD": "all destinations", "USA": "the US", "ASEAN": "Southeast Asia", "EU27": "the EU", "AFRICA": "Africa",
    "LATAM": "Latin America",
}  # fmt: skip


def destinations(since: int) -> pd.DataFrame:
    """Growth of Chinese exports by destination, per cent in USD: ``partner``, ``name``, ``period``, ``value``."""
    parts = [growth(partner, since) for partner in ("RUS", *NAMES)]
    frame = pd.concat([p for p in parts if not p.empty] or parts[:1], ignore_index=True)
    return frame.assign(name=frame["partner"].map({**NAMES, "RUS": "Russia"}))


@data.kept
def _growth_variants(since: int, earlier: list[str]) -> list[Variant]:
    part = "exports to Russia then grew faster than others"
    frame = destinations(since).sort_values("period", kind="stable")
    russia = frame.loc[frame["partner"] == "RUS", ["period", "value", "row"]]
    pairs = frame[frame["partner"] != "RUS"].merge(russia, on="period", suffixes=("", "_own"))
    pairs = with_rows(pairs, "row_own", "row").assign(code=pairs["partner"].str.lower())
    label, faster = "{period}, against {name}: {value_own:g} against {value:g} %", pairs["value_own"] > pairs["value"]
    id, main = "against-{code}-{period}", pairs["partner"] == "WORLD"
    variants = each(pairs, label, faster, id, "china-customs-{period}", part, main)
    pair = data.load("tariff_products", series="china-exports-growth", product="li-ion-batteries").set_index("partner")
    if {"RUS", "WORLD"} <= set(pair.index):
        change, rows = pair["value"], (pair["row"]["RUS"], pair["row"]["WORLD"])
        against = f"{change['RUS']:g} against {change['WORLD']:g} %"
        label = f"lithium batteries (pieces), {_months(pair['period']['RUS'])}: {against}"
        variants.append(Variant(label, bool(change["RUS"] > change["WORLD"]), rows, part=part, id="lithium-batteries"))
    return variants + _earlier_round(part, earlier)


def _earlier_round(part: str, years: list[str]) -> list[Variant]:
    """Compare growth to Russia and to the world over the duties of 2018 (IMF), between two whole years."""
    frame = data.load("trade_imf_dots", reporter="CHN", flow="exports", period=years)
    pair = frame[frame["partner"].isin(["RUS", "WORLD"])].pivot(index="period", columns="partner")
    if pair["value"].size != 4 or pair["value"].isna().to_numpy().any():
        return []
    before, after = (pair["value"].loc[year] for year in years)
    own, other = (100 * (after[partner] / before[partner] - 1) for partner in ("RUS", "WORLD"))
    label = f"duties of 2018, change from {' to '.join(years)}: {own:.1f} against {other:.1f} %"
    rows = (*pair["row"]["RUS"], *pair["row"]["WORLD"])
    return [Variant(label, bool(own > other), rows, part=part, id="duties-of-2018")]


def entry_through_tariffs(
    least_after: float, least_share: float, base_years: list[int], last_before: int, earlier: list[str]
) -> list[Variant]:
    """Whether what must hold if the tariffs opened the Russian market does hold, by part; nothing before they are in force.

    The entry must come after them (at least ``least_after`` per cent of its rise since the base year after the year
    ``last_before``), in goods that they tax (at least ``least_share`` per cent of what Russia buys), and exports to Russia must
    then outgrow those to others. The first base year decides; ``earlier`` are the years around the duties of 2018.
    """
    start = data.load("tariff_events", event="in-force")["date"]
    if start.empty or data.period_start(start.iloc[0]) > data.day():
        return []
    goods, part = taxed_goods(base_years[0]), "taxed goods weigh in what Russia buys"
    return [
        *_timing_variants(least_after, base_years, last_before),
        *each(goods, "{what}: {share:.2g} %", goods["share"] >= least_share, "{id}", part=part, decides=True),
        *_growth_variants(last_before + 1, earlier),
    ]
