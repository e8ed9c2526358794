"""The PDF book: complete, numbered as the web book is, and set without faults. Built by ``make book``."""

import html
import os
import re
import shlex
import shutil
import subprocess
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from eastward import __version__, claims, data
from eastward.publish import citation, contents, execution, press, references
from eastward.publish.sphinx.latex import GAP, LINE, WEB_ONLY, column_widths, width
from eastward.show.cards import card
from tests.conftest import squeezed
from tests.publish.test_faults import typeset

ROOT = data.root()
PDF = ROOT / "_build" / "eastward.pdf"
LATEX = ROOT / "_build" / "pdf" / "_build" / "latex"

needs_tex = pytest.mark.skipif(not shutil.which("xelatex"), reason="xelatex is not installed, so there is no PDF")
pytestmark = [needs_tex, pytest.mark.xdist_group("pdf")]


@cache
def reader() -> PdfReader:
    """The built book."""
    assert PDF.is_file(), "run make book first"
    return PdfReader(PDF)


@cache
def text() -> str:
    """Text of all pages, one line, with words that a line end has split joined again."""
    pages = "\n".join(page.extract_text() for page in reader().pages)
    return re.sub(r"\s+", " ", pages.replace("-\n", "").replace("\u2010", "-"))


@cache
def log() -> str:
    """TeX's log, with the lines that TeX wraps at 79 characters joined."""
    lines = (LATEX / "eastward.log").read_text(encoding="utf-8", errors="replace").splitlines()
    return "".join(line + ("" if len(line) == 79 else "\n") for line in lines)


def test_metadata_come_from_the_citation_file() -> None:
    book, meta, xmp = citation.book(), reader().metadata, reader().xmp_metadata
    authors = ", ".join(f"{a.given} {a.family}".strip() for a in book.authors)
    told = (meta.title, meta.author, meta.subject, meta["/Keywords"]) if meta else None
    assert told == (None if press.tags() else (book.title, authors, book.abstract, ", ".join(book.keywords)))
    assert str(reader().trailer["/Root"]["/Lang"]).startswith("en")
    language = "x-default" if press.tags() else "en-GB"
    said = (xmp.dc_title, xmp.dc_rights, xmp.dc_description)
    assert said == tuple({language: words} for words in (book.title, "CC BY 4.0", book.abstract))
    assert (xmp.dc_creator, xmp.dc_language) == ([authors], ["en-GB"])
    assert press.tags() or {xmp.xmp_create_date.date(), xmp.xmp_modify_date.date()} == {citation.build_date()}


def test_title_page_and_imprint() -> None:
    book = citation.book()
    title, _, subtitle = book.title.partition(": ")
    front = squeezed(reader().pages[0].extract_text())
    for wanted in (title, subtitle[1:], book.authors[0].family, f"Version {__version__}", "CC BY 4.0", "MIT licence"):
        assert squeezed(wanted) in front
    imprint = squeezed(reader().pages[1].extract_text())
    assert squeezed(citation.apa(citation.Work("book"))) in imprint
    assert execution.fingerprint(ROOT) in imprint


def test_pages_are_a4_and_of_a_plausible_number() -> None:
    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in reader().pages} == {(595, 842)}
    assert 100 < len(reader().pages) <= 150


def test_bookmarks_name_every_part_and_chapter() -> None:
    outline = reader().outline
    titles = squeezed(" ".join(flatten(outline)))
    assert any(not isinstance(entry, list) and entry.title.endswith("The claims, tested") for entry in outline)
    for chapter in contents.chapters(ROOT):
        assert squeezed(re.search(r'"# ([^"\\]+)', chapter.read_text(encoding="utf-8"))[1]) in titles


def flatten(outline: list[object]) -> list[str]:
    """Titles of an outline, in order."""
    found: list[str] = []
    for entry in outline:
        found += flatten(entry) if isinstance(entry, list) else [str(entry["/Title"])]
    return found


def test_all_fonts_are_embedded() -> None:
    fonts = {}
    for page in reader().pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            real = font.get_object()
            inner = real["/DescendantFonts"][0].get_object() if "/DescendantFonts" in real else real
            fonts[real["/BaseFont"]] = any(k.startswith("/FontFile") for k in inner.get("/FontDescriptor", {}))
    assert len(fonts) > 3
    assert [name for name, embedded in fonts.items() if not embedded] == []


def test_every_claim_stands_with_its_verdicts() -> None:
    page = squeezed(text())
    for claim_id, claim in claims.all_claims().items():
        assert squeezed(f"{claim_id}: {claim.short}") in page
        assert squeezed(card(claim_id).title) in page


def test_tex_found_no_fault() -> None:
    """No open reference, no missing glyph, no line in the margin, no cut address, no table that goes on without a number."""
    assert "??" not in text()
    faults = r"LaTeX Warning: (?:Hyper r|R)eference .* undefined|referenced but does not exist|multiply defined|Missing character: .*"
    assert re.findall(faults, log()) == []
    wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide", log())]
    assert max(wide, default=0) <= 5
    assert not re.findall(r"\w/…", text())
    assert "OWNER/REPOSITORY" not in text()
    known = set(re.findall(r"Table(\d+):", squeezed(text())))
    assert set(re.findall(r"Table(\d+)continued", squeezed(text()))) <= known
    assert known


def test_every_script_of_the_sources_is_text() -> None:
    tex = re.sub(r"(sphinxurl|sphinxhref)\{[^}]*\}", "", (LATEX / "eastward.tex").read_text(encoding="utf-8"))
    words = set(re.findall("[А-Яа-я]{5,}|[\u4e00-\u9fff]{2,}", tex))
    page = squeezed(text())
    assert len(words) > 1
    assert [word for word in words if squeezed(word) not in page] == []


def test_numbers_of_figures_and_tables_are_those_of_the_web_book() -> None:
    page, found = squeezed(text()), 0
    for file in sorted((ROOT / "_build" / "html").glob("*/*.html")):
        if f"{file.parent.name}/{file.stem}" in WEB_ONLY:
            continue
        source = file.read_text(encoding="utf-8")
        for number, caption in re.findall(
            r'class="caption-number">((?:Fig\.|Table) \d+) ?</span><span class="caption-text">(.*?)</span><a', source
        ):
            plain = html.unescape(re.sub(r"<[^>]+>", "", caption))
            assert squeezed(f"{number}: {plain}") in page, f"{file.name}: {number}"
            found += 1
    assert found > 50


def listing(source: references.Reference) -> str:
    """How the list begins a source, after its author; Arabic titles are read off a page in another order."""
    title = "" if unicodedata.bidirectional(source.title[0]) == "AL" else source.title[:12]
    return squeezed(f"({source.year}). {title}")


def test_the_list_carries_the_letters_of_the_web_book() -> None:
    page = squeezed(text())
    lettered = [r for r in references.references().values() if re.search(r"\d[a-z]+$", r.year)]
    cited = [r for r in lettered if re.search(rf"[\[;]{re.escape(squeezed(f'{r.author}, {r.year}'))}[;\]]", page)]
    assert [r.key for r in cited if listing(r) not in page] == []
    assert len(cited) > 100


def test_it_is_tagged_where_tex_can() -> None:
    """Headings, tables with their heads, lists, links and figures with alternative texts are read as what they are."""
    tree = reader().trailer["/Root"].get("/StructTreeRoot")
    assert bool(tree) is bool(press.tags())
    tags, alts, rest = Counter(), [], [tree] if tree else []
    while rest:
        node = rest.pop().get_object()
        if isinstance(node, dict) and "/K" in node:
            tags[node.get("/S")] += 1
            alts += [node["/Alt"]] if node.get("/S") == "/Figure" else []
        rest += node if isinstance(node, list) else [node["/K"]] if isinstance(node, dict) and "/K" in node else []
    tex = (LATEX / "eastward.tex").read_text(encoding="utf-8") if tree else ""
    assert tags["/Table"] == len(re.findall(r"\\begin{(?:tabular|longtable)}", tex))
    assert tags["/chapter"] == len(re.findall(r"\n\\chapter{", tex)) + bool(tree), "one more for the contents"
    assert len(alts) == tex.count(r"\sphinxincludegraphics")
    assert all(len(alt) > 30 for alt in alts)
    wanted = {"/Title", "/section", "/TH", "/Caption", "/itemize", "/LI", "/Link", "/TOCI"}
    assert wanted - {*tags} == (set() if tree else wanted)


def test_an_untagged_pdf_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "_build/pdf/_build/latex").mkdir(parents=True)
    monkeypatch.setattr(press, "jupyter_book", typeset)
    for tags in ("", press.TAGGED):
        monkeypatch.setattr(press, "tags", lambda tags=tags: tags)
        assert press.pdf(tmp_path) == 0
        assert ("untagged" in capsys.readouterr().out) is (tags == "")


def test_what_only_serves_on_the_web_is_left_out() -> None:
    titles = " ".join(flatten(reader().outline))
    for page in WEB_ONLY:
        source = (ROOT / f"{page}.md").read_text(encoding="utf-8")
        assert re.search(r"^# (.+)$", source, re.MULTILINE)[1] not in titles


SCRIPTS = {
    "Chinese": "中华人民共和国海关总署发布数据，俄罗斯（含石油）：《公报》。“进口”、出口！",
    "Cyrillic": "Федеральная таможенная служба: «Итоги» — щёголь, объём, № 5.",
    "mixed": "The GACC (海关总署), the FCS (ФТС) and the Bank of Russia – Банк России，中国人民银行 – agree: 240.1 bn USD ✓",
    "rare": "㐀㑇 and full-width ＡＢＣ　１２３",
}


def test_chinese_and_cyrillic_are_set_right(tmp_path: Path) -> None:
    """A small document in the book's own style: fonts embedded, text whole, no glyph missing, lines broken."""
    preamble, _, _ = (LATEX / "eastward.tex").read_text(encoding="utf-8").partition("\\begin{document}")
    shapes = ("", "\\bfseries ", "\\itshape ", "\\sffamily ")
    lines = [shape + text for text in SCRIPTS.values() for shape in shapes]
    lines.append("\\parbox{30mm}{" + 4 * SCRIPTS["Chinese"] + "}")
    body = "\n\n".join(f"{{{line}\\par}}" for line in lines)
    text = f"{preamble}\\begin{{document}}\\section{{{SCRIPTS['mixed']}}}\n{body}\n\\end{{document}}\n"
    (tmp_path / "small.tex").write_text(text, encoding="utf-8")
    options = shlex.split(press.tags() or "-pdfxe")
    command = ["latexmk", *options, "-interaction=nonstopmode", "-halt-on-error", "small.tex"]
    environment = {**os.environ, "TEXINPUTS": f"{LATEX}:", "max_print_line": "1000"}
    (tmp_path / "lost.tex").write_text(f"{preamble}\\begin{{document}}A letter\n\n\\emph{{of 𓀀 none}}\\end{{document}}")
    lost = [*command[:-1], "lost.tex"]
    done = subprocess.run(lost, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0, "a letter that no font has stops the build"
    assert re.search(r"(?m)^! Missing character: There is no 𓀀 \(U\+13000\)[^!]*emph{of", done.stdout)
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    said = (tmp_path / "small.log").read_text(encoding="utf-8", errors="replace")
    assert not re.findall(r"Missing character: .*|Font shape .* undefined", said)
    assert max([float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide", said)], default=0) <= 5
    fonts = subprocess.run(["pdffonts", "small.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    rows = {line.split()[0].partition("+")[2]: line.split()[-5] for line in fonts.splitlines()[2:]}
    for font in ("DroidSansFallback", "FreeSerif", "FreeSans"):
        assert any(name.startswith(font) for name in rows), font
    assert set(rows.values()) == {"yes"}, "a font is not embedded"
    shown = subprocess.run(["pdftotext", "small.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True)
    for script, wanted in SCRIPTS.items():
        assert squeezed(shown.stdout).count(squeezed(wanted)) >= len(shapes), script


def test_columns_fit_the_line_and_long_words_need_small_type() -> None:
    widths, size = column_widths([["id", "text"], ["C01", "word " * 40]])
    assert size == "footnotesize"
    assert sum(widths) <= LINE[size]
    assert widths[1] > 3 * widths[0]
    assert column_widths([["internationalised"] * 7])[1] == "scriptsize"
    assert width("海关 GAC") == 8, "ideographs take the room of two letters"
    wide, _ = column_widths([["海关总署", "word"] * 2])
    assert wide[0] > wide[1]


def test_room_goes_to_the_cells_that_make_most_lines() -> None:
    rows = [["2024-05-17", "an answer of some thirty words " * 5, "[A Source With a Name, 2024]"]] * 3
    (day, answer, source), _ = column_widths(rows)
    assert day < source < answer
    assert abs(width(rows[0][1]) / (answer - GAP) - width(rows[0][2]) / (source - GAP)) < 1
    assert column_widths([["a", "fits on one line"]])[0] == [3 + GAP, 16 + GAP]
