"""Upkeep of the flow: events that everybody is through with are forgotten, documents that were left out are told of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.events import Stream
from core.flow.lake_writer import STREAMS
from core.flow.visitor import Visitor
from core.model.schema import VersionState
from core.ports import (
    BronzeStore,
    Chore,
    Clock,
    ConsumerGroups,
    EventBroker,
    Landed,
    Retention,
    SchemaStore,
    TableEvolution,
    TableStore,
)

# what was fetched later may still be on its way
LATE = timedelta(hours=1)


@dataclass(frozen=True)
class LogUpkeep:
    """Upkeep of the event log."""

    broker: EventBroker
    groups: ConsumerGroups
    retention: Retention
    lake: TableStore

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        """Prune every subject of every stream; what nobody has read yet stays."""
        chores = [self._prune(stream, before, dry_run) for stream in Stream]
        return [chore for chore in chores if chore.found]

    def _prune(self, stream: Stream, before: datetime, dry_run: bool) -> Chore:
        levels = [level for level in self.groups.levels() if level.stream is stream and level.oldest_at]
        oldest = min([before, *(level.oldest_at for level in levels if level.oldest_at)])
        count = sum(
            self.retention.prune(stream, subject, oldest, self._upto(stream, subject, head), dry_run=dry_run)
            for subject, head in self.broker.heads(stream).items()
        )
        return Chore(f"forget old events of {stream}", count)

    def _upto(self, stream: Stream, subject: str, head: int) -> int:
        return self.lake.watermark(subject, self.broker.identity(stream)) if stream in STREAMS else head


@dataclass(frozen=True)
class VersionUpkeep:
    """Upkeep of approved tables: what was shown before is kept in its tag, and its rows are not needed for anything."""

    schemas: SchemaStore
    evolution: TableEvolution

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        """Forget the rows of versions that were followed by another one long ago."""
        newer: dict[str, datetime] = {}
        chores: list[Chore] = []
        for version in self.schemas.versions():
            followed_at = newer.get(version.schema_name)
            if version.state is VersionState.RETIRED and followed_at and followed_at < before:
                table, number = version.lake_table, version.number
                count = self.evolution.forget(table, "_schema_version", number, dry_run=dry_run)
                chores.append(Chore(f"forget the rows of version {number} of {table}", count))
            newer[version.schema_name] = version.approved_at
        return [chore for chore in chores if chore.found]


@dataclass(frozen=True)
class DocumentUpkeep:
    """Tells of documents that were kept by a worker that was killed before it could tell of them."""

    visitor: Visitor
    bronze: BronzeStore
    landed: Landed
    clock: Clock

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        """Announce documents of the last hours and days that the lake does not hold."""
        missing = self.landed.missing(before, self.clock.now() - LATE)
        if missing and not dry_run:
            self.visitor.tell((self.bronze.get(document_id), None) for document_id in missing)
        return [Chore("tell the lake of documents that it misses", len(missing))] if missing else []
