"""Of which documents every value is looked for again."""

from typing import Any

import pytest

from core.evidence.spot_check import Unproven
from core.flow import proof
from core.flow.proof import SpotChecks, proved
from core.model import Evidence, Extraction, FieldValue, RawDocument, Record
from core.parse import parse
from tests.contract.nouns import a_document

HALF = "8" + "0" * 31


class Kept:
    """Gives each document as a page that does not hold what was read, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def parsed(self, document: RawDocument) -> Any:
        self.asked.append(document.document_id)
        return parse(b"<p>nothing</p>", url=document.url)


def document(document_id: str = "f" * 32, template: str = "main") -> RawDocument:
    return a_document(document_id=document_id, template=template)


def extraction(*names: str) -> Extraction:
    value = FieldValue("x", "x", 1.0, Evidence("xpath:/html/body/b[1]"))
    records = [Record(table, n, {"name": value}) for n, table in enumerate(names)]
    return Extraction("0" * 64, "https://a.example/", records)


def looked_at(checks: SpotChecks, *documents: tuple[RawDocument, str]) -> list[bool]:
    return [bool(checks.failed(one, extraction("page"), run)) for one, run in documents]


def test_the_first_page_of_each_run_and_template_is_looked_at() -> None:
    kept = Kept()
    checks = SpotChecks(kept, 1e-9)  # type: ignore[arg-type]  # as much of an archive as it needs
    first, second, behind = document(), document("e" * 32), document("d" * 32, template="detail")
    pages = [(first, "one"), (second, "one"), (second, "two"), (behind, "one")]
    assert looked_at(checks, *pages) == [True, False, True, True]
    assert len(kept.asked) == 3


def test_the_first_page_is_looked_at_again_when_it_is_read_again() -> None:
    checks = SpotChecks(Kept(), 1e-9)  # type: ignore[arg-type]
    first, second = document(), document("e" * 32)
    assert looked_at(checks, (first, "run"), (second, "run"), (first, "run")) == [True, False, True]


def test_many_rows_are_not_named_one_by_one() -> None:
    failed = [Unproven("page", number, "name", "x") for number in range(1000)]
    warnings = proved(extraction(), failed).warnings
    assert len(warnings) == proof.MOST_NAMED + 1
    assert "995 more rows" in warnings[-1]


def test_the_share_is_drawn_by_the_hash_of_a_document() -> None:
    checks = SpotChecks(Kept(), 0.5)  # type: ignore[arg-type]
    first, below, at = document(), document("7fff" + "f" * 28), document(HALF)
    assert looked_at(checks, (first, "run"), (below, "run"), (at, "run")) == [True, True, False]


def test_nothing_is_looked_at_without_a_share_and_everything_with_a_whole_one() -> None:
    pages = [(document(), "run"), (document(), "run")]
    assert looked_at(SpotChecks(Kept(), 0.0), *pages) == [False, False]  # type: ignore[arg-type]
    assert looked_at(SpotChecks(Kept(), 1.0), *pages) == [True, True]  # type: ignore[arg-type]


def test_what_is_remembered_of_runs_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "MOST_RUNS", 2)
    checks = SpotChecks(Kept(), 1e-9)  # type: ignore[arg-type]
    begun = looked_at(checks, *((document(f"f{number}" + "f" * 30), run) for number, run in enumerate("abccc")))
    # with the third run the bound is passed: with the next document what was begun is forgotten
    assert begun == [True, True, True, True, False]


def test_rows_that_hold_what_is_not_found_again_are_left_out_and_said() -> None:
    read = extraction("page", "page", "part")
    assert proved(read, []) is read
    failed = [Unproven("page", 1, "name", "x")]
    kept = proved(read, failed)
    assert [(record.table, record.index) for record in kept.records] == [("page", 0), ("part", 2)]
    assert list(kept.warnings) == [failed[0].sentence]
