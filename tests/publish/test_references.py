"""How sources are cited and listed: letters behind years, languages, and nothing that a source says becomes markup."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from eastward import data
from eastward.publish import exports, references
from tests.conftest import PackageCopy


def entries(*given: dict[str, str]) -> str:
    """A bibliography: each entry as its fields, with ``key``; what is not given is made up."""
    made = []
    for fields in given:
        whole = {
            "author": "{TASS}", "title": "{T}", "howpublished": "TASS", "url": "https://example.org/a", "urldate": "2026-11-24",
            "language": "English", "keywords": "wire", "grade": "wire", **fields,
        }  # fmt: skip
        lines = "".join(f"  {name} = {{{text}}},\n" for name, text in whole.items() if name != "key" and text)
        made.append(f"@misc{{{fields['key']},\n{lines}}}\n")
    return "\n".join(made)


def years(*given: dict[str, str]) -> dict[str, str]:
    """Years of these entries as readers see them."""
    parsed = parse_string(entries(*given), "bibtex").entries
    references.letter(parsed)
    return {key: entry.fields["year"] for key, entry in parsed.items()}


def full(tmp_path: Path, **fields: str) -> str:
    """The list's text of one entry, in Markdown."""
    (tmp_path / "book").mkdir(exist_ok=True)
    (tmp_path / "book" / "references.bib").write_text(entries({"key": "one", **fields}), encoding="utf-8")
    with data.using(tmp_path):
        references._references.cache_clear()
        return references.references()["one"].full


def add(package: PackageCopy, **fields: str) -> None:
    """Add a source to the bibliography of the package."""
    file = package.folder / "book" / "references.bib"
    new = entries({"key": "newone", "date": "2024-05-27", **fields})
    file.write_text(file.read_text(encoding="utf-8") + "\n" + new, encoding="utf-8")


def test_letters_follow_date_then_title_then_key() -> None:
    assert years(
        {"key": "late", "date": "2024-05-02", "title": "{A}"},
        {"key": "early", "date": "2024-05-01", "title": "{Z}"},
        {"key": "month", "date": "2024-05", "title": "{Z}"},
        {"key": "twin2", "date": "2024-05-03", "title": "{B}"},
        {"key": "twin1", "date": "2024-05-03", "title": "{B}"},
        {"key": "first", "date": "2024-05-03", "title": "{A}"},
    ) == {
        "month": "2024a", "early": "2024b", "late": "2024c", "first": "2024d", "twin1": "2024e", "twin2": "2024f"
    }  # fmt: skip


def test_only_what_is_ambiguous_has_a_letter() -> None:
    assert years(
        {"key": "a", "date": "2024"}, {"key": "b", "date": "2023"}, {"key": "c", "date": "2024", "author": "{RT}"}
    ) == {"a": "2024", "b": "2023", "c": "2024"}  # fmt: skip


def test_works_without_a_date_have_letters_too() -> None:
    assert years({"key": "a", "title": "{B}"}, {"key": "b", "title": "{A}"}) == {"a": "n.d.-b", "b": "n.d.-a"}
    assert years({"key": "a"}, {"key": "b", "date": "2024"}) == {"a": "n.d.", "b": "2024"}


def test_authors_count_as_alike_by_what_a_citation_prints() -> None:
    three = "Bai, Jushan and Perron, Pierre and West, Kenneth"
    other = "Bai, Chunlei and Chen, Celia and Diebold, Francis"
    assert years({"key": "a", "date": "1998", "author": three}, {"key": "b", "date": "1998-02", "author": other}) == {
        "a": "1998a",
        "b": "1998b",
    }
    two = "Bai, Jushan and Perron, Pierre"
    assert years(
        {"key": "a", "date": "1998", "author": two}, {"key": "b", "date": "1998", "author": "Bai, Jushan"}
    ) == {"a": "1998", "b": "1998"}


def test_letters_go_on_after_z() -> None:
    found = years(*({"key": f"k{i:03}", "date": "2024"} for i in range(30)))
    assert list(found.values())[24:30] == ["2024y", "2024z", "2024aa", "2024ab", "2024ac", "2024ad"]


def test_letters_do_not_depend_on_the_order_of_the_file_nor_on_a_former_run() -> None:
    works = [{"key": f"k{i}", "date": f"2024-05-{i:02}"} for i in range(1, 6)]
    assert years(*works) == years(*reversed(works))
    parsed = parse_string(entries(*works), "bibtex").entries
    references.letter(parsed)
    references.letter(parsed)
    assert parsed["k5"].fields["year"] == "2024e", "Sphinx keeps the entries between builds"


def test_no_two_sources_of_the_book_are_cited_alike() -> None:
    found = references.references()
    assert max(Counter((r.author, r.year) for r in found.values()).values()) == 1
    bare = Counter((r.author, data.sources()[r.key].date[:4]) for r in found.values())
    lettered = {r.key for r in found.values() if r.year not in (data.sources()[r.key].date[:4], "n.d.")}
    assert lettered == {r.key for r in found.values() if bare[r.author, data.sources()[r.key].date[:4]] > 1}
    assert len(lettered) > 100


def test_the_list_is_in_the_order_of_letters() -> None:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, found in references.references().items():
        groups[found.author, data.sources()[key].date[:4]].append(found.year)
    for years_ in groups.values():
        assert years_ == sorted(years_, key=lambda year: (len(year), year))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"date": "2024-05-27"}, "TASS (2024). *T.* 27 May 2024. [https\\://example.org/a](https://example.org/a) (consulted 2026-11-24; "
             "[look up in archive](https://web.archive.org/web/20261124/https://example.org/a))."),
        ({"date": "2024-05", "language": "Russian", "howpublished": "TASS via RT"}, "TASS (2024). <span lang=\"ru\">*T.*</span> TASS via RT, May 2024. In Russian. "),
        ({"date": "2024", "language": "Russian", "title": "{[News]}"}, "TASS (2024). *\\[News\\].* In Russian. "),
        ({"date": "2024", "language": "Russian", "title": "{Да}", "titleaddon": "Yes"}, 'TASS (2024). <span lang="ru">*Да*</span> \\[Yes\\]. In Russian. '),
        ({"date": "2024", "title": r"{S{\o}rensen: \$240 bn}", "author": r"S{\o}rensen, A."}, "Sørensen, A. (2024). *Sørensen\\: \\$240 bn.* TASS. "),
        ({"date": "2024", "url": "https://example.org/ä$1b"}, "TASS (2024). *T.* [https\\://example.org/%C3%A4%241b](https://example.org/%C3%A4%241b) "),
        ({"date": "2024", "doi": "10.1/2"}, "TASS (2024). *T.* [doi\\:10.1/2](https://doi.org/10.1/2) [https"),
        ({"note": "no date given", "title": "{Who?}"}, "TASS (n.d.). *Who?* No date given. "),
        ({"date": "2024", "author": "Bai, Jushan and others", "title": '{"So."}'}, 'Bai, Jushan and others (2024). *"So."* TASS. '),
        ({"date": "2024", "author": "do Rosario, Ana and Bai, J."}, "do Rosario, Ana; Bai, J. (2024). *T.* TASS. "),
        ({"date": "2024", "url": "https://www.example.org/" + "a" * 60}, f"TASS (2024). *T.* [example.org/…](https://www.example.org/{'a' * 60}) "),
        ({"date": "2024", "url": "", "note": "no address"}, "TASS (2024). *T.* No address. (consulted 2026-11-24)."),
    ],
)  # fmt: skip
def test_a_reference_reads(tmp_path: Path, fields: dict[str, str], text: str) -> None:
    assert full(tmp_path, **fields).startswith(text)


def test_what_a_source_says_stays_text(tmp_path: Path) -> None:
    evil = r"<script>alert(1)</script> \$x\$ [a](javascript:b) 5\%"
    page = MarkdownIt().render(full(tmp_path, date="2024", title=evil))
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert "[a](javascript:b) 5%" in page


def anchors(folder: Path, keys: list[str]) -> dict[str, str]:
    """Anchor of each source in a list that Sphinx builds with the book's own settings, by key."""
    config = yaml.safe_load((data.root() / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    options = {name: value for name, value in config.items() if name.startswith("bibtex_") and "bibfiles" not in name}
    options |= {"extensions": ["myst_parser", "sphinxcontrib.bibtex", "eastward.publish.sphinx.references"]}
    folder.mkdir()
    (folder / "conf.py").touch()
    text = entries(*({"key": key, "date": "2024", "title": f"{{Of {key}}}"} for key in keys))
    (folder / "all.bib").write_text(text, encoding="utf-8")
    cited = "".join(f"{{cite:p}}`{key}` " for key in keys)
    (folder / "index.md").write_text(f"# Page\n\n{cited}\n\n```{{bibliography}}\n```\n", encoding="utf-8")
    with docutils_namespace():
        options["bibtex_bibfiles"] = ["all.bib"]
        out, trees = str(folder / "out"), str(folder / "trees")
        Sphinx(str(folder), str(folder), out, trees, "html", options, None, StringIO(), warningiserror=True).build()
    listed = BeautifulSoup((folder / "out" / "index.html").read_text(encoding="utf-8"), "lxml").select(".citation")
    return {re.search(r"Of (\w+)", entry.get_text())[1]: entry["id"] for entry in listed}  # type: ignore[index]


def test_a_new_source_moves_no_anchor(tmp_path: Path) -> None:
    keys = ["nc1_2018gazprom", "tass2024b", "zeit2024"]
    before = anchors(tmp_path / "before", keys)
    after = anchors(tmp_path / "after", ["aaa2024", *keys])
    assert before == {
        "nc1_2018gazprom": "source-nc1-2018gazprom",
        "tass2024b": "source-tass2024b",
        "zeit2024": "source-zeit2024",
    }
    assert after == {"aaa2024": "source-aaa2024", **before}


def test_exports_cite_with_the_letter() -> None:
    lettered = next(r for r in references.references().values() if r.author == "Reuters" and r.year == "2024aa")
    env: Any = SimpleNamespace(domaindata={"std": {"anonlabels": {}}})
    resolver = exports.Resolver(env, exports.Chapter("notebooks/01-x", nbformat.v4.new_notebook()))
    assert f"(Reuters [2024aa]({lettered.url}))" in resolver.markdown(f"{{cite:p}}`{lettered.key}`")
    assert f"Reuters ([2024aa]({lettered.url}))" in resolver.markdown(f"{{cite:t}}`{lettered.key}`")


@pytest.mark.parametrize("name", ["author", "title", "urldate", "date", "url", "language"])
def test_a_source_that_lacks_a_field_is_refused(package: PackageCopy, name: str) -> None:
    add(package, key="whole", url="https://example.org/whole")
    data.check_sources()
    add(package, **{name: ""})
    with pytest.raises(data.DataError, match=f"newone has no {name}"):
        data.check_sources()


@pytest.mark.parametrize(("grade", "problem"), [("", "newone has no grade"), ("gold", "newone has unknown grade gold")])
def test_a_source_without_a_known_grade_is_refused(package: PackageCopy, grade: str, problem: str) -> None:
    add(package, grade=grade)
    with pytest.raises(data.DataError) as caught:
        data.check_sources()
    assert str(caught.value) == (
        f"book/references.bib: {problem}; write its field grade: primary, agency, wire, relay, weak"
    )


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"author": "{tass.com}"}, "newone has a host name as its author: tass.com; name the institution"),
        ({"date": "17 May 2024"}, "newone has date 17 May 2024, which is no date; write YYYY"),
        ({"date": "2024-02-30"}, "newone has date 2024-02-30, which is no date; write YYYY"),
        ({"urldate": "2024-13-01"}, "newone has urldate 2024-13-01, which is no date"),
        ({"date": "2026-12"}, "newone has date 2026-12, after the day it was consulted"),
        ({"institution": "TASS"}, "newone has unknown field institution; known are: author, "),
        ({"Title": "T"}, "newone has unknown field Title; known are: author, "),
        ({"howpublished": ""}, "newone has no howpublished, or journal of an @article; add it"),
        ({"language": "russian"}, "newone has unknown language russian; write its English name"),
        ({"title": "{Путин}"}, "newone has language English, but a title in another; write the language"),
        ({"title": "{习近平}", "language": "", "note": "language of the page not known"}, "newone has language unknown, but"),
    ],
)  # fmt: skip
def test_a_faulty_field_is_refused_in_one_line(package: PackageCopy, fields: dict[str, str], problem: str) -> None:
    add(package, **fields, **({"title": ""} if "Title" in fields else {}))
    for check in (data.validate, data.accept):
        with pytest.raises(data.DataError) as caught:
            check()
        assert str(caught.value).startswith(f"book/references.bib: {problem}")
        assert "\n" not in str(caught.value)


def test_a_masthead_may_be_an_address(package: PackageCopy) -> None:
    add(package, author="{Lenta.ru}")
    data.check_sources()


def test_the_weakest_source_gives_the_grade(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    text = entries(*({"key": key, "grade": key.rstrip("2")} for key in (*data.GRADES, "wire2")))
    (tmp_path / "book" / "references.bib").write_text(text, encoding="utf-8")
    with data.using(tmp_path):
        assert [data.grade_of(data.GRADES[: place + 1]) for place in range(5)] == list(data.GRADES)
        assert data.grade_of(["wire", "wire2"]) == "wire", "two wires are no agency"
        assert not data.grade_of([])


def test_validation_checks_the_sources(package: PackageCopy) -> None:
    add(package, date="")
    with pytest.raises(data.DataError, match="newone has no date"):
        data.validate()


@pytest.mark.parametrize(
    ("name", "note"), [("date", "no date given"), ("url", "no address"), ("language", "language of the page not known")]
)
def test_a_note_explains_what_is_lacking(package: PackageCopy, name: str, note: str) -> None:
    add(package, **{name: ""}, note=note)
    data.check_sources()


def test_no_page_has_two_keys() -> None:
    """One address may stand for several states of a page: these have different dates."""
    pages = Counter(
        (s.url.rstrip("/").replace("http://", "https://").replace("//www.", "//"), s.date)
        for s in data.sources().values()
        if s.url
    )
    assert [page for page, count in pages.items() if count > 1] == []


def test_years_and_titles_of_the_bibliography_are_clean() -> None:
    entries_ = references.parse_file(str(data.root() / "book" / "references.bib"), "bibtex", encoding="utf-8").entries
    for key, entry in entries_.items():
        assert entry.fields["year"] == entry.fields.get("date", "n.d.")[:4], key
    for key, found in references.references().items():
        assert not {"{", "}"} & set(found.full.replace(found.url, "")), key
        assert not found.title.startswith("("), f"{key}: descriptions stand in [brackets]"
        assert " " not in found.url, key
