"""Observed quantities for the claims on trade: C07 to C13."""

from itertools import product
from typing import Any

import pandas as pd

from eastward import data
from eastward.evidence import Variant, each
from eastward.methods.trade import annual, most_precise, rank, turnover, with_rows

PARTNER_COUNTRIES = (
    "BLR", "CHN", "DEU", "FIN", "FRA", "GBR", "IND", "ITA", "JPN", "KAZ", "KOR", "NLD", "POL", "TUR", "UKR", "USA",
)  # fmt: skip
"""Partner countries of Russia whose trade the IMF workbook gives in the data package."""


TENTH = 0.05
"""Half a tenth of a billion: the rounding error of a total written with one decimal."""

MIRROR = {"exports": "imports", "imports": "exports"}
"""What one side's flow is to the other side."""


@data.kept
def china_turnover() -> pd.DataFrame:
    """China–Russia turnover by Chinese customs, a row a year, in bn current USD: the total with the most digits, of its
    relays the first. Where none was found that is written to ``TENTH``, the two flows are added.
    """
    best = most_precise(annual(data.load("trade_china_customs", unit="USD bn")), by=["flow", "year"])
    sums = annual(turnover(best))
    totals = with_rows(best[(best["flow"] == "turnover") & (best["half_unit"] <= TENTH)])
    both = pd.concat([totals, sums]).drop_duplicates("year")
    return both[["year", "value", "half_unit", "rows"]].sort_values("year").reset_index(drop=True)


@data.kept
def russian_side_turnover() -> pd.DataFrame:
    """Russia–China turnover as the Russian side states it, a row a year, in bn current USD.

    Russian customs to 2021, then the president's statements that name the Russian side's statistics. The figure with
    the most digits serves, the latest among equals, since the Russian side revises its totals.
    """
    customs = data.load("trade_russian_customs", partner="CHN", unit="USD bn")
    stated = data.load("trade_statements", series="putin", unit="USD bn", statistics="RUS")
    sums = annual(turnover(annual(customs))).assign(known=pd.Timestamp("NaT"))
    columns = ["year", "value", "half_unit", "rows", "known"]
    totals = with_rows(annual(pd.concat([customs[customs["flow"] == "turnover"], stated])))
    together = pd.concat([totals[columns], sums[columns]], ignore_index=True)
    best = together.sort_values(["half_unit", "known"], ascending=[True, False]).drop_duplicates("year")
    return best[columns[:4]].sort_values("year").reset_index(drop=True)


def _one(frame: pd.DataFrame, year: int) -> pd.Series | None:
    found = frame[frame["year"] == year]
    return None if found.empty else found.iloc[0]


def turnover_in_year(year: int) -> list[Variant]:
    """China–Russia turnover of one year in bn current USD, by Chinese customs, which decide, and by the Russian side."""
    ours = "chinese-customs"
    flows = turnover(most_precise(data.load("trade_china_customs", unit="USD bn", period=str(year)), by=["flow"]))
    repeated = data.load("trade_statements", period=str(year), unit="USD bn", statistics="CHN")
    found = [(ours, "Chinese customs", ours, _one(china_turnover(), year))]
    found += [(f"{ours}-flows", "Chinese customs, exports plus imports", ours, row) for _, row in flows.iterrows()]
    found += [(f"{ours}-putin", "Putin, citing Chinese data", ours, r) for _, r in with_rows(repeated).iterrows()]
    found.append(("russian-side", "Russian side", "russian-side", _one(russian_side_turnover(), year)))
    return [
        Variant(label, float(row["value"]), row["rows"], row["half_unit"], id == ours, evidence=side, id=id)
        for id, label, side, row in found
        if row is not None
    ]


@data.kept
def russia_partners(year: int) -> pd.DataFrame:
    """Russia's turnover with its large partner countries in one year, ranked, in bn current USD.

    Russian reports (IMF) where the year has them, else the partners' own figures (mirror statistics): ``compiler`` says which.
    """
    reports = data.load("trade_imf_dots", reporter="RUS", partner=list(PARTNER_COUNTRIES), period=str(year))
    if not reports.empty:
        return rank(turnover(reports)).sort_values("rank").assign(compiler="Russian reports (IMF)")
    mirror = most_precise(data.load("trade_mirror", series="ria-mirror", period=str(year)), by=["partner"])
    return rank(with_rows(mirror)).sort_values("rank").assign(compiler="partners' figures")


def seen_as_partner(months: int) -> list[Variant]:
    """Whether Russian officials name China as the first partner of Russia's trade, a variant an occasion.

    The latest statement decides; those of the months before it test whether Russia speaks with one voice.
    """
    said = data.load("statements", claim="C07", question="said", side="RUS", stance=["for", "against"])
    said = said.assign(on=pd.to_datetime(said["date"].map(data.period_end))).sort_values("on", ascending=False)
    recent = said[said["on"] > said["on"].max() - pd.DateOffset(months=int(months))].drop_duplicates("origin")
    label, names = "{speaker}, {occasion}, {date}", recent["stance"] == "for"
    return each(recent, label, names, "{origin}", "russian-officials", decides=True)


def rank_of_china(year: int) -> list[Variant]:
    """Rank of China among Russia's partners by turnover in a year: among countries, which decides, with the EU as one partner, and as stated since."""
    partners = russia_partners(year)
    rows, label = tuple(row for ids in partners["rows"] for row in ids), f"countries, {year}, partners' figures"
    rests: dict[str, Any] = {"preferred": True, "evidence": "partners", "id": f"countries-{year}"}
    places = partners.loc[partners["partner"] == "CHN", "rank"]
    variants = [Variant(label, int(place), rows, **rests) for place in places] + _rank_with_bloc(year)
    stated = data.load("trade_ranks", reporter="RUS", partner="CHN")
    stated, id = stated[stated["period"].astype(int) >= year], "stated-{period}-{source}"
    return variants + each(stated, "stated rank, {period}", stated["value"].astype(int), id, "russian-officials")


def _rank_with_bloc(year: int) -> list[Variant]:
    """Rank of China in a year for which the EU's side is known only in euro: both turnovers in dollars."""
    rates = data.load("exchange_rates", series="usd-eur", period=str(year))
    union, china = eu_trade(), _one(china_turnover(), year)
    union = union[union["year"] == year]
    if rates.empty or len(union) < 2 or china is None:
        return []
    dollars = union["value"].sum() / rates["value"].iloc[0]
    rows = (*china["rows"], *union["row"], *rates["row"])
    label, place = f"the EU counted as one partner, {year} (Eurostat, GACC)", 1 + int(dollars > china["value"])
    return [Variant(label, place, rows, id=f"eu-as-one-{year}")]


@data.kept
def eu_trade() -> pd.DataFrame:
    """EU27 trade with Russia by Eurostat, one row a year and flow, in bn current EUR (constant 27 members)."""
    rows = annual(data.load("trade_eurostat", reporter="EU27", partner="RUS", flow=["exports", "imports"]))
    return most_precise(rows, by=["flow", "year"])


def eu_trade_ratio(year: int, base_year: int, other_bases: list[int], customs: list[str]) -> list[Variant]:
    """EU–Russia trade of a year over that of each base year, by flow and compiler (a ratio).

    The change from ``base_year`` by Eurostat decides; where the year was not yet public, its first eleven months do. Others
    are the other base years and what Russian customs say of all Europe in the periods ``customs``.
    """
    variants = []
    names = {"imports": "EU imports from Russia", "exports": "EU exports to Russia"}
    trade = eu_trade()
    months = f"{year - 1}-01/{year - 1}-11", f"{year}-01/{year}-11"
    changes = data.load("trade_russian_customs_growth", partner="EUROPE", period=customs)
    for flow, part in names.items():
        found = trade[trade["flow"] == flow].set_index("year", drop=False)
        partial = data.load("trade_eurostat", reporter="EU27", partner="RUS", flow=flow, period=list(months))
        partial = most_precise(partial, by=["period"]).set_index("period")
        pairs = [(f"{flow}-{base}", f"{base} to {year}", found, base, year) for base in (base_year, *other_bases)]
        pairs.insert(1, (f"{flow}-eleven-months", f"{year - 1} to {year}, January to November", partial, *months))  # type: ignore[arg-type]
        pairs = [pair for pair in pairs if {*pair[3:]} <= set(pair[2].index)]
        for i, (id, label, frame, old, new) in enumerate(pairs):
            ratio, error = _ratio(frame.T[new], frame.T[old])
            rows, label = (frame["row"][new], frame["row"][old]), f"{label}, Eurostat"
            variants.append(Variant(label, ratio, rows, error, i == 0, part, evidence="eurostat", id=id))
        for _, row in changes[changes["flow"] == MIRROR[flow]].drop_duplicates("flow").iterrows():
            label = f"{row['period']} on the year before, Russian customs, all Europe"
            rests: dict[str, Any] = {"evidence": "russian-customs", "id": f"{flow}-russian-customs", "part": part}
            variants.append(Variant(label, 1 + row["value"] / 100, (row["row"],), row["half_unit"] / 100, **rests))
    return variants


def _ratio(new: pd.Series, old: pd.Series) -> tuple[float, float]:
    """Ratio of two figures and the rounding error that both carry."""
    ratio = float(new["value"] / old["value"])
    return ratio, ratio * float(new["half_unit"] / new["value"] + old["half_unit"] / old["value"])


def exports_to_region(region: str, year: int, release: str) -> list[Variant]:
    """Russian goods exports to a customs region in one year, bn current USD, by each relay of one release.

    The first relay decides. What the other regions leave of the total checks it within the same release.
    """
    exports = data.load("trade_russian_customs", flow="exports", period=str(year), unit="USD bn")
    relays = exports[exports["partner"] == region].sort_values(["known", "source"])
    label = "Russian customs, relay {source}"
    variants = each(relays, label, "value", "{source}", release, decides=True, rounded=True)
    others = {"EUROPE", "ASIA", "AFRICA", "AMERICAS"} - {region}
    parts = most_precise(exports[exports["partner"].isin([*others, "WORLD"])], by=["partner"])
    if set(parts["partner"]) == {*others, "WORLD"}:
        sign = parts["partner"].map(lambda p: 1 if p == "WORLD" else -1)
        rest, error = float((sign * parts["value"]).sum()), float(parts["half_unit"].sum())
        label, rows = "total less the other regions", tuple(parts["row"])
        variants.append(Variant(label, rest, rows, error, evidence=release, id="subtraction"))
    return variants


def asia_to_europe(year: int, release: str) -> list[Variant]:
    """Russian exports to Asia over those to Europe in one year (a ratio), by definition of Asia and span."""
    exports = most_precise(data.load("trade_russian_customs", flow="exports", unit="USD bn"), by=["partner", "period"])
    pairs = exports.pivot(index="period", columns="partner", values=["value", "row"])
    pairs = pairs.reindex(columns=pd.MultiIndex.from_product([["value", "row"], ["ASIA", "EUROPE"]]))
    whole, nine = str(year), f"{year}-01/{year}-09"
    pairs, variants = pairs.dropna(), []
    for id, period, label, side in (
        ("all-asia", whole, "all Asia, Russian customs", release),
        ("all-asia-nine-months", nine, "all Asia, January to September, Russian customs", f"{release}-nine-months"),
    ):
        for _, pair in pairs[pairs.index == period].iterrows():
            ratio, rows = float(pair["value", "ASIA"] / pair["value", "EUROPE"]), tuple(pair["row"])
            variants.append(Variant(label, ratio, rows, preferred=period == whole, evidence=side, id=id))
    turkey = data.load("trade_mirror", series="turkey", flow="imports", period=whole).sort_values("known").tail(1)
    for _, row in turkey.iterrows() if whole in pairs.index else ():
        (asia, europe), rows = pairs["value"].loc[whole], (*pairs["row"].loc[whole], row["row"])
        ratio, side = float((asia - row["value"]) / (europe + row["value"])), "turkish-statistics"
        variants.append(Variant("Turkey counted with Europe", ratio, rows, evidence=side, id="turkey-with-europe"))
    return variants


MEASURES = {
    "usd": ("current dollars", None),
    "cny": ("yuan", ("exchange_rates", "usd-cny")),
    "rub": ("rubles", ("exchange_rates", "usd-rub")),
    "us-cpi": ("constant dollars, US consumer prices", ("price_indices", "us-cpi-u")),
    "us-import-prices": ("constant dollars, US import prices", ("price_indices", "us-import-price")),
    "us-import-prices-china": (
        "constant dollars, US import prices from China",
        ("price_indices", "us-import-price-china"),
    ),
}
"""Currencies and deflators in which the growth of turnover is measured: label, and table and series."""


@data.kept
def _index(table: str, series: str) -> pd.DataFrame:
    return annual(data.load(table, series=series)).drop_duplicates(subset=["year"]).set_index("year")


def _factor(series: tuple[str, str] | None, year: int, base: int) -> tuple[float, tuple[str, ...]] | None:
    """Return by what a ratio of dollars is multiplied, and the rows behind it; nothing where a year is missing."""
    if series is None:
        return 1.0, ()
    index = _index(*series)
    if not {year, base} <= set(index.index):
        return None
    change = float(index["value"][year] / index["value"][base])
    return change if series[0] == "exchange_rates" else 1 / change, (index["row"][base], index["row"][year])


def growth_of_turnover(year: int, base_years: list[int]) -> list[Variant]:
    """Turnover of a year over that of each base year (a ratio), by compiler, currency and deflator; the first base year
    decides, by Chinese customs in current dollars.
    """
    variants = []
    compilers = {"chinese-customs": china_turnover(), "russian-side": russian_side_turnover()}
    for (name, frame), base, measure in product(compilers.items(), base_years, MEASURES):
        label, series = MEASURES[measure]
        new, old, found = _one(frame, year), _one(frame, base), _factor(series, year, base)
        if new is None or old is None or found is None:
            continue
        factor, extra = found
        ratio, error = (factor * x for x in _ratio(new, old))
        decides = (name, measure, base) == ("chinese-customs", "usd", base_years[0])
        label, id = f"{name.capitalize().replace('-', ' ')}, base {base}, {label}", f"{name}-{base}-{measure}"
        rows = (*old["rows"], *new["rows"], *extra)
        variants.append(Variant(label, ratio, rows, error, decides, evidence=name, id=id))
    return variants


def last_year_eu_led() -> int:
    """Last year in which Russia's turnover with the EU27 (Eurostat, in dollars at the year's rate) exceeded that with China."""
    union = eu_trade()
    both = union.groupby("year").filter(lambda part: len(part) == 2).groupby("year")["value"].sum()
    rates = annual(data.load("exchange_rates", series="usd-eur")).set_index("year")["value"]
    dollars = (both / rates).dropna()
    china = china_turnover().set_index("year")["value"].reindex(dollars.index)
    return int(dollars.index[dollars > china].max())
