"""Parts of the book that are written from the data package: the scorecard, the list of claims, the data catalogue, names.

:func:`page` fills a template of MyST text, :func:`generate` writes all of them to ``_build/generated``, and pages include them.
"""

import json
import re
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eastward import __version__, data
from eastward.claims import Claim, Threshold, all_claims, arguments, questions, text, thresholds
from eastward.claims.contest import cases
from eastward.claims.scorecard import GOOD, argument_status
from eastward.claims.scorecard import scorecard as scorecard_table
from eastward.claims.verdicts import AS_OF, CAVEATS, ICONS, verdict
from eastward.evidence import trade, turn_east
from eastward.methods.structure import done_by
from eastward.publish import citation, execution
from eastward.show.cards import ASKED, days, evidence, observed, robustness, with_caveat
from eastward.show.words import badge, cite, escape, status_class, worded

TEMPLATES = Path(__file__).parent / "templates"
TOLD = "_build/generated/told.md"
"""What pages tell of the claims outside of the other generated files: a page that does is read again when this has changed."""


def so_far(claim_id: str, as_of: str) -> str:
    """Return a verdict with its badge and caveat."""
    shown = verdict(claim_id, as_of)
    return with_caveat(shown, badge(shown.status))


def in_text_order() -> list[Claim]:
    """Return the claims in the order of the op-ed's paragraphs, those of the captions last."""
    return sorted(all_claims().values(), key=lambda c: (not c.paragraph, c.paragraph, c.caption, c.id))


def marked(claim: Claim, words: str, quoted: bool = False) -> str:
    """Return words of or on a claim, with a link to its card, and its verdicts on both days; with their caveats after a quotation."""
    now, later = (so_far(claim.id, day) if quoted else badge(verdict(claim.id, day).status) for day in AS_OF)
    said = now if now == later else f"{now}, {days()[1]} {later}"
    if quoted:
        said = f"\\[{said}{f'; is it so? {so_far(claim.so.id, AS_OF[-1])}' if claim.so else ''}\\]"
    shown = status_class(verdict(claim.id, AS_OF[0]).status)
    return f"[[{words}](#verdict-{claim.id.lower()}) [{said}]{{.ew-told}}]{{.ew-mark .{shown}}}"


def with_marks(says: str) -> str:
    """Return a passage of the op-ed, the decisive words of each of its claims quoted and marked with its verdicts."""
    known = all_claims()
    return re.sub(r"\\{(\w+)\\}", lambda key: marked(known[key[1]], escape(known[key[1]].quoted), True), escape(says))


def coverage(table: str) -> str:
    """Return the ISO 8601 interval that a table's rows cover, such as ``2000/2025-09``; empty where rows have no date."""
    frame = data.load(table)
    for column in ("period", "date"):
        if column in frame and len(frame):
            ends = frame[column].dropna().astype(str).str.split("/")
            first, last = ends.str[0].min(), max(ends.str[-1], key=data.period_end)
            return str(first) if first == last else f"{first}/{last}"
    return ""


def span(table: str) -> str:
    """Return the first and last year of a table's rows."""
    covered = coverage(table)
    return f"{covered[:4]} to {covered.rpartition('/')[2][:4]}" if covered else "no dates"


def uses() -> dict[str, tuple[list[str], list[str]]]:
    """Claims whose verdict rests on each table, and chapters that test these claims or name the table."""
    claims: dict[str, list[str]] = {name: [] for name in data.tables()}
    there = {file.stem: file.read_text(encoding="utf-8") for file in (data.root() / "notebooks").glob("*.ipynb")}
    chapters = {name: {stem for stem in there if re.search(rf"\b{name}\b", there[stem])} for name in claims}
    for claim in questions().values():
        rows = (row for variant in verdict(claim.id, "hindsight").variants for row in variant.rows)
        for table in dict.fromkeys(row.partition(":")[0] for row in rows):
            claims[table].append(claim.id.partition(".")[0])
            chapters[table] |= {claim.chapter} & there.keys()
    return {name: (claims[name], sorted(chapters[name])) for name in claims}


def cited(by: str) -> str:
    """Return words in which the keys of sources became citations."""
    return re.sub(r"\w+", lambda key: f"{{cite:t}}`{key[0]}`" if key[0] in data.sources() else key[0], by)


def programs() -> list[tuple[str, str, str]]:
    """Return the figures and tables that the chapters make, in their order: id, notebook, id of the cell that makes it."""
    return [
        (name, chapter.name, cell["id"])
        for chapter in sorted((data.root() / "notebooks").glob("*.ipynb"))
        for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
        for name in re.findall(r'"((?:fig|tab)-[\w-]+)"', "".join(cell["source"]))
    ]


def page(name: str) -> str:
    """Return the MyST text of one of the :data:`TEMPLATES`, filled from the data package."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )  # MyST, not HTML: what is data goes through the filter myst
    environment.filters |= {"myst": escape, "cited": cited, "initial": lambda words: words[0].upper() + words[1:]}
    known = (
        so_far, in_text_order, marked, with_marks, span, uses, programs, verdict, text, days, evidence, observed, robustness,
        cite, worded, data.load, data.package, swept, thresholds, questions,
    )  # fmt: skip
    environment.globals |= {"ASKED": ASKED, "AS_OF": AS_OF, "citation": citation}
    environment.globals |= {function.__name__: function for function in known}
    return environment.get_template(f"{name}.md").render()


def _is(condition: str) -> bool:
    """Whether a claim or a step has a status (``C22 contradicted``, ``C17 good``, ``A4 fails``), with hindsight or, ``C22@publication``, on a day."""
    asked, _, status = condition.partition(" ")
    name, _, day = asked.partition("@")
    step = next((step for step in arguments() if step.id == name), None)
    found = argument_status(step, day or AS_OF[1]) if step else verdict(name, day or AS_OF[1]).status
    return found in (GOOD if status == "good" else (status,))


def _declared(page: str) -> dict[str, bool]:
    """Words that a page guards in its front matter, each by statuses of claims and steps."""
    front = (data.root() / page).read_text(encoding="utf-8").split("---\n")[1]
    return {words: all(map(_is, found.split(", "))) for words, found in yaml.safe_load(front)["guards"].items()}


def guarded() -> dict[str, dict[str, bool]]:
    """Words of the pages without code, by page, and whether the data bear them: see `eastward.show.prose`."""
    doubled, asian, later = (verdict(name, "hindsight") for name in ("C13", "C11", "C29"))
    real = [float(v.observed) for v in doubled.variants if v.id.endswith("-us-cpi")]  # type: ignore[arg-type]
    china = trade.china_turnover().set_index("year")["value"][2023]
    russia = trade.russian_side_turnover().set_index("year")["value"][2023]
    asia = turn_east.region_trade().set_index(["flow", "region", "year"])["share"].sort_index()["exports", "ASIA"]
    rest = turn_east.share_effects("exports", 2013, 2023)["of_total"]["rest"]
    stated, told = (f"{x:.1f}" for x in (asian.claim.stated.value, asian.observed))
    digits = sum(a != b for a, b in zip(stated, told, strict=False)) if len(stated) == len(told) else 0
    card = scorecard_table().query("counts and date == 'hindsight'")
    good, numbers = card["status"].isin(GOOD), card["kind"] == "quantitative"
    reasons = card["kind"].isin(["causal", "forecast", "framing", "legal"])
    grew = {v.part: float(v.observed) > 1 for v in later.deciding}  # type: ignore[arg-type]
    both = {
        "The op-ed's numbers fare better than its explanations": good[numbers].mean() > good[reasons].mean(),
        "most of them with a caveat": (card["status"][numbers & good] == CAVEATS).mean() > 0.5,
        "the Russian side counts less": russia < china,
        "most of the rise of Asia's share came after 2021": done_by(asia, 2013, 2021, 2023) < 0.5,
    }
    in_brief = {
        "In constant consumer prices the ratio stays below two": bool(real) and max(real) < 2,
        "more than half of it comes from the fall of trade with others": rest > 0.5,
        "talks, travel and BRICS grew after May 2024, trade did not": [p for p in grew if not grew[p]] == ["economics"],
        "One figure is off by a digit": digits == 1,
    }
    return {
        "book/index.md": {**both, **_declared("book/index.md"), "One digit is wrong": digits == 1},
        "book/brief.md": {**both, **_declared("book/brief.md"), **in_brief},
        "book/claims.md": {"eleven paragraphs": max(c.paragraph for c in all_claims().values()) == 11},
        "book/verdicts.md": {"at most five per cent": thresholds()["tolerance"].value == 0.05},
        "README.md": {"its 37 checkable claims": len(all_claims()) == 37},
    }


def swept(ours: Threshold) -> dict[str, list[str]]:
    """Return the verdicts of the op-ed's day over the declared values of a threshold, each with the claims that fare so."""
    told: dict[str, list[str]] = {}
    for claim in (c for c in questions().values() if ours.name in c.uses):
        statuses = [(v, verdict(claim.id, thresholds={ours.name: v}).status) for v in ours.sweep]
        spans = [(s, [v for v, _ in some]) for s, some in groupby(statuses, itemgetter(1))]
        over = "; ".join(f"{v[0]:g}{f' to {v[-1]:g}' * (len(v) > 1)}: {badge(s)}" for s, v in spans)
        told.setdefault(over, []).append(worded(claim.id))
    return told


def contest_script() -> str:
    """Return what the page 'Set it your way' judges by, as a script."""
    found = cases()
    countries = {code: name for code, name in data.names().items() if code in found["names"]}
    found |= {"icons": ICONS, "day": str(data.PUBLICATION), "edition": __version__, "countries": countries}
    return f"const CONTEST = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"


def generate(root: Path) -> bool:
    """Fill all :data:`TEMPLATES` into ``_build/generated`` below ``root``; return whether what they depend on has changed."""
    folder = root / "_build" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    inputs = (*execution.INPUTS, "notebooks/*.ipynb", "CITATION.cff", "src/eastward/publish/templates/*.md")
    key, mark = execution.fingerprint(root, inputs), folder / ".key"
    files = [folder / template.name for template in sorted(TEMPLATES.glob("*.md"))]
    if mark.exists() and mark.read_text(encoding="utf-8") == key and all(file.exists() for file in files):
        return False
    with data.using(root):
        for file in files:
            text = page(file.stem)
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")
    mark.write_text(key, encoding="utf-8")
    return True
