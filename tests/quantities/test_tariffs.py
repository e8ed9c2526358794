"""Claims C20 to C22: numbers worked out by hand from the sources, verdicts, and what changes them."""

import pytest

from eastward import data
from eastward.figures import Figure
from eastward.figures import tariffs as figures
from eastward.quantities import tariffs
from eastward.verdicts import verdict


def by_label(variants):
    return {(v.part, v.label): v.observed for v in variants}


def test_list_of_may_2024_as_the_sources_print_it():
    frame = tariffs.tariff_list().set_index("group")
    assert len(frame) == 14
    assert tuple(frame.loc["electric-vehicles", ["old_max", "new"]]) == (25, 100)
    assert tuple(frame.loc["steel-aluminium", ["old_min", "old_max", "new"]]) == (0, 7.5, 25)
    law_firm = tariffs.tariff_list(source="mondaq2024whitehouse").set_index("group")
    columns = ["old_min", "old_max", "new"]
    assert law_firm[columns].sort_index().equals(frame[columns].sort_index())


def test_c20_is_supported_with_caveats_and_nothing_was_in_force():
    assert verdict("C20").status == "supported with caveats"
    later = verdict("C20", "hindsight")
    assert later.status == "supported with caveats"
    in_force = [v.observed for v in later.variants if v.label == "in force on 17 May 2024"]
    assert in_force == [False] * len(tariffs.ITEMS)


def test_c20_knows_the_final_list_only_with_hindsight():
    labels = {v.label for v in verdict("C20").variants}
    assert labels == set(tariffs.ANNOUNCED.values())


def test_c20_depends_on_every_good(package):
    where = {"source": "zimaotong2024ustr", "series": "new-rate"}
    package.edit("tariff_rates", "value", "25", **where, group="electric-vehicles")
    assert verdict("C20").status == "imprecise"
    package.edit("tariff_rates", "value", "0", **where)
    assert verdict("C20").status == "contradicted"


def test_c20_needs_every_group_of_a_good(package):
    where = {"source": "zimaotong2024ustr", "series": "new-rate", "group": "li-ion-other-batteries"}
    package.edit("tariff_rates", "value", "7.5", **where)
    observed = by_label(tariffs.raised_goods(data.PUBLICATION))
    label = tariffs.ANNOUNCED["zimaotong2024ustr"]
    assert not observed["batteries", label]
    assert observed["solar cells", label]


def test_share_covered():
    share, _ = tariffs.covered_share(data.PUBLICATION)
    assert share == pytest.approx(100 * 18 / 427)
    share, _ = tariffs.covered_share(data.HINDSIGHT)
    assert share == pytest.approx(100 * 18 / 427.2344)


def test_windows_of_us_imports():
    observed = {v.label: v.observed for v in tariffs.size_of_harm(data.HINDSIGHT)}
    # Census by FRED: 423.822 bn USD in May 2023 to April 2024, 437.604 in the twelve months after.
    assert observed["12 months from the announcement"] == pytest.approx(100 * (437.604 / 423.822 - 1), abs=0.001)
    # October to January: 41.445 + 37.775 + 37.554 + 41.639 against 41.548 + 35.537 + 34.184 + 35.783.
    assert observed["in force, before the rounds of 2025"] == pytest.approx(100 * (158.413 / 147.052 - 1), abs=0.001)
    assert observed["after the rounds of April 2025"] == pytest.approx(-41.743, abs=0.001)


def test_c21_is_judged_on_what_was_public():
    now, later = verdict("C21"), verdict("C21", "hindsight")
    assert (now.status, later.status) == ("supported with caveats", "imprecise")
    assert {v.part for v in now.variants} == {
        "covered, % of US imports from China",
        "largest fall to expect, % of US imports from China",
    }
    assert any(v.part.startswith("change of US imports") for v in later.variants)


def test_c21_quantity_follows_the_covered_trade(package):
    package.edit("tariff_products", "value", "180", series="covered-imports", product="all-groups")
    assert verdict("C21").observed == pytest.approx(100 * 180 / 427)


def test_timing_of_the_entry():
    frame = tariffs.timing().set_index("measure")["after"]
    base = 110.97 / 1.642
    assert frame["all Chinese exports to Russia"] == pytest.approx(100 * (115.49 - 110.97) / (115.49 - base))
    assert frame["Chinese cars shipped to Russia"] == pytest.approx(100 * (15.2 - 11.658) / (15.2 - 1.5))
    assert frame["share of Chinese car brands"] == pytest.approx(100 * (58.5 - 50) / (58.5 - 7))


def test_solar_cells_by_year_are_sums_of_whole_years():
    cells = tariffs.solar_exports().set_index("year")["value"]
    assert list(cells.index) == [2022, 2023, 2024]
    assert cells[2024] == pytest.approx(35.865, abs=0.001)


def test_on_the_day_nothing_had_come_after():
    frame = tariffs.timing(data.PUBLICATION)
    assert not frame.empty
    assert (frame["after"] == 0).all()


def test_goods_are_shares_of_what_russia_buys():
    share = tariffs.taxed_goods().set_index("what")["share"]
    assert share["integrated circuits in Chinese exports to Russia, 2022"] == pytest.approx(100 * 0.179 / 76.122)
    contested = share[share.index.str.startswith("electric and plug-in")]
    assert list(contested) == [pytest.approx(100 * 154 / 372.5)]
    known = tariffs.taxed_goods(data.PUBLICATION)["what"]
    assert not known.str.contains("2024").any()


def test_c22_is_contradicted_on_both_days():
    assert verdict("C22").status == "contradicted"
    later = verdict("C22", "hindsight")
    assert later.status == "contradicted"
    deciding = {v.part: v.observed for v in later.variants if v.preferred}
    assert list(deciding.values()) == [False, False, False]
    assert len(deciding) == 3
    assert any(v.observed for v in later.variants)


def test_c22_parts_decide_one_by_one(package):
    package.edit("trade_china_customs", "value", "70", reporter="CHN", partner="RUS", flow="exports", period="2023")
    assert verdict("C22", "hindsight").status == "imprecise"
    package.edit("tariff_products", "value", "20", series="market-share", product="electric-vehicles", period="2023")
    assert verdict("C22", "hindsight").status == "imprecise"
    package.edit("us_china_trade", "value", "9", partner="RUS", period="2024", value="4.1")
    assert verdict("C22", "hindsight").status == "supported with caveats"


def test_c22_threshold_is_a_parameter():
    strict = tariffs.entry_through_tariffs(data.HINDSIGHT, least_after=5, least_share=1)
    deciding = {v.part: v.observed for v in strict if v.preferred}
    assert deciding["most of the entry came after the tariffs"]
    assert deciding["taxed goods weigh in what Russia buys"]


def test_growth_after_the_rounds_of_2025():
    value = tariffs.destinations().set_index(["period", "partner"])["value"]
    assert (value["2025", "USA"], value["2025", "RUS"]) == (-20, -10.4)
    assert value["2024", "RUS"] < value["2024", "WORLD"]


def test_table_of_touched_trade_words_bounds():
    frame = tariffs.touched_trade().set_index("goods")
    assert frame.loc["steel", "China's share of imports, 2023"] == "under 1 %"
    assert frame.loc["lithium batteries, all", "imports from China, 2023"] == "13 bn USD; 13.1 bn USD; 13.2 bn USD"


@pytest.mark.parametrize(
    ("draw", "name", "number"),
    [
        (figures.duties_before_and_after, "fig-tariff-list", "14 product groups"),
        (figures.us_imports_around_the_dates, "fig-tariff-us-imports", "3.3 per cent above"),
        (figures.timing_of_the_entry, "fig-tariff-timing", "91 per cent of their rise"),
        (figures.goods_taxed_and_bought, "fig-tariff-goods", "11.7 bn USD to Russia"),
        (figures.growth_by_destination, "fig-tariff-destinations", "Russia -10.4"),
    ],
)
def test_figures_state_their_finding(draw, name, number):
    figure = draw()
    assert isinstance(figure, Figure)
    assert figure.id == name
    assert number in figure.alt
    assert not figure.data.empty
    assert set(figure.sources) <= set(data.sources())
    assert figure.sources


def test_figure_of_goods_shows_holes_as_holes():
    frame = figures.goods_sold().set_index("goods")
    assert frame["to Russia"].isna().sum() == 3
    assert frame.loc["Semiconductors", "to Russia"] == 500
    assert frame.loc["Solar cells and panels", "to Russia"] == pytest.approx(20.06, abs=0.01)
