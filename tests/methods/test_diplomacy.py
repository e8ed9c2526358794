"""Indicators of diplomacy against hand-computed values."""

from datetime import date

import pandas as pd
import pytest

from eastward.methods import diplomacy as i


def test_days_between_counts_calendar_days() -> None:
    assert i.days_between(date(2024, 5, 7), date(2024, 5, 16)) == 9
    assert i.days_between(date(2023, 3, 10), date(2023, 3, 20)) == 10


def test_primary_drops_second_sources_and_orders_by_day() -> None:
    events = pd.DataFrame(
        {"event": ["b", "a", "c"], "date": ["2024-05", "2024-05-16", "2023"], "same_as": ["a", None, None]}
    )
    kept = i.primary(events)
    assert kept["event"].tolist() == ["c", "a"]
    assert kept["day"].tolist() == [pd.Timestamp(2023, 1, 1), pd.Timestamp(2024, 5, 16)]
    assert kept["year"].tolist() == [2023, 2024]


def test_per_year_fills_empty_years_with_zero() -> None:
    counted = i.per_year(pd.DataFrame({"year": [2014, 2014, 2016, 2020]}), 2013, 2016)
    assert counted.to_dict() == {2013: 0, 2014: 2, 2015: 0, 2016: 1}


def test_before_and_after_leaves_the_year_itself_out() -> None:
    series = pd.Series({2001: 1.0, 2002: 2.0, 2003: 3.0, 2004: 99.0, 2005: 4.0, 2006: 6.0})
    assert i.before_and_after(series, 2004) == (2.0, 5.0)
    assert i.before_and_after(series, 2004, span=2) == (2.5, 5.0)


def test_before_and_after_needs_two_values_on_each_side() -> None:
    series = pd.Series({2011: 2.0, 2013: 4.0, 2014: 4.0})
    assert i.before_and_after(series, 2012) is None
    assert i.before_and_after(series, 2012, least=1) == (2.0, 4.0)


def test_kept_rhythm_ignores_years_out_of_turn() -> None:
    assert i.kept_rhythm([2000, 2003, 2004, 2004], 2000, 2006) == (2, 4)


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [(0, 2, 0.0, 0.8419), (6, 6, 0.5407, 1.0), (1, 10, 0.0025, 0.4450), (0, 6, 0.0, 0.4593)],
)
def test_hit_rate_interval_is_clopper_and_pearson(hits: int, cases: int, low: float, high: float) -> None:
    # 0 of n: upper limit 1 - 0.025^(1/n); n of n: lower limit 0.025^(1/n); 1 of 10 from published tables
    assert i.hit_rate_interval(hits, cases) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("hits", "cases"), [(3, 2), (-1, 2), (0, 0)])
def test_hit_rate_interval_refuses_what_is_no_rate(hits: int, cases: int) -> None:
    with pytest.raises(ValueError, match="no rate"):
        i.hit_rate_interval(hits, cases)


def test_best_p_value_of_few_cases() -> None:
    assert i.best_p_value(6) == 2 / 64
    assert i.best_p_value(2) == 0.5
    assert i.best_p_value(1) == 1.0
