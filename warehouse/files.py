"""Files that are either there in full or not at all, also after a crash."""

import io
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import uuid4

from core.disk.private import inherited
from core.disk.refusals import refused_by_disk

TEMPORARY = ".part"
# between the name of a file that was set aside because it is damaged, and the time of that
ASIDE = ".damaged-"
# a disk brings many files to safety in the time it takes for one
_WRITERS = ThreadPoolExecutor(8, "files")


def write_durably(path: Path, content: bytes) -> None:
    """Write, fsync, rename, fsync the folder. A file of that name is replaced in one step.

    Raises:
        RetryLater: the disk is full or refuses; nothing is left behind.
    """
    write_all_durably({path: content})


def write_all_durably(contents: Mapping[Path, bytes]) -> None:
    """The same for many; the disk is waited for side by side, and once for all before they get their names.

    Raises:
        RetryLater: the disk is full or refuses; some of the files may be there, each in full.
    """
    unnamed = {path.with_name(f".{path.name}.{uuid4().hex}{TEMPORARY}"): path for path in contents}
    folders = {path.parent for path in contents}
    try:
        for folder in folders:
            make_folder(folder)
        each = map if len(contents) == 1 else _WRITERS.map
        list(each(_write, unnamed, contents.values()))
        for temporary in list(unnamed):
            temporary.replace(unnamed[temporary])
            del unnamed[temporary]
        list(each(sync_folder, folders))
    except OSError as error:
        raise refused_by_disk(f"{next(iter(contents)).name} could not be written", error) from error
    finally:
        for temporary in unnamed:
            temporary.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with open_within(path, "xb") as file:
        file.write(content)
        os.fsync(file.fileno())


def open_within(path: Path, mode: str) -> io.FileIO:
    """A new file that may be read by whom its folder is open to."""
    rights = inherited(path.parent) & ~0o111
    return io.FileIO(path, mode, opener=lambda name, flags: os.open(name, flags, rights))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it so that they are still there after a power failure."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(inherited(folder.parent), exist_ok=True)
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


def local_path(location: str) -> Path | None:
    """The file at an address; None where it is not a local one."""
    parts = urlsplit(location)
    return Path(url2pathname(parts.path)) if parts.scheme in ("", "file") else None
