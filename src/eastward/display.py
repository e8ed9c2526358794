"""What notebooks show besides figures: verdict cards, tables and numbers for the prose.

Each object shows itself as HTML in JupyterLab and as MyST Markdown in the book, so that the HTML and the PDF book number,
link and cite it like hand-written text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from myst_nb import glue

from eastward.verdicts import ICONS, Verdict, verdict

MYST = "application/vnd.eastward.myst"
TABLE = "application/vnd.eastward.table+json"


def facts(**values: str | int) -> None:
    """Offer numbers to the prose of a notebook: ``facts(ratio="2.24")`` fills ``{glue:text}`ratio```."""
    for name, value in values.items():
        glue(name, value, display=False)


def number(value: float | date | bool | None, digits: int = 3) -> str:
    """Write an observed value for readers: dates as days, truth as yes or no, numbers with ``digits`` significant digits."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if float(value) == int(value) and abs(value) < 1e6:
        return f"{int(value)}".replace("-", "−")
    size = len(str(int(abs(value))))
    written = f"{value:,.{max(0, digits - size) if abs(value) >= 1 else digits}f}".replace(",", " ").replace("-", "−")
    return written.rstrip("0").rstrip(".") if "." in written else written


def escape(text: object) -> str:
    """Make data text safe to stand in MyST: no HTML, no markup, no directive can come out of it."""
    plain = re.sub(r"\s+", " ", str(text)).strip()
    return re.sub(r"([\\`*_{}\[\]<>#|$~^@:])", r"\\\1", plain)


def cite(keys: list[str] | tuple[str, ...], most: int = 4) -> str:
    """Return a MyST citation of sources; the first ``most``, and how many more there are."""
    known = list(dict.fromkeys(keys))
    if not known:
        return ""
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return f"{{cite:p}}`{','.join(known[:most])}`{more}"


@dataclass(frozen=True)
class Table:
    """A numbered table with a caption.

    Attributes:
        id: stable id, such as ``tab-mirror-gap``.
        caption: what the table shows, with units.
        frame: its cells, already in the order and wording that readers see. A column called ``source`` or ``sources``
            holds keys of the bibliography (one, or several with commas) and is shown as citations.

    """

    id: str
    caption: str
    frame: pd.DataFrame

    def __post_init__(self) -> None:
        if not re.fullmatch(r"tab-[a-z0-9-]+", self.id):
            raise ValueError(f"table id {self.id!r} must look like 'tab-mirror-gap'")

    def myst(self) -> str:
        """Return the table as a MyST directive."""
        cells = self.frame.copy().astype(object)
        for column in cells.columns:
            citing = str(column).lower() in ("source", "sources")
            cells[column] = [_cell(value, citing) for value in self.frame[column]]
        alignment = ["right" if pd.api.types.is_numeric_dtype(t) else "left" for t in self.frame.dtypes]
        names = [escape(column) for column in self.frame.columns]
        rules = ["---:" if side == "right" else ":---" for side in alignment]
        lines = [names, rules, *cells.to_numpy().tolist()]
        body = "\n".join("| " + " | ".join(str(c) for c in line) + " |" for line in lines)
        options = f":name: {self.id}\n:class: ew-table{' longtable' if len(cells) > 20 else ''}\n{widths(self.frame)}"
        return f"````{{table}} {escape(self.caption)}\n{options}\n{body}\n````\n"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        shown = f"<p><strong>{html.escape(self.caption)}</strong></p>" + self.frame.to_html(index=False)
        csv = self.frame.to_csv(index=False, lineterminator="\n")
        payload = {"id": self.id, "caption": self.caption, "csv": csv}
        bundle = {MYST: self.myst(), TABLE: payload, "text/html": shown, "text/plain": self.frame.to_string()}
        return bundle, {"eastward": True}


def widths(frame: pd.DataFrame) -> str:
    """Relative column widths as an option of MyST's table directive, so that the PDF breaks long cells into lines."""
    longest = [
        max([len(str(column)), *(len(str(v)) for v in frame[column])]) if len(frame) else len(str(column))
        for column in frame.columns
    ]
    return f":widths: {' '.join(str(min(max(n, 6), 42)) for n in longest)}\n"


def _cell(value: object, citing: bool) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return "–"
    if citing:
        return cite([k.strip() for k in str(value).split(",") if k.strip()])
    if isinstance(value, bool | date) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return number(value)
    return escape(value)


_CLASS = re.compile(r"[^a-z]+")


def status_class(status: str) -> str:
    """CSS class of a status: ``verdict-supported-with-caveats``."""
    return "verdict-" + _CLASS.sub("-", status.lower())


def badge(status: str) -> str:
    """Inline MyST of a status: icon, words and the class that colours it."""
    return f"[{ICONS[status]} {status}]{{.{status_class(status)} .ew-status}}"


def observed(shown: Verdict) -> str:
    """Return what the deciding variants observe, each under its own name where there are several."""
    several = len(shown.deciding) > 1
    named = [(v.part or v.label * several, number(v.observed, 4)) for v in shown.deciding]
    return escape("; ".join(f"{name}: {value}" if name else value for name, value in named))


def evidence(at_publication: Verdict, with_hindsight: Verdict) -> list[str]:
    """Lines of MyST to open: every variant of a claim's test with its outcome, and where its evidence stands.

    Without variants there is nothing to show, and no line.
    """
    shown = with_hindsight if with_hindsight.variants else at_publication
    if not shown.variants:
        return []
    frame = shown.robustness
    frame["observed"] = [number(v, 4) for v in frame["observed"]]
    if not frame["part"].any():
        frame = frame.drop(columns="part")
    if shown.claim.basis == "judged":
        frame = frame.drop(columns=["decides"] + (["status"] if not shown.statuses else []))
    else:
        frame["decides"] = frame["decides"].map({True: "yes", False: ""})
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

    def myst(self) -> str:
        """Return the card as MyST: an admonition and a dropdown."""
        now, later = self.at_publication, self.with_hindsight
        claim = now.claim
        lines = [
            f"``````{{admonition}} {claim.id} · {ICONS[now.status]} {now.status}",
            f":class: verdict {status_class(now.status)}",
            f":name: verdict-{claim.id}",
            "",
            f"**The claim** ({{ref}}`{claim.id} <{claim.id.lower()}>`, paragraph {claim.paragraph}): {escape(claim.paraphrase)}",
            "",
            f"**{'Judged' if claim.basis == 'judged' else 'Computed'}** on what was public on 17 May 2024: "
            f"{badge(now.status)}. With hindsight: {badge(later.status)}.",
            "",
            *self._numbers(),
            *[f"- {escape(reason)}" for reason in claim.reasons],
            *([""] if claim.reasons else []),
            *[f"**Caveat (judged).** {escape(caveat)}\n" for caveat in claim.caveats],
            *([f"**What would change it.** {escape(claim.would_change)}", ""] if claim.would_change else []),
            *([f"**Sources.** {cite(claim.sources, most=12)}", ""] if claim.sources else []),
            "``````",
            "",
            *evidence(now, later),
        ]
        return "\n".join(lines) + "\n"

    def _numbers(self) -> list[str]:
        now, later = self.at_publication, self.with_hindsight
        shown = now if now.variants else later
        claim = now.claim
        if claim.rule is None:
            return []
        lines = [f"**Rule.** {escape(claim.rule.text)}", ""]
        if shown.variants and claim.basis == "computed":
            unit = f" ({escape(claim.stated.unit)})" if claim.stated.unit else ""
            off = ""
            if shown.deviation is not None and len(shown.deciding) == 1 and claim.rule.kind == "stated_value":
                off = f", deviation {100 * shown.deviation:+.1f} %".replace("-", "−")
            agree = sum(s == "supported" for s in shown.statuses)
            lines += [
                f"**Stated** {escape(claim.stated.text)}. **Observed** {observed(shown)}{unit}{off}. "
                f"**Robustness:** {agree} of {len(shown.variants)} admissible variants support the claim.",
                "",
            ]
        return lines

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        now, later = self.at_publication, self.with_hindsight
        text = f"{now.claim.id} {ICONS[now.status]} {now.status} (with hindsight: {later.status})"
        shown = f"<p><strong>{html.escape(text)}</strong><br>{html.escape(now.claim.paraphrase)}</p>"
        if later.variants:
            shown += later.robustness.to_html(index=False)
        return {MYST: self.myst(), "text/html": shown, "text/plain": text}, {"eastward": True}


def show_verdict(claim_id: str) -> VerdictCard:
    """Return the card of a claim: its verdict at publication and with hindsight."""
    return VerdictCard(verdict(claim_id, "publication"), verdict(claim_id, "hindsight"))
