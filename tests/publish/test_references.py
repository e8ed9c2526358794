"""How sources are cited and listed: letters behind years, languages, and nothing that a source says becomes markup."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from pybtex.database import parse_string

from eastward import data
from eastward.publish import references


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


def full(tmp_path: Path, **fields: str) -> str:
    """The list's text of one entry, in Markdown."""
    (tmp_path / "book").mkdir(exist_ok=True)
    (tmp_path / "book" / "references.bib").write_text(entries({"key": "one", **fields}), encoding="utf-8")
    with data.using(tmp_path):
        references._references.cache_clear()
        return references.references()["one"].full


THREE = "Bai, Jushan and Perron, Pierre and West, Kenneth"
LETTERS = {
    "by date, then title, then key": [
        {"key": "late", "date": "2024-05-02", "title": "{A}", "year": "2024c"},
        {"key": "early", "date": "2024-05-01", "title": "{Z}", "year": "2024b"},
        {"key": "month", "date": "2024-05", "title": "{Z}", "year": "2024a"},
        {"key": "twin2", "date": "2024-05-03", "title": "{B}", "year": "2024f"},
        {"key": "twin1", "date": "2024-05-03", "title": "{B}", "year": "2024e"},
        {"key": "first", "date": "2024-05-03", "title": "{A}", "year": "2024d"},
    ],
    "only where author and year are alike": [
        {"key": "a", "date": "2024", "year": "2024"}, {"key": "b", "date": "2023", "year": "2023"},
        {"key": "c", "date": "2024", "author": "{RT}", "year": "2024"}, {"key": "d", "year": "n.d."},
    ],
    "without a date too": [{"key": "a", "title": "{B}", "year": "n.d.-b"}, {"key": "b", "title": "{A}", "year": "n.d.-a"}],
    "authors by what a citation prints": [
        {"key": "a", "date": "1998", "author": THREE, "year": "1998a"},
        {"key": "b", "date": "1998-02", "author": "Bai, Chunlei and Chen, Celia and Diebold, Francis", "year": "1998b"},
        {"key": "c", "date": "1998", "author": "Bai, Jushan and Perron, Pierre", "year": "1998"},
        {"key": "d", "date": "1998", "author": "Bai, Jushan", "year": "1998"},
    ],
    "after z": [
        {"key": f"k{i:02}", "date": "2024", "year": f"2024{letter}"}
        for i, letter in enumerate([*"abcdefghijklmnopqrstuvwxyz", "aa", "ab", "ac"])
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", LETTERS)
def test_letters(case: str) -> None:
    """Whatever the order of the file, and after a former run too, since Sphinx keeps the entries between builds."""
    for works in (LETTERS[case], LETTERS[case][::-1]):
        parsed = parse_string(entries(*({**work, "year": ""} for work in works)), "bibtex").entries
        for _ in range(2):
            references.letter(parsed)
            assert {key: entry.fields["year"] for key, entry in parsed.items()} == {w["key"]: w["year"] for w in works}


def test_no_two_sources_of_the_book_are_cited_alike_and_letters_stand_in_order() -> None:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, found in references.references().items():
        groups[found.author, data.sources()[key].date[:4] or "n.d."].append(found.year)
    for (_, year), cited in groups.items():
        assert len(set(cited)) == len(cited)
        assert cited == sorted(cited, key=lambda year: (len(year), year)), "the list is in the order of letters"
        assert (cited == [year]) == (len(cited) == 1), "only what is ambiguous has a letter"
    assert sum(len(cited) for cited in groups.values() if len(cited) > 1) > 100


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


def test_the_weakest_source_gives_the_grade(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    text = entries(*({"key": key, "grade": key.rstrip("2")} for key in (*data.GRADES, "wire2")))
    (tmp_path / "book" / "references.bib").write_text(text, encoding="utf-8")
    with data.using(tmp_path):
        assert [data.grade_of(data.GRADES[: place + 1]) for place in range(5)] == list(data.GRADES)
        assert data.grade_of(["wire", "wire2"]) == "wire", "two wires are no agency"
        assert not data.grade_of([])


def test_no_page_has_two_keys() -> None:
    """One address may stand for several states of a page: these have different dates."""
    pages = [(re.sub("https?://(www.)?|/$", "", s.url), s.date) for s in data.sources().values() if s.url]
    assert [page for page, count in Counter(pages).items() if count > 1] == []


def test_years_and_titles_of_the_bibliography_are_clean() -> None:
    entries_ = references.parse_file(str(data.root() / "book" / "references.bib"), "bibtex", encoding="utf-8").entries
    for key, entry in entries_.items():
        assert entry.fields["year"] == entry.fields.get("date", "n.d.")[:4], key
    for key, found in references.references().items():
        assert not {"{", "}"} & set(found.full.replace(found.url, "")), key
        assert not found.title.startswith("("), f"{key}: descriptions stand in [brackets]"
        assert " " not in found.url, key
