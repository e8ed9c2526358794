"""Parts of the book that are written from the data package: the scorecard, the list of claims, the data catalogue.

Each function returns MyST text. The Sphinx extension writes it to ``_build/generated`` and pages include it.
"""

from __future__ import annotations

import re
from typing import Any

from eastward import citation, data
from eastward.claims import STATUSES, all_claims
from eastward.display import badge, cite, escape, evidence, number
from eastward.verdicts import UNTESTED, Verdict, verdict


def observed(v: Verdict) -> str:
    """Observed values of the deciding variants, for a table cell."""
    deciding = [x for x in v.variants if x.preferred] or list(v.variants[:1])
    if v.claim.basis != "computed" or not deciding:
        return "–"
    return escape("; ".join((f"{x.part}: " if x.part else "") + number(x.observed, 4) for x in deciding[:3]))


def robustness(v: Verdict) -> str:
    """How many admissible variants support the claim, in words."""
    agree = sum(s == "supported" for s in v.statuses)
    return f"{agree} of {len(v.variants)} admissible variants support the claim"


def scorecard() -> str:
    """Return the table of all claims with status on both dates, and the counts by status."""
    pairs = [(verdict(i, "publication"), verdict(i, "hindsight")) for i in all_claims()]
    counts = {
        date: {s: sum(p[k].status == s for p in pairs) for s in (*STATUSES, UNTESTED)}
        for k, date in enumerate(("On 17 May 2024", "With hindsight"))
    }
    shown = [s for s in (*STATUSES, UNTESTED) if any(c[s] for c in counts.values())]
    lines = ["````{table} Verdicts by status", ":name: tab-counts", ":class: ew-table"]
    lines += [":widths: 14" + " 13" * len(shown), ""]
    lines += ["| | " + " | ".join(badge(s) for s in shown) + " |", "|---|" + "---:|" * len(shown)]
    lines += [f"| {day} | " + " | ".join(str(c[s]) for s in shown) + " |" for day, c in counts.items()]
    lines += ["````", "", "````{table} Scorecard of all claims", ":name: tab-scorecard", ":class: ew-table longtable"]
    lines += [
        ":widths: 7 42 20 20 9",
        "",
        "| Claim | In short | On 17 May 2024 | With hindsight | Basis |",
        "|---|---|---|---|---|",
    ]
    for now, later in pairs:
        c = now.claim
        lines.append(
            f"| [{c.id}](#{c.id.lower()}) | {escape(c.short)} | {badge(now.status)} | {badge(later.status)} | "
            f"{c.basis if c.basis != 'none' else '–'} |"
        )
    return "\n".join([*lines, "````", ""])


def claims_list() -> str:
    """Return a section a claim in the op-ed's order, with stable anchors: paraphrase, kind, rule, verdicts, chapter."""
    lines: list[str] = []
    for c in sorted(all_claims().values(), key=lambda claim: (claim.paragraph, claim.id)):
        now, later = verdict(c.id, "publication"), verdict(c.id, "hindsight")
        chapter = data.root() / "notebooks" / f"{c.chapter}.ipynb"
        link = f"[its chapter](../notebooks/{c.chapter}.ipynb)" if chapter.is_file() else "its chapter, to come"
        lines += [f"({c.id.lower()})=", f"## {c.id}: {escape(c.short)}", ""]
        lines += [f"{escape(c.paraphrase)} (Paragraph {c.paragraph}; {', '.join(c.kinds)}; {c.basis}.)", ""]
        lines += [f"On 17 May 2024: {badge(now.status)}. With hindsight: {badge(later.status)}. Tested in {link}.", ""]
        if c.rule:
            lines += [f"**Rule ({c.rule.kind.replace('_', ' ')}).** {escape(c.rule.text)}", ""]
        if now.claim.basis == "computed":
            lines += [
                f"**Stated** {escape(c.stated.text)}. **Observed** {observed(now if now.variants else later)}. "
                f"**Robustness** {robustness(now if now.variants else later)}.",
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
    for claim in all_claims().values():
        rows = (row for variant in verdict(claim.id, "hindsight").variants for row in variant.rows)
        for table in dict.fromkeys(row.partition(":")[0] for row in rows):
            claims[table].append(claim.id)
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


def cite_book() -> str:
    """Return how to cite the book: a reference in APA style, and BibTeX."""
    work, title = citation.Work("book"), escape(citation.book().title)
    reference = escape(citation.apa(work)).replace(title, f"*{title}*")
    return f"> {reference}\n\n```bibtex\n{citation.bibtex(work)}```\n"


GENERATED = {"scorecard.md": scorecard, "claims.md": claims_list, "catalogue.md": catalogue, "cite.md": cite_book}
"""Files of ``_build/generated`` and the functions that write them."""
