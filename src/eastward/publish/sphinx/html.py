"""The book as a website: lean pages, claim cards, a 404 page, favicon and a feed of corrections.

The theme loads icons, scripts and a search index that no page of this book needs, and marks some parts up in ways that
validators reject. Each page is mended once, as its template is rendered, so that the files on disk are what a reader gets.
"""

import html
import os
import posixpath
import re
import shutil
from collections import Counter
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from eastward import __version__
from eastward.claims import all_claims
from eastward.claims.verdicts import AS_OF, verdict
from eastward.publish import citation, contents, guards, paper
from eastward.publish.contents import rooted
from eastward.publish.pages import contest_script
from eastward.show.words import status_class

THEME: dict[str, Any] = {
    "search_bar_text": "Search this book", "toc_title": "On this page", "use_fullscreen_button": False,
    "navbar_persistent": [], "primary_sidebar_end": [],
}  # fmt: skip
"""Options of the theme: one search box, no advertisement, no full screen."""

EXPORTS = "_build/exports"
BOOK_PDF = "eastward.pdf"
WITH_PDF = ("book/index", paper.BRIEF, "book/cite")
"""Pages whose text, below the title, offers the brief and the whole book as PDF."""
FEED = "corrections.xml"

UNUSED = (
    "fontawesome", "sphinx-thebe", "togglebutton", "design-tabs", "THEBE_JS_URL", "toggleHint", "toggleOpenOnPrint",
)  # fmt: skip
"""What marks a script or stylesheet of the head that no page needs: icons are drawn by eastward.css, nothing is run live."""

DEFERRED = ("doctools", "sphinx_highlight", "clipboard", "copybutton", "sphinx-book-theme")
"""How the names of scripts begin that a page can wait for."""

SEARCH = (
    ('[role="main"]', ".bd-article"),
    (r"queryTerm.match(/^\d+$/)", "false"),
    ("word.length > 2", "(word.length > 2 || /[^ -~]/.test(word))"),
    ('"style"]', '"style", ...(anchor ? [] : ["table, svg, pre, details, h1, .admonition, .ew-pdf"])]'),
)
"""What Sphinx's search is taught: the main part of a page, numbers, words of two ideographs, and to excerpt prose."""

DROPPED_FILES = (
    "scripts/fontawesome.js*", "vendor/fontawesome/**/*", "sphinx-thebe.*", "thebelab*", "togglebutton.*", "design-tabs.js",
    "**/*.map",
)  # fmt: skip


def lean_head(context: dict[str, Any], searching: bool) -> None:
    """Take the scripts and styles that no page needs out of a page's context; defer the others where nothing waits for them."""
    for kind in ("script_files", "css_files"):
        needed = [f for f in context[kind] if not any(name in f"{f.filename} {f.attributes}" for name in UNUSED)]
        context[kind] = [f if searching else _deferred(f) for f in needed]


def _deferred(file: Any) -> Any:
    waits = Path(file.filename or "").name.startswith(DEFERRED) and str(file.filename).endswith(".js")
    return type(file)(file.filename, priority=file.priority, defer="defer", **file.attributes) if waits else file


def mend(page: str) -> str:
    """Return a page as readers get it: the theme's and the tools' invalid or inaccessible markup mended, no empty lines."""
    for old, new in (
        ('role="main"', ""),
        ("<figcaption>\n<div class=\"legend\">", '<div class="legend">'),
        ('<div role="list" class="citation-list">', '<div class="citation-list">'),
        (' role="doc-biblioentry"', ""),
        ('search-button__button pst-js-only" title="Search" aria-label="Search"', 'search-button__button pst-js-only" title="Search"'),
        ('<p aria-level="2" class="caption" role="heading">', '<p class="caption">'),
        ('<button type="button" class="btn rounded-pill" id="pst-back-to-top">', '<button type="button" class="btn rounded-pill" id="pst-back-to-top" tabindex="-1">'),
        ('<tr style="text-align: right;">', "<tr>"),
        ('<dialog id="pst-search-dialog">', '<dialog id="pst-search-dialog" aria-label="Search">'),
        ('<summary aria-label="Toggle hidden content">', "<summary>"),
        ('<p class="collapsed admonition-title">Show code</p>', '<span class="collapsed">Show code</span>'),
        ('<p class="expanded admonition-title">Hide code</p>', '<span class="expanded">Hide code</span>'),
        ('class="sidebar-toggle primary-toggle btn btn-sm" title="Toggle primary sidebar"', 'class="sidebar-toggle primary-toggle btn btn-sm" title="Toggle primary sidebar" aria-label="Toggle primary sidebar"'),
        ('class="sidebar-toggle secondary-toggle btn btn-sm pst-navbar-icon" title="Toggle secondary sidebar"', 'class="sidebar-toggle secondary-toggle btn btn-sm pst-navbar-icon" title="Toggle secondary sidebar" aria-label="Toggle secondary sidebar"'),
    ):  # fmt: skip
        page = page.replace(old, new)
    page = re.sub(r"<button(?![^>]*\btype=)", '<button type="button"', page)
    page = re.sub(r'(<dialog id="pst-(primary|secondary)-sidebar-modal")>', r'\1 aria-label="\2 sidebar">', page)
    return re.sub(r"\n\s*\n+", "\n", page) if "<pre" not in page else re.sub(r"(?m)^[ \t]+$\n", "", page)


def claim_cards(body: str, labels: dict[str, tuple[str, str]]) -> str:
    """Mark each claim's section with what it can be filtered by; link to its card where, by Sphinx's labels, a chapter has it."""
    for claim in all_claims().values():
        now, later = (verdict(claim.id, day).status for day in AS_OF)
        anchor = claim.id.lower()
        facts = {"status": now, "hindsight": later, "kinds": " ".join(claim.kinds), "basis": claim.basis}
        given = " ".join(f'data-{key}="{html.escape(value)}"' for key, value in facts.items())
        start = rf'<section id="\1" class="ew-claim {status_class(now)}" {given}>\n'
        body = re.sub(rf'<section id="({anchor}-[^"]*)">\n(?=<span id="{anchor}"></span>)', start, body)
        if f"verdict-{anchor}" in labels:
            place, page = body.find(f'<span id="{anchor}"></span>'), f"{claim.chapter}.html"
            body = body[:place] + body[place:].replace(f'{page}"', f'{page}#verdict-{anchor}"', 1)
    # The filter's place is kept from the start, so that nothing moves when the script fills it.
    return body.replace('<section id="c', '<div class="ew-place"></div>\n<section id="c', 1)


def previews(body: str) -> str:
    """Give each link to a claim a title: what the claim says and how it fared."""

    def titled(match: re.Match[str]) -> str:
        claim = all_claims().get(match[2].upper())
        if claim is None:
            return match[0]
        now, later = (verdict(claim.id, day).status for day in AS_OF)
        text = f"{claim.id}: {claim.short}. On publication: {now}. With hindsight: {later}."
        return f'<a class="reference internal" href="{match[1]}#{match[2]}" title="{html.escape(text)}">'

    return re.sub(r'<a class="reference internal" href="([^"]*)#(c\d{2,})">', titled, body)


def taken(page: str, files: list[str], pdfs: dict[str, str]) -> dict[str, str]:
    """Return what a reader of a chapter can take away: paths below the book's root, of the exported ``files`` and the page's PDFs, with words."""
    forms = {"ipynb": "notebook with outputs", "html": "one page for itself", "py": "script"}
    exports = {f"chapters/{page.rpartition('/')[2]}.{form}": words for form, words in forms.items()}
    exports["eastward-supplement.zip"] = "supplement of the whole book"
    return {f"exports/{file}": words for file, words in exports.items() if file in files} | pdfs


def built_pdfs(root: Path, papers: bool) -> dict[str, str]:
    """Paths below ``_build`` of the PDFs, by page: the book's under its front page where there is one, those of papers where this build makes them."""
    book = {contents.pages(root)[0]: BOOK_PDF} if (root / "_build" / BOOK_PDF).is_file() else {}
    return book | (paper.paths(root) if papers else {})


def pdfs_of(page: str, pdfs: dict[str, str]) -> dict[str, str]:
    """Return the PDFs that a page offers, with the words of their links: its own, and the book's; pages at the front the brief."""
    words = {BOOK_PDF: "PDF of the whole book", paper.BRIEF_PDF: "PDF of the brief"}
    offered = [*([paper.BRIEF_PDF] if page in WITH_PDF else []), pdfs.get(page, ""), BOOK_PDF]
    return {path: words.get(path, "PDF of this chapter") for path in offered if path in pdfs.values()}


def download_menu(buttons: list[dict[str, Any]], pdfs: dict[str, str], up: str, notebook: str = "") -> None:
    """Add PDFs to the theme's menu of downloads, whose own entry ``.pdf`` prints the page.

    Where the chapter was exported, its entry for the source leads to that notebook, which has outputs and no markup of the book.
    """
    for entries in (menu["buttons"] for menu in buttons if menu.get("label") == "download-buttons"):
        for entry in entries:
            if entry["label"] == "download-pdf-button":
                entry["text"] = "Print"
            if entry["label"] == "download-source-button" and notebook:
                entry |= {"url": up + notebook, "text": "Notebook with outputs"}
        link = {"type": "link", "icon": "fas fa-file-pdf", "label": "download-typeset"}
        entries[-1:-1] = [{**link, "url": up + path, "text": words} for path, words in pdfs.items()]


def figure_files(body: str, files: list[str], up: str) -> str:
    """Add links to a figure's SVG and PNG where these were exported, below ``up``; without exports there are no such links."""

    def linked(match: re.Match[str]) -> str:
        there = {form: f"figures/{match[1]}.{form}" for form in ("svg", "png")}
        links = [f'<a download href="{up}exports/{f}">{form.upper()}</a>' for form, f in there.items() if f in files]
        return f'<p class="ew-links"><span>{match[2]}</span>{"".join(links)}</p>'

    return re.sub(r'<p class="ew-links" data-figure="([^"]+)"><span>(.*?)</span></p>', linked, body)


def _page(app: Sphinx, pagename: str, _: str, context: dict[str, Any], __: nodes.document | None) -> None:
    lean_head(context, pagename == "search")
    if "body" not in context:
        return
    body = previews(context["body"])
    if pagename == "book/claims":
        body = claim_cards(body, app.env.domaindata["std"]["anonlabels"])
    files, up = app.config["eastward_exports"], context["content_root"]
    body = figure_files(body, files, up)
    pdfs = pdfs_of(pagename, app.config["eastward_pdfs"])
    notebook = f"chapters/{pagename.rpartition('/')[2]}.ipynb"
    download_menu(context.get("header_buttons", []), pdfs, up, f"exports/{notebook}" if notebook in files else "")
    if pagename in WITH_PDF and pdfs:
        links = " · ".join(f'<a download href="{up}{path}">{words}</a>' for path, words in pdfs.items())
        body = body.replace("</h1>", f'</h1>\n<p class="ew-pdf">{links}</p>', 1)
    context |= {"body": body, "taken": taken(pagename, files, pdfs)}


def _configure(app: Sphinx, config: Config) -> None:
    folder = Path(app.srcdir, EXPORTS)
    config["eastward_exports"] = sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())
    config["eastward_pdfs"] = built_pdfs(Path(app.srcdir), paper.WANTED in os.environ)
    config.html_theme_options = {**config.html_theme_options, **THEME, "announcement": os.environ.get(guards.DRAFT, "")}


def _unlabelled(_: Any, __: nodes.Node) -> None:
    """The bibliography has no labels, since the text cites by author and year."""
    raise nodes.SkipNode


def _start(app: Sphinx) -> None:
    app.eastward_papers = []  # type: ignore[attr-defined]
    if app.builder.format != "html":
        return
    templates: Any = app.builder.templates
    render = templates.render

    def rendered(template: str, context: dict[str, Any]) -> str:
        page = str(render(template, context))
        return mend(page) if "pagename" in context else page

    templates.render = rendered


def corrections(changelog: str, released: date) -> list[dict[str, str]]:
    """Return the entries of the feed of corrections: title, id, day and text; like titles have ids of their own.

    Each second-level heading of the changelog is an entry, and a day in it (``0.1.1, 2026-12-01``) its date; without one it
    is that of the first version.
    """
    entries = []
    seen: Counter[str] = Counter()
    for title, text in re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", changelog, flags=re.MULTILINE):
        day = re.search(r"\d{4}-\d\d-\d\d|$", title)[0] or str(released)  # type: ignore[index]
        seen[title] += 1
        own = uuid5(NAMESPACE_URL, f"eastward/corrections/{title}/{seen[title]}").urn
        entries.append({"title": title, "id": own, "day": day, "text": text.strip()})
    return entries


def lean_style(style: str) -> str:
    """Return the theme's stylesheet without its icon fonts, which eastward.css replaces."""
    style = re.sub(r"@font-face\{[^}]*\}", "", style)
    return re.sub(r'\.fa-[\w-]+:before(?:,\.fa-[\w-]+:before)*\{content:"[^"]*"\}', "", style)


def _print(app: Sphinx) -> tuple[()]:
    """Begin with the PDFs of pages, which are all written by now, beside what Sphinx has left to do."""
    if paper.WANTED in os.environ and paper.printable() and not app.eastward_papers:  # type: ignore[attr-defined]
        app.eastward_papers = paper.begin(Path(app.srcdir), Path(app.outdir), app.config.html_baseurl)  # type: ignore[attr-defined]
    return ()


def _finish(app: Sphinx, failure: Exception | None) -> None:
    if failure or app.builder.format != "html":
        return
    site, root, base = Path(app.outdir), Path(app.srcdir), app.config.html_baseurl
    for file in [file for pattern in DROPPED_FILES for file in (site / "_static").glob(pattern) if file.is_file()]:
        file.unlink(missing_ok=True)
    styles = site / "_static" / "styles" / "pydata-sphinx-theme.css"
    styles.write_text(lean_style(styles.read_text(encoding="utf-8")), encoding="utf-8")
    tools = site / "_static" / "searchtools.js"
    mended = reduce(lambda script, pair: script.replace(*pair), SEARCH, tools.read_text(encoding="utf-8"))
    tools.write_text(mended, encoding="utf-8")
    (site / "_static" / "contest-data.js").write_text(contest_script(), encoding="utf-8")
    if app.config["eastward_exports"]:
        shutil.copytree(root / EXPORTS, site / "exports", dirs_exist_ok=True)
    for former in (*site.glob("*.pdf"), *site.glob("*/*.pdf")):
        former.unlink()
    _print(app)  # Where no page has changed, Sphinx collects none.
    paper.finish(app.eastward_papers)  # type: ignore[attr-defined]
    for page, path in app.config["eastward_pdfs"].items():
        (site / path).parent.mkdir(exist_ok=True)
        shutil.copyfile(root / "_build" / path, site / path)
        # Google Scholar takes a PDF for the page's own where it stands in the page's folder.
        shutil.copyfile(site / path, site / contents.beside(page, path))
    changelog = (root / "book" / "changelog.md").read_text(encoding="utf-8")
    entries = corrections(changelog, citation.book().released)
    feed = app.builder.templates.render(FEED, {"entries": entries, "base": base})
    (site / FEED).write_text(feed + "\n", encoding="utf-8")
    front = (site / f"{app.config.root_doc}.html").read_text(encoding="utf-8")
    front = front.replace('data-content_root="../"', 'data-content_root="./"')
    (site / "index.html").write_text(rooted(front, posixpath.dirname(app.config.root_doc)), encoding="utf-8")
    if base:
        missing = site / "404.html"
        missing.write_text(rooted(missing.read_text(encoding="utf-8"), base), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_node(nodes.label, override=True, html=(_unlabelled, None))
    app.add_config_value("eastward_exports", [], "html")
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _start, priority=2)
    app.connect("html-page-context", _page, priority=900)
    app.connect("html-collect-pages", _print, priority=1)
    app.connect("build-finished", _finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
