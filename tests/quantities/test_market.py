"""Cars and appliances: decisive numbers by hand from the sources, verdicts, perturbations, figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eastward import data
from eastward.figures import Figure
from eastward.figures import market as figures
from eastward.quantities import market
from eastward.verdicts import verdict

DATES = ("publication", "hindsight")


@pytest.mark.parametrize("as_of", DATES)
def test_quotation_is_imprecise(as_of):
    found = verdict("C19", as_of)
    deciding = {v.part: v.observed for v in found.variants if v.preferred}
    assert deciding == {
        "more cooperation in cars": True,
        "appliances named": True,
        "sanctions given as the reason": False,
        "all of it in his own words": False,
        "said to Xi Jinping": False,
    }
    assert {v.label for v in found.variants if v.preferred} == {"TASS"}
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
    assert market.statement_on_cars(data.period_end("2024-05-15"), "2024-05-16", "Xi Jinping") == []


def test_unread_passages_are_no_evidence():
    found = data.load("market_statements", report="press-kremlin-copy")
    assert list(found["cars"]) == ["unread"]
    assert "Kremlin copy" not in set(market.reports(data.HINDSIGHT, "2024-05-16")["outlet"])


@pytest.mark.parametrize(("as_of", "year"), [("publication", 2023), ("hindsight", 2025)])
def test_four_brands_expanded(as_of, year):
    found = verdict("C23", as_of)
    assert found.observed == 4  # Chery, Haval, Geely, Changan
    assert str(year) in found.variants[0].label
    assert found.status == "supported with caveats"


def test_brand_sales_by_hand():
    found = market.brand_sales(data.PUBLICATION).set_index("brand")
    assert found.loc["Chery", ["before", "after"]].tolist() == [40874, 118950]
    assert found.loc["Changan", "after"] / found.loc["Changan", "before"] == pytest.approx(47765 / 5705)
    assert set(found.index) == {"Chery", "Haval", "Geely", "Changan"}


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
    observed = {v.label: v.observed for v in market.firms_that_expanded(data.HINDSIGHT)}
    assert observed["firms with a plant of their own opened since (those found)"] == 0
    assert observed["named firms whose cars are assembled in plants that others left"] == 2  # JAC, Chery
    assert observed["car brands that sold more, and Haier in washing machines"] == 5


def test_presence_by_hand():
    found = market.presence().set_index("measure")
    assert found.loc["Car exports to Russia, USD", "ratio"] == pytest.approx(8.46 / 1.5)
    assert found.loc["Chinese direct investment a year, BOFIT", "ratio"] == pytest.approx(0.4 / 1.2)
    assert found.loc["Companies with Chinese founders, Rusprofile", "ratio"] == pytest.approx(12024 / 1483)
    assert found.loc["Stock of Chinese investment, Russian ministry", "ratio"] == pytest.approx(1.04)
    assert found.loc["Chinese share of new cars, one month", ["before", "after"]].tolist() == [7, 49.6]
    assert "Chinese direct investment a year, BOFIT" not in set(market.presence(data.PUBLICATION)["measure"])


def test_market_split_by_hand():
    found = market.market_split().set_index("year")
    assert found.loc[2022, "chinese"] == 121800
    assert found.loc[2022, "others"] == 626281 - 121800
    assert found.loc[2021, "chinese"] == pytest.approx(121800 / 1.07)
    assert found.loc[2024, "chinese"] == pytest.approx(1571000 * 0.585)
    assert list(market.market_split(data.PUBLICATION)["year"]) == [2021, 2022]


def test_exit_shares_by_hand(package):
    found = market.exit_shares().set_index(["compiler", "definition"])["share"]
    assert found["Evenett and Pisani"].tolist() == [8.5]
    assert found["Yale CELI", "announced any curtailment"] == pytest.approx(100 * 1000 / 1200)
    assert found["Yale CELI", "graded as a clean break"] == pytest.approx(100 * 334 / 1200)
    package.edit("market_firms", "value", "600", series="tracked", compiler="Yale CELI")
    assert market.exit_shares()["share"].max() > 100  # the base is read, not assumed


def test_exports_keep_one_row_a_figure():
    found = market.exports_by_compiler()
    assert not found.duplicated(["goods", "compiler", "period", "value"]).any()
    of_2025 = found[(found["period"] == "2025") & (found["unit"] == "units")].set_index("compiler")["value"]
    assert of_2025["Chinese customs"] > of_2025["car association (CPCA)"]  # the compilers do not nest


DRAWINGS = [
    figures.words_by_report,
    figures.presence_ratios,
    figures.market_and_share,
    figures.televisions_and_phones,
    figures.exits_by_count,
]


@pytest.mark.parametrize("draw", DRAWINGS, ids=lambda f: f.__name__)
def test_figures_state_their_finding(draw: Callable[[], Figure]):
    figure = draw()
    assert len(figure.alt) > 100
    assert any(c.isdigit() for c in figure.alt)
    assert not figure.data.empty
    assert figure.sources
    assert set(figure.sources) <= set(data.sources())


def test_figures_follow_the_data(package):
    package.edit("market_firms", "value", "4.4", source="evenettpisani2022", series="exited-share")
    assert figures.exits_by_count().title.startswith("Between 4.4 and ")
    package.edit("market_statements", "cars", "direct", report="press-anadolu")
    assert "3 quote Putin on cars" in figures.words_by_report().alt
