"""What if: every chapter runs to its end with other settings, in this process and by papermill."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from eastward import data
from eastward.claims import all_claims
from eastward.claims.verdicts import verdict
from eastward.claims.whatif import what_if
from tests.chapter import CHAPTERS, Run, run

TURNOVER = {"table": "trade_china_customs", "period": "2023", "flow": "turnover", "unit": "USD bn"}


def deciding(stem: str) -> list[str]:
    """Rows that decide the claims of a chapter; for the scorecard, those of all claims."""
    claims = [c.id for c in all_claims().values() if c.chapter == stem] or list(all_claims())
    return [row for claim in claims for v in verdict(claim, "hindsight").deciding for row in v.rows]


def main_source(stem: str) -> str:
    return str(Counter(data.rows(deciding(stem))["source"]).most_common(1)[0][0])


def main_figure(stem: str) -> list[dict[str, Any]]:
    """The first number that decides in a chapter, half as large again; nothing where none of its rows has a number."""
    for row in deciding(stem):
        schema = data.describe(row.partition(":")[0])["schema"]
        if "number" in [field["type"] for field in schema["fields"] if field["name"] == "value"]:
            found = data.rows([row]).iloc[0]
            where = {k: found[k] for k in schema["primaryKey"] if k != "value" and found[k] == found[k]}
            return [{"table": row.partition(":")[0], "value": 1.5 * found["value"], **where}]
    return []


SETTINGS: dict[str, Any] = {
    "tolerance and a figure overridden": lambda stem: {"tolerance": 0.2, "override": main_figure(stem)},
    "day in 2022": lambda stem: {"day": "2022-06-30"},
    "source left out": lambda stem: {"without": {"source": main_source(stem)}},
}


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("stem", CHAPTERS)
def test_every_chapter_runs_to_its_end(stem: str, setting: str) -> None:
    parameters = SETTINGS[setting](stem)
    done = run(stem, forgiving=True, **parameters)
    claims = {c.id for c in all_claims().values() if c.chapter == stem}
    assert set(done.cards) == claims, "each card is shown, if only as not testable"
    for line in done.explained:
        assert re.fullmatch(r"With these settings this cell has no result: [^\n]+\.", line)
        assert not re.search(r"Error|index|\[|None", line), "nothing of Python's own words"
    titles = [figure.title for figure in done.figures.values()]
    assert len(set(titles)) == len(titles), "no figure takes another's finding"
    for card in done.cards.values():
        for shown in (card.at_publication, card.questions[0][1]):
            assert shown.variants or shown.claim.basis == "judged" or shown.reason, shown.claim.id


@pytest.mark.parametrize("written", [215, "215", 215.0])
def test_an_overridden_figure_changes_card_and_words(written: object) -> None:
    done = run("04-trade-turnover", forgiving=True, override=[{**TURNOVER, "value": written}])
    card = done.cards["C08"]
    assert card.at_publication.status == card.questions[0][1].status == "contradicted"
    assert card.questions[0][1].observed == 215
    assert "trade_china_customs" in card.html()
    assert any("trade reached 240 bn USD in 2023 by Chinese data" in words for words in done.broken)
    assert not any("this chapter computes" in words for words in done.broken), "the chapter's own cell follows"


OWN: dict[str, tuple[dict[str, Any], Callable[[Run], bool]]] = {
    "03-turn-east": ({"start": 2012}, lambda done: "since 2012" in done.figures["fig-turn-east-regions"].title),
    "04-trade-turnover": (
        {"base_years": [2017, 2020]},
        lambda done: done.cards["C13"].questions[0][1].observed == pytest.approx(240.11 / 84.07, rel=0.01),
    ),
    "06-rubles-and-yuan": ({"starts": ["2023-06"], "ends": ["2024-02"]}, lambda done: done.facts["fall"] != "16"),
    "07-sanctions-and-law": (
        {"target": "PRK", "days": 100},
        lambda done: (
            (done.cards["C17"].at_publication.status, len(done.tables["tab-third-countries"].frame))
            == ("contradicted", 3)
        ),
    ),
    "09-tariffs": (
        {"base_years": [2019, 2021]},
        lambda done: "93 per cent came by 2023" in done.figures["fig-tariff-timing"].title,
    ),
    "10-balancing-duo": (
        {"speaker": "Dmitry Peskov"},
        lambda done: (
            {"not testable", "Lavrov did say it, on 14 May 2024"}
            <= {done.cards["C24"].at_publication.status, *done.broken}
        ),
    ),
}
"""Parameters of a chapter's own, and what they change."""


@pytest.mark.parametrize("stem", OWN)
def test_a_chapters_own_parameters_are_used_by_card_figure_and_prose(stem: str) -> None:
    parameters, changed = OWN[stem]
    done = run(stem, forgiving=True, **parameters)
    assert changed(done)
    assert not any("this chapter computes" in words for words in done.broken)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"without": {"source": "sputnik2024janfev"}}, "without: there is no source 'sputnik2024janfev'; did you mean 'sputnik2024janfeb'?"),
        ({"without": {"variant": "C13.mars"}}, "without: there is no variant 'C13.mars'; use one of: C13.chinese"),
        ({"override": [{**TURNOVER, "value": "many"}]}, "override: 'many' is no number; write a plain number"),
        ({"override": [{**TURNOVER, "period": "1723", "value": 1}]}, "override: no row of trade_china_customs has "),
        ({"override": [{"table": "trade_china_customs", "year": "2023", "value": 1}]}, "override: trade_china_customs has no column 'year'"),
        ({"without": "sputnik2024janfeb"}, "without: 'sputnik2024janfeb' is no mapping"),
        ({"override": ["x"]}, "override: 'x' is no mapping; give table, value and the columns that select rows"),
        ({"override": [{**TURNOVER, "value": float("nan")}]}, "override: nan is no number"),
        ({"override": [{"table": "trade_china_customs", "value": 3}]}, "override: {'table': 'trade_china_customs', 'value': 3} selects no rows"),
        ({"C13": {"base_yers": [2017]}}, "C13: its rule has no parameter 'base_yers'; use one of: year, base_years"),
        ({"C13": {"base_years": 2018}}, "C13: base_years is 2018; write it like [2018, 2019]"),
        ({"C12": {"margin": "two"}}, "C12: margin is 'two'; write it like 2"),
        ({"C13": 5}, "C13: 5 names no parameter"),
        ({"day": None}, "day: None is no day"),
        ({"day": "2024-05-17/2024-06-01"}, "day: '2024-05-17/2024-06-01' is no day"),
        ({"day": "2024-13-01"}, "day: '2024-13-01' is no day; write it like '2024-05-17'"),
        ({"tolerance": "much"}, "thresholds: tolerance is 'much'; write a number from 0 to 0.2, such as 0.05"),
        ({"thresholds": {"plenty": 2}}, "thresholds: there is none called 'plenty'; use one of: tolerance"),
        ({"C99": {"margin": 2}}, "what if: 'C99' is no claim; use an id of data/claims.yaml"),
    ],
)  # fmt: skip
def test_a_setting_that_names_what_there_is_not_gives_one_line(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(data.DataError) as error:
        what_if(**setting)
    assert str(error.value).startswith(message)
    assert error.value._render_traceback_() == [str(error.value)]


def test_settings_are_said() -> None:
    assert what_if() is None
    note = str(what_if(tolerance=0.1, without={"source": "sputnik2024janfeb"}, C13={"base_years": [2017, 2020]}))
    assert all(
        part in note for part in ("'tolerance' is 0.1", "source sputnik2024janfeb", "C13 has base_years [2017, 2020]")
    )


def test_by_papermill(tmp_path: Path) -> None:
    stem, parameters = "04-trade-turnover", {"override": [{**TURNOVER, "value": 215}], "tolerance": 0.2}
    made = tmp_path / "out.ipynb"
    papermill.execute_notebook(CHAPTERS[stem], made, parameters, cwd=str(CHAPTERS[stem].parent), progress_bar=False)
    outputs = [output for cell in nbformat.read(made, 4).cells for output in cell.get("outputs", [])]
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    assert any("What if: " in text for text in texts)
    cards = [text for text in texts if re.match(r"C\d\d ", text)]
    assert len(cards) == sum(c.chapter == stem for c in all_claims().values())
