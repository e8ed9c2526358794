"""Edges of the indicators of structure: names, ties, degrees of freedom and criteria worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from eastward.indicators import structure


def _years(values, start=2001, kind=float):
    return pd.Series(values, index=pd.RangeIndex(start, start + len(values)), dtype=kind)


STEP = _years([1, 2, 1, 2, 1, 2, 11, 12, 11, 12, 11, 12])
NOISY = _years([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8])


def test_partner_shares_are_sorted_and_refuse_two_totals():
    frame = pd.DataFrame(
        {
            "year": 2013,
            "flow": "exports",
            "partner": ["WORLD", "RUS", "CHN"],
            "value": [10.0, 2.0, 1.0],
            "row": ["t:1", "t:2", "t:3"],
        }
    )
    got = structure.partner_shares(frame)
    assert list(got.columns) == ["year", "flow", "partner", "share", "rows"]
    assert got["partner"].tolist() == ["CHN", "RUS"]
    with pytest.raises(pd.errors.MergeError):
        structure.partner_shares(pd.concat([frame, frame.iloc[:1]]))


def test_shares_above_the_whole_leave_no_rest():
    got = structure.concentration(pd.DataFrame({"year": 1, "share": [60.0, 50.0]})).iloc[0]
    assert got["high"] == got["low"] == 6100


def test_unknown_models_and_gaps_are_explained():
    with pytest.raises(ValueError, match=r"^unknown break model 'curve'; use one of mean, trend$"):
        structure.break_profile(STEP, model="curve")
    with pytest.raises(ValueError, match=r"^a break test needs consecutive years without gaps$"):
        structure.break_profile(STEP.drop(2004))


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


def test_breaks_that_just_fit_are_tried_and_more_are_not():
    assert structure.bai_perron(NOISY[:6], max_breaks=3, min_size=3).index.tolist() == [0, 1]


def test_lwz_with_a_single_degree_of_freedom_by_hand():
    # three trends and two break years are eight parameters for nine years, the fewest years that hold them
    fits = structure.bai_perron(NOISY[:9], model="trend", max_breaks=2, min_size=3)
    expected = np.log(fits.loc[2, "ssr"]) + 8 * 0.299 * np.log(9) ** 2.1 / 9
    assert fits.loc[2, "lwz"] == pytest.approx(expected)


def test_penalty_ranges_by_hand():
    fits = pd.DataFrame({"years": [(), (1,), (1, 2)], "ssr": [100.0, 60.0, 50.0]}, index=pd.RangeIndex(3))
    got = structure.penalty_ranges(fits)
    assert got.index.tolist() == [0, 1, 2]
    assert got["years"].tolist() == [(), (1,), (1, 2)]
    assert got["low"].tolist() == pytest.approx([0.4, 0.1, 0.0])
    assert got["high"].tolist() == pytest.approx([np.inf, 0.4, 0.1])


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


def test_redrawn_years_are_named():
    got = structure.break_years_redrawn(NOISY, replications=49)
    assert (got.name, got.index.name) == ("fraction", "year")
    pd.testing.assert_series_equal(got, structure.break_years_redrawn(NOISY, replications=49))


def test_a_tail_that_is_exactly_used_up_is_left_out():
    assert structure.interval(pd.Series([0.25, 0.5, 0.25], index=[1, 2, 3]), level=0.5) == (2, 2)


def test_steps_without_a_trend_are_differences_of_means():
    got = structure.step_changes(STEP, [2007], trend=False, lags=0)
    assert got.index.tolist() == [2007]
    assert got.index.name == "year"
    assert got.loc[2007, "step"] == pytest.approx(10)
    # twelve residuals of 0.5: variance of each mean 0.25 / 6, times 12 / 10
    assert got.loc[2007, "se"] == pytest.approx(np.sqrt(2 * 0.25 / 6 * 12 / 10))
