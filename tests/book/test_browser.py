"""The built book in a real browser: every page in every condition, then what scripts do, by pointer, touch and keyboard."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from eastward import data
from eastward.claims import all_claims
from eastward.claims.verdicts import AS_OF, verdict
from eastward.publish import contents
from eastward.publish.pages import in_text_order
from eastward.show.marks import Mark
from tests.chapter import ran

from .browser import SITE, launch, npm, pages, serve

pytestmark = pytest.mark.book
Visit = Callable[..., Page]
CHAPTER = "notebooks/04-trade-turnover.html"
TURNOVER = "#fig-trade-turnover"
NARROW = {"viewport": {"width": 390, "height": 800}}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SEARCHES = "input[type=search]:visible:not(.ew-search), .search-button__button:visible"
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }"""
CONDITIONS: dict[str, tuple[int, dict[str, Any], set[str]]] = {
    "1280": (1280, {}, {"axe", "contrast", "figures"}),
    "1280 dark": (1280, {"color_scheme": "dark"}, {"axe", "contrast"}),
    "768": (768, {}, {"figures"}),
    "390": (390, {}, {"axe", "figures"}),
    "390 dark": (390, {"color_scheme": "dark"}, set()),
    "390 spaced": (390, {"bypass_csp": True}, {"spaced"}),
    "320, as 1280 at 400 per cent": (320, {}, {"figures", "small"}),
    "320 dark": (320, {"color_scheme": "dark"}, set()),
    "320 spaced": (320, {"bypass_csp": True}, {"spaced"}),
    "forced colours": (390, {"forced_colors": "active"}, {"axe"}),
    "print, from dark": (1280, {"color_scheme": "dark"}, {"printed"}),
    "the site's policy": (1280, {}, {"policy"}),
}
"""Width, options of the browser, and what is asked for beside quiet pages that do not scroll sideways."""


@pytest.fixture(scope="module")
def site() -> str:
    return serve()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture()
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens a page of the book in a fresh context that notes console errors, and requests that fail or leave this machine."""
    contexts = []

    def visit(name: str = "", **options: Any) -> Page:
        contexts.append(
            browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "base_url": f"{site}/", **options})
        )
        page: Page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        wrong = page.faults = []
        local = ("http://127.0.0.1:", "data:", "file:")
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith(local) else wrong.append(r.url))
        page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        if name:
            page.goto(name)
        return page

    yield visit
    for context in contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")  # a page can still be asked for
        context.close()


def faults(page: Page) -> list[str]:
    """What went wrong since the last call."""
    found, page.faults[:] = page.faults[:], []
    return found


def guarded(page: Page, body: Callable[[str], str] = str, policy: bool = True) -> str:
    """Serve pages with the site's Content-Security-Policy, and with another body; return the policy."""
    (rule,) = re.findall(r"(?m)^  Content-Security-Policy: (.+)$", (SITE / "_headers").read_text(encoding="utf-8"))

    def answer(route: Route) -> None:
        given = route.fetch()
        headers = given.headers | ({"content-security-policy": rule} if policy else {})
        route.fulfill(response=given, headers=headers, body=body(given.text()))

    page.route(re.compile(r"\.html(\?|$)"), answer)
    return rule


def axe(page: Page) -> list[str]:
    """Violations of WCAG on the page."""
    page.evaluate((npm() / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    page.evaluate(CHECKS)
    return page.evaluate("tags => violations(tags)", WCAG)


def test_what_arrives_later_moves_nothing(visit: Visit) -> None:
    """A page that has come as far as its first paragraph has its heading where the whole page has it."""
    places: list[dict[str, Any]] = []
    for body in (str, lambda text: text[: text.index("</p>", text.index("<article")) + 4]):
        page = visit()
        guarded(page, body, policy=False)
        places.append({})
        for name in (n for n in pages() if n not in ("404.html", "search.html")):
            page.goto(name)
            places[-1][name] = page.locator("article h1").first.bounding_box()
    assert places[0] == places[1]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_page_in_every_condition(visit: Visit, condition: str) -> None:
    width, options, asked = CONDITIONS[condition]
    page = visit(viewport={"width": width, "height": 800}, **options)
    if "policy" in asked:
        assert "'unsafe-inline'" not in re.search(r"script-src [^;]*", guarded(page))[0]
    found = {}
    for name in [*pages(), "search.html?q=trade"]:
        page.goto(name)
        wrong: dict[str, Any] = {}
        if "?" in name:
            page.wait_for_selector("#search-results li p.context")
        if "spaced" in asked:
            page.add_style_tag(content=SPACED)
        if "printed" in asked:
            page.emulate_media(media="print")
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        else:
            wrong["searches"] = page.locator(SEARCHES).count() - 1
        wrong["pixels that scroll sideways"] = max(0, page.evaluate(OVERFLOW))
        wrong["theme"] = page.evaluate("document.documentElement.dataset.theme") != options.get("color_scheme", "light")
        page.evaluate(CHECKS)
        wrong |= {check: page.evaluate(f"{check}()") for check in asked & {"figures", "contrast", "small", "printed"}}
        wrong["axe"] = axe(page) if "axe" in asked else []
        found[name] = {"faults": faults(page), **wrong}
    assert {name: bad for name, wrong in found.items() if (bad := {k: v for k, v in wrong.items() if v})} == {}


def test_axe_sees_a_violation(visit: Visit) -> None:
    page = visit()
    page.set_content('<html lang="en"><title>x</title><main><p style="color:#999;background:#aaa">pale</p></main>')
    assert any(v.startswith("color-contrast") for v in axe(page))


@pytest.mark.parametrize("width", [1280, 390])
def test_exported_chapters_stand_alone(visit: Visit, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800})
    files = sorted((SITE / "exports" / "chapters").glob("*.html"))
    assert len(files) == len(contents.chapters(data.root())), "run make exports first"
    for file in files:
        page.goto(file.as_uri())
        assert [faults(page), page.evaluate(OVERFLOW) > 0, axe(page)] == [[], False, []], file.name


def test_the_book_works_from_a_file(visit: Visit) -> None:
    page, hit = visit(), "#search-results li a"
    for name in ("index.html", CHAPTER, "book/claims.html", "search.html?q=turnover"):
        page.goto(f"{SITE.as_uri()}/{name}")
        page.wait_for_selector(hit if "?" in name else "article h1")
    assert faults(page) == []


def test_a_missing_page_is_answered_by_the_book(visit: Visit) -> None:
    page = visit()
    assert page.goto("no/such/page.html").status == 404
    page.get_by_role("link", name="The front page").click()
    page.wait_for_url("**/book/index.html")


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without"])
def test_an_injected_script_is_refused(visit: Visit, policy: bool) -> None:
    """Scripts that would get into a page, by an element or by a handler, run only where no policy forbids it."""
    evil = "<script>window.evil = 1</script><img src=x onerror='window.evil = 2'>"
    page = visit()
    guarded(page, lambda body: body.replace("</body>", f"{evil}</body>"), policy)
    page.goto("book/index.html", wait_until="load")
    assert (page.evaluate("window.evil") is None) == policy
    assert any("Content Security Policy" in fault for fault in faults(page)) == policy


FIRST = {
    "C08": "claims/C08.html#c08", "Lavrov": "claims/C24.html#c24", "Roosevelt": "claims/C26.html#c26", "Kazan": "claims/C30.html#c30",
    "240 billion": "claims/C08.html#c08", "240 bn": "claims/C08.html#c08", "303.6": "claims/C11.html", "first trip": "claims/C02.html#c02",
    "Security Council": "claims/C17.html#c17", "trade turnover 2023 billion": "claims/C08.html#c08", "227.8": "notebooks/04-", "yuan": "notebooks/06-",
    "dedollarisation": "notebooks/06-", "de-dollarization": "notebooks/06-", "Хавал": "notebooks/08-", "Haval": "notebooks/08-", "visa": "notebooks/02-",
    "gas pipeline": "notebooks/03-", "SWIFT": "notebooks/07-", "中国": "book/names.html", "scorecard of all claims": "book/claims.html#tab-scorecard",
    "BRICS events of June": "notebooks/12-brics-calendar.html#tab-june-2024", "Increasing transparency multiverse": "book/references.html#",
}  # fmt: skip
"""What is searched, and how the address of the first hit begins."""


def test_searches_find_what_is_meant_first_and_show_its_prose(visit: Visit) -> None:
    page, found = visit(), {}
    for wanted in FIRST:
        page.goto(f"search.html?q={wanted}")
        page.wait_for_selector("#search-results li :is(p.context, span)")
        link = page.locator("#search-results li > a").first
        found[wanted] = str(link.evaluate("e => e.pathname.slice(1) + e.hash"))
        if "#" in found[wanted]:
            link.click()
            page.wait_for_selector(":target", state="attached")
    assert {wanted: at for wanted, at in found.items() if not at.startswith(FIRST[wanted])} == {}
    assert faults(page) == []
    page.goto("search.html?q=303.6")
    shown = page.locator("#search-results li:has(a[href^='notebooks/05-']) p.context")
    assert re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", shown.first.inner_text())
    assert "303.6" in shown.first.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_found_stand_out(visit: Visit, scheme: str) -> None:
    page = visit(f"{CHAPTER}?highlight=customs", color_scheme=scheme)
    page.evaluate("SphinxHighlight.highlightSearchWords()")
    found = page.locator(".bd-article span.highlighted").first
    colours = found.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")
    assert colours == ["rgb(34, 38, 43)", "rgb(255, 224, 138)"]


def test_pages_start_well_and_evidence_is_folded_again_after_printing(visit: Visit) -> None:
    """The front page comes to the point, and the sidebar starts at its top."""
    page = visit("book/index.html")
    assert page.locator("#the-op-ed-marked-up").bounding_box()["y"] <= 2 * 800
    page.goto("book/limits.html", wait_until="load")
    assert page.locator(".bd-sidebar-primary").evaluate("e => e.scrollTop") == 0
    page.goto(CHAPTER)
    for event, folded in (("beforeprint", False), ("afterprint", True)):
        page.evaluate(f"window.dispatchEvent(new Event('{event}'))")
        assert (page.locator("details.sd-dropdown[open]").count() == 0) is folded


def test_icons_and_pressed_buttons_stand_out_in_forced_colours(visit: Visit) -> None:
    page = visit("book/claims.html", forced_colors="active", **NARROW)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    colour = "e => getComputedStyle(e).backgroundColor"
    icons = page.locator(".bd-header-article :is(.fa-solid, .fas):visible").evaluate_all(f"a => a.map({colour})")
    assert len(icons) > 2
    assert ground not in icons
    buttons = (page.locator(f".ew-asof button[aria-pressed={p}]").first for p in ("true", "false"))
    assert len({button.evaluate(colour) for button in buttons}) == 2


def test_the_book_can_be_read_without_scripts(visit: Visit) -> None:
    page = visit(CHAPTER, java_script_enabled=False)
    assert page.locator("figure.ew-figure svg").first.is_visible()
    assert page.locator(".admonition.verdict").first.is_visible()
    page.locator("details.sd-dropdown summary").first.click()
    assert page.locator("details.sd-dropdown table").first.is_visible()
    figure = page.locator(TURNOVER)
    assert figure.locator(".ew-later").first.is_visible()
    assert figure.locator(".ew-value, .ew-asof, .ew-ring").count() == 0
    assert not figure.locator(".ew-dates").is_visible()
    figure.locator("summary").first.click()
    assert figure.locator("td", has_text="on publication").first.is_visible()
    page.goto("book/claims.html")
    assert page.locator("section.ew-claim:visible").count() == len(all_claims())
    assert page.locator(".ew-tools").count() == 0
    for fold in page.locator("section.ew-claim details").all():
        assert not fold.locator("p, table").first.is_visible()
        fold.locator("summary").click()
        assert fold.locator("p, table").first.is_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator(".bd-docs-nav a[href*='04-trade-turnover']").is_visible()


def test_the_keyboard_reaches_everything(visit: Visit) -> None:
    page = visit(CHAPTER)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    seen = set()
    wanted = page.locator("a[href]:visible, button:visible:not([tabindex='-1']), summary:visible, select:visible")
    for _ in range(wanted.count() + 150):
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


def test_motion_is_reduced_for_who_asks(visit: Visit) -> None:
    moving = "[...document.querySelectorAll('*')].some(e => parseFloat(getComputedStyle(e).transitionDuration) > 0)"
    asked = ("no-preference", "reduce")
    assert [visit(CHAPTER, reduced_motion=asks).evaluate(moving) for asks in asked] == [True, False]


def test_claims_are_filtered_and_going_back_finds_the_list_as_it_was(visit: Visit) -> None:
    page = visit("book/claims.html")
    cards = page.locator("section.ew-claim:visible")
    found = {day: [verdict(i, day).status for i in all_claims()] for day in AS_OF}
    shown = page.eval_on_selector_all("section.ew-claim > span", "s => s.map(e => e.id)")
    assert [s.upper() for s in shown] == [c.id for c in in_text_order()]
    page.get_by_label("Kind").select_option("legal")
    legal = [c for c in all_claims().values() if "legal" in c.kinds]
    assert cards.count() == len(legal)
    page.get_by_label("Basis").select_option("judged")
    assert cards.count() == sum(c.basis == "judged" for c in legal)
    for label in ("Kind", "Basis"):
        page.get_by_label(label).select_option("")
    page.get_by_label("Status").select_option("contradicted")
    assert cards.count() == found["publication"].count("contradicted")
    page.get_by_role("button", name="With hindsight", exact=True).click()
    assert cards.count() == found["hindsight"].count("contradicted")
    page.goto(CHAPTER)
    page.go_back()
    page.wait_for_selector(".ew-tools")
    assert page.get_by_label("Status").input_value() == "contradicted"
    assert page.get_by_role("button", name="With hindsight", exact=True).get_attribute("aria-pressed") == "true"
    assert cards.count() == found["hindsight"].count("contradicted")

    hidden = next(i for i in all_claims() if verdict(i, "hindsight").status != "contradicted")
    for _ in range(2):  # a link to a card that is hidden shows it; the address is the same the second time
        page.get_by_label("Status").select_option("contradicted")
        card = page.locator(f"section.ew-claim:has(#{hidden.lower()})")
        assert not card.is_visible()
        page.evaluate(f"""() => {{ const a = document.body.appendChild(document.createElement("a"));
            a.href = "#{hidden.lower()}"; a.click(); }}""")
        card.wait_for()
        assert page.get_by_label("Status").input_value() == ""
        assert 0 <= card.bounding_box()["y"] < 800


def test_claims_have_previews_and_lead_to_their_chapters_and_back(visit: Visit) -> None:
    page = visit(CHAPTER)
    link = page.locator("article p a[href$='claims.html#c08']").first
    link.focus()
    tip = page.get_by_role("tooltip")
    assert all_claims()["C08"].short in tip.inner_text()
    assert link.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    assert tip.count() == 0

    changed = next(c for c in all_claims().values() if len({verdict(c.id, day).status for day in AS_OF}) == 2)
    name = changed.id.lower()
    page.goto("book/claims.html")
    page.locator(f"section.ew-claim:has(#{name}) a[href*='{changed.chapter}']").click()
    page.wait_for_url(f"**/{changed.chapter}.html#verdict-{name}")
    card = page.locator(f"#verdict-{name}")
    shown = card.locator(".ew-status").all_inner_texts()
    assert [text.partition(" ")[2] for text in shown[:2]] == [verdict(changed.id, day).status for day in AS_OF]
    card.locator(f"a[href$='claims.html#{name}']").click()
    page.wait_for_url(f"**/claims.html#{name}")


def test_tables_are_sorted_dates_in_words_by_time_and_searched(visit: Visit) -> None:
    page = visit("book/claims.html")
    table = page.locator("#tab-scorecard")
    table.get_by_role("button", name="The op-ed’s words").click()
    texts = [t.lower() for t in table.locator("tbody tr td:nth-child(2)").all_inner_texts()]
    assert texts == page.evaluate("t => [...t].sort((a, b) => a.localeCompare(b))", texts)
    assert table.locator("th[aria-sort=ascending]").count() == 1
    page.get_by_label("Search this table").first.fill("kazan")
    assert 0 < table.locator("tbody tr:visible").count() < len(texts)
    page.goto("notebooks/02-ties-with-the-west.html")
    table = page.locator("#tab-west-steps")
    page.locator("details", has=table).locator("summary").first.click()
    dates = table.locator("tbody tr td:first-child")
    by_time = dates.all_inner_texts()
    table.get_by_role("button", name="When").click()
    assert dates.all_inner_texts() == by_time


LAYOUT = "f => [f, ...f.querySelectorAll('.ew-drawing, figcaption, details')].map(e => [e.offsetTop, e.offsetHeight])"


def turnover(narrow: bool = False) -> list[Mark]:
    """Marks of the figure on turnover, as the package has them."""
    return ran("04-trade-turnover").figures[TURNOVER[1:]].marks(narrow=narrow)


def at_mark(page: Page, start: str, narrow: bool = False) -> tuple[tuple[float, float], str]:
    """Where the mark of the figure on turnover that says this stands in the window, and all that it says."""
    mark = next(m for m in turnover(narrow) if m.text.startswith(start))
    svg = page.locator(f"{TURNOVER} .ew-drawing svg:visible")
    svg.scroll_into_view_if_needed()
    place = "(s, at) => { const p = new DOMPoint(...at).matrixTransform(s.getScreenCTM()); return [p.x, p.y]; }"
    return tuple(svg.evaluate(place, [mark.x, mark.y])), mark.text


def test_the_pointer_reads_values(visit: Visit) -> None:
    page = visit(CHAPTER)
    tip, ring = page.locator(f"{TURNOVER} .ew-value"), page.locator(".ew-ring")
    place, text = at_mark(page, "2023, Chinese customs")
    page.mouse.move(*place)
    assert (tip.inner_text(), ring.count()) == (text, 1)
    tip.hover()
    assert tip.inner_text() == text
    page.keyboard.press("Escape")
    assert tip.inner_text() == ""
    page.mouse.move(5, 5)
    page.mouse.move(*place)
    page.mouse.move(5, 5)
    assert (tip.inner_text(), ring.count()) == ("", 0)
    assert faults(page) == []


def test_a_tap_reads_values(visit: Visit) -> None:
    page = visit(CHAPTER, has_touch=True, is_mobile=True, **NARROW)
    place, text = at_mark(page, "2003, Chinese customs", narrow=True)
    page.touchscreen.tap(*place)
    tip = page.locator(f"{TURNOVER} .ew-value")
    assert tip.inner_text() == text
    box = tip.bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    page.touchscreen.tap(20, 60)
    assert tip.inner_text() == ""


def test_the_keyboard_reads_the_values_of_the_package(visit: Visit) -> None:
    texts = [mark.text for mark in turnover()]
    page = visit(CHAPTER, **NARROW)
    drawing, tip = page.locator(f"{TURNOVER} .ew-drawing"), page.locator(f"{TURNOVER} .ew-value")
    drawing.focus()
    keys = ("ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home")
    for key, at in zip(keys, (0, 1, -1, -1, -2, 0), strict=True):
        page.keyboard.press(key)
        assert (tip.inner_text(), tip.get_attribute("aria-live")) == (texts[at], "polite"), key
        ring, frame = page.locator(f"{TURNOVER} .ew-ring").bounding_box(), drawing.bounding_box()
        assert frame["x"] <= ring["x"] + ring["width"] / 2 <= frame["x"] + frame["width"]
    page.keyboard.press("Escape")
    assert tip.inner_text() == ""
    assert drawing.get_attribute("data-marks") == "\n".join(map(str, turnover()))
    assert drawing.get_attribute("data-narrow") == " ".join(str(m).split(" ")[0] for m in turnover(narrow=True))


def test_a_figure_and_its_title_show_both_dates(visit: Visit) -> None:
    page = visit(CHAPTER)
    figure = page.locator(TURNOVER)

    def later() -> set[str]:
        shown = "marks => marks.map(m => getComputedStyle(m).visibility)"
        return set(figure.locator(".ew-later").evaluate_all(shown))

    before = figure.evaluate(LAYOUT)
    assert later() == {"visible"}
    figure.get_by_role("button", name="On publication").click()
    assert (later(), figure.evaluate(LAYOUT)) == ({"hidden"}, before)
    figure.locator(".ew-drawing").focus()
    seen = set()
    for key in ["End", *["ArrowLeft"] * len(turnover())]:
        page.keyboard.press(key)
        seen.add(figure.locator(".ew-value").inner_text())
    assert seen == {mark.text for mark in turnover() if mark.known}
    page.emulate_media(media="print")
    assert later() == {"visible"}
    page.emulate_media(media="screen")
    figure.get_by_role("button", name="With hindsight", exact=True).click()
    assert later() == {"visible"}

    figure = ran("01-first-trip").figures["fig-putin-xi-talks"]
    page.goto("notebooks/01-first-trip.html")
    place = page.locator(f"#{figure.id}")
    titles = [place.locator(".caption-text", has_text=text) for text in (figure.title, figure.title_then)]
    assert [title.is_visible() for title in titles] == [True, False]
    before = place.evaluate(LAYOUT)
    place.get_by_role("button", name="On publication").click()
    assert ([title.is_visible() for title in titles], place.evaluate(LAYOUT)) == ([False, True], before)


def test_a_reader_sets_it_another_way(visit: Visit) -> None:
    page = visit()
    page.goto((SITE / "book" / "contest.html").as_uri() + "?claim=C11")
    said = page.locator(".ew-sentence")
    ours = f"With our values C11 is {verdict('C11').status}."
    assert said.text_content() == ours
    page.focus("select[name=tolerance]")
    page.keyboard.press("Home")
    page.wait_for_url("**#claim=C11&tolerance=0&**")
    page.locator(".ew-sentence", has_text=verdict("C11", thresholds={"tolerance": 0}).status).wait_for()
    assert 'verdict("C11", thresholds={"tolerance": 0})' in str(page.locator(".ew-cite").first.text_content())
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("words => document.querySelector('.ew-sentence').textContent === words", arg=ours)
    page.get_by_role("button", name="Show all claims").click()
    assert page.locator(".ew-strip .ew-mark").count() == len(all_claims())
    for wrong in ("claim=C99", "claim=C11&tolerance=3", "claim=C11&edition=0.0.1&much=3", "claim=C11&grade=gossip"):
        page.evaluate("hash => { location.hash = hash; }", wrong)
        page.locator(".ew-problem", has_text="Our values are shown.").wait_for()
        assert page.locator(".ew-outcome section").count() > 0
    assert faults(page) == []
