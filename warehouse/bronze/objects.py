"""Raw bytes in files named after their content hash: `folder`/ab/<sha256>."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from core.errors import UnknownName
from warehouse.files import TEMPORARY, write_all_durably

# longer than any write takes: a younger file may be another process at work
_ABANDONED_SECONDS = 3600.0


def object_path(name: str) -> PurePosixPath:
    """Where an object lies in its folder: beginnings of hashes are folders, so that none holds too many files."""
    return PurePosixPath(name[:2], name)


class FileObjects:
    """Objects in a folder. Those of the first versions lie one folder deeper: `folder`/ab/cd/<sha256>."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        self.put_all({name: content})

    def put_all(self, objects: Mapping[str, bytes]) -> None:
        new = {self._path(name): content for name, content in objects.items() if not self._holds(name, len(content))}
        if new:
            write_all_durably(new)

    def get(self, name: str) -> bytes:
        for path in self._places(name):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                continue
        raise UnknownName(f"There are no bytes with the hash {name}.", "Fetch the page again.")

    def remove(self, name: str) -> None:
        for path in self._places(name):
            path.unlink(missing_ok=True)

    def names(self) -> list[str]:
        return sorted({path.name for path in self._files() if not path.name.startswith(".")})

    def sweep(self) -> int:
        """Remove the unfinished files that killed processes left; the number removed."""
        before = time.time() - _ABANDONED_SECONDS
        unfinished = (path for path in self._files() if path.name.startswith(".") and path.name.endswith(TEMPORARY))
        left = [path for path in unfinished if path.stat().st_mtime < before]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _files(self) -> Iterator[Path]:
        return (path for pattern in ("*/*", "*/*/*") for path in self._folder.glob(pattern) if path.is_file())

    def _holds(self, name: str, size: int) -> bool:
        return any(path.exists() and path.stat().st_size == size for path in self._places(name))

    def _places(self, name: str) -> tuple[Path, Path]:
        return self._path(name), self._folder / name[:2] / name[2:4] / name

    def _path(self, name: str) -> Path:
        return self._folder / object_path(name)
