"""What has happened: frozen, past tense, ids instead of objects. Each event belongs to one stream.

`event_id` follows from what happened, so the same thing told twice is kept once.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from core.model import FieldType, Frozen, RawDocument


class Stream(StrEnum):
    """The streams of the event backbone; the same names on every broker."""

    RAW_DOCUMENTS = "RAW_DOCUMENTS"
    EXTRACTED = "EXTRACTED"
    SCHEMA_PROPOSALS = "SCHEMA_PROPOSALS"
    VALIDATED = "VALIDATED"
    FAILED = "FAILED"
    TASKS = "TASKS"


class Event(Frozen):
    """Root of all events. `subject` routes inside a stream: the lake table, or the id of the source."""

    stream: ClassVar[Stream]
    event_id: str
    subject: str
    at: datetime

    @property
    def kind(self) -> str:
        return type(self).__name__


class DocumentStored(Event):
    """The bytes of a new document version lie in the object store."""

    stream: ClassVar[Stream] = Stream.RAW_DOCUMENTS
    document: RawDocument


class Column(Frozen):
    """One column of rows on their way to the lake."""

    name: str
    type: FieldType
    many: bool = False


class RowsExtracted(Event):
    """The rows of one table of one document; `subject` is the lake table they belong to.

    A row maps column names to typed values; keys that begin with an underscore are lineage.
    """

    stream: ClassVar[Stream] = Stream.EXTRACTED
    source_id: str
    document_id: str
    extractor_id: str
    run_id: str
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]


class TaskFailed(Event):
    """A task waits for a person; the raw bytes that came are kept."""

    stream: ClassVar[Stream] = Stream.FAILED
    source_id: str
    task_id: str
    run_id: str
    url: str
    error: str


class SourceQuarantined(Event):
    """Too many failed runs in a row: the schedule of the source pauses."""

    stream: ClassVar[Stream] = Stream.FAILED
    source_id: str
    strikes: int
    error: str


class SourceAdded(Event):
    """A source is known and has its first extractors."""

    stream: ClassVar[Stream] = Stream.TASKS
    source_id: str
    location: str


class ExtractorPromoted(Event):
    """A version of an extractor is the active one from now on."""

    stream: ClassVar[Stream] = Stream.TASKS
    source_id: str
    extractor_id: str
    template: str
    version: int


class RunStarted(Event):
    """A source is being read."""

    stream: ClassVar[Stream] = Stream.TASKS
    source_id: str
    run_id: str
    reason: str


class RunFinished(Event):
    """A source has been read, well or badly."""

    stream: ClassVar[Stream] = Stream.TASKS
    source_id: str
    run_id: str
    documents: int
    records: int
    error: str


class Message(NamedTuple):
    """An event as the broker keeps it. `seq` grows by one log, `payload` is the event as JSON-able data."""

    seq: int
    stream: Stream
    subject: str
    message_id: str
    kind: str
    at: datetime
    payload: dict[str, Any]
