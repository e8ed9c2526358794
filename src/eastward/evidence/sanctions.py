"""Observed quantities for the chapter on sanctions and the law: C16, C17 and C18."""

from datetime import timedelta

import pandas as pd

from eastward import data
from eastward.evidence import Variant

PARTS, TOTAL = ["designations-before-invasion", "designations-after-invasion"], ["designations-total"]
"""Series of the count of designations: the two parts that a source gives, or its total."""


def _count(id: str, label: str, part: str, counted: pd.DataFrame, among: pd.DataFrame | None = None) -> Variant:
    """Count rows; the number rests on those of ``among``, where that is more than what is counted."""
    return Variant(label, len(counted), tuple((counted if among is None else among)["row"]), part=part, id=id)


def designations() -> pd.DataFrame:
    """Cumulative designations of Russian targets since 2014 by Castellum.AI, a row a state of the count.

    Columns ``day``, ``value`` (number of designations, one for each jurisdiction), ``before`` (those made before 22 February
    2022, where the same source gives them) and ``rows``. The two parts of one source are added; a stated total serves where
    the source gives no parts.
    """
    counts = data.load("sanctions_counts", series=PARTS + TOTAL, target="RUS")
    found = []
    for _, given in counts.drop_duplicates(["source", "series"]).groupby("source", sort=False):
        series = given.set_index("series")
        parted = set(PARTS) <= set(series.index)
        used = series[series.index.isin(TOTAL)] if not parted else series.loc[PARTS]
        if len(used):
            end, before = data.period_end(used["period"].iloc[-1]), used["value"].iloc[0] if parted else float("nan")
            found.append((end, float(used["value"].sum()), before, tuple(used["row"])))
    frame = pd.DataFrame(found, columns=["day", "value", "before", "rows"])
    return frame.sort_values("day", kind="stable").drop_duplicates(subset=["day"]).reset_index(drop=True)


def aim_of_the_remark(day: str, days: int, allies: list[str]) -> list[Variant]:
    """What was said on the day of the remark on third countries, and what stood against trade then (counts).

    Acts against third countries are those of the ``days`` before it; imposers that are not among the ``allies`` of the United
    States are counted apart.
    """
    part = "words of the day"
    said = data.load("sanctions_statements", date=day)
    parties, named = (said[said[column] == "yes"] for column in ("third_parties", "sanctions_named"))
    answer = data.load("settlement_events", event="putin-understands-banks")
    variants = [
        _count("third-parties", "remarks of the day on third parties", part, parties),
        _count("naming-sanctions", "remarks of the day that name sanctions", part, named, said),
        _count("answer-on-banks", "next day, Putin on banks that fear US authorities", part, answer),
    ]
    part = "measures in force"
    for _, last in designations().tail(1).iterrows():
        label = f"designations of Russian targets, {last['day']:%B %Y}"
        number, rests = int(last["value"]), {"evidence": "castellum", "id": "designations"}
        variants.append(Variant(label, number, last["rows"], 0.5, False, part, True, **rests))
    acts, until = data.load("sanctions_events", kind=["secondary", "chinese-firms"]), data.period_end(day)
    ends = acts["date"].map(data.period_end)
    acts = acts[(ends > until - timedelta(days=days)) & (ends <= until)]
    label = f"US and EU acts on third countries in the {days} days before"
    variants.append(_count("acts-on-third-countries", label, part, acts))
    series = ["designations-new-by-imposer", "designations-by-imposer", "ria-measures-by-imposer"]
    named = data.load("sanctions_counts", series=series, target="RUS").sort_values("entity", kind="stable")
    outside = named[~named["entity"].isin([*allies, "USA"])]
    for id, label, rows in (
        ("imposers", "jurisdictions that impose, as named", named),
        ("imposers-not-allied", "of these, neither the US nor an ally", outside),
    ):
        variants.append(Variant(label, rows["entity"].nunique(), tuple(rows["row"]), part=part, id=id))
    return variants


def council_votes() -> pd.DataFrame:
    """Votes of the Security Council on Ukraine in order of date."""
    return data.load("un_council_votes", topic="ukraine").sort_values(["date", "event"]).reset_index(drop=True)


def council_approval(target: str) -> list[Variant]:
    """How often the Council ordered measures against a state: by its regimes and by its texts on Ukraine (counts).

    The list of regimes counts only if the regimes it names add up to the largest independent count: a list with holes
    cannot show that a state is missing. ``LookupError`` if no count was public on that day.
    """
    variants: list[Variant] = []
    counts = data.load("sanctions_counts", series="un-regimes-ever").sort_values("value", ascending=False)
    if counts.empty:
        raise LookupError("no count of the regimes of the Security Council was public on that day")
    named, number = data.load("un_regimes"), int(counts["value"].iloc[0])
    if int(named["value"].sum()) == number:
        against, rows = named[named["entity"] == target], (*named["row"], counts["row"].iloc[0])
        label = f"of {number} sanctions regimes, the UN's list and later additions"
        on_state = int(against["value"].sum())
        variants.append(Variant(label, on_state, rows, preferred=True, evidence="un-list", id="regimes-un-2019"))
    votes = council_votes()
    for id, label, texts in (
        ("adopted-texts", "of {} resolutions on Ukraine", votes[votes["kind"] == "resolution"]),
        ("all-texts", "of {} texts and motions on Ukraine put to the vote, as found", votes),
    ):
        ordered, decides, rows = len(_ordering(texts, target)), id == "adopted-texts", tuple(texts["row"])
        label = label.format(len(texts))
        variants.append(Variant(label, ordered, rows, preferred=decides, evidence="council-texts", id=id))
    return variants


def _ordering(texts: pd.DataFrame, target: str) -> pd.DataFrame:
    """Texts of the Council that order measures against a state."""
    return texts[(texts["measures"] == "sanctions") & (texts["target"] == target)]


def assembly_votes(states: tuple[str, ...] = ("RUS", "CHN")) -> pd.DataFrame:
    """Votes of states on the Assembly's resolutions on Ukraine, a row a text, a column a state, and ``rows``.

    Reports of one vote that agree are one vote; a state's vote on which reports disagree is left empty.
    """
    votes = data.load("un_ukraine_votes", kind="resolution", entity=list(states))
    key = ["period", "resolution"]
    agreed = votes.groupby([*key, "entity"])["vote"].agg(lambda v: v.iloc[0] if v.nunique() == 1 else None)  # type: ignore[type-var]
    wide = agreed.unstack("entity").reindex(columns=list(states))
    wide["rows"] = votes.groupby(key)["row"].agg(tuple)
    return wide.reset_index().rename_axis(columns=None)


def legal_position(state: str, partner: str) -> list[Variant]:
    """Count what does and does not bind ``partner`` in its dealings with ``state`` (counts): no rule follows from it.

    Four parts: duties from the Council, authorities on the need for a mandate, limits outside the Council by what they
    reach, and the partner's own votes.
    """
    part, named, votes = "duties from the Council", data.load("un_regimes"), council_votes()
    on_state, adopted = named[named["entity"] == state], votes[votes["kind"] == "resolution"]
    label = "resolutions on Ukraine that order measures"
    variants = [
        _count("regimes-on-russia", "regimes of the Council against Russia", part, on_state, named),
        _count("adopted-measures", label, part, _ordering(adopted, state), adopted),
    ]
    part = "must states have a mandate?"
    asked = data.load("sanctions_law", question="mandate-needed").sort_values("date")
    for answer in ("yes", "no", "open"):
        given = asked[asked["answer"] == answer]
        variants.append(_count(f"mandate-{answer}", f"authorities that answer {answer}", part, given))
    positive = asked[asked["answer"] == "yes"]
    others = positive[~positive["entity"].isin([state, partner])]
    label = "of those that answer yes, from neither government"
    variants.append(_count("mandate-yes-others", label, part, others, positive))
    part = "limits outside the Council"
    limits = data.load("sanctions_law", question="limits-outside-council", answer="yes").sort_values("date")
    variants.append(_count("limits-named", "authorities that name a limit", part, limits))
    for reach, label in (
        ("trade", "of these, a limit on trade as such"),
        ("territory", "of these, on dealings that keep up an annexation"),
        ("arms", "of these, on arms (beside the words)"),
    ):
        variants.append(_count(f"limits-{reach}", label, part, limits[limits["reach"] == reach], limits))
    part = "China's own votes"
    both = assembly_votes((state, partner)).dropna(subset=[state, partner])
    alike, rows = both[both[partner] == both[state]], tuple(r for ids in both["rows"] for r in ids)
    measures = data.load("un_measures_votes", entity=partner)
    return [
        *variants,
        Variant("Assembly texts on Ukraine, both votes known", len(both), rows, part=part, id="assembly-both-known"),
        Variant("of these, voted like Russia", len(alike), rows, part=part, id="assembly-alike"),
        _count("measures-texts", "yearly texts on unilateral measures", part, measures),
        _count("measures-for", "of these, voted for", part, measures[measures["vote"] == "yes"], measures),
    ]
