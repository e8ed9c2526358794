"""What the page 'Set it your way' judges by, and how small a change of one setting turns a verdict.

Both hold for the book's own settings, take a minute or two, and are kept below ``_build`` while data and code stay what they are.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pandas as pd

from eastward import data
from eastward.claims.declared import Claim, arguments, claim, questions, thresholds
from eastward.claims.settings import COUNTRY, TRAITS, behind, own, traits
from eastward.claims.verdicts import AS_OF, verdict
from eastward.data.root import PACKAGE
from eastward.evidence import FIRST, NotComputable, Variant, observe, steps


def _kept(compute: Callable[[], Any]) -> Any:
    inputs = [*(data.root() / "data").iterdir(), data.root() / "book" / "references.bib"]
    inputs += [f for room in ("data", "methods", "evidence", "claims") for f in (PACKAGE / room).glob("*.py")]
    digest = hashlib.sha256(b"\0".join(f.name.encode() + f.read_bytes() for f in sorted(inputs) if f.is_file()))
    file = data.root() / "_build" / "contest" / f"{compute.__name__}-{digest.hexdigest()[:16]}.json"
    if not file.exists():
        with own():
            found = json.dumps(compute(), ensure_ascii=False, separators=(",", ":"))
        file.parent.mkdir(parents=True, exist_ok=True)
        for stale in file.parent.glob(f"{compute.__name__}-*.json"):
            stale.unlink()
        file.write_text(found, encoding="utf-8")
    return json.loads(file.read_text(encoding="utf-8"))


def _compared(asked: Claim) -> dict[str, Any]:
    """Return the numbers by which a rule compares."""
    margin = asked.rule.margin if asked.rule else None
    return {"stated": asked.stated.value, "half": asked.stated.half_unit, "margin": margin}


def _bound(asked: Claim) -> dict[str, str]:
    """Return which of a rule's numbers is which threshold; any other threshold but the tolerance enters the quantity."""
    found: dict[str, str] = {}
    for name in asked.uses:
        other = _compared(claim(asked.id, {name: thresholds()[name].value + 0.25}))
        found |= {number: name for number, value in _compared(asked).items() if other[number] != value}
    return found


def _enters(asked: Claim) -> list[str]:
    return [name for name in asked.uses if name not in ("tolerance", *_bound(asked).values())]


def _number(known: dict[str, int], thing: Any) -> int:
    return known.setdefault(json.dumps(thing, ensure_ascii=False, default=str), len(known))


def _rounded(value: Any) -> Any:
    """Return a number with nine digits, so that the page stays light; a test holds its statuses against those of all digits."""
    return float(f"{value:.9g}") if isinstance(value, float) else value


def cases() -> dict[str, Any]:
    """Return what the page's script reads: ``questions`` (rule, judgements, caveats, and the days from which each list
    of variants held, with every declared value of a threshold that enters its quantity; what acts on the rule or leaves
    out acts on these lists), ``thresholds`` and ``arguments``; ``lists``, ``variants``, ``sources`` and ``names`` hold
    each thing once, referred to by its number. An institution behind a variant that has no country raises
    ``DataError``.
    """
    found: dict[str, Any] = _kept(_cases)
    return found


def _cases() -> dict[str, Any]:
    pools: list[dict[str, int]] = [{}, {}, {}, {}, {}]
    names, keys, variants, lists, evidence = pools
    asked: dict[str, dict[str, Any]] = {}

    def listed(found: list[Variant]) -> int:
        numbers = []
        for v, sources in zip(found, behind(found), strict=True):
            told = [v.id, v.label, _rounded(v.observed), _rounded(v.half_unit), _number(names, v.part)]
            told += [2 * v.preferred + v.independent, _number(evidence, v.evidence or v.id)]
            numbers.append(_number(variants, [*told, [_number(keys, key) for key in sources]]))
        return _number(lists, numbers)

    for name, q in questions().items():
        rule = q.rule
        asked[name] = {"short": q.short, "chapter": q.chapter, "says": q.question}
        asked[name]["caveat"] = [q.caveat.get(d, "") for d in AS_OF]
        if rule is None or rule.kind == "judged" or rule.quantity is None:
            asked[name]["judged"] = [rule.judged[d] for d in AS_OF] if rule else []
            continue
        past = steps(rule.quantity, **rule.params)[::-1]
        held = {"": [listed(seen) for _, seen in past]}
        last = [since - dt.timedelta(days=1) for since, _ in past[1:]] + [data.HINDSIGHT]
        for threshold in [thresholds()[t] for t in _enters(q)]:
            for value in threshold.sweep:
                if value != threshold.value:
                    lists_of = [listed(_observed(claim(name, {threshold.name: value}), day)) for day in last]
                    held[f"{threshold.name}={value:g}"] = lists_of
        asked[name] |= {"kind": rule.kind, "direction": rule.direction, "stated": q.stated_text}
        asked[name] |= {"tolerated": "tolerance" in q.uses, "numbers": _compared(q), "bound": _bound(q)}
        asked[name] |= {"days": [str(d) for d, _ in past], "lists": held}
    of, sources = traits(), [json.loads(key) for key in keys]
    for key in sources:
        if not of[key][COUNTRY]:
            problem, advice = f"it lacks the author of {key}", "add it, with the country of its seat"
            raise data.DataError("data/institutions.csv", problem, advice)
    told = [[key, *(_number(names, of[key][t]) for t in TRAITS[:-1])] for key in sources]
    steps_of = [{"text": a.text, "by": a.carried_by, "turns": a.turns_on} for a in arguments()]
    ours = {t.name: {"value": t.value, "sweep": t.sweep, "text": t.text} for t in thresholds().values()}
    all_names, _, all_variants, all_lists, _ = ([json.loads(thing) for thing in pool] for pool in pools)
    columns = [list(column) for column in zip(*all_variants, strict=True)]  # alike stands beside alike, and packs well
    every = {"names": all_names, "variants": columns, "lists": all_lists, "sources": told}
    return {"questions": asked, "thresholds": ours, "arguments": steps_of, **every}


def _observed(asked: Claim, day: dt.date) -> list[Variant]:
    with data.on(day), suppress(NotComputable):
        return observe(asked.rule.quantity, **asked.rule.params) if asked.rule and asked.rule.quantity else []
    return []


def robustness() -> pd.DataFrame:
    """Return the single changes of a setting that turn a computed verdict of the op-ed's day, or where none does one
    row without a status.

    Columns ``claim`` (a question's id), ``setting`` (``threshold``, one of ``TRAITS``, or ``day``), ``name`` (of the
    threshold or of what is left out; ``before`` or ``from``), ``value`` (the nearest one of the threshold that turns
    it; the day), ``status`` (what it turns to).
    """
    return pd.DataFrame(_kept(_robustness), columns=["claim", "setting", "name", "value", "status"])


def _robustness() -> list[tuple[str, str, str, Any, str]]:
    of, found = traits(), []
    for name, q in questions().items():
        if q.basis != "computed":
            continue
        ours = verdict(name)
        turns: dict[str, list[tuple[str, Any, str]]] = {}
        turns["threshold"] = [turn for threshold in q.uses for turn in _turns(q, threshold, ours.status)]
        keys = {key for one in behind(ours.variants) for key in one}
        for trait in TRAITS:
            others = {n: verdict(name, without={trait: n}).status for n in sorted({of[key][trait] for key in keys})}
            turns[trait] = [(n, None, status) for n, status in others.items() if status != ours.status]
        turns["day"] = [*_days(q, ours.status)]
        found += [(name, setting, *turn) for setting, some in turns.items() for turn in some or [("", None, "")]]
    return found


def _turns(asked: Claim, name: str, ours: str) -> Iterator[tuple[str, float, str]]:
    """Yield the nearest value of a threshold, below and above ours, at which the verdict turns."""
    declared, fine = thresholds()[name], name not in _enters(asked)
    for sign in (-1, 1):
        last = declared.value
        for value in sorted((v for v in declared.sweep if sign * (v - last) > 0), reverse=sign < 0):
            if (status := verdict(asked.id, thresholds={name: value}).status) == ours:
                last = value
                continue
            while fine and abs(value - last) > 1e-4 * declared.value:
                if (other := verdict(asked.id, thresholds={name: (middle := (last + value) / 2)}).status) == ours:
                    last = middle
                else:
                    value, status = middle, other
            yield name, value, status
            break


def _days(asked: Claim, ours: str) -> Iterator[tuple[str, str, str]]:
    """Yield the last day before which the verdict was another, and the first one after the op-ed's from which it is."""
    rule = asked.rule
    known = [since for since, _ in steps(rule.quantity, **rule.params)] if rule and rule.quantity else []
    before = [("before", d, d - dt.timedelta(days=1)) for d in known if FIRST < d <= data.PUBLICATION]
    after = [("from", d, d) for d in known[::-1] if d > data.PUBLICATION]
    for side in (before, after):
        for name, turn, day in side:
            if (status := verdict(asked.id, day).status) != ours:
                yield name, str(turn), status
                break
