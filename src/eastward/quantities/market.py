"""Observed quantities for the claims on cars and appliances: C19 and C23."""

from __future__ import annotations

from datetime import date

import pandas as pd

from eastward import data
from eastward.quantities import Variant

ELEMENTS = ("cars", "appliances", "widen", "sanctions")
"""Elements of the statement that the op-ed ascribes to Putin; columns of ``market_statements``."""

OUTLETS = {
    "press-tass": "TASS",
    "press-bfm": "Business FM",
    "press-anadolu": "Anadolu",
    "press-menafn": "MENAFN",
    "press-kremlin-copy": "Kremlin copy",
}
"""Readable names of the reports on the statement of 16 May 2024."""

BEFORE = "2021"
"""Last whole year before the invasion and the exits of Western firms."""

INVASION = "2022-02-24"

COMPILERS = {
    "gacc": "Chinese customs",
    "cpca": "car association (CPCA)",
    "caam": "makers' association (CAAM)",
    "ambassador": "ambassadors",
    "press": "press, not named",
}
"""Readable names of those who count Chinese vehicle exports."""


def reports(as_of: date, day: str) -> pd.DataFrame:
    """Return the reports on what Putin said on one day whose passage could be read, with their ``outlet``."""
    found = data.load("market_statements", as_of, date=day, speaker="Vladimir Putin")
    found = found[found["cars"] != "unread"]
    return found.assign(outlet=found["report"].map(lambda r: OUTLETS.get(r, r)))


def statement_on_cars(as_of: date, day: str, to: str) -> list[Variant]:
    """Whether the parts of the statement stand in the reports of that day (true or false), part by part.

    The report that quotes the speaker and covers most elements decides; each other report is a variant.

    Args:
        as_of: day whose knowledge counts.
        day: day of the statement, ISO 8601.
        to: the addressee that the op-ed names.

    """
    found = reports(as_of, day)
    if found.empty:
        return []
    elements = found[list(ELEMENTS)]
    order = pd.DataFrame({"direct": (elements == "direct").sum(axis=1), "named": (elements != "absent").sum(axis=1)})
    best = order.sort_values(["direct", "named"], ascending=False, kind="stable").index[0]
    variants = []
    for index, report in found.iterrows():
        parts = {
            "more cooperation in cars": report["cars"] != "absent" and report["widen"] != "absent",
            "appliances named": report["appliances"] != "absent",
            "sanctions given as the reason": report["sanctions_as_reason"] == "yes",
            "all of it in his own words": all(report[e] == "direct" for e in ELEMENTS),
            f"said to {to}": report["addressee"] == to,
        }
        for part, holds in parts.items():
            variants.append(
                Variant(report["outlet"], bool(holds), (report["row"],), preferred=index == best, part=part)
            )
    return variants


def brand_sales(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Cars sold in Russia by Chinese brands that have figures both before the exits and after.

    Returns:
        One row a brand: ``before`` (units, 2021, cars and vans), ``after`` (units, passenger cars), ``year``
        of the latter (the latest whole year with a figure), ``rows``. The list of 2021 is wider by vans.

    """
    old = data.load("market_car_sales", as_of, series="new-cars-and-vans", origin="CHN", period=BEFORE)
    new = data.load("market_car_sales", as_of, series="new-cars", compiler="autostat", origin="CHN")
    new = new[new["period"].str.fullmatch(r"\d{4}") & (new["period"] > BEFORE)]
    new = new.sort_values("period", kind="stable").drop_duplicates("brand", keep="last")
    both = old.merge(new, on="brand", suffixes=("_before", "_after"))
    both = both[both["brand"] != "all"]
    return pd.DataFrame(
        {
            "brand": both["brand"],
            "before": both["value_before"],
            "after": both["value_after"],
            "year": both["period_after"].astype(int),
            "rows": list(zip(both["row_before"], both["row_after"], strict=True)),
        }
    ).reset_index(drop=True)


def market_total(as_of: date, series: str, year: str) -> pd.Series:
    """Row of the whole market of one year, the most precise report of it.

    Args:
        as_of: day whose knowledge counts.
        series: ``new-cars`` (Autostat, passenger cars) or ``new-cars-and-vans`` (AEB).
        year: the year.

    """
    found = data.load("market_car_sales", as_of, series=series, origin="WORLD", brand="all", period=year)
    return found.sort_values("half_unit", kind="stable").iloc[0]


def _haier(as_of: date) -> tuple[bool, tuple[str, ...]]:
    """Whether Haier's rank in washing machines rose after 2021, and the rows that show it."""
    ranks = data.load("market_appliances", as_of, product="washing machines", measure="rank", brand="Haier")
    ranks = ranks.sort_values("period")
    return bool(len(ranks) > 1 and ranks["value"].iloc[-1] < ranks["value"].iloc[0]), tuple(ranks["row"])


def firms_that_expanded(as_of: date) -> list[Variant]:
    """Count the Chinese firms whose presence in Russia grew after the exits, by what counts as growth.

    Sales decide. The stricter readings, local assembly and a plant of one's own, are counted in the list of
    events, which is a selection: their numbers are those found.
    """
    brands = brand_sales(as_of)
    if brands.empty:
        return []
    rows = tuple(row for pair in brands["rows"] for row in pair)
    last = str(brands["year"].max())
    grown = brands["after"] > brands["before"]
    old_market, new_market = (
        market_total(as_of, "new-cars-and-vans", BEFORE),
        market_total(as_of, "new-cars", last),
    )
    shares = brands["after"] / new_market["value"] > brands["before"] / old_market["value"]
    haier, haier_rows = _haier(as_of)
    variants = [
        Variant(f"car brands that sold more, {BEFORE} to {last}", int(grown.sum()), rows, preferred=True),
        Variant(
            f"car brands with twice the sales, {BEFORE} to {last}",
            int((brands["after"] >= 2 * brands["before"]).sum()),
            rows,
        ),
        Variant(
            f"car brands with a larger market share, {BEFORE} to {last}",
            int(shares.sum()),
            (*rows, old_market["row"], new_market["row"]),
        ),
        Variant(
            "car brands that sold more, and Haier in washing machines",
            int(grown.sum()) + int(haier),
            (*rows, *haier_rows),
        ),
    ]
    companies = data.load("market_firms", as_of, series="chinese-registrations", unit="count").sort_values("period")
    for compiler, group in companies.groupby("compiler", sort=True):
        new = group.iloc[-1]
        label = f"new companies with Chinese founders, {new['period']} ({compiler})"
        variants.append(Variant(label, int(new["value"]), (new["row"],)))
    events = data.load("market_events", as_of)
    assembled = events[(events["kind"] == "localisation") & events["firm"].notna()]
    plants = events[(events["kind"] == "entry") & (events["date"] > INVASION)]
    earlier = events[(events["kind"] == "entry") & (events["date"] <= INVASION)]
    variants += [
        Variant(
            "named firms whose cars are assembled in plants that others left",
            assembled["firm"].nunique(),
            tuple(assembled["row"]),
        ),
        Variant(
            "firms with a plant of their own opened since (those found)",
            plants["firm"].nunique(),
            tuple(plants["row"]) or tuple(earlier["row"]),
        ),
    ]
    return variants


def _row(as_of: date, table: str, latest: bool, where: dict[str, str]) -> pd.Series | None:
    found = data.load(table, as_of, **where)
    if found.empty:
        return None
    ordered = found.sort_values(["period", "half_unit"], ascending=[not latest, True], kind="stable")
    return ordered.iloc[0]


def _month(as_of: date, latest: bool) -> pd.Series | None:
    share = data.load("market_car_sales", as_of, series="share", compiler="autostat", origin="CHN", brand="all")
    months = share[share["period"].str.fullmatch(r"\d{4}-\d{2}")]
    months = months.sort_values(["period", "half_unit"], ascending=[True, False], kind="stable")
    return None if months.empty else months.iloc[-1 if latest else 0]


def presence(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Every measure of Chinese presence in Russia that has a figure for 2021 or near it, and a later one.

    The base is the earliest figure of a series; for televisions it lies in 2022, for investment it is an
    average of earlier years, so the periods stand beside the numbers.

    Returns:
        One row a measure: ``measure``, ``kind`` (sales, companies or investment), ``before`` and ``after`` in
        ``unit``, their periods, ``ratio`` (after over before) and ``rows``.

    """
    lines: list[tuple[str, str, pd.Series | None, pd.Series | None]] = []
    appliances, firms, exports = "market_appliances", "market_firms", "market_car_exports"
    phones = {"product": "smartphones", "measure": "share-of-units", "compiler": "Counterpoint"}
    tellies = {"product": "televisions", "measure": "share-of-units", "brand": "Haier", "compiler": "Fplus"}
    dollars = {
        "goods": "passenger-cars",
        "measure": "usd",
        "partner": "RUS",
        "unit": "USD bn",
        "compiler": "gacc",
    }
    years = data.load(exports, as_of, **dollars)
    years = years[years["period"].str.fullmatch(r"\d{4}")].sort_values(["period", "row"])
    lines.append(("Chinese share of new cars, one month", "sales", _month(as_of, False), _month(as_of, True)))
    if not years.empty:
        lines.append(("Car exports to Russia, USD", "sales", years.iloc[0], years.iloc[-1]))
    pairs = [
        ("Chinese share of smartphones, units", "sales", appliances, phones),
        ("Haier's share of televisions, units", "sales", appliances, tellies),
        ("Companies with Chinese founders, Rusprofile", "companies", firms,
         {"series": "chinese-companies", "compiler": "Rusprofile"}),
        ("Chinese companies, VTB", "companies", firms, {"series": "chinese-companies", "compiler": "VTB"}),
        ("China's part of new foreign companies", "companies", firms,
         {"series": "chinese-share-of-new-foreign-companies"}),
        ("Chinese direct investment a year, BOFIT", "investment", firms,
         {"series": "chinese-investment-a-year"}),
        ("New Belt and Road deals", "investment", firms, {"series": "belt-and-road-deals"}),
    ]  # fmt: skip
    lines += [(name, kind, _row(as_of, t, False, w), _row(as_of, t, True, w)) for name, kind, t, w in pairs]
    for brand in brand_sales(as_of).to_dict("records"):
        pair = data.rows(list(brand["rows"]))
        old, new = (pair[pair["row"] == row].iloc[0] for row in brand["rows"])
        lines.append((f"{brand['brand']}, cars sold", "sales", old, new))
    stock = _row(as_of, firms, True, {"series": "chinese-fdi-stock-change"})
    found = [
        {
            "measure": name, "kind": kind, "before": old["value"], "after": new["value"], "unit": new["unit"],
            "from": old["period"], "to": new["period"], "ratio": new["value"] / old["value"],
            "rows": (old["row"], new["row"]),
        }
        for name, kind, old, new in lines
        if old is not None and new is not None and old["period"] < new["period"]
    ]  # fmt: skip
    if stock is not None:
        start, end = str(stock["period"]).split("/")
        found.append(
            {
                "measure": "Stock of Chinese investment, Russian ministry", "kind": "investment",
                "before": 100.0,
                "after": 100.0 + stock["value"], "unit": "index", "from": start, "to": end,
                "ratio": 1 + stock["value"] / 100, "rows": (stock["row"],),
            }
        )  # fmt: skip
    return pd.DataFrame(found).sort_values("ratio", ascending=False, kind="stable").reset_index(drop=True)


def market_split(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Split the new cars sold in Russia into Chinese brands and all others, a row a year (units).

    Units are those stated; else the market times the stated share. The year 2021 comes from the units of 2022
    and their stated change on the year.
    """
    cars = data.load("market_car_sales", as_of, compiler="autostat", brand="all")
    years = cars[cars["period"].str.fullmatch(r"\d{4}")].sort_values(["period", "half_unit"], kind="stable")
    market = years[(years["series"] == "new-cars") & (years["origin"] == "WORLD")].drop_duplicates("period")
    chinese = years[years["origin"] == "CHN"]
    found = []
    for total in market.to_dict("records"):
        year, whole = int(total["period"]), float(total["value"])
        here = chinese[chinese["period"] == str(year)]
        after = chinese[chinese["period"] == str(year + 1)]
        units, share = here[here["series"] == "new-cars"], here[here["series"] == "share"]
        change, later = after[after["series"] == "new-cars-change"], after[after["series"] == "new-cars"]
        rows = [total["row"]]
        if not units.empty:
            value = units["value"].iloc[0]
            rows.append(units["row"].iloc[0])
        elif not (change.empty or later.empty):
            value = later["value"].iloc[0] / (1 + change["value"].iloc[0] / 100)
            rows += [later["row"].iloc[0], change["row"].iloc[0]]
        elif not share.empty:
            value = whole * share["value"].iloc[0] / 100
            rows.append(share["row"].iloc[0])
        else:
            continue
        found.append({"year": year, "chinese": value, "others": whole - value, "rows": tuple(rows)})
    return pd.DataFrame(found, columns=["year", "chinese", "others", "rows"])


EXITS = [
    ("sold at least one Russian subsidiary", "Evenett and Pisani", "exited-share", "2022-11-30"),
    ("sold or wound up, of all on the list", "KSE", "exited-share", "2024-02-04"),
    (
        "sold or wound up, of those with Russian revenue",
        "KSE",
        "exited-share-of-firms-with-revenue",
        "2024-02-04",
    ),
    ("left, large firms of 'unfriendly' countries", "Kept", "exited-share", "2024-12-31"),
]
"""Published shares of firms that left: wording, compiler, series, day."""


def exit_shares(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Share of foreign firms that left Russia, in per cent, by who counts and what counts as leaving.

    Published shares, and shares of Yale's list computed from its counts. The bases differ: no series.
    """
    firms = data.load("market_firms", as_of)
    groups = firms[firms["entity"].isin(["WORLD", "EU27_G7", "UNFRIENDLY"])]
    found: list[tuple[str, str, str, float, tuple[str, ...]]] = []
    for label, compiler, series, period in EXITS:
        hit = groups[(groups["compiler"] == compiler) & (groups["series"] == series) & (groups["period"] == period)]
        if not hit.empty:
            line = hit.iloc[0]
            found.append((label, compiler, period, line["value"], (line["row"],)))
    yale = groups[groups["compiler"] == "Yale CELI"].set_index("series")
    if "tracked" in yale.index:
        base = yale.loc[["tracked"]].iloc[0]
        for label, series in (
            ("graded as a clean break", "exited"),
            ("announced any curtailment", "curtailed"),
        ):
            last = yale.loc[[series]].sort_values("period").iloc[-1]
            share = 100 * float(last["value"]) / float(base["value"])
            found.append((label, "Yale CELI", last["period"], share, (last["row"], base["row"])))
    frame = pd.DataFrame(found, columns=["definition", "compiler", "period", "share", "rows"])
    return frame.sort_values("share", kind="stable").reset_index(drop=True)


def exports_by_compiler(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Chinese exports of vehicles and passenger cars to Russia over eleven months or a year, by compiler.

    Returns:
        One row a stated figure, by start of the period: ``period``, ``goods``, ``compiler``, ``value``,
        ``unit``, ``source``. Reports that repeat a figure of the same compiler are left out.

    """
    found = data.load("market_car_exports", as_of, partner="RUS", measure=["units", "usd"])
    span = found["period"].map(lambda p: (data.period_end(p) - data.period_start(p)).days)
    found = found[span >= 330].drop_duplicates(["goods", "measure", "compiler", "period", "value"])
    found = found.assign(start=found["period"].str[:4], compiler=found["compiler"].map(COMPILERS))
    columns = ["period", "goods", "compiler", "value", "unit", "source"]
    return found.sort_values(["start", "goods", "measure", "compiler", "period"])[columns].reset_index(drop=True)
