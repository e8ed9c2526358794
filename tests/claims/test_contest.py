"""Set it your way: the page's script and Python give one verdict; settings mean what they say."""

import gzip
import json
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from eastward import data
from eastward.claims import contest, questions, thresholds
from eastward.claims.scorecard import scorecard
from eastward.claims.settings import TRAITS
from eastward.claims.verdicts import UNTESTABLE, verdict
from tests.conftest import PackageCopy, examples

RULES = data.root() / "book" / "_static" / "contest-rules.js"
NODE = f"""
const rules = require({json.dumps(str(RULES))});
const [cases, asked] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = asked.map(([id, setting]) => rules.judge(cases, setting, id));
console.log(JSON.stringify(found.map((v) => [v.status, v.caveat, v.standIn])));
"""


def settings(count: int) -> list[tuple[str, dict[str, Any]]]:
    """Random settings, by question and day so that what was observed is kept; those of one question share a few days."""
    draw, found, cases = random.Random(16), [], contest.cases()
    variants = list(zip(*cases["variants"], strict=True))
    for name, q in questions().items():
        asked = cases["questions"][name]
        listed = {v for lists in asked.get("lists", {}).values() for one in lists for v in cases["lists"][one]}
        own = [variants[v] for v in sorted(listed)]
        near = [cases["sources"][key] for v in own for key in v[7]] or cases["sources"]
        days = ["publication", "hindsight", *draw.sample(asked.get("days", []), min(3, len(asked.get("days", []))))]
        days = [day for day in days if day > "2000"]
        days += [str(date(2016, 1, 1) + timedelta(days=draw.randrange(3800))) for _ in range(2)]
        inside = [t for t in q.uses if any(key.startswith(f"{t}=") for key in asked.get("lists", {}))]
        few = [{t: draw.choice(thresholds()[t].sweep) for t in inside if draw.random() < 0.8} for _ in range(4)]
        for _ in range(-(-count // len(questions()))):
            numbers = dict(draw.choice(few))
            for t in (t for t in q.uses if t not in inside and draw.random() < 0.6):
                low, *_, high = sweep = thresholds()[t].sweep
                numbers[t] = draw.choice(sweep) if draw.random() < 0.3 else draw.uniform(low, high)
            without: dict[str, list[str]] = {}
            for _ in range(draw.choice([0, 1, 1, 2, 3])):
                key, *names = draw.choice(near)
                trait = draw.choice([*TRAITS, "variant"])
                if trait == "source":
                    without.setdefault(trait, []).append(key)
                elif trait != "variant":
                    without.setdefault(trait, []).append(cases["names"][names[TRAITS.index(trait)]])
                elif own:
                    without.setdefault(trait, []).append(f"{name}.{draw.choice(own)[0]}")
            found.append((name, {"day": draw.choice(days), "thresholds": numbers, "without": without}))
    return sorted(found, key=lambda one: (one[0], one[1]["day"], str(one[1]["thresholds"])))


def test_page_and_python_agree_on_thousands_of_settings() -> None:
    asked = settings(examples(10_000))
    assert len(asked) >= 1000
    given = json.dumps([contest.cases() | {"day": str(data.PUBLICATION)}, asked])
    done = subprocess.run(["node", "-e", NODE], input=given, capture_output=True, text=True, check=True)
    for (name, setting), found in zip(asked, json.loads(done.stdout), strict=True):
        ours = verdict(name, **setting)
        assert [ours.status, ours.caveat, list(ours.stand_in)] == found, (name, setting)


def test_what_falls_is_not_computed_anew_and_a_day_hides_what_came_later() -> None:
    first = verdict("C24")
    left = verdict("C24", without={"variant": f"C24.{first.deciding[0].id}"})
    assert left.stand_in == (left.deciding[0].id,)
    assert left.deciding[0].id in {v.id for v in first.variants}
    gone = verdict("C24", without={"variant": [f"C24.{v.id}" for v in first.variants]})
    assert (gone.status, gone.reason) == (UNTESTABLE, "nothing is left that decides it")
    assert verdict("C36", "2024-05-15").status == UNTESTABLE
    assert verdict("C36", "2024-05-17").status == verdict("C36").status
    with pytest.raises(data.DataError, match="day: 'tomorrow' is no day"):
        verdict("C36", "tomorrow")


def test_the_scorecard_and_the_command_take_settings() -> None:
    card = scorecard({"much": 4}, {"grade": "relay"}, "2024-03-01").set_index("claim")
    assert set(card["date"]) == {"2024-03-01"}
    assert card.at["C12", "status"] == verdict("C12", "2024-03-01", {"much": 4}, {"grade": "relay"}).status
    options = "-m eastward.claims --day 2024-03-01 --without grade=relay --threshold"
    command = [sys.executable, *options.split()]
    done = subprocess.run([*command, "much=4"], capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in questions())
    done = subprocess.run([*command, "plenty=4"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("claims: thresholds: there is none called 'plenty'; use one of: tolerance")


def test_each_turn_is_a_turn_and_the_nearest() -> None:
    for r in contest.robustness().query("setting == 'threshold' and status != ''").itertuples():
        ours = thresholds()[r.name].value
        assert verdict(r.claim, thresholds={r.name: r.value}).status == r.status != verdict(r.claim).status
        if r.value not in thresholds()[r.name].sweep:
            nearer = r.value + 2e-4 * ours * (1 if r.value < ours else -1)
            assert verdict(r.claim, thresholds={r.name: nearer}).status == verdict(r.claim).status


def test_what_was_found_is_kept_until_what_was_read_for_it_changes(package: PackageCopy) -> None:
    file = contest.file("C30")

    def found() -> tuple[int, str, set[str]]:
        contest._found("C30")
        read = json.loads(file.with_suffix(".read").read_text())
        return file.stat().st_mtime_ns, read["digest"], set(read["tables"])

    at, digest, tables = before = found()
    assert {"diplomacy_brics", "institutions"} <= tables < set(data.tables())
    package.edit("oil_price", "locator", "elsewhere")
    package.cite(data.load("diplomacy_brics")["source"].iloc[0], urldate="2026-11-30")
    assert found() == before
    package.edit("diplomacy_brics", "locator", "elsewhere")
    again = found()
    assert (again[0] == at, again[1] == digest) == (True, False), "found anew, and the same: no page is read again"
    package.edit("diplomacy_brics", "date", "2024-06-22", kind="summit")
    assert found()[0] != at


def test_the_page_stays_light() -> None:
    scripts = [Path(RULES).with_name(name).read_bytes() for name in ("contest.js", "contest-rules.js")]
    found = json.dumps(contest.cases(), ensure_ascii=False, separators=(",", ":")).encode()
    assert sum(len(gzip.compress(part, 9)) for part in (*scripts, found)) < 40_000
