"""Files of the lake that survive a power failure: what the catalogue points to is on the disk before it points."""

import io
import os
from pathlib import Path

from pyiceberg.io import OutputStream
from pyiceberg.io.pyarrow import PyArrowFile, PyArrowFileIO

from warehouse.files import make_folder, open_within, sync_folder


class DurableFileIO(PyArrowFileIO):
    """The Iceberg library's own files, but local ones are synced when they are closed."""

    def new_output(self, location: str) -> PyArrowFile:
        """A file to be written."""
        scheme, host, path = self.parse_location(location, self.properties)
        kind = _LocalFile if scheme == "file" else PyArrowFile
        return kind(location, path, self.fs_by_scheme(scheme, host))


class _LocalFile(PyArrowFile):
    def create(self, overwrite: bool = False) -> OutputStream:
        path = Path(self._path)
        make_folder(path.parent)
        return _Synced(path, "wb" if overwrite else "xb")


class _Synced(io.BufferedWriter):
    def __init__(self, path: Path, mode: str) -> None:
        super().__init__(open_within(path, mode))
        self._folder = path.parent

    def close(self) -> None:
        if self.closed:
            return
        self.flush()
        os.fsync(self.fileno())
        super().close()
        sync_folder(self._folder)
