"""What a what-if run asks of rules: other thresholds, other parameters, variants left out. It holds for the whole process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from eastward import data
from eastward.claims.declared import Claim, Rule, claim, thresholds


@dataclass(frozen=True)
class Settings:
    """What differs from the rules as declared.

    Attributes:
        thresholds: values by name, in place of the declared ones.
        leave_out: variants that do not count, such as ``C13.chinese-customs-2018-usd``.
        rules: by claim, fields of its rule (such as ``margin``) or parameters of its quantity.

    """

    thresholds: dict[str, float] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def what_if(self) -> bool:
        """Whether anything differs from the book, data included."""
        return self != Settings() or data.changes() != data.Changes()

    def claim(self, claim_id: str, changed: Mapping[str, float] | None = None) -> Claim:
        """Return a claim with its rule as the settings have it, and with further thresholds changed."""
        found = claim(claim_id, {**self.thresholds, **(changed or {})})
        given = self.rules.get(claim_id)
        if not given or found.rule is None:
            return found
        own = {f.name for f in fields(Rule)} - {"params", "kind", "quantity", "judged"}
        params = {**found.rule.params, **{k: v for k, v in given.items() if k not in own}}
        return replace(found, rule=replace(found.rule, params=params, **{k: v for k, v in given.items() if k in own}))

    def tolerance(self, changed: Mapping[str, float] | None = None) -> float:
        """Relative deviation up to which a figure that rounding does not explain is 'imprecise', not 'contradicted'."""
        return {"tolerance": thresholds()["tolerance"].value, **self.thresholds, **(changed or {})}["tolerance"]


_now = Settings()


def settings() -> Settings:
    """Return the settings in force."""
    return _now


def put(settings: Settings) -> None:
    """Put settings in force in place of those before."""
    global _now
    _now = settings
