"""Observed quantities for the claims on settlements: C14 and C15."""

from __future__ import annotations

from itertools import product

import pandas as pd

from eastward import data
from eastward.evidence import Variant
from eastward.methods.settlements import level_shift, monthly, share_bounds
from eastward.methods.trade import most_precise

FLOWS = {"exports": "imports", "imports": "exports"}
"""Flow as China sees it, and the same flow as Russia sees it."""

MODELS = {"level": False, "trend": True}
"""Lines through the months before: whether they have a trend."""

OWN_WORDS = "more-than"
"""How the op-ed words the share; the report that words it so decides what was said."""


def china_weights(spans: list[str]) -> pd.DataFrame:
    """Part of China in Russian goods trade with Asia, by flow as Russia sees it and by span.

    Chinese customs over Russian customs, in current USD: ``flow``, ``span``, ``china`` (bn USD), ``weight`` (from 0 to 1)
    and ``rows``. Chinese imports are c.i.f.: the weight of exports is rather high.
    """
    where = {"unit": "USD bn", "period": spans}
    china = most_precise(data.load("trade_china_customs", partner="RUS", **where), by=["flow", "period"])
    asia = most_precise(data.load("trade_russian_customs", partner="ASIA", **where), by=["flow", "period"])
    both = asia.merge(china.replace({"flow": FLOWS}), on=["flow", "period"], suffixes=("_asia", "_china"))
    both["weight"] = both["value_china"] / both["value_asia"]
    both["rows"] = list(zip(both["row_china"], both["row_asia"], strict=True))
    columns = {"flow": "flow", "period": "span", "value_china": "china", "weight": "weight", "rows": "rows"}
    return both.rename(columns=columns)[list(columns.values())]


def unfriendly_in_asia() -> pd.DataFrame:
    """Share of 'unfriendly' currencies in Russian payments with Asia by flow and period (per cent).

    As the Bank of Russia states it, or 100 less the stated shares of the ruble and of 'friendly' currencies.
    """
    where = {"unit": "percent", "wording": "exact", "currency": ["unfriendly", "RUB", "friendly"]}
    found = data.load("settlement_currency", series="bank-of-russia", partner="ASIA", **where)
    best = most_precise(found, by=["flow", "period", "currency"])
    lines = []
    for (flow, period), group in best.groupby(["flow", "period"]):
        value = group.set_index("currency")["value"]
        row = group.set_index("currency")["row"]
        if "unfriendly" in value:
            lines.append((flow, period, value["unfriendly"], (row["unfriendly"],)))
        elif len(value) == len(("RUB", "friendly")):
            lines.append((flow, period, 100 - value.sum(), tuple(row)))
    return pd.DataFrame(lines, columns=["flow", "period", "unfriendly", "rows"])


def share_range(spans: list[str]) -> pd.DataFrame:
    """Return what the Bank of Russia's figures for Asia allow for China alone.

    Returns:
        One row a period, flow (``both`` weighs the two by the value of trade with China) and span of weights:
        ``unfriendly`` (share in Asia), ``weight`` of China, ``low`` and ``high`` (bounds of the share of the
        ruble and 'friendly' currencies with China), all in per cent but the weight, and ``rows``.

    """
    found = unfriendly_in_asia().merge(china_weights(spans), on="flow", suffixes=("", "_weight"))
    bounds = [share_bounds(whole, weight) for whole, weight in zip(found["unfriendly"], found["weight"], strict=True)]
    found["low"], found["high"] = [100 - high for _, high in bounds], [100 - low for low, _ in bounds]
    found["rows"] = [(*asia, *trade) for asia, trade in zip(found["rows"], found["rows_weight"], strict=True)]
    lines = []
    for (period, span), pair in found.groupby(["period", "span"]):
        if len(pair) == len(FLOWS):
            part = pair["china"] / pair["china"].sum()
            low, high = float((part * pair["low"]).sum()), float((part * pair["high"]).sum())
            lines.append((period, "both", span, low, high, tuple(row for ids in pair["rows"] for row in ids)))
    both = pd.DataFrame(lines, columns=["period", "flow", "span", "low", "high", "rows"])
    columns = ["period", "flow", "span", "unfriendly", "weight", "low", "high", "rows"]
    every = pd.concat([found, both]) if lines else found
    return every[columns].sort_values(["period", "span", "flow"], ignore_index=True)


def yuan_and_ruble_share(stated: float, since: str, spans: list[str]) -> list[Variant]:
    """Share of rubles and yuan in Russia–China settlements (per cent): what is said, what can be checked.

    Official statements cannot be checked by anybody else. The bounds from the Bank of Russia's figures for
    Asia count only where they decide: the lower bound if it reaches ``stated``, the upper one if it stays
    below. Statements on the time before ``since`` are left out: by all accounts the share then grew.
    """
    said = data.load("settlement_statements", series="share-national-currencies", partner="CHN")
    said = said[said["period"].str[: len(since)] >= since].sort_values(["said", "source"])
    reported = said[said["remark"] == "op-ed"].sort_values("wording", key=lambda w: w == OWN_WORDS, kind="stable")
    decisive = set(reported["row"].tail(1))
    variants = [
        Variant(
            f"{line['speaker']}, {line['said']}: {worded(line)} ({line['source']})",
            line["value"],
            (line["row"],),
            line["half_unit"],
            preferred=line["row"] in decisive,
            independent=False,
            id=f"{line['source']}-{line['said']}",
        )
        for _, line in said.iterrows()
    ]
    ranges = share_range(spans)
    for _, line in ranges[ranges["flow"] == "both"].iterrows():
        bound = "low" if line["low"] >= stated else "high" if line["high"] < stated else None
        if bound is not None:
            label = f"{bound} bound from Asia, {line['period']}, weights of {line['span']}"
            name = f"bound-{line['period']}-weights-{line['span']}".replace("/", "-to-")
            variants.append(Variant(label, line[bound], line["rows"], preferred=True, id=name))
    return variants


def worded(line: pd.Series) -> str:
    """Write a stated figure as its source words it, such as ``more than 90``."""
    words = {"more-than": "more than ", "about": "about ", "almost": "almost ", "up-to": "up to "}
    high = "" if pd.isna(line["value_high"]) else f"–{line['value_high']:g}"
    return f"{words.get(line['wording'], '')}{line['value']:g}{high}"


def months_of_trade() -> pd.DataFrame:
    """Months of China's goods exports to Russia in bn current USD (Chinese customs)."""
    where = {"series": "gacc", "unit": "USD bn", "partner": "RUS", "flow": "exports"}
    found = [data.load(table, **where) for table in ("trade_china_customs", "settlement_trade_months")]
    columns = ["period", "value", "half_unit", "known", "row"]
    levels = pd.concat([frame[columns] for frame in found if not frame.empty], ignore_index=True)
    usable = levels["period"].str.fullmatch(r"\d{4}(-\d{2}|-01/\d{4}-\d{2})?")
    return monthly(most_precise(levels[usable], by=["period"]), growth_of_months("RUS"))


def growth_of_months(partner: str) -> pd.DataFrame:
    """Stated year-on-year growth of single months of China's exports to a partner (per cent, in dollars)."""
    where = {"unit": "percent, USD terms", "flow": "exports", "partner": partner}
    found = data.load("settlement_trade_months", series="gacc-growth", **where)
    return most_precise(found[found["period"].str.fullmatch(r"\d{4}-\d{2}")], by=["period"])


def specifications(starts: list[str], ends: list[str], afters: list[list[str]]) -> pd.DataFrame:
    """Shift of China's exports to Russia (per cent) under every combination of choices with known months.

    Interrupted time series; a careful analyst could take any of the choices, the first of each comes first.

    Args:
        starts: first month of those that set the expectation.
        ends: last month of those.
        afters: first and last month of those that are compared with it.

    Returns:
        One row a combination: ``id``, ``after``, ``model``, ``start``, ``end``, the fields of the shift but its line, and ``rows``.

    """
    series, lines = months_of_trade(), []
    for start, end, model, (first, last) in product(starts, ends, MODELS, afters):
        after = list(pd.period_range(first, last, freq="M").astype(str))
        if not set(after) <= set(series["month"]):
            continue
        shift = level_shift(series, (start, end), after, MODELS[model])
        used = series.loc[series["month"].between(start, end) | series["month"].isin(after), "rows"]
        lines.append(
            {
                "id": f"exports-{first}-to-{last}-{model}-{start}-to-{end}",
                "after": f"{pd.Period(first):%B}–{pd.Period(last):%B}",
                "model": model,
                "start": f"from {pd.Period(start):%B %Y}",
                "end": f"to {pd.Period(end):%B %Y}",
                **{name: value for name, value in vars(shift).items() if name != "expected"},
                "rows": tuple(dict.fromkeys(row for ids in used for row in ids)),
            }
        )
    columns = ["id", "after", "model", "start", "end", "change", "low", "high", "noise", "autocorrelation", "freedom"]
    return pd.DataFrame(lines, columns=[*columns, "rows"])


def relative_growth() -> pd.DataFrame:
    """Year-on-year growth of China's exports to Russia and to all partners by month (per cent, in dollars).

    Returns:
        ``month``, ``russia``, ``world``, ``gap`` (growth factor of Russia over that of the world, less 1, per
        cent) and ``rows``; growth with Russia is stated, or computed from the months of both years.

    """
    months = months_of_trade().set_index("month")
    stated = growth_of_months("RUS").set_index("period")
    lines = []
    for _, line in growth_of_months("WORLD").iterrows():
        month = str(line["period"])
        base = f"{int(month[:4]) - 1}{month[4:]}"
        if month in stated.index:
            own, rows = float(stated.loc[month, "value"]), (stated.loc[month, "row"],)
        elif {month, base} <= set(months.index):
            own = 100 * (months.loc[month, "value"] / months.loc[base, "value"] - 1)
            rows = (*months.loc[month, "rows"], *months.loc[base, "rows"])
        else:
            continue
        gap = 100 * ((1 + own / 100) / (1 + float(line["value"]) / 100) - 1)
        lines.append((month, own, float(line["value"]), gap, (*rows, line["row"])))
    return pd.DataFrame(lines, columns=["month", "russia", "world", "gap", "rows"])


def protected_from_third_countries(starts: list[str], ends: list[str], afters: list[list[str]]) -> list[Variant]:
    """Whether business was protected from third countries' influence, by what payments and trade show.

    What officials on either side concede decides. Trade is further evidence only: a fall of exports can have
    other causes, and steady exports can hide costly detours. The choices are those of :func:`specifications`.
    """
    conceded = data.load("settlement_events", kind="admission", voice="official", partner="CHN")
    refused = data.load("settlement_events", kind="refusal", partner="CHN")
    label = "no official concedes trouble with payments"
    return [
        Variant(label, conceded.empty, tuple(conceded["row"]), preferred=True, id="admissions"),
        Variant("no report of banks that stop payments", refused.empty, tuple(refused["row"]), id="refusals"),
        *_steady_exports(starts, ends, afters),
    ]


def _steady_exports(starts: list[str], ends: list[str], afters: list[list[str]]) -> list[Variant]:
    """Whether China's exports to Russia stayed in their expected range, kept pace with all, and grew."""
    variants = []
    longest = specifications(starts[:1], ends[:1], afters[1:][-1:]).head(1)
    for _, line in pd.concat([specifications(starts, ends, afters[:1]), longest]).iterrows():
        choice = f"{line['model']} {line['start']} {line['end']}"
        label = f"exports of {line['after']} {afters[0][0][:4]} not below the {choice}"
        variants.append(Variant(label, bool(line["high"] >= 0), line["rows"], id=line["id"]))
    gaps = relative_growth()
    for _, line in gaps[gaps["month"].between(*afters[0])].iterrows():
        label = f"exports grow at least like China's to all partners, {line['month']}"
        variants.append(Variant(label, bool(line["gap"] >= 0), line["rows"], id=f"growth-{line['month']}"))
    year = int(afters[0][0][:4])
    years = data.load("trade_china_customs", flow="exports", unit="USD bn", period=[str(year - 1), str(year)])
    years = most_precise(years, by=["period"]).sort_values("period")
    if years["period"].nunique() == len((year - 1, year)):
        label, grew = f"exports of {year} not below those of {year - 1}", bool(years["value"].is_monotonic_increasing)
        variants.append(Variant(label, grew, tuple(years["row"]), id=f"year-{year}"))
    return variants
