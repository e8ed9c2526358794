"""The op-ed's claims, read from ``data/claims.yaml``.

Every claim carries the op-ed's decisive words and a rule that says how the verdict follows from the data, so that a reader can
contest it without reading code. What somebody is said to have said has two rules: was it *said*, which counts for or against
the op-ed, and is it *so*, which is judged apart (``C14.so``). Numbers that are ours are thresholds with a name and a reason;
``$name`` stands for one in a rule.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from eastward import data

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, ten times as fast where PyYAML was built with libyaml."""

STATUSES = (
    "supported", "supported with caveats", "imprecise", "partly right", "contradicted", "no record found",
    "official claim only", "not testable",
)  # fmt: skip


class ClaimError(ValueError):
    """A fault in ``data/claims.yaml``: names the claim, the field and what to do."""

    def __init__(self, claim: str, problem: str, advice: str):
        super().__init__(" ".join(f"data/claims.yaml, claim {claim}: {problem}; {advice}".split()))


@dataclass(frozen=True)
class Stated:
    """What the op-ed states, as the rule compares it: a number, an ISO date or a rank, and as a reader sees it
    (``text``); ``half_unit`` is half a unit of the last digit that the op-ed gives, in ``unit``.
    """

    text: str
    value: float | str | None = None
    unit: str = ""
    half_unit: float = 0.0


@dataclass(frozen=True)
class Rule:
    """How the verdict follows from the observed quantity: the rule kinds are explained in `eastward.claims.verdicts`."""

    kind: str
    text: str
    quantity: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    direction: str = "about"
    margin: float | None = None
    judged: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Threshold:
    """A number that is ours: what it decides, why it is what it is, and the values over which its effect is shown."""

    name: str
    value: float
    sweep: tuple[float, ...]
    text: str
    reason: str


@dataclass(frozen=True)
class Claim:
    """One checkable statement of the op-ed, in its decisive words, with the rule of one question put to it.

    ``question`` is ``said`` or ``so`` where the op-ed reports what somebody said, else empty; ``so`` then holds the second
    question as a claim of its own. ``caveat`` names what stands against the words, in few words, on each date; ``caveats``
    explain it. ``uses`` are the thresholds on which the rule depends.
    """

    id: str
    words: tuple[str, ...]
    short: str
    kinds: tuple[str, ...]
    chapter: str
    stated: Stated
    rule: Rule | None
    paragraph: int = 0
    caption: int = 0
    question: str = ""
    caveat: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    would_change: str = ""
    objection: str = ""
    answer: str = ""
    sources: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    so: Claim | None = None

    @property
    def where(self) -> str:
        """Place of the words in the op-ed: ``paragraph 3`` or ``caption 1``."""
        return f"paragraph {self.paragraph}" if self.paragraph else f"caption {self.caption}"

    @property
    def quoted(self) -> str:
        """The decisive words as a quotation."""
        return " … ".join(f"‘{piece}’" for piece in self.words)

    @property
    def rule_text(self) -> str:
        """The rule in words, with its parameters as they are."""
        return self._filled(self.rule.text) if self.rule else ""

    @property
    def stated_text(self) -> str:
        """What is stated, as the rule reads it, with its parameters as they are."""
        return self._filled(self.stated.text)

    def _filled(self, text: str) -> str:
        rule = self.rule
        own = {"value": self.stated.value, "margin": rule.margin if rule else None, **(rule.params if rule else {})}
        return text.format_map({k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in own.items()})

    @property
    def basis(self) -> str:
        """``computed`` from data by the rule, ``judged`` with reasons, or ``none`` where not yet tested."""
        if self.rule is None:
            return "none"
        return "judged" if self.rule.kind == "judged" else "computed"


@dataclass(frozen=True)
class Argument:
    """A step of the op-ed's reasoning: the claims that carry it, those that only accompany it, the causal one that it turns on."""

    id: str
    text: str
    carried_by: tuple[str, ...]
    also: tuple[str, ...] = ()
    turns_on: str = ""


@dataclass(frozen=True)
class Passage:
    """What a paragraph or a caption of the op-ed says, in our words, with ``{C08}`` where the words of a claim stand."""

    says: str
    paragraph: int = 0
    caption: int = 0


class _Loader(LOADER):  # type: ignore[valid-type, misc]
    """Reads as YAML 1.2 does: no, 2024-05-17, 012 and 4:00 are text; and takes no name that stands twice."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        if twice := [name for name in names if names.count(name) > 1]:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]} stands twice", node.start_mark)
        return dict(super().construct_mapping(node, deep))


for _tag, _form in (
    ("bool", "true|false"), ("int", r"-?(0|[1-9][0-9]*)"), ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+"), ("null", "null|~|"),
):  # fmt: skip
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_form})\Z"), ["", *"tfn~-0123456789"])


def _check_stated(name: str, rule: Rule, stated: Stated) -> None:
    """A rule can only compare what it can read: a number, or an ISO 8601 date."""
    numbers: list[object] = [stated.half_unit, rule.margin or 0]
    if rule.kind in ("stated_value", "ratio", "rank"):
        numbers.append(stated.value)
    for value in numbers:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise ClaimError(name, f"{value!r} is no number", "write a plain number")
    if rule.kind == "date":
        try:
            data.period_start(str(stated.value)), data.period_end(str(stated.value))
        except ValueError:
            raise ClaimError(name, f"{stated.value!r} is no date", "write an ISO 8601 date or interval") from None


def _resolved(found: Any, values: Mapping[str, float], used: list[str]) -> Any:
    """Put thresholds in place of their names, which begin with ``$``; note which."""
    if isinstance(found, dict):
        return {k: v if k == "text" else _resolved(v, values, used) for k, v in found.items()}
    if isinstance(found, list):
        return [_resolved(v, values, used) for v in found]
    if isinstance(found, str) and found.startswith("$"):
        used.append(found[1:])
        return values[found[1:]]
    return found


def _require(entry: object, form: str, file: Path, name: str = "") -> None:
    """Require that an entry has the form of this name in ``data/claims.schema.json``."""
    if data.valid("claims"):
        return
    faults = _validator(file.with_name("claims.schema.json"), form).iter_errors(entry)
    for wrong in sorted(faults, key=lambda fault: -len(fault.absolute_path)):
        said = ": ".join(filter(None, (".".join(map(str, wrong.absolute_path)), wrong.message)))
        problem = said if len(said) < 200 else f"{said[:120]} ... {said[-60:]}"
        raise ClaimError(name or "unknown", problem, wrong.schema.get("description", "correct it"))


@lru_cache(maxsize=8)
def _validator(file: Path, form: str) -> Any:
    # Slow to import, and only claims that nobody has checked need it.
    from jsonschema import Draft202012Validator, validators

    # 3.0 is no integer: a page would print it so.
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, number: type(number) is int)
    schema = json.loads(data.in_parts(file).read_text(encoding="utf-8"))
    part = {"$defs": schema["$defs"], "$ref": f"#/$defs/{form}"} if form else schema
    return validators.extend(Draft202012Validator, type_checker=types)(part)


def _asked(entry: dict[str, Any], file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the questions of an entry, each with the claim's own fields: itself, or what was said and whether it is so."""
    name = str(entry["id"])
    if ("said" in entry) != ("so" in entry):
        raise ClaimError(name, "it has one of two questions", "give both said and so, or neither")
    common = {k: v for k, v in entry.items() if k not in ("said", "so")}
    for question in ("said", "so") if "said" in entry else ("",):
        given = {**common, **(entry[question] if question else {})}
        if isinstance(given.get("caveat"), str):
            given["caveat"] = dict.fromkeys(("publication", "hindsight"), given["caveat"])
        _require(given, "claim", file, name)
        judged, named = given.get("rule", {}).get("judged", {}), given.get("caveat", {})
        if any(status == "supported with caveats" and day not in named for day, status in judged.items()):
            raise ClaimError(name, "a judged verdict with caveats does not name its caveat", "name it in 'caveat'")
        yield question, given


def _claim(question: str, given: dict[str, Any], values: Mapping[str, float]) -> Claim:
    name = given["id"] + (".so" if question == "so" else "")
    used: list[str] = []
    try:
        raw, stated = (_resolved(given.get(k), values, used) for k in ("rule", "stated"))
    except KeyError as error:
        raise ClaimError(name, f"there is no threshold {error}", "declare it among the thresholds") from None
    rule = Rule(**raw) if raw else None
    used += ["tolerance"] * (rule is not None and rule.kind in ("stated_value", "ratio"))
    lists = {k: tuple(given.get(k, ())) for k in ("words", "kinds", "caveats", "reasons", "sources")}
    own = {"id": name, "question": question, "rule": rule, "uses": tuple(dict.fromkeys(used))}
    found = Claim(**{**given, **lists, **own, "stated": Stated(**(stated or {"text": "no figure stated"}))})
    if rule is not None and rule.kind != "judged":
        _check_stated(name, rule, found.stated)
    try:
        str(found.rule_text + found.stated_text)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        problem = f"its text names what is no parameter ({error})"
        raise ClaimError(name, problem, "correct what stands in braces") from None
    return found


@lru_cache(maxsize=8)
def _document(
    file: Path, _mtime: float
) -> tuple[list[list[tuple[str, dict[str, Any]]]], data.Noted[Threshold], list[Argument], list[Passage]]:
    """Return questions by claim, thresholds, arguments and the passages of the text, with their form checked."""
    raw = data.in_parts(file).read_text(encoding="utf-8")
    line, hidden = data.unseen(raw)
    if line:
        raise ClaimError("unknown", f"line {line} has an invisible character, {hidden}", "remove it")
    document = yaml.load(raw, _Loader)
    _require(document, "", file)
    entries = [list(_asked(entry, file)) for entry in document["claims"]]
    thresholds = [Threshold(**{**t, "sweep": tuple(t["sweep"])}) for t in document.get("thresholds", [])]
    for t in thresholds:
        if t.value not in t.sweep or list(t.sweep) != sorted(t.sweep):
            raise ClaimError("unknown", f"threshold {t.name}: its sweep lacks its value or order", "list rising values")
    given = document.get("arguments", [])
    steps = [Argument(**{**a, **{k: tuple(a.get(k, ())) for k in ("carried_by", "also")}}) for a in given]
    said = [Passage(**passage) for passage in document.get("text", [])]
    places = [(p.caption, p.paragraph) for p in said]
    for names in [t.name for t in thresholds], [a.id for a in steps], places:
        if len(set(names)) < len(names) or (names is places and places != sorted(places)):
            problem = f"one of {names} stands twice, or out of order"
            raise ClaimError("unknown", problem, "list each once, by its number")
    return entries, data.Noted("threshold", {t.name: t for t in thresholds}), steps, said


@lru_cache(maxsize=64)
def _load(file: Path, mtime: float, changed: tuple[tuple[str, float], ...]) -> data.Noted[Claim]:
    try:
        entries, declared, *_ = _document(file, mtime)
        values = {name: threshold.value for name, threshold in declared.entries.items()} | dict(changed)
        asked = [[_claim(question, given, values) for question, given in entry] for entry in entries]
    except ClaimError:
        raise
    except (yaml.YAMLError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ClaimError("unknown", f"the file cannot be read ({reason})", "restore its form, in UTF-8") from None
    ids = [first.id for first, *_ in asked]
    if twice := [name for name in ids if ids.count(name) > 1]:
        raise ClaimError(twice[0], "the id stands twice", "keep one")
    return data.Noted("claim", {first.id: replace(first, so=rest[0] if rest else None) for first, *rest in asked})


def _file() -> tuple[Path, float]:
    """Return the file, and when it was changed."""
    file = data.root() / "data" / "claims.yaml"
    if not file.is_file():
        raise ClaimError("unknown", "the file is missing", "restore it with git")
    return file, file.stat().st_mtime


def all_claims() -> data.Noted[Claim]:
    """All claims by id, in order; of attributed ones whether it was said. ``ClaimError`` where the file is faulty."""
    return _load(*_file(), ())


def questions() -> data.Noted[Claim]:
    """Return all questions by id: the claims, and behind an attributed one (``C14``) whether it is so (``C14.so``)."""
    claims = all_claims().entries.values()
    return data.Noted("claim", {q.id: q for c in claims for q in (c, c.so) if q is not None})


def thresholds() -> data.Noted[Threshold]:
    """Return the numbers that are ours, by name."""
    all_claims()  # It says what is wrong with the file.
    return _document(*_file())[1]


def arguments() -> list[Argument]:
    """Return the steps of the op-ed's reasoning, in its order; one that names no claim raises ``ClaimError``."""
    known = questions()
    found = _document(*_file())[2]
    for argument in found:
        for name in (*argument.carried_by, *argument.also):
            if name not in known:
                raise ClaimError(name, f"argument {argument.id} names it, but there is no such claim", "correct the id")
        if argument.turns_on and argument.turns_on not in argument.carried_by:
            raise ClaimError(argument.turns_on, f"argument {argument.id} turns on it", "name a claim that carries it")
    return found


def text() -> list[Passage]:
    """What the op-ed says, by paragraph, then captions; ``ClaimError`` where a claim does not stand once, in its place."""
    known, found = all_claims(), _document(*_file())[3]
    places = [(name, (p.paragraph, p.caption)) for p in found for name in re.findall(r"\{([^}]*)\}", p.says)]
    for name in dict.fromkeys([*(known if found else ()), *(name for name, _ in places)]):
        if name not in known:
            raise ClaimError(name, "the text names it, but there is no such claim", "correct the id")
        if [at for other, at in places if other == name] != [(known[name].paragraph, known[name].caption)]:
            problem = f"its words do not stand once in the text, in {known[name].where}"
            raise ClaimError(name, problem, f"write {{{name}}} there, once")
    return found


def claim(claim_id: str, changed: Mapping[str, float] | None = None) -> Claim:
    """Return a claim or question (``C14.so``), with other values of thresholds by name; ``ClaimError`` if there is none."""
    name, _, question = claim_id.partition(".")
    found = _load(*_file(), tuple(sorted((changed or {}).items()))).entries.get(name)
    data.note("claim", claim_id)
    asked = found.so if found and question == "so" else None if question else found
    if asked is None:
        raise ClaimError(claim_id, "no such claim", "use an id of data/claims.yaml")
    return asked


def main() -> int:
    """``python -m eastward.claims``: read the claims and the steps of the argument, before a build does much with them."""
    try:
        print(f"claims: {len(all_claims())} are declared, in {len(arguments())} steps of the argument")
        print(f"claims: each stands once in the {len(text())} passages of the text")
        data.mark_valid("claims")
    except ClaimError as error:
        print(f"claims: {error}", file=sys.stderr)
        return 1
    return 0
