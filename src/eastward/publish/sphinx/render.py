"""Turn the outputs of :mod:`eastward.show.figure` and :mod:`eastward.show.cards` into parts of the book (a myst-nb plugin)."""

import base64
import html
import io
import re
from collections.abc import Sequence
from typing import Any, ClassVar

import pandas as pd
from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer
from sphinx import addnodes

from eastward.show.figure import FIGURE
from eastward.show.marks import LATER
from eastward.show.tables import MYST
from eastward.show.words import cite, escape


class EastwardMimeRenderer(MimeRenderPlugin):
    """Renders this package's own outputs; leaves all others to myst-nb."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [("*", MYST, 1), ("*", FIGURE, 1)]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Return the nodes of an output of this package, or ``None`` to let others handle it."""
        if data.mime_type == FIGURE and not inline:
            return [figure_node(renderer, data.content, data.line or 0)]
        if data.mime_type == MYST and not inline:
            return parse(renderer, data.string, data.line or 0)
        if data.output_metadata.get("eastward"):
            return []
        return None


def parse(renderer: NbElementRenderer, text: str, line: int) -> list[Any]:
    """Parse MyST text as if it stood in the page."""
    holder = nodes.container()
    with renderer.renderer.current_node_context(holder):
        renderer.renderer.nested_render_text(text, line)
    return list(holder.children)


def figure_node(renderer: NbElementRenderer, content: dict[str, Any], line: int) -> nodes.figure:
    """Build a numbered figure: SVG in HTML, PDF in LaTeX, caption with finding and sources, the data behind it."""
    name = content["id"]
    pdf = renderer.write_file([f"{name}.pdf"], base64.b64decode(content["pdf"]), overwrite=True, exists_ok=True)
    png = renderer.write_file([f"{name}.png"], base64.b64decode(content["png"]), overwrite=True, exists_ok=True)
    # What eastward.publish.sphinx.metadata needs: the picture to share and the finding.
    figure = nodes.figure("", classes=["ew-figure"], align="default", picture=png, alt=content["alt"])
    svg, marks, narrow = drawings(content), html.escape("\n".join(content["marks"])), " ".join(content["narrow_marks"])
    marks = f' data-marks="{marks}" data-narrow="{narrow}" tabindex="0"' if marks else ""
    dates = f'<div class="ew-dates" data-then="{html.escape(content["title_then"])}"></div>' if LATER in svg else ""
    drawing = f'{dates}<div class="ew-drawing" role="group" aria-label="Drawing"{marks}>{svg}</div>'
    figure += addnodes.only("", nodes.raw("", drawing, format="html"), expr="html")
    figure += addnodes.only("", nodes.image("", uri=pdf, alt=content["alt"], width="92%"), expr="latex")
    finding, shown = escape(content["title"]), escape(content["subtitle"])
    figure += nodes.caption("", "", *parse(renderer, finding, line)[0].children)
    sources = f" Source: {cite(content['sources'])}." if content["sources"] else ""
    # Links in a caption break LaTeX's list of figures, so the sources stand in the legend.
    legend = nodes.legend("", *parse(renderer, shown + sources, line))
    legend += addnodes.only("", nodes.raw("", data_block(name, content["csv"]), format="html"), expr="html")
    figure += legend
    document = renderer.renderer.document
    figure["names"].append(name)
    document.note_explicit_target(figure, figure)
    return figure


def drawings(content: dict[str, Any]) -> str:
    """Return a figure's drawings for a page, wide and for phones, each with its words for those who do not see it."""
    told = f'<svg role="img" aria-label="{html.escape(content["alt"])}" '
    return "".join(lean(content[size]).replace("<svg ", told, 1) for size in ("svg", "narrow"))


def lean(svg: str) -> str:
    """Return an SVG for a page: two decimals, no ids but those that something refers to, no groups and paths that say nothing."""
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: m[0] if m[1] in used else "", svg)
    svg = re.sub(r'(?<=[ "\-(,LM])(-?\d+\.\d{2})\d+', r"\1", svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)
    svg = svg.replace("xlink:href=", "href=").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    svg = re.sub(r'<path [^>]*style="fill: none"/>', "", svg)
    svg = re.sub(r"\s*\n\s*(?=[A-Za-z<])|font-family: 'DejaVu Sans'; |<g/>", "", svg)
    bare = re.compile(r"<g>((?:(?!</?g[ >]).)*)</g>", re.DOTALL)
    while bare.search(svg):
        svg = bare.sub(r"\1", svg)
    # A style element in a drawing would hold for the whole page.
    return re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)


def figure_value(value: float) -> str:
    """Write a number of a figure's data for the page: five significant digits, all digits of large ones, no powers of ten."""
    return f"{value:.0f}" if abs(value) >= 1e5 else f"{value:.5g}"


def data_block(name: str, csv: str) -> str:
    """HTML of the numbers behind a figure: a table to open, and the CSV to take away."""
    frame = pd.read_csv(io.StringIO(csv))
    table = frame.to_html(index=False, border=0, classes="ew-data", na_rep="–", float_format=figure_value)
    encoded = base64.b64encode(csv.encode("utf-8")).decode("ascii")
    links = (
        f'<p class="ew-links" data-figure="{name}"><span>Download: '
        f'<a download="{name}.csv" href="data:text/csv;base64,{encoded}">CSV</a></span></p>'
    )
    return f'<details class="ew-behind"><summary>Data and files of this figure</summary>{links}<div class="ew-scroll" tabindex="0" role="group" aria-label="Data of the figure">{table}</div></details>'
