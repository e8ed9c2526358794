"""Observed quantities for the claims on cars and appliances: C19 and C23."""

from __future__ import annotations

import re

import pandas as pd

from eastward import data
from eastward.evidence import Variant

ELEMENTS = ("cars", "appliances", "widen", "sanctions")
"""Elements of the statement that the op-ed ascribes to Putin; columns of ``market_statements``."""

CARS = ["new-cars", "new-cars-and-vans"]
"""Series of ``market_car_sales`` that count cars sold; vans are a small part of the wider one."""


def reports(day: str, speaker: str) -> pd.DataFrame:
    """Return the reports on what a speaker said on one day whose passage could be read."""
    found = data.load("market_statements", date=day, speaker=speaker)
    return found[found["cars"] != "unread"]


def statement_on_cars(day: str, speaker: str, to: str) -> list[Variant]:
    """Whether the parts of the statement stand in the reports of that day (true or false), part by part.

    The report that quotes the speaker and covers most elements decides; each other report is a variant.

    Args:
        day: day of the statement, ISO 8601.
        speaker: whose words they are.
        to: the addressee that the op-ed names.

    """
    found = reports(day, speaker)
    if found.empty:
        return []
    elements = found[list(ELEMENTS)]
    order = pd.DataFrame({"direct": (elements == "direct").sum(axis=1), "named": (elements != "absent").sum(axis=1)})
    best = order.sort_values(["direct", "named"], ascending=False, kind="stable").index[0]
    variants = []
    for index, report in found.iterrows():
        parts = {
            "cars": ("more cooperation in cars", report["cars"] != "absent" and report["widen"] != "absent"),
            "appliances": ("appliances named", report["appliances"] != "absent"),
            "reason": ("sanctions given as the reason", report["sanctions_as_reason"] == "yes"),
            "own-words": ("all of it in his own words", all(report[e] == "direct" for e in ELEMENTS)),
            "addressee": (f"said to {to}", report["addressee"] == to),
        }
        for name, (part, true) in parts.items():
            id = f"{report['report']}-{name}"
            variants.append(Variant(report["outlet"], bool(true), (report["row"],), 0, index == best, part, id=id))
    return variants


def brand_sales(base_year: int) -> pd.DataFrame:
    """Cars sold in Russia by Chinese brands that have figures both for a base year and for a whole year after it.

    Returns:
        One row a brand: ``before`` (units, in the base year), ``series`` (what that counts), ``after`` (units),
        ``year`` of the latter (the latest whole year with a figure), ``rows``.

    """
    sold = data.load("market_car_sales", series=CARS, origin="CHN")
    sold = sold[(sold["brand"] != "all") & sold["period"].str.fullmatch(r"\d{4}")]
    sold = sold.assign(year=sold["period"].astype(int)).sort_values("year", kind="stable")
    later = sold[sold["year"] > base_year].drop_duplicates("brand", keep="last")
    both = sold[sold["year"] == base_year].merge(later, on="brand", suffixes=("_before", ""))
    both["rows"] = list(zip(both["row_before"], both["row"], strict=True))
    both = both.rename(columns={"value_before": "before", "value": "after"}).assign(series=both["series_before"])
    return both[["brand", "series", "before", "after", "year", "rows"]]


def market_total(series: str, year: int) -> pd.Series:
    """Row of the whole market of one year, the most precise report of it.

    Args:
        series: ``new-cars`` (Autostat, passenger cars) or ``new-cars-and-vans`` (AEB).
        year: the year.

    """
    found = data.load("market_car_sales", series=series, origin="WORLD", brand="all", period=str(year))
    return found.sort_values("half_unit", kind="stable").iloc[0]


def _rose_in_rank(product: str, brand: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a brand's rank in a product is better in its last figure than in its first, and the rows that show it."""
    ranks = data.load("market_appliances", product=product, measure="rank", brand=brand).sort_values("period")
    return bool(len(ranks) > 1 and ranks["value"].iloc[-1] < ranks["value"].iloc[0]), tuple(ranks["row"])


def firms_that_expanded(base_year: int, since: str) -> list[Variant]:
    """Count the Chinese firms whose presence in Russia grew after the exits, by what counts as growth.

    Sales decide. The stricter readings, local assembly and a plant of one's own, are counted in the list of
    events, which is a selection: their numbers are those found.

    Args:
        base_year: last whole year before the exits.
        since: day from which a new plant counts as opened after the exits, ISO 8601.

    """
    brands = brand_sales(base_year)
    if brands.empty:
        return []
    rows = tuple(row for pair in brands["rows"] for row in pair)
    last = int(brands["year"].max())
    span = f"{base_year} to {last}"
    grown = brands["after"] > brands["before"]
    twice = brands["after"] >= 2 * brands["before"]
    old_market, new_market = market_total(brands["series"].iloc[0], base_year), market_total("new-cars", last)
    shares = brands["after"] / new_market["value"] > brands["before"] / old_market["value"]
    haier, ranked = _rose_in_rank("washing machines", "Haier")
    markets = (old_market["row"], new_market["row"])
    counts = [
        ("sold-more", f"car brands that sold more, {span}", grown.sum(), rows),
        ("sold-twice", f"car brands with twice the sales, {span}", twice.sum(), rows),
        ("larger-share", f"car brands with a larger market share, {span}", shares.sum(), (*rows, *markets)),
        ("sold-more-and-haier", "car brands that sold more, and Haier in washing machines", grown.sum() + haier,
         (*rows, *ranked)),
    ]  # fmt: skip
    companies = data.load("market_firms", series="chinese-registrations", unit="count").sort_values("period")
    for compiler, group in companies.groupby("compiler", sort=True):
        new = group.iloc[-1]
        label = f"new companies with Chinese founders, {new['period']} ({compiler})"
        name = "companies-" + re.sub(r"[^a-z]+", "-", str(compiler).lower())
        counts.append((name, label, new["value"], (new["row"],)))
    events = data.load("market_events")
    assembled = events[(events["kind"] == "localisation") & events["firm"].notna()]
    plants = events[events["kind"] == "entry"]
    new_plants = plants[plants["date"] > since]
    counts += [
        ("assembled", "named firms whose cars are assembled in plants that others left", assembled["firm"].nunique(),
         tuple(assembled["row"])),
        ("own-plants", "firms with a plant of their own opened since (those found)", new_plants["firm"].nunique(),
         tuple(new_plants["row"]) or tuple(plants["row"])),
    ]  # fmt: skip
    return [
        Variant(label, int(count), ids, preferred=place == 0, id=name)
        for place, (name, label, count, ids) in enumerate(counts)
    ]
