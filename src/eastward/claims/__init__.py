"""The op-ed's claims as declared in ``data/claims.yaml``, the rules that decide them, and what follows: verdicts and the scorecard."""

from eastward.claims.declared import (
    STATUSES,
    Argument,
    Claim,
    ClaimError,
    Passage,
    Rule,
    Stated,
    Threshold,
    all_claims,
    arguments,
    claim,
    questions,
    text,
    thresholds,
)

__all__ = [
    "STATUSES", "Argument", "Claim", "ClaimError", "Passage", "Rule", "Stated", "Threshold", "all_claims", "arguments", "claim",
    "questions", "text", "thresholds",
]  # fmt: skip
