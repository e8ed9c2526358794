"""What a reader contests, on a few questions: what settings mean, which changes turn a verdict, and what the page reads."""

import csv
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from eastward import data
from eastward.claims import arguments, claim, contest, questions, thresholds
from eastward.claims.settings import TRAITS, Settings, behind, falls, left_out, numbers, put, settings, traits
from eastward.claims.verdicts import AS_OF, verdict
from eastward.evidence import NotComputable, Variant, observe
from tests.conftest import PackageCopy

FEW = ("C07", "C11", "C12", "C13", "C16", "C21", "C27")
"""Thresholds that enter the quantity (C07, C27), one of each number by which rules compare, and a judged question."""

with Path(__file__).with_name("turns.csv").open(encoding="utf-8", newline="") as file:
    TURNS = list(csv.DictReader(file))
"""What turns the verdicts of these: by hand, ≈ up to the precision of the search."""


def by_hand(name: str, value: str) -> object:
    given = value.partition(" #")[0]
    if given.startswith("≈"):
        return pytest.approx(eval(given[1:]), abs=1e-4 * thresholds()[name].value)
    return given if "-" in given else eval(given or "None")


@pytest.fixture()
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known = questions()
    monkeypatch.setattr(contest, "questions", lambda: {name: known[name] for name in FEW})
    monkeypatch.setattr(contest, "file", lambda name: tmp_path / "kept" / f"{name}.json")


@pytest.mark.usefixtures("few")
def test_what_turns_a_verdict() -> None:
    found = contest.robustness()
    assert list(found) == ["claim", "setting", "name", "value", "status"]
    turned = [tuple(row) for row in found[found["status"] != ""].itertuples(index=False)]
    assert turned == [tuple(turn.values()) for turn in (t | {"value": by_hand(t["name"], t["value"])} for t in TURNS)]
    none = found[found["status"] == ""]
    assert set(none["name"]) == {""}
    assert none["value"].isna().all()
    asked = {(name, setting) for name in FEW if name != "C16" for setting in ("threshold", *TRAITS, "day")}
    assert set(zip(found["claim"], found["setting"], strict=True)) == asked
    assert len(found) == len(TURNS) + len(asked - {(turn["claim"], turn["setting"]) for turn in TURNS})


def told(variant: Variant, cases: dict[str, Any], row: tuple[Any, ...]) -> None:
    """Hold what the page has of a variant against the variant."""
    id, label, value, half_unit, part, flags, _, sources = row
    x = variant.observed
    assert (id, label, cases["names"][part]) == (variant.id, variant.label, variant.part)
    assert value == (float(f"{x:.9g}") if isinstance(x, float) else x)
    assert half_unit == float(f"{variant.half_unit:.9g}")
    assert (flags // 2, flags % 2) == (variant.preferred, variant.independent)
    assert [cases["sources"][n][0] for n in sources] == behind([variant])[0]


@pytest.mark.usefixtures("few")
def test_the_page_reads_what_python_observes() -> None:
    cases, of = contest.cases(), traits()
    assert list(cases) == ["questions", "thresholds", "arguments", "names", "variants", "lists", "sources"]
    for key, *given in cases["sources"]:
        assert [cases["names"][n] for n in given] == [of[key][t] for t in TRAITS[:-1]]
    rows = list(zip(*cases["variants"], strict=True))
    pieces: dict[str, int] = {}
    for name in FEW:
        asked, q = cases["questions"][name], questions()[name]
        assert (asked["short"], asked["chapter"], asked["says"]) == (q.short, q.chapter, q.question)
        assert asked["caveat"] == [q.caveat.get(day, "") for day in AS_OF]
        if name == "C16":
            assert asked["judged"] == ["supported", "supported"]
            assert "lists" not in asked
            continue
        assert (asked["kind"], asked["direction"], asked["stated"]) == (q.rule.kind, q.rule.direction, q.stated_text)
        days = [date.fromisoformat(day) for day in asked["days"]]
        last = [day - timedelta(days=1) for day in days[1:]] + [data.HINDSIGHT]
        for setting, past in asked["lists"].items():
            threshold, _, value = setting.partition("=")
            rule = claim(name, {threshold: float(value)} if value else {}).rule
            spans = [(day,) for day in last] if value else list(zip(days, last, strict=True))
            for span, number in zip(spans, past, strict=True):
                for day in span:
                    found: list[Variant] = []
                    with data.on(day), suppress(NotComputable):
                        found = observe(rule.quantity, **rule.params)
                    assert len(found) == len(cases["lists"][number])
                    for variant, one in zip(found, cases["lists"][number], strict=True):
                        told(variant, cases, rows[one])
                        piece = variant.evidence or variant.id
                        assert pieces.setdefault(piece, rows[one][6]) == rows[one][6]
    assert len(set(pieces.values())) == len(pieces)


@pytest.mark.usefixtures("few")
def test_the_page_knows_by_what_a_rule_compares() -> None:
    cases = contest.cases()
    asked = cases["questions"]
    assert asked["C11"]["numbers"] == {"stated": 303.6, "half": 0.05, "margin": None}
    assert asked["C12"]["numbers"] == {"stated": None, "half": 0.0, "margin": 2}
    four = [asked[name] for name in ("C07", "C11", "C12", "C13")]
    assert [one["bound"] for one in four] == [{}, {}, {"margin": "much"}, {"half": "doubled_within"}]
    assert [one["tolerated"] for one in four] == [False, True, False, True]
    assert list(asked["C07"]["lists"]) == ["", *(f"recent_months={n}" for n in (1, 3, 6, 17, 18, 24, 60, 72))]
    assert list(asked["C13"]["lists"]) == [""]
    ours = {n: {"value": t.value, "sweep": t.sweep, "text": t.text} for n, t in thresholds().items()}
    assert cases["thresholds"] == ours
    assert cases["arguments"] == [{"text": a.text, "by": a.carried_by, "turns": a.turns_on} for a in arguments()]


@pytest.mark.usefixtures("few")
def test_the_page_needs_the_country_of_each_institution(package: PackageCopy) -> None:
    package.drop("institutions", institution=data.sources()["agi2024export"].author)
    lacks = "data/institutions.csv: it lacks the author of agi2024export; add it, with the country of its seat"
    with pytest.raises(data.DataError, match=f"^{re.escape(lacks)}$"):
        contest.cases()


def test_what_was_found_is_kept_as_what_was_read(package: PackageCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    assert contest.file("C14.so") == data.root() / "_build" / "contest" / "C14.so.json"
    code = package.folder / "code"
    rooms = [code / room for room in ("data", "methods", "evidence", "claims", "show")]
    for room in rooms:
        room.mkdir(parents=True)
        (room / "a.py").write_text("1")
    monkeypatch.setattr(contest, "PACKAGE", code)
    known, tables = {"C12": questions()["C12"]}, ["trade_russian_customs", "institutions"]
    monkeypatch.setattr(contest, "questions", lambda: known)
    seen = [contest._digest("C12", tables)]
    assert contest._digest("C12", tables) == seen[0]
    assert len(seen[0]) == 64

    def changes() -> None:
        seen.append(contest._digest("C12", tables))
        assert seen[-1] not in seen[:-1]

    for room in rooms[:-1]:
        (room / "a.py").write_text("2")
        changes()
    (rooms[-1] / "a.py").write_text("2")
    (rooms[0] / "a.txt").write_text("2")
    assert contest._digest("C12", tables) == seen[-1]
    package.edit("trade_russian_customs", "note", "changed", period="2023", partner="ASIA", flow="exports")
    changes()
    package.edit("institutions", "country", "FRA", institution=data.sources()["agi2024export"].author)
    changes()
    package.replace("data/datapackage.json", rf'("name": "{tables[0]}".*?"fields": .*?"description": ")', r"\1Changed ")
    changes()
    known["C12"] = replace(known["C12"], short="changed")
    changes()
    ours = dict(thresholds())
    for name in ("tolerance", "much"):
        ours[name] = replace(ours[name], sweep=(0, 2))
        monkeypatch.setattr(contest, "thresholds", lambda now=dict(ours): now)
        changes()
    sources = data.sources()
    for field, value in (("date", "2020"), ("grade", "weak"), ("kind", "paper"), ("author", "AFP")):
        changed = {**sources, "agi2024export": replace(sources["agi2024export"], **{field: value})}
        monkeypatch.setattr(data, "sources", lambda now=changed: now)
        changes()


def test_settings_change_thresholds_rules_and_parameters() -> None:
    no_fields = {"base_years": [2017], "kind": "x", "judged": "x", "quantity": "x", "params": "x"}
    changed = Settings({"much": 3.0}, rules={"C13": {**no_fields, "direction": "about", "margin": 1}})
    rule, before = changed.claim("C13").rule, claim("C13").rule
    assert (rule.kind, rule.direction, rule.margin, rule.text) == ("ratio", "about", 1, before.text)
    assert rule.params == {**before.params, **no_fields}
    assert (rule.quantity, rule.judged) == (before.quantity, before.judged)
    assert changed.claim("C12").rule.margin == 3
    assert changed.claim("C12", {"much": 1.5}).rule.margin == 1.5
    assert Settings().claim("C12") == claim("C12")
    assert changed.claim("C11") == claim("C11")
    assert Settings().tolerance() == 0.05
    assert Settings({"tolerance": 0.1}).tolerance() == 0.1
    assert Settings({"tolerance": 0.1}).tolerance({"tolerance": 0.2, "much": 3}) == 0.2


def test_settings_put_in_force_stay_in_force() -> None:
    other = Settings({"much": 3.0})
    try:
        put(other)
        assert settings() is other
        assert verdict("C12").claim.rule.margin == 3
    finally:
        put(Settings())
    assert settings() == Settings()


def test_thresholds_lie_within_their_sweep() -> None:
    assert numbers({}) == {}
    assert numbers({"much": 1}, {"serious": 0.4, "much": 2.0}) == {"serious": 0.4, "much": 1.0}
    assert isinstance(numbers({"much": 4})["much"], float)
    for wrong in (0.99, 4.01, True, "2", None):
        with pytest.raises(
            data.DataError, match=f"^thresholds: much is {wrong!r}; write a number from 1 to 4, such as 2$"
        ):
            numbers({"serious": 0.4, "much": wrong})  # type: ignore[dict-item]
    there_are = ", ".join(thresholds())
    with pytest.raises(data.DataError, match=f"^thresholds: there is none called 'plenty'; use one of: {there_are}$"):
        numbers({"plenty": 2})


def test_what_is_left_out_adds_up() -> None:
    assert left_out({}) == {}
    assert left_out({"grade": "relay", "kind": ["wire", "news"]}) == {"grade": ("relay",), "kind": ("wire", "news")}
    before, variant = {"grade": ("wire",), "source": ("imfdotschn",)}, "C13.russian-side-2019-rub"
    added = left_out({"variant": variant, "grade": ("relay",)}, before)
    assert added == {"grade": ("wire", "relay"), "source": ("imfdotschn",), "variant": (variant,)}


def listed(trait: str) -> str:
    return ", ".join(sorted({of[trait] for of in traits().values()} - {""}))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("grade", "'grade' is no mapping; write it like {'grade': 'relay'}"),
        ({"colour": "red"}, "'colour' is nothing to leave out; use one of: grade, kind, country, institution, source, variant"),
        ({"grade": "primry"}, "there is no grade 'primry'; did you mean 'primary'? use one of: {grade}"),
        ({"country": ["RUS", "#"]}, "there is no country '#'; use one of: {country}"),
        ({"variant": "C99.x"}, "there is no variant 'C99.x'; use one of: an id such as C13.russian-side-2019-rub"),
        ({"variant": "C24.so.x"}, "there is no variant 'C24.so.x'; use one of: an id such as C13.russian-side-2019-rub"),
        ({"variant": "C36.cts"}, "there is no variant 'C36.cts'; use one of: C36.cts-2024-05-16, C36.tass-2024-05-16"),
    ],
)  # fmt: skip
def test_what_there_is_not_cannot_be_left_out(given: Any, message: str) -> None:
    with pytest.raises(data.DataError) as error:
        left_out(given)
    for trait in ("grade", "country"):
        message = message.replace(f"{{{trait}}}", listed(trait))
    assert str(error.value) == f"without: {message}"


def test_a_variant_falls_with_any_of_its_sources_or_by_its_name() -> None:
    variants = verdict("C12").variants
    assert [v.id for v in variants] == ["all-asia", "all-asia-nine-months", "turkey-with-europe"]
    assert behind(variants) == [["agi2024export"], ["menafn2023ninemonths"], ["agi2024export", "vestik2024turkey"]]
    assert falls("C12", variants, {}) == [False, False, False]
    assert falls("C12", variants, {"source": ("vestik2024turkey",)}) == [False, False, True]
    assert falls("C12", variants, {"source": ("agi2024export",)}) == [True, False, True]
    both = {"variant": ("C12.all-asia",), "source": ("vestik2024turkey",)}
    assert falls("C12", variants, both) == [True, False, True]
    assert falls("C11", variants, {"variant": ("C12.all-asia",)}) == [False, False, False]
    assert falls("C12", variants, {"grade": ("primary",), "kind": ("wire",)}) == [True, True, True]
