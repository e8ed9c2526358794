"""Marks of figures: the values that a reader can ask them for, and what was not yet public on the op-ed's day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from eastward import data

LATER = "ew-later"
"""Matplotlib's gid, and class in SVG, of marks that stand for what was public only after the op-ed."""

Place = str | float | Callable[[pd.Series], Any]
"""Where a mark stands along an axis: a column of the figure's data, a number, or a function of the row."""

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def public(frame: pd.DataFrame) -> pd.Series:
    """Tell for each row of a table, or of numbers computed from ``rows``, whether it was public when the op-ed appeared."""
    if "known" in frame:
        return frame["known"] <= pd.Timestamp(data.PUBLICATION)
    days = data.rows([row for ids in frame["rows"] for row in ids]).set_index("row")["known"]
    return frame["rows"].map(lambda ids: bool((days.loc[list(ids)] <= pd.Timestamp(data.PUBLICATION)).all()))


def among(frame: pd.DataFrame, then: pd.DataFrame, *keys: str) -> pd.Series:
    """Tell for each row whether the numbers that were public when the op-ed appeared have one of the same key.

    Where a series was revised since, its number of that day differs a little from the one drawn.
    """
    pairs = set(then[list(keys)].itertuples(index=False, name=None))
    return pd.Series([key in pairs for key in frame[list(keys)].itertuples(index=False, name=None)], frame.index)


def later(artists: Iterable[Any], known: Iterable[bool]) -> None:
    """Put those of the drawn marks that were not yet public into the group that the reader can hide."""
    for artist, was_known in zip(artists, known, strict=True):
        if not was_known:
            artist.set_gid(LATER)


def plot(axes: Axes, x: Iterable[Any], y: Iterable[float], known: Iterable[bool], **style: Any) -> None:
    """Draw a line in two parts: what was public when the op-ed appeared, and the rest, joined to it."""
    at, value, was_known = list(x), np.asarray(list(y), dtype=float), np.asarray(list(known), dtype=bool)
    axes.plot(at, np.where(was_known, value, np.nan), **style)
    joined = ~was_known
    joined[1:] |= ~was_known[:-1]
    joined[:-1] |= ~was_known[1:]
    if joined.any():
        axes.plot(at, np.where(joined, value, np.nan), gid=LATER, **style)


def scatter(axes: Axes, x: Iterable[Any], y: Iterable[Any], known: Iterable[bool], **style: Any) -> None:
    """Draw points in two parts, as :func:`plot` does."""
    frame = pd.DataFrame({"x": list(x), "y": list(y), "known": list(known)})
    for was_known, part in frame.groupby("known"):
        axes.scatter(part["x"], part["y"], gid=None if was_known else LATER, **style)


def stack(axes: Axes, now: pd.DataFrame, then: pd.DataFrame, colours: Mapping[str, str], width: float) -> pd.DataFrame:
    """Stack counts by year, those that were public when the op-ed appeared below the later ones.

    Args:
        axes: where to draw.
        now: counts, indexed by ``year``, a column a series.
        then: the same as it was public when the op-ed appeared; missing years count nothing.
        colours: colour of each series, from the lowest.
        width: of a column, in years.

    Returns:
        A row a segment: ``year``, ``series``, ``value``, ``bottom`` (where it starts) and ``known``.

    """
    then = then.reindex(now.index, fill_value=0)
    below = pd.Series(0, index=now.index)
    segments = []
    for known, counts in ((True, then), (False, now - then)):
        for series, colour in colours.items():
            value = counts[series]
            later(axes.bar(now.index, value, width, bottom=below, color=colour), [known] * len(value))
            segment = {"series": series, "value": value, "bottom": below, "known": known}
            segments.append(pd.DataFrame(segment).rename_axis("year").reset_index())
            below = below + value
    found = pd.concat(segments).sort_values(["year", "bottom"], kind="stable")
    return found[found["value"] > 0].reset_index(drop=True)


def segments(axes: Axes) -> Tips:
    """Return the tips of columns that :func:`stack` has drawn."""
    return Tips(
        axes,
        "year",
        lambda row: row["bottom"] + row["value"],
        "{year}, {series}: {value:.0f}{known:later}",
        y0="bottom",
    )


@dataclass(frozen=True)
class Mark:
    """One mark of a drawing: where it stands in the SVG, from (``x0``, ``y0``) to (``x``, ``y``) in points, and what it says."""

    x: int
    y: int
    x0: int
    y0: int
    text: str
    known: bool

    def __str__(self) -> str:
        start = "" if (self.x0, self.y0) == (self.x, self.y) else f",{self.x0},{self.y0}"
        return f"{'' if self.known else '+'}{self.x},{self.y}{start} {self.text}"


class _Words(Formatter):
    """``str.format`` with three more specifications, and a dash for what is missing.

    ``{partner:name}`` writes a country's name, ``{period:when}`` an ISO 8601 period in words, ``{known:later}`` a remark on
    what was not yet public when the op-ed appeared.
    """

    def format_field(self, value: Any, spec: str) -> str:
        if spec == "later":
            return "" if value else " (public later)"
        if value is None or (not isinstance(value, str) and pd.isna(value)):
            return "–"
        if spec == "name":
            return data.names().get(str(value), str(value))
        if spec == "when":
            return in_words(str(value))
        return str(super().format_field(value, spec))


def in_words(period: str) -> str:
    """Write an ISO 8601 year, month, day or interval for readers, such as ``January 2022 to March 2022``."""
    written = []
    for part in period.split("/"):
        year, *rest = part.split("-")
        words = [str(int(rest[1]))] if len(rest) > 1 else []
        written.append(" ".join([*words, *([_MONTHS[int(rest[0]) - 1]] if rest else []), year]))
    return " to ".join(written)


@dataclass(frozen=True)
class Tips:
    """What a reader learns at the marks of a figure: one mark a row of the figure's data.

    Attributes:
        axes: where the marks are drawn; labels of a categorical axis serve as positions.
        x: position along the x axis in the axes' units; a function is given the row, whose ``name`` counts from 0 within ``where``.
        y: position along the y axis.
        text: what to say, as in ``"{year}, {compiler}: {value:.1f} bn USD"``; see :class:`_Words`.
        where: keep the rows whose columns have these values.
        x0: where a horizontal bar starts, in the units of ``x``; ``None`` for a point.
        y0: where a vertical bar starts.
        known: whether the marks were public when the op-ed appeared, where the column ``known`` does not tell.

    """

    axes: Axes
    x: Place
    y: Place
    text: str
    where: Mapping[str, Any] = field(default_factory=dict)
    x0: Place | None = None
    y0: Place | None = None
    known: bool | None = None

    def marks(self, frame: pd.DataFrame) -> list[Mark]:
        """Return the marks of the figure's data; rows without a position have none. The drawing's layout must be final."""
        for column, value in self.where.items():
            frame = frame[frame[column] == value]
        found = []
        for _, row in frame.reset_index(drop=True).iterrows():
            x, y = self._at(self.x, row), self._at(self.y, row)
            if pd.isna(x) or pd.isna(y):
                continue
            x0, y0 = (end if start is None else self._at(start, row) for end, start in ((x, self.x0), (y, self.y0)))
            (right, top), (left, low) = self._point(x, y), self._point(x0, y0)
            text = re.sub(r"\s+", " ", _Words().vformat(self.text, (), row.to_dict()))
            known = row.get("known", True) if self.known is None else self.known
            found.append(Mark(right, top, left, low, text, bool(known)))
        return found

    @staticmethod
    def _at(place: Place, row: pd.Series) -> Any:
        if callable(place):
            return place(row)
        return row[place] if isinstance(place, str) else place

    def _point(self, x: Any, y: Any) -> tuple[int, int]:
        """Point of the SVG, whose y axis points down, in points."""
        axes: Any = self.axes
        drawing = axes.get_figure(root=True)
        place = axes.transData.transform((axes.convert_xunits(x), axes.convert_yunits(y)))
        across, up = drawing.transFigure.inverted().transform(place)
        width, height = 72 * drawing.get_size_inches()
        return round(float(across * width)), round(float((1 - up) * height))
