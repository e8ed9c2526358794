"""Compare the data package with the open APIs of the agencies that compiled it (``make refresh``).

``data/refresh.yaml`` says which rows are compared with which query of Eurostat, the World Bank or UN Comtrade. The report
in ``_build/refresh`` lists every revision and every verdict that would change. Only ``--accept`` changes ``data/``.

What accepting does to a row depends on when the row was public:

- A row that was public when the op-ed appeared is what was known that day: it stays, and the API's figure is added.
- A later row is replaced: value, source, locator and note.
- A check (UN Comtrade against Chinese customs) is reported and never written.

Exit codes: 0 the report is written, or there is no network (one line says so); 1 an API failed or the revisions
cannot be accepted, and the data are as they were; 2 wrong arguments.
"""

import argparse
import csv
import math
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from textwrap import shorten
from typing import Any

import pandas as pd
import requests
import urllib3
import yaml

from eastward import data
from eastward.claims import all_claims
from eastward.claims.verdicts import AS_OF, verdict
from eastward.methods.trade import annual, most_precise

SUSPECT = 2
"""A figure that changed by more than this factor is taken for a wrong unit, not for a revision."""

PATIENCE = urllib3.Retry(
    connect=0, read=False, other=0, status=2, status_forcelist=(429, 503), backoff_factor=1, raise_on_status=False, retry_after_max=60
)  # fmt: skip
"""How often a request is repeated that an API limits, after the seconds that it asks for, 60 at most."""


class RefreshError(Exception):
    """An API answered with an error, too late or not in its documented form, or revisions cannot be accepted."""


class UnreachableError(RefreshError):
    """No connection to an API could be made."""

    def __str__(self) -> str:
        return "no connection"


@dataclass(frozen=True)
class Settings:
    """Base URLs of the APIs, seconds to wait for an answer, and the day on which they are asked."""

    eurostat: str = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0"
    worldbank: str = "https://api.worldbank.org/v2"
    comtrade: str = "https://comtradeapi.un.org/public/v1"
    timeout: float = 30.0
    today: date = field(default_factory=lambda: datetime.now(UTC).date())


@dataclass(frozen=True)
class Api:
    """An open API: bibliography entry, how it answers (``protocol``), what its figures are, whether another compiler's (``check``)."""

    key: str
    protocol: str
    author: str
    title: str
    url: str
    note: str
    check: bool = False


_ENTRY = """@misc{%(key)s,
  author = {{%(author)s}},
  title = {%(title)s},
  howpublished = {Open API, fetched by make refresh},
  url = {%(url)s},
  urldate = {%(consulted)s},
  language = {English},
  keywords = {dataset},
  grade = {agency},
  note = {no date given: a living database; the note of each row gives the day on which it was fetched},
}
"""


@dataclass(frozen=True)
class Series:
    """Rows of one ``table`` that one query of an API answers: whole years of the rows that ``where`` picks.

    ``query`` names dimensions as the API does; ``scale`` turns the API's unit into the unit of the rows.
    """

    id: str
    api: Api
    table: str
    where: dict[str, str]
    query: dict[str, str]
    scale: Decimal


def _registry() -> tuple[Series, ...]:
    given = yaml.safe_load((data.root() / "data" / "refresh.yaml").read_text(encoding="utf-8"))
    apis = {key: Api(key, **fields) for key, fields in given["apis"].items()}
    return tuple(Series(**s | {"api": apis[s["api"]], "scale": Decimal(s["scale"])}) for s in given["series"])


REGISTRY = _registry()
"""Every series that ``make refresh`` compares: those of ``data/refresh.yaml``."""


def _get(url: str, query: dict[str, str], timeout: float) -> requests.Response:
    """Answer of an API that is no HTTP error; errors as :func:`fetch` raises them."""
    try:
        with requests.Session() as session:
            for scheme in ("https://", "http://"):
                session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=PATIENCE))
            response = session.get(url, params=query, timeout=timeout)
    except requests.ReadTimeout:
        raise RefreshError(f"no answer within {timeout:g} s") from None
    except requests.RequestException as error:
        # Only without a connection is it the retries that end; a later fault comes as it is.
        if any(isinstance(reason, urllib3.exceptions.MaxRetryError) for reason in error.args):
            raise UnreachableError from None
        raise RefreshError(f"the answer broke off ({type(error).__name__})") from None
    if response.status_code >= 400:
        limited = response.status_code in PATIENCE.status_forcelist
        raise RefreshError(f"HTTP {response.status_code}{': the API limits requests, come back later' * limited}")
    return response


def _queries(series: Series, years: Sequence[str], settings: Settings) -> Iterator[tuple[str, dict[str, str]]]:
    """Addresses and parameters that ask for the years of a series."""
    query, first, last = series.query, min(years), max(years)
    if series.api.protocol == "eurostat":
        query = {"format": "JSON", **query, "sinceTimePeriod": first, "untilTimePeriod": last}
        yield f"{settings.eurostat}/data/EXT_LT_MAINEU", query
    elif series.api.protocol == "worldbank":
        path = f"country/{query['country']}/indicator/{query['indicator']}"
        yield f"{settings.worldbank}/{path}", {"format": "json", "date": f"{first}:{last}", "per_page": "1000"}
    else:
        query = {**query, "partner2Code": "0", "customsCode": "C00", "motCode": "0", "format": "JSON"}
        for start in range(0, len(years), 12):  # The preview takes twelve periods a call.
            yield f"{settings.comtrade}/preview/C/A/HS", {**query, "period": ",".join(years[start : start + 12])}


def _pairs(api: Api, answer: Any) -> list[tuple[Any, Any]]:
    """Years and figures in an answer."""
    if api.protocol == "eurostat":
        # JSON-stat: the figures by their place in the cube, in which only time has more than one.
        places = answer["dimension"]["time"]["category"]["index"]
        if math.prod(answer["size"]) > len(places):
            raise ValueError("more than one series")
        return [(year, answer["value"].get(str(place))) for year, place in places.items()]
    if api.protocol == "worldbank":
        return [(row["date"], row["value"]) for row in answer[1] or []]
    return [(row["period"], row["primaryValue"]) for row in answer["data"]]


def fetch(series: Series, years: Sequence[str], settings: Settings) -> dict[str, Decimal]:
    """Return what an API gives for a series, by year, in the unit of the rows, gaps left out; limits are waited for.

    :class:`UnreachableError` is raised without a connection, :class:`RefreshError` where there is no whole answer or a limit lasts.
    """
    found: dict[str, Decimal] = {}
    for url, query in _queries(series, years, settings):
        response = _get(url, query, settings.timeout)
        try:
            for year, value in _pairs(series.api, response.json(parse_float=Decimal)):
                # Digits in full: an exponent would not tell the precision.
                number = Decimal(format(Decimal("NaN" if value is None else str(value)), "f"))
                if str(year) in found:
                    raise ValueError("a year stands twice")
                if number.is_finite():
                    found[str(year)] = number * series.scale
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            raise RefreshError(f"malformed answer: {shorten(response.text, 100, placeholder=' …')!r}") from None
    if not found:
        raise RefreshError("empty answer")
    return found


@dataclass(frozen=True)
class Revision:
    """One row whose figure differs from the API's by more than the rounding of both.

    ``old`` and ``new`` are written figures in ``unit``; ``change`` is ``new / old - 1``, ``None`` from 0. ``action`` is
    what accepting does: ``replace``, ``add`` (the old row stays) or ``check`` (nothing).
    """

    series: str
    row: str
    period: str
    unit: str
    old: str
    new: str
    change: float | None
    source: str
    action: str

    @property
    def place(self) -> tuple[str, int]:
        """Table of the row, and its line in the file, the header being line 1."""
        return self.row.partition(":")[0], int(self.row.partition(":")[2])


@dataclass
class Report:
    """What a refresh found: ``verdicts`` would change; ``absent``, ``newer`` (years) and ``failures`` are by series."""

    fetched: date
    compared: int = 0
    revisions: list[Revision] = field(default_factory=list)
    verdicts: list[dict[str, str]] = field(default_factory=list)
    absent: dict[str, list[str]] = field(default_factory=dict)
    newer: dict[str, list[str]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def offline(self) -> bool:
        """Whether no API could be reached."""
        return not self.compared and {*self.failures.values()} == {str(UnreachableError())}

    @property
    def acceptable(self) -> list[Revision]:
        """Revisions that ``--accept`` writes: all but the checks."""
        return [r for r in self.revisions if r.action != "check"]

    def __str__(self) -> str:
        revised = len(self.acceptable)
        return (
            f"{self.compared} rows compared, {revised} revised, {len(self.revisions) - revised} differ from another "
            f"compiler, {len(self.verdicts)} verdicts would change, {len(self.failures)} series failed"
        )


def written(number: Decimal) -> str:
    """Plain digits of a figure, six decimals at most; zeros at the end stay, as they carry the API's precision."""
    return format(round(number, 6) if -int(number.as_tuple().exponent) > 6 else number, "f")


def _path(table: str) -> Path:
    return data.root() / "data" / str(data.describe(table)["path"])


def rows_of(series: Series) -> pd.DataFrame:
    """Return the rows that a series is compared with: one a year, the figure with the most digits (as text: ``written``).

    Other rows of that year are earlier vintages or roundings by a relay, and stay what they are.
    """
    frame = annual(data.load(series.table, **series.where))
    cells = pd.read_csv(_path(series.table), dtype=str, keep_default_na=False)["value"]
    frame["written"] = [cells[int(row.rpartition(":")[2]) - 2] for row in frame["row"]]
    return most_precise(frame, by=["year"])


def compare(series: Series, rows: pd.DataFrame, found: dict[str, Decimal], report: Report) -> None:
    """Add to the report how rows (:func:`rows_of`) differ from the API's figures (in the unit of the rows, by year)."""
    for _, row in rows.iterrows():
        if row.period not in found:
            report.absent.setdefault(series.id, []).append(str(row.period))
            continue
        report.compared += 1
        old, new = Decimal(str(row.written)), found[str(row.period)]
        if abs(float(new - old)) <= float(row.half_unit) + data.half_unit(written(new)):
            continue
        # Where no day is known (NaT), the row was not public.
        action = "check" if series.api.check else "add" if row.known <= pd.Timestamp(data.PUBLICATION) else "replace"
        numbers = (row.written, written(new), float(new / old - 1) if old else None)
        report.revisions.append(Revision(series.id, row.row, row.period, row.unit, *numbers, row.source, action))
        if action != "check" and not (old > 0 and old / SUSPECT <= new <= old * SUSPECT):
            place = f"{row.row}: {old} to {written(new)} {row.unit}"
            report.failures[series.id] = f"{place} is no revision but another unit or series; check data/refresh.yaml"
    if newer := sorted(year for year in found if year > max(rows["period"])):
        report.newer[series.id] = newer


def _revise(revisions: Sequence[Revision], today: date) -> None:
    """Write revisions into the tables of the package in use; lines that no revision names keep their bytes."""
    by_id = {series.id: series for series in REGISTRY}
    # From the last line to the first, so that an added line moves none that is still to come.
    for revision in sorted(revisions, key=lambda r: r.place, reverse=True):
        (table, line), series = revision.place, by_id[revision.series]
        lines = _path(table).read_text(encoding="utf-8").splitlines(keepends=True)
        header, old, new = lines[0], lines[line - 1], StringIO()
        before = "replaces" if revision.action == "replace" else "revises"
        cells = dict(zip(*csv.reader([header, old]), strict=True)) | {
            "value": revision.new,
            "source": series.api.key,
            "locator": ", ".join(f"{name}={value}" for name, value in series.query.items()),
            "note": f"{series.api.note}; fetched {today}; {before} {revision.old} of {revision.source}",
        }
        csv.writer(new, lineterminator="\n").writerow(cells.values())
        lines[line - 1] = (old if revision.action == "add" else "") + new.getvalue()
        _path(table).write_text("".join(lines), encoding="utf-8")


def _cite(api: Api, today: date) -> None:
    """Enter an API into the bibliography in use, or set the day on which it was consulted."""
    file = data.root() / "book" / "references.bib"
    text, entry = file.read_text(encoding="utf-8"), _ENTRY % {**vars(api), "consulted": today}
    old = re.search(rf"^@\w+\{{{api.key},.*?^\}}\n", text, re.MULTILINE | re.DOTALL)
    file.write_text(text.replace(old.group(), entry) if old else f"{text.rstrip()}\n\n{entry}", encoding="utf-8")


@contextmanager
def revised(revisions: Sequence[Revision], today: date) -> Iterator[Path]:
    """Read the data package, with revisions written but their checksums not accepted, from a temporary copy: its folder."""
    origin = data.root()
    with tempfile.TemporaryDirectory(prefix="eastward-refresh-") as name:
        folder = Path(name)
        shutil.copytree(origin / "data", folder / "data")
        (folder / "book").mkdir()
        shutil.copy(origin / "book" / "references.bib", folder / "book")
        with data.using(folder):
            _revise(revisions, today)
            for api in dict.fromkeys(s.api for s in REGISTRY if s.id in {r.series for r in revisions}):
                _cite(api, today)
            yield folder


def _statuses() -> dict[tuple[str, str], str]:
    return {(claim, as_of): verdict(claim, as_of).status for claim in all_claims() for as_of in AS_OF}


def refresh(settings: Settings, registry: Sequence[Series] = REGISTRY) -> Report:
    """Ask every API, compare with the data package in use, and say which verdicts would change.

    What fails is listed under ``failures``: a series whose API fails or whose figures change by over the factor
    :data:`SUSPECT`, ``verdicts`` that cannot be computed. An API out of reach is not asked for its other series.
    """
    report = Report(settings.today)
    down: set[Api] = set()
    for series in registry:
        rows = rows_of(series)
        later = range(int(max(rows["period"])) + 1, settings.today.year + 1)
        try:
            if series.api in down:
                raise UnreachableError
            compare(series, rows, fetch(series, [*rows["period"], *map(str, later)], settings), report)
        except RefreshError as error:
            report.failures[series.id] = str(error)
            if isinstance(error, UnreachableError):
                down.add(series.api)
    if plausible := [r for r in report.acceptable if r.series not in report.failures]:
        before, claims = _statuses(), all_claims()
        try:
            with revised(plausible, settings.today):
                after = _statuses()
        except (ArithmeticError, LookupError, ValueError) as error:
            after, report.failures["verdicts"] = before, f"cannot be computed ({error})"
        report.verdicts = [
            {"claim": claim, "text": claims[claim].short, "as_of": day, "now": before[claim, day], "then": status}
            for (claim, day), status in after.items()
            if status != before[claim, day]
        ]
    return report


def accept(report: Report) -> list[Revision]:
    """Write a report's revisions into the data package in use, with checksums and bibliography, all or none; return them.

    A failed series or verdict raises :class:`RefreshError`, a revised package that would not be valid ``DataError``.
    """
    for name, problem in report.failures.items():
        raise RefreshError(f"{name}: {problem}")
    if not report.acceptable:
        return []
    origin = data.root()
    tables = sorted({_path(r.place[0]) for r in report.acceptable})
    files = [*tables, origin / "book" / "references.bib", origin / "data" / "datapackage.json"]
    staged = {file: file.with_name(f"{file.name}.refresh") for file in files}
    try:
        with revised(report.acceptable, report.fetched) as folder:
            data.accept()
            data.validate()
            for file, copy in staged.items():
                shutil.copyfile(folder / file.relative_to(origin), copy)
        for file, copy in staged.items():
            copy.replace(file)
    finally:
        for copy in staged.values():
            copy.unlink(missing_ok=True)
    return report.acceptable


def _table(items: Sequence[dict[str, Any]]) -> list[str]:
    """Markdown table of items with the same keys; a share is given in percent."""
    rows = [[f"{cell:+.2%}" if isinstance(cell, float) else str(cell) for cell in item.values()] for item in items]
    return [f"| {' | '.join(cells)} |" for cells in (list(items[0]), ["---"] * len(items[0]), *rows)]


def markdown(report: Report) -> str:
    """Return the report as Markdown: finding first, then verdicts, revisions, gaps and failures."""
    of = {action: [asdict(r) for r in report.revisions if r.action == action] for action in ("replace", "add", "check")}
    tables = {
        "Verdicts that would change": report.verdicts,
        "Revised rows: accepting replaces them": of["replace"],
        "Revised since publication: accepting adds a row": of["add"],
        "Checks against another compiler: never accepted": of["check"],
    }
    lists = {
        "Failed": {name: [problem] for name, problem in report.failures.items()},
        "Years of the package that the API did not give": report.absent,
        "Later years that only the API has": report.newer,
    }
    parts = {heading: _table(items) for heading, items in tables.items() if items}
    parts |= {name: [f"- {k}: {', '.join(v)}" for k, v in items.items()] for name, items in lists.items() if items}
    lines = ["# Revisions of open data", "", f"Fetched {report.fetched}: {report}.", ""]
    return "\n".join([*lines, *(line for heading, part in parts.items() for line in (f"## {heading}", "", *part, ""))])


def main(arguments: Sequence[str], settings: Settings | None = None, registry: Sequence[Series] = REGISTRY) -> int:
    """``python -m eastward.upkeep.refresh [--accept]``: compare, report, and with ``--accept`` write; see the exit codes."""
    parser = argparse.ArgumentParser("eastward.upkeep.refresh", description="Compare data/ with agencies' open APIs.")
    parser.add_argument("--accept", action="store_true", help="write the revisions into data/ (default: report only)")
    options = parser.parse_args(arguments)
    try:
        report = refresh(settings or Settings(), registry)
        if report.offline:
            print("refresh: offline: no API can be reached, so nothing was compared and data/ is unchanged")
            return 0
        folder = data.root() / "_build" / "refresh"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.md").write_text(markdown(report), encoding="utf-8")
        print(f"refresh: {report}; see {folder / 'report.md'}")
        for name, problem in report.failures.items():
            print(f"refresh: {name}: {problem}", file=sys.stderr)
        if options.accept:
            done = accept(report)
            for revision in done:
                print(f"accepted: {revision.row} {revision.period}: {revision.old} to {revision.new} {revision.unit}")
            print(f"refresh: {len(done)} revisions accepted")
    except (RefreshError, data.DataError, OSError) as error:
        print(f"refresh: {'nothing accepted: ' if options.accept else ''}{error}", file=sys.stderr)
        return 1
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
