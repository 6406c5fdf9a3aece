"""Files that a query is written to: first beside the data, then in place, so that a failed one leaves no half file."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from core.disk.private import private_folder
from core.errors import BadInput

ENDINGS = (".csv", ".json", ".parquet")

# a process that was killed leaves its folder
_EXPORT_ABANDONED_SECONDS = 7 * 86_400.0


class Exports:
    """The folder of this process for files that are being written; it goes with the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> str:
        """Where the engine may write; it need not be there yet."""
        return self._own.name

    @contextmanager
    def staged(self, target: Path) -> Iterator[Path]:
        """A place to write to, from which the file is moved to its target at the end of the block.

        Raises:
            BadInput: the target may not be written.
        """
        private_folder(Path(self.folder))
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            # the name of the target is a person's
            path = Path(folder) / f"rows{target.suffix.lower()}"
            yield path
            _move(path, target)

    @cached_property
    def _own(self) -> "tempfile.TemporaryDirectory[str]":
        private_folder(self._folder)
        for left in self._folder.iterdir():
            if left.stat().st_mtime < time.time() - _EXPORT_ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        return tempfile.TemporaryDirectory(dir=self._folder)


def checked(target: Path) -> Path:
    """The file that a person has named.

    Raises:
        BadInput: its name ends with something that we do not write, or its folder does not exist.
    """
    if target.suffix.lower() not in ENDINGS:
        raise BadInput(f"{target.name} is no kind of file we write.", f"End it with {', '.join(ENDINGS)}.")
    if not target.parent.is_dir() or target.is_dir():
        raise BadInput(f"{target} is no place for a file.", "Name a file in a folder that exists.")
    return target


def _move(staged: Path, target: Path) -> None:
    try:
        shutil.move(staged, target)
    except OSError as error:
        raise BadInput(f"{target} could not be written: {error.strerror}.", "Choose another place.") from error
