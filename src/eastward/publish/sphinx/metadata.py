"""A Sphinx extension that makes every page citable: metadata in its head, a citation block at its end, stable short addresses.

In each page's head stand Highwire ``citation_*`` tags and Dublin Core (for Zotero and Google Scholar), Open Graph with a
picture of the page's first figure, a description and JSON-LD (see :mod:`eastward.publish.sphinx.jsonld`).

Addresses are absolute where ``html_baseurl`` is set. Where it is empty, addresses in JSON-LD, pictures and redirects are
relative to the page, and tags that need an absolute address (``citation_public_url``, ``citation_pdf_url``, ``og:url``,
``DC.identifier``) and the addresses in citations are left out.
"""

import base64
import hashlib
import html
import posixpath
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import sphinx_reredirects
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config

from eastward import __version__, claims, data
from eastward.publish import citation, contents
from eastward.publish.citation import Work
from eastward.publish.sphinx import claim_pages, jsonld
from eastward.publish.sphinx.share import SIZE, picture

FORMS: dict[str, tuple[str, str, Callable[..., str]]] = {
    "BibTeX": ("bib", "application/x-bibtex", citation.bibtex),
    "CSL-JSON": ("json", "application/vnd.citationstyles.csl+json", citation.csl_json),
    "RIS": ("ris", "application/x-research-info-systems", citation.ris),
}
"""Forms of citations: how the names of their files end, their media type, and what writes them."""


class Site:
    """Pages, addresses and citable parts of the book being built."""

    def __init__(self, app: Sphinx):
        self.app, self.env = app, app.env
        self.base: str = app.config.html_baseurl
        self.printed: dict[str, str] = app.config.eastward_printed

    def path(self, page: str, anchor: str = "") -> str:
        """Path of a page below the site's root, with an anchor."""
        return self.app.builder.get_target_uri(page) + (f"#{anchor}" if anchor else "")

    def absolute(self, path: str) -> str:
        """Address of a path of the site; empty where ``html_baseurl`` is."""
        return urljoin(self.base.rstrip("/") + "/", path) if self.base else ""

    def link(self, path: str, page: str) -> str:
        """Absolute address of a path of the site, or one relative to ``page`` where ``html_baseurl`` is empty."""
        return self.absolute(path) or posixpath.relpath(path, posixpath.dirname(self.path(page)) or ".")

    def pages(self) -> list[str]:
        """Names of all pages, in the order of the table of contents, the front page first."""
        found = contents.pages(Path(self.app.srcdir))
        return [*found, *sorted(self.env.found_docs - set(found))]

    def title(self, page: str) -> str:
        """Title of a page."""
        return self.env.titles[page].astext() if page in self.env.titles else ""

    def place(self, label: str) -> tuple[str, str] | None:
        """Page and anchor of a label, such as ``c11`` or ``table-trade_mirror``; ``None`` where the book has none."""
        found = self.env.get_domain("std").data["anonlabels"].get(label)
        return (found[0], found[1]) if found else None

    def claims(self) -> list[Work]:
        """Return the claims that the book lists, each with the address of its own page."""
        found = []
        for c in (c for c in claims.all_claims().values() if self.place(c.id.lower())):
            chapter, url = self.title(f"notebooks/{c.chapter}"), self.absolute(f"claims/{c.id}.html")
            found.append(Work("claim", c.id, f"{c.id}: {c.short}", chapter, url))
        return found

    def datasets(self, page: str) -> Iterator[tuple[dict[str, Any], str]]:
        """Descriptor and anchor of each table of the data package that a page describes."""
        for resource in data.package()["resources"]:
            at = self.place(f"table-{resource['name']}")
            if at and at[0] == page:
                yield resource, at[1]

    def works(self, page: str, doctree: nodes.document) -> list[Work]:
        """Return the citable parts of a page: the page itself, its figures, its tables and data sets."""
        title, url = self.title(page), self.absolute(self.path(page))
        chapter = Work("chapter", posixpath.basename(page), title, url=url, pages=self.printed.get(title, ""))
        tables = [t for t in doctree.findall(nodes.table) if t["ids"] and isinstance(t[0], nodes.title)]
        parts = [("figure", figure["ids"][0], _finding(figure)) for figure in drawings(doctree)]
        parts += [("table", table["ids"][0], str(table[0].astext())) for table in tables]
        parts += [("dataset", anchor, resource["title"]) for resource, anchor in self.datasets(page)]
        return [
            Work("book", url=url) if page == self.app.config.root_doc else chapter,
            *(Work(kind, at, said, title, self.absolute(self.path(page, at))) for kind, at, said in parts),
        ]


def drawings(doctree: nodes.document) -> list[nodes.figure]:
    """Return the figures of a page."""
    return [f for f in doctree.findall(nodes.figure) if "ew-figure" in f["classes"] and f["ids"]]


def _finding(figure: nodes.figure) -> str:
    return next(figure.findall(nodes.caption)).astext()


def description(doctree: nodes.document) -> str:
    """Return the first paragraph of a page (not a mere 'Cite as:') without its citations, cut to 200 characters at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            cites = {part for part in paragraph.findall(nodes.Element) if "bibtex-citation" in part.get("classes", [])}
            text = "".join(part.astext() for part in paragraph.children if part not in cites)
            if len(text) >= 40:
                return textwrap.shorten(re.sub(r"\s+([.,;:])", r"\1", text), 200, placeholder=" …")
    return citation.book().abstract


def share(site: Site, figures: list[nodes.figure], work: Work | None = None) -> tuple[str, str]:
    """Write the picture of a page from its first figure and return its path below the site's root and its alt text.

    A page without figures takes the figure that ``eastward_picture`` names; where the book has none, both texts are empty.
    Above the drawing stands what it shows or, for a claim, the claim.
    """
    if not figures and (at := site.place(site.app.config.eastward_picture)):
        figures = [f for f in drawings(site.env.get_doctree(at[0])) if f["ids"][0] == at[1]]
    for figure in figures[:1]:
        name, words = (work.id, work.title) if work else (figure["ids"][0], _finding(figure))
        source = Path(site.app.srcdir, figure["picture"].lstrip("/"))
        target = Path(site.app.outdir, "_images", "share", f"{name}.png")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            picture(source, words, citation.book().title, target)
        return f"_images/share/{name}.png", figure["alt"]
    return "", ""


def things(site: Site, page: str, doctree: nodes.document, about: str, image: str) -> list[dict[str, Any]]:
    """Return what a page describes, for JSON-LD: the book or a chapter, and its data sets."""
    pages = site.pages()
    front = site.link(site.path(pages[0]), page)
    here = site.link(site.path(page), page)
    shown = site.link(image, page) if image else ""
    if page == pages[0]:
        parts = [(site.title(p), site.link(site.path(p), page)) for p in pages[1:]]
        found = [jsonld.book(front, shown, parts)]
    else:
        found = [jsonld.chapter(site.title(page), about, pages.index(page), here, shown, front)]
    for resource, anchor in site.datasets(page):
        downloads = [(kind, site.link(path, page)) for kind, path in _downloads(doctree, anchor)]
        found.append(jsonld.dataset(resource, site.link(site.path(page, anchor), page), downloads, here))
    return found


def _downloads(doctree: nodes.document, anchor: str) -> list[tuple[str, str]]:
    """Media type and path of each data file that the section with an anchor offers."""
    section = next(node for node in doctree.findall(nodes.section) if anchor in node["ids"])
    files = [node["filename"] for node in section.findall(addnodes.download_reference) if "filename" in node]
    return [("text/csv", f"_downloads/{quote(f)}") for f in files if f.endswith(".csv")]


def files(work: Work) -> list[tuple[str, str, str]]:
    """Form, name and address of each file with the citation of a work: it stands in the address, so it needs no server."""
    found = []
    for form, (end, kind, write) in FORMS.items():
        encoded = base64.b64encode(write(work).encode()).decode("ascii")
        found.append((form, f"{citation.key(work)}.{end}", f"data:{kind};base64,{encoded}"))
    return found


def _citing(app: Sphinx, **context: Any) -> str:
    """HTML of ``citing.html``: the citation of a ``figure``, or of a ``page`` and its ``parts``."""
    return str(app.builder.templates.render("citing.html", {"files": files, "citation": citation, **context}))


def _stamp(app: Sphinx, config: Config) -> None:
    """Take over the book's address; let Sphinx write all pages again when the citation or the build date changes."""
    with data.using(Path(app.srcdir)):
        text = (data.root() / "CITATION.cff").read_text(encoding="utf-8") + citation.build_date().isoformat()
        # Where a host does not add the ending, this answers: /claims/C11/ leads there for as long as the book stands.
        config["redirects"] = {f"claims/{name}/index": f"../{name}.html" for name in claims.all_claims()}
    config["html_baseurl"] = contents.address(config.html_baseurl)
    config["eastward_printed"] = contents.printed_pages(Path(app.srcdir, "_build", "eastward.pdf"))
    config["eastward_citation"] = hashlib.sha256(text.encode("utf-8")).hexdigest()


def _cite_figures(app: Sphinx, doctree: nodes.document, page: str) -> None:
    if app.builder.format != "html":
        return
    site = Site(app)
    with data.using(Path(app.srcdir)):
        for figure in drawings(doctree):
            anchor = figure["ids"][0]
            url = site.absolute(site.path(page, anchor))
            block = _citing(app, figure=Work("figure", anchor, _finding(figure), site.title(page), url))
            next(figure.findall(nodes.legend)).append(nodes.raw("", block, format="html"))


def _describe(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add metadata to a page's head and the citation block to its end; pages without text (search) get none."""
    if doctree is None or app.builder.format != "html":
        return
    site = Site(app)
    with data.using(Path(app.srcdir)):
        about, image = description(doctree), share(site, drawings(doctree))
        described = things(site, page, doctree, about, image[0])
        describe(site, page, context, site.works(page, doctree), about, image, described)


def describe(
    site: Site, page: str, context: dict[str, Any], works: list[Work], about: str, image: tuple[str, str],
    described: list[dict[str, Any]],
) -> None:  # fmt: skip
    """Add to a page's context its head and, to its body, how to cite it and its parts (``works``, the page first).

    ``about`` describes the page in a sentence, ``image`` is path and alt text of its picture, ``described`` goes into JSON-LD.
    """
    book, built, pdf = citation.book(), citation.build_date(), site.app.config.eastward_pdfs.get(page)
    context["metatags"] = site.app.builder.templates.render(
        "head.html",
        {
            "given": context.get("metatags") or "", "book": book, "work": works[0], "built": built, "about": about,
            "rights": jsonld.licence(book.licences[-1]), "pdf": site.absolute(contents.beside(page, pdf)) if pdf else "",
            "alt": image[1], "image": site.link(image[0], page) if image[0] else "", "size": SIZE,
            "things": jsonld.script(described),
        },
    )  # fmt: skip
    everything = {form: site.link(f"citations.{end}", page) for form, (end, *_) in FORMS.items()}
    parts = {"page": works[0], "parts": works[1:], "version": book.version, "built": built}
    context["body"] += _citing(site.app, **parts, everything=everything)


def _claim_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A page a claim, ``claims/C11``."""
    site = Site(app)
    with data.using(Path(app.srcdir)):
        shown = claim_pages.figures(app.env, [page for page in site.pages() if page.startswith("notebooks/")])
        for work in site.claims():
            page, claim, figures = f"claims/{work.id}", claims.claim(work.id), shown.get(work.id, [])
            context = {"title": work.title, "body": claim_pages.body(app.env, claim, figures)}
            claim_pages.index(app, page, work.title, context["body"])
            review = jsonld.claim_review(work.id, site.link(site.path(page), page))
            about, image = claim_pages.about(claim), share(site, figures, work)
            describe(site, page, context, [work], about, image, [review] if review else [])
            yield page, context, "page.html"


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Write the citations of all parts of the book and, where it has an address, the list of its pages for search engines."""
    if error is not None or app.builder.format != "html":
        return
    site, out = Site(app), Path(app.outdir)
    with data.using(Path(app.srcdir)):
        works = [work for page in site.pages() for work in site.works(page, site.env.get_doctree(page))]
        works += site.claims()
        for end, _, write in FORMS.values():
            (out / f"citations.{end}").write_text(write(*works), encoding="utf-8", newline="")
    robots = "User-agent: *\nAllow: /\n"
    if site.base:
        robots += f"Sitemap: {site.base}sitemap.xml\n"
        whole_pages = (work.url for work in works if work.kind in ("book", "chapter", "claim"))
        places = "".join(f"<url><loc>{html.escape(address)}</loc></url>\n" for address in whole_pages)
        whole = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
        (out / "sitemap.xml").write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{whole}', encoding="utf-8")
    (out / "robots.txt").write_text(robots, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension: ``eastward_pdfs`` are paths of PDFs by page, ``eastward_picture`` the figure for pages without one."""
    app.setup_extension(sphinx_reredirects.__name__)
    app.add_config_value("eastward_pdfs", {}, "html", dict)
    app.add_config_value("eastward_picture", "fig-all-verdicts", "html", str)
    app.add_config_value("eastward_citation", "", "html", str)
    app.add_config_value("eastward_printed", {}, "html", dict)
    app.connect("config-inited", _stamp)
    app.connect("doctree-resolved", _cite_figures)
    app.connect("html-page-context", _describe)
    app.connect("html-collect-pages", _claim_pages)
    app.connect("build-finished", _finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
