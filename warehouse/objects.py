"""Raw bytes in files named after their content hash: `folder`/ab/cd/<sha256>."""

import time
from pathlib import Path

from core.errors import UnknownName
from warehouse.files import TEMPORARY, write_durably

# longer than any write takes: a younger file may be another process at work
_ABANDONED_SECONDS = 3600.0


class FileObjects:
    """Objects in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        if not path.exists() or path.stat().st_size != len(content):
            write_durably(path, content)

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise UnknownName(f"There are no bytes with the hash {name}.", "Fetch the page again.") from None

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        return sorted(path.name for path in self._folder.glob("*/*/*") if not path.name.startswith("."))

    def sweep(self) -> int:
        """Remove the unfinished files that killed processes left; the number removed."""
        before = time.time() - _ABANDONED_SECONDS
        left = [path for path in self._folder.glob(f"*/*/.*{TEMPORARY}") if path.stat().st_mtime < before]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:4] / name
