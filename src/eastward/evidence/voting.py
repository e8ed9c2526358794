"""Observed quantity for the chapter on the balancing duo: the day of the statement of C24."""

from __future__ import annotations

from eastward import data
from eastward.evidence import Variant


def day_of_statement(speaker: str) -> list[Variant]:
    """Day on which a person said the sentence on the balancing duo, by record; the one in English decides."""
    rows = data.load("un_voting_statements", speaker=speaker, counted=["decides", "variant"])
    return [
        Variant(
            row["record"], data.period_end(row["date"]), (row["row"],), preferred=row["counted"] == "decides", id=row["event"]
        )
        for _, row in rows.sort_values(["counted", "known", "event"]).iterrows()
    ]  # fmt: skip
