"""Rules: edge cases by hand, properties by hypothesis."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eastward import data
from eastward.claims import STATUSES, ClaimError, Rule, Stated, questions
from eastward.claims.settings import settings
from eastward.claims.verdicts import (
    AS_OF,
    CAVEATS,
    CONTRADICTED,
    IMPRECISE,
    NO_RECORD,
    OFFICIAL,
    PARTLY,
    SUPPORTED,
    UNTESTABLE,
    apply_rule,
    combine,
    main,
    verdict,
)
from eastward.evidence import Variant, quantity
from eastward.show.cards import VerdictCard, _Page, card, observed
from eastward.show.words import escape
from tests.conftest import PackageCopy

VALUE = Rule(kind="stated_value", text="", quantity="x.y")
STATED = Stated("240 bn", 240, "USD bn", 0.5)
PUBLIC = {"publication": data.PUBLICATION, "hindsight": data.HINDSIGHT}


def status(observed: float, half_unit: float = 0.0, rule: Rule = VALUE, stated: Stated = STATED) -> str:
    return apply_rule(rule, stated, Variant("v", observed, half_unit=half_unit, id="v"), 0.05)


@pytest.mark.parametrize(
    ("observed", "half_unit", "expected"),
    [
        (240.5, 0.0, SUPPORTED),
        (240.51, 0.0, IMPRECISE),
        (240.51, 0.05, SUPPORTED),
        (239.5, 0.0, SUPPORTED),
        (252.0, 0.0, IMPRECISE),
        (252.1, 0.0, CONTRADICTED),
        (227.8, 0.05, CONTRADICTED),
        (0.0, 0.0, CONTRADICTED),
    ],
)
def test_stated_value(observed: float, half_unit: float, expected: str) -> None:
    assert status(observed, half_unit) == expected


def test_stated_zero_has_no_relative_band() -> None:
    zero = Stated("none", 0, "", 0.0)
    assert status(0.0, stated=zero) == SUPPORTED
    assert status(0.1, stated=zero) == CONTRADICTED


@pytest.mark.parametrize(
    ("observed", "direction", "expected"),
    [
        (1.95, "at_least", SUPPORTED),
        (1.94, "at_least", IMPRECISE),
        (1.89, "at_least", CONTRADICTED),
        (3.0, "at_least", SUPPORTED),
        (3.0, "about", CONTRADICTED),
        (2.05, "at_most", SUPPORTED),
        (2.08, "at_most", IMPRECISE),
        (2.2, "at_most", CONTRADICTED),
    ],
)
def test_ratio(observed: float, direction: str, expected: str) -> None:
    rule = Rule(kind="ratio", text="", quantity="x.y", direction=direction)
    assert status(observed, rule=rule, stated=Stated("doubled", 2, "", 0.05)) == expected


@pytest.mark.parametrize(
    ("observed", "margin", "expected"),
    [
        (2.0, 2, SUPPORTED),
        (1.9, 2, IMPRECISE),
        (1.0, 2, CONTRADICTED),
        (1.01, None, SUPPORTED),
        (0.9, None, CONTRADICTED),
    ],
)
def test_order(observed: float, margin: float | None, expected: str) -> None:
    assert status(observed, rule=Rule(kind="order", text="", quantity="x.y", margin=margin)) == expected


@pytest.mark.parametrize(("observed", "expected"), [(1, SUPPORTED), (2, IMPRECISE), (3, CONTRADICTED)])
def test_rank(observed: int, expected: str) -> None:
    rule = Rule(kind="rank", text="", quantity="x.y")
    assert status(observed, rule=rule, stated=Stated("first", 1)) == expected


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (date(2024, 6, 1), SUPPORTED),
        (date(2024, 6, 30), SUPPORTED),
        (date(2024, 7, 5), IMPRECISE),
        (date(2024, 10, 22), CONTRADICTED),
    ],
)
def test_date(observed: date, expected: str) -> None:
    rule = Rule(kind="date", text="", quantity="x.y", margin=7)
    assert apply_rule(rule, Stated("June 2024", "2024-06"), Variant("v", observed, id="v"), 0.05) == expected


def test_holds() -> None:
    rule = Rule(kind="holds", text="", quantity="x.y")
    assert apply_rule(rule, Stated("so"), Variant("v", True, id="v"), 0.05) == SUPPORTED
    assert apply_rule(rule, Stated("so"), Variant("v", False, id="v"), 0.05) == CONTRADICTED


@pytest.mark.parametrize(
    ("kind", "observed"),
    [
        ("holds", 1.0),
        ("date", 2024),
        ("stated_value", True),
        ("rank", date(2024, 1, 1)),
        ("order", float("nan")),
        ("ratio", float("inf")),
    ],
)
def test_wrong_type_is_an_error_not_a_verdict(kind: str, observed: object) -> None:
    with pytest.raises(ValueError, match=kind):
        apply_rule(Rule(kind=kind, text="", quantity="x.y"), STATED, Variant("v", observed, id="v"), 0.05)  # type: ignore[arg-type]


def variant(preferred: bool = False, part: str = "", independent: bool = True) -> Variant:
    return Variant("v", 1.0, preferred=preferred, part=part, independent=independent, id="v")


def test_no_source_is_not_testable() -> None:
    assert combine([], []) == UNTESTABLE


def test_one_source_decides_even_if_not_preferred() -> None:
    assert combine([variant()], [IMPRECISE]) == IMPRECISE


def test_disagreeing_sources_add_a_caveat() -> None:
    pair = [variant(preferred=True), variant()]
    assert combine(pair, [SUPPORTED, SUPPORTED]) == SUPPORTED
    assert combine(pair, [SUPPORTED, CONTRADICTED]) == CAVEATS
    assert combine(pair, [CONTRADICTED, SUPPORTED]) == CONTRADICTED


def test_declared_caveat_caps_the_verdict() -> None:
    assert combine([variant(preferred=True)], [SUPPORTED], caveats=True) == CAVEATS
    assert combine([variant(preferred=True)], [CONTRADICTED], caveats=True) == CONTRADICTED


def test_parts_that_differ_make_the_claim_partly_right() -> None:
    parts = [variant(True, "a"), variant(True, "b")]
    assert combine(parts, [SUPPORTED, CONTRADICTED]) == PARTLY
    assert combine(parts, [NO_RECORD, IMPRECISE]) == PARTLY
    assert combine(parts, [NO_RECORD, CONTRADICTED]) == CONTRADICTED
    assert combine(parts, [CONTRADICTED, CONTRADICTED]) == CONTRADICTED
    assert combine(parts, [SUPPORTED, SUPPORTED]) == SUPPORTED


def test_only_the_speaker_can_check() -> None:
    alone = [variant(True, independent=False)]
    assert combine(alone, [SUPPORTED]) == OFFICIAL
    assert combine(alone, [CONTRADICTED]) == CONTRADICTED


numbers = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
SEVERITY = {s: i for i, s in enumerate((SUPPORTED, CAVEATS, IMPRECISE, PARTLY, CONTRADICTED))}


@given(numbers, numbers, st.floats(0, 10), st.floats(0, 10))
def test_more_rounding_never_makes_a_verdict_worse(observed: float, stated: float, small: float, more: float) -> None:
    target = Stated("s", stated)
    before = status(observed, small, stated=target)
    assert SEVERITY[status(observed, small + more, stated=target)] <= SEVERITY[before]


@given(numbers, numbers, st.floats(0, 0.5), st.floats(0, 0.5))
def test_more_tolerance_never_makes_a_verdict_worse(observed: float, stated: float, small: float, more: float) -> None:
    tight = apply_rule(VALUE, Stated("s", stated), Variant("v", observed, id="v"), small)
    loose = apply_rule(VALUE, Stated("s", stated), Variant("v", observed, id="v"), small + more)
    assert SEVERITY[loose] <= SEVERITY[tight]


@given(numbers)
def test_an_exact_figure_is_always_supported(value: float) -> None:
    assert status(value, stated=Stated("s", value)) == SUPPORTED


@given(numbers, numbers)
def test_at_least_and_at_most_cover_everything(observed: float, stated: float) -> None:
    target = Stated("s", stated)
    both = [
        status(observed, rule=Rule(kind="ratio", text="", quantity="x.y", direction=d), stated=target)
        for d in ("at_least", "at_most")
    ]
    assert SUPPORTED in both


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([SUPPORTED, IMPRECISE, CONTRADICTED])), min_size=1))
def test_combine_never_beats_its_best_deciding_variant(pairs: list[tuple[bool, str]]) -> None:
    variants = [variant(preferred=p) for p, _ in pairs]
    statuses = [s for _, s in pairs]
    deciding = [s for p, s in pairs if p] or statuses[:1]
    assert SEVERITY[combine(variants, statuses)] >= max(SEVERITY[s] for s in deciding)


@pytest.mark.parametrize("claim_id", sorted(questions()))
@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_every_claim_has_a_verdict_by_its_rule(claim_id: str, as_of: str) -> None:
    found = verdict(claim_id, as_of)
    assert found.status in STATUSES
    rule = found.claim.rule
    assert rule is not None
    if rule.kind != "judged":
        again = [apply_rule(rule, found.claim.stated, v, settings().tolerance()) for v in found.variants]
        assert list(found.statuses) == again
        assert found.status == combine(found.variants, again, as_of in found.claim.caveat)
        deciding = [(v.part, v.evidence or v.id) for v in found.deciding]
        assert len(set(deciding)) == len(deciding), f"{claim_id}: a deciding variant is a relay of another"
    assert bool(found.caveat) == (found.status == CAVEATS)
    assert len(found.caveat.split()) <= 8
    for v in found.variants:
        assert v.rows, f"{claim_id}: the variant {v.label!r} rests on no row"
    assert len(found.evidence) == len({r for v in found.variants for r in v.rows})


def test_unknown_claim_and_quantity() -> None:
    with pytest.raises(ClaimError, match="C99.*no such claim"):
        verdict("C99")
    with pytest.raises(LookupError, match="no function 'trade.nothing'"):
        quantity("trade.nothing")


def test_card_names_what_was_observed_with_its_unit_or_part() -> None:
    assert "**Observed** 240.1 (USD bn), deviation" in card("C08").myst()
    for day in ("on 17 May 2024", "with hindsight"):
        assert f"**Observed {day}** " in card("C23").myst()
    assert "**Observed** EU imports from Russia\\: 0." in card("C09").myst()
    numbers = observed(verdict("C22", "hindsight")).split("; ")
    assert len({line.rpartition(":")[0] for line in numbers}) == len(numbers) == 4, "parts with two numbers name each"
    parts = [v.part for v in verdict("C09", "publication").deciding]
    assert len(parts) == 2
    assert all(escape(f"{part}: ") in card("C09").myst() for part in parts)


def test_a_card_dates_what_only_one_day_saw() -> None:
    later = verdict("C08", "hindsight")
    assert (
        "**Observed with hindsight** 240.1" in VerdictCard(((replace(later, variants=(), statuses=()), later),)).myst()
    )


@pytest.mark.parametrize("as_of", ["publication", "hindsight"])
def test_variants_have_ids_of_their_own(as_of: str) -> None:
    for claim_id in questions():
        ids = [v.id for v in verdict(claim_id, as_of).variants]
        assert len(set(ids)) == len(ids), claim_id
        assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", name) for name in ids), (claim_id, ids)


def _weaken(package: PackageCopy, source: str, grade: str = "weak") -> None:
    """Grade a source of the package lower."""
    bib = package.folder / "book" / "references.bib"
    before, key, rest = bib.read_text(encoding="utf-8").partition(f"{{{source},")
    bib.write_text(before + key + re.sub(r"grade = \{\w+\}", f"grade = {{{grade}}}", rest, count=1), encoding="utf-8")


def _says_relay_only(claim_id: str, as_of: str) -> bool:
    shown = verdict(claim_id, as_of)
    return any("relay only" in line for line in VerdictCard(((shown, shown),)).folded(_Page, shown, shown))


@pytest.mark.parametrize("as_of", AS_OF)
def test_a_card_says_relay_only_where_no_primary_or_agency_source_nor_two_wires_state_a_row(as_of: str) -> None:
    seen = set()
    for claim_id in questions():
        relayed = verdict(claim_id, as_of).relayed
        rows = data.rows(verdict(claim_id, as_of).rests_on)
        grades = {row: data.sources()[key].grade for row, key in zip(rows.get("row", []), rows["source"], strict=True)}
        assert _says_relay_only(claim_id, as_of) == bool(relayed), claim_id
        assert not {row for row in relayed if grades[row] in ("primary", "agency")}, claim_id
        for row in {r for r in grades if grades[r] not in ("primary", "agency")} - set(relayed):
            with data.on(PUBLIC[as_of]):
                table = data.load(row.partition(":")[0])
            one = table[table["row"] == row].iloc[0]
            told = table[(table["value"] - one["value"]).abs() < 1] if "value" in table else table
            assert told["source"].nunique() > 1, row
            seen.add(row)
    assert len(seen) > 10


def test_one_wire_and_two_wires_of_one_house_are_relay_only(package: PackageCopy) -> None:
    assert not _says_relay_only("C10", "publication")
    assert not _says_relay_only("C08", "publication")
    assert _says_relay_only("C01", "hindsight")
    _weaken(package, "istoe2024afp", "relay")
    assert verdict("C10").relayed == list(verdict("C10").rests_on)
    bib = package.folder / "book" / "references.bib"
    bib.write_text(
        bib.read_text(encoding="utf-8").replace("{{Hong Kong China News Agency}}", "{{RIA Novosti}}"), encoding="utf-8"
    )
    assert _says_relay_only("C08", "publication")
    assert not _says_relay_only("C08", "hindsight")


def test_no_row_of_a_weak_source_decides_or_supports(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(), capsys.readouterr().err) == (0, "")


@pytest.mark.parametrize(
    ("claim_id", "variant", "source"), [("C37", None, "frn2024memorandum"), ("C36", "cts-2024-05-16", "cts2024putin")]
)
def test_a_weak_source_is_refused_where_it_decides_or_supports(
    package: PackageCopy, capsys: pytest.CaptureFixture[str], claim_id: str, variant: str | None, source: str
) -> None:
    shown = verdict(claim_id)
    backing = shown[variant] if variant else shown.deciding[0]
    _weaken(package, source)
    assert (verdict(claim_id).grade == "weak") == (variant is None)
    assert main() == 1
    said = f"claims: {claim_id} rests on {backing.rows[0]}, whose source {source} is weak: find a better one\n"
    assert said in capsys.readouterr().err


def test_a_weak_source_may_contradict(package: PackageCopy, capsys: pytest.CaptureFixture[str]) -> None:
    against = verdict("C32")["joint-2024-05-16"]
    assert against not in verdict("C32").backing
    _weaken(package, "socialistchina2024joint")
    main()
    assert "claims: C32 " not in capsys.readouterr().err
