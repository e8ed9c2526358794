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
claim is 'not testable' on that day.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pandas as pd

from eastward import data
from eastward.claims.declared import STATUSES, Claim, Rule, Stated, questions
from eastward.claims.settings import settings
from eastward.evidence import NotComputable, Variant, observe

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
    """The outcome of a claim's rule on one date.

    Attributes:
        claim: the claim.
        as_of: ``publication`` (17 May 2024) or ``hindsight``.
        status: one of ``claims.STATUSES``, or 'not yet tested'.
        variants: every admissible way to observe the quantity, the preferred ones first.
        statuses: the rule's outcome for each variant.
        reason: why nothing could be computed, in a what-if run that took away what the claim needs.

    """

    claim: Claim
    as_of: str
    status: str
    variants: tuple[Variant, ...] = ()
    statuses: tuple[str, ...] = ()
    reason: str = ""

    def __getitem__(self, variant_id: str) -> Variant:
        """Return the variant with this id.

        Raises:
            KeyError: there is no such variant; names those there are.

        """
        found = {v.id: v for v in self.variants}
        if variant_id not in found:
            raise KeyError(f"{self.claim.id} has no variant {variant_id!r}; it has {', '.join(found) or 'none'}")
        return found[variant_id]

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
        found = (
            f"{of - agree} of {of} measurements disagree" if agree < of else "another reading of the source disagrees"
        )
        return self.claim.caveat.get(self.as_of, found)

    @property
    def grade(self) -> str:
        """Grade of the weakest source that decides; empty where no row decides."""
        return grade(self.deciding)

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

    @property
    def robustness(self) -> pd.DataFrame:
        """One line a variant: part, variant, observed, status, whether it decides, number of rows behind it."""
        statuses = self.statuses or [""] * len(self.variants)
        lines = [
            (v.part, v.label, v.observed, s, v.preferred, len(v.rows))
            for v, s in zip(self.variants, statuses, strict=True)
        ]
        return pd.DataFrame(lines, columns=["part", "variant", "observed", "status", "decides", "rows"])


def grade(variants: Sequence[Variant]) -> str:
    """Return the grade of the weakest source behind these variants; empty where there is none."""
    return data.grade_of(data.rows([row for v in variants for row in v.rows])["source"].dropna())


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
    """Return the status that a rule gives one variant: see the module's text for the rule kinds.

    Raises:
        ValueError: the observed value is not of the type that the rule kind compares.

    """
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


def verdict(claim_id: str, as_of: str = "publication", thresholds: Mapping[str, float] | None = None) -> Verdict:
    """Judge one claim on what was public at publication, or with hindsight; what-if settings count.

    Args:
        claim_id: id of the claim, such as ``C08``, or ``C14.so`` for whether what was said is so.
        as_of: ``publication`` or ``hindsight``.
        thresholds: values by name, in place of those of the settings.

    Raises:
        ClaimError: there is no such claim.
        DataError: a table that the claim's quantity reads is faulty, or lacks what it needs.

    """
    now = settings()
    found, tolerance = now.claim(claim_id, thresholds), now.tolerance(thresholds)
    rule = found.rule
    if rule is None:
        return Verdict(found, as_of, UNTESTED)
    variants: list[Variant] = []
    with data.on(data.publication_day() if as_of == "publication" else data.HINDSIGHT):
        try:
            variants = observe(rule.quantity, **rule.params) if rule.quantity else []
        except NotComputable:
            if not now.what_if and not thresholds:
                raise
            reason = f"rows that {rule.quantity} needs are left out or were not yet public"
            return Verdict(found, as_of, UNTESTABLE, reason=reason)
    kept = [v for v in variants if f"{claim_id}.{v.id}" not in now.leave_out]
    gone = {v.part for v in variants if v.preferred} - {v.part for v in kept if v.preferred}
    variants = sorted(kept, key=lambda v: not v.preferred)
    if rule.kind == "judged":
        return Verdict(found, as_of, rule.judged[as_of], tuple(variants))
    if now.what_if and (gone or not any(v.preferred for v in variants)):
        reason = f"nothing is left that decides {', '.join(sorted(gone - {''})) or 'it'}"
        return Verdict(found, as_of, UNTESTABLE, reason=reason)
    statuses = [apply_rule(rule, found.stated, v, tolerance) for v in variants]
    return Verdict(found, as_of, combine(variants, statuses, as_of in found.caveat), tuple(variants), tuple(statuses))


def main() -> int:
    """``python -m eastward.claims --sources``: refuse rows of weak sources that decide or support, each with claim and source."""
    backing = {
        (name, row) for name, day in product(questions(), AS_OF) for v in verdict(name, day).backing for row in v.rows
    }
    of = data.rows(tuple({row for _, row in backing})).set_index("row")["source"].dropna()
    weak = sorted((name, row) for name, row in backing if row in of and data.grade_of([of[row]]) == data.GRADES[-1])
    for name, row in weak:
        print(f"claims: {name} rests on {row}, whose source {of[row]} is weak: find a better one", file=sys.stderr)
    return bool(weak)
