"""Indicators of revealed affinity from recorded votes, from counts of a pair of states.

Pure functions: numbers or frames in, numbers or frames out. A pair's votes are counted as ``both`` (both
cast yes, no or abstain), ``identical`` and ``opposed`` (one yes, one no); the rest is abstention against yes
or no.

Methods and their sources:

* identical share: the plain fraction of equal votes.
* agreement of A. Lijphart (1963), *American Political Science Review* 57(4), 902–917: half a point where one
  abstains.
* S of C. S. Signorino and J. M. Ritter (1999), *International Studies Quarterly* 43(1), 115–144, with equal
  weights and the distances no–abstain–yes of 1 and 2; from counts it is twice Lijphart's agreement less 1.
* kappa of J. Cohen (1960), *Educational and Psychological Measurement* 20(1), 37–46, which takes out the
  agreement that the two states' habits alone would give; F. M. Häge (2011), *Political Analysis* 19(3),
  287–305, advises it for votes, with linear weights here as in J. Cohen (1968), *Psychological Bulletin*
  70(4), 213–220.
* interval of a share: E. B. Wilson (1927), *Journal of the American Statistical Association* 22(158),
  209–212.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

CHOICES = ("yes", "abstain", "no")
"""The three votes on one line; the distance of yes and no is twice that of abstention and either."""


def agreement(counts: pd.DataFrame) -> pd.DataFrame:
    """Add agreement scores to counts of votes.

    Args:
        counts: columns ``both``, ``identical`` and ``opposed`` (numbers of votes).

    Returns:
        The frame with ``share`` (identical votes, per cent), ``lijphart`` (per cent), ``s`` (from -1 to 1),
        and ``low`` and ``high`` (95 per cent Wilson interval of ``share``, per cent). Scores that need
        ``opposed`` are missing where it is.

    Raises:
        ValueError: more votes are identical or opposed than both states cast.

    """
    if (counts["identical"] + counts["opposed"].fillna(0) > counts["both"]).any():
        raise ValueError("identical and opposed votes cannot outnumber the votes that both states cast")
    scored = counts.copy()
    scored["share"] = 100 * counts["identical"] / counts["both"]
    half = (counts["both"] - counts["identical"] - counts["opposed"]) / 2
    scored["lijphart"] = 100 * (counts["identical"] + half) / counts["both"]
    scored["s"] = 2 * scored["lijphart"] / 100 - 1
    scored["low"], scored["high"] = wilson(counts["identical"], counts["both"])
    return scored


def wilson(hits: pd.Series, trials: pd.Series, level: float = 0.95) -> tuple[pd.Series, pd.Series]:
    """Wilson's interval of a share, in per cent."""
    z = float(ndtri(0.5 + level / 2))
    share = hits / trials
    centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    reach = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / (1 + z**2 / trials)
    return 100 * (centre - reach), 100 * (centre + reach)


def kappa(table: pd.DataFrame, weighted: bool = True) -> float:
    """Cohen's kappa of two states' votes: 0 is the agreement of chance, 1 is full agreement.

    Args:
        table: votes of the first state in rows, of the second in columns, both in the order of ``CHOICES``.
        weighted: count abstention against yes or no as half an agreement (linear weights).

    Raises:
        ValueError: the table is not the three votes by the three votes, or empty.

    """
    if list(table.index) != list(CHOICES) or list(table.columns) != list(CHOICES) or not table.to_numpy().sum():
        raise ValueError(f"kappa needs a table of {', '.join(CHOICES)} by the same, with votes in it")
    observed = table.to_numpy() / table.to_numpy().sum()
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    steps = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    loss = steps if weighted else steps > 0  # their scale cancels
    return float(1 - (loss * observed).sum() / (loss * expected).sum())


def distances(points: pd.DataFrame, of: str) -> pd.DataFrame:
    """Absolute distances of ideal points to those of one state.

    Args:
        points: one column a state, one row a year.
        of: the state.

    """
    return points.drop(columns=of).sub(points[of], axis=0).abs()


def ranks(scores: pd.Series, descending: bool = True) -> pd.Series:
    """Rank of each score: 1 is the highest (or the lowest), equal scores share the better rank."""
    return scores.rank(ascending=not descending, method="min").astype(int)
