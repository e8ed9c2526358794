"""Search that leads to the very claim, figure, table or source, not only to its page; the same names in ``objects.inv``."""

import re
from collections.abc import Iterable
from typing import Any, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.search.en import SearchEnglish
from sphinxcontrib.bibtex.domain import BibtexDomain

from eastward.data.sources import cited_author, plain

FIRST, LATER = 0, 2
"""Sphinx's priorities: what stands above pages with the same words, and what stands below."""


class Words(SearchEnglish):
    """English in which a number keeps its decimals, as ``book/_templates/search.js`` reads it in a query."""

    _word_re = re.compile(r"\d+(?:\.\d+)+|\w+")


class BookDomain(Domain):
    """Offers what the book numbers and cites to Sphinx's search and to other books' references."""

    name = "eastward"
    label = "Eastward"
    object_types = {kind: ObjType(kind) for kind in ("claim", "figure", "table", "data-table", "source")}  # noqa: RUF012

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield all claims, figures, tables, tables of the data package, and sources."""
        # With its kind no name equals an anchor: Sphinx's search would then take the text of the result for the anchor.
        for name, (page, anchor, title) in self.env.domaindata["std"]["labels"].items():
            if re.fullmatch(r"c\d{2,}", name):
                yield f"claim:{name.upper()}", title, "claim", f"claims/{name.upper()}", name, FIRST
            elif name.startswith("table-"):
                yield f"data-table:{name}", title, "data-table", page, anchor, LATER
            elif kind := {"fig": "figure", "tab": "table"}.get(name[:3]):
                number = self.env.toc_fignumbers.get(page, {}).get(kind, {}).get(anchor)
                numbered = f"{kind.capitalize()} {'.'.join(map(str, number))}: {title}" if number else title
                yield f"{kind}:{name}", numbered, kind, page, anchor, FIRST
        for citation in cast(BibtexDomain, self.env.get_domain("cite")).citations:
            page, given = citation.bibliography_key.docname, citation.entry.fields
            text = f"{cited_author(citation.entry)} ({given['year']}): {plain(given['title'])}"
            yield f"source:{citation.key}", text, "source", page, citation.citation_id, LATER

    def merge_domaindata(self, docnames: list[str], otherdata: dict[str, Any]) -> None:
        """Do nothing: the domain reads the others' data and keeps none."""

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """Return the kind alone: ``claim``, not ``Eastward claim``."""
        return type.lname.replace("-", " ")

    def resolve_any_xref(self, *_: Any) -> list[tuple[str, nodes.Element]]:
        """Return nothing: labels and citations have their own roles."""
        return []
