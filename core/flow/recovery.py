"""Recovery: compares the lake with what the state knows to be in it, and has what is lost read and written again.

What landed and is not in the lake any more is forgotten as landed and told of again: documents from their metadata,
rows from the bytes that were kept, read by the version that read them then.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from core.errors import PipelineError
from core.events import Event, RowsExtracted
from core.flow.lake_rows import lake_tables_of
from core.flow.reader import Reader
from core.flow.told import document_stored
from core.flow.upkeep import LATE
from core.flow.validated import decisions_by_row, validated, validated_id
from core.model import stable_id
from core.model.schema import SchemaVersion
from core.ports import (
    BronzeStore,
    Chore,
    Clock,
    Damage,
    Decisions,
    EventBroker,
    ExtractionEntry,
    ExtractionLedger,
    ExtractorStore,
    Integrity,
    Landed,
    SchemaStore,
    TableStore,
)

DOCUMENTS = "bronze.documents"
# what tells the rows of one reading for one version apart in an approved table
HELD = ("_document_id", "_extractor_id", "_source_table", "_schema_version")
BYTES = "Restore the raw bytes from a backup, and check again."
CHECK = "python -m jobs check --mend reads and writes them again."
# told of again at a time
SOME = 200


class Expected(NamedTuple):
    """One table of one reading: the id of its message, and the document and the extractor that its rows name."""

    table: str
    message_id: str
    entry: ExtractionEntry


@dataclass(frozen=True)
class Recovery:
    """Finds what the lake lost. Telling of something twice does no harm: what landed is not written again."""

    reader: Reader
    bronze: BronzeStore
    extractors: ExtractorStore
    ledger: ExtractionLedger
    broker: EventBroker
    lake: TableStore
    landed: Landed
    schemas: SchemaStore
    decisions: Decisions
    clock: Clock

    def check(self, *, mend: bool, late: timedelta = LATE) -> list[Damage]:
        """What is not in the lake although it landed, or was read longer ago than `late` and never landed."""
        return [*self._documents(mend), *self._readings(mend, late), *self._validated(mend)]

    def comparison(self) -> list[str]:
        """What is known against what is there, in sentences."""
        known, held = self.landed.all(DOCUMENTS), self.lake.held(DOCUMENTS, ["document_id"])
        landed: dict[str, set[str]] = {}
        read = Counter(one.table for one in self._expected() if one.message_id in self._landed_in(one.table, landed))
        rows = {table: len(self.lake.held(table, ["_document_id", "_extractor_id"])) for table in read}
        return [
            f"{DOCUMENTS}: {len(known)} documents landed, {len(held)} are there",
            *(f"{table}: {count} readings landed, {rows[table]} are there" for table, count in sorted(read.items())),
        ]

    def _documents(self, mend: bool) -> Iterator[Damage]:
        known = self.landed.all(DOCUMENTS)
        lost = known - {name for (name,) in self.lake.held(DOCUMENTS, ["document_id"])}
        if not lost:
            return
        done = ""
        if mend:
            self.landed.forget(DOCUMENTS, lost)
            self._tell(document_stored(self.bronze.get(name), None) for name in sorted(lost))
            done = "they are told of again"
        yield Damage(DOCUMENTS, f"{len(lost)} of {len(known)} documents are not in it any more", CHECK, done)

    def _readings(self, mend: bool, late: timedelta) -> Iterator[Damage]:
        lost = self._lost_readings(late)
        for table, some in sorted(lost.items()):
            if not mend:
                yield Damage(table, f"the rows of {len(some)} readings are not in it", CHECK)
                continue
            self.landed.forget(table, [expected.message_id for expected in some])
            failed: list[str] = []
            self._tell(event for expected in some for event in self._again(expected, failed))
            if len(failed) < len(some):
                said = f"the rows of {len(some) - len(failed)} readings were not in it"
                yield Damage(table, said, CHECK, "they are read again from the bytes that were kept")
            if failed:
                yield Damage(table, f"the rows of {len(failed)} readings cannot be read again: {failed[0]}", BYTES)

    def _lost_readings(self, late: timedelta) -> dict[str, list[Expected]]:
        before = self.clock.now() - late
        landed: dict[str, set[str]] = {}
        held: dict[str, set[tuple[str, str]]] = {}
        lost: dict[str, list[Expected]] = defaultdict(list)
        for entry, tables in self._by_entry():
            present = [one for one in tables if one.message_id in self._landed_in(one.table, landed)]
            for one in present:
                if (entry.document_id, entry.extractor_id) not in self._held_in(one.table, held):
                    lost[one.table].append(one)
            if not present and entry.records and not entry.error and entry.at < before:
                # it was read, and no row of it ever came: the log was lost before they landed
                lost[tables[0].table].append(tables[0])
        return lost

    def _landed_in(self, table: str, known: dict[str, set[str]]) -> set[str]:
        if table not in known:
            known[table] = self.landed.all(table)
        return known[table]

    def _held_in(self, table: str, known: dict[str, set[tuple[str, str]]]) -> set[tuple[str, str]]:
        if table not in known:
            known[table] = {(a, b) for a, b in self.lake.held(table, ["_document_id", "_extractor_id"])}
        return known[table]

    def _expected(self) -> Iterator[Expected]:
        for _, tables in self._by_entry():
            yield from tables

    def _by_entry(self) -> Iterator[tuple[ExtractionEntry, list[Expected]]]:
        """Each reading with the messages that its rows came in, when it brought any."""
        names: dict[str, list[str]] = {}
        for entry in self.ledger.all():
            if entry.extractor_id not in names:
                names[entry.extractor_id] = lake_tables_of(self.extractors.get(entry.extractor_id))
            yield (
                entry,
                [
                    Expected(table, stable_id(entry.document_id, entry.extractor_id, table), entry)
                    for table in names[entry.extractor_id]
                ],
            )

    def _again(self, expected: Expected, failed: list[str]) -> Iterator[RowsExtracted]:
        try:
            document = self.bronze.get(expected.entry.document_id)
            yield from self.reader.read_again(document, expected.entry)
        except PipelineError as error:
            failed.append(error.message)

    def _validated(self, mend: bool) -> Iterator[Damage]:
        """Tables of approved schemas: what landed and is not in them any more."""
        for version in self.schemas.in_force():
            lost = self._lost_of(version)
            if not lost:
                continue
            said = f"the rows of {len(lost)} readings are not in it any more"
            if not mend:
                yield Damage(version.lake_table, said, CHECK)
                continue
            self.landed.forget(version.lake_table, list(lost))
            failed: list[str] = []
            self._tell(event for one in lost.values() for event in self._fitted_again(version, one, failed))
            yield Damage(version.lake_table, said, CHECK, "they are read again from the bytes that were kept")
            if failed:
                said = f"the rows of {len(failed)} readings cannot be read again: {failed[0]}"
                yield Damage(version.lake_table, said, BYTES)

    def _lost_of(self, version: SchemaVersion) -> dict[str, Expected]:
        """The readings whose rows landed for a version and are not there, by the ids of their messages."""
        landed, held = self.landed.all(version.lake_table), self.lake.held(version.lake_table, HELD)
        found = {validated_id(one.message_id, version): one for one in self._expected() if one.table in version.sources}
        return {
            message_id: one
            for message_id, one in found.items()
            if message_id in landed
            and (one.entry.document_id, one.entry.extractor_id, one.table, version.number) not in held
        }

    def _fitted_again(self, version: SchemaVersion, expected: Expected, failed: list[str]) -> Iterator[Event]:
        items = self.decisions.of_documents([expected.entry.document_id])
        decided = decisions_by_row(items)[version.schema_name]
        for rows in self._again(expected, failed):
            if rows.subject == expected.table:
                yield from validated(version, rows, decided)

    def _tell(self, events: Iterator[Event]) -> None:
        """Publish as new messages: what the log may still hold under the old id lies behind the mark of the table."""
        copy, some = int(self.clock.now().timestamp()), []
        for event in events:
            some.append(event.model_copy(update={"copy_number": copy}))
            if len(some) == SOME:
                self.broker.publish(some)
                some = []
        self.broker.publish(some)


@dataclass(frozen=True)
class DamageUpkeep:
    """Looks for damage every night, so that it is known before what would mend it is gone."""

    integrity: Integrity
    recovery: Recovery

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        """What there is to mend; only a person's word mends it."""
        found = self.integrity.check(full=False, mend=False)
        if not any(damage.hides for damage in found):
            found += self.recovery.check(mend=False)
        if not dry_run:
            self.integrity.note(*found)
        return [Chore(f"mend {damage.what}: {damage.wrong}", 1) for damage in found]
