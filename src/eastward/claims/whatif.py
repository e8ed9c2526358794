"""What if: the parameters at the top of a chapter, checked and put in force for all that follows it."""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from eastward import data
from eastward.claims import declared
from eastward.claims.declared import questions
from eastward.claims.settings import Numbers, Settings, Without, left_out, numbers, put, settings


@dataclass(frozen=True)
class Note:
    """What a run changes, for the reader of its results; empty where it changes nothing."""

    changed: tuple[str, ...]

    def __str__(self) -> str:
        return f"What if: {'; '.join(self.changed)}. The prose was written for the book's own settings."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": f"<p><strong>{html.escape(str(self))}</strong></p>"}


def what_if(
    day: str | date = data.PUBLICATION, without: Without = MappingProxyType({}), override: Iterable[Mapping[str, Any]] = (),
    tolerance: float | None = None, thresholds: Numbers | None = None, **rules: Mapping[str, Any],
) -> Note | None:  # fmt: skip
    """Put a chapter's parameters in force and say what they change; with the book's own, nothing. A setting that names
    what there is not raises ``DataError``.

    ``day`` is the first of the two from which verdicts look; ``without`` as of :func:`eastward.claims.verdicts.verdict`
    (variants that rest on it fall, tables and figures keep its rows); ``override`` as of :func:`eastward.data.change`;
    ``thresholds`` by name (``tolerance`` alone, too); ``rules`` by claim: fields of its rule (``C12={"margin": 1.5}``)
    or parameters of its quantity (``C13={"base_years": [2017, 2020]}``); ``C14_so`` is the second question of an
    attributed claim.
    """
    put(Settings())
    data.change()
    left = left_out(without)
    rules = {name.replace("_", "."): given for name, given in rules.items()}
    for claim_id, given in rules.items():
        if claim_id not in questions():
            raise data.DataError("what if", f"{claim_id!r} is no claim", "use an id of data/claims.yaml")
        if not isinstance(given, Mapping):
            raise data.DataError(claim_id, f"{given!r} names no parameter", "write a mapping, such as {'margin': 2}")
    data.change(day, override)
    own = {k: dict(v) for k, v in rules.items() if _differs(k, v)}
    for claim_id, given in own.items():
        _require_parameters(claim_id, given)
    changed = numbers({**({} if tolerance is None else {"tolerance": tolerance}), **(thresholds or {})})
    ours = declared.thresholds()
    put(Settings({name: value for name, value in changed.items() if value != ours[name].value}, left, own))
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
    for trait, names in rules.without.items():
        yield f"without the {trait} {', '.join(names)}"
    for entry in changes.override:
        where = ", ".join(str(v) for k, v in entry.items() if k not in ("table", "value"))
        yield f"{entry['table']} ({where}) is {entry['value']}"
