"""Keeps tables quick: old snapshots expire, and files that no snapshot needs are removed.

The Iceberg library only forgets snapshots; their files stay. So do the files of writers that were killed.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.table import Table

KEPT_SNAPSHOTS = 3
# the library copies all of a table's metadata many times a commit: what it holds makes commits slow
MOST_SNAPSHOTS = 15
# longer than any commit or query takes: what is younger may belong to one that is under way
GRACE_SECONDS = 3600.0


def tidy(table: Table) -> None:
    """Expire and clean up when enough commits have come together; called after each commit."""
    if len(table.metadata.snapshots) >= MOST_SNAPSHOTS:
        expire(table)
        remove_orphans(table, GRACE_SECONDS)


def expire(table: Table) -> None:
    """Forget all but the newest snapshots; the newest carries the watermark, and so do the table's properties."""
    oldest_kept = table.metadata.snapshots[-KEPT_SNAPSHOTS]
    before = datetime.fromtimestamp(oldest_kept.timestamp_ms / 1000, UTC)
    try:
        table.maintenance.expire_snapshots().older_than(before).commit()
    except CommitFailedException:
        # somebody else commits at this moment, and will find as many snapshots
        return


def remove_orphans(table: Table, grace_seconds: float) -> int:
    """Remove files in the table's folder that its metadata does not lead to; the number removed.

    Files younger than the grace stay. Only local folders are cleaned: a bucket's own rules do that better.
    """
    table.refresh()
    folder = _local(table.location())
    if folder is None:
        return 0
    before = time.time() - grace_seconds
    old = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime < before]
    unsure = _unneeded(old, _metadata_files(table))
    if any(path.suffix == ".parquet" for path in unsure):
        unsure = _unneeded(unsure, _data_files(table))
    for path in unsure:
        path.unlink(missing_ok=True)
    return len(unsure)


def _unneeded(paths: Iterable[Path], needed: Iterator[str]) -> list[Path]:
    kept = {_local(location) for location in needed}
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


def _local(location: str) -> Path | None:
    parts = urlsplit(location)
    return Path(url2pathname(parts.path)) if parts.scheme in ("", "file") else None
