"""Pages written from the data: the claims in the op-ed's order, each with verdicts, rule and chapter; pages for print."""

import re
from pathlib import Path

import pytest

from eastward import data
from eastward.claims import all_claims
from eastward.claims.verdicts import AS_OF, verdict
from eastward.publish import pages, paper
from eastward.publish.sphinx import html as website
from eastward.show.cards import with_caveat
from eastward.show.words import badge, escape, status_class, worded
from tests.conftest import PackageCopy, copied_book, edit


def test_claims_stand_in_the_order_of_the_op_ed_with_the_verdicts_of_the_scorecard() -> None:
    card, listed = pages.page("scorecard"), pages.page("claims")
    assert listed.count("\n\n**Rule (") == listed.count("**Rule ("), "a rule is a paragraph of its own"
    found = re.findall(r"^## (C\d\d):", listed, flags=re.MULTILINE)
    assert sorted(found) == sorted(all_claims())
    places = [(all_claims()[i].paragraph or 99, all_claims()[i].caption) for i in found]
    assert places == sorted(places)
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
        words, _, told, colour = found[claim.id].groups()
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


def test_cards_and_links_tell_of_their_claim() -> None:
    claim = all_claims()["C08"]
    to = f'<a href="../notebooks/{claim.chapter}.html">chapter</a>'
    body = f'<section id="c08-x">\n<span id="c08"></span>{to}</section>'
    card = website.claim_cards(body, {"verdict-c08": ("", "")})
    assert f'data-status="{verdict("C08", "publication").status}"' in card
    assert f'data-basis="{claim.basis}"' in card
    assert f'{claim.chapter}.html#verdict-c08"' in card
    assert "#verdict-c08" not in website.claim_cards(body, {})
    link = '<a class="reference internal" href="{}">'
    linked = website.previews(link.format("claims.html#c08") + link.format("x.html#c99"))
    assert claim.short.split("’")[0] in linked
    assert link.format("x.html#c99") in linked


def test_catalogue_tells_what_each_table_is_used_for() -> None:
    used = pages.uses()
    listed = re.findall(r"\{ref\}`table-(\w+)`", (data.root() / "book" / "catalogue.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(data.tables())
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


@pytest.mark.book
def test_generated_pages_follow_the_data(tmp_path: Path) -> None:
    """Pages are written again when, and only when, something they show has changed."""
    root = copied_book(tmp_path / "book", "contest")
    assert pages.generate(root)
    assert not pages.generate(root)
    page = root / "_build" / "generated" / "claims.md"
    before = page.read_text(encoding="utf-8")
    edit(root / "data" / "trade_china_customs.csv", ",240.11,", ",240.31,")
    assert pages.generate(root)
    assert page.read_text(encoding="utf-8") != before
    page.unlink()
    assert pages.generate(root)
    assert page.is_file()


PRINTED = (
    '<nav>x</nav><article class="bd-article"><a class="headerlink" href="#top">#</a><a href="claims.html#c08">C08</a><a href="https://x.org/">x</a>'
    '<svg role="img" aria-label="240 &lt; 303" viewBox="0 0 1 1"><path style="fill: var(--ew-2f6fc1, #2f6fc1); stroke: currentColor"/><use href="#m"/></svg></article><footer/>'
)


def test_the_article_alone_is_printed_with_links_that_lead_somewhere_and_plain_drawings() -> None:
    found = paper.plain(PRINTED)
    assert found.startswith("<article")
    assert found.endswith("</article>")
    assert '<span>C08</span><a href="https://x.org/">' in found
    assert '<use href="#m"/>' in found, "what a drawing repeats stays"
    assert "<title>240 &lt; 303</title>" in found
    assert "fill: #2f6fc1" in found
    assert not re.search(r"var\(|currentColor", found)
    whole = paper.plain(PRINTED, "https://e.org/b/book/brief.html")
    assert 'href="https://e.org/b/book/claims.html#c08"' in whole
    assert 'href="https://x.org/"' in whole


def test_a_chapter_lists_the_sources_that_it_cites_and_links_to_them() -> None:
    cites = '<article><span class="bibtex-citation" id="id1">Mikovic [<a href="../book/references.html#b" title="t">2024</a>]</span></article>'
    listed = "".join(f'<div class="citation" id="{key}">\n<p>Source {key}</p>\n</div>' for key in "abc")
    found = paper.plain(cites, references=listed)
    assert '<a href="#source-b" title="t">Mikovic [2024]</a>' in found
    assert re.findall("<li id=.*?</li>", found) == ['<li id="source-b">Source b</li>']


@pytest.mark.skipif(not paper.printable(), reason="Pango is not installed, so there is no PDF of a page")
def test_a_letter_that_no_font_has_is_named(tmp_path: Path) -> None:
    with pytest.raises(paper.PaperError, match=r"a\.pdf: .*U\+12000"):
        paper._press("<p>\U00012000</p>", tmp_path / "a.pdf", tmp_path / "kept" / "a.html")
    assert not (tmp_path / "a.pdf").exists()
    assert not (tmp_path / "kept" / "a.html").exists()
