"""Indicators of tariffs: small cases worked out by hand."""

import pandas as pd
import pytest

from eastward.methods.tariffs import change_on_the_year, rates, share_of_rise_after


def rows(group, old_min, old_max, new, period="2024"):
    series = {"old-rate-min": old_min, "old-rate-max": old_max, "new-rate": new}
    return [
        {
            "series": s, "group": group, "item": "cars", "stage": "1", "value": v, "row": f"t:{group}:{s}",
            "period": period if s == "new-rate" else "2018",
        }
        for s, v in series.items() if v is not None
    ]  # fmt: skip


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


def test_rates_bring_period_of_effect_and_rows_along():
    frame = pd.DataFrame(rows("steel", 0, 7.5, 25, "2024-08"))
    found = rates(frame)
    assert set(found.columns) == {"group", "item", "stage", "old_min", "old_max", "new", "period", "rows", "raised"}
    assert found.loc[0, ["old_min", "old_max", "new", "period"]].tolist() == [0, 7.5, 25, "2024-08"]
    assert found.loc[0, "rows"] == ("t:steel:old-rate-min", "t:steel:old-rate-max", "t:steel:new-rate")


def test_rates_keep_a_group_whose_day_of_effect_is_open():
    found = rates(pd.DataFrame(rows("steel", 0, 0, 25) + rows("cranes", 0, 0, 25, None)))
    assert set(found["group"]) == {"steel", "cranes"}


def test_change_on_the_year_looks_back_twelve_months():
    values = pd.Series({"2022-12": 5.0, "2023-01": 10.0, "2023-02": 20.0, "2024-01": 15.0, "2024-02": 30.0})
    assert change_on_the_year(values, "2024-01", "2024-01") == pytest.approx(50)
    values["2023-03"] = 70.0
    values["2024-03"] = 105.0
    assert change_on_the_year(values, "2024-02", "2024-03") == pytest.approx(50)


def test_share_of_rise_counts_rises_below_one():
    # From 0.2 to 1.0; 0.5 was reached before: half a unit of 0.8 came after.
    levels = pd.Series({2021: 0.2, 2023: 0.5, 2024: 1.0})
    assert share_of_rise_after(levels, 2021, 2023) == pytest.approx(62.5)


def test_a_level_that_stands_still_is_no_rise():
    with pytest.raises(ValueError, match="^no rise after 2021$"):
        share_of_rise_after(pd.Series({2021: 10, 2023: 10}), 2021, 2023)


def test_share_of_rise_names_the_years_without_a_figure():
    with pytest.raises(KeyError, match="no figure between 2021 and 2023"):
        share_of_rise_after(pd.Series({2021: 10, 2024: 20}), 2021, 2023)
