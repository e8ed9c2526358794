"""The whole of the scorecard: counts, how they depend on the rules' tolerance, and which arguments hold."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from eastward.claims.declared import STATUSES, Argument, all_claims, arguments
from eastward.claims.verdicts import CAVEATS, CONTRADICTED, SUPPORTED, verdict

DATES = {"publication": "on 17 May 2024", "hindsight": "with hindsight"}
HOLDS, IN_PART, FAILS = "holds", "holds in part", "fails"


def scorecard(tolerance: float | None = None) -> pd.DataFrame:
    """Return one row a claim and date.

    Args:
        tolerance: relative deviation up to which a figure is 'imprecise'; that of the settings where ``None``.

    Returns:
        Columns ``claim``, ``date`` (``publication`` or ``hindsight``), ``status``, ``basis``, ``kind`` (the claim's
        first kind), ``short`` and ``agreement`` (share of admissible variants, missing where judged).

    """
    rows = []
    for claim in all_claims().values():
        for date in DATES:
            found = verdict(claim.id, date, tolerance)
            rows.append((claim.id, date, found.status, claim.basis, claim.kinds[0], claim.short, found.agreement))
    return pd.DataFrame(rows, columns=["claim", "date", "status", "basis", "kind", "short", "agreement"])


def counts(card: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count claims by status (columns, in their fixed order) within the values of a column (rows)."""
    table = pd.crosstab(card[by], card["status"])
    return table.reindex(columns=[s for s in STATUSES if s in table], fill_value=0)


def tolerance_sensitivity(tolerances: Iterable[float], date: str = "hindsight") -> pd.DataFrame:
    """Count claims by status for each tolerance: how far the scorecard depends on that one choice.

    Returns:
        Index ``tolerance``; a column a status.

    """
    parts = {}
    for tolerance in tolerances:
        card = scorecard(tolerance)
        parts[tolerance] = card.loc[card["date"] == date, "status"].value_counts()
    table = pd.DataFrame(parts).T.fillna(0).astype(int).rename_axis("tolerance")
    return table.reindex(columns=[s for s in STATUSES if s in table])


def argument_status(argument: Argument, date: str) -> str:
    """Whether an argument holds, by the rule in ``data/claims.yaml``: from the claims that carry it."""
    statuses = [verdict(name, date).status for name in argument.carried_by]
    if all(s in (SUPPORTED, CAVEATS) for s in statuses):
        return HOLDS
    return FAILS if sum(s == CONTRADICTED for s in statuses) > len(statuses) / 2 else IN_PART


def argument_table() -> pd.DataFrame:
    """Return one row an argument: text, carrying claims with their status with hindsight, outcome on both dates."""
    rows = []
    for argument in arguments():
        carried = "; ".join(f"{name} {verdict(name, 'hindsight').status}" for name in argument.carried_by)
        outcomes = [argument_status(argument, date) for date in DATES]
        rows.append((argument.id, argument.text, carried, *outcomes))
    return pd.DataFrame(rows, columns=["id", "argument", "carried by", *DATES.values()])
