"""Observed quantities for the claims on ties with the West: C04 and C05."""

from dataclasses import dataclass

import pandas as pd

from eastward import data
from eastward.evidence import Variant
from eastward.evidence.trade import eu_trade
from eastward.methods.trade import annual, deflate, most_precise, summed, with_rows

PARTNERS = {"EU": ("EU27", "GBR"), "USA": ("USA",), "CHN": ("CHN",)}
"""Partners compared; the EU is taken as it was before 2020, with the United Kingdom."""

DAYS_OF_A_YEAR = 365.25

WEST = {"EU": ("the EU", "EU27", "EU reports"), "USA": ("the USA", "USA", "US reports")}
"""Western partners: name, code as a reporter of trade, and what readers call its reports."""


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


def _ratio(
    id: str, label: str, part: str, new: Level | None, old: Level | None, preferred: bool = False, evidence: str = ""
) -> list[Variant]:
    """Return one level over another as a variant; none where one of them is missing."""
    if new is None or old is None:
        return []
    rows = tuple(dict.fromkeys((*new.rows, *old.rows)))
    return [Variant(label, new.value / old.value, rows, preferred=preferred, part=part, evidence=evidence, id=id)]


@data.kept
def partner_trade() -> pd.DataFrame:
    """Russia's goods trade with the EU, the USA, China and all partners in bn current USD, to 2021, by Russian reports to the IMF.

    The EU includes the United Kingdom. One row a ``partner``, ``flow`` (with turnover) and ``year``: ``value`` and ``rows``.
    """
    groups = {**PARTNERS, "WORLD": ("WORLD",)}
    member = {code: group for group, codes in groups.items() for code in codes}
    reports = annual(data.load("trade_imf_dots", reporter="RUS", partner=list(member)))
    reports["partner"] = reports["partner"].map(member)
    both = pd.concat([reports, reports.assign(flow="turnover")])
    return summed(both, ["partner", "flow", "year"])


def unallocated() -> pd.DataFrame:
    """Per cent of Russia's exports and imports that its reports leave without a partner, by year and flow.

    A row a year from 1997; in 2009 to 2011 much is unallocated, so that shares of partners come out too low.
    """
    reports = annual(data.load("trade_imf_dots", reporter="RUS", partner=["NOT_SPECIFIED", "WORLD"]))
    table = reports.pivot(index="year", columns=["partner", "flow"], values="value")
    parts = {f: 100 * table[("NOT_SPECIFIED", f)] / table[("WORLD", f)] for f in ("exports", "imports")}
    return pd.DataFrame(parts).dropna()


def comparable_years(least: float) -> set[int]:
    """Years in which Russia gives at least so many per cent of both flows by partner."""
    worst = unallocated().max(axis=1)
    return {int(year) for year in worst.index[worst <= 100 - least]}


def consumer_prices() -> pd.DataFrame:
    """US consumer price index by year (1982–84 = 100), the deflator of dollar values."""
    return with_rows(annual(data.load("price_indices", series="us-cpi-u")))


def oil_price() -> pd.DataFrame:
    """Brent spot price by year, USD a barrel."""
    return with_rows(annual(data.load("oil_price", series="brent-spot")))


@data.kept
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
    whole = with_rows(surveys[surveys["answers"] == "all"])
    every = pd.concat([whole[columns], sums.loc[sums["n"] == 2, columns]])
    first = every.sort_values(["known", "source"], kind="stable").drop_duplicates(keys[:3])
    return first.sort_values(keys[:3]).reset_index(drop=True)


@data.kept
def gas(series: str) -> pd.DataFrame:
    """Return one series of gas by year; forecasts, and first figures that were replaced, are left out."""
    rows = annual(data.load("energy_destinations", series=series, status="stated"))
    return with_rows(most_precise(rows, by=["year"]))[["year", "source", "value", "rows"]]


def gas_with_turkey() -> pd.DataFrame:
    """Gazprom's exports to Europe with Turkey, bn m³ a year: those beyond the former Soviet Union less those to China."""
    exports, china = gas("gazprom-far-abroad"), levels(gas("power-of-siberia"))
    sent = [china.get(str(year), Level(0.0, ())) for year in exports["year"]]
    exports["value"] = [value - s.value for value, s in zip(exports["value"], sent, strict=True)]
    exports["rows"] = [(*rows, *s.rows) for rows, s in zip(exports["rows"], sent, strict=True)]
    return exports


def gas_to_eu() -> dict[str, Level]:
    """Gas that the EU27 imported from Russia by pipeline, TJ a year, by Eurostat: all of it less what was liquefied."""
    whole, liquid = (levels(gas(f"eurostat-{kind}")) for kind in ("gas", "lng"))
    return {y: Level(whole[y].value - liquid[y].value, (*whole[y].rows, *liquid[y].rows)) for y in whole}


@data.kept
def eu_reports() -> pd.DataFrame:
    """EU27 goods trade with Russia in bn current EUR by flow, year and compiler: Eurostat, then reports to the IMF in dollars."""
    eurostat = with_rows(eu_trade()).assign(compiler="Eurostat")
    rates = annual(data.load("exchange_rates", series="usd-eur")).set_index("year")
    imf = annual(data.load("trade_imf_dots", reporter="EU27", partner="RUS"))
    imf = imf[imf["year"].isin(rates.index)].set_index("year", drop=False)
    rate_rows = rates["row"].reindex(imf.index)
    imf["rows"] = pd.Series(list(zip(imf["row"], rate_rows, strict=True)), index=imf.index, dtype=object)
    imf = imf.assign(value=imf["value"] * rates["value"].reindex(imf.index), compiler="IMF, at the average rate")
    columns = ["flow", "year", "value", "rows", "compiler"]
    return pd.concat([eurostat[columns], imf[columns]])


def eu_trade_with_imf() -> pd.DataFrame:
    """EU27 goods trade with Russia in bn current EUR, one row a year and flow: Eurostat where public on that day, else the IMF."""
    return eu_reports().drop_duplicates(["flow", "year"]).sort_values(["flow", "year"], ignore_index=True)


def tie(series: str) -> pd.DataFrame:
    """Return one series of ``west_ties``, a row a period, with ``rows``; figures that count something else are left out."""
    frame = data.load("west_ties", series=series, comparable="yes").drop_duplicates("period")
    return with_rows(frame).reset_index(drop=True)


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


def summits() -> dict[str, Level]:
    """EU–Russia summits a year in each span that the numbering of the summits, or a stated count, covers in full."""
    numbers, counts = tie("summit-number").sort_values("period"), tie("summits")
    first, last = numbers.iloc[0], numbers.iloc[-1]
    spans = [(f"{first['period']}/{last['period']}", last["value"] - first["value"], (*first["rows"], *last["rows"]))]
    spans += [(row["period"], row["value"], row["rows"]) for _, row in counts.iterrows()]
    years = {p: (data.period_end(p) - data.period_start(p)).days / DAYS_OF_A_YEAR for p, *_ in spans}
    return {period: Level(count / years[period], rows) for period, count, rows in spans}


def ties_before(
    year: int, base_year: int, further_bases: list[int], gas_bases: list[int], surveys: list[str],
    least_allocated: float,
) -> list[Variant]:  # fmt: skip
    """Return how much larger a tie with the West was in ``year``, the last before the crisis, than before, or than its counterpart.

    The EU over China as a trade partner, exports to the EU at the oil price of ``year`` and imports from it at US consumer
    prices against ``base_year``, and liking over disliking decide. Other bases (of trade and of gas) and reporters, the share
    in all trade, gas by volume, the change of opinion since earlier ``surveys``, visas and German firms test how robust that
    is. For a year to be compared Russia must give ``least_allocated`` per cent of its trade by partner.
    """
    bases, end, whole = sorted({base_year, *further_bases}), str(year), comparable_years(least_allocated)
    union, china = (_trade(who, "turnover").get(end) for who in ("EU", "CHN"))
    label, part = f"turnover of {year}, Russian reports", "the EU over China as a trade partner"
    variants = _ratio("eu-over-china", label, part, union, china, preferred=True)
    variants += _flows_before(end, base_year, sorted(set(bases) & whole))
    variants += [v for who in WEST for v in _trade_before(who, end, bases, whole)]
    gas, part = levels(gas_with_turkey()), "gas to Europe with Turkey"
    for base in gas_bases:
        label, old = f"{base} to {year}, Gazprom", gas.get(str(base))
        variants += _ratio(f"gas-{base}", label, part, gas.get(end), old)
    variants += [v for who in WEST for v in _opinion_before(who, year, surveys)]
    visas, firms = (levels(tie(s)) for s in ("schengen-visas-issued", "german-firms"))
    last = sorted(period for period in visas if period <= end)[-2:]
    pair = (visas[period] for period in reversed(last)) if len(last) == 2 else (None, None)
    variants += _ratio("visas", f"{' to '.join(last)}, EU", "Schengen visas in Russia", *pair)
    first = min(firms, default="")
    label, part = f"{first} to {year}, tax service", "German firms in Russia"
    return variants + _ratio("firms", label, part, firms.get(end), firms.get(first))


def _trade_before(partner: str, end: str, bases: list[int], whole: set[int]) -> list[Variant]:
    """Trade with one partner: its share in all trade, and turnover in constant dollars by the partner's reports."""
    (name, reporter, theirs), prices = WEST[partner], levels(consumer_prices())
    own, world = _trade(partner, "turnover"), _trade("WORLD", "turnover")
    reports = summed(annual(data.load("trade_imf_dots", reporter=reporter, partner="RUS")), "year")
    shares = {y: Level(own[y].value / world[y].value, (*own[y].rows, *world[y].rows)) for y in own}
    measures = {
        "share": ("share in all trade", shares),
        "partner": (f"constant USD, {theirs}", _at_prices_of(levels(reports), prices, end)),
    }
    variants = []
    for how, (label, measure) in measures.items():
        for base in (b for b in bases if b in whole or how == "partner"):
            id, told = f"{partner.lower()}-{how}-{base}", f"{base} to {end}, {label}"
            variants += _ratio(id, told, f"trade with {name}", measure.get(end), measure.get(str(base)))
    return variants


def _flows_before(end: str, base_year: int, bases: list[int]) -> list[Variant]:
    """EU trade by flow: exports at a constant oil price (a dearer barrel is no closer tie), imports in constant dollars."""
    measures = {
        "exports": ("exports to the EU", "at a constant oil price", oil_price()),
        "imports": ("imports from the EU", "constant USD", consumer_prices()),
    }
    variants = []
    for flow, (part, how, prices) in measures.items():
        measure = _at_prices_of(_trade("EU", flow), levels(prices), end)
        for base in bases:
            old, label = measure.get(str(base)), f"{base} to {end}, {how}"
            variants += _ratio(f"eu-{flow}-{base}", label, part, measure.get(end), old, base == base_year)
    return variants


def _opinion_before(partner: str, year: int, surveys: list[str]) -> list[Variant]:
    """Good over bad in the last survey of the year and in the next one, and changes of the good share."""
    who, part = partner.lower(), f"opinion of {WEST[partner][0]}"
    good, bad = _liking(partner), _liking(partner, "bad")
    last = _last_survey({month: good[month] for month in good if month in bad}, year)
    after = min((month for month in good if month in bad and month > last), default="")
    variants = []
    for month in (last, after):
        label, pair = f"good over bad, {_month(month)}", (good.get(month), bad.get(month))
        variants += _ratio(f"{who}-good-over-bad-{month}", label, part, *pair, preferred=month == last)
    for start in surveys:
        label = f"good share, {_month(start)} to {_month(last)}"
        variants += _ratio(f"{who}-liking-{start}", label, part, good.get(last), good.get(start))
    return variants


def ties_after(base_year: int, soon: int, open_year: int, eve: int, year: int, surveys: list[str]) -> list[Variant]:
    """Return what was left of each tie with the West after the crisis of 2014 and after the invasion, as a ratio.

    After the first, summits with the EU and liking decide, after the second trade, gas and liking; the rest tests which
    fields were spared. Both ends of a ratio come from one compiler, and no figure is carried forward. The last years
    before the two are ``base_year`` and ``eve``, those that show what they had done ``soon`` and ``year``; visas are counted
    from ``open_year`` too, the last with open borders; each of the further ``surveys`` is set against the last one before
    its crisis.
    """
    first, second = f", after {base_year + 1}", f", after {eve + 1}"
    held = sorted(summits().items())
    past = max((s for s, _ in held if data.period_end(s).year <= base_year + 1), default="")
    since = max((s for s, _ in held if data.period_start(s).year > base_year), default="")
    label, pair = f"a year, {since} over {past}", (summits().get(since), summits().get(past))
    variants = _ratio("summits", label, f"EU–Russia summits{first}", *pair, True)
    for flow, part in (("exports", "EU exports to Russia"), ("imports", "EU imports from Russia")):
        variants += _eu_trade(flow, base_year, soon, part + first) + _eu_trade(flow, eve, year, part + second, True)
    gazprom, reuters = levels(gas_with_turkey()), levels(gas("reuters-pipeline-gas"))
    sent = ((base_year, soon, first, False), (base_year, eve, first, False), (eve, eve + 1, second, True))
    for start, end, crisis, decides in sent:
        pair = gazprom.get(str(end)), gazprom.get(str(start))
        label = f"{start} to {end}, with Turkey, Gazprom"
        variants += _ratio(f"gas-{start}-{end}", label, f"pipeline gas to Europe{crisis}", *pair, decides)
    pair, label = (reuters.get(str(year)), reuters.get(str(eve + 1))), f"{eve + 1} to {year}, without Turkey, Reuters"
    variants += _ratio(f"gas-{eve + 1}-{year}", label, f"pipeline gas to Europe{second}", *pair)
    pair, label = (gas_to_eu().get(str(soon)), gas_to_eu().get(str(base_year))), f"{base_year} to {soon}, Eurostat"
    variants += _ratio(f"gas-{base_year}-{soon}-eurostat", label, f"pipeline gas to Europe{first}", *pair)
    for who in WEST:
        good, part = _liking(who), f"Russians who like {WEST[who][0]}"
        for start, end, crisis in ((base_year, base_year + 1, first), (eve, year, second)):
            old, last = _last_survey(good, start), _last_survey(good, end)
            further = [m for m in surveys if (m > str(eve + 1)) == (crisis == second)]
            for month in dict.fromkeys((last, *further)):
                label, name = f"good share, {_month(old)} to {_month(month)}", f"{who.lower()}-liking-{month[-7:]}"
                variants += _ratio(name, label, part + crisis, good.get(month), good.get(old), month == last)
    spans = [("", base_year, soon, first), (str(soon), open_year, year, second), (str(soon), eve, year, second)]
    visas, firms = ("visas", "Schengen visas", "schengen-visas-issued"), ("firms", "German firms", "german-firms")
    for (name, part, series), compared in ((visas, spans), (firms, spans[::2])):
        known = levels(tie(series))
        for earliest, start, end, crisis in compared:
            old = max((p for p in known if earliest < p <= str(start)), default="")
            new = max((p for p in known if str(start) < p <= str(end)), default="")
            label, pair = f"{part} in Russia{crisis}", (known.get(new), known.get(old))
            variants += _ratio(f"{name}-{old}-{new}", f"{old} to {new}", label, *pair)
    return variants if any(v.preferred for v in variants) else []


def _eu_trade(flow: str, start: int, end: int, part: str, preferred: bool = False) -> list[Variant]:
    """One flow of the EU over its size at the start, by the first compiler that has both years."""
    for compiler, reports in eu_reports().groupby("compiler", sort=False):
        values = levels(reports[reports["flow"] == flow])
        label, pair = f"{start} to {end}, current EUR, {compiler}", (values.get(str(end)), values.get(str(start)))
        if all(pair):
            return _ratio(f"{flow}-{start}-{end}", label, part, *pair, preferred)
    return []
