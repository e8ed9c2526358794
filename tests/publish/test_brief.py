"""The brief: links that lead somewhere, drawings with alt text, colours that paper can show."""

from __future__ import annotations

from eastward.publish import brief

PAGE = (
    '<nav>x</nav><article class="bd-article"><a class="headerlink" href="#top">#</a><a href="claims.html#c08">C08</a><a href="https://x.org/">x</a>'
    '<svg role="img" aria-label="240 &lt; 303" viewBox="0 0 1 1"><path style="fill: var(--ew-2f6fc1, #2f6fc1); stroke: currentColor"/><use href="#m"/></svg></article><footer/>'
)


def test_the_article_alone_is_printed_without_links_that_lead_nowhere() -> None:
    found = brief.plain(PAGE)
    assert found.startswith("<article")
    assert found.endswith("</article>")
    assert '<span>C08</span><a href="https://x.org/">' in found
    assert '<use href="#m"/>' in found, "what a drawing repeats stays"


def test_with_an_address_links_to_other_pages_are_whole() -> None:
    found = brief.plain(PAGE, "https://e.org/b/book/brief.html")
    assert 'href="https://e.org/b/book/claims.html#c08"' in found
    assert 'href="https://x.org/"' in found


def test_drawings_have_their_alt_text_and_plain_colours() -> None:
    found = brief.plain(PAGE)
    assert "<title>240 &lt; 303</title>" in found
    assert "fill: #2f6fc1" in found
    assert "var(" not in found
    assert "currentColor" not in found
