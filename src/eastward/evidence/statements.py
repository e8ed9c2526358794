"""Observed quantities from the table of statements: the day on which something was said, and whether texts bear a claim out."""

import pandas as pd

from eastward import data
from eastward.evidence import Variant, each


def _pages(claim: str, question: str) -> pd.DataFrame:
    """Pages that speak for or against a claim, the earliest known first; those that only stand beside it are left out."""
    pages = data.load("statements", claim=claim, question=question, stance=["for", "against"])
    return pages.sort_values(["known", "statement"])


def _told(pages: pd.DataFrame, observed: pd.Series, decides: bool | pd.Series) -> list[Variant]:
    cited = [f"{source.cited} {source.year}" for source in map(data.sources().__getitem__, pages["source"])]
    label = "{speaker}, {date}, {occasion} ({cited})"
    return each(pages.assign(cited=cited), label, observed, "{statement}", "{origin}", decides=decides)


def day_said(claim: str, speaker: str, question: str = "said") -> list[Variant]:
    """Day on which a person said or signed what the claim has of him, by each record; the first to appear decides."""
    pages = _pages(claim, question)
    pages = pages[(pages["speaker"] == speaker) & (pages["stance"] == "for")]
    return _told(pages, pages["date"].map(data.period_end), True)


def borne_out(claim: str, origin: str) -> list[Variant]:
    """Whether texts say what the claim says; of the text named, the page that appeared first decides."""
    pages = _pages(claim, "so")
    first = pages.loc[pages["origin"] == origin, "row"].head(1)
    return _told(pages, pages["stance"] == "for", pages["row"].isin(first))
