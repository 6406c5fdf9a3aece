"""Files that are either there in full or not at all, also after a crash."""

import os
from pathlib import Path
from uuid import uuid4

from core.errors import RetryLater

TEMPORARY = ".part"


def write_durably(path: Path, content: bytes) -> None:
    """Write, fsync, rename, fsync the folder. A file of that name is replaced in one step.

    Raises:
        RetryLater: the disk is full or refuses; nothing is left behind.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex}{TEMPORARY}")
    try:
        make_folder(path.parent)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise RetryLater(f"{path.name} could not be written: {error.strerror}.", "Check the disk space.") from error
    finally:
        temporary.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it so that they are still there after a power failure."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
