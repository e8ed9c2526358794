"""Tagged PDFs (PDF/UA), which WeasyPrint makes from built pages: the brief, and each chapter with the sources that it cites."""

import html
import logging
import re
from concurrent.futures import Future, ProcessPoolExecutor
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import matplotlib as mpl
import pikepdf
from sphinx.errors import SphinxError

from eastward.publish import citation, contents
from eastward.show.theme import INK, STATUS_COLOURS
from eastward.show.words import status_class

BRIEF, BRIEF_PDF, STYLE = "book/brief", "eastward-brief.pdf", "book/paper.css"
WANTED = "EASTWARD_PAPERS"
"""Environment variable that is there where a build of the web pages makes these PDFs too."""
REFERENCES, LICENCE = "book/references", "https://creativecommons.org/licenses/by/4.0/"


def printable() -> bool:
    """Whether WeasyPrint finds Pango, which sets its text."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


def paths(root: Path) -> dict[str, str]:
    """Paths below ``_build`` of the PDFs that can be made here, by the pages that they are made of."""
    chapters = {f"notebooks/{file.stem}": f"chapters/{file.stem}.pdf" for file in contents.chapters(root)}
    made = chapters | ({BRIEF: BRIEF_PDF} if BRIEF in contents.pages(root) else {})
    return made if printable() else {}


def plain(page: str, address: str = "", references: str = "") -> str:
    """Return the article of a built page for print; without its ``address``, links to other pages are plain text.

    Of ``references``, the page of all sources, those that the article cites stand at its end.
    """
    article = re.sub(r"^.*(?=<article)|(?<=</article>).*$", "", page, flags=re.DOTALL)
    article = re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", article).replace("currentColor", INK)
    article = re.sub(r'<svg role="img" aria-label="([^"]*)"([^>]*)>', r"<svg\2><title>\1</title>", article)
    if references:
        to_source = r'href="[^"#]*references\.html#'
        cited = set(re.findall(rf'{to_source}([^"]+)"', article))
        entries = re.findall(r'<div class="citation" id="([^"]+)">\n<p>(.*?)</p>', references, flags=re.DOTALL)
        listed = "".join(f'<li id="source-{name}">{entry}</li>' for name, entry in entries if name in cited)
        article = re.sub(to_source, 'href="#source-', article)
        listed = f'<section><h2>Sources cited</h2><ul class="ew-sources">{listed}</ul></section></article>'
        # A link whose words are a year alone tells those who hear it nothing.
        author_year = r'(<span class="bibtex-citation"[^>]*>)([^<\[]+ )\[(<a [^>]*>)([^<]*)</a>\]'
        article = re.sub(author_year, r"\1\3\2[\4]</a>", article).replace("</article>", listed)

    def led(to: re.Match[str]) -> str:
        if to[2].startswith("#") and f'id="{to[2][1:]}"' in article:
            return to[0]
        if address:
            return f'<a{to[1]} href="{urljoin(address, to[2])}"{to[3]}>{to[4]}</a>'
        return f"<span{to[1]}{to[3]}>{to[4]}</span>"

    return re.sub(r'<a\b([^>]*?) href="(?!http)([^"]*)"([^>]*)>(.*?)</a>', led, article, flags=re.DOTALL)


def _chapter(body: str, page: str) -> tuple[str, str]:
    """Return the title of a chapter, and its article with its number, how to cite it, and its licence."""
    name, book = page.rpartition("/")[2], citation.book()
    title = html.unescape(re.sub(r"<a .*?</a>|<[^>]+>", "", body.partition("<h1>")[2].partition("</h1>")[0]))
    number = f'<p class="ew-number">Chapter {int(name.partition("-")[0])}</p><h1>'
    cite = citation.apa_html(citation.Work("chapter", name, title))
    told = f"Cite as: {cite} Code and data: <code>{page}.ipynb</code>. Text, figures and data: CC BY 4.0. Code: MIT licence."
    body = body.replace("<h1>", number, 1).replace("</h1>", f'</h1><p class="ew-head">{told}</p>', 1)
    return f"{title.rstrip('.')} – {book.title}", body


def _style(root: Path) -> str:
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    style = "".join(f".{status_class(status)} {{ --v: {colour} }}" for status, colour in STATUS_COLOURS.items())
    for name, face in (("", ""), ("-Bold", "font-weight: 700"), ("-Oblique", "font-style: italic")):
        font = (fonts / f"DejaVuSans{name}.ttf").as_uri()
        style += f"@font-face {{ font-family: 'DejaVu Sans'; src: url({font}); {face} }}"
    return style + (root / STYLE).read_text(encoding="utf-8")


class PaperError(SphinxError):
    """A page that cannot be set: names the file and the letter."""

    category = "PDF"


def _refuse(told: logging.LogRecord) -> bool:
    if ".notdef" in (message := told.getMessage()):
        raise PaperError(message)
    return True


def _press(page: str, file: Path, kept: Path) -> None:
    """Set a page, unless its PDF is there and the page is the one kept from then; say in the file under which licence it is.

    A letter that no font has raises :class:`PaperError`.
    """
    from weasyprint import HTML

    if file.is_file() and kept.is_file() and kept.read_text(encoding="utf-8") == page:
        return
    for folder in (file.parent, kept.parent):
        folder.mkdir(exist_ok=True)
    logging.getLogger("weasyprint").addFilter(_refuse)
    try:
        made = HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    except PaperError as error:
        raise PaperError(f"{file.name}: {error}; install a font that has it, or write it otherwise") from None
    with pikepdf.open(BytesIO(made)) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
            about["dc:rights"] = "CC BY 4.0"
            about["xmpRights:Marked"], about["xmpRights:WebStatement"] = "True", LICENCE
        pdf.save(file, deterministic_id=True)
    kept.write_text(page, encoding="utf-8")


def begin(root: Path, site: Path, base: str = "") -> list[Future[None]]:
    """Begin to write the PDFs of :func:`paths` into ``_build`` from the pages in ``site``, those whose page has changed."""
    authors = ", ".join(author.name for author in citation.book().authors)
    style, references = f"<style>{_style(root)}</style>", (site / f"{REFERENCES}.html").read_text(encoding="utf-8")
    jobs, pool = [], ProcessPoolExecutor()
    for page, path in paths(root).items():
        text, address = (site / f"{page}.html").read_text(encoding="utf-8"), base and f"{base}{page}.html"
        title, body = f"{citation.book().title}: in ten minutes", plain(text, address)
        if page != BRIEF:
            title, body = _chapter(plain(text, address, references), page)
        head = f'<title>{html.escape(title)}</title><meta name="author" content="{html.escape(authors)}">{style}'
        shown = html.escape("Eastward: in ten minutes" if page == BRIEF else title)
        whole = f'<html lang="en"><head>{head}</head><body title="{shown}">{body}</body></html>'
        file = root / "_build" / path
        jobs.append(pool.submit(_press, whole, file, root / "_build" / ".paper" / f"{file.stem}.html"))
    pool.shutdown(wait=False)
    return jobs


def finish(jobs: list[Future[None]]) -> None:
    """Wait until the PDFs are written; what failed is raised."""
    for number, job in enumerate(jobs, 1):
        job.result()
        print(f"html: tagged PDF {number} of {len(jobs)}", flush=True)
