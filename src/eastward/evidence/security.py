"""Observed quantities for the chapter on the delegation: C27 and C28."""

from __future__ import annotations

from datetime import date, timedelta

from eastward import data
from eastward.evidence import Variant
from eastward.methods.security import RateRatio, rate_ratio, seats

VISIT = date(2024, 5, 16)
"""Day of the talks in Beijing."""

DEFINITIONS = {
    "security": ("defence and Security Council", ("defence", "security-council")),
    "defence": ("defence and arms exports only", ("defence",)),
    "with-space": ("with space and nuclear industry", ("defence", "security-council", "space-nuclear")),
}
"""Admissible definitions of a security post, label and sectors; the first decides."""

FORMATS = {
    "restricted-talks": "restricted talks",
    "one-plus-four": "closed dinner of one plus four",
    "delegation": "delegation as announced",
}

LAST_LISTED = date(2025, 12, 31)
"""End of the span that the list of exercises covers."""


def _presence(person: str) -> list[Variant]:
    variants: list[Variant] = []
    name = person.split()[-1]
    for form, label in FORMATS.items():
        people = data.load("security_delegations", date=VISIT.isoformat(), format=form)
        if people.empty:
            continue
        there = people[people["person"] == person]
        rows, first = tuple((there if len(there) else people)["row"]), not variants
        id = f"{name.lower()}-{form}"
        variants.append(Variant(label, bool(len(there)), rows, preferred=first, part=f"{name} came along", id=id))
    return variants


def _new_in_office(person: str, days: int) -> list[Variant]:
    return [
        Variant(
            f"appointed {row['date']} ({row['source']})", 0 <= (VISIT - data.period_end(row["date"])).days <= days,
            (row["row"],), preferred=i == 0, part=f"{person.split()[-1]} was new in office", id=row["event"],
        )
        for i, (_, row) in enumerate(data.load("security_events", kind="office", person=person).iterrows())
    ]  # fmt: skip


def _predecessor(person: str, office: str) -> list[Variant]:
    people = data.load("security_delegations", office=office)
    earlier = people[people["date"] < VISIT.isoformat()].sort_values("date")
    if earlier.empty:
        return []
    last = earlier.iloc[-1]
    label = f"last {office} named before, {last['date']}"
    part = f"{person.split()[-1]} held the office before"
    return [Variant(label, bool(last["person"] == person), (last["row"],), preferred=True, part=part, id="predecessor")]


def _high_rank() -> list[Variant]:
    """Whether most hold a minister's rank or above, where the whole list was reported."""
    variants: list[Variant] = []
    reported = data.load("security_delegations", date=VISIT.isoformat(), basis="reported")
    for form, people in sorted(reported.groupby("format"), key=lambda group: list(FORMATS).index(group[0])):
        high, rows = people["rank"] == "minister-or-above", tuple(people["row"])
        label, first = f"{int(high.sum())} of {len(high)} of a minister's rank, {FORMATS[form]}", not variants
        most, id = bool(high.mean() > 0.5), f"high-rank-{form}"
        variants.append(Variant(label, most, rows, preferred=first, part="high-powered", id=id))
    return variants


def presence(minister: str, predecessor: str, office: str, new_within_days: int) -> list[Variant]:
    """Whether two persons came along in the offices that the claim gives them, and how high the rest rank."""
    return [
        *_presence(minister),
        *_presence(predecessor),
        *_new_in_office(minister, new_within_days),
        *_predecessor(predecessor, office),
        *_high_rank(),
    ]


def exercises_around(days: int, middle: date = VISIT, bilateral: bool = False) -> tuple[RateRatio, tuple[str, ...]]:
    """Compare the number of exercises and patrols in the days after a day with that in as many days up to it.

    Where only the month or the year of a start is known, its last day serves.

    Returns:
        The comparison and the ids of the rows counted.

    """
    scope = {"scope": "bilateral"} if bilateral else {}
    rows = data.load("security_exercises", counted=True, **scope)
    start, span = rows["date"].map(data.period_end), timedelta(days=days)
    before = rows[(start > middle - span) & (start <= middle)]
    after = rows[(start > middle) & (start <= middle + span)]
    return rate_ratio(len(before), len(after)), (*before["row"], *after["row"])


def spans(months: list[int]) -> dict[str, tuple[str, date, int]]:
    """Spans that had ended by the day, by id: label, the day in their middle, and days on each side.

    With the visit in the middle, the months given and the span to the end of the list. Before the first of them had ended, two
    years to the visit are compared with the two before.
    """
    found = {f"{n}-months": (f"{n} months", VISIT, round(365.25 * n / 12)) for n in sorted(months)}
    found["to-end"] = ("to the end of the list", VISIT, (LAST_LISTED - VISIT).days)
    last = min(data.day(), LAST_LISTED)
    ended = {id: span for id, span in found.items() if VISIT + timedelta(days=span[2]) <= last}
    return ended or {"24-months": ("24 months", VISIT.replace(year=VISIT.year - 2), 730)}


def _seat_ratios() -> list[Variant]:
    variants: list[Variant] = []
    people = data.load("security_delegations", format="restricted-talks")
    for name, (label, sectors) in DEFINITIONS.items():
        table = seats(people, sectors)
        if len(table) < 2:
            continue
        old, new = table.iloc[-2], table.iloc[-1]
        counted = f"{new['held']} of {new['seats']} against {old['held']} of {old['seats']}"
        variants.append(
            Variant(
                f"{label}: {counted}", float(new["share"] / old["share"]), (*old["rows"], *new["rows"]),
                preferred=not variants, part="share of seats, 2024 over 2023", id=f"seats-{name}",
            )
        )  # fmt: skip
    return variants


def _exercise_ratios(months: list[int]) -> list[Variant]:
    variants: list[Variant] = []
    ended = spans(months)
    first = f"{months[0]}-months" if f"{months[0]}-months" in ended else next(iter(ended))
    for name, (label, middle, days) in ended.items():
        before = "after the visit over before" if middle == VISIT else "two years to the visit over the two before"
        for bilateral, scope in ((False, "all"), (True, "bilateral only")):
            found, rows = exercises_around(days, middle, bilateral)
            text = f"{label}, {scope}: {found.after} against {found.before}"
            decides, id = name == first and not bilateral, f"exercises-{name}{'-bilateral' * bilateral}"
            variants.append(Variant(text, found.ratio, rows, preferred=decides, part=f"exercises, {before}", id=id))
    return variants


def _arms_ratios() -> list[Variant]:
    """Deliveries of the last year over those of one and five years before, in the newest release."""
    variants: list[Variant] = []
    rows = data.load("security_arms", series="deliveries", category="all", entity="RUS", partner="CHN")
    if rows.empty:
        return variants
    release = rows["release"].max()
    rows = rows[rows["release"] == release].set_index("period")
    year = int(rows.index.max())
    for name, base in (("one-year", year - 1), ("five-years", year - 5)):
        if str(base) in rows.index:
            new, old = rows.loc[str(year)], rows.loc[str(base)]
            label, ratio = f"{year} over {base}, release of {release}", float(new["value"] / old["value"])
            ids, part = (old["row"], new["row"]), "Russian arms deliveries"
            variants.append(Variant(label, ratio, ids, preferred=not variants, part=part, id=f"arms-{name}"))
    return variants


def signs(months: list[int]) -> list[Variant]:
    """Signs of closer security cooperation as ratios: seats at the table, exercises, arms; and the words.

    A ratio over 1 speaks for the claim. Of the ``months`` after the visit and before it the first decides.
    """
    words = data.load("security_events", kind="statement", date=VISIT.isoformat())
    promised = [
        Variant(
            "text as relayed by TASS", True, (row,), preferred=True,
            part="joint statement of the day promises larger exercises", id="statement",
        )
        for row in words["row"]
    ]  # fmt: skip
    return [*_seat_ratios(), *_exercise_ratios(months), *_arms_ratios(), *promised]
