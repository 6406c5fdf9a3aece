"""Where two readers of a page disagree: values that both found, and that do not say the same."""

from collections.abc import Iterator
from typing import NamedTuple

from core.compare.values import agree
from core.model.blueprint import Blueprint, Field, RecordSet
from core.model.extraction import Extraction, FieldValue, Record
from core.text.urls import split_address


class SecondOpinion(NamedTuple):
    """A cell that two readers found: its table, record and field, both cells, and whether they say the same."""

    table: str
    record: int
    field: str
    first: FieldValue
    other: FieldValue
    agrees: bool


def second_opinions(blueprint: Blueprint, extraction: Extraction) -> Iterator[SecondOpinion]:
    """All cells that two readers found.

    What only one of them found is no dispute: a value that is missing is noticed as that. A cell that the first reader
    took from a fallback is left out, as that may be the way of the second.
    """
    for table in blueprint.tables if extraction.second else ():
        fields = {field.name: field for field in table.fields}
        for record in extraction.of(table.name):
            yield from _of_record(table, fields, record, extraction)


def _of_record(
    table: RecordSet, fields: dict[str, Field], record: Record, extraction: Extraction
) -> Iterator[SecondOpinion]:
    for name, other in extraction.second.get((table.name, record.index), {}).items():
        first = record.fields.get(name)
        # a value from a fallback is less sure than its field (core/extract/cells.py)
        if first is not None and first.confidence >= fields[name].confidence:
            same = agree(first, other) or (fields[name].type == "url" and _place(first) == _place(other))
            yield SecondOpinion(table.name, record.index, name, first, other, same)


def _place(cell: FieldValue) -> tuple[str, str] | None:
    """Where an address leads, whatever it says of protocol and size; None for several."""
    if not isinstance(cell.value, str):
        return None
    parts = split_address(cell.value)
    return parts.netloc, parts.path
