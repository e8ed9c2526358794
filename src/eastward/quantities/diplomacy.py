"""Observed quantities for the claims on trips, meetings, names, the BRICS calendar and a quotation.

The claims are C02, C03, C25, C26 and C29 to C31.
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from eastward import data
from eastward.indicators.diplomacy import (
    BILATERAL,
    before_and_after,
    days_between,
    kept_rhythm,
    per_year,
    primary,
)
from eastward.indicators.trade import share, turnover
from eastward.quantities import Variant
from eastward.quantities.trade import china_turnover

EU_STATES = ("AUT", "DEU", "FIN", "FRA", "GBR", "GRC", "HUN", "ITA", "NLD", "SVN")
"""States in ``diplomacy_visits`` that were members of the EU when the president of Russia came."""


def visits(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Dated trips of presidents, one row a trip, in order of time."""
    return primary(data.load("diplomacy_visits", as_of))


def inaugurations(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Inaugurations of presidents of Russia, one row each: ``day``, ``year`` and ``name``."""
    return primary(data.load("diplomacy_records", as_of, kind="inauguration"))


def trips_after_inaugurations(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Find the first trip abroad and the first trip to China after each inauguration in Russia.

    Returns:
        By ``term`` (year): ``name``, ``oath``, ``first`` (country), ``first_day``, ``first_days`` (days from
        the oath), ``basis``, ``china_day``, ``china_days``, ``rows`` and ``source`` (of the first trip).

    """
    russian = visits(as_of)
    russian = russian[russian["entity"] == "RUS"]
    found = []
    for _, oath in inaugurations(as_of).iterrows():
        own = russian[(russian["traveller"] == oath["name"]) & (russian["day"] >= oath["day"])]
        first = own.head(1)
        china = own[own["partner"] == "CHN"].head(1)
        if first.empty or china.empty:
            continue
        first, china = first.iloc[0], china.iloc[0]
        found.append(
            {
                "term": int(oath["year"]),
                "name": oath["name"],
                "oath": oath["day"],
                "first": first["partner"],
                "first_day": first["day"],
                "first_days": days_between(oath["day"], first["day"]),
                "basis": first["order_basis"],
                "china_day": china["day"],
                "china_days": days_between(oath["day"], china["day"]),
                "rows": (oath["row"], first["row"], china["row"]),
                "source": first["source"],
            }
        )
    return pd.DataFrame(found).set_index("term")


def first_trip_is(as_of: date, term: int, partner: str, ordinal: int) -> list[Variant]:
    """Tell whether the first trip after an oath went to a country, and whether the oath had a given ordinal.

    Args:
        as_of: what was public on that day.
        term: year of the inauguration.
        partner: country of the first trip.
        ordinal: which inauguration of Putin it was.

    """
    oaths = data.load("diplomacy_records", as_of, kind="inauguration", name="putin")
    own = primary(oaths)
    count = int((own["year"] <= term).sum())
    rows = tuple(own.loc[own["year"] <= term, "row"])
    variants = []
    trip = trips_after_inaugurations(as_of).to_dict("index").get(term)
    if trip is not None:
        label = "earliest dated trip abroad after the oath"
        variants.append(Variant(label, trip["first"] == partner, trip["rows"][:2], preferred=True, part="destination"))
        oath_row = trip["rows"][0]
        trips = data.load("diplomacy_visits", as_of, term=str(term), order=1, entity="RUS")
        for _, row in trips[trips["same_as"].notna()].iterrows():
            label = f"first trip as stated by {row['source']}"
            variants.append(Variant(label, row["partner"] == partner, (row["row"],), part="destination"))
        own_trips = visits(as_of)
        since = (own_trips["entity"] == "RUS") & (own_trips["day"] >= trip["oath"])
        states = own_trips[since & (own_trips["form"] == "state")]
        for _, row in states.head(1).iterrows():
            label = "first state visit instead of first trip"
            variants.append(Variant(label, row["partner"] == partner, (oath_row, row["row"]), part="destination"))
    for _, row in data.load("diplomacy_records", as_of, kind="visit-signal", date=f"{term}-05-14").iterrows():
        label = f"announced as first trip by the Kremlin, relay {row['source']}"
        variants.append(Variant(label, row["partner"] == partner, (row["row"],), part="destination", independent=False))
    label = "his inaugurations counted"
    variants.append(Variant(label, count == ordinal, rows, preferred=True, part="ordinal"))
    stated = oaths[(oaths["date"].str[:4] == str(term)) & oaths["title"].str.lower().str.contains("fifth")]
    for _, row in stated.iterrows():
        variants.append(Variant(f"ordinal as stated by {row['source']}", ordinal == 5, (row["row"],), part="ordinal"))
    return variants


def trade_share(partner: str, as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Return a partner's share in Russia's goods turnover by year, per cent, by Russian reports to the IMF.

    Returns:
        By ``year``: ``share`` and ``rows``.

    """
    both = turnover(data.load("trade_imf_dots", as_of, reporter="RUS", partner=[partner, "WORLD"]))
    both["year"] = both["period"].astype(int)
    own = both[both["partner"] == partner].set_index("year")
    world = both[both["partner"] == "WORLD"].set_index("year").reindex(own.index)
    rows = [(*a, *b) for a, b in zip(own["rows"], world["rows"], strict=True)]
    return pd.DataFrame({"share": share(own["value"], world["value"]), "rows": rows}, index=own.index)


def share_changes(as_of: date = data.HINDSIGHT, span: int = 3) -> pd.DataFrame:
    """Trade shares around each inauguration, of the country visited first and of China.

    Returns:
        One row a term and partner for which both sides have figures: ``term``, ``partner``, ``role`` (first
        trip or China), ``before``, ``after``, ``change`` (percentage points) and ``rows``.

    """
    found = []
    for trip in trips_after_inaugurations(as_of).reset_index().to_dict("records"):
        year = trip["term"]
        for partner, role in ((trip["first"], "first trip"), ("CHN", "China")):
            if role == "first trip" and partner == "CHN":
                continue
            shares = trade_share(partner, as_of)
            pair = before_and_after(shares["share"], year, span) if not shares.empty else None
            if pair is None:
                continue
            window = shares[(abs(shares.index - year) <= span) & (shares.index != year)]
            rows = (*(i for ids in window["rows"] for i in ids), *trip["rows"])
            found.append(
                {"term": year, "partner": partner, "role": role, "before": pair[0], "after": pair[1],
                 "change": pair[1] - pair[0], "rows": rows}
            )  # fmt: skip
    columns = ["term", "partner", "role", "before", "after", "change", "rows"]
    return pd.DataFrame(found, columns=columns)


def trips_by_year(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Count Putin's trips by year: to China, to EU states (a lower bound) and all that are listed.

    Returns:
        By ``year`` from 2000: ``china``, ``eu`` and ``listed`` (trips in the table, complete for 2020, 2021
        and from 2023). The years 2008 to 2011 are left out: Medvedev's trips are not in the package.

    """
    trips = visits(as_of)
    own = trips[(trips["traveller"] == "putin")]
    last = int(own["year"].max())
    frame = pd.DataFrame(
        {
            "china": per_year(own[own["partner"] == "CHN"], 2000, last),
            "eu": per_year(own[own["partner"].isin(EU_STATES)], 2000, last),
            "listed": per_year(own, 2000, last),
        }
    )
    return frame.drop(index=range(2008, 2012)).rename_axis("year")


def first_trip_as_predictor(as_of: date, spans: list[int]) -> list[Variant]:
    """Measure what followed first trips: changes of trade shares, and China's part in later trips.

    Shares change in percentage points of Russia's goods trade; the part in trips is in per cent.

    Args:
        as_of: what was public on that day.
        spans: years on either side of an inauguration; for China only the first span is shown.

    """
    variants = []
    name = data.load("countries").set_index("code")["name"].to_dict()
    for span in spans:
        for row in share_changes(as_of, span).to_dict("records"):
            if row["role"] == "China" and span != spans[0]:
                continue
            order = "visited first in" if row["role"] == "first trip" else "not first in"
            label = f"{name[row['partner']]}, {order} {row['term']}: trade share, {span} years after less before"
            variants.append(Variant(label, row["change"], row["rows"], part=row["role"]))
    trips = visits(as_of)
    own = trips[trips["traveller"] == "putin"]
    for year in (2023, 2024, 2025):
        rows = own[own["year"] == year]
        complete = data.load("diplomacy_counts", as_of, series="foreign-trips", period=str(year))
        if rows.empty or complete.empty:
            continue
        part = 100 * float((rows["partner"] == "CHN").mean())
        ids = (*rows["row"], *complete["row"])
        variants.append(Variant(f"China's part in his trips of {year}, per cent", part, ids, part="later trips"))
    return variants


def rhythm(as_of: date = data.HINDSIGHT, strict: bool = False) -> pd.DataFrame:
    """Years in which one side's president paid the other a visit that was no summit.

    Args:
        as_of: what was public on that day.
        strict: count only visits that a source calls a state or official visit.

    Returns:
        One row a direction: ``entity`` (who travels), ``years``, ``kept``, ``due`` and ``rows``. Due are the
        even years 2000 to 2024 for the Russian president, the odd years 2001 to 2023 for the Chinese one.

    """
    forms = ("state", "official") if strict else BILATERAL
    trips = visits(as_of)
    trips = trips[trips["form"].isin(forms)]
    found = []
    for entity, partner, first, last in (("RUS", "CHN", 2000, 2024), ("CHN", "RUS", 2001, 2023)):
        own = trips[(trips["entity"] == entity) & (trips["partner"] == partner)]
        kept, due = kept_rhythm(own["year"], first, last)
        found.append(
            {
                "entity": entity,
                "years": tuple(own["year"]),
                "kept": kept,
                "due": due,
                "rows": tuple(own["row"]),
            }
        )
    return pd.DataFrame(found).set_index("entity")


def signs_of_a_message(as_of: date) -> list[Variant]:
    """Count what speaks for a message in the timing of the visit, and what speaks for the calendar."""
    table = trips_after_inaugurations(as_of)
    trip = table.to_dict("index").get(2024)
    variants = []
    if trip is not None:
        rows = tuple(i for ids in table["rows"] for i in ids)
        days = trip["first_days"]
        label = "days from the oath to the first trip, 2024"
        variants.append(Variant(label, days, trip["rows"], part="for"))
        place = int((table["first_days"] <= days).sum())
        variants.append(Variant("rank of 2024 by speed among the inaugurations", place, rows, part="for"))
    said = primary(data.load("diplomacy_records", as_of, kind="stated-message", partner="CHN"))
    label = "statements of the Kremlin that call the order of trips a message"
    variants.append(Variant(label, len(said), tuple(said["row"]), part="for", independent=False))
    turn = rhythm(as_of).to_dict("index")["RUS"]
    label = f"of {turn['due']} even years, those with a visit of the Russian president to China"
    variants.append(Variant(label, turn["kept"], turn["rows"], part="against"))
    signals = primary(data.load("diplomacy_records", as_of, kind="visit-signal"))
    if not signals.empty and trip is not None:
        early = signals[signals["entity"] == "CHN"].head(1)
        for _, row in early.iterrows():
            ahead = days_between(row["day"], trip["china_day"])
            label = "days before the trip on which a visit in 2024 was first called certain"
            variants.append(Variant(label, ahead, (row["row"],), part="against"))
    return variants


def meetings(as_of: date = data.HINDSIGHT, kind: str = "in-person") -> pd.DataFrame:
    """Dated contacts of Putin and Xi of one kind, one row each."""
    return primary(data.load("diplomacy_meetings", as_of, kind=kind))


def meetings_by_year(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Talks of Putin and Xi by year, face to face and by video, from 2013.

    Returns:
        By ``year``: ``in_person`` and ``video``, to the last full year of the data.

    """
    last = min(2025, as_of.year)
    return pd.DataFrame(
        {
            "in_person": per_year(meetings(as_of), 2013, last),
            "video": per_year(meetings(as_of, "video"), 2013, last),
        }
    ).rename_axis("year")


def after_publication(as_of: date) -> list[Variant]:
    """Measure what followed May 2024: talks a year, turnover, agreements, the growth of BRICS, absences."""
    variants = []
    talks = meetings(as_of)
    for first, last in ((2013, 2019), (2022, 2023), (2024, 2025)):
        if as_of < date(last, 12, 31):
            continue
        rows = talks[talks["year"].between(first, last)]
        label = f"talks face to face a year, {first} to {last}"
        variants.append(Variant(label, len(rows) / (last - first + 1), tuple(rows["row"]), part="meetings"))
    trade = china_turnover(as_of).set_index("year")
    values, ids = trade["value"].to_dict(), trade["rows"].to_dict()
    for new, old in ((2024, 2023), (2025, 2023)):
        if {new, old} <= set(values):
            change = 100 * (values[new] / values[old] - 1)
            behind = (*ids[old], *ids[new])
            variants.append(Variant(f"change of turnover, {old} to {new}, per cent", change, behind, part="trade"))
    for kind, label, part in (
        ("exchange", "new agreements and regular rounds after the visit", "exchanges"),
        ("reservation", "announcements that the other side did not confirm", "exchanges"),
    ):
        rows = primary(data.load("diplomacy_records", as_of, kind=kind))
        rows = rows[rows["day"] > pd.Timestamp(data.PUBLICATION)]
        if len(rows):
            variants.append(Variant(label, len(rows), tuple(rows["row"]), part=part))
    for kind, label in (
        ("enlargement", "steps of enlargement of BRICS"),
        ("absence", "leaders not in person at the next summits"),
    ):
        rows = primary(data.load("diplomacy_brics", as_of, kind=kind))
        rows = rows[rows["day"] > pd.Timestamp(data.PUBLICATION)]
        if len(rows):
            variants.append(Variant(label, len(rows), tuple(rows["row"]), part="BRICS"))
    return variants


def summit_date(as_of: date, year: int, city: str) -> list[Variant]:
    """Return the first day of a BRICS summit, else the first day of the month announced for it."""
    held = data.load("diplomacy_brics", as_of, kind="summit", city=city)
    held = held[held["date"].str.startswith(str(year))].sort_values("same_as", na_position="first")
    variants = [
        Variant(f"held, {row['source']}", data.period_start(row["date"]), (row["row"],), preferred=i == 0)
        for i, (_, row) in enumerate(held.iterrows())
    ]
    told = data.load("diplomacy_brics", as_of, kind="announcement", city=city).sort_values("date", ascending=False)
    told = told[told["announced"].notna() & (told["announced"] != str(year))]
    decides = not variants
    for _, row in told.iterrows():
        label = f"announced on {row['date']} for {row['announced'].replace('/', ' to ')}, {row['source']}"
        variants.append(Variant(label, data.period_start(row["announced"]), (row["row"],), preferred=decides))
        decides = False
    return variants


def attributed_in_lifetime(as_of: date, person: str) -> list[Variant]:
    """Tell whether a saying is found in a person's name by the year of death, by each located attribution."""
    died = data.load("diplomacy_records", as_of, kind="death", name=person)
    if died.empty:
        return []
    limit = data.period_end(died["date"].iloc[0])
    variants: list[Variant] = []
    found = primary(data.load("diplomacy_records", as_of, kind="quotation-attribution"))
    for _, row in found.iterrows():
        label = f"first located in his name by {row['name']}, {row['year']} ({row['source']})"
        alive = data.period_start(row["date"]) <= limit
        variants.append(Variant(label, alive, (row["row"], died["row"].iloc[0]), preferred=not variants))
    own = primary(data.load("diplomacy_records", as_of, kind="quotation-trace", name=person))
    for _, row in own.iterrows():
        label = "read generously: his speech on the recovery taken for the saying"
        variants.append(Variant(label, data.period_start(row["date"]) <= limit, (row["row"],)))
    return variants


def _plain(name: str) -> str:
    return re.sub(r"\b(a|the)\s+new era", "the new era", name.lower().strip())


def partnership_names(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Dated names of the partnership, second sources included, in order of time."""
    names = data.load("diplomacy_records", as_of, kind="partnership-name")
    names = names[names["name"].notna()]
    return names.sort_values(["date", "same_as"], na_position="first").reset_index(drop=True)


def partnership_name_is(as_of: date, wording: str, document: str) -> list[Variant]:
    """Whether a name is the one in use: in the document that decides, and in other texts of 2019 and later.

    'A new era' and 'the new era' count as one name: translations differ in the article.
    """
    names = partnership_names(as_of)
    names = names[names["date"] >= "2019"]
    variants = []
    for _, row in names.iterrows():
        same = _plain(row["name"]) == _plain(wording)
        language = "Russian wording" if re.search("[а-я]", row["name"]) else "English"
        label = f"{language}, {row['date']} ({row['source']})"
        variants.append(Variant(label, same, (row["row"],), preferred=row["source"] == document))
    return variants
