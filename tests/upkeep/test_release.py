"""A release: a DOI reserved and written down before anything is built, all files gathered, uploaded and published."""

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from pytest_httpserver import HTTPServer

from eastward import data
from eastward.publish import citation, contents
from tests.conftest import commit, held

STEP = data.root() / ".ci" / "release.py"
SPEC = importlib.util.spec_from_file_location("release", STEP)
release = importlib.util.module_from_spec(SPEC)  # type: ignore[arg-type]
SPEC.loader.exec_module(release)  # type: ignore[union-attr]
DOI = "10.5072/zenodo.7"
"""Of the prefix that is for tests."""
URL = "https://example.org/east/"


@pytest.fixture()
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built book in a folder of its own, under git."""
    for name in ("CITATION.cff", "pyproject.toml", "data/datapackage.json", "book/changelog.md", "book/references.bib"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(data.root() / name, tmp_path / name)
    for name in (*release.BUILT.values(), "html/index.html"):
        (tmp_path / "_build" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "_build" / name).write_text(name, encoding="utf-8")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(contents.ADDRESS, raising=False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1715904000")
    with data.using(tmp_path):
        yield tmp_path


def test_a_release_from_its_doi_on(checkout: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    at = {link: httpserver.url_for(f"/{link}") for link in ("bucket", "self", "publish")}
    answer = {"links": at, "metadata": {"prereserve_doi": {"doi": DOI}}}
    httpserver.expect_request("/api/deposit/depositions", method="POST").respond_with_json(answer, 201)
    httpserver.expect_request(re.compile("/(bucket/.*|self|publish)")).respond_with_json({})
    monkeypatch.setenv("ZENODO_URL", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("ZENODO_TOKEN", "secret")
    told = ["prepare", "0.2.0", "--date", "2026-12-01", "--url", URL, "--repository", "https://example.org/repository"]
    assert release.main(told) == 0
    cff = yaml.safe_load((checkout / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cff["version"], cff["date-released"], cff["doi"], cff["url"]) == ("0.2.0", "2026-12-01", DOI, URL)
    assert (cff["repository-code"], cff["identifiers"][0]["value"]) == ("https://example.org/repository", DOI)
    assert (cff["preferred-citation"]["doi"], cff["preferred-citation"]["url"]) == (DOI, URL)
    citation._book.cache_clear()
    assert citation.apa(citation.Work("book")).endswith(f"https://doi.org/{DOI}"), "pages and PDF print this"
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == citation.book().version
    package = json.loads((checkout / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert (package["version"], package["created"]) == ("0.2.0", "2026-12-01T00:00:00Z")
    assert "## 0.2.0, 2026-12-01\n" in (checkout / "book" / "changelog.md").read_text(encoding="utf-8")
    tools = STEP.parents[1] / ".venv-citation" / "bin"
    if (tool := tools / "cffconvert").is_file():
        subprocess.run([tool, "--validate"], cwd=checkout, check=True, capture_output=True)
        for form in ("apalike", "bibtex", "codemeta", "endnote", "ris", "schema.org", "zenodo"):
            done = subprocess.run([tool, "-f", form], cwd=checkout, check=True, capture_output=True, text=True)
            assert citation.book().title in done.stdout, form
            assert DOI in done.stdout or URL in done.stdout or form == "zenodo", form
            lists = re.findall(r"[^ ]* ?\[", done.stdout)
            assert set(lists) <= {'"creators": [', '"author": [', '"keywords": ['}, f"{form}: a list for a text"

    assert release.main(["collect"]) == 0
    out = {file.name: file for file in (checkout / "_build" / "release").iterdir()}
    added = {"eastward-html.tar.gz", "eastward-data.zip", "SWHID", "CITATION.cff", "SHA256SUMS", "deposit.json"}
    assert set(out) == {*release.BUILT} | added
    for line in out["SHA256SUMS"].read_text(encoding="utf-8").splitlines():
        sha, _, name = line.partition("  ")
        assert hashlib.sha256(out[name].read_bytes()).hexdigest() == sha
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    assert out["SWHID"].read_text(encoding="utf-8").startswith(f"swh:1:rev:{head}\nswh:1:dir:")
    with zipfile.ZipFile(out["eastward-data.zip"]) as archive:
        assert {"datapackage.json", "references.bib"} <= set(archive.namelist())
    with tarfile.open(out["eastward-html.tar.gz"]) as archive:
        assert "html/index.html" in archive.getnames()
    before = held(checkout / "_build" / "release")
    assert release.main(["collect"]) == 0
    assert held(checkout / "_build" / "release") == before, "the same bytes twice"

    assert release.main(["deposit"]) == 0
    asked = [(request.method, request.path) for request, _ in httpserver.log]
    files = sorted(set(out) - {"deposit.json"})
    assert asked[1:] == [*(("PUT", f"/bucket/{name}") for name in files), ("PUT", "/self"), ("POST", "/publish")]
    assert all(request.headers["Authorization"] == "Bearer secret" for request, _ in httpserver.log)
    sent = httpserver.log[-2][0].json["metadata"]
    assert (sent["version"], sent["publication_date"], sent["license"]) == ("0.2.0", "2026-12-01", "cc-by-4.0")
    assert [r["identifier"] for r in sent["related_identifiers"]] == [f"swh:1:rev:{head}", URL]


def test_a_dry_run_sends_and_writes_nothing(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = held(checkout)
    assert release.main(["prepare", "0.2.0", "--url", URL, "--dry-run"]) == 0
    assert held(checkout) == before
    assert release.main(["collect"]) == release.main(["deposit", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert told.count("would write") == 4
    assert told.count("would send PUT") == len(release.files()) + 1
    assert re.search("would send POST .*(/actions/publish|https://zenodo.org)", told)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        (["prepare", "0.2.0"], "set EASTWARD_URL"),
        (["prepare", "0.2.0", "--url", "example.org"], "EASTWARD_URL: 'example.org'"),
        (["prepare", "next", "--url", URL], "version 'next'"),
        (["prepare", "0.2.0", "--url", URL], "ZENODO_TOKEN"),
        (["deposit"], "deposit.json is missing"),
        (["collect"], "run make book first"),
    ],
)
def test_a_release_that_cannot_go_on_says_so_in_one_line(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, told: list[str], fault: str
) -> None:
    monkeypatch.delenv("ZENODO_TOKEN", raising=False)
    (checkout / "_build" / "eastward.pdf").unlink()
    assert release.main(told) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("release: ")
    assert fault in line
