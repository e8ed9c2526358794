"""Observed quantities for the claims on settlements: C14 and C15."""

from __future__ import annotations

from datetime import date
from itertools import product

import pandas as pd

from eastward import data
from eastward.indicators.settlements import Shift, level_shift, monthly, share_bounds, share_in_rest
from eastward.indicators.trade import most_precise
from eastward.quantities import Variant

SPANS = ("2023-01/2023-09", "2023")
"""Spans for which Chinese customs (trade with Russia) and Russian customs (trade with Asia) are known."""

FLOWS = {"exports": "imports", "imports": "exports"}
"""Flow as China sees it, and the same flow as Russia sees it."""

STARTS = {"from March 2023": "2023-03", "from September 2022": "2022-09"}
ENDS = {"to February 2024": "2024-02", "to December 2023": "2023-12"}
MODELS = {"level": False, "trend": True}
AFTERS = {
    "March–April": ("2024-03", "2024-04"),
    "March–May": ("2024-03", "2024-04", "2024-05"),
    "March–August": ("2024-03", "2024-04", "2024-05", "2024-06", "2024-07", "2024-08"),
}
"""Choices of the interrupted time series; a careful analyst could take any. The first of each decides."""

BEFORE = ("2023-03", "2024-02")
"""The year of steady monthly exports from China to Russia before the fall: basis of the expected range."""


def statements(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Stated shares of rubles and yuan in settlements with China (per cent), by the day of the remark."""
    found = data.load("settlement_statements", as_of, series="share-national-currencies", partner="CHN")
    return found.sort_values(["said", "source"]).reset_index(drop=True)


def china_weights(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Part of China in Russian goods trade with Asia, by flow as Russia sees it and by span.

    Chinese customs over Russian customs, in current USD: ``flow``, ``span``, ``china``, ``asia`` (bn USD),
    ``weight`` (from 0 to 1) and ``rows``. Chinese imports are c.i.f.: the weight of exports is rather high.
    """
    where = {"unit": "USD bn", "period": list(SPANS)}
    china = data.load("trade_china_customs", as_of, partner="RUS", **where)
    china = most_precise(china, by=["flow", "period"]).replace({"flow": FLOWS})
    asia = most_precise(data.load("trade_russian_customs", as_of, partner="ASIA", **where), by=["flow", "period"])
    both = asia.merge(china, on=["flow", "period"], suffixes=("_asia", "_china"))
    return pd.DataFrame(
        {
            "flow": both["flow"],
            "span": both["period"],
            "china": both["value_china"],
            "asia": both["value_asia"],
            "weight": both["value_china"] / both["value_asia"],
            "rows": list(zip(both["row_china"], both["row_asia"], strict=True)),
        }
    )


def unfriendly_in_asia(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Share of 'unfriendly' currencies in Russian payments with Asia by flow and period (per cent).

    As the Bank of Russia states it, or 100 less the stated shares of the ruble and of 'friendly' currencies.
    """
    where = {"unit": "percent", "wording": "exact", "currency": ["unfriendly", "RUB", "friendly"]}
    found = data.load("settlement_currency", as_of, series="bank-of-russia", partner="ASIA", **where)
    best = most_precise(found, by=["flow", "period", "currency"])
    lines = []
    for (flow, period), group in best.groupby(["flow", "period"]):
        value = dict(zip(group["currency"], group["value"], strict=True))
        row = dict(zip(group["currency"], group["row"], strict=True))
        if "unfriendly" in value:
            lines.append((flow, period, value["unfriendly"], (row["unfriendly"],)))
        elif len(value) == len(("RUB", "friendly")):
            lines.append((flow, period, 100 - sum(value.values()), tuple(row.values())))
    return pd.DataFrame(lines, columns=["flow", "period", "unfriendly", "rows"])


def share_range(as_of: date = data.HINDSIGHT, stated: float = 90) -> pd.DataFrame:
    """Return what the Bank of Russia's figures for Asia allow for China alone.

    Returns:
        One row a period, flow (``both`` weighs the two by the value of trade with China) and span of weights:
        ``unfriendly`` (share in Asia), ``weight`` of China, ``low`` and ``high`` (bounds of the share of the
        ruble and 'friendly' currencies with China), ``rest`` (share of 'unfriendly' currencies in the rest
        of Asia that fits the stated share with China), all in per cent but the weight, and ``rows``.

    """
    joined = unfriendly_in_asia(as_of).merge(china_weights(as_of), on="flow", suffixes=("", "_weight"))
    lines = []
    for _, line in joined.iterrows():
        low, high = share_bounds(line["unfriendly"], line["weight"])
        rest = share_in_rest(line["unfriendly"], line["weight"], 100 - stated)
        rows = (*line["rows"], *line["rows_weight"])
        cells = (line["unfriendly"], line["weight"], 100 - high, 100 - low, rest, line["china"], rows)
        lines.append((line["period"], line["flow"], line["span"], *cells))
    columns = ["period", "flow", "span", "unfriendly", "weight", "low", "high", "rest", "china", "rows"]
    frame = pd.DataFrame(lines, columns=columns)
    nothing = float("nan")
    for (period, span), group in frame.groupby(["period", "span"]):
        if len(group) == len(FLOWS):
            part = group["china"] / group["china"].sum()
            low, high = float((part * group["low"]).sum()), float((part * group["high"]).sum())
            rows = tuple(row for ids in group["rows"] for row in ids)
            lines.append((period, "both", span, nothing, nothing, low, high, nothing, nothing, rows))
    ordered = pd.DataFrame(lines, columns=columns).sort_values(["period", "span", "flow"])
    return ordered.drop(columns="china").reset_index(drop=True)


def yuan_and_ruble_share(as_of: date, stated: float) -> list[Variant]:
    """Share of rubles and yuan in Russia–China settlements (per cent): what is said, what can be checked.

    Official statements cannot be checked by anybody else. The bounds from the Bank of Russia's figures for
    Asia count only where they decide: the lower bound if it reaches ``stated``, the upper one if it stays
    below. Statements on the time before September 2023 are left out: by all accounts the share then grew.
    """
    said = statements(as_of)
    said = said[said["period"].str[:7] >= "2023-09"]
    his = said[(said["speaker"] == "Vladimir Putin") & (said["said"] <= "2024-05-17")]
    decisive = set(his.loc[his["wording"] == "more-than", "row"].tail(1))
    variants = [
        Variant(
            f"{line['speaker']}, {line['said']}: {worded(line)} ({line['source']})",
            line["value"],
            (line["row"],),
            line["half_unit"],
            preferred=line["row"] in decisive,
            independent=False,
        )
        for _, line in said.iterrows()
    ]
    ranges = share_range(as_of, stated)
    for _, line in ranges[ranges["flow"] == "both"].iterrows():
        bound = "low" if line["low"] >= stated else "high" if line["high"] < stated else None
        if bound is not None:
            label = f"{bound} bound from Asia, {line['period']}, weights of {line['span']}"
            variants.append(Variant(label, line[bound], line["rows"], preferred=True))
    return variants


def worded(line: pd.Series) -> str:
    """Write a stated figure as its source words it, such as ``more than 90``."""
    words = {"more-than": "more than ", "about": "about ", "almost": "almost ", "up-to": "up to "}
    high = "" if pd.isna(line["value_high"]) else f"–{line['value_high']:g}"
    return f"{words.get(line['wording'], '')}{line['value']:g}{high}"


def months_of_trade(as_of: date = data.HINDSIGHT, flow: str = "exports", partner: str = "RUS") -> pd.DataFrame:
    """Months of China's goods exports to, or imports from, a partner in bn current USD (Chinese customs)."""
    where = {"unit": "USD bn", "partner": partner, "flow": flow}
    found = [data.load(t, as_of, series="gacc", **where) for t in ("trade_china_customs", "settlement_trade_months")]
    columns = ["period", "value", "half_unit", "known", "row"]
    levels = pd.concat([frame[columns] for frame in found if not frame.empty], ignore_index=True)
    usable = levels["period"].str.fullmatch(r"202\d|202\d-\d{2}|202\d-01/202\d-\d{2}")
    return monthly(most_precise(levels[usable], by=["period"]), growth_of_months(as_of, flow, partner))


def growth_of_months(as_of: date = data.HINDSIGHT, flow: str = "exports", partner: str = "RUS") -> pd.DataFrame:
    """Stated year-on-year growth of single months of China's trade with a partner (per cent, in dollars)."""
    where = {"unit": "percent, USD terms", "flow": flow, "partner": partner}
    found = data.load("settlement_trade_months", as_of, series="gacc-growth", **where)
    return most_precise(found[found["period"].str.fullmatch(r"\d{4}-\d{2}")], by=["period"])


def export_shift(
    as_of: date = data.HINDSIGHT,
    before: tuple[str, str] = BEFORE,
    after: tuple[str, ...] = AFTERS["March–April"],
    trend: bool = False,
) -> Shift | None:
    """Deviation of China's exports to Russia from the months before; ``None`` where a month is unknown."""
    series = months_of_trade(as_of)
    return level_shift(series, before, after, trend) if set(after) <= set(series["month"]) else None


def specifications(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Shift of China's exports to Russia (per cent) under every combination of choices with known months."""
    lines = []
    for start, end, model, months in product(STARTS, ENDS, MODELS, AFTERS):
        shift = export_shift(as_of, (STARTS[start], ENDS[end]), AFTERS[months], MODELS[model])
        if shift is not None:
            cells = (shift.change, shift.low, shift.high, shift.autocorrelation, shift.freedom)
            lines.append((months, model, start, end, *cells))
    columns = ["after", "model", "start", "end", "change", "low", "high", "autocorrelation", "freedom"]
    return pd.DataFrame(lines, columns=columns)


def relative_growth(as_of: date = data.HINDSIGHT) -> pd.DataFrame:
    """Year-on-year growth of China's exports to Russia and to all partners by month (per cent, in dollars).

    Returns:
        ``month``, ``russia``, ``world``, ``gap`` (growth factor of Russia over that of the world, less 1, per
        cent) and ``rows``; growth with Russia is stated, or computed from the months of both years.

    """
    months = months_of_trade(as_of)
    value = dict(zip(months["month"], months["value"], strict=True))
    ids = dict(zip(months["month"], months["rows"], strict=True))
    stated = growth_of_months(as_of)
    growth = dict(zip(stated["period"], zip(stated["value"], stated["row"], strict=True), strict=True))
    lines = []
    for _, line in growth_of_months(as_of, partner="WORLD").iterrows():
        month = str(line["period"])
        base = f"{int(month[:4]) - 1}{month[4:]}"
        if month in growth:
            own, rows = float(growth[month][0]), (growth[month][1],)
        elif month in value and base in value:
            own, rows = 100 * (value[month] / value[base] - 1), (*ids[month], *ids[base])
        else:
            continue
        gap = 100 * ((1 + own / 100) / (1 + float(line["value"]) / 100) - 1)
        lines.append((month, own, float(line["value"]), gap, (*rows, line["row"])))
    return pd.DataFrame(lines, columns=["month", "russia", "world", "gap", "rows"])


def frictions(as_of: date = data.HINDSIGHT, kind: str | list[str] = "refusal") -> pd.DataFrame:
    """Events of one or several kinds in payments between Russia and China, by date."""
    found = data.load("settlement_events", as_of, kind=kind, partner="CHN")
    return found.sort_values(["date", "event"], ignore_index=True)


def protected_from_third_countries(as_of: date) -> list[Variant]:
    """Whether business was protected from third countries' influence, by what payments and trade show.

    What officials on either side concede decides. Trade is further evidence only: a fall of exports can have
    other causes, and steady exports can hide costly detours.
    """
    conceded = frictions(as_of, "admission")
    conceded = conceded[conceded["voice"] == "official"]
    refused = frictions(as_of)
    return [
        Variant(
            "no official concedes trouble with payments",
            conceded.empty,
            tuple(conceded["row"]),
            preferred=True,
        ),
        Variant("no report of banks that stop payments", refused.empty, tuple(refused["row"])),
        *_steady_exports(as_of),
    ]


def _steady_exports(as_of: date) -> list[Variant]:
    """Whether China's exports to Russia stayed in their expected range, kept pace with all, and grew."""
    months = months_of_trade(as_of)
    choices = [(*choice, "March–April") for choice in product(STARTS, ENDS, MODELS)]
    variants = []
    for start, end, model, after in (*choices, (*choices[0][:3], "March–August")):
        before = STARTS[start], ENDS[end]
        shift = export_shift(as_of, before, AFTERS[after], MODELS[model])
        if shift is not None:
            used = months.loc[months["month"].between(*before) | months["month"].isin(AFTERS[after]), "rows"]
            rows = tuple(dict.fromkeys(row for ids in used for row in ids))
            label = f"exports of {after} 2024 not below the {model} {start} {end}"
            variants.append(Variant(label, shift.high >= 0, rows))
    gaps = relative_growth(as_of)
    for _, line in gaps[gaps["month"].isin(AFTERS["March–April"])].iterrows():
        label = f"exports grow at least like China's to all partners, {line['month']}"
        variants.append(Variant(label, bool(line["gap"] >= 0), line["rows"]))
    years = data.load("trade_china_customs", as_of, flow="exports", unit="USD bn", period=["2023", "2024"])
    years = most_precise(years, by=["period"])
    if len(years) == len(("2023", "2024")):
        holds = bool(years["value"].is_monotonic_increasing)
        variants.append(Variant("exports of 2024 not below those of 2023", holds, tuple(years["row"])))
    return variants
