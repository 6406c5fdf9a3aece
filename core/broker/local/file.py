"""The SQLite file of the local backbone: its tables, its transactions, and who else may be writing."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from uuid import uuid4

from core.disk.private import private_file
from core.disk.refusals import refused_by_sqlite
from core.disk.sqlite import BUSY_SECONDS, begin_immediate, make_home, sync_log
from core.errors import Conflict

# Each entry brings the file from the version of its place to the next one.
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
    """
    CREATE TABLE log (identity TEXT NOT NULL, revision INTEGER NOT NULL);
    CREATE TABLE streams (stream TEXT PRIMARY KEY, published INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO streams SELECT stream, count(*) FROM messages GROUP BY stream;
    CREATE TABLE groups (
        stream TEXT NOT NULL,
        name TEXT NOT NULL,
        subject TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        PRIMARY KEY (stream, name)
    ) WITHOUT ROWID;
    CREATE TABLE deliveries (
        stream TEXT NOT NULL,
        name TEXT NOT NULL,
        seq INTEGER NOT NULL,
        visible_at REAL NOT NULL,
        attempt INTEGER NOT NULL,
        PRIMARY KEY (stream, name, seq)
    ) WITHOUT ROWID;
    CREATE TABLE keys (
        bucket TEXT NOT NULL,
        key TEXT NOT NULL,
        revision INTEGER NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (bucket, key)
    ) WITHOUT ROWID;
    CREATE TABLE requests (
        request_id TEXT PRIMARY KEY,
        subject TEXT NOT NULL,
        question TEXT NOT NULL,
        expires_at REAL NOT NULL,
        taken INTEGER NOT NULL,
        answer TEXT
    ) WITHOUT ROWID;
    CREATE INDEX requests_open ON requests (subject, taken);
    """,
)


class LogFile:
    """One connection of this process to the file; threads take turns, other processes wait for the write lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = RLock()
        with self._errors():
            make_home(path)
            private_file(path)
            self.connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            # a damaged text spoils the message that holds it, and not those read with it
            self.connection.text_factory = lambda content: content.decode(errors="replace")
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = NORMAL")
            with self.write() as connection:
                _migrate(connection)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Single statements; never waits for a writer of another process."""
        with self._errors(), self._lock:
            yield self.connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction.

        With `durable` it survives a power failure; without, only the death of the process: that is enough where a
        message that was answered may come again.
        """
        with self._errors(), self._lock:
            begin_immediate(self.connection)
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        if durable:
            sync_log(self._path)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Errors of SQLite as ours."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            refused = refused_by_sqlite(self._path, error)
            if refused is None:
                raise
            raise refused from error

    def close(self) -> None:
        """Close the file; it cannot be used afterwards."""
        with self._lock:
            self.connection.close()


def passed(moment: float, longest: float) -> bool:
    """Whether a moment has come. One further off than it can have been set belongs to a clock that was ahead."""
    now = time.time()
    return moment <= now or moment > now + longest


def _migrate(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(_MIGRATIONS):
        raise Conflict("The event log was written by a newer version.", "Use the newest version.")
    for number, statements in enumerate(_MIGRATIONS[version:], start=version + 1):
        for statement in statements.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    if version < 2:
        # the marks of tables that were filled before logs had names carry none
        identity = uuid4().hex[:12] if version == 0 else ""
        connection.execute("INSERT INTO log VALUES (?, 0)", [identity])
