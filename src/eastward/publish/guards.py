"""Words of chapters and pages that the data do not bear: found after execution, told all at once."""

from dataclasses import dataclass
from pathlib import Path

from eastward import data
from eastward.publish.execution import outputs
from eastward.publish.pages import guarded
from eastward.show.prose import GUARDS, false_words

MOST = 37
"""Broken words that are told one by one; with the lines around them they make 40."""

DRAFT = "EASTWARD_DRAFT"
"""Environment variable with what each page of a draft says at its top."""


@dataclass(frozen=True)
class Broken:
    """Words that the data do not bear, and the file, and for a chapter the cell, that guards them."""

    file: str
    cell: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}{f', cell {self.cell}' if self.cell else ''}: {self.words}"


def broken(root: Path) -> list[Broken]:
    """Return all broken words of the executed chapters and of the pages without code, in the order of the book."""
    told = outputs(root, GUARDS)
    found = [Broken(file.relative_to(root).as_posix(), place, text) for file, place, words in told for text in words]
    if (root / "data" / "claims.yaml").is_file():
        with data.using(root):
            try:
                found += [Broken(page, 0, text) for page, words in guarded().items() for text in false_words(words)]
            except (LookupError, ValueError):
                found.append(Broken("book/index.md", 0, "rows that its words need are not there"))
    return found


def report(found: list[Broken]) -> str:
    """Return broken words for whoever corrected the data, in at most 40 lines."""
    advice = "Check the data; if they are right, reword the text and its guards:"
    more = [f"… and {len(found) - MOST} more"] if len(found) > MOST else []
    told = f"The data no longer bear {len(found)} words of the text. {advice}"
    return "\n".join([told, *map(str, found[:MOST]), *more])
