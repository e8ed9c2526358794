"""Cars and appliances: decisive numbers by hand from the sources, verdicts, perturbations, figures."""

from __future__ import annotations

from datetime import date

import pytest

from eastward import data
from eastward.claims.verdicts import verdict
from eastward.evidence import market
from tests.chapter import run

CHAPTER = "08-cars-and-appliances"
DATES = ("publication", "hindsight")
QUOTATION = ("2024-05-16", "Vladimir Putin", "Xi Jinping", "after the Beijing talks")


@pytest.mark.parametrize("as_of", DATES)
def test_a_paraphrase_in_quotation_marks_is_contradicted(as_of):
    found = verdict("C19", as_of)
    assert {v.id: v.observed for v in found.deciding} == {"press-tass-own-words": False, "press-tass-addressee": False}
    assert found.status == "contradicted"
    right = {f"press-tass-{part}" for part in ("occasion", "subject")}
    assert all(found[name].observed and not found[name].preferred for name in right)


def test_the_sentence_is_the_paraphrase_of_one_agency():
    anadolu = data.load("market_statements", report="press-anadolu").iloc[0]
    words = "In response to Western sanctions", "aims to bolster collaboration"
    assert verdict("C19").claim.words == words
    assert all(piece in anadolu["words"] for piece in words)
    assert anadolu["words"].endswith("he said.")
    assert set(anadolu[list(market.ELEMENTS)]) == {"indirect"}


def test_quotation_would_be_supported_by_a_report_that_quotes_it_to_xi(package):
    for column in market.ELEMENTS:
        package.edit("market_statements", column, "direct", report="press-tass")
    assert verdict("C19").status == "partly right"  # the words alone
    package.edit("market_statements", "addressee", "Xi Jinping", report="press-tass")
    assert verdict("C19").status == "supported with caveats"  # the other reports still disagree


@pytest.mark.parametrize("as_of", DATES)
def test_the_aim_is_so_and_the_reason_is_not_his(as_of):
    found = verdict("C19.so", as_of)
    assert {v.part: v.observed for v in found.deciding} == {
        "more cooperation is an aim": True,
        "the sanctions are the reason": False,
    }
    assert found.status == "partly right"


def test_the_reason_follows_the_coding_and_silence_is_no_denial(package):
    assert "harbin-tass-reason" not in {v.id for v in verdict("C19.so").variants}
    assert "forum-ria-reason" not in {v.id for v in verdict("C19.so").variants}  # later
    package.edit("market_statements", "reason", "sanctions", report="press-tass")
    assert verdict("C19.so").status == "supported with caveats"


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


@pytest.mark.parametrize(("as_of", "firms", "month"), [("publication", 3, "2023-05"), ("hindsight", 4, "2025-05")])
def test_several_brands_expanded(as_of, firms, month):
    found = verdict("C23", as_of)
    assert found["sold-more"].observed == firms  # Haval, Chery, Geely; later Changan too
    assert month in found["sold-more"].label
    assert found.status == "supported with caveats"


def test_brand_sales_by_hand_by_one_definition():
    found = data.on(data.PUBLICATION)(market.brand_sales)("2021-05").set_index("brand")
    assert found.loc["Haval", ["before", "after"]].tolist() == [3167, 7400]
    assert found.loc["Chery", ["before", "after"]].tolist() == [2990, 7400]
    assert found.loc["Geely", ["before", "after"]].tolist() == [2001, 6700]
    series = data.rows([row for pair in found["rows"] for row in pair])["series"]
    assert set(series) == {"new-cars"}
    vans = market.brand_sales("2022-02", ("new-cars-and-vans",)).set_index("brand")
    assert vans.loc["Changan", ["before", "after"]].tolist() == [471, 1050]
    assert vans["period"].unique().tolist() == ["2023-02"]


def test_falling_sales_would_contradict_the_expansion(package):
    for brand in ("Chery", "Haval", "Geely"):
        package.edit("market_car_sales", "value", "1000", series="new-cars", brand=brand, period="2023-05")
    assert verdict("C23", "publication").status == "contradicted"
    assert verdict("C23", "hindsight").status == "supported with caveats"


def test_one_brand_less_still_makes_several_two_less_do_not(package):
    package.edit("market_car_sales", "value", "1000", series="new-cars", brand="Chery", period="2025-05")
    assert verdict("C23", "hindsight").observed == 3
    package.edit("market_car_sales", "value", "1000", series="new-cars", brand="Haval", period="2025-05")
    assert verdict("C23", "hindsight").status == "contradicted"


@pytest.mark.parametrize(("several", "status"), [(2, "supported with caveats"), (4, "contradicted")])
def test_several_is_a_threshold(several, status):
    assert verdict("C23", "publication", {"several": several}).status == status


def test_stricter_readings_of_expansion_disagree():
    found = verdict("C23", "hindsight")
    assert found["own-plants"].observed == 0
    assert found["assembled"].observed == 2  # JAC, Chery
    assert found["sold-more-and-haier"].observed == 5
    assert found["sold-times"].observed == 4


def test_a_plant_opened_since_would_count(package):
    package.edit("market_events", "date", "2024-03-01", event="haval-engines")
    assert verdict("C23", "hindsight")["own-plants"].observed == 1


def test_chapter_by_hand():
    shown = run(CHAPTER)
    assert shown.broken == []
    presence = shown.figures["fig-cars-presence"].data.set_index("measure")
    assert presence.loc["Changan, cars sold in May", "ratio"] == pytest.approx(5600 / 442)
    assert presence.loc["Car exports to Russia, USD", "ratio"] == pytest.approx(8.46 / 1.5)
    assert presence.loc["Chinese direct investment a year, BOFIT", "ratio"] == pytest.approx(0.4 / 1.2)
    assert presence.loc["Companies with Chinese founders, Rusprofile", "ratio"] == pytest.approx(12024 / 1483)
    assert presence.loc["Stock of Chinese investment, Russian ministry", "ratio"] == pytest.approx(1.04)
    assert presence.loc["Chinese share of new cars, one month", ["before", "after"]].tolist() == [7, 49.6]
    sold = shown.space["split"]
    assert sold.loc[2022].tolist() == [121800, 626281 - 121800]
    assert sold.loc[2021, "chinese"] == pytest.approx(121800 / 1.07)
    assert sold.loc[2024, "chinese"] == pytest.approx(1571000 * 0.585)
    bars = shown.figures["fig-cars-market"].data.query("series == 'chinese'")
    assert bars.loc[bars["known"], "period"].tolist() == [2021, 2022]
    left = shown.figures["fig-cars-exits"].data.set_index("definition")["share"]
    assert left["sold at least one Russian subsidiary"] == 8.5
    assert left["announced any curtailment"] == pytest.approx(100 * 1000 / 1200)
    assert left["graded as a clean break"] == pytest.approx(100 * 334 / 1200)


def test_figures_follow_the_data(package):
    package.edit("market_firms", "value", "1500", series="tracked", compiler="Yale CELI")
    package.edit("market_firms", "value", "4.4", source="evenettpisani2022", series="exited-share")
    package.edit("market_statements", "cars", "direct", report="press-anadolu")
    figures = run(CHAPTER).figures
    assert figures["fig-cars-exits"].title.startswith("Between 4.4 and 66.7 ")  # the base is read, not assumed
    assert "3 quote Putin on cars" in figures["fig-cars-words"].alt


def test_a_report_that_quotes_it_would_break_the_words(package):
    package.edit("market_statements", "appliances", "direct", report="press-tass")
    broken = run(CHAPTER).broken
    assert "No report quotes the sentence" in broken
    assert "They are on cars alone, and the reason in them is fair competition" in broken
