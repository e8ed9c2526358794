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


@pytest.mark.parametrize("as_of", DATES)
def test_quotation_is_imprecise(as_of):
    found = verdict("C19", as_of)
    assert {v.part: v.observed for v in found.deciding} == {
        "more cooperation in cars": True,
        "appliances named": True,
        "sanctions given as the reason": False,
        "all of it in his own words": False,
        "said to Xi Jinping": False,
    }
    assert {v.label for v in found.deciding} == {"TASS"}
    assert found.status == "imprecise"


def test_quotation_would_be_supported_by_a_report_that_quotes_it_all(package):
    for column in market.ELEMENTS:
        package.edit("market_statements", column, "direct", report="press-tass")
    package.edit("market_statements", "sanctions_as_reason", "yes", report="press-tass")
    package.edit("market_statements", "addressee", "Xi Jinping", report="press-tass")
    found = verdict("C19")
    assert {s for v, s in zip(found.variants, found.statuses, strict=True) if v.preferred} == {"supported"}
    assert found.status == "supported with caveats"  # the other reports still disagree


def test_quotation_would_be_contradicted_if_nothing_of_it_was_reported(package):
    for column in market.ELEMENTS:
        package.edit("market_statements", column, "absent", date="2024-05-16")
    package.edit("market_statements", "sanctions_as_reason", "no", date="2024-05-16")
    assert verdict("C19").status == "contradicted"


def test_quotation_cannot_be_tested_before_it_was_reported():
    with data.on(date(2024, 5, 15)):
        assert market.statement_on_cars("2024-05-16", "Vladimir Putin", "Xi Jinping") == []


def test_unread_passages_are_no_evidence(package):
    assert data.load("market_statements", report="press-kremlin-copy")["cars"].tolist() == ["unread"]
    package.edit("market_statements", "speaker", "Vladimir Putin", report="press-kremlin-copy")
    assert "Kremlin copy" not in {v.label for v in verdict("C19").variants}


@pytest.mark.parametrize(("as_of", "year"), [("publication", 2023), ("hindsight", 2025)])
def test_four_brands_expanded(as_of, year):
    found = verdict("C23", as_of)
    assert found["sold-more"].observed == 4  # Chery, Haval, Geely, Changan
    assert str(year) in found["sold-more"].label
    assert found.status == "supported with caveats"


def test_brand_sales_by_hand():
    found = data.on(data.PUBLICATION)(market.brand_sales)(2021).set_index("brand")
    assert found.loc["Chery", ["before", "after"]].tolist() == [40874, 118950]
    assert found.loc["Changan", "after"] / found.loc["Changan", "before"] == pytest.approx(47765 / 5705)
    assert set(found.index) == {"Chery", "Haval", "Geely", "Changan"}


def test_three_of_the_four_still_grew_after_2023():
    found = {v.id: v.observed for v in market.firms_that_expanded(2023, "2022-02-24")}
    assert found["sold-more"] == 3  # Chery sold 99,810 cars after 118,950
    assert found["sold-twice"] == 0


def test_falling_sales_would_contradict_the_expansion(package):
    for brand in ("Chery", "Haval", "Geely", "Changan"):
        package.edit("market_car_sales", "value", "1000", series="new-cars", brand=brand, period="2023")
    assert verdict("C23", "publication").status == "contradicted"
    assert verdict("C23", "hindsight").status == "supported with caveats"


def test_one_brand_less_still_makes_several_two_less_do_not(package):
    package.edit("market_car_sales", "value", "1000", series="new-cars", brand="Chery", period="2025")
    assert verdict("C23", "hindsight").observed == 3
    package.edit("market_car_sales", "value", "1000", series="new-cars", brand="Haval", period="2025")
    assert verdict("C23", "hindsight").status == "contradicted"


def test_stricter_readings_of_expansion_disagree():
    found = verdict("C23", "hindsight")
    assert found["own-plants"].observed == 0
    assert found["assembled"].observed == 2  # JAC, Chery
    assert found["sold-more-and-haier"].observed == 5


def test_a_plant_opened_since_would_count(package):
    package.edit("market_events", "date", "2024-03-01", event="haval-engines")
    assert verdict("C23", "hindsight")["own-plants"].observed == 1


def test_chapter_by_hand():
    shown = run(CHAPTER)
    assert shown.broken == []
    presence = shown.figures["fig-cars-presence"].data.set_index("measure")
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
    package.edit("market_firms", "value", "600", series="tracked", compiler="Yale CELI")
    package.edit("market_firms", "value", "4.4", source="evenettpisani2022", series="exited-share")
    package.edit("market_statements", "cars", "direct", report="press-anadolu")
    figures = run(CHAPTER).figures
    assert figures["fig-cars-exits"].title.startswith("Between 4.4 and 166.7 ")  # the base is read, not assumed
    assert "3 quote Putin on cars" in figures["fig-cars-words"].alt


def test_a_report_that_quotes_it_would_break_the_words(package):
    package.edit("market_statements", "appliances", "direct", report="press-tass")
    broken = run(CHAPTER).broken
    assert "No report quotes the sentence" in broken
    assert "TASS quotes him on cars alone" in broken
