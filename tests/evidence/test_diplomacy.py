"""Claims on trips, meetings, names, the BRICS calendar and quotations: C02, C03, C25, C26, C29 to C33, C35, C36."""

from __future__ import annotations

from datetime import date

import pytest

from eastward import data
from eastward.claims import claim
from eastward.evidence import diplomacy as q
from eastward.evidence import turn_east


def test_trade_share_by_hand() -> None:
    rows = data.load("trade_imf_dots", reporter="RUS", period="2005", partner=["UKR", "WORLD"])
    by = rows.groupby("partner")["value"].sum()
    assert len(rows) == 4
    share = q.trade_share("UKR")
    assert share.loc[2005, "share"] == pytest.approx(100 * by["UKR"] / by["WORLD"])
    assert share.loc[2005, "share"] == pytest.approx(6.0, abs=0.05)


def test_share_changes_around_inaugurations() -> None:
    changes = q.share_changes()
    shares = q.trade_share("UKR")["share"]
    expected = shares.loc[2005:2007].mean() - shares.loc[2001:2003].mean()
    assert changes.set_index("partner").loc["UKR", "change"] == pytest.approx(expected)
    assert expected < 0
    china = turn_east.weights()["a_on_b"]  # the share that the chapter on the turn east shows
    expected = china.loc[2019:2021].mean() - china.loc[2015:2017].mean()
    last = changes.iloc[-1]
    assert last["change"] == pytest.approx(expected)
    assert {"trade_imf_dots", "trade_china_customs", "trade_world"} <= {row.partition(":")[0] for row in last["rows"]}


def test_officials_of_one_side_and_relays_of_one_release_count_once() -> None:
    parts = claim("C25").rule.params["parts"]
    found = q.reported("C25", parts, ["c25-putin-2024-05-16"])
    russian = [v for v in found if v.evidence == "rus-officials"]
    assert [(v.part, v.id, len(v.rows)) for v in russian] == [
        ("calculated", "ushakov-2024-05-14", 2),
        ("message to the West", "putin-2024-05-16", 3),
    ]
    assert [v.id for v in found if v.preferred] == ["putin-2024-05-16"]
    assert len(q.reported("C33", {"": ["c33-xi-en-2024-05-16", "c33-xi-ru-2024-05-16", "no-such-row"]}, [])) == 1


def test_nothing_is_measured_before_the_years_are_over() -> None:
    fields = {"people": ["tourist-flow"], "politics": ["talks"]}
    assert len(q.exchanges_after(2025, fields)) == 4
    assert data.on(date(2025, 12, 31))(q.exchanges_after)(2025, fields) == []


def test_no_second_source_is_counted_twice() -> None:
    for table in ("diplomacy_visits", "diplomacy_meetings", "diplomacy_brics", "diplomacy_records"):
        frame = data.load(table)
        linked = frame["same_as"].dropna()
        heads = frame.set_index("event").loc[linked]
        assert heads["same_as"].isna().all(), table
