"""Bounds, months and level shifts against values worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from eastward.methods.settlements import level_shift, monthly, share_bounds


def test_share_bounds_are_those_of_duncan_and_davis():
    # A fifth of the whole, the part is half of it: from nothing (all in the rest) to two fifths.
    assert share_bounds(20, 0.5) == (0, 40)
    # Four fifths of the whole: the rest can take 50 points at most, so the part holds at least 60 per cent.
    low, high = share_bounds(80, 0.5)
    assert low == pytest.approx(60)
    assert high == 100
    assert share_bounds(20, 1) == (20, 20), "a part that is the whole"


@pytest.mark.parametrize("weight", [0, -0.1, 1.2])
def test_a_weight_outside_the_unit_interval_is_refused(weight):
    with pytest.raises(ValueError, match="a weight lies"):
        share_bounds(20, weight)


def _levels(given):
    """Levels by period, known to 0.05 where no other rounding error stands beside them."""
    both = [level if isinstance(level, tuple) else (level, 0.05) for level in given.values()]
    frame = pd.DataFrame(both, columns=["value", "half_unit"])
    return frame.assign(period=list(given), row=[f"t:{i}" for i in range(len(frame))])


PAIR = "2024-01/2024-02"
NO_GROWTH = pd.DataFrame({"period": [], "value": [], "row": []})


def test_months_come_from_statements_pairs_differences_and_growth():
    stated = {"2023-03": 10.0, PAIR: 12.0, "2024-01/2024-05": 45.0, "2024-04": 11.0, "2024-05": 13.0}
    levels = _levels(stated | {"2025-01/2025-03": 30.0, "2025-03": 9.0})
    growth = pd.DataFrame({"period": ["2024-03"], "value": [-20.0], "row": ["g:1"]})
    months = monthly(levels, growth).set_index("month")
    assert months.loc["2024-01", "value"] == 6
    assert months.loc["2024-03", "value"] == pytest.approx(45 - 12 - 11 - 13)
    assert months.loc["2024-03", "how"] == "difference"
    assert months.loc["2025-02", "value"] == pytest.approx((30 - 9) / 2)
    without = monthly(levels.drop(index=2), growth).set_index("month")
    assert without.loc["2024-03", "value"] == pytest.approx(10 * 0.8)
    assert without.loc["2024-03", "rows"] == ("g:1", "t:0")


HALVES = [["2024-01", 6.0, "pair", ("t:0",)], ["2024-02", 6.0, "pair", ("t:0",)]]
JANUARY, DECEMBER = ["2024-01", 10.0, "stated", ("t:0",)], ["2024-12", 12.0, "difference", ("t:0", "t:1")]
MONTHS = {
    "a coarse total is not subtracted": ({PAIR: 12.0, "2024-01/2024-03": (20.0, 0.5)}, HALVES),
    "nor one of another year": ({PAIR: 12.0, "2025-01/2025-03": 40.0}, HALVES),
    "a rounding error at the limit is too coarse": ({PAIR: (12.0, 0.1)}, []),
    "a stated January is not replaced by half of the pair": ({"2024-01": 10.0, PAIR: 25.0}, [JANUARY]),
    "a year total gives its last month": ({"2024-01/2024-11": 100.0, "2024": 112.0}, [DECEMBER]),
}


@pytest.mark.parametrize("case", MONTHS)
def test_months_of_few_levels(case):
    levels, expected = MONTHS[case]
    found = monthly(_levels(levels), NO_GROWTH)
    assert found[["month", "value", "how", "rows"]].to_numpy().tolist() == expected


BEFORE = [10.0, 11.0, 9.0, 10.5, 9.5, 10.0]
SPAN = ("2023-02", "2023-07")


def _series(values, kind=float):
    months = pd.period_range("2023-01", periods=len(values), freq="M").astype(str)
    return pd.DataFrame({"month": months, "value": pd.Series(values, dtype=kind), "how": "stated"})


def test_level_shift_equals_the_textbook_interval():
    shift = level_shift(_series([*BEFORE, 8.0, 8.0]), ("2023-01", "2023-06"), ["2023-07", "2023-08"])
    logs = np.log(BEFORE)
    half = 2.5706 * logs.std(ddof=1) * np.sqrt(1 / 6 + 1 / 2)  # Student's t, 5 degrees of freedom
    deviation = np.log(8) - logs.mean()
    assert shift.freedom == 5
    assert shift.change == pytest.approx(100 * np.expm1(deviation))
    assert shift.low == pytest.approx(100 * np.expm1(deviation - half), abs=0.01)
    assert shift.high == pytest.approx(100 * np.expm1(deviation + half), abs=0.01)


def test_a_series_on_its_trend_does_not_shift():
    noise = np.array([1.01, 0.99, 1.0, 1.01, 0.99, 1.0, 1.0, 1.0])
    growing = _series(10 * 1.05 ** np.arange(8) * noise)
    on_trend = level_shift(growing, ("2023-01", "2023-06"), ["2023-07", "2023-08"], trend=True)
    assert on_trend.low < 0 < on_trend.high
    on_level = level_shift(growing, ("2023-01", "2023-06"), ["2023-07", "2023-08"])
    assert on_level.low > 0


def test_a_pair_of_months_counts_once():
    whole = _series([10.0, 10.0, 9.0, 11.0, 10.5, 9.5, 8.0])
    paired = whole.assign(how=["pair", "pair", *["stated"] * 5])
    span, after = ("2023-01", "2023-06"), ["2023-07"]
    assert level_shift(paired, span, after).freedom == level_shift(whole, span, after).freedom - 1


def test_every_month_says_how_it_was_found_and_from_which_rows():
    levels = _levels({PAIR: 12.0, "2024-01/2024-04": 31.0, "2024-04": 9.0})
    growth = pd.DataFrame({"period": ["2025-04"], "value": [10.0], "row": ["g:1"]})
    got = monthly(levels, growth)
    assert got["month"].tolist() == ["2024-01", "2024-02", "2024-03", "2024-04", "2025-04"]
    assert got["how"].tolist() == ["pair", "pair", "difference", "stated", "growth"]
    assert got["rows"].tolist() == [("t:0",), ("t:0",), ("t:0", "t:1", "t:2"), ("t:2",), ("g:1", "t:2")]
    assert got["value"].tolist() == pytest.approx([6, 6, 10, 9, 9.9])


def test_four_months_are_enough_and_errors_name_the_months():
    assert level_shift(_series(BEFORE), ("2023-01", "2023-04"), ["2023-05"]).freedom == 3
    with pytest.raises(ValueError, match=r"^only 3 months from 2023-01 to 2023-03$"):
        level_shift(_series(BEFORE), ("2023-01", "2023-03"), ["2023-04"])
    with pytest.raises(ValueError, match=r"^a month of 2023-06, 2023-07 is missing$"):
        level_shift(_series(BEFORE), ("2023-01", "2023-05"), ["2023-06", "2023-07"])


def test_the_interval_of_a_single_month_by_hand():
    shift = level_shift(_series([99.0, *BEFORE, 8.0, 77.0]), SPAN, ["2023-08"])
    logs = np.log(BEFORE)
    sigma = logs.std(ddof=1)
    half = 2.570582 * sigma * np.sqrt(1 + 1 / 6)  # Student's t, 5 degrees of freedom
    assert list(shift.expected.columns) == ["month", "expected", "low", "high"]
    assert shift.expected["month"].tolist() == [f"2023-{m:02d}" for m in range(2, 9)]
    np.testing.assert_allclose(shift.expected["expected"], np.exp(logs.mean()))
    np.testing.assert_allclose(shift.expected["low"], np.exp(logs.mean() - half), rtol=1e-6)
    np.testing.assert_allclose(shift.expected["high"], np.exp(logs.mean() + half), rtol=1e-6)
    assert shift.noise == pytest.approx(100 * (np.exp(sigma) - 1))
    rest = pd.Series(logs - logs.mean())
    assert shift.autocorrelation == pytest.approx(rest.autocorr(1))
    assert shift.autocorrelation < 0


def test_values_read_as_objects_count_like_numbers():
    one, other = (level_shift(_series([9.0, *BEFORE, 8.0], kind), SPAN, ["2023-08"]) for kind in (float, object))
    assert one.change == other.change
