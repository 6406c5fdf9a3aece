"""The event log in one SQLite file: the default backbone, for one machine and several processes."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic_core import PydanticSerializationError

from core.errors import Conflict, RetryLater
from core.events import Event, Message, Stream

BUSY_SECONDS = 30.0

# Each entry brings the file from the version of its place to the next one. Consumer groups, keys and objects
# will be further entries; messages stay as they are.
_MIGRATIONS = (
    """
    CREATE TABLE messages (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        stream TEXT NOT NULL,
        subject TEXT NOT NULL,
        message_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TEXT NOT NULL,
        payload TEXT NOT NULL
    );
    CREATE UNIQUE INDEX messages_once ON messages (stream, message_id);
    CREATE INDEX messages_of_subject ON messages (stream, subject, seq);
    CREATE INDEX messages_of_stream ON messages (stream, seq);
    """,
)

_PUBLISH = """
    INSERT INTO messages (stream, subject, message_id, kind, at, payload) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (stream, message_id) DO NOTHING
"""

# jumps from subject to subject in the index, so that the cost grows with the subjects and not with the messages
_HEADS = """
    WITH RECURSIVE subjects (subject) AS (
        SELECT min(subject) FROM messages WHERE stream = :stream
        UNION ALL
        SELECT (SELECT min(subject) FROM messages WHERE stream = :stream AND subject > subjects.subject)
        FROM subjects WHERE subjects.subject IS NOT NULL
    )
    SELECT subject, (SELECT max(seq) FROM messages WHERE stream = :stream AND messages.subject = subjects.subject)
    FROM subjects WHERE subject IS NOT NULL
"""

_COLUMNS = "seq, stream, subject, message_id, kind, at, payload"


class LocalBroker:
    """EventBroker on an SQLite file. Numbers follow the order of commits, so a reader never skips a message."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        with _log_errors():
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            # FULL: what `publish` has taken survives a power failure
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                self._connection.execute(f"PRAGMA {pragma}")
            _migrate(self._connection)

    def publish(self, events: Iterable[Event]) -> int:
        rows = [_row(event) for event in events]
        if not rows:
            return 0
        with _log_errors(), self._lock, _transaction(self._connection):
            return self._connection.executemany(_PUBLISH, rows).rowcount

    def read(
        self, stream: Stream | None = None, *, subject: str = "", after: int = 0, limit: int = 100
    ) -> list[Message]:
        conditions: list[tuple[str, object]] = [("seq > ?", after)]
        if stream is not None:
            conditions.append(("stream = ?", stream.value))
        if subject:
            conditions.append(("subject = ?", subject))
        where = " AND ".join(condition for condition, _ in conditions)
        query = f"SELECT {_COLUMNS} FROM messages WHERE {where} ORDER BY seq LIMIT ?"
        return self._messages(query, [*(value for _, value in conditions), limit])

    def tail(self, limit: int = 50) -> list[Message]:
        return self._messages(f"SELECT {_COLUMNS} FROM messages ORDER BY seq DESC LIMIT ?", [limit])

    def heads(self, stream: Stream) -> dict[str, int]:
        with _log_errors(), self._lock:
            return dict(self._connection.execute(_HEADS, {"stream": stream.value}).fetchall())

    def close(self) -> None:
        """Close the file; the broker cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    def _messages(self, query: str, values: Sequence[object]) -> list[Message]:
        with _log_errors(), self._lock:
            rows = self._connection.execute(query, values).fetchall()
        return [_message(row) for row in rows]


def _row(event: Event) -> tuple[str, ...]:
    at = event.at.astimezone(UTC).isoformat()
    return (event.stream.value, event.subject, event.event_id, event.kind, at, _payload(event))


def _payload(event: Event) -> str:
    try:
        return event.model_dump_json()
    except PydanticSerializationError:
        # half of a surrogate pair, which a page's JSON may hold and UTF-8 may not: escaped, it comes back as it was
        return json.dumps(event.model_dump(mode="json"))


def _message(row: tuple[Any, ...]) -> Message:
    seq, stream, subject, message_id, kind, at, payload = row
    return Message(seq, Stream(stream), subject, message_id, kind, datetime.fromisoformat(at), json.loads(payload))


def _migrate(connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(_MIGRATIONS):
            raise Conflict("The event log was written by a newer version.", "Use the newest version.")
        for number, statements in enumerate(_MIGRATIONS[version:], start=version + 1):
            for statement in statements.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _log_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise RetryLater(
            f"The event log did not answer: {error}.", "Check the disk space of the data folder."
        ) from error
