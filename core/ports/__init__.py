"""Every port of the product. An implementation is accepted when it passes the contract suite of its port.

Each method says what must hold. Where nothing else is said, an unknown id raises UnknownName.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from core.events import Column, DeadLetter, Delivery, Entry, Event, Group, Level, Message, RowsExtracted, Stream
from core.model import (
    ColumnChange,
    Draft,
    Extractor,
    Fetched,
    FetchRequest,
    FixAttempt,
    Health,
    Lease,
    ParsedDocument,
    RawDocument,
    Run,
    Source,
    Tally,
    Task,
    TaskKind,
    TaskState,
    Visit,
)
from core.model.results import Chore as Chore
from core.model.results import Damage as Damage
from core.model.results import ExtractionEntry as ExtractionEntry
from core.model.results import QueryResult as QueryResult
from core.model.results import Question as Question
from core.model.results import Report as Report
from core.model.results import TableInfo as TableInfo


class Clock(Protocol):
    """The only way to know the time; aware, UTC."""

    def now(self) -> datetime: ...


class UnitOfWork(Protocol):
    """Joins what several stores of the state are told."""

    def __call__(self) -> AbstractContextManager[None]:
        """What this thread writes within the block is kept in full, also after a power failure, or not at all.

        Others may have to wait for its end: nothing slow belongs in it. An error of ours that is caught inside undoes
        nothing.
        """


class Acquirer(Protocol):
    """Brings documents of one kind of source. `is_local` says that they lie on this machine and burden no host."""

    is_local: bool

    def starts(self, source: Source) -> Iterator[FetchRequest]:
        """The addresses a run begins with, in a stable order. Raises BadInput when there are none."""

    def fetch(self, request: FetchRequest) -> Fetched:
        """The document at one address.

        Waits for the host's turn, follows redirects, and never returns more bytes than the settings allow.
        Raises RetryLater, NeedsPerson or BadInput, each with one sentence for a person.
        """


class Parser(Protocol):
    """Turns raw bytes into a parsed document; see core/parse."""

    def __call__(
        self, content: bytes, *, url: str = "", media_type: str = "", charset: str | None = None
    ) -> ParsedDocument: ...


class BronzeStore(Protocol):
    """Raw documents: bytes by content hash, metadata by id. Append-only."""

    def put(self, document: RawDocument, content: bytes) -> bool:
        """Keep the bytes durably (fsync, rename), then the metadata. False when this version was known."""

    def put_all(self, documents: Sequence[tuple[RawDocument, bytes]]) -> None:
        """Keep many, as `put` does; the metadata of all or of none."""

    def get(self, document_id: str) -> RawDocument: ...

    def content(self, content_hash: str) -> bytes:
        """The bytes, checked against their hash."""

    def latest(self, source_id: str, urls: Sequence[str]) -> dict[str, RawDocument]:
        """The version that was fetched last at each of the addresses, where there is one."""

    def find(
        self, source_id: str = "", *, url: str = "", text: str = "", limit: int = 100, offset: int = 0
    ) -> list[RawDocument]:
        """Documents, newest first; `url` is their address, `text` must occur in it."""


class ExtractionLedger(Protocol):
    """Which documents have been read by which extractor."""

    def record(self, *entries: ExtractionEntry) -> None:
        """Keep the entries; the newest of a document and an extractor wins."""

    def entry(self, document_id: str, extractor_id: str) -> ExtractionEntry | None: ...

    def of_documents(self, document_ids: Sequence[str]) -> dict[str, ExtractionEntry]:
        """The newest entry of each document that has one."""

    def all(self) -> Iterator[ExtractionEntry]:
        """Every entry."""


class SourceStore(Protocol):
    """The sources."""

    def save(self, source: Source) -> None:
        """Add or replace."""

    def get(self, source_id: str) -> Source: ...

    def all(self) -> list[Source]:
        """By name."""

    def remove(self, source_id: str) -> None:
        """Forget the source, its tasks and its health; documents, rows and extractors stay."""


class TaskClaims(Protocol):
    """Durable work with leases. A claim has a token; only its holder may report on the task (fencing)."""

    def claim(self, worker: str, seconds: float, *, kinds: Sequence[TaskKind] = (), limit: int = 1) -> list[Task]:
        """The most urgent waiting task whose time has come, or a running one whose lease ran out; [] when none is due.

        Order: priority (higher first), then `not_before`, then `created_at`. With a higher `limit`, those that follow
        it come too, as long as all are fetches that burden no host: pages of a host are shared among the workers.
        """

    def report(self, task: Task, counts: Mapping[str, int] | None = None) -> None:
        """Store state, progress, message, error and `not_before` of a claimed task; add the counts to its run.

        Both happen or none.

        Raises LeaseLost when the token is no longer the current one.
        """

    def report_all(self, reports: Sequence[Report]) -> list[Task]:
        """The same for many, in one transaction; those left out, whose token is no longer the current one.

        Of two reports with one token the first counts.
        """

    def renew(self, task: Task, seconds: float) -> None:
        """Prolong the lease of a claimed task. Raises LeaseLost when it is no longer ours."""


class TaskQueue(TaskClaims, Protocol):
    """All tasks, whoever works on them."""

    def enqueue(self, tasks: Iterable[Task]) -> int:
        """Add those whose id is new, in one transaction; the number added."""

    def find(
        self,
        *,
        source_id: str = "",
        run_id: str = "",
        states: Sequence[TaskState] = (),
        said: str = "",
        limit: int = 200,
    ) -> list[Task]:
        """Newest first; `said` must occur in their messages."""

    def count(self, run_id: str) -> int:
        """How many fetches the run has, in any state."""

    def change(self, task_id: str, state: TaskState) -> None:
        """A person's word: paused, back to waiting, or cancelled, also while it runs: then no one may report on it.

        Raises Conflict when a running task is to wait or to pause, or one that is over to pause.
        """

    def cancel(self, run_id: str) -> int:
        """The same for all tasks of a run that are not over, in one transaction; their number."""


class Frontier(Protocol):
    """The addresses that are known of each source whose runs are bounded, and when each was visited last."""

    def see(self, requests: Sequence[FetchRequest], at: datetime) -> set[str]:
        """Add the addresses that are new, in their order; those of all given that nobody has visited yet."""

    def note(self, source_id: str, visits: Mapping[str, Visit], at: datetime) -> None:
        """How visits to known addresses ended. One that is gone is not picked again until it is seen again."""

    def pick(self, source_id: str, limit: int, *, rested: datetime | None = None) -> list[FetchRequest]:
        """Addresses that nobody has visited, oldest first; with `rested`, then those visited before that time.

        Of these, the one whose rest was over first comes first.
        """

    def tally(self, source_id: str) -> Tally: ...

    def exceeds(self, source_id: str, number: int) -> bool:
        """Whether more addresses than that are known; quick also where they are many."""


class RunStore(Protocol):
    """Runs and their counts."""

    def save(self, run: Run) -> bool:
        """Add; False when the run was known (and is left as it is)."""

    def get(self, run_id: str) -> Run: ...

    def count(self, run_id: str, *, documents: int = 0, unchanged: int = 0, failed: int = 0, records: int = 0) -> None:
        """Add to the counts, atomically."""

    def finish(self, run_id: str, error: str, at: datetime) -> bool:
        """Close the run; False when somebody closed it before."""

    def limited(self, run_id: str, by: str, tally: Tally) -> None:
        """Note that the run stopped at a bound, and what was known then."""

    def find(self, source_id: str = "", *, open_only: bool = False, limit: int = 50) -> list[Run]:
        """Newest first."""


class HealthStore(Protocol):
    """Strikes and last results of sources."""

    def get(self, source_id: str) -> Health:
        """A source nobody reported on is healthy and has no dates."""

    def success(self, source_id: str, at: datetime) -> Health:
        """Clear the strikes."""

    def failure(self, source_id: str, error: str, at: datetime) -> Health:
        """Add a strike."""


class ExtractorStore(Protocol):
    """Versions of extractors. At most one of a source's template is active."""

    def stage(self, extractor: Extractor) -> Extractor:
        """Keep a new version; its number is the next one of its source and template."""

    def promote(self, extractor_id: str) -> Extractor:
        """Make it the active one and retire the one before, in one transaction."""

    def get(self, extractor_id: str) -> Extractor: ...

    def active(self, source_id: str, template: str) -> Extractor | None: ...

    def versions(self, source_id: str, template: str = "") -> list[Extractor]:
        """Newest first."""


class DraftStore(Protocol):
    """Onboardings that are not finished."""

    def save(self, draft: Draft) -> None: ...

    def get(self, draft_id: str) -> Draft: ...

    def all(self) -> list[Draft]:
        """Newest first."""

    def remove(self, draft_id: str) -> None: ...


class FixStore(Protocol):
    """Tries at repairing sources. The number of tries in a rolling day is limited here, not by whoever asks."""

    def reserve(self, source_id: str, at: datetime, limit: int) -> FixAttempt | None:
        """Count a try and return it; None when `limit` were made in the 24 hours before `at`, or after `at`.

        Tries after `at` count because a clock that was set back must not give new ones. Atomic over processes.
        """

    def left(self, source_id: str, at: datetime, limit: int) -> int:
        """How many tries `reserve` would still give."""

    def save(self, attempt: FixAttempt) -> None:
        """Replace what is kept of a try."""

    def get(self, attempt_id: str) -> FixAttempt: ...

    def find(self, source_id: str = "", limit: int = 50) -> list[FixAttempt]:
        """Newest first."""


class Leases(Protocol):
    """Rights that only one may hold at a time."""

    def acquire(self, name: str, owner: str, seconds: float) -> Lease | None:
        """The lease, renewed when we hold it already; None while somebody else does."""

    def release(self, lease: Lease) -> None:
        """Give it back, if it is still ours."""

    def current(self, name: str) -> Lease | None:
        """Who holds it, also after it ran out."""


class EventBroker(Protocol):
    """The log of what happened. Durable when `publish` returns; order and numbers are per stream."""

    def publish(self, events: Iterable[Event]) -> int:
        """Append those whose id is new in their stream; the number added.

        All or nothing where the backend can; when it raises, publishing the same events again is always right.
        """

    def read(
        self, stream: Stream | None = None, *, subject: str = "", after: int = 0, limit: int = 100
    ) -> list[Message]:
        """Messages with a greater number than `after`, in order; over all streams in the order of time."""

    def tail(self, limit: int = 50) -> list[Message]:
        """The newest messages over all streams, newest first."""

    def heads(self, stream: Stream) -> dict[str, int]:
        """The last number of each subject of a stream."""

    def identity(self, stream: Stream) -> str:
        """What tells this log of the stream from every other one: numbers mean nothing without it."""


class Consumer(Protocol):
    """One member of a group. At least once: what is not acknowledged comes again."""

    def fetch(self, limit: int, wait: float = 0.0) -> list[Delivery]:
        """Up to `limit` messages, as soon as there are any; none when `wait` seconds brought none."""

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """They are done for good."""

    def nak(self, delivery: Delivery, delay: float) -> None:
        """Deliver it again after so many seconds."""

    def renew(self, deliveries: Sequence[Delivery]) -> None:
        """Still at work: count `ack_seconds` from now."""


class ConsumerGroups(Protocol):
    """The consumer groups of a backbone."""

    def join(self, group: Group) -> Consumer:
        """A member of the group, which is made when it is new.

        Raises:
            BadSetting: the group exists with other settings, or the server did not take ours.
        """

    def levels(self) -> list[Level]:
        """One level a group, and one a stream without groups."""


class KeyValue(Protocol):
    """Small values by bucket and key, with compare-and-set."""

    def get(self, bucket: str, key: str) -> Entry | None: ...

    def put(self, bucket: str, key: str, value: bytes, *, revision: int | None = None) -> int:
        """Set the value; its new revision.

        `revision` is the one the key must have now; 0 means that it must not exist, None that it does not matter.
        Raises Conflict when it has another one.
        """

    def delete(self, bucket: str, key: str) -> None:
        """Forget the key; a key that is not there is no error."""

    def keys(self, bucket: str) -> list[str]:
        """All keys, sorted."""


class Objects(Protocol):
    """Files by content hash. What is put is durable when the call returns, and never changes."""

    def put(self, name: str, content: bytes) -> None:
        """Keep the bytes; nothing is done when as many are there under that name."""

    def put_all(self, objects: Mapping[str, bytes]) -> None:
        """The same for many, by name; when it fails, some of them may have been kept."""

    def get(self, name: str) -> bytes:
        """Raises UnknownName."""

    def remove(self, name: str) -> None:
        """Forget the object; one that is not there is no error."""

    def names(self) -> list[str]:
        """All names, sorted."""


class Requests(Protocol):
    """Questions to whichever process answers them."""

    def ask(self, subject: str, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """The answer.

        Raises:
            RetryLater: nobody answered in time.
            PipelineError: the answer was an error, in the answerer's words.
        """

    def serve(self, subject: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[], None]:
        """Answer questions in a thread of this process until the returned function is called."""


class DeadLetters(Protocol):
    """Messages that were given up on. They lie in the state, so that they outlive their log."""

    def add(self, letter: DeadLetter) -> bool:
        """Keep it; False when it was known."""

    def get(self, letter_id: str) -> DeadLetter: ...

    def find(self, stream: Stream | None = None, limit: int = 100) -> list[DeadLetter]:
        """Newest first."""

    def remove(self, letter_id: str) -> None:
        """Forget it; one that is not there is no error."""


class Landed(Protocol):
    """Which messages are in a table of the lake, so that one published twice under two numbers is written once."""

    def known(self, table: str, message_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are in the table."""

    def record(self, table: str, log: str, number: int, message_ids: Sequence[str]) -> None:
        """They are in the table, and so is every message of that log up to the number."""

    def noted(self, table: str, log: str) -> int:
        """The number up to which messages of that log have been recorded; 0 when none has."""

    def tables(self) -> list[str]:
        """The tables that something landed in."""

    def all(self, table: str) -> set[str]:
        """The ids of all messages that are in the table."""

    def forget(self, table: str, message_ids: Collection[str]) -> None:
        """They are not in the table any more: when they are told of again, they are written again."""

    def missing(self, since: datetime, until: datetime) -> list[str]:
        """Ids of the documents that were fetched in between and are not in the table of documents."""


class Validator(Protocol):
    """Fills and checks rows of tables that have an approved schema."""

    def __call__(self, rows: RowsExtracted) -> Sequence[Event]:
        """RowsValidated for what fits and events of FAILED for what does not; nothing without an approved schema."""


class Integrity(Protocol):
    """Whether the data are what was written: the files of the lake, and the raw bytes."""

    def check(self, *, full: bool, mend: bool) -> list[Damage]:
        """What is damaged; with `mend`, what cannot be read is left out, so that it can be filled in again."""

    def recent(self) -> list[tuple[datetime, Damage]]:
        """What was found in the last days, newest first."""

    def note(self, *damages: Damage) -> None:
        """Remember what was found."""


class Upkeep(Protocol):
    """Housekeeping of one store."""

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        """Do what there is to do about things older than `before`, or only tell; what it was."""


class Retention(Protocol):
    """Forgets messages of a log that everybody is through with."""

    def prune(self, stream: Stream, subject: str, before: datetime, upto: int, *, dry_run: bool) -> int:
        """Forget those older than `before` whose number is not above `upto`, except the newest; how many they are."""


class TableStore(Protocol):
    """Iceberg tables. Exactly once: a batch carries the number of its last message as a watermark."""

    def watermark(self, table: str, log: str = "") -> int:
        """The highest number of that log that is in the table; 0 for a table that does not exist."""

    def append(
        self,
        table: str,
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        watermark: int,
        *,
        log: str = "",
        after: int | None = None,
        note: Mapping[str, str] | None = None,
    ) -> bool:
        """Create or widen the table as needed and commit the rows with the watermark, in one snapshot.

        `note` goes into the summary of the snapshot. False, and nothing is written, when the table's watermark for
        the log is not below ours, or is not `after`, where the batch begins: somebody else wrote a part of it.
        """

    def tables(self) -> list[TableInfo]: ...

    def held(self, table: str, columns: Sequence[str]) -> set[tuple[Any, ...]]:
        """The different values of some columns over all rows; none of a table that is not there. Reads all of it."""


class TableEvolution(Protocol):
    """How tables change their columns, and go back. Readers see every row under the present names."""

    def evolve(self, table: str, changes: Sequence[ColumnChange]) -> int:
        """Make the changes in one commit; the id of the new schema. Raises UnknownName, BadInput or Conflict."""

    def tag(self, table: str, label: str) -> None:
        """Keep the present state under a name: `table@label` in SQL. Raises Conflict when the name is taken."""

    def tags(self, table: str) -> list[str]: ...

    def roll_back(self, table: str, label: str) -> None:
        """Make a tagged state the present one."""


class QueryEngine(Protocol):
    """Read-only SQL over bronze, extracted, silver and state."""

    def run(self, sql: str, parameters: Sequence[Any] = (), *, limit: int | None = None) -> QueryResult:
        """Run one SELECT. Raises BadQuery with the engine's own words, or when it takes too long."""

    def questions(self) -> Sequence[Question]:
        """The queries that have a name."""

    def counts(self, tables: Sequence[str]) -> dict[str, int]:
        """How many rows a query of each table shows; not older than half a minute, or than its last commit."""

    def export(self, sql: str, path: str, *, columns: Sequence[str] = ()) -> int:
        """Write all rows to a .csv, .parquet or .json file, all columns or only those named; the number of rows."""
