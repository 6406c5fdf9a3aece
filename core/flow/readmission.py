"""Readmission: rows about which a person decided are read again and told anew, each as it is to be now.

What was decided stands in the state; that the lake was told of it is noted afterwards. Killed in between, it is told
again, under the same ids, and lands once.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import PipelineError
from core.events import Event, RowsExtracted, RowsValidated
from core.flow.reader import Reader
from core.flow.validated import decisions_by_row, validated
from core.model.review import ReviewItem
from core.ports import BronzeStore, Decisions, EventBroker, ExtractionEntry, ExtractionLedger, SchemaStore

LOG = logging.getLogger(__name__)

# items whose documents are read again together
ITEMS_TOGETHER = 50


@dataclass(frozen=True)
class Readmission:
    """Tells the lake what people decided. Several processes may do it at once: what they tell is the same."""

    decisions: Decisions
    schemas: SchemaStore
    ledger: ExtractionLedger
    bronze: BronzeStore
    reader: Reader
    broker: EventBroker

    def is_open(self) -> bool:
        """Whether something was decided that the lake was not told of."""
        return bool(self.decisions.undone(1))

    def step(self) -> int:
        """Tell of some decisions; how many."""
        items = self.decisions.undone(ITEMS_TOGETHER)
        documents = list(dict.fromkeys(item.document_id for item in items))
        # what was decided about other values of the same rows counts too
        decided = decisions_by_row(self.decisions.of_documents(documents))
        rows = [rows for entry in self._readings(items, documents) for rows in self._read(entry)]
        versions = self.schemas.in_force()
        told = (
            validated(version, each, decided[version.schema_name])
            for each in rows
            for version in versions
            if each.subject in version.sources
        )
        self.broker.publish(list(_about(items, (event for some in told for event in some))))
        self.decisions.note_done(items)
        return len(items)

    def _readings(self, items: Sequence[ReviewItem], documents: Sequence[str]) -> list[ExtractionEntry]:
        """Those that the items are about, and those of later extractors, which may read the same."""
        ids = dict.fromkeys((item.document_id, item.extractor_id) for item in items)
        about = {pair: entry for pair in ids if (entry := self.ledger.entry(*pair))}
        newest = {
            (entry.document_id, entry.extractor_id): entry for entry in self.ledger.of_documents(documents).values()
        }
        return list((about | newest).values())

    def _read(self, entry: ExtractionEntry) -> list[RowsExtracted]:
        try:
            return self.reader.read_again(self.bronze.get(entry.document_id), entry)
        except PipelineError as error:
            # its bytes are gone or damaged: `check` counts such pages; the decision holds when they are mended
            LOG.warning("decisions about document %s are not carried out: %s", entry.document_id, error)
            return []


def _about(items: Sequence[ReviewItem], events: Iterator[Event]) -> Iterator[Event]:
    """The rows that something was decided about now; all others were told when they were read."""
    meant = {item.row_id for item in items}
    for event in events:
        if isinstance(event, RowsValidated) and any(row.get("_row_id") in meant for row in event.rows):
            yield event
