"""Checks of the whole package: figures that do not fit their series, checksums, sources, Frictionless' own."""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eastward.data.periods import period_end, period_start
from eastward.data.root import DataError, root
from eastward.data.sources import check_sources
from eastward.data.tables import describe, key_of, load, tables

JUMP = 20.0
"""A figure over so many times each of its neighbours in time is taken for a slip of the unit or the decimal point."""


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
    series = [c for c in dict.fromkeys([*key_of(resource), "unit"]) if c in frame and c not in _NOT_SERIES]
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
        problem = f"{value:g} is over {resource.get('jump', JUMP):g} times each of its neighbours in the series"
        advice = f"check unit and decimal point; declare a true jump by 'jump' of {table!r} in datapackage.json"
        raise DataError(f"data/{resource['path']}", problem, advice, int(found.split(":")[1]), "value")


_NOT_SERIES = ("period", "source", "value")


def _jump(values: np.ndarray, days: np.ndarray, limit: float) -> int | None:
    """Position of the first value over ``limit`` times each of its four nearest others in time; at least two needed."""
    for i in np.flatnonzero(values > limit * values.min()):
        nearest = [j for j in np.argsort(np.abs(days - days[i]), kind="stable") if j != i][:4]
        largest = values[nearest].max(initial=0.0)
        if len(nearest) >= 2 and 0 < limit * largest < values[i]:
            return int(i)
    return None


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
        advice = "restore the file, or accept the change with: make accept-data"
        raise DataError(f"data/{resource['path']}", "the checksum differs from datapackage.json", advice)


def validate() -> list[str]:
    """Check every table with :func:`check`, the sources, and the whole package with Frictionless.

    Returns:
        The names of the tables checked.

    Raises:
        DataError: the first fault found.

    """
    from frictionless import Package, system

    check_sources()
    for table in tables():
        check(table)
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
    check_sources()
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
    """Digest of all that a validation reads: the package, the bibliography and this room's code."""
    code = sorted(Path(__file__).parent.glob("*.py"))
    files = [*sorted((root() / "data").glob("*")), root() / "book" / "references.bib", *code]
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
