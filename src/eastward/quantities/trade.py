"""Observed quantities for the claims on trade: C07 to C13."""

from __future__ import annotations

from datetime import date

import pandas as pd

from eastward import data
from eastward.indicators.trade import annual, most_precise, rank, turnover
from eastward.quantities import Variant

PARTNER_COUNTRIES = (
    "BLR", "CHN", "DEU", "FIN", "FRA", "GBR", "IND", "ITA", "JPN", "KAZ", "KOR", "NLD", "POL", "TUR", "UKR", "USA",
)  # fmt: skip
"""Partner countries of Russia whose trade the IMF workbook gives in the data package."""


def china_turnover(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """China–Russia turnover by Chinese customs, a row a year, in bn current USD.

    The first release with the most digits serves; where no relay of a total was found, the two flows are added. Totals
    that a news page converted from yuan at a later rate (2015) are left out: their own note says so.
    """
    annual_rows = annual(data.load("trade_china_customs", as_of, unit="USD bn"))
    annual_rows = annual_rows[~annual_rows["note"].fillna("").str.contains("conversion of the yuan")]
    best = most_precise(annual_rows, by=["flow", "year"])
    totals = best[best["flow"] == "turnover"].assign(rows=lambda f: f["row"].map(lambda r: (r,)))
    sums = turnover(best)
    sums["year"] = sums["period"].astype(int)
    columns = ["year", "value", "half_unit", "rows"]
    exact = sums[sums["year"].isin(totals.loc[totals["half_unit"] > 0.05, "year"]) | ~sums["year"].isin(totals["year"])]
    kept = totals[~totals["year"].isin(exact["year"])]
    return pd.concat([kept[columns], exact[columns]]).sort_values("year").reset_index(drop=True)


def russian_side_turnover(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Russia–China turnover as the Russian side states it, a row a year, in bn current USD.

    Russian customs to 2021, then the president's statements that name the Russian side's statistics.
    """
    customs = data.load("trade_russian_customs", as_of, partner="CHN", flow="turnover", unit="USD bn")
    stated = data.load("trade_statements", as_of, series="putin", unit="USD bn")
    stated = stated[~((stated["period"] == "2023") & (stated["value"] == 240))]
    flows = data.load("trade_russian_customs", as_of, partner="CHN", flow=["exports", "imports"], unit="USD bn")
    sums = turnover(annual(flows)).assign(known=pd.NaT)
    together = pd.concat([annual(customs), annual(stated)])
    together = together.assign(rows=together["row"].map(lambda r: (r,)))
    sums["year"] = sums["period"].astype(int)
    columns = ["year", "value", "half_unit", "rows", "known"]
    return most_precise(pd.concat([together[columns], sums[columns]], ignore_index=True), by=["year"])[columns[:4]]


def _one(frame: pd.DataFrame, year: int) -> pd.Series | None:
    found = frame[frame["year"] == year]
    return None if found.empty else found.iloc[0]


def turnover_in_year(as_of: date, year: int) -> list[Variant]:
    """China–Russia turnover of one year in bn current USD, by compiler and relay."""
    variants = []
    best = _one(china_turnover(as_of), year)
    if best is not None:
        variants.append(
            Variant("Chinese customs", float(best["value"]), best["rows"], float(best["half_unit"]), preferred=True)
        )
    flows = most_precise(
        annual(data.load("trade_china_customs", as_of, unit="USD bn", period=str(year))), by=["flow", "period"]
    )
    for _, row in turnover(flows).iterrows():
        label = "Chinese customs, exports plus imports"
        variants.append(Variant(label, float(row["value"]), row["rows"], float(row["half_unit"])))
    stated = data.load("trade_statements", as_of, period=str(year), unit="USD bn")
    stated = stated[stated["series"] != "target"].drop_duplicates(subset=["series", "value"])
    for _, row in stated.iterrows():
        who = "Putin" if row["series"] == "putin" else "Russian customs official"
        cites = ", citing Chinese data" if row["value"] == 240 else ", Russian side's figure"
        label = f"{who}{cites} ({row['value']:g})"
        variants.append(Variant(label, row["value"], (row["row"],), row["half_unit"], independent=row["value"] == 240))
    return variants


def russia_partners(as_of: date, year: int) -> pd.DataFrame:
    """Russia's turnover with its large partner countries in one year, ranked, in bn current USD.

    Russian reports (IMF) where the year has them, else the partners' own figures (mirror statistics).
    """
    reports = data.load("trade_imf_dots", as_of, reporter="RUS", partner=list(PARTNER_COUNTRIES), period=str(year))
    if not reports.empty:
        return rank(turnover(reports)).sort_values("rank")
    mirror = data.load("trade_mirror", as_of, series="ria-mirror", period=str(year))
    mirror = most_precise(mirror, by=["partner"])
    return rank(mirror.assign(rows=mirror["row"].map(lambda r: (r,)))).sort_values("rank")


def rank_of_china(as_of: date) -> list[Variant]:
    """Rank of China among Russia's partners by turnover, by year, source and the treatment of the EU."""
    variants: list[Variant] = []
    for year in (2023, 2020):
        partners = russia_partners(as_of, year)
        if partners.empty:
            continue
        china = partners[partners["partner"] == "CHN"].iloc[0]
        compiler = "partners' figures" if year == 2023 else "Russian reports (IMF)"
        label = f"countries, {year}, {compiler}"
        rows = tuple(row for ids in partners["rows"] for row in ids)
        variants.append(Variant(label, int(china["rank"]), rows, preferred=not variants))
    bloc = data.load("trade_imf_dots", as_of, reporter="RUS", partner=["EU27", "CHN"], period="2020")
    ranked = rank(turnover(bloc))
    for _, row in ranked[ranked["partner"] == "CHN"].iterrows():
        rows = tuple(i for ids in ranked["rows"] for i in ids)
        variants.append(Variant("the EU counted as one partner, 2020 (IMF)", int(row["rank"]), rows))
    variants += _rank_with_bloc(as_of, 2023)
    stated = data.load("trade_ranks", as_of, reporter="RUS", partner="CHN")
    for _, row in stated[stated["period"] >= "2018"].iterrows():
        label = f"stated rank, {row['period']} ({row['source']})"
        variants.append(Variant(label, int(row["value"]), (row["row"],)))
    return variants


def _rank_with_bloc(as_of: date, year: int) -> list[Variant]:
    """Rank of China in a year for which the EU's side is known only in euro: both turnovers in dollars."""
    rates = data.load("exchange_rates", as_of, series="usd-eur", period=str(year))
    union = eu_trade(as_of)
    union = union[union["year"] == year]
    china = _one(china_turnover(as_of), year)
    if rates.empty or len(union) < 2 or china is None:
        return []
    dollars = union["value"].sum() / rates["value"].iloc[0]
    rows = (*china["rows"], *union["row"], *rates["row"])
    return [Variant(f"the EU counted as one partner, {year} (Eurostat, GACC)", 1 + int(dollars > china["value"]), rows)]


def eu_trade(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """EU27 trade with Russia by Eurostat, one row a year and flow, in bn current EUR (constant 27 members)."""
    rows = annual(data.load("trade_eurostat", as_of, reporter="EU27", partner="RUS", flow=["exports", "imports"]))
    return most_precise(rows, by=["flow", "year"])


def eu_trade_ratio(as_of: date, year: int, base_year: int) -> list[Variant]:
    """EU–Russia trade of a year over that of each base year, by flow and compiler (a ratio).

    The change from ``base_year`` decides; where the full years were not yet public, that of eleven months does.
    """
    variants = []
    names = {"imports": "EU imports from Russia", "exports": "EU exports to Russia"}
    trade = eu_trade(as_of)
    for flow, part in names.items():
        of_flow = trade[trade["flow"] == flow]
        new = _one(of_flow, year)
        for base in sorted(set(of_flow["year"]) & {2012, 2013, 2019, base_year, 2022} - {year}):
            if new is None:
                break
            old = of_flow[of_flow["year"] == base].iloc[0]
            label = f"{base} to {year}, Eurostat"
            variants.append(_ratio(label, new, old, base == base_year, part))
        months = f"{year}-01/{year}-11", f"{year - 1}-01/{year - 1}-11"
        part_years = data.load("trade_eurostat", as_of, reporter="EU27", partner="RUS", flow=flow, period=list(months))
        pair = most_precise(part_years, by=["period"]).set_index("period", drop=False)
        if set(pair.index) == set(months):
            label = f"{year - 1} to {year}, January to November, Eurostat"
            variants.append(_ratio(label, pair.loc[months[0]], pair.loc[months[1]], new is None, part))
    changes = data.load("trade_russian_customs_growth", as_of, partner="EUROPE", period=str(year))
    for _, row in changes.drop_duplicates(subset=["flow"]).iterrows():
        part = names["imports" if row["flow"] == "exports" else "exports"]
        label = f"{year - 1} to {year}, Russian customs, all Europe"
        variants.append(Variant(label, 1 + row["value"] / 100, (row["row"],), row["half_unit"] / 100, part=part))
    return variants


def _ratio(label: str, new: pd.Series, old: pd.Series, preferred: bool, part: str) -> Variant:
    """Ratio of two figures with the rounding error that both carry."""
    ratio = float(new["value"] / old["value"])
    error = ratio * float(new["half_unit"] / new["value"] + old["half_unit"] / old["value"])
    return Variant(label, ratio, (new["row"], old["row"]), error, preferred, part)


def exports_to_region(as_of: date, region: str, year: int) -> list[Variant]:
    """Russian goods exports to a customs region in one year, bn current USD, by each relay and by subtraction."""
    exports = data.load("trade_russian_customs", as_of, flow="exports", period=str(year), unit="USD bn")
    relays = exports[exports["partner"] == region].sort_values(["known", "source"])
    variants = [
        Variant(f"Russian customs, relay {row['source']}", row["value"], (row["row"],), row["half_unit"], i == 0)
        for i, (_, row) in enumerate(relays.iterrows())
    ]
    others = {"EUROPE", "ASIA", "AFRICA", "AMERICAS"} - {region}
    parts = most_precise(exports[exports["partner"].isin([*others, "WORLD"])], by=["partner"])
    if set(parts["partner"]) == {*others, "WORLD"}:
        sign = parts["partner"].map(lambda p: 1 if p == "WORLD" else -1)
        rest = float((sign * parts["value"]).sum())
        label = "total less the other regions"
        variants.append(Variant(label, rest, tuple(parts["row"]), float(parts["half_unit"].sum())))
    return variants


def asia_to_europe(as_of: date, year: int) -> list[Variant]:
    """Russian exports to Asia over those to Europe in one year (a ratio), by definition of Asia and span."""
    exports = most_precise(
        data.load("trade_russian_customs", as_of, flow="exports", unit="USD bn"), by=["partner", "period"]
    )
    variants: list[Variant] = []
    for period, label in ((str(year), "all Asia"), (f"{year}-01/{year}-09", "all Asia, January to September")):
        pair = exports[(exports["period"] == period) & exports["partner"].isin(["ASIA", "EUROPE"])].set_index("partner")
        if len(pair) == 2:
            ratio = float(pair.loc["ASIA", "value"] / pair.loc["EUROPE", "value"])
            variants.append(Variant(f"{label}, Russian customs", ratio, tuple(pair["row"]), preferred=not variants))
    whole = exports[exports["period"] == str(year)].set_index("partner")
    if not {"ASIA", "EUROPE"} <= set(whole.index):
        return variants
    europe = whole.loc["EUROPE"]
    turkey = data.load("trade_mirror", as_of, series="turkey", flow="imports", period=str(year))
    for _, row in turkey.sort_values("known").tail(1).iterrows():
        ratio = float((whole.loc["ASIA", "value"] - row["value"]) / (europe["value"] + row["value"]))
        label = "Turkey counted with Europe"
        variants.append(Variant(label, ratio, (whole.loc["ASIA", "row"], europe["row"], row["row"])))
    china = annual(data.load("trade_china_customs", as_of, flow="imports", period=str(year), unit="USD bn"))
    if not china.empty:
        row = most_precise(china, by=["period"]).iloc[0]
        label = "China alone (Chinese customs) against Europe"
        variants.append(Variant(label, float(row["value"] / europe["value"]), (row["row"], europe["row"])))
    return variants


def _index(table: str, as_of: date, series: str) -> pd.DataFrame:
    rows = annual(data.load(table, as_of, series=series))
    return rows.drop_duplicates(subset=["year"]).set_index("year")


MEASURES = {
    "current dollars": None,
    "yuan": ("exchange_rates", "usd-cny", "convert"),
    "rubles": ("exchange_rates", "usd-rub", "convert"),
    "constant dollars, US consumer prices": ("price_indices", "us-cpi-u", "deflate"),
    "constant dollars, US import prices": ("price_indices", "us-import-price", "deflate"),
    "constant dollars, US import prices from China": ("price_indices", "us-import-price-china", "deflate"),
}
"""Currencies and deflators in which the growth of turnover is measured: table, series and what is done with it."""


def growth_of_turnover(as_of: date, year: int, base_years: list[int]) -> list[Variant]:
    """Turnover of a year over that of each base year (a ratio), by compiler, currency and deflator."""
    variants = []
    compilers = {"Chinese customs": china_turnover(as_of), "Russian side": russian_side_turnover(as_of)}
    for compiler, frame in compilers.items():
        new = _one(frame, year)
        for base in base_years:
            old = _one(frame, base)
            if new is None or old is None:
                continue
            for measure, series in MEASURES.items():
                factor, extra = 1.0, tuple[str, ...]()
                if series is not None:
                    index = _index(series[0], as_of, series[1])
                    if not {year, base} <= set(index.index):
                        continue
                    factor = index.loc[year, "value"] / index.loc[base, "value"]
                    factor = factor if series[2] == "convert" else 1 / factor
                    extra = (index.loc[base, "row"], index.loc[year, "row"])
                ratio = float(new["value"] / old["value"] * factor)
                error = ratio * float(new["half_unit"] / new["value"] + old["half_unit"] / old["value"])
                preferred = compiler == "Chinese customs" and base == year - 5 and series is None
                label = f"{compiler}, base {base}, {measure}"
                rows = (*old["rows"], *new["rows"], *extra)
                variants.append(Variant(label, ratio, rows, error, preferred))
    return variants


def last_year_eu_led() -> int:
    """Last year in which Russia's turnover with the EU27 (Eurostat, in dollars at the year's rate) exceeded that with China."""
    union = eu_trade()
    both = union.groupby("year").filter(lambda part: len(part) == 2).groupby("year")["value"].sum()
    rates = annual(data.load("exchange_rates", series="usd-eur")).set_index("year")["value"]
    dollars = (both / rates).dropna()
    china = china_turnover().set_index("year")["value"].reindex(dollars.index)
    return int(dollars.index[dollars > china].max())
