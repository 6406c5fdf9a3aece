"""What is in a cluster, beyond what documents are assigned by: its tables, its history, and what its fields hold."""

from collections import Counter
from datetime import datetime
from itertools import islice

from core.cluster.history import ClusterHistory
from core.cluster.sample import FIELDS_SAMPLED
from core.signature import DocumentFields, StructureSignature

# documents whose values make a cluster well known, and one in how many is looked into from then on. To tell the types
# of values takes most of the time of a document: what one in twenty documents has shows in the first fifty, and what
# changes later shows in a few dozen
WELL_KNOWN, LOOKED_INTO = 50, 5


class ClusterContents:
    """Counters of the documents of a cluster; the histories and signatures of two add up.

    `tables` and `sources` count documents, `origins` what these were parts of, `left_out` those of its tables that were
    not looked at. `name` is what a person calls it, `last_at` when the last document came.
    """

    __slots__ = ("history", "last_at", "left_out", "name", "origins", "signature", "sources", "tables")

    def __init__(self) -> None:
        self.name = ""
        self.last_at: datetime | None = None
        self.tables: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self.left_out = 0
        self.origins = 0
        self.history = ClusterHistory()
        self.signature = StructureSignature()

    def add(self, fields: DocumentFields, table: str, source: str) -> bool:
        """One more document, of a table of a source; whether its values were looked into."""
        self.tables[table] += 1
        self.sources[source] += 1
        looked = self._looks_into(fields)
        self.history.add(fields if looked else dict.fromkeys(fields, ()))
        if looked:
            self.signature.add(dict(islice(fields.items(), FIELDS_SAMPLED)))
            self._forget()
        return looked

    def _looks_into(self, fields: DocumentFields) -> bool:
        """Whether the values of a document are looked into, not only which fields it has."""
        known = self.signature.documents >= WELL_KNOWN and fields.keys() <= self.history.fields.keys()
        return not known or self.history.documents % LOOKED_INTO == 0

    def merge(self, later: "ClusterContents") -> None:
        """Add the contents of a cluster that turned out to be this one."""
        self.name = self.name or later.name
        self.last_at = max(filter(None, (self.last_at, later.last_at)), default=None)
        self.tables.update(later.tables)
        self.sources.update(later.sources)
        self.left_out += later.left_out
        self.origins += later.origins
        self.history.merge(later.history)
        self.signature.merge(later.signature)
        self._forget()

    def _forget(self) -> None:
        """Keep the fields that most documents have: keys that users made up differ from document to document."""
        fields = self.signature.fields
        if len(fields) > 2 * FIELDS_SAMPLED:
            often = sorted(fields, key=lambda path: -fields[path].documents)[:FIELDS_SAMPLED]
            self.signature.fields = {path: fields[path] for path in often}
