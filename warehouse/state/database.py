"""The one place that knows which database keeps the state: SQLite in a file, or PostgreSQL by its URL."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from core.disk.sqlite import BUSY_SECONDS, begin_immediate, sync_log
from warehouse.state.engines import answers_of, database_address, engine_for, file_of

SETTING = "SDP_DATABASE_URL"
# ids that one statement is given: the oldest SQLite that we meet takes 999 variables
IDS_A_STATEMENT = 500
# numbers of PostgreSQL's advisory locks: any will do that no other program on the server uses
_MIGRATION_LOCK = 7_231_004
_CLAIM_LOCK = 7_231_005

_INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Joined(threading.local):
    """The transaction that this thread has open for a block, if any."""

    connection: Connection | None = None


class Database:
    """Transactions on the state. Several threads and processes may use one database at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(sdp_begin="BEGIN")
        self._joined = Joined()

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database; None for every other."""
        return file_of(self._engine.url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; never waits for a writer on SQLite."""
        if self._joined.connection is not None:
            yield self._joined.connection
            return
        with self._errors(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, receipt: bool = False) -> Iterator[Connection]:
        """One transaction, committed at the end of the block.

        With `receipt` it survives a power failure; without, only the death of the process, which is enough
        for work that is found undone and done again.
        """
        if self._joined.connection is not None:
            yield self._joined.connection
            return
        with self._errors(), self._engine.begin() as connection:
            yield connection
        if receipt and self.file:
            sync_log(self.file)

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction with a receipt for all that this thread reads and writes within the block."""
        with self.write(receipt=True) as connection:
            outer, self._joined.connection = self._joined.connection, connection
            try:
                yield
            finally:
                self._joined.connection = outer

    @contextmanager
    def exclusive(self) -> Iterator[Connection]:
        """A write transaction that sees all others of this kind before it, on any database."""
        with self.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_CLAIM_LOCK})"))
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A write transaction that no other process can migrate beside."""
        with self.write(receipt=True) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self._engine.dispose()

    def _errors(self) -> AbstractContextManager[None]:
        return answers_of("The state database", self._engine.url, SETTING)


def open_database(url: str) -> Database:
    """Connect to the state.

    Args:
        url: an SQLAlchemy URL, `sqlite:///…/state.db` or `postgresql+psycopg://…`.

    Raises:
        BadSetting: the URL is not one that we can use.
        PartMissing: the driver for it is not installed.
        RetryLater: the folder of the file cannot be made.
    """
    address = database_address(url, SETTING)
    return Database(_sqlite_engine(address) if file_of(address) else engine_for(address, SETTING))


def insert(dialect: str, table: Table) -> Any:
    """The dialect's INSERT, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return _INSERTS[dialect](table)


@cache
def _add(dialect: str, table: Table) -> Any:
    return insert(dialect, table).on_conflict_do_nothing()


def add(connection: Connection, table: Table, *rows: dict[str, Any]) -> int:
    """Add the rows whose key is new; the number added."""
    # without the option some drivers do not tell how many rows came in
    statement = _add(connection.dialect.name, table)
    return int(connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount)


def upsert(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Add the row, or replace the one with the same primary key."""
    statement = insert(connection.dialect.name, table).values(row)
    keys = [column.name for column in table.primary_key]
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def _sqlite_engine(address: URL) -> Engine:
    engine = engine_for(address, SETTING, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    # the driver must not begin by itself: a transaction that first reads and then writes would fail as busy
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("sdp_begin"):
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.driver_connection
    try:
        begin_immediate(driver)
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error
