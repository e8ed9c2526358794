"""Observed quantities for the claims on settlements: C14 and C15."""

from functools import partial
from itertools import product
from typing import Any

import pandas as pd

from eastward import data
from eastward.evidence import Variant, each
from eastward.evidence.trade import MIRROR
from eastward.methods.settlements import level_shift, monthly, share_bounds
from eastward.methods.trade import most_precise

MODELS = {"level": False, "trend": True}
"""Lines through the months before: whether they have a trend."""


def china_weights(spans: list[str]) -> pd.DataFrame:
    """Part of China in Russian goods trade with Asia, by flow as Russia sees it and by span (``weight``, from 0 to 1).

    Chinese customs over Russian customs, in current USD. Chinese imports are c.i.f.: the weight of exports is rather high.
    """
    where = {"unit": "USD bn", "period": spans}
    china = most_precise(data.load("trade_china_customs", partner="RUS", **where), by=["flow", "period"])
    asia = most_precise(data.load("trade_russian_customs", partner="ASIA", **where), by=["flow", "period"])
    both = asia.merge(china.replace({"flow": MIRROR}), on=["flow", "period"], suffixes=("_asia", "_china"))
    both["weight"] = both["value_china"] / both["value_asia"]
    both["rows"] = list(zip(both["row_china"], both["row_asia"], strict=True))
    both = both.rename(columns={"period": "span", "value_china": "china"})
    return both[["flow", "span", "china", "weight", "rows"]]


def unfriendly_in_asia() -> pd.DataFrame:
    """Share of 'unfriendly' currencies in Russian payments with Asia, stated or as what the other two groups leave (per cent)."""
    where = {"unit": "percent", "wording": "exact", "currency": ["unfriendly", "RUB", "friendly"]}
    found = data.load("settlement_currency", series="bank-of-russia", partner="ASIA", **where)
    best = most_precise(found, by=["flow", "period", "currency"])
    lines = []
    for (flow, period), group in best.groupby(["flow", "period"]):
        group = group.set_index("currency")
        if "unfriendly" in group.index:
            lines.append((flow, period, group.loc["unfriendly", "value"], (group.loc["unfriendly", "row"],)))
        elif {"RUB", "friendly"} <= set(group.index):
            lines.append((flow, period, 100 - group["value"].sum(), tuple(group["row"])))
    return pd.DataFrame(lines, columns=["flow", "period", "unfriendly", "rows"])


@data.kept
def share_range(spans: list[str]) -> pd.DataFrame:
    """Bounds of the share of the ruble and all 'friendly' currencies with China, from the figures for Asia (per cent).

    One row a period, flow (``both`` weighs the two by trade with China) and span of weights: ``unfriendly`` (share in
    Asia), ``weight`` of China (from 0 to 1), ``low``, ``high`` and ``rows``.
    """
    found = unfriendly_in_asia().merge(china_weights(spans), on="flow", suffixes=("", "_weight"))
    bounds = [share_bounds(whole, weight) for whole, weight in zip(found["unfriendly"], found["weight"], strict=True)]
    found["low"], found["high"] = [100 - high for _, high in bounds], [100 - low for low, _ in bounds]
    found["rows"] = [(*asia, *trade) for asia, trade in zip(found["rows"], found["rows_weight"], strict=True)]
    lines = []
    for (period, span), pair in found.groupby(["period", "span"]):
        if len(pair) == len(MIRROR):
            part = pair["china"] / pair["china"].sum()
            low, high = float((part * pair["low"]).sum()), float((part * pair["high"]).sum())
            lines.append((period, "both", span, low, high, tuple(row for ids in pair["rows"] for row in ids)))
    both = pd.DataFrame(lines, columns=["period", "flow", "span", "low", "high", "rows"])
    columns = ["period", "flow", "span", "unfriendly", "weight", "low", "high", "rows"]
    every = pd.concat([found, both]) if lines else found
    return every[columns].sort_values(["period", "span", "flow"], ignore_index=True)


def share_said(speaker: str, remarks: list[str], wording: str) -> list[Variant]:
    """Shares of rubles and yuan (per cent) that a speaker gave in some remarks, by each report of them.

    Of each remark the first report decides that words the share as the op-ed does.
    """
    said = data.load("settlement_statements", series="share-national-currencies", speaker=speaker, remark=remarks)
    said = said.sort_values(["said", "remark", "source"])
    decisive = set(said[said["wording"] == wording].drop_duplicates("remark")["row"])
    return [_stated(line, line["row"] in decisive, evidence=line["remark"]) for _, line in said.iterrows()]


def yuan_and_ruble_share(stated: float, since: str, remark: str, spans: list[str], others: float) -> list[Variant]:
    """Share of rubles and yuan in Russia–China settlements (per cent): what is said, what can be checked.

    Officials of one side are one piece of evidence, which nobody else can check; the ``remark`` at issue decides. Bounds from
    the Bank of Russia's figures for Asia count only where they decide: the upper one if it stays below ``stated``, the lower
    one if it reaches it without ``others`` (per cent, what friendly currencies besides the yuan can take). Statements on the
    time before ``since`` are left out: by all accounts the share then grew.
    """
    series = ["share-national-currencies", "share-yuan-alone"]
    said = data.load("settlement_statements", series=series, partner="CHN")
    said = said[said["period"].str[: len(since)] >= since].sort_values(["said", "source"])
    decisive = set(said.loc[said["remark"] == remark, "row"].head(1))
    own = partial(_stated, independent=False)
    variants = [own(line, line["row"] in decisive, evidence=f"{line['side']}s") for _, line in said.iterrows()]
    bounds = share_range(spans)
    for _, line in bounds[bounds["flow"] == "both"].iterrows():
        least = line["low"] - others
        bound = least if least >= stated else line["high"] if line["high"] < stated else None
        if bound is not None:
            label = f"bound from Asia, {line['period']}, weights of {line['span']}"
            name = f"bound-{line['period']}-weights-{line['span']}".replace("/", "-to-")
            origin, decides = f"bank-of-russia-{line['period']}", line["span"] == spans[-1]
            variants.append(Variant(label, bound, line["rows"], preferred=decides, evidence=origin, id=name))
    return variants


def _stated(line: pd.Series, preferred: bool, **fields: Any) -> Variant:
    """Return a stated share as a variant, labelled by speaker, day and words."""
    label, fields["id"] = f"{line['speaker']}, {line['said']} ({worded(line)})", f"{line['source']}-{line['said']}"
    return Variant(label, line["value"], (line["row"],), line["half_unit"], preferred, **fields)


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


@data.kept
def specifications(starts: list[str], ends: list[str], afters: list[list[str]]) -> pd.DataFrame:
    """Shift of China's exports to Russia (per cent) under every combination of choices with known months, one a row.

    Interrupted time series: ``starts`` and ``ends`` are first and last months of those that set the expectation, ``afters``
    first and last months of those compared with it. A careful analyst could take any; the first of each comes first.
    """
    series, lines = months_of_trade(), []
    for start, end, model, (first, last) in product(starts, ends, MODELS, afters):
        after = list(pd.period_range(first, last, freq="M").astype(str))
        if not set(after) <= set(series["month"]):
            continue
        shift = level_shift(series, (start, end), after, MODELS[model])
        used = series.loc[series["month"].between(start, end) | series["month"].isin(after), "rows"]
        line = {"id": f"exports-{first}-to-{last}-{model}-{start}-to-{end}", "model": model, **vars(shift)}
        line |= {"after": f"{pd.Period(first):%B}–{pd.Period(last):%B}", "start": f"from {pd.Period(start):%B %Y}"}
        rows = tuple(dict.fromkeys(row for ids in used for row in ids))
        lines.append(line | {"end": f"to {pd.Period(end):%B %Y}", "rows": rows})
    columns = ["id", "after", "model", "start", "end", "change", "low", "high", "noise", "autocorrelation", "freedom"]
    return pd.DataFrame(lines, columns=[*columns, "rows"])


@data.kept
def relative_growth() -> pd.DataFrame:
    """Stated growth of China's exports to Russia and to all partners by month, per cent, and ``gap``: one over the other."""
    both = growth_of_months("RUS").merge(growth_of_months("WORLD"), on="period", suffixes=("_russia", "_world"))
    both["gap"] = 100 * ((1 + both["value_russia"] / 100) / (1 + both["value_world"] / 100) - 1)
    both["rows"] = list(zip(both["row_russia"], both["row_world"], strict=True))
    return both.rename(columns={"period": "month", "value_russia": "russia", "value_world": "world"})


def said_of_protection(claim: str, decides: str) -> list[Variant]:
    """Whether each report of a statement has the words that the op-ed reports; ``decides`` names the row that decides."""
    rows = data.load("statements", claim=claim, question="said", stance=["for", "against"])
    decisive = rows["statement"] == decides
    return each(rows, "{gist} ({source})", rows["stance"] == "for", "{statement}", "{origin}", decides=decisive)


@data.kept
def turnover_against_year_before(year: str) -> pd.DataFrame:
    """Turnover since January of a year over that of the same months a year before, by span of months, the longest last."""
    where = {"series": "gacc", "unit": "USD bn", "partner": "RUS", "flow": "turnover"}
    found = [data.load(table, **where) for table in ("trade_china_customs", "settlement_trade_months")]
    levels = most_precise(pd.concat(found, ignore_index=True), by=["period"])
    spans = levels[levels["period"].str.fullmatch(rf"{year}(-01/{year}-\d\d)?")]
    spans = spans.assign(base=spans["period"].str.replace(year, str(int(year) - 1)))
    spans = spans.merge(levels, left_on="base", right_on="period", suffixes=("", "_base"))
    spans["ratio"] = spans["value"] / spans["value_base"]
    spans["rows"] = list(zip(spans["row"], spans["row_base"], strict=True))
    return spans.sort_values("period", key=lambda p: p.map(data.period_end), ignore_index=True)


def protected_from_third_countries(
    years: list[str], months: list[str], held: float, quiet: float, **choices: list[Any]
) -> list[Variant]:
    """How far business was protected from third countries: trade as a whole, and payments, each against its threshold.

    A value of 1 just reaches the threshold. Trade: turnover since January of the first of ``years`` over that of a year before,
    over ``held``. Payments: the share of ``months`` without a report of banks that refuse payments, and without an official's
    admission, over ``quiet``; reports that were not found could only lower it. China's exports to Russia (choices as in
    :func:`specifications`) are further evidence only: one direction of trade, which can fall for other causes.
    """
    variants = []
    for year in years:
        last, name = turnover_against_year_before(year).tail(1), f"turnover-{year}"
        label = "turnover of {period} over that of a year before"
        variants += each(last, label, last["ratio"] / held, name, name, "trade", decides=year == years[0])
    return [*variants, *_payments(months, quiet), *_steady_exports(held, **choices)]


@data.kept
def _payments(months: list[str], quiet: float) -> list[Variant]:
    """Share of the months that had begun without a report of refused payments, and without an admission, over ``quiet``."""
    variants = []
    begun = pd.period_range(months[0], min(months[-1], f"{data.day():%Y-%m}"), freq="M").astype(str)
    for kind, what in (("refusal", "no report of refused payments"), ("admission", "no official's admission")):
        found = data.load("settlement_events", kind=kind, partner="CHN")
        found = found[(found["voice"] == "official") | (kind == "refusal")]
        month = found["date"].str[: len(months[0])]
        found = found[month.isin(begun)]
        if len(begun):
            value = (1 - month[month.isin(begun)].nunique() / len(begun)) / quiet
            label, name = f"share of months with {what}, divided by the threshold", f"{kind}s"
            rows = tuple(found["row"])
            variants.append(Variant(label, value, rows, 0.0, True, "payments", evidence=name, id=name))
    return variants


@data.kept
def _steady_exports(held: float, starts: list[str], ends: list[str], afters: list[list[str]]) -> list[Variant]:
    """Whether China's exports to Russia stayed in their expected range and kept pace with its exports to all."""
    longest = specifications(starts[:1], ends[:1], afters[1:][-1:]).head(1)
    tried = pd.concat([specifications(starts, ends, afters[:1]), longest])
    choice = f"{{after}} {afters[0][0][:4]} over the {{model}} {{start}} {{end}}"
    label, highest = f"exports of {choice}, upper end of the interval", (1 + tried["high"] / 100) / held
    variants = each(tried, label, highest, "{id}", "exports-against-own-past", "trade")
    gaps = relative_growth()
    gaps = gaps[gaps["month"].between(afters[0][0], afters[0][1])]
    label, evidence = "growth of exports over that of China's to all partners, {month}", "exports-against-all-partners"
    return variants + each(gaps, label, (1 + gaps["gap"] / 100) / held, "growth-{month}", evidence, "trade")
