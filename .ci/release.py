"""A release, step by step: python .ci/release.py prepare VERSION | collect | deposit.

prepare   reserves a DOI, and writes version, date, DOI and addresses into CITATION.cff and what repeats them
collect   gathers the files of the release, their checksums and the SWHID of the commit in _build/release
deposit   uploads these files and publishes them under the reserved DOI

With --dry-run nothing is sent or published, and no DOI is reserved; what would be sent is printed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import requests
import yaml

from eastward.publish import citation, contents
from eastward.publish.exports import EARLIEST, pack

OUT = Path("_build", "release")
RECORD = OUT / "deposit.json"
"""What Zenodo answered when it reserved the DOI: address of the record and of the place for its files."""

BUILT = {
    "eastward.pdf": "eastward.pdf", "eastward-brief.pdf": "eastward-brief.pdf",
    "eastward-supplement.zip": "exports/eastward-supplement.zip",
}  # fmt: skip
"""Files of the release and where the build has them, below ``_build``."""


class ReleaseError(RuntimeError):
    """A release that cannot go on: says what is missing and what to do."""


def zenodo(dry: bool, method: str, address: str, **sent: Any) -> dict[str, Any]:
    """Ask Zenodo (or what ``ZENODO_URL`` names, such as its sandbox) and return its answer."""
    base = os.environ.get("ZENODO_URL", "https://zenodo.org")
    address = address if address.startswith("http") else f"{base}/api/deposit/depositions{address}"
    if dry:
        told = json.dumps(sent["json"], ensure_ascii=False) if "json" in sent else f"{len(sent.get('data', b''))} bytes"
        print(f"would send {method} {address}: {told}")
        return {}
    if not os.environ.get("ZENODO_TOKEN"):
        raise ReleaseError("ZENODO_TOKEN is not set: create a token with the scopes deposit:write and deposit:actions")
    head = {"Authorization": f"Bearer {os.environ['ZENODO_TOKEN']}"}
    answer = requests.request(method, address, headers=head, timeout=600, **sent)
    if not answer.ok:
        raise ReleaseError(f"{method} {address}: {answer.status_code} {' '.join(answer.text.split())[:200]}")
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found


def metadata(**more: Any) -> dict[str, Any]:
    """Return what Zenodo is told of the book, as ``CITATION.cff`` has it."""
    book = citation.book()
    people = [
        {"name": a.imported.rstrip(",")} | ({"orcid": a.orcid.rpartition("/")[2]} if a.orcid else {})
        for a in book.authors
    ]
    found = {
        "title": book.title,
        "description": book.abstract,
        "upload_type": "publication",
        "publication_type": "book",
    }
    found |= {
        "creators": people,
        "version": book.version,
        "publication_date": book.released.isoformat(),
        "language": "eng",
    }
    found |= {"keywords": list(book.keywords), "access_right": "open", "license": book.licences[-1].lower()}
    return {
        "metadata": {
            **found,
            "notes": f"Code: {book.licences[0]}. Text, figures and data: {book.licences[-1]}.",
            **more,
        }
    }


def prepare(version: str, day: date, url: str, repository: str, dry: bool) -> None:
    """Reserve a DOI and write the release into the files that name it."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ReleaseError(f"version {version!r}: write three numbers, such as 1.2.0")
    if not url:
        raise ReleaseError(f"no address: set {contents.ADDRESS}, or --url, to that of the deployed book")
    record = zenodo(
        dry, "POST", "", json=metadata(version=version, publication_date=day.isoformat(), prereserve_doi=True)
    )
    doi = record["metadata"]["prereserve_doi"]["doi"] if record else ""
    file = Path("CITATION.cff")
    cff = yaml.safe_load(file.read_text(encoding="utf-8"))
    cff |= {"version": version, "date-released": day.isoformat(), "url": url}
    cff["preferred-citation"] |= {"year": day.year, "url": url}
    cff |= {"repository-code": repository} if repository else {}
    if doi:
        cff |= {"doi": doi, "identifiers": [{"type": "doi", "value": doi, "description": f"Version {version}"}]}
        cff["preferred-citation"]["doi"] = doi
    written = {file: yaml.safe_dump(cff, sort_keys=False, allow_unicode=True, width=120)}
    for path, pattern, text in (
        ("pyproject.toml", r'^version = ".*"$', f'version = "{version}"'),
        ("data/datapackage.json", r'^  "version": ".*",$', f'  "version": "{version}",'),
        ("data/datapackage.json", r'^  "created": ".*",$', f'  "created": "{day.isoformat()}T00:00:00Z",'),
        ("book/changelog.md", r"^## Unreleased$", f"## {version}, {day.isoformat()}"),
    ):
        before = written.get(Path(path), Path(path).read_text(encoding="utf-8"))
        written[Path(path)] = re.sub(pattern, text, before, count=1, flags=re.MULTILINE)
    for path, text in written.items():
        print(f"would write {path}" if dry else f"wrote {path}")
        if not dry:
            path.write_text(text, encoding="utf-8")
    if record:
        OUT.mkdir(parents=True, exist_ok=True)
        RECORD.write_text(json.dumps(record), encoding="utf-8")
    print(f"release {version} of {day}, {url}, {doi or 'DOI reserved in a real run'}")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout.strip()


def collect() -> None:
    """Gather the files of the release: the same bytes for the same commit."""
    missing = [path for path in (*BUILT.values(), "html/index.html") if not Path("_build", path).is_file()]
    if missing:
        raise ReleaseError(f"_build has no {', '.join(missing)}: run make book first")
    OUT.mkdir(parents=True, exist_ok=True)
    for name, path in BUILT.items():
        shutil.copyfile(Path("_build", path), OUT / name)
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST))

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = seconds, 0, 0, "", ""
        return entry

    with (OUT / "eastward-html.tar.gz").open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
        whole = io.BytesIO()
        with tarfile.open(fileobj=whole, mode="w") as archive:
            archive.add(Path("_build", "html"), "html", filter=plain)
        packed.write(whole.getvalue())
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree("data", Path(scratch, "data"))
        shutil.copy(Path("book", "references.bib"), folder)
        pack(folder, OUT / "eastward-data.zip")
    ids = [f"swh:1:rev:{_git('rev-parse', 'HEAD')}", f"swh:1:dir:{_git('rev-parse', 'HEAD^{tree}')}"]
    (OUT / "SWHID").write_text("\n".join(ids) + "\n", encoding="utf-8")
    (OUT / "CITATION.cff").write_bytes(Path("CITATION.cff").read_bytes())
    listed = [file for file in files() if file.name != "SHA256SUMS"]
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in listed]
    (OUT / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    print(f"collected {len(files())} files in {OUT}: {', '.join(file.name for file in files())}")


def files() -> list[Path]:
    """Return the files of the release."""
    return sorted(file for file in OUT.iterdir() if file != RECORD)


def deposit(dry: bool) -> None:
    """Upload the files, tell Zenodo of commit and address, and publish."""
    if not dry and not RECORD.is_file():
        raise ReleaseError(f"{RECORD} is missing: prepare reserves the DOI and writes it")
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}
    links = record.get("links", {"bucket": "", "self": "", "publish": "/actions/publish"})
    for file in files():
        zenodo(dry, "PUT", f"{links['bucket']}/{file.name}", data=file.read_bytes())
    swhid = (OUT / "SWHID").read_text(encoding="utf-8").split()[0]
    related = [{"identifier": swhid, "scheme": "swh", "relation": "isSupplementedBy"}]
    related += [{"identifier": url, "relation": "isIdenticalTo"} for url in [citation.book().url] if url]
    zenodo(dry, "PUT", links["self"], json=metadata(related_identifiers=related))
    zenodo(dry, "POST", links["publish"])


def main(arguments: list[str] | None = None) -> int:
    """Run one step; a fault is told in one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("prepare", "collect", "deposit"))
    parser.add_argument("version", nargs="?", default="")
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--url", default="")
    parser.add_argument("--repository", default="")
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args(arguments)
    try:
        if given.step == "prepare":
            prepare(given.version, given.date, contents.address(given.url), given.repository, given.dry_run)
        elif given.step == "collect":
            collect()
        else:
            deposit(given.dry_run)
    except (ReleaseError, contents.AddressError, citation.CitationError, OSError, requests.RequestException) as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
