"""When the fields of a cluster were first seen, and when their types last changed: bounded, and it adds up."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.model.blueprint import FieldType
from core.signature import DocumentFields
from core.signature.kinds import is_placeholder, kind_of
from core.values import READERS, TYPE_SHARE

# fields that are followed; further ones are counted together, as fields that are always new
FIELDS_FOLLOWED = 1_000


class FieldHistory:
    """One field: the document that had it first, how many have it, of what types its values are, the last change."""

    __slots__ = ("changed", "documents", "first", "kinds", "values")

    def __init__(self, first: int) -> None:
        self.first = first
        self.documents = 0
        self.values = 0
        self.kinds: dict[FieldType, int] = {}
        self.changed = 0

    @property
    def type(self) -> FieldType:
        """The strictest type that nearly all values have; "string" where there is none."""
        least = TYPE_SHARE * max(self.values, 1)
        return next((kind for kind in READERS if self.kinds.get(kind, 0) >= least), "string")

    def add(self, values: Sequence[str], number: int) -> None:
        """Another document has it, the one of that number; its first value tells its type."""
        self.documents += 1
        text = next((value for value in values if not is_placeholder(value)), None)
        if text is None:
            return
        before = self.type if self.values else None
        self.values += 1
        for kind in kind_of(text).kinds:
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if before is not None and self.type != before:
            self.changed = number

    def follow(self, later: "FieldHistory", earlier_documents: int) -> None:
        """Go on with what another history saw after this one."""
        before, known = self.type, self.values
        self.documents += later.documents
        self.values += later.values
        for kind, times in later.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + times
        if later.changed:
            self.changed = earlier_documents + later.changed
        elif known and later.values and self.type != before:
            self.changed = earlier_documents + later.first

    def moved(self, by: int) -> "FieldHistory":
        """The same, so many documents later."""
        made = FieldHistory(self.first + by)
        made.documents, made.values, made.kinds = self.documents, self.values, dict(self.kinds)
        made.changed = self.changed + by if self.changed else 0
        return made

    def stored(self) -> list[Any]:
        """As JSON data."""
        return [self.first, self.documents, self.values, self.kinds, self.changed]

    @classmethod
    def of_stored(cls, data: Sequence[Any]) -> "FieldHistory":
        """The history that was stored."""
        made = cls(data[0])
        made.documents, made.values, made.kinds, made.changed = data[1], data[2], dict(data[3]), data[4]
        return made


class ClusterHistory:
    """The documents of a cluster in the order in which they came, as far as it says whether the cluster is stable."""

    __slots__ = ("calm_audits", "documents", "fields", "unfollowed")

    def __init__(self) -> None:
        self.documents = 0
        self.fields: dict[str, FieldHistory] = {}
        # how often a document had a field for which there was no room
        self.unfollowed = 0
        # audits in a row that proposed neither to merge nor to split it
        self.calm_audits = 0

    def add(self, fields: DocumentFields) -> None:
        """One more document."""
        self.documents += 1
        for path, values in fields.items():
            if path not in self.fields and len(self.fields) >= FIELDS_FOLLOWED:
                self.unfollowed += 1
                continue
            if path not in self.fields:
                self.fields[path] = FieldHistory(self.documents)
            self.fields[path].add(values, self.documents)

    def audited(self, *, changed: bool) -> None:
        """An audit was made; `changed` if it proposes to merge or split the cluster."""
        self.calm_audits = 0 if changed else self.calm_audits + 1

    def merge(self, later: "ClusterHistory") -> None:
        """Add another history, as if its documents had come after these: another shard, or a cluster merged into it."""
        for path, field in later.fields.items():
            if path in self.fields:
                self.fields[path].follow(field, self.documents)
            elif len(self.fields) < FIELDS_FOLLOWED:
                self.fields[path] = field.moved(self.documents)
            else:
                self.unfollowed += field.documents
        self.documents += later.documents
        self.unfollowed += later.unfollowed
        self.calm_audits = 0

    def stored(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "documents": self.documents,
            "fields": {path: field.stored() for path, field in self.fields.items()},
            "unfollowed": self.unfollowed,
            "calm_audits": self.calm_audits,
        }

    @classmethod
    def of_stored(cls, data: Mapping[str, Any]) -> "ClusterHistory":
        """The history that was stored."""
        made = cls()
        made.documents, made.unfollowed, made.calm_audits = data["documents"], data["unfollowed"], data["calm_audits"]
        made.fields = {path: FieldHistory.of_stored(field) for path, field in data["fields"].items()}
        return made
