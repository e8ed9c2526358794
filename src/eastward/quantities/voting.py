"""Observed quantities for the chapter on the balancing duo: the statement of C24, votes in the Assembly."""

from __future__ import annotations

from datetime import date

import pandas as pd

from eastward import data
from eastward.indicators.voting import CHOICES, agreement, distances, kappa, ranks
from eastward.quantities import Variant

RECORDS = {
    "lavrov-duo-tass": "TASS in English",
    "lavrov-duo-xinhua": "Xinhua in Russian",
    "lavrov-duo-spoken": "Russian report of the spoken sentence",
    "lavrov-duo-senator": "the senator who asked",
    "lavrov-duo-ministry": "title of the foreign ministry's record",
}
"""Records of the statement, by their id in ``un_voting_statements``."""

SPANS = ((1992, 1999), (2000, 2013), (2014, 2019))
"""Spans of years over which votes are pooled: under Yeltsin, to Crimea, to the last roll call."""


def statements(as_of: date = data.HINDSIGHT, speaker: str = "Sergei Lavrov") -> pd.DataFrame:
    """Return records of what a person said on the role of the two countries, without those on his office."""
    rows = data.load("un_voting_statements", as_of, speaker=speaker).set_index("event", drop=False)
    return rows.loc[[event for event in RECORDS if event in rows.index]].reset_index(drop=True)


def day_of_statement(as_of: date, speaker: str) -> list[Variant]:
    """Day on which a person said the sentence on the balancing duo, by record; the one in English decides."""
    return [
        Variant(
            RECORDS[row["event"]], data.period_end(row["date"]), (row["row"],),
            preferred=row["event"] == "lavrov-duo-tass",
        )
        for _, row in statements(as_of, speaker).iterrows()
    ]  # fmt: skip


def counts(as_of: date = data.HINDSIGHT, entity: str = "RUS", basis: str = "final") -> pd.DataFrame:
    """Count votes of a state with each partner, a row a year: ``both``, ``identical``, ``opposed``, ``rows``.

    ``opposed`` is counted on the basis ``all`` only and missing otherwise.
    """
    series = {"votes-both-voting": "both", "votes-identical": "identical", "votes-opposed": "opposed"}
    rows = data.load("un_voting_pairs", as_of, entity=entity, basis=basis, series=list(series))
    rows = rows[rows["period"].str.fullmatch(r"\d{4}")]
    key = ["partner", "period"]
    wide = rows.assign(series=rows["series"].map(series)).pivot(index=key, columns="series", values="value")
    wide = wide.reindex(columns=["both", "identical", "opposed"])
    wide["rows"] = rows.groupby(key)["row"].agg(tuple)
    wide = wide.reset_index().rename_axis(columns=None)
    return wide.assign(year=wide["period"].astype(int)).drop(columns="period")


def agreement_by_year(as_of: date = data.HINDSIGHT, entity: str = "RUS", basis: str = "final") -> pd.DataFrame:
    """Agreement scores of a state with each partner by year; see `eastward.indicators.voting.agreement`."""
    return agreement(counts(as_of, entity, basis))


def pooled_agreement(
    as_of: date = data.HINDSIGHT,
    entity: str = "RUS",
    basis: str = "final",
    spans: tuple[tuple[int, int], ...] = SPANS,
) -> pd.DataFrame:
    """Agreement scores of a state with each partner, pooled over spans of years (``first``, ``last``)."""
    yearly = counts(as_of, entity, basis)
    parts = []
    for first, last in spans:
        chosen = yearly[yearly["year"].between(first, last)]
        grouped = chosen.groupby("partner")
        pooled = grouped[["both", "identical", "opposed"]].sum(min_count=1)
        pooled["rows"] = pd.Series({p: tuple(i for ids in rows for i in ids) for p, rows in grouped["rows"]})
        parts.append(pooled.reset_index().assign(first=first, last=last))
    return agreement(pd.concat(parts, ignore_index=True))


def vote_table(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Votes of Russia (rows) by votes of China (columns) in 2014–2019, in the order yes, abstain, no."""
    names = {f"votes-{a}-{b}": (a, b) for a in CHOICES for b in CHOICES}
    rows = data.load("un_voting_pairs", as_of, series=list(names))
    table = pd.DataFrame(0, index=list(CHOICES), columns=list(CHOICES))
    for _, row in rows.iterrows():
        table.loc[names[row["series"]]] = int(row["value"])
    return table


def kappa_of_duo(as_of: date = data.HINDSIGHT, weighted: bool = True) -> float:
    """Cohen's kappa of the votes of Russia and China in 2014–2019 (all recorded votes)."""
    return kappa(vote_table(as_of), weighted)


def ideal_points(as_of: date = data.HINDSIGHT, basis: str = "final") -> pd.DataFrame:
    """Ideal points by year (rows) and state (columns)."""
    rows = data.load("un_voting_ideal_points", as_of, basis=basis)
    rows = rows.assign(year=rows["period"].astype(int))
    return rows.pivot(index="year", columns="entity", values="value").rename_axis(columns=None)


def coincidence(entity: str, year: int, as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Voting coincidence of a state with every other in a year (0 to 1), highest first, with ``rank``."""
    rows = data.load("un_voting_coincidence", as_of, entity=entity, period=str(year))
    rows = rows.assign(rank=ranks(rows["value"]))
    return rows.sort_values(["rank", "partner"]).reset_index(drop=True)


def rank_of_partner(as_of: date, entity: str, partner: str) -> list[Variant]:
    """Rank of a partner among all states compared, by likeness of votes, by measure, basis and year."""
    variants = []
    for year in (2019, 2020, 2021):
        frame = coincidence(entity, year, as_of)
        for _, row in frame[frame["partner"] == partner].iterrows():
            label = f"voting coincidence {year}, {len(frame)} states"
            variants.append(Variant(label, int(row["rank"]), (row["row"],), preferred=year == 2021))
    for basis in ("final", "all"):
        pooled = pooled_agreement(as_of, entity, basis)
        for (first, last), span in pooled.groupby(["first", "last"]):
            for score, name in (("share", "identical votes"), ("lijphart", "Lijphart's agreement")):
                known = span[span[score].notna()]
                if known.empty:
                    continue
                place = ranks(known.set_index("partner")[score])
                if partner in place:
                    rows = known.loc[known["partner"] == partner, "rows"].iloc[0]
                    label = f"{name} {first}–{last}, {basis} votes, {len(known)} states"
                    variants.append(Variant(label, int(place[partner]), rows))
    points = ideal_points(as_of)
    for year in (2013, 2019, 2021, 2022, 2023, 2024):
        if year in points.index:
            away = distances(points, entity).T[year]
            label = f"distance of ideal points {year}, {len(away)} states"
            rows = data.load("un_voting_ideal_points", as_of, basis="final", period=str(year), entity=[entity, partner])
            place = ranks(away, descending=False)
            variants.append(Variant(label, int(place[partner]), tuple(rows["row"])))
    return variants
