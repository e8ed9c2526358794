"""Observed quantities for the claims on trips, meetings, names, the BRICS calendar and a quotation.

The claims are C02, C03, C25, C26, C29 to C33, C35 and C36.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

import pandas as pd

from eastward import data
from eastward.evidence import Variant, each, trade, turn_east
from eastward.methods.diplomacy import BILATERAL, before_and_after, kept_rhythm, primary
from eastward.methods.trade import annual, summed, turnover


def visits() -> pd.DataFrame:
    """Dated trips of presidents, one row a trip, in order of time."""
    return primary(data.load("diplomacy_visits"))


@data.kept
def trips_after_inaugurations() -> pd.DataFrame:
    """Find the first trip abroad and the first trip to China after each inauguration in Russia.

    By ``term`` (year): ``name``, ``oath``, ``first`` (country), ``first_day``, ``first_days`` (days from the oath),
    ``basis``, ``china_day``, ``china_days``, ``rows`` and ``source`` (of the first trip).
    """
    trips, found = visits(), []
    for _, oath in primary(data.load("diplomacy_records", kind="inauguration")).iterrows():
        own = trips[(trips["traveller"] == oath["name"]) & (trips["day"] >= oath["day"])]
        china = own[own["partner"] == "CHN"]
        if china.empty:
            continue
        first, china = own.iloc[0], china.iloc[0]
        line = {"term": int(oath["year"]), "name": oath["name"], "oath": oath["day"], "first": first["partner"]}
        line |= {"first_day": first["day"], "first_days": (first["day"] - oath["day"]).days}
        line |= {"basis": first["order_basis"], "china_day": china["day"]}
        line |= {"china_days": (china["day"] - oath["day"]).days}
        found.append(line | {"rows": (oath["row"], first["row"], china["row"]), "source": first["source"]})
    return pd.DataFrame(found).set_index("term")


def first_trip_is(term: int, partner: str, ordinal: int) -> list[Variant]:
    """Tell whether the first trip after the oath of the year ``term`` went to a country, and whether it was Putin's oath number ``ordinal``."""
    variants: list[Variant] = []
    trip = trips_after_inaugurations().to_dict("index").get(term)
    if trip is not None:
        label, there = "earliest dated trip abroad after the oath", trip["first"] == partner
        variants.append(Variant(label, there, trip["rows"][:2], 0.0, True, "destination", id="earliest-trip"))
        told = data.load("diplomacy_visits", term=str(term), order=1, entity="RUS").dropna(subset="same_as")
        label, there = "first trip as stated by {source}", told["partner"] == partner
        variants += each(told, label, there, "stated-{source}", part="destination")
        trips = visits()
        own = (trips["entity"] == "RUS") & (trips["form"] == "state") & (trips["day"] >= trip["oath"])
        state, label = trips[own].head(1), "first state visit instead of first trip"
        state = state.assign(rows=[(trip["rows"][0], row) for row in state["row"]])
        variants += each(state, label, state["partner"] == partner, "first-state-visit", part="destination")
    announced = data.load("diplomacy_records", kind="visit-announced")
    announced = announced[announced["date"].str.startswith(str(term))]
    label, there = "announced as first trip by the Kremlin, relay {source}", announced["partner"] == partner
    rests: dict[str, Any] = {"evidence": "kremlin-announcement", "part": "destination", "independent": False}
    variants += each(announced, label, there, "kremlin-{source}", **rests)
    oaths = data.load("diplomacy_records", kind="inauguration", name="putin")
    sworn = primary(oaths)
    rows, label = tuple(sworn.loc[sworn["year"] <= term, "row"]), "his inaugurations counted"
    variants.append(Variant(label, len(rows) == ordinal, rows, 0.0, True, "ordinal", id="inaugurations-counted"))
    told = oaths[oaths["date"].str.startswith(str(term)) & oaths["ordinal"].notna()]
    label, so = "ordinal as stated by {source}", told["ordinal"] == ordinal
    return variants + each(told, label, so, "ordinal-{source}", part="ordinal")


@data.kept
def trade_share(partner: str) -> pd.DataFrame:
    """Return a partner's ``share`` in Russia's goods turnover by year, per cent, by Russian reports to the IMF, and its ``rows``."""
    both = annual(turnover(data.load("trade_imf_dots", reporter="RUS", partner=[partner, "WORLD"])))
    own = both[both["partner"] == partner].set_index("year")
    world = both[both["partner"] == "WORLD"].set_index("year").reindex(own.index)
    rows = [(*a, *b) for a, b in zip(own["rows"], world["rows"], strict=True)]
    return pd.DataFrame({"share": 100 * own["value"] / world["value"], "rows": rows}, index=own.index)


@data.kept
def _china_share() -> pd.DataFrame:
    """China's share as the chapter on the turn east has it: by Chinese reports, in the form of :func:`trade_share`."""
    flows, whole = turn_east.trade_with_china(), turn_east.totals("RUS")
    shares = turn_east.weights()[["a_on_b"]].set_axis(["share"], axis=1)
    parts = [frame.reindex(shares.index)[f"{flow}_rows"] for frame in (flows, whole) for flow in turn_east.FLOWS]
    return shares.assign(rows=[sum(ids[1:], ids[0]) for ids in zip(*parts, strict=True)])


def share_changes(span: int = 3) -> pd.DataFrame:
    """Trade shares around each inauguration, of the country visited first and of China.

    One row a term and partner for which both sides have figures: ``term``, ``partner``, ``role`` (first trip or China),
    ``before``, ``after``, ``change`` (percentage points) and ``rows``.
    """
    found, china, trips = [], _china_share(), trips_after_inaugurations()
    for year, trip in zip(trips.index, trips.to_dict("records"), strict=True):
        first = {} if trip["first"] == "CHN" else {"first trip": (trip["first"], trade_share(trip["first"]))}
        for role, (partner, shares) in {**first, "China": ("CHN", china)}.items():
            pair = before_and_after(shares["share"], year, span) if len(shares) else None
            if pair is None:
                continue
            window = shares[(abs(shares.index - year) <= span) & (shares.index != year)]
            rows = (*(i for ids in window["rows"] for i in ids), *trip["rows"])
            found.append((year, partner, role, *pair, pair[1] - pair[0], rows))
    return pd.DataFrame(found, columns=["term", "partner", "role", "before", "after", "change", "rows"])


def first_trip_as_predictor(spans: list[int], years: list[int]) -> list[Variant]:
    """Measure what followed first trips: changes of trade shares (percentage points), and China's part in later trips (per cent).

    Shares change over ``spans`` years on either side of an inauguration, China's over the first span only. Trips are those of
    the ``years`` for which the number of all trips was stated.
    """
    variants, name = [], data.names()
    for span in spans:
        for row in share_changes(span).to_dict("records"):
            if row["role"] == "China" and span != spans[0]:
                continue
            order = "visited first in" if row["role"] == "first trip" else "not first in"
            label = f"{name[row['partner']]}, {order} {row['term']}: trade share, {span} years after less before"
            id = f"{row['partner'].lower()}-{row['term']}-{span}-years"
            variants.append(Variant(label, row["change"], row["rows"], part=row["role"], id=id))
    trips = visits()
    for year in years:
        rows = trips[(trips["traveller"] == "putin") & (trips["year"] == year)]
        complete = data.load("diplomacy_counts", series="foreign-trips", period=str(year))
        if rows.empty or complete.empty:
            continue
        part, ids = 100 * float((rows["partner"] == "CHN").mean()), (*rows["row"], *complete["row"])
        label = f"China's part in his trips of {year}, per cent"
        variants.append(Variant(label, part, ids, part="later trips", id=f"china-part-{year}"))
    return variants


def rhythm(since: int, until: int, forms: Collection[str] = BILATERAL) -> pd.DataFrame:
    """Years in which one side's president paid the other a visit that was no summit but had one of the ``forms``.

    A visit of the Russian president was due in ``since``, one of the Chinese in the year after, then every second year to
    ``until``. One row a direction: ``entity`` (who travels), ``years``, ``kept``, ``due`` and ``rows``.
    """
    trips, found = visits(), []
    for entity, partner, first in (("RUS", "CHN", since), ("CHN", "RUS", since + 1)):
        own = trips[(trips["entity"] == entity) & (trips["partner"] == partner) & trips["form"].isin(forms)]
        kept, due = kept_rhythm(own["year"], first, until)
        found.append((entity, tuple(own["year"]), kept, due, tuple(own["row"])))
    return pd.DataFrame(found, columns=["entity", "years", "kept", "due", "rows"]).set_index("entity")


def reported(claim: str, parts: dict[str, list[str]], decides: list[str]) -> list[Variant]:
    """Tell by each piece of evidence whether what was said bears a claim out, by part of the claim.

    ``parts`` names its statements, and ``decides`` those whose evidence decides. Pages that report one speech, release or
    document are one piece, and so are the officials of one side.
    """
    variants, told = [], data.load("statements", claim=claim)
    for part, names in parts.items():
        own = told.set_index("statement", drop=False).reindex([n for n in names if n in set(told["statement"])])
        evidence = own["origin"].where(own["side"].isin(["press", "joint"]), own["side"].str.lower() + "-officials")
        for name, group in own.groupby(evidence, sort=False):
            first, chosen = group.iloc[0], bool(group["statement"].isin(decides).any())
            holds, id = bool((group["stance"] == "for").any()), first["statement"].partition("-")[2]
            others = f" (and {len(group) - 1} more)" if len(group) > 1 else ""
            rows, label = tuple(group["row"]), f"{first['speaker']}, {first['date']}: {first['gist']}{others}"
            variants.append(Variant(label, holds, rows, preferred=chosen, part=part, evidence=str(name), id=id))
    return variants


def exchanges_after(last: int, fields: dict[str, list[str]]) -> list[Variant]:
    """Measure by field what followed the op-ed: the mean of the periods since, to the year ``last``, as a multiple of
    the last one that was over on its day. Nothing is measured before the years are over, which is when a contact of a
    later year is known.

    ``fields`` names series by field, of which the first decides: ``talks`` (face to face), ``turnover`` (with China),
    ``leaders`` (presidents in person at the year's summit of BRICS), or a series of the table of counts.
    """
    contacts, summits = primary(data.load("diplomacy_meetings")), primary(data.load("diplomacy_brics"))
    if not contacts["year"].max() > last:
        return []
    talks = contacts[contacts["kind"] == "in-person"].assign(series="talks", value=1)
    present = summits["kind"].map({"summit": 2, "absence": -1})
    leaders = summits.assign(series="leaders", value=present).dropna(subset="value")
    own = pd.concat([talks, leaders]).assign(period=lambda f: f["year"].astype(str))
    counted = pd.concat([own, data.load("diplomacy_counts", series=[n for names in fields.values() for n in names])])
    series = summed(counted, ["series", "period"])
    turnover_by_year = trade.china_turnover().assign(series="turnover", period=lambda f: f["year"].astype(str))
    series = pd.concat([series, turnover_by_year]).assign(end=lambda f: f["period"].map(data.period_end))
    series["period"] = series["period"].str.replace("/", " to ")
    variants = []
    for field, names in fields.items():
        for name in names:
            told = series[(series["series"] == name) & (series["end"] <= date(last, 12, 31))].sort_values("end")
            since = told["end"] > data.publication_day()
            base, after = told[~since].tail(1), told[since]
            for id, chosen in ((name, after), (f"{name}-last", after.tail(1))):
                if len(base) and len(chosen) and base["value"].item() and (id == name or len(after) > 1):
                    label = f"{name.replace('-', ' ')}, {' and '.join(chosen['period'])} by {base['period'].item()}"
                    ids = tuple(i for rows in (*base["rows"], *chosen["rows"]) for i in rows)
                    ratio = chosen["value"].mean() / base["value"].item()
                    variants.append(Variant(label, float(ratio), ids, preferred=id == names[0], part=field, id=id))
    return variants


def summit_date(year: int, city: str) -> list[Variant]:
    """Return the first day of a BRICS summit, else the month or season announced for it."""
    held = data.load("diplomacy_brics", kind="summit", city=city)
    held = held[held["date"].str.startswith(str(year))].sort_values("same_as", na_position="first")
    told = data.load("diplomacy_brics", kind="announcement", city=city).sort_values("date", ascending=False)
    told = told[told["announced"].notna() & (told["announced"] != str(year))]
    told = told.assign(season=told["announced"].str.replace("/", " to "))
    label, id = "announced on {date} for {season}, {source}", "announced-{date}-{source}"
    return [
        *each(held, "held, {source}", "date", "held-{source}", "held", decides=True),
        *each(told, label, "announced", id, "announced-{date}", decides=held.empty),
    ]


def attributed_in_lifetime(person: str) -> list[Variant]:
    """Tell whether a saying is found in a person's name by the year of death, by each located attribution."""
    died = data.load("diplomacy_records", kind="death", name=person)
    if died.empty:
        return []
    limit, death = data.period_end(died["date"].iloc[0]), died["row"].iloc[0]
    variants: list[Variant] = []
    for _, row in primary(data.load("diplomacy_records", kind="quotation-attribution")).iterrows():
        label = f"first located in his name by {row['name']}, {row['year']} ({row['source']})"
        alive, id = data.period_start(row["date"]) <= limit, row["event"].removeprefix("quotation-")
        variants.append(Variant(label, alive, (row["row"], death), preferred=not variants, id=id))
    for _, row in primary(data.load("diplomacy_records", kind="quotation-trace", name=person)).iterrows():
        label = "read generously: his speech on the recovery taken for the saying"
        alive, id = data.period_start(row["date"]) <= limit, row["event"].removeprefix("quotation-")
        variants.append(Variant(label, alive, (row["row"],), id=id))
    return variants


LANGUAGES = {"en": "English", "ru": "Russian wording"}


def partnership_name_is(wording: str, document: str, since: int) -> list[Variant]:
    """Whether a name is the one in use: in the document that decides, and in other texts since a year.

    'A new era' and 'the new era' count as one name: translations differ in the article.
    """
    names = data.load("diplomacy_records", kind="partnership-name", language=list(LANGUAGES))
    names = names[names["date"] >= str(since)].sort_values(["date", "same_as"], na_position="first")
    names = names.assign(written=names["language"].map(LANGUAGES))
    same = names["name"].str.lower().str.replace("a new era", "the new era") == wording.lower()
    label, chosen = "{written}, {date} ({source})", names["source"] == document
    return each(names, label, same, "{language}-{source}", "{language}-{date}", decides=chosen)
