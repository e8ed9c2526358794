"""Refreshing from open APIs, against a local server that answers in their documented formats."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from eastward import data, refresh
from eastward.claims import all_claims
from eastward.refresh import REGISTRY, ApiError, Settings, UnreachableError
from tests.conftest import PackageCopy

TODAY = date(2026, 11, 24)
ORDER = ("freq", "indic_et", "sitc06", "partner", "geo")
SERIES = {series.id: series for series in REGISTRY}
EU_EXPORTS, EU_IMPORTS = SERIES["eurostat-eu27-russia-exports"], SERIES["eurostat-eu27-russia-imports"]
RUSSIA = SERIES["wdi-rus-exports"]
CHINA = SERIES["comtrade-china-russia-imports"]
ONE_OF_EACH = (EU_EXPORTS, RUSSIA, CHINA)
SOME = (EU_EXPORTS, EU_IMPORTS, RUSSIA, CHINA)

_NAMESPACES = """xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
 xmlns:str="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure"
 xmlns:com="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"
 xmlns:gen="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance\""""
_HEADER = """<mes:Header><mes:ID>T</mes:ID><mes:Test>false</mes:Test><mes:Prepared>2026-11-24T00:00:00</mes:Prepared>
<mes:Sender id="ESTAT"/>%s</mes:Header>"""
_CODES = {
    "freq": ["A", "M"], "indic_et": ["MIO_EXP_VAL", "MIO_IMP_VAL"], "sitc06": ["TOTAL", "SITC3"],
    "partner": ["RU", "CN"], "geo": ["EU27_2020", "DE"],
}  # fmt: skip


def structure_xml(order: tuple[str, ...] = ORDER) -> str:
    """SDMX-ML 2.1 structure message: the dataflow, its structure and codelists."""
    codelists = "".join(
        f'<str:Codelist id="{name.upper()}" agencyID="ESTAT" version="1.0"><com:Name>{name}</com:Name>'
        + "".join(f'<str:Code id="{code}"><com:Name>{code}</com:Name></str:Code>' for code in codes)
        + "</str:Codelist>"
        for name, codes in _CODES.items()
    )
    concepts = "".join(f'<str:Concept id="{c}"><com:Name>{c}</com:Name></str:Concept>' for c in [*order, "time"])
    ref = '<Ref maintainableParentID="CS" maintainableParentVersion="1.0" agencyID="ESTAT" id="{}" class="Concept"/>'
    dimensions = "".join(
        f'<str:Dimension id="{name}" position="{n}"><str:ConceptIdentity>{ref.format(name)}</str:ConceptIdentity>'
        f'<str:LocalRepresentation><str:Enumeration><Ref id="{name.upper()}" version="1.0" agencyID="ESTAT" '
        'package="codelist" class="Codelist"/></str:Enumeration></str:LocalRepresentation></str:Dimension>'
        for n, name in enumerate(order, 1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><mes:Structure {_NAMESPACES}>{_HEADER % ""}<mes:Structures>
<str:Dataflows><str:Dataflow id="EXT_LT_MAINEU" agencyID="ESTAT" version="1.0"><com:Name>t</com:Name><str:Structure>
<Ref id="EXT_LT_MAINEU" version="1.0" agencyID="ESTAT" package="datastructure" class="DataStructure"/>
</str:Structure></str:Dataflow></str:Dataflows><str:Codelists>{codelists}</str:Codelists>
<str:Concepts><str:ConceptScheme id="CS" agencyID="ESTAT" version="1.0"><com:Name>CS</com:Name>{concepts}
</str:ConceptScheme></str:Concepts><str:DataStructures>
<str:DataStructure id="EXT_LT_MAINEU" agencyID="ESTAT" version="1.0"><com:Name>t</com:Name><str:DataStructureComponents>
<str:DimensionList id="DimensionDescriptor">{dimensions}<str:TimeDimension id="TIME_PERIOD" position="6">
<str:ConceptIdentity>{ref.format("time")}</str:ConceptIdentity></str:TimeDimension></str:DimensionList>
<str:MeasureList id="MeasureDescriptor"><str:PrimaryMeasure id="OBS_VALUE"><str:ConceptIdentity>{ref.format("time")}
</str:ConceptIdentity></str:PrimaryMeasure></str:MeasureList></str:DataStructureComponents></str:DataStructure>
</str:DataStructures></mes:Structures></mes:Structure>"""


def data_xml(key: dict[str, str], values: dict[str, str]) -> str:
    """SDMX-ML 2.1 generic data message with one series."""
    ref = """<mes:Structure structureID="S" namespace="x" dimensionAtObservation="TIME_PERIOD"><com:Structure>
<Ref agencyID="ESTAT" id="EXT_LT_MAINEU" version="1.0" package="datastructure" class="DataStructure"/></com:Structure>
</mes:Structure>"""
    keys = "".join(f'<gen:Value id="{name}" value="{value}"/>' for name, value in key.items())
    observations = "".join(
        f'<gen:Obs><gen:ObsDimension value="{year}"/><gen:ObsValue value="{value}"/></gen:Obs>'
        for year, value in values.items()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><mes:GenericData {_NAMESPACES}>{_HEADER % ref}
<mes:DataSet structureRef="S"><gen:Series><gen:SeriesKey>{keys}</gen:SeriesKey>{observations}</gen:Series>
</mes:DataSet></mes:GenericData>"""


class Agencies:
    """The three APIs on one local server. ``values`` hold what each series gives, in the API's own unit."""

    def __init__(self, server: HTTPServer):
        self.server, self.order = server, ORDER
        self.values = {
            series.id: {
                str(row.period): refresh.written(Decimal(row.written) / series.scale)
                for row in refresh.rows_of(series).itertuples()
            }
            for series in REGISTRY
        }
        self.slept: list[float] = []
        self.faults: dict[str, list[Callable[[], Response]]] = {"eurostat": [], "worldbank": [], "comtrade": []}
        self.asked: list[str] = []
        server.expect_request(re.compile("/eurostat/.*")).respond_with_handler(self.guard("eurostat", self.eurostat))
        server.expect_request(re.compile("/worldbank/.*")).respond_with_handler(self.guard("worldbank", self.worldbank))
        server.expect_request(re.compile("/comtrade/.*")).respond_with_handler(self.guard("comtrade", self.comtrade))

    @property
    def settings(self) -> Settings:
        base = self.server.url_for("").rstrip("/")
        return Settings(
            f"{base}/eurostat",
            f"{base}/worldbank",
            f"{base}/comtrade",
            timeout=20,
            sleep=self.slept.append,
            today=TODAY,
        )

    def guard(self, api: str, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def handler(request: Request) -> Response:
            self.asked.append(request.url)
            faults = self.faults[api]
            return faults.pop(0)() if faults else answer(request)

        return handler

    def fail(self, api: str, times: int = 1, **response: object) -> None:
        """Let an API answer its next requests with a fault."""
        self.faults[api] = [lambda: Response(**response)] * times  # type: ignore[arg-type]

    def eurostat(self, request: Request) -> Response:
        if "/dataflow/" in request.path:
            # Eurostat leaves the structure out here: it is asked for by itself.
            flow = re.sub("<str:Codelists>.*</str:DataStructures>", "", structure_xml(), flags=re.DOTALL)
            return Response(flow, content_type="application/xml")
        if "/datastructure/" in request.path:
            return Response(structure_xml(self.order), content_type="application/xml")
        key = dict(zip(self.order, request.path.rsplit("/", 1)[1].split("."), strict=True))
        found = [s for s in (EU_EXPORTS, EU_IMPORTS) if s.query == key]
        if not found:
            return Response("no such series", status=404)
        return Response(data_xml(key, self.values[found[0].id]), content_type="application/xml")

    def worldbank(self, request: Request) -> Response:
        _, country, _, indicator = request.path.split("/en/")[1].split("/")
        query = {"indicator": indicator, "country": country}
        series = next(s for s in REGISTRY if s.query == query)
        rows = [
            {"indicator": {"id": indicator, "value": "t"}, "country": {"id": "XX", "value": country},
             "countryiso3code": country, "date": year, "value": float(value), "unit": "", "obs_status": "", "decimal": 0}
            for year, value in self.values[series.id].items()
        ]  # fmt: skip
        header = {"page": 1, "pages": 1, "per_page": 1000, "total": len(rows), "sourceid": "2", "lastupdated": "2026"}
        return Response(json.dumps([header, rows]), content_type="application/json")

    def comtrade(self, request: Request) -> Response:
        query = {name: values[0] for name, values in parse_qs(request.query_string.decode()).items()}
        series = CHINA if query["flowCode"] == "M" else SERIES["comtrade-china-russia-exports"]
        years = query["period"].split(",")
        rows = [
            {"typeCode": "C", "freqCode": "A", "refYear": int(year), "period": year, "reporterCode": 156,
             "flowCode": query["flowCode"], "partnerCode": 643, "partner2Code": 0, "cmdCode": "TOTAL",
             "customsCode": "C00", "motCode": 0, "primaryValue": float(value)}
            for year, value in self.values[series.id].items() if year in years
        ]  # fmt: skip
        answer = {"elapsedTime": "0.1 secs", "count": len(rows), "data": rows, "error": ""}
        return Response(json.dumps(answer), content_type="application/json")


@pytest.fixture()
def agencies(package: PackageCopy, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Agencies:
    """The APIs as they would answer if nothing had been revised."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    # The claims on EU trade stand for all: judging every claim twice takes most of a minute.
    few = {name: c for name, c in all_claims().items() if c.rule and c.rule.quantity == "trade.eu_trade_ratio"}
    assert few
    monkeypatch.setattr(refresh, "all_claims", lambda: few)
    return Agencies(httpserver)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the data package and the bibliography."""
    files = [*(folder / "data").iterdir(), *(folder / "book").iterdir()]
    return {file.name: file.read_bytes() for file in files}


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
    refresh.refresh(agencies.settings)
    asked = "\n".join(agencies.asked)
    assert "/data/EXT_LT_MAINEU/A.MIO_EXP_VAL.TOTAL.RU.EU27_2020?startPeriod=2010&endPeriod=2026" in asked
    assert "/worldbank/en/country/RUS/indicator/TX.VAL.MRCH.CD.WT?" in asked
    assert "/comtrade/public/v1/preview/C/A/HS?" in asked
    for url in agencies.asked:
        if "/comtrade/" in url:
            query = parse_qs(url.partition("?")[2])
            assert len(query["period"][0].split(",")) <= 12
            assert (query["reportercode"], query["partnerCode"], query["partner2Code"]) == (["156"], ["643"], ["0"])


def test_the_key_follows_the_structure_that_eurostat_publishes(agencies: Agencies) -> None:
    agencies.order = ("freq", "sitc06", "geo", "partner", "indic_et")
    found = refresh.fetch(EU_EXPORTS, ["2022", "2023"], agencies.settings)
    assert "/A.TOTAL.EU27_2020.RU.MIO_EXP_VAL" in "".join(agencies.asked)
    assert found["2023"] == Decimal("38.181666")


@pytest.mark.parametrize(
    ("series", "year", "given", "expected"),
    [
        (EU_EXPORTS, "2023", "38181.7", "38.1817"),
        (RUSSIA, "2023", "424500000000", "424.500000"),
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
    lines = (data.root() / "data" / f"{revision.table}.csv").read_text(encoding="utf-8").splitlines()
    number = int(revision.row.partition(":")[2]) - 1
    return dict(zip(next(csv.reader([lines[0]])), next(csv.reader([lines[number]])), strict=True))


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


def test_gaps_of_the_world_bank_are_absent_years(agencies: Agencies, httpserver: HTTPServer) -> None:
    rows = [{"date": "2023", "value": 5e11}, {"date": "2022", "value": None}]
    header = {"page": 1, "pages": 1, "per_page": 1000, "total": 2}
    agencies.fail("worldbank", response=json.dumps([header, rows]), content_type="application/json")
    assert refresh.fetch(RUSSIA, ["2022", "2023"], agencies.settings) == {"2023": Decimal(500)}


def test_verdicts_that_would_change_are_named(agencies: Agencies, package: PackageCopy) -> None:
    agencies.values[EU_EXPORTS.id]["2023"] = "76000"
    agencies.values[EU_IMPORTS.id]["2023"] = "101000"
    before = contents(package.folder)
    report = refresh.refresh(agencies.settings, SOME)
    changed = {(v.claim, v.as_of): (v.old, v.new) for v in report.verdicts}
    assert changed, "EU trade with Russia that fell by less than half changes a verdict"
    from eastward.verdicts import verdict

    package.edit("trade_eurostat", "value", "76.000", period="2023", source="marylev2024comext", partner="RUS")
    package.edit("trade_eurostat", "value", "101", period="2023", source="fxco2024eurostat", flow="imports")
    for (claim, as_of), (_, new) in changed.items():
        assert as_of == "hindsight", "what was known at publication cannot be revised"
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
    known = data.load("trade_eurostat", data.PUBLICATION)["value"].tolist()
    assert refresh.main(["--accept"], agencies.settings, SOME) == 0
    new = table_row(package, "trade_eurostat", **where)
    assert [row for row in new if row["source"] != "eurostatapi"] == old
    assert [row["value"] for row in new if row["source"] == "eurostatapi"] == ["164.000"]
    assert data.load("trade_eurostat", data.PUBLICATION)["value"].tolist() == known


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


def test_accept_is_all_or_nothing_when_an_api_fails(
    agencies: Agencies, package: PackageCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    agencies.values[RUSSIA.id]["2023"] = "430000000000"
    agencies.fail("comtrade", status=500)
    before = contents(package.folder)
    assert refresh.main(["--accept"], agencies.settings, SOME) == 1
    assert contents(package.folder) == before
    assert "nothing accepted: comtrade-china-russia-imports: HTTP 500" in capsys.readouterr().err


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
        ({"response": "<html>maintenance", "content_type": "text/html"}, "malformed answer"),
        ({"response": "", "content_type": "application/json"}, "malformed answer"),
        ({"response": "[]", "content_type": "application/json"}, "malformed answer"),
        ({"response": "{}", "content_type": "application/json"}, "malformed answer"),
        ({"response": "<a><b></a>", "content_type": "application/xml"}, "malformed answer"),
    ],
)
@pytest.mark.parametrize("api", ["eurostat", "worldbank", "comtrade"])
def test_a_fault_of_one_api_is_named_and_leaves_the_others(
    agencies: Agencies, api: str, response: dict[str, object], problem: str
) -> None:
    agencies.fail(api, times=2, **response)
    report = refresh.refresh(agencies.settings, ONE_OF_EACH)
    ((name, text),) = report.failures.items()
    assert SERIES[name] is dict(zip(("eurostat", "worldbank", "comtrade"), ONE_OF_EACH, strict=True))[api]
    assert text.startswith(problem)
    assert report.compared > 0


@pytest.mark.parametrize("series", ONE_OF_EACH, ids=lambda s: s.api.key)
def test_an_empty_answer_is_a_fault(agencies: Agencies, series: refresh.Series) -> None:
    agencies.values[series.id] = {}
    with pytest.raises(ApiError, match="empty answer"):
        refresh.fetch(series, ["2023"], agencies.settings)


def test_a_figure_that_is_no_number_is_a_fault(agencies: Agencies) -> None:
    agencies.values[EU_EXPORTS.id]["2023"] = "many"
    with pytest.raises(ApiError, match="malformed answer"):
        refresh.fetch(EU_EXPORTS, ["2023"], agencies.settings)


def test_a_year_that_stands_twice_is_a_fault(agencies: Agencies) -> None:
    row = {"period": "2023", "primaryValue": 1.0}
    agencies.fail("comtrade", response=json.dumps({"data": [row, row]}), content_type="application/json")
    with pytest.raises(ApiError, match="a year stands twice"):
        refresh.fetch(CHINA, ["2023"], agencies.settings)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("series", ONE_OF_EACH, ids=lambda s: s.api.key)
def test_a_limit_is_waited_for_as_long_as_it_asks(agencies: Agencies, series: refresh.Series, status: int) -> None:
    api = {"eurostatapi": "eurostat", "wdiapi": "worldbank", "comtradeapi": "comtrade"}[series.api.key]
    agencies.fail(api, status=status, headers={"Retry-After": "7"})
    assert refresh.fetch(series, ["2023"], agencies.settings)
    assert agencies.slept == [7.0]


def test_a_limit_that_does_not_end_is_a_failure(agencies: Agencies) -> None:
    agencies.fail("worldbank", times=9, status=429, headers={"Retry-After": "7"})
    report = refresh.refresh(agencies.settings, [RUSSIA])
    assert report.failures == {RUSSIA.id: "HTTP 429: the API limits requests (come back after 7 s)"}
    assert agencies.slept == [7.0, 7.0]
    assert len(agencies.asked) == 3


def test_a_limit_that_asks_for_too_long_is_not_waited_for(agencies: Agencies) -> None:
    agencies.fail("comtrade", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(ApiError, match="come back after 3600 s"):
        refresh.fetch(CHINA, ["2023"], agencies.settings)
    assert agencies.slept == []


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30.0), (None, 1.0), ("soon", 1.0), ("Tue, 01 Jan 2019 00:00:00 GMT", 0.0)]
)
def test_retry_after_in_both_of_its_forms(header: str | None, seconds: float) -> None:
    assert refresh._seconds(header) == seconds


def test_retry_after_a_date_to_come() -> None:
    assert refresh._seconds("Fri, 01 Jan 2100 00:00:00 GMT") > 1e6


@pytest.mark.parametrize("series", ONE_OF_EACH, ids=lambda s: s.api.key)
def test_a_time_out_is_a_failure(agencies: Agencies, series: refresh.Series, silent_server: str) -> None:
    settings = Settings(silent_server, silent_server, silent_server, timeout=0.2, today=TODAY)
    report = refresh.refresh(settings, [series])
    assert report.failures == {series.id: "no answer within 0.2 s"}
    assert report.unreachable == 0


@pytest.fixture()
def silent_server() -> Iterator[str]:
    """A port that takes connections and never answers."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture()
def no_server() -> str:
    """A port that nobody listens on."""
    import socket

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


def test_clients_are_left_as_they_were(agencies: Agencies) -> None:
    import sdmx
    import urllib3
    import wbgapi
    from comtradeapicall import PreviewGet

    before = wbgapi.endpoint, dict(wbgapi.get_options), sdmx.Client("ESTAT").source.url
    agencies.fail("worldbank", status=500)
    agencies.fail("comtrade", status=500)
    refresh.refresh(agencies.settings, ONE_OF_EACH)
    assert (wbgapi.endpoint, wbgapi.get_options, sdmx.Client("ESTAT").source.url) == before
    assert PreviewGet.urllib3 is urllib3


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
