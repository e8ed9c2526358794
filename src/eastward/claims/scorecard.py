"""The whole of the scorecard: counts, how far verdicts depend on the thresholds that are ours, and which arguments hold."""

import datetime as dt

import pandas as pd

from eastward.claims.declared import STATUSES, Argument, arguments, questions
from eastward.claims.settings import Numbers, Without
from eastward.claims.verdicts import AS_OF, CAVEATS, CONTRADICTED, SUPPORTED, verdict

HOLDS, IN_PART, NOT_SHOWN, FAILS = "holds", "holds in part", "not shown", "fails"
GOOD = (SUPPORTED, CAVEATS)


def scorecard(
    thresholds: Numbers | None = None, without: Without | None = None, day: str | dt.date | None = None
) -> pd.DataFrame:
    """Return one row a question and date: ``publication``, ``hindsight`` or a day in ISO 8601, else both of the book's.

    Settings as of :func:`eastward.claims.verdicts.verdict`. Columns ``claim`` (id), ``question`` (``said`` and ``so``
    of an attributed claim, else empty), ``counts`` (for or against the op-ed: all but ``so``), ``date``, ``status``,
    ``caveat``, ``basis``, ``kind`` (the claim's first), ``short`` and ``agreement`` (share of evidence; none if
    judged).
    """
    rows = []
    for name, claim in questions().items():
        for date in AS_OF if day is None else (str(day),):
            found = verdict(name, date, thresholds, without)
            share = found.agreement[0] / found.agreement[1] if found.agreement else None
            own = (claim.question, claim.question != "so", date, found.status, found.caveat)
            rows.append((name, *own, claim.basis, claim.kinds[0], claim.short, share))
    columns = ["claim", "question", "counts", "date", "status", "caveat", "basis", "kind", "short", "agreement"]
    return pd.DataFrame(rows, columns=columns)


def counts(card: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count questions by status (columns, in their fixed order) within the values of a column (rows)."""
    table = pd.crosstab(card[by], card["status"])
    return table.reindex(columns=[s for s in STATUSES if s in table], fill_value=0)


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
