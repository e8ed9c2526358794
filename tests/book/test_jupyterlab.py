"""A chapter in a real JupyterLab: after Run All nothing is left raw, and what is shown says all that a reader needs."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests
from playwright.sync_api import Page, TimeoutError, sync_playwright
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from eastward.show.words import worded
from tests.book.browser import launch
from tests.chapter import cells, ran
from tests.conftest import copied_book

pytestmark = pytest.mark.book
CHAPTERS = ("04-trade-turnover", "07-sanctions-and-law", "13-scorecard")
IDLE = "document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the JupyterLab that ``make notebook`` opens, on a copy of the book: what it saves changes nothing here."""
    folder = copied_book(tmp_path_factory.mktemp("lab") / "book", "contest")
    (folder / ".venv").symlink_to(sys.prefix)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "JUPYTER_TOKEN": "test", "BROWSER": "true"}
    environment |= {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            ["make", "notebook", f"PORT={port}", "-o", ".venv/bin/.installed"], cwd=folder, env=environment, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    with requests.Session() as session:
        session.mount(address, HTTPAdapter(max_retries=Retry(connect=240, backoff_factor=0.5, backoff_max=0.5)))
        session.get(f"{address}/api", timeout=5)
    yield address
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(30)


def run_all(page: Page, lab: str, chapter: str) -> None:
    """Open a chapter, choose Run All Cells, and wait until no cell waits or runs.

    JupyterLab can lose the command while it opens its first notebook on a busy machine: then all is run anew, in a new kernel.
    """
    page.goto(f"{lab}/lab/tree/notebooks/{chapter}.ipynb?reset&token=test", timeout=300_000)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=300_000)
    page.get_by_text("| Idle").wait_for(timeout=300_000)  # the notebook's own indicator is idle before it has a kernel
    # A folded cell shows no number; the kernel runs the cells in their order.
    folded = [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in cells(chapter)]
    last = max(number for number, hidden in enumerate(folded, 1) if not hidden)
    prompts = "[...document.querySelectorAll('.jp-InputArea-prompt')].map(p => p.textContent)"
    for command in ("Run All Cells", "Restart Kernel and Run All Cells…"):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name=command, exact=True).click()
        if command.startswith("Restart"):
            page.locator(".jp-Dialog .jp-mod-accept").click()
        with suppress(TimeoutError):
            page.wait_for_function(f"{prompts}.some(prompt => /[0-9]/.test(prompt))", timeout=45_000)
            page.wait_for_function(f"{prompts}.includes('[{last}]:')", timeout=400_000)
            break
    else:
        pytest.fail(f"{chapter} did not run to its end: {page.evaluate(prompts)}")
    page.wait_for_function(IDLE, timeout=300_000)
    page.wait_for_timeout(3000)


def test_data_stand_beside_the_chapters(lab: str) -> None:
    listed = requests.get(f"{lab}/api/contents?token=test", timeout=30).json()["content"]
    assert {"data", "notebooks"} <= {entry["name"] for entry in listed}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_run_all(lab: str, chapter: str) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        # All cells are drawn, none waits for a scroll.
        page = browser.new_page(viewport={"width": 1400, "height": 60_000})
        run_all(page, lab, chapter)
        written = page.locator(".jp-MarkdownCell .jp-RenderedMarkdown, .jp-MarkdownCell .myst")
        prose = "\n".join(written.all_inner_texts())
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
        shown = "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())
        figures = page.locator(".jp-OutputArea-output figure").count()
        browser.close()
    assert not re.findall(r"\{(?:eval|glue:text|cite:[pt]|numref|ref)\}`[^`]*`", prose + shown), "markup is left raw"
    assert "Traceback" not in shown
    expected = ran(chapter)
    source = "\n".join(cell.source for cell in cells(chapter, "markdown"))
    missing = [n for n, value in expected.facts.items() if f"{{eval}}`{n}`" in source and str(value) not in prose]
    assert missing == []
    assert figures == len(expected.figures)
    for figure in expected.figures.values():
        assert re.search(rf"Fig\. \d+\. {re.escape(figure.title)}", shown), figure.id
        assert figure.subtitle in shown
    for card in expected.cards.values():
        for question in card.questions:
            claim, told = question[0].claim, [v.status for v in question] + [v.caveat for v in question]
            for words in (claim.quoted, claim.rule_text, *told, *claim.caveats):
                assert " ".join(worded(words).split()) in " ".join(shown.split()), (claim.id, words)
    for table in expected.tables.values():
        assert table.caption in shown, table.id
