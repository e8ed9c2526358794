"""Mutated packages: a clear error or a whole result, and no change that the checksum does not show.

A tenth of the mutants in every run, all thousands of them where ``FUZZ=all``, as every night.
"""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from eastward import claims, data
from eastward.claims import STATUSES, ClaimError
from eastward.claims.verdicts import AS_OF, verdict
from eastward.data import DataError
from eastward.publish.references import references
from tests.conftest import PackageCopy, copied, examples
from tests.data.test_data import ENTRY, probe

ROOT = data.root()
SMALL = [t for t in data.tables() if 3 <= len(data.load(t)) <= 80]
ODD_CELLS = ["", "0", "-1", "1e308", "1e999", "NaN", "inf", "0x10", "2023-13", "9999", "0000", "a,b", '"', "<b>"]
CELLS = st.one_of(st.text(max_size=12), st.sampled_from(ODD_CELLS), st.floats(allow_nan=False).map(repr))
CLOCK = itertools.count(2_000_000_000)
ONE_LINE = r"\A[^\n]+; [^\n]+\Z"
"""What is wrong and what to do, on one line."""
FUZZ = settings(
    deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=[Phase.generate], database=None
)
"""Derandomised: the same mutants in every run."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PackageCopy]:
    """A copy of the package, damaged and restored by each example."""
    yield from copied(tmp_path_factory.mktemp("package"))


def write(file: Path, raw: bytes) -> None:
    """Write with a time of change that no former version had: what is loaded is kept by that time."""
    file.write_bytes(raw)
    now = next(CLOCK)
    os.utime(file, (now, now))


def either(table: str, file: Path, before: bytes, after: bytes, then: Callable[[], object] = lambda: None) -> None:
    """Damage the file, require the property, restore the file."""
    write(file, after)
    try:
        if after != before:
            with pytest.raises(DataError, match=ONE_LINE):
                data.check(table)
        then()
    finally:
        write(file, before)


def says_why(error: Exception) -> None:
    assert re.match(ONE_LINE, str(error)), str(error)


def joined(lines: list[str]) -> bytes:
    return "".join(lines).encode("utf-8", "surrogatepass")


@settings(FUZZ, max_examples=examples(800))
@given(table=st.sampled_from(SMALL), edits=st.data())
def test_bytes_cells_and_rows(copy: PackageCopy, table: str, edits: st.DataObject) -> None:
    file = copy.path(table)
    before = file.read_bytes()
    lines = before.decode().splitlines(keepends=True)
    i = edits.draw(st.integers(1, len(lines) - 1))
    match edits.draw(st.sampled_from(["bytes", "bytes", "bytes", "cell", "drop", "double", "move"])):
        case "bytes":
            start = edits.draw(st.integers(0, len(before)))
            stop = edits.draw(st.integers(start, min(len(before), start + 40)))
            either(table, file, before, before[:start] + edits.draw(st.binary(max_size=6)) + before[stop:])
        case "cell":
            cells = lines[i].rstrip("\n").split(",")
            cells[edits.draw(st.integers(0, len(cells) - 1))] = edits.draw(CELLS)
            lines[i] = ",".join(cells) + "\n"
        case "drop":
            del lines[i]
        case "double":
            lines.insert(i, lines[i])
        case _:
            lines.insert(edits.draw(st.integers(1, len(lines) - 1)), lines.pop(i))
    either(table, file, before, joined(lines))


COMPUTED = [c.id for c in claims.all_claims().values() if c.basis == "computed"]


@settings(FUZZ, max_examples=examples(100))
@given(claim=st.sampled_from(COMPUTED), edits=st.data())
def test_verdicts(copy: PackageCopy, claim: str, edits: st.DataObject) -> None:
    """A verdict on a changed table is a status or a clear error; the change never passes the check of the package."""
    rows = sorted(verdict(claim, "hindsight").evidence["row"])
    assume(rows)
    table, _, line = edits.draw(st.sampled_from(rows)).partition(":")
    file, i = copy.path(table), int(line) - 1
    before = file.read_bytes()
    lines = before.decode().splitlines(keepends=True)
    cells = lines[i].rstrip("\n").split(",")
    column = edits.draw(st.integers(0, len(cells) - 1))
    cells[column] = edits.draw(st.one_of(CELLS, st.sampled_from(["0", "1", cells[column] + "0", "-" + cells[column]])))
    lines[i] = edits.draw(st.sampled_from(["", ",".join(cells) + "\n"]))

    def judge() -> None:
        for as_of in AS_OF:
            try:
                assert verdict(claim, as_of).status in STATUSES
            except DataError as error:
                says_why(error)

    either(table, file, before, joined(lines), judge)


ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=4,
)


WHOLE = yaml.safe_load((ROOT / "data" / "claims.yaml").read_text(encoding="utf-8"))["claims"]
FEW = {c["rule"]["kind"]: c for c in WHOLE if (c.get("rule") or {}).get("kind") in ("stated_value", "judged", "date")}
"""A claim of each of these kinds of rules, so that reading them again is quick."""


@settings(FUZZ, max_examples=examples(1000))
@given(edits=st.data())
def test_claims(copy: PackageCopy, edits: st.DataObject) -> None:
    file = copy.folder / "data" / "claims.yaml"
    before = file.read_bytes()
    chosen = [{**c, "rule": {**c["rule"]}, "stated": {**(c.get("stated") or {"text": "x"})}} for c in FEW.values()]
    target = edits.draw(st.sampled_from(chosen))
    part = edits.draw(st.sampled_from([target, target["rule"], target["stated"]]))
    name = edits.draw(st.one_of(st.sampled_from(sorted(part)), st.text(max_size=5)))
    if edits.draw(st.booleans()):
        part[name] = edits.draw(ODD)
    else:
        part.pop(name, None)
    ours = [{"name": "tolerance", "value": 0.05, "sweep": [0, 0.05, 0.1], "text": "t", "reason": "r"}]
    document = {"thresholds": ours, "claims": chosen, "arguments": []}
    text = intact = yaml.safe_dump(document, allow_unicode=True).encode()
    if edits.draw(st.integers(0, 4)) == 0:
        at = edits.draw(st.integers(0, len(text)))
        text = text[:at] + edits.draw(st.binary(max_size=4)) + text[at + edits.draw(st.integers(0, 4)) :]
    write(file, text)
    kinds = {None, "stated_value", "ratio", "order", "rank", "date", "holds", "record", "judged"}
    try:
        assert {claim.rule and claim.rule.kind for claim in claims.all_claims().values()} <= kinds
        claims.arguments()
        for given in chosen if text == intact else ():
            read = claims.claim(given["id"])
            assert (read.short, read.paragraph) == (given["short"], given.get("paragraph", 0))
            assert [*read.words] == given["words"]
            assert read.stated.value == (given.get("stated") or {}).get("value")
    except ClaimError as error:
        says_why(error)
    finally:
        write(file, before)


SPELLED = {"é": r"{\'e}", "ø": r"{\o}", "ß": r"{\ss}", "č": r"\v{c}", "–": "--", "—": "---", "“": "``", "”": "''", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_"}  # fmt: skip


@pytest.fixture(scope="module")
def alone(copy: PackageCopy) -> Iterator[PackageCopy]:
    """The copy, whose bibliography tests replace by one entry."""
    file = copy.folder / "book" / "references.bib"
    before = file.read_bytes()
    yield copy
    write(file, before)


MEANT = st.text(st.sampled_from("aBz09 .,:;!?()[]/+=*<>|ł" + "".join(SPELLED)), min_size=1, max_size=20)


@settings(FUZZ, max_examples=examples(500))
@given(letters=MEANT, spelled=st.lists(st.booleans(), min_size=20, max_size=20))
def test_titles(alone: PackageCopy, letters: str, spelled: list[bool]) -> None:
    """However a title is spelled, in LaTeX or in its own letters, it reads as it was meant."""
    written = "".join(SPELLED.get(c, c) if latex else c for c, latex in zip(letters, spelled, strict=False))
    title = " ".join(letters.split())
    assume(title)
    assert probe(alone, "A title", written).title == title
    assert references()["probe2024"].title == title


@settings(FUZZ, max_examples=examples(1000))
@given(edits=st.data())
def test_bibliography(alone: PackageCopy, edits: st.DataObject) -> None:
    """A mutated entry is refused on one line, or reads whole: a field that the entry does not show is as it was."""
    start = edits.draw(st.integers(0, len(ENTRY)))
    stop = edits.draw(st.integers(start, min(len(ENTRY), start + 12)))
    signs = ["", "{", "}", ",", "@", "=", "\\", "%", "$", "#", "~", '"', "２", "--", "\u200b"]
    text = ENTRY[:start] + edits.draw(st.one_of(st.sampled_from(signs), st.text(max_size=4))) + ENTRY[stop:]
    (alone.folder / "book" / "references.bib").write_text(text, encoding="utf-8", errors="replace")
    try:
        data.check_sources()
        for key, source in data.sources().items():
            shown = references()[key]
            assert (shown.title, shown.year[:4]) == (source.title, source.date[:4] or "n.d.")
    except DataError as error:
        says_why(error)
