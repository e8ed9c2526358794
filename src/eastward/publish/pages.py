"""Parts of the book that are written from the data package: the scorecard, the list of claims, the data catalogue, names.

Each function returns MyST text. :func:`generate` writes it to ``_build/generated`` and pages include it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from eastward import data
from eastward.claims import STATUSES, Claim, all_claims, questions, thresholds
from eastward.claims.scorecard import GOOD
from eastward.claims.verdicts import AS_OF, CONTRADICTED, NO_RECORD, OFFICIAL, PARTLY, UNTESTABLE, UNTESTED, verdict
from eastward.evidence import trade, turn_east
from eastward.methods.structure import done_by
from eastward.publish import citation, execution
from eastward.show.cards import ASKED, days, evidence, observed, robustness, with_caveat
from eastward.show.words import badge, cite, escape


def _so_far(claim_id: str, as_of: str) -> str:
    shown = verdict(claim_id, as_of)
    return with_caveat(shown, badge(shown.status))


def in_text_order() -> list[Claim]:
    """Return the claims in the order of the op-ed's paragraphs, those of the captions last."""
    return sorted(all_claims().values(), key=lambda c: (not c.paragraph, c.paragraph, c.caption, c.id))


def scorecard() -> str:
    """Return the table of all claims with status on both dates, and the counts by status: of the claims, and of what was said."""
    asked = {"Claims": list(all_claims()), "Is it so?": [c.so.id for c in all_claims().values() if c.so]}
    found = {
        f"{who} {day}": [verdict(i, as_of).status for i in ids]
        for who, ids in asked.items()
        for as_of, day in zip(AS_OF, days(), strict=True)
    }
    shown = [s for s in (*STATUSES, UNTESTED) if any(s in statuses for statuses in found.values())]
    lines = ["````{table} Verdicts by status: claims, and whether what others said is so", ":name: tab-counts"]
    lines += [":class: ew-table", ":widths: 28 18 18 18 18", "", "| Status | " + " | ".join(found) + " |"]
    lines += ["|---|" + "---:|" * len(found)]
    lines += [f"| {badge(s)} | " + " | ".join(str(of.count(s)) for of in found.values()) + " |" for s in shown]
    lines += ["````", "", "````{table} Scorecard of all claims", ":name: tab-scorecard", ":class: ew-table longtable"]
    head = "| Claim | The op-ed's words | " + " | ".join(day[0].upper() + day[1:] for day in days()) + " | Chapter |"
    lines += [":widths: 7 40 22 22 9", "", head, "|---|---|---|---|---|"]
    for c in in_text_order():
        place = f"[{int(c.chapter[:2])}](../notebooks/{c.chapter}.ipynb)"
        for q, said in ((c, escape(c.quoted)), (c.so, "*Is it so?*")):
            if q is not None:
                told = " | ".join(_so_far(q.id, as_of) for as_of in AS_OF)
                lines.append(f"| [{c.id}](#{c.id.lower()}) | {said} | {told} | {place} |")
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


def cite_book() -> str:
    """Return how to cite the book: a reference in APA style, and BibTeX."""
    work, title = citation.Work("book"), escape(citation.book().title)
    reference = escape(citation.apa(work)).replace(title, f"*{title}*")
    return f"> {reference}\n\n```bibtex\n{citation.bibtex(work)}```\n"


def guarded() -> dict[str, dict[str, bool]]:
    """Words of the pages without code, by page, and whether the data bear them: see `eastward.show.prose`."""
    found = {name: verdict(name, "hindsight") for name in questions()}
    good = {name for name, v in found.items() if v.status in GOOD}
    wrong = {name for name, v in found.items() if v.status == CONTRADICTED}
    real = [float(v.observed) for v in found["C13"].variants if v.id.endswith("-us-cpi")]  # type: ignore[arg-type]
    china = trade.china_turnover().set_index("year")["value"][2023]
    russia = trade.russian_side_turnover().set_index("year")["value"][2023]
    asia = turn_east.region_trade().set_index(["flow", "region", "year"])["share"].sort_index()["exports", "ASIA"]
    rest = turn_east.share_effects("exports", 2013, 2023).at["rest", "of_total"]
    stated, told = (f"{x:.1f}" for x in (found["C11"].claim.stated.value, found["C11"].observed))
    digits = sum(a != b for a, b in zip(stated, told, strict=False)) if len(stated) == len(told) else 0
    return {
        "book/index.md": {
            "The headline figure is right, and it is China's": "C08" in good and china - russia > 1,
            "the Russian side counts less": russia < china,
            "Trade doubled, in money": "C13" in good,
            "in constant consumer prices it stays below two": bool(real) and max(real) < 2,
            "The turn east is real and late": "C06" in good and done_by(asia, 2013, 2020, 2023) < 0.5,
            "most of the rise of Asia's share came after 2020": done_by(asia, 2013, 2020, 2023) < 0.5,
            "more than half of it is trade with others that shrank": rest > 0.5,
            "One digit is wrong": digits == 1,
            "The conclusion does not depend on it": "C12" in good,
            "Nobody outside can check the share of rubles and yuan": found["C14.so"].status == OFFICIAL,
            "trade held and payments did not": found["C15.so"].status == PARTLY,
            "in an agency's report as the reporter's paraphrase, and it was said to the press, not to Xi": "C19"
            in wrong,
            "Its numbers fare better than its explanations": "C22" in wrong and "C13" in good,
            "a quotation in it is somebody else's paraphrase": "C19" in wrong,
            "The Security Council never ordered sanctions on Russia": "C17" in good,
            "law leaves China free to trade with Russia": "C18" in good,
            "On the day no raised tariff was in force": verdict("C22", "publication").status == UNTESTABLE,
            "most of the rise of Chinese exports to Russia had come before them": "C22" in wrong,
            "not in June": "C30" in wrong,
            "the right month had been public": verdict("C30", "publication").status == CONTRADICTED,
            "has no record in his lifetime": found["C26"].status == NO_RECORD,
        },
        "book/claims.md": {"eleven paragraphs": max(v.claim.paragraph for v in found.values()) == 11},
        "book/verdicts.md": {"at most five per cent": thresholds()["tolerance"].value == 0.05},
        "README.md": {"its 37 checkable claims": len(all_claims()) == 37},
    }


GENERATED = {
    "scorecard.md": scorecard,
    "claims.md": claims_list,
    "catalogue.md": catalogue,
    "names.md": names,
    "cite.md": cite_book,
}
"""Files of ``_build/generated`` and the functions that write them."""


def generate(root: Path) -> bool:
    """Write the pages of ``GENERATED`` below ``root``; return whether it was needed.

    They depend on what the fingerprint covers, on the citation file and on which chapters there are.
    """
    folder = root / "_build" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    names = ",".join(sorted(f.name for f in (root / "notebooks").glob("*.ipynb")))
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    key, mark = f"{execution.fingerprint(root)}\n{names}\n{citation}", folder / ".key"
    if mark.exists() and mark.read_text(encoding="utf-8") == key and all((folder / n).exists() for n in GENERATED):
        return False
    with data.using(root):
        for name, write in GENERATED.items():
            text, file = write(), folder / name
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")
    mark.write_text(key, encoding="utf-8")
    return True
