"""Cars and appliances: decisive numbers by hand from the sources, verdicts, perturbations, figures."""

from __future__ import annotations

from datetime import date

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import market

QUOTATION = ("2024-05-16", "Vladimir Putin", "Xi Jinping", "after the Beijing talks")


def test_the_sentence_is_the_paraphrase_of_one_agency():
    anadolu = data.load("market_statements", report="press-anadolu").iloc[0]
    words = "In response to Western sanctions", "aims to bolster collaboration"
    assert verdict("C19").claim.words == words
    assert all(piece in anadolu["words"] for piece in words)
    assert anadolu["words"].endswith("he said.")
    assert set(anadolu[list(market.ELEMENTS)]) == {"indirect"}


def test_the_reason_follows_the_coding_and_silence_is_no_denial():
    assert "harbin-tass-reason" not in {v.id for v in verdict("C19.so").variants}
    assert "forum-ria-reason" not in {v.id for v in verdict("C19.so").variants}  # later


def test_exits_count_as_the_reason_only_where_they_are_said_to():
    strict = {v.id: v.observed for v in market.aim_and_reason("press-tass", ["sanctions"])}
    wide = {v.id: v.observed for v in market.aim_and_reason("press-tass", ["sanctions", "exits"])}
    assert (strict["talks-2023-reuters-reason"], wide["talks-2023-reuters-reason"]) == (False, True)
    assert wide["press-anadolu-reason"]


def test_relays_of_one_report_are_one_piece_of_evidence():
    found = {v.id: v.evidence for v in market.quotation(*QUOTATION)}
    assert found["press-menafn-reason"] == found["press-anadolu-reason"] == "press-anadolu"


def test_quotation_cannot_be_tested_before_it_was_reported():
    with data.on(date(2024, 5, 15)):
        assert market.quotation(*QUOTATION) == []


def test_unread_passages_are_no_evidence(package):
    assert data.load("market_statements", report="press-kremlin-copy")["cars"].tolist() == ["unread"]
    package.edit("market_statements", "speaker", "Vladimir Putin", report="press-kremlin-copy")
    assert not any(v.id.startswith("press-kremlin-copy") for v in verdict("C19").variants)
