"""LakeWriter: takes what the log holds and the lake does not, and commits it in micro-batches, exactly once.

Two memories make it so. The watermark, in the same snapshot as the rows, tells how far a table is with a log: it
holds when a message comes twice under one number. What has landed, in the state, tells which events a table holds:
it holds when an event was published twice under two numbers, or on two logs.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.disk.refusals import one_line
from core.errors import Conflict
from core.events import Column, DeadLetter, Message, Stream, StreamLevel, fits
from core.model import Lease, RawDocument, stable_id
from core.ports import Clock, DeadLetters, EventBroker, Landed, Leases, TableStore
from core.text.redaction import redact

LOG = logging.getLogger(__name__)

STREAMS = (Stream.RAW_DOCUMENTS, Stream.EXTRACTED, Stream.VALIDATED)
# the lake as it is called among the groups that read a stream
GROUP = "lake"
# what a message says that holds no usable rows; refusals of the disk or of other writers are other errors
NO_ROWS = (ValueError, TypeError, KeyError)
# runs or versions that the summary of a snapshot names: it is stored in the table's metadata forever
NAMED_IN_A_SNAPSHOT = 20
# waiting messages of a table that are counted for a person, to whom more are "a thousand and more"
COUNTED_MESSAGES = 1000
# messages that are fetched at a time: each holds the rows of a page
READ_AT_A_TIME = 100
DOCUMENT_TYPES = {"fetched_at": "datetime", "status": "integer", "size": "integer"}
DOCUMENT_COLUMNS = tuple(
    Column.model_validate({"name": name, "type": DOCUMENT_TYPES.get(name, "string")})
    for name in RawDocument.model_fields
)


class TablePart(NamedTuple):
    """A table of the lake, and the stream of a log that fills it."""

    stream: Stream
    table: str
    log: str


@dataclass(frozen=True)
class LakeWriter:
    """One writer of a table at a time holds its lease."""

    broker: EventBroker
    lake: TableStore
    landed: Landed
    leases: Leases
    dead_letters: DeadLetters
    clock: Clock
    owner: str
    lease_seconds: float
    # messages and rows of a commit at most: what is between two commits is read again after a crash
    batch: int = 1000
    batch_rows: int = 10_000
    # asked of the state once a commit, not with each idle look
    noted: dict[tuple[str, str], int] = field(default_factory=dict)

    def flush(self) -> int:
        """Write everything that waits; the number of rows. Tables that another process writes are left to it.

        Raises:
            Conflict: a log ends before what a table holds of it: it was replaced by an older copy of itself.
        """
        written, behind = 0, []
        for stream in STREAMS:
            log = self.broker.identity(stream)
            for table, head in sorted(self.broker.heads(stream).items()):
                mark = self.lake.watermark(table, log)
                if mark > head and mark > self.broker.heads(stream).get(table, 0):
                    behind.append(f"{table} holds message {mark} of {stream}, which ends at {head}")
                elif mark < head or not self._is_noted(table, log, mark):
                    written += self._leased(stream, table, log, head)
        if behind:
            raise Conflict(f"{'; '.join(behind)}.", "The log was set back: begin a new one, see docs/deployment.md.")
        return written

    def _is_noted(self, table: str, log: str, mark: int) -> bool:
        if self.noted.get((table, log)) != mark:
            self.noted[table, log] = self.landed.noted(table, log)
        return self.noted[table, log] >= mark

    def levels(self) -> list[StreamLevel]:
        """How far the lake is behind each stream; beyond a thousand messages a table, not counted further."""
        return [level for stream in STREAMS if (level := self._level(stream))]

    def _level(self, stream: Stream) -> StreamLevel | None:
        log, heads = self.broker.identity(stream), self.broker.heads(stream)
        marks = {table: self.lake.watermark(table, log) for table, head in heads.items()}
        behind = [table for table, head in heads.items() if marks[table] < head]
        waiting = [
            self.broker.read(stream, subject=table, after=marks[table], limit=COUNTED_MESSAGES) for table in behind
        ]
        oldest = min((messages[0].at for messages in waiting if messages), default=None)
        more = any(len(messages) == COUNTED_MESSAGES for messages in waiting)
        return StreamLevel(stream, GROUP, 0, sum(map(len, waiting)), 0, oldest, more) if heads else None

    def _leased(self, stream: Stream, table: str, log: str, head: int) -> int:
        lease = self._lease(table)
        if lease is None:
            return 0
        try:
            return sum(self._drain(stream, table, log, head))
        finally:
            self.leases.release(lease)

    def _lease(self, table: str) -> Lease | None:
        return self.leases.acquire(f"writer:{table}", self.owner, self.lease_seconds)

    def _drain(self, stream: Stream, table: str, log: str, head: int) -> Iterator[int]:
        mark = self.lake.watermark(table, log)
        self._note(stream, table, log, mark)
        while mark < head:
            messages = self._next(stream, table, mark)
            written = self._write(stream, table, log, mark, messages) if messages else None
            if written is None:
                # somebody took over while we were slow, and wrote a part of it: the next flush reads anew
                return
            mark = messages[-1].seq
            self.lake.keep_quick(table)
            yield written
            if mark < head and self._lease(table) is None:
                return

    def _next(self, stream: Stream, table: str, after: int) -> list[Message]:
        """The messages of one commit: so many, or fewer that hold so many rows."""
        found: list[Message] = []
        rows = 0
        while len(found) < self.batch and rows < self.batch_rows:
            step = min(READ_AT_A_TIME, self.batch - len(found))
            more = self.broker.read(stream, subject=table, after=found[-1].seq if found else after, limit=step)
            found += more
            rows += sum(len(message.payload.get("rows", "1")) for message in more)
            if len(more) < step:
                break
        return found

    def _write(self, stream: Stream, table: str, log: str, after: int, messages: list[Message]) -> int | None:
        whole = [message for message in messages if fits(message)]
        for message in messages:
            if not fits(message):
                self._bury(message, "It is damaged: it does not hold what it should.")
        place = TablePart(stream, table, log)
        try:
            return self._append(place, after, messages[-1].seq, whole)
        except NO_ROWS:
            return self._one_by_one(place, after, messages[-1].seq, whole)

    def _append(self, place: TablePart, after: int, mark: int, messages: list[Message]) -> int | None:
        by_key = {_key(message): message for message in messages}
        known = self.landed.known(place.table, list(by_key))
        fresh = [message for key, message in by_key.items() if key not in known]
        columns, rows = _batch(place.stream, fresh)
        if not self.lake.append(place.table, columns, rows, mark, log=place.log, after=after, note=_note(fresh)):
            return None
        self.landed.record(place.table, place.log, mark, list(by_key))
        return len(rows)

    def _one_by_one(self, place: TablePart, after: int, mark: int, messages: list[Message]) -> int | None:
        """One of the messages makes no rows: which of them it is shows when each is written by itself."""
        total = 0
        for message in messages:
            try:
                written = self._append(place, after, message.seq, [message])
            except NO_ROWS as error:
                self._bury(message, f"It makes no rows: {type(error).__name__}: {one_line(str(error))}.")
                continue
            if written is None:
                return None
            total, after = total + written, message.seq
        return total if after == mark or self._append(place, after, mark, []) is not None else None

    def _bury(self, message: Message, error: str) -> None:
        """Leave a message to a person; the lake goes on without it."""
        LOG.warning("message %s of %s is given up on: %s", message.message_id, message.stream, error)
        letter_id = stable_id("letter", GROUP, message.stream, message.message_id)
        self.dead_letters.add(DeadLetter(letter_id, message, GROUP, 1, redact(error), self.clock.now()))

    def _note(self, stream: Stream, table: str, log: str, mark: int) -> None:
        """Note what was committed by a writer that was killed before it could note it."""
        noted = self.landed.noted(table, log)
        while noted < mark:
            messages = self.broker.read(stream, subject=table, after=noted, limit=self.batch)
            landed = [message for message in messages if message.seq <= mark]
            noted = landed[-1].seq if landed and landed == messages else mark
            self.landed.record(table, log, noted, [_key(message) for message in landed if fits(message)])


def _key(message: Message) -> str:
    if message.stream is Stream.RAW_DOCUMENTS:
        return str(message.payload["document"]["document_id"])
    return str(message.payload["event_id"])


def _batch(stream: Stream, messages: list[Message]) -> tuple[tuple[Column, ...], list[dict[str, Any]]]:
    if stream is Stream.RAW_DOCUMENTS:
        return DOCUMENT_COLUMNS, [message.payload["document"] for message in messages]
    columns: dict[str, Column] = {}
    for message in messages:
        columns |= {column["name"]: Column.model_validate(column) for column in message.payload["columns"]}
    return tuple(columns.values()), [row for message in messages for row in message.payload["rows"]]


def _note(messages: list[Message]) -> dict[str, str]:
    """What the summary of the snapshot says: whose rows these are."""
    about = [message.payload.get("document") or message.payload for message in messages]
    said = {
        "pipeline.runs": {part["run_id"] for part in about},
        "pipeline.sources": {part["source_id"] for part in about},
        "pipeline.extractors": {part.get("extractor_id") for part in about},
        "pipeline.schema-versions": {str(part["schema_version"]) for part in about if "schema_version" in part},
    }
    return {name: _listed(values) for name, values in said.items() if values - {None}}


def _listed(values: Iterable[str | None]) -> str:
    some = sorted(value for value in values if value)
    more = len(some) - NAMED_IN_A_SNAPSHOT
    return ", ".join(some[:NAMED_IN_A_SNAPSHOT]) + (f" and {more} more" if more > 0 else "")
