"""LakeWriter: takes what the log holds and the lake does not, and commits it in micro-batches, exactly once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.events import Column, Message, Stream
from core.model import RawDocument
from core.ports import EventBroker, Leases, TableStore

DOCUMENT_TYPES = {"fetched_at": "datetime", "status": "integer", "size": "integer"}
DOCUMENT_COLUMNS = tuple(
    Column.model_validate({"name": name, "type": DOCUMENT_TYPES.get(name, "string")})
    for name in RawDocument.model_fields
)


@dataclass(frozen=True)
class LakeWriter:
    """One writer at a time holds the lease; the watermark of each table says where to go on."""

    broker: EventBroker
    lake: TableStore
    leases: Leases
    owner: str
    lease_seconds: float
    batch: int = 500

    def flush(self) -> int:
        """Write everything that waits; the number of rows. Zero while another process is the writer."""
        lease = self.leases.acquire("lake-writer", self.owner, self.lease_seconds)
        if lease is None:
            return 0
        try:
            return sum(self._drain(stream, table, head) for stream, table, head in self._heads())
        finally:
            self.leases.release(lease)

    def _heads(self) -> Iterable[tuple[Stream, str, int]]:
        for stream in (Stream.RAW_DOCUMENTS, Stream.EXTRACTED):
            for table, head in sorted(self.broker.heads(stream).items()):
                yield stream, table, head

    def _drain(self, stream: Stream, table: str, head: int) -> int:
        written, mark = 0, self.lake.watermark(table)
        while mark < head:
            messages = self.broker.read(stream, subject=table, after=mark, limit=self.batch)
            if not messages or self.leases.acquire("lake-writer", self.owner, self.lease_seconds) is None:
                break
            columns, rows = _batch(stream, messages)
            mark = messages[-1].seq
            written += len(rows) if self.lake.append(table, columns, rows, mark) else 0
        return written


def _batch(stream: Stream, messages: list[Message]) -> tuple[tuple[Column, ...], list[dict[str, Any]]]:
    if stream is Stream.RAW_DOCUMENTS:
        return DOCUMENT_COLUMNS, [message.payload["document"] for message in messages]
    columns: dict[str, Column] = {}
    for message in messages:
        columns |= {column["name"]: Column.model_validate(column) for column in message.payload["columns"]}
    return tuple(columns.values()), [row for message in messages for row in message.payload["rows"]]
