"""Filling: an approved version is filled from the pages that were kept, and shown at once when it is whole.

Meanwhile the version before it is shown, and new pages are written to both. What is told twice lands once, so a
filling that was killed begins again and finds what landed already.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from core.errors import Conflict, PipelineError
from core.events import Event, Stream
from core.flow.lake_rows import lake_tables_of
from core.flow.lake_writer import LakeWriter
from core.flow.reader import Reader
from core.flow.validated import RowDecisions, decisions_by_row, validated, validated_id
from core.model import stable_id
from core.model.schema import SchemaVersion, VersionState
from core.ports import (
    BronzeStore,
    Decisions,
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

LOG = logging.getLogger(__name__)

# readings that are looked at together, and seconds of a step, after which the commits of this process have their turn
READINGS_TOGETHER = 50
STEP_SECONDS = 1.0
# where the ledger begins
BEGINNING = ("", "")


@dataclass(frozen=True)
class Filling:
    """Fills the versions that wait for it, one process a schema."""

    schemas: SchemaStore
    decisions: Decisions
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
    # the last reading that this process went through for each version; None when it has been through all
    places: dict[tuple[str, int], tuple[str, str] | None] = field(default_factory=dict)

    def open(self) -> list[SchemaVersion]:
        """The versions that are not whole yet."""
        return [version for version in self.schemas.in_force() if version.state is VersionState.FILLING]

    def step(self) -> int:
        """One step of each version that this process may fill; the number of readings that were gone through."""
        newest: dict[str, int] = {}
        for version in self.schemas.in_force():
            newest[version.schema_name] = max(version.number, newest.get(version.schema_name, 0))
        return sum(self._leased(version, newest[version.schema_name]) for version in self.open())

    def _leased(self, version: SchemaVersion, newest: int) -> int:
        key = (version.schema_name, version.number)
        if version.number < newest:
            # a later one was approved before it was whole: nobody will see it
            with suppress(Conflict):  # another process was quicker to say so
                self.schemas.withdraw(*key)
            return 0
        lease = self.leases.acquire(f"filling:{version.schema_name}", self.owner, self.lease_seconds)
        if lease is None:
            self.places.pop(key, None)
            return 0
        try:
            return self._fill(version)
        finally:
            self.leases.release(lease)

    def _fill(self, version: SchemaVersion) -> int:
        key, end, done = (version.schema_name, version.number), time.monotonic() + STEP_SECONDS, 0
        while (place := self.places.setdefault(key, BEGINNING)) is not None:
            some = self.ledger.after(*place, READINGS_TOGETHER)
            missing = self._missing(version, some)
            items = self.decisions.of_documents([entry.document_id for entry in missing])
            decided = decisions_by_row(items)[version.schema_name]
            self.broker.publish([event for entry in missing for event in self._again(version, entry, decided)])
            self.places[key] = (some[-1].document_id, some[-1].extractor_id) if some else None
            done += len(some)
            if time.monotonic() >= end:
                break
        if self.places[key] is None and self._show(version):
            del self.places[key]
        return done

    def _missing(self, version: SchemaVersion, entries: Sequence[ExtractionEntry]) -> list[ExtractionEntry]:
        """Those that were read into the tables which the version is filled from, and whose rows have not all landed."""
        extractors = {entry.extractor_id for entry in entries}
        tables = {
            one: set(lake_tables_of(self.extractors.get(one))).intersection(version.sources) for one in extractors
        }
        ids = {
            entry: [
                validated_id(stable_id(entry.document_id, entry.extractor_id, table), version)
                for table in tables[entry.extractor_id]
            ]
            for entry in entries
        }
        landed = self.landed.known(version.lake_table, [one for some in ids.values() for one in some])
        return [entry for entry, some in ids.items() if not landed.issuperset(some)]

    def _again(self, version: SchemaVersion, entry: ExtractionEntry, decided: RowDecisions) -> Iterator[Event]:
        try:
            read = self.reader.read_again(self.bronze.get(entry.document_id), entry)
        except PipelineError as error:
            # its bytes are gone or damaged: `check` counts such pages, and the table is as whole as it can be
            LOG.warning("%s is filled without document %s: %s", version.lake_table, entry.document_id, error)
            return
        for rows in read:
            if rows.subject in version.sources:
                yield from validated(version, rows, decided)

    def _show(self, version: SchemaVersion) -> bool:
        """Show the version, when everything that was told of it has landed."""
        self.writer.flush()
        log = self.broker.identity(Stream.VALIDATED)
        head = self.broker.heads(Stream.VALIDATED).get(version.lake_table, 0)
        if self.lake.watermark(version.lake_table, log) < head:
            return False
        if head:
            # killed between the tag and the last step, it finds its tag there
            with suppress(Conflict):
                self.evolution.tag(version.lake_table, version.label)
        self.schemas.show(version.schema_name, version.number)
        return True
