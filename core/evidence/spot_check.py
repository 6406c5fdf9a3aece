"""Does every value stand where it says it stands? What a reader found, held against the document by the resolver."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from core.errors import BadInput
from core.evidence.resolve import resolve
from core.model.document import ParsedDocument
from core.model.extraction import Evidence, Extraction, FieldValue, Record

# characters of a value that a sentence quotes
MOST_QUOTED = 80


class Unproven(NamedTuple):
    """A value that is not found again at its evidence."""

    table: str
    record: int
    field: str
    raw: str

    @property
    def sentence(self) -> str:
        """For a person."""
        where = f"row {self.record + 1} of “{self.table}” is not kept"
        return f"{where}: its “{self.field}”, “{self.raw[:MOST_QUOTED]}”, is not found again where it was read"


def unproven(extraction: Extraction, document: ParsedDocument) -> list[Unproven]:
    """The first value of each record that the resolver does not find again; values without evidence are some."""
    found = (next(_of_record(record, document), None) for record in extraction.records)
    return [one for one in found if one is not None]


def _of_record(record: Record, document: ParsedDocument) -> Iterator[Unproven]:
    for name, value in record.fields.items():
        for raw, evidence in _pairs(value):
            if not _resolves(evidence, raw, document):
                yield Unproven(record.table, record.index, name, str(raw))


def _pairs(value: FieldValue) -> list[tuple[Any, Any]]:
    if not isinstance(value.raw, list):
        return [(value.raw, value.evidence)]
    places = value.evidence if isinstance(value.evidence, list) else [None] * len(value.raw)
    return list(zip(value.raw, places, strict=True))


def _resolves(evidence: Any, raw: Any, document: ParsedDocument) -> bool:
    if not isinstance(evidence, Evidence):
        return False
    try:
        return bool(resolve(evidence, document) == raw)
    except BadInput:
        return False
