"""Consumer groups in the SQLite file: a cursor a group, and a row for each message that is out and not answered."""

import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.broker.local.file import LogFile, passed
from core.broker.local.log import COLUMNS, message_of
from core.errors import BadSetting
from core.events import ConsumerGroup, Delivery, Stream, StreamLevel

# a delivery is never put off further than this: what seems further off was written under another clock
LONGEST_SECONDS = 86_400.0
# that far clocks may be apart which are right
SKEW_SECONDS = 60.0
# seconds between looks at an empty stream: doubled from the first to the last, as what is told soon comes at once
SHORT_PAUSE, LONG_PAUSE = 0.005, 0.1

_DUE = """
    SELECT seq FROM deliveries WHERE stream = ? AND name = ? AND (visible_at <= ? OR visible_at > ?)
    ORDER BY seq LIMIT ?
"""
_OUT_AGAIN = """
    UPDATE deliveries SET visible_at = ?, attempt = attempt + 1 WHERE stream = ? AND name = ? AND seq = ?
    RETURNING seq, attempt
"""
_NEW_OF_SUBJECT = "SELECT seq FROM messages WHERE stream = ? AND subject = ? AND seq > ? ORDER BY seq LIMIT ?"
_NEW_OF_STREAM = "SELECT seq FROM messages WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?"


class LocalGroups:
    """ConsumerGroups on the SQLite file."""

    def __init__(self, file: LogFile) -> None:
        self._file = file

    def join(self, group: ConsumerGroup) -> "LocalConsumer":
        values = (group.stream.value, group.name, group.subject, group.after)
        with self._file.write() as connection:
            connection.execute("INSERT INTO groups VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", values)
            query = "SELECT subject FROM groups WHERE stream = ? AND name = ?"
            [subject] = connection.execute(query, values[:2]).fetchone()
        if subject != group.subject:
            raise BadSetting(
                f"The group {group.name} of {group.stream} reads “{subject}”, not “{group.subject}”.",
                "Choose another name.",
            )
        return LocalConsumer(self._file, group)

    def levels(self) -> list[StreamLevel]:
        with self._file.read() as connection:
            published = dict(connection.execute("SELECT stream, published FROM streams").fetchall())
            groups = connection.execute("SELECT stream, name, subject, cursor FROM groups").fetchall()
            busy = {stream for stream, *_ in groups}
            rest = [(stream.value, "", "", 0) for stream in Stream if stream.value not in busy]
            return [
                _level(connection, row, published.get(row[0], 0))
                for row in sorted([*groups, *rest], key=lambda row: (list(Stream).index(Stream(row[0])), row[1]))
            ]


class LocalConsumer:
    """Consumer on the SQLite file. An answer that comes after the message went to somebody else changes nothing."""

    def __init__(self, file: LogFile, group: ConsumerGroup) -> None:
        self._file = file
        self._group = group
        self._key = (group.stream.value, group.name)

    def fetch(self, limit: int, wait: float = 0.0) -> list[Delivery]:
        end, pause = time.monotonic() + wait, SHORT_PAUSE
        while True:
            found = self._take(limit) if self._any() else []
            left = end - time.monotonic()
            if found or left <= 0:
                return found
            time.sleep(min(pause, left))
            pause = min(pause * 2, LONG_PAUSE)

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        rows = [(*self._key, delivery.message.seq) for delivery in deliveries]
        with self._file.write(durable=False) as connection:
            connection.executemany("DELETE FROM deliveries WHERE stream = ? AND name = ? AND seq = ?", rows)

    def nak(self, delivery: Delivery, delay: float) -> None:
        self._show_again([delivery], min(delay, LONGEST_SECONDS))

    def renew(self, deliveries: Sequence[Delivery]) -> None:
        self._show_again(deliveries, self._group.ack_seconds)

    def _show_again(self, deliveries: Sequence[Delivery], delay: float) -> None:
        rows = [(time.time() + delay, *self._key, one.message.seq, one.attempt) for one in deliveries]
        with self._file.write(durable=False) as connection:
            connection.executemany(
                "UPDATE deliveries SET visible_at = ? WHERE stream = ? AND name = ? AND seq = ? AND attempt = ?", rows
            )

    def _any(self) -> bool:
        """Whether there may be something, without the write lock."""
        with self._file.read() as connection:
            return bool(self._due(connection, 1) or self._new(connection, 1))

    def _take(self, limit: int) -> list[Delivery]:
        attempts = self._leased(limit)
        # messages never change: others need not wait until these are read
        with self._file.read() as connection:
            rows = _messages(connection, list(attempts))
        return [Delivery(message_of(row), attempts[row[0]], "") for row in rows]

    def _leased(self, limit: int) -> dict[int, int]:
        """Numbers of messages that are ours for a while, each with the number of its delivery."""
        with self._file.write(durable=False) as connection:
            visible = time.time() + self._group.ack_seconds
            out = [
                connection.execute(_OUT_AGAIN, [visible, *self._key, seq]).fetchone()
                for seq in self._due(connection, limit)
            ]
            new = self._new(connection, limit - len(out)) if len(out) < limit else []
            if new:
                rows = [(*self._key, seq, visible) for seq in new]
                connection.executemany("INSERT INTO deliveries VALUES (?, ?, ?, ?, 1)", rows)
                connection.execute("UPDATE groups SET cursor = ? WHERE stream = ? AND name = ?", [new[-1], *self._key])
        return dict(out) | dict.fromkeys(new, 1)

    def _due(self, connection: sqlite3.Connection, limit: int) -> list[int]:
        now = time.time()
        return [
            seq for (seq,) in connection.execute(_DUE, [*self._key, now, now + LONGEST_SECONDS + SKEW_SECONDS, limit])
        ]

    def _new(self, connection: sqlite3.Connection, limit: int) -> list[int]:
        cursor = connection.execute("SELECT cursor FROM groups WHERE stream = ? AND name = ?", self._key).fetchone()[0]
        if self._group.subject:
            values = [self._group.stream.value, self._group.subject, cursor, limit]
            return [seq for (seq,) in connection.execute(_NEW_OF_SUBJECT, values)]
        return [seq for (seq,) in connection.execute(_NEW_OF_STREAM, [self._group.stream.value, cursor, limit])]


def _messages(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    marks = ",".join("?" * len(numbers))
    return connection.execute(f"SELECT {COLUMNS} FROM messages WHERE seq IN ({marks}) ORDER BY seq", numbers).fetchall()


def _level(connection: sqlite3.Connection, row: tuple[str, str, str, int], published: int) -> StreamLevel:
    stream, name, subject, cursor = row
    if not name:
        return StreamLevel(Stream(stream), "", published, 0, 0, None)
    new, first = connection.execute(
        "SELECT count(*), min(seq) FROM messages WHERE stream = ? AND seq > ?"
        + (" AND subject = ?" if subject else ""),
        [stream, cursor, *([subject] if subject else [])],
    ).fetchone()
    out = connection.execute("SELECT seq, visible_at FROM deliveries WHERE stream = ? AND name = ?", [stream, name])
    pending = dict(out.fetchall())
    due = sum(1 for moment in pending.values() if passed(moment, LONGEST_SECONDS + SKEW_SECONDS))
    oldest = min([*pending, *([first] if first else [])], default=0)
    return StreamLevel(Stream(stream), name, published, new + due, len(pending) - due, _time_of(connection, oldest))


def _time_of(connection: sqlite3.Connection, seq: int) -> datetime | None:
    row = connection.execute("SELECT at FROM messages WHERE seq = ?", [seq]).fetchone()
    return datetime.fromisoformat(row[0]) if row else None
