"""The brief: the page 'In ten minutes' as a tagged PDF (PDF/UA), which WeasyPrint makes from the built page."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import matplotlib as mpl

from eastward.publish import citation
from eastward.show.theme import INK, STATUS_COLOURS
from eastward.show.words import status_class

PAGE, PDF, STYLE = "book/brief", "eastward-brief.pdf", "book/brief.css"


def printable() -> bool:
    """Whether WeasyPrint finds Pango, which sets its text."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


def plain(page: str, address: str = "") -> str:
    """Return the article of a built page for print; without the page's address its links to other pages are plain text."""
    article = re.sub(r"^.*(?=<article)|(?<=</article>).*$", "", page, flags=re.DOTALL)
    article = re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", article).replace("currentColor", INK)
    article = re.sub(r'<svg role="img" aria-label="([^"]*)"([^>]*)>', r"<svg\2><title>\1</title>", article)

    def led(to: re.Match[str]) -> str:
        if address:
            return f'<a{to[1]} href="{urljoin(address, to[2])}"{to[3]}>{to[4]}</a>'
        return f"<span{to[1]}{to[3]}>{to[4]}</span>"

    return re.sub(r'<a\b([^>]*?) href="(?!http)([^"]*)"([^>]*)>(.*?)</a>', led, article, flags=re.DOTALL)


def write(root: Path, site: Path, base: str = "") -> None:
    """Write ``_build/eastward-brief.pdf`` from the page in ``site``."""
    from weasyprint import CSS, HTML

    book, fonts = citation.book(), Path(mpl.get_data_path()) / "fonts" / "ttf"
    body = plain((site / f"{PAGE}.html").read_text(encoding="utf-8"), base and f"{base}{PAGE}.html")
    authors = ", ".join(f"{a.given} {a.family}".strip() for a in book.authors)
    head = f'<title>{book.title}: in ten minutes</title><meta name="author" content="{authors}">'
    style = "".join(f".{status_class(status)} {{ --v: {colour} }}" for status, colour in STATUS_COLOURS.items())
    for name, face in (("", ""), ("-Bold", "font-weight: 700"), ("-Oblique", "font-style: italic")):
        font = (fonts / f"DejaVuSans{name}.ttf").as_uri()
        style += f"@font-face {{ font-family: 'DejaVu Sans'; src: url({font}); {face} }}"
    style += (root / STYLE).read_text(encoding="utf-8")
    page = HTML(string=f'<html lang="en"><head>{head}</head><body>{body}</body></html>')
    page.write_pdf(root / "_build" / PDF, stylesheets=[CSS(string=style)], pdf_variant="pdf/ua-1")
