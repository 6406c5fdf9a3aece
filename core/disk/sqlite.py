"""How processes share an SQLite file in WAL mode: they take turns at writing, and wait for the disk side by side."""

import os
import sqlite3
import time
from pathlib import Path

from core.disk.refusals import refused_by_disk

# seconds that a writer waits for the others: none holds the lock for more than statements take
BUSY_SECONDS = 30.0
# the wait of SQLite itself grows to a tenth of a second: most of what two writers cost each other
LOCK_PAUSE = 0.0005


def begin_immediate(connection: sqlite3.Connection) -> None:
    """Begin a transaction that writes, as soon as nobody else does.

    Raises:
        sqlite3.OperationalError: somebody wrote all the time that one may wait, or the file cannot be used.
    """
    end = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not _began(connection, end):
            time.sleep(LOCK_PAUSE)
    finally:
        # what reads waits as SQLite does, which is rare: while another process recovers the file
        connection.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS:.0f}")


def _began(connection: sqlite3.Connection, end: float) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        # the primary code is the lowest byte
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
            raise
    return connection.in_transaction


def sync_log(path: Path) -> None:
    """Bring all that was committed to the disk: with synchronous = NORMAL the same as FULL, but without the lock.

    Raises:
        RetryLater: the disk refuses.
    """
    try:
        log = os.open(f"{path}-wal", os.O_RDWR)
    except FileNotFoundError:
        # SQLite has synced what it moved into the file itself
        return
    try:
        os.fsync(log)
    except OSError as error:
        raise refused_by_disk(f"{path.name} could not be synced", error) from error
    finally:
        os.close(log)


def make_home(path: Path) -> None:
    """Make the folder of a file.

    Raises:
        RetryLater: the disk refuses, or something else has the name of the folder.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused_by_disk(f"The folder {path.parent} could not be made", error) from error
