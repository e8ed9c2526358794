"""Tables of the data package, read and checked against ``data/datapackage.json`` (Frictionless) with pandera."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from eastward.data.changes import changed
from eastward.data.periods import half_unit, period_end, period_start
from eastward.data.root import HINDSIGHT, DataError, day, on, root
from eastward.data.sources import sources

_HTML = re.compile(r"<[a-zA-Z/!][^>]*>")

_ADVICE = {
    "float": "write a plain number, digits and a point only",
    "enum": "use one of the values that datapackage.json allows, or add the new one there",
    "pattern": "follow the pattern that datapackage.json gives",
    "required": "fill the cell",
    "range": "check the figure and its unit against the source",
    "code": "use a code of data/countries.csv, or add the code there",
    "source": "add the source to book/references.bib, or correct the key",
}


@lru_cache(maxsize=8)
def _package(file: Path, _mtime: float) -> dict[str, Any]:
    name, advice = "data/datapackage.json", "restore its form, in UTF-8"
    try:
        package = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        row = getattr(error, "lineno", None)
        raise DataError(name, f"cannot be read ({error})", advice, row) from None
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not resources:
        raise DataError(name, "lists no tables under 'resources'", advice)
    for resource in resources:
        _check_descriptor(resource, name, advice)
    return dict(package)


def _check_descriptor(resource: Any, name: str, advice: str) -> None:
    """What this module relies on; the rest of the descriptor is checked by Frictionless."""
    if not isinstance(resource, dict) or not all(isinstance(resource.get(k), str) for k in ("name", "path")):
        raise DataError(name, "a table has no name or no path", advice)
    table, schema = resource["name"], resource.get("schema")
    if Path(resource["path"]).name != resource["path"]:
        raise DataError(name, f"the path of {table!r} leaves the folder data/", "name a file of data/")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not fields:
        raise DataError(name, f"the table {table!r} has no fields", advice)
    for field in fields:
        if not isinstance(field, dict) or not isinstance(field.get("name"), str) or field.get("type") not in _DTYPES:
            raise DataError(name, f"a field of {table!r} has no name or no known type", advice)


def package() -> dict[str, Any]:
    """Return the descriptor ``data/datapackage.json``.

    Raises:
        DataError: it is missing, is no JSON or does not describe tables.

    """
    file = root() / "data" / "datapackage.json"
    if not file.is_file():
        raise DataError("data/datapackage.json", "the file is missing", "restore it with git")
    return _package(file, file.stat().st_mtime)


def tables() -> list[str]:
    """Names of all tables of the package."""
    return [resource["name"] for resource in package()["resources"]]


def describe(table: str) -> dict[str, Any]:
    """Return the descriptor of one table: title, description, fields, units, sources, licence.

    Raises:
        DataError: the package has no such table.

    """
    for resource in package()["resources"]:
        if resource["name"] == table:
            return dict(resource)
    known = ", ".join(tables())
    raise DataError("data/datapackage.json", f"no table {table!r}", f"choose one of: {known}")


def _read_text(file: Path, name: str) -> str:
    if not file.is_file():
        raise DataError(name, "the file is missing", "restore it with git, or remove its entry from datapackage.json")
    raw = file.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        raise DataError(name, "the file starts with a byte order mark", "save it as plain UTF-8", 1)
    if b"\r" in raw:
        line = raw[: raw.index(b"\r")].count(b"\n") + 1
        raise DataError(name, "lines end with carriage returns (CRLF)", "save it with LF line ends", line)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(name, "the text is not UTF-8", "save it as UTF-8", line) from None
    if not text.endswith("\n"):
        raise DataError(name, "the last line does not end", "the file is truncated: restore it", text.count("\n") + 1)
    return text


def _read_cells(text: str, name: str, columns: list[str]) -> pd.DataFrame:
    header = text.partition("\n")[0].split(",")
    missing = [c for c in columns if c not in header]
    if missing:
        raise DataError(name, f"the column {missing[0]!r} is missing", "add it, or drop it in datapackage.json", 1)
    if header != columns:
        raise DataError(name, f"the columns are {header}", f"order and name them {columns}", 1)
    try:
        cells = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False, na_values=[""], index_col=False)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise DataError(name, str(error).strip(), "quote cells that hold commas") from None
    cells.index = pd.RangeIndex(2, len(cells) + 2, name="row")
    for column in columns if _HTML.search(text) else ():
        tagged = cells[column].str.contains(_HTML, na=False)
        if tagged.any():
            raise DataError(name, "the cell holds HTML", "write plain text", int(cells.index[tagged][0]), column)
    return cells


_RULES: dict[str, Callable[[Any], pa.Check]] = {
    "enum": lambda allowed: pa.Check.isin(allowed, error="enum"),
    "pattern": lambda pattern: pa.Check.str_matches(rf"^(?:{pattern})$", error="pattern"),
    "minimum": lambda least: pa.Check.ge(least, error="range"),
    "maximum": lambda most: pa.Check.le(most, error="range"),
}


_DTYPES = {"number": "float64", "integer": "Int64", "boolean": "boolean", "string": "str", "date": "datetime64[us]"}


def _typed(cells: pd.DataFrame, fields: list[dict[str, Any]], name: str) -> pd.DataFrame:
    typed = {}
    for field in fields:
        column, kind = field["name"], field["type"]
        raw = cells[column]
        if kind in ("number", "integer"):
            values = pd.to_numeric(raw, errors="coerce")
            bad = raw.notna() & ~raw.str.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", na=False).astype(bool)
            bad |= values.isin([np.inf, -np.inf])
            if bad.any():
                row = int(raw.index[bad][0])
                raise DataError(name, f"{raw[row]!r} is not a number", _ADVICE["float"], row, column)
            typed[column] = values.astype(_DTYPES[kind])
        elif kind == "boolean":
            typed[column] = raw.map({"true": True, "false": False}).astype("boolean")
        elif kind == "date":
            typed[column] = pd.to_datetime(raw, errors="coerce").astype(_DTYPES["date"])
        else:
            typed[column] = raw.astype("str")
        lost = raw.notna() & typed[column].isna()
        if lost.any():
            row = int(raw.index[lost][0])
            raise DataError(name, f"{raw[row]!r} is not a {kind}", f"write a {kind}", row, column)
    return pd.DataFrame(typed, index=cells.index)


def _check_schema(frame: pd.DataFrame, fields: list[dict[str, Any]], name: str) -> None:
    empty = {f["name"]: not f.get("constraints", {}).get("required", False) for f in fields}
    checks = {f["name"]: [_RULES[k](v) for k, v in f.get("constraints", {}).items() if k in _RULES] for f in fields}
    schema = pa.DataFrameSchema({k: pa.Column(checks=checks[k], nullable=empty[k]) for k in checks})
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        first = errors.failure_cases.dropna(subset=["index"]).sort_values("index").iloc[0]
        check = str(first["check"])
        kind = "required" if check == "not_nullable" else check
        problem = "the cell is empty" if kind == "required" else f"{first['failure_case']} fails the check {kind!r}"
        row = int(first["index"])
        raise DataError(name, problem, _ADVICE.get(kind, "see datapackage.json"), row, str(first["column"])) from None


def _check_periods(frame: pd.DataFrame, fields: list[dict[str, Any]], name: str) -> None:
    """Patterns let a month 13 or a 30 February pass; these do not."""
    for field in fields:
        if field["type"] != "string" or r"\d{4}" not in field.get("constraints", {}).get("pattern", ""):
            continue
        column = frame[field["name"]]
        for row, period in column.dropna().drop_duplicates().items():
            try:
                backwards = period_start(period) > period_end(period)
            except ValueError as error:
                raise DataError(name, f"{period!r} is no date ({error})", "correct it", row, field["name"]) from None
            if backwards:
                raise DataError(name, f"{period!r} ends before it starts", "correct it", row, field["name"])


def key_of(resource: dict[str, Any]) -> list[str]:
    """Columns that make the rows of a table unique."""
    key = resource["schema"].get("primaryKey", [])
    return [key] if isinstance(key, str) else list(key)


def _check_keys(frame: pd.DataFrame, resource: dict[str, Any], name: str) -> None:
    key = key_of(resource)
    double = frame.duplicated(subset=key, keep="first") if key else pd.Series(False, index=frame.index)
    if double.any():
        row = int(frame.index[double][0])
        shown = ", ".join(str(frame.loc[row, c]) for c in key)
        raise DataError(name, f"the key ({shown}) stands twice", "keep one row", row, "+".join(key))
    if "source" in frame:
        for row, key in frame["source"].drop_duplicates().items():
            if key not in sources():
                raise DataError(name, f"unknown source {key!r}", _ADVICE["source"], row, "source")
    for foreign in resource["schema"].get("foreignKeys", []):
        fields = foreign["fields"], foreign["reference"]["fields"]
        column, target = (name if isinstance(name, str) else name[0] for name in fields)
        known = set(_whole(foreign["reference"]["resource"])[target])
        unknown = frame[column].notna() & ~frame[column].isin(known)
        if unknown.any():
            row = int(frame.index[unknown][0])
            raise DataError(name, f"unknown code {frame.loc[row, column]!r}", _ADVICE["code"], row, column)


@lru_cache(maxsize=256)
def _load(folder: Path, table: str, _mtimes: tuple[float, ...]) -> pd.DataFrame:
    resource = describe(table)
    name = f"data/{resource['path']}"
    fields = resource["schema"]["fields"]
    cells = _read_cells(_read_text(folder / "data" / resource["path"], name), name, [f["name"] for f in fields])
    frame = _typed(cells, fields, name)
    _check_schema(frame, fields, name)
    _check_periods(frame, fields, name)
    _check_keys(frame, resource, name)
    if "value" in frame and frame["value"].dtype == "float64":
        frame["half_unit"] = cells["value"].map(half_unit, na_action="ignore").astype("float64")
    if "source" in frame:
        frame["known"] = _known(frame)
    frame.insert(0, "row", [f"{table}:{row}" for row in frame.index])
    return frame.reset_index(drop=True)


def _known(frame: pd.DataFrame) -> pd.Series:
    """Day by which each row was public; ``NaT`` where neither the row nor its source tells."""
    by_source = frame["source"].map({key: sources()[key].known_by for key in frame["source"].unique()})
    known = pd.to_datetime(by_source, errors="coerce").astype("datetime64[us]")
    if "known_from" in frame:
        stated = frame["known_from"].map(lambda p: pd.Timestamp(period_end(str(p))), na_action="ignore")
        known = pd.to_datetime(stated).astype("datetime64[us]").fillna(known)
    return known


def _whole(table: str) -> pd.DataFrame:
    """The table as it stands, whatever the day and the what-if changes."""
    folder = root()
    resource = describe(table)
    file = folder / "data" / resource["path"]
    bib = folder / "book" / "references.bib"
    mtimes = tuple(f.stat().st_mtime if f.exists() else 0.0 for f in (file, bib, folder / "data" / "datapackage.json"))
    return _load(folder, table, mtimes).copy(deep=False)  # pandas copies what is then written to


def load(table: str, **where: Any) -> pd.DataFrame:
    """Return one table of the data package as a tidy, typed, checked frame, as it was public on :func:`day`.

    Args:
        table: name of the table, as in ``datapackage.json``.
        **where: keep rows whose column equals the value, or is one of the values of a list.

    Returns:
        The columns of the table, and ``row`` (``table:line``, the line of the file), ``half_unit`` (half a unit
        of the last digit that the source wrote, in the unit of ``value``) and ``known`` (day the row was public: its
        ``known_from``, else the date of its source, the end of the month or year where only that is known; rows with
        neither count only with hindsight). ``describe(frame.attrs["table"])`` is the descriptor with units, sources and licence.

    Raises:
        DataError: the file breaks its description; names file, row, column and remedy.

    """
    frame = changed(_whole(table), table)
    kept = np.full(len(frame), True)
    if day() != HINDSIGHT and "known" in frame:
        kept &= (frame["known"] <= pd.Timestamp(day())).to_numpy()
    for column, wanted in where.items():
        values = wanted if isinstance(wanted, list | tuple | set) else [wanted]
        kept &= frame[column].isin(list(values)).to_numpy()
    frame = frame[kept].reset_index(drop=True)
    # Only the name: pandas copies attrs at every step, and descriptors are large.
    frame.attrs["table"] = table
    return frame


def names() -> dict[str, str]:
    """Short English name of each code of the table ``countries``."""
    return dict(_whole("countries").set_index("code")["name"])


def rows(ids: tuple[str, ...] | list[str]) -> pd.DataFrame:
    """Return the rows with these ids (``table:line``), in order, as one frame with a ``table`` column."""
    parts = []
    for table in dict.fromkeys(i.partition(":")[0] for i in ids):
        with on(HINDSIGHT):
            frame = load(table)
        part = frame[frame["row"].isin(ids)].copy()
        part.insert(0, "table", table)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"table": [], "row": [], "source": []})
