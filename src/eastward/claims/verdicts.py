"""Verdicts: what follows from the data for a claim, by the rule that ``data/claims.yaml`` declares.

Rule kinds, with the observed value *x*, the stated value *s*, their rounding errors *h* and the tolerance *t*:

``stated_value``
    supported if ``|x - s| <= h_x + h_s``; imprecise if ``|x - s| <= t * |s|``; else contradicted.
``ratio``
    *x* is a ratio or a change. ``at_least``: supported if ``x + h_x >= s - h_s``, imprecise if
    ``x >= s - t * |s|``; ``at_most`` is the mirror image; ``about`` is ``stated_value``.
``order``
    *x* is the larger quantity over the smaller one as the claim orders them. Supported if ``x >= margin``
    (1 where the claim names none), imprecise if ``x > 1``, else contradicted.
``rank``
    supported if ``x <= s``, imprecise if ``x = s + 1``, else contradicted.
``date``
    *s* and *x* are each a day or an interval, such as a month. Supported if *x* lies inside *s*, imprecise within ``margin``
    days of it, else contradicted.
``holds``
    *x* says whether a stated fact holds: supported or contradicted.
``record``
    *x* says whether a record of the thing was found: supported or 'no record found'.
``judged``
    no computation decides; status, reasons and what would change it stand in the file.

From variants to the verdict: the preferred variants decide, of each piece of evidence at most one, and
``python -m eastward.claims --sources`` refuses a weak source there and where it supports; one that contradicts may stay. A claim of several parts
is 'partly right' where some of them fail and others do not. 'Supported' becomes 'supported with caveats' if any admissible
variant disagrees or the claim names a caveat. If no variant can be checked by anybody but the party that made the
statement, and the statement does not fail, the verdict is 'official claim only'. Without any variant the
claim is 'not testable' on that day. On a day other than the two it is so, too, while nothing was public that decides a part
which was decided on the op-ed's day; judgements and named caveats are then those of the op-ed's day.

Where a reader leaves out sources or variants, the variants that rest on them fall and nothing is computed anew. If all that
decide a part of the claim fall, the first one left that measures the same part stands in for them, in the order of the
evidence; if none is left for a part, the claim is 'not testable'.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from inspect import signature
from itertools import product

import pandas as pd

from eastward import data
from eastward.claims.declared import STATUSES, Claim, ClaimError, Rule, Stated, questions
from eastward.claims.settings import Numbers, Without, falls, left_out, numbers, settings
from eastward.evidence import NotComputable, Variant, observe, quantity

SUPPORTED, CAVEATS, IMPRECISE, PARTLY, CONTRADICTED, NO_RECORD, OFFICIAL, UNTESTABLE = STATUSES
UNTESTED = "not yet tested"
ICONS = {
    SUPPORTED: "✓", CAVEATS: "✓*", IMPRECISE: "≈", PARTLY: "½", CONTRADICTED: "✗", NO_RECORD: "∅", OFFICIAL: "§",
    UNTESTABLE: "?", UNTESTED: "…",
}  # fmt: skip

AS_OF = ("publication", "hindsight")
"""The two days from which every claim is judged: the op-ed's, and all that is known now."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of a claim's rule on one date: ``publication`` (17 May 2024, or another day) or ``hindsight``.

    ``variants`` are all admissible ways to observe the quantity, the preferred ones first, with the rule's outcome for
    each in ``statuses``; ``reason`` tells why the claim is not testable with what was left out, or on that day;
    variants with the ids ``stand_in`` decide only because those that did are left out.
    """

    claim: Claim
    as_of: str
    status: str
    variants: tuple[Variant, ...] = ()
    statuses: tuple[str, ...] = ()
    reason: str = ""
    stand_in: tuple[str, ...] = ()

    def __getitem__(self, variant_id: str) -> Variant:
        """Return the variant with this id; ``KeyError`` names those there are."""
        if (found := self.get(variant_id)) is None:
            known = ", ".join(v.id for v in self.variants) or "none"
            raise KeyError(f"{self.claim.id} has no variant {variant_id!r}; it has {known}")
        return found

    def get(self, variant_id: str) -> Variant | None:
        """Return the variant with this id, if there is one."""
        return next((v for v in self.variants if v.id == variant_id), None)

    @property
    def deciding(self) -> list[Variant]:
        """Variants that decide: the preferred ones, or the first; none where the claim is judged without numbers."""
        return [v for v in self.variants if v.preferred] or list(self.variants[:1])

    @property
    def observed(self) -> float | date | bool | str | None:
        """Value of the first preferred variant; ``None`` where the claim is judged."""
        return self.variants[0].observed if self.variants else None

    @property
    def deviation(self) -> float | None:
        """Relative deviation of the observed from the stated number; ``None`` where either is no number."""
        stated = self.claim.stated.value
        if not _is_number(self.observed) or not _is_number(stated) or not stated:
            return None
        return float(self.observed) / float(stated) - 1  # type: ignore[arg-type]

    @property
    def agreement(self) -> tuple[int, int] | None:
        """Robustness: pieces of evidence whose outcome is that of their part's deciding one, of how many; ``None`` if judged.

        Variants on the same evidence count once, and agree if they do in every part that has a deciding one; evidence on other
        parts alone is held against the first that decides, lest it agree with itself. Preferred variants come first.
        """
        if not self.statuses:
            return None
        base: dict[str, str] = {}
        decided = {v.part for v in self.deciding}
        first: dict[tuple[str, str], bool] = {}
        for variant, status in zip(self.variants, self.statuses, strict=True):
            part = variant.part if variant.part in decided else self.deciding[0].part
            agrees = base.setdefault(part, status) == status
            first.setdefault((variant.evidence or variant.id, variant.part), agrees)
        heard = {evidence for evidence, part in first if part in decided}
        not_so = {e for (e, part), agrees in first.items() if not agrees and (part in decided or e not in heard)}
        pieces = {evidence for evidence, _ in first}
        return len(pieces - not_so), len(pieces)

    @property
    def caveat(self) -> str:
        """What stands against the words, in a few words; empty where the verdict has no caveat."""
        if self.status != CAVEATS:
            return ""
        agree, of = self.agreement or (0, 0)
        alone = "another reading of the source disagrees"
        found = f"{of - agree} of {of} measurements disagree" if agree < of else alone
        return self.claim.caveat.get(self.as_of, found)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Rows of what decides; all rows where the claim is judged."""
        on = self.deciding if self.claim.basis == "computed" else self.variants
        return tuple(dict.fromkeys(row for v in on for row in v.rows))

    @property
    def grade(self) -> str:
        """Grade of the weakest source among them; empty where there is none."""
        return data.grade_of(data.rows(self.rests_on)["source"].dropna())

    @property
    def relayed(self) -> list[str]:
        """Rows among them that, by what was public, no primary or agency source and no two wires state: the card says 'relay only'."""
        with data.on(data.publication_day() if self.as_of == "publication" else data.HINDSIGHT):
            return data.relayed(self.rests_on)

    @property
    def backing(self) -> list[Variant]:
        """Variants that decide, or whose outcome is one of those (of their part, if it has any); all where the claim is judged."""
        pairs = list(zip(self.variants, self.statuses or [""] * len(self.variants), strict=True))
        decided = {(of, s) for v, s in pairs if v in self.deciding for of in (v.part, None)}
        parts = {v.part for v in self.deciding}
        return [v for v, s in pairs if not s or (v.part if v.part in parts else None, s) in decided]

    @property
    def evidence(self) -> pd.DataFrame:
        """Rows of the data package that the variants rest on, with ``table``, ``row`` and ``source``."""
        return data.rows(tuple(dict.fromkeys(row for v in self.variants for row in v.rows)))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _by_bound(x: float, h: float, stated: Stated, direction: str, tolerance: float) -> str:
    s = float(stated.value)  # type: ignore[arg-type]
    over = {"at_least": x - s, "at_most": s - x, "about": -abs(x - s)}[direction]
    slack = 1e-9 * max(abs(x), abs(s))
    if over >= -(h + stated.half_unit + slack):
        return SUPPORTED
    return IMPRECISE if over >= -(tolerance * abs(s) + slack) else CONTRADICTED


def _by_date(x: date | str, stated: Stated, margin_days: float) -> str:
    first, last = data.period_start(str(stated.value)), data.period_end(str(stated.value))
    starts, ends = data.period_start(str(x)), data.period_end(str(x))
    if first <= starts and ends <= last:
        return SUPPORTED
    slack = timedelta(days=margin_days)
    return IMPRECISE if first - slack <= starts and ends <= last + slack else CONTRADICTED


def apply_rule(rule: Rule, stated: Stated, variant: Variant, tolerance: float) -> str:
    """Return the status that a rule (see the module's text) gives a variant; ``ValueError`` for a value of another type."""
    x = variant.observed
    if rule.kind in ("holds", "record"):
        if not isinstance(x, bool):
            raise ValueError(f"rule {rule.kind!r} needs true or false, not {x!r}")
        return SUPPORTED if x else CONTRADICTED if rule.kind == "holds" else NO_RECORD
    if rule.kind == "date":
        if not isinstance(x, date | str):
            raise ValueError(f"rule 'date' needs a day or an interval, not {x!r}")
        return _by_date(x, stated, rule.margin or 0)
    if not _is_number(x) or not math.isfinite(float(x)):  # type: ignore[arg-type]
        raise ValueError(f"rule {rule.kind!r} needs a number, not {x!r}")
    number = float(x)  # type: ignore[arg-type]
    if rule.kind in ("stated_value", "ratio"):
        return _by_bound(number, variant.half_unit, stated, rule.direction, tolerance)
    if rule.kind == "order":
        return CONTRADICTED if number <= 1 else SUPPORTED if number >= (rule.margin or 1) else IMPRECISE
    if rule.kind == "rank":
        excess = number - float(stated.value)  # type: ignore[arg-type]
        return SUPPORTED if excess <= 0 else IMPRECISE if excess <= 1 else CONTRADICTED
    raise ValueError(f"unknown rule kind {rule.kind!r}")


_SEVERITY = {SUPPORTED: 0, CAVEATS: 1, IMPRECISE: 2, NO_RECORD: 3, CONTRADICTED: 4}
_FAILED = {NO_RECORD, CONTRADICTED}


def combine(variants: Sequence[Variant], statuses: Sequence[str], caveats: bool = False) -> str:
    """Return the verdict's status from the statuses of its variants: see the module's text for the rule."""
    if not variants:
        return UNTESTABLE
    pairs = list(zip(variants, statuses, strict=True))
    deciding = [(v, s) for v, s in pairs if v.preferred] or pairs[:1]
    by_part: dict[str, str] = {}
    for variant, status in deciding:
        by_part[variant.part] = max(by_part.get(variant.part, SUPPORTED), status, key=_SEVERITY.__getitem__)
    parts = set(by_part.values())
    base = PARTLY if parts & _FAILED and parts - _FAILED else max(parts, key=_SEVERITY.__getitem__)
    if base not in _FAILED and not any(v.independent for v in variants):
        return OFFICIAL
    if base == SUPPORTED and (caveats or any(s != SUPPORTED for s in statuses)):
        return CAVEATS
    return base


def moment(day: str | date) -> tuple[str, date]:
    """Return which of the two days' judgements and caveats count on a day, and the day itself; ``DataError`` if none."""
    if day == AS_OF[1]:
        return AS_OF[1], data.HINDSIGHT
    try:
        found = data.publication_day() if day == AS_OF[0] else date.fromisoformat(str(day))
    except ValueError:
        advice = "write publication, hindsight or a day like '2024-05-17'"
        raise data.DataError("day", f"{day!r} is no day", advice) from None
    return AS_OF[0], found


def verdict(
    claim_id: str, day: str | date = "publication", thresholds: Numbers | None = None, without: Without | None = None
) -> Verdict:
    """Judge one claim (``C08``, or ``C14.so`` for whether what was said is so) on what was public on a day; what-if
    settings count.

    ``day`` is ``publication``, ``hindsight`` or ISO 8601; ``thresholds`` are values by name, in place of those of the
    settings; ``without`` is what does not count besides what the settings leave out, such as ``{"grade": "relay"}``: a
    ``grade``, ``kind``, ``country`` or ``institution`` of sources, a ``source`` by its key, a ``variant``
    (``C08.xinhua``); one or several. ``ClaimError`` if there is no such claim, ``DataError`` if a table is faulty or
    lacks what the quantity needs, or for a setting that there is not.
    """
    now, (as_of, seen) = settings(), moment(day)
    changed, left = numbers(thresholds or {}, now.thresholds), left_out(without or {}, now.without)
    found, tolerance = now.claim(claim_id, changed), now.tolerance(changed)
    rule = found.rule
    if rule is None:
        return Verdict(found, as_of, UNTESTED)
    try:
        variants = _seen(rule, seen)
    except NotComputable:
        if not now.what_if and not changed and day in AS_OF:
            raise
        reason = f"rows that {rule.quantity} needs are left out or were not yet public"
        return Verdict(found, as_of, UNTESTABLE, reason=reason)
    fallen = falls(claim_id, variants, left)
    if rule.kind == "judged":
        kept = [v for v, fell in zip(variants, fallen, strict=True) if not fell]
        return Verdict(found, as_of, rule.judged[as_of], tuple(sorted(kept, key=lambda v: not v.preferred)))
    kept, stand_in, gone = stand(variants, fallen)
    if seen not in (data.PUBLICATION, data.HINDSIGHT):
        then, now_known = ({v.part for v in of if v.preferred} for of in (_seen(rule, data.PUBLICATION), variants))
        gone |= then - now_known
    if gone or ((variants or now.what_if) and not any(v.preferred for v in kept)):
        reason = f"nothing is left that decides {', '.join(sorted(filter(None, gone))) or 'it'}"
        return Verdict(found, as_of, UNTESTABLE, reason=reason)
    statuses = [apply_rule(rule, found.stated, v, tolerance) for v in kept]
    status = combine(kept, statuses, as_of in found.caveat)
    return Verdict(found, as_of, status, tuple(kept), tuple(statuses), stand_in=stand_in)


def _seen(rule: Rule, day: date) -> list[Variant]:
    """Return the variants on a day."""
    with data.on(day):
        return observe(rule.quantity, **rule.params) if rule.quantity else []


def stand(variants: Sequence[Variant], fallen: Sequence[bool]) -> tuple[list[Variant], tuple[str, ...], set[str]]:
    """Return the variants left, those that decide first; ids of those that stand in for fallen ones; parts without any."""
    left = [v for v, fell in zip(variants, fallen, strict=True) if not fell]
    parts = {v.part: [own for own in left if own.part == v.part] for v in variants if v.preferred}
    gone = {part for part, own in parts.items() if not own}
    stand_in = [own[0].id for own in parts.values() if own and not any(v.preferred for v in own)]
    left = [replace(v, preferred=True) if v.id in stand_in else v for v in left]
    return sorted(left, key=lambda v: not v.preferred), tuple(stand_in), gone


def named() -> int:
    """``python -m eastward.claims``: refuse claims that name a quantity, a parameter, a source or a chapter that there is not."""
    chapters = {file.stem for file in (data.root() / "notebooks").glob("*.ipynb")}
    for q in questions().values():
        unknown = [name for name in (q.chapter, *q.sources) if name not in chapters | data.sources().keys()]
        try:
            signature(quantity(q.rule.quantity)).bind(**q.rule.params) if q.rule and q.rule.quantity else None
        except (LookupError, TypeError) as error:
            unknown.append(f"{q.rule and q.rule.quantity}: {error}")
        if unknown:
            print(f"claims: {ClaimError(q.id, f'there is no {unknown[0]!r}', 'correct the name')}", file=sys.stderr)
            return 1
    return 0


def main() -> int:
    """``python -m eastward.claims --sources``: refuse rows of weak sources that decide or support, each with claim and source."""
    asked = product(questions(), AS_OF)
    backing = {(name, row) for name, day in asked for v in verdict(name, day).backing for row in v.rows}
    of = data.rows(tuple({row for _, row in backing})).set_index("row")["source"].dropna()
    weak = sorted((name, row) for name, row in backing if row in of and data.grade_of([of[row]]) == data.GRADES[-1])
    for name, row in weak:
        print(f"claims: {name} rests on {row}, whose source {of[row]} is weak: find a better one", file=sys.stderr)
    return bool(weak)
