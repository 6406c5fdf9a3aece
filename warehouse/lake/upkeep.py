"""Housekeeping of the lake: what there is to do, and doing it."""

from collections.abc import Iterator

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.table import Table

from core.ports import Chore
from warehouse.lake.catalogs import LakeCatalog
from warehouse.lake.compaction import (
    GRACE_SECONDS,
    KEPT_SNAPSHOTS,
    compact,
    expire,
    orphans,
    remove_orphans,
    small_files,
)

# by the night, fewer files are worth a merge than in the middle of the work
FEW_FILES = 8


def tidy_lake(catalog: LakeCatalog, *, dry_run: bool) -> list[Chore]:
    """Merge small files, expire snapshots, remove orphaned files of every table."""
    found: list[Chore] = []
    for name in catalog.locations():
        table = catalog.iceberg.load_table(name)
        found += _look(name, table)
        if not dry_run:
            _tidy(table)
    return [chore for chore in found if chore.found]


def _look(name: str, table: Table) -> Iterator[Chore]:
    yield Chore(f"merge small files of {name}", len(small_files(table, FEW_FILES)))
    yield Chore(f"expire snapshots of {name}", max(0, len(table.metadata.snapshots) - KEPT_SNAPSHOTS))
    yield Chore(f"remove orphaned files of {name}", len(orphans(table, GRACE_SECONDS)))


def _tidy(table: Table) -> None:
    try:
        compact(table, FEW_FILES)
        if len(table.metadata.snapshots) > KEPT_SNAPSHOTS:
            expire(table)
    except CommitFailedException:
        # a writer was faster; the next time is soon enough
        return
    remove_orphans(table, GRACE_SECONDS)
