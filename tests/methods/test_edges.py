"""Indicators at their edges: ties, gaps, small numbers, names and messages, worked out by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from eastward.methods import diplomacy, tariffs, trade, west

Row = dict[str, Any]


def duties(group: str, period: str | None, **values: float) -> list[Row]:
    return [
        {
            "series": series.replace("_", "-"),
            "group": group,
            "item": "cars",
            "stage": "1",
            "period": period if series == "new_rate" else "2018",
            "value": value,
            "row": f"t:{group}:{series}",
        }
        for series, value in values.items()
    ]


def test_rates_bring_period_of_effect_and_rows_along() -> None:
    frame = pd.DataFrame(duties("steel", "2024-08", old_rate_min=0, old_rate_max=7.5, new_rate=25))
    found = tariffs.rates(frame)
    assert set(found.columns) == {"group", "item", "stage", "old_min", "old_max", "new", "period", "rows", "raised"}
    assert found.loc[0, ["old_min", "old_max", "new", "period"]].tolist() == [0, 7.5, 25, "2024-08"]
    assert found.loc[0, "rows"] == ("t:steel:old_rate_min", "t:steel:old_rate_max", "t:steel:new_rate")


def test_rates_keep_a_group_whose_day_of_effect_is_open() -> None:
    known = duties("steel", "2024-08", old_rate_min=0, old_rate_max=0, new_rate=25)
    still_open = duties("cranes", None, old_rate_min=0, old_rate_max=0, new_rate=25)
    assert set(tariffs.rates(pd.DataFrame(known + still_open))["group"]) == {"steel", "cranes"}


def test_change_on_the_year_looks_back_twelve_months() -> None:
    values = pd.Series({"2022-12": 5.0, "2023-01": 10.0, "2023-02": 20.0, "2024-01": 15.0, "2024-02": 30.0})
    assert tariffs.change_on_the_year(values, "2024-01", "2024-01") == pytest.approx(50)
    values["2023-03"] = 70.0
    values["2024-03"] = 105.0
    assert tariffs.change_on_the_year(values, "2024-02", "2024-03") == pytest.approx(50)


def test_share_of_rise_counts_rises_below_one() -> None:
    # From 0.2 to 1.0; 0.5 was reached before: half a unit of 0.8 came after.
    levels = pd.Series({2021: 0.2, 2023: 0.5, 2024: 1.0})
    assert tariffs.share_of_rise_after(levels, 2021, 2023) == pytest.approx(62.5)


def test_a_level_that_stands_still_is_no_rise() -> None:
    with pytest.raises(ValueError, match="^no rise after 2021$"):
        tariffs.share_of_rise_after(pd.Series({2021: 10, 2023: 10}), 2021, 2023)


def test_share_of_rise_names_the_years_without_a_figure() -> None:
    with pytest.raises(KeyError, match="no figure between 2021 and 2023"):
        tariffs.share_of_rise_after(pd.Series({2021: 10, 2024: 20}), 2021, 2023)


def test_years_and_ranks_are_whole_numbers() -> None:
    assert trade.annual(pd.DataFrame({"period": ["2023"]}))["year"].dtype.kind == "i"
    assert trade.rank(pd.DataFrame({"value": [1.0, 2.0]}))["rank"].dtype.kind == "i"


def test_three_equal_values_share_the_first_rank() -> None:
    assert trade.rank(pd.DataFrame({"value": [5.0, 5.0, 5.0, 1.0]}))["rank"].tolist() == [1, 1, 1, 4]


def test_rank_within_groups_starts_anew() -> None:
    frame = pd.DataFrame({"year": [2022, 2022, 2023, 2023], "value": [1.0, 2.0, 30.0, 20.0]})
    assert trade.rank(frame, within="year")["rank"].tolist() == [2, 1, 1, 2]


def test_most_precise_keeps_one_whole_row_a_key_in_the_first_order() -> None:
    relays = pd.DataFrame(
        {
            "year": [2023, 2022, 2023, 2022],
            "value": [240.0, 190.0, 240.11, 190.3],
            "half_unit": [0.5, 0.5, 0.005, float("nan")],
            "known": pd.to_datetime(["2024-01-12"] * 4),
        }
    )
    kept = trade.most_precise(relays, by=["year"])
    # A relay whose rounding is unknown comes last.
    assert kept.drop(columns="known").to_dict("list") == {
        "year": [2022, 2023],
        "value": [190.0, 240.11],
        "half_unit": [0.5, 0.005],
    }
    assert kept.columns.tolist() == relays.columns.tolist()
    assert kept.index.tolist() == [0, 1]


def test_turnover_comes_by_partner_and_period_whatever_the_order_of_the_rows() -> None:
    flows = pd.DataFrame(
        [
            ("CHN", partner, period, "USD bn", flow, 1.0, 0.5, f"t:{partner}:{period}:{flow}")
            for partner, period in [("RUS", "2023"), ("RUS", "2022"), ("IND", "2023")]
            for flow in trade.FLOWS
        ],
        columns=["reporter", "partner", "period", "unit", "flow", "value", "half_unit", "row"],
    )
    total = trade.turnover(flows)
    assert total[["partner", "period", "value"]].to_numpy().tolist() == [
        ["IND", "2023", 2.0],
        ["RUS", "2022", 2.0],
        ["RUS", "2023", 2.0],
    ]


def test_mirror_gap_is_of_the_mean_of_its_own_period() -> None:
    gap = trade.mirror_gap(pd.Series({2022: 110.0, 2023: 300.0}), pd.Series({2022: 90.0, 2023: 100.0}))
    assert gap["gap_percent"].to_dict() == {2022: 20.0, 2023: 100.0}


def test_rates_and_prices_of_other_years_add_no_rows() -> None:
    values = pd.Series({2023: 240.0})
    assert trade.convert(values, pd.Series({2022: 70.0, 2023: 85.0})).to_dict() == {2023: 20400.0}
    assert trade.deflate(values, pd.Series({2018: 100.0, 2022: 120.0, 2023: 125.0}), 2018).to_dict() == {2023: 192.0}


def test_primary_numbers_its_rows_anew_and_adds_no_other_column() -> None:
    events = pd.DataFrame({"event": ["b", "a"], "date": ["2024-05-16", "2024-05-16"], "same_as": [None, None]})
    kept = diplomacy.primary(events)
    assert kept.columns.tolist() == ["event", "date", "same_as", "day", "year"]
    assert (kept.index.tolist(), kept["event"].tolist()) == ([0, 1], ["a", "b"])


def test_counts_of_events_are_named() -> None:
    assert diplomacy.per_year(pd.DataFrame({"year": [2014]}), 2014, 2014).name == "events"


def test_before_and_after_takes_three_years_on_either_side() -> None:
    series = pd.Series({2000: 90.0, 2001: 1.0, 2002: 2.0, 2003: 3.0, 2005: 4.0, 2006: 5.0, 2007: 6.0, 2008: 90.0})
    assert diplomacy.before_and_after(series, 2004) == (2.0, 5.0)


def test_kept_rhythm_ends_with_the_last_year() -> None:
    assert diplomacy.kept_rhythm([2000, 2006], 2000, 2005) == (1, 3)


@pytest.mark.parametrize(("hits", "low", "high"), [(0, 0.0, 0.975), (1, 0.025, 1.0)])
def test_one_case_tells_next_to_nothing(hits: int, low: float, high: float) -> None:
    assert diplomacy.hit_rate_interval(hits, 1) == pytest.approx((low, high))


def test_no_case_reaches_no_p_value_below_one() -> None:
    assert diplomacy.best_p_value(0) == 1


def test_excess_change_allows_values_below_one() -> None:
    assert west.excess_change((0.5, 0.25), (1, 1)) == pytest.approx(0.5)


def test_west_says_what_it_needs() -> None:
    with pytest.raises(ValueError, match="^values before and after must be positive$"):
        west.excess_change((1, 1), (0, 1))
    with pytest.raises(ValueError, match="^both ratios must be positive, and the value must have changed$"):
        west.price_part(1, 2)
