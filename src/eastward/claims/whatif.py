"""What if: the parameters at the top of a chapter, checked and put in force for all that follows it."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from eastward import data
from eastward.claims import declared
from eastward.claims.declared import questions
from eastward.claims.settings import Settings, put, settings
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
    leave_out: Iterable[str] = (),
    override: Iterable[Mapping[str, Any]] = (),
    tolerance: float | None = None,
    thresholds: Mapping[str, float] | None = None,
    **rules: Mapping[str, Any],
) -> Note | None:
    """Put a chapter's parameters in force and say what they change; with the book's own, nothing.

    Args:
        day: the first of the two days from which verdicts look.
        leave_out: sources (``sputnik2024janfeb``) and variants (``C13.chinese-customs-2018-usd``) that do not count.
        override: figures replaced, each a mapping with ``table``, ``value`` and the columns that select its rows.
        tolerance: the threshold of this name.
        thresholds: numbers that are ours, by name, such as ``{"tolerance": 0.1, "much": 3}``.
        **rules: by claim, fields of its rule (``C12={"margin": 1.5}``) or parameters of its quantity
            (``C13={"base_years": [2017, 2020]}``); ``C14_so`` is the second question of an attributed claim.

    Raises:
        DataError: a setting that names what there is not; says which, and what to do.

    """
    put(Settings())
    data.change()
    listed = isinstance(leave_out, Iterable) and not isinstance(leave_out, str)
    if not listed or not all(isinstance(n, str) for n in leave_out):
        advice = "write a list, such as ['sputnik2024janfeb']"
        raise data.DataError("leave_out", f"{leave_out!r} is no list of names", advice)
    rules = {name.replace("_", "."): given for name, given in rules.items()}
    variants = [name for name in leave_out if "." in name]
    _require_known(variants, rules)
    data.change(day, [name for name in leave_out if name not in variants], override)
    own = {k: dict(v) for k, v in rules.items() if _differs(k, v)}
    for claim_id, given in own.items():
        _require_parameters(claim_id, given)
    numbers = {**({} if tolerance is None else {"tolerance": tolerance}), **(thresholds or {})}
    put(Settings(_numbers(numbers), tuple(variants), own))
    return Note(tuple(_changed())) if settings().what_if else None


def _require_parameters(claim_id: str, given: Mapping[str, Any]) -> None:
    """Require names that the claim's rule has, and values of the kind that it has."""
    rule = questions()[claim_id].rule
    known = {**rule.params, **({"margin": rule.margin} if rule.margin is not None else {})} if rule else {}
    for name, value in given.items():
        if name not in known:
            advice = f"use one of: {', '.join(known) or 'none'}"
            raise data.DataError(claim_id, f"its rule has no parameter {name!r}", advice)
        wanted = next(kind for kind in (list, (int, float), object) if isinstance(known[name], kind))
        if not isinstance(value, str if wanted is object else wanted) or isinstance(value, bool):
            raise data.DataError(claim_id, f"{name} is {value!r}", f"write it like {known[name]!r}")


def _numbers(given: Mapping[str, float]) -> dict[str, float]:
    """Return the thresholds that differ from the declared ones."""
    known = declared.thresholds()
    for name, value in given.items():
        if name not in known:
            raise data.DataError("thresholds", f"there is none called {name!r}", f"use one of: {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            raise data.DataError("thresholds", f"{name} is {value!r}", f"write a number, such as {known[name].value:g}")
    return {name: float(value) for name, value in given.items() if value != known[name].value}


def _require_known(variants: Iterable[str], rules: Mapping[str, Any]) -> None:
    for claim_id in (*rules, *(name.rpartition(".")[0] for name in variants)):
        if claim_id not in questions():
            raise data.DataError("what if", f"{claim_id!r} is no claim", "use an id of data/claims.yaml")
    for claim_id, given in rules.items():
        if not isinstance(given, Mapping):
            raise data.DataError(claim_id, f"{given!r} names no parameter", "write a mapping, such as {'margin': 2}")
    for name in variants:
        claim_id, _, variant = name.rpartition(".")
        known = {v.id for as_of in AS_OF for v in verdict(claim_id, as_of).variants}
        if variant not in known:
            problem = f"{claim_id} has no variant {variant!r}"
            raise data.DataError("leave_out", problem, f"use one of: {', '.join(sorted(known))}")


def _differs(claim_id: str, given: Mapping[str, Any]) -> bool:
    rule = questions()[claim_id].rule
    return rule is not None and any(rule.params.get(k, getattr(rule, k, None)) != v for k, v in given.items())


def _changed() -> Iterable[str]:
    rules, changes = settings(), data.changes()
    if changes.day != data.PUBLICATION:
        yield f"the first day is {changes.day.isoformat()}"
    for name, value in rules.thresholds.items():
        yield f"the threshold '{name}' is {value:g}"
    for claim_id, given in rules.rules.items():
        yield f"{claim_id} has {', '.join(f'{k} {v}' for k, v in given.items())}"
    for name in (*changes.leave_out, *rules.leave_out):
        yield f"without {name}"
    for entry in changes.override:
        where = ", ".join(str(v) for k, v in entry.items() if k not in ("table", "value"))
        yield f"{entry['table']} ({where}) is {entry['value']}"
