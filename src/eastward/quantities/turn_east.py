"""Observed quantities of the chapter on the turn east: C01 and C06.

Trade with China and with the EU is taken from the partner's reports throughout (mirror statistics), because
Russia stopped publishing its own by country in 2022: IMF workbooks to 2020, then Chinese customs and
Eurostat.
"""

from __future__ import annotations

from calendar import month_name
from datetime import date
from typing import Any

import pandas as pd

from eastward import data
from eastward.indicators import structure
from eastward.indicators.trade import annual, most_precise, rank, turnover
from eastward.quantities import Variant, trade

FLOWS = ("exports", "imports")
BEFORE_CRISIS, BEFORE_INVASION, LATEST = 2013, 2020, 2023
"""Last full year before the crisis of 2014, last year of the IMF's table, year that the op-ed speaks of."""

MIRROR = {"exports": "imports", "imports": "exports"}
UNALLOCATED = range(2009, 2012)
"""Years in which much of Russia's trade is not allocated by country: regional shares are unusable."""


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns ``exports`` and ``imports`` by year, and ids of the rows behind each (``exports_rows``)."""
    wide = frame.pivot(index="year", columns="flow", values="value")
    ids = frame.assign(rows=_ids(frame)).pivot(index="year", columns="flow", values="rows").add_suffix("_rows")
    return wide.join(ids).rename_axis(columns=None)


def _cell(frame: pd.DataFrame, row: Any, column: str) -> float:
    found: Any = frame.at[row, column]
    return float(found)


def _rows(frame: pd.DataFrame, year: int, flow: str) -> tuple[str, ...]:
    found: Any = frame.at[year, f"{flow}_rows"]
    return tuple(found)


def _ids(frame: pd.DataFrame) -> pd.Series:
    if "rows" in frame:
        return frame["rows"]
    return frame["row"].map(lambda row: (row,))


def _from_growth(levels: pd.DataFrame, growth: pd.DataFrame) -> pd.DataFrame:
    """Levels of the year before, from levels and stated growth, for flows without a level of their own."""
    both = levels.merge(growth[["flow", "year", "value", "row"]], on=["flow", "year"], suffixes=("", "_growth"))
    both["value"] = both["value"] / (1 + both["value_growth"] / 100)
    both["rows"] = [(*ids, row) for ids, row in zip(_ids(both), both["row_growth"], strict=True)]
    both["year"] -= 1
    keys = set(zip(levels["flow"], levels["year"], strict=True))
    missing = [pair not in keys for pair in zip(both["flow"], both["year"], strict=True)]
    return both.loc[missing, ["flow", "year", "value", "rows"]]


def trade_with_china(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Russia's goods exports to and imports from China by year, as China reports them, bn current USD.

    IMF workbook to 2020, then Chinese customs; the flows of 2021 follow from the levels of 2022 and their
    stated growth.
    """
    imf = data.load("trade_imf_dots", as_of, reporter="CHN", partner="RUS")
    imf = imf.assign(year=imf["period"].astype(int), rows=_ids(imf))
    customs = annual(data.load("trade_china_customs", as_of, unit="USD bn", flow=list(FLOWS)))
    customs = most_precise(customs[customs["year"] > imf["year"].max()], by=["flow", "year"])
    growth = annual(data.load("trade_china_customs_growth", as_of, unit="percent, USD terms", flow=list(FLOWS)))
    growth = growth.drop_duplicates(subset=["flow", "year"])
    customs = customs.assign(rows=_ids(customs))
    columns = ["flow", "year", "value", "rows"]
    implied = _from_growth(customs, growth[growth["year"] == customs["year"].min()])
    reported = pd.concat([imf[columns], customs[columns], implied])
    return _wide(reported.assign(flow=reported["flow"].map(MIRROR)))


def trade_with_eu(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Russia's goods exports to and imports from the EU27 by year, as the EU reports them, bn current USD.

    IMF workbook to 2020, then Eurostat, converted at the average rate of the year. 1992 is left out: few of
    today's members reported trade with Russia in the first year after the Soviet Union.
    """
    imf = data.load("trade_imf_dots", as_of, reporter="EU27", partner="RUS")
    imf = imf.assign(year=imf["period"].astype(int), rows=_ids(imf))
    euro = trade.eu_trade(as_of)
    euro = euro[euro["year"] > imf["year"].max()]
    rates = annual(data.load("exchange_rates", as_of, series="usd-eur")).drop_duplicates(subset=["year"])
    euro = euro.merge(rates[["year", "value", "row"]], on="year", suffixes=("", "_rate"))
    euro["value"] = euro["value"] / euro["value_rate"]
    euro["rows"] = list(zip(euro["row"], euro["row_rate"], strict=True))
    columns = ["flow", "year", "value", "rows"]
    reported = pd.concat([imf.loc[imf["year"] > 1992, columns], euro[columns]])
    return _wide(reported.assign(flow=reported["flow"].map(MIRROR)))


def totals(country: str, as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """All goods exports and imports of a country by year (World Development Indicators), bn current USD."""
    return _wide(annual(data.load("trade_world", as_of, series="wdi", reporter=country)))


def partner_share(partner: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Partner's part in exports, imports and turnover, per cent, years that have both flows."""
    both = partner[list(FLOWS)].dropna()
    shares = (100 * both / whole[list(FLOWS)]).dropna()
    return shares.assign(turnover=100 * both.sum(axis=1) / whole[list(FLOWS)].sum(axis=1))


def weights(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Weight of China in Russia's goods trade and of Russia in China's: see ``structure.dependence``."""
    both = trade_with_china(as_of)[list(FLOWS)].dropna().sum(axis=1)
    wholes = [totals(c, as_of)[list(FLOWS)].sum(axis=1) for c in ("RUS", "CHN")]
    return structure.dependence(both, *wholes)


def intensity(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Intensity of Russia's exports to and imports from China, by year: see ``structure.intensity``."""
    china, russia, of_china = trade_with_china(as_of), totals("RUS", as_of), totals("CHN", as_of)
    world = annual(data.load("trade_world_total", as_of, flow="imports")).set_index("year")["value"] / 1e9
    return pd.DataFrame(
        {
            "exports": structure.intensity(
                china["exports"], russia["exports"], of_china["imports"], world, russia["imports"]
            ),
            "imports": structure.intensity(
                china["imports"], of_china["exports"], russia["imports"], world, of_china["imports"]
            ),
        }
    )


def partner_concentration(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Bounds of the Herfindahl–Hirschman index of Russia's partner countries by turnover and year.

    Sixteen partners as Russia reports them (IMF) to 2020; for 2023 the partners whose own figures are
    known, over the total of Russian customs. See ``structure.concentration``.
    """
    partners = [*trade.PARTNER_COUNTRIES, "WORLD"]
    imf = turnover(data.load("trade_imf_dots", as_of, reporter="RUS", partner=partners))
    imf = imf.assign(year=imf["period"].astype(int), flow="turnover", row=imf["rows"])
    mirror = annual(data.load("trade_mirror", as_of, series="ria-mirror"))
    mirror = most_precise(mirror, by=["partner", "year"])
    customs = data.load("trade_russian_customs", as_of, partner="WORLD", unit="USD bn", flow=list(FLOWS))
    whole = turnover(most_precise(annual(customs), by=["flow", "period"])).assign(flow="turnover", row="")
    whole["year"] = whole["period"].astype(int)
    shares = [structure.partner_shares(frame) for frame in (imf, pd.concat([mirror, whole]))]
    return structure.concentration(pd.concat(shares))


def region_trade(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Russia's goods trade with Asia and Europe by flow and year, bn current USD, and their shares.

    Sums over the IMF workbook to 2020 on the regions of Russian customs, then Russian customs. Its levels
    of 2022 follow from those of 2023 and their stated change; 2021 is not known. Shares of 2009 to 2011 are
    left out.

    Returns:
        One row a flow, year and ``region`` (ASIA, EUROPE): ``value``, ``share`` (per cent), ``half_unit``,
        ``rows``.

    """
    imf = data.load("trade_imf_regions", as_of).rename(columns={"partner": "region"})
    imf = imf.assign(year=imf["period"].astype(int), rows=_ids(imf))
    regions = ["ASIA", "EUROPE"]
    customs = data.load("trade_russian_customs", as_of, unit="USD bn", flow=list(FLOWS), partner=[*regions, "WORLD"])
    customs = most_precise(annual(customs), by=["flow", "year", "partner"]).rename(columns={"partner": "region"})
    customs["rows"] = _ids(customs)
    growth = annual(data.load("trade_russian_customs_growth", as_of)).rename(columns={"partner": "region"})
    growth = growth.drop_duplicates(subset=["flow", "year", "region"])
    before = [
        _from_growth(of, growth[growth["region"] == region]).assign(region=region)
        for region, of in customs[customs["region"] != "WORLD"].groupby("region")
    ]
    columns = ["flow", "year", "region", "value", "rows", "half_unit"]
    parts = pd.concat([imf[columns], customs[columns], *before])
    whole_imf = data.load("trade_imf_dots", as_of, reporter="RUS", partner="WORLD")
    whole = pd.concat(
        [
            whole_imf.assign(year=whole_imf["period"].astype(int), rows=_ids(whole_imf)),
            customs[customs["region"] == "WORLD"],
        ]
    )
    both = parts[parts["region"] != "WORLD"].merge(
        whole[["flow", "year", "value", "rows"]], on=["flow", "year"], suffixes=("", "_whole")
    )
    both["share"] = 100 * both["value"] / both["value_whole"]
    both["rows"] = both["rows"] + both["rows_whole"]
    both = both[~both["year"].isin(UNALLOCATED)]
    return both[[*columns, "share"]].sort_values(["flow", "region", "year"]).reset_index(drop=True)


Side = tuple[float, float, tuple[str, ...]]
"""Asia over Europe in one year: ratio, relative rounding error, rows."""


def _balance(regions: pd.DataFrame, flow: str, year: int) -> Side | None:
    """Asia over Europe in one flow and year; ``None`` if not known."""
    pair = regions[(regions["flow"] == flow) & (regions["year"] == year)].set_index("region")
    if len(pair) < 2:
        return None
    error = float((pair["half_unit"] / pair["value"]).fillna(0).sum())
    return (
        _cell(pair, "ASIA", "value") / _cell(pair, "EUROPE", "value"),
        error,
        tuple(dict.fromkeys(row for ids in pair["rows"] for row in ids)),
    )


def _change(label: str, part: str, base: Side, end: Side, preferred: bool = False) -> Variant:
    ratio = end[0] / base[0]
    return Variant(label, ratio, (*base[2], *end[2]), ratio * (base[1] + end[1]), preferred, part)


def asia_against_europe(as_of: date, start: int = BEFORE_CRISIS, end: int = LATEST) -> list[Variant]:
    """Weight of Asia against Europe in Russian trade at the end over that at the start (a ratio).

    Variants: other years, Turkey counted with Europe, China against the EU, turnover of later years, crude
        oil by volume.
    """
    regions = region_trade(as_of)
    variants: list[Variant] = []
    spans = [(start, end), (start - 1, end), (start + 1, end), (start, end - 1)]
    spans += [(start, BEFORE_INVASION), (start + 1, BEFORE_INVASION)]
    for flow in FLOWS:
        for first, last in spans:
            base, later = _balance(regions, flow, first), _balance(regions, flow, last)
            if base is None or later is None:
                continue
            label = f"{first} to {last}" + (", before the invasion" if last <= BEFORE_INVASION else "")
            variants.append(_change(label, flow, base, later, (first, last) == (start, end)))
    variants += _turkey_with_europe(as_of, regions, start, end)
    variants += _china_against_eu(as_of, start, end)
    variants += _turnover_since(as_of, regions, start)
    return variants + _crude_balance(as_of)


def _turkey_with_europe(as_of: date, regions: pd.DataFrame, start: int, end: int) -> list[Variant]:
    imf = data.load("trade_imf_dots", as_of, reporter="RUS", partner="TUR", period=str(start))
    own = data.load("trade_mirror", as_of, series="turkey", period=str(end), flow=list(FLOWS))
    own = own.sort_values("known").drop_duplicates(subset=["flow"], keep="last")
    variants = []
    for flow in FLOWS:
        old, new = imf[imf["flow"] == flow], own[own["flow"] == MIRROR[flow]]
        if old.empty or new.empty:
            continue
        sides = []
        for year, turkey in ((start, old), (end, new)):
            pair = regions[(regions["flow"] == flow) & (regions["year"] == year)].set_index("region")["value"]
            known = _balance(regions, flow, year)
            amount = float(turkey["value"].iloc[0])
            if known is None:
                return []
            moved = (float(pair["ASIA"]) - amount) / (float(pair["EUROPE"]) + amount)
            sides.append((moved, known[1], (*known[2], str(turkey["row"].iloc[0]))))
        variants.append(_change(f"{start} to {end}, Turkey counted with Europe", flow, sides[0], sides[1]))
    return variants


def _china_against_eu(as_of: date, start: int, end: int) -> list[Variant]:
    china, union = trade_with_china(as_of), trade_with_eu(as_of)
    if not ({start, end} <= set(china.index) and {start, end} <= set(union.index)):
        return []
    variants = []
    for flow in FLOWS:
        sides = [
            (
                _cell(china, year, flow) / _cell(union, year, flow),
                0.0,
                (*_rows(china, year, flow), *_rows(union, year, flow)),
            )
            for year in (start, end)
        ]
        variants.append(_change(f"{start} to {end}, China against the EU27", flow, sides[0], sides[1]))
    return variants


def _turnover_since(as_of: date, regions: pd.DataFrame, start: int) -> list[Variant]:
    """Turnover of a later part-year against that of the start."""
    base = regions[regions["year"] == start]
    rows = tuple(row for ids in base["rows"] for row in ids)
    base = base.groupby("region").agg(value=("value", "sum"))
    later = data.load("trade_russian_customs", as_of, flow="turnover", partner=["ASIA", "EUROPE"])
    variants = []
    for period, pair in later.groupby("period"):
        by = pair.drop_duplicates(subset=["partner"]).set_index("partner")
        if len(by) < 2 or len(base) < 2:
            continue
        old = (_cell(base, "ASIA", "value") / _cell(base, "EUROPE", "value"), 0.0, rows)
        new = (_cell(by, "ASIA", "value") / _cell(by, "EUROPE", "value"), 0.0, tuple(by["row"]))
        variants.append(_change(f"{start} to {in_words(str(period))}", "turnover", old, new))
    return variants


def in_words(period: str) -> str:
    """Write an ISO period for readers: a year, or January to a month of it."""
    last = data.period_end(period)
    return f"January to {month_name[last.month]} {last.year}" if "/" in period else period


def _crude_balance(as_of: date) -> list[Variant]:
    """Crude oil by volume, Asia against Europe: shares by the EIA, then the Energy Institute's table."""
    share = data.load("energy_destinations", as_of, series="eia-crude-share")
    asia = share[share["partner"].isin(["ASIA_OCEANIA", "ASIA_ANY"])]
    europe = share[share["partner"].isin(["EUR_TUR", "EUROPE_NS"])]
    sides = {}
    for period in ("2014", "2020"):
        a = asia[asia["period"] == period].sort_values("known").tail(1)
        e = europe[europe["period"] == period].sort_values("known").tail(1)
        if a.empty or e.empty:
            continue
        error = sum(float(x["half_unit"].iloc[0] / x["value"].iloc[0]) for x in (a, e))
        ratio = float(a["value"].iloc[0] / e["value"].iloc[0])
        sides[period] = (ratio, error, (*a["row"], *e["row"]))
    table = data.load("energy_destinations", as_of, series="ei-crude", entity="RUS").set_index("partner")
    if not table.empty:
        names = ["CHN", "IND", "JPN", "OTHER_ASIA_PACIFIC"]
        ratio = float(table.loc[names, "value"].sum()) / _cell(table, "EUROPE_EI", "value")
        sides["2025"] = (ratio, 0.0, tuple(table.loc[[*names, "EUROPE_EI"], "row"]))
    labels = {"2020": "2014 to 2020, before the invasion", "2025": "2014 to 2025"}
    return [
        _change(f"{label}, volumes", "crude oil", sides["2014"], sides[later])
        for later, label in labels.items()
        if later in sides and "2014" in sides
    ]


def _rank_variant(label: str, frame: pd.DataFrame, preferred: bool = False) -> list[Variant]:
    """Rank of China in a frame with ``partner``, ``value`` and ``row`` or ``rows``; none if it is absent."""
    ranked = rank(frame)
    china = ranked[ranked["partner"] == "CHN"]
    if china.empty or len(ranked) < 2:
        return []
    rows = tuple(row for ids in _ids(ranked) for row in ids)
    return [Variant(label, int(china["rank"].iloc[0]), rows, preferred=preferred)]


def china_among_partners(as_of: date, year: int = LATEST) -> list[Variant]:
    """Rank of China among Russia's partners in goods trade and in what else can be ranked.

    The rank by goods turnover among countries, in the latest year known, decides. The others ask how far it
    holds: each flow, the EU as one partner, crude oil, arms, votes in the UN General Assembly, currencies
    on the Moscow Exchange.
    """
    variants: list[Variant] = []
    for known in (year, BEFORE_INVASION):
        partners = trade.russia_partners(as_of, known)
        variants += _rank_variant(f"goods trade, {known}", partners, preferred=not variants)
    imf = data.load("trade_imf_dots", as_of, reporter="RUS", partner=list(trade.PARTNER_COUNTRIES), period="2020")
    for flow in FLOWS:
        variants += _rank_variant(f"goods {flow}, 2020", imf[imf["flow"] == flow])
    variants += _rank_with_union(as_of)
    variants += _rank_variant("arms deliveries, 2019 to 2023", data.load("arms_recipients", as_of, period="2019/2023"))
    votes = data.load("un_voting_coincidence", as_of, entity="RUS")
    for period, of in votes.groupby("period"):
        variants += _rank_variant(f"like votes in the UN General Assembly, {period}", of)
    variants += _rank_of_yuan(as_of, year)
    return variants + _rank_in_crude(as_of)


def _rank_with_union(as_of: date) -> list[Variant]:
    """Rank with the EU as one partner, by the partners' reports."""
    china, union = trade_with_china(as_of), trade_with_eu(as_of)
    variants = []
    for year in (BEFORE_CRISIS, BEFORE_INVASION, LATEST):
        if year not in china.index or year not in union.index:
            continue
        pair = pd.DataFrame(
            {
                "partner": name,
                "value": sum(_cell(frame, year, flow) for flow in FLOWS),
                "rows": tuple(row for flow in FLOWS for row in _rows(frame, year, flow)),
            }
            for name, frame in (("CHN", china), ("EU27", union))
        )
        variants += _rank_variant(f"goods trade, the EU as one partner, {year}", pair)
    return variants


def _rank_of_yuan(as_of: date, year: int) -> list[Variant]:
    market = data.load("settlement_market", as_of, series="moex-turnover", period=str(year))
    market = market.drop_duplicates(subset=["currency"])
    market = market.assign(partner=market["currency"].replace({"CNY": "CHN"}))
    return _rank_variant(f"currencies on the Moscow Exchange, {year}", market)


def _rank_in_crude(as_of: date) -> list[Variant]:
    energy = data.load("energy_destinations", as_of, entity="RUS")
    variants = []
    for series, period, label in (
        ("novak-oil-share-low", "2023", "oil and products, 2023 (minister)"),
        ("oies-crude-share", "2024-01/2024-06", "crude oil by sea, January to June 2024"),
        ("eia-crude", "2024", "crude oil, 2024"),
        ("ei-crude", "2025", "crude oil, 2025"),
    ):
        of = energy[(energy["series"] == series) & (energy["period"] == period)]
        variants += _rank_variant(label, of[of["partner"].isin(["CHN", "IND", "TUR", "JPN"])])
    return variants


def chinese_crude(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Chinese imports of Russian crude oil by year, million tonnes, and their part in all crude imports.

    Sums of twelve months for 2010 to 2015, then the yearly figure with the most digits.

    Returns:
        By ``year``: ``value`` (million tonnes), ``share`` (per cent, missing where the total is not known),
        ``source``.

    """
    crude = data.load("energy_destinations", as_of, series="china-customs-crude")
    tonnes = {"kg": 1e-9, "10000 tonnes": 1e-2, "million tonnes": 1.0}
    crude = crude[crude["unit"].isin(list(tonnes))]
    crude = crude.assign(value=crude["value"] * crude["unit"].map(tonnes), year=crude["period"].str[:4].astype(int))
    crude["half_unit"] = crude["half_unit"] * crude["unit"].map(tonnes)
    months = crude[crude["period"].str.fullmatch(r"\d{4}-\d{2}")]
    sums = months.groupby(["entity", "year"]).agg(
        value=("value", "sum"), n=("period", "nunique"), source=("source", "first")
    )
    sums = sums[sums["n"] == 12].reset_index()
    years = most_precise(annual(crude), by=["entity", "year"])
    known = pd.MultiIndex.from_frame(sums[["entity", "year"]])
    rest = years[~pd.MultiIndex.from_frame(years[["entity", "year"]]).isin(known)]
    columns = ["entity", "year", "value", "source"]
    both = pd.concat([sums[columns], rest[columns]])
    union = data.load("energy_destinations", as_of, series="ei-crude", entity="WORLD", partner="CHN")
    russia = both[both["entity"] == "RUS"].set_index("year").sort_index()
    whole = both[both["entity"] == "WORLD"].set_index("year")["value"]
    whole = pd.concat([whole, union.assign(year=union["period"].astype(int)).set_index("year")["value"]])
    return russia[["value", "source"]].assign(share=100 * russia["value"] / whole)


EUROPE_WITH_TURKEY, EUROPE_WITHOUT_TURKEY = "Europe with Turkey (Gazprom)", "Europe without Turkey (Reuters)"
"""Names of two lines of gas that must not be joined: deliveries by Gazprom, estimates by Reuters."""


def pipeline_gas(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Russian pipeline gas by year and destination, bn cubic metres, one figure a year.

    Returns:
        ``year``, ``line`` (China; Europe with Turkey, by Gazprom; Europe without Turkey, by Reuters),
        ``value``, ``source``.

    """
    gas = annual(data.load("energy_destinations", as_of, unit="bcm", commodity="pipeline-gas"))
    lines = {
        "power-of-siberia": "China",
        "gazprom-far-abroad": EUROPE_WITH_TURKEY,
        "reuters-pipeline-gas": EUROPE_WITHOUT_TURKEY,
    }
    gas = gas[gas["series"].isin(list(lines)) & ~gas["note"].fillna("").str.contains("forecast|first figure")]
    gas = gas.assign(line=gas["series"].map(lines))
    gas = gas[(gas["line"] != EUROPE_WITH_TURKEY) | (gas["year"] < 2019)]
    return most_precise(gas, by=["line", "year"])[["year", "line", "value", "source"]].sort_values(["line", "year"])


SERIES = {
    "China in Russian exports": ("china", "exports"),
    "China in Russian imports": ("china", "imports"),
    "China in Russian turnover": ("china", "turnover"),
    "EU in Russian turnover": ("eu", "turnover"),
    "intensity of exports to China": ("intensity", "exports"),
    "intensity of imports from China": ("intensity", "imports"),
}
"""Series whose breaks are tested: name, and where it comes from."""


LEAST_YEARS = {"mean": 2, "trend": 3}
"""Fewest years in a regime that leave a residual, so that a break in 2022 can be found."""


def series_to_test(as_of: date = data.HINDSIGHT, start: int = 2000) -> dict[str, pd.Series]:
    """Series of :data:`SERIES` by year from ``start`` on: shares in per cent, intensities as ratios."""
    russia = totals("RUS", as_of)
    frames = {
        "china": partner_share(trade_with_china(as_of), russia),
        "eu": partner_share(trade_with_eu(as_of), russia),
        "intensity": intensity(as_of),
    }
    found = {name: frames[frame][column].dropna() for name, (frame, column) in SERIES.items()}
    return {name: series[series.index >= start] for name, series in found.items()}


def break_tests(as_of: date = data.HINDSIGHT, starts: tuple[int, ...] = (1993, 2000, 2005)) -> pd.DataFrame:
    """Best break years of each tested series, by first year and by model.

    Returns:
        One row a series, ``start`` and ``model``: ``one`` (best single break), ``low`` and ``high`` (90 per
        cent bootstrap interval of it), ``two`` (best pair), ``bic`` and ``lwz`` (number of breaks that each
        criterion prefers) and ``p_value`` of the sup-F test.

    """
    found = []
    for start in starts:
        for name, series in series_to_test(as_of, start).items():
            for model in structure.MODELS:
                least = LEAST_YEARS[model]
                profile = structure.break_profile(series, model, least)
                fits = structure.bai_perron(series, model, min_size=least)
                low, high = structure.interval(structure.break_years_redrawn(series, model, least, 499))
                test = structure.sup_f_test(series, model, least, 499)
                found.append(
                    {
                        "series": name,
                        "start": start,
                        "model": model,
                        "one": int(profile.index.to_numpy()[profile["ssr"].to_numpy().argmin()]),
                        "low": low,
                        "high": high,
                        "two": fits.loc[2, "years"],
                        "bic": int(fits["bic"].to_numpy().argmin()),
                        "lwz": int(fits["lwz"].to_numpy().argmin()),
                        "p_value": test["p_value"],
                    }
                )
    return pd.DataFrame(found)


def structure_by_year(
    as_of: date = data.HINDSIGHT, years: tuple[int, ...] = (2000, 2005, 2013, 2020, 2023)
) -> pd.DataFrame:
    """Weights, concentration and intensities in chosen years.

    Returns:
        One row a year: ``a_on_b``, ``b_on_a`` (per cent) and ``ratio`` (see :func:`weights`), ``low`` and
        ``high`` (bounds of the concentration index), ``exports`` and ``imports`` (intensities).

    """
    frames = (weights(as_of)[["a_on_b", "b_on_a", "ratio"]], partner_concentration(as_of)[["low", "high"]])
    joined = pd.concat([*frames, intensity(as_of)], axis=1)
    return joined.loc[[year for year in years if year in joined.index]].rename_axis("year")


def crude_shares(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Shares of destinations in Russian exports of crude oil, as sources state them or by their volumes.

    Returns:
        ``period`` (in words), ``partner``, ``share`` (per cent), ``basis`` (compiler) and ``source``.

    """
    energy = data.load("energy_destinations", as_of, entity="RUS")
    stated = energy[energy["series"].isin(["eia-crude-share", "crude-share-stated", "oies-crude-share"])]
    stated = stated.assign(share=stated["value"], basis=stated["series"].map(STATED_BY))
    table = energy[energy["series"] == "ei-crude"]
    table = table.assign(share=100 * table["value"] / table["value"].sum(), basis="Energy Institute")
    both = pd.concat([stated, table[table["share"] >= 5]])
    columns = ["period", "partner", "share", "basis", "source"]
    ordered = both[columns].sort_values(["period", "basis", "share"], ascending=[True, True, False])
    return ordered.assign(period=ordered["period"].map(in_words))


STATED_BY = {
    "eia-crude-share": "EIA",
    "crude-share-stated": "secondary page",
    "oies-crude-share": "OIES, by sea",
}
"""Compiler of each series of stated shares, in words."""


def share_effects(flow: str, start: int, end: int, as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Split the change of Asia's share in a flow: see ``structure.decompose_share``."""
    trade_by_region = region_trade(as_of)
    asia = trade_by_region[(trade_by_region["flow"] == flow) & (trade_by_region["region"] == "ASIA")]
    asia = asia.set_index("year")
    value = [_cell(asia, year, "value") for year in (start, end)]
    rest = [v * (100 / _cell(asia, year, "share") - 1) for v, year in zip(value, (start, end), strict=True)]
    return structure.decompose_share((value[0], value[1]), (rest[0], rest[1]))
