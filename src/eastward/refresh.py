"""Compare the data package with the open APIs of the agencies that compiled it (``make refresh``).

:data:`REGISTRY` says which rows are compared with which query: Eurostat through sdmx1, the World Bank through wbgapi,
UN Comtrade through comtradeapicall. The report in ``_build/refresh`` lists every revision and every verdict that would
change. Nothing in ``data/`` changes without ``--accept``.

What accepting does to a row depends on when the row was public:

- A row that was public when the op-ed appeared is evidence of what was known that day. It stays, and the API's figure
  becomes a row of its own.
- A later row is replaced: value, source, locator and note.
- A check (UN Comtrade against Chinese customs) is reported and never written.

Exit codes: 0 the report is written, or there is no network (one line says so); 1 an API failed or the revisions
cannot be accepted, and the data are as they were; 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import comtradeapicall
import pandas as pd
import requests
import sdmx
import urllib3
import wbgapi
from comtradeapicall import PreviewGet

from eastward import data
from eastward.claims import all_claims
from eastward.indicators.trade import annual, most_precise
from eastward.verdicts import AS_OF, verdict

SUSPECT = 2.0
"""A figure that changed by more than this factor is taken for a wrong unit, not for a revision."""

_COMTRADE = "https://comtradeapi.un.org"


class RefreshError(Exception):
    """Revisions that cannot be accepted: the message says why and what to do."""


class ApiError(Exception):
    """An API answered with an error, too late, or with something that is not its documented format."""


class UnreachableError(ApiError):
    """No connection to an API could be made."""


class _BusyError(ApiError):
    """The API asks to come back after ``wait`` seconds (HTTP 429 or 503)."""

    def __init__(self, status: int, wait: float):
        super().__init__(f"HTTP {status}: the API limits requests (come back after {wait:g} s)")
        self.wait = wait


@dataclass(frozen=True)
class Settings:
    """Where and how to ask: base URLs, seconds to wait for an answer, tries, and longest wait that a limit may ask."""

    eurostat: str = "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1"
    worldbank: str = "https://api.worldbank.org/v2"
    comtrade: str = _COMTRADE
    timeout: float = 30.0
    attempts: int = 3
    longest_wait: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    today: date = field(default_factory=lambda: datetime.now(UTC).date())


@dataclass(frozen=True)
class Api:
    """An open API: key of its bibliography entry, and the entry without the day on which it was consulted."""

    key: str
    author: str
    title: str
    url: str

    def bibtex(self, consulted: date) -> str:
        """Return the bibliography entry; a living database has no date, so its rows count with hindsight only."""
        fields = {
            "author": f"{{{self.author}}}",
            "title": f"{{{self.title}}}",
            "howpublished": "Open API, fetched by make refresh",
            "url": self.url,
            "urldate": consulted.isoformat(),
            "language": "English",
            "keywords": "dataset",
            "note": "no date given: a living database; the note of each row gives the day on which it was fetched",
        }
        lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
        return f"@misc{{{self.key},\n{lines}}}\n"


EUROSTAT = Api(
    "eurostatapi",
    "Eurostat",
    r"Extra-EU trade by partner, long-term indicators (ext\_lt\_maineu)",
    "https://ec.europa.eu/eurostat/databrowser/view/ext_lt_maineu/default/table",
)
WORLDBANK = Api("wdiapi", "World Bank", "World Development Indicators", "https://data.worldbank.org/")
COMTRADE = Api("comtradeapi", "United Nations Statistics Division", "UN Comtrade", "https://comtradeplus.un.org/")


@dataclass(frozen=True)
class Series:
    """Rows of one table that one API query answers.

    Attributes:
        id: name of the series in the report.
        api: whom to ask.
        table: table of the data package.
        where: columns and values that pick the rows; only whole years are compared.
        query: dimensions of the query, as the API names them.
        scale: what turns the API's unit into the unit of the rows.
        note: what the API's figure is, for the ``note`` of an accepted row.
        check: the API is another compiler: differences are reported, never accepted.

    """

    id: str
    api: Api
    table: str
    where: dict[str, Any]
    query: dict[str, str]
    scale: Decimal
    note: str
    check: bool = False

    @property
    def locator(self) -> str:
        """The query as text, for the ``locator`` of an accepted row."""
        return ", ".join(f"{name}={value}" for name, value in self.query.items())


def _eurostat(flow: str, indicator: str) -> Series:
    return Series(
        id=f"eurostat-eu27-russia-{flow}",
        api=EUROSTAT,
        table="trade_eurostat",
        where={"series": "eurostat", "reporter": "EU27", "partner": "RUS", "flow": flow, "unit": "EUR bn"},
        query={"freq": "A", "indic_et": indicator, "sitc06": "TOTAL", "partner": "RU", "geo": "EU27_2020"},
        scale=Decimal("1e-3"),
        note="goods, current prices, constant 27 members of 2020, EU is the reporter",
    )


def _worldbank(flow: str, indicator: str, country: str) -> Series:
    world = country == "WLD"
    where: dict[str, Any] = (
        {"series": "wdi-world", "flow": flow} if world else {"series": "wdi", "reporter": country, "flow": flow}
    )
    return Series(
        id=f"wdi-{country.lower()}-{flow}",
        api=WORLDBANK,
        table="trade_world_total" if world else "trade_world",
        where=where,
        query={"indicator": indicator, "country": country},
        scale=Decimal(1) if world else Decimal("1e-9"),
        note="goods, current US dollars, WTO series",
    )


def _comtrade(flow: str, code: str) -> Series:
    return Series(
        id=f"comtrade-china-russia-{flow}",
        api=COMTRADE,
        table="trade_china_customs",
        where={"series": "gacc", "reporter": "CHN", "partner": "RUS", "flow": flow, "unit": "USD bn"},
        query={"reporterCode": "156", "partnerCode": "643", "flowCode": code, "cmdCode": "TOTAL"},
        scale=Decimal("1e-9"),
        note="goods, current US dollars, as China reports them",
        check=True,
    )


_WDI = {"exports": "TX.VAL.MRCH.CD.WT", "imports": "TM.VAL.MRCH.CD.WT"}

REGISTRY: tuple[Series, ...] = (
    _eurostat("exports", "MIO_EXP_VAL"),
    _eurostat("imports", "MIO_IMP_VAL"),
    *(_worldbank(flow, code, country) for country in ("CHN", "RUS", "WLD") for flow, code in _WDI.items()),
    _comtrade("exports", "X"),
    _comtrade("imports", "M"),
)
"""Every series that ``make refresh`` compares."""


def _seconds(retry_after: str | None) -> float:
    """Seconds that a ``Retry-After`` header asks to wait: a number or an HTTP date; 1 where it says nothing."""
    if not retry_after:
        return 1.0
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 1.0


def _check_status(status: int, retry_after: str | None) -> None:
    if status in (429, 503):
        raise _BusyError(status, _seconds(retry_after))
    if status >= 400:
        raise ApiError(f"HTTP {status}")


def _hook(response: requests.Response, *_: object, **__: object) -> None:
    """Response hook of requests: the clients of the agencies drop the header that says how long to wait."""
    _check_status(response.status_code, response.headers.get("Retry-After"))


def _number(value: object) -> Decimal | None:
    """Exact decimal of what an API gives; ``None`` for a gap."""
    if value is None or value == "" or value != value:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ApiError(f"malformed answer: {value!r} is not a number") from None
    return number if number.is_finite() else None


def _from_eurostat(series: Series, years: Sequence[str], settings: Settings) -> dict[str, Decimal]:
    client = sdmx.Client("ESTAT")
    client.source = copy(client.source)
    client.source.url = settings.eurostat
    client.session.hooks["response"].append(_hook)
    # The key is ordered by the structure that Eurostat publishes, since the order of dimensions is not documented.
    message = client.get(
        "data",
        "EXT_LT_MAINEU",
        key=dict(series.query),
        params={"startPeriod": min(years), "endPeriod": max(years)},
        timeout=settings.timeout,
        get_footer_url=(5, 3),
    )
    found = {}
    for dataset in message.data:
        for observation in dataset.obs:
            period = str(observation.key["TIME_PERIOD"].value)
            if (number := _number(observation.value)) is not None:
                found[period] = number
    return found


@contextmanager
def _wbgapi(settings: Settings) -> Iterator[None]:
    """Point wbgapi, which is configured by its module's variables, to the base URL and back."""
    before = wbgapi.endpoint, wbgapi.get_options
    wbgapi.endpoint, wbgapi.get_options = (
        settings.worldbank,
        {"timeout": settings.timeout, "hooks": {"response": _hook}},
    )
    try:
        yield
    finally:
        wbgapi.endpoint, wbgapi.get_options = before


def _from_worldbank(series: Series, years: Sequence[str], settings: Settings) -> dict[str, Decimal]:
    path = f"country/{series.query['country']}/indicator/{series.query['indicator']}"
    with _wbgapi(settings):
        rows = list(wbgapi.fetch(path, {"date": f"{min(years)}:{max(years)}"}))
    numbers = {str(row["date"]): _number(row["value"]) for row in rows}
    return {year: number for year, number in numbers.items() if number is not None}


class _ComtradePool(urllib3.PoolManager):
    """Connection pool that comtradeapicall uses while we ask: its base URL and time-out are fixed in its code."""

    settings = Settings()

    def request(self, method: str, url: str, *args: Any, **options: Any) -> urllib3.BaseHTTPResponse:
        options |= {"timeout": self.settings.timeout, "retries": False}
        response = super().request(method, url.replace(_COMTRADE, self.settings.comtrade, 1), *args, **options)
        _check_status(response.status, response.headers.get("Retry-After"))
        return response


@contextmanager
def _comtradeapicall(settings: Settings) -> Iterator[None]:
    """Let comtradeapicall use our pool, and let its errors reach us: by itself it prints them and returns nothing."""
    pool = type("Pool", (_ComtradePool,), {"settings": settings})
    before = PreviewGet.urllib3
    PreviewGet.urllib3 = SimpleNamespace(PoolManager=pool, exceptions=SimpleNamespace(RequestError=()))
    try:
        yield
    finally:
        PreviewGet.urllib3 = before


def _from_comtrade(series: Series, years: Sequence[str], settings: Settings) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    # The preview endpoint takes twelve periods a call.
    for start in range(0, len(years), 12):
        with _comtradeapicall(settings):
            frame = comtradeapicall.previewFinalData(
                typeCode="C", freqCode="A", clCode="HS", period=",".join(years[start : start + 12]), **series.query,
                partner2Code="0", customsCode="C00", motCode="0", maxRecords=500, format_output="JSON",
            )  # fmt: skip
        if frame.empty:
            continue
        if frame.duplicated(subset=["period"]).any():
            raise ApiError("malformed answer: a year stands twice")
        numbers = zip(frame["period"].astype(str), frame["primaryValue"], strict=True)
        found |= {year: number for year, value in numbers if (number := _number(value)) is not None}
    return found


_FETCH = {EUROSTAT.key: _from_eurostat, WORLDBANK.key: _from_worldbank, COMTRADE.key: _from_comtrade}


def _ask(series: Series, years: Sequence[str], settings: Settings) -> dict[str, Decimal]:
    """One request, with the errors of three HTTP clients and four parsers turned into :class:`ApiError`."""
    try:
        return _FETCH[series.api.key](series, years, settings)
    except ApiError:
        raise
    except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError):
        raise ApiError(f"no answer within {settings.timeout:g} s") from None
    except (
        requests.ConnectionError,
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
    ):
        raise UnreachableError("no connection") from None
    except Exception as error:
        # Whatever a client's parser raises on a text that is not the documented format: no one type covers it.
        raise ApiError(f"malformed answer ({type(error).__name__})") from error


def fetch(series: Series, years: Sequence[str], settings: Settings) -> dict[str, Decimal]:
    """Return what an API gives for a series, by year, in the unit of the table's rows.

    Where the API limits requests, the call waits as long as it asks and tries again.

    Raises:
        UnreachableError: no connection.
        ApiError: an HTTP error, a time-out, a malformed or an empty answer, or a limit that asks for too long a wait.

    """
    sdmx.Client.cache.clear()
    for attempt in range(1, settings.attempts + 1):
        try:
            found = _ask(series, years, settings)
            break
        except _BusyError as busy:
            if attempt == settings.attempts or busy.wait > settings.longest_wait:
                raise
            settings.sleep(busy.wait)
    if not found:
        raise ApiError("empty answer")
    return {year: number * series.scale for year, number in sorted(found.items())}


@dataclass(frozen=True)
class Revision:
    """One row whose figure differs from the API's by more than the rounding of both.

    ``old`` and ``new`` are written figures in ``unit``; ``change`` is ``new / old - 1``. ``action`` is what accepting
    does: ``replace``, ``add`` (the old row stays) or ``check`` (nothing).
    """

    series: str
    table: str
    row: str
    period: str
    unit: str
    old: str
    new: str
    change: float | None
    source: str
    action: str

    @property
    def suspect(self) -> bool:
        """Whether the figure changed by more than the factor :data:`SUSPECT`, or a sign is wrong."""
        new, old = float(self.new), float(self.old)
        return new <= 0 or old <= 0 or max(new / old, old / new) > SUSPECT


@dataclass(frozen=True)
class VerdictChange:
    """A claim whose status would change on one of the two dates if the revisions were accepted."""

    claim: str
    short: str
    as_of: str
    old: str
    new: str


@dataclass
class Report:
    """What a refresh found: see the fields' names; ``absent`` and ``newer`` list years by series."""

    fetched: date
    compared: int = 0
    revisions: list[Revision] = field(default_factory=list)
    verdicts: list[VerdictChange] = field(default_factory=list)
    absent: dict[str, list[str]] = field(default_factory=dict)
    newer: dict[str, list[str]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    unreachable: int = 0

    @property
    def acceptable(self) -> list[Revision]:
        """Revisions that ``--accept`` writes: all but the checks."""
        return [r for r in self.revisions if r.action != "check"]


def written(number: Decimal) -> str:
    """Plain decimal digits of a figure, six decimals at most.

    Zeros at the end stay: the written digits carry the precision that the API gives.
    """
    return format(round(number, 6) if -int(number.as_tuple().exponent) > 6 else number, "f")


def rows_of(series: Series) -> pd.DataFrame:
    """Return the rows that a series is compared with: one a year, the figure with the most digits.

    Other rows of that year are earlier vintages or roundings by a relay, and stay what they are.
    """
    frame = annual(data.load(series.table, **series.where))
    cells = pd.read_csv(_path(series.table), dtype=str, keep_default_na=False)["value"]
    frame["written"] = [cells[int(row.rpartition(":")[2]) - 2] for row in frame["row"]]
    return most_precise(frame, by=["year"])


def _path(table: str) -> Path:
    return data.root() / "data" / str(data.describe(table)["path"])


def _action(series: Series, known: pd.Timestamp) -> str:
    if series.check:
        return "check"
    public = not pd.isna(known) and known <= pd.Timestamp(data.PUBLICATION)
    return "add" if public else "replace"


def compare(series: Series, found: dict[str, Decimal], report: Report) -> None:
    """Add to the report how the rows of a series differ from the API's figures (in the unit of the rows, by year)."""
    rows = rows_of(series)
    for row in rows.itertuples():
        if row.period not in found:
            report.absent.setdefault(series.id, []).append(str(row.period))
            continue
        report.compared += 1
        old, new = Decimal(str(row.written)), found[str(row.period)]
        if abs(float(new - old)) <= float(row.half_unit) + data.half_unit(written(new)):
            continue
        report.revisions.append(
            Revision(
                series=series.id, table=series.table, row=str(row.row), period=str(row.period), unit=str(row.unit),
                old=str(row.written), new=written(new), change=float(new / old - 1) if old else None,
                source=str(row.source), action=_action(series, row.known),
            )
        )  # fmt: skip
    newer = sorted(year for year in found if year > max(rows["period"]))
    if newer:
        report.newer[series.id] = newer


def _line(cells: dict[str, str]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells.values())
    return text.getvalue()


def _revise(table: str, revisions: Sequence[Revision], today: date) -> None:
    """Write revisions into one table of the package in use; lines that no revision names keep their bytes."""
    file, by_id = _path(table), {series.id: series for series in REGISTRY}
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    header = next(csv.reader([lines[0]]))
    # From the last line to the first, so that an added line moves none that is still to come.
    for revision in sorted(revisions, key=lambda r: -int(r.row.rpartition(":")[2])):
        number, series = int(revision.row.rpartition(":")[2]) - 1, by_id[revision.series]
        cells = dict(zip(header, next(csv.reader([lines[number]])), strict=True))
        before = "replaces" if revision.action == "replace" else "revises"
        cells |= {
            "value": revision.new,
            "source": series.api.key,
            "locator": series.locator,
            "note": f"{series.note}; fetched {today.isoformat()}; {before} {revision.old} of {revision.source}",
        }
        kept = [lines[number]] if revision.action == "add" else []
        lines[number : number + 1] = [*kept, _line(cells)]
    file.write_text("".join(lines), encoding="utf-8")


def _cite(apis: Sequence[Api], today: date) -> None:
    """Enter the APIs into the bibliography in use, or set the day on which they were consulted."""
    file = data.root() / "book" / "references.bib"
    text = file.read_text(encoding="utf-8")
    for api in apis:
        entry = api.bibtex(today)
        old = re.search(rf"^@\w+\{{{api.key},.*?^\}}\n", text, re.MULTILINE | re.DOTALL)
        text = text.replace(old.group(), entry) if old else f"{text.rstrip()}\n\n{entry}"
    file.write_text(text, encoding="utf-8")


@contextmanager
def revised(revisions: Sequence[Revision], today: date) -> Iterator[Path]:
    """Read the data package, with revisions accepted, from a temporary copy; checks are left out.

    Yields:
        The folder of the copy.

    """
    origin = data.root()
    with tempfile.TemporaryDirectory(prefix="eastward-refresh-") as name:
        folder = Path(name)
        shutil.copytree(origin / "data", folder / "data")
        (folder / "book").mkdir()
        shutil.copy(origin / "book" / "references.bib", folder / "book")
        with data.using(folder):
            kept = [r for r in revisions if r.action != "check"]
            for table in dict.fromkeys(r.table for r in kept):
                _revise(table, [r for r in kept if r.table == table], today)
            used = {r.series for r in kept}
            _cite(list(dict.fromkeys(s.api for s in REGISTRY if s.id in used)), today)
            data.accept()
            yield folder


def _statuses() -> dict[tuple[str, str], str]:
    found = {}
    for claim in all_claims():
        for as_of in AS_OF:
            try:
                found[claim, as_of] = verdict(claim, as_of).status
            except (ArithmeticError, LookupError, ValueError) as error:
                found[claim, as_of] = f"cannot be computed ({error})"
    return found


def verdict_changes(revisions: Sequence[Revision], today: date) -> list[VerdictChange]:
    """Return the claims whose status would change on either date if the revisions were accepted."""
    before = _statuses()
    with revised(revisions, today):
        after = _statuses()
    claims = all_claims()
    return [
        VerdictChange(claim, claims[claim].short, as_of, before[claim, as_of], status)
        for (claim, as_of), status in after.items()
        if status != before[claim, as_of]
    ]


def _years(series: Series, today: date) -> list[str]:
    """Years to ask for: those of the rows, and all later ones."""
    known = list(rows_of(series)["period"])
    return [*known, *(str(year) for year in range(int(max(known)) + 1, today.year + 1))]


def refresh(settings: Settings, registry: Sequence[Series] = REGISTRY) -> Report:
    """Ask every API, compare with the data package in use, and say which verdicts would change.

    A series whose API fails is listed under ``failures``; the others are compared all the same. An API that cannot be
    reached is not asked again for its other series.

    Raises:
        DataError: the data package itself is faulty.

    """
    report = Report(settings.today)
    down: set[str] = set()
    for series in registry:
        if series.api.key in down:
            report.failures[series.id] = "no connection"
            report.unreachable += 1
            continue
        try:
            found = fetch(series, _years(series, settings.today), settings)
        except ApiError as error:
            report.failures[series.id] = str(error)
            if isinstance(error, UnreachableError):
                down.add(series.api.key)
                report.unreachable += 1
            continue
        compare(series, found, report)
    plausible = [r for r in report.acceptable if not r.suspect]
    if plausible:
        report.verdicts = verdict_changes(plausible, settings.today)
    return report


def _refuse(report: Report) -> None:
    if report.failures:
        name, problem = next(iter(report.failures.items()))
        raise RefreshError(f"nothing accepted: {name}: {problem}; try again when every API answers")
    for revision in report.acceptable:
        if revision.suspect:
            raise RefreshError(
                f"nothing accepted: {revision.row}: {revision.old} to {revision.new} {revision.unit} is no revision "
                "but another unit or series; check the query in eastward.refresh.REGISTRY"
            )
    for change in report.verdicts:
        if change.new.startswith("cannot be computed"):
            raise RefreshError(f"nothing accepted: {change.claim} {change.new}; correct the rows by hand")


def _install(folder: Path, target: Path, names: Sequence[str]) -> None:
    """Replace files of the book (``target``) by those of the copy (``folder``): all of them, or none."""
    before = {name: (target / name).read_bytes() for name in names}
    staged = {name: (target / name).with_name(Path(name).name + ".refresh") for name in names}
    done: list[str] = []
    try:
        for name, file in staged.items():
            file.write_bytes((folder / name).read_bytes())
        for name, file in staged.items():
            file.replace(target / name)
            done.append(name)
    except OSError as error:
        for name in done:
            (target / name).write_bytes(before[name])
        raise RefreshError(f"nothing accepted: {error}; the data are as they were") from error
    finally:
        for file in staged.values():
            file.unlink(missing_ok=True)


def accept(report: Report) -> list[Revision]:
    """Write the revisions of a report into the data package in use, with checksums and bibliography: all or nothing.

    Returns:
        The revisions written.

    Raises:
        RefreshError: an API failed, a figure changed by more than the factor :data:`SUSPECT`, a verdict could not be
            computed, the revised package would not be valid, or a file could not be written.

    """
    _refuse(report)
    if not report.acceptable:
        return []
    tables = dict.fromkeys(r.table for r in report.acceptable)
    names = [*(f"data/{data.describe(t)['path']}" for t in tables), "book/references.bib", "data/datapackage.json"]
    origin = data.root()
    with revised(report.acceptable, report.fetched) as folder:
        try:
            data.validate()
        except data.DataError as error:
            raise RefreshError(f"nothing accepted: {error}") from error
        _install(folder, origin, names)
    return report.acceptable


def _percent(change: float | None) -> str:
    return "" if change is None else f"{100 * change:+.2f} %"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (header, ["---"] * len(header), *rows)]


def _revision_rows(revisions: Sequence[Revision]) -> list[str]:
    header = ("Series", "Row", "Period", "Unit", "Old", "New", "Change", "Source of the old figure")
    rows = [(r.series, r.row, r.period, r.unit, r.old, r.new, _percent(r.change), r.source) for r in revisions]
    return _table(header, rows)


_HEADINGS = {
    "replace": "Revised rows: accepting replaces them",
    "add": "Revised since publication: accepting adds a row",
    "check": "Checks against another compiler: never accepted",
}


def summary(report: Report) -> str:
    """Return the finding in one line."""
    checks = len(report.revisions) - len(report.acceptable)
    return (
        f"{report.compared} rows compared, {len(report.acceptable)} revised, {checks} differ from another compiler, "
        f"{len(report.verdicts)} verdicts would change, {len(report.failures)} series failed"
    )


def markdown(report: Report) -> str:
    """Return the report as Markdown: finding first, then verdicts, revisions, gaps and failures."""
    lines = ["# Revisions of open data", "", f"Fetched {report.fetched.isoformat()}: {summary(report)}.", ""]
    if report.verdicts:
        rows = [(v.claim, v.short, v.as_of, v.old, v.new) for v in report.verdicts]
        lines += ["## Verdicts that would change", "", *_table(("Claim", "Text", "As of", "Now", "Then"), rows), ""]
    for action, heading in _HEADINGS.items():
        if found := [r for r in report.revisions if r.action == action]:
            lines += [f"## {heading}", "", *_revision_rows(found), ""]
    lists = {
        "Failed": report.failures,
        "Years of the package that the API did not give": {k: ", ".join(v) for k, v in report.absent.items()},
        "Later years that only the API has": {k: ", ".join(v) for k, v in report.newer.items()},
    }
    for heading, entries in lists.items():
        if entries:
            lines += [f"## {heading}", "", *(f"- {name}: {text}" for name, text in entries.items()), ""]
    return "\n".join(lines)


def write(report: Report, folder: Path) -> None:
    """Write ``report.md`` and ``report.json`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {**asdict(report), "fetched": report.fetched.isoformat()}
    (folder / "report.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "report.md").write_text(markdown(report), encoding="utf-8")


def main(arguments: Sequence[str], settings: Settings | None = None, registry: Sequence[Series] = REGISTRY) -> int:
    """``python -m eastward.refresh [--accept]``: compare, report, and with ``--accept`` write; see the exit codes."""
    parser = argparse.ArgumentParser(prog="eastward.refresh", description="Compare data/ with the agencies' open APIs.")
    parser.add_argument("--accept", action="store_true", help="write the revisions into data/ (default: report only)")
    options = parser.parse_args(arguments)
    try:
        report = refresh(settings or Settings(), registry)
        if report.unreachable == len(registry):
            print("refresh: offline: no API can be reached, so nothing was compared and data/ is unchanged")
            return 0
        folder = data.root() / "_build" / "refresh"
        write(report, folder)
        print(f"refresh: {summary(report)}; see {folder / 'report.md'}")
        for name, problem in report.failures.items():
            print(f"refresh: {name}: {problem}", file=sys.stderr)
        if options.accept:
            done = accept(report)
            for revision in done:
                print(f"accepted: {revision.row} {revision.period}: {revision.old} to {revision.new} {revision.unit}")
            print(f"refresh: {len(done)} revisions accepted")
    except (RefreshError, data.DataError, OSError) as error:
        print(f"refresh: {error}", file=sys.stderr)
        return 1
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
