"""What a what-if run asks of rules: another tolerance, other parameters, variants left out. It holds for the whole process."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from eastward import data
from eastward.claims.declared import Claim, Rule

TOLERANCE = 0.05
"""Relative deviation up to which a figure that rounding does not explain is 'imprecise', not 'contradicted'."""


@dataclass(frozen=True)
class Settings:
    """What differs from the rules as declared.

    Attributes:
        tolerance: relative deviation up to which a figure is 'imprecise'.
        leave_out: variants that do not count, such as ``C13.chinese-customs-2018-usd``.
        rules: by claim, fields of its rule (such as ``margin``) or parameters of its quantity.

    """

    tolerance: float = TOLERANCE
    leave_out: tuple[str, ...] = ()
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def what_if(self) -> bool:
        """Whether anything differs from the book, data included."""
        return self != Settings() or data.changes() != data.Changes()

    def applied(self, claim: Claim) -> Claim:
        """Return the claim with its rule as the settings have it."""
        given = self.rules.get(claim.id)
        if not given or claim.rule is None:
            return claim
        own = {f.name for f in fields(Rule)} - {"params", "kind", "quantity", "judged"}
        params = {**claim.rule.params, **{k: v for k, v in given.items() if k not in own}}
        rule = replace(claim.rule, params=params, **{k: v for k, v in given.items() if k in own})
        return replace(claim, rule=rule)


_now = Settings()


def settings() -> Settings:
    """Return the settings in force."""
    return _now


def put(settings: Settings) -> None:
    """Put settings in force in place of those before."""
    global _now
    _now = settings
