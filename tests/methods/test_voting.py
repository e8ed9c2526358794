"""Agreement scores, kappa and intervals against values computed by hand."""

import pandas as pd
import pytest

from eastward.methods.voting import CHOICES, agreement, distances, kappa, ranks, wilson


def counts(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_agreement_of_russia_and_china_in_2019():
    # 68 identical and 4 opposed of 86 votes: share 79.07, Lijphart (68 + 14 / 2) / 86 = 87.21, S = 0.7442.
    scored = agreement(counts(both=[86], identical=[68], opposed=[4])).iloc[0]
    assert scored["share"] == pytest.approx(79.0698, abs=1e-4)
    assert scored["lijphart"] == pytest.approx(87.2093, abs=1e-4)
    assert scored["s"] == pytest.approx(0.744186, abs=1e-6)


@pytest.mark.parametrize(("identical", "opposed", "lijphart", "s"), [(10, 0, 100, 1), (0, 10, 0, -1), (0, 0, 50, 0)])
def test_agreement_at_the_ends_of_the_scale(identical, opposed, lijphart, s):
    scored = agreement(counts(both=[10], identical=[identical], opposed=[opposed])).iloc[0]
    assert (scored["lijphart"], scored["s"]) == (lijphart, s)


def test_agreement_without_counts_of_opposed_votes_gives_shares_only():
    scored = agreement(counts(both=[10.0], identical=[7.0], opposed=[float("nan")])).iloc[0]
    assert scored["share"] == 70
    assert pd.isna(scored["lijphart"])


def test_agreement_rejects_more_votes_than_were_cast():
    with pytest.raises(ValueError, match="cannot outnumber"):
        agreement(counts(both=[10], identical=[8], opposed=[3]))


def test_wilson_interval_against_the_published_example():
    # 81 of 263 at 95 per cent: 0.2553 to 0.3662 (R. G. Newcombe, 1998, Statistics in Medicine 17, table I).
    low, high = wilson(pd.Series([81]), pd.Series([263]))
    assert (low[0], high[0]) == (pytest.approx(25.53, abs=0.01), pytest.approx(36.62, abs=0.01))


def table(cells: list[list[int]]) -> pd.DataFrame:
    return pd.DataFrame(cells, index=list(CHOICES), columns=list(CHOICES))


def test_kappa_is_one_for_equal_and_zero_for_independent_votes():
    assert kappa(table([[5, 0, 0], [0, 3, 0], [0, 0, 2]])) == pytest.approx(1)
    assert kappa(table([[4, 2, 2], [2, 1, 1], [2, 1, 1]])) == pytest.approx(0)


def test_kappa_weights_count_abstention_as_half():
    cells = table([[4, 4, 0], [0, 0, 0], [0, 0, 4]])
    # Unweighted: agree 8/12, by chance (8*4 + 0*4 + 4*4)/144 = 1/3, so (2/3 - 1/3) / (2/3) = 0.5.
    assert kappa(cells, weighted=False) == pytest.approx(0.5)
    # Weighted loss 4/12 * 1/2 = 1/6; by chance (8*4/2 + 8*4 + 4*4 + 4*4/2)/144 = 1/2; so 1 - 1/3.
    assert kappa(cells) == pytest.approx(2 / 3)


@pytest.mark.parametrize("cells", [table([[0, 0, 0]] * 3), pd.DataFrame([[1]])])
def test_kappa_rejects_tables_it_cannot_read(cells):
    with pytest.raises(ValueError, match="kappa needs"):
        kappa(cells)


def test_distances_and_ranks():
    points = pd.DataFrame({"RUS": [0.0], "CHN": [-0.5], "IND": [0.2], "DEU": [0.5]}, index=[2019])
    away = distances(points, "RUS").loc[2019]
    assert away.to_dict() == pytest.approx({"CHN": 0.5, "IND": 0.2, "DEU": 0.5})
    assert ranks(away, descending=False).to_dict() == {"IND": 1, "CHN": 2, "DEU": 2}
    assert ranks(away).to_dict() == {"CHN": 1, "DEU": 1, "IND": 3}
