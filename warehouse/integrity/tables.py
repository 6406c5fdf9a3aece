"""The files of an Iceberg table: is each there, and can it be read? What is lost is left out, and filled in again."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from pyarrow.parquet import ParquetFile
from pyiceberg.io import FileIO
from pyiceberg.manifest import DataFile, ManifestFile
from pyiceberg.table import StaticTable, Table
from pyiceberg.table.snapshots import Snapshot

from warehouse.catalogs import LakeCatalog
from warehouse.integrity.catalogue import candidates, folder_of
from warehouse.integrity.databases import set_aside
from warehouse.maintenance import summary
from warehouse.snapshots import marks_of


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


def mend(catalog: LakeCatalog, name: str, location: str) -> str:
    """Let the table go on without what cannot be read; what was done."""
    folder = folder_of(location)
    for candidate in candidates(folder) if folder else ():
        torn = torn_files(candidate.path.as_uri(), full=True)
        if any(not one.is_data for one in torn):
            continue
        back = candidate.path.as_uri() != location
        if back:
            catalog.point(name, candidate.path.as_uri(), location)
        if torn:
            _leave_out(catalog.iceberg.load_table(name), {one.location for one in torn})
        return _sentence(candidate.path.name if back else "", len(torn))
    catalog.forget(name, location)
    kept = f"; its files are kept as {set_aside(folder).name}" if folder and folder.exists() else ""
    return f"is begun anew{kept}"


def _sentence(went_back_to: str, left_out: int) -> str:
    done = [f"went back to {went_back_to}"] if went_back_to else []
    done += [f"goes on without {left_out} files of rows"] if left_out else []
    return " and ".join(done) or "nothing had to be done"


def _leave_out(table: Table, locations: set[str]) -> None:
    """One commit without those data files; the watermarks stay, since what was lost is told of again."""
    transaction = table.transaction()
    with transaction.update_snapshot(marks_of(table.properties, summary(table))).overwrite() as overwrite:
        for task in table.scan().plan_files():
            if task.file.file_path in locations:
                overwrite.delete_data_file(task.file)
    transaction.commit_transaction()


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
