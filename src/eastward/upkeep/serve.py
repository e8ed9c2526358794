"""Serve the built book on this machine as a web host would: compressed, and with the book's own 404 page."""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler

from eastward import data
from eastward.publish.contents import rooted


class Handler(StaticFileHandler):
    """A static file handler that shows ``404.html``."""

    def set_extra_headers(self, path: str) -> None:
        """Let browsers keep scripts and styles, whose names carry a version."""
        self.set_header("Cache-Control", "max-age=3600" if "_static/" in path else "no-cache")

    def write_error(self, status_code: int, **given: Any) -> None:
        """Answer a missing page with the book's own, whose links then start at the root."""
        page = Path(self.root) / "404.html"
        if status_code == 404 and page.is_file():
            self.finish(rooted(page.read_text(encoding="utf-8"), "/"))
        else:
            super().write_error(status_code, **given)


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on the loopback interface while the block runs, and give its address (no slash at the end)."""
    files = (r"/(.*)", Handler, {"path": str(folder), "default_filename": "index.html"})
    application = Application([files], compress_response=True, log_function=lambda _: None)
    sockets, loop = bind_sockets(port, "127.0.0.1"), asyncio.new_event_loop()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        HTTPServer(application).add_sockets(sockets)
        loop.run_forever()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for socket in sockets:
            socket.close()


def main() -> None:
    """``python -m eastward.upkeep.serve``: serve ``_build/html`` until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=8000)
    folder = data.root() / "_build" / "html"
    if not (folder / "index.html").is_file():
        parser.exit(1, f"{folder} is not built; run `make html`\n")
    port = parser.parse_args().port
    try:
        with serving(folder, port) as address:
            print(f"the book is on {address} (stop with Ctrl+C)", flush=True)
            Event().wait()
    except KeyboardInterrupt:
        print()
    except (OSError, OverflowError) as error:
        parser.exit(1, f"port {port} cannot be had ({error}): choose another one with make serve PORT=8001\n")


if __name__ == "__main__":
    main()
