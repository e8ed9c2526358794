"""Search that leads to the very claim, figure, table or source, not only to its page; the same names in ``objects.inv``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain, ObjType
from sphinxcontrib.bibtex.domain import BibtexDomain

from eastward import __version__, data
from eastward.publish import references

FIRST, LATER = 0, 2
"""Sphinx's priorities: what stands above pages with the same words, and what stands below."""

Found = tuple[str, str, str, str, str, int]
"""Kind, name, text of the result, page, anchor, priority."""


class BookDomain(Domain):
    """Offers what the book numbers and cites to Sphinx's search and to other books' references."""

    name = "eastward"
    label = "Eastward"
    object_types = {kind: ObjType(kind) for kind in ("claim", "figure", "table", "data table", "source")}  # noqa: RUF012

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield all claims, figures, tables, tables of the data package, and sources."""
        for kind, name, text, page, anchor, priority in (*self._labelled(), *self._cited()):
            # With its kind no name equals an anchor: Sphinx's search would then take the text of the result for the anchor.
            yield f"{kind}:{name}", text, kind, page, anchor, priority

    def _cited(self) -> Iterable[Found]:
        with data.using(Path(self.env.srcdir)):
            known = references.references()
        for citation in cast(BibtexDomain, self.env.get_domain("cite")).citations:
            page, source = citation.bibliography_key.docname, known[citation.key]
            text = f"{source.author} ({source.year}): {source.title}"
            yield "source", citation.key, text, page, citation.citation_id, LATER

    def _labelled(self) -> Iterable[Found]:
        standard = self.env.domaindata["std"]
        for name, (page, anchor, title) in standard["labels"].items():
            if re.fullmatch(r"c\d\d", name):
                yield "claim", name.upper(), title, page, anchor, FIRST
            elif name.startswith("table-"):
                yield "data table", name, title, page, anchor, LATER
            elif kind := {"fig": "figure", "tab": "table"}.get(name[:3]):
                number = self.env.toc_fignumbers.get(page, {}).get(kind, {}).get(anchor)
                numbered = f"{kind.capitalize()} {'.'.join(map(str, number))}: {title}" if number else title
                yield kind, name, numbered, page, anchor, FIRST

    def merge_domaindata(self, docnames: list[str], otherdata: dict[str, Any]) -> None:
        """Do nothing: the domain reads the others' data and keeps none."""

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """Return the kind alone: ``claim``, not ``Eastward claim``."""
        return type.lname

    def resolve_any_xref(self, *_: Any) -> list[tuple[str, nodes.Element]]:
        """Return nothing: labels and citations have their own roles."""
        return []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the domain."""
    app.add_domain(BookDomain)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
