"""Verdicts and decisive numbers by hand from the sources (expected.csv), and what becomes of them in other circumstances (changes.yaml)."""

import csv
from collections.abc import Callable
from datetime import date
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pandas as pd
import pytest
import yaml

from eastward import data
from eastward.claims import questions
from eastward.claims.verdicts import AS_OF, Verdict, verdict
from eastward.claims.whatif import what_if
from tests.chapter import Run
from tests.conftest import PackageCopy

HERE = Path(__file__).parent
CHANGES = yaml.load((HERE / "changes.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
with (HERE / "expected.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = {
        claim: {(row["day"], row["what"]): row["expected"] for row in rows}
        for claim, rows in groupby(csv.DictReader(file), lambda row: row["claim"])
    }


def told(found: Verdict, what: str) -> object:
    """What a table calls ``what``: a fact of the verdict, ``of ID`` a variant's status, ``part NAME`` or ``ID`` an observed value."""
    statuses = dict(zip([v.id for v in found.variants], found.statuses or [""] * len(found.variants), strict=True))
    facts: dict[str, object] = {
        "status": found.status,
        "caveat": found.caveat,
        "grade": found.grade,
        "observed": found.observed,
        "agreement": "/".join(map(str, found.agreement or ())),
        "ids": {v.id for v in found.variants},
        "deciding": {v.id for v in found.deciding},
        "evidence": {v.evidence for v in found.deciding},
        "parts": {v.part for v in found.variants if v.preferred},
        "independent": {v.id for v in found.deciding if v.independent},
        # All that decides supports, and something else does not.
        "split": "yes" if {statuses[v.id] for v in found.deciding} == {"supported"} < set(statuses.values()) else "no",
    }
    kind, _, name = what.partition(" ")
    if kind == "of":
        return statuses[name]
    if kind == "part":
        return {v.part: v.observed for v in found.deciding}[name]
    return facts[what] if what in facts else found[what].observed


def agrees(found: Verdict, what: str, expected: str) -> None:
    """Hold what a verdict tells against a table: numbers by the sum that stands there, ≈ up to 0.2 per cent."""
    value = told(found, what)
    if isinstance(value, int | float):
        by_hand = pytest.approx(eval(expected.lstrip("≈")), rel=2e-3 if "≈" in expected else 1e-6)
        assert float(value) == by_hand, (found.claim.id, found.as_of, what)
    else:
        wanted = set(expected.split()) if isinstance(value, set) else expected
        assert (value if isinstance(value, set) else str(value)) == wanted, (found.claim.id, found.as_of, what)


@pytest.mark.parametrize("claim", sorted(questions()))
def test_as_worked_out_by_hand(claim: str) -> None:
    for (days, what), expected in EXPECTED[claim].items():
        for day in AS_OF if days == "both" else [days]:
            agrees(verdict(claim, day), what, expected)


with (HERE / "numbers.csv").open(encoding="utf-8", newline="") as file:
    NUMBERS = list(csv.DictReader(file))
EVIDENCE = {
    name: import_module(f"eastward.evidence.{name}")
    for name in ("diplomacy", "market", "sanctions", "settlements", "tariffs", "trade", "turn_east", "west")
}


def counts(quantity: str, by_hand: str, it: Run | None = None) -> None:
    """Hold a quantity of the evidence, or of a chapter as run (``it``), against the sum that stands beside it."""
    known = {**EVIDENCE, "data": data, "date": date, "verdict": verdict, "it": it}
    value, wanted = eval(quantity, known), eval(by_hand.lstrip("≈"), known)
    if isinstance(value, pd.Series | pd.Index):
        value = value.tolist()
    for one, other in zip(value, wanted, strict=True) if isinstance(wanted, list) else [(value, wanted)]:
        rounded = isinstance(other, int | float) and not isinstance(other, bool)
        assert one == (pytest.approx(other, rel=3e-3 if "≈" in by_hand else 1e-4) if rounded else other)


@pytest.mark.parametrize("row", NUMBERS, ids=[row["quantity"][:60] for row in NUMBERS])
def test_number_by_hand(row: dict[str, str], ran: Callable[[str], Run]) -> None:
    counts(row["quantity"], row["by hand"], ran(row["chapter"]) if row["chapter"] else None)


@pytest.mark.parametrize("case", CHANGES)
def test_otherwise(case: str, request: pytest.FixtureRequest) -> None:
    copied = any({"edit", "drop"} & step.keys() for step in CHANGES[case])
    package: PackageCopy | None = request.getfixturevalue("package") if copied else None
    for (kind, given), *_ in (step.items() for step in CHANGES[case]):
        if kind == "if":
            what_if(**yaml.safe_load(given))
        elif package and kind == "drop":
            package.drop(given[0], **given[1])
        elif package and kind == "edit":
            table, where, cells = given
            for column, value in cells.items():
                package.edit(table, column, value, **where)
        elif kind == "number":
            counts(*given)
        else:
            claim, _, day = kind.partition(" ")
            found = verdict(claim, day or "publication")
            for what, expected in (given if isinstance(given, dict) else {"status": given}).items():
                agrees(found, what, expected)
