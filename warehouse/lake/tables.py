"""The tables of the lake: bronze.documents, extracted.* before and silver.* after a schema is approved."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from core.disk.refusals import refusals_of_disk
from core.events import Column
from core.model import ColumnChange
from core.ports import Chore, TableInfo
from warehouse.lake.blame import blamed_on_files
from warehouse.lake.catalogs import LakeCatalog
from warehouse.lake.snapshots import Snapshot
from warehouse.names import lake_name, mark_name

_SQL_TYPES = {
    "string": "VARCHAR",
    "long": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
}


class IcebergTables:
    """TableStore on Iceberg. Names that are not safe in SQL are made so, see `lake_name`."""

    def __init__(self, catalog: LakeCatalog) -> None:
        self.catalog = catalog

    def watermark(self, table: str, log: str = "") -> int:
        snapshot = self.catalog.snapshot(lake_name(table))
        return 0 if snapshot is None else int(snapshot.marks.get(mark_name(log), 0))

    def append(
        self,
        table: str,
        columns: Sequence[Column],
        rows: Sequence[Mapping[str, Any]],
        watermark: int,
        *,
        log: str = "",
        after: int | None = None,
        note: Mapping[str, str] | None = None,
    ) -> bool:
        # Arrow and the Iceberg library take seconds to load; who only reads state never waits for them
        from warehouse.lake.commits import Batch, commit

        batch = Batch(columns, rows, watermark, log, after, note or {})
        with self._trouble_of(table):
            return commit(self.catalog.iceberg, lake_name(table), batch)

    def keep_quick(self, table: str) -> None:
        snapshot = self.catalog.snapshot(lake_name(table))
        if snapshot is None or not snapshot.is_crowded:
            return
        from warehouse.lake.compaction import tidy

        with self._trouble_of(table):
            tidy(self.catalog.iceberg.load_table(lake_name(table)))

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        """Merge, expire and clean up; the lake keeps all rows, whatever their age."""
        from warehouse.lake.upkeep import tidy_lake

        with self._trouble_of(*self.catalog.locations()):
            return tidy_lake(self.catalog, dry_run=dry_run)

    def evolve(self, table: str, changes: Sequence[ColumnChange]) -> int:
        from warehouse.lake.evolution import evolve

        with self._trouble_of(table):
            return evolve(self.catalog.iceberg, lake_name(table), changes)

    def tag(self, table: str, label: str) -> None:
        from warehouse.lake.evolution import tag

        with self._trouble_of(table):
            tag(self.catalog.iceberg, lake_name(table), label)

    def tags(self, table: str) -> list[str]:
        snapshot = self.catalog.snapshot(lake_name(table))
        return sorted(snapshot.tags) if snapshot else []

    def roll_back(self, table: str, label: str) -> None:
        from warehouse.lake.evolution import roll_back

        with self._trouble_of(table):
            roll_back(self.catalog.iceberg, lake_name(table), label)

    def forget(self, table: str, column: str, value: int | str, *, dry_run: bool = False) -> int:
        from pyiceberg.exceptions import CommitFailedException, NoSuchTableError

        from warehouse.lake.forgetting import forget

        with self._trouble_of(table), suppress(CommitFailedException, NoSuchTableError):
            return forget(self.catalog.iceberg.load_table(lake_name(table)), column, value, dry_run=dry_run)
        return 0

    def tables(self) -> list[TableInfo]:
        """The tables by name; `rows` counts every version of a row, see `QueryEngine.counts`."""
        return [
            TableInfo(name, _sql_columns(found), found.rows, found.changed_at)
            for name, found in self.catalog.snapshots().items()
        ]

    def held(self, table: str, columns: Sequence[str]) -> set[tuple[Any, ...]]:
        name = lake_name(table)
        snapshot = self.catalog.snapshot(name)
        if snapshot is None or not snapshot.columns.keys() >= set(columns):
            return set()
        with self._trouble_of(table):
            rows = self.catalog.iceberg.load_table(name).scan(selected_fields=tuple(columns)).to_arrow()
        return set(zip(*(rows.column(column).to_pylist() for column in columns), strict=True))

    @contextmanager
    def _trouble_of(self, *tables: str) -> Iterator[None]:
        """What the catalogue, the disk or a damaged file says, as errors of ours."""
        names = [lake_name(table) for table in tables]
        refusals = refusals_of_disk(f"{', '.join(names)} could not be used")
        with refusals, self.catalog.errors(), blamed_on_files(self.catalog, *names):
            yield


def _sql_columns(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    return tuple((name, sql_type(kind)) for name, kind in snapshot.columns.items())


def sql_type(kind: str) -> str:
    """An Iceberg type as the query engine calls it."""
    if kind.startswith("list<"):
        return sql_type(kind[5:-1]) + "[]"
    return _SQL_TYPES.get(kind, kind.replace(" ", "").upper())
