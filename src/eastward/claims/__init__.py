"""The op-ed's claims as declared in ``data/claims.yaml``, the rules that decide them, and what follows: verdicts and the scorecard."""

from eastward.claims.declared import (
    KINDS,
    RULES,
    STATUSES,
    Argument,
    Claim,
    ClaimError,
    Rule,
    Stated,
    all_claims,
    arguments,
    claim,
)

__all__ = [
    "KINDS", "RULES", "STATUSES", "Argument", "Claim", "ClaimError", "Rule", "Stated", "all_claims", "arguments", "claim",
]  # fmt: skip
