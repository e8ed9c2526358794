"""What evidence keeps is never an answer to another question: other data, another day, other changes, another folder."""

import inspect
import os
from datetime import date
from importlib import import_module

import pandas as pd
import pytest

from eastward import data
from eastward.claims.whatif import what_if
from eastward.data.root import reading
from eastward.evidence import observe, trade
from tests.conftest import PackageCopy

HERE = data.root()
FIGURE = {"table": "trade_china_customs", "period": "2023", "flow": "turnover", "unit": "USD bn"}
MODULES = ("diplomacy", "market", "settlements", "tariffs", "trade", "turn_east", "west")
KEPT = [
    function
    for name in MODULES
    for function in vars(import_module(f"eastward.evidence.{name}")).values()
    if hasattr(function, "__wrapped__") and function.__annotations__["return"] == "pd.DataFrame"
    if function.__module__ == f"eastward.evidence.{name}"
]


def turnover_of_2023() -> float:
    return float(trade.china_turnover().set_index("year")["value"][2023])


def test_an_override_is_answered_anew_and_so_is_its_end() -> None:
    before = turnover_of_2023()
    for value in (300, 301):
        what_if(override=[{**FIGURE, "value": value}])
        assert turnover_of_2023() == observe("trade.turnover_in_year", year=2023)[0].observed == value
    what_if()
    assert turnover_of_2023() == before != 300


def test_another_day_is_answered_anew() -> None:
    now = set(trade.china_turnover()["year"])
    with data.on(date(2020, 1, 1)):
        assert max(trade.china_turnover()["year"]) < max(now)
    assert set(trade.china_turnover()["year"]) == now


def test_a_changed_row_a_changed_source_and_another_folder_are_answered_anew(package: PackageCopy) -> None:
    before = turnover_of_2023()
    source = data.rows(trade.china_turnover().set_index("year")["rows"][2023])["source"].iloc[0]
    package.edit("trade_china_customs", "value", "299.5", period="2023", flow="turnover", unit="USD bn")
    assert turnover_of_2023() == 299.5 != before
    with data.using(HERE):
        assert turnover_of_2023() == before
    package.cite(source, date="2024-12-31", year="2024")
    with data.on(data.PUBLICATION):
        assert source not in set(data.rows(sum(trade.china_turnover()["rows"], ()))["source"])


def test_a_changed_size_is_enough_where_the_time_is_the_same(package: PackageCopy) -> None:
    before, file = data.stamp(), package.path("countries")
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    os.utime(file, ns=times)
    assert data.stamp() != before


def test_what_is_kept_is_found_once_and_tells_again_what_was_read() -> None:
    calls: list[object] = []

    @data.kept
    def found(one: int, other: int = 0) -> list[int]:
        """Double."""
        calls.append((one, other))
        data.load("countries")
        return [2 * one]

    for _ in range(2):
        with reading() as noted:
            assert found(1) == [2]
        assert ("table", "countries") in noted
        assert len(calls) == 1
    found(1).append(3)
    assert found(1) == [2]
    assert found(1, other=1) == found(1, other=2) == [2]
    assert calls == [(1, 0), (1, 1), (1, 2)]
    assert (found.__name__, found.__doc__) == ("found", "Double.")


def test_not_more_is_kept_than_512_answers() -> None:
    calls: list[int] = []
    found = data.kept(lambda n: calls.append(n) or [n])
    for n in (*range(512), 0, 511):
        found(n)
    assert len(calls) == 512
    found(512)
    found(0)
    assert calls[512:] == [512, 0]


def test_other_arguments_are_other_questions() -> None:
    calls: list[object] = []
    count = data.kept(lambda *given: calls.append(given) or [len(calls)])
    assert count(1) == count(1) == [1]
    assert [count(1.0), count(True), count("1"), count([1]), count(1, None)] == [[2], [3], [4], [5], [6]]


@pytest.mark.parametrize("function", KEPT, ids=lambda f: f"{f.__module__.rpartition('.')[2]}.{f.__name__}")
def test_nobody_can_spoil_what_is_kept(function: object) -> None:
    known = {
        "year": 2023, "country": "RUS", "partner": "USA", "since": 2013, "series": "power-of-siberia", "base": "2021-05",
        "base_year": 2013, "last_before": 2017, "spans": ["2023"], "table": "exchange_rates", "starts": ["2023-01"],
        "ends": ["2023-12"], "afters": [["2024-01", "2024-03"]], "name": "announced-2024-05", "report": "white-house",
    }  # fmt: skip
    own = {"turnover_against_year_before": {"year": "2024"}, "_index": {"series": "usd-eur"}}
    wanted = inspect.signature(function).parameters.values()
    arguments = {p.name: known[p.name] for p in wanted if p.default is p.empty} | own.get(function.__name__, {})
    first = function(**arguments)
    assert isinstance(first, pd.DataFrame)
    before = first.copy(deep=True)
    assert not first.empty
    assert not any(isinstance(cell, list | dict | set) for column in first for cell in first[column].head(50))
    first.iloc[:, :] = first.iloc[::-1].to_numpy()
    first["spoilt"] = 1
    first.attrs["spoilt"] = 1
    again = function(**arguments)
    pd.testing.assert_frame_equal(again, before)
    assert "spoilt" not in again.attrs


def test_a_list_of_variants_is_the_callers_own() -> None:
    observe("trade.turnover_in_year", year=2023).clear()
    assert observe("trade.turnover_in_year", year=2023)
