"""How numbers are written for readers."""

import pytest

from eastward.show.words import number


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
