"""Ratios of rates, seats and five-year shares against values computed by hand."""

import pandas as pd
import pytest

from eastward.methods.security import five_year_shares, rate_ratio, seats


def test_rate_ratio_of_equal_spans():
    found = rate_ratio(5, 8)
    assert found.ratio == pytest.approx(1.6)
    # Two-sided binomial test of 8 of 13 at one half: 2 * (1287 + 715 + 286 + 78 + 13 + 1) / 8192.
    assert found.p_value == pytest.approx(2 * 2380 / 8192)
    assert found.low < 1 < found.high


def test_rate_ratio_allows_for_the_length_of_the_spans():
    found = rate_ratio(10, 10, exposure_before=2, exposure_after=1)
    assert found.ratio == pytest.approx(2)


def test_rate_ratio_without_later_events():
    # Upper limit of the chance with 0 of 4: 1 - 0.025**(1/4); as a ratio of rates p / (1 - p).
    found = rate_ratio(4, 0)
    assert (found.ratio, found.low) == (0, 0)
    assert found.high == pytest.approx(0.025 ** (-1 / 4) - 1)


def test_rate_ratio_needs_an_event_before():
    with pytest.raises(ValueError, match="at least one event"):
        rate_ratio(0, 3)


def test_seats_counts_the_chosen_sectors_by_meeting():
    people = pd.DataFrame(
        {
            "date": ["2023-03-21"] * 2 + ["2024-05-16"] * 4,
            "meeting": ["a"] * 2 + ["b"] * 4,
            "format": ["restricted-talks"] * 6,
            "person": list("pqrstu"),
            "sector": ["defence", "business", "defence", "security-council", "other", "business"],
            "row": [f"t:{i}" for i in range(6)],
        }
    )
    table = seats(people, ("defence", "security-council")).set_index("meeting")
    assert table["held"].to_dict() == {"a": 1, "b": 2}
    assert table["share"].to_dict() == {"a": 50, "b": 50}
    assert table.loc["b", "rows"] == ("t:2", "t:3", "t:4", "t:5")


def test_five_year_shares_are_shares_of_sums_not_means_of_shares():
    part = pd.Series([1.0, 0, 0, 0, 9, 10], index=range(2000, 2006))
    whole = pd.Series([1.0, 9, 10, 10, 10, 10], index=range(2000, 2006))
    assert five_year_shares(part, whole).round(4).to_dict() == {2004: 25.0, 2005: 38.7755}


def test_five_years_are_consecutive() -> None:
    part = pd.Series(1.0, index=[2000, 2002, 2003, 2004, 2005, 2006])
    assert list(five_year_shares(part, 4 * part).index) == [2006]
    assert five_year_shares(part, 4 * part)[2006] == 25
    assert five_year_shares(part[:0], part[:0]).empty
