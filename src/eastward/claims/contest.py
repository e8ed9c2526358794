"""What the page 'Set it your way' judges by, and how small a change of one setting turns a verdict.

Both hold for the book's own settings and take seconds a question, so they are kept below ``_build``, each as long as what
was read for it stays what it is.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from eastward import data
from eastward.claims.declared import Claim, arguments, claim, questions, thresholds
from eastward.claims.settings import COUNTRY, TRAITS, behind, own, traits
from eastward.claims.verdicts import AS_OF, verdict
from eastward.data.root import PACKAGE, reading
from eastward.evidence import FIRST, Variant, seen, steps


def file(question_id: str) -> Path:
    """Return the file below ``_build`` with what was found for a question: it is written when that has changed."""
    return data.root() / "_build" / "contest" / f"{question_id}.json"


@data.kept
def _found(question_id: str) -> dict[str, Any]:
    """Return the ``turns`` of a question (:func:`robustness`), and where its rule computes the ``days`` and ``lists`` of :func:`cases`."""
    there = file(question_id)
    beside = there.with_suffix(".read")
    with own(), data.on(data.HINDSIGHT):
        with suppress(OSError, ValueError, LookupError):
            read = json.loads(beside.read_text(encoding="utf-8"))
            if read["digest"] == _digest(question_id, read["tables"]):
                return dict(json.loads(there.read_text(encoding="utf-8")))
        with reading() as noted:
            asked = questions()[question_id]
            text = json.dumps({"turns": _all_turns(asked), **_lists(asked)}, ensure_ascii=False, default=str)
        tables = sorted(name for kind, name in noted if kind == "table")
        there.parent.mkdir(parents=True, exist_ok=True)
        if not there.exists() or there.read_text(encoding="utf-8") != text:
            there.write_text(text, encoding="utf-8")
        beside.write_text(json.dumps({"tables": tables, "digest": _digest(question_id, tables)}), encoding="utf-8")
    return dict(json.loads(text))


def _digest(question_id: str, tables: Iterable[str]) -> str:
    """Return a digest of what was read for a question: its declaration, the tables and what counts of their sources, the code."""
    known, asked = data.sources(), questions()[question_id]
    read: list[Any] = [asked, *(thresholds()[name] for name in ("tolerance", *asked.uses))]
    for table in tables:
        described, frame = data.describe(table), data.load(table)
        keys: Iterable[str] = frame["source"].dropna().unique() if "source" in frame else []
        read += [(key, s.date, s.grade, s.kind, s.author) for key in keys if (s := known[key])]
        read += [described["schema"], (data.root() / "data" / described["path"]).read_bytes()]
    code = [f for room in ("data", "methods", "evidence", "claims") for f in sorted((PACKAGE / room).glob("*.py"))]
    read += [f.read_bytes() for f in code]
    return hashlib.sha256(repr(read).encode()).hexdigest()


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
    pools: list[dict[str, int]] = [{}, {}, {}, {}, {}]
    names, keys, variants, lists, evidence = pools
    asked: dict[str, dict[str, Any]] = {}

    def listed(found: list[list[Any]]) -> int:
        numbers = []
        for id, label, value, half_unit, part, flags, piece, sources in found:
            told = [id, label, value, half_unit, _number(names, part), flags, _number(evidence, piece)]
            numbers.append(_number(variants, [*told, [_number(keys, key) for key in sources]]))
        return _number(lists, numbers)

    for name, q in questions().items():
        asked[name] = {"short": q.short, "chapter": q.chapter, "says": q.question}
        asked[name]["caveat"] = [q.caveat.get(d, "") for d in AS_OF]
        found = _found(name)
        if "lists" not in found:
            asked[name]["judged"] = [q.rule.judged[d] for d in AS_OF] if q.rule else []
            continue
        asked[name] |= {"kind": q.rule.kind, "direction": q.rule.direction, "stated": q.stated_text}  # type: ignore[union-attr]
        asked[name] |= {"tolerated": "tolerance" in q.uses, "numbers": _compared(q), "bound": _bound(q)}
        held = {setting: [listed(one) for one in past] for setting, past in found["lists"].items()}
        asked[name] |= {"days": found["days"], "lists": held}
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


def _lists(asked: Claim) -> dict[str, Any]:
    """Return the days from which each list of variants of a computed question held, and the lists, with every declared
    value of a threshold that enters its quantity; the first setting is ours.
    """
    rule = asked.rule
    if asked.basis != "computed" or rule is None or rule.quantity is None:
        return {}
    past = steps(rule.quantity, **rule.params)[::-1]
    held = {"": [_told(found) for _, found in past]}
    last = [since - dt.timedelta(days=1) for since, _ in past[1:]] + [data.HINDSIGHT]
    for threshold in [thresholds()[name] for name in _enters(asked)]:
        for value in threshold.sweep:
            if value != threshold.value:
                other = claim(asked.id, {threshold.name: value}).rule or rule
                found = [seen(day, rule.quantity, other.params) for day in last]
                held[f"{threshold.name}={value:g}"] = [_told(variants) for variants in found]
    return {"days": [str(day) for day, _ in past], "lists": held}


def _told(found: list[Variant]) -> list[list[Any]]:
    """Return what the page judges a list of variants by."""
    return [
        [v.id, v.label, _rounded(v.observed), _rounded(v.half_unit), v.part, 2 * v.preferred + v.independent, v.evidence or v.id, keys]
        for v, keys in zip(found, behind(found), strict=True)
    ]  # fmt: skip


def robustness() -> pd.DataFrame:
    """Return the single changes of a setting that turn a computed verdict of the op-ed's day, or where none does one
    row without a status.

    Columns ``claim`` (a question's id), ``setting`` (``threshold``, one of ``TRAITS``, or ``day``), ``name`` (of the
    threshold or of what is left out; ``before`` or ``from``), ``value`` (the nearest one of the threshold that turns
    it; the day), ``status`` (what it turns to).
    """
    found = [[name, *turn] for name in questions() for turn in _found(name)["turns"]]
    return pd.DataFrame(found, columns=["claim", "setting", "name", "value", "status"])


def _all_turns(asked: Claim) -> list[tuple[str, str, Any, str]]:
    if asked.basis != "computed":
        return []
    of, ours = traits(), verdict(asked.id)
    turns: dict[str, list[tuple[str, Any, str]]] = {}
    turns["threshold"] = [turn for threshold in asked.uses for turn in _turns(asked, threshold, ours.status)]
    keys = {key for one in behind(ours.variants) for key in one}
    for trait in TRAITS:
        others = {n: verdict(asked.id, without={trait: n}).status for n in sorted({of[key][trait] for key in keys})}
        turns[trait] = [(n, None, status) for n, status in others.items() if status != ours.status]
    turns["day"] = [*_days(asked, ours.status)]
    return [(setting, *turn) for setting, some in turns.items() for turn in some or [("", None, "")]]


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
