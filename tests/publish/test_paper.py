"""Pages for print: links that lead somewhere, drawings with alt text, colours that paper can show."""

from __future__ import annotations

import re

from eastward.publish import paper

PAGE = (
    '<nav>x</nav><article class="bd-article"><a class="headerlink" href="#top">#</a><a href="claims.html#c08">C08</a><a href="https://x.org/">x</a>'
    '<svg role="img" aria-label="240 &lt; 303" viewBox="0 0 1 1"><path style="fill: var(--ew-2f6fc1, #2f6fc1); stroke: currentColor"/><use href="#m"/></svg></article><footer/>'
)


def test_the_article_alone_is_printed_without_links_that_lead_nowhere() -> None:
    found = paper.plain(PAGE)
    assert found.startswith("<article")
    assert found.endswith("</article>")
    assert '<span>C08</span><a href="https://x.org/">' in found
    assert '<use href="#m"/>' in found, "what a drawing repeats stays"


def test_with_an_address_links_to_other_pages_are_whole() -> None:
    found = paper.plain(PAGE, "https://e.org/b/book/brief.html")
    assert 'href="https://e.org/b/book/claims.html#c08"' in found
    assert 'href="https://x.org/"' in found


def test_drawings_have_their_alt_text_and_plain_colours() -> None:
    found = paper.plain(PAGE)
    assert "<title>240 &lt; 303</title>" in found
    assert "fill: #2f6fc1" in found
    assert "var(" not in found
    assert "currentColor" not in found


def test_a_chapter_lists_the_sources_that_it_cites_and_links_to_them() -> None:
    cites = '<article><span class="bibtex-citation" id="id1">Mikovic [<a href="../book/references.html#b" title="t">2024</a>]</span></article>'
    listed = "".join(f'<div class="citation" id="{key}">\n<p>Source {key}</p>\n</div>' for key in "abc")
    found = paper.plain(cites, references=listed)
    assert '<a href="#source-b" title="t">Mikovic [2024]</a>' in found
    assert re.findall("<li id=.*?</li>", found) == ['<li id="source-b">Source b</li>']
