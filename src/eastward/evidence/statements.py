"""Observed quantities from the table of statements: the day on which something was said, and whether texts bear a claim out."""

from __future__ import annotations

from datetime import date

import pandas as pd

from eastward import data
from eastward.evidence import Variant


def _pages(claim: str, question: str) -> pd.DataFrame:
    """Pages that speak for or against a claim, the earliest known first; those that only stand beside it are left out."""
    pages = data.load("statements", claim=claim, question=question, stance=["for", "against"])
    return pages.sort_values(["known", "statement"])


def _variant(page: pd.Series, observed: bool | date, preferred: bool) -> Variant:
    source = data.sources()[page["source"]]
    label = f"{page['speaker']}, {page['date']}, {page['occasion']} ({source.cited} {source.year})"
    return Variant(
        label, observed, (page["row"],), preferred=preferred, id=page["statement"], evidence=page["origin"]
    )  # fmt: skip


def day_said(claim: str, speaker: str, question: str = "said") -> list[Variant]:
    """Day on which a person said or signed what the claim has of him, by each record; the first to appear decides."""
    pages = _pages(claim, question)
    pages = pages[(pages["speaker"] == speaker) & (pages["stance"] == "for")]
    return [_variant(page, data.period_end(page["date"]), not i) for i, (_, page) in enumerate(pages.iterrows())]


def borne_out(claim: str, origin: str) -> list[Variant]:
    """Whether texts say what the claim says; of the text named, the page that appeared first decides."""
    pages = _pages(claim, "so")
    first = pages.loc[pages["origin"] == origin, "row"].head(1)
    return [_variant(page, page["stance"] == "for", page["row"] in set(first)) for _, page in pages.iterrows()]
