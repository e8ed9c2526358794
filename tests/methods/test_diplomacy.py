"""Indicators of diplomacy against hand-computed values."""

import pandas as pd
import pytest

from eastward.methods import diplomacy as i


def test_primary_drops_second_sources_orders_by_day_and_numbers_anew() -> None:
    days = ["2024-05", "2024-05-16", "2024-05-16", "2023"]
    events = pd.DataFrame({"event": list("bdac"), "date": days, "same_as": ["a", None, None, None]})
    kept = i.primary(events)
    assert kept.columns.tolist() == ["event", "date", "same_as", "day", "year"]
    assert (kept.index.tolist(), kept["event"].tolist()) == ([0, 1, 2], ["c", "a", "d"])
    assert kept["day"].tolist() == [pd.Timestamp(2023, 1, 1), *[pd.Timestamp(2024, 5, 16)] * 2]
    assert kept["year"].tolist() == [2023, 2024, 2024]


def test_per_year_fills_empty_years_with_zero() -> None:
    counted = i.per_year(pd.DataFrame({"year": [2014, 2014, 2016, 2020]}), 2013, 2016)
    assert counted.to_dict() == {2013: 0, 2014: 2, 2015: 0, 2016: 1}
    assert counted.name == "events"


SIX = {2001: 1.0, 2002: 2.0, 2003: 3.0, 2004: 99.0, 2005: 4.0, 2006: 6.0}
EIGHT = {2000: 90.0, 2001: 1.0, 2002: 2.0, 2003: 3.0, 2005: 4.0, 2006: 5.0, 2007: 6.0, 2008: 90.0}
THREE = {2011: 2.0, 2013: 4.0, 2014: 4.0}


@pytest.mark.parametrize(
    ("values", "year", "options", "expected"),
    [
        (SIX, 2004, {}, (2.0, 5.0)),
        (SIX, 2004, {"span": 2}, (2.5, 5.0)),
        (EIGHT, 2004, {}, (2.0, 5.0)),
        (THREE, 2012, {}, None),
        (THREE, 2012, {"least": 1}, (2.0, 4.0)),
    ],
)
def test_before_and_after_takes_three_years_on_either_side_and_needs_two(values, year, options, expected) -> None:
    assert i.before_and_after(pd.Series(values), year, **options) == expected


def test_kept_rhythm_ignores_years_out_of_turn_and_ends_with_the_last_year() -> None:
    assert i.kept_rhythm([2000, 2003, 2004, 2004], 2000, 2006) == (2, 4)
    assert i.kept_rhythm([2000, 2006], 2000, 2005) == (1, 3)
