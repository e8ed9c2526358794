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
import posixpath
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config

from eastward import __version__, claims, data
from eastward.publish import citation, contents
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
        found = contents.pages(Path(self.app.srcdir))
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


def files(work: Work) -> list[tuple[str, str, str]]:
    """Form, name and address of each file with the citation of a work: it stands in the address, so it needs no server."""
    forms = {
        "BibTeX": ("bib", "application/x-bibtex", citation.bibtex(work)),
        "RIS": ("ris", "application/x-research-info-systems", citation.ris(work)),
    }
    return [
        (
            form,
            f"{citation.key(work)}.{suffix}",
            f"data:{kind};base64,{base64.b64encode(text.encode()).decode('ascii')}",
        )
        for form, (suffix, kind, text) in forms.items()
    ]


def _citing(app: Sphinx, **context: Any) -> str:
    """HTML of ``citing.html``: the citation of a ``figure``, or of a ``page`` and its ``parts``."""
    given = {
        "files": files,
        "bibtex": citation.bibtex,
        "ris": citation.ris,
        "apa": lambda w: Markup(citation.apa_html(w)),
    }
    text: str = app.builder.templates.render("citing.html", given | context)
    return text


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
            block = _citing(app, figure=Work("figure", anchor, finding, site.title(page), url))
            next(figure.findall(nodes.legend)).append(nodes.raw("", block, format="html"))


def _describe(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add metadata to a page's head and the citation block to its end; pages without text (search) get none."""
    if doctree is None or app.builder.format != "html":
        return
    site = Site(app)
    with data.using(Path(app.srcdir)):
        works = site.works(page, doctree)
        about, image = description(doctree), share(site, doctree)
        book, built, pdf = citation.book(), citation.build_date(), app.config.eastward_pdfs.get(page)
        context["metatags"] = app.builder.templates.render(
            "head.html",
            {
                "given": context.get("metatags") or "", "book": book, "work": works[0], "built": built, "about": about,
                "rights": jsonld.licence(book.licences[-1]), "pdf": site.absolute(pdf) if pdf else "", "alt": image[1],
                "image": site.link(image[0], page) if image[0] else "", "size": SIZE,
                "things": jsonld.script(things(site, page, doctree, about, image[0])),
            },
        )  # fmt: skip
        everything = {
            f"all_{form}": site.link(f"citations.{end}", page) for form, end in (("bibtex", "bib"), ("ris", "ris"))
        }
        parts = {"page": works[0], "parts": works[1:], "version": book.version, "built": built}
        context["body"] += _citing(app, **parts, **everything)


def _redirects(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A page a claim, ``claims/C11/index.html``, so that ``/claims/C11`` leads to it for as long as the book stands."""
    site = Site(app)
    with data.using(Path(app.srcdir)):
        for claim in claims.all_claims().values():
            if at := site.place(claim.id.lower()):
                path, title = site.path(*at), f"{claim.id}: {claim.short}"
                context = {"title": title, "there": f"../../{path}", "absolute": site.absolute(path)}
                yield f"claims/{claim.id}/index", context, "redirect.html"


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Write the citations of all parts of the book."""
    if error is not None or app.builder.format != "html":
        return
    site = Site(app)
    with data.using(Path(app.srcdir)):
        works = [work for page in site.pages() for work in site.works(page, site.env.get_doctree(page))]
        Path(app.outdir, "citations.bib").write_text(citation.bibtex(*works), encoding="utf-8")
        Path(app.outdir, "citations.ris").write_text(citation.ris(*works), encoding="utf-8", newline="")


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
    app.connect("html-collect-pages", _redirects)
    app.connect("build-finished", _finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
