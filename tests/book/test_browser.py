"""The built book in a real browser: quiet, self-contained, narrow and wide, light and dark, by keyboard, printed, from a file, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, Route, sync_playwright

from eastward import data
from eastward.claims import all_claims
from eastward.claims.verdicts import verdict
from eastward.publish import contents
from eastward.publish.pages import in_text_order
from eastward.show.marks import Mark
from eastward.upkeep.serve import serving
from tests.chapter import run

from .browser import SITE, launch, npm, pages

pytestmark = pytest.mark.book
CHAPTER = "notebooks/04-trade-turnover.html"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """tags => axe.run({runOnly: tags}).then(r => r.violations.flatMap(
    v => v.nodes.map(n => `${v.id}: ${n.target.join(" ")} ${n.failureSummary}`)))"""
FAINT = """() => {
    // Texts of figures with a contrast below WCAG's 4.5 to 1, on the mark under their middle or else on the page.
    const light = c => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    const luminance = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b); };
    const page = getComputedStyle(document.body).backgroundColor;
    const ground = text => {
        text.scrollIntoView({block: "center", behavior: "instant"});
        const box = text.getBoundingClientRect();
        const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
            .find(e => e.closest("svg") && !e.closest("text") && e.localName !== "svg" && getComputedStyle(e).fill !== "none");
        return under && getComputedStyle(under).opacity > 0.9 && getComputedStyle(under).fillOpacity > 0.9 ? getComputedStyle(under).fill : page;
    };
    return [...document.querySelectorAll(".ew-drawing svg text")].filter(t => t.textContent.trim() && t.checkVisibility()).map(t => {
        const [a, b] = [luminance(getComputedStyle(t).fill), luminance(ground(t))];
        return [t.textContent.trim(), getComputedStyle(t).fill, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    }).filter(([, , ratio]) => ratio < 4.5);
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(SITE) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


def opened(browser: Browser, **options: Any) -> Page:
    """A page in a fresh context that notes console errors and requests that fail or leave this machine."""
    page: Page = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options}).new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.faults = faults  # type: ignore[attr-defined]
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.on(
        "request", lambda r: None if r.url.startswith(("http://127.0.0.1:", "data:", "file:")) else faults.append(r.url)
    )

    def answered(response: Response) -> None:
        if response.status >= 400:
            faults.append(f"{response.status} {response.url}")

    page.on("response", answered)
    return page


def faults(page: Page) -> list[str]:
    """What went wrong since the last call."""
    found: list[str] = page.faults[:]  # type: ignore[attr-defined]
    page.faults.clear()  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_page_is_quiet_and_fits(browser: Browser, site: str, width: int, scheme: str) -> None:
    page = opened(browser, viewport={"width": width, "height": 800}, color_scheme=scheme)
    for name in pages():
        page.goto(f"{site}/{name}")
        assert faults(page) == [], name
        assert page.evaluate(OVERFLOW) <= 0, f"{name} scrolls sideways at {width} pixels"
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        assert (
            page.locator("input[type=search]:visible:not(.ew-search), .search-button__button:visible").count() == 1
        ), name
    page.context.close()


@pytest.mark.parametrize("name", ["book/index.html", "book/brief.html"])
def test_the_first_pages_fit_a_small_phone(browser: Browser, site: str, name: str) -> None:
    page = opened(browser, viewport={"width": 320, "height": 640})
    page.goto(f"{site}/{name}")
    assert page.evaluate(OVERFLOW) <= 0
    small = """() => [...document.querySelectorAll(".ew-strip *, .ew-op-ed *")].filter(
        e => e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 10).length"""
    assert page.evaluate(small) == 0
    page.context.close()


def test_the_marked_up_text_starts_within_two_screens(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/book/index.html")
    assert page.locator("#the-op-ed-marked-up").bounding_box()["y"] <= 2 * 800
    page.context.close()


def test_a_mark_leads_to_its_card(browser: Browser, site: str) -> None:
    page = opened(browser)
    for part in (".ew-strip", ".ew-op-ed"):
        page.goto(f"{site}/book/index.html")
        page.locator(f"{part} a[href$='#verdict-c08']").click()
        page.wait_for_url("**/04-trade-turnover.html#verdict-c08")
        assert page.locator("#verdict-c08").is_visible()
    page.context.close()


SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }"""


@pytest.mark.parametrize("width", [390, 320])
def test_pages_fit_with_the_text_spacing_of_wcag(browser: Browser, site: str, width: int) -> None:
    page = opened(browser, viewport={"width": width, "height": 800}, bypass_csp=True)
    for name in pages():
        page.goto(f"{site}/{name}")
        page.add_style_tag(content=SPACED)
        assert page.evaluate(OVERFLOW) <= 0, name
    page.context.close()


DRAWN = """() => [...document.querySelectorAll(".ew-drawing")].map(drawing => {
    const svg = [...drawing.querySelectorAll("svg")].find(s => s.getClientRects().length);
    const [frame, scale] = [svg.getBoundingClientRect(), svg.getScreenCTM().a];
    const texts = [...svg.querySelectorAll("text")].filter(t => t.textContent.trim());
    const out = texts.filter(t => { const b = t.getBoundingClientRect(); return b.left < frame.left - 4 || b.right > frame.right + 4; });
    return [drawing.closest("figure").id, Math.min(...texts.map(t => scale * parseFloat(getComputedStyle(t).fontSize))),
        drawing.scrollWidth - drawing.clientWidth, out.map(t => t.textContent)];
})"""


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_drawings_show_all_they_say_at_every_width(browser: Browser, site: str, width: int) -> None:
    page = opened(browser, viewport={"width": width, "height": 800})
    for name in (n for n in pages() if n.startswith("notebooks/")):
        page.goto(f"{site}/{name}")
        for figure, smallest, scrolled, cut in page.evaluate(DRAWN):
            assert smallest >= 10, f"{figure}: letters of {smallest:.1f} pixels"
            assert scrolled <= 0, f"{figure} scrolls sideways"
            assert cut == [], f"{figure} cuts texts off"
    page.context.close()


def test_the_sidebar_starts_at_its_top(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/book/limits.html")
    page.wait_for_load_state("load")
    assert page.locator(".bd-sidebar-primary").evaluate("e => e.scrollTop") == 0
    page.context.close()


def test_icons_and_pressed_buttons_stand_out_in_forced_colours(browser: Browser, site: str) -> None:
    page = opened(browser, viewport={"width": 390, "height": 800}, forced_colors="active")
    page.goto(f"{site}/book/claims.html")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    colour = "e => getComputedStyle(e).backgroundColor"
    icons = page.locator(".bd-header-article :is(.fa-solid, .fas):visible").evaluate_all(f"a => a.map({colour})")
    assert len(icons) > 2
    assert ground not in icons
    pressed, other = (
        page.locator(f".ew-asof button[aria-pressed={p}]").first.evaluate(colour) for p in ("true", "false")
    )
    assert pressed != other
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_found_stand_out(browser: Browser, site: str, scheme: str) -> None:
    page = opened(browser, color_scheme=scheme)
    page.goto(f"{site}/{CHAPTER}?highlight=customs")
    page.evaluate("SphinxHighlight.highlightSearchWords()")
    found = page.locator(".bd-article span.highlighted").first
    assert found.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]") == [
        "rgb(34, 38, 43)", "rgb(255, 224, 138)",
    ]  # fmt: skip
    page.context.close()


def test_printed_pages_have_their_title_and_use_the_sheet(browser: Browser, site: str) -> None:
    page = opened(browser, color_scheme="dark")
    page.emulate_media(media="print")
    for name in (CHAPTER, "book/claims.html"):
        page.goto(f"{site}/{name}")
        assert page.locator(".bd-article h1").first.is_visible()
        width, colour = page.locator(".bd-article").first.evaluate("e => [e.clientWidth, getComputedStyle(e).color]")
        assert width > 1180
        assert colour == "rgb(0, 0, 0)"
    page.context.close()


def test_back_to_the_claims_finds_the_list_as_it_was(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/book/claims.html")
    cards = page.locator("section.ew-claim:visible")
    page.get_by_role("button", name="With hindsight", exact=True).click()
    page.get_by_label("Status").select_option("contradicted")
    shown = cards.count()
    assert shown < len(all_claims())
    page.goto(f"{site}/{CHAPTER}")
    page.go_back()
    page.wait_for_selector(".ew-tools")
    assert page.get_by_label("Status").input_value() == "contradicted"
    assert page.get_by_role("button", name="With hindsight", exact=True).get_attribute("aria-pressed") == "true"
    assert cards.count() == shown
    page.context.close()


def test_a_link_to_a_claim_that_is_filtered_out_shows_it(browser: Browser, site: str) -> None:
    hidden = next(i for i in all_claims() if verdict(i, "publication").status != "contradicted")
    page = opened(browser)
    page.goto(f"{site}/book/claims.html")
    for _ in range(2):  # the address is the same the second time
        page.get_by_label("Status").select_option("contradicted")
        card = page.locator(f"section.ew-claim:has(#{hidden.lower()})")
        assert not card.is_visible()
        page.evaluate(f"""() => {{ const a = document.body.appendChild(document.createElement("a"));
            a.href = "#{hidden.lower()}"; a.click(); }}""")
        card.wait_for()
        assert page.get_by_label("Status").input_value() == ""
        assert 0 <= card.bounding_box()["y"] < 800  # type: ignore[index]
    page.context.close()


def policy_of_the_site() -> str:
    rules = dict(re.findall(r"^  ([\w-]+): (.+)$", (SITE / "_headers").read_text(encoding="utf-8"), re.MULTILINE))
    return rules["Content-Security-Policy"]


@pytest.mark.parametrize("guarded", [True, False], ids=["with the policy", "without"])
def test_an_injected_script_is_refused(browser: Browser, site: str, guarded: bool) -> None:
    """Scripts that would get into a page, by an element or by a handler, run only where no policy forbids it."""
    evil = "<script>window.evil = 1</script><img src=x onerror='window.evil = 2'>"
    page = opened(browser)

    def inject(route: Route) -> None:
        answer = route.fetch()
        headers = {**answer.headers, **({"content-security-policy": policy_of_the_site()} if guarded else {})}
        route.fulfill(response=answer, headers=headers, body=answer.text().replace("</body>", f"{evil}</body>"))

    page.route("**/*.html", inject)
    page.goto(f"{site}/book/index.html", wait_until="load")
    assert (page.evaluate("window.evil") is None) == guarded
    assert any("Content Security Policy" in fault for fault in faults(page)) == guarded
    page.context.close()


def test_pages_obey_their_own_policy(browser: Browser, site: str) -> None:
    policy = policy_of_the_site()
    assert "'unsafe-inline'" not in re.search(r"script-src [^;]*", policy)[0]  # type: ignore[index]
    page = opened(browser)

    def guarded(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    page.route("**/*.html", guarded)
    for name in pages():
        page.goto(f"{site}/{name}")
        assert faults(page) == [], name
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_violates_wcag(browser: Browser, site: str, scheme: str) -> None:
    axe = (npm() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page = opened(browser, color_scheme=scheme)
    found = {}
    for name in pages():
        page.goto(f"{site}/{name}")
        page.evaluate(axe)
        violations = page.evaluate(AXE, WCAG)
        if violations:
            found[name] = violations[:5]
    assert found == {}
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_exported_chapters_stand_alone(browser: Browser, width: int) -> None:
    axe = (npm() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page = opened(browser, viewport={"width": width, "height": 800})
    files = sorted((SITE / "exports" / "chapters").glob("*.html"))
    assert len(files) == len(contents.chapters(data.root())), "run make exports first"
    for file in files:
        page.goto(file.as_uri())
        assert faults(page) == [], file.name
        assert page.evaluate(OVERFLOW) <= 0, f"{file.name} scrolls sideways at {width} pixels"
        page.evaluate(axe)
        assert page.evaluate(AXE, WCAG) == [], file.name
    page.context.close()


def test_axe_sees_a_violation(browser: Browser) -> None:
    page = opened(browser)
    page.set_content(
        '<html lang="en"><title>x</title><main><p style="color:#999;background:#aaa">pale</p></main></html>'
    )
    page.evaluate((npm() / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert any(v.startswith("color-contrast") for v in page.evaluate(AXE, WCAG))
    page.context.close()


def test_the_book_works_from_a_file(browser: Browser) -> None:
    page = opened(browser)
    for name in ("index.html", CHAPTER, "book/claims.html"):
        page.goto((SITE / name).as_uri())
        page.wait_for_selector("article h1")
        assert faults(page) == [], name
    page.goto((SITE / "search.html").as_uri() + "?q=turnover")
    page.wait_for_selector("#search-results li a")
    assert faults(page) == []
    page.context.close()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("C08", "book/claims.html#c08"),
        ("Lavrov", "book/claims.html#c2"),
        ("240 billion", "book/claims.html#c08"),
        ("303.6", "book/claims.html#c11"),
        ("中国", "book/names.html"),
        ("trade stood at by Chinese customs", "notebooks/04-trade-turnover.html#fig-trade-turnover"),
        ("scorecard of all claims", "book/claims.html#tab-scorecard"),
        ("Increasing transparency multiverse", "book/references.html#"),
        ("mirror", "notebooks/04-trade-turnover.html"),
    ],
)
def test_search_finds_claims_figures_tables_sources_and_pages(
    browser: Browser, site: str, wanted: str, found: str
) -> None:
    page = opened(browser)
    page.goto(f"{site}/search.html?q={wanted}")
    link = page.locator(f"#search-results li > a[href^='{found}']").first
    link.wait_for()
    page.wait_for_selector("#search-results li p.context")
    assert faults(page) == []
    link.click()
    if "#" in found:
        page.wait_for_selector(":target", state="attached")
    page.context.close()


def test_the_book_can_be_read_without_scripts(browser: Browser, site: str) -> None:
    page = opened(browser, java_script_enabled=False)
    page.goto(f"{site}/{CHAPTER}")
    assert page.locator("figure.ew-figure svg").first.is_visible()
    assert page.locator(".admonition.verdict").first.is_visible()
    page.locator("details.sd-dropdown summary").first.click()
    assert page.locator("details.sd-dropdown table").first.is_visible()
    page.goto(f"{site}/book/claims.html")
    assert page.locator("section.ew-claim:visible").count() == len(all_claims())
    assert page.locator(".ew-tools").count() == 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator(".bd-docs-nav a[href*='04-trade-turnover']").is_visible()
    page.context.close()


def test_the_keyboard_reaches_everything(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/{CHAPTER}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    seen = set()
    wanted = page.locator(
        "a[href]:visible, button:visible:not([tabindex='-1']), summary:visible, select:visible"
    ).count()
    for _ in range(wanted + 150):
        here = page.evaluate("""() => { const e = document.activeElement; if (e === document.body) return null;
            e.dataset.reached = "1"; const s = getComputedStyle(e);
            return [e.outerHTML.slice(0, 120), s.outlineStyle !== "none" || s.boxShadow !== "none"]; }""")
        if here:
            assert here[1], f"no visible focus on {here[0]}"
            seen.add(here[0])
        page.keyboard.press("Tab")
    missed = page.evaluate("""() => [...document.querySelectorAll("a[href], button, summary, select")].filter(
        e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) && e.offsetWidth && e.tabIndex >= 0
        && !e.dataset.reached).map(e => e.outerHTML.slice(0, 120))""")
    assert missed == []
    assert len(seen) > 20
    page.context.close()


def test_printing_hides_navigation_and_opens_the_evidence(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/{CHAPTER}")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for hidden in (
        ".bd-sidebar-primary",
        ".bd-sidebar-secondary",
        ".bd-header-article",
        ".prev-next-footer",
        "details.hide",
    ):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("details.sd-dropdown table").first.is_visible()
    assert page.locator("figure.ew-figure svg").first.is_visible()
    assert not page.locator("figure.ew-figure svg + svg").first.is_visible()
    assert len(page.pdf()) > 20_000
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.sd-dropdown[open]").count() == 0
    page.context.close()


def test_each_claim_opens_its_evidence(browser: Browser, site: str) -> None:
    page = opened(browser, java_script_enabled=False)
    page.goto(f"{site}/book/claims.html")
    for fold in page.locator("section.ew-claim details").all():
        assert not fold.locator("p, table").first.is_visible()
        fold.locator("summary").click()
        assert fold.locator("p, table").first.is_visible()
    page.context.close()


def test_motion_is_reduced_for_who_asks(browser: Browser, site: str) -> None:
    moving = (
        "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    )
    for preference, expected in (("no-preference", True), ("reduce", False)):
        page = opened(browser, reduced_motion=preference)
        page.goto(f"{site}/{CHAPTER}")
        assert (page.evaluate(moving) > 0) is expected
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_of_figures_stand_out(browser: Browser, site: str, scheme: str) -> None:
    page = opened(browser, color_scheme=scheme)
    faint = []
    for name in (n for n in pages() if n.startswith("notebooks/")):
        page.goto(f"{site}/{name}")
        faint += [(name, *found) for found in page.evaluate(FAINT)]
    assert faint == []
    page.context.close()


def test_claims_are_filtered(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/book/claims.html")
    cards = page.locator("section.ew-claim:visible")
    found = {day: [verdict(i, day).status for i in all_claims()] for day in ("publication", "hindsight")}
    assert cards.count() == len(all_claims())
    shown = page.eval_on_selector_all("section.ew-claim > span", "s => s.map(e => e.id)")
    assert [s.upper() for s in shown] == [c.id for c in in_text_order()]
    page.get_by_label("Status").select_option("contradicted")
    assert cards.count() == found["publication"].count("contradicted")
    page.get_by_role("button", name="With hindsight", exact=True).click()
    assert cards.count() == found["hindsight"].count("contradicted")
    page.get_by_label("Status").select_option("")
    page.get_by_label("Kind").select_option("legal")
    assert cards.count() == sum("legal" in c.kinds for c in all_claims().values())
    page.get_by_label("Basis").select_option("judged")
    assert cards.count() == sum("legal" in c.kinds and c.basis == "judged" for c in all_claims().values())
    page.context.close()


def test_claims_lead_to_their_chapters_and_back(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/book/claims.html")
    page.locator("section.ew-claim:has(#c08) a[href*='04-trade-turnover']").click()
    page.wait_for_url("**/04-trade-turnover.html#verdict-c08")
    page.locator("#verdict-c08 a[href$='claims.html#c08']").click()
    page.wait_for_url("**/claims.html#c08")
    page.context.close()


def test_a_link_to_a_claim_has_a_preview(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/{CHAPTER}")
    link = page.locator("article p a[href$='claims.html#c08']").first
    link.focus()
    tip = page.get_by_role("tooltip")
    assert all_claims()["C08"].short in tip.inner_text()
    assert link.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    assert tip.count() == 0
    page.context.close()


def test_a_card_tells_both_dates(browser: Browser, site: str) -> None:
    changed = next(
        c for c in all_claims().values() if verdict(c.id, "publication").status != verdict(c.id, "hindsight").status
    )
    page = opened(browser)
    page.goto(f"{site}/notebooks/{changed.chapter}.html#verdict-{changed.id.lower()}")
    card = page.locator(f"#verdict-{changed.id.lower()}")
    shown = card.locator(".ew-status").all_inner_texts()
    told = [verdict(changed.id, day).status for day in ("publication", "hindsight")]
    assert [text.partition(" ")[2] for text in shown[:2]] == told
    page.context.close()


def test_tables_are_sorted_and_searched(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/book/claims.html")
    table = page.locator("#tab-scorecard")
    table.get_by_role("button", name="The op-ed’s words").click()
    texts = [t.lower() for t in table.locator("tbody tr td:nth-child(2)").all_inner_texts()]
    assert texts == page.evaluate("t => [...t].sort((a, b) => a.localeCompare(b))", texts)
    assert table.locator("th[aria-sort=ascending]").count() == 1
    page.get_by_label("Search this table").first.fill("kazan")
    assert 0 < table.locator("tbody tr:visible").count() < len(texts)
    page.context.close()


def test_dates_in_words_are_sorted_by_time(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/notebooks/02-ties-with-the-west.html")
    table = page.locator("#tab-west-steps")
    page.locator("details", has=table).locator("summary").first.click()
    dates = table.locator("tbody tr td:first-child")
    by_time = dates.all_inner_texts()
    table.get_by_role("button", name="When").click()
    assert dates.all_inner_texts() == by_time
    page.context.close()


def test_a_missing_page_is_answered_by_the_book(browser: Browser, site: str) -> None:
    page = opened(browser)
    answer = page.goto(f"{site}/no/such/page.html")
    assert answer is not None
    assert answer.status == 404
    page.get_by_role("link", name="The front page").click()
    page.wait_for_url("**/book/index.html")
    page.context.close()


TURNOVER = "#fig-trade-turnover"
LAYOUT = "f => [f, ...f.querySelectorAll('.ew-drawing, figcaption, details')].map(e => [e.offsetTop, e.offsetHeight])"


def at_mark(page: Page, mark: Mark) -> tuple[float, float]:
    """Where a mark of the figure on turnover stands in the window."""
    svg = page.locator(f"{TURNOVER} .ew-drawing svg:visible")
    svg.scroll_into_view_if_needed()
    return tuple(
        svg.evaluate(
            "(s, [x, y]) => { const p = new DOMPoint(x, y).matrixTransform(s.getScreenCTM()); return [p.x, p.y]; }",
            [mark.x, mark.y],
        )
    )


def test_the_pointer_reads_values(browser: Browser, site: str) -> None:
    mark = next(
        m
        for m in run("04-trade-turnover").figures["fig-trade-turnover"].marks()
        if m.text.startswith("2023, Chinese customs")
    )
    page = opened(browser)
    page.goto(f"{site}/{CHAPTER}")
    tip = page.locator(f"{TURNOVER} .ew-value")
    page.mouse.move(*at_mark(page, mark))
    assert tip.inner_text() == mark.text
    assert page.locator(f"{TURNOVER} .ew-ring").count() == 1
    tip.hover()
    assert tip.inner_text() == mark.text
    page.keyboard.press("Escape")
    assert tip.inner_text() == ""
    page.mouse.move(5, 5)
    page.mouse.move(*at_mark(page, mark))
    page.mouse.move(5, 5)
    assert tip.inner_text() == ""
    assert page.locator(".ew-ring").count() == 0
    assert faults(page) == []
    page.context.close()


def test_a_tap_reads_values(browser: Browser, site: str) -> None:
    mark = next(
        m
        for m in run("04-trade-turnover").figures["fig-trade-turnover"].marks(narrow=True)
        if m.text.startswith("2003, Chinese customs")
    )
    page = opened(browser, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.goto(f"{site}/{CHAPTER}")
    page.touchscreen.tap(*at_mark(page, mark))
    tip = page.locator(f"{TURNOVER} .ew-value")
    assert tip.inner_text() == mark.text
    box = tip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.touchscreen.tap(20, 60)
    assert tip.inner_text() == ""
    page.context.close()


def test_the_keyboard_reads_values(browser: Browser, site: str) -> None:
    texts = [mark.text for mark in run("04-trade-turnover").figures["fig-trade-turnover"].marks()]
    page = opened(browser, viewport={"width": 390, "height": 800})
    page.goto(f"{site}/{CHAPTER}")
    drawing = page.locator(f"{TURNOVER} .ew-drawing")
    drawing.focus()
    tip = page.locator(f"{TURNOVER} .ew-value")
    for key, text in (
        ("ArrowRight", texts[0]), ("ArrowRight", texts[1]), ("End", texts[-1]), ("ArrowRight", texts[-1]),
        ("ArrowLeft", texts[-2]), ("Home", texts[0]),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert tip.inner_text() == text, key
        assert tip.get_attribute("aria-live") == "polite"
        ring, frame = page.locator(f"{TURNOVER} .ew-ring").bounding_box(), drawing.bounding_box()
        assert ring is not None
        assert frame is not None
        assert frame["x"] <= ring["x"] + ring["width"] / 2 <= frame["x"] + frame["width"]
    page.keyboard.press("Escape")
    assert tip.inner_text() == ""
    page.context.close()


def test_values_in_the_pages_are_those_of_the_package(browser: Browser, site: str) -> None:
    figure = run("04-trade-turnover").figures["fig-trade-turnover"]
    page = opened(browser)
    page.goto(f"{site}/{CHAPTER}")
    drawing = page.locator(f"{TURNOVER} .ew-drawing")
    written, narrow = (drawing.get_attribute(name) for name in ("data-marks", "data-narrow"))
    assert written is not None
    assert narrow is not None
    assert written.split("\n") == [str(mark) for mark in figure.marks()]
    assert narrow.split() == [str(mark).split(" ")[0] for mark in figure.marks(narrow=True)]
    page.context.close()


def test_a_figure_shows_both_dates(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/{CHAPTER}")
    figure = page.locator(TURNOVER)
    later = figure.locator(".ew-later")
    drawing = figure.locator(".ew-drawing")
    shown = "marks => marks.map(m => getComputedStyle(m).visibility)"
    before = figure.evaluate(LAYOUT)
    assert set(later.evaluate_all(shown)) == {"visible"}
    figure.get_by_role("button", name="On publication").click()
    assert set(later.evaluate_all(shown)) == {"hidden"}
    assert figure.evaluate(LAYOUT) == before
    drawing.focus()
    page.keyboard.press("End")
    seen = set()
    for _ in run("04-trade-turnover").figures["fig-trade-turnover"].marks():
        seen.add(figure.locator(".ew-value").inner_text())
        page.keyboard.press("ArrowLeft")
    assert seen == {mark.text for mark in run("04-trade-turnover").figures["fig-trade-turnover"].marks() if mark.known}
    page.emulate_media(media="print")
    assert set(later.evaluate_all(shown)) == {"visible"}
    page.emulate_media(media="screen")
    figure.get_by_role("button", name="With hindsight", exact=True).click()
    assert set(later.evaluate_all(shown)) == {"visible"}
    page.context.close()


def test_a_title_follows_the_date(browser: Browser, site: str) -> None:
    figure = run("01-first-trip").figures["fig-putin-xi-talks"]
    page = opened(browser)
    page.goto(f"{site}/notebooks/01-first-trip.html")
    place = page.locator(f"#{figure.id}")
    now, then = (place.locator(".caption-text", has_text=text) for text in (figure.title, figure.title_then))
    assert now.is_visible()
    assert not then.is_visible()
    before = place.evaluate(LAYOUT)
    place.get_by_role("button", name="On publication").click()
    assert then.is_visible()
    assert not now.is_visible()
    assert place.evaluate(LAYOUT) == before
    page.context.close()


def test_figures_without_scripts_show_all_marks(browser: Browser, site: str) -> None:
    page = opened(browser, java_script_enabled=False)
    page.goto(f"{site}/{CHAPTER}")
    figure = page.locator(TURNOVER)
    assert figure.locator(".ew-later").count() > 0
    assert figure.locator(".ew-later").first.is_visible()
    assert figure.locator(".ew-value, .ew-asof, .ew-ring").count() == 0
    assert not figure.locator(".ew-dates").is_visible()
    figure.locator("summary").first.click()
    assert figure.locator("td", has_text="on publication").first.is_visible()
    page.context.close()
