"""Parts of the book that are written from the data package: the scorecard, the list of claims, the data catalogue, names.

Each function returns MyST text. :func:`generate` writes it to ``_build/generated`` and pages include it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from eastward import data
from eastward.claims import Claim, all_claims, arguments, questions, text, thresholds
from eastward.claims.scorecard import GOOD, argument_status
from eastward.claims.scorecard import scorecard as scorecard_table
from eastward.claims.verdicts import AS_OF, CAVEATS, verdict
from eastward.evidence import trade, turn_east
from eastward.methods.structure import done_by
from eastward.publish import citation, execution
from eastward.show.cards import ASKED, days, evidence, observed, robustness, with_caveat
from eastward.show.words import badge, cite, escape, status_class


def _so_far(claim_id: str, as_of: str) -> str:
    shown = verdict(claim_id, as_of)
    return with_caveat(shown, badge(shown.status))


def in_text_order() -> list[Claim]:
    """Return the claims in the order of the op-ed's paragraphs, those of the captions last."""
    return sorted(all_claims().values(), key=lambda c: (not c.paragraph, c.paragraph, c.caption, c.id))


def scorecard() -> str:
    """Return the table of all claims with status on both dates, and whether what others said is so."""
    lines = ["````{table} Scorecard of all claims", ":name: tab-scorecard", ":class: ew-table longtable"]
    head = "| Claim | The op-ed's words | " + " | ".join(day[0].upper() + day[1:] for day in days()) + " | Chapter |"
    lines += [":widths: 7 40 22 22 9", "", head, "|---|---|---|---|---|"]
    for c in in_text_order():
        place = f"[{int(c.chapter[:2])}](../notebooks/{c.chapter}.ipynb)"
        for q, said in ((c, escape(c.quoted)), (c.so, "*Is it so?*")):
            if q is not None:
                told = " | ".join(_so_far(q.id, as_of) for as_of in AS_OF)
                lines.append(f"| [{c.id}](#{c.id.lower()}) | {said} | {told} | {place} |")
    return "\n".join([*lines, "````", ""])


def _marked(claim: Claim, words: str, told: Callable[[str, str], str]) -> str:
    """Return words of or on a claim, with a link to its card, and its verdicts on both days as they are told."""
    now, later = (told(claim.id, day) for day in AS_OF)
    said = now if now == later else f"{now}, {days()[1]} {later}"
    if told is _so_far:
        said = f"\\[{said}{f'; is it so? {told(claim.so.id, AS_OF[-1])}' if claim.so else ''}\\]"
    shown = status_class(verdict(claim.id, AS_OF[0]).status)
    return f"[[{words}](#verdict-{claim.id.lower()}) [{said}]{{.ew-told}}]{{.ew-mark .{shown}}}"


def strip() -> str:
    """Return the list of all claims in the text's order, in few words, with their verdicts."""
    lines = [f"- {_marked(c, escape(c.short), lambda i, day: badge(verdict(i, day).status))}" for c in in_text_order()]
    return "\n".join(["````{container} ew-strip", *lines, "````", ""])


def op_ed() -> str:
    """Return what each paragraph and caption says, the decisive words of each claim quoted and marked with its verdicts."""
    lines, known = ["````{container} ew-op-ed"], all_claims()
    for passage in text():
        said = re.sub(
            r"\\{(\w+)\\}",
            lambda found: _marked(known[found[1]], escape(known[found[1]].quoted), _so_far),
            escape(passage.says),
        )
        lines.append(f"{passage.paragraph}. {said}" if passage.paragraph else f"- *Caption.* {said}")
    return "\n".join([*lines, "````", ""])


def claims_list() -> str:
    """Return a section a claim in the op-ed's order, with stable anchors: words, kind, rules, verdicts, chapter."""
    lines: list[str] = []
    for c in in_text_order():
        lines += [f"({c.id.lower()})=", f"## {c.id}: {escape(c.short)}", ""]
        lines += [f"{escape(c.quoted)} ({c.where.capitalize()}; {', '.join(c.kinds)}.)", ""]
        for q in (c, c.so):
            if q is None:
                continue
            now, later = verdict(q.id, "publication"), verdict(q.id, "hindsight")
            asked = f"*{ASKED[q.question]}* {escape(q.short)}. " if q.question else ""
            day, hindsight = days()
            told = f"On {day}: {_so_far(q.id, 'publication')}. {hindsight.capitalize()}: {_so_far(q.id, 'hindsight')}."
            link = f" See [the chapter](../notebooks/{c.chapter}.ipynb)." if q is c else ""
            lines += [f"{asked}{told}{link}", ""]
            if q.rule:
                lines += [f"**Rule ({q.rule.kind.replace('_', ' ')}).** {escape(q.rule_text)}", ""]
            shown = now if now.variants else later
            if q.basis == "computed":
                lines += [
                    f"**Stated** {escape(q.stated_text)}. **Observed** {observed(shown)}. {robustness(shown)}.",
                    "",
                ]
            # In print the chapter's card holds them; a second copy would only lengthen the book.
            if details := evidence(now, later):
                lines += ["``````{only} html", *details, "``````", ""]
    return "\n".join(lines)


def _span(table: str) -> str:
    frame = data.load(table)
    for column in ("period", "date"):
        if column in frame and len(frame):
            values = frame[column].dropna().astype(str)
            return f"{values.str[:4].min()} to {values.str.split('/').str[-1].str[:4].max()}"
    return "no dates"


def uses() -> dict[str, tuple[list[str], list[str]]]:
    """Claims whose verdict rests on each table, and chapters that test these claims or name the table."""
    claims: dict[str, list[str]] = {name: [] for name in data.tables()}
    chapters: dict[str, set[str]] = {name: set() for name in data.tables()}
    for claim in questions().values():
        rows = (row for variant in verdict(claim.id, "hindsight").variants for row in variant.rows)
        for table in dict.fromkeys(row.partition(":")[0] for row in rows):
            claims[table].append(claim.id.partition(".")[0])
            chapters[table].add(claim.chapter)
    for notebook in (data.root() / "notebooks").glob("*.ipynb"):
        text = notebook.read_text(encoding="utf-8")
        for table in chapters:
            if re.search(rf"\b{table}\b", text):
                chapters[table].add(notebook.stem)
    return {name: (claims[name], sorted(chapters[name])) for name in claims}


def _used(claims: list[str], chapters: list[str]) -> str:
    there = [c for c in chapters if (data.root() / "notebooks" / f"{c}.ipynb").is_file()]
    behind = f"Behind the verdicts on {', '.join(f'[{c}](#{c.lower()})' for c in claims)}. " if claims else ""
    return behind + (f"Used in {', '.join(f'[](../notebooks/{c}.ipynb)' for c in there)}." if there else "")


def _complete(part: dict[str, str]) -> str:
    by = re.sub(r"\w+", lambda key: f"{{cite:t}}`{key[0]}`" if key[0] in data.sources() else key[0], part["by"])
    return f"- {part['part']}: " + (f"complete from {part['from']} to {part['to']}, by {by}" if "from" in part else by)


def _table(resource: dict[str, Any], used: str) -> list[str]:
    frame = data.load(resource["name"])
    units = ", ".join(sorted(frame["unit"].dropna().unique())) if "unit" in frame else "none"
    sources = list(frame["source"].value_counts().index) if "source" in frame else []
    lines = [f"(table-{resource['name']})=", f"## {escape(resource['title'])}", "", escape(resource["description"]), ""]
    lines += [
        f"`data/{resource['path']}`: {len(frame)} rows, {escape(_span(resource['name']))}; units: {escape(units)}; licence: "
        f"{escape(resource['licenses'][0]['name'])}; {{download}}`download as CSV <../data/{resource['path']}>`.",
        "",
        f"Most used sources: {cite(sources, most=5)}.",
        "",
        *map(_complete, resource.get("complete", [])),
        "",
        used,
        "",
        "`````{dropdown} Fields",
        "",
        "| Field | Type | Meaning |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{f['name']}` | {f['type']} | {escape(f.get('description', ''))} |" for f in resource["schema"]["fields"]
    ]
    return [*lines, "`````", ""]


def catalogue() -> str:
    """Return a section a table of the data package: contents, units, coverage, sources, licence, download, use."""
    used = uses()
    return "\n".join(
        line for resource in data.package()["resources"] for line in _table(resource, _used(*used[resource["name"]]))
    )


def names() -> str:
    """Return the table of agencies with their names in Chinese and Russian, which carry their language."""
    lines = [
        "````{table} Agencies and their names in Chinese or Russian",
        ":name: tab-agency-names",
        ":class: ew-table",
    ]
    lines += [":widths: 36 12 34 18", "", "| Agency | In short | Own name | Source |", "|---|---|---|---|"]
    for row in data.load("agency_names").fillna("").itertuples():
        own = f"[{escape(row.name)}]{{.language-{row.language}}}"
        lines.append(f"| {escape(row.agency)} | {escape(row.abbreviation)} | {own} | {cite([row.source])} |")
    return "\n".join([*lines, "````", ""])


def programs() -> list[tuple[str, str, str]]:
    """Return the figures and tables that the chapters make, in their order: id, notebook, id of the cell that makes it."""
    return [
        (name, chapter.name, cell["id"])
        for chapter in sorted((data.root() / "notebooks").glob("*.ipynb"))
        for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
        for name in re.findall(r'"((?:fig|tab)-[\w-]+)"', "".join(cell["source"]))
    ]


def program_map() -> str:
    """Return the table of :func:`programs`, with links."""
    lines = ["````{table} Figures and tables, and the programs that make them", ":name: tab-programs"]
    lines += [":class: ew-table longtable", ":widths: 16 54 30", "", "| Shown | Program | Cell |", "|---|---|---|"]
    lines += [f"| {{numref}}`{name}` | [](../notebooks/{file}) | `{cell}` |" for name, file, cell in programs()]
    return "\n".join([*lines, "````", ""])


def cite_book() -> str:
    """Return how to cite the book: a reference in APA style, and BibTeX."""
    work, title = citation.Work("book"), escape(citation.book().title)
    reference = escape(citation.apa(work)).replace(title, f"*{title}*")
    return f"> {reference}\n\n```bibtex\n{citation.bibtex(work)}```\n"


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
    rest = turn_east.share_effects("exports", 2013, 2023).at["rest", "of_total"]
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


GENERATED = {
    "strip.md": strip,
    "op-ed.md": op_ed,
    "scorecard.md": scorecard,
    "claims.md": claims_list,
    "catalogue.md": catalogue,
    "names.md": names,
    "programs.md": program_map,
    "cite.md": cite_book,
}
"""Files of ``_build/generated`` and the functions that write them."""


def generate(root: Path) -> bool:
    """Write the pages of ``GENERATED`` below ``root``; return whether it was needed.

    They depend on what the fingerprint covers, on the citation file and on the chapters.
    """
    folder = root / "_build" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    key, mark = execution.fingerprint(root, (*execution.INPUTS, "notebooks/*.ipynb", "CITATION.cff")), folder / ".key"
    if mark.exists() and mark.read_text(encoding="utf-8") == key and all((folder / n).exists() for n in GENERATED):
        return False
    with data.using(root):
        for name, write in GENERATED.items():
            text, file = write(), folder / name
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")
    mark.write_text(key, encoding="utf-8")
    return True
