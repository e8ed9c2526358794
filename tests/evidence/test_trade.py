"""C07 to C13: decisive numbers by hand from the sources, and verdicts that change when a figure changes."""

from __future__ import annotations

from datetime import date

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import trade


def test_officials_named_the_eu_until_2022() -> None:
    with data.on(date(2022, 6, 30)):
        latest, *_ = trade.seen_as_partner(12)
    assert (latest.id, latest.observed) == ("orf-interview-2018-06-04", False)


def test_one_release_is_one_piece_of_evidence() -> None:
    for claim in ("C10", "C11"):
        found = verdict(claim)
        assert len(found.variants) > 3
        assert len(found.deciding) == 1


def test_before_the_year_was_out_eleven_months_decide() -> None:
    with data.on(date(2024, 2, 14)):
        deciding = {v.id: v.observed for v in trade.eu_trade_ratio(2023, 2022, [2021], ["2023"]) if v.preferred}
    assert deciding == {
        "imports-eleven-months": pytest.approx(46.9 / 191.977),
        "exports-eleven-months": pytest.approx(35.6 / 50.807),
    }
