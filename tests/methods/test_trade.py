"""Trade indicators against hand-computed values."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eastward.methods.trade import FLOWS, annual, deflate, mirror_gap, most_precise, rank, turnover


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_annual_keeps_whole_years() -> None:
    kept = annual(frame(period=["2023", "2023-05", "2023-01/2023-09"], value=[1.0, 2.0, 3.0]))
    assert list(kept["year"]) == [2023]
    assert kept["year"].dtype.kind == "i"


def test_most_precise_takes_the_most_digits_then_the_earliest_and_keeps_whole_rows_in_the_first_order() -> None:
    relays = frame(
        year=[2023, 2022, 2023, 2022, 2023],
        value=[240.0, 190.0, 240.11, 190.3, 240.12],
        half_unit=[0.5, 0.5, 0.005, float("nan"), 0.005],  # a relay whose rounding is unknown comes last
        known=pd.to_datetime(["2024-01-12", None, "2024-03-07", "2024-01-12", "2024-02-01"]),
    )
    kept = most_precise(relays, by=["year"])
    assert kept[["year", "value", "half_unit"]].to_numpy().tolist() == [[2022, 190.0, 0.5], [2023, 240.12, 0.005]]
    assert kept.columns.tolist() == relays.columns.tolist()
    assert kept.index.tolist() == [0, 1]


def test_turnover_needs_both_flows() -> None:
    flows = frame(
        reporter=["CHN"] * 3, partner=["RUS"] * 3, period=["2022", "2022", "2023"], unit=["USD bn"] * 3,
        flow=["exports", "imports", "exports"], value=[76.122, 114.149, 110.97], half_unit=[0.0005, 0.0005, 0.005],
        row=["t:2", "t:3", "t:4"],
    )  # fmt: skip
    total = turnover(flows)
    assert list(total["period"]) == ["2022"]
    assert total.loc[0, "value"] == pytest.approx(190.271)
    assert total.loc[0, "half_unit"] == pytest.approx(0.001)
    assert total.loc[0, "rows"] == ("t:2", "t:3")


@pytest.mark.parametrize(
    ("columns", "within", "expected"),
    [
        ({"value": [5.0, 9.0, 5.0]}, {}, [2, 1, 2]),
        ({"value": [5.0, 5.0, 5.0, 1.0]}, {}, [1, 1, 1, 4]),
        ({"year": [2022, 2022, 2023, 2023], "value": [1.0, 2.0, 30.0, 20.0]}, {"within": "year"}, [2, 1, 1, 2]),
    ],
)
def test_rank(columns: dict[str, list[object]], within: dict[str, str], expected: list[int]) -> None:
    found = rank(frame(**columns), **within)["rank"]
    assert found.tolist() == expected
    assert found.dtype.kind == "i"


def test_mirror_gap_is_of_the_mean_of_its_own_period() -> None:
    gap = mirror_gap(pd.Series({2023: 240.11, 2024: 1.0}), pd.Series({2023: 227.8}))
    assert list(gap.index) == [2023]
    assert gap.loc[2023, "gap"] == pytest.approx(12.31)
    assert gap.loc[2023, "gap_percent"] == pytest.approx(100 * 12.31 / 233.955)
    two = mirror_gap(pd.Series({2022: 110.0, 2023: 300.0}), pd.Series({2022: 90.0, 2023: 100.0}))
    assert two["gap_percent"].to_dict() == {2022: 20.0, 2023: 100.0}


def test_deflate() -> None:
    real = deflate(pd.Series({2018: 107.06, 2023: 240.11}), pd.Series({2018: 100.0, 2023: 125.0}), 2018)
    assert real[2023] == pytest.approx(192.088)


@given(st.lists(st.floats(0.1, 1e6), min_size=2, max_size=2), st.floats(0.1, 10))
def test_mirror_gap_is_free_of_units(pair: list[float], factor: float) -> None:
    one, other = pd.Series({2023: pair[0]}), pd.Series({2023: pair[1]})
    gap = mirror_gap(one, other)["gap_percent"][2023]
    assert mirror_gap(factor * one, factor * other)["gap_percent"][2023] == pytest.approx(gap, abs=1e-6)
    assert mirror_gap(other, one)["gap_percent"][2023] == pytest.approx(-gap, abs=1e-6)


def test_turnover_comes_by_partner_and_period_whatever_the_order_of_the_rows() -> None:
    flows = pd.DataFrame(
        [
            ("CHN", partner, period, "USD bn", flow, 1.0, 0.5, f"t:{partner}:{period}:{flow}")
            for partner, period in [("RUS", "2023"), ("RUS", "2022"), ("IND", "2023")]
            for flow in FLOWS
        ],
        columns=["reporter", "partner", "period", "unit", "flow", "value", "half_unit", "row"],
    )
    total = turnover(flows)[["partner", "period", "value"]]
    assert total.to_numpy().tolist() == [["IND", "2023", 2.0], ["RUS", "2022", 2.0], ["RUS", "2023", 2.0]]
