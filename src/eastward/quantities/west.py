"""Observed quantities for the claims on ties with the West: C04 and C05."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from eastward import data
from eastward.indicators.trade import annual, convert, deflate, most_precise, share
from eastward.indicators.west import excess_change, price_part
from eastward.quantities import Variant

PARTNERS = {"EU": ("EU27", "GBR"), "USA": ("USA",), "CHN": ("CHN",)}
"""Partners compared; the EU is taken as it was before 2020, with the United Kingdom."""

NAMES = {"EU": "the EU", "USA": "the USA", "CHN": "China"}

DONBAS = "donbas-sloviansk"
"""Event of ``west_events`` that marks the start of the fighting in Donbas."""

LAST_SURVEYS = {"EU": "2013-09", "USA": "2013-07"}
"""Month of the last survey of 2013 on each."""

FURTHER_BASES = (2005, 2008, 2010)
"""Base years that test robustness: mid-boom, the peak before the financial crisis, the recovery."""

LEAST_ALLOCATED = 95
"""Per cent of its exports and of its imports that Russia must give by partner for a year to be compared."""


@dataclass(frozen=True)
class Level:
    """A value and the ids of the data rows that it rests on."""

    value: float
    rows: tuple[str, ...]


def by_period(frame: pd.DataFrame, key: str = "period") -> dict[str, Level]:
    """Return the values of a frame with ``value`` and ``rows`` by the text in one of its columns."""
    cells = zip(frame[key], frame["value"], frame["rows"], strict=True)
    return {str(k): Level(float(value), tuple(rows)) for k, value, rows in cells}


def by_year(frame: pd.DataFrame) -> dict[int, Level]:
    """Return the values of a frame with ``year``, ``value`` and ``rows`` by year."""
    return {int(year): level for year, level in by_period(frame, "year").items()}


def _with_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(rows=frame["row"].map(lambda row: (row,)))


def _ratio(label: str, new: Level, old: Level, part: str, preferred: bool = False) -> Variant:
    rows = tuple(dict.fromkeys((*new.rows, *old.rows)))
    return Variant(label, new.value / old.value, rows, preferred=preferred, part=part)


def partner_trade(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Russia's goods trade with the EU, the USA, China and all partners in bn current USD, to 2020.

    Russian reports in the IMF's Direction of Trade Statistics; the EU includes the United Kingdom.

    Returns:
        One row a ``partner``, ``flow`` (exports and imports as Russia sees them, and turnover) and ``year``:
        ``value`` and ``rows``.

    """
    groups = {**PARTNERS, "WORLD": ("WORLD",)}
    member = {code: group for group, codes in groups.items() for code in codes}
    reports = annual(data.load("trade_imf_dots", as_of, reporter="RUS", partner=list(member)))
    reports["partner"] = reports["partner"].map(member)
    both = pd.concat([reports, reports.assign(flow="turnover")])
    keys = ["partner", "flow", "year"]
    return both.groupby(keys, as_index=False).agg(value=("value", "sum"), rows=("row", tuple))


def unallocated(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Per cent of Russia's exports and imports that its reports leave without a partner, by year and flow.

    A row a year from 1997; in 2009 to 2011 much is unallocated, so that shares of partners come out too low.
    """
    codes = ["NOT_SPECIFIED", "WORLD"]
    reports = annual(data.load("trade_imf_dots", as_of, reporter="RUS", partner=codes))
    table = reports.pivot(index="year", columns=["partner", "flow"], values="value")
    parts = {f: 100 * table[("NOT_SPECIFIED", f)] / table[("WORLD", f)] for f in ("exports", "imports")}
    return pd.DataFrame(parts).dropna()


def comparable_years(as_of: date = data.HINDSIGHT) -> set[int]:
    """Years in which Russia gives at least ``LEAST_ALLOCATED`` per cent of both flows by partner."""
    worst = unallocated(as_of).max(axis=1)
    return {int(year) for year in worst.index[worst <= 100 - LEAST_ALLOCATED]}


def _trade_levels(as_of: date, partner: str, flow: str) -> dict[int, Level]:
    trade = partner_trade(as_of)
    return by_year(trade[(trade["partner"] == partner) & (trade["flow"] == flow)])


def consumer_prices(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """US consumer price index by year (1982–84 = 100), the deflator of dollar values."""
    return _with_rows(annual(data.load("price_indices", as_of, series="us-cpi-u")))


def oil_price(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Brent spot price by year, USD a barrel."""
    return _with_rows(annual(data.load("oil_price", as_of, series="brent-spot")))


def _at_prices_of(values: dict[int, Level], prices: dict[int, Level], base_year: int) -> dict[int, Level]:
    """Express values in the prices of one year; years without a price are left out."""
    known = sorted(set(values) & set(prices))
    constant = deflate(
        pd.Series({y: values[y].value for y in known}),
        pd.Series({y: prices[y].value for y in prices}),
        base_year,
    )
    pairs = zip(known, constant.tolist(), strict=True)
    return {y: Level(value, (*values[y].rows, *prices[y].rows)) for y, value in pairs}


def real_turnover(as_of: date = data.HINDSIGHT, base_year: int = 2013) -> pd.DataFrame:
    """Russia's turnover with each partner from 2003, in bn USD of ``base_year``, and its share in per cent.

    Returns:
        One row a ``partner`` and ``year``: ``value`` (current USD), ``real``, ``share`` (of all trade) and
        ``rows``.

    """
    trade = partner_trade(as_of)
    trade = trade[(trade["flow"] == "turnover") & (trade["year"] >= 2003)].drop(columns="flow")
    prices = consumer_prices(as_of).set_index("year")["value"]
    world = trade[trade["partner"] == "WORLD"].set_index("year")["value"]
    parts = []
    for partner in PARTNERS:
        of_partner = trade[trade["partner"] == partner]
        values = of_partner.set_index("year")["value"]
        real, percent = deflate(values, prices, base_year), share(values, world)
        parts.append(of_partner.assign(real=real.to_numpy(), share=percent.loc[values.index].to_numpy()))
    return pd.concat(parts, ignore_index=True)


def opinion(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Levada's shares of Russians with a good or bad opinion of a country, per cent, one row a survey month.

    Where a source gives only 'very' and 'mostly', both are added; a source that gives one of them only is
    left out, and so are stated ranges. Of reports that differ by a point, the first public one serves.
    """
    surveys = data.load("opinion_levada", as_of, qualifier="stated")
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


def _opinion_levels(as_of: date, series: str, partner: str) -> dict[str, Level]:
    surveys = opinion(as_of)
    return by_period(surveys[(surveys["series"] == series) & (surveys["partner"] == partner)])


def gas_with_turkey(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Gazprom's exports to Europe with Turkey, bn m³ a year.

    Exports beyond the former Soviet Union less those to China. Forecasts and first figures that the company
    later replaced are left out.
    """
    exports = annual(data.load("energy_destinations", as_of, series="gazprom-far-abroad"))
    replaced = exports["note"].fillna("").str.contains("forecast|first figure")
    exports = most_precise(exports[~replaced], by=["year"])
    china = annual(data.load("energy_destinations", as_of, series="power-of-siberia"))
    less = by_year(_with_rows(most_precise(china, by=["year"])))
    nothing = Level(0.0, ())
    sent = [less.get(int(year), nothing) for year in exports["year"]]
    found = exports[["year", "source"]].copy()
    found["value"] = [value - s.value for value, s in zip(exports["value"], sent, strict=True)]
    rows = [(row, *s.rows) for row, s in zip(exports["row"], sent, strict=True)]
    found["rows"] = pd.Series(rows, index=exports.index, dtype=object)
    return found


def gas_without_turkey(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Pipeline gas to Europe without Turkey by the Reuters calculation, bn m³ a year, from 2022."""
    rows = annual(data.load("energy_destinations", as_of, series="reuters-pipeline-gas"))
    return _with_rows(most_precise(rows, by=["year"]))[["year", "source", "value", "rows"]]


def eu_trade(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """EU27 goods trade with Russia in bn current EUR, one row a year and flow (constant 27 members).

    Eurostat where public on that day; other years are the EU's reports to the IMF in dollars, converted at
    the average rate of the year.
    """
    eurostat = annual(data.load("trade_eurostat", as_of, reporter="EU27", partner="RUS", flow=["exports", "imports"]))
    eurostat = _with_rows(most_precise(eurostat, by=["flow", "year"])).assign(compiler="Eurostat")
    rates = annual(data.load("exchange_rates", as_of, series="usd-eur")).set_index("year")
    imf = annual(data.load("trade_imf_dots", as_of, reporter="EU27", partner="RUS"))
    imf = imf[imf["year"].isin(rates.index)].set_index("year", drop=False)
    euros = convert(imf["value"], rates["value"].reindex(imf.index))
    rate_rows = rates["row"].reindex(imf.index)
    imf["value"], imf["compiler"] = euros, "IMF, at the average rate"
    imf["rows"] = pd.Series(list(zip(imf["row"], rate_rows, strict=True)), index=imf.index, dtype=object)
    columns = ["flow", "year", "value", "rows", "compiler"]
    joined = pd.concat([eurostat[columns], imf[columns]]).drop_duplicates(["flow", "year"])
    return joined.sort_values(["flow", "year"]).reset_index(drop=True)


def tie(as_of: date, series: str) -> pd.DataFrame:
    """Return one series of ``west_ties``, a row a period, with ``rows``.

    The European Parliament's number of visas for 2019 is left out: its world total exceeds the Commission's
    by a third, so it counts something else.
    """
    frame = data.load("west_ties", as_of, series=series)
    frame = frame[frame["source"] != "eprs2022visas"].drop_duplicates("period")
    return _with_rows(frame).reset_index(drop=True)


def ties_before(as_of: date, year: int, base_year: int) -> list[Variant]:
    """Return how much larger a tie with the West was in ``year`` than before, or than its counterpart.

    Ratios: trade in constant dollars against ``base_year``, gas against the first year with a figure, opinion
    as liking over disliking and the EU over China as a trade partner decide. Other base years, reporters, the
    share in all trade, the oil price, the change of opinion, visas and German firms test how robust that is.
    """
    bases = sorted({base_year, *FURTHER_BASES})
    variants = [v for who in ("EU", "USA") for v in _trade_before(as_of, who, year, base_year, bases)]
    variants += _flows_before(as_of, year, bases)
    rivals = [_trade_levels(as_of, who, "turnover")[year] for who in ("EU", "CHN")]
    part = "the EU over China as a trade partner"
    variants.append(_ratio(f"turnover of {year}, Russian reports", rivals[0], rivals[1], part, preferred=True))
    gas = by_year(gas_with_turkey(as_of))
    for base in (2009, 2012):
        label = f"{base} to {year}, Gazprom"
        variants.append(_ratio(label, gas[year], gas[base], "gas to Europe with Turkey", base == 2009))
    variants += [v for who in ("EU", "USA") for v in _opinion_before(as_of, who, year)]
    visas, firms = (by_period(tie(as_of, s)) for s in ("schengen-visas-issued", "german-firms"))
    variants.append(_ratio("2011 to 2012, EU", visas["2012"], visas["2011"], "Schengen visas in Russia"))
    label = f"2011 to {year}, tax service"
    variants.append(_ratio(label, firms[str(year)], firms["2011"], "German firms in Russia"))
    return variants


def _trade_before(as_of: date, partner: str, year: int, base_year: int, bases: Iterable[int]) -> list[Variant]:
    """Turnover with one partner: real by both reporters, and its share in all trade."""
    prices = by_year(consumer_prices(as_of))
    own = _trade_levels(as_of, partner, "turnover")
    world = _trade_levels(as_of, "WORLD", "turnover")
    shares = {y: Level(own[y].value / world[y].value, (*own[y].rows, *world[y].rows)) for y in own}
    reporter = "EU27" if partner == "EU" else partner
    reports = annual(data.load("trade_imf_dots", as_of, reporter=reporter, partner="RUS"))
    theirs = by_year(reports.groupby("year", as_index=False).agg(value=("value", "sum"), rows=("row", tuple)))
    partners_own = _at_prices_of(theirs, prices, year)
    measures = {
        "constant USD, Russian reports": _at_prices_of(own, prices, year),
        "share in all trade": shares,
        f"constant USD, {'EU' if partner == 'EU' else 'US'} reports": partners_own,
    }
    decides, comparable = "constant USD, Russian reports", comparable_years(as_of)
    return [
        _ratio(
            f"{base} to {year}, {how}",
            measure[year],
            measure[base],
            f"trade with {NAMES[partner]}",
            preferred=how == decides and base == base_year,
        )
        for how, measure in measures.items()
        for base in bases
        if base in comparable or measure is partners_own
    ]


def _flows_before(as_of: date, year: int, bases: Iterable[int]) -> list[Variant]:
    """EU trade by flow: exports at a constant oil price (a dearer barrel is no closer tie), real imports."""
    exports = _at_prices_of(_trade_levels(as_of, "EU", "exports"), by_year(oil_price(as_of)), year)
    imports = _at_prices_of(_trade_levels(as_of, "EU", "imports"), by_year(consumer_prices(as_of)), year)
    measures = {"exports at a constant oil price": exports, "imports, constant USD": imports}
    return [
        _ratio(f"{base} to {year}, {how}", measure[year], measure[base], "trade with the EU")
        for how, measure in measures.items()
        for base in sorted(set(bases) & comparable_years(as_of))
    ]


def _opinion_before(as_of: date, partner: str, year: int) -> list[Variant]:
    """Good over bad in the last survey of the year and in the next January, and changes of the good share."""
    good, bad = (_opinion_levels(as_of, series, partner) for series in ("good", "bad"))
    part = f"opinion of {NAMES[partner]}"
    last = max(month for month in set(good) & set(bad) if month.startswith(f"{year}-"))
    variants = [
        _ratio(f"good over bad, {_month(month)}", good[month], bad[month], part, preferred=month == last)
        for month in (last, f"{year + 1}-01")
    ]
    end = f"{year}-07"
    for start in ("2008-09", "2010", "2012-01"):
        variants.append(_ratio(f"good share, {_month(start)} to {_month(end)}", good[end], good[start], part))
    return variants


def ties_after(as_of: date, year: int, base_year: int) -> list[Variant]:
    """Return what was left in ``year`` of each tie with the West, as a ratio to its size in ``base_year``.

    For trade of a year that was not yet public, the change over eleven months carries the year before
    forward. The state three years after ``base_year`` and other starts and ends test when, and how far, each
    tie was hurt.
    """
    variants = [v for flow in ("exports", "imports") for v in _trade_after(as_of, flow, year, base_year)]
    variants += _gas_after(as_of, year, base_year)
    variants += [v for who in ("EU", "USA") for v in _opinion_after(as_of, who, year)]
    visas, firms = (by_period(tie(as_of, s)) for s in ("schengen-visas-issued", "german-firms"))
    for end in ("2015", str(year)):
        if end in visas:
            label, decides = f"2012 to {end}", end == str(year)
            variants.append(_ratio(label, visas[end], visas["2012"], "Schengen visas in Russia", decides))
    for end in ("2016", "2021"):
        variants.append(_ratio(f"2013 to {end}", firms[end], firms["2013"], "German firms in Russia"))
    return variants


def _trade_after(as_of: date, flow: str, year: int, base_year: int) -> list[Variant]:
    trade = eu_trade(as_of)
    values = by_year(trade[trade["flow"] == flow])
    part = {"exports": "EU exports to Russia", "imports": "EU imports from Russia"}[flow]
    last, how = values.get(year), ""
    if last is None:
        last, how = _carried_forward(as_of, values, flow, year), ", last year by eleven months"
    middle = base_year + 3
    variants = [_ratio(f"{base_year} to {middle}, current EUR", values[middle], values[base_year], part)]
    for base in (base_year, 2021):
        if last is not None and base in values:
            label = f"{base} to {year}, current EUR{how}"
            variants.append(_ratio(label, last, values[base], part, preferred=base == base_year))
    return variants


def _carried_forward(as_of: date, values: dict[int, Level], flow: str, year: int) -> Level | None:
    """Value of the year before times the change over eleven months; nothing where they are missing."""
    before, now = f"{year - 1}-01/{year - 1}-11", f"{year}-01/{year}-11"
    months = data.load("trade_eurostat", as_of, reporter="EU27", partner="RUS", flow=flow, period=[before, now])
    pair = by_period(_with_rows(most_precise(months, by=["period"])))
    if year - 1 not in values or len(pair) < 2:
        return None
    base = values[year - 1]
    value = base.value * pair[now].value / pair[before].value
    return Level(value, (*base.rows, *pair[before].rows, *pair[now].rows))


def _gas_after(as_of: date, year: int, base_year: int) -> list[Variant]:
    part = "pipeline gas to Europe"
    gazprom, reuters = by_year(gas_with_turkey(as_of)), by_year(gas_without_turkey(as_of))
    turkey_rows = annual(data.load("energy_destinations", as_of, series="gazprom-turkey"))
    turkey = by_year(_with_rows(most_precise(turkey_rows, by=["year"])))[base_year]
    base = gazprom[base_year]
    variants = []
    if year in reuters:
        europe = Level(base.value - turkey.value, (*base.rows, *turkey.rows))
        label = f"{base_year} to {year}, without Turkey, Gazprom and Reuters"
        variants.append(_ratio(label, reuters[year], europe, part, preferred=True))
        joint = gazprom[2022]
        value = joint.value * reuters[year].value / reuters[2022].value
        chained = Level(value, (*joint.rows, *reuters[2022].rows, *reuters[year].rows))
        variants.append(_ratio(f"{base_year} to {year}, Gazprom, from 2022 by Reuters growth", chained, base, part))
    for middle in (base_year + 3, 2018, 2022):
        variants.append(_ratio(f"{base_year} to {middle}, with Turkey, Gazprom", gazprom[middle], base, part))
    return variants


def _opinion_after(as_of: date, partner: str, year: int) -> list[Variant]:
    good = _opinion_levels(as_of, "good", partner)
    start = LAST_SURVEYS[partner]
    in_year = max((month for month in good if month.startswith(f"{year}-")), default="")
    others = ("2014-05", "2015-01", "2019-11", "2021-11", "2024-09/2024-10", "2025-10")
    part = f"Russians who like {NAMES[partner]}"
    return [
        _ratio(f"good share, {_month(start)} to {_month(end)}", good[end], good[start], part, end == in_year)
        for end in (in_year, *others)
        if end in good
    ]


def _month(period: str) -> str:
    """Write a survey month for readers: ``July 2013``; an interval by its last month, a year as it is."""
    return f"{data.period_end(period):%B %Y}" if "-" in period else period


def fall_of_trade(as_of: date = data.HINDSIGHT, start: int = 2013, end: int = 2016) -> dict[str, float]:
    """Part the fall of Russia–EU trade after ``start`` into what price and ruble can explain, and the rest.

    Returns:
        Ratios of ``end`` to ``start``: ``exports`` and ``imports`` with the EU (current USD), ``brent``
        (price), ``exports_at_constant_price``, ``imports_from_others`` (all partners but the EU),
        ``excess_imports`` and ``excess_exports`` (the EU over all others), and ``price_part`` (part of the
        fall of exports that the price accounts for, on logarithms).

    """

    def pair(partner: str, flow: str) -> tuple[float, float]:
        found = _trade_levels(as_of, partner, flow)
        return found[start].value, found[end].value

    def others(flow: str) -> tuple[float, float]:
        world, union = pair("WORLD", flow), pair("EU", flow)
        return world[0] - union[0], world[1] - union[1]

    exports, imports, rest = pair("EU", "exports"), pair("EU", "imports"), others("imports")
    brent = by_year(oil_price(as_of))
    price = brent[end].value / brent[start].value
    change = exports[1] / exports[0]
    return {
        "exports": change,
        "imports": imports[1] / imports[0],
        "brent": price,
        "exports_at_constant_price": change / price,
        "imports_from_others": rest[1] / rest[0],
        "excess_imports": excess_change(imports, rest),
        "excess_exports": excess_change(exports, others("exports")),
        "price_part": price_part(change, price),
    }


def breaks_before_donbas(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Western steps of 2014 that ended or suspended ties before the fighting in Donbas began, by date."""
    events = data.load("west_events", as_of)
    start = str(events.loc[events["event"] == DONBAS, "date"].iloc[0])
    dated = events[(events["stance"] == "break") & (events["date"].str.len() == 10)]
    return dated[dated["date"].between("2014", start)].sort_values("date").reset_index(drop=True)


def steps(as_of: date = data.HINDSIGHT, first: int = 2008, last: int = 2014) -> pd.DataFrame:
    """Dated steps between Russia and the West, worded for readers: when, what, its sense and the source."""
    events = data.load("west_events", as_of)
    years = events["date"].str[:4].astype(int)
    shown = events[years.between(first, last) & (events["kind"] != "opinion")].sort_values("date")
    columns = {"date": "When", "title": "Step", "stance": "Sense", "source": "Source"}
    table = shown[list(columns)].rename(columns=columns).reset_index(drop=True)
    table["When"] = [_month(d) if len(d) < 10 else f"{int(d[8:])} {_month(d)}" for d in shown["date"]]
    return table


def two_breaks(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Level of each tie before and after 2014 and before and after 2022, worded for readers, with sources."""
    trade = eu_trade(as_of)
    exports, imports = (by_year(trade[trade["flow"] == flow]) for flow in ("exports", "imports"))
    gazprom, reuters = by_year(gas_with_turkey(as_of)), by_year(gas_without_turkey(as_of))
    visas, firms = (by_period(tie(as_of, s)) for s in ("schengen-visas-issued", "german-firms"))
    liked = {who: _opinion_levels(as_of, "good", who) for who in LAST_SURVEYS}
    years, none = (2013, 2016, 2021, 2023), ("", None)
    months = ("2015-01", "2021-11", "2023-02")
    lines: dict[str, list[tuple[str, Level | None]]] = {
        "EU exports to Russia, bn EUR": [(str(y), exports.get(y)) for y in years],
        "EU imports from Russia, bn EUR": [(str(y), imports.get(y)) for y in years],
        "Pipeline gas to Europe with Turkey, bn m³": [*((str(y), gazprom.get(y)) for y in years[:3]), none],
        "The same without Turkey, bn m³": [none, none, none, ("2023", reuters.get(2023))],
        **{
            f"Russians who like {NAMES[who]}, %": [(_month(m), liked[who].get(m)) for m in (start, *months)]
            for who, start in LAST_SURVEYS.items()
        },
        "Schengen visas in Russia, million": [(p, visas.get(p)) for p in ("2012", "2015", "2019", "2023")],
        "German firms in Russia": [*((p, firms.get(p)) for p in ("2013", "2016", "2021")), none],
    }
    written = []
    for name, cells in lines.items():
        texts = [f"{level.value:.4g} ({when})" if level else "–" for when, level in cells]
        used = tuple(dict.fromkeys(row for _, level in cells if level for row in level.rows))
        columns = ("Before 2014", "After 2014", "Before 2022", "After 2022")
        keys = ",".join(dict.fromkeys(data.rows(used)["source"]))
        written.append({"Tie": name, **dict(zip(columns, texts, strict=True)), "Source": keys})
    return pd.DataFrame(written)
