"""The whole of the scorecard: counts, how far verdicts depend on the thresholds that are ours, and which arguments hold."""

from __future__ import annotations

from itertools import product

import pandas as pd

from eastward.claims.declared import STATUSES, Argument, arguments, questions, thresholds
from eastward.claims.verdicts import AS_OF, CAVEATS, CONTRADICTED, SUPPORTED, verdict

HOLDS, IN_PART, NOT_SHOWN, FAILS = "holds", "holds in part", "not shown", "fails"
GOOD = (SUPPORTED, CAVEATS)


def scorecard() -> pd.DataFrame:
    """Return one row a question and date.

    Returns:
        Columns ``claim`` (id), ``question`` (``said`` and ``so`` of an attributed claim, else empty), ``counts`` (whether it
        counts for or against the op-ed: all but ``so``), ``date`` (``publication`` or ``hindsight``), ``status``, ``caveat``,
        ``basis``, ``kind`` (the claim's first kind), ``short`` and ``agreement`` (share of evidence, missing where judged).

    """
    rows = []
    for name, claim in questions().items():
        for date in AS_OF:
            found = verdict(name, date)
            share = found.agreement[0] / found.agreement[1] if found.agreement else None
            own = (claim.question, claim.question != "so", date, found.status, found.caveat)
            rows.append((name, *own, claim.basis, claim.kinds[0], claim.short, share))
    columns = ["claim", "question", "counts", "date", "status", "caveat", "basis", "kind", "short", "agreement"]
    return pd.DataFrame(rows, columns=columns)


def counts(card: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count questions by status (columns, in their fixed order) within the values of a column (rows)."""
    table = pd.crosstab(card[by], card["status"])
    return table.reindex(columns=[s for s in STATUSES if s in table], fill_value=0)


def sweep() -> pd.DataFrame:
    """Return the verdicts over the declared range of each threshold.

    Returns:
        Columns ``threshold``, ``value``, ``claim``, ``date``, ``status``; ``stays``: whether it is the status at our value.

    """
    points = [
        (name, value, claim.id, date)
        for name, threshold in thresholds().items()
        for claim, value, date in product(questions().values(), threshold.sweep, AS_OF)
        if name in claim.uses
    ]
    found = pd.DataFrame(points, columns=["threshold", "value", "claim", "date"])
    found["status"] = [verdict(claim, date, {name: value}).status for name, value, claim, date in points]
    ours = found["threshold"].map({name: t.value for name, t in thresholds().items()})
    base = found[found["value"] == ours].set_index(["threshold", "claim", "date"])["status"]
    same = base.reindex(pd.MultiIndex.from_frame(found[["threshold", "claim", "date"]])).to_numpy()
    return found.assign(stays=found["status"].to_numpy() == same)


def ranges(swept: pd.DataFrame) -> pd.DataFrame:
    """Return for each threshold, claim and date the values around ours over which the verdict stays.

    Args:
        swept: as of :func:`sweep`.

    Returns:
        Columns ``threshold``, ``claim``, ``date``, ``status`` (at our value), ``ours``, ``low``, ``high``, ``all`` (it stays
        over the whole range shown).

    """
    rows = []
    for (name, claim, date), part in swept.groupby(["threshold", "claim", "date"], sort=False):
        ours = thresholds()[name].value
        below, above = part[part["value"] <= ours][::-1], part[part["value"] >= ours]
        low, high = (side[side["stays"].cummin()]["value"].iloc[-1] for side in (below, above))
        status = part.loc[part["value"] == ours, "status"].iloc[0]
        rows.append((name, claim, date, status, ours, low, high, bool(part["stays"].all())))
    return pd.DataFrame(rows, columns=["threshold", "claim", "date", "status", "ours", "low", "high", "all"])


def argument_status(argument: Argument, date: str) -> str:
    """Whether an argument holds, by the rule in ``data/claims.yaml``: from the claims that carry it."""
    found = {name: verdict(name, date).status for name in argument.carried_by}
    good = [status in GOOD for status in found.values()]
    failed = sum(status == CONTRADICTED for status in found.values()) > len(found) / 2
    if argument.turns_on and found[argument.turns_on] not in GOOD:
        return FAILS if found[argument.turns_on] == CONTRADICTED else NOT_SHOWN
    if not any(good):
        return FAILS if failed else NOT_SHOWN
    return HOLDS if all(good) else FAILS if failed else IN_PART


def argument_table() -> pd.DataFrame:
    """Return one row an argument: ``id``, ``argument``, ``carried by`` (with status with hindsight), outcome on both dates."""
    rows = []
    for argument in arguments():
        carried = "; ".join(f"{name} {verdict(name, 'hindsight').status}" for name in argument.carried_by)
        rows.append((argument.id, argument.text, carried, *(argument_status(argument, date) for date in AS_OF)))
    return pd.DataFrame(rows, columns=["id", "argument", "carried by", *AS_OF])
