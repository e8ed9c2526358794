"""Tables of the data package, read and checked against ``data/datapackage.json`` (Frictionless) with pandera."""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eastward.data.changes import changed, kept, valid
from eastward.data.periods import half_unit, period_end, period_start
from eastward.data.root import HINDSIGHT, DataError, Noted, day, in_parts, note, on, root, unseen
from eastward.data.sources import GRADES, known_by, sources

# Rows are few: what Arrow takes to start each operation would be half of the time of all verdicts.
pd.set_option("mode.string_storage", "python")

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
        package = json.loads(in_parts(file).read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(name, f"cannot be read ({error})", advice, getattr(error, "lineno", None)) from None
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


def package() -> Noted[Any]:
    """Return the descriptor ``data/datapackage.json``; ``DataError`` where it is missing or does not describe tables."""
    return Noted("package", _described())


def _described() -> dict[str, Any]:
    file = root() / "data" / "datapackage.json"
    if not file.is_file():
        raise DataError("data/datapackage.json", "the file is missing", "restore it with git")
    return _package(file, file.stat().st_mtime)


def tables() -> list[str]:
    """Names of all tables of the package."""
    return [resource["name"] for resource in package()["resources"]]


def describe(table: str) -> dict[str, Any]:
    """Return the descriptor of a table: title, fields, units, sources, licence; ``DataError`` if there is none."""
    note("table", table)
    for resource in _described()["resources"]:
        if resource["name"] == table:
            return dict(resource)
    raise DataError("data/datapackage.json", f"no table {table!r}", f"choose one of: {', '.join(tables())}")


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
    line, hidden = unseen(text)
    if line:
        raise DataError(name, f"an invisible character, {hidden}", "remove it", line)
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
    if len(cells) + 1 != text.count("\n"):
        advice = "remove it: rows are known by their lines"
        broken = cells.index[cells.apply(lambda column: column.str.contains("\n", na=False)).any(axis=1)]
        blank = [n for n, line in enumerate(text.splitlines(), 1) if not line.strip()]
        row = min([*broken[:1], *blank[:1]], default=None)
        raise DataError(name, "a blank line, or a line break in a cell", advice, row)
    for column in columns if _HTML.search(text) else ():
        tagged = cells[column].str.contains(_HTML, na=False)
        if tagged.any():
            raise DataError(name, "the cell holds HTML", "write plain text", int(cells.index[tagged][0]), column)
    return cells


_RULES: dict[str, Callable[[Any, Any], Any]] = {
    "enum": lambda check, allowed: check.isin(allowed, error="enum"),
    "pattern": lambda check, form: check(lambda s: s.str.fullmatch(form.replace(r"\d", "[0-9]")), error="pattern"),
    "minimum": lambda check, least: check.ge(least, error="range"),
    "maximum": lambda check, most: check.le(most, error="range"),
}
"""Constraints of a descriptor, as checks of pandera."""

_DTYPES = {"number": "float64", "integer": "Int64", "boolean": "boolean", "string": "str", "date": "datetime64[us]"}


def _typed(cells: pd.DataFrame, fields: list[dict[str, Any]], name: str, checked: bool) -> pd.DataFrame:
    typed = {}
    for field in fields:
        column, kind = field["name"], field["type"]
        raw = cells[column]
        if kind in ("number", "integer"):
            # Not 1.08469E+11 either: a spreadsheet wrote it, and its last digit is not the source's.
            plain = checked or raw.str.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", na=True).astype(bool)
            if not np.all(plain):
                row = int(raw.index[~plain][0])
                raise DataError(name, f"{raw[row]!r} is not a number", _ADVICE["float"], row, column)
            typed[column] = pd.to_numeric(raw, errors="coerce").astype(_DTYPES[kind])
        elif kind == "boolean":
            typed[column] = raw.map({"true": True, "false": False}).astype("boolean")
        elif kind == "date":
            typed[column] = pd.to_datetime(raw, errors="coerce").astype(_DTYPES["date"])
        else:
            typed[column] = raw
        if not checked and (lost := raw.notna() & typed[column].isna()).any():
            row = int(raw.index[lost][0])
            raise DataError(name, f"{raw[row]!r} is not a {kind}", f"write a {kind}", row, column)
    return pd.DataFrame(typed, index=cells.index)


def _check_schema(frame: pd.DataFrame, fields: list[dict[str, Any]], name: str) -> None:
    import pandera.pandas as pa  # slow to import, and needed only for tables that nobody has validated

    columns = {}
    for field in fields:
        rules = field.get("constraints", {})
        checks = [_RULES[k](pa.Check, v) for k, v in rules.items() if k in _RULES]
        columns[field["name"]] = pa.Column(checks=checks, nullable=not rules.get("required", False))
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True)
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
            fault = ""
            try:
                first, last = period_start(period), period_end(period)
                if not all(1800 <= day.year < 2100 for day in (first, last)):
                    fault = "is no date (no year from 1800 to 2099)"
                elif first > last:
                    fault = "ends before it starts"
            except ValueError as error:
                fault = f"is no date ({error})"
            if fault:
                raise DataError(name, f"{period!r} {fault}", "correct it", row, field["name"])


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
        first = frame["source"].drop_duplicates()
        for row, key in zip(first.index, first, strict=True):
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
    checked = valid("data")
    frame = _typed(cells, fields, name, checked)
    if not checked:
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
    by_source = known_by(frame["source"].unique())
    days = [by_source[key] for key in frame["source"]]
    if "known_from" in frame:
        days = [period_end(p) if isinstance(p, str) else day for p, day in zip(frame["known_from"], days, strict=True)]
    return pd.Series(np.array(days, dtype="datetime64[us]"), frame.index)


def _whole(table: str) -> pd.DataFrame:
    """The table as it stands, whatever the day and the what-if changes: not to be written to."""
    folder = root()
    read = f"data/{describe(table)['path']}", "book/references.bib", "data/datapackage.json"
    files = (folder / name for name in read)
    return _load(folder, table, tuple(f.stat().st_mtime if f.exists() else 0.0 for f in files))


def load(table: str, **where: Any) -> pd.DataFrame:
    """Return one table of the data package as a tidy, typed, checked frame, as it was public on :func:`day`; ``where``
    keeps the rows whose column equals the value, or is one of the values of a list.

    The columns of the table, and ``row`` (``table:line``, the line of the file), ``half_unit`` (half a unit of the last
    digit that the source wrote, in the unit of ``value``) and ``known`` (day the row was public: its ``known_from``,
    else the date of its source, the end of the month or year where only that is known; rows with neither count only
    with hindsight). ``DataError`` where the file breaks its description; it names file, row, column and remedy.
    """
    frame = changed(_whole(table), table)
    kept = np.full(len(frame), True)
    if day() != HINDSIGHT and "known" in frame:
        kept &= frame["known"].to_numpy() <= np.datetime64(day())
    for column, wanted in where.items():
        values = {*wanted} if isinstance(wanted, list | tuple | set) else {wanted}
        # On so few rows twice as fast as isin.
        kept &= np.array([value in values for value in frame[column].to_numpy()], dtype=bool)
    found = frame[kept]
    found.index = pd.RangeIndex(len(found))
    return found


def names() -> dict[str, str]:
    """Short English name of each code of the table ``countries``."""
    return dict(_whole("countries").set_index("code")["name"])


@kept
def rows(ids: tuple[str, ...] | list[str]) -> pd.DataFrame:
    """Return the rows with these ids (``table:line``), in order, as one frame with a ``table`` column."""
    with on(HINDSIGHT):
        frames = {table: load(table, row=ids) for table in dict.fromkeys(i.partition(":")[0] for i in ids)}
    for table, frame in frames.items():
        frame.insert(0, "table", table)
    return pd.concat(frames.values(), ignore_index=True) if ids else pd.DataFrame(columns=["table", "row", "source"])


@kept
def relayed(ids: tuple[str, ...] | list[str]) -> list[str]:
    """Return those of these rows that neither a primary or agency source nor wires of two houses state, by what was public on :func:`day`.

    Rows state the same if the columns ``same`` of the descriptor (else the key but the source) and the value, within rounding, agree.
    """
    found, houses = [], package().get("houses", {})
    for table in dict.fromkeys(i.partition(":")[0] for i in ids):
        frame, resource = load(table), describe(table)
        if "same_as" in frame:
            frame["event"] = frame["same_as"].fillna(frame["event"])
        same = resource.get("same") or [c for c in key_of(resource) if c != "source"]
        told = frame[frame["row"].isin(ids)].merge(frame, on=same, suffixes=("", "_told"))
        if "value_told" in told and "half_unit" in frame:
            apart = (told["value"] - told["value_told"]).abs() - told["half_unit"] - told["half_unit_told"]
            told = told[~(apart > 1e-9)]
        for row, keys in told.groupby("row", sort=False)["source_told"]:
            voices = [sources()[key] for key in keys]
            wires = {houses.get(voice.author, voice.author) for voice in voices if voice.grade == "wire"}
            if len(wires) < 2 and not any(voice.grade in GRADES[:2] for voice in voices):
                found.append(str(row))
    return found
