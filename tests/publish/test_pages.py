"""Pages written from the data: the claims in the op-ed's order, each with verdicts, rule and chapter."""

from __future__ import annotations

import re

from eastward import data
from eastward.claims import all_claims
from eastward.claims.verdicts import AS_OF, verdict
from eastward.publish import pages
from eastward.publish.sphinx import html as website
from eastward.show.cards import with_caveat
from eastward.show.words import badge, escape, status_class, worded
from tests.conftest import PackageCopy


def test_claims_stand_in_the_order_of_the_op_ed() -> None:
    text = pages.page("claims")
    assert text.count("\n\n**Rule (") == text.count("**Rule ("), "a rule is a paragraph of its own"
    found = re.findall(r"^## (C\d\d):", text, flags=re.MULTILINE)
    assert sorted(found) == sorted(all_claims())
    places = [(all_claims()[i].paragraph or 99, all_claims()[i].caption) for i in found]
    assert places == sorted(places)


def test_scorecard_and_list_agree_on_every_verdict() -> None:
    card, listed = pages.page("scorecard"), pages.page("claims")
    for claim in all_claims():
        now, later = (with_caveat(v, badge(v.status)) for v in (verdict(claim, day) for day in AS_OF))
        row = next(line for line in card.splitlines() if line.startswith(f"| [{claim}]"))
        assert f"| {now} | {later} |" in row
        section = listed.split(f"({claim.lower()})=")[1].split("\n(c")[0]
        assert f"On 17 May 2024: {now}. With hindsight: {later}." in section
        assert escape(all_claims()[claim].quoted) in section


def test_each_tested_claim_opens_its_evidence() -> None:
    sections = {part[:3].upper(): part for part in re.split(r"^\(", pages.page("claims"), flags=re.MULTILINE)[1:]}
    for claim in all_claims():
        later = verdict(claim, "hindsight")
        shown = later if later.variants else verdict(claim, "publication")
        table = sections[claim].partition("{dropdown}")[2]
        assert bool(table) or not shown.variants
        assert all(escape(worded(variant.label)) in table for variant in shown.variants), claim


MARKED = re.compile(
    r"\[\[((?:[^\[\]]|\\[\[\]])+)\]\(#verdict-(c\d\d)\) \[(.*?)\]\{\.ew-told\}\]\{\.ew-mark \.([\w-]+)\}"
)


def test_the_strip_shows_every_claim_once_in_the_texts_order_with_its_verdicts() -> None:
    lines = [line for line in pages.page("strip").splitlines() if line.startswith("- ")]
    assert [MARKED.search(line)[2].upper() for line in lines] == [c.id for c in pages.in_text_order()]
    for line, claim in zip(lines, pages.in_text_order(), strict=True):
        now, later = (verdict(claim.id, day).status for day in AS_OF)
        assert escape(claim.short) in line
        told = re.findall(r"\[\S+ ([a-z ]+)\]\{\.verdict", line)
        assert told == ([now] if now == later else [now, later])


def test_the_marked_up_text_quotes_every_claim_once_with_its_verdicts_and_caveats() -> None:
    text = pages.page("op-ed")
    found = {m[2].upper(): m for m in MARKED.finditer(text)}
    assert text.count("#verdict-") == len(found) == len(all_claims())
    for claim in all_claims().values():
        words, told, colour = found[claim.id][1], found[claim.id][3], found[claim.id][4]
        assert words == escape(claim.quoted)
        now, later = (verdict(claim.id, day) for day in AS_OF)
        assert colour == status_class(now.status)
        assert with_caveat(now, badge(now.status)) in told
        assert with_caveat(later, badge(later.status)) in told
        assert (", with hindsight " in told) == ((now.status, now.caveat) != (later.status, later.caveat))
        assert ("is it so?" in told) == bool(claim.so)
    paragraphs = re.findall(r"^(\d+)\. ", text, flags=re.MULTILINE)
    assert paragraphs == [str(n) for n in range(1, 12)]
    assert len(re.findall(r"^- \*Caption\.\*", text, flags=re.MULTILINE)) == 2


def test_a_claim_card_carries_its_facts_and_leads_to_its_chapter() -> None:
    claim = all_claims()["C08"]
    body = f'<section id="c08-x">\n<span id="c08"></span><a href="../notebooks/{claim.chapter}.html">its chapter</a></section>'
    card = website.claim_cards(body, {"verdict-c08": ("", "")})
    assert f'data-status="{verdict("C08", "publication").status}"' in card
    assert f'data-basis="{claim.basis}"' in card
    assert f'{claim.chapter}.html#verdict-c08"' in card
    assert "#verdict-c08" not in website.claim_cards(body, {})


def test_links_to_claims_say_what_the_claim_is() -> None:
    linked = website.previews(
        '<a class="reference internal" href="claims.html#c08">C08</a> <a class="reference internal" href="x.html#c99">'
    )
    assert all_claims()["C08"].short.split("’")[0] in linked
    assert 'href="x.html#c99">' in linked


def test_catalogue_tells_what_each_table_is_used_for() -> None:
    used = pages.uses()
    claims, chapters = used["trade_china_customs"]
    assert {"C08", "C13"} <= set(claims)
    assert "04-trade-turnover" in chapters
    for claim in all_claims().values():
        asked = [q.id for q in (claim, claim.so) if q]
        tables = {r.partition(":")[0] for q in asked for v in verdict(q, "hindsight").variants for r in v.rows}
        assert tables == {table for table, (ids, _) in used.items() if claim.id in ids}, claim.id


def test_names_carry_their_language(package: PackageCopy) -> None:
    text = pages.page("names")
    assert "[中国人民银行]{.language-zh}" in text
    assert "[ТАСС]{.language-ru}" in text
    package.edit("agency_names", "name", "Имя*", agency="TASS")
    assert "[Имя\\*]{.language-ru}" in pages.page("names")
    assert text.count("{cite:p}") == len(data.load("agency_names"))


def test_the_overview_of_the_catalogue_names_each_table_once() -> None:
    listed = re.findall(r"\{ref\}`table-(\w+)`", (data.root() / "book" / "catalogue.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(data.tables())
