"""Checks of the whole package: figures that do not fit their series, checksums, sources, Frictionless' own."""

import hashlib
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from eastward.data.changes import mark, mark_valid, valid
from eastward.data.periods import period_end, period_start
from eastward.data.root import DataError, root
from eastward.data.sources import check_sources
from eastward.data.tables import describe, key_of, load, tables

JUMP = 20.0
"""A figure over so many times each of its neighbours in time is taken for a slip of the unit or the decimal point."""


def jump_in(frame: pd.DataFrame, resource: dict[str, Any]) -> str | None:
    """Find a figure that does not fit its series: a slip by a factor of a hundred stands out, whatever the level.

    Returns the row id of the first figure over ``JUMP`` (or what ``jump`` of the descriptor says) times each of its
    four nearest neighbours in time among figures of the same key, unit and length of period, whatever their source.
    ``None`` where there is none; a figure with fewer than two such neighbours cannot be told.
    """
    if "period" not in frame or "value" not in frame or frame["value"].dtype != "float64":
        return None
    limit = float(resource.get("jump", JUMP))
    frame = frame.dropna(subset=["period", "value"])
    ends = frame["period"].map(period_end)
    months = [round((end - period_start(p)).days / 30) for p, end in zip(frame["period"], ends, strict=True)]
    frame = frame.assign(_day=[end.toordinal() for end in ends], _months=months)
    names = [c for c in [*key_of(resource), "unit"] if c not in ("period", "source", "value")]
    series = [c for c in dict.fromkeys(names) if c in frame]
    for _, group in frame.groupby([*series, "_months"], dropna=False):
        values, days = group["value"].abs().to_numpy(), group["_day"].to_numpy()
        for i in np.flatnonzero(values > limit * values.min()):
            nearest = [j for j in np.argsort(np.abs(days - days[i]), kind="stable") if j != i][:4]
            if len(nearest) >= 2 and 0 < limit * values[nearest].max() < values[i]:
                return str(group["row"].iloc[i])
    return None


def _check_jumps(table: str) -> None:
    frame, resource = load(table), describe(table)
    found = jump_in(frame, resource)
    if found is not None:
        value = frame.loc[frame["row"] == found, "value"].iloc[0]
        problem = f"{value:g} is over {resource.get('jump', JUMP):g} times each of its neighbours in the series"
        advice = f"check unit and decimal point; declare a true jump by 'jump' of {table!r} in datapackage.json"
        raise DataError(f"data/{resource['path']}", problem, advice, int(found.split(":")[1]), "value")


def checksum(file: Path) -> str:
    """SHA-256 of a file in the form of Frictionless descriptors."""
    return "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()


def check(table: str) -> None:
    """Check a table's form (:func:`load`), its figures (:func:`jump_in`) and its checksum; ``DataError`` for a fault."""
    _check_jumps(table)
    path = describe(table)["path"]
    if describe(table).get("hash") != checksum(root() / "data" / path):
        advice = "restore the file, or accept the change with: make accept-data"
        raise DataError(f"data/{path}", "the checksum differs from datapackage.json", advice)


def validate() -> list[str]:
    """Check every table, the sources, and the package with Frictionless; the tables' names, or the first ``DataError``."""
    from frictionless import Package, system

    check_sources()
    for table in tables():
        check(table)
    with system.use_context(trusted=True):
        report = Package(str(root() / "data" / "datapackage.json")).validate()
    for task in report.tasks:
        for error in task.errors:
            place = (getattr(error, name, None) for name in ("row_number", "field_name"))
            raise DataError(f"data/{task.place}", error.message, "correct the file or its schema", *place)
    return tables()


def accept() -> list[str]:
    """Write checksums and sizes of the files into ``datapackage.json`` and return the names of the tables that changed.
    ``DataError`` where a table is faulty; nothing is written then.
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


def main(arguments: list[str]) -> int:
    """``python -m eastward.data``: validate the package; ``--accept`` first writes the checksums of changed files,
    ``--if-changed`` trusts the last validation of the same bytes.
    """
    try:
        if "--accept" in arguments:
            print("accepted:", ", ".join(accept()) or "nothing had changed")
        if "--if-changed" in arguments and valid("data"):
            print("data: valid, nothing has changed")
            return 0
        with suppress(OSError):
            mark("data").unlink()
        print(f"data: {len(validate())} tables are valid")
    except DataError as error:
        print(f"data: {error}", file=sys.stderr)
        return 1
    mark_valid("data")
    return 0
