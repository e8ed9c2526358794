"""Observed quantities for the claims on cars and appliances: C19 and C23."""

import re

import pandas as pd

from eastward import data
from eastward.evidence import Variant

ELEMENTS = ("cars", "appliances", "widen", "sanctions")
"""Elements of the statement that the op-ed ascribes to Putin; columns of ``market_statements``."""


def reports(**where: str) -> pd.DataFrame:
    """Return the reports on what was said whose passage could be read; ``evidence`` is the report that one repeats, or itself."""
    found = data.load("market_statements", **where)
    return found[found["cars"] != "unread"].assign(evidence=found["repeats"].fillna(found["report"]))


def quotation(day: str, speaker: str, to: str, occasion: str) -> list[Variant]:
    """Whether the parts of the quotation stand in the reports of a day (ISO 8601), part by part.

    A direct quotation stands or falls with its words and its addressee (``to``): these two decide, in the report that quotes
    the speaker most. Its occasion, as ``market_statements`` calls it, its subject and its reason, and the other reports, are
    variants.
    """
    found = reports(date=day, speaker=speaker)
    elements = found[list(ELEMENTS)]
    order = pd.DataFrame({"direct": (elements == "direct").sum(axis=1), "named": (elements != "absent").sum(axis=1)})
    best = order.sort_values(["direct", "named"], ascending=False, kind="stable").index[:1]
    variants = []
    for index, report in found.iterrows():
        parts = {
            "own-words": ("all of it in his own words", all(report[e] == "direct" for e in ELEMENTS)),
            "addressee": (f"said to {to}", report["addressee"] == to),
            "occasion": ("said then and there", report["occasion"] == occasion),
            "subject": ("cars and appliances named", "absent" not in {report["cars"], report["appliances"]}),
            "reason": ("sanctions given as the reason", report["reason"] == "sanctions"),
        }
        for name, (part, true) in parts.items():
            main, id = index in best and name in {"own-words", "addressee"}, f"{report['report']}-{name}"
            rests = {"evidence": report["evidence"], "id": id}
            variants.append(Variant(report["outlet"], bool(true), (report["row"],), 0, main, part, **rests))
    return variants


def aim_and_reason(report: str, reasons: list[str]) -> list[Variant]:
    """Whether Russia wants more cooperation in these goods, and for one of ``reasons``; the ``report`` named decides.

    A report that is silent on a part says nothing against it.
    """
    variants = []
    for _, one in reports().iterrows():
        rests = {"rows": (one["row"],), "preferred": one["report"] == report, "evidence": one["evidence"]}
        label = f"{one['speaker']}, {one['date']} ({one['outlet']})"
        if one["widen"] != "absent":
            variants.append(Variant(label, True, part="more cooperation is an aim", id=f"{one['report']}-aim", **rests))
        if one["reason"] != "none":
            counts, part = one["reason"] in reasons, "the sanctions are the reason"
            variants.append(Variant(label, counts, part=part, id=f"{one['report']}-reason", **rests))
    return variants


@data.kept
def brand_sales(base: str, series: tuple[str, ...] = ("new-cars",)) -> pd.DataFrame:
    """Cars sold in Russia by Chinese brands that have figures both for a base month or year and for a like one after it.

    ``series`` are ``new-cars`` (Autostat, passenger cars), ``new-cars-and-vans`` (AEB), or both. One row a brand: ``before``
    (units, in the base period), ``after`` (units), ``period`` of the latter (the latest with a figure), ``rows``.
    """
    sold = data.load("market_car_sales", series=list(series), origin="CHN")
    like = (sold["period"].str.len() == len(base)) & (sold["period"].str[4:] == base[4:])
    sold = sold[like & (sold["brand"] != "all")].sort_values("period", kind="stable")
    later = sold[sold["period"] > base].drop_duplicates("brand", keep="last")
    both = sold[sold["period"] == base].merge(later, on="brand", suffixes=("_before", ""))
    both["rows"] = list(zip(both["row_before"], both["row"], strict=True))
    both = both.rename(columns={"value_before": "before", "value": "after"})
    return both[["brand", "before", "after", "period", "rows"]]


def firms_that_expanded(base: str, base_aeb: str, times: float, since: str) -> list[Variant]:
    """Count the Chinese firms whose presence in Russia grew after the exits, by what counts as growth.

    Sales of passenger cars, by one compiler and in the same month as ``base`` (``base_aeb`` where vans count as cars),
    decide; ``times`` the old sales are a large growth. The stricter readings, local assembly and a plant of one's own opened
    after the day ``since``, are counted in the list of events, which is a selection: their numbers are those found.
    """
    if brand_sales(base).empty:
        return []
    cars, vans, counts = ("new-cars",), ("new-cars-and-vans",), []
    for name, first, series, least, what, evidence in (
        ("sold-more", base, cars, 1, "brands that sold more cars", "autostat"),
        ("sold-times", base, cars, times, f"brands that sold {times:g} times the cars", "autostat"),
        ("sold-more-aeb", base_aeb, vans, 1, "brands that sold more (cars and vans, AEB)", "sold-more-aeb"),
        ("sold-more-years", base[:4], cars + vans, 1, "brands that sold more (vans then)", "sold-more-years"),
    ):
        if not (brands := brand_sales(first, series)).empty:
            grown, label = int((brands["after"] > least * brands["before"]).sum()), f"{what}, {first} to "
            counts.append((name, label + brands["period"].max(), grown, sum(brands["rows"], ()), evidence))
    ranks = data.load("market_appliances", product="washing machines", measure="rank", brand="Haier")
    places, (_, _, grown, rows, _) = ranks.sort_values("period")["value"].tolist(), counts[0]
    grown, rows = grown + (places[-1:] < places[:1]), (*rows, *ranks["row"])
    counts.append(("sold-more-and-haier", "the same, and Haier in washing machines", grown, rows, ""))
    companies = data.load("market_firms", series="chinese-registrations", unit="count").sort_values("period")
    for compiler, group in companies.groupby("compiler", sort=True):
        new = group.iloc[-1]
        name = "companies-" + re.sub(r"[^a-z]+", "-", str(compiler).lower())
        label = f"new companies with Chinese founders, {new['period']} ({compiler})"
        counts.append((name, label, new["value"], (new["row"],), name))
    events = data.load("market_events")
    assembled = events[(events["kind"] == "localisation") & events["firm"].notna()]
    plants = events[events["kind"] == "entry"]
    new_plants = plants[plants["date"] > since]
    counts += [
        ("assembled", "named firms whose cars are assembled in plants that others left", assembled["firm"].nunique(),
         tuple(assembled["row"]), "events"),
        ("own-plants", "firms with a plant of their own opened since (those found)", new_plants["firm"].nunique(),
         tuple(new_plants["row"]) or tuple(plants["row"]), "events"),
    ]  # fmt: skip
    return [
        Variant(label, int(count), ids, preferred=place == 0, evidence=evidence, id=name)
        for place, (name, label, count, ids, evidence) in enumerate(counts)
    ]
