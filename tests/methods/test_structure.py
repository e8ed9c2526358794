"""Hand-computed values, invariants and independent packages for the indicators of structure and breaks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from eastward.methods import structure

positive = st.floats(min_value=0.1, max_value=1e6)


def _years(values, start=2001, kind=float):
    return pd.Series(values, index=pd.RangeIndex(start, start + len(values)), dtype=kind)


def test_dependence_of_a_small_and_a_large_country():
    got = structure.dependence(_years([20.0]), _years([100.0]), _years([500.0])).iloc[0].to_dict()
    both = {"salience": 100 * np.sqrt(0.2 * 0.04), "symmetry": 1 - 0.16}
    assert got == pytest.approx({"a_on_b": 20, "b_on_a": 4, "ratio": 5, **both})


@given(trade=positive, a=positive, b=positive)
def test_dependence_is_symmetric_only_between_equals(trade, a, b):
    forth = structure.dependence(_years([trade]), _years([a]), _years([b])).iloc[0]
    back = structure.dependence(_years([trade]), _years([b]), _years([a])).iloc[0]
    assert forth["ratio"] * back["ratio"] == pytest.approx(1)
    assert forth["ratio"] == pytest.approx(b / a)
    assert forth["symmetry"] == pytest.approx(back["symmetry"])


@pytest.mark.parametrize(
    ("shares", "known", "low", "high"),
    [
        ([30.0, 20.0, 10.0], 60, 900 + 400 + 100, 1400 + 1600),
        ([100.0], 100, 10_000, 10_000),
        ([60.0, 50.0], 110, 6100, 6100),  # shares above the whole leave no rest
    ],
)
def test_concentration_bounds(shares, known, low, high):
    got = structure.concentration(pd.DataFrame({"year": 2013, "share": shares})).loc[2013]
    assert (got["known"], got["low"], got["high"]) == (known, low, high)


@given(st.lists(positive, min_size=1, max_size=12))
def test_concentration_lies_between_equal_parts_and_monopoly(values):
    shares = 100 * pd.Series(values) / sum(values)
    got = structure.concentration(pd.DataFrame({"year": 1, "share": shares})).iloc[0]
    assert 10_000 / len(values) - 1e-6 <= got["low"] <= 10_000 + 1e-6
    assert got["high"] == pytest.approx(got["low"], abs=1e-6)


def test_intensity_part_of_a_change_and_decomposition_by_hand():
    # a tenth of the exports go to a partner that makes up a twentieth of the imports of the others
    got = structure.intensity(_years([10.0]), _years([100.0]), _years([45.0]), _years([1000.0]), _years([100.0]))
    assert got.iloc[0] == pytest.approx(2)
    assert structure.done_by(_years([10.0, 12.0, 20.0]), 2001, 2002, 2003) == pytest.approx(0.2)
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

NOISY = _years([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8])


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
    assert fits.loc[[1, 2], "years"].tolist() == [(2009,), (2005, 2009)]
    assert fits.loc[2, "ssr"] == pytest.approx(3)
    assert (fits["bic"].idxmin(), fits["lwz"].idxmin()) == (2, 2)


def test_bai_perron_in_a_trend():
    bent = _years([*np.arange(10) * 1.0, *(9 + np.arange(1, 9) * 4.0)]) + np.tile([0.1, -0.1], 9)
    fits = structure.bai_perron(bent, model="trend", max_breaks=2, min_size=3)
    assert fits.loc[1, "years"][0] in (2010, 2011)
    assert fits["bic"].idxmin() >= 1
    assert fits["ssr"].is_monotonic_decreasing


@settings(max_examples=25)
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
    named = structure.break_years_redrawn(NOISY, replications=49)
    assert (named.name, named.index.name) == ("fraction", "year")
    pd.testing.assert_series_equal(named, structure.break_years_redrawn(NOISY, replications=49))


def test_interval_by_hand():
    fractions = pd.Series([0.04, 0.1, 0.7, 0.12, 0.04], index=range(2010, 2015))
    assert structure.interval(fractions) == (2011, 2013)
    assert structure.interval(fractions, level=0.99) == (2010, 2014)
    exact = pd.Series([0.25, 0.5, 0.25], index=[1, 2, 3])
    assert structure.interval(exact, level=0.5) == (2, 2), "a tail that is exactly used up is left out"


def test_unknown_models_and_gaps_are_explained():
    with pytest.raises(ValueError, match=r"^unknown break model 'curve'; use one of mean, trend$"):
        structure.break_profile(STEP, model="curve")
    with pytest.raises(ValueError, match=r"^a break test needs consecutive years without gaps$"):
        structure.break_profile(STEP.drop(2004))
    with pytest.raises(ValueError, match="consecutive years"):
        structure.break_profile(_years([1, 2, np.nan, 4, 5, 6, 7]))


def test_f_of_a_broken_trend_equals_chow_by_polyfit():
    profile = structure.break_profile(NOISY, model="trend", min_size=3)
    assert profile.index.name == "year"
    t, y = np.arange(12), NOISY.to_numpy()

    def ssr(a, b):
        return np.polyfit(t[a:b], y[a:b], 1, full=True)[1][0]

    two = ssr(0, 5) + ssr(5, 12)
    assert profile.loc[2006, "f"] == pytest.approx(((ssr(0, 12) - two) / 2) / (two / 8))


@pytest.mark.parametrize(("model", "p"), [("mean", [1, 3]), ("trend", [2, 5])])
def test_criteria_by_hand(model, p):
    fits = structure.bai_perron(NOISY, model=model, max_breaks=1)
    assert fits.index.tolist() == [0, 1]
    for m in (0, 1):
        ssr = fits.loc[m, "ssr"]
        assert fits.loc[m, "bic"] == pytest.approx(np.log(ssr / 12) + p[m] * np.log(12) / 12)
        lwz = np.log(ssr / (12 - p[m])) + p[m] * 0.299 * np.log(12) ** 2.1 / 12
        assert fits.loc[m, "lwz"] == pytest.approx(lwz)


def test_breaks_that_just_fit_are_tried_with_a_single_degree_of_freedom_by_hand():
    assert structure.bai_perron(NOISY[:6], max_breaks=3, min_size=3).index.tolist() == [0, 1], "and more are not"
    # three trends and two break years are eight parameters for nine years, the fewest years that hold them
    fits = structure.bai_perron(NOISY[:9], model="trend", max_breaks=2, min_size=3)
    expected = np.log(fits.loc[2, "ssr"]) + 8 * 0.299 * np.log(9) ** 2.1 / 9
    assert fits.loc[2, "lwz"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("residuals", "rho"),
    [([1.0, 2.0, 4.0], 0.95), ([1.0, -2.0, 4.0], -0.95), ([0.0, 0.0, 3.0], 0.0), ([0.4, 0.2, 0.1], 0.5)],
)
def test_autocorrelation_by_hand(residuals, rho):
    got, shocks = structure._ar1(np.array(residuals))
    assert got == pytest.approx(rho)
    assert shocks.mean() == pytest.approx(0)


def test_the_test_of_no_break_is_repeatable_and_counts_itself():
    got = structure.sup_f_test(STEP, replications=19)
    assert set(got) == {"year", "sup_f", "p_value", "rho"}
    assert got == structure.sup_f_test(STEP, replications=19)
    y = STEP.to_numpy() - 6.5
    assert got["rho"] == pytest.approx((y[:-1] @ y[1:]) / (y[:-1] @ y[:-1]))
    assert got["p_value"] == 1 / 20  # no redrawn series is as broken as a clear step


@pytest.mark.parametrize("model", structure.MODELS)
def test_the_p_value_counts_the_redrawn_series_that_look_as_broken(model):
    years = np.arange(12)
    fitted = np.polyval(np.polyfit(years, NOISY, structure.MODELS.index(model)), years)
    redrawn = structure._resample(fitted, NOISY.to_numpy() - fitted, 39, 5)
    tops = np.array([structure.break_profile(_years(column), model)["f"].max() for column in redrawn.T])
    got = structure.sup_f_test(NOISY, model=model, replications=39, seed=5)
    assert 0 < (tops >= got["sup_f"]).sum() < 39
    assert got["p_value"] == (1 + (tops >= got["sup_f"]).sum()) / 40


def test_whole_numbers_count_like_decimals():
    whole = _years([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], kind=int)
    for model in structure.MODELS:
        one, other = (structure.sup_f_test(s, model=model, replications=9) for s in (whole, NOISY))
        assert one == other


RESIDUALS = np.array([0.9, 0.8, -0.3, -0.5, 0.2, 0.6, 0.1, -0.7, -0.9, -0.2])


def _errors(residuals=RESIDUALS, years=8, replications=4000):
    return structure._resample(np.zeros(years), residuals, replications, seed=2)


def test_redrawn_errors_follow_their_own_last_year_and_a_redrawn_shock():
    rho, shocks = structure._ar1(RESIDUALS)
    assert 0.4 < rho < 0.6
    errors = _errors()
    innovations = errors[1:] - rho * errors[:-1]
    apart = np.abs(innovations[:, :, None] - shocks).min(axis=2)
    assert apart.max() < 1e-12
    # each shock is drawn as often as the others
    nearest = np.abs(innovations[:, :, None] - shocks).argmin(axis=2)
    assert np.bincount(nearest.ravel()) / nearest.size == pytest.approx(1 / len(shocks), abs=0.01)
    # they have the autocorrelation of the residuals, and replications have none
    across = np.corrcoef(errors)  # of years, over the replications
    assert np.diag(across, 1) == pytest.approx(rho, abs=0.05)
    assert np.diag(across, 2) == pytest.approx(rho**2, abs=0.05)
    assert np.corrcoef(errors[:, 1:].ravel(), errors[:, :-1].ravel())[0, 1] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("residuals", [RESIDUALS, RESIDUALS * np.tile([1, -1], 5)], ids=["persistent", "alternating"])
def test_redrawn_errors_vary_as_much_in_the_first_year_as_in_the_last(residuals):
    rho, shocks = structure._ar1(residuals)
    stationary = shocks.var() / (1 - rho**2)
    spread = _errors(residuals, replications=20_000).var(axis=1)
    assert spread == pytest.approx(stationary, rel=0.04)
    assert stationary > 1.2 * shocks.var(), "without a warm-up the first year would vary less"


def test_redrawn_errors_start_from_rest_twenty_years_before_and_come_on_top_of_the_fit():
    fitted = np.linspace(5, 6, 8)
    residuals = np.cumsum(np.array([-5, 1, 2, -1, 2, 1, 2, 1, 2, 1]) / 4)  # so persistent that the start shows
    rho, shocks = structure._ar1(residuals)
    assert rho > 0.8
    drawn = np.random.default_rng(7).choice(shocks, size=(28, 3))
    drawn[0] = 0
    errors = lfilter([1], [1, -rho], drawn, axis=0)[20:]
    np.testing.assert_allclose(structure._resample(fitted, residuals, 3, seed=7), fitted[:, None] + errors)


def test_regimes_always_leave_a_degree_of_freedom():
    """The criterion of Liu, Wu and Zidek divides by years less parameters, which the least regime keeps positive."""
    for model in structure.MODELS:
        least = structure._regressors(1, model).shape[1] + 1
        for n in range(least, 13):
            fits = structure.bai_perron(NOISY[:n], model=model, max_breaks=4, min_size=least)
            assert np.isfinite(fits["lwz"]).all()
        with pytest.raises(ValueError, match=f"at least {least} years"):
            structure.bai_perron(NOISY, model=model, min_size=least - 1)


def test_defaults_are_as_documented():
    longer = _years([*NOISY, 30, 31, 30, *NOISY])  # a regime of three years, and room for more breaks than are tried
    plain = structure.bai_perron(longer)
    pd.testing.assert_frame_equal(plain, structure.bai_perron(longer, model="mean", max_breaks=3, min_size=3))
    assert plain.index.tolist() == [0, 1, 2, 3]
    given = {"model": "mean", "min_size": 3, "replications": 999, "seed": 0}
    assert structure.sup_f_test(NOISY) == structure.sup_f_test(NOISY, **given)
    pd.testing.assert_series_equal(structure.break_years_redrawn(NOISY), structure.break_years_redrawn(NOISY, **given))


def test_least_regime_reaches_every_part_of_the_test_of_no_break():
    # the last year alone stands out: a regime of two years can see it, one of three cannot as well
    late = _years([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 30, 31])
    assert structure.sup_f_test(late, min_size=2, replications=9)["year"] == 2011
    assert structure.sup_f_test(late, min_size=3, replications=9)["year"] == 2010
    assert structure.break_years_redrawn(late, min_size=2, replications=9).idxmax() == 2011
