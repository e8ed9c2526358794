"""The book as a scholar's PDF: title page, numbering, verdict cards, tables that fit the page.

Sphinx writes the LaTeX and ``book/_static/eastward.sty`` sets it. This extension stands between the two: it works on the
assembled document just before it is written, and only where LaTeX is the output.
"""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.latex.nodes import thebibliography
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import texescape
from sphinx_jupyterbook_latex.nodes import RootHeader
from sphinxcontrib.bibtex.nodes import raw_latex

from eastward import __version__, claims, data
from eastward.publish import citation, execution
from eastward.show.tables import FOLDED
from eastward.show.theme import STATUS_COLOURS
from eastward.show.words import status_class

CHAPTERS = "notebooks/"
REFERENCES = "book/references"
CATALOGUE = "book/catalogue"
WEB_ONLY = {"book/rerun", "book/changelog"}
"""Pages that serve those who run the book, not its readers on paper."""
LINE = {"footnotesize": 108, "scriptsize": 123}
"""Characters that fit into a line of a table, by type size, in the text width of ``eastward.sty``."""
GAP = 3
"""Room between two columns, in characters."""
WHOLE = 16
"""Rows up to which a table without caption is a block that stays on a page."""
WORD = 15
"""Longer words are hyphenated, so a column need not be wider for their sake."""


def escape(text: str) -> str:
    """Return text that LaTeX prints as it stands."""
    return texescape.escape(text, "xelatex")


def raw(text: str) -> nodes.raw:
    """Return LaTeX code as a node."""
    return nodes.raw("", text, format="latex")


def preamble() -> str:
    """Return the macros that ``eastward.sty`` needs: what ``CITATION.cff`` says, and a colour for each status."""
    book = citation.book()
    title, _, subtitle = book.title.partition(": ")
    built = citation.build_date()
    macros = {"title": title, "subtitle": subtitle[:1].upper() + subtitle[1:], "fulltitle": book.title}
    macros |= {"authors": ", ".join(author.name for author in book.authors), "version": book.version}
    macros |= {"abstract": book.abstract, "keywords": ", ".join(book.keywords)}
    macros |= {"cite": citation.apa(citation.Work("book")), "fingerprint": execution.fingerprint(data.root())}
    macros |= {"released": f"{book.released.day} {book.released:%B %Y}", "built": f"{built.day} {built:%B %Y}"}
    lines = [rf"\newcommand\ewday{{{built}T00:00:00Z}}\newcommand\ewpdfday{{D:{built:%Y%m%d}000000Z}}"]
    lines += [rf"\newcommand\ew{name}{{{escape(value)}}}" for name, value in macros.items()]
    for status, colour in STATUS_COLOURS.items():
        name = status_class(status)
        lines += [rf"\definecolor{{{name}}}{{HTML}}{{{colour[1:].upper()}}}"]
        lines += [rf"\ewstatus{{{order}}}{{{name}}}" for order in (f"{name},ew-status", f"ew-status,{name}")]
    return "\n".join(lines)


def width(text: str) -> int:
    """Width of a text in Latin letters, of which an ideograph takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def column_widths(rows: list[list[str]]) -> tuple[list[int], str]:
    """Share a line of the page among the columns of a table.

    Every column gets room for its longest word. Each further letter goes to the column whose cells make the most lines
    now, so that the table comes out low, until all cells fit. Returned are the columns' relative widths, and the largest
    type size in which the longest words fit.
    """
    words = [[min(width(w), WORD) for cell in column for w in cell.split()] for column in zip(*rows, strict=True)]
    room = np.array([max([3, *column]) for column in words])
    size = next((s for s, line in LINE.items() if sum(room + GAP) <= line), "scriptsize")
    letters = np.array([[width(cell) for cell in row] for row in rows])
    for _ in range(LINE[size] - sum(room + GAP)):
        lines = letters / room
        tallest = lines * ((lines > 1) & (lines == lines.max(axis=1, keepdims=True)))
        if not tallest.any():
            break
        room[tallest.sum(axis=0).argmax()] += 1
    return (room + GAP).tolist(), size


class BookTransform(SphinxPostTransform):
    """Turns the assembled document into a book."""

    default_priority = 800  # after sphinx-jupyterbook-latex has made the parts
    formats = ("latex",)

    def run(self, **_: Any) -> None:
        """Change the document in place."""
        for page in [f for f in self._files() if f["docname"] in WEB_ONLY]:
            page.parent.remove(page)
        # The front page has no heading in LaTeX.
        self.document.insert(0, raw("\\ewunnumbered\n\\chapter{Summary}\n"))
        for header in list(self.document.findall(RootHeader)):
            header.replace_self(raw(f"\\section*{{{escape(header.astext())}}}\n"))
        self._parts()
        self._unlink()
        for container in list(self.document.findall(nodes.container)):
            if container.get("design_component") == "dropdown":
                # The tables behind the verdicts and the catalogue's lists of fields are left to the web page.
                verdicts = container[0].astext().partition(":")[0] in claims.questions()
                kept = FOLDED in container["container_classes"] and not verdicts
                container.replace_self(container.children[1:] if kept else [])
        for card in list(self.document.findall(nodes.admonition)):
            if "verdict" in card["classes"]:
                self._card(card)
        for table in list(self.document.findall(nodes.table)):
            self._table(table)
        for image in list(self.document.findall(nodes.image)):
            told = escape(image.get("alt", "")).replace(r"\sphinxhyphen{}", "-")
            image.parent.insert(image.parent.index(image), raw(rf"\setkeys{{Gin}}{{alt={{{told}}}}}"))
        for start in list(self._files()):
            if start["docname"].startswith(CHAPTERS):
                next(start.findall(nodes.section)).insert(1, raw(f"\\ewcode{{{escape(start['docname'])}.ipynb}}\n"))
            if start["docname"] == CATALOGUE:
                for target in list(start.findall(nodes.target)):
                    target.parent.remove(target)
                for section in list(start.findall(nodes.section))[1:]:
                    self._listed(section)
        self._bibliography()

    def _files(self) -> Iterator[nodes.Element]:
        """All pages of the book that this document holds."""
        for node in self.document.findall():
            if isinstance(node, addnodes.start_of_file | nodes.document) and node.get("docname"):
                yield node

    def _parts(self) -> None:
        """Number the chapters as their notebooks are numbered; pages before them have no number, pages after a letter."""
        seen = False
        for part in [n for n in self.document.children if isinstance(n, nodes.compound)]:
            names = [f["docname"] for f in part.findall(addnodes.start_of_file)]
            if any(name.startswith(CHAPTERS) for name in names):
                seen = True
                part.insert(0, raw("\\ewnumbered\n"))
            elif seen:
                part.insert(0, raw("\\ewlettered\n"))
                seen = False

    def _unlink(self) -> None:
        """Keep the words of links to pages that the book on paper lacks."""
        here = {f["docname"] for f in self._files()}
        for link in list(self.document.findall(nodes.reference)):
            page = link.get("refuri", "").removeprefix("%").partition("#")[0]
            if link.get("refuri", "").startswith("%") and page not in here:
                link.replace_self(link.children)

    def _card(self, card: nodes.admonition) -> None:
        """Set a verdict card as a box in the colour of its status."""
        status = next(c for c in card["classes"] if c.startswith("verdict-"))
        title = card[0].astext()
        page = [f["docname"] for f in self._files() if any(node is card for node in f.findall(nodes.admonition))][-1]
        names = (f"ew-card-{title.split()[0]}", *(rf"\detokenize{{{page}:{name}}}" for name in card["ids"]))
        label = r"\phantomsection" + "".join(rf"\label{{{name}}}" for name in names)
        begin = raw(f"\n\\begin{{ewcard}}{{{status}}}{{{escape(title)}}}{label}\n")
        card.replace_self([begin, *card.children[1:], raw("\n\\end{ewcard}\n")])

    def _listed(self, section: nodes.section) -> None:
        """Leave of a table in the catalogue its name, file, rows and years."""
        labels = "".join(rf"\label{{\detokenize{{{CATALOGUE}:{name}}}}}" for name in section["ids"])
        told = next(p for p in section.findall(nodes.paragraph) if isinstance(p[0], nodes.literal))
        told.children[1:] = [nodes.Text(told[1].astext().partition("; licence")[0] + ".")]
        start = raw(rf"\phantomsection{labels}\footnotesize ")
        told.insert(0, [start, nodes.strong("", section[0].astext()), nodes.Text(": ")])
        section.replace_self(told)

    def _table(self, table: nodes.table) -> None:
        """Set a table in columns that fit the page, over several pages where it is long."""
        group = next(table.findall(nodes.tgroup))
        rows = [list(row.findall(nodes.entry)) for row in group.findall(nodes.row)]
        if any("morecols" in e or "morerows" in e for row in rows for e in row):
            return
        widths, size = column_widths([[e.astext() for e in row] for row in rows])
        for spec, width in zip(group.findall(nodes.colspec), widths, strict=True):
            spec["colwidth"] = width
        captioned = any(isinstance(child, nodes.title) for child in table.children)
        # Behind a longtable LaTeX no longer knows how much of the page is left for a figure.
        long = captioned or len(rows) > WHOLE
        table["classes"] = [*{*table["classes"], "colwidths-given", *(["longtable"] if long else [])}]
        for entry in (e for row in rows for e in row):
            if not entry.astext().strip():
                entry.clear()
            elif "text-right" in entry["classes"]:
                cast(nodes.Element, entry[0]).insert(0, raw(r"\ewright{}"))
        share = min(1.0, sum(widths) / LINE[size])
        bare = "" if captioned else r"\ewuncaptioned"
        uncounted = r"\addtocounter{table}{-1}" if long and not captioned else ""
        begin = raw(f"\n\\begin{{ewtable}}{{{size}}}{{{share:.3f}}}{bare}\n")
        table.replace_self([begin, table, raw(f"\n\\end{{ewtable}}{uncounted}\n")])

    def _bibliography(self) -> None:
        """Set the sources that are cited under their heading, with whole addresses."""
        seen, cited = set[str](), {link.rawsource.rpartition(":")[2][:-2] for link in self.document.findall(raw_latex)}
        for link in list(self.document.findall(nodes.reference)):
            page, _, anchor = link.get("refuri", "").removeprefix("%").partition("#")
            cited.add(link.get("refid") or anchor)
            if page == REFERENCES and anchor:
                link.replace_self(raw(rf"\hyperlink{{cite.{page}:{anchor}}}{{{escape(link.astext())}}}"))
        for bibliography in self.document.findall(thebibliography):
            for entry in list(bibliography.findall(nodes.citation)):
                name = entry["ids"][0]
                if name in seen or name not in cited:
                    bibliography.remove(entry)
                seen.add(name)
                for link in list(entry.findall(nodes.reference)):
                    address = escape(link["refuri"]).replace(r"\textasciitilde{}", "~").replace(r"\sphinxhyphen{}", "-")
                    link.replace_self(raw(rf"\sphinxurl{{{address}}}"))


def _configure(app: Sphinx, config: Config) -> None:
    """After sphinx-jupyterbook-latex: the plain manual class, and our own style, in place of its mathematics."""
    config["latex_theme"] = "manual"
    with data.using(Path(app.srcdir)):
        config["latex_elements"] |= {"preamble": f"\\usepackage{{eastward}}\n{preamble()}\n\\ewmetadata"}


def _number(app: Sphinx) -> None:
    """After sphinx-jupyterbook-latex: count figures and tables through the book, as in HTML."""
    if app.builder.format == "latex":
        app.config["numfig_secnum_depth"] = 0


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_post_transform(BookTransform)
    app.connect("config-inited", _configure, priority=900)
    app.connect("builder-inited", _number, priority=900)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
