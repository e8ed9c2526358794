"""The op-ed's claims, read from ``data/claims.yaml``.

Every claim has an id, a paragraph, a paraphrase and a rule. The rule says how the verdict follows from the data, so a
reader can contest it without reading code.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from eastward import data

KINDS = (
    "quantitative", "chronological", "attribution", "comparative", "causal", "legal", "forecast", "framing",
)  # fmt: skip
STATUSES = (
    "supported", "supported with caveats", "imprecise", "contradicted", "official claim only", "not testable",
)  # fmt: skip
RULES = ("stated_value", "ratio", "order", "rank", "date", "holds", "judged")


class ClaimError(ValueError):
    """A fault in ``data/claims.yaml``: names the claim, the field and what to do."""

    def __init__(self, claim: str, problem: str, advice: str):
        super().__init__(f"data/claims.yaml, claim {claim}: {problem}; {advice}")


@dataclass(frozen=True)
class Stated:
    """What the op-ed states, as the rule compares it.

    ``value`` is a number, an ISO date or a rank; ``text`` is how a reader sees it. ``half_unit`` is half a unit of the
    last digit that the op-ed gives, in ``unit``.
    """

    text: str
    value: float | str | None = None
    unit: str = ""
    half_unit: float = 0.0


@dataclass(frozen=True)
class Rule:
    """How the verdict follows from the observed quantity: the rule kinds are explained in `eastward.claims.verdicts`."""

    kind: str
    text: str
    quantity: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    direction: str = "about"
    margin: float | None = None
    judged: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """One checkable statement of the op-ed, paraphrased."""

    id: str
    paragraph: int
    short: str
    paraphrase: str
    kinds: tuple[str, ...]
    chapter: str
    stated: Stated
    rule: Rule | None
    caveats: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    would_change: str = ""
    sources: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        """``computed`` from data by the rule, ``judged`` with reasons, or ``none`` where not yet tested."""
        if self.rule is None:
            return "none"
        return "judged" if self.rule.kind == "judged" else "computed"


@dataclass(frozen=True)
class Argument:
    """A step of the op-ed's reasoning: the claims that carry it and those that only accompany it."""

    id: str
    text: str
    carried_by: tuple[str, ...]
    also: tuple[str, ...] = ()


def _check_stated(name: str, rule: Rule, stated: Stated) -> None:
    """A rule can only compare what it can read: a number, or an ISO 8601 date."""
    numbers: list[object] = [stated.half_unit, rule.margin or 0]
    if rule.kind in ("stated_value", "ratio", "rank"):
        numbers.append(stated.value)
    for value in numbers:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise ClaimError(name, f"{value!r} is no number", "write a plain number")
    if rule.kind == "date":
        try:
            data.period_start(str(stated.value)), data.period_end(str(stated.value))
        except ValueError:
            raise ClaimError(name, f"{stated.value!r} is no date", "write an ISO 8601 date or interval") from None
    if not isinstance(rule.params, dict):
        raise ClaimError(name, "params of the rule are no mapping", "write name: value")


def _claim(entry: dict[str, Any]) -> Claim:
    if not isinstance(entry, dict):
        raise ClaimError("without id", f"{entry!r} is no claim", "write its fields as name: value")
    name = str(entry.get("id", "without id"))
    unknown = set(entry) - set(Claim.__dataclass_fields__)
    if unknown:
        raise ClaimError(name, f"unknown field {sorted(unknown)[0]!r}", "correct its name")
    for needed in ("id", "paragraph", "short", "paraphrase", "kinds", "chapter"):
        if not entry.get(needed):
            raise ClaimError(name, f"the field {needed!r} is missing", "add it")
    if len(entry["short"]) >= 75:
        raise ClaimError(name, "the short form has 75 characters or more", "shorten it (ClaimReview needs it)")
    for kind in entry["kinds"]:
        if kind not in KINDS:
            raise ClaimError(name, f"unknown kind {kind!r}", f"use one of {', '.join(KINDS)}")
    raw = entry.get("rule")
    rule = Rule(**raw) if raw else None
    if rule is not None:
        if rule.kind not in RULES:
            raise ClaimError(name, f"unknown rule kind {rule.kind!r}", f"use one of {', '.join(RULES)}")
        if rule.kind == "judged":
            if set(rule.judged) != {"publication", "hindsight"}:
                raise ClaimError(name, "a judged rule needs a status for both dates", "add publication and hindsight")
            for status in rule.judged.values():
                if status not in STATUSES:
                    raise ClaimError(name, f"unknown status {status!r}", f"use one of {', '.join(STATUSES)}")
            if not entry.get("reasons") or not entry.get("would_change"):
                raise ClaimError(name, "a judged verdict needs reasons and would_change", "add them")
        elif rule.quantity is None:
            raise ClaimError(name, "a computed rule needs a quantity", "name a function of eastward.evidence")
    stated = Stated(**entry.get("stated", {"text": "no figure stated"}))
    if rule is not None and rule.kind != "judged":
        _check_stated(name, rule, stated)
    return Claim(
        **{
            **entry,
            "kinds": tuple(entry["kinds"]),
            "stated": stated,
            "rule": rule,
            "caveats": tuple(entry.get("caveats", ())),
            "reasons": tuple(entry.get("reasons", ())),
            "sources": tuple(entry.get("sources", ())),
        }
    )


@lru_cache(maxsize=8)
def _load(file: Path, _mtime: float) -> dict[str, Claim]:
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        entries = [_claim(entry) for entry in document["claims"]]
        found = {claim.id: claim for claim in entries}
    except ClaimError:
        raise
    except (yaml.YAMLError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ClaimError("unknown", f"the file cannot be read ({reason})", "restore its form, in UTF-8") from None
    if len(found) != len(entries):
        ids = [claim.id for claim in entries]
        raise ClaimError(next(i for i in ids if ids.count(i) > 1), "the id stands twice", "keep one")
    return found


def all_claims() -> dict[str, Claim]:
    """Return all claims by id, in the op-ed's order.

    Raises:
        ClaimError: the file breaks its form; names the claim, the field and the remedy.

    """
    file = data.root() / "data" / "claims.yaml"
    if not file.is_file():
        raise ClaimError("unknown", "the file is missing", "restore it with git")
    return _load(file, file.stat().st_mtime)


def arguments() -> list[Argument]:
    """Return the steps of the op-ed's reasoning, in its order.

    Raises:
        ClaimError: an argument names a claim that does not exist.

    """
    file = data.root() / "data" / "claims.yaml"
    known = all_claims()
    found = []
    for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get("arguments") or []:
        try:
            argument = Argument(entry["id"], entry["text"], tuple(entry["carried_by"]), tuple(entry.get("also", ())))
        except (AttributeError, LookupError, TypeError):
            raise ClaimError("unknown", f"an argument is malformed: {entry!r}", "give id, text, carried_by") from None
        for name in (*argument.carried_by, *argument.also):
            if name not in known:
                raise ClaimError(name, f"argument {argument.id} names it, but there is no such claim", "correct the id")
        found.append(argument)
    return found


def claim(claim_id: str) -> Claim:
    """Return one claim.

    Raises:
        ClaimError: there is no such claim.

    """
    try:
        return all_claims()[claim_id]
    except KeyError:
        raise ClaimError(claim_id, "no such claim", "use an id of data/claims.yaml") from None


def main() -> int:
    """``python -m eastward.claims``: read the claims and the steps of the argument, before a build does much with them."""
    try:
        print(f"claims: {len(all_claims())} are declared, in {len(arguments())} steps of the argument")
    except ClaimError as error:
        print(f"claims: {error}", file=sys.stderr)
        return 1
    return 0
