"""The data package: what is valid loads, and every fault gives one clear error."""

from __future__ import annotations

import re
from datetime import date

import pytest

from eastward import data
from eastward.claims import all_claims
from eastward.data import DataError, checks
from tests.conftest import PackageCopy

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
    assert data.describe(frame.attrs["table"])["licenses"][0]["name"] == "CC-BY-4.0"
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


def test_missing_column(package: PackageCopy) -> None:
    file = package.path(TABLE)
    file.write_text(file.read_text(encoding="utf-8").replace(",unit,", ",units,", 1), encoding="utf-8")
    fails("column 'unit' is missing", row=1)


def test_swapped_columns(package: PackageCopy) -> None:
    file = package.path(TABLE)
    file.write_text(file.read_text(encoding="utf-8").replace("value,unit", "unit,value", 1), encoding="utf-8")
    fails("the columns are", row=1)


def test_wrong_unit(package: PackageCopy) -> None:
    package.edit(TABLE, "unit", "USD mn", partner="ASIA", period="2023", flow="imports", unit="USD bn")
    assert "USD mn" in str(fails("fails the check 'enum'", column="unit"))


def test_unknown_source(package: PackageCopy) -> None:
    package.edit(TABLE, "source", "nobody2024", partner="ASIA", flow="imports", unit="EUR bn")
    fails("unknown source 'nobody2024'; add the source", column="source")


def test_unknown_country(package: PackageCopy) -> None:
    package.edit(TABLE, "partner", "ATLANTIS", partner="ASIA", flow="imports", unit="EUR bn")
    fails("unknown code 'ATLANTIS'", column="partner")


def test_duplicate_key(package: PackageCopy) -> None:
    file = package.path(TABLE)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines, lines[-1]]), encoding="utf-8")
    fails("stands twice; keep one row", row=len(lines) + 1)


@pytest.mark.parametrize("written", ["many", "1,234.5", "12%", "NaN", "inf", "306.6 bn"])
def test_not_a_number(package: PackageCopy, written: str) -> None:
    package.edit(TABLE, "value", written, partner="ASIA", flow="imports", unit="EUR bn")
    fails("is not a number", column="value")


def test_empty_required_cell(package: PackageCopy) -> None:
    package.edit(TABLE, "value", "", partner="ASIA", flow="imports", unit="EUR bn")
    fails("the cell is empty; fill the cell", column="value")


def test_negative_value_where_none_can_be(package: PackageCopy) -> None:
    package.edit(TABLE, "value", "-5", partner="ASIA", flow="imports", unit="EUR bn")
    fails("fails the check 'range'", column="value")


def test_malformed_period(package: PackageCopy) -> None:
    package.edit(TABLE, "period", "FY23", partner="ASIA", flow="imports", unit="EUR bn")
    fails("fails the check 'pattern'", column="period")


def test_byte_order_mark(package: PackageCopy) -> None:
    file = package.path(TABLE)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    fails("byte order mark; save it as plain UTF-8", row=1)


def test_carriage_returns(package: PackageCopy) -> None:
    file = package.path(TABLE)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    fails("CRLF", row=1)


def test_wrong_encoding(package: PackageCopy) -> None:
    package.edit(TABLE, "note", "Übersee", partner="ASIA", flow="imports", unit="EUR bn")
    file = package.path(TABLE)
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1", errors="replace"))
    fails("not UTF-8")


def test_truncated_in_a_line(package: PackageCopy) -> None:
    file = package.path(TABLE)
    file.write_bytes(file.read_bytes()[:-20])
    fails("truncated")


def test_truncated_between_lines_breaks_the_checksum(package: PackageCopy) -> None:
    file = package.path(TABLE)
    file.write_text("".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:-3]), encoding="utf-8")
    with pytest.raises(DataError, match="checksum differs .*make accept-data"):
        data.validate()


def test_html_in_a_cell(package: PackageCopy) -> None:
    package.edit(TABLE, "note", "<script>alert(1)</script>", partner="ASIA", flow="imports", unit="EUR bn")
    fails("holds HTML; write plain text", column="note")


def test_missing_file(package: PackageCopy) -> None:
    package.path(TABLE).unlink()
    fails("the file is missing")


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
