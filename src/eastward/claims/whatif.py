"""What if: the parameters at the top of a chapter, checked and put in force for all that follows it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from eastward import data
from eastward.claims.declared import all_claims
from eastward.claims.settings import TOLERANCE, Settings, put, settings
from eastward.claims.verdicts import AS_OF, verdict


@dataclass(frozen=True)
class Note:
    """What a run changes, for the reader of its results; empty where it changes nothing."""

    changed: tuple[str, ...]

    def __str__(self) -> str:
        return f"What if: {'; '.join(self.changed)}. The prose was written for the book's own settings."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": f"<p><strong>{html.escape(str(self))}</strong></p>"}


def what_if(
    day: str | date = data.PUBLICATION,
    tolerance: float = TOLERANCE,
    leave_out: Iterable[str] = (),
    override: Iterable[Mapping[str, Any]] = (),
    **rules: Mapping[str, Any],
) -> Note | None:
    """Put a chapter's parameters in force and say what they change; with the book's own, nothing.

    Args:
        day: the first of the two days from which verdicts look.
        tolerance: relative deviation up to which a figure is 'imprecise'.
        leave_out: sources (``sputnik2024janfeb``) and variants (``C13.chinese-customs-2018-usd``) that do not count.
        override: figures replaced, each a mapping with ``table``, ``value`` and the columns that select its rows.
        **rules: by claim, fields of its rule (``C12={"margin": 1.5}``) or parameters of its quantity
            (``C13={"base_years": [2017, 2020]}``).

    Raises:
        DataError: a setting that names what there is not; says which, and what to do.

    """
    put(Settings())
    data.change()
    if (
        isinstance(leave_out, str)
        or not isinstance(leave_out, Iterable)
        or not all(isinstance(n, str) for n in leave_out)
    ):
        raise data.DataError(
            "leave_out", f"{leave_out!r} is no list of names", "write a list, such as ['sputnik2024janfeb']"
        )
    variants = [name for name in leave_out if "." in name]
    _require_known(variants, rules)
    data.change(day, [name for name in leave_out if name not in variants], override)
    own = {k: dict(v) for k, v in rules.items() if _differs(k, v)}
    for claim_id, given in own.items():
        _require_parameters(claim_id, given)
    put(Settings(_number(tolerance), tuple(variants), own))
    return Note(tuple(_changed())) if settings().what_if else None


def _require_parameters(claim_id: str, given: Mapping[str, Any]) -> None:
    """Require names that the claim's rule has, and values of the kind that it has."""
    rule = all_claims()[claim_id].rule
    known = {**rule.params, **({"margin": rule.margin} if rule.margin is not None else {})} if rule else {}
    for name, value in given.items():
        if name not in known:
            raise data.DataError(
                claim_id, f"its rule has no parameter {name!r}", f"use one of: {', '.join(known) or 'none'}"
            )
        wanted = (
            list if isinstance(known[name], list) else (int, float) if isinstance(known[name], int | float) else str
        )
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise data.DataError(claim_id, f"{name} is {value!r}", f"write it like {known[name]!r}")


def _number(tolerance: float) -> float:
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
        raise data.DataError("tolerance", f"{tolerance!r} is no share", "write a number from 0 to 1, such as 0.05")
    return float(tolerance)


def _require_known(variants: Iterable[str], rules: Mapping[str, Any]) -> None:
    for claim_id in (*rules, *(name.partition(".")[0] for name in variants)):
        if claim_id not in all_claims():
            raise data.DataError("what if", f"{claim_id!r} is no claim", "use an id of data/claims.yaml")
    for claim_id, given in rules.items():
        if not isinstance(given, Mapping):
            raise data.DataError(claim_id, f"{given!r} names no parameter", "write a mapping, such as {'margin': 2}")
    for name in variants:
        claim_id, _, variant = name.partition(".")
        known = {v.id for as_of in AS_OF for v in verdict(claim_id, as_of).variants}
        if variant not in known:
            raise data.DataError(
                "leave_out", f"{claim_id} has no variant {variant!r}", f"use one of: {', '.join(sorted(known))}"
            )


def _differs(claim_id: str, given: Mapping[str, Any]) -> bool:
    rule = all_claims()[claim_id].rule
    return rule is not None and any(rule.params.get(k, getattr(rule, k, None)) != v for k, v in given.items())


def _changed() -> Iterable[str]:
    rules, changes = settings(), data.changes()
    if changes.day != data.PUBLICATION:
        yield f"the first day is {changes.day.isoformat()}"
    if rules.tolerance != TOLERANCE:
        yield f"the tolerance is {rules.tolerance:g}"
    for claim_id, given in rules.rules.items():
        yield f"{claim_id} has {', '.join(f'{k} {v}' for k, v in given.items())}"
    for name in (*changes.leave_out, *rules.leave_out):
        yield f"without {name}"
    for entry in changes.override:
        where = ", ".join(str(v) for k, v in entry.items() if k not in ("table", "value"))
        yield f"{entry['table']} ({where}) is {entry['value']}"
