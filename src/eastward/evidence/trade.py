"""Observed quantities for the claims on trade: C07 to C13."""

from __future__ import annotations

import pandas as pd

from eastward import data
from eastward.evidence import Variant
from eastward.methods.trade import annual, most_precise, rank, turnover

PARTNER_COUNTRIES = (
    "BLR", "CHN", "DEU", "FIN", "FRA", "GBR", "IND", "ITA", "JPN", "KAZ", "KOR", "NLD", "POL", "TUR", "UKR", "USA",
)  # fmt: skip
"""Partner countries of Russia whose trade the IMF workbook gives in the data package."""


ROUNDED = 0.05
"""Half a unit of the last digit, in bn USD, above which a total gives way to the sum of its flows."""


SPEAKERS = {"putin": "Putin", "russian-customs-official": "Russian customs official"}
STATISTICS = {"CHN": ", citing Chinese data", "RUS": ", Russian side's figure"}
"""How readers are told whose statistics a statement gives; targets are left out."""


def china_turnover() -> pd.DataFrame:
    """China–Russia turnover by Chinese customs, a row a year, in bn current USD.

    The first release with the most digits serves. Where no relay of a total was found, or only one rounded to more than
    ``ROUNDED``, the two flows are added. Figures converted from yuan by a news page are left out.
    """
    best = most_precise(annual(data.load("trade_china_customs", unit="USD bn", status="released")), by=["flow", "year"])
    totals = best[best["flow"] == "turnover"].assign(rows=lambda f: f["row"].map(lambda r: (r,)))
    sums = turnover(best)
    sums["year"] = sums["period"].astype(int)
    columns = ["year", "value", "half_unit", "rows"]
    exact = sums[
        sums["year"].isin(totals.loc[totals["half_unit"] > ROUNDED, "year"]) | ~sums["year"].isin(totals["year"])
    ]
    kept = totals[~totals["year"].isin(exact["year"])]
    return pd.concat([kept[columns], exact[columns]]).sort_values("year").reset_index(drop=True)


def russian_side_turnover() -> pd.DataFrame:
    """Russia–China turnover as the Russian side states it, a row a year, in bn current USD.

    Russian customs to 2021, then the president's statements that name the Russian side's statistics.
    """
    customs = data.load("trade_russian_customs", partner="CHN", flow="turnover", unit="USD bn")
    stated = data.load("trade_statements", series="putin", unit="USD bn", statistics="RUS")
    flows = data.load("trade_russian_customs", partner="CHN", flow=["exports", "imports"], unit="USD bn")
    sums = turnover(annual(flows)).assign(known=pd.NaT)
    together = pd.concat([annual(customs), annual(stated)])
    together = together.assign(rows=together["row"].map(lambda r: (r,)))
    sums["year"] = sums["period"].astype(int)
    columns = ["year", "value", "half_unit", "rows", "known"]
    return most_precise(pd.concat([together[columns], sums[columns]], ignore_index=True), by=["year"])[columns[:4]]


def _one(frame: pd.DataFrame, year: int) -> pd.Series | None:
    found = frame[frame["year"] == year]
    return None if found.empty else found.iloc[0]


def turnover_in_year(year: int) -> list[Variant]:
    """China–Russia turnover of one year in bn current USD, by compiler and relay."""
    variants = []
    best = _one(china_turnover(), year)
    if best is not None:
        value, error = float(best["value"]), float(best["half_unit"])
        variants.append(Variant("Chinese customs", value, best["rows"], error, preferred=True, id="chinese-customs"))
    flows = data.load("trade_china_customs", unit="USD bn", period=str(year), status="released")
    for _, row in turnover(most_precise(flows, by=["flow", "period"])).iterrows():
        label, value, error = "Chinese customs, exports plus imports", float(row["value"]), float(row["half_unit"])
        variants.append(Variant(label, value, row["rows"], error, id="chinese-customs-flows"))
    stated = data.load("trade_statements", period=str(year), unit="USD bn", statistics=list(STATISTICS))
    for _, row in stated.drop_duplicates(subset=["series", "value"]).iterrows():
        label = f"{SPEAKERS[row['series']]}{STATISTICS[row['statistics']]} ({row['value']:g})"
        checked, name = row["statistics"] == "CHN", f"{row['series']}-{row['value']:g}"
        variants.append(Variant(label, row["value"], (row["row"],), row["half_unit"], independent=checked, id=name))
    return variants


def russia_partners(year: int) -> pd.DataFrame:
    """Russia's turnover with its large partner countries in one year, ranked, in bn current USD.

    Russian reports (IMF) where the year has them, else the partners' own figures (mirror statistics): ``compiler`` says which.
    """
    reports = data.load("trade_imf_dots", reporter="RUS", partner=list(PARTNER_COUNTRIES), period=str(year))
    if not reports.empty:
        return rank(turnover(reports)).sort_values("rank").assign(compiler="Russian reports (IMF)")
    mirror = data.load("trade_mirror", series="ria-mirror", period=str(year))
    mirror = most_precise(mirror, by=["partner"])
    ranked = rank(mirror.assign(rows=mirror["row"].map(lambda r: (r,)))).sort_values("rank")
    return ranked.assign(compiler="partners' figures")


def rank_of_china() -> list[Variant]:
    """Rank of China among Russia's partners by turnover, by year, source and the treatment of the EU."""
    variants: list[Variant] = []
    for year in (2023, 2020):
        partners = russia_partners(year)
        if partners.empty:
            continue
        china = partners[partners["partner"] == "CHN"].iloc[0]
        label = f"countries, {year}, {partners['compiler'].iloc[0]}"
        rows = tuple(row for ids in partners["rows"] for row in ids)
        variants.append(Variant(label, int(china["rank"]), rows, preferred=not variants, id=f"countries-{year}"))
    bloc = data.load("trade_imf_dots", reporter="RUS", partner=["EU27", "CHN"], period="2020")
    ranked = rank(turnover(bloc))
    for _, row in ranked[ranked["partner"] == "CHN"].iterrows():
        rows = tuple(i for ids in ranked["rows"] for i in ids)
        variants.append(
            Variant("the EU counted as one partner, 2020 (IMF)", int(row["rank"]), rows, id="eu-as-one-2020")
        )
    variants += _rank_with_bloc(2023)
    stated = data.load("trade_ranks", reporter="RUS", partner="CHN")
    for _, row in stated[stated["period"] >= "2018"].iterrows():
        label = f"stated rank, {row['period']} ({row['source']})"
        variants.append(Variant(label, int(row["value"]), (row["row"],), id=f"stated-{row['period']}-{row['source']}"))
    return variants


def _rank_with_bloc(year: int) -> list[Variant]:
    """Rank of China in a year for which the EU's side is known only in euro: both turnovers in dollars."""
    rates = data.load("exchange_rates", series="usd-eur", period=str(year))
    union = eu_trade()
    union = union[union["year"] == year]
    china = _one(china_turnover(), year)
    if rates.empty or len(union) < 2 or china is None:
        return []
    dollars = union["value"].sum() / rates["value"].iloc[0]
    rows = (*china["rows"], *union["row"], *rates["row"])
    label, place = f"the EU counted as one partner, {year} (Eurostat, GACC)", 1 + int(dollars > china["value"])
    return [Variant(label, place, rows, id=f"eu-as-one-{year}")]


MIRROR = {"exports": "imports", "imports": "exports"}
"""What one side's flow is to the other side."""


def eu_trade() -> pd.DataFrame:
    """EU27 trade with Russia by Eurostat, one row a year and flow, in bn current EUR (constant 27 members)."""
    rows = annual(data.load("trade_eurostat", reporter="EU27", partner="RUS", flow=["exports", "imports"]))
    return most_precise(rows, by=["flow", "year"])


def eu_trade_ratio(year: int, base_year: int) -> list[Variant]:
    """EU–Russia trade of a year over that of each base year, by flow and compiler (a ratio).

    The change from ``base_year`` decides; where the full years were not yet public, that of eleven months does.
    """
    variants = []
    names = {"imports": "EU imports from Russia", "exports": "EU exports to Russia"}
    trade = eu_trade()
    for flow, part in names.items():
        of_flow = trade[trade["flow"] == flow]
        new = _one(of_flow, year)
        for base in sorted(set(of_flow["year"]) & {2012, 2013, 2019, base_year, 2022} - {year}):
            if new is None:
                break
            old = of_flow[of_flow["year"] == base].iloc[0]
            label = f"{base} to {year}, Eurostat"
            variants.append(_ratio(f"{flow}-{base}", label, new, old, base == base_year, part))
        months = f"{year}-01/{year}-11", f"{year - 1}-01/{year - 1}-11"
        part_years = data.load("trade_eurostat", reporter="EU27", partner="RUS", flow=flow, period=list(months))
        pair = most_precise(part_years, by=["period"]).set_index("period", drop=False)
        if set(pair.index) == set(months):
            label = f"{year - 1} to {year}, January to November, Eurostat"
            pair = pair.loc[list(months)]
            variants.append(_ratio(f"{flow}-eleven-months", label, pair.iloc[0], pair.iloc[1], new is None, part))
    changes = data.load("trade_russian_customs_growth", partner="EUROPE", period=str(year))
    for _, row in changes.drop_duplicates(subset=["flow"]).iterrows():
        flow = MIRROR[row["flow"]]
        label, left, error = (
            f"{year - 1} to {year}, Russian customs, all Europe",
            1 + row["value"] / 100,
            row["half_unit"] / 100,
        )
        variants.append(Variant(label, left, (row["row"],), error, part=names[flow], id=f"{flow}-russian-customs"))
    return variants


def _ratio(id: str, label: str, new: pd.Series, old: pd.Series, preferred: bool, part: str) -> Variant:
    """Ratio of two figures with the rounding error that both carry."""
    ratio = float(new["value"] / old["value"])
    error = ratio * float(new["half_unit"] / new["value"] + old["half_unit"] / old["value"])
    return Variant(label, ratio, (new["row"], old["row"]), error, preferred, part, id=id)


def exports_to_region(region: str, year: int) -> list[Variant]:
    """Russian goods exports to a customs region in one year, bn current USD, by each relay and by subtraction."""
    exports = data.load("trade_russian_customs", flow="exports", period=str(year), unit="USD bn")
    relays = exports[exports["partner"] == region].sort_values(["known", "source"])
    variants = [
        Variant(
            f"Russian customs, relay {row['source']}",
            row["value"],
            (row["row"],),
            row["half_unit"],
            i == 0,
            id=row["source"],
        )
        for i, (_, row) in enumerate(relays.iterrows())
    ]
    others = {"EUROPE", "ASIA", "AFRICA", "AMERICAS"} - {region}
    parts = most_precise(exports[exports["partner"].isin([*others, "WORLD"])], by=["partner"])
    if set(parts["partner"]) == {*others, "WORLD"}:
        sign = parts["partner"].map(lambda p: 1 if p == "WORLD" else -1)
        rest = float((sign * parts["value"]).sum())
        label = "total less the other regions"
        variants.append(Variant(label, rest, tuple(parts["row"]), float(parts["half_unit"].sum()), id="subtraction"))
    return variants


def asia_to_europe(year: int) -> list[Variant]:
    """Russian exports to Asia over those to Europe in one year (a ratio), by definition of Asia and span."""
    exports = most_precise(data.load("trade_russian_customs", flow="exports", unit="USD bn"), by=["partner", "period"])
    variants: list[Variant] = []
    spans = {
        "all-asia": (str(year), "all Asia"),
        "all-asia-nine-months": (f"{year}-01/{year}-09", "all Asia, January to September"),
    }
    for name, (period, label) in spans.items():
        pair = exports[(exports["period"] == period) & exports["partner"].isin(["ASIA", "EUROPE"])].set_index("partner")
        if len(pair) == 2:
            ratio = float(pair.loc["ASIA", "value"] / pair.loc["EUROPE", "value"])
            full = f"{label}, Russian customs"
            variants.append(Variant(full, ratio, tuple(pair["row"]), preferred=not variants, id=name))
    whole = exports[exports["period"] == str(year)].set_index("partner")
    if not {"ASIA", "EUROPE"} <= set(whole.index):
        return variants
    europe = whole.loc["EUROPE"]
    turkey = data.load("trade_mirror", series="turkey", flow="imports", period=str(year))
    for _, row in turkey.sort_values("known").tail(1).iterrows():
        ratio = float((whole.loc["ASIA", "value"] - row["value"]) / (europe["value"] + row["value"]))
        label = "Turkey counted with Europe"
        rows = (whole.loc["ASIA", "row"], europe["row"], row["row"])
        variants.append(Variant(label, ratio, rows, id="turkey-with-europe"))
    china = annual(data.load("trade_china_customs", flow="imports", period=str(year), unit="USD bn"))
    if not china.empty:
        row = most_precise(china, by=["period"]).iloc[0]
        label = "China alone (Chinese customs) against Europe"
        ratio = float(row["value"] / europe["value"])
        variants.append(Variant(label, ratio, (row["row"], europe["row"]), id="china-alone"))
    return variants


MEASURES = {
    "usd": ("current dollars", None),
    "cny": ("yuan", ("exchange_rates", "usd-cny", "convert")),
    "rub": ("rubles", ("exchange_rates", "usd-rub", "convert")),
    "us-cpi": ("constant dollars, US consumer prices", ("price_indices", "us-cpi-u", "deflate")),
    "us-import-prices": ("constant dollars, US import prices", ("price_indices", "us-import-price", "deflate")),
    "us-import-prices-china": (
        "constant dollars, US import prices from China",
        ("price_indices", "us-import-price-china", "deflate"),
    ),
}
"""Currencies and deflators in which the growth of turnover is measured: label, and table, series and what is done with it."""


def _index(table: str, series: str) -> pd.DataFrame:
    rows = annual(data.load(table, series=series))
    return rows.drop_duplicates(subset=["year"]).set_index("year")


def _factor(series: tuple[str, str, str] | None, year: int, base: int) -> tuple[float, tuple[str, ...]] | None:
    """Return by what a ratio of dollars is multiplied, and the rows behind it; nothing where a year is missing."""
    if series is None:
        return 1.0, ()
    index = _index(*series[:2])
    if not {year, base} <= set(index.index):
        return None
    change = float(index.loc[year, "value"] / index.loc[base, "value"])
    return change if series[2] == "convert" else 1 / change, (index.loc[base, "row"], index.loc[year, "row"])


def growth_of_turnover(year: int, base_years: list[int]) -> list[Variant]:
    """Turnover of a year over that of each base year (a ratio), by compiler, currency and deflator.

    The first base year decides, by Chinese customs in current dollars.
    """
    variants = []
    compilers = {
        "chinese-customs": ("Chinese customs", china_turnover()),
        "russian-side": ("Russian side", russian_side_turnover()),
    }
    for name, (compiler, frame) in compilers.items():
        new = _one(frame, year)
        for base in base_years:
            old = _one(frame, base)
            if new is None or old is None:
                continue
            for measure, (label, series) in MEASURES.items():
                if (found := _factor(series, year, base)) is None:
                    continue
                factor, extra = found
                ratio = float(new["value"] / old["value"] * factor)
                error = ratio * float(new["half_unit"] / new["value"] + old["half_unit"] / old["value"])
                preferred = (name, measure, base) == ("chinese-customs", "usd", base_years[0])
                label = f"{compiler}, base {base}, {label}"
                rows = (*old["rows"], *new["rows"], *extra)
                variants.append(Variant(label, ratio, rows, error, preferred, id=f"{name}-{base}-{measure}"))
    return variants


def last_year_eu_led() -> int:
    """Last year in which Russia's turnover with the EU27 (Eurostat, in dollars at the year's rate) exceeded that with China."""
    union = eu_trade()
    both = union.groupby("year").filter(lambda part: len(part) == 2).groupby("year")["value"].sum()
    rates = annual(data.load("exchange_rates", series="usd-eur")).set_index("year")["value"]
    dollars = (both / rates).dropna()
    china = china_turnover().set_index("year")["value"].reindex(dollars.index)
    return int(dollars.index[dollars > china].max())
