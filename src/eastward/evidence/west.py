"""Observed quantities for the claims on ties with the West: C04 and C05."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from eastward import data
from eastward.evidence import Variant
from eastward.evidence.trade import eu_trade
from eastward.methods.trade import annual, convert, deflate, most_precise

PARTNERS = {"EU": ("EU27", "GBR"), "USA": ("USA",), "CHN": ("CHN",)}
"""Partners compared; the EU is taken as it was before 2020, with the United Kingdom."""

WEST = {"EU": ("the EU", "EU27", "EU reports"), "USA": ("the USA", "USA", "US reports")}
"""Western partners: name, code as a reporter of trade, and what readers call its reports."""

FURTHER_BASES = (2005, 2008, 2010)
"""Base years that test robustness: mid-boom, the peak before the financial crisis, the recovery."""

EARLIER_SURVEYS = ("2008-09", "2010", "2012-01")
"""Surveys that test whether liking had grown: after the war in Georgia, at its best, and the year before."""

FURTHER_SURVEYS = ("2014-05", "2015-01", "2019-11", "2021-11", "2024-09/2024-10", "2025-10")
"""Surveys that test when liking was hurt: the fall of 2014, its lowest point, the recovery, and the years since."""

LEAST_ALLOCATED = 95
"""Per cent of its exports and of its imports that Russia must give by partner for a year to be compared."""


@dataclass(frozen=True)
class Level:
    """A value and the ids of the data rows that it rests on."""

    value: float
    rows: tuple[str, ...]


def levels(frame: pd.DataFrame) -> dict[str, Level]:
    """Return the values of a frame with ``value`` and ``rows`` by its ``period``, or its ``year``, as text."""
    keys = frame["period"] if "period" in frame else frame["year"]
    cells = zip(keys, frame["value"], frame["rows"], strict=True)
    return {str(k): Level(float(value), tuple(rows)) for k, value, rows in cells}


def _with_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(rows=frame["row"].map(lambda row: (row,)))


def _ratio(
    id: str, label: str, part: str, new: Level | None, old: Level | None, preferred: bool = False
) -> list[Variant]:
    """Return one level over another as a variant; none where one of them is missing."""
    if new is None or old is None:
        return []
    rows = tuple(dict.fromkeys((*new.rows, *old.rows)))
    return [Variant(label, new.value / old.value, rows, preferred=preferred, part=part, id=id)]


def partner_trade() -> pd.DataFrame:
    """Russia's goods trade with the EU, the USA, China and all partners in bn current USD, to 2020.

    Russian reports in the IMF's Direction of Trade Statistics; the EU includes the United Kingdom.

    Returns:
        One row a ``partner``, ``flow`` (exports and imports as Russia sees them, and turnover) and ``year``:
        ``value`` and ``rows``.

    """
    groups = {**PARTNERS, "WORLD": ("WORLD",)}
    member = {code: group for group, codes in groups.items() for code in codes}
    reports = annual(data.load("trade_imf_dots", reporter="RUS", partner=list(member)))
    reports["partner"] = reports["partner"].map(member)
    both = pd.concat([reports, reports.assign(flow="turnover")])
    keys = ["partner", "flow", "year"]
    return both.groupby(keys, as_index=False).agg(value=("value", "sum"), rows=("row", tuple))


def unallocated() -> pd.DataFrame:
    """Per cent of Russia's exports and imports that its reports leave without a partner, by year and flow.

    A row a year from 1997; in 2009 to 2011 much is unallocated, so that shares of partners come out too low.
    """
    reports = annual(data.load("trade_imf_dots", reporter="RUS", partner=["NOT_SPECIFIED", "WORLD"]))
    table = reports.pivot(index="year", columns=["partner", "flow"], values="value")
    parts = {f: 100 * table[("NOT_SPECIFIED", f)] / table[("WORLD", f)] for f in ("exports", "imports")}
    return pd.DataFrame(parts).dropna()


def comparable_years() -> set[int]:
    """Years in which Russia gives at least ``LEAST_ALLOCATED`` per cent of both flows by partner."""
    worst = unallocated().max(axis=1)
    return {int(year) for year in worst.index[worst <= 100 - LEAST_ALLOCATED]}


def consumer_prices() -> pd.DataFrame:
    """US consumer price index by year (1982–84 = 100), the deflator of dollar values."""
    return _with_rows(annual(data.load("price_indices", series="us-cpi-u")))


def oil_price() -> pd.DataFrame:
    """Brent spot price by year, USD a barrel."""
    return _with_rows(annual(data.load("oil_price", series="brent-spot")))


def opinion() -> pd.DataFrame:
    """Levada's shares of Russians with a good or bad opinion of a country, per cent, one row a survey month.

    Where a source gives only 'very' and 'mostly', both are added; a source that gives one of them only is
    left out, and so are stated ranges. Of reports that differ by a point, the first public one serves.
    """
    surveys = data.load("opinion_levada", qualifier="stated")
    keys = ["series", "partner", "period", "source"]
    parts = surveys[surveys["answers"] != "all"]
    sums = parts.groupby(keys, as_index=False).agg(
        value=("value", "sum"), rows=("row", tuple), known=("known", "max"), n=("answers", "nunique")
    )
    columns = [*keys, "value", "rows", "known"]
    whole = _with_rows(surveys[surveys["answers"] == "all"])
    every = pd.concat([whole[columns], sums.loc[sums["n"] == 2, columns]])
    first = every.sort_values(["known", "source"], kind="stable").drop_duplicates(keys[:3])
    return first.sort_values(keys[:3]).reset_index(drop=True)


def _gas(series: str) -> pd.DataFrame:
    """Return one series of gas by year; forecasts, and first figures that were replaced, are left out."""
    rows = annual(data.load("energy_destinations", series=series, status="stated"))
    return _with_rows(most_precise(rows, by=["year"]))[["year", "source", "value", "rows"]]


def gas_with_turkey() -> pd.DataFrame:
    """Gazprom's exports to Europe with Turkey, bn m³ a year: those beyond the former Soviet Union less those to China."""
    exports, china = _gas("gazprom-far-abroad"), levels(_gas("power-of-siberia"))
    sent = [china.get(str(year), Level(0.0, ())) for year in exports["year"]]
    exports["value"] = [value - s.value for value, s in zip(exports["value"], sent, strict=True)]
    exports["rows"] = [(*rows, *s.rows) for rows, s in zip(exports["rows"], sent, strict=True)]
    return exports


def gas_without_turkey() -> pd.DataFrame:
    """Pipeline gas to Europe without Turkey by the Reuters calculation, bn m³ a year, from 2022."""
    return _gas("reuters-pipeline-gas")


def eu_trade_with_imf() -> pd.DataFrame:
    """EU27 goods trade with Russia in bn current EUR, one row a year and flow (constant 27 members).

    Eurostat where public on that day; other years are the EU's reports to the IMF in dollars, converted at
    the average rate of the year.
    """
    eurostat = _with_rows(eu_trade()).assign(compiler="Eurostat")
    rates = annual(data.load("exchange_rates", series="usd-eur")).set_index("year")
    imf = annual(data.load("trade_imf_dots", reporter="EU27", partner="RUS"))
    imf = imf[imf["year"].isin(rates.index)].set_index("year", drop=False)
    rate_rows = rates["row"].reindex(imf.index)
    imf["rows"] = pd.Series(list(zip(imf["row"], rate_rows, strict=True)), index=imf.index, dtype=object)
    imf = imf.assign(value=convert(imf["value"], rates["value"]), compiler="IMF, at the average rate")
    columns = ["flow", "year", "value", "rows", "compiler"]
    joined = pd.concat([eurostat[columns], imf[columns]]).drop_duplicates(["flow", "year"])
    return joined.sort_values(["flow", "year"]).reset_index(drop=True)


def tie(series: str) -> pd.DataFrame:
    """Return one series of ``west_ties``, a row a period, with ``rows``; figures that count something else are left out."""
    frame = data.load("west_ties", series=series, comparable="yes").drop_duplicates("period")
    return _with_rows(frame).reset_index(drop=True)


def _trade(partner: str, flow: str) -> dict[str, Level]:
    trade = partner_trade()
    return levels(trade[(trade["partner"] == partner) & (trade["flow"] == flow)])


def _liking(partner: str, series: str = "good") -> dict[str, Level]:
    surveys = opinion()
    return levels(surveys[(surveys["series"] == series) & (surveys["partner"] == partner)])


def _last_survey(surveys: dict[str, Level], year: int) -> str:
    """Return the month of the year's last survey; empty where there is none."""
    return max((month for month in surveys if month.startswith(f"{year}-")), default="")


def _month(period: str) -> str:
    """Write a survey month for readers: ``July 2013``; an interval by its last month, a year as it is."""
    return f"{data.period_end(period):%B %Y}" if "-" in period else period


def _at_prices_of(values: dict[str, Level], prices: dict[str, Level], base: str) -> dict[str, Level]:
    """Express values in the prices of one year; years without a price are left out."""
    if base not in prices:
        return {}
    known = [period for period in values if period in prices]
    current = pd.Series({int(period): values[period].value for period in known})
    constant = deflate(current, pd.Series({int(p): level.value for p, level in prices.items()}), int(base))
    return {p: Level(float(constant[int(p)]), (*values[p].rows, *prices[p].rows)) for p in known}


def ties_before(year: int, base_year: int) -> list[Variant]:
    """Return how much larger a tie with the West was in ``year`` than before, or than its counterpart.

    Ratios: trade in constant dollars against ``base_year``, gas against the first year with a figure, opinion
    as liking over disliking and the EU over China as a trade partner decide. Other base years, reporters, the
    share in all trade, the oil price, the change of opinion, visas and German firms test how robust that is.
    """
    bases, end = sorted({base_year, *FURTHER_BASES}), str(year)
    variants = [v for who in WEST for v in _trade_before(who, end, base_year, bases)]
    variants += _flows_before(end, bases)
    union, china = (_trade(who, "turnover").get(end) for who in ("EU", "CHN"))
    label, part = f"turnover of {year}, Russian reports", "the EU over China as a trade partner"
    variants += _ratio("eu-over-china", label, part, union, china, preferred=True)
    gas = levels(gas_with_turkey())
    for base in ("2009", "2012"):
        label, part = f"{base} to {year}, Gazprom", "gas to Europe with Turkey"
        variants += _ratio(f"gas-{base}", label, part, gas.get(end), gas.get(base), base == min(gas, default=""))
    variants += [v for who in WEST for v in _opinion_before(who, year)]
    visas, firms = (levels(tie(s)) for s in ("schengen-visas-issued", "german-firms"))
    part = "Schengen visas in Russia"
    variants += _ratio("visas-2011", "2011 to 2012, EU", part, visas.get("2012"), visas.get("2011"))
    label, part = f"2011 to {year}, tax service", "German firms in Russia"
    return variants + _ratio("firms-2011", label, part, firms.get(end), firms.get("2011"))


def _trade_before(partner: str, end: str, base_year: int, bases: list[int]) -> list[Variant]:
    """Turnover with one partner: real by both reporters, and its share in all trade."""
    (name, reporter, theirs), prices = WEST[partner], levels(consumer_prices())
    own, world = _trade(partner, "turnover"), _trade("WORLD", "turnover")
    reports = annual(data.load("trade_imf_dots", reporter=reporter, partner="RUS"))
    reports = reports.groupby("year", as_index=False).agg(value=("value", "sum"), rows=("row", tuple))
    measures = {
        "real": ("constant USD, Russian reports", _at_prices_of(own, prices, end)),
        "share": (
            "share in all trade",
            {y: Level(own[y].value / world[y].value, (*own[y].rows, *world[y].rows)) for y in own},
        ),
        "partner": (f"constant USD, {theirs}", _at_prices_of(levels(reports), prices, end)),
    }
    whole = comparable_years()
    return [
        variant
        for how, (label, measure) in measures.items()
        for base in bases
        if base in whole or how == "partner"
        for variant in _ratio(
            f"{partner.lower()}-{how}-{base}",
            f"{base} to {end}, {label}",
            f"trade with {name}",
            measure.get(end),
            measure.get(str(base)),
            how == "real" and base == base_year,
        )
    ]


def _flows_before(end: str, bases: list[int]) -> list[Variant]:
    """EU trade by flow: exports at a constant oil price (a dearer barrel is no closer tie), real imports."""
    measures = {
        "exports": ("exports at a constant oil price", oil_price()),
        "imports": ("imports, constant USD", consumer_prices()),
    }
    variants = []
    for flow, (label, prices) in measures.items():
        measure = _at_prices_of(_trade("EU", flow), levels(prices), end)
        for base in sorted(set(bases) & comparable_years()):
            old, label_of = measure.get(str(base)), f"{base} to {end}, {label}"
            variants += _ratio(f"eu-{flow}-{base}", label_of, "trade with the EU", measure.get(end), old)
    return variants


def _opinion_before(partner: str, year: int) -> list[Variant]:
    """Good over bad in the last survey of the year and in the next January, and changes of the good share."""
    who, part = partner.lower(), f"opinion of {WEST[partner][0]}"
    good, bad = _liking(partner), _liking(partner, "bad")
    last = _last_survey({month: good[month] for month in good if month in bad}, year)
    variants = []
    for month in (last, f"{year + 1}-01"):
        label, pair = f"good over bad, {_month(month)}", (good.get(month), bad.get(month))
        variants += _ratio(f"{who}-good-over-bad-{month}", label, part, *pair, preferred=month == last)
    end = f"{year}-07"
    for start in EARLIER_SURVEYS:
        label = f"good share, {_month(start)} to {_month(end)}"
        variants += _ratio(f"{who}-liking-{start}", label, part, good.get(end), good.get(start))
    return variants


def ties_after(year: int, base_year: int) -> list[Variant]:
    """Return what was left in ``year`` of each tie with the West, as a ratio to its size in ``base_year``.

    For trade of a year that was not yet public, the change over eleven months carries the year before
    forward. The state three years after ``base_year`` and other starts and ends test when, and how far, each
    tie was hurt. They decide nothing: where no figure of ``year`` was public yet, there is nothing to return.
    """
    variants = [v for flow in ("exports", "imports") for v in _trade_after(flow, year, base_year)]
    variants += _gas_after(year, base_year)
    variants += [v for who in WEST for v in _opinion_after(who, year, base_year)]
    visas, firms = (levels(tie(s)) for s in ("schengen-visas-issued", "german-firms"))
    for end in dict.fromkeys(("2015", str(year))):
        label, decides = f"2012 to {end}", end == str(year)
        pair = visas.get(end), visas.get("2012")
        variants += _ratio(f"visas-2012-{end}", label, "Schengen visas in Russia", *pair, preferred=decides)
    for end in ("2016", "2021"):
        pair = firms.get(end), firms.get("2013")
        variants += _ratio(f"firms-2013-{end}", f"2013 to {end}", "German firms in Russia", *pair)
    return variants if any(v.preferred for v in variants) else []


def _trade_after(flow: str, year: int, base_year: int) -> list[Variant]:
    trade = eu_trade_with_imf()
    values = levels(trade[trade["flow"] == flow])
    part = {"exports": "EU exports to Russia", "imports": "EU imports from Russia"}[flow]
    last, how = values.get(str(year)), ""
    if last is None:
        last, how = _carried_forward(values, flow, year), ", last year by eleven months"
    base, middle = str(base_year), str(base_year + 3)
    label = f"{base} to {middle}, current EUR"
    variants = _ratio(f"{flow}-{base}-{middle}", label, part, values.get(middle), values.get(base))
    for start in dict.fromkeys((base, "2021")):
        label, decides = f"{start} to {year}, current EUR{how}", start == base
        variants += _ratio(f"{flow}-{start}-{year}", label, part, last, values.get(start), decides)
    return variants


def _carried_forward(values: dict[str, Level], flow: str, year: int) -> Level | None:
    """Value of the year before times the change over eleven months; nothing where they are missing."""
    before, now = f"{year - 1}-01/{year - 1}-11", f"{year}-01/{year}-11"
    months = data.load("trade_eurostat", reporter="EU27", partner="RUS", flow=flow, period=[before, now])
    pair = levels(_with_rows(most_precise(months, by=["period"])))
    base = values.get(str(year - 1))
    if base is None or len(pair) < 2:
        return None
    value = base.value * pair[now].value / pair[before].value
    return Level(value, (*base.rows, *pair[before].rows, *pair[now].rows))


def _gas_after(year: int, base_year: int) -> list[Variant]:
    part, start = "pipeline gas to Europe", str(base_year)
    gazprom, reuters, turkey = (levels(f) for f in (gas_with_turkey(), gas_without_turkey(), _gas("gazprom-turkey")))
    base, sold, end = gazprom.get(start), turkey.get(start), reuters.get(str(year))
    variants = []
    if base and sold:
        europe = Level(base.value - sold.value, (*base.rows, *sold.rows))
        label = f"{start} to {year}, without Turkey, Gazprom and Reuters"
        variants += _ratio(f"gas-{start}-{year}", label, part, end, europe, preferred=True)
    joint, link = gazprom.get("2022"), reuters.get("2022")
    if end and joint and link:
        chained = Level(joint.value * end.value / link.value, (*joint.rows, *link.rows, *end.rows))
        label = f"{start} to {year}, Gazprom, from 2022 by Reuters growth"
        variants += _ratio(f"gas-chained-{start}-{year}", label, part, chained, base)
    for middle in dict.fromkeys((str(base_year + 3), "2018", "2022")):
        label = f"{start} to {middle}, with Turkey, Gazprom"
        variants += _ratio(f"gas-with-turkey-{start}-{middle}", label, part, gazprom.get(middle), base)
    return variants


def _opinion_after(partner: str, year: int, base_year: int) -> list[Variant]:
    good, part = _liking(partner), f"Russians who like {WEST[partner][0]}"
    start, in_year = _last_survey(good, base_year), _last_survey(good, year)
    variants = []
    for end in dict.fromkeys((in_year, *FURTHER_SURVEYS)):
        label = f"good share, {_month(start)} to {_month(end)}"
        name = f"{partner.lower()}-liking-{end[-7:]}"
        variants += _ratio(name, label, part, good.get(end), good.get(start), preferred=end == in_year)
    return variants
