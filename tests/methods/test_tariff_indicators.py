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


def test_rates_compare_the_new_duty_with_the_highest_old_one_that_is_known():
    frame = rows("up", 0, 7.5, 25) + rows("inside", 0, 25, 7.5) + rows("same", 25, 25, 25)
    frame += rows("unknown", None, None, 25) + rows("open day of effect", 0, 0, 25, None)
    raised = rates(pd.DataFrame(frame)).set_index("group")["raised"].to_dict()
    assert raised == {"up": True, "inside": False, "same": False, "open day of effect": True}
    assert rates(pd.DataFrame(frame).iloc[:0]).empty
    found = rates(pd.DataFrame(rows("steel", 0, 7.5, 25, "2024-08")))
    assert set(found.columns) == {"group", "item", "stage", "old_min", "old_max", "new", "period", "rows", "raised"}
    assert found.loc[0, ["old_min", "old_max", "new", "period"]].tolist() == [0, 7.5, 25, "2024-08"]
    assert found.loc[0, "rows"] == ("t:steel:old-rate-min", "t:steel:old-rate-max", "t:steel:new-rate")


def test_change_on_the_year_compares_equal_months():
    months = pd.period_range("2023-01", "2024-12", freq="M").astype(str)
    values = pd.Series([10.0] * 12 + [11.0] * 12, index=months)
    values["2024-03"] = 99.0
    assert change_on_the_year(values, "2024-05", "2024-07") == pytest.approx(10)
    assert change_on_the_year(values, "2024-03", "2024-03") == pytest.approx(890)
    with pytest.raises(KeyError):
        change_on_the_year(values.drop("2024-06"), "2024-05", "2024-06")
    values = pd.Series({"2022-12": 5.0, "2023-01": 10.0, "2023-02": 20.0, "2024-01": 15.0, "2024-02": 30.0})
    assert change_on_the_year(values, "2024-01", "2024-01") == pytest.approx(50)
    values["2023-03"], values["2024-03"] = 70.0, 105.0
    assert change_on_the_year(values, "2024-02", "2024-03") == pytest.approx(50)


@pytest.mark.parametrize(
    ("levels", "share"),
    [
        ({2021: 10, 2023: 40, 2024: 50}, 25),
        ({2021: 10, 2022: 60, 2023: 40, 2024: 50}, 0),
        ({2021: 10, 2023: 5, 2024: 50}, 100),
        ({2021: 10, 2023: 40}, 0),
        ({2021: 0.2, 2023: 0.5, 2024: 1.0}, 62.5),  # a rise below one
    ],
)
def test_share_of_rise_after(levels, share):
    assert share_of_rise_after(pd.Series(levels), 2021, 2023) == pytest.approx(share)


def test_no_share_without_a_rise_or_its_figures():
    with pytest.raises(ValueError, match="^no rise after 2021$"):
        share_of_rise_after(pd.Series({2021: 10, 2023: 10}), 2021, 2023)
    with pytest.raises(KeyError, match="no figure between 2021 and 2023"):
        share_of_rise_after(pd.Series({2021: 10, 2024: 20}), 2021, 2023)
