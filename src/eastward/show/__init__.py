"""What a chapter needs to show its work: cards, tables, figures, numbers for the prose, guards, what-if settings."""

import pandas as pd

from eastward.show.cards import VerdictCard, card, days
from eastward.show.figure import (
    draw,
    figure,
    label_bars,
    label_ends,
    label_points,
    note,
    pick,
    reference,
    sources_behind,
    sources_of,
)
from eastward.show.marks import LATER, Tips, among, later, public
from eastward.show.prose import agrees, counted, facts, holds, portion
from eastward.show.settings import what_if
from eastward.show.tables import Table
from eastward.show.theme import COLOURS, GRID, INK, PAPER, STATUS_COLOURS
from eastward.show.words import in_words, number, worded


def show(what: str | pd.DataFrame, id: str = "", caption: str = "") -> VerdictCard | Table:
    """Show the card of a claim (``C08``), or a frame as a table, numbered where it has an id (``tab-mirror-gap``) and a
    caption; its column ``source`` or ``sources`` holds keys of the bibliography, which are cited.
    """
    return card(what) if isinstance(what, str) else Table(id, caption, what, digits=3 if id else 6)


__all__ = [
    "COLOURS", "GRID", "INK", "LATER", "PAPER", "STATUS_COLOURS", "Tips", "agrees", "among", "card", "counted", "days", "draw", "facts",
    "figure", "holds", "in_words", "label_bars", "label_ends", "label_points", "later", "note", "number", "pick", "portion",
    "public", "reference", "show", "sources_behind", "sources_of", "what_if", "worded",
]  # fmt: skip
