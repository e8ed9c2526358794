"""A Sphinx extension that makes every page citable: metadata in its head, a citation block at its end, stable short addresses.

In each page's head stand Highwire ``citation_*`` tags and Dublin Core (for Zotero and Google Scholar), Open Graph with a
picture of the page's first figure, a description and JSON-LD (see :mod:`eastward.publish.sphinx.jsonld`).

Addresses are absolute where ``html_baseurl`` is set. Where it is empty, addresses in JSON-LD, pictures and redirects are
relative to the page, and tags that need an absolute address (``citation_public_url``, ``citation_pdf_url``, ``og:url``,
``DC.identifier``) and the addresses in citations are left out.
"""

from __future__ import annotations

import base64
import hashlib
import html
import posixpath
import re
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config

from eastward import __version__, claims, data
from eastward.publish import citation
from eastward.publish.citation import Work
from eastward.publish.sphinx import jsonld
from eastward.publish.sphinx.share import SIZE, picture

_MEDIA = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}


class Site:
    """Pages, addresses and citable parts of the book being built."""

    def __init__(self, app: Sphinx):
        self.app, self.env = app, app.env
        self.base: str = app.config.html_baseurl

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
        found: list[str] = []

        def walk(page: str) -> None:
            if page not in found:
                found.append(page)
                for child in self.env.toctree_includes.get(page, []):
                    walk(child)

        walk(self.app.config.root_doc)
        return [*found, *sorted(self.env.found_docs - set(found))]

    def title(self, page: str) -> str:
        """Title of a page."""
        return self.env.titles[page].astext()

    def place(self, label: str) -> tuple[str, str] | None:
        """Page and anchor of a label, such as ``c11`` or ``table-trade_mirror``; ``None`` where the book has none."""
        found = self.env.get_domain("std").data["anonlabels"].get(label)
        return (found[0], found[1]) if found else None

    def datasets(self, page: str) -> Iterator[tuple[dict[str, Any], str]]:
        """Descriptor and anchor of each table of the data package that a page describes."""
        for resource in data.package()["resources"]:
            at = self.place(f"table-{resource['name']}")
            if at and at[0] == page:
                yield resource, at[1]

    def works(self, page: str, doctree: nodes.document) -> list[Work]:
        """Return the citable parts of a page: the page itself, its figures, its tables and data sets."""
        if page == self.app.config.root_doc:
            found = [Work("book", url=self.absolute(self.path(page)))]
        else:
            found = [Work("chapter", posixpath.basename(page), self.title(page), url=self.absolute(self.path(page)))]
        parts = [("figure", anchor, caption) for anchor, caption, _ in drawings(doctree)]
        parts += [("table", t["ids"][0], str(t[0].astext())) for t in doctree.findall(nodes.table) if _captioned(t)]
        parts += [("dataset", anchor, resource["title"]) for resource, anchor in self.datasets(page)]
        for kind, anchor, title in parts:
            found.append(Work(kind, anchor, title, self.title(page), self.absolute(self.path(page, anchor))))
        return found


def _captioned(table: nodes.table) -> bool:
    return bool(table["ids"]) and isinstance(table[0], nodes.title)


def drawings(doctree: nodes.document) -> Iterator[tuple[str, str, nodes.figure]]:
    """Anchor, finding and node of each figure of a page."""
    for figure in doctree.findall(nodes.figure):
        if "ew-figure" in figure["classes"] and figure["ids"]:
            yield figure["ids"][0], next(figure.findall(nodes.caption)).astext(), figure


def description(doctree: nodes.document) -> str:
    """Return the first paragraph of a page (not a mere 'Cite as:') without its citations, cut to 200 characters at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = "".join(part.astext() for part in paragraph.children if not _cites(part))
            if len(text) >= 40:
                return textwrap.shorten(re.sub(r"\s+([.,;:])", r"\1", text), 200, placeholder=" …")
    return citation.book().abstract


def _cites(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and "bibtex-citation" in node.get("classes", [])


def share(site: Site, doctree: nodes.document) -> tuple[str, str]:
    """Write the picture of a page from its first figure and return its path below the site's root and its alt text.

    A page without figures takes the figure that ``eastward_picture`` names; where the book has none, both texts are empty.
    """
    at = site.place(site.app.config.eastward_picture)
    elsewhere = [f for f in drawings(site.env.get_doctree(at[0])) if f[0] == at[1]] if at else []
    for anchor, finding, figure in [*drawings(doctree), *elsewhere][:1]:
        source = Path(site.app.srcdir, figure["picture"].lstrip("/"))
        target = Path(site.app.outdir, "_images", "share", f"{anchor}.png")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            picture(source, finding, citation.book().title, target)
        return f"_images/share/{anchor}.png", figure["alt"]
    return "", ""


def _meta(name: str, content: str, attribute: str = "name") -> str:
    return f'<meta {attribute}="{name}" content="{html.escape(content)}" />' if content else ""


def highwire(site: Site, page: str, work: Work) -> list[str]:
    """Return the ``citation_*`` tags that Google Scholar and Zotero read."""
    pdf = site.app.config.eastward_pdfs.get(page)
    book = citation.book()
    part = work.kind != "book"
    return [
        _meta("citation_title", work.title if part else book.title),
        *[_meta("citation_author", author.inverted) for author in book.authors],
        _meta("citation_publication_date", f"{book.released:%Y/%m/%d}"),
        _meta("citation_inbook_title", book.title if part else ""),
        _meta("citation_language", "en"),
        _meta("citation_keywords", "; ".join(book.keywords)),
        _meta("citation_doi", "" if part else book.doi),
        _meta("citation_public_url", work.url),
        _meta("citation_pdf_url", site.absolute(pdf) if pdf else ""),
    ]


def dublin_core(work: Work, about: str) -> list[str]:
    """Return the Dublin Core tags of a page."""
    book = citation.book()
    part = work.kind != "book"
    return [
        '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/" />',
        '<link rel="schema.DCTERMS" href="http://purl.org/dc/terms/" />',
        _meta("DC.title", work.title if part else book.title),
        *[_meta("DC.creator", author.inverted) for author in book.authors],
        _meta("DC.date", book.released.isoformat()),
        _meta("DCTERMS.modified", citation.build_date().isoformat()),
        _meta("DC.type", "Text"),
        _meta("DC.language", "en"),
        _meta("DC.description", about),
        *[_meta("DC.subject", word) for word in book.keywords],
        _meta("DC.rights", jsonld.licence(book.licences[-1])),
        _meta("DCTERMS.isPartOf", book.title if part else ""),
        _meta("DC.identifier", work.url),
    ]


def open_graph(site: Site, page: str, work: Work, about: str, image: tuple[str, str]) -> list[str]:
    """Return the Open Graph tags of a page; ``image`` is path and alt text of its picture, or two empty texts."""
    book = citation.book()
    tags = {
        "og:type": "book" if work.kind == "book" else "article",
        "og:site_name": book.title,
        "og:title": work.title or book.title,
        "og:description": about,
        "og:locale": "en",
        "og:url": work.url,
    }
    if image[0]:
        size = {"og:image:width": str(SIZE[0]), "og:image:height": str(SIZE[1])}
        tags |= {"og:image": site.link(image[0], page), **size, "og:image:alt": image[1]}
    card = _meta("twitter:card", "summary_large_image" if image[0] else "summary")
    return [*[_meta(name, content, "property") for name, content in tags.items()], card]


def things(site: Site, page: str, doctree: nodes.document, about: str, image: str) -> list[dict[str, Any]]:
    """Return what a page describes, for JSON-LD: the book or a chapter, its data sets, its tested claims."""
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
    for claim_id in claims.all_claims():
        at = site.place(claim_id.lower())
        if at and at[0] == page:
            review = jsonld.claim_review(claim_id, site.link(site.path(page, at[1]), page), here)
            found += [review] if review else []
    return found


def _downloads(doctree: nodes.document, anchor: str) -> list[tuple[str, str]]:
    """Media type and path of each data file that the section with an anchor offers."""
    section = next(node for node in doctree.findall(nodes.section) if anchor in node["ids"])
    files = [node["filename"] for node in section.findall(addnodes.download_reference) if "filename" in node]
    return [(_MEDIA[Path(f).suffix], f"_downloads/{quote(f)}") for f in files if Path(f).suffix in _MEDIA]


def _offer(work: Work) -> str:
    """Download links of a citation: the files stand in the links, so they work without a server."""
    bibtex, ris = citation.bibtex(work), citation.ris(work)
    forms = (
        ("BibTeX", "bib", "application/x-bibtex", bibtex),
        ("RIS", "ris", "application/x-research-info-systems", ris),
    )
    links = []
    for label, suffix, kind, text in forms:
        encoded = base64.b64encode(text.encode("utf-8")).decode("ascii")
        links.append(f'<a download="{citation.key(work)}.{suffix}" href="data:{kind};base64,{encoded}">{label}</a>')
    return " · ".join(links)


def figure_block(work: Work) -> str:
    """HTML that offers the citation of a figure, below the data behind it."""
    return (
        f'<details class="ew-behind ew-cite" id="cite-{work.id}"><summary>Cite this figure</summary>'
        f"<p>{citation.apa_html(work)}</p><p>{_offer(work)}</p></details>"
    )


def page_block(works: list[Work], all_bibtex: str, all_ris: str) -> str:
    """HTML of the citations of a page and its parts, with version and build date; it needs no JavaScript.

    Args:
        works: the page, then its parts.
        all_bibtex: address of the file with all citations of the book as BibTeX.
        all_ris: the same as RIS.

    """
    page, built = works[0], citation.build_date()
    what = "book" if page.kind == "book" else "page"
    return (
        f'<section class="ew-citing" aria-label="Citation and version">'
        f'<details class="ew-behind ew-cite" id="cite-this-page"><summary>Cite this {what}</summary>'
        f'<p id="cite-apa">{citation.apa_html(page)}</p><p>Download: {_offer(page)}</p>'
        f'<div class="highlight"><pre id="cite-bibtex" tabindex="0">{html.escape(citation.bibtex(page))}</pre></div>'
        f'<div class="highlight"><pre id="cite-ris" tabindex="0">{html.escape(citation.ris(page))}</pre></div>'
        f"{_parts(works[1:])}"
        f'<p>Citations of all pages, figures, tables and data sets: <a href="{html.escape(all_bibtex)}" download>BibTeX</a> · '
        f'<a href="{html.escape(all_ris)}" download>RIS</a></p></details>'
        f'<p class="ew-version">Version {html.escape(citation.book().version)}, built on '
        f'<time datetime="{built.isoformat()}">{built.day} {built:%B %Y}</time>.</p></section>'
    )


def _parts(works: list[Work]) -> str:
    if not works:
        return ""
    items = "".join(f'<li><a href="#{w.id}">{w.id}</a>: {citation.apa_html(w)}</li>' for w in works)
    return f"<details><summary>Figures, tables and data of this page ({len(works)})</summary><ul>{items}</ul></details>"


def _stamp(app: Sphinx, config: Config) -> None:
    """Let Sphinx write all pages again when the citation or the build date changes."""
    with data.using(Path(app.srcdir)):
        text = (data.root() / "CITATION.cff").read_text(encoding="utf-8") + citation.build_date().isoformat()
    config["eastward_citation"] = hashlib.sha256(text.encode("utf-8")).hexdigest()


def _cite_figures(app: Sphinx, doctree: nodes.document, page: str) -> None:
    if app.builder.format != "html":
        return
    site = Site(app)
    with data.using(Path(app.srcdir)):
        for anchor, finding, figure in list(drawings(doctree)):
            url = site.absolute(site.path(page, anchor))
            block = figure_block(citation.figure(anchor, finding, site.title(page), url))
            next(figure.findall(nodes.legend)).append(nodes.raw("", block, format="html"))


def _describe(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add metadata to a page's head and the citation block to its end; pages without text (search) get none."""
    if doctree is None or app.builder.format != "html":
        return
    site = Site(app)
    with data.using(Path(app.srcdir)):
        works = site.works(page, doctree)
        about, image = description(doctree), share(site, doctree)
        given = context.get("metatags") or ""
        head = [] if 'name="description"' in given else [_meta("description", about)]
        head += [
            *highwire(site, page, works[0]),
            *dublin_core(works[0], about),
            *open_graph(site, page, works[0], about, image),
        ]
        head += [jsonld.script(things(site, page, doctree, about, image[0]))]
        context["metatags"] = "\n".join([given, *[tag for tag in head if tag]]) + "\n"
        context["body"] += page_block(works, site.link("citations.bib", page), site.link("citations.ris", page))


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Write the short addresses of claims and the citations of all parts of the book."""
    if error is not None or app.builder.format != "html":
        return
    site = Site(app)
    with data.using(Path(app.srcdir)):
        redirects(site)
        works = [work for page in site.pages() for work in site.works(page, site.env.get_doctree(page))]
        Path(app.outdir, "citations.bib").write_text(citation.bibtex(*works), encoding="utf-8")
        Path(app.outdir, "citations.ris").write_text(citation.ris(*works), encoding="utf-8", newline="")


def redirects(site: Site) -> None:
    """Write ``claims/C11/index.html`` for each claim, so that ``/claims/C11`` leads to it for as long as the book stands."""
    folder = Path(site.app.outdir, "claims")
    shutil.rmtree(folder, ignore_errors=True)
    for claim in claims.all_claims().values():
        at = site.place(claim.id.lower())
        if at:
            path = site.path(*at)
            target = folder / claim.id / "index.html"
            target.parent.mkdir(parents=True)
            target.write_text(_redirect(f"{claim.id}: {claim.short}", path, site.absolute(path)), encoding="utf-8")


def _redirect(title: str, path: str, absolute: str) -> str:
    shown, there = html.escape(title), html.escape(f"../../{path}")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{shown}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="canonical" href="{html.escape(absolute) or there}"><meta http-equiv="refresh" content="0; url={there}"></head>'
        f'<body><main><h1>{shown}</h1><p><a href="{there}">Go to the claim</a></p></main></body></html>\n'
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension.

    ``eastward_pdfs`` holds the paths of PDFs below ``html_baseurl`` by page, ``eastward_picture`` is the id of the figure that
    stands for pages without one.
    """
    app.add_config_value("eastward_pdfs", {}, "html", dict)
    app.add_config_value("eastward_picture", "fig-all-verdicts", "html", str)
    app.add_config_value("eastward_citation", "", "html", str)
    app.connect("config-inited", _stamp)
    app.connect("doctree-resolved", _cite_figures)
    app.connect("html-page-context", _describe)
    app.connect("build-finished", _finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
