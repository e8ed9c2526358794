"""Observed quantity for the chapter on the delegation: who came along, in which offices (C27)."""

import pandas as pd

from eastward import data
from eastward.evidence import Variant, each


def _came(people: dict[str, pd.DataFrame], person: str) -> list[Variant]:
    variants: list[Variant] = []
    name = person.split()[-1]
    for form, there in people.items():
        found = there[there["person"] == person]
        rows, rests = tuple((found if len(found) else there)["row"]), {"id": f"{name.lower()}-{form}", "evidence": form}
        label, part = form.replace("-", " "), f"{name} came along"
        variants.append(Variant(label, bool(len(found)), rows, 0.0, not variants, part, True, **rests))
    return variants


def _new_in_office(person: str, visit: str, days: int) -> list[Variant]:
    offices, until = data.load("security_events", kind="office", person=person), data.period_end(visit)
    new = [0 <= (until - data.period_end(day)).days <= days for day in offices["date"]]
    part = f"{person.split()[-1]} was new in office"
    return each(offices, "{title}", new, "{event}", "decree-{date}", part, decides=True)


def _predecessor(person: str, visit: str, office: str) -> list[Variant]:
    people = data.load("security_delegations", office=office)
    last = people[people["date"] < visit].sort_values("date").tail(1)
    part, label = f"{person.split()[-1]} held the office before", f"last {office} named before, {{date}}"
    return each(last, label, last["person"] == person, "predecessor", "{meeting}", part, decides=True)


def _high_rank(people: dict[str, pd.DataFrame], share: float) -> list[Variant]:
    """Whether more than a share hold a minister's rank or above, where the whole list was reported."""
    variants: list[Variant] = []
    for form, there in people.items():
        if (there["basis"] == "reported").all():
            high = there["rank"] == "minister-or-above"
            label = f"{int(high.sum())} of {len(high)} of a minister's rank, {form.replace('-', ' ')}"
            most, rests = bool(high.mean() > share), {"evidence": form, "id": f"high-rank-{form}"}
            variants.append(Variant(label, most, tuple(there["row"]), 0.0, not variants, "high-powered", True, **rests))
    return variants


def presence(
    minister: str, predecessor: str, office: str, visit: str, formats: list[str], new_within_days: int,
    high_share: float,
) -> list[Variant]:  # fmt: skip
    """Whether two persons came along in the offices that the claim gives them, and how high the rest rank; of the
    formats of the talks the first with a list decides.
    """
    listed = dict(list(data.load("security_delegations", date=visit).groupby("format")))
    people = {form: listed[form] for form in formats if form in listed}
    return [
        *_came(people, minister),
        *_came(people, predecessor),
        *_new_in_office(minister, visit, new_within_days),
        *_predecessor(predecessor, visit, office),
        *_high_rank(people, high_share),
    ]
