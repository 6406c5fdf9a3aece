"""What a disk, an SQLite file or a server said, as one sentence and one advice of ours.

The adapters call it where they meet such an error; what it does not know is no refusal but a defect, and passes.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Damaged, PipelineError, RetryLater

# what SQLite needs for its shared memory and a page or two: with less it fails in words of its own
LITTLE_BYTES = 65_536

FULL, READ_ONLY, DENIED = "the disk is full", "the file system can only be read", "it may not be written by this user"
_CHECK = "Run python -m jobs check."
_ROOM = "Make room on the disk; nothing that was kept is lost."
_ADVICE = {
    FULL: _ROOM,
    READ_ONLY: "Mount it for writing, or choose another folder by SDP_DATA_DIR.",
    DENIED: "Give the user who runs the pipeline the right to write there.",
}
_WHY = {
    errno.ENOSPC: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: DENIED,
    errno.EPERM: DENIED,
    errno.EDQUOT: "the quota of this user is used up",
    errno.EFBIG: "a file may not grow any further",
    errno.EIO: "the disk reports an error",
    errno.EMFILE: "this process has too many files open",
    errno.ENOTDIR: "a part of the path is a file",
    errno.EEXIST: "a file of that name is in the way",
    errno.EISDIR: "a folder of that name is in the way",
    errno.ENOENT: "there is no such file or folder",
}
_OTHER_ADVICE = {
    errno.EDQUOT: "Make room, or have the quota raised; nothing that was kept is lost.",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f).",
    errno.EIO: "Check the disk, and have a backup at hand.",
    errno.EMFILE: "Raise the limit on open files (ulimit -n).",
}
_SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_SQLITE_REFUSED = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)
_SQLITE_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def refused_by_disk(what: str, error: OSError) -> RetryLater:
    """`what` says what could not be done, without a full stop: “objects could not be written”."""
    why = _WHY.get(error.errno or 0) or one_line(error.strerror or str(error))
    advice = (
        _ADVICE.get(why)
        or _OTHER_ADVICE.get(error.errno or 0)
        or "Check the path (SDP_DATA_DIR says where data lie) and the disk."
    )
    return RetryLater(f"{what}: {why}.", advice)


@contextmanager
def refusals_of_disk(what: str) -> Iterator[None]:
    """Errors of the disk within the block as ours."""
    try:
        yield
    except OSError as error:
        raise refused_by_disk(what, error) from error


def refused_by_sqlite(path: Path, error: sqlite3.Error) -> PipelineError | None:
    """The error for what SQLite said of a file of ours; None where it speaks of our statements."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_DAMAGED or _holds_nonsense(error):
        return damaged_file(path, one_line(str(error)))
    if code == sqlite3.SQLITE_FULL:
        return RetryLater(f"{path.name} could not be written: {FULL}.", _ROOM)
    if code in _SQLITE_BUSY:
        return RetryLater(f"{path.name} is locked: somebody else writes all the time.", "Try again in a while.")
    if code in _SQLITE_REFUSED:
        why = why_not_written(path) or one_line(str(error))
        return RetryLater(f"{path.name} could not be used: {why}.", _ADVICE.get(why, "Check the data folder."))
    return None


def damaged_file(path: Path, why: str) -> Damaged:
    """The error for a file of the data folder that does not hold what was written."""
    return Damaged(f"{path.name} is damaged: {why}.", _CHECK)


def why_not_written(path: Path) -> str:
    """Why a file, or its folder, cannot be written at this moment; "" where nothing speaks against it."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not folder.is_dir():
        return _WHY[errno.ENOTDIR]
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return READ_ONLY
    if shutil.disk_usage(folder).free < LITTLE_BYTES:
        return FULL
    return "" if all(os.access(place, os.W_OK) for place in (folder, path) if place.exists()) else DENIED


def one_line(text: str) -> str:
    """The first line of what a driver says, without its full stop; the others explain where it stands."""
    return text.strip().partition("\n")[0].strip().rstrip(".")


def _holds_nonsense(error: sqlite3.Error) -> bool:
    """A text that is none, or a table that is missing: every file is migrated before it is used."""
    return str(error).startswith(("no such table", "Could not decode", "malformed"))
