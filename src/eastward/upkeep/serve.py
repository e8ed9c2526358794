"""Serve the built book on this machine as a web host would: compressed, and with the book's own 404 page."""

from __future__ import annotations

import argparse
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from eastward import data
from eastward.publish.contents import rooted

COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".xml", ".csv", ".ipynb", ".md", ".txt"}


@lru_cache(256)
def _compressed(path: str, changed: int) -> bytes:  # the time of change is part of the cache's key
    return gzip.compress(Path(path).read_bytes(), mtime=0)


class Handler(SimpleHTTPRequestHandler):
    """A static file handler that compresses text and shows ``404.html``."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def send_head(self) -> Any:
        """Send the headers; text goes out compressed where the browser accepts it."""
        file = Path(self.translate_path(self.path))
        if file.suffix not in COMPRESSED or not file.is_file() or "gzip" not in self.headers.get("Accept-Encoding", ""):
            return super().send_head()
        content = _compressed(str(file), file.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self._headers(self.guess_type(str(file)), len(content), ("Content-Encoding", "gzip"))
        return io.BytesIO(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a missing page with the book's own, whose links then start at the root."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            return super().send_error(code, message, explain)
        content = rooted(page.read_text(encoding="utf-8"), "/").encode("utf-8")
        self.send_response(code)
        self._headers("text/html; charset=utf-8", len(content))
        if self.command != "HEAD":
            self.wfile.write(content)
        return None

    def _headers(self, kind: str, length: int, *more: tuple[str, str]) -> None:
        for name, value in (("Content-Type", kind), ("Content-Length", str(length)), *more):
            self.send_header(name, value)
        self.end_headers()

    def end_headers(self) -> None:
        """Let browsers keep scripts and styles, whose names carry a version."""
        self.send_header("Cache-Control", "max-age=3600" if "_static/" in self.path else "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing about each request."""


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on the loopback interface while the block runs, and give its address (no slash at the end)."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    """``python -m eastward.upkeep.serve``: serve ``_build/html`` until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=8000)
    folder = data.root() / "_build" / "html"
    if not (folder / "index.html").is_file():
        parser.exit(1, f"{folder} is not built; run `make html`\n")
    with serving(folder, parser.parse_args().port) as address:
        print(f"the book is on {address} (stop with Ctrl+C)", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
