"""What a reader contests: other thresholds, sources and variants left out, other parameters of rules.

:func:`numbers` and :func:`left_out` check what is asked; what a what-if run puts in force holds for the whole process.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from eastward import data
from eastward.claims.declared import Claim, Rule, claim, questions, thresholds
from eastward.evidence import Variant, steps

GRADE, KIND, COUNTRY, INSTITUTION, SOURCE = TRAITS = ("grade", "kind", "country", "institution", "source")
Numbers = Mapping[str, float]
Without = Mapping[str, str | Iterable[str]]
VARIANT = "variant"
WITHOUT = (*TRAITS, VARIANT)
"""What can be left out: sources by four traits or one by its key, and single variants (``C13.chinese-customs-2018-usd``)."""


@dataclass(frozen=True)
class Settings:
    """What differs from the rules as declared: thresholds by name, what does not count (:func:`left_out`), and by claim
    fields of its rule (such as ``margin``) or parameters of its quantity.
    """

    thresholds: dict[str, float] = field(default_factory=dict)
    without: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def what_if(self) -> bool:
        """Whether anything differs from the book, data included."""
        return self != Settings() or data.changes() != data.Changes()

    def claim(self, claim_id: str, changed: Numbers | None = None) -> Claim:
        """Return a claim with its rule as the settings have it, and with further thresholds changed."""
        found = claim(claim_id, {**self.thresholds, **(changed or {})})
        given = self.rules.get(claim_id)
        if not given or found.rule is None:
            return found
        own = {f.name for f in fields(Rule)} - {"params", "kind", "quantity", "judged"}
        params = {**found.rule.params, **{k: v for k, v in given.items() if k not in own}}
        return replace(found, rule=replace(found.rule, params=params, **{k: v for k, v in given.items() if k in own}))

    def tolerance(self, changed: Numbers | None = None) -> float:
        """Relative deviation up to which a figure that rounding does not explain is 'imprecise', not 'contradicted'."""
        return {"tolerance": thresholds()["tolerance"].value, **self.thresholds, **(changed or {})}["tolerance"]


_now = Settings()


def settings() -> Settings:
    """Return the settings in force."""
    return _now


def put(settings: Settings) -> None:
    """Put settings in force in place of those before."""
    global _now
    _now = settings


@data.kept
def traits() -> dict[str, dict[str, str]]:
    """Return for each source by its key what it can be left out by; its country only where variants may rest on it."""
    seats = dict(data.load("institutions")[["institution", "country"]].to_numpy().tolist())
    return {
        key: {GRADE: s.grade, KIND: s.kind, COUNTRY: seats.get(s.author, ""), INSTITUTION: s.author, SOURCE: key}
        for key, s in data.sources().items()
    }


@contextmanager
def own() -> Iterator[None]:
    """Judge by the book's own settings for a while."""
    before, changes = settings(), data.changes()
    put(Settings())
    data.put(data.Changes())
    try:
        yield
    finally:
        put(before)
        data.put(changes)


@data.kept
def _sources(table: str) -> dict[str, str]:
    """Return the source of each row of a table."""
    frame = data.load(table)
    return dict(frame[["row", "source"]].dropna().to_numpy().tolist()) if "source" in frame else {}


def behind(variants: Sequence[Variant]) -> list[list[str]]:
    """Return for each variant the keys of the sources that it rests on."""
    rows = [[(row.partition(":")[0], row) for row in v.rows] for v in variants]
    with data.on(data.HINDSIGHT):
        of = {table: _sources(table) for table in {table for own in rows for table, _ in own}}
    return [sorted({of[table][row] for table, row in own if row in of[table]}) for own in rows]


def falls(claim_id: str, variants: Sequence[Variant], without: Mapping[str, tuple[str, ...]]) -> list[bool]:
    """Tell for each variant whether it rests on a source that is left out, or is left out itself."""
    if not without:
        return [False] * len(variants)
    named, known = without.get(VARIANT, ()), traits()
    gone = {key for key, of in known.items() if any(of[t] in names for t, names in without.items() if t != VARIANT)}
    pairs = zip(variants, behind(variants), strict=True)
    return [f"{claim_id}.{v.id}" in named or not gone.isdisjoint(keys) for v, keys in pairs]


def numbers(given: Numbers, before: Numbers = MappingProxyType({})) -> dict[str, float]:
    """Return thresholds, those given in place of those before; ``DataError`` for a name or value that is not declared."""
    known = thresholds()
    for name, value in given.items():
        if name not in known:
            raise data.DataError("thresholds", f"there is none called {name!r}", f"use one of: {', '.join(known)}")
        low, high = known[name].sweep[0], known[name].sweep[-1]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            advice = f"write a number from {low:g} to {high:g}, such as {known[name].value:g}"
            raise data.DataError("thresholds", f"{name} is {value!r}", advice)
    return {**before, **{name: float(value) for name, value in given.items()}}


def left_out(
    given: Without, before: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> dict[str, tuple[str, ...]]:
    """Return what does not count, such as ``{"grade": ("relay",)}``, besides what did not before; one name or several
    each. A trait, a source or a variant that there is not raises ``DataError``, which says what there is.
    """
    if not isinstance(given, Mapping):
        raise data.DataError("without", f"{given!r} is no mapping", "write it like {'grade': 'relay'}")
    found = {trait: (names,) if isinstance(names, str) else tuple(names) for trait, names in given.items()}
    for trait, names in found.items():
        if trait not in WITHOUT:
            raise data.DataError("without", f"{trait!r} is nothing to leave out", f"use one of: {', '.join(WITHOUT)}")
        for name in names:
            _require(trait, name)
    together = {trait: (*before.get(trait, ()), *found.get(trait, ())) for trait in WITHOUT}
    return {trait: names for trait, names in together.items() if names}


def _require(trait: str, name: str) -> None:
    listed = {of[trait] for of in traits().values()} if trait != VARIANT else set()
    if trait == VARIANT:
        asked = questions().get(str(name).rpartition(".")[0])
        if asked is not None and asked.rule and asked.rule.quantity:
            past = steps(asked.rule.quantity, **asked.rule.params)
            listed = {f"{asked.id}.{v.id}" for _, found in past for v in found}
    if name not in listed:
        near = get_close_matches(str(name), listed, 1)
        advice = f"did you mean {near[0]!r}? " if near else ""
        known = ", ".join(sorted(filter(None, listed))) or "an id such as C13.russian-side-2019-rub"
        raise data.DataError("without", f"there is no {trait} {name!r}", f"{advice}use one of: {known}")
