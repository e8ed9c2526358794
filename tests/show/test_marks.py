"""Values at marks agree with the data drawn; what was public later stands in a group of its own."""

import io
import re
from collections import Counter

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from eastward import data
from eastward.evidence import trade
from eastward.publish.sphinx.render import lean
from eastward.show.figure import NARROW, ROW, Figure, draw, painted, sources_behind
from eastward.show.marks import LATER, Mark, Tips, among, public
from eastward.show.theme import canvas
from tests.chapter import run
from tests.conftest import PackageCopy

OF_VERDICTS = {"fig-all-verdicts", "fig-verdicts-by-kind", "fig-robustness"}
"""Figures that rest on the verdicts, not on rows of their own."""

WRITTEN = {
    "fig-exports-by-region", "fig-partners-2023", "fig-asia-definitions", "fig-swap-of-regions", "fig-first-trip-shares",
    "fig-cars-exits", "fig-tariff-timing", "fig-tariff-goods", "fig-tariff-destinations", "fig-sanctions-count",
    "fig-delegation-seats", "fig-verdicts-by-kind", "fig-visit-rhythm", "fig-roosevelt-saying", "fig-robustness",
}  # fmt: skip
"""Figures whose values are written at their marks, or whose marks are years and events that are named there."""


def _number_matches(text: str, wanted: float, slack: float) -> bool:
    """Whether a number in the text is the wanted one, up to its own rounding and the slack."""
    for found in re.findall(r"(?<![\d.])[-+−]?\d+(?:\.\d+)?", text.replace("–", " ")):
        half = 0.5 * 10.0 ** -len(found.partition(".")[2])
        if abs(float(found.replace("−", "-")) - wanted) <= half + slack:
            return True
    return False


def test_marks_say_what_their_place_shows(drawn: dict[str, Figure]) -> None:
    """Read back from the drawing, a mark's coordinates are numbers of its text."""
    checked = 0
    for figure in drawn.values():
        figure.marks()
        figure.marks(narrow=True)
        for drawing, tips in ((d, t) for d in (figure.drawing, figure.narrow) for t in figure.tips if d):
            axes = drawing.axes[tips.axes] if isinstance(tips.axes, int) else tips.axes
            width, height = (72 * side for side in drawing.get_size_inches())
            for mark in tips.marks(figure.data, drawing):
                assert 0 <= mark.x <= width, f"{figure.id}: {mark}"
                assert 0 <= mark.y <= height, f"{figure.id}: {mark}"
                place = drawing.transFigure.transform((mark.x / width, 1 - mark.y / height))
                near = drawing.transFigure.transform(((mark.x + 1) / width, 1 - (mark.y + 1) / height))
                here, there = (axes.transData.inverted().transform(p) for p in (place, near))
                for column, at, by in ((tips.x, here[0], there[0]), (tips.y, here[1], there[1])):
                    if isinstance(column, str) and not isinstance(figure.data[column].iloc[0], str):
                        assert _number_matches(mark.text, at, 0.6 * abs(by - at)), f"{figure.id}: {mark} is at {at:g}"
                        checked += 1
    assert checked > 3000


def test_later_rows_are_told_and_grouped(drawn: dict[str, Figure]) -> None:
    both = 0
    for figure in drawn.values():
        svg = figure.svg()
        assert f'id="{figure.id}-{LATER}"' not in svg
        ids = re.findall(r'\bid="([^"]+)"', svg + figure.svg(narrow=True) + figure.save("svg").decode())
        assert max(Counter(ids).values()) == 1, figure.id
        assert (f'class="{LATER}"' in lean(svg)) == (f'class="{LATER}"' in svg)
        if "known" not in figure.data or figure.data["known"].all():
            continue
        words = pd.read_csv(io.StringIO(figure.csv()))["known"]
        assert set(words) == {"on publication", "later"}, figure.id
        assert f'class="{LATER}"' in svg, figure.id
        if figure.tips:
            assert any(mark.known for mark in figure.marks()) or figure.id == "fig-cars-goods"
            assert any(not mark.known for mark in figure.marks()), figure.id
        both += 1
    assert both >= 20


def test_public_up_to_the_day_by_the_rows_behind_or_among_former_ones(package: PackageCopy) -> None:
    days = pd.to_datetime(pd.Series(["2024-05-17", "2024-05-18", None]))
    assert public(pd.DataFrame({"known": days})).tolist() == [True, False, False]

    def of_2023() -> pd.DataFrame:
        return trade.china_turnover().query("year == 2023")

    assert public(of_2023()).tolist() == [True]
    package.cite(sources_behind(of_2023()["rows"])[0], date="2025-01-01", year="2025")
    assert public(of_2023()).tolist() == [False]

    now = pd.DataFrame({"year": [2023, 2024], "flow": ["a", "a"]}, index=[7, 3])
    then = pd.DataFrame({"year": [2023, 2024], "flow": ["a", "b"]})
    assert among(now, then, "year", "flow").to_dict() == {7: True, 3: False}


def test_words() -> None:
    drawing, axes = canvas()
    axes.set(xlim=(0, 10), ylim=(0, 10))
    known, other = (1.0, 1.0, "CHN", 1.5, "2024-05-16"), (2.0, 2.0, "XXX", None, "2022-01/2022-03")
    frame = pd.DataFrame([known, other, (None, 3.0, "USA", 2.0, "2020")], columns=["x", "y", "who", "v", "p"])
    drawing.draw_without_rendering()
    marks = Tips("x", "y", "{who:name} {v:.1f} {p:when}", y0=0, axes=axes).marks(frame, drawing)
    assert [m.text for m in marks] == ["China 1.5 16 May 2024", "XXX – January 2022 to March 2022"]
    assert marks[0].x == marks[0].x0
    assert marks[0].y < marks[0].y0
    assert [m.text for m in Tips("x", "y", "{p}", {"who": "CHN"}, axes=axes).marks(frame, drawing)] == ["2024-05-16"]
    assert str(Mark(1, 2, 1, 2, "a: 3", True)) == "1,2 a: 3"
    assert str(Mark(1, 2, 1, 9, "a", False)) == "+1,2,1,9 a"


def test_every_figure_states_its_finding_tells_its_values_and_has_a_narrow_drawing(drawn: dict[str, Figure]) -> None:
    assert len(drawn) == 52
    assert {i for i, figure in drawn.items() if not figure.marks()} == WRITTEN
    for figure in drawn.values():
        assert not figure.data.empty, figure.id
        assert any(c.isdigit() for c in figure.alt), figure.id
        assert set(figure.sources) <= set(data.sources()), figure.id
        assert figure.sources or figure.id in OF_VERDICTS, figure.id
        assert figure.narrow is not None, figure.id
        assert figure.narrow.get_figwidth() == NARROW, figure.id
        told, narrow = figure.marks(), figure.marks(narrow=True)
        assert [(mark.text, mark.known) for mark in narrow] == [(mark.text, mark.known) for mark in told], figure.id
        assert figure.svg(narrow=True).count(f'class="{LATER}"') == figure.svg().count(f'class="{LATER}"'), figure.id
        if figure.title_then:
            assert figure.title_then != figure.title
            assert f'class="{LATER}"' in figure.svg(), figure.id


def test_the_same_drawing_gives_the_same_bytes() -> None:
    first, second = (run("05-europe-and-asia").figures for _ in range(2))
    for name, figure in first.items():
        for narrow in (False, True):
            assert figure.svg(narrow) == second[name].svg(narrow), name


def test_long_names_of_rows_are_wrapped_and_numbers_do_not_touch() -> None:
    def paint(ax: Axes) -> None:
        ax.set_yticks(range(4), [f"a name of a row that is much too long {n}" for n in range(4)])
        ax.set_xticks(range(2000, 2020))

    wide, narrow = painted(paint, 2)
    names = [label.get_text() for label in narrow.axes[0].get_yticklabels()]
    years = narrow.axes[0].get_xticklabels()
    assert max(len(line) for name in names for line in name.splitlines()) <= ROW
    assert len(years) < len(wide.axes[0].get_xticklabels())
    assert narrow.get_figheight() > wide.get_figheight()


def test_seaborn_breaks_lines_at_holes_and_joins_what_was_later() -> None:
    _, axes = canvas()
    frame = pd.DataFrame({"x": range(6), "y": [1, 2, None, 4, 5, 6], "who": "a", "known": [True] * 5 + [False]})
    draw(sns.lineplot, frame, axes, "x", "y", "who", {"a": "red"})
    drawn = sorted((line.get_gid() or "", list(line.get_xdata())) for line in axes.lines if len(line.get_xdata()))
    assert drawn == [("", [0, 1]), ("", [3, 4]), (LATER, [4, 5])]


def test_seaborn_keeps_the_places_of_bars() -> None:
    _, axes = canvas()
    frame = pd.DataFrame({"value": [3.0, 2.0, 1.0], "name": ["a", "b", "c"], "known": [True, False, True]})
    draw(sns.barplot, frame, axes, "value", "name")
    bars = [bar for bar in axes.patches if bar.get_width() > 0]
    seen = {round(bar.get_y() + bar.get_height() / 2): (bar.get_width(), bar.get_gid()) for bar in bars}
    assert seen == {0: (3.0, None), 1: (2.0, LATER), 2: (1.0, None)}
