"""What the browser tests and the page benchmark share: Debian's Chromium, the pages, the tools from npm."""

import asyncio
import shutil
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from bs4 import BeautifulSoup
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler

from eastward import data
from eastward.publish.contents import rooted

SITE = data.root() / "_build" / "html"
CLAIMS = ("claims/C14.html", "claims/C28.html", "claims/C34.html")
"""Pages of claims: with two questions, the longest, without a figure."""

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


def pages() -> list[str]:
    """Return the built pages as paths relative to the book's root, in order; of those of claims three that differ most."""
    if not (SITE / "book" / "index.html").is_file():
        pytest.fail(f"the book is not built in {SITE}; run `make html`")
    found = (p.relative_to(SITE) for p in SITE.rglob("*.html"))
    aside = ["_static", "exports", "claims", "index.html"]
    if (SITE / "sitemap.xml").is_file():
        aside.append("404.html")  # its links start at the address that the book was built for
    return sorted([*(p.as_posix() for p in found if p.parts[0] not in aside), *CLAIMS])


def soup(page: str | Path) -> BeautifulSoup:
    return BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "lxml")


def npm() -> Path:
    """Return the folder of the pinned npm packages, or fail with the command that installs them."""
    folder = data.root() / "node_modules"
    if not (folder / "axe-core").is_dir() or not (folder / "html-validate").is_dir():
        pytest.fail("the test tools from npm are missing; run `npm ci` (Debian: the packages of apt-test.txt first)")
    return folder


def launch(playwright: Any) -> Any:
    """Start Chromium without a window, or fail with the package to install."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("Chromium is missing; install the packages of apt-test.txt")
    return playwright.chromium.launch(executable_path=found, args=ARGUMENTS)


class Host(StaticFileHandler):
    """Answers a missing page with the book's own, whose links then start at the root."""

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(rooted((SITE / "404.html").read_text(encoding="utf-8"), "/"))


def serve() -> str:
    """Serve the book, compressed, on the loopback interface as long as this process runs; return its address."""
    files = (r"/(.*)", Host, {"path": str(SITE), "default_filename": "index.html"})
    application = Application([files], compress_response=True, log_function=lambda _: None)
    sockets = bind_sockets(0, "127.0.0.1")

    async def forever() -> None:
        HTTPServer(application).add_sockets(sockets)
        await asyncio.Event().wait()

    Thread(target=asyncio.run, args=(forever(),), daemon=True).start()
    return f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
