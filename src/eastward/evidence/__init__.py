"""Observed quantities: which rows of the data package measure what a claim states.

A quantity is a function ``(**params) -> list[Variant]``, on what was public on :func:`eastward.data.day`. Each :class:`Variant` is the quantity by one admissible
source, base year, unit or definition; those marked ``preferred`` decide the verdict, all of them together are its
robustness. Rules in ``data/claims.yaml`` name quantities as ``module.function``.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import import_module
from itertools import chain, repeat
from typing import Any

import pandas as pd

from eastward import data


@dataclass(frozen=True)
class Variant:
    """One admissible way to observe what a claim states: a number in its unit, a day or an interval in ISO 8601, or
    whether something holds.

    ``id`` is stable within the claim, such as ``chinese-customs-2018``; ``label`` tells readers what sets this variant
    apart; ``rows`` are the ids (``table:line``) of the data rows it rests on, ``half_unit`` the rounding error of the
    observed number. Preferred ones decide the verdict, the others test how robust it is; ``part`` names the part of the
    claim, where it has several. ``independent`` tells whether anybody but the party that made the statement can check
    it. Variants with the same ``evidence`` are one piece of it.
    """

    label: str
    observed: float | date | bool | str
    rows: tuple[str, ...] = ()
    half_unit: float = 0.0
    preferred: bool = False
    part: str = ""
    independent: bool = True
    evidence: str = ""
    id: str = field(kw_only=True)


def each(
    frame: pd.DataFrame, label: str, observed: str | pd.Series | list[Any], id: str, evidence: str = "", part: str = "",
    decides: bool | pd.Series = False, rounded: bool = False, independent: bool = True,
) -> list[Variant]:  # fmt: skip
    """Return a variant a row, with its columns filled into ``label``, ``id`` and ``evidence``; ``observed`` is a column or the values.

    It rests on the row's ``rows``, or on itself; ``rounded`` by its ``half_unit``. ``decides`` says which ones do: with true the first.
    """
    values = frame[observed] if isinstance(observed, str) else pd.Series(observed)
    chosen = chain([decides] if isinstance(decides, bool) else decides, repeat(False))
    return [
        Variant(
            label.format_map(row), value, row["rows"] if "rows" in row else (row["row"],), row["half_unit"] if rounded else 0.0,
            main, part, independent, evidence.format_map(row), id=id.format_map(row),
        )
        for row, value, main in zip(frame.to_dict("records"), values.tolist(), chosen, strict=False)
    ]  # fmt: skip


class NotComputable(data.DataError):
    """The tables are valid one by one, but what a quantity needs of them is not all there."""


def quantity(name: str) -> Callable[..., list[Variant]]:
    """Return the quantity called ``module.function``; ``LookupError`` if ``eastward.evidence`` has none."""
    module, _, function = name.partition(".")
    try:
        found: Callable[..., list[Variant]] = getattr(import_module(f"eastward.evidence.{module}"), function)
    except (ImportError, AttributeError):
        raise LookupError(f"eastward.evidence has no function {name!r}") from None
    return found


@data.kept
def observe(name: str, **params: Any) -> list[Variant]:
    """Evaluate the quantity called ``module.function`` on what was public on the day."""
    compute = quantity(name)
    try:
        return compute(**json.loads(json.dumps(params, sort_keys=True)))
    except data.DataError:
        raise
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError) as error:
        raise NotComputable(
            "data/", f"the quantity {name!r} cannot be computed ({type(error).__name__}: {error})",
            "restore the rows it needs, or the params of the claim's rule",
        ) from error  # fmt: skip


def seen(day: date, name: str, params: dict[str, Any]) -> list[Variant]:
    """Evaluate a quantity as of a day; nothing where it cannot be computed."""
    with data.on(day), suppress(NotComputable):
        return observe(name, **params)
    return []


FIRST, LAST = date(1900, 1, 1), date(2100, 1, 1)
"""Day from which a list holds that no row dates, and one by which all is known."""


@data.kept
def steps(name: str, **params: Any) -> list[tuple[date, list[Variant]]]:
    """Return how the variants of a quantity changed: the day from which each list held, the latest first.

    A list holds since the latest of its rows became public or, where something else changed it later, since then. The way back
    ends where the quantity cannot be computed.
    """
    found: list[tuple[date, list[Variant]]] = []
    day = data.HINDSIGHT
    while day >= FIRST and (variants := seen(day, name, params)):
        rows = data.rows(tuple(dict.fromkeys(row for v in variants for row in v.rows)))
        known: Iterable[pd.Timestamp] = rows["known"].dropna() if "known" in rows else []
        since = max((k.date() for k in known if k.date() <= day), default=FIRST)
        if seen(since, name, params) != variants:
            before, since = since, min(day, LAST)
            while since - before > timedelta(days=1):
                middle = before + (since - before) // 2
                before, since = (before, middle) if seen(middle, name, params) == variants else (middle, since)
        found.append((since, variants))
        day = since - timedelta(days=1)
    return found
