"""Marks of figures: the values that a reader can ask them for, and what was not yet public on the op-ed's day."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from eastward import data
from eastward.show.words import in_words

LATER = "ew-later"
"""Matplotlib's gid, and class in SVG, of marks that stand for what was public only after the op-ed."""

Place = str | float | Callable[[Any], Any]
"""Where a mark stands along an axis: a column of the figure's data, a number, or a function of the row."""


def public(frame: pd.DataFrame) -> pd.Series:
    """Tell for each row of a table, or of numbers computed from ``rows``, whether it was public when the op-ed appeared."""
    if "known" in frame:
        return frame["known"] <= pd.Timestamp(data.publication_day())
    days = data.rows([row for ids in frame["rows"] for row in ids]).set_index("row")["known"]
    return frame["rows"].map(lambda ids: bool((days.loc[list(ids)] <= pd.Timestamp(data.publication_day())).all()))


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

    def __init__(self) -> None:
        self.names = data.names()

    def format_field(self, value: Any, spec: str) -> str:
        if spec == "later":
            return "" if value else " (public later)"
        if value is None or (not isinstance(value, str) and pd.isna(value)):
            return "–"
        if spec == "name":
            return self.names.get(str(value), str(value))
        if spec == "when":
            return in_words(str(value))
        return str(super().format_field(value, spec))


@dataclass(frozen=True)
class Tips:
    """What a reader learns at the marks of a figure: one mark a row of the figure's data whose columns have the values
    of ``where``.

    ``x`` and ``y`` are in the axes' units (labels, on a categorical axis); a function is given the row, whose ``name``
    counts from 0 within ``where``. ``x0`` or ``y0`` is where a bar starts. ``text`` is as in ``"{year}, {compiler}:
    {value:.1f} bn USD"``, see :class:`_Words`. ``known`` tells whether the marks were public when the op-ed appeared,
    where the column does not; ``axes`` may be their number.
    """

    x: Place
    y: Place
    text: str
    where: Mapping[str, Any] = field(default_factory=dict)
    x0: Place | None = None
    y0: Place | None = None
    known: bool | None = None
    axes: Axes | int = 0

    def marks(self, frame: pd.DataFrame, drawing: Drawing) -> list[Mark]:
        """Return the marks of the figure's data; rows without a position have none. The drawing's layout must be final."""
        for column, value in self.where.items():
            frame = frame[frame[column] == value]
        axes: Any = drawing.axes[self.axes] if isinstance(self.axes, int) else self.axes
        found, words = [], _Words()
        for _, row in frame.reset_index(drop=True).iterrows():
            x, y = self._at(self.x, row), self._at(self.y, row)
            if pd.isna(x) or pd.isna(y):
                continue
            x0, y0 = (end if start is None else self._at(start, row) for end, start in ((x, self.x0), (y, self.y0)))
            (right, top), (left, low) = (_point(axes, *place) for place in ((x, y), (x0, y0)))
            text = re.sub(r"\s+", " ", words.vformat(self.text, (), {str(k): v for k, v in row.to_dict().items()}))
            known = row.get("known", True) if self.known is None else self.known
            found.append(Mark(right, top, left, low, text, bool(known)))
        return found

    @staticmethod
    def _at(place: Place, row: pd.Series) -> Any:
        if callable(place):
            return place(row)
        return row[place] if isinstance(place, str) else place


def _point(axes: Any, x: Any, y: Any) -> tuple[int, int]:
    """Point of the SVG, whose y axis points down, in points."""
    drawing = axes.get_figure(root=True)
    place = axes.transData.transform((axes.convert_xunits(x), axes.convert_yunits(y)))
    across, up = drawing.transFigure.inverted().transform(place)
    width, height = 72 * drawing.get_size_inches()
    return round(float(across * width)), round(float((1 - up) * height))
