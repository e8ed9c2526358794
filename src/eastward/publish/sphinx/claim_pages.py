"""A page for each claim, written from its card: words, verdicts, figures, rule, evidence and sources, to cite and to link to."""

import html
import re
import textwrap
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import new_document

from eastward.claims import Claim
from eastward.publish.exports import numbered
from eastward.show import cards
from eastward.show.words import status_class, worded

MOST = 2
"""Figures on a page at most: the chapter has the others."""


def figures(env: BuildEnvironment, chapters: list[str]) -> dict[str, list[nodes.figure]]:
    """Return what stands below each claim's card in its chapter.

    A chapter opens with the figure that decides: its first claim has that one too, and so has a claim without a figure.
    """
    found: dict[str, list[nodes.figure]] = {}
    for chapter in chapters:
        first: list[nodes.figure] = []
        here: list[list[nodes.figure]] = [first]
        for node in env.get_doctree(chapter).findall(nodes.Element):
            ids: list[str] = node.get("ids", [])
            if anchor := next((name for name in ids if name.startswith("verdict-")), ""):
                here.append(found.setdefault(anchor.removeprefix("verdict-").upper(), []))
            elif isinstance(node, nodes.figure) and "ew-figure" in node["classes"]:
                here[-1].append(node)
        for place, own in enumerate(here[1:]):
            own[:] = ([*first, *own] if not place or not own else own)[:MOST]
    return found


def about(claim: Claim) -> str:
    """Say in a sentence what the claim's words are and how they fared on both days, in at most 200 characters."""
    card, days = cards.card(claim.id), cards.days()
    now, later = card.at_publication.status, card.questions[0][1].status
    told = f"On {days[0]}: {now}. {days[1].capitalize()}: {later}."
    return f"{textwrap.shorten(claim.quoted, 198 - len(told), placeholder=' …')} {told}"


def body(env: BuildEnvironment, claim: Claim, shown: list[nodes.figure]) -> str:
    """Return the page's HTML; its links start one folder below the book's root."""
    card, chapter = cards.card(claim.id), f"notebooks/{claim.chapter}"
    blocks = "".join(map(cards.BLOCK.format, card.blocks(cards.Site)))
    drawn = "".join(_drawn(env, chapter, figure) for figure in shown)
    grounds = "".join(
        f'<section id="grounds-{name.lower().replace(".", "-")}"><h2>{worded(name)}: {cards.HOW}</h2>{text}</section>'
        for name, text in card.grounds(cards.Site)
    )
    title = html.escape(env.titles[chapter].astext() if chapter in env.titles else "")
    return (
        f'<section id="{claim.id.lower()}"><h1>{claim.id}: {html.escape(claim.short)}</h1>'
        f'<div class="admonition verdict {status_class(card.at_publication.status)}">'
        f'<p class="admonition-title">{html.escape(card.title)}</p>{blocks}</div>'
        f'<p>Tested in the chapter <a class="reference internal" href="../{chapter}.html">{title}</a>. <a href="#cite-this-page">Cite this claim</a>.</p>{drawn}{grounds}</section>'
    )


def _drawn(env: BuildEnvironment, chapter: str, figure: nodes.figure) -> str:
    anchor, drawing = figure["ids"][0], next(figure.findall(nodes.raw)).astext()
    finding = html.escape(next(figure.findall(nodes.caption)).astext())
    link = f'<a class="reference internal" href="../{chapter}.html#{anchor}">{numbered(env, anchor)}</a>'
    return f'<figure class="ew-again">{drawing}<figcaption><p><span class="caption-text">{finding}</span> ({link})</p></figcaption></figure>'


def index(app: Sphinx, page: str, title: str, text: str) -> None:
    """Let the book's search find the page by its words."""
    builder: Any = app.builder
    if builder.indexer is not None:
        document = new_document(page)
        words = html.unescape(re.sub(r"<figure.*?</figure>|<[^>]+>", " ", text, flags=re.DOTALL))
        document += nodes.section("", nodes.title("", title), nodes.paragraph("", words))
        # The index drops what is no page of the environment, which was saved before pages are written.
        app.env.all_docs.setdefault(page, 0)
        app.env.titles[page] = nodes.title("", title)
        builder.indexer.feed(page, page, title, document)
