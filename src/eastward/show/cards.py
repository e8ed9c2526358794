"""Verdict cards: what a claim says, how it fared on both days, by which rule and which rows."""

import html
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from eastward import data
from eastward.claims import contest, thresholds
from eastward.claims.declared import Claim, claim
from eastward.claims.settings import INSTITUTION, SOURCE, TRAITS
from eastward.claims.verdicts import ICONS, Verdict, verdict
from eastward.show.tables import MYST, widths
from eastward.show.words import badge, cite, cited, coloured, escape, in_words, number, status_class, worded


class _Page:
    """Writes MyST for the book."""

    status, sources = staticmethod(badge), staticmethod(cite)
    strong = staticmethod("**{}**".format)

    @staticmethod
    def text(text: object) -> str:
        return escape(worded(text))

    @staticmethod
    def claim(claim_id: str) -> str:
        return f"{{ref}}`{claim_id} <{claim_id.lower()}>`"

    @staticmethod
    def listed(items: list[str]) -> str:
        return "\n".join(f"- {item}" for item in items)


class _Cell:
    """Writes HTML for a notebook."""

    status, sources, claim = staticmethod(coloured), staticmethod(cited), staticmethod(str)
    strong = staticmethod("<strong>{}</strong>".format)

    @staticmethod
    def text(text: object) -> str:
        return html.escape(" ".join(worded(text).split()))

    @staticmethod
    def listed(items: list[str]) -> str:
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


class Site(_Cell):
    """Writes HTML for a page of the built book, one folder below its root."""

    @staticmethod
    def status(status: str) -> str:
        """Return a status in the colours of the page."""
        return f'<span class="ew-status {status_class(status)}">{ICONS[status]} {html.escape(status)}</span>'

    @staticmethod
    def claim(claim_id: str) -> str:  # type: ignore[override]
        """Return a link to the claim in the list of all."""
        return f'<a class="reference internal" href="../book/claims.html#{claim_id.lower()}">{claim_id}</a>'


Writer = type[_Page] | type[_Cell]
BLOCK = '<div style="margin:0.6em 0">{}</div>'
HOW = "how it was decided, and the objection"


def _told(shown: Verdict, value: Any) -> str:
    """Write a value with the digits that the argument needs: 306.6 is not 303.6, but 2.24 says all there is."""
    return number(value, 4 if shown.claim.rule and shown.claim.rule.kind == "stated_value" else 3)


def observed(shown: Verdict, text: Callable[[object], str] = _Page.text) -> str:
    """Return what the deciding variants observe, each under its own name where there are several."""
    alike = Counter(v.part for v in shown.deciding)
    named = [(", ".join(filter(None, (v.part, v.label * (alike[v.part] > 1)))), v.observed) for v in shown.deciding]
    return text("; ".join(": ".join(filter(None, (name, _told(shown, value)))) for name, value in named))


def robustness(shown: Verdict) -> str:
    """Say how many pieces of evidence agree; nothing where the verdict is judged."""
    if not shown.agreement:
        return ""
    agree, of = shown.agreement
    return f"{agree} of {of} measurement{'s' * (of > 1)} agree{'s' * (of == 1)}, each release and side counted once"


def with_caveat(shown: Verdict, status: str, text: Callable[[object], str] = escape) -> str:
    """Return a status, as written, with the name of its caveat."""
    return f"{status} ({text(shown.caveat)})" if shown.caveat else status


def firmness(claim_id: str) -> str:
    """Say which smallest change of a threshold, source or day turns a question's verdict of the op-ed's day."""
    found = contest.robustness().query("claim == @claim_id and status != ''")
    told = []
    for row in found[found["setting"] == "threshold"].to_dict("records"):
        under = "under" if row["value"] < thresholds()[row["name"]].value else "from"
        value = f"{100 * row['value']:.2g} %" if row["name"] == "tolerance" else f"{row['value']:.3g}"
        told.append(f"{row['status']} at ‘{row['name'].replace('_', ' ')}’ {under} {value}")
    left = found[found["setting"].isin(TRAITS)]
    for r in left[left["setting"] == "".join(left["setting"].tail(1))].head(1).itertuples():
        more = (left["setting"] == r.setting).sum() - 1
        named = r.name if r.setting in (SOURCE, INSTITUTION) else f"all sources of the {r.setting} {r.name}"
        told.append(f"{r.status} without {worded(named)}{f' ({more} more turn it, too)' * bool(more)}")
    days = found.query("setting == 'day' and status != 'not testable'")
    told += [f"{r.status} {r.name} {in_words(str(r.value))}" for r in days.itertuples()]
    stays = "It stays under every single change of a threshold or a source."
    return f"It would be {'; '.join(told)}." if told else stays


def days() -> tuple[str, str]:
    """Return the two days from which verdicts look, in words."""
    return in_words(data.publication_day().isoformat()), "with hindsight"


def _variants(now: Verdict, later: Verdict) -> pd.DataFrame:
    """Every variant of a claim's test with what it observes and its outcome on both days, worded for readers."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for day, shown in zip(days(), (now, later), strict=True):
        for variant, status in zip(shown.variants, shown.statuses or [""] * len(shown.variants), strict=True):
            row = found.setdefault((variant.part, variant.id), {"part": variant.part})
            grade = data.grade_of(data.rows(variant.rows)["source"].dropna())
            label = variant.label + " (weak source)" * (grade == data.GRADES[-1])
            row |= {"measured by": worded(label), day: _told(shown, variant.observed), f"outcome {day}": status}
            row["decides"] = "yes" if variant.preferred and shown.statuses else ""
    columns = ["part", "measured by", *(c for day in days() for c in (day, f"outcome {day}")), "decides"]
    frame = pd.DataFrame(found.values(), columns=columns, dtype=object).fillna("–")
    return frame.loc[:, ~frame.isin(["", "–"]).all()]


def evidence(now: Verdict, later: Verdict, first: tuple[str, ...] = ()) -> list[str]:
    """Lines of MyST to open: blocks that come first, every variant of a claim's test on both days, where its evidence stands, and what speaks against the rule."""
    claim, rows = now.claim, (later if later.variants else now).evidence
    lines = [block for block in (*first, *_argued(_Page, claim)) for block in (block, "")]
    if now.variants or later.variants:
        frame = _variants(now, later)
        cells = frame.map(lambda cell: escape(cell) if str(cell) else " ").to_numpy().tolist()
        body = "\n".join(f"| {' | '.join(line)} |" for line in cells)
        head = "| " + " | ".join(frame.columns) + " |\n|" + " --- |" * len(frame.columns)
        lines += [f"````{{table}}\n:class: ew-table longtable\n{widths(frame)}", f"{head}\n{body}\n````", ""]
    if len(rows):
        where = [
            f"{{ref}}`{table} <table-{table}>` ({len(part)} row{'s' * (len(part) != 1)})"
            for table, part in rows.groupby("table", sort=False)
        ]
        lines += [f"Rows of {', '.join(where)}; sources {cite(tuple(rows['source'].dropna()), most=10)}.", ""]
    return [f"`````{{dropdown}} {worded(claim.id)}: {HOW}", "", *lines, "`````", ""] if lines else []


def _argued(w: Writer, claim: Claim) -> list[str]:
    """Return the reasons, the strongest objection with its answer, and the sources."""
    blocks = [f"{w.strong('Reasons.')}\n\n{w.listed([w.text(r) for r in claim.reasons])}"] if claim.reasons else []
    if claim.objection:
        blocks.append(f"{w.strong('Strongest objection.')} {w.text(claim.objection)}")
        blocks.append(f"{w.strong('Answer.')} {w.text(claim.answer)}")
    if claim.sources:
        blocks.append(f"{w.strong('Sources.')} {w.sources(claim.sources, most=12)}")
    return blocks


ASKED = {"said": "Said?", "so": "So?"}
"""The questions put to what somebody is said to have said, as readers see them."""


@dataclass(frozen=True)
class VerdictCard:
    """A claim's verdicts on both dates, with its words, rule, evidence and robustness; for an attributed claim both questions."""

    questions: tuple[tuple[Verdict, Verdict], ...]

    @property
    def at_publication(self) -> Verdict:
        """Verdict on the day of the op-ed, of the question that counts."""
        return self.questions[0][0]

    @property
    def claim(self) -> Claim:
        """The claim."""
        return self.at_publication.claim

    @property
    def title(self) -> str:
        """Id and status on the day, of each question."""
        told = [
            f"{ASKED.get(now.claim.question, '')} {with_caveat(now, f'{ICONS[now.status]} {now.status}', str)}".strip()
            for now, _ in self.questions
        ]
        return " · ".join([self.claim.id, *told])

    def blocks(self, w: Writer) -> list[str]:
        """Return the paragraphs of the card, as ``w`` writes them."""
        claim = self.claim
        blocks = [f"{w.strong('The op-ed')} ({w.claim(claim.id)}, {claim.where}): {w.text(claim.quoted)}"]
        for now, later in self.questions:
            blocks += self._question(w, now, later)
        return blocks

    def _question(self, w: Writer, now: Verdict, later: Verdict) -> list[str]:
        claim = now.claim
        asked = f"{w.strong(f'{ASKED[claim.question]} {w.text(claim.short)}.')} " if claim.question else ""
        then, since = (with_caveat(shown, w.status(shown.status), w.text) for shown in (now, later))
        on = f" and with hindsight: {then}." if then == since else f": {then}. With hindsight: {since}."
        return [
            f"{asked}On {days()[0]}{on}",
            *self._numbers(w, now, later),
            *[f"{w.strong('Caveat.')} {w.text(caveat)}" for caveat in claim.caveats],
            *[f"{w.strong('Not testable, since')} {w.text(v.reason)}." for v in (now, later) if v.reason],
        ]

    def _numbers(self, w: Writer, now: Verdict, later: Verdict) -> list[str]:
        seen = self._daily(partial(self._seen, w), now, later) if now.claim.basis == "computed" else []
        return [f"{w.strong('Stated')} {w.text(now.claim.stated_text)}. {seen[0]}", *seen[1:]] if seen else []

    def folded(self, w: Writer, now: Verdict, later: Verdict) -> tuple[str, ...]:
        """Return what a reader does not need at first sight: the rule, the rows that decide, what would change the verdict."""
        claim = now.claim
        rule = f"{w.strong(f'Rule ({claim.basis}).')} {w.text(claim.rule_text)}" if claim.rule else ""
        change = f"{w.strong('What would change it.')} {w.text(claim.would_change)}" if claim.would_change else ""
        return tuple(filter(None, [rule, *self._daily(partial(self._decided_by, w), now, later), change]))

    @staticmethod
    def _daily(write: Callable[[str, Verdict], str], now: Verdict, later: Verdict) -> list[str]:
        """Return what is told of each day; once, where both days say the same."""
        if write("", now) == write("", later):
            return [write("", now)]
        pairs = zip(days(), (now, later), strict=True)
        return [write(f" {'on ' * (shown is now)}{day}", shown) for day, shown in pairs if shown.variants]

    @staticmethod
    def _seen(w: Writer, day: str, shown: Verdict) -> str:
        """Return what was observed on a day, and how robust that is."""
        claim = shown.claim
        if not shown.variants:
            return ""
        unit = f" ({w.text(claim.stated.unit)})" if claim.stated.unit else ""
        exact = claim.rule is not None and claim.rule.kind == "stated_value" and len(shown.deciding) == 1
        by = shown.deviation if exact else None
        off = "" if by is None else f", deviation {100 * by:+.1f} %".replace("-", "−")
        first = f"{w.strong(f'Observed{day}')} {observed(shown, w.text)}{unit}{off}. {w.strong('Robustness:')} "
        return f"{first}{robustness(shown)}."

    @staticmethod
    def _decided_by(w: Writer, day: str, shown: Verdict, most: int = 4) -> str:
        """Name the rows that decide, so that an edit of another row is seen to decide nothing."""
        rows = data.rows(shown.rests_on)
        if rows.empty:
            return ""
        named = [
            w.text(f"{row} = {value:g}" if isinstance(value, float) and value == value else row)
            for row, value in zip(rows["row"].head(most), rows.get("value", rows["row"]), strict=False)
        ]
        more = f" and {len(rows) - most} more" if len(rows) > most else ""
        relayed = len(shown.relayed)
        told = f"grade: {shown.grade}"
        told += f"; relay only{f': {relayed} of them' * (relayed < len(rows))}" * bool(relayed)
        cited_rows = f"{', '.join(named)}{more} {w.sources(tuple(rows['source'].dropna()))}"
        verb = "Decided{} by" if shown.claim.basis == "computed" else "Rests{} on"
        return f"{w.strong(verb.format(day))} the row{'s' * (len(rows) > 1)} {cited_rows}; {told}."

    def myst(self) -> str:
        """Return the card as MyST: an admonition and what can be opened below it."""
        head = f"``````{{admonition}} {escape(self.title)}\n:class: verdict {status_class(self.at_publication.status)}\n:name: verdict-{self.claim.id}\n"
        firm = [
            f"**{f'{ASKED.get(now.claim.question, str())} How firm.'.strip()}** {{firm}}`{now.claim.id}`"
            for now, _ in self.questions
            if now.claim.basis == "computed"
        ]
        own = f'<a href="../book/contest.html?claim={self.claim.id}">Set it your way</a>'
        link = f'<p class="ew-cite-claim">{own} · <a href="../claims/{self.claim.id}.html">Cite this claim</a></p>'
        folds = [line for pair in self.questions for line in evidence(*pair, self.folded(_Page, *pair))]
        return "\n".join([head, "\n\n".join([*self.blocks(_Page), *firm, link]), "``````", "", *folds]) + "\n"

    def html(self) -> str:
        """Return the card for a notebook: the same, with what can be opened."""
        blocks = "".join(map(BLOCK.format, self.blocks(_Cell)))
        for name, argued in self.grounds(_Cell):
            blocks += f"<details><summary>{worded(name)}: {HOW}</summary>{argued}</details>"
        style = "border-left:4px solid;padding:0 0 0 1em;max-width:48em"
        return f'<section id="verdict-{self.claim.id}" style="{style}"><p><strong>{html.escape(self.title)}</strong></p>{blocks}</section>'

    def grounds(self, w: Writer) -> list[tuple[str, str]]:
        """Return the id of each question, and its rule, reasons, measurements and sources as HTML."""
        found = []
        for now, later in self.questions:
            options: dict[str, Any] = {"index": False, "border": 0, "classes": "ew-table", "justify": "left"}
            table = _variants(now, later).to_html(**options) if now.variants or later.variants else ""
            rows = (later if later.variants else now).evidence
            sources = f"<p>Sources {w.sources(tuple(rows['source'].dropna()), most=10)}</p>" if len(rows) else ""
            argued = "".join(map(BLOCK.format, (*self.folded(w, now, later), *_argued(w, now.claim))))
            scroll = f'<div class="ew-scroll" tabindex="0" role="group" aria-label="Measurements">{table}</div>'
            found.append((now.claim.id, argued + scroll * bool(table) + sources))
        return found

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        told = "; ".join(f"with hindsight: {later.status}" for _, later in self.questions)
        return {MYST: self.myst(), "text/html": self.html(), "text/plain": f"{self.title} ({told})"}, {"eastward": True}


def card(claim_id: str) -> VerdictCard:
    """Return the card of a claim: its verdicts at publication and with hindsight."""
    asked = [q.id for q in (claim(claim_id), claim(claim_id).so) if q is not None]
    return VerdictCard(tuple((verdict(name, "publication"), verdict(name, "hindsight")) for name in asked))
