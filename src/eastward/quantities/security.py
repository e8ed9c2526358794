"""Observed quantities for the chapter on the delegation: C27 and C28."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from eastward import data
from eastward.indicators.security import RateRatio, five_year_shares, rate_ratio, seats
from eastward.quantities import Variant

VISIT = date(2024, 5, 16)
"""Day of the talks in Beijing."""

SECURITY = ("defence", "security-council")
"""Sectors that count as security posts: defence ministry and arms exports, and the Security Council."""

DEFINITIONS = {
    "defence and Security Council": SECURITY,
    "defence and arms exports only": ("defence",),
    "with space and nuclear industry": (*SECURITY, "space-nuclear"),
}
"""Admissible definitions of a security post; the first decides."""

FORMATS = {
    "restricted-talks": "restricted talks",
    "one-plus-four": "closed dinner of one plus four",
    "delegation": "delegation as announced",
}

RANKS = r"minister|secretary of the Security Council|head of the Central Bank"
"""Offices of a minister's rank or above, as the table words them."""

LAST_LISTED = date(2025, 12, 31)
"""End of the span that the list of exercises covers."""


def delegation(as_of: date = data.HINDSIGHT, day: date = VISIT, form: str = "restricted-talks") -> pd.DataFrame:
    """Persons named on the Russian side on a day, in one format."""
    return data.load("security_delegations", as_of, date=day.isoformat(), format=form)


def _presence(as_of: date, day: date, person: str) -> list[Variant]:
    variants: list[Variant] = []
    for form, label in FORMATS.items():
        people = delegation(as_of, day, form)
        if people.empty:
            continue
        there = people[people["person"] == person]
        rows = tuple((there if len(there) else people)["row"])
        part = f"{person.split()[-1]} came along"
        variants.append(Variant(label, bool(len(there)), rows, preferred=not variants, part=part))
    return variants


def _new_in_office(as_of: date, day: date, person: str, days: int) -> list[Variant]:
    name = person.split()[-1]
    offices = data.load("security_events", as_of, kind="office")
    offices = offices[offices["event"].str.contains(name.lower())]
    return [
        Variant(
            f"appointed {row['date']} ({row['source']})",
            0 <= (day - data.period_end(row["date"])).days <= days,
            (row["row"],),
            preferred=i == 0,
            part=f"{name} was new in office",
        )
        for i, (_, row) in enumerate(offices.iterrows())
    ]


def _predecessor(as_of: date, day: date, person: str) -> list[Variant]:
    people = data.load("security_delegations", as_of, office="defence minister")
    earlier = people[people["date"] < day.isoformat()].sort_values("date")
    if earlier.empty:
        return []
    last = earlier.iloc[-1]
    label = f"last defence minister named before, {last['date']}"
    part = f"{person.split()[-1]} held the office before"
    return [Variant(label, bool(last["person"] == person), (last["row"],), preferred=True, part=part)]


def _high_rank(as_of: date, day: date) -> list[Variant]:
    variants: list[Variant] = []
    for form in ("restricted-talks", "one-plus-four"):
        people = delegation(as_of, day, form)
        if not people.empty:
            high = people["office"].str.contains(RANKS)
            label = f"{int(high.sum())} of {len(high)} of a minister's rank, {FORMATS[form]}"
            variants.append(
                Variant(
                    label,
                    bool(high.mean() > 0.5),
                    tuple(people["row"]),
                    preferred=not variants,
                    part="high-powered",
                )
            )
    return variants


def presence(as_of: date, minister: str, predecessor: str, new_within_days: int) -> list[Variant]:
    """Whether two persons came along in the offices that the claim gives them, and how high the rest rank."""
    return [
        *_presence(as_of, VISIT, minister),
        *_presence(as_of, VISIT, predecessor),
        *_new_in_office(as_of, VISIT, minister, new_within_days),
        *_predecessor(as_of, VISIT, predecessor),
        *_high_rank(as_of, VISIT),
    ]


def security_seats(
    as_of: date = data.HINDSIGHT, sectors: tuple[str, ...] = SECURITY, form: str | None = "restricted-talks"
) -> pd.DataFrame:
    """Seats of security posts at each meeting; see `eastward.indicators.security.seats`."""
    people = data.load("security_delegations", as_of)
    return seats(people[people["format"] == form] if form else people, sectors)


def exercises(as_of: date = data.HINDSIGHT, bilateral: bool = False) -> pd.DataFrame:
    """Joint exercises and patrols of the armed forces, a row each, with ``start`` (day) and ``year``.

    Where only the month or the year is known, its last day serves.
    """
    rows = data.load("security_exercises", as_of, counted=True)
    if bilateral:
        rows = rows[rows["scope"] == "bilateral"]
    rows = rows.assign(start=rows["date"].map(data.period_end))
    return rows.assign(year=rows["date"].str.slice(0, 4).astype(int)).reset_index(drop=True)


def exercises_around(
    as_of: date, days: int, middle: date = VISIT, bilateral: bool = False
) -> tuple[RateRatio, tuple[str, ...]]:
    """Compare the number of exercises in the days after a day with that in as many days up to it.

    Returns:
        The comparison and the ids of the rows counted.

    """
    rows = exercises(as_of, bilateral)
    span = timedelta(days=days)
    before = rows[(rows["start"] > middle - span) & (rows["start"] <= middle)]
    after = rows[(rows["start"] > middle) & (rows["start"] <= middle + span)]
    return rate_ratio(len(before), len(after)), (*before["row"], *after["row"])


def deliveries(
    as_of: date = data.HINDSIGHT, supplier: str = "RUS", recipient: str = "CHN", release: str = "2025-03"
) -> pd.Series:
    """Arms deliveries by year in million TIV of SIPRI, in one release of the register."""
    rows = data.load(
        "security_arms",
        as_of,
        series="deliveries",
        category="all",
        entity=supplier,
        partner=recipient,
        release=release,
    )
    return rows.assign(year=rows["period"].astype(int)).set_index("year")["value"].sort_index()


def arms_shares() -> pd.DataFrame:
    """Shares of the flow in Russian arms exports and Chinese arms imports over five years, by last year."""
    flow = deliveries()
    return pd.DataFrame(
        {
            "of_russian_exports": five_year_shares(flow, deliveries(recipient="WORLD")),
            "of_chinese_imports": five_year_shares(flow, deliveries(supplier="WORLD")),
        }
    )


def _seat_ratios(as_of: date) -> list[Variant]:
    variants: list[Variant] = []
    for label, sectors in DEFINITIONS.items():
        table = security_seats(as_of, sectors).set_index("date")
        if len(table) < 2:
            continue
        old, new = table.iloc[-2], table.iloc[-1]
        counted = f"{new['held']} of {new['seats']} against {old['held']} of {old['seats']}"
        variants.append(
            Variant(
                f"{label}: {counted}", float(new["share"] / old["share"]), (*old["rows"], *new["rows"]),
                preferred=not variants, part="share of seats, 2024 over 2023",
            )
        )  # fmt: skip
    return variants


def _exercise_ratios(as_of: date) -> list[Variant]:
    variants: list[Variant] = []
    if as_of < LAST_LISTED:
        part = "exercises, two years to the visit over the two before"
        middle, spans = date(VISIT.year - 2, VISIT.month, VISIT.day), {"24 months": 730}
    else:
        part = "exercises, after the visit over before"
        middle = VISIT
        spans = {"12 months": 365, "18 months": 548, "to the end of the list": (LAST_LISTED - VISIT).days}
    for name, days in spans.items():
        for bilateral in (False, True):
            found, rows = exercises_around(as_of, days, middle, bilateral)
            scope = "bilateral only" if bilateral else "all"
            label = f"{name}, {scope}: {found.after} against {found.before}"
            preferred = not bilateral and name in ("24 months", "18 months")
            variants.append(Variant(label, found.ratio, rows, preferred=preferred, part=part))
    return variants


def _arms_ratios(as_of: date) -> list[Variant]:
    release, year = ("2024-03", 2023) if as_of < LAST_LISTED else ("2025-03", 2024)
    rows = data.load(
        "security_arms",
        as_of,
        series="deliveries",
        category="all",
        entity="RUS",
        partner="CHN",
        release=release,
    )
    rows = rows.set_index("period")
    variants: list[Variant] = []
    for base in (year - 1, year - 5):
        if {str(year), str(base)} <= set(rows.index):
            label = f"{year} over {base}, release of {release}"
            ratio = float(rows["value"][str(year)] / rows["value"][str(base)])
            ids = (str(rows["row"][str(base)]), str(rows["row"][str(year)]))
            part = "Russian arms deliveries"
            variants.append(Variant(label, ratio, ids, preferred=not variants, part=part))
    return variants


def signs(as_of: date) -> list[Variant]:
    """Signs of closer security cooperation as ratios: seats at the table, exercises, arms; and the words.

    A ratio over 1 speaks for the claim. On the date of publication only spans that had ended by then count.
    """
    variants = [*_seat_ratios(as_of), *_exercise_ratios(as_of), *_arms_ratios(as_of)]
    words = data.load("security_events", as_of, event="statement-2024")
    for _, row in words.iterrows():
        part = "joint statement of the day promises larger exercises"
        variants.append(Variant("text as relayed by TASS", True, (row["row"],), preferred=True, part=part))
    return variants
