"""The data package: what is valid loads, and every fault gives one clear error."""

import csv
import re
from collections.abc import Callable

import pytest

from eastward import data
from eastward.claims import all_claims
from eastward.claims.verdicts import verdict
from eastward.data import DataError, checks
from eastward.publish.references import references
from tests.conftest import PackageCopy

ROOT = data.root()
TABLE = "trade_russian_customs"
ORIGINAL = (ROOT / "data" / f"{TABLE}.csv").read_text(encoding="utf-8")


def fails(match: str, row: int | None = None, column: str | None = None) -> None:
    """Load the damaged table: the error must name file, row and column, and say what to do."""
    with pytest.raises(DataError, match=match) as caught:
        data.load(TABLE)
    assert caught.value.file == f"data/{TABLE}.csv"
    assert row in (None, caught.value.row)
    assert column in (None, caught.value.column)
    assert "; " in str(caught.value), "the error says what to do"


def test_load_gives_typed_rows_with_sources_and_their_lines_of_the_file() -> None:
    frame = data.load(TABLE, partner="ASIA", period="2023", unit="USD bn", flow="exports")
    assert frame["value"].dtype == "float64"
    assert set(frame["value"]) == {306.6}
    assert set(frame["half_unit"]) == {0.05}
    assert data.describe(TABLE)["licenses"][0]["name"] == "CC-BY-4.0"
    assert set(frame["source"]) <= data.sources().keys()
    for row in frame.itertuples():
        table, _, line = row.row.partition(":")
        assert table == TABLE
        assert f",2023,306.6,USD bn,{row.source}," in ORIGINAL.splitlines()[int(line) - 1]
    assert list(data.rows(tuple(frame["row"]))["source"]) == list(frame["source"])
    assert data.rows(()).empty


def test_as_of_leaves_out_what_was_not_yet_public() -> None:
    known = data.on(data.PUBLICATION)(data.load)("trade_china_customs")
    assert (known["known"].dt.date <= data.PUBLICATION).all()
    assert "2024" not in set(known["period"])
    assert "2024" in set(data.load("trade_china_customs")["period"])


def test_half_unit_reads_the_written_digits() -> None:
    found = [data.half_unit(written) for written in ("84.9", "240", "240.0", "0.125", "-3")]
    assert found == pytest.approx([0.05, 0.5, 0.05, 0.0005, 0.5])


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2023", "2023-01-01", "2023-12-31"), ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-01/2023-09", "2023-01-01", "2023-09-30"), ("2024-05-16", "2024-05-16", "2024-05-16"),
    ],
)  # fmt: skip
def test_periods(period: str, start: str, end: str) -> None:
    assert (str(data.period_start(period)), str(data.period_end(period))) == (start, end)


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


FILES: dict[str, tuple[Callable[[str], str | bytes | None], int | None]] = {
    "the file is missing": (lambda text: None, None),
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
    package.path(TABLE).unlink()
    if after is not None:
        package.path(TABLE).write_bytes(after if isinstance(after, bytes) else after.encode())
    fails(match, row)
    with pytest.raises(DataError, match=match):
        verdict(claim, "hindsight")


@pytest.mark.parametrize(
    "change", [lambda text: swap(text, "reporter", "partner"), lambda text: text.rstrip().rpartition("\n")[0]]
)
def test_what_only_the_checksum_shows(package: PackageCopy, change: Callable[[str], str]) -> None:
    package.path(TABLE).write_text(change(ORIGINAL).rstrip("\n") + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=f"data/{TABLE}.csv: the checksum differs .*make accept-data"):
        data.validate()
    assert (data.accept(), data.accept()) == ([TABLE], [])
    assert TABLE in data.validate()


ENTRY = """@misc{probe2024,
  author = {{Reuters}}, title = {A title}, howpublished = {Reuters}, date = {2024-05-17}, year = {2024},
  url = {https://example.org/a}, urldate = {2024-06-01}, language = {English}, keywords = {news}, grade = {wire},
}
"""
SOURCES = {
    "has an empty title": [("{A title}", "{}"), ("{A title}", "{{ }}")],
    "has no title": [("title = {A title}, ", "")],
    "has no author": [("author = {{Reuters}}, ", "")],
    "has no date": [("date = {2024-05-17}, year = {2024},", "")],
    "has no urldate": [("urldate = {2024-06-01}, ", "")],
    r"has no url\b": [("url = {https://example.org/a}, ", "")],
    "has no language": [("language = {English}, ", "")],
    "has no grade": [(", grade = {wire}", "")],
    "has a host name": [("{{Reuters}}", "{{tass.com}}")],
    "after the day it was consulted": [("2024-05-17", "2024-12")],
    "has unknown field": [("title", "Title"), ("howpublished", "institution"), ("howpublished", "journaltitle"), ("grade", "crossref = {x}, grade")],
    "has no howpublished, or journal of an @article": [("@misc", "@article"), ("howpublished", "journal"), ("howpublished = {Reuters}, ", "")],
    "cannot be read": [("{A title},", "{A title}"), ("{A title},", "{A title,"), ("title = ", "title "), ("{Reuters}, date", "reuters, date"), ("probe2024", ""), (" year", " title = {B}, year"), ("{{Reuters}}", "{A, B, C, D}")],
    "is no key": [("probe2024", "pröbe"), ("probe2024", "a<b>"), ("probe2024", "Probe2024")],
    "has LaTeX in its .* that has no letter": [("{A title}", r"{A \textit{word}}"), ("{A title}", r"{A \foo}"), ("{A title}", "{A\\}"), ("/a}", r"/a\_b}"), ("grade", r"note = {\url{https://x.org}}, grade")],
    "has date .*, which is no date": [("2024-05-17", "17 May 2024"), ("2024-05-17", "2024-02-30"), ("2024-05-17", "2024-05/2024-06"), ("2024-05-17", "２０２４"), ("2024-05-17", "2024-5-7"), ("2024-05-17", "1024")],
    "has urldate .*, which is no date": [("2024-06-01", "1 June 2024"), ("2024-06-01", "2024-13-01")],
    "has year .*, but date": [("year = {2024}", "year = {2023}"), ("date = {2024-05-17}, ", "")],
    "has the address": [("https://", ""), ("https://", "ftp://"), ("/a}", "/a b}"), ("/a}", "/<b>}"), ("example.org", "пример.рф"), ("https://", "javascript:")],
    "has doi": [("grade", "doi = {https://doi.org/10.1000/x}, grade"), ("grade", "doi = {10.1000/x y}, grade")],
    "of whom no last name is plain": [("{{Reuters}}", "{World Trade Organization}"), ("{{Reuters}}", "{Smith and }")],
    "has an invisible character, U\\+200B": [("A title", "A\u200btitle"), ("probe", "pro\u200bbe")],
    "has unknown (language|grade)": [("English", "english"), ("English", "ru"), ("{wire}", "{Wire}")],
    "a title in another": [("A title", "Россия")],
}  # fmt: skip


def probe(package: PackageCopy, old: str, new: str, entry: str = ENTRY) -> data.Source:
    """Return the source that an entry changed so becomes, alone in the bibliography."""
    assert old in entry
    (package.folder / "book" / "references.bib").write_text(entry.replace(old, new, 1), encoding="utf-8")
    data.check_sources()
    (source,) = data.sources().values()
    return source


@pytest.mark.parametrize(
    ("match", "old", "new"), [(match, *pair) for match, pairs in SOURCES.items() for pair in pairs]
)
def test_bad_source(package: PackageCopy, match: str, old: str, new: str) -> None:
    with pytest.raises(DataError, match=rf"\Abook/references.bib: [^\n]*{match}[^\n]*; [^\n]+\Z"):
        probe(package, old, new)
    for check in (data.validate, data.accept):
        with pytest.raises(DataError, match=match):
            check()


LACKING = {"date = {2024-05-17}, year = {2024}": "no date given", "url = {https://example.org/a}": "no address",
           "language = {English}": "language of the page not known"}  # fmt: skip


def test_a_note_explains_what_is_lacking_and_a_masthead_may_be_an_address(package: PackageCopy) -> None:
    for field, note in LACKING.items():
        assert probe(package, field, f"note = {{{note}}}").note == note
    assert probe(package, "{{Reuters}}", "{{Lenta.ru}}").author == "Lenta.ru"
    with pytest.raises(DataError, match="has language unknown, but a title in another"):
        probe(package, "A title", "习近平", ENTRY.replace(field, f"note = {{{note}}}"))


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
    [("a--b~c",) * 2, ("a$b", "a%24b"), ("ä/文", "%C3%A4/%E6%96%87"), ("a%20b#c",) * 2, ("a_(b)", "a_%28b%29")],
)
def test_addresses_stay_what_they_are(package: PackageCopy, written: str, shown: str) -> None:
    assert probe(package, "/a}", f"/{written}}}").url == f"https://example.org/{written}"
    assert references()["probe2024"].url == f"https://example.org/{shown}"


@pytest.mark.parametrize("kind", ["@online", "@MISC", "@techreport", "@book"])
def test_other_kinds_of_entries_read_alike(package: PackageCopy, kind: str) -> None:
    assert probe(package, "@misc", kind) == probe(package, "@misc", "@misc")
    assert references()["probe2024"].full.startswith("Reuters (2024). *A title.* 17 May 2024.")


def test_another_reader_reads_all_tables_alike() -> None:
    """By Python's own, which knows neither pandas nor the descriptors: as many rows, the same figures."""
    for table in data.tables():
        frame, path = data.load(table), data.root() / "data" / data.describe(table)["path"]
        read = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
        assert len(read) == len(frame), table
        if "value" in frame and frame["value"].dtype == "float64":
            assert frame["value"].fillna(0).tolist() == [float(row["value"] or 0) for row in read], table


def test_every_bibliography_entry_is_used_and_every_citation_resolves() -> None:
    folder = data.root()
    used = {key for table in data.tables() if "source" in data.load(table) for key in data.load(table)["source"]}
    used |= {key for claim in all_claims().values() for key in claim.sources}
    files = [*folder.glob("notebooks/*.ipynb"), *folder.glob("book/*.md")]
    for group in re.findall(r"\{cite:\w+\}`([^`]+)`", "\n".join(f.read_text(encoding="utf-8") for f in files)):
        used |= {key.strip() for key in group.split(",")}
    assert used == set(data.sources())


def test_a_validation_is_for_the_same_bytes(package: PackageCopy, capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.main([]) == 0
    assert f"{len(data.tables())} tables are valid" in capsys.readouterr().out
    assert checks.main(["--if-changed"]) == 0
    assert "nothing has changed" in capsys.readouterr().out
    package.edit(TABLE, "value", "many", **ONE)
    for arguments in (["--if-changed"], ["--if-changed"], []):
        assert checks.main(arguments) == 1, "a fault is never remembered as valid"
        assert capsys.readouterr().err.count("\n") == 1
