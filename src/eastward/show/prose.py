"""Words of the prose held against the data, so that a correction cannot make them false in silence.

Numbers in the prose are filled in from data (:func:`facts`). Words such as 'rose', 'most' or 'never' are not: they are guarded
where the data behind them are at hand (:func:`holds`). Numbers that a chapter computes in plain pandas are held equal to what
the rule observes (:func:`agrees`). What does not hold is shown in the notebook and stops a build, all of it at once.
"""

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from IPython import get_ipython
from IPython.display import display
from myst_nb import glue

from eastward.claims.settings import settings
from eastward.claims.verdicts import verdict

GUARDS = "application/vnd.eastward.guards+json"
COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_offered: dict[str, object] = {}


@dataclass(frozen=True)
class Broken:
    """Words that the data do not bear."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"The data do not bear these words: {'; '.join(self.words)}"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        listed = "".join(f"<li>{html.escape(word)}</li>" for word in self.words)
        shown = f"<p><strong>The data do not bear these words:</strong></p><ul>{listed}</ul>"
        return {GUARDS: list(self.words), "text/html": shown, "text/plain": str(self)}, {"eastward": True}


def facts(**values: object) -> None:
    """Offer numbers to the prose: ``facts(ratio="2.24")`` fills ``{eval}`ratio```; ``NameError`` where that is a variable."""
    shell = get_ipython()
    names: dict[str, Any] = shell.user_ns if shell is not None else {}
    for name, value in values.items():
        if name in names and names[name] is not _offered.get(name):
            raise NameError(f"facts: {name!r} is a variable of this notebook; give the number another name")
        _offered[name] = names[name] = str(value)
        glue(name, str(value), display=False)


def forget() -> None:
    """Put a dash in place of every number offered so far: a run with other settings must not show the last run's."""
    shell = get_ipython()
    for name in list(_offered) if shell is not None else ():
        _offered[name] = shell.user_ns[name] = "–"


def false_words(words: Mapping[str, object]) -> tuple[str, ...]:
    """Return those of the words that the data do not bear; a comparison with a missing number is false."""
    return tuple(text for text, borne in words.items() if not bool(borne))


def holds(words: Mapping[str, object]) -> None:
    """Hold words, exactly as the text has them, against whether the data bear them, and show those that they do not bear."""
    if false := false_words(words):
        display(Broken(false))


def agrees(claim_id: str, number: float | date | bool | str, part: str = "", variant: str = "") -> None:
    """Hold a number that a chapter computes against what the claim's rule observes with hindsight, by its first deciding variant.

    ``part`` names the part of the claim where it has several, ``variant`` another variant.
    """
    found = verdict(claim_id, "hindsight")
    first = found.get(variant) if variant else next((v for v in found.deciding if v.part == part), None)
    if settings().what_if and (first is None or found.stand_in):
        return  # the settings took it away; the card says so
    if first is None:
        parts = ", ".join(repr(v.part) for v in found.deciding)
        raise KeyError(f"{claim_id} has no deciding part {part!r}; it has {parts}")
    if not _same(number, first.observed):
        display(Broken((f"{claim_id}: this chapter computes {number}, the rule observes {first.observed}",)))


def _same(one: Any, other: Any) -> bool:
    one, other = (v.date() if isinstance(v, datetime) else v for v in (one, other))
    if isinstance(one, date | str) or isinstance(other, date | str):
        return str(one) == str(other)
    return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)


def counted(number: int) -> str:
    """Write a count in words, from 'none' to 'twelve'; larger ones in digits."""
    return COUNTS[number] if 0 <= number < len(COUNTS) else str(number)


def portion(part: int, whole: int) -> str:
    """Write a part of a whole that the sentence names next: 'all 4', '3 of the 4', 'none of the 4'."""
    return f"all {whole}" if part == whole else f"{part or 'none'} of the {whole}"
