"""The event log in the SQLite file."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic_core import PydanticSerializationError

from core.broker.local.file import LogFile
from core.disk.refusals import one_line
from core.events import Event, Message, Stream, payload_of, unreadable

_PUBLISH = """
    INSERT INTO messages (stream, subject, message_id, kind, at, payload) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (stream, message_id) DO NOTHING
"""

_COUNT = """
    INSERT INTO streams VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET published = published + excluded.published
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

# as bytes: SQLite refuses to give a damaged text at all
COLUMNS = "seq, stream, subject, message_id, kind, at, CAST(payload AS BLOB)"


class LocalBroker:
    """EventBroker on an SQLite file. Numbers follow the order of commits, so a reader never skips a message."""

    def __init__(self, path: Path) -> None:
        self.file = LogFile(path)
        with self.file.read() as connection:
            self._identity = str(connection.execute("SELECT identity FROM log").fetchone()[0])

    def publish(self, events: Iterable[Event]) -> int:
        rows = [_row(event) for event in events]
        if not rows:
            return 0
        added = 0
        with self.file.write() as connection:
            for stream, some in groupby(rows, key=itemgetter(0)):
                new = connection.executemany(_PUBLISH, list(some)).rowcount
                connection.execute(_COUNT, [stream, new])
                added += new
        return added

    def read(
        self, stream: Stream | None = None, *, subject: str = "", after: int = 0, limit: int = 100
    ) -> list[Message]:
        conditions: list[tuple[str, object]] = [("seq > ?", after)]
        if stream is not None:
            conditions.append(("stream = ?", stream.value))
        if subject:
            conditions.append(("subject = ?", subject))
        where = " AND ".join(condition for condition, _ in conditions)
        query = f"SELECT {COLUMNS} FROM messages WHERE {where} ORDER BY seq LIMIT ?"
        return self._messages(query, [*(value for _, value in conditions), limit])

    def tail(self, limit: int = 50) -> list[Message]:
        return self._messages(f"SELECT {COLUMNS} FROM messages ORDER BY seq DESC LIMIT ?", [limit])

    def heads(self, stream: Stream) -> dict[str, int]:
        with self.file.read() as connection:
            return dict(connection.execute(_HEADS, {"stream": stream.value}).fetchall())

    def identity(self, stream: Stream) -> str:
        return self._identity

    def close(self) -> None:
        """Close the file; the broker cannot be used afterwards."""
        self.file.close()

    def _messages(self, query: str, values: Sequence[object]) -> list[Message]:
        with self.file.read() as connection:
            rows = connection.execute(query, values).fetchall()
        return [message_of(row) for row in rows]


def _row(event: Event) -> tuple[str, ...]:
    at = event.at.astimezone(UTC).isoformat()
    return (event.stream.value, event.subject, event.message_id, event.kind, at, _payload(event))


def _payload(event: Event) -> str:
    try:
        return event.model_dump_json()
    except PydanticSerializationError:
        # half of a surrogate pair, which a page's JSON may hold and UTF-8 may not: escaped, it comes back as it was
        return json.dumps(event.model_dump(mode="json"))


def message_of(row: tuple[Any, ...]) -> Message:
    """The message of a row with the columns of COLUMNS; one that stands for it where the row is damaged."""
    seq, stream, subject, message_id, kind, at, payload = row
    try:
        return Message(seq, Stream(stream), subject, message_id, kind, datetime.fromisoformat(at), payload_of(payload))
    except (ValueError, TypeError) as error:
        known = Stream(stream) if stream in list(Stream) else Stream.FAILED
        return unreadable(seq, known, str(subject), str(message_id), one_line(str(error)))
