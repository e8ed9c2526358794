"""The data package: what is valid loads, and every fault gives one clear error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from pyarrow import csv

from eastward import data
from eastward.claims import all_claims
from eastward.claims.verdicts import verdict
from eastward.data import DataError, checks
from eastward.publish.references import references
from tests.conftest import PackageCopy

ROOT = data.root()
TABLE = "trade_russian_customs"


def fails(match: str, row: int | None = None, column: str | None = None) -> DataError:
    """Load the damaged table and return the error, which must name file, row and column."""
    with pytest.raises(DataError, match=match) as caught:
        data.load(TABLE)
    assert caught.value.file == f"data/{TABLE}.csv"
    if row is not None:
        assert caught.value.row == row
    if column is not None:
        assert caught.value.column == column
    assert "; " in str(caught.value), "the error says what to do"
    return caught.value


def test_package_is_valid() -> None:
    assert len(data.validate()) == len(data.tables()) > 10


def test_load_gives_typed_rows_with_sources() -> None:
    frame = data.load(TABLE, partner="ASIA", period="2023", unit="USD bn", flow="exports")
    assert frame["value"].dtype == "float64"
    assert set(frame["value"]) == {306.6}
    assert set(frame["half_unit"]) == {0.05}
    assert data.describe(TABLE)["licenses"][0]["name"] == "CC-BY-4.0"
    assert all(key in data.sources() for key in frame["source"])
    assert frame["row"].str.fullmatch(rf"{TABLE}:\d+").all()


def test_row_ids_are_lines_of_the_file() -> None:
    frame = data.load(TABLE)
    lines = (data.root() / "data" / f"{TABLE}.csv").read_text(encoding="utf-8").splitlines()
    for _, row in frame.iloc[[0, len(frame) // 2, -1]].iterrows():
        line = lines[int(row["row"].split(":")[1]) - 1]
        assert row["source"] in line
        assert row["period"] in line


def test_rows_returns_what_the_ids_name() -> None:
    frame = data.load(TABLE).head(3)
    assert list(data.rows(tuple(frame["row"]))["value"]) == list(frame["value"])
    assert data.rows(()).empty


def test_as_of_leaves_out_what_was_not_yet_public() -> None:
    known = data.on(data.PUBLICATION)(data.load)("trade_china_customs")
    assert (known["known"].dt.date <= data.PUBLICATION).all()
    assert "2024" not in set(known["period"])
    assert "2024" in set(data.load("trade_china_customs")["period"])


@pytest.mark.parametrize(
    ("written", "error"), [("84.9", 0.05), ("240", 0.5), ("240.0", 0.05), ("0.125", 0.0005), ("-3", 0.5)]
)
def test_half_unit_reads_the_written_digits(written: str, error: float) -> None:
    assert data.half_unit(written) == pytest.approx(error)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-01/2023-09", date(2023, 1, 1), date(2023, 9, 30)),
        ("2024-05-16", date(2024, 5, 16), date(2024, 5, 16)),
    ],
)
def test_periods(period: str, start: date, end: date) -> None:
    assert (data.period_start(period), data.period_end(period)) == (start, end)


def test_unknown_table_names_the_known_ones() -> None:
    with pytest.raises(DataError, match="choose one of: .*trade_eurostat"):
        data.load("trade_mars")


ONE = {"partner": "ASIA", "flow": "imports", "unit": "EUR bn"}
CELLS = {
    "'.*' is not a number": ("value", ["many", "1,234.5", "12%", "NaN", "inf", "306.6 bn", "1.08469E+11", "３０６", "306,6", "1 234", "306 ", "−5", "0x10", "٣"]),
    "the cell is empty; fill the cell": ("value", [""]),
    "fails the check 'range'": ("value", ["-5"]),
    "fails the check 'pattern'": ("period", ["FY23", "２０２３", "2023 ", "2023-1", "17 May 2024", "2023–2024"]),
    "is no date": ("period", ["2024-02-30", "2023-13", "1023", "9999"]),
    "ends before it starts": ("period", ["2023/2021"]),
    "fails the check 'enum'": ("unit", ["USD mn", "USD bn "]),
    "unknown source '.*'; add the source": ("source", ["nobody2024", "Mikovic2024"]),
    "unknown code 'ATLANTIS'": ("partner", ["ATLANTIS"]),
    "holds HTML; write plain text": ("note", ["<script>alert(1)</script>"]),
    "an invisible character, U\\+.*; remove it": ("note", ["zero\u200bwidth", "turned\u202e", "\x07"]),
    "a blank line, or a line break in a cell; remove it": ("note", ["two\nlines"]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("match", "column", "written"), [(match, column, w) for match, (column, many) in CELLS.items() for w in many]
)
def test_bad_cell(package: PackageCopy, match: str, column: str, written: str) -> None:
    package.edit(TABLE, column, written, **ONE)
    line = 1 + next(i for i, row in enumerate(ORIGINAL.splitlines()) if "ASIA,imports" in row and "EUR bn" in row)
    fails(match, line, None if "line" in match or "invisible" in match else column)


ORIGINAL = (data.root() / "data" / f"{TABLE}.csv").read_text(encoding="utf-8")
FILES: dict[str, tuple[Callable[[str], str | bytes], int | None]] = {
    "column 'unit' is missing": (lambda text: text.replace(",unit,", ",units,", 1), 1),
    "the columns are": (lambda text: text.replace("value,unit", "unit,value", 1), 1),
    "the columns are .*; order and name": (lambda text: text.replace("\n", ",\n", 1), 1),
    "stands twice; keep one row": (lambda text: text + text.splitlines()[-1] + "\n", ORIGINAL.count("\n") + 1),
    "byte order mark; save it as plain UTF-8": (lambda text: "\ufeff" + text, 1),
    "CRLF": (lambda text: text.replace("\n", "\r\n"), 1),
    "not UTF-8": (lambda text: text.replace("goods", "Übersee", 1).encode("latin-1", errors="replace"), None),
    "the text is not UTF-8|carriage returns": (lambda text: text.encode("utf-16"), None),
    "not UTF-8|the last line does not end": (lambda text: text.encode("cp500"), None),
    "truncated": (lambda text: text[:-20], None),
    "truncated: restore it": (lambda text: text[: len(text) // 2].rstrip("\n"), None),
    "the last line does not end": (lambda text: "", None),
    "a blank line": (lambda text: text.replace("\n", "\n\n", 1), 2),
    "a blank line, or": (lambda text: text + "\n", ORIGINAL.count("\n") + 1),
    "'.*' is not a number": (lambda text: swap(text, "value", "unit"), None),
    "fails the check 'pattern'": (lambda text: swap(text, "period", "source"), None),
}


def swap(text: str, one: str, two: str) -> str:
    """Swap the contents of two columns, not their names."""
    lines = [line.split(",") for line in text.splitlines() if '"' not in line]
    i, j = lines[0].index(one), lines[0].index(two)
    for cells in lines[1:]:
        cells[i], cells[j] = cells[j], cells[i]
    return "\n".join(map(",".join, lines)) + "\n"


@pytest.mark.parametrize("match", FILES)
def test_bad_file(package: PackageCopy, match: str) -> None:
    change, row = FILES[match]
    with data.using(ROOT):
        claim = next(i for i in ("C10", "C11", "C12", "C13") if TABLE in set(verdict(i, "hindsight").evidence["table"]))
    after = change(ORIGINAL)
    package.path(TABLE).write_bytes(after if isinstance(after, bytes) else after.encode())
    fails(match, row)
    with pytest.raises(DataError, match=match):
        verdict(claim, "hindsight")


def test_missing_file(package: PackageCopy) -> None:
    package.path(TABLE).unlink()
    fails("the file is missing")


@pytest.mark.parametrize(
    "change", [lambda text: swap(text, "reporter", "partner"), lambda text: text.rstrip().rpartition("\n")[0]]
)
def test_what_only_the_checksum_shows(package: PackageCopy, change: Callable[[str], str]) -> None:
    package.path(TABLE).write_text(change(ORIGINAL).rstrip("\n") + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=f"data/{TABLE}.csv: the checksum differs .*make accept-data"):
        data.validate()


ENTRY = """@misc{probe2024,
  author = {{Reuters}}, title = {A title}, howpublished = {Reuters}, date = {2024-05-17}, year = {2024},
  url = {https://example.org/a}, urldate = {2024-06-01}, language = {English}, keywords = {news}, grade = {wire},
}
"""
SOURCES = {
    "has an empty title": [("{A title}", "{}"), ("{A title}", "{{ }}")],
    "has no title": [("title = {A title}, ", "")],
    "has unknown field": [("title", "Title"), ("howpublished", "institution"), ("howpublished", "journaltitle"), ("grade", "crossref = {x}, grade")],
    "has no howpublished, or journal of an @article": [("@misc", "@article"), ("howpublished", "journal")],
    "cannot be read": [("{A title},", "{A title}"), ("{A title},", "{A title,"), ("title = ", "title "), ("{Reuters}, date", "reuters, date"), ("probe2024", ""), (" year", " title = {B}, year"), ("{{Reuters}}", "{A, B, C, D}")],
    "is no key": [("probe2024", "pröbe"), ("probe2024", "a<b>"), ("probe2024", "Probe2024")],
    "has LaTeX in its .* that has no letter": [("{A title}", r"{A \textit{word}}"), ("{A title}", r"{A \foo}"), ("{A title}", "{A\\}"), ("/a}", r"/a\_b}"), ("grade", r"note = {\url{https://x.org}}, grade")],
    "has date .*, which is no date": [("2024-05-17", "17 May 2024"), ("2024-05-17", "2024-02-30"), ("2024-05-17", "2024-05/2024-06"), ("2024-05-17", "２０２４"), ("2024-05-17", "2024-5-7"), ("2024-05-17", "1024")],
    "has urldate .*, which is no date": [("2024-06-01", "1 June 2024")],
    "has year .*, but date": [("year = {2024}", "year = {2023}"), ("date = {2024-05-17}, ", "")],
    "has the address": [("https://", ""), ("https://", "ftp://"), ("/a}", "/a b}"), ("/a}", "/<b>}"), ("example.org", "пример.рф"), ("https://", "javascript:")],
    "has doi": [("grade", "doi = {https://doi.org/10.1000/x}, grade"), ("grade", "doi = {10.1000/x y}, grade")],
    "of whom no last name is plain": [("{{Reuters}}", "{World Trade Organization}"), ("{{Reuters}}", "{Smith and }")],
    "has an invisible character, U\\+200B": [("A title", "A\u200btitle"), ("probe", "pro\u200bbe")],
    "has unknown (language|grade)": [("English", "english"), ("English", "ru"), ("{wire}", "{Wire}")],
    "a title in another": [("A title", "Россия")],
}  # fmt: skip


def probe(package: PackageCopy, old: str, new: str) -> data.Source:
    """Return the source that an entry changed so becomes, alone in the bibliography."""
    assert old in ENTRY
    (package.folder / "book" / "references.bib").write_text(ENTRY.replace(old, new, 1), encoding="utf-8")
    data.check_sources()
    (source,) = data.sources().values()
    return source


@pytest.mark.parametrize(
    ("match", "old", "new"), [(match, *pair) for match, pairs in SOURCES.items() for pair in pairs]
)
def test_bad_source(package: PackageCopy, match: str, old: str, new: str) -> None:
    with pytest.raises(DataError, match=rf"\Abook/references.bib: [^\n]*{match}[^\n]*; [^\n]+\Z"):
        probe(package, old, new)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"S{\o}rensen", "Sørensen"), (r"\$240 bn", "$240 bn"), ("$240 bn of $250 bn", "$240 bn of $250 bn"), (r"{\'e}t{\'e}", "été"),
        (r"stra{\ss}e", "straße"), ("1946--2025", "1946–2025"), ("a --- b", "a — b"), (r"\'E 1946--2025", "É 1946–2025"), ("``so''", "“so”"),
        (r"A \& B \% C \# D \_ E", "A & B % C # D _ E"), ("A & B % C # D _ E", "A & B % C # D _ E"), ("two\n   lines", "two lines"),
    ],
)  # fmt: skip
def test_titles_read_as_they_were_meant(package: PackageCopy, written: str, read: str) -> None:
    assert probe(package, "A title", written).title == read
    assert references()["probe2024"].title == read


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a--b~c", "a--b~c"),
        ("a$b", "a%24b"),
        ("ä/文", "%C3%A4/%E6%96%87"),
        ("a%20b#c", "a%20b#c"),
        ("a_(b)", "a_%28b%29"),
    ],
)
def test_addresses_stay_what_they_are(package: PackageCopy, written: str, shown: str) -> None:
    assert probe(package, "/a}", f"/{written}}}").url == f"https://example.org/{written}"
    assert references()["probe2024"].url == f"https://example.org/{shown}"


@pytest.mark.parametrize("kind", ["@online", "@MISC", "@techreport", "@book"])
def test_other_kinds_of_entries_read_alike(package: PackageCopy, kind: str) -> None:
    assert probe(package, "@misc", kind) == probe(package, "@misc", "@misc")
    assert references()["probe2024"].full.startswith("Reuters (2024). *A title.* 17 May 2024.")


def test_another_reader_reads_all_tables_alike() -> None:
    """By pyarrow, which knows neither pandas nor the descriptors: as many rows, the same figures."""
    for table in data.tables():
        frame, read = data.load(table), csv.read_csv(data.root() / "data" / data.describe(table)["path"]).to_pandas()
        assert len(read) == len(frame), table
        if "value" in frame and frame["value"].dtype == "float64":
            assert frame["value"].fillna(0).tolist() == read["value"].astype("float64").fillna(0).tolist(), table


def test_accept_writes_checksums_of_changed_tables(package: PackageCopy) -> None:
    package.edit(TABLE, "note", "checked", partner="ASIA", flow="imports", unit="EUR bn")
    assert data.accept() == [TABLE]
    assert data.accept() == []
    assert TABLE in data.validate()


def test_main_reports_one_line(package: PackageCopy, capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.main([]) == 0
    package.edit(TABLE, "value", "many", partner="ASIA", flow="imports", unit="EUR bn")
    assert checks.main([]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_every_bibliography_entry_is_used_and_every_citation_resolves() -> None:
    folder = data.root()
    used = {key for table in data.tables() if "source" in data.load(table) for key in data.load(table)["source"]}
    used |= {key for claim in all_claims().values() for key in claim.sources}
    files = [*folder.glob("notebooks/*.ipynb"), *folder.glob("book/*.md")]
    for group in re.findall(r"\{cite:\w+\}`([^`]+)`", "\n".join(f.read_text(encoding="utf-8") for f in files)):
        used |= {key.strip() for key in group.split(",")}
    assert used == set(data.sources())


def test_a_validation_is_trusted_only_for_the_same_bytes(
    package: PackageCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checks.main(["--if-changed"]) == 0
    assert "tables are valid" in capsys.readouterr().out
    assert checks.main(["--if-changed"]) == 0
    assert "nothing has changed" in capsys.readouterr().out
    package.edit(TABLE, "value", "many", partner="ASIA", flow="imports", unit="EUR bn")
    assert checks.main(["--if-changed"]) == 1
    assert checks.main(["--if-changed"]) == 1, "a fault is never remembered as valid"
