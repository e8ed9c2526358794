"""Guards of sentences: words that a person wrote, held against the data, so that a correction cannot make them false in silence.

Numbers in the prose are filled in from data. Words such as 'rose', 'most' or 'never' are not: they are guarded where the data
behind them are at hand. ``tests/test_guards.py`` requires that guarded words stand in the text exactly as the guard has them.
"""

from __future__ import annotations

from collections.abc import Mapping

COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class ProseError(ValueError):
    """Words in the text that the data do not bear: names them and says what to do."""


def holds(words: Mapping[str, object]) -> None:
    """Require that the data bear words of the text.

    Args:
        words: words exactly as the text has them, and whether the data bear them (true or false). A comparison with a
            missing number is false.

    Raises:
        ProseError: the data do not bear some of the words; all of these are named.

    """
    false = [f"'{text}'" for text, borne in words.items() if not bool(borne)]
    if false:
        raise ProseError(
            f"the data no longer bear these words: {'; '.join(false)}. Check the data; if they are right, reword the text, and "
            "the guard with it"
        )


def counted(number: int) -> str:
    """Write a count in words, from 'none' to 'twelve'; larger ones in digits."""
    return COUNTS[number] if 0 <= number < len(COUNTS) else str(number)


def portion(part: int, whole: int) -> str:
    """Write a part of a whole that the sentence names next: 'all 4', '3 of the 4', 'none of the 4'."""
    return f"all {whole}" if part == whole else f"{part or 'none'} of the {whole}"


def paired(first: str, second: str) -> str:
    """Say what the first and the second of two things are: once, if they are the same."""
    return f"both are {first}" if first == second else f"the first is {first}, the second {second}"
