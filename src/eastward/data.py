"""Typed access to the data package in ``data/``.

Every table is described by ``data/datapackage.json`` (Frictionless) and every row names its source by a key of
``book/references.bib``. :func:`load` reads one table and checks it against its description with pandera;
:func:`validate` checks the whole package, its checksums included.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pybtex.database import parse_file
from pybtex.exceptions import PybtexError

PUBLICATION = date(2024, 5, 17)
"""The day the op-ed was published: the first of the two dates on which every claim is judged."""

HINDSIGHT = date.max
"""Stands for 'all that the data package holds': the second date on which every claim is judged."""

JUMP = 20.0
"""A figure over so many times each of its neighbours in time is taken for a slip of the unit or the decimal point."""

_ROOT = Path(os.environ.get("EASTWARD_ROOT", Path(__file__).resolve().parents[2]))
_root: ContextVar[Path] = ContextVar("root", default=_ROOT)

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


class DataError(ValueError):
    """A fault in the data package: names the file, the row, the column and what to do."""

    def __init__(self, file: str, problem: str, advice: str, row: int | None = None, column: str | None = None):
        place = file + (f", row {row}" if row is not None else "") + (f", column {column}" if column else "")
        # A quote that is not closed makes a cell of half a file.
        super().__init__(f"{place}: {shorten(problem, 240, placeholder=' …')}; {advice}")
        self.file, self.row, self.column = file, row, column


@dataclass(frozen=True)
class Source:
    """One entry of the bibliography; ``kind`` is news, wire, agency, paper, dataset or primary-document.

    ``language`` is that of the page consulted, in English.
    """

    key: str
    author: str
    title: str
    publisher: str
    date: str
    url: str
    urldate: str
    language: str
    note: str
    kind: str

    @property
    def known_by(self) -> dt.date | None:
        """Latest day on which the source can have appeared; ``None`` where its date is not known."""
        return period_end(self.date) if self.date else None

    def __str__(self) -> str:
        return f"{self.author or self.publisher} ({self.date or 'no date'}): {self.title}"


def root() -> Path:
    """Folder of the book: the parent of ``data/`` and ``book/``."""
    return _root.get()


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Read the data package and the bibliography from another folder, for tests and what-if runs."""
    token = _root.set(Path(folder))
    try:
        yield
    finally:
        _root.reset(token)


def period_end(period: str) -> date:
    """Last day of an ISO 8601 year, month, day or interval.

    Raises:
        ValueError: the text is not such a period.

    """
    parts = [int(p) for p in period.split("/")[-1].split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    return date(parts[0], parts[1], parts[2])


def period_start(period: str) -> date:
    """First day of an ISO 8601 year, month, day or interval."""
    parts = [int(p) for p in period.split("/")[0].split("-")]
    return date(*[*parts, 1, 1][:3])


def half_unit(written: str) -> float:
    """Half a unit of the last written digit: the rounding error that a written figure carries.

    ``"84.9"`` gives 0.05 and ``"240"`` gives 0.5, in the unit of the figure itself.
    """
    decimals = len(written.partition(".")[2])
    return 0.5 * 10.0**-decimals


@lru_cache(maxsize=8)
def _bibliography(file: Path, _mtime: float) -> dict[str, Source]:
    try:
        entries = parse_file(str(file), "bibtex", encoding="utf-8").entries
    except (PybtexError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise DataError("book/references.bib", f"cannot be read ({reason})", "restore its form, in UTF-8") from None
    result = {}
    for key, entry in entries.items():
        field = {k.lower(): re.sub(r"[{}]", "", v) for k, v in entry.fields.items()}
        people = " and ".join(str(p).replace("{", "").replace("}", "") for p in entry.persons.get("author", []))
        result[key] = Source(
            key=key,
            author=people,
            title=field.get("title", ""),
            publisher=field.get("publisher")
            or field.get("journal")
            or field.get("howpublished")
            or field.get("organization", ""),
            date=field.get("date", ""),
            url=field.get("url", ""),
            urldate=field.get("urldate", ""),
            language=field.get("language", ""),
            note=field.get("note", ""),
            kind=field.get("keywords", ""),
        )
    return result


def sources() -> dict[str, Source]:
    """Return all entries of ``book/references.bib`` by key.

    Raises:
        DataError: it is missing or is no BibTeX.

    """
    file = root() / "book" / "references.bib"
    if not file.is_file():
        raise DataError("book/references.bib", "the file is missing", "restore it with git")
    return _bibliography(file, file.stat().st_mtime)


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


def stamp() -> tuple[str, int]:
    """Folder of the data package and a digest of its files' names, sizes and times: results for one stamp may be kept."""
    files = [f for f in (*(root() / "data").glob("*"), root() / "book" / "references.bib") if f.exists()]
    return str(root()), hash(tuple(sorted((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in files)))


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
    for column in columns:
        tagged = cells[column].str.contains(_HTML, na=False)
        if tagged.any():
            raise DataError(name, "the cell holds HTML", "write plain text", int(cells.index[tagged][0]), column)
    return cells


def _checks(field: dict[str, Any]) -> list[pa.Check]:
    rules = field.get("constraints", {})
    checks = []
    if "enum" in rules:
        checks.append(pa.Check.isin(rules["enum"], error="enum"))
    if "pattern" in rules:
        checks.append(pa.Check.str_matches(rf"^(?:{rules['pattern']})$", error="pattern"))
    if "minimum" in rules:
        checks.append(pa.Check.ge(rules["minimum"], error="range"))
    if "maximum" in rules:
        checks.append(pa.Check.le(rules["maximum"], error="range"))
    return checks


_DTYPES = {"number": "float64", "integer": "Int64", "boolean": "boolean", "string": "str", "date": "datetime64[us]"}


def _typed(cells: pd.DataFrame, fields: list[dict[str, Any]], name: str) -> pd.DataFrame:
    typed = {}
    for field in fields:
        column, kind = field["name"], field["type"]
        raw = cells[column]
        if kind in ("number", "integer"):
            values = pd.to_numeric(raw, errors="coerce")
            bad = raw.notna() & ~pd.Series(raw.str.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?"), index=raw.index).fillna(
                False
            )
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
    schema = pa.DataFrameSchema(
        {
            f["name"]: pa.Column(
                checks=_checks(f), nullable=not f.get("constraints", {}).get("required", False), required=True
            )
            for f in fields
        }
    )
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


def _key(resource: dict[str, Any]) -> list[str]:
    key = resource["schema"].get("primaryKey", [])
    return [key] if isinstance(key, str) else list(key)


def jump_in(frame: pd.DataFrame, resource: dict[str, Any]) -> str | None:
    """Find a figure that does not fit its series: a slip by a factor of a hundred stands out, whatever the level.

    Args:
        frame: a table as :func:`load` returns it.
        resource: its descriptor; ``jump`` there replaces ``JUMP``.

    Returns:
        The row id of the first figure over ``JUMP`` times each of its four nearest neighbours in time among figures of
        the same key, unit and length of period, whatever their source. ``None`` where there is none; a figure with
        fewer than two such neighbours cannot be told.

    """
    if "period" not in frame or "value" not in frame or frame["value"].dtype != "float64":
        return None
    limit = float(resource.get("jump", JUMP))
    frame = frame.dropna(subset=["period", "value"])
    ends = frame["period"].map(period_end)
    months = [round((end - period_start(p)).days / 30) for p, end in zip(frame["period"], ends, strict=True)]
    frame = frame.assign(_day=[end.toordinal() for end in ends], _months=months)
    series = [c for c in dict.fromkeys([*_key(resource), "unit"]) if c in frame and c not in _NOT_SERIES]
    for _, group in frame.groupby([*series, "_months"], dropna=False):
        found = _jump(group["value"].abs().to_numpy(), group["_day"].to_numpy(), limit)
        if found is not None:
            return str(group["row"].iloc[found])
    return None


def _check_jumps(table: str) -> None:
    frame, resource = load(table), describe(table)
    found = jump_in(frame, resource)
    if found is not None:
        value = frame.loc[frame["row"] == found, "value"].iloc[0]
        raise DataError(
            f"data/{resource['path']}",
            f"{value:g} is over {resource.get('jump', JUMP):g} times each of its neighbours in the series",
            f"check unit and decimal point; declare a true jump by 'jump' of {table!r} in datapackage.json",
            int(found.split(":")[1]),
            "value",
        )


_NOT_SERIES = ("period", "source", "value")


def _jump(values: np.ndarray, days: np.ndarray, limit: float) -> int | None:
    """Position of the first value over ``limit`` times each of its four nearest others in time; at least two needed."""
    for i in np.flatnonzero(values > limit * values.min()):
        nearest = [j for j in np.argsort(np.abs(days - days[i]), kind="stable") if j != i][:4]
        largest = values[nearest].max(initial=0.0)
        if len(nearest) >= 2 and 0 < limit * largest < values[i]:
            return int(i)
    return None


def _check_keys(frame: pd.DataFrame, resource: dict[str, Any], name: str) -> None:
    key = _key(resource)
    double = frame.duplicated(subset=key, keep="first") if key else pd.Series(False, index=frame.index)
    if double.any():
        row = int(frame.index[double][0])
        shown = ", ".join(str(frame.loc[row, c]) for c in key)
        raise DataError(name, f"the key ({shown}) stands twice", "keep one row", row, "+".join(key))
    if "source" in frame:
        unknown = ~frame["source"].isin(list(sources()))
        if unknown.any():
            row = int(frame.index[unknown][0])
            raise DataError(name, f"unknown source {frame.loc[row, 'source']!r}", _ADVICE["source"], row, "source")
    for foreign in resource["schema"].get("foreignKeys", []):
        column = foreign["fields"] if isinstance(foreign["fields"], str) else foreign["fields"][0]
        target = foreign["reference"]["fields"]
        target = target if isinstance(target, str) else target[0]
        known = set(load(foreign["reference"]["resource"])[target])
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
    by_source = frame["source"].map({key: source.known_by for key, source in sources().items()})
    known = pd.to_datetime(by_source, errors="coerce").astype("datetime64[us]")
    if "known_from" in frame:
        stated = frame["known_from"].map(lambda p: pd.Timestamp(period_end(str(p))), na_action="ignore")
        known = pd.to_datetime(stated).astype("datetime64[us]").fillna(known)
    return known


def load(table: str, as_of: date = HINDSIGHT, **where: Any) -> pd.DataFrame:
    """Return one table of the data package as a tidy, typed, checked frame.

    Args:
        table: name of the table, as in ``datapackage.json``.
        as_of: leave out rows that were not public on that day. A row is public from its ``known_from``, else
            from the date of its source (the end of the month or year where only that is known); rows with
            neither count only with hindsight.
        **where: keep rows whose column equals the value, or is one of the values of a list.

    Returns:
        The columns of the table, and ``row`` (``table:line``, the line of the file), ``half_unit`` (half a unit
        of the last digit that the source wrote, in the unit of ``value``) and ``known`` (day the row was public).
        ``describe(frame.attrs["table"])`` is the descriptor with units, sources and licence.

    Raises:
        DataError: the file breaks its description; names file, row, column and remedy.

    """
    folder = root()
    resource = describe(table)
    file = folder / "data" / resource["path"]
    bib = folder / "book" / "references.bib"
    mtimes = tuple(f.stat().st_mtime if f.exists() else 0.0 for f in (file, bib, folder / "data" / "datapackage.json"))
    frame = _load(folder, table, mtimes).copy()
    if as_of != HINDSIGHT and "known" in frame:
        frame = frame[frame["known"] <= pd.Timestamp(as_of)]
    for column, wanted in where.items():
        values = wanted if isinstance(wanted, list | tuple | set) else [wanted]
        frame = frame[frame[column].isin(list(values))]
    frame = frame.reset_index(drop=True)
    # Only the name: pandas copies attrs at every step, and descriptors are large.
    frame.attrs["table"] = table
    return frame


def names() -> dict[str, str]:
    """Short English name of each code of the table ``countries``."""
    return dict(load("countries").set_index("code")["name"])


def rows(ids: tuple[str, ...] | list[str]) -> pd.DataFrame:
    """Return the rows with these ids (``table:line``), in order, as one frame with a ``table`` column."""
    parts = []
    for table in dict.fromkeys(i.partition(":")[0] for i in ids):
        frame = load(table)
        part = frame[frame["row"].isin(ids)].copy()
        part.insert(0, "table", table)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"table": [], "row": [], "source": []})


_EXPLAINED = {"date": "no date given", "url": "no address", "language": "language of the page not known"}
"""Fields that a source may lack, and what its ``note`` then says."""


def check_sources() -> None:
    """Check that each source has an author, a title, the day it was consulted, and a date, an address and a language.

    The last three may be lacking where the entry's ``note`` says so.

    Raises:
        DataError: the first entry that is incomplete.

    """
    for key, source in sources().items():
        for name in ("author", "title", "urldate", *_EXPLAINED):
            reason = _EXPLAINED.get(name)
            if not getattr(source, name) and (reason is None or reason not in source.note):
                advice = f", or write in its note: {reason}" if reason else ""
                raise DataError("book/references.bib", f"{key} has no {name}", f"add it{advice}")


def checksum(file: Path) -> str:
    """SHA-256 of a file in the form of Frictionless descriptors."""
    return "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()


def check(table: str) -> None:
    """Check one table: its form by :func:`load`, its figures by :func:`jump_in`, its bytes by the checksum.

    Raises:
        DataError: the first fault found.

    """
    _check_jumps(table)
    resource = describe(table)
    file = root() / "data" / resource["path"]
    if resource.get("hash") != checksum(file):
        raise DataError(
            f"data/{resource['path']}",
            "the checksum differs from datapackage.json",
            "restore the file, or accept the change with: make accept-data",
        )


def validate() -> list[str]:
    """Check every table with :func:`check`, the sources, and the whole package with Frictionless.

    Returns:
        The names of the tables checked.

    Raises:
        DataError: the first fault found.

    """
    from frictionless import Package, system

    for table in tables():
        check(table)
    check_sources()
    with system.use_context(trusted=True):
        report = Package(str(root() / "data" / "datapackage.json")).validate()
    for task in report.tasks:
        for error in task.errors:
            row = getattr(error, "row_number", None)
            column = getattr(error, "field_name", None)
            raise DataError(f"data/{task.place}", error.message, "correct the file or its schema", row, column)
    return tables()


def accept() -> list[str]:
    """Write the checksums and sizes of the files as they are now into ``datapackage.json``.

    Returns:
        The names of the tables whose checksum changed.

    Raises:
        DataError: a table is faulty; nothing is written then.

    """
    for table in tables():
        _check_jumps(table)
    file = root() / "data" / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    changed = []
    for resource in descriptor["resources"]:
        table = root() / "data" / resource["path"]
        if resource.get("hash") != checksum(table):
            changed.append(resource["name"])
        resource["hash"], resource["bytes"] = checksum(table), table.stat().st_size
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(file)
    return changed


def _digest() -> str:
    """Digest of all that a validation reads: the package, the bibliography and this module."""
    files = [*sorted((root() / "data").glob("*")), root() / "book" / "references.bib", Path(__file__)]
    return hashlib.sha256(b"".join(f.name.encode() + f.read_bytes() for f in files if f.is_file())).hexdigest()


def main(arguments: list[str]) -> int:
    """``python -m eastward.data [--accept | --if-changed]``: validate the package.

    ``--accept`` first writes the checksums of changed files; ``--if-changed`` trusts the last validation of the same bytes.
    """
    mark = root() / "_build" / ".valid-data"
    try:
        if "--accept" in arguments:
            print("accepted:", ", ".join(accept()) or "nothing had changed")
        digest = _digest()
        if "--if-changed" in arguments and mark.is_file() and mark.read_text(encoding="utf-8") == digest:
            print("data: valid, nothing has changed")
            return 0
        print(f"data: {len(validate())} tables are valid")
    except DataError as error:
        print(f"data: {error}", file=sys.stderr)
        return 1
    with suppress(OSError):  # A read-only checkout is validated anew each time.
        mark.parent.mkdir(exist_ok=True)
        mark.write_text(digest, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
