"""Hand-computed values, invariants and independent packages for the indicators of structure and breaks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eastward.methods import structure

positive = st.floats(min_value=0.1, max_value=1e6)


def _years(values, start=2001):
    return pd.Series(values, index=pd.RangeIndex(start, start + len(values)), dtype=float)


def test_dependence_of_a_small_and_a_large_country():
    got = structure.dependence(_years([20.0]), _years([100.0]), _years([500.0])).iloc[0]
    assert got["a_on_b"] == pytest.approx(20)
    assert got["b_on_a"] == pytest.approx(4)
    assert got["ratio"] == pytest.approx(5)
    assert got["salience"] == pytest.approx(100 * np.sqrt(0.2 * 0.04))
    assert got["symmetry"] == pytest.approx(1 - 0.16)


@given(trade=positive, a=positive, b=positive)
def test_dependence_is_symmetric_only_between_equals(trade, a, b):
    forth = structure.dependence(_years([trade]), _years([a]), _years([b])).iloc[0]
    back = structure.dependence(_years([trade]), _years([b]), _years([a])).iloc[0]
    assert forth["ratio"] * back["ratio"] == pytest.approx(1)
    assert forth["ratio"] == pytest.approx(b / a)
    assert forth["symmetry"] == pytest.approx(back["symmetry"])


def test_concentration_bounds():
    shares = pd.DataFrame({"year": [2013] * 3, "share": [30.0, 20.0, 10.0]})
    got = structure.concentration(shares).loc[2013]
    assert got["known"] == 60
    assert got["low"] == 900 + 400 + 100
    assert got["high"] == 1400 + 1600


def test_concentration_of_one_partner_is_ten_thousand():
    got = structure.concentration(pd.DataFrame({"year": [1], "share": [100.0]})).iloc[0]
    assert (got["low"], got["high"]) == (10_000, 10_000)


@given(st.lists(positive, min_size=1, max_size=12))
def test_concentration_lies_between_equal_parts_and_monopoly(values):
    shares = 100 * pd.Series(values) / sum(values)
    got = structure.concentration(pd.DataFrame({"year": 1, "share": shares})).iloc[0]
    assert 10_000 / len(values) - 1e-6 <= got["low"] <= 10_000 + 1e-6
    assert got["high"] == pytest.approx(got["low"], abs=1e-6)


def test_intensity_by_hand():
    # a tenth of the exports go to a partner that makes up a twentieth of the imports of the others
    got = structure.intensity(_years([10.0]), _years([100.0]), _years([45.0]), _years([1000.0]), _years([100.0]))
    assert got.iloc[0] == pytest.approx((10 / 100) / (45 / 900))
    assert got.iloc[0] == pytest.approx(2)


def test_part_of_a_change_done_by_a_year():
    assert structure.done_by(_years([10.0, 12.0, 20.0]), 2001, 2002, 2003) == pytest.approx(0.2)


def test_decomposition_by_hand():
    # 50 of 100 becomes 50 of 60: nothing of it is the part's own doing
    got = structure.decompose_share((50, 50), (50, 10))
    assert got.loc["part", "effect"] == pytest.approx(0)
    assert got.loc["total", "effect"] == pytest.approx(100 * 50 / 60 - 50)
    assert got.loc["rest", "of_total"] == pytest.approx(1)


@given(positive, positive, positive, positive)
def test_decomposition_adds_up(p0, p1, r0, r1):
    got = structure.decompose_share((p0, p1), (r0, r1))["effect"]
    assert got["part"] + got["rest"] == pytest.approx(got["total"], abs=1e-9)
    swapped = structure.decompose_share((r0, r1), (p0, p1))["effect"]
    assert swapped["part"] == pytest.approx(-got["rest"], abs=1e-6)


STEP = _years([1, 2, 1, 2, 1, 2, 11, 12, 11, 12, 11, 12])
"""Levels 1.5 and 11.5, six years each, the second from 2007."""


def test_one_break_by_hand():
    profile = structure.break_profile(STEP, min_size=2)
    assert profile["ssr"].idxmin() == 2007
    # within each half six deviations of 0.5; without a break 12 deviations of about 5
    assert profile.loc[2007, "ssr"] == pytest.approx(12 * 0.25)
    none = 12 * 0.25 + 12 * 25
    assert profile.loc[2007, "f"] == pytest.approx((none - 3) / (3 / 10))


def test_bai_perron_finds_the_breaks_of_a_stair():
    stair = _years([0, 1, 0, 1, 5, 6, 5, 6, 20, 21, 20, 21])
    fits = structure.bai_perron(stair, max_breaks=3, min_size=2)
    assert fits.loc[1, "years"] == (2009,)
    assert fits.loc[2, "years"] == (2005, 2009)
    assert fits.loc[2, "ssr"] == pytest.approx(3)
    assert fits["bic"].idxmin() == 2
    assert fits["lwz"].idxmin() == 2


def test_bai_perron_in_a_trend():
    bent = _years([*np.arange(10) * 1.0, *(9 + np.arange(1, 9) * 4.0)]) + np.tile([0.1, -0.1], 9)
    fits = structure.bai_perron(bent, model="trend", max_breaks=2, min_size=3)
    assert fits.loc[1, "years"][0] in (2010, 2011)
    assert fits["bic"].idxmin() >= 1
    assert fits["ssr"].is_monotonic_decreasing


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=8, max_size=14), st.sampled_from(structure.MODELS))
def test_dynamic_programming_agrees_with_the_exhaustive_search(values, model):
    series = _years(values) + np.linspace(0, 0.5, len(values)) ** 3
    profile = structure.break_profile(series, model, min_size=3)
    fits = structure.bai_perron(series, model, max_breaks=1, min_size=3)
    assert fits.loc[1, "ssr"] == pytest.approx(profile["ssr"].min(), rel=1e-6, abs=1e-6)


def test_sup_f_sees_a_step_and_not_a_random_walk():
    noise = np.random.default_rng(1).normal(size=40)
    step = _years(noise + np.repeat([0.0, 5.0], 20))
    found = structure.sup_f_test(step, replications=199)
    assert found["year"] in (2020, 2021, 2022)
    assert found["p_value"] <= 0.01
    walk = structure.sup_f_test(_years(np.cumsum(noise)), replications=199)
    assert walk["p_value"] > 0.05


def test_redrawn_breaks_gather_at_a_clear_break_and_are_repeatable():
    fractions = structure.break_years_redrawn(STEP, min_size=2, replications=99)
    assert fractions.sum() == pytest.approx(1)
    assert fractions.loc[2007] == 1
    assert structure.interval(fractions) == (2007, 2007)
    again = structure.break_years_redrawn(STEP, min_size=2, replications=99)
    pd.testing.assert_series_equal(fractions, again)


def test_interval_by_hand():
    fractions = pd.Series([0.04, 0.1, 0.7, 0.12, 0.04], index=range(2010, 2015))
    assert structure.interval(fractions) == (2011, 2013)
    assert structure.interval(fractions, level=0.99) == (2010, 2014)


@pytest.mark.parametrize("bad", [_years([1, 2, np.nan, 4, 5, 6, 7]), _years([1.0] * 8).drop(2004)])
def test_gaps_are_refused(bad):
    with pytest.raises(ValueError, match="consecutive years"):
        structure.break_profile(bad)


def test_unknown_models_and_too_short_regimes_are_refused():
    with pytest.raises(ValueError, match="unknown break model"):
        structure.break_profile(STEP, model="curve")
    with pytest.raises(ValueError, match="at least 3 years"):
        structure.bai_perron(STEP, model="trend", min_size=2)
