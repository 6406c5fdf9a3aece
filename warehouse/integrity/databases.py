"""SQLite files of the data folder: looked at, set aside under another name, taken from a backup, or salvaged."""

import sqlite3
import tarfile
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from core.disk.refusals import one_line, refused_by_disk
from core.disk.sqlite import BUSY_SECONDS
from warehouse.files import ASIDE
from warehouse.state.database import open_database
from warehouse.state.metadata import metadata
from warehouse.state.migrate import migrate

SIDES = ("-wal", "-shm", "-journal")


def wrong_with(path: Path, *, full: bool = False) -> str:
    """Why the file is no sound database; "" for one that is."""
    try:
        if path.stat().st_size == 0:
            return "it is empty"
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            check = "integrity_check(1)" if full else "quick_check(1)"
            [said] = connection.execute(f"PRAGMA {check}").fetchone()
    except sqlite3.DatabaseError as error:
        said = str(error)
    except OSError as error:
        raise refused_by_disk(f"{path.name} could not be read", error) from error
    return "" if said == "ok" else one_line(str(said))


def holds_table(path: Path, table: str) -> bool:
    """Whether a sound file holds a table of that name."""
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return connection.execute(query, [table]).fetchone() is not None


def set_aside(path: Path) -> Path:
    """Rename a file, with those that belong to it, or a folder; its new name. Nothing is ever deleted."""
    aside = path.with_name(f"{path.name}{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
    try:
        for side in ("", *SIDES):
            with suppress(FileNotFoundError):
                path.with_name(path.name + side).rename(aside.with_name(aside.name + side))
    except OSError as error:
        raise refused_by_disk(f"{path.name} could not be set aside", error) from error
    return aside


def from_backup(archive: Path, name: str, target: Path) -> bool:
    """Take a database out of a backup; False where there is no sound one."""
    try:
        with tarfile.open(archive) as tar:
            member = tar.extractfile(name)
            if member is None:
                return False
            target.write_bytes(member.read())
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError):
        return False
    return not wrong_with(target)


class Salvage(NamedTuple):
    """The rows that could be read, by table, and the tables of which some could not."""

    rows: dict[str, int]
    torn: list[str]


def salvage(path: Path, target: Path) -> Salvage:
    """Copy all rows of the state that can still be read into a new file."""
    with suppress(FileNotFoundError):
        target.unlink()
    fresh = open_database(f"sqlite:///{target}")
    migrate(fresh)
    fresh.close()
    found = Salvage({}, [])
    with closing(sqlite3.connect(path)) as here, closing(sqlite3.connect(target)) as there, there:
        for table in metadata.sorted_tables:
            columns = [column.name for column in table.columns]
            marks = ", ".join("?" * len(columns))
            rows, whole = _readable(here, table.name, columns)
            there.executemany(f"INSERT OR IGNORE INTO {table.name} ({', '.join(columns)}) VALUES ({marks})", rows)
            found.rows[table.name] = len(rows)
            if not whole:
                found.torn.append(table.name)
    return found


def _readable(connection: sqlite3.Connection, table: str, columns: list[str]) -> tuple[list[tuple[object, ...]], bool]:
    """The rows of a table from its beginning and from its end, up to where it is damaged; whether those are all."""
    names = ", ".join(columns)
    # by the rowid the table itself is read: an index may be what is damaged
    forth, whole = _until_damage(connection, f"SELECT {names} FROM {table} NOT INDEXED ORDER BY rowid")
    if whole:
        return forth, True
    back, _ = _until_damage(connection, f"SELECT {names} FROM {table} NOT INDEXED ORDER BY rowid DESC")
    return [*forth, *back], False


def _until_damage(connection: sqlite3.Connection, query: str) -> tuple[list[tuple[object, ...]], bool]:
    found: list[tuple[object, ...]] = []
    try:
        for row in connection.execute(query):
            found.append(row)
    except sqlite3.DatabaseError:
        return found, False
    return found, True
