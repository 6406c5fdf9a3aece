"""What has happened: frozen, past tense, ids instead of objects. Each event belongs to one stream.

`event_id` follows from what happened, so the same thing told twice is kept once.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json

from core.errors import BadInput
from core.model import Evidence, FieldType, Frozen, RawDocument, Task
from core.model.incident import Alert


class Stream(StrEnum):
    """The streams of the event backbone; the same names on every broker."""

    RAW_DOCUMENTS = "RAW_DOCUMENTS"
    EXTRACTED = "EXTRACTED"
    SCHEMA_PROPOSALS = "SCHEMA_PROPOSALS"
    VALIDATED = "VALIDATED"
    FAILED = "FAILED"
    TASKS = "TASKS"


class Event(Frozen):
    """Root of all events. `subject` routes inside a stream: the lake table, or the id of the source.

    `copy_number` counts how often a person had the event told again: a copy says the same, and is a message of its own.
    """

    stream: ClassVar[Stream]
    event_id: str
    subject: str
    at: datetime
    copy_number: int = 0

    @property
    def kind(self) -> str:
        return type(self).__name__

    @property
    def message_id(self) -> str:
        return f"{self.event_id}~{self.copy_number}" if self.copy_number else self.event_id


class DocumentStored(Event):
    """The bytes of a new document version lie in the object store; with a task, they are to be read for it."""

    stream: ClassVar[Stream] = Stream.RAW_DOCUMENTS
    document: RawDocument
    task: Task | None = None


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


class RowsValidated(RowsExtracted):
    """Rows that fit the approved schema of their table; `subject` is the silver table."""

    stream: ClassVar[Stream] = Stream.VALIDATED
    schema_version: int


class RefusedValue(Frozen):
    """A value that does not fit an approved schema: its row, the field, the rule, and the text as the page shows it.

    `label` is the column of the extracted table that it was read from, `places` where it stands on the page. Where two
    readers differ, `second` is what the other one found, at `second_places`.
    """

    row_id: str
    field: str
    rule: str
    text: str
    label: str = ""
    places: tuple[Evidence, ...] = ()
    second: str = ""
    second_places: tuple[Evidence, ...] = ()


class RowsRefused(Event):
    """Rows or values that do not fit the approved schema of their table; `subject` is the silver table.

    `table` is the one that they were extracted to, where they still are; `rows` counts those that were not let in,
    `wrong` all values that something is wrong with. Many are told in several parts, the last ones of very many not at
    all: `values` are those of this part, and what is counted is counted in the first one.
    """

    stream: ClassVar[Stream] = Stream.FAILED
    table: str
    source_id: str
    document_id: str
    extractor_id: str
    run_id: str
    schema_version: int
    rows: int
    wrong: int
    values: tuple[RefusedValue, ...]


class SchemaProposed(Event):
    """A table, or its next version, waits for a person; `subject` is its name, `why` what the proposal came of."""

    stream: ClassVar[Stream] = Stream.SCHEMA_PROPOSALS
    review_id: str
    base: int
    by: str
    why: str


class RowsUnproven(Event):
    """Rows of a document that are not kept: a value of each is not found again where it was read. `problems` say it."""

    stream: ClassVar[Stream] = Stream.FAILED
    source_id: str
    document_id: str
    extractor_id: str
    run_id: str
    problems: tuple[str, ...]


class AlertRaised(Event):
    """People are to be told of an incident, on one channel; `subject` is the source."""

    stream: ClassVar[Stream] = Stream.FAILED
    alert: Alert
    channel: str


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


class ExtractorRolledBack(Event):
    """An earlier version of an extractor is the active one again; `from_version` is the one that was given up."""

    stream: ClassVar[Stream] = Stream.TASKS
    source_id: str
    extractor_id: str
    template: str
    version: int
    from_version: int
    by: str
    why: str


class RunStarted(Event):
    """A source is being read."""

    stream: ClassVar[Stream] = Stream.TASKS
    source_id: str
    run_id: str
    reason: str


class RunFinished(Event):
    """A source has been read, well or badly. `noticed` says how its values differ from those of the runs before.

    `shortfall` says what was not read because the run stopped at its bound; `unread` counts it.
    """

    stream: ClassVar[Stream] = Stream.TASKS
    source_id: str
    run_id: str
    documents: int
    records: int
    error: str
    noticed: tuple[str, ...] = ()
    unread: int = 0
    shortfall: str = ""


# the kind of a message that cannot be read
UNREADABLE = "Unreadable"


class Message(NamedTuple):
    """An event as the broker keeps it. `seq` grows in one log, `payload` is the event as JSON-able data."""

    seq: int
    stream: Stream
    subject: str
    message_id: str
    kind: str
    at: datetime
    payload: dict[str, Any]


def payload_of(text: str | bytes) -> dict[str, Any]:
    """The payload of a message from its JSON.

    Raises:
        ValueError: it is none.
    """
    try:
        found = from_json(text)
    except ValueError:
        # half of a surrogate pair, which the quicker reader refuses
        found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("its data are no object")
    return found


def unreadable(seq: int, stream: Stream, subject: str, message_id: str, why: str) -> Message:
    """Stands for a message whose data are damaged: it has its place in the log, and is no event that anybody knows."""
    first = datetime.fromtimestamp(0, UTC)
    return Message(seq, stream, subject, message_id, UNREADABLE, first, {UNREADABLE.lower(): why})


def event_of(message: Message) -> Event:
    """The event of a message.

    Raises:
        BadInput: no event of that kind is known, or its data do not fit.
    """
    try:
        kind = _kind(message.kind)
        if kind.stream is not message.stream:
            raise KeyError(message.kind)
        return kind.model_validate(message.payload)
    except (KeyError, AttributeError) as error:
        why = message.payload.get(UNREADABLE.lower()) or f"there is no event of the kind {error} in {message.stream}"
        raise _no_event(message, str(why)) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise _no_event(message, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _no_event(message: Message, why: str) -> BadInput:
    return BadInput(f"Message {message.message_id} of {message.stream} is damaged: {why}.", "Discard it under Flow.")


def fits(message: Message) -> bool:
    """Whether a message has the parts that whoever reads many at a time looks into, without making events of them."""
    payload = message.payload
    if message.kind != _LOOKED_INTO.get(message.stream):
        return False
    if message.stream is Stream.RAW_DOCUMENTS:
        document = payload.get("document")
        return isinstance(document, dict) and document.keys() >= _PARTS_OF_A_DOCUMENT
    if not payload.keys() >= _PARTS_OF_ROWS:
        return False
    lists = (payload.get("rows"), payload.get("columns"))
    return all(isinstance(parts, list) and all(isinstance(part, dict) for part in parts) for parts in lists)


@lru_cache
def _kind(name: str) -> type[Event]:
    return {kind.__name__: kind for kind in _kinds(Event)}[name]


def _kinds(root: type[Event]) -> Iterator[type[Event]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _kinds(kind)


_LOOKED_INTO = {
    Stream.RAW_DOCUMENTS: DocumentStored.__name__,
    Stream.EXTRACTED: RowsExtracted.__name__,
    Stream.VALIDATED: RowsValidated.__name__,
}
_PARTS_OF_A_DOCUMENT = {"document_id", "source_id", "run_id"}
_PARTS_OF_ROWS = {"event_id", "source_id", "run_id", "extractor_id"}


class ConsumerGroup(NamedTuple):
    """A durable consumer group: its members share the messages of a stream, or of one subject of it.

    A message that is not answered in `ack_seconds` is delivered again, to any member. A new group begins after
    the number `after`: 0 replays the whole stream.
    """

    stream: Stream
    name: str
    subject: str = ""
    ack_seconds: float = 30.0
    after: int = 0


class Delivery(NamedTuple):
    """A message handed to one member; `attempt` counts from 1, `receipt` is what the backend needs for the answer."""

    message: Message
    attempt: int
    receipt: str


class StreamLevel(NamedTuple):
    """How full a stream is for one of its groups; `group` is empty for a stream that nobody consumes.

    `published` counts what ever came in, `waiting` what was not handed out or came back, `in_flight` what is being
    worked on, and `oldest_at` is the time of the oldest message of both. `more` says that `waiting` counts only a part.
    """

    stream: Stream
    group: str
    published: int
    waiting: int
    in_flight: int
    oldest_at: datetime | None
    more: bool = False


class KeyEntry(NamedTuple):
    """The value of a key and its revision, which grows with every change."""

    value: bytes
    revision: int


class DeadLetter(NamedTuple):
    """A message that a group gave up on, and why; it waits for a person."""

    letter_id: str
    message: Message
    group: str
    attempts: int
    error: str
    at: datetime
