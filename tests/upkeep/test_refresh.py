"""Refreshing from open APIs, against a local server that answers in their documented formats."""

import json
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import yaml
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.upkeep import refresh
from eastward.upkeep.refresh import REGISTRY, RefreshError, Settings
from tests.conftest import PackageCopy

TODAY = date(2026, 11, 24)
SERIES = {series.id: series for series in REGISTRY}
EU_EXPORTS, EU_IMPORTS = SERIES["eurostat-eu27-russia-exports"], SERIES["eurostat-eu27-russia-imports"]
RUSSIA = SERIES["wdi-rus-exports"]
RUSSIA_2023 = {"series": "wdi", "reporter": "RUS", "flow": "exports", "period": "2023"}
CHINA = SERIES["comtrade-china-russia-imports"]
ONE_OF_EACH = {"eurostat": EU_EXPORTS, "worldbank": RUSSIA, "comtrade": CHINA}
SOME = (EU_EXPORTS, EU_IMPORTS, RUSSIA, CHINA)
CLAIM = "C09"
TABLES = ("countries", *dict.fromkeys(series.table for series in REGISTRY), "trade_russian_customs_growth")
"""What the registry compares, and what the claim on EU trade reads besides: it stands for all claims."""

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> PackageCopy:
    """The tables in question, their sources and one claim: the whole package takes long to copy and to validate."""
    origin, folder = data.root(), tmp_path_factory.mktemp("package")
    (folder / "data").mkdir()
    (folder / "book").mkdir()
    descriptor = dict(data.package()) | {"resources": [data.describe(table) for table in TABLES]}
    (folder / "data" / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for name in ("claims.schema.json", *(resource["path"] for resource in descriptor["resources"])):
        shutil.copy(origin / "data" / name, folder / "data")
    document = yaml.safe_load((origin / "data" / "claims.yaml").read_text(encoding="utf-8"))
    kept = document | {"claims": [c for c in document["claims"] if c["id"] == CLAIM], "arguments": [], "text": []}
    (folder / "data" / "claims.yaml").write_text(yaml.safe_dump(kept), encoding="utf-8")
    used = {source for table in TABLES for source in data.load(table).get("source", [])}
    entries = re.split(r"(?m)^(?=@)", (origin / "book" / "references.bib").read_text(encoding="utf-8"))
    cited = [entry for entry in entries if entry.partition("{")[2].partition(",")[0] in used]
    assert len(cited) == len(used)
    (folder / "book" / "references.bib").write_text("".join(cited), encoding="utf-8")
    return PackageCopy(folder)


@pytest.fixture()
def package(small: PackageCopy) -> Iterator[PackageCopy]:
    """The small package, which is as it was after the test, times of files included: what was read of it stays read."""
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in small.folder.glob("*/*")}
    with data.using(small.folder):
        yield small
    shutil.rmtree(small.folder / "_build", ignore_errors=True)
    for file, (content, changed) in before.items():
        if file.read_bytes() != content:
            file.write_bytes(content)
        os.utime(file, ns=(changed, changed))
    assert set(small.folder.glob("*/*")) == before.keys(), "nothing half written stays"


@pytest.fixture(scope="module")
def unrevised(small: PackageCopy) -> dict[str, dict[str, str]]:
    """Figures of each series by year, in the unit of its API, as the rows have them."""
    with data.using(small.folder):
        rows = {series.id: refresh.rows_of(series).itertuples() for series in REGISTRY}
        return {s.id: {r.period: refresh.written(Decimal(r.written) / s.scale) for r in rows[s.id]} for s in REGISTRY}


def raw(answer: object) -> Response:
    """JSON in which a text ``#38181.70`` is the number as it is written."""
    return Response(re.sub(r'"#([^"]*)"', r"\1", json.dumps(answer)), content_type="application/json")


class Agencies:
    """The three APIs on one local server. ``values`` hold what each series gives, in the API's own unit."""

    def __init__(self, server: HTTPServer, values: dict[str, dict[str, str]], slept: list[float]):
        self.server, self.slept = server, slept
        self.values = {series: dict(by_year) for series, by_year in values.items()}
        self.faults: dict[str, list[Callable[[], Response]]] = {api: [] for api in ONE_OF_EACH}
        self.asked: list[tuple[str, dict[str, str]]] = []
        for api in self.faults:
            server.expect_request(re.compile(f"/{api}/.*")).respond_with_handler(self.guard(api, getattr(self, api)))

    @property
    def settings(self) -> Settings:
        return Settings(*(self.server.url_for(f"/{api}") for api in ONE_OF_EACH), today=TODAY)

    def guard(self, api: str, answer: Callable[[str, dict[str, str]], Response]) -> Callable[[Request], Response]:
        def handler(request: Request) -> Response:
            self.asked.append((request.path, request.args.to_dict()))
            faults = self.faults[api]
            return faults.pop(0)() if faults else answer(*self.asked[-1])

        return handler

    def fail(self, api: str, times: int = 1, **response: object) -> None:
        """Let an API answer its next requests with a fault."""
        self.faults[api] = [lambda: Response(**response)] * times  # type: ignore[arg-type]

    def given(self, asked: dict[str, str], first: str, last: str) -> dict[str, str]:
        """Figures of the series that is asked for, by year."""
        (series,) = [s for s in REGISTRY if s.query.items() <= asked.items()]
        return {year: value for year, value in self.values[series.id].items() if first <= year <= last}

    def eurostat(self, path: str, query: dict[str, str]) -> Response:
        values = self.given(query, query["sinceTimePeriod"], query["untilTimePeriod"])
        index, asked = {year: n for n, year in enumerate(values)}, EU_EXPORTS.query
        given = {str(index[year]): f"#{value}" for year, value in values.items() if value != "null"}
        cube = {"version": "2.0", "class": "dataset", "id": [*asked, "time"], "size": [*[1] * len(asked), len(index)]}
        return raw(cube | {"value": given, "dimension": {"time": {"category": {"index": index}}}})

    def worldbank(self, path: str, query: dict[str, str]) -> Response:
        _, _, _, country, _, indicator = path.split("/")
        values = self.given({"indicator": indicator, "country": country}, *query["date"].split(":"))
        rows = [{"countryiso3code": country, "date": year, "value": f"#{value}"} for year, value in values.items()]
        return raw([{"page": 1, "pages": 1, "per_page": int(query["per_page"]), "total": len(rows)}, rows or None])

    def comtrade(self, path: str, query: dict[str, str]) -> Response:
        years = query["period"].split(",")
        values = self.given(query, min(years), max(years))
        rows = [{"refYear": int(y), "period": y, "primaryValue": f"#{values[y]}"} for y in {*years} & {*values}]
        return raw({"elapsedTime": "0.1 secs", "count": len(rows), "data": rows, "error": ""})


@pytest.fixture()
def agencies(
    package: PackageCopy, unrevised: dict[str, dict[str, str]], httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> Agencies:
    """The APIs as they would answer if nothing had been revised; who waits for them is noted and waits no time."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    slept: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time", SimpleNamespace(sleep=slept.append, time=time.time))
    return Agencies(httpserver, unrevised, slept)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the data package and the bibliography."""
    return {file.name: file.read_bytes() for part in ("data", "book") for file in (folder / part).iterdir()}


def report_of(package: PackageCopy) -> str:
    return (package.folder / "_build" / "refresh" / "report.md").read_text(encoding="utf-8")


def test_unrevised_data_give_no_revision(agencies: Agencies) -> None:
    assert len(SERIES) == len(REGISTRY)
    assert all(len(rows) >= 3 for rows in agencies.values.values())
    report = refresh.refresh(agencies.settings)
    assert (report.failures, report.revisions, report.absent, report.verdicts) == ({}, [], {}, [])
    assert report.compared == sum(len(v) for v in agencies.values.values())


@pytest.mark.parametrize(
    ("series", "given", "expected"),
    [
        (EU_EXPORTS, "38181.7", "38.1817"), (EU_EXPORTS, "38181.70", "38.18170"), (RUSSIA, "424500000000", "424.500000"),
        (RUSSIA, "4.245e11", "424.500000"), (CHINA, "129139000000", "129.139000"),
    ],
)  # fmt: skip
def test_figures_come_in_the_unit_of_the_rows(agencies: Agencies, series: Any, given: str, expected: str) -> None:
    """Gaps are absent years."""
    agencies.values[series.id] = {"2021": given, "2022": "null", "2023": given}
    found = refresh.fetch(series, ["2021", "2022", "2023"], agencies.settings)
    assert {year: refresh.written(value) for year, value in found.items()} == {"2021": expected, "2023": expected}


@pytest.mark.parametrize(("given", "revised"), [("38181.7", False), ("38181.666", False), ("38181.8", True)])
def test_rounding_is_no_revision_and_absent_years_are_listed(agencies: Agencies, given: str, revised: bool) -> None:
    values = agencies.values[EU_EXPORTS.id]
    del values["2010"]
    values |= {"2023": given, "2025": "1.5"}
    report = refresh.refresh(agencies.settings, [EU_EXPORTS])
    assert bool(report.revisions) is revised
    assert (report.absent, report.newer) == ({EU_EXPORTS.id: ["2010"]}, {EU_EXPORTS.id: ["2025"]})


def test_verdicts_that_would_change_are_named(agencies: Agencies, package: PackageCopy) -> None:
    agencies.values[EU_EXPORTS.id]["2023"] = "76000"
    agencies.values[EU_IMPORTS.id]["2023"] = "101000"
    before = contents(package.folder)
    report = refresh.refresh(agencies.settings, SOME)
    (changed,) = report.verdicts
    assert (changed["claim"], changed["as_of"]) == (CLAIM, "hindsight"), "what was known at publication stays"
    assert contents(package.folder) == before
    assert changed["now"] == verdict(CLAIM, "hindsight").status
    package.edit("trade_eurostat", "value", "76.000", period="2023", source="marylev2024comext", partner="RUS")
    package.edit("trade_eurostat", "value", "101", period="2023", source="moscowpost2024eurostat", flow="imports")
    assert changed["then"] == verdict(CLAIM, "hindsight").status


def test_accept_replaces_a_later_row_and_cites_the_api(agencies: Agencies, package: PackageCopy) -> None:
    agencies.values[RUSSIA.id]["2023"] = "430000000000"
    _, (old,) = package.found("trade_world", RUSSIA_2023)
    lines = package.path("trade_world").read_bytes().splitlines()
    assert accepted(agencies) == 0
    _, (new,) = package.found("trade_world", RUSSIA_2023)
    assert (new["value"], new["source"]) == ("430.000000", "wdiapi")
    assert new["locator"] == "indicator=TX.VAL.MRCH.CD.WT, country=RUS"
    assert new["note"].endswith(f"fetched 2026-11-24; replaces {old['value']} of {old['source']}")
    changed = [a != b for a, b in zip(lines, package.path("trade_world").read_bytes().splitlines(), strict=True)]
    assert sum(changed) == 1, "every other line keeps its bytes"
    assert data.sources()["wdiapi"].urldate == "2026-11-24"
    assert data.describe("trade_world")["hash"] == data.checksum(package.path("trade_world"))
    assert refresh.refresh(agencies.settings, SOME).revisions == [], "a second refresh finds nothing"
    agencies.values[RUSSIA.id]["2023"] = "435000000000"
    assert accepted(agencies, RUSSIA, day=date(2027, 2, 3)) == 0
    assert data.sources()["wdiapi"].urldate == "2027-02-03"
    assert (package.folder / "book" / "references.bib").read_text(encoding="utf-8").count("@misc{wdiapi,") == 1


def test_accept_keeps_what_was_known_at_publication(agencies: Agencies, package: PackageCopy) -> None:
    agencies.values[EU_IMPORTS.id]["2021"] = "164000"
    where = {"reporter": "EU27", "partner": "RUS", "flow": "imports", "period": "2021"}
    _, old = package.found("trade_eurostat", where)
    known = data.on(data.PUBLICATION)(data.load)("trade_eurostat")["value"].tolist()
    assert accepted(agencies) == 0
    *kept, new = sorted(package.found("trade_eurostat", where)[1], key=lambda row: row["source"] == "eurostatapi")
    assert (kept, new["value"], new["source"]) == (old, "164.000", "eurostatapi")
    assert data.on(data.PUBLICATION)(data.load)("trade_eurostat")["value"].tolist() == known


def test_accept_refuses_a_wrong_unit(agencies: Agencies, package: PackageCopy, capsys: Captured) -> None:
    agencies.values[RUSSIA.id]["2022"] = "590000000000"
    before = contents(package.folder)
    for given in ("42450000000000", "0", "-1000000000"):
        agencies.values[RUSSIA.id]["2023"] = given
        assert accepted(agencies) == 1
        assert contents(package.folder) == before
        assert "another unit" in capsys.readouterr().err
        assert report_of(package).count(f"| {RUSSIA.id} |") == 2, "the report shows it all the same"


def accepted(agencies: Agencies, *series: refresh.Series, day: date = TODAY) -> int:
    """Refresh and accept: the exit code."""
    return refresh.main(["--accept"], replace(agencies.settings, today=day), series or SOME)


def test_a_report_says_what_becomes_of_each_row(agencies: Agencies, package: PackageCopy, capsys: Captured) -> None:
    agencies.values[RUSSIA.id]["2023"], agencies.values[CHINA.id]["2023"] = "500000000000", "1"
    before = contents(package.folder)
    assert refresh.main([], agencies.settings, SOME) == 0
    assert contents(package.folder) == before
    found = {r.series: r for r in refresh.refresh(agencies.settings, SOME).revisions}
    assert {series: r.action for series, r in found.items()} == {RUSSIA.id: "replace", CHINA.id: "check"}
    for r in found.values():
        assert f"| {r.row} | 2023 | USD bn | {r.old} | {r.new} |" in report_of(package)
    russia = found[RUSSIA.id]
    assert (russia.new, russia.change) == ("500.000000", pytest.approx(500 / float(russia.old) - 1))
    assert russia.row in data.load("trade_world", reporter="RUS", flow="exports", period="2023")["row"].to_list()
    assert "1 revised, 1 differ from another compiler" in capsys.readouterr().out
    del agencies.values[RUSSIA.id]["2023"]
    assert accepted(agencies) == 0
    assert contents(package.folder) == before, "a check is never accepted"


def no_source_of_the_api(package: PackageCopy, agencies: Agencies, monkeypatch: pytest.MonkeyPatch) -> None:
    descriptor = json.loads(json.dumps(dict(data.package())))
    (fields,) = (r["schema"]["fields"] for r in descriptor["resources"] if r["name"] == "trade_world")
    next(f for f in fields if f["name"] == "source")["constraints"]["pattern"] = f"(?!{RUSSIA.api.key}).*"
    (package.folder / "data" / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def no_verdict(package: PackageCopy, agencies: Agencies, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_in_the_copy(claim: str, as_of: str) -> object:
        if data.root() != package.folder:
            raise ZeroDivisionError("division by zero")
        return verdict(claim, as_of)

    monkeypatch.setattr(refresh, "verdict", fails_in_the_copy)


def no_space(package: PackageCopy, agencies: Agencies, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path, **options: bool) -> Path:
        if Path(target).name == "references.bib.refresh":
            raise OSError(28, "No space left on device")
        return copyfile(source, target, **options)

    copyfile = shutil.copyfile
    monkeypatch.setattr(refresh.shutil, "copyfile", full)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (no_source_of_the_api, "nothing accepted: data/trade_world.csv, row "),
        (no_verdict, "division by zero"),
        (lambda package, agencies, _: agencies.fail("comtrade", status=500), f"nothing accepted: {CHINA.id}: HTTP 500"),
        (no_space, "No space left"),
        (lambda package, *_: package.edit("trade_world", "value", "many", **RUSSIA_2023), "trade_world.csv, row"),
    ],
)
def test_accept_is_all_or_nothing(
    agencies: Agencies, package: PackageCopy, monkeypatch: Any, capsys: Captured, trouble: Any, told: str
) -> None:
    agencies.values[RUSSIA.id]["2023"] = "430000000000"
    trouble(package, agencies, monkeypatch)
    before = contents(package.folder)
    assert accepted(agencies) == 1
    assert contents(package.folder) == before
    assert told in capsys.readouterr().err


YEAR = '"dimension": {"time": {"category": {"index": {"2023": 0}}}}'
ANSWERS = {  # with a figure, and with two of one year
    "eurostat": (f'{{"size": [1], "value": {{"0": %s}}, {YEAR}}}', f'{{"size": [2, 1], "value": {{"0": 1, "1": 2}}, {YEAR}}}'),
    "worldbank": ('[{}, [{"date": "2023", "value": %s}]]', '[{}, [{"date": "2023", "value": 1}, {"date": "2023", "value": 1}]]'),
    "comtrade": ('{"data": [{"period": "2023", "primaryValue": %s}]}', '{"data": [{"period": "2023", "primaryValue": 1}, {"period": "2023", "primaryValue": 1}]}'),
}  # fmt: skip
NO_JSON = ("<html>maintenance", "", "[]", "{}", "[1, 2]", '"text"', "[" * 100_000, b"\xff\xfe\x00")


@pytest.mark.parametrize("api", ONE_OF_EACH)
def test_a_fault_of_one_api_is_named_and_leaves_the_others(agencies: Agencies, api: str) -> None:
    """Errors of HTTP, answers that are not what the API documents, figures that are no numbers, more than one series."""
    faults: list[tuple[dict[str, object], str]] = [({"status": status}, f"HTTP {status}") for status in (404, 500)]
    one, two = ANSWERS[api]
    answers = (*NO_JSON, *(one % given for given in ("many", '"many"', "true", "[1]", "{}")), two)
    faults += [({"response": answer, "content_type": "application/json"}, "malformed answer: ") for answer in answers]
    for response, problem in faults:
        agencies.fail(api, **response)
        with pytest.raises(RefreshError) as caught:
            refresh.fetch(ONE_OF_EACH[api], ["2023"], agencies.settings)
        assert str(caught.value).startswith(problem), response
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 200
    agencies.fail(api, status=404)
    report = refresh.refresh(agencies.settings, tuple(ONE_OF_EACH.values()))
    assert (report.failures, report.compared > 0) == ({ONE_OF_EACH[api].id: "HTTP 404"}, True)
    agencies.values[ONE_OF_EACH[api].id] = {}
    with pytest.raises(RefreshError, match="empty answer"):
        refresh.fetch(ONE_OF_EACH[api], ["2023"], agencies.settings)


@pytest.mark.parametrize(("asked", "least", "most"), [("7", 7, 7), ("3600", 60, 60), ("", 0, 2)])
@pytest.mark.parametrize("status", [429, 503])
def test_a_limit_is_waited_for(agencies: Agencies, status: int, asked: str, least: int, most: int) -> None:
    header = {"Retry-After": asked} if asked else {}
    agencies.fail("comtrade", status=status, headers=header)
    assert refresh.fetch(CHINA, ["2023"], agencies.settings)
    agencies.fail("comtrade", times=9, status=status, headers=header)
    with pytest.raises(RefreshError, match=f"HTTP {status}: "):
        refresh.fetch(CHINA, ["2023"], agencies.settings)
    assert len(agencies.asked) == 2 + 1 + refresh.PATIENCE.status
    assert all(least <= seconds <= most for seconds in agencies.slept)


@pytest.mark.parametrize("sent", [None, b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[", b"no HTTP\r\n\r\n"])
def test_an_answer_that_is_late_or_breaks_off_is_a_failure_not_offline(agencies: Agencies, sent: bytes | None) -> None:
    def answer(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(sent or b"")
            time.sleep(0.5 if sent is None else 0)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, args=[server])
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        report = refresh.refresh(Settings(url, url, url, timeout=0.2 if sent is None else 5, today=TODAY), [RUSSIA])
        thread.join()
    assert (report.failures.keys(), report.offline) == ({RUSSIA.id}, False)


@pytest.fixture()
def no_server() -> str:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.usefixtures("agencies")
def test_offline_says_so_in_one_line(package: PackageCopy, no_server: str, capsys: Captured) -> None:
    before = contents(package.folder)
    for arguments in ([], ["--accept"]):
        assert refresh.main(arguments, Settings(no_server, no_server, no_server, today=TODAY)) == 0
        output = capsys.readouterr()
        assert output.out.startswith("refresh: offline: ")
        assert (output.out.count("\n"), output.err) == (1, "")
        assert contents(package.folder) == before
        assert not (package.folder / "_build").exists()


def test_an_api_out_of_reach_is_asked_once(agencies: Agencies, no_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = Mock(side_effect=refresh.fetch)
    monkeypatch.setattr(refresh, "fetch", fetch)
    settings = replace(agencies.settings, eurostat=no_server)
    report = refresh.refresh(settings, SOME)
    assert [call.args[0] for call in fetch.call_args_list] == [EU_EXPORTS, RUSSIA, CHINA]
    assert report.failures == {EU_EXPORTS.id: "no connection", EU_IMPORTS.id: "no connection"}
    assert (report.offline, refresh.main([], settings, SOME)) == (False, 1)
