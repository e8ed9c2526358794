"""The claims' file: complete, and every fault in it gives one clear error."""

import re

import pytest
import yaml

from eastward import data
from eastward.claims import ClaimError, all_claims, questions, text, thresholds
from eastward.claims.declared import main
from eastward.claims.verdicts import AS_OF
from tests.conftest import PackageCopy


def test_all_37_claims_quote_the_op_ed_and_the_text_has_each_once_in_its_place() -> None:
    claims = all_claims()
    assert list(claims) == [f"C{i:02d}" for i in range(1, 38)]
    paragraphs = [c.paragraph for c in list(claims.values())[:31]]
    assert paragraphs == sorted(paragraphs)
    assert {c.paragraph for c in claims.values()} == set(range(12))
    assert {c.caption for c in claims.values()} == {0, 1, 2}
    assert all(len(piece.split()) <= 12 for c in claims.values() for piece in c.words)
    assert [(p.paragraph, p.caption) for p in text()] == [*((n, 0) for n in range(1, 12)), (0, 1), (0, 2)]
    named = [name for passage in text() for name in re.findall(r"\{(C\d\d)\}", passage.says)]
    assert sorted(named) == sorted(all_claims())


def test_the_text_says_it_in_our_words() -> None:
    """No run of more than twelve words stands without a claim's quotation, and none repeats the quoted words."""
    for passage in text():
        own = re.sub(r"\{C\d\d\}", " | ", passage.says).lower()
        for claim in all_claims().values():
            assert not any(piece.lower() in own for piece in claim.words if len(piece.split()) > 3), claim.id


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{C10}", "the text", "claim C10: its words do not stand once in the text, in paragraph 3; write {C10} there"),
        ("{C10}", "{C10} and {C10}", "claim C10: its words do not stand once"),
        ("{C36}", "{C37}", "claim C36: .*in caption 1; write {C36} there, once"),
        ("{C10}", "{C10} {c10}", "claim c10: the text names it, but there is no such claim; correct the id"),
    ],
)
def test_a_claim_stands_once_in_the_text(package: PackageCopy, old: str, new: str, message: str) -> None:
    package.replace("data/claims.yaml", rf"(\ntext:\n.*){re.escape(old)}", rf"\g<1>{new}")
    with pytest.raises(ClaimError, match=message):
        text()


def test_what_was_said_is_judged_apart_from_whether_it_is_so() -> None:
    attributed = {c.id for c in all_claims().values() if c.question == "said"}
    assert attributed == {"C07", "C14", "C15", "C19", "C24", "C26", "C32", "C33"}
    assert set(questions()) - set(all_claims()) == {f"{name}.so" for name in attributed}


def test_every_rule_has_an_objection_and_known_sources_and_every_threshold_a_reason_and_a_claim() -> None:
    for name, claim in questions().items():
        assert claim.objection, name
        assert claim.answer, name
        assert set(claim.sources) <= set(data.sources()), name
    assert {name for claim in questions().values() for name in claim.uses} == set(thresholds())
    assert all(t.reason and t.text for t in thresholds().values())


JUDGED = {"kind": "judged", "text": "t"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kinds": ["rumour"]}, "kinds.0: 'rumour' is not one of .*use one of the kinds"),
        ({"short": ""}, "short: '' does not match"),
        ({"words": "one sentence"}, "words: 'one sentence' is not of type 'array'; write a list of texts"),
        ({"paragraph": "1"}, "paragraph: '1' is not of type 'integer'"),
        ({"words": [13 * "word "]}, "quote at most 12 words in a row"),
        ({"caption": 1}, "its paragraph or its caption, not both"),
        ({"caveats": "one sentence"}, "write a list of texts, each behind a dash"),
        ({"caveat": "a name that is so long that nobody reads it"}, "name the caveat in at most 8 words"),
        ({"said": {}}, "one of two questions"),
        ({"stated": {"text": "much", "value": "$plenty"}}, "no threshold 'plenty'"),
        ({"stated": {"text": "{plenty}", "value": 1}}, "no parameter"),
        ({"verdict": "supported"}, "'verdict' was unexpected"),
        ({"short": "x" * 80}, "at most 74 characters"),
        ({"rule": {"kind": "vibes", "text": "t"}}, "use one of the kinds of rules"),
        ({"rule": {"kind": "rank", "text": "t"}}, "'quantity' is a required property"),
        ({"rule": JUDGED | {"judged": {"publication": "supported"}}}, "'hindsight' is a required"),
        ({"rule": JUDGED | {"judged": dict.fromkeys(AS_OF, "true")}}, "use one of the statuses"),
        ({"rule": JUDGED | {"judged": dict.fromkeys(AS_OF, "supported")}, "reasons": []}, "reasons"),
        ({"id": "C02"}, "stands twice"),
    ],
)
def test_faults(package: PackageCopy, changes: dict[str, object], message: str) -> None:
    file = package.folder / "data" / "claims.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    document["claims"][0].update(changes)
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(ClaimError, match=message):
        all_claims()


def test_claims_are_read_before_a_build(package: PackageCopy, capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "37 are declared" in capsys.readouterr().out
    package.replace("data/claims.yaml", r".{200}$", "\n- 'no' YAML")
    with pytest.raises(ClaimError, match="cannot be read"):
        all_claims()
    assert main() == 1
    message = capsys.readouterr().err
    assert message.startswith("claims: data/claims.yaml")
    assert message.count("\n") == 1
