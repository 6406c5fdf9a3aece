"""The SQLite files of a data folder, looked at in full before a pipeline is opened on them, and mended on a word."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from core.disk.data_folder import DataFolder
from core.disk.sqlite import BUSY_SECONDS
from core.errors import BadInput, Conflict
from core.model import AGENT_LOOP
from core.ports import Damage
from core.settings import Settings
from warehouse import journal
from warehouse.backup import release
from warehouse.integrity.databases import from_backup, salvage, set_aside, wrong_with
from warehouse.integrity.quick import MEND, holds_data

NEW_FILE = ".new"
STOP = "Stop the workbench and every worker, wait for a quarter of a minute, and run it again."
# without these nothing can be read again: a state that lost some of them is no state
VITAL = ("sources", "extractors", "documents")


def check_files(settings: Settings, *, full: bool, mend: bool, archive: Path | None = None) -> list[Damage]:
    """What is wrong with the state and the log; the catalogue is looked at by every start.

    Raises:
        Conflict: files are to be mended while a loop runs on them.
        BadInput: there is no such archive.
    """
    folder = settings.folder
    if archive is not None and not archive.is_file():
        raise BadInput(f"There is no file {archive}.", "Name an archive that `backup` wrote.")
    if mend and _is_running(folder.state):
        raise Conflict("The agent loop runs: it would go on with the files that are set aside.", STOP)
    found: list[Damage] = []
    if not settings.database_url:
        found += _state(folder, settings, full, mend, archive)
    if not settings.broker_url:
        found += _log(folder, full, mend)
    if mend and found:
        journal.note(folder, *found)
    return found


def _is_running(state: Path) -> bool:
    """Whether a loop holds its lease, as far as the state can tell."""
    if not state.is_file():
        return False
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    try:
        with closing(sqlite3.connect(state, timeout=BUSY_SECONDS)) as connection:
            query = "SELECT 1 FROM leases WHERE name = ? AND until > ?"
            return connection.execute(query, [AGENT_LOOP, now]).fetchone() is not None
    except sqlite3.DatabaseError:
        return False


def _state(folder: DataFolder, settings: Settings, full: bool, mend: bool, archive: Path | None) -> Iterator[Damage]:
    path = folder.state
    why = wrong_with(path, full=full) if path.exists() else "it is not there"
    if (not path.exists() or not path.stat().st_size) and not holds_data(settings):
        # nothing was ever in it
        return
    if why:
        done = _new_state(path, archive or journal.last_backup(folder)) if mend else ""
        advice = MEND if not mend else _NO_STATE
        yield Damage(path.name, why, advice, done)


_NO_STATE = (
    "Name a backup: check --mend --backup FILE.tar. Without one sources cannot be told from what is left:"
    " move the folder away and add them again."
)


def _new_state(path: Path, archive: Path | None) -> str:
    """Put a sound state in place of a damaged one, the best that can be had; what was done, "" for nothing."""
    fresh = path.with_name(path.name + NEW_FILE)
    try:
        done = _salvaged(path, fresh, vital_only=False)
        if not done and archive and from_backup(archive, path.name, fresh):
            done = f"taken from the backup {archive}; what came later is missing"
        done = done or _salvaged(path, fresh, vital_only=True)
        if done:
            release(fresh)
            kept = f" (kept as {set_aside(path).name})" if path.exists() else ""
            fresh.replace(path)
            return done + kept
        return ""
    finally:
        for side in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + side).unlink(missing_ok=True)


def _salvaged(path: Path, fresh: Path, *, vital_only: bool) -> str:
    """All rows in a new file; with `vital_only`, those of the less important tables may be incomplete."""
    if not path.exists():
        return ""
    found = salvage(path, fresh)
    torn = [table for table in found.torn if table in VITAL or not vital_only]
    if torn or not found.rows.get("sources"):
        return ""
    count = sum(found.rows.values())
    missing = f"; some of {', '.join(found.torn)} could not be read" if found.torn else ""
    return f"{count} rows read out of it into a new file{missing}"


def _log(folder: DataFolder, full: bool, mend: bool) -> Iterator[Damage]:
    path = folder.log
    why = wrong_with(path, full=full) if path.exists() and path.stat().st_size else ""
    if why:
        done = f"kept as {set_aside(path).name}; a new log is begun" if mend else ""
        yield Damage(path.name, why, MEND, done)
