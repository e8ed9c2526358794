"""A Content-Security-Policy for the built book: inline scripts and event handlers are allowed by hash, nothing else.

The theme writes a few. After the build their SHA-256 hashes are gathered from all pages and written into
``_headers``, the file that Netlify and Cloudflare Pages read; other hosts copy the line. An injected script has another
hash, so a browser refuses it.
"""

import base64
import hashlib
from pathlib import Path

import lxml.html
from sphinx.application import Sphinx

NOT_CODE = ("application/json", "application/ld+json")
"""Types of script elements that hold data: browsers never run them."""


def scripts(page: str) -> list[str]:
    """Return the code of a page that stands in the page itself: scripts and event handlers."""
    tree = lxml.html.document_fromstring(page)
    elements = tree.xpath("//script[not(@src)]")
    code = [script.text or "" for script in elements if script.get("type") not in NOT_CODE]
    return code + [str(handler) for handler in tree.xpath("//@*[starts-with(name(), 'on')]")]


def digest(script: str) -> str:
    """Hash of an inline script as a policy states it."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii") + "'"


def policy(pages: list[str]) -> str:
    """Return the policy that allows the inline scripts of these pages and nothing from elsewhere."""
    allowed = sorted({digest(script) for page in pages for script in scripts(page)})
    # The theme's buttons have event handlers: 'unsafe-hashes' allows those whose hash is listed, and no other.
    code = " ".join(["script-src 'self' 'unsafe-hashes'", *allowed])
    # Drawings and tables carry style attributes; styles run no code.
    rest = "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    return f"default-src 'none'; {code}; style-src 'self' 'unsafe-inline'; {rest}"


def headers(folder: Path) -> str:
    """Return the text of ``_headers`` for a built book."""
    pages = [file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.html"))]
    return f"/*\n  Content-Security-Policy: {policy(pages)}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n"


def write(app: Sphinx, error: Exception | None) -> None:
    """Write ``_headers`` of a built book."""
    if error is None and app.builder.format == "html":
        folder = Path(app.outdir)
        (folder / "_headers").write_text(headers(folder), encoding="utf-8")
