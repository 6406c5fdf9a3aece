"""What is kept is for its owner alone: folders 0700, files 0600, whatever the umask of the process says.

Only the data folder and the SQLite files are made so by name; what is made inside takes its mode from the folder around
it (`inherited`), so that a lake that several people share by SDP_WAREHOUSE stays as they have set it up.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

from core.disk.data_folder import KEPT

# POSIX modes: nobody but the owner
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def private_folder(folder: Path) -> None:
    """Make a folder for its owner alone; one that was there before is narrowed where it holds nothing but ours."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(PRIVATE_FOLDER)
            return
    if not _is_private(folder) and _is_ours(folder):
        # it may belong to somebody else, who lets us write in it
        with suppress(OSError):
            folder.chmod(PRIVATE_FOLDER)


def private_file(path: Path) -> None:
    """Make an empty file in a folder of its owner before SQLite does: its log and its index take over the mode."""
    private_folder(path.parent)
    # Only a new file is opened: closing one takes away all locks that this process has on it, also those of SQLite
    # (sqlite.org, How To Corrupt, 2.2). Where there cannot be a file, SQLite says so in its own words.
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(OSError):
            if part.is_file() and not _is_private(part):
                part.chmod(PRIVATE_FILE)


def inherited(folder: Path) -> int:
    """The mode for a folder that is made in this one, and without the right to enter, that for a file."""
    return stat.S_IMODE(folder.stat().st_mode) & 0o777


def _is_private(path: Path) -> bool:
    return os.name == "nt" or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def _is_ours(folder: Path) -> bool:
    """Whether nobody else keeps anything in a folder, which a data folder may be by mistake or for a test."""
    if folder.stat().st_mode & stat.S_ISVTX:
        return False
    return all(entry.name.startswith((*KEPT, ".", "lost+found")) for entry in folder.iterdir())
