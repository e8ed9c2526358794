"""Quantities and verdicts of the turn east against figures worked out by hand from the sources."""

from datetime import date

import pandas as pd
import pytest

from eastward import data
from eastward.claims.verdicts import CAVEATS, CONTRADICTED, IMPRECISE, PARTLY, SUPPORTED, verdict
from eastward.claims.whatif import what_if
from eastward.evidence import turn_east
from tests.chapter import run

RULE = (2013, 2023, [2020, 2021], 2019, {"imports": ["01", "09"]})
"""The rule of C06."""


@pytest.fixture(scope="module")
def chapter():
    return run("03-turn-east")


def _by_id(variants, name):
    (found,) = [v for v in variants if v.id == name]
    return found


def test_weights_of_2023_by_hand():
    weights = turn_east.weights().loc[2023]
    assert weights["a_on_b"] == pytest.approx(100 * (129.14 + 110.97) / (424.483 + 302.866))
    assert weights["b_on_a"] == pytest.approx(100 * (129.14 + 110.97) / (3379.044 + 2556.941))


def test_flows_of_2021_follow_from_growth_and_agree_with_the_published_total():
    china = turn_east.trade_with_china().loc[2021]
    assert china["exports"] == pytest.approx(114.149 / 1.434)
    assert china["imports"] == pytest.approx(76.122 / 1.128)
    assert china["exports"] + china["imports"] == pytest.approx(146.887, rel=0.002)
    assert len(china["exports_rows"]) == 2


def test_trade_with_the_eu_is_converted_at_the_rate_of_the_year():
    union = turn_east.trade_with_eu()
    assert union.loc[2023, "exports"] == pytest.approx(50.6 / 0.9245, rel=1e-3)
    assert union.index.min() == 1993


def test_levels_of_2022_follow_from_those_of_2023():
    trade = turn_east.region_trade().set_index(["flow", "region", "year"])
    assert trade.loc[("exports", "ASIA", 2022), "value"] == pytest.approx(306.6 / 1.056)
    assert trade.loc[("exports", "EUROPE", 2022), "value"] == pytest.approx(84.9 / 0.32)
    assert trade.loc[("exports", "ASIA", 2023), "share"] == pytest.approx(100 * 306.6 / 425.1)


def test_years_without_regions_are_left_out():
    years = set(turn_east.region_trade()["year"])
    assert not years & {2009, 2010, 2011}
    assert {2008, *range(2012, 2024)} <= years


def test_asia_against_europe_by_hand():
    variants = turn_east.asia_against_europe(*RULE)
    whole = _by_id(variants, "exports-2013-2023")
    assert whole.preferred
    assert whole.observed == pytest.approx((306.6 / 84.9) / (159.116 / 340.646))
    early = _by_id(variants, "imports-2013-2020")
    assert early.observed == pytest.approx((102.89 / 103.6) / (111.243 / 170.771))
    eve = _by_id(variants, "exports-2013-2021")
    assert eve.observed == pytest.approx((196.080 / 249.695) / (159.116 / 340.646))
    months = _by_id(variants, "imports-2013-part-of-2023")
    assert months.preferred
    assert months.observed == pytest.approx((140 / 59.2) / (111.243 / 170.771))
    imports = _by_id(variants, "imports-china-against-eu")
    assert not imports.preferred
    assert imports.observed == pytest.approx((110.97 / (38.181666 / 0.9245)) / (49.60759 / 152.3852))
    crude = _by_id(variants, "crude-2014-2020")
    assert crude.observed == pytest.approx((42 / 48) / (26 / 72))
    latest = _by_id(variants, "crude-2014-2025")
    assert latest.observed == pytest.approx(((100.7 + 84.9 + 0.1 + 1.8) / 28.5) / (26 / 72))


def test_every_variant_names_rows_that_exist():
    for variants in (turn_east.asia_against_europe(*RULE), turn_east.china_among_partners(2023, 2020, 2013)):
        for variant in variants:
            assert len(data.rows(variant.rows)) == len(set(variant.rows)) > 0, variant.label


def test_nothing_public_later_counts_at_publication():
    for variant in data.on(data.PUBLICATION)(turn_east.asia_against_europe)(*RULE):
        assert (data.rows(variant.rows)["known"] <= pd.Timestamp(data.PUBLICATION)).all(), variant.label


def test_ranks_that_china_does_not_lead():
    variants = {v.id: v.observed for v in turn_east.china_among_partners(2023, 2020, 2013)}
    assert variants["goods-2023"] == 1
    assert variants["arms-2021-2025"] == 2
    assert variants["eu-as-one-2020"] == 2
    assert variants["eu-as-one-2023"] == 1
    assert variants["crude-by-sea-2024"] == 2
    assert variants["crude-ei-2025"] == 1
    assert (variants["votes-2019"], variants["technology-2023"]) == (6, 1)


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_rankings_that_decide_nothing_do_not_agree_with_themselves(as_of):
    found = verdict("C01", as_of)
    assert found.agreement == (found.statuses.count("supported"), len(found.variants))


def test_the_latest_ranking_that_was_public_decides():
    with data.on(date(2023, 6, 30)):
        (deciding,) = [v for v in turn_east.china_among_partners(2023, 2020, 2013) if v.preferred]
    assert deciding.id == "goods-2020"
    assert deciding.observed == 1


def test_spans_and_years_that_coincide_are_counted_once():
    for variants in (
        turn_east.asia_against_europe(2013, 2020, [2020], 2019, {}),
        turn_east.china_among_partners(2020, 2020, 2013),
    ):
        ids = [v.id for v in variants]
        assert len(set(ids)) == len(ids)
        assert all(ids)


def test_two_records_of_chinese_crude_imports_agree(chapter):
    months = data.load("energy_destinations", series="china-customs-crude", unit="kg", entity="RUS")
    eleven = months[months["period"].between("2012-01", "2012-11")]["value"].sum() / 1e9
    stated = data.load("energy_destinations", series="china-customs-crude", period="2012-01/2012-11")
    assert eleven == pytest.approx(stated["value"].iloc[0], abs=stated["half_unit"].iloc[0])
    drawn = chapter.figures["fig-turn-east-energy"].data
    crude = drawn[drawn["line"] == "crude oil to China"].set_index("year")["value"]
    assert crude[2014] == pytest.approx(33.1, abs=0.05)  # Bloomberg on the same customs data
    assert crude[2014] / crude[2013] == pytest.approx(1.36, abs=0.01)
    assert list(crude.index) == list(range(2010, 2026))


def test_gas_lines_are_not_joined(chapter):
    gas = chapter.figures["fig-turn-east-energy"].data
    assert gas.duplicated(["line", "year"]).sum() == 0
    gazprom = gas[gas["line"] == "pipeline gas, Europe with Turkey (Gazprom)"].set_index("year")["value"]
    assert gazprom.index.max() == 2022  # as in chapter 2: less what goes to China
    assert gazprom[2022] == pytest.approx(100.9 - 15.5)
    assert gazprom[2014] == 146.6
    assert gazprom[2013] == 161.5


def test_structure_of_2023(chapter):
    row = chapter.space["years"].loc[2023]
    assert row["ratio"] == pytest.approx(5935.985 / 727.349)
    world = 24333011587574.77344 / 1e9
    expected = (129.14 / 424.483) / (2556.941 / (world - 302.866))
    assert row["exports"] == pytest.approx(expected)
    assert row["low"] > 10_000 * (240.1 / 710.2) ** 2
    assert row["high"] > row["low"]


def test_break_tests_cover_all_series_starts_and_models(chapter):
    trials = chapter.space["trials"]
    assert len(trials) == 6 * 3 * 2
    of_2000 = trials[(trials["start"] == 2000) & (trials["series"] == "China in Russian turnover")].set_index("model")
    assert of_2000.loc["mean", "one"] == 2022
    assert of_2000.loc["mean", "two"] == (2015, 2023)
    assert ((trials["low"] <= trials["one"]) & (trials["one"] <= trials["high"])).all()
    assert trials["p_value"].between(0, 1).all()


def test_share_effects_add_up_to_the_rise():
    effects = turn_east.share_effects("exports", 2013, 2023)["effect"]
    rise = 100 * 306.6 / 425.1 - 30.1775
    assert effects["total"] == pytest.approx(rise, abs=0.001)
    assert effects["part"] + effects["rest"] == pytest.approx(rise, abs=0.001)


@pytest.mark.parametrize("claim", ["C01", "C06"])
@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_verdicts(claim, as_of):
    found = verdict(claim, as_of)
    assert found.status == CAVEATS
    assert all(s == SUPPORTED for v, s in zip(found.variants, found.statuses, strict=True) if v.preferred)
    assert any(s != SUPPORTED for s in found.statuses)


def test_c01_falls_if_other_countries_trade_more(package):
    package.edit("trade_mirror", "value", "300", series="ria-mirror", partner="TUR", period="2023")
    assert verdict("C01", "hindsight").status == IMPRECISE
    package.edit("trade_mirror", "value", "400", series="ria-mirror", partner="BLR", period="2023")
    for partner in ("DEU", "NLD"):
        package.edit("trade_imf_dots", "value", "400", reporter="RUS", partner=partner, period="2020")
    assert verdict("C01", "hindsight").status == verdict("C01", "publication").status == CONTRADICTED


def test_c06_falls_with_the_figures_for_asia(package):
    package.edit("trade_russian_customs", "value", "60", partner="ASIA", flow="exports", period="2023", unit="USD bn")
    assert verdict("C06", "hindsight").status == PARTLY
    package.edit("trade_russian_customs", "value", "60", partner="ASIA", flow="imports", period="2023", unit="USD bn")
    assert verdict("C06", "hindsight").status == PARTLY  # trips still turned
    assert verdict("C06", "publication", {"turn": 11}).status == CONTRADICTED


def test_trips_by_hand():
    trips = {v.id: v for v in verdict("C06").variants}
    # one of ten trips found in 2012 and 2013 went to China, and both in 2022 and 2023
    assert trips["trips-2013-2023"].observed == pytest.approx(1 / (1 / 10))
    assert trips["trips-2013-2019"].observed == pytest.approx((2 / 12) / (1 / 10))


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_c06_is_partly_right_where_the_president_had_gone_to_europe(package, as_of):
    for visit in (
        "putin-kaz-2022",
        "putin-kgz-2023",
        "putin-are-2023",
        "putin-arm-2022",
        "putin-irn-2022",
        "putin-uzb-2022",
    ):
        package.edit("diplomacy_visits", "eu_member", "yes", event=visit)
    found = verdict("C06", as_of)
    assert {v.part: v.observed for v in found.deciding}["the president's trips"] == pytest.approx((2 / 8) / (1 / 10))
    for visit in ("putin-kaz-2023", "putin-blr-2023", "putin-tjk-2022"):
        package.edit("diplomacy_visits", "eu_member", "yes", event=visit)
    assert verdict("C06", as_of).status == PARTLY


def test_identical_votes_by_hand():
    votes = data.load("un_voting_pairs", entity="RUS", series=turn_east.COUNTED, period="2019", partner="CHN")
    (share,) = turn_east.identical_votes(votes)["value"]
    counts = votes.set_index("series")["value"]
    assert share == pytest.approx(100 * counts["votes-identical"] / counts["votes-both-voting"])


def test_the_titles_state_the_computed_numbers(chapter):
    titles = {name: figure.title for name, figure in chapter.figures.items()}
    assert "72 per cent" in titles["fig-turn-east-regions"]
    assert "34 per cent" in titles["fig-turn-east-weights"]
    assert "prove neither" in titles["fig-turn-east-breaks"]
    assert "84 million tonnes" in titles["fig-turn-east-energy"]
    assert chapter.broken == []


def test_a_changed_figure_changes_the_chapter(package):
    package.edit("trade_russian_customs", "value", "100", partner="ASIA", flow="exports", period="2023", unit="USD bn")
    found = run("03-turn-east")
    assert found.facts["times_exports"] == f"{(100 / 84.9) / (159.116 / 340.646):.1f}"
    assert "Most of the change came after 2021" in found.broken


def test_another_start_is_used_by_card_figure_and_prose():
    found = run("03-turn-east", start=2012)
    what_if()
    assert found.facts["rule_start"] == "2012"
    assert "since 2012" in found.figures["fig-turn-east-regions"].title
    assert not [word for word in found.broken if "computes" in word]
