"""How numbers and texts are written for readers."""

import matplotlib as mpl
import pytest
from markdown_it import MarkdownIt

from eastward.show.theme import theme
from eastward.show.words import escape, number


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0.0004, 3, "0.0004"),
        (0.00123, 3, "0.0012"),
        (0.0756, 3, "0.076"),
        (-0.5, 3, "−0.5"),
        (0, 3, "0"),
        (2.243, 3, "2.24"),
        (240.13, 4, "240.1"),
        (12345.6, 3, "12 346"),
        (2_000_000, 3, "2 000 000"),
        (float("nan"), 3, "–"),
    ],
)
def test_a_number_keeps_what_it_says(value: float, digits: int, written: str) -> None:
    assert number(value, digits) == written


def test_a_persons_own_style_moves_nothing() -> None:
    own = {"savefig.bbox": "tight", "font.size": 20, "lines.linewidth": 9, "figure.dpi": 300}
    with mpl.rc_context(own), theme():
        assert [mpl.rcParams[name] for name in own] == [None, 10, 2.2, 100]


@pytest.mark.parametrize("text", ["1. first", "2) second", "- third", "+ fourth"])
def test_a_text_that_starts_like_a_list_is_none(text: str) -> None:
    assert MarkdownIt().render(escape(text)).strip() == f"<p>{text}</p>"
