"""Plain texts of "Label: value" lines become records; prose does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NothingExtracted, PipelineError
from core.evidence.resolve import resolve
from core.extract import extract
from core.induce import induce
from core.model.document import ParsedDocument
from core.parse import parse

MAIL = """Dear reader,

these boats came in today.

Boat: Heron
Came in: 2026-03-04
Cargo: salt,
  and some wool
Mate: Ada
Mate: Bo

Boat: Grey Tern
Came in: 2026-03-05
See: https://example.test/tern

Yours, the harbour
"""


def rows(text: str) -> list[dict[str, object]]:
    parsed = ParsedDocument("text", "https://example.test/mail", "0", text)
    records = extract(induce([parsed]), parsed).records
    for cell in (cell for record in records for cell in record.fields.values()):
        pairs = zip(cell.raw, cell.evidence, strict=True) if isinstance(cell.raw, list) else [(cell.raw, cell.evidence)]
        assert all(resolve(evidence, parsed) == raw for raw, evidence in pairs)
    return [{name: cell.value for name, cell in record.fields.items()} for record in records]


def test_blocks_are_records() -> None:
    assert parse(MAIL.encode()).kind == "text"
    assert rows(MAIL) == [
        {"boat": "Heron", "came_in": "2026-03-04", "cargo": "salt, and some wool", "mate": ["Ada", "Bo"]},
        {"boat": "Grey Tern", "came_in": "2026-03-05", "see": "https://example.test/tern"},
    ]


def test_prose_holds_no_records() -> None:
    with pytest.raises(NothingExtracted):
        rows("Remember one thing: the sea is cold.\n\nAnd it is deep, as the keeper said: very deep indeed.\n")


@given(st.lists(st.sampled_from(["A: 1", "B: x y", " more", "", "C:", "http://x", "A: 2", "words"]), max_size=15))
def test_any_text_gives_records_with_evidence_or_one_of_our_errors(lines: list[str]) -> None:
    try:
        rows("\n".join(lines))
    except PipelineError:
        return
