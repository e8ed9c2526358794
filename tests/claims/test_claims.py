"""The claims' file: complete, and every fault in it gives one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from eastward import data
from eastward.claims import ClaimError, all_claims
from eastward.claims.declared import main
from tests.conftest import PackageCopy


def test_all_31_claims_stand_in_the_order_of_the_op_ed() -> None:
    claims = all_claims()
    assert list(claims) == [f"C{i:02d}" for i in range(1, 32)]
    paragraphs = [c.paragraph for c in claims.values()]
    assert paragraphs == sorted(paragraphs)
    assert paragraphs[0] == 1
    assert paragraphs[-1] == 11


def test_every_cited_source_is_in_the_bibliography() -> None:
    for claim in all_claims().values():
        for key in claim.sources:
            assert key in data.sources(), (claim.id, key)


def test_every_claim_has_a_chapter_that_exists() -> None:
    for claim in all_claims().values():
        assert (data.root() / "notebooks" / f"{claim.chapter}.ipynb").is_file(), claim.id


def edit(package: PackageCopy, index: int = 0, **changes: object) -> None:
    file: Path = package.folder / "data" / "claims.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    document["claims"][index].update(changes)
    file.write_text(yaml.safe_dump(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kinds": ["rumour"]}, "unknown kind 'rumour'"),
        ({"paraphrase": ""}, "the field 'paraphrase' is missing"),
        ({"verdict": "supported"}, "unknown field 'verdict'"),
        ({"short": "x" * 80}, "75 characters"),
        ({"rule": {"kind": "vibes", "text": "t"}}, "unknown rule kind 'vibes'"),
        ({"rule": {"kind": "rank", "text": "t"}}, "needs a quantity"),
        ({"rule": {"kind": "judged", "text": "t", "judged": {"publication": "supported"}}}, "both dates"),
        (
            {"rule": {"kind": "judged", "text": "t", "judged": {"publication": "true", "hindsight": "true"}}},
            "unknown status",
        ),
        ({"id": "C02"}, "stands twice"),
    ],
)
def test_faults(package: PackageCopy, changes: dict[str, object], message: str) -> None:
    edit(package, **changes)
    with pytest.raises(ClaimError, match=message):
        all_claims()


def test_judged_without_reasons(package: PackageCopy) -> None:
    judged = {"publication": "supported", "hindsight": "supported"}
    edit(package, rule={"kind": "judged", "text": "t", "judged": judged}, reasons=[])
    with pytest.raises(ClaimError, match="needs reasons"):
        all_claims()


def test_broken_yaml(package: PackageCopy) -> None:
    (package.folder / "data" / "claims.yaml").write_text("claims: [", encoding="utf-8")
    with pytest.raises(ClaimError, match="cannot be read"):
        all_claims()


def test_claims_are_read_before_a_build(package: PackageCopy, capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "31 are declared" in capsys.readouterr().out
    file = package.folder / "data" / "claims.yaml"
    file.write_text(file.read_text(encoding="utf-8")[:-200] + "\n- 'no' YAML", encoding="utf-8")
    assert main() == 1
    message = capsys.readouterr().err
    assert message.startswith("claims: data/claims.yaml")
    assert message.count("\n") == 1
