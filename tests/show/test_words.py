"""How numbers and texts are written for readers."""

import matplotlib as mpl
import pytest
from markdown_it import MarkdownIt

from eastward.show.theme import theme
from eastward.show.words import escape, number


def test_a_number_keeps_what_it_says() -> None:
    values = (0.0004, 0.00123, 0.0756, -0.5, 0, 2.243, 12345.6, 2_000_000, float("nan"))
    written = ["0.0004", "0.0012", "0.076", "−0.5", "0", "2.24", "12 346", "2 000 000", "–"]
    assert [number(value, 3) for value in values] == written
    assert number(240.13, 4) == "240.1"


def test_a_persons_own_style_moves_nothing() -> None:
    own = {"savefig.bbox": "tight", "font.size": 20, "lines.linewidth": 9, "figure.dpi": 300}
    with mpl.rc_context(own), theme():
        assert [mpl.rcParams[name] for name in own] == [None, 10, 2.2, 72]


@pytest.mark.parametrize("text", ["1. first", "2) second", "- third", "+ fourth"])
def test_a_text_that_starts_like_a_list_is_none(text: str) -> None:
    assert MarkdownIt().render(escape(text)).strip() == f"<p>{text}</p>"
