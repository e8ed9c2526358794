"""Refreshing from open APIs, against a local server that answers in their documented formats."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import yaml
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.upkeep import refresh
from eastward.upkeep.refresh import REGISTRY, RefreshError, Settings, UnreachableError
from tests.conftest import PackageCopy

TODAY = date(2026, 11, 24)
SERIES = {series.id: series for series in REGISTRY}
EU_EXPORTS, EU_IMPORTS = SERIES["eurostat-eu27-russia-exports"], SERIES["eurostat-eu27-russia-imports"]
RUSSIA = SERIES["wdi-rus-exports"]
CHINA = SERIES["comtrade-china-russia-imports"]
ONE_OF_EACH = {"eurostat": EU_EXPORTS, "worldbank": RUSSIA, "comtrade": CHINA}
SOME = (EU_EXPORTS, EU_IMPORTS, RUSSIA, CHINA)
CLAIM = "C09"
TABLES = ("countries", *dict.fromkeys(series.table for series in REGISTRY), "trade_russian_customs_growth")
"""What the registry compares, and what the claim on EU trade reads besides: it stands for all claims."""

each_api = pytest.mark.parametrize("api", ONE_OF_EACH)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> PackageCopy:
    """The tables in question, their sources and one claim: the whole package takes long to copy and to validate."""
    origin, folder = data.root(), tmp_path_factory.mktemp("package")
    (folder / "data").mkdir()
    (folder / "book").mkdir()
    descriptor = data.package() | {"resources": [data.describe(table) for table in TABLES]}
    (folder / "data" / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    for resource in descriptor["resources"]:
        shutil.copy(origin / "data" / resource["path"], folder / "data")
    document = yaml.safe_load((origin / "data" / "claims.yaml").read_text(encoding="utf-8"))
    kept = document | {"claims": [c for c in document["claims"] if c["id"] == CLAIM], "arguments": [], "text": []}
    (folder / "data" / "claims.yaml").write_text(yaml.safe_dump(kept), encoding="utf-8")
    shutil.copy(origin / "data" / "claims.schema.json", folder / "data")
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
        self.faults: dict[str, list[Callable[[], Response]]] = {"eurostat": [], "worldbank": [], "comtrade": []}
        self.asked: list[tuple[str, dict[str, str]]] = []
        for api in self.faults:
            server.expect_request(re.compile(f"/{api}/.*")).respond_with_handler(self.guard(api, getattr(self, api)))

    @property
    def settings(self) -> Settings:
        return Settings(*(self.server.url_for(f"/{api}") for api in ("eurostat", "worldbank", "comtrade")), today=TODAY)

    def guard(self, api: str, answer: Callable[[str, dict[str, str]], Response]) -> Callable[[Request], Response]:
        def handler(request: Request) -> Response:
            self.asked.append((request.path, request.args.to_dict()))
            faults = self.faults[api]
            return faults.pop(0)() if faults else answer(*self.asked[-1])

        return handler

    def fail(self, api: str, times: int = 1, **response: object) -> None:
        """Let an API answer its next requests with a fault."""
        self.faults[api] = [lambda: Response(**response)] * times  # type: ignore[arg-type]

    def eurostat(self, path: str, query: dict[str, str]) -> Response:
        asked = {name: value for name, value in query.items() if name in EU_EXPORTS.query}
        found = [s for s in (EU_EXPORTS, EU_IMPORTS) if s.query == asked]
        if not found:
            return Response("no such series", status=400)
        first, last = query["sinceTimePeriod"], query["untilTimePeriod"]
        values = {year: value for year, value in self.values[found[0].id].items() if first <= year <= last}
        return raw(
            {
                "version": "2.0",
                "class": "dataset",
                "id": [*asked, "time"],
                "size": [*[1] * len(asked), len(values)],
                "value": {str(n): f"#{value}" for n, value in enumerate(values.values()) if value != "null"},
                "dimension": {"time": {"category": {"index": {year: n for n, year in enumerate(values)}}}},
            }
        )

    def worldbank(self, path: str, query: dict[str, str]) -> Response:
        _, _, _, country, _, indicator = path.split("/")
        series = next(s for s in REGISTRY if s.query == {"indicator": indicator, "country": country})
        first, last = query["date"].split(":")
        values = {year: value for year, value in self.values[series.id].items() if first <= year <= last}
        rows = [{"countryiso3code": country, "date": year, "value": f"#{value}"} for year, value in values.items()]
        return raw([{"page": 1, "pages": 1, "per_page": int(query["per_page"]), "total": len(rows)}, rows or None])

    def comtrade(self, path: str, query: dict[str, str]) -> Response:
        series = next(s for s in REGISTRY if s.query.items() <= query.items())
        years = query["period"].split(",")
        values = {year: value for year, value in self.values[series.id].items() if year in years}
        rows = [{"refYear": int(year), "period": year, "primaryValue": f"#{value}"} for year, value in values.items()]
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


@pytest.fixture()
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the validation, which takes a second, where it is not what is tested."""
    monkeypatch.setattr(data, "validate", data.tables)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the data package and the bibliography."""
    return {file.name: file.read_bytes() for part in ("data", "book") for file in (folder / part).iterdir()}


def table_row(package: PackageCopy, table: str, **where: str) -> list[dict[str, str]]:
    with package.path(table).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if all(row[k] == v for k, v in where.items())]


def test_every_series_of_the_registry_has_rows() -> None:
    for series in REGISTRY:
        assert len(refresh.rows_of(series)) >= 3, series.id
    assert len(SERIES) == len(REGISTRY)


def test_unrevised_data_give_no_revision(agencies: Agencies) -> None:
    report = refresh.refresh(agencies.settings)
    assert report.failures == {}
    assert report.revisions == []
    assert report.absent == {}
    assert report.verdicts == []
    assert report.compared == sum(len(v) for v in agencies.values.values())


def test_queries_name_what_the_apis_document(agencies: Agencies) -> None:
    refresh.refresh(agencies.settings, tuple(ONE_OF_EACH.values()))
    (eurostat,) = [query for path, query in agencies.asked if path == "/eurostat/data/EXT_LT_MAINEU"]
    assert eurostat == EU_EXPORTS.query | {"format": "JSON", "sinceTimePeriod": "2010", "untilTimePeriod": "2026"}
    (worldbank,) = [q for p, q in agencies.asked if p == "/worldbank/country/RUS/indicator/TX.VAL.MRCH.CD.WT"]
    assert worldbank["format"] == "json"
    comtrade = [query for path, query in agencies.asked if path == "/comtrade/preview/C/A/HS"]
    assert len(agencies.asked) == 2 + len(comtrade)
    for query in comtrade:
        assert len(query["period"].split(",")) <= 12
        assert [query[name] for name in ("reporterCode", "partnerCode", "partner2Code")] == ["156", "643", "0"]
    years = [year for query in comtrade for year in query["period"].split(",")]
    assert sorted(set(years)) == years
    assert {*agencies.values[CHINA.id], "2026"} <= set(years)


def test_the_apis_are_asked_at_their_own_addresses() -> None:
    hosts = [urlsplit(url) for url in (Settings().eurostat, Settings().worldbank, Settings().comtrade)]
    assert [url.netloc for url in hosts] == ["ec.europa.eu", "api.worldbank.org", "comtradeapi.un.org"]
    assert {url.scheme for url in hosts} == {"https"}


@pytest.mark.parametrize(
    ("series", "year", "given", "expected"),
    [
        (EU_EXPORTS, "2023", "38181.7", "38.1817"),
        (EU_EXPORTS, "2023", "38181.70", "38.18170"),
        (RUSSIA, "2023", "424500000000", "424.500000"),
        (RUSSIA, "2023", "4.245e11", "424.500000"),
        (CHINA, "2023", "129139000000", "129.139000"),
    ],
)
def test_figures_come_in_the_unit_of_the_rows(
    agencies: Agencies, series: refresh.Series, year: str, given: str, expected: str
) -> None:
    agencies.values[series.id] = {year: given}
    found = refresh.fetch(series, [year], agencies.settings)
    assert {y: refresh.written(v) for y, v in found.items()} == {year: expected}


def test_a_revision_is_reported_with_row_values_and_change(agencies: Agencies) -> None:
    agencies.values[RUSSIA.id]["2023"] = "500000000000"
    (revision,) = refresh.refresh(agencies.settings, [RUSSIA]).revisions
    line = table_row_of(revision)
    assert line["period"] == "2023"
    assert (line["reporter"], line["flow"], line["value"]) == ("RUS", "exports", revision.old)
    assert revision.new == "500.000000"
    assert revision.change == pytest.approx(500 / float(revision.old) - 1)
    assert revision.action == "replace"


def table_row_of(revision: refresh.Revision) -> dict[str, str]:
    table, line = revision.place
    lines = (data.root() / "data" / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return dict(zip(*csv.reader([lines[0], lines[line - 1]]), strict=True))


@pytest.mark.parametrize(("given", "revised"), [("38181.7", False), ("38181.666", False), ("38181.8", True)])
def test_rounding_is_no_revision(agencies: Agencies, given: str, revised: bool) -> None:
    agencies.values[EU_EXPORTS.id]["2023"] = given
    assert bool(refresh.refresh(agencies.settings, [EU_EXPORTS]).revisions) is revised


def test_years_that_one_side_lacks_are_listed(agencies: Agencies) -> None:
    values = agencies.values[EU_EXPORTS.id]
    del values["2010"]
    values["2025"] = "1.5"
    report = refresh.refresh(agencies.settings, [EU_EXPORTS])
    assert report.absent == {EU_EXPORTS.id: ["2010"]}
    assert report.newer == {EU_EXPORTS.id: ["2025"]}


@each_api
def test_gaps_are_absent_years(agencies: Agencies, api: str) -> None:
    series = ONE_OF_EACH[api]
    agencies.values[series.id] = {"2021": "5e8", "2022": "null", "2023": "6e8"}
    found = refresh.fetch(series, ["2021", "2022", "2023"], agencies.settings)
    assert found == {"2021": 5 * 10**8 * series.scale, "2023": 6 * 10**8 * series.scale}


def test_verdicts_that_would_change_are_named(agencies: Agencies, package: PackageCopy) -> None:
    agencies.values[EU_EXPORTS.id]["2023"] = "76000"
    agencies.values[EU_IMPORTS.id]["2023"] = "101000"
    before = contents(package.folder)
    report = refresh.refresh(agencies.settings, SOME)
    changed = {(v["claim"], v["as_of"]): (v["now"], v["then"]) for v in report.verdicts}
    assert changed.keys() == {(CLAIM, "hindsight")}, "what was known at publication cannot be revised"
    assert contents(package.folder) == before
    package.edit("trade_eurostat", "value", "76.000", period="2023", source="marylev2024comext", partner="RUS")
    package.edit("trade_eurostat", "value", "101", period="2023", source="moscowpost2024eurostat", flow="imports")
    for (claim, as_of), (_, new) in changed.items():
        assert verdict(claim, as_of).status == new
    package.path("trade_eurostat").write_bytes(before["trade_eurostat.csv"])
    for (claim, as_of), (old, _) in changed.items():
        assert verdict(claim, as_of).status == old


def test_nothing_is_written_into_data_without_accept(agencies: Agencies, package: PackageCopy) -> None:
    agencies.values[RUSSIA.id]["2023"] = "500000000000"
    before = contents(package.folder)
    assert refresh.main([], agencies.settings, SOME) == 0
    assert contents(package.folder) == before


def test_report_in_markdown_and_json_agree(
    agencies: Agencies, package: PackageCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies.values[RUSSIA.id]["2023"] = "500000000000"
    agencies.values[CHINA.id]["2023"] = "140000000000"
    assert refresh.main([], agencies.settings, SOME) == 0
    folder = package.folder / "_build" / "refresh"
    content = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert {(r["series"], r["action"]) for r in content["revisions"]} == {(RUSSIA.id, "replace"), (CHINA.id, "check")}
    for revision in content["revisions"]:
        assert f"| {revision['row']} | 2023 | USD bn | {revision['old']} | {revision['new']} |" in text
    assert content["fetched"] == "2026-11-24"
    assert "1 revised, 1 differ from another compiler" in text
    assert "1 revised, 1 differ from another compiler" in capsys.readouterr().out


def test_accept_replaces_a_later_row_and_cites_the_api(agencies: Agencies, package: PackageCopy) -> None:
    agencies.values[RUSSIA.id]["2023"] = "430000000000"
    where = {"series": "wdi", "reporter": "RUS", "flow": "exports", "period": "2023"}
    (old,) = table_row(package, "trade_world", **where)
    lines = package.path("trade_world").read_bytes().splitlines()
    assert refresh.main(["--accept"], agencies.settings, SOME) == 0
    (new,) = table_row(package, "trade_world", **where)
    assert (new["value"], new["source"]) == ("430.000000", "wdiapi")
    assert new["locator"] == "indicator=TX.VAL.MRCH.CD.WT, country=RUS"
    assert new["note"].endswith(f"fetched 2026-11-24; replaces {old['value']} of {old['source']}")
    changed = [a != b for a, b in zip(lines, package.path("trade_world").read_bytes().splitlines(), strict=True)]
    assert sum(changed) == 1, "every other line keeps its bytes"
    assert data.sources()["wdiapi"].urldate == "2026-11-24"
    assert data.describe("trade_world")["hash"] == data.checksum(package.path("trade_world"))
    assert refresh.refresh(agencies.settings, SOME).revisions == [], "a second refresh finds nothing"


def test_accept_keeps_what_was_known_at_publication(agencies: Agencies, package: PackageCopy) -> None:
    agencies.values[EU_IMPORTS.id]["2021"] = "164000"
    where = {"reporter": "EU27", "partner": "RUS", "flow": "imports", "period": "2021"}
    old = table_row(package, "trade_eurostat", **where)
    known = data.on(data.PUBLICATION)(data.load)("trade_eurostat")["value"].tolist()
    assert refresh.main(["--accept"], agencies.settings, SOME) == 0
    new = table_row(package, "trade_eurostat", **where)
    assert [row for row in new if row["source"] != "eurostatapi"] == old
    assert [row["value"] for row in new if row["source"] == "eurostatapi"] == ["164.000"]
    assert data.on(data.PUBLICATION)(data.load)("trade_eurostat")["value"].tolist() == known


@pytest.mark.usefixtures("trusting")
def test_accepting_again_moves_the_day_of_consultation(agencies: Agencies, package: PackageCopy) -> None:
    for day, value in ((date(2026, 11, 24), "430000000000"), (date(2027, 2, 3), "435000000000")):
        agencies.values[RUSSIA.id]["2023"] = value
        settings = Settings(**{**vars(agencies.settings), "today": day})
        assert refresh.main(["--accept"], settings, [RUSSIA]) == 0
        assert data.sources()["wdiapi"].urldate == day.isoformat()
    assert (package.folder / "book" / "references.bib").read_text(encoding="utf-8").count("@misc{wdiapi,") == 1


def test_checks_are_never_accepted(
    agencies: Agencies, package: PackageCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies.values[CHINA.id]["2023"] = "140000000000"
    before = contents(package.folder)
    assert refresh.main(["--accept"], agencies.settings, SOME) == 0
    assert contents(package.folder) == before
    assert "0 revisions accepted" in capsys.readouterr().out


@pytest.mark.parametrize("given", ["42450000000000", "0", "-1000000000"])
def test_accept_refuses_a_wrong_unit(
    agencies: Agencies, package: PackageCopy, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    agencies.values[RUSSIA.id]["2023"] = given
    agencies.values[RUSSIA.id]["2022"] = "590000000000"
    before = contents(package.folder)
    assert refresh.main(["--accept"], agencies.settings, SOME) == 1
    assert contents(package.folder) == before
    assert "is no revision but another unit" in capsys.readouterr().err
    report = json.loads((package.folder / "_build" / "refresh" / "report.json").read_text(encoding="utf-8"))
    assert len(report["revisions"]) == 2, "the report shows it all the same"
    assert report["failures"].keys() == {RUSSIA.id}


def test_a_check_of_another_size_is_no_failure(agencies: Agencies) -> None:
    agencies.values[CHINA.id]["2023"] = "1"
    report = refresh.refresh(agencies.settings, [CHINA])
    assert [r.action for r in report.revisions] == ["check"]
    assert report.failures == {}


def test_accept_refuses_what_leaves_a_verdict_without_computation(
    agencies: Agencies, package: PackageCopy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails_in_the_copy(claim: str, as_of: str) -> object:
        if data.root() != package.folder:
            raise ZeroDivisionError("division by zero")
        return verdict(claim, as_of)

    monkeypatch.setattr(refresh, "verdict", fails_in_the_copy)
    agencies.values[RUSSIA.id]["2023"] = "430000000000"
    before = contents(package.folder)
    assert refresh.main(["--accept"], agencies.settings, [RUSSIA]) == 1
    assert contents(package.folder) == before
    assert "division by zero" in capsys.readouterr().err


def test_accept_refuses_what_makes_the_package_invalid(
    agencies: Agencies, package: PackageCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies.values[RUSSIA.id]["2023"] = "430000000000"
    file = package.folder / "data" / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    fields = next(r for r in descriptor["resources"] if r["name"] == "trade_world")["schema"]["fields"]
    next(f for f in fields if f["name"] == "source")["constraints"]["pattern"] = f"(?!{RUSSIA.api.key}).*"
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    before = contents(package.folder)
    assert refresh.main(["--accept"], agencies.settings, [RUSSIA]) == 1
    assert contents(package.folder) == before
    assert re.fullmatch("refresh: nothing accepted: data/trade_world.csv, row .*\n", capsys.readouterr().err)


def test_accept_is_all_or_nothing_when_an_api_fails(
    agencies: Agencies, package: PackageCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies.values[RUSSIA.id]["2023"] = "430000000000"
    agencies.fail("comtrade", status=500)
    before = contents(package.folder)
    assert refresh.main(["--accept"], agencies.settings, SOME) == 1
    assert contents(package.folder) == before
    assert "nothing accepted: comtrade-china-russia-imports: HTTP 500" in capsys.readouterr().err


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("failing", [1, 2, 3])
def test_accept_is_all_or_nothing_when_the_disk_fails(
    agencies: Agencies, package: PackageCopy, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    agencies.values[RUSSIA.id]["2023"] = "430000000000"
    before = contents(package.folder)
    replace, calls = Path.replace, []

    def full(self: Path, target: Path) -> Path:
        if self.suffix == ".refresh":
            calls.append(self)
            if len(calls) == failing:
                raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    assert refresh.main(["--accept"], agencies.settings, SOME) == 1
    assert len(calls) == failing
    assert contents(package.folder) == before


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        ({"status": 404}, "HTTP 404"),
        ({"status": 500}, "HTTP 500"),
        ({"response": "<html>maintenance", "content_type": "text/html"}, "malformed answer: '<html>maintenance'"),
        ({"response": ""}, "malformed answer"),
        ({"response": "[]"}, "malformed answer"),
        ({"response": "{}"}, "malformed answer"),
        ({"response": "[1, 2]"}, "malformed answer"),
        ({"response": '"text"'}, "malformed answer"),
        ({"response": "[" * 100_000}, "malformed answer"),
        ({"response": b"\xff\xfe\x00"}, "malformed answer"),
    ],
    ids=["404", "500", "html", "nothing", "list", "object", "numbers", "text", "deep", "bytes"],
)
@each_api
def test_a_fault_of_one_api_is_named_and_leaves_the_others(
    agencies: Agencies, api: str, response: dict[str, object], problem: str
) -> None:
    agencies.fail(api, times=2, **({"content_type": "application/json"} | response))
    report = refresh.refresh(agencies.settings, tuple(ONE_OF_EACH.values()))
    ((name, text),) = report.failures.items()
    assert SERIES[name] is ONE_OF_EACH[api]
    assert text.startswith(problem)
    assert "\n" not in text
    assert len(text) < 200
    assert report.compared > 0


def test_what_the_world_bank_says_against_a_query_is_told(agencies: Agencies) -> None:
    answer = [{"message": [{"id": "120", "key": "Invalid value", "value": "The parameter value is not valid"}]}]
    agencies.fail("worldbank", response=json.dumps(answer), content_type="application/json")
    with pytest.raises(RefreshError, match="Invalid value"):
        refresh.fetch(RUSSIA, ["2023"], agencies.settings)


@each_api
def test_an_empty_answer_is_a_fault(agencies: Agencies, api: str) -> None:
    agencies.values[ONE_OF_EACH[api].id] = {}
    with pytest.raises(RefreshError, match="empty answer"):
        refresh.fetch(ONE_OF_EACH[api], ["2023"], agencies.settings)


@pytest.mark.parametrize("given", ["many", '"many"', "true", "[1]", "{}"])
@each_api
def test_a_figure_that_is_no_number_is_a_fault(agencies: Agencies, api: str, given: str) -> None:
    answers = {
        "eurostat": '{"size": [1], "value": {"0": %s}, "dimension": {"time": {"category": {"index": {"2023": 0}}}}}',
        "worldbank": '[{}, [{"date": "2023", "value": %s}]]',
        "comtrade": '{"data": [{"period": "2023", "primaryValue": %s}]}',
    }
    agencies.fail(api, response=answers[api] % given, content_type="application/json")
    with pytest.raises(RefreshError, match="malformed answer"):
        refresh.fetch(ONE_OF_EACH[api], ["2023"], agencies.settings)


@pytest.mark.parametrize("api", ["worldbank", "comtrade"])
def test_a_year_that_stands_twice_is_a_fault(agencies: Agencies, api: str) -> None:
    row = {"period": "2023", "primaryValue": 1.0, "date": "2023", "value": 1.0}
    answer = [{}, [row, row]] if api == "worldbank" else {"data": [row, row]}
    agencies.fail(api, response=json.dumps(answer), content_type="application/json")
    with pytest.raises(RefreshError, match="malformed answer"):
        refresh.fetch(ONE_OF_EACH[api], ["2023"], agencies.settings)


def test_more_than_one_series_is_a_fault(agencies: Agencies) -> None:
    answer = {"size": [2, 1], "value": {"0": 1, "1": 2}, "dimension": {"time": {"category": {"index": {"2023": 0}}}}}
    agencies.fail("eurostat", response=json.dumps(answer), content_type="application/json")
    with pytest.raises(RefreshError, match="malformed answer"):
        refresh.fetch(EU_EXPORTS, ["2023"], agencies.settings)


@pytest.mark.parametrize("status", [429, 503])
@each_api
def test_a_limit_is_waited_for_as_long_as_it_asks(agencies: Agencies, api: str, status: int) -> None:
    agencies.fail(api, status=status, headers={"Retry-After": "7"})
    assert refresh.fetch(ONE_OF_EACH[api], ["2023"], agencies.settings)
    assert agencies.slept == [7.0]


def test_a_limit_may_ask_for_a_time_of_day_or_for_none(agencies: Agencies) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    agencies.fail("worldbank", status=429, headers={"Retry-After": soon})
    assert refresh.fetch(RUSSIA, ["2023"], agencies.settings)
    agencies.fail("worldbank", status=429)
    assert refresh.fetch(RUSSIA, ["2023"], agencies.settings)
    first, second = agencies.slept
    assert 20 < first <= 30
    assert second == 1


def test_a_limit_that_does_not_end_is_a_failure(agencies: Agencies) -> None:
    agencies.fail("worldbank", times=9, status=429, headers={"Retry-After": "7"})
    report = refresh.refresh(agencies.settings, [RUSSIA])
    assert report.failures.keys() == {RUSSIA.id}
    assert re.search("HTTP 429: .* 7 s", report.failures[RUSSIA.id])
    assert agencies.slept == [7.0] * refresh.RETRIES
    assert len(agencies.asked) == 1 + refresh.RETRIES


@pytest.mark.parametrize("header", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT", "soon"])
def test_a_limit_that_asks_for_too_long_or_for_nonsense_is_a_failure_at_once(agencies: Agencies, header: str) -> None:
    agencies.fail("comtrade", status=429, headers={"Retry-After": header})
    with pytest.raises(RefreshError) as caught:
        refresh.fetch(CHINA, ["2023"], agencies.settings)
    assert ("3600 s" in str(caught.value)) == (header == "3600")
    assert agencies.slept == []
    assert len(agencies.asked) == 1


@each_api
def test_a_time_out_is_a_failure(agencies: Agencies, api: str, silent_server: str) -> None:
    settings = Settings(silent_server, silent_server, silent_server, timeout=0.1, today=TODAY)
    report = refresh.refresh(settings, [ONE_OF_EACH[api]])
    assert report.failures == {ONE_OF_EACH[api].id: "no answer within 0.1 s"}
    assert report.unreachable == 0


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[", b"no HTTP\r\n\r\n"])
def test_an_answer_that_breaks_off_is_a_failure_not_offline(agencies: Agencies, sent: bytes) -> None:
    def answer(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(sent)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, args=[server])
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        report = refresh.refresh(Settings(url, url, url, timeout=5, today=TODAY), [RUSSIA])
        thread.join()
    assert report.failures.keys() == {RUSSIA.id}
    assert report.unreachable == 0


@pytest.fixture()
def silent_server() -> Iterator[str]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture()
def no_server() -> str:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("arguments", [[], ["--accept"]])
def test_offline_says_so_in_one_line_and_exits_cleanly(
    agencies: Agencies, package: PackageCopy, no_server: str, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    before = contents(package.folder)
    settings = Settings(no_server, no_server, no_server, today=TODAY)
    assert refresh.main(arguments, settings) == 0
    output = capsys.readouterr()
    assert output.out == "refresh: offline: no API can be reached, so nothing was compared and data/ is unchanged\n"
    assert output.err == ""
    assert contents(package.folder) == before
    assert not (package.folder / "_build").exists()


def test_one_api_out_of_reach_is_a_failure_not_offline(agencies: Agencies, no_server: str) -> None:
    settings = Settings(**{**vars(agencies.settings), "comtrade": no_server})
    assert refresh.main([], settings, SOME) == 1
    with pytest.raises(UnreachableError):
        refresh.fetch(CHINA, ["2023"], settings)


def test_an_api_out_of_reach_is_asked_once(agencies: Agencies, no_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fetch = refresh.fetch

    def counted(series: refresh.Series, years: list[str], settings: Settings) -> dict[str, Decimal]:
        asked.append(series.api.key)
        return fetch(series, years, settings)

    monkeypatch.setattr(refresh, "fetch", counted)
    settings = Settings(**{**vars(agencies.settings), "eurostat": no_server})
    report = refresh.refresh(settings, SOME)
    assert asked == ["eurostatapi", "wdiapi", "comtradeapi"]
    assert report.failures.keys() == {EU_EXPORTS.id, EU_IMPORTS.id}
    assert report.unreachable == 2


def test_a_faulty_package_is_named_in_one_line(
    agencies: Agencies, package: PackageCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    package.edit("trade_world", "value", "many", series="wdi", reporter="RUS", period="2023")
    assert refresh.main([], agencies.settings, SOME) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "data/trade_world.csv, row" in error


def test_unknown_arguments_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        refresh.main(["--acept-all"])
    assert caught.value.code == 2
    assert "--accept" in capsys.readouterr().err
