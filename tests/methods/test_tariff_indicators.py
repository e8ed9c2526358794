"""Indicators of tariffs: small cases worked out by hand."""

import pandas as pd
import pytest

from eastward.methods.tariffs import change_on_the_year, largest_effect, rates, share_of_rise_after


def rows(group, old_min, old_max, new):
    series = {"old-rate-min": old_min, "old-rate-max": old_max, "new-rate": new}
    return [
        {"series": s, "group": group, "item": group, "stage": "1", "period": "2024", "value": v, "row": f"t:{s}"}
        for s, v in series.items()
        if v is not None
    ]


def test_rates_compare_the_new_duty_with_the_highest_old_one():
    frame = pd.DataFrame(rows("up", 0, 7.5, 25) + rows("inside", 0, 25, 7.5) + rows("same", 25, 25, 25))
    raised = rates(frame).set_index("group")["raised"].to_dict()
    assert raised == {"up": True, "inside": False, "same": False}


def test_rates_leave_out_groups_whose_old_duty_is_unknown():
    frame = pd.DataFrame(rows("known", 0, 0, 25) + rows("unknown", None, None, 25))
    assert list(rates(frame)["group"]) == ["known"]


def test_rates_of_an_empty_list_are_empty():
    frame = pd.DataFrame(rows("known", 0, 0, 25)).iloc[:0]
    assert rates(frame).empty


def test_change_on_the_year_compares_equal_months():
    months = pd.period_range("2023-01", "2024-12", freq="M").astype(str)
    values = pd.Series([10.0] * 12 + [11.0] * 12, index=months)
    values["2024-03"] = 99.0
    assert change_on_the_year(values, "2024-05", "2024-07") == pytest.approx(10)
    assert change_on_the_year(values, "2024-03", "2024-03") == pytest.approx(890)


def test_change_on_the_year_needs_every_month():
    values = pd.Series([1.0, 1.0], index=["2023-05", "2024-05"])
    with pytest.raises(KeyError):
        change_on_the_year(values, "2024-05", "2024-06")


@pytest.mark.parametrize(
    ("levels", "share"),
    [
        ({2021: 10, 2023: 40, 2024: 50}, 25),
        ({2021: 10, 2022: 60, 2023: 40, 2024: 50}, 0),
        ({2021: 10, 2023: 5, 2024: 50}, 100),
        ({2021: 10, 2023: 40}, 0),
    ],
)
def test_share_of_rise_after(levels, share):
    assert share_of_rise_after(pd.Series(levels), 2021, 2023) == pytest.approx(share)


def test_share_of_rise_needs_a_rise_and_a_level_before_the_cut():
    with pytest.raises(ValueError, match="no rise after 2021"):
        share_of_rise_after(pd.Series({2021: 10, 2023: 9}), 2021, 2023)
    with pytest.raises(KeyError):
        share_of_rise_after(pd.Series({2021: 10, 2024: 20}), 2021, 2023)


def test_largest_effect_scales_with_the_covered_part():
    assert largest_effect(18, 427, -31.5) == pytest.approx(-1.3279, abs=1e-4)
