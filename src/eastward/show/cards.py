"""Verdict cards: what a claim says, how it fared on both days, by which rule and which rows."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from eastward import data
from eastward.claims.verdicts import ICONS, Verdict, verdict
from eastward.show.tables import MYST, widths
from eastward.show.words import badge, cite, cited, coloured, escape, in_words, number, status_class


class _Page:
    """Writes MyST for the book."""

    text, status, sources = staticmethod(escape), staticmethod(badge), staticmethod(cite)

    @staticmethod
    def strong(text: str) -> str:
        return f"**{text}**"

    @staticmethod
    def claim(claim_id: str) -> str:
        return f"{{ref}}`{claim_id} <{claim_id.lower()}>`"

    @staticmethod
    def listed(items: list[str]) -> str:
        return "\n".join(f"- {item}" for item in items)


class _Cell:
    """Writes HTML for a notebook."""

    status, sources = staticmethod(coloured), staticmethod(cited)

    @staticmethod
    def text(text: object) -> str:
        return html.escape(" ".join(str(text).split()))

    @staticmethod
    def strong(text: str) -> str:
        return f"<strong>{text}</strong>"

    @staticmethod
    def claim(claim_id: str) -> str:
        return claim_id

    @staticmethod
    def listed(items: list[str]) -> str:
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


Writer = type[_Page] | type[_Cell]


def observed(shown: Verdict, text: Callable[[object], str] = escape) -> str:
    """Return what the deciding variants observe, each under its own name where there are several."""
    several = len(shown.deciding) > 1
    named = [(v.part or v.label * several, number(v.observed, 4)) for v in shown.deciding]
    return text("; ".join(f"{name}: {value}" if name else value for name, value in named))


def _robustness(shown: Verdict) -> pd.DataFrame:
    """Every variant of a claim's test with its outcome, worded for readers."""
    frame = shown.robustness
    frame["observed"] = [number(v, 4) for v in frame["observed"]]
    if not frame["part"].any():
        frame = frame.drop(columns="part")
    if shown.claim.basis == "judged":
        return frame.drop(columns=["decides"] + (["status"] if not shown.statuses else []))
    return frame.assign(decides=frame["decides"].map({True: "yes", False: ""}))


def evidence(at_publication: Verdict, with_hindsight: Verdict) -> list[str]:
    """Lines of MyST to open: every variant of a claim's test with its outcome, and where its evidence stands.

    Without variants there is nothing to show, and no line.
    """
    shown = with_hindsight if with_hindsight.variants else at_publication
    if not shown.variants:
        return []
    frame = _robustness(shown)
    body = "\n".join(
        "| " + " | ".join(escape(c) if str(c) else " " for c in line) + " |" for line in frame.to_numpy().tolist()
    )
    head = "| " + " | ".join(frame.columns) + " |\n|" + " --- |" * len(frame.columns)
    rows = shown.evidence
    where = [
        f"{{ref}}`{table} <table-{table}>` ({len(part)} row{'s' * (len(part) != 1)})"
        for table, part in rows.groupby("table", sort=False)
    ]
    return [
        f"`````{{dropdown}} {shown.claim.id}: evidence and robustness, with hindsight",
        "",
        f"````{{table}}\n:class: ew-table longtable\n{widths(frame)}",
        f"{head}\n{body}\n````",
        "",
        f"Rows of {', '.join(where)}; sources {cite(tuple(rows['source']), most=10)}." if where else "",
        "`````",
        "",
    ]


@dataclass(frozen=True)
class VerdictCard:
    """A claim's verdict on both dates, with its rule, evidence and robustness."""

    at_publication: Verdict
    with_hindsight: Verdict

    def blocks(self, w: Writer) -> list[str]:
        """Return the paragraphs of the card, as ``w`` writes them."""
        now, later = self.at_publication, self.with_hindsight
        claim = now.claim
        judged = "Judged" if claim.basis == "judged" else "Computed"
        day = in_words(data.publication_day().isoformat())
        blocks = [
            f"{w.strong('The claim')} ({w.claim(claim.id)}, paragraph {claim.paragraph}): {w.text(claim.paraphrase)}",
            f"{w.strong(judged)} on what was public on {day}: {w.status(now.status)}. With hindsight: {w.status(later.status)}.",
            *self._numbers(w),
            *([w.listed([w.text(reason) for reason in claim.reasons])] if claim.reasons else []),
            *[f"{w.strong('Caveat (judged).')} {w.text(caveat)}" for caveat in claim.caveats],
            *[f"{w.strong('Not testable, since')} {w.text(v.reason)}." for v in (now, later) if v.reason],
        ]
        if claim.would_change:
            blocks.append(f"{w.strong('What would change it.')} {w.text(claim.would_change)}")
        if claim.sources:
            blocks.append(f"{w.strong('Sources.')} {w.sources(claim.sources, most=12)}")
        return blocks

    def _numbers(self, w: Writer) -> list[str]:
        claim = self.at_publication.claim
        if claim.rule is None:
            return []
        blocks = [f"{w.strong('Rule.')} {w.text(claim.rule.text)}"]
        if claim.basis == "computed":
            blocks.append(f"{w.strong('Stated')} {w.text(claim.stated.text)}.")
            days = self._days()
            if len(days) == 2 and self._seen(w, "", days[0][1]) == self._seen(w, "", days[1][1]):
                days = [("", days[0][1])]
            blocks += [block for day, shown in days for block in self._seen(w, day, shown)]
        return blocks

    def _days(self) -> list[tuple[str, Verdict]]:
        """Days on which something was observed, and what."""
        now, later = self.at_publication, self.with_hindsight
        days = ((f" on {in_words(data.publication_day().isoformat())}", now), (" with hindsight", later))
        return [(day, shown) for day, shown in days if shown.variants]

    def _seen(self, w: Writer, day: str, shown: Verdict) -> list[str]:
        """Return what was observed on a day, how robust that is, and which rows decide."""
        claim = shown.claim
        unit = f" ({w.text(claim.stated.unit)})" if claim.stated.unit else ""
        off = ""
        if (
            shown.deviation is not None
            and len(shown.deciding) == 1
            and claim.rule
            and claim.rule.kind == "stated_value"
        ):
            off = f", deviation {100 * shown.deviation:+.1f} %".replace("-", "−")
        agree = sum(s == "supported" for s in shown.statuses)
        first = f"{w.strong(f'Observed{day}')} {observed(shown, w.text)}{unit}{off}. {w.strong('Robustness:')} "
        return [
            f"{first}{agree} of {len(shown.variants)} admissible variants support the claim.",
            *self._decided_by(w, shown),
        ]

    @staticmethod
    def _decided_by(w: Writer, shown: Verdict, most: int = 4) -> list[str]:
        """Name the rows that decide, so that an edit of another row is seen to decide nothing."""
        rows = data.rows(tuple(dict.fromkeys(row for v in shown.deciding for row in v.rows)))
        if rows.empty:
            return []
        values = rows["value"] if "value" in rows else pd.Series([None] * len(rows))
        named = [
            w.text(row if pd.isna(value) else f"{row} = {value:g}") if not isinstance(value, str) else w.text(row)
            for row, value in zip(rows["row"].head(most), values.head(most), strict=True)
        ]
        more = f" and {len(rows) - most} more" if len(rows) > most else ""
        return [
            f"{w.strong('Decided by')} the row{'s' * (len(rows) > 1)} {', '.join(named)}{more} {w.sources(tuple(rows['source'].dropna()))}."
        ]

    def myst(self) -> str:
        """Return the card as MyST: an admonition and a dropdown."""
        now, later = self.at_publication, self.with_hindsight
        title = f"{now.claim.id} · {ICONS[now.status]} {now.status}"
        head = (
            f"``````{{admonition}} {title}\n:class: verdict {status_class(now.status)}\n:name: verdict-{now.claim.id}\n"
        )
        return "\n".join([head, "\n\n".join(self.blocks(_Page)), "``````", "", *evidence(now, later)]) + "\n"

    def html(self) -> str:
        """Return the card for a notebook: the same, with the table of variants to open."""
        now, later = self.at_publication, self.with_hindsight
        shown = later if later.variants else now
        blocks = "".join(f"<p>{block}</p>" for block in self.blocks(_Cell))
        table = _robustness(shown).to_html(index=False) if shown.variants else ""
        sources = f"<p>Sources {cited(tuple(shown.evidence['source'].dropna()), most=10)}</p>" if table else ""
        more = f"<details><summary>Evidence and robustness</summary>{table}{sources}</details>" if table else ""
        style = "border-left:4px solid;padding:0 0 0 1em;max-width:48em"
        return f'<section id="verdict-{now.claim.id}" style="{style}"><p>{now.claim.id} · {coloured(now.status)}</p>{blocks}{more}</section>'

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        now, later = self.at_publication, self.with_hindsight
        text = f"{now.claim.id} {ICONS[now.status]} {now.status} (with hindsight: {later.status})"
        return {MYST: self.myst(), "text/html": self.html(), "text/plain": text}, {"eastward": True}


def card(claim_id: str) -> VerdictCard:
    """Return the card of a claim: its verdict at publication and with hindsight."""
    return VerdictCard(verdict(claim_id, "publication"), verdict(claim_id, "hindsight"))
