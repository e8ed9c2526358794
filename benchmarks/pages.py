"""What a reader waits for: bytes transferred, largest contentful paint and layout shift of the built book, over loopback.

Serves ``_build/html`` compressed, as web hosts do, opens it in Chromium with the processor slowed down four times, and writes a
table into the README. Ends with status 1 where a limit is missed.
"""

import sys
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from report import ROOT, machine, write

sys.path.insert(0, str(ROOT))

from tests.book.browser import launch, pages, serve

SLOWER = 4
SOURCES = "book/references.html"  # names and addresses of all sources are 130 kB without a tag
PAINT_LIMIT, SHIFT_LIMIT = 1000, 0.05
CONTEST, JUDGING_LIMIT = "book/contest.html#claim=all&grade=relay&day=hindsight", 50
JUDGE = """() => Math.max(...Array.from({length: 5}, () => {
  const start = performance.now();
  dispatchEvent(new HashChangeEvent("hashchange"));
  return performance.now() - start;
}))"""
OBSERVE = """
window.seen = {paint: 0, shift: 0};
new PerformanceObserver(l => l.getEntries().forEach(e => { window.seen.paint = e.startTime; })).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) window.seen.shift += e.value; })).observe({type: "layout-shift", buffered: true});
"""


def visit(page: Any, client: Any, address: str) -> tuple[float, float, float]:
    """Open a page and return kB transferred, milliseconds to the largest paint, and the layout shift."""
    total = 0.0

    def add(event: dict[str, Any]) -> None:
        nonlocal total
        total += event["encodedDataLength"]

    client.on("Network.loadingFinished", add)
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(300)
    seen = page.evaluate("window.seen")
    client.remove_listener("Network.loadingFinished", add)
    return total / 1000, seen["paint"], seen["shift"]


def reader(browser: Browser, width: int = 1280) -> tuple[Any, Any]:
    """A new reader: an empty cache and a slow processor."""
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.add_init_script(OBSERVE)
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, client


def measure() -> list[tuple[str, str, float, float, float, int]]:
    """Return label, page, kB, ms, shift and the limit in kB of the heaviest page of each sort of visit."""
    chapters = [p for p in pages() if p.startswith("notebooks/")]
    site = serve()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        rows = []
        for label, names, limit in (
            ("front page, first visit", ["book/index.html"], 250),
            ("chapter, first visit", chapters, 350),
        ):
            found = []
            for name in names:
                page, client = reader(browser)
                found.append((label, name, *visit(page, client, f"{site}/{name}"), limit))
                page.context.close()
            rows.append(worst(found))
        for label, width in (("later page", 1280), ("later page, 390 pixels wide", 390)):
            page, client = reader(browser, width)
            visit(page, client, f"{site}/book/index.html")
            later = [p for p in pages() if p not in ("book/index.html", "search.html", "404.html", SOURCES)]
            for told, names, limit in ((label, later, 150), (f"{label}, the list of sources", [SOURCES], 200)):
                rows.append(worst([(told, name, *visit(page, client, f"{site}/{name}"), limit) for name in names]))
            page.context.close()
        browser.close()
    return rows


def judging() -> float:
    """Milliseconds, the slowest of five, that all verdicts and their marks take anew where a reader sets them."""
    site = serve()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page, _ = reader(browser)
        page.goto(f"{site}/{CONTEST}", wait_until="networkidle")
        found = float(page.evaluate(JUDGE))
        browser.close()
    return found


def worst(found: list[tuple[str, str, float, float, float, int]]) -> tuple[str, str, float, float, float, int]:
    """The worst value of each measure among pages, with the name of the heaviest."""
    heaviest = max(found, key=lambda f: f[2])
    return (*heaviest[:3], max(f[3] for f in found), max(f[4] for f in found), heaviest[5])


def table(rows: list[tuple[str, str, float, float, float, int]]) -> str:
    """Return the measures as a Markdown table."""
    lines = [
        "| Visit | Heaviest page | Transferred | Limit | Slowest largest paint (4x slower processor) | Greatest layout shift |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for label, name, size, paint, shift, limit in rows:
        lines.append(f"| {label} | `{name}` | {size:.0f} kB | {limit} kB | {paint:.0f} ms | {shift:.3f} |")
    return "\n".join(lines)


def main() -> int:
    """Measure, print the table and write it into the README."""
    rows, anew = measure(), judging()
    told = f"{table(rows)}\n\nAll verdicts set anew by a reader: {anew:.0f} ms (limit {JUDGING_LIMIT} ms). Measured {machine()}."
    print(told)
    write("README.md", "pages", told)
    missed = [r for r in rows if r[2] > r[5] or r[3] >= PAINT_LIMIT or r[4] >= SHIFT_LIMIT]
    return 1 if missed or anew > JUDGING_LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
