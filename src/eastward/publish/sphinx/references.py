"""Citations and the list of sources in the book: the rules of :mod:`eastward.publish.references`, told to sphinxcontrib-bibtex."""

from functools import partial
from typing import Any, cast

from docutils import nodes
from pybtex.backends import plaintext
from pybtex.plugin import register_plugin
from pybtex_docutils import Backend
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.plugin import register_plugin as register_citation_style

from eastward import __version__
from eastward.data.sources import LANGUAGES, letter
from eastward.publish.references import CitationStyle, ListStyle

STYLE = "eastward"
"""Name of both styles in ``_config.yml``."""


def _letter(app: Sphinx) -> None:
    """After sphinxcontrib-bibtex has read the bibliography, or taken it from the last build."""
    letter(cast(BibtexDomain, app.env.get_domain("cite")).bibdata.data.entries)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    register_plugin("pybtex.style.formatting", STYLE, ListStyle, force=True)
    # sphinxcontrib-bibtex asks for it at each citation, and to find it among all installed packages took a tenth of the build.
    register_plugin("pybtex.backends", "plaintext", plaintext.Backend, force=True)
    register_citation_style("sphinxcontrib.bibtex.style.referencing", STYLE, CitationStyle, force=True)
    for name in (f"language-{tag}" for tag in LANGUAGES.values()):
        Backend.tags[name] = partial(nodes.inline, classes=[name])  # type: ignore[assignment]
    app.connect("builder-inited", _letter, priority=900)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
