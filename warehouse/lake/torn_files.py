"""The files of an Iceberg table: is each there, and can it be read?"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from pyarrow.parquet import ParquetFile
from pyiceberg.io import FileIO
from pyiceberg.manifest import DataFile, ManifestFile
from pyiceberg.table import StaticTable
from pyiceberg.table.snapshots import Snapshot


class Torn(NamedTuple):
    """A file that cannot be read. Without a data file only its own rows are gone; without another, more."""

    location: str
    why: str
    is_data: bool


def torn_files(location: str, *, full: bool = False) -> list[Torn]:
    """Every file that the present and the tagged states of a table need and that cannot be read."""
    try:
        table = StaticTable.from_metadata(location)
        wanted = {table.metadata.current_snapshot_id, *(ref.snapshot_id for ref in table.metadata.refs.values())}
        snapshots = [snapshot for snapshot in table.metadata.snapshots if snapshot.snapshot_id in wanted]
    except Exception as error:  # whatever a reader says of bytes that are not what was written
        return [Torn(location, _words(error), False)]
    found = [torn for snapshot in snapshots for torn in _of_snapshot(table.io, snapshot, full)]
    return list({torn.location: torn for torn in found}.values())


def _of_snapshot(io: FileIO, snapshot: Snapshot, full: bool) -> Iterator[Torn]:
    try:
        manifests = snapshot.manifests(io)
    except Exception as error:  # as above
        yield Torn(snapshot.manifest_list, _words(error), False)
        return
    for manifest in manifests:
        yield from _of_manifest(io, manifest, full)


def _of_manifest(io: FileIO, manifest: ManifestFile, full: bool) -> Iterator[Torn]:
    try:
        entries = manifest.fetch_manifest_entry(io, discard_deleted=True)
    except Exception as error:  # as above
        yield Torn(manifest.manifest_path, _words(error), False)
        return
    for entry in entries:
        why = _wrong_with(io, entry.data_file, full)
        if why:
            yield Torn(entry.data_file.file_path, why, True)


def _wrong_with(io: FileIO, data: DataFile, full: bool) -> str:
    try:
        file = io.new_input(data.file_path)
        if len(file) != data.file_size_in_bytes:
            return f"it has {len(file)} of {data.file_size_in_bytes} bytes"
        with file.open() as stream, ParquetFile(stream, page_checksum_verification=True) as parquet:
            if parquet.metadata.num_rows != data.record_count:
                return f"it has {parquet.metadata.num_rows} of {data.record_count} rows"
            for _batch in parquet.iter_batches() if full else ():
                pass
    except Exception as error:  # as above
        return _words(error)
    return ""


def _words(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "it is not there"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return "its bytes are not what was written"
