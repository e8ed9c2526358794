"""The book as a website: lean pages, claim cards, a 404 page, favicon, social picture, sitemap and a feed of corrections.

The theme loads icons, scripts and a search index that no page of this book needs, and marks some parts up in ways that
validators reject. Each page is mended once, as its template is rendered, so that the files on disk are what a reader gets.
"""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from eastward import __version__, data
from eastward.claims import STATUSES, all_claims
from eastward.claims.verdicts import UNTESTED, verdict
from eastward.publish import contents
from eastward.publish.contents import rooted
from eastward.show.theme import STATUS_COLOURS, theme
from eastward.show.words import status_class

THEME = {
    "search_bar_text": "Search this book",
    "use_fullscreen_button": False,
    "navbar_persistent": [],
    "primary_sidebar_end": [],
    "toc_title": "On this page",
}
"""Options of the theme: one search box, no advertisement, no full screen."""

EXPORTS = "_build/exports"
BOOK_PDF = "eastward.pdf"
WITH_PDF = ("book/index", "book/cite")
"""Pages whose text, below the title, offers the whole book as PDF."""
FEED = "corrections.xml"
ATOM = "http://www.w3.org/2005/Atom"

UNUSED = (
    "fontawesome",
    "sphinx-thebe",
    "togglebutton",
    "design-tabs",
    "THEBE_JS_URL",
    "toggleHint",
    "toggleOpenOnPrint",
)
"""What marks a script or stylesheet of the head that no page needs: icons are drawn by eastward.css, nothing is run live."""

SEARCH_ONLY = ("searchtools.js", "language_data.js", "searchindex.js")
DROPPED_FILES = (
    "scripts/fontawesome.js*", "vendor/fontawesome/**/*", "sphinx-thebe.*", "thebelab*", "togglebutton.*", "design-tabs.js",
    "**/*.map",
)  # fmt: skip


def lean_head(page: str, searching: bool) -> str:
    """Return a page without the scripts and styles it does not need, the others deferred.

    Args:
        page: the whole HTML text.
        searching: whether it is the search page, which alone keeps the index and its tools.

    """
    unwanted = UNUSED if searching else (*UNUSED, *SEARCH_ONLY)
    needless = "|".join(map(re.escape, unwanted))
    page = re.sub(
        rf"<script\b(?:(?!</script>).)*?(?:{needless})(?:(?!</script>).)*?</script>\n?", "", page, flags=re.DOTALL
    )
    page = re.sub(rf"<link\b[^>]*(?:{needless})[^>]*>\n?", "", page)
    page = re.sub(r'<link rel="preload" as="script"[^>]*>\n?', "", page)
    page = re.sub(
        r'<meta name="(?:viewport" content="width=device-width, initial-scale=1"|docsearch:[a-z]+"[^>]*) ?/?>', "", page
    )
    if searching:
        return page
    return re.sub(
        r'<script src="([^"]*(?:doctools|highlight|clipboard|copybutton|book-theme)[^"]*)"',
        r'<script defer src="\1"',
        page,
    )


def valid_markup(page: str) -> str:
    """Return a page with the theme's and the tools' invalid or inaccessible markup mended."""
    for old, new in (
        ('role="main"', ""),
        ("<figcaption>\n<div class=\"legend\">", '<div class="legend">'),
        ('<div role="list" class="citation-list">', '<div class="citation-list">'),
        (' role="doc-biblioentry"', ""),
        ('search-button__button pst-js-only" title="Search" aria-label="Search"', 'search-button__button pst-js-only" title="Search"'),
        ('localStorage.getItem("mode") || ""', 'localStorage.getItem("mode") || "auto"'),
        ('localStorage.getItem("theme") || ""', 'localStorage.getItem("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'),
        ('<p aria-level="2" class="caption" role="heading">', '<p class="caption">'),
        ('<button type="button" class="btn rounded-pill" id="pst-back-to-top">', '<button type="button" class="btn rounded-pill" id="pst-back-to-top" tabindex="-1">'),
        ('<tr style="text-align: right;">', "<tr>"),
        ('<summary aria-label="Toggle hidden content">', "<summary>"),
        ('<p class="collapsed admonition-title">Show code</p>', '<span class="collapsed">Show code</span>'),
        ('<p class="expanded admonition-title">Hide code</p>', '<span class="expanded">Hide code</span>'),
        ('class="sidebar-toggle primary-toggle btn btn-sm" title="Toggle primary sidebar"', 'class="sidebar-toggle primary-toggle btn btn-sm" title="Toggle primary sidebar" aria-label="Toggle primary sidebar"'),
        ('class="sidebar-toggle secondary-toggle btn btn-sm pst-navbar-icon" title="Toggle secondary sidebar"', 'class="sidebar-toggle secondary-toggle btn btn-sm pst-navbar-icon" title="Toggle secondary sidebar" aria-label="Toggle secondary sidebar"'),
    ):  # fmt: skip
        page = page.replace(old, new)
    # The theme repeats title, contents and their ids for printing; the article has them already.
    page = re.sub(
        r'<div id="jb-print-docs-body" class="onlyprint">.*?(?=<div id="searchbox">)', "", page, flags=re.DOTALL
    )
    page = re.sub(r"<button(?![^>]*\btype=)", '<button type="button"', page)
    page = re.sub(r'(<dialog id="pst-(primary|secondary)-sidebar-modal")>', r'\1 aria-label="\2 sidebar">', page)
    return page.replace('<dialog id="pst-search-dialog">', '<dialog id="pst-search-dialog" aria-label="Search">')


def unlabelled(page: str) -> str:
    """Return a bibliography without labels, since the text cites by author and year."""
    return re.sub(
        r'<span class="label"><span class="fn-bracket">\[</span>.*?<span class="fn-bracket">\]</span></span>\n',
        "",
        page,
    )


def mend(page: str, name: str) -> str:
    """Return the text of a page as readers get it; ``name`` is the page's name, such as ``book/index``."""
    page = valid_markup(lean_head(page, name == "search"))
    if name == "book/references":
        page = unlabelled(page)
    return re.sub(r"\n\s*\n+", "\n", page) if "<pre" not in page else re.sub(r"(?m)^[ \t]+$\n", "", page)


def claim_cards(body: str, labels: dict[str, tuple[str, str]]) -> str:
    """Mark each claim's section with what it can be filtered by, and link to its card in the chapter.

    Args:
        body: HTML of the page of claims.
        labels: Sphinx's labels; a card is linked to only if its chapter shows it.

    """
    for claim in all_claims().values():
        now, later = (verdict(claim.id, day).status for day in ("publication", "hindsight"))
        anchor = claim.id.lower()
        facts = {"status": now, "hindsight": later, "kinds": " ".join(claim.kinds), "basis": claim.basis}
        given = " ".join(f'data-{key}="{html.escape(value)}"' for key, value in facts.items())
        classes = f"ew-claim {status_class(now)}"
        body = re.sub(
            rf'<section id="({anchor}-[^"]*)">\n<span id="{anchor}"></span>',
            rf'<section id="\1" class="{classes}" {given}>\n<span id="{anchor}"></span>', body,
        )  # fmt: skip
        if f"verdict-{anchor}" in labels:
            start = body.find(f'<span id="{anchor}"></span>')
            page = f"{claim.chapter}.html"
            body = body[:start] + body[start:].replace(f'{page}"', f'{page}#verdict-{anchor}"', 1)
    # The filter's place is kept from the start, so that nothing moves when the script fills it.
    return body.replace('<section id="c', '<div class="ew-place"></div>\n<section id="c', 1)


def previews(body: str) -> str:
    """Give each link to a claim a title: what the claim says and how it fared."""

    def titled(match: re.Match[str]) -> str:
        claim = all_claims().get(match[2].upper())
        if claim is None:
            return match[0]
        text = f"{claim.id}: {claim.short}. On publication: {verdict(claim.id, 'publication').status}. With hindsight: {verdict(claim.id, 'hindsight').status}."
        return f'<a class="reference internal" href="{match[1]}#{match[2]}" title="{html.escape(text)}">'

    return re.sub(r'<a class="reference internal" href="([^"]*)#(c\d\d)">', titled, body)


FORMS = {"ipynb": "notebook with outputs", "html": "one page for itself", "py": "script"}
"""Exported forms of a chapter and what they are to a reader."""


def open_here(page: str, files: list[str], pdfs: dict[str, str], up: str) -> str:
    """Return the small footer of a chapter: the command that opens it in JupyterLab, its exports and PDFs.

    Args:
        page: name of the page, such as ``notebooks/04-trade-turnover``.
        files: names of the exported files.
        pdfs: paths of the PDFs that the page offers, with the words of their links.
        up: path from the page to the book's root.

    """
    stem = page.rpartition("/")[2]
    exports = {f"chapters/{stem}.{form}": words for form, words in FORMS.items()}
    exports["eastward-supplement.zip"] = "supplement of the whole book"
    there = {f"exports/{file}": words for file, words in exports.items() if file in files} | pdfs
    links = [f'<a download href="{up}{path}">{words}</a>' for path, words in there.items()]
    taken = f"<p>Take it with you: {', '.join(links)}.</p>" if links else ""
    return (
        '<aside class="ew-open d-print-none" aria-label="Re-run this chapter"><p>Open this chapter in JupyterLab, in a checkout of the book: '
        f"<code>make notebook</code>, then <code>{html.escape(page)}.ipynb</code>. Or run it alone: "
        f"<code>.venv/bin/jupyter nbconvert --to notebook --execute {html.escape(page)}.ipynb --output-dir _build</code></p>{taken}</aside>"
    )


def built_pdfs(root: Path) -> dict[str, str]:
    """Paths below ``_build`` of the PDFs that TeX has made, by page: the book's under its front page, the chapters'."""
    paths = {contents.pages(root)[0]: BOOK_PDF}
    paths |= {f"notebooks/{file.stem}": f"chapters/{file.stem}.pdf" for file in contents.chapters(root)}
    return {page: path for page, path in paths.items() if (root / "_build" / path).is_file()}


def pdfs_of(page: str, pdfs: dict[str, str]) -> dict[str, str]:
    """Return the PDFs that a page offers, with the words of their links: its own, and the book's."""
    own = {pdfs[page]: "PDF of this chapter"} if page in pdfs and pdfs[page] != BOOK_PDF else {}
    return own | ({BOOK_PDF: "PDF of the whole book"} if BOOK_PDF in pdfs.values() else {})


def download_menu(buttons: list[dict[str, Any]], pdfs: dict[str, str], up: str, notebook: str = "") -> None:
    """Add PDFs to the theme's menu of downloads, whose own entry ``.pdf`` prints the page.

    Where the chapter was exported, its entry for the source leads to that notebook, which has outputs and no markup of the book.
    """
    for menu in buttons:
        if menu.get("label") == "download-buttons":
            for entry in menu["buttons"]:
                if entry["label"] == "download-pdf-button":
                    entry["text"] = "Print"
                if entry["label"] == "download-source-button" and notebook:
                    entry["url"], entry["text"] = up + notebook, "Notebook with outputs"
            menu["buttons"][-1:-1] = [
                {
                    "type": "link",
                    "url": up + path,
                    "text": words,
                    "icon": "fas fa-file-pdf",
                    "label": "download-typeset",
                }
                for path, words in pdfs.items()
            ]


def exported(root: Path) -> list[str]:
    """Paths below ``_build/exports`` of the files that ``make exports`` has written, such as ``figures/fig-kazan.png``."""
    folder = root / EXPORTS
    return sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())


def parquet_links(body: str, files: list[str], up: str) -> str:
    """Add a link to a table's Parquet file behind that to its CSV, where it was exported."""

    def linked(match: re.Match[str]) -> str:
        file = f"data/{match[2]}.parquet"
        return f'{match[1]}, <a download href="{up}exports/{file}">as Parquet</a>' if file in files else match[1]

    return re.sub(r'(<a class="reference download[^>]*/([a-z0-9_]+)\.csv"[^>]*>.*?</a>)', linked, body, flags=re.DOTALL)


def figure_files(body: str, files: list[str], up: str) -> str:
    """Add links to a figure's SVG and PNG where these were exported; without exports there are no such links.

    Args:
        body: HTML of a page.
        files: names of the exported files.
        up: path from the page to the book's root.

    """

    def linked(match: re.Match[str]) -> str:
        links = [
            f'<a download href="{up}exports/figures/{match[1]}.{form}">{form.upper()}</a>'
            for form in ("svg", "png")
            if f"figures/{match[1]}.{form}" in files
        ]
        return f'<p class="ew-links"><span>{match[2]}</span>{"".join(links)}</p>'

    return re.sub(r'<p class="ew-links" data-figure="([^"]+)"><span>(.*?)</span></p>', linked, body)


def _page(app: Sphinx, pagename: str, _: str, context: dict[str, Any], __: nodes.document | None) -> None:
    if "body" in context:
        body = previews(context["body"])
        if pagename == "book/claims":
            body = claim_cards(body, app.env.domaindata["std"]["anonlabels"])
        files, up = app.config["eastward_exports"], context["content_root"]
        body = figure_files(body, files, up)
        if pagename == "book/catalogue":
            body = parquet_links(body, files, up)
        pdfs = pdfs_of(pagename, app.config["eastward_pdfs"])
        notebook = f"chapters/{pagename.rpartition('/')[2]}.ipynb"
        exported_to = f"exports/{notebook}" if notebook in files else ""
        download_menu(context.get("header_buttons", []), pdfs, up, exported_to)
        if pagename in WITH_PDF and BOOK_PDF in pdfs:
            link = f'<p class="ew-pdf"><a download href="{up}{BOOK_PDF}">{pdfs[BOOK_PDF]}</a></p>'
            body = body.replace("</h1>", f"</h1>\n{link}", 1)
        context["body"] = body + (open_here(pagename, files, pdfs, up) if pagename.startswith("notebooks/") else "")
    link = (
        f'<link rel="alternate" type="application/atom+xml" title="Corrections" href="{context["content_root"]}{FEED}">'
    )
    context["metatags"] = context.get("metatags", "") + link


def _mending(render: Callable[[str, dict[str, Any]], str]) -> Callable[[str, dict[str, Any]], str]:
    def rendered(template: str, context: dict[str, Any]) -> str:
        page = render(template, context)
        return mend(page, context["pagename"]) if "pagename" in context else page

    return rendered


def _configure(app: Sphinx, config: Config) -> None:
    config["eastward_exports"] = exported(Path(app.srcdir))
    config["eastward_pdfs"] = built_pdfs(Path(app.srcdir))
    config.html_theme_options = {**config.html_theme_options, **THEME}


def _start(app: Sphinx) -> None:
    if app.builder.format == "html":
        templates: Any = app.builder.templates
        templates.render = _mending(templates.render)


def feed(changelog: str, released: date, base: str = "") -> str:
    """Return an Atom feed of the changelog.

    Args:
        changelog: Markdown; each second-level heading is an entry, and a day in it (``0.1.1, 2026-12-01``) its date.
        released: day of the first version, for headings without a day.
        base: address of the book, with a slash at the end; empty for links relative to the feed.

    """
    parts = re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", changelog, flags=re.MULTILINE)
    days = [re.search(r"\d{4}-\d\d-\d\d", title) for title, _ in parts]
    stamps = [f"{found[0] if found else released.isoformat()}T00:00:00Z" for found in days]
    top = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})

    def add(parent: Xml.Element, tag: str, text: str = "", **attributes: str) -> Xml.Element:
        child = Xml.SubElement(parent, tag, attributes)
        child.text = text or None
        return child

    add(top, "id", "tag:eastward,2026:corrections")
    add(top, "title", "Eastward: corrections")
    add(top, "updated", max(stamps, default=f"{released.isoformat()}T00:00:00Z"))
    add(top, "link", rel="self", href=f"{base}{FEED}")
    add(top, "link", rel="alternate", href=f"{base}book/changelog.html")
    add(add(top, "author"), "name", "The Eastward team")
    for (title, text), stamp in zip(parts, stamps, strict=True):
        entry = add(top, "entry")
        anchor = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        add(entry, "id", f"tag:eastward,2026:corrections/{anchor}")
        add(entry, "title", title)
        add(entry, "updated", stamp)
        add(entry, "link", rel="alternate", href=f"{base}book/changelog.html")
        add(entry, "content", text.strip(), type="text")
    Xml.indent(top)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(top, encoding="unicode") + "\n"


@theme()
def social_picture(file: Path) -> None:
    """Draw the picture that links to the book show: its name and the verdicts as a bar (1200 x 630 pixels)."""
    from matplotlib.figure import Figure as Drawing

    found = [verdict(i, "publication").status for i in all_claims()]
    drawing = Drawing(figsize=(12, 6.3), facecolor="#14181d")
    drawing.text(0.06, 0.72, "Eastward", color="white", fontsize=64, fontweight="bold")
    drawing.text(0.06, 0.56, "An op-ed on Russia and China, tested with data", color="#d8dade", fontsize=27)
    axes = drawing.add_axes((0.06, 0.26, 0.88, 0.14))
    axes.set_axis_off()
    start = 0
    for status in (*STATUSES, UNTESTED):
        count = found.count(status)
        if count:
            axes.barh(0, count, left=start, color=STATUS_COLOURS[status], edgecolor="#14181d", linewidth=3)
            axes.text(
                start + count / 2,
                0,
                str(count),
                color="white",
                ha="center",
                va="center",
                fontsize=24,
                fontweight="bold",
            )
        start += count
    drawing.text(0.06, 0.13, f"{len(found)} claims, one verdict each", color="#d8dade", fontsize=22)
    drawing.savefig(file, dpi=100, facecolor=drawing.get_facecolor(), metadata={"Software": None})


def lean_style(style: str) -> str:
    """Return the theme's stylesheet without its icon fonts, which eastward.css replaces."""
    style = re.sub(r"@font-face\{[^}]*\}", "", style)
    return re.sub(r'\.fa-[\w-]+(?:,\.fa-[\w-]+)*\{--fa:"[^"]*"[^}]*\}', "", style)


def _finish(app: Sphinx, failure: Exception | None) -> None:
    if failure or app.builder.format != "html":
        return
    site, root = Path(app.outdir), Path(app.srcdir)
    for pattern in DROPPED_FILES:
        for file in (site / "_static").glob(pattern):
            if file.is_file():
                file.unlink()
    styles = site / "_static" / "styles" / "pydata-sphinx-theme.css"
    styles.write_text(lean_style(styles.read_text(encoding="utf-8")), encoding="utf-8")
    # Search shows lines of a page's main part, which it looks for by a role that valid HTML does not repeat.
    tools = site / "_static" / "searchtools.js"
    tools.write_text(tools.read_text(encoding="utf-8").replace('[role="main"]', ".bd-article"), encoding="utf-8")
    if app.config["eastward_exports"]:
        shutil.copytree(root / EXPORTS, site / "exports", dirs_exist_ok=True)
    shutil.rmtree(site / "chapters", ignore_errors=True)
    for path in app.config["eastward_pdfs"].values():
        (site / path).parent.mkdir(exist_ok=True)
        shutil.copyfile(root / "_build" / path, site / path)
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (root / "book" / "changelog.md").read_text(encoding="utf-8")
    released = date.fromisoformat(str(citation["date-released"]))
    base = app.config.html_baseurl
    (site / FEED).write_text(feed(changelog, released, base), encoding="utf-8")
    with data.using(root):
        social_picture(site / "_static" / "social.png")
    if base:
        missing = site / "404.html"
        missing.write_text(rooted(missing.read_text(encoding="utf-8"), base), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension; the sitemap needs the book's address, so it is written only if ``html_baseurl`` is set."""
    if app.config.html_baseurl:
        app.setup_extension("sphinx_sitemap")
        app.config["sitemap_url_scheme"] = "{link}"
        app.config["sitemap_excludes"] = ["404.html", "search.html", "genindex.html"]
    app.add_config_value("eastward_exports", [], "html")
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _start, priority=2)
    app.connect("html-page-context", _page, priority=900)
    app.connect("build-finished", _finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
