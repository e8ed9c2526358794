"""Observed quantities of the chapter on the turn east: C01 and C06.

Trade with China and with the EU is taken from the partner's reports throughout (mirror statistics), because Russia
stopped publishing its own by country in 2022: IMF workbooks to 2020, then Chinese customs and Eurostat.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd

from eastward import data
from eastward.evidence import Variant, each, trade
from eastward.methods import structure
from eastward.methods.trade import annual, most_precise, rank, with_rows

FLOWS = ("exports", "imports")
EU_SINCE = 1993
"""First year of the EU's trade with Russia: few of today's members reported any in the year before."""


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns ``exports`` and ``imports`` by year, and ids of the rows behind each (``exports_rows``)."""
    values, ids = (
        frame.pivot(index="year", columns="flow", values=column).reindex(columns=list(FLOWS))
        for column in ("value", "rows")
    )
    return values.join(ids.add_suffix("_rows")).rename_axis(columns=None)


def _mirrored(*reports: pd.DataFrame) -> pd.DataFrame:
    """Russia's exports and imports by year from what its partner reports, which are imports and exports."""
    reported = pd.concat([report[["flow", "year", "value", "rows"]] for report in reports])
    return _wide(reported.assign(flow=reported["flow"].map(trade.MIRROR)))


def _year_before(levels: pd.DataFrame, growth: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Levels of the year before, from levels and stated growth, for those without a level of their own."""
    growth = growth.drop_duplicates(subset=by)
    both = levels.merge(growth[[*by, "value", "row"]], on=by, suffixes=("", "_growth"))
    both["value"] = both["value"] / (1 + both["value_growth"] / 100)
    both["rows"] = [(*ids, row) for ids, row in zip(both["rows"], both["row_growth"], strict=True)]
    both["year"] -= 1
    own = set(levels[by].itertuples(index=False, name=None))
    missing = [key not in own for key in both[by].itertuples(index=False, name=None)]
    return both.loc[missing, [*by, "value", "rows"]]


@data.kept
def trade_with_china() -> pd.DataFrame:
    """Russia's goods exports to and imports from China by year, as China reports them, bn current USD: the IMF workbook
    to 2020, then Chinese customs; the flows of 2021 follow from the levels of 2022 and their stated growth.
    """
    imf = with_rows(annual(data.load("trade_imf_dots", reporter="CHN", partner="RUS")))
    customs = with_rows(annual(data.load("trade_china_customs", unit="USD bn", flow=list(FLOWS))))
    customs = most_precise(customs[customs["year"] > imf["year"].max()], by=["flow", "year"])
    growth = annual(data.load("trade_china_customs_growth", unit="percent, USD terms", flow=list(FLOWS)))
    growth = growth[growth["year"] == customs["year"].min()]
    return _mirrored(imf, customs, _year_before(customs, growth, ["flow", "year"]))


@data.kept
def trade_with_eu() -> pd.DataFrame:
    """Russia's goods exports to and imports from the EU27 by year, as the EU reports them, bn current USD: the IMF
    workbook to 2020, then Eurostat, converted at the average rate of the year.
    """
    imf = with_rows(annual(data.load("trade_imf_dots", reporter="EU27", partner="RUS")))
    euro = trade.eu_trade()
    rates = annual(data.load("exchange_rates", series="usd-eur")).drop_duplicates(subset=["year"])
    euro = euro[euro["year"] > imf["year"].max()]
    euro = euro.merge(rates[["year", "value", "row"]], on="year", suffixes=("", "_rate"))
    dollars = euro["value"] / euro["value_rate"]
    euro = euro.assign(value=dollars, rows=list(zip(euro["row"], euro["row_rate"], strict=True)))
    return _mirrored(imf[imf["year"] >= EU_SINCE], euro)


@data.kept
def totals(country: str) -> pd.DataFrame:
    """All goods exports and imports of a country by year (World Development Indicators), bn current USD."""
    return _wide(with_rows(annual(data.load("trade_world", series="wdi", reporter=country))))


def weights() -> pd.DataFrame:
    """Weight of China in Russia's goods trade and of Russia in China's: see ``structure.dependence``."""
    both = trade_with_china()[list(FLOWS)].dropna().sum(axis=1)
    return structure.dependence(both, *(totals(c)[list(FLOWS)].sum(axis=1) for c in ("RUS", "CHN")))


@data.kept
def region_trade() -> pd.DataFrame:
    """Russia's goods trade with Asia and Europe by flow and year, bn current USD, and their shares.

    Sums over Russia's reports to the IMF, to 2021, on the regions of Russian customs, then Russian customs, whose levels of
    2022 follow from those of 2023 and their stated change. Years in which much of the trade is not allocated to countries are
    left out. One row a flow, year and ``region`` (ASIA, EUROPE): ``value``, ``share`` (per cent), ``half_unit``, ``rows``.
    """
    by = ["flow", "year", "region"]
    regions = ["ASIA", "EUROPE", "WORLD"]
    imf = with_rows(annual(data.load("trade_imf_regions", status="allocated"))).rename(columns={"partner": "region"})
    world = with_rows(annual(data.load("trade_imf_dots", reporter="RUS", partner="WORLD")))
    customs = with_rows(annual(data.load("trade_russian_customs", unit="USD bn", flow=list(FLOWS), partner=regions)))
    customs = most_precise(customs.rename(columns={"partner": "region"}), by=by)
    growth = annual(data.load("trade_russian_customs_growth", partner=regions[:2]))
    growth = growth.rename(columns={"partner": "region"})
    whole = pd.concat([world, customs[customs["region"] == "WORLD"]])
    parts = pd.concat([imf, customs[customs["region"] != "WORLD"], _year_before(customs, growth, by)])
    parts = parts[[*by, "value", "rows", "half_unit"]]
    both = parts.merge(whole[["flow", "year", "value", "rows"]], on=["flow", "year"], suffixes=("", "_whole"))
    both = both.assign(share=100 * both["value"] / both["value_whole"], rows=both["rows"] + both["rows_whole"])
    return both[[*parts, "share"]].sort_values(["flow", "region", "year"]).reset_index(drop=True)


def share_effects(flow: str, start: int, end: int) -> pd.DataFrame:
    """Split the change of Asia's share in a flow: see ``structure.decompose_share``."""
    parts = region_trade()
    asia = parts[(parts["flow"] == flow) & (parts["region"] == "ASIA")].set_index("year").loc[[start, end]]
    rest = asia["value"] * (100 / asia["share"] - 1)
    return structure.decompose_share(tuple(asia["value"]), tuple(rest))


class Side(NamedTuple):
    """East over west in one year: the ratio, its relative rounding error and the rows behind it."""

    ratio: float
    error: float
    rows: tuple[str, ...]


def _side(east: pd.DataFrame, west: pd.DataFrame, rounded: bool = False) -> Side | None:
    """Sum of the east over sum of the west (``value`` and ``rows``); nothing where one of them is not known. Where they are
    ``rounded``, their ``half_unit`` counts.
    """
    if east.empty or west.empty:
        return None
    both = pd.concat([east, west])
    error = float((both["half_unit"] / both["value"]).fillna(0).sum()) if rounded else 0.0
    rows = tuple(dict.fromkeys(row for ids in both["rows"] for row in ids))
    return Side(float(east["value"].sum() / west["value"].sum()), error, rows)


def _change(
    id: str, label: str, part: str, base: Side | None, end: Side | None, preferred: bool = False, evidence: str = ""
) -> list[Variant]:
    """Weight at the end over that of the base; none where one of them is not known."""
    if base is None or end is None:
        return []
    ratio = end.ratio / base.ratio
    error = ratio * (base.error + end.error)
    return [Variant(label, ratio, (*base.rows, *end.rows), error, preferred, part, evidence=evidence, id=id)]


def _regions(regions: pd.DataFrame, flow: str, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of Asia and of Europe in one flow and year."""
    of = regions[(regions["flow"] == flow) & (regions["year"] == year)]
    return of[of["region"] == "ASIA"], of[of["region"] == "EUROPE"]


def _country(wide: pd.DataFrame, year: int, flow: str) -> pd.DataFrame:
    """Figure of a partner in one flow and year, as trade with regions has it."""
    found = wide.reindex([year]).rename(columns={flow: "value", f"{flow}_rows": "rows"})
    return found[["value", "rows"]].dropna()


def asia_against_europe(
    start: int, end: int, before_invasion: list[int], before_pandemic: int, months: Mapping[str, Sequence[str]]
) -> list[Variant]:
    """Weight of the East against the West at the end over that at the start (a ratio).

    Asia against Europe in Russian exports and in imports, and China in the president's trips to China and the EU decide.
    Other years, Turkey counted with Europe, China against the EU, crude oil by volume, and votes test that. ``start`` is the
    last full year before the crisis of 2014; trade is measured to the years ``before_invasion`` too, trips to the two years
    that end with ``before_pandemic``; ``months`` are the first and last month of the last year for flows of which no sound
    source has the whole year.
    """
    regions = region_trade()

    @cache
    def side(flow: str, year: int) -> Side | None:
        return _side(*_regions(regions, flow, year), rounded=True)

    variants: list[Variant] = []
    spans = [(start, end), (start - 1, end), (start + 1, end), (start, end - 1)]
    spans += [(first, last) for last in before_invasion for first in (start, start + 1)]
    for flow in FLOWS:
        for first, last in dict.fromkeys(spans):
            release = "imf-dots" if last <= max(before_invasion) else "russian-customs-2023"
            decides = (first, last) == (start, end)
            sides = side(flow, first), side(flow, last)
            variants += _change(f"{flow}-{first}-{last}", f"{first} to {last}", flow, *sides, decides, release)
    for flow, (opening, closing) in months.items():
        period = f"{end}-{opening}/{end}-{closing}"
        part = data.load("trade_russian_customs", unit="USD bn", flow=flow, period=period, partner=["ASIA", "EUROPE"])
        part = most_precise(part, by=["partner"]).rename(columns={"partner": "region"})
        part = with_rows(part.assign(year=end))
        sides = side(flow, start), _side(*_regions(part, flow, end), rounded=True)
        name = f"{flow}-{start}-part-of-{end}"
        variants += _change(name, f"{start} against {period}", flow, *sides, True, "russian-customs-2023")
    variants += _turkey_with_europe(regions, start, end)
    china, union = trade_with_china(), trade_with_eu()
    for flow in FLOWS:
        base, later = (_side(_country(china, year, flow), _country(union, year, flow)) for year in (start, end))
        name = f"{flow}-china-against-eu"
        variants += _change(name, f"{start} to {end}, China against the EU27", flow, base, later)
    variants += _crude_balance()
    for last in dict.fromkeys((end, before_pandemic)):
        base, later = (_trips(year - 1, year) for year in (start, last))
        label = f"{start - 1} and {start} to {last - 1} and {last}" + ", at least" * (last == end)
        variants += _change(f"trips-{start}-{last}", label, "the president's trips", base, later, last == end)
    return variants + _votes(start)


def _trips(*years: int) -> Side | None:
    """China's share of the president's trips to China and to EU states in some years; nothing before the last of them had come.

    Trips to EU states are a lower bound before 2020, so that the share is an upper one.
    """
    visits = data.load("diplomacy_visits", traveller="putin")
    of = visits["date"].str[:4].astype(int)
    east, west = visits["partner"] == "CHN", visits["eu_member"] == "yes"
    found = visits["same_as"].isna() & of.isin(years) & (east | west)
    if of.max() < max(years) or not (found & east).any():
        return None
    return Side(float(east[found].mean()), 0.0, tuple(visits.loc[found, "row"]))


def _votes(start: int) -> list[Variant]:
    """Votes like China's over votes like Germany's in the UN General Assembly, in the last year counted and in the first."""
    pairs = data.load("un_voting_pairs", entity="RUS", series=COUNTED, partner=["CHN", "DEU"])
    share = identical_votes(pairs).set_index("partner")
    last = share["period"].max() if len(share) else ""
    sides = [
        Side(float(of["value"]["CHN"] / of["value"]["DEU"]), 0.0, tuple(sum(of["rows"], ())))
        for of in (share[share["period"] == period] for period in (str(start), last))
        if len(of) == 2 and of["value"].gt(0).all()
    ]
    label, pair = f"{start} to {last}, votes like China's over like Germany's", sides if len(sides) == 2 else [None] * 2
    return _change(f"votes-{start}", label, "UN votes", *pair)


COUNTED = ["votes-identical", "votes-both-voting"]


def identical_votes(pairs: pd.DataFrame) -> pd.DataFrame:
    """Per cent of identical votes among those in which both states cast one, by period and partner."""
    keys = ["period", "partner"]
    wide = pairs.pivot_table(index=keys, columns="series", values="value")
    cast = wide["votes-both-voting"]
    value = 100 * (wide["votes-identical"] / cast)[cast > 0]
    return value.rename("value").to_frame().join(pairs.groupby(keys)["row"].agg(tuple).rename("rows")).reset_index()


def _turkey_with_europe(regions: pd.DataFrame, start: int, end: int) -> list[Variant]:
    """Turkey taken from Asia and given to Europe: by the IMF at the start, by its own figures at the end."""
    imf = with_rows(annual(data.load("trade_imf_dots", reporter="RUS", partner="TUR", period=str(start))))
    own = with_rows(annual(data.load("trade_mirror", series="turkey", period=str(end), flow=list(FLOWS))))
    own = own.sort_values("known").drop_duplicates(subset=["flow"], keep="last")
    own = own.assign(flow=own["flow"].map(trade.MIRROR))
    variants = []
    for flow in FLOWS:
        sides = []
        for year, turkey in ((start, imf[imf["flow"] == flow]), (end, own[own["flow"] == flow])):
            east, west = _regions(regions, flow, year)
            whole = _side(east, west, rounded=True)
            less = turkey.assign(value=-turkey["value"])
            moved = None if turkey.empty else _side(pd.concat([east, less]), pd.concat([west, turkey]))
            sides.append(moved._replace(error=whole.error) if moved and whole else None)
        label = f"{start} to {end}, Turkey counted with Europe"
        variants += _change(f"{flow}-turkey-with-europe", label, flow, sides[0], sides[1])
    return variants


def _crude_balance() -> list[Variant]:
    """Crude oil by volume, Asia against Europe: shares by the EIA in their first and last whole years, then the Energy Institute."""
    energy = with_rows(data.load("energy_destinations", series=["eia-crude-share", "ei-crude"], entity="RUS"))
    energy = energy.sort_values("known")
    share, table = energy[energy["series"] == "eia-crude-share"], energy[energy["series"] == "ei-crude"]
    east, west = (share[share["partner"].isin(of)] for of in (["ASIA_OCEANIA", "ASIA_ANY"], ["EUROPE_NS"]))
    first, end = (east["period"].min(), east["period"].max()) if len(east) else ("", "")
    old, new = (_side(east[east["period"] == p].tail(1), west[west["period"] == p].tail(1), True) for p in (first, end))
    asia = table[table["partner"].isin(["CHN", "IND", "JPN", "OTHER_ASIA_PACIFIC"])]
    last, year = _side(asia, table[table["partner"] == "EUROPE_EI"]), table["period"].max()
    early = _change(f"crude-{first}-{end}", f"{first} to {end}, volumes", "crude oil", old, new)
    return early + _change(f"crude-{first}-{year}", f"{first} to {year}, volumes", "crude oil", old, last)


def _rank(id: str, label: str, field: str, frame: pd.DataFrame, preferred: bool = False) -> list[Variant]:
    """Rank of China in a frame with ``partner``, ``value`` and ``row`` or ``rows``; none if it is absent."""
    if len(frame) < 2 or "CHN" not in set(frame["partner"]):
        return []
    ranked = rank(frame)
    place = int(ranked.loc[ranked["partner"] == "CHN", "rank"].iloc[0])
    ids = tuple(row for ids in ranked["rows"] for row in ids) if "rows" in ranked else tuple(ranked["row"])
    return [Variant(label.replace("/", " to "), place, ids, preferred=preferred, part=field, id=id)]


def china_among_partners(year: int, earlier: int, first: int) -> list[Variant]:
    """Rank of China among Russia's partners in goods trade and in what else can be ranked.

    The rank by goods turnover among countries decides, in ``year``, else in ``earlier``, the last year of Russia's own reports.
    The others ask how far it holds; in ``first``, a year before the crisis, the EU is set against China too.
    """
    variants: list[Variant] = []
    for known in dict.fromkeys((year, earlier)):
        partners = trade.russia_partners(known)
        variants += _rank(f"goods-{known}", f"turnover, {known}", "goods trade", partners, preferred=not variants)
    imf = data.load("trade_imf_dots", reporter="RUS", partner=list(trade.PARTNER_COUNTRIES), period=str(earlier))
    for flow in FLOWS:
        variants += _rank(f"goods-{flow}-{earlier}", f"{flow}, {earlier}", "goods trade", imf[imf["flow"] == flow])
    variants += _rank_with_union(first, earlier, year)
    for series, (name, label) in OIL.items():
        oil = data.load("energy_destinations", entity="RUS", series=series, partner=BUYERS)
        for period, of in list(oil.groupby(oil["period"]))[-1:]:
            variants += _rank(f"{name}-{period[:4]}", f"{label}, {period}", "energy", of.drop_duplicates("partner"))
    market = data.load("settlement_market", series="moex-turnover", period=str(year)).drop_duplicates("currency")
    market["partner"] = market["currency"].replace({"CNY": "CHN"})
    variants += _rank(f"currencies-{year}", f"currencies on the Moscow Exchange, {year}", "finance", market)
    arms = data.load("arms_recipients")
    for period, of in list(arms.groupby(arms["period"]))[-1:]:
        variants += _rank(f"arms-{period.replace('/', '-')}", f"buyers of Russian arms, {period}", "arms", of)
    votes = identical_votes(data.load("un_voting_pairs", entity="RUS", series=COUNTED))
    for period, of in list(votes.groupby(votes["period"]))[-1:]:
        label = f"identical final votes, {period}, of {len(of)} states"
        variants += _rank(f"votes-{period}", label, "UN votes", of)
    goods = data.load("security_indicators", series="share-of-high-priority-imports", entity="RUS", partner="CHN")
    goods = goods[goods["value"] > 50]  # who sells more than half comes first
    label = "imports on the G7's high-priority list, {period}"
    return variants + each(goods, label, [1] * len(goods), "technology-{period}", part="technology")


OIL = {
    "novak-oil-share-low": ("oil", "buyers of oil and products (minister)"),
    "oies-crude-share": ("crude-by-sea", "buyers of crude oil by sea"),
    "ei-crude": ("crude-ei", "buyers of crude oil (Energy Institute)"),
}
"""Tables of the buyers of Russian oil, ranked in their last period: the variant's id and label."""

BUYERS = ["CHN", "IND", "TUR", "JPN"]
"""Countries among the buyers of Russian oil; the others in these tables are regions."""


def _rank_with_union(*years: int) -> list[Variant]:
    """Rank with the EU as one partner, by the partners' reports."""
    both = {"CHN": trade_with_china(), "EU27": trade_with_eu()}
    variants = []
    for of in dict.fromkeys(years):
        flows = [_country(wide, of, flow).assign(partner=code) for code, wide in both.items() for flow in FLOWS]
        pair = pd.concat(flows).groupby("partner", as_index=False).agg(value=("value", "sum"), rows=("rows", "sum"))
        variants += _rank(f"eu-as-one-{of}", f"turnover, the EU as one partner, {of}", "goods trade", pair)
    return variants
