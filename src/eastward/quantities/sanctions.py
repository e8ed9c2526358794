"""Observed quantities for the chapter on sanctions and the law: C16, C17 and C18."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from eastward import data
from eastward.quantities import Variant

ALLIES = ("AUS", "CAN", "EU27", "FRA", "GBR", "ISL", "JPN", "NOR")
"""Imposers in the counts that are allied with the United States by treaty, or most of whose members are: members of NATO,
the EU, Japan and Australia. Switzerland is not."""

CHOICES = ("yes", "abstain", "no")


def designations(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Cumulative designations of Russian targets since 2014 by Castellum.AI, a row a state of the count.

    Returns:
        ``day``, ``value`` (number of designations, one for each jurisdiction), ``before`` (those made before
        22 February 2022, where the same source gives them) and ``rows``. The two parts of one source are added; a stated
        total serves where the source gives no parts.

    """
    series = ["designations-before-invasion", "designations-after-invasion", "designations-total"]
    rows = data.load("sanctions_counts", as_of, series=series, target="RUS")
    found: list[dict[str, object]] = []
    for _, of_source in rows.groupby("source", sort=False):
        parts = {s: of_source[of_source["series"] == s] for s in series}
        before, after, total = (parts[s] for s in series)
        if len(before) and len(after):
            pair = pd.concat([before.head(1), after.head(1)])
            found.append(
                {
                    "day": data.period_end(after["period"].iloc[0]),
                    "value": float(pair["value"].sum()),
                    "before": float(before["value"].iloc[0]),
                    "rows": tuple(pair["row"]),
                }
            )
        elif len(total):
            row = total.iloc[0]
            found.append(
                {
                    "day": data.period_end(row["period"]),
                    "value": float(row["value"]),
                    "before": float("nan"),
                    "rows": (row["row"],),
                }
            )
    frame = pd.DataFrame(found, columns=["day", "value", "before", "rows"])
    return frame.sort_values("day", kind="stable").drop_duplicates(subset=["day"]).reset_index(drop=True)


def imposers(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Jurisdictions that impose the measures, with the rows of the counts that name them."""
    series = ["designations-new-by-imposer", "designations-by-imposer", "ria-measures-share"]
    rows = data.load("sanctions_counts", as_of, series=series, target="RUS")
    named = rows.groupby("entity", sort=True)["row"].agg(tuple).rename("rows").reset_index()
    named["ally"] = named["entity"].isin(ALLIES)
    return named


def acts_on_third_countries(as_of: date, until: date, days: int) -> pd.DataFrame:
    """Acts of the US and the EU in the ``days`` before a day that reach banks or firms of third countries."""
    acts = data.load("sanctions_events", as_of, kind=["secondary", "chinese-firms"])
    ends = acts["date"].map(data.period_end)
    return acts[(ends > until - timedelta(days=days)) & (ends <= until)].reset_index(drop=True)


def aim_of_the_remark(as_of: date, day: str, days: int) -> list[Variant]:
    """What was said around the remark on third countries, and what stood against trade then (counts).

    Args:
        as_of: what was public on that day.
        day: ISO date of the remark.
        days: length of the span before it in which acts against third countries are counted.

    """
    said = data.load("sanctions_statements", as_of, date=day, third_parties="yes")
    sanctions = said[said["sanctions_named"] == "yes"]
    states = said[said["states_named"] == "yes"]
    part = "words of the day"
    variants = [
        Variant("remarks of the day on third parties", len(said), tuple(said["row"]), part=part),
        Variant("of these, that name sanctions", len(sanctions), tuple(said["row"]), part=part),
        Variant("of these, that name the United States", len(states), tuple(said["row"]), part=part),
    ]
    answer = data.load("settlement_events", as_of, event="putin-understands-banks")
    label = "next day, Putin on banks that fear US authorities"
    variants.append(Variant(label, len(answer), tuple(answer["row"]), part=part))
    part = "measures in force"
    counts = designations(as_of)
    if not counts.empty:
        last = counts.iloc[-1]
        label = f"designations of Russian targets, {last['day']:%B %Y}"
        variants.append(Variant(label, int(last["value"]), last["rows"], 0.5, part=part))
    acts = acts_on_third_countries(as_of, data.period_end(day), days)
    label = f"US and EU acts on third countries in the {days} days before"
    variants.append(Variant(label, len(acts), tuple(acts["row"]), part=part))
    named = imposers(as_of)
    rows = tuple(r for ids in named["rows"] for r in ids)
    variants.append(Variant("jurisdictions that impose, as named", len(named), rows, part=part))
    outside = named[~named["ally"] & (named["entity"] != "USA")]
    rows = tuple(r for ids in outside["rows"] for r in ids)
    variants.append(Variant("of these, neither the US nor an ally", len(outside), rows, part=part))
    return variants


def regimes(as_of: date = data.HINDSIGHT, listed: str = "un-2019") -> pd.DataFrame:
    """Sanctions regimes of the Security Council by one list of the United Nations and what was set up since."""
    return data.load("un_regimes", as_of, list=[listed, "after-2019"])


def regimes_counted(as_of: date = data.HINDSIGHT) -> pd.Series:
    """Row of the largest number of regimes since 1966 that a source counts.

    Raises:
        LookupError: no count was public on that day.

    """
    counts = data.load("sanctions_counts", as_of, series="un-regimes-ever").sort_values("value", ascending=False)
    if counts.empty:
        raise LookupError("no count of the regimes of the Security Council was public on that day")
    return counts.iloc[0]


def council_votes(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Votes of the Security Council on Ukraine in order of date."""
    votes = data.load("un_council_votes", as_of, topic="ukraine")
    return votes.sort_values(["date", "event"]).reset_index(drop=True)


def council_approval(as_of: date, target: str) -> list[Variant]:
    """Whether the Council never approved measures against a state, by its regimes and by its votes on Ukraine.

    A list of regimes counts only if the regimes it names add up to an independent count: a list with holes cannot show
    that a state is missing.
    """
    variants: list[Variant] = []
    counted = regimes_counted(as_of)
    for listed, label in (("un-2019", "UN list of 2019"), ("un-2018", "UN list of 2018")):
        named = regimes(as_of, listed)
        if int(named["value"].sum()) != int(counted["value"]):
            continue
        absent = bool((named["entity"] != target).all())
        rows = (*named["row"], counted["row"])
        label = f"no regime among {int(counted['value'])}, {label} and later additions"
        variants.append(Variant(label, absent, rows, preferred=not variants))
    votes = council_votes(as_of)
    ordered = (votes["measures"] == "sanctions") & (votes["target"] == target)
    adopted = votes["outcome"] == "adopted"
    label = f"no measures in {int(adopted.sum())} adopted texts on Ukraine"
    variants.append(
        Variant(label, not bool((ordered & adopted).any()), tuple(votes.loc[adopted, "row"]), preferred=True)
    )
    label = f"no measures in any of {len(votes)} texts on Ukraine put to the vote"
    variants.append(Variant(label, not bool(ordered.any()), tuple(votes["row"])))
    return variants


def assembly_votes(as_of: date = data.HINDSIGHT, states: tuple[str, ...] = ("RUS", "CHN")) -> pd.DataFrame:
    """Votes of states in the Assembly on Ukraine, a row a resolution, a column a state, and ``rows``.

    Reports of one vote that agree are one vote; a state's vote on which reports disagree is left empty.
    """
    votes = data.load("un_ukraine_votes", as_of, entity=list(states))
    key = ["period", "resolution"]
    agreed = votes.groupby([*key, "entity"])["vote"].agg(lambda v: v.iloc[0] if v.nunique() == 1 else None)
    wide = agreed.unstack("entity").reindex(columns=list(states))
    wide["rows"] = votes.groupby(key)["row"].agg(tuple)
    return wide.reset_index().rename_axis(columns=None)


def tallies(as_of: date = data.HINDSIGHT, topic: str | list[str] = "ukraine") -> pd.DataFrame:
    """Results of votes, a row a resolution: ``yes``, ``abstain``, ``no`` and ``rows``.

    Where reports disagree, the one that gives all three numbers serves, the earliest of several.
    """
    rows = data.load("un_assembly_tallies", as_of, topic=topic)
    key = ["period", "organ", "resolution", "title", "topic"]
    rows["given"] = rows.groupby(["resolution", "source"])["series"].transform("nunique")
    best = rows.sort_values(["given", "known"], ascending=[False, True], kind="stable")
    best = best.drop_duplicates(subset=["resolution", "series"])
    wide = best.pivot(index=key, columns="series", values="value").reindex(columns=list(CHOICES))
    wide["rows"] = best.groupby(key)["row"].agg(tuple)
    return wide.reset_index().rename_axis(columns=None).sort_values(["period", "resolution"]).reset_index(drop=True)


def authorities(as_of: date = data.HINDSIGHT, question: str | None = None) -> pd.DataFrame:
    """Legal authorities by the question that they answer."""
    rows = data.load("sanctions_law", as_of, **({"question": question} if question else {}))
    return rows.sort_values(["question", "date"]).reset_index(drop=True)


def legal_position(as_of: date, state: str, partner: str) -> list[Variant]:
    """Count what does and does not bind ``partner`` in its dealings with ``state`` (counts): no rule follows from it.

    Four parts: duties from the Council, authorities on the need for a mandate, limits outside the Council, and the
    partner's own votes.
    """
    part = "duties from the Council"
    named = regimes(as_of)
    on_state = named[named["entity"] == state]
    votes = council_votes(as_of)
    adopted = votes[votes["outcome"] == "adopted"]
    ordered = adopted[(adopted["measures"] == "sanctions") & (adopted["target"] == state)]
    variants = [
        Variant("regimes of the Council against Russia", len(on_state), tuple(named["row"]), part=part),
        Variant("adopted texts on Ukraine that order measures", len(ordered), tuple(adopted["row"]), part=part),
    ]
    part = "must states have a mandate?"
    asked = authorities(as_of, "mandate-needed")
    for answer in ("yes", "no", "open"):
        given = asked[asked["answer"] == answer]
        variants.append(Variant(f"authorities that answer {answer}", len(given), tuple(given["row"]), part=part))
    positive = asked[asked["answer"] == "yes"]
    others = positive[~positive["entity"].isin([state, partner])]
    label = "of those that answer yes, from neither government"
    variants.append(Variant(label, len(others), tuple(positive["row"]), part=part))
    part = "limits on help outside the Council"
    limits = authorities(as_of, "limits-outside-council")
    found = limits[limits["answer"] == "yes"]
    variants.append(Variant("authorities that name a limit", len(found), tuple(found["row"]), part=part))
    treaties = found[(found["kind"] == "treaty") & (found["entity"] == partner)]
    variants.append(
        Variant("of these, treaties that China has joined", len(treaties), tuple(treaties["row"]), part=part)
    )
    return variants + _own_votes(as_of, state, partner)


def _own_votes(as_of: date, state: str, partner: str) -> list[Variant]:
    part = "China's own votes"
    votes = assembly_votes(as_of, (state, partner)).dropna(subset=[state, partner])
    rows = tuple(r for ids in votes["rows"] for r in ids)
    alike = votes[votes[partner] == votes[state]]
    measures = data.load("un_measures_votes", as_of, entity=partner)
    against = measures[measures["vote"] == "yes"]
    return [
        Variant("Assembly texts on Ukraine, both votes known", len(votes), rows, part=part),
        Variant("of these, voted like Russia", len(alike), rows, part=part),
        Variant("yearly texts on unilateral measures", len(measures), tuple(measures["row"]), part=part),
        Variant("of these, voted for", len(against), tuple(measures["row"]), part=part),
    ]


def official_formula(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Statements of the two governments against measures without a mandate of the Council, in order of date."""
    rows = data.load("sanctions_statements", as_of, council_formula="yes")
    return rows.sort_values("date").reset_index(drop=True)


STEPS = {
    "council-binds": (
        "Do decisions of the Council bind China?",
        "Yes, and there is none on Russia, so China has no duty from the Council.",
        "Russia can veto any such decision. Its absence shows the veto, not what the law is.",
    ),
    "mandate-needed": (
        "Do states need a mandate for measures of their own?",
        "Russia and China say so.",
        "The Court saw no breach in an embargo, the codification leaves the point open, scholars are divided.",
    ),
    "secondary-lawful": (
        "May such measures reach firms of third states?",
        "A body of Asian and African states sees sovereign equality and non-intervention touched.",
        "Disputed. Lawful or not, they change the risk of China's firms and not the duties of China.",
    ),
    "limits-outside-council": (
        "Are there limits on help to Russia apart from the Council?",
        "None was found for ordinary civil trade.",
        "The Arms Trade Treaty, responsibility for aid to a wrong, and the duty not to recognise annexations.",
    ),
    "assembly-binds": (
        "Do resolutions of the Assembly bind?",
        "No, so that China was free to abstain.",
        "They show what most states hold, and one restates the call not to recognise annexations.",
    ),
}
"""The legal argument in order: question, what speaks for the op-ed's conclusion, what speaks against it."""


def argument(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Return the legal argument step by step with the answers of the authorities read and their sources."""
    lines = []
    for question, (text, favour, against) in STEPS.items():
        asked = authorities(as_of, question)
        counts = asked["answer"].value_counts()
        answers = ", ".join(f"{counts[a]} {a}" for a in ("yes", "no", "open") if a in counts)
        lines.append([text, favour, against, answers, ", ".join(dict.fromkeys(asked["source"]))])
    return pd.DataFrame(lines, columns=["question", "for", "against", "answers", "sources"])
