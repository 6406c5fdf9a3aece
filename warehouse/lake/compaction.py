"""Keeps tables quick: small files are merged, old snapshots expire, files that no snapshot needs are removed.

The Iceberg library merges nothing and only forgets snapshots: their files stay, and those of killed writers.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.table import FileScanTask, Table

from warehouse.files import local_path
from warehouse.lake.heap import give_back
from warehouse.lake.merging import merged_file
from warehouse.lake.snapshots import marks_of

# the newest snapshots that are kept whatever their age: readers that have begun hold one of them
KEPT_SNAPSHOTS = 3
# every file costs a query about half a millisecond, however small it is
MANY_FILES = 50
# a file of so much is full: what is merged at a time stays small in memory, and no row is written again and again
FULL_BYTES, FULL_ROWS = 4_000_000, 10_000
# longer than any commit or query takes: what is younger may belong to one that is under way
GRACE_SECONDS = 3600.0


def tidy(table: Table) -> None:
    """Merge, expire and clean up."""
    try:
        compact(table)
        expire(table)
    except CommitFailedException:
        # somebody else commits at this moment, and will find as much to do
        return
    remove_orphans(table, GRACE_SECONDS)
    give_back()


def compact(table: Table, many: int = MANY_FILES) -> bool:
    """Write the rows of many small files into few full ones; False when there are not many."""
    small = small_files(table, many)
    if not small:
        return False
    transaction = table.transaction()
    with transaction.update_snapshot(marks_of(table.properties, summary(table))).overwrite() as overwrite:
        for some in _fills(small):
            overwrite.append_data_file(merged_file(table, some))
            for task in some:
                overwrite.delete_data_file(task.file)
    transaction.commit_transaction()
    return True


def _fills(small: Iterable[FileScanTask]) -> Iterator[list[FileScanTask]]:
    """Small files in lists, the smallest first; each list fills a file, and the last holds what is left."""
    some: list[FileScanTask] = []
    for task in sorted(small, key=lambda task: task.file.record_count):
        some.append(task)
        if _is_full(sum(one.file.record_count for one in some), sum(one.file.file_size_in_bytes for one in some)):
            yield some
            some = []
    if len(some) > 1:
        yield some


def _is_full(rows: int, size: int) -> bool:
    return rows >= FULL_ROWS or size >= FULL_BYTES


def expire(table: Table) -> None:
    """Forget all but the newest snapshots; the newest carries the watermark, and so do the table's properties."""
    oldest_kept = table.metadata.snapshots[-KEPT_SNAPSHOTS:][0]
    before = datetime.fromtimestamp(oldest_kept.timestamp_ms / 1000, UTC)
    table.maintenance.expire_snapshots().older_than(before).commit()


def remove_orphans(table: Table, grace_seconds: float) -> int:
    """Remove files in the table's folder that its metadata does not lead to; the number removed."""
    found = orphans(table, grace_seconds)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def orphans(table: Table, grace_seconds: float) -> list[Path]:
    """Files in the table's folder that its metadata does not lead to.

    Files younger than the grace are left out. Only local folders are looked at: a bucket's own rules do that better.
    """
    table.refresh()
    folder = local_path(table.location())
    if folder is None:
        return []
    before = time.time() - grace_seconds
    old = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime < before]
    unsure = _unneeded(old, _metadata_files(table))
    if any(path.suffix == ".parquet" for path in unsure):
        unsure = _unneeded(unsure, _data_files(table))
    return unsure


def summary(table: Table) -> dict[str, str]:
    """What the current snapshot says about itself; empty when there is none."""
    snapshot = table.current_snapshot()
    return snapshot.summary.additional_properties if snapshot and snapshot.summary else {}


def small_files(table: Table, many: int) -> list[FileScanTask]:
    """The small files of the table; none when there are not many, or when somebody else gave it partitions."""
    if int(summary(table).get("total-data-files", "0")) < many or not table.spec().is_unpartitioned():
        return []
    small = _small_files(table)
    return small if len(small) >= many else []


def _small_files(table: Table) -> list[FileScanTask]:
    files = table.scan().plan_files()
    return [task for task in files if not _is_full(task.file.record_count, task.file.file_size_in_bytes)]


def _unneeded(paths: Iterable[Path], needed: Iterator[str]) -> list[Path]:
    kept = {local_path(location) for location in needed}
    return [path for path in paths if path not in kept]


def _metadata_files(table: Table) -> Iterator[str]:
    yield table.metadata_location
    yield from (entry.metadata_file for entry in table.metadata.metadata_log)
    for snapshot in table.metadata.snapshots:
        yield snapshot.manifest_list
        yield from (manifest.manifest_path for manifest in snapshot.manifests(table.io))


def _data_files(table: Table) -> Iterator[str]:
    for snapshot in table.metadata.snapshots:
        for manifest in snapshot.manifests(table.io):
            yield from (entry.data_file.file_path for entry in manifest.fetch_manifest_entry(table.io))
