"""Which fields documents of one kind have, and what is in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.signature.field import FieldSignature

# fields of one document that are looked at: more are a map that was written as fields
FIELDS_LOOKED_AT = 2_000

DocumentFields = Mapping[str, Sequence[str]]


class StructureSignature:
    """The signatures of all fields that a number of documents have, in the order in which they were first seen."""

    __slots__ = ("documents", "fields")

    def __init__(self) -> None:
        self.documents = 0
        self.fields: dict[str, FieldSignature] = {}

    def add(self, fields: DocumentFields) -> None:
        """One more document: its fields, each with its texts."""
        self.documents += 1
        for path, values in list(fields.items())[:FIELDS_LOOKED_AT]:
            self._field(path).add(values)

    def merge(self, other: "StructureSignature") -> None:
        """Add the documents of another signature."""
        self.documents += other.documents
        for path, field in other.fields.items():
            self._field(path).merge(field)

    def _field(self, path: str) -> FieldSignature:
        if path not in self.fields:
            self.fields[path] = FieldSignature()
        return self.fields[path]

    def support(self, path: str) -> float:
        """The share of the documents that have a field, 0..1."""
        return self.fields[path].documents / self.documents if path in self.fields else 0.0

    def stored(self) -> dict[str, Any]:
        """As JSON data."""
        return {"documents": self.documents, "fields": {path: field.stored() for path, field in self.fields.items()}}

    @classmethod
    def of_stored(cls, data: Mapping[str, Any]) -> "StructureSignature":
        """The signature that was stored."""
        made = cls()
        made.documents = data["documents"]
        made.fields = {path: FieldSignature.of_stored(field) for path, field in data["fields"].items()}
        return made
