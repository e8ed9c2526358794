"""What data and claims say is text: no HTML, no script, no directive comes out of it, and the policy refuses a rest."""

import base64
import hashlib
from pathlib import Path

import pandas as pd
import pytest
import yaml
from docutils.core import publish_string
from hypothesis import given, settings
from hypothesis import strategies as st
from myst_parser.parsers.docutils_ import Parser

from eastward.publish import pages
from eastward.publish.sphinx import csp
from eastward.publish.sphinx.render import data_block
from eastward.show.cards import card
from eastward.show.tables import Table
from eastward.show.words import escape
from tests.conftest import PackageCopy

EVIL = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "{raw}`html <b>`",
    "```{raw} html\n<script>alert(1)</script>\n```", "$\\href{javascript:alert(1)}{x}$", "<!-- -->", "&lt;script&gt;",
]  # fmt: skip


def html(text: str) -> str:
    extensions = {"myst_enable_extensions": ["attrs_inline", "colon_fence", "substitution"], "report_level": 5}
    settings_overrides = {**extensions, "output_encoding": "unicode", "embed_stylesheet": False}
    page: str = publish_string(text, parser=Parser(), writer_name="html5", settings_overrides=settings_overrides)
    return page[page.index("<body") :]


def harmless(page: str) -> bool:
    return csp.scripts(page) == [] and "<script" not in page and "<img" not in page and 'href="javascript' not in page


def test_the_check_itself_sees_what_is_harmful() -> None:
    assert not harmless(html("<script>alert(1)</script>"))
    assert not harmless(html("<b onclick='x()'>x</b>"))


@settings(max_examples=60, derandomize=True)
@given(st.lists(st.sampled_from([*EVIL, "*", "`", "\\", "\n", "|", "::", " ", "a"]), max_size=6).map("".join))
def test_no_mixture_escapes(text: str) -> None:
    assert harmless(html(f"Before {escape(text)} after."))


def test_claims_cannot_inject(package: PackageCopy) -> None:
    file = package.folder / "data" / "claims.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    claim = next(c for c in document["claims"] if c["id"] == "C08")
    for text in EVIL:
        braced = text.replace("{", "{{").replace("}", "}}")
        claim |= {"words": [text], "short": text, "caveat": text, "caveats": [text], "objection": text, "answer": text}
        claim["rule"]["text"] = claim["stated"]["text"] = braced
        said = {"paragraph": claim["paragraph"], "says": text.replace("{", "").replace("}", "") + " {C08}"}
        document |= {"claims": [claim], "arguments": [], "text": [said]}
        file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        shown = card("C08")
        assert escape(text) in shown.myst(), "the file was read anew"
        assert harmless(shown._repr_mimebundle_()[0]["text/html"])
        for written in (shown.myst(), *map(pages.page, ("claims", "scorecard", "strip", "op-ed"))):
            assert harmless(html(written))


@pytest.mark.parametrize("text", EVIL)
def test_tables_and_figure_data_cannot_inject(text: str) -> None:
    frame = pd.DataFrame({"name": [text], "value": [1.0]})
    table = Table("tab-evil", text, frame)
    assert harmless(html(table.myst()))
    assert harmless(table._repr_mimebundle_()[0]["text/html"])
    assert harmless(data_block("fig-evil", frame.to_csv(index=False)))


PAGE = '<script>a("&lt;")</script><script src="x.js"></script><script type="application/ld+json">{}</script><b onclick="go(1 &amp;&amp; 2)">'


def test_policy_lists_each_script_and_handler_by_hash(tmp_path: Path) -> None:
    assert csp.scripts(PAGE) == ['a("&lt;")', "go(1 && 2)"]
    found = csp.policy([PAGE, PAGE])
    for code in ('a("&lt;")', "go(1 && 2)"):
        hashed = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert found.count(f"'sha256-{hashed}'") == 1
    assert found.startswith("default-src 'none'; script-src 'self'")
    assert "'unsafe-inline'" not in found.split("style-src")[0]
    assert csp.digest("alert(1)") not in found
    (tmp_path / "sub").mkdir()
    for name in ("index", "sub/page"):
        (tmp_path / f"{name}.html").write_text(f"<script>{name}()</script>")
    text = csp.headers(tmp_path)
    assert text.startswith("/*\n  Content-Security-Policy: ")
    assert csp.digest("index()") in text
    assert csp.digest("sub/page()") in text
