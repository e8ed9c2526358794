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
    *s* is a day or an interval. Supported inside it, imprecise within ``margin`` days of it, else contradicted.
``holds``
    *x* says whether a stated fact holds: supported or contradicted.
``judged``
    no computation decides; status, reasons and what would change it stand in the file.

From variants to the verdict: the preferred variants decide. Where a claim has parts that differ, some of them
contradicted, the claim is imprecise. 'Supported' becomes 'supported with caveats' if any admissible variant
disagrees or the claim declares a caveat. If no variant can be checked by anybody but the party that made the
statement, and the statement is not contradicted, the verdict is 'official claim only'. Without any variant the
claim is 'not testable' on that day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from eastward import data
from eastward.claims.declared import STATUSES, Claim, Rule, Stated, claim
from eastward.claims.settings import TOLERANCE, settings
from eastward.evidence import NotComputable, Variant, observe

SUPPORTED, CAVEATS, IMPRECISE, CONTRADICTED, OFFICIAL, UNTESTABLE = STATUSES
UNTESTED = "not yet tested"
ICONS = {
    SUPPORTED: "✓", CAVEATS: "✓*", IMPRECISE: "≈", CONTRADICTED: "✗", OFFICIAL: "§", UNTESTABLE: "?", UNTESTED: "…",
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
        tolerance: the relative tolerance used.
        reason: why nothing could be computed, in a what-if run that took away what the claim needs.

    """

    claim: Claim
    as_of: str
    status: str
    variants: tuple[Variant, ...] = ()
    statuses: tuple[str, ...] = ()
    tolerance: float = TOLERANCE
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
    def observed(self) -> float | date | bool | None:
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
    def agreement(self) -> float | None:
        """Robustness: share of the variants whose outcome is that of their part's first one; ``None`` if judged.

        Preferred variants come first, so that theirs is the outcome of a part that has one.
        """
        if not self.statuses:
            return None
        base: dict[str, str] = {}
        for variant, status in zip(self.variants, self.statuses, strict=True):
            base.setdefault(variant.part, status)
        agree = [base[v.part] == s for v, s in zip(self.variants, self.statuses, strict=True)]
        return sum(agree) / len(agree)

    @property
    def evidence(self) -> pd.DataFrame:
        """Rows of the data package that the variants rest on, with ``table``, ``row`` and ``source``."""
        return data.rows(tuple(dict.fromkeys(row for v in self.variants for row in v.rows)))

    @property
    def robustness(self) -> pd.DataFrame:
        """One line a variant: part, variant, observed, status, whether it decides, number of rows behind it."""
        return pd.DataFrame(
            {
                "part": [v.part for v in self.variants],
                "variant": [v.label for v in self.variants],
                "observed": [v.observed for v in self.variants],
                "status": list(self.statuses) or [""] * len(self.variants),
                "decides": [v.preferred for v in self.variants],
                "rows": [len(v.rows) for v in self.variants],
            }
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _by_distance(x: float, h: float, stated: Stated, tolerance: float) -> str:
    s = float(stated.value)  # type: ignore[arg-type]
    distance = abs(x - s)
    slack = 1e-9 * max(abs(x), abs(s))
    if distance <= h + stated.half_unit + slack:
        return SUPPORTED
    return IMPRECISE if distance <= tolerance * abs(s) + slack else CONTRADICTED


def _by_bound(x: float, h: float, stated: Stated, direction: str, tolerance: float) -> str:
    if direction == "about":
        return _by_distance(x, h, stated, tolerance)
    s = float(stated.value)  # type: ignore[arg-type]
    over = x - s if direction == "at_least" else s - x
    slack = 1e-9 * max(abs(x), abs(s))
    if over >= -(h + stated.half_unit + slack):
        return SUPPORTED
    return IMPRECISE if over >= -(tolerance * abs(s) + slack) else CONTRADICTED


def _by_date(x: date, stated: Stated, margin_days: float) -> str:
    first, last = data.period_start(str(stated.value)), data.period_end(str(stated.value))
    if first <= x <= last:
        return SUPPORTED
    slack = timedelta(days=margin_days)
    return IMPRECISE if first - slack <= x <= last + slack else CONTRADICTED


def apply_rule(rule: Rule, stated: Stated, variant: Variant, tolerance: float = TOLERANCE) -> str:
    """Return the status that a rule gives one variant: see the module's text for the rule kinds.

    Raises:
        ValueError: the observed value is not of the type that the rule kind compares.

    """
    x = variant.observed
    if rule.kind == "holds":
        if not isinstance(x, bool):
            raise ValueError(f"rule 'holds' needs true or false, not {x!r}")
        return SUPPORTED if x else CONTRADICTED
    if rule.kind == "date":
        if not isinstance(x, date):
            raise ValueError(f"rule 'date' needs a day, not {x!r}")
        return _by_date(x, stated, rule.margin or 0)
    if not _is_number(x) or not math.isfinite(float(x)):  # type: ignore[arg-type]
        raise ValueError(f"rule {rule.kind!r} needs a number, not {x!r}")
    number = float(x)  # type: ignore[arg-type]
    if rule.kind == "stated_value":
        return _by_distance(number, variant.half_unit, stated, tolerance)
    if rule.kind == "ratio":
        return _by_bound(number, variant.half_unit, stated, rule.direction, tolerance)
    if rule.kind == "order":
        if number >= (rule.margin or 1) and number > 1:
            return SUPPORTED
        return IMPRECISE if number > 1 else CONTRADICTED
    if rule.kind == "rank":
        excess = number - float(stated.value)  # type: ignore[arg-type]
        return SUPPORTED if excess <= 0 else IMPRECISE if excess <= 1 else CONTRADICTED
    raise ValueError(f"unknown rule kind {rule.kind!r}")


_SEVERITY = {SUPPORTED: 0, CAVEATS: 1, IMPRECISE: 2, CONTRADICTED: 3}


def combine(variants: Sequence[Variant], statuses: Sequence[str], caveats: bool = False) -> str:
    """Return the verdict's status from the statuses of its variants: see the module's text for the rule."""
    if not variants:
        return UNTESTABLE
    pairs = list(zip(variants, statuses, strict=True))
    deciding = [(v, s) for v, s in pairs if v.preferred] or pairs[:1]
    by_part: dict[str, str] = {}
    for variant, status in deciding:
        worst = max(by_part.get(variant.part, SUPPORTED), status, key=_SEVERITY.__getitem__)
        by_part[variant.part] = worst
    parts = set(by_part.values())
    mixed = len(parts) > 1 and CONTRADICTED in parts
    base = IMPRECISE if mixed else max(parts, key=_SEVERITY.__getitem__)
    if base != CONTRADICTED and not any(v.independent for v in variants):
        return OFFICIAL
    if base == SUPPORTED and (caveats or any(s != SUPPORTED for s in statuses)):
        return CAVEATS
    return base


def verdict(claim_id: str, as_of: str = "publication", tolerance: float | None = None) -> Verdict:
    """Judge one claim on what was public at publication, or with hindsight; what-if settings count.

    Args:
        claim_id: id of the claim, such as ``C08``.
        as_of: ``publication`` or ``hindsight``.
        tolerance: relative deviation up to which a figure is 'imprecise'; that of the settings where ``None``.

    Raises:
        ClaimError: there is no such claim.
        DataError: a table that the claim's quantity reads is faulty, or lacks what it needs.

    """
    now = settings()
    found = now.applied(claim(claim_id))
    tolerance = now.tolerance if tolerance is None else tolerance
    rule = found.rule
    if rule is None:
        return Verdict(found, as_of, UNTESTED, tolerance=tolerance)
    variants: list[Variant] = []
    with data.on(data.publication_day() if as_of == "publication" else data.HINDSIGHT):
        try:
            variants = observe(rule.quantity, **rule.params) if rule.quantity else []
        except NotComputable:
            if not now.what_if:
                raise
            reason = f"rows that {rule.quantity} needs are left out or were not yet public"
            return Verdict(found, as_of, UNTESTABLE, tolerance=tolerance, reason=reason)
    kept = [v for v in variants if f"{claim_id}.{v.id}" not in now.leave_out]
    gone = {v.part for v in variants if v.preferred} - {v.part for v in kept if v.preferred}
    variants = sorted(kept, key=lambda v: not v.preferred)
    if rule.kind == "judged":
        return Verdict(found, as_of, rule.judged[as_of], tuple(variants), tolerance=tolerance)
    if now.what_if and (gone or not any(v.preferred for v in variants)):
        reason = f"nothing is left that decides {', '.join(sorted(gone - {''})) or 'it'}"
        return Verdict(found, as_of, UNTESTABLE, tolerance=tolerance, reason=reason)
    statuses = [apply_rule(rule, found.stated, v, tolerance) for v in variants]
    status = combine(variants, statuses, bool(found.caveats))
    return Verdict(found, as_of, status, tuple(variants), tuple(statuses), tolerance)
