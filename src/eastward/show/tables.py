"""Tables, which cite the sources of their rows: MyST in the book, HTML in a notebook."""

import html
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from eastward.show.words import cite, cited, escape, number

MYST = "application/vnd.eastward.myst"
TABLE = "application/vnd.eastward.table+json"
FOLDED, MOST = "ew-long", 12  # class of what folds a table, and the most rows that a reader sees at once


@dataclass(frozen=True)
class Table:
    """A table; numbered where it has an id, such as ``tab-mirror-gap``, and a caption, which says what it shows, with
    units.

    ``frame`` has its cells, in the order and wording that readers see; a column ``source`` or ``sources`` holds keys of
    the bibliography (one, or several with commas) and is shown as citations. ``digits`` are the significant digits of
    its numbers.
    """

    id: str
    caption: str
    frame: pd.DataFrame
    digits: int = 3
    _head = property(lambda self: f"{self.caption.rstrip('.') or 'The figures used'} ({len(self.frame)} rows)")

    def __post_init__(self) -> None:
        if self.id and not re.fullmatch(r"tab-[a-z0-9-]+", self.id):
            raise ValueError(f"table id {self.id!r} must look like 'tab-mirror-gap'")

    def _cell(self, value: Any, citing: bool, page: bool) -> str:
        if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
            return "–"
        if citing:
            return (cite if page else cited)([k.strip() for k in str(value).split(",") if k.strip()])
        value = value.date().isoformat() if isinstance(value, pd.Timestamp) else value
        if isinstance(value, bool | date | int | float):
            return number(value, self.digits)
        text = escape(value) if page else html.escape(str(value))
        return f"[{text}]{{.ew-day}}" if page and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text) else text

    def _cells(self, page: bool) -> pd.DataFrame:
        cells = self.frame.copy().astype(object)
        for column in cells.columns:
            citing = str(column).lower() in ("source", "sources")
            cells[column] = [self._cell(value, citing, page) for value in self.frame[column]]
        return cells

    def myst(self) -> str:
        """Return the table as a MyST directive."""
        alignment = ["right" if pd.api.types.is_numeric_dtype(t) else "left" for t in self.frame.dtypes]
        names = [escape(column) for column in self.frame.columns]
        rules = ["---:" if side == "right" else ":---" for side in alignment]
        lines = [names, rules, *self._cells(page=True).to_numpy().tolist()]
        body = "\n".join("| " + " | ".join(str(c) for c in line) + " |" for line in lines)
        long = " longtable" if len(self.frame) > 20 else ""
        options = f":name: {self.id}\n" * bool(self.id) + f":class: ew-table{long}\n{widths(self.frame)}"
        table = f"````{{table}} {escape(self.caption)}\n{options}\n{body}\n````\n"
        head = f"`````{{dropdown}} {escape(self._head)}\n:class-container: {FOLDED}\n"
        return f"{head}\n{table}`````\n" if len(self.frame) > MOST else table

    def html(self) -> str:
        """Return the table for a notebook, with its caption and citations."""
        title = f"<p><strong>{html.escape(self.caption)}</strong></p>" if self.caption else ""
        frame = self._cells(page=False).rename(columns=lambda c: html.escape(str(c)))
        identity, table = f' id="{self.id}"' if self.id else "", frame.to_html(index=False, escape=False)
        shut = f"<details><summary>{html.escape(self._head)}</summary>{title + table}</details>"
        return f"<div{identity}>{shut if len(frame) > MOST else title + table}</div>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle: dict[str, Any] = {MYST: self.myst(), "text/html": self.html(), "text/plain": self.frame.to_string()}
        if self.id:
            csv = self.frame.to_csv(index=False, lineterminator="\n")
            bundle[TABLE] = {"id": self.id, "caption": self.caption, "csv": csv}
        return bundle, {"eastward": True}


def widths(frame: pd.DataFrame) -> str:
    """Relative column widths as an option of MyST's table directive, so that the PDF breaks long cells into lines."""
    cells = [[str(column), *(str(v).removesuffix(" 00:00:00") for v in frame[column])] for column in frame.columns]
    return f":widths: {' '.join(str(min(max(6, *map(len, column)), 42)) for column in cells)}\n"
