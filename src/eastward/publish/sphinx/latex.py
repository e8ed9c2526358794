"""The book as a scholar's PDF: title page, numbering, verdict cards, tables that fit the page, one PDF a chapter.

Sphinx writes the LaTeX and ``book/_static/eastward.sty`` sets it. This extension stands between the two: it works on the
assembled document just before it is written, and only where LaTeX is the output.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.builders.latex.nodes import thebibliography
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import texescape
from sphinx_jupyterbook_latex.nodes import RootHeader
from sphinxcontrib.bibtex.nodes import raw_latex

from eastward import __version__, claims, data
from eastward.publish import citation, contents, execution
from eastward.show.tables import FOLDED
from eastward.show.theme import STATUS_COLOURS
from eastward.show.words import status_class

CHAPTERS = "notebooks/"
REFERENCES = "book/references"
CATALOGUE = "book/catalogue"
WEB_ONLY = {"book/faults", "book/rerun", "book/changelog"}
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
    names = [f"{a.given} {a.family}".strip() for a in book.authors]
    when = {"released": book.released, "built": citation.build_date()}
    macros = {
        "title": title,
        "subtitle": subtitle[:1].upper() + subtitle[1:],
        "authors": ", ".join(names),
        "version": book.version,
        "abstract": book.abstract,
        "keywords": ", ".join(book.keywords),
        "fulltitle": book.title,
        "cite": citation.apa(citation.Work("book")),
        "fingerprint": execution.fingerprint(data.root()),
        **{name: f"{day.day} {day:%B %Y}" for name, day in when.items()},
    }
    lines = [rf"\newcommand\ew{name}{{{escape(value)}}}" for name, value in macros.items()]
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
        whole = self.document.get("docname") == self.config.master_doc
        if whole:
            for page in [f for f in self._files() if f["docname"] in WEB_ONLY]:
                page.parent.remove(page)
            self._summary()
            self._parts()
        self._unlink()
        if not whole:
            self._chapter()
        for container in list(self.document.findall(nodes.container)):
            if container.get("design_component") == "dropdown":
                container.replace_self(self._dropdown(container))
        for card in list(self.document.findall(nodes.admonition)):
            if "verdict" in card["classes"]:
                self._card(card)
        self._robustness(whole)
        for table in list(self.document.findall(nodes.table)):
            self._table(table)
        for start in list(self._files()):
            self._code_pointer(start)
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

    def _summary(self) -> None:
        """Give the front page, which has no heading in LaTeX, one."""
        self.document.insert(0, raw("\\ewunnumbered\n\\chapter{Summary}\n"))
        for header in list(self.document.findall(RootHeader)):
            header.replace_self(raw(f"\\section*{{{escape(header.astext())}}}\n"))

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

    def _chapter(self) -> None:
        """Head of a document that holds one chapter: its number and the first numbers of its figures and tables."""
        name = self.document["docname"]
        title = next(self.document.findall(nodes.title))
        number = int(re.match(r"\d+", name.removeprefix(CHAPTERS))[0])  # type: ignore[index]
        figures, tables = (self._first(kind, name) - 1 for kind in ("figure", "table"))
        chapters = rf"\setcounter{{chapter}}{{{number - 1}}}"
        floats = rf"\setcounter{{figure}}{{{figures}}}\setcounter{{table}}{{{tables}}}"
        cite = citation.apa(citation.Work("chapter", name.removeprefix(CHAPTERS), title.astext()))
        heading = escape(title.astext())
        head = rf"\ewchaptertitle{{{heading}}}\ewnumbered{chapters}{floats}\chapter{{{heading}}}\ewhowtocite{{{escape(cite)}}}"
        self.document.insert(0, raw(head + "\n"))

    def _unlink(self) -> None:
        """Keep the words of links to pages that this document lacks, and the numbers of figures and tables there."""
        here = {f["docname"] for f in self._files()}
        for link in list(self.document.findall(nodes.reference)):
            page, _, anchor = link.get("refuri", "").removeprefix("%").partition("#")
            if not link.get("refuri", "").startswith("%") or page in here:
                continue
            if isinstance(link, addnodes.number_reference):
                kinds = self.env.toc_fignumbers.get(page, {}).values()
                number = next((n[anchor][-1] for n in kinds if anchor in n), "")
                link.replace_self(nodes.Text(link["title"].replace("%s", str(number))))
            else:
                link.replace_self(link.children)

    def _first(self, kind: str, docname: str) -> int:
        numbers = self.env.toc_fignumbers.get(docname, {}).get(kind, {})
        return min((number[-1] for number in numbers.values()), default=1)

    def _code_pointer(self, start: nodes.Element) -> None:
        name = start["docname"]
        if name.startswith(CHAPTERS):
            section = next(start.findall(nodes.section))
            section.insert(1, raw(f"\\ewcode{{{escape(name)}.ipynb}}\n"))

    def _card(self, card: nodes.admonition) -> None:
        """Set a verdict card as a box in the colour of its status."""
        status = next(c for c in card["classes"] if c.startswith("verdict-"))
        title = card[0].astext()
        claim = title.split()[0]
        page = [f["docname"] for f in self._files() if any(node is card for node in f.findall(nodes.admonition))][-1]
        names = (f"ew-card-{claim}", *(rf"\detokenize{{{page}:{name}}}" for name in card["ids"]))
        label = r"\phantomsection" + "".join(rf"\label{{{name}}}" for name in names)
        begin = raw(f"\n\\begin{{ewcard}}{{{status}}}{{{escape(title)}}}{label}\n")
        card.replace_self([begin, *card.children[1:], raw("\n\\end{ewcard}\n")])

    def _listed(self, section: nodes.section) -> None:
        """Leave of a table in the catalogue its name, file, rows and years."""
        labels = "".join(rf"\label{{\detokenize{{{CATALOGUE}:{name}}}}}" for name in section["ids"])
        told = next(p for p in section.findall(nodes.paragraph) if isinstance(p[0], nodes.literal))
        told.children[1:] = [nodes.Text(told[1].astext().partition("; licence")[0] + ".")]
        told.insert(
            0, [raw(rf"\phantomsection{labels}\footnotesize "), nodes.strong("", section[0].astext()), nodes.Text(": ")]
        )
        section.replace_self(told)

    def _dropdown(self, dropdown: nodes.container) -> list[nodes.Node]:
        """Keep the tables behind the verdicts for the end; leave the catalogue's lists of fields to the web page."""
        claim = dropdown[0].astext().partition(":")[0]
        if claim in claims.questions():
            return [nodes.container("", *dropdown.children[1:], **{"ew-claim": claim})]
        return dropdown.children[1:] if FOLDED in dropdown["container_classes"] else []

    def _robustness(self, whole: bool) -> None:
        """Gather the tables behind the verdicts of a chapter in front of its references; the whole book lacks them."""
        kept = [c for c in self.document.findall(nodes.container) if "ew-claim" in c]
        target = next((f for f in self._files() if f["docname"] == REFERENCES), None)
        if target is None:
            return
        moved: list[nodes.Node] = [] if whole else [raw("\\ewunnumbered\n")]
        if kept and not whole:
            moved.append(raw("\\section{Robustness of the verdicts}\n\\ewrobustnessintro\n"))
        for container in sorted(kept, key=lambda c: str(c["ew-claim"])):
            container.parent.remove(container)
            if not whole:
                claim = claims.questions()[container["ew-claim"]]
                moved += [raw(f"\\ewrows{{{escape(f'{claim.id}: {claim.short}')}}}\n"), *container.children]
        target.parent.insert(target.parent.index(target), moved)

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
        table.replace_self(
            [
                raw(f"\n\\begin{{ewtable}}{{{size}}}{{{share:.3f}}}" + ("" if captioned else r"\ewuncaptioned") + "\n"),
                table,
                raw("\n\\end{ewtable}" + (r"\addtocounter{table}{-1}" if long and not captioned else "") + "\n"),
            ]
        )

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


class CitedSources(SphinxPostTransform):
    """Leaves the document of one chapter the sources that it cites, before all other transforms walk through them."""

    default_priority = 11  # just after ReferencesResolver has made links of the citations
    formats = ("latex",)

    def run(self, **_: Any) -> None:
        """Change the document in place."""
        if self.document.get("docname") == self.config.master_doc:
            return
        links = list(self.document.findall(nodes.reference))
        cited = {link.get("refid") or link.get("refuri", "").partition("#")[2] for link in links}
        entries = list(self.document.findall(nodes.citation))
        for holder in {cast(nodes.Element, entry.parent) for entry in entries}:
            holder.children = [entry for entry in entries if entry.parent is holder and entry["ids"][0] in cited]
        for entry in entries:
            # sphinxcontrib-bibtex appends to the same node for each document that it writes
            del entry.children[2:]


class ChapterBuilder(LaTeXBuilder):
    """Writes one LaTeX document a chapter, with the sources that it cites: ``jupyter-book build --custom-builder chapters``."""

    name = "chapters"
    epilog = "The chapters' LaTeX files are in %(outdir)s."

    def init(self) -> None:
        """Set one chapter without title page and contents, its sources at the end."""
        self.config["latex_appendices"] = [REFERENCES]
        elements = self.config["latex_elements"]
        self.config["latex_elements"] = {**elements, "maketitle": "", "tableofcontents": ""}
        super().init()

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Address of any page of the book, so that links get their text; `BookTransform` unlinks those that lead outside."""
        return "%" + docname

    def init_document_data(self) -> None:
        """Ask for one document a notebook of the table of contents."""
        names = [f"{CHAPTERS}{file.stem}" for file in contents.chapters(Path(self.app.srcdir))]
        self.config["latex_documents"] = [
            (name, f"{name.removeprefix(CHAPTERS)}.tex", "", "", self.config.latex_theme, False) for name in names
        ]
        super().init_document_data()


def _configure(app: Sphinx, config: Config) -> None:
    """After sphinx-jupyterbook-latex: the plain manual class, and our own style, in place of its mathematics."""
    config["latex_theme"] = "manual"
    with data.using(Path(app.srcdir)):
        macros = preamble()
    config["latex_elements"] = {
        **config["latex_elements"],
        "preamble": f"\\usepackage{{eastward}}\n{macros}\n\\ewmetadata",
    }


def _number(app: Sphinx) -> None:
    """After sphinx-jupyterbook-latex: count figures and tables through the book, as in HTML, and head chapters as chapters."""
    if app.builder.format == "latex":
        app.config["numfig_secnum_depth"] = 0
    if app.builder.name == ChapterBuilder.name:
        app.config["latex_toplevel_sectioning"] = "section"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_builder(ChapterBuilder)
    app.add_post_transform(CitedSources)
    app.add_post_transform(BookTransform)
    app.connect("config-inited", _configure, priority=900)
    app.connect("builder-inited", _number, priority=900)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
