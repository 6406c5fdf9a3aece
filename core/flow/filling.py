"""Filling: an approved version is filled from the pages that were kept, and shown at once when it is whole.

Meanwhile the version before it is shown, and new pages are written to both. What is told twice lands once, so a
filling that was killed begins again and finds what landed already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from core.errors import Conflict, PipelineError
from core.events import Event, RowsExtracted, Stream
from core.flow.lake_rows import lake_table
from core.flow.lake_writer import LakeWriter
from core.flow.reader import Reader
from core.flow.validated import validated
from core.model import stable_id
from core.model.schema import SchemaVersion, VersionState
from core.ports import (
    BronzeStore,
    EventBroker,
    ExtractionEntry,
    ExtractionLedger,
    ExtractorStore,
    Landed,
    Leases,
    SchemaStore,
    TableEvolution,
    TableStore,
)

# readings of a step: some seconds of work, after which others of this process have their turn
READINGS_A_STEP = 100


@dataclass(frozen=True)
class Filling:
    """Fills the versions that wait for it, one process a schema."""

    schemas: SchemaStore
    ledger: ExtractionLedger
    extractors: ExtractorStore
    bronze: BronzeStore
    reader: Reader
    broker: EventBroker
    lake: TableStore
    evolution: TableEvolution
    landed: Landed
    leases: Leases
    writer: LakeWriter
    owner: str
    lease_seconds: float
    # what is left to read of each version that this process fills, and what could not be read
    going: dict[tuple[str, int], Iterator[ExtractionEntry]] = field(default_factory=dict)

    def open(self) -> list[SchemaVersion]:
        """The versions that are not whole yet."""
        return [version for version in self.schemas.versions() if version.state is VersionState.FILLING]

    def step(self) -> int:
        """One step of each version that this process may fill; the number of readings that were gone through."""
        return sum(self._leased(version) for version in self.open())

    def _leased(self, version: SchemaVersion) -> int:
        lease = self.leases.acquire(f"filling:{version.schema_name}", self.owner, self.lease_seconds)
        if lease is None:
            self.going.pop((version.schema_name, version.number), None)
            return 0
        try:
            return self._fill(version)
        finally:
            self.leases.release(lease)

    def _fill(self, version: SchemaVersion) -> int:
        key = (version.schema_name, version.number)
        left = self.going.setdefault(key, self._readings(version))
        some = list(islice(left, READINGS_A_STEP))
        self.broker.publish([event for entry in some for event in self._again(version, entry)])
        if not some:
            self._show(version)
            self.going.pop(key, None)
        return len(some)

    def _readings(self, version: SchemaVersion) -> Iterator[ExtractionEntry]:
        """What was read into the tables that the version is filled from, and has not landed."""
        known: dict[str, list[str]] = {}
        for entry in self.ledger.all():
            if entry.extractor_id not in known:
                known[entry.extractor_id] = self._tables_of(entry.extractor_id, version.sources)
            ids = [_message_id(entry, table, version) for table in known[entry.extractor_id]]
            if ids and not self.landed.known(version.lake_table, ids):
                yield entry

    def _tables_of(self, extractor_id: str, wanted: Sequence[str]) -> list[str]:
        extractor = self.extractors.get(extractor_id)
        names = (
            lake_table(extractor.source_id, extractor.template, table.name, position == 0)
            for position, table in enumerate(extractor.blueprint.tables)
        )
        return [name for name in names if name in wanted]

    def _again(self, version: SchemaVersion, entry: ExtractionEntry) -> Iterator[Event]:
        try:
            read: Sequence[RowsExtracted] = self.reader.read_again(self.bronze.get(entry.document_id), entry)
        except PipelineError:
            # its bytes are gone or damaged: `check` says so, and the table is as whole as it can be
            return
        for rows in read:
            if rows.subject in version.sources:
                yield from validated(version, rows)

    def _show(self, version: SchemaVersion) -> None:
        """Show the version when everything that was told of it has landed."""
        self.writer.flush()
        log = self.broker.identity(Stream.VALIDATED)
        head = self.broker.heads(Stream.VALIDATED).get(version.lake_table, 0)
        if self.lake.watermark(version.lake_table, log) < head:
            return
        if head:
            self._tag(version)
        self.schemas.show(version.schema_name, version.number)

    def _tag(self, version: SchemaVersion) -> None:
        try:
            self.evolution.tag(version.lake_table, version.label)
        except Conflict:
            # killed between the tag and the last step
            return


def _message_id(entry: ExtractionEntry, table: str, version: SchemaVersion) -> str:
    rows_id = stable_id(entry.document_id, entry.extractor_id, table)
    return stable_id("validated", rows_id, version.lake_table, version.number)
