"""Commits of rows to an Iceberg table, exactly once.

The watermark travels in the same commit as the rows. The library must not retry by itself: it would append our
rows on top of somebody else's commit that already holds them. So each try looks at the newest watermark first.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError, TableAlreadyExistsError
from pyiceberg.table import Table, Transaction
from sqlalchemy.exc import IntegrityError

from core.errors import RetryLater
from core.events import Column
from warehouse.lake.chunks import RowChunks
from warehouse.lake.columns import DROPPED, RENAMED, Evolved, LakeColumn, plan
from warehouse.lake.compaction import summary
from warehouse.lake.iceberg_types import arrow_type, iceberg_type
from warehouse.lake.retries import tried_again
from warehouse.lake.snapshots import marks_of
from warehouse.names import mark_name

# the Iceberg library takes about a millisecond for each Arrow batch, whatever its size
BATCH_ROWS = 200_000

PROPERTIES = {
    "commit.retry.num-retries": "0",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "10",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
    # the level of the Parquet library itself: higher ones take longer and save little
    "write.parquet.compression-level": "1",
    # and its size of dictionaries: columns of ids outgrow a larger one only later
    "write.parquet.dict-size-bytes": "1048576",
}


class Batch(NamedTuple):
    """Rows with their columns, and the number of the last message of a log that they came from.

    `after` is the watermark that it follows on: a batch of which somebody else has written a part must be read anew.
    `note` stands in the summary of the snapshot.
    """

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    watermark: int
    log: str = ""
    after: int | None = None
    note: Mapping[str, str] = {}


def commit(catalog: Catalog, name: str, batch: Batch) -> bool:
    """Append the batch to the table, made or widened as needed; False when the table is that far already.

    Raises:
        RetryLater: other writers were always faster. Nothing is lost, as with every error of the disk or the
            catalogue: the watermark tells whether the rows came in.
    """
    cells = RowChunks.of(batch.rows)
    try:
        return tried_again(lambda: _try_commit(catalog, name, batch, cells))
    except CommitFailedException:
        said = f"Others kept changing {name} while we tried to add rows."
        raise RetryLater(said, "Try again in a while.", after=5) from None


def _try_commit(catalog: Catalog, name: str, batch: Batch, cells: RowChunks) -> bool:
    table = _open(catalog, name, batch, cells)
    marks, name_of_mark = marks_of(table.properties, summary(table)), mark_name(batch.log)
    mark = int(marks.get(name_of_mark, 0))
    if mark >= batch.watermark or batch.after not in (None, mark):
        return False
    known = {field.name: str(field.field_type) for field in table.schema().fields}
    planned = plan(batch.columns, cells.keys, known, _evolved(table))
    new_mark = {name_of_mark: str(batch.watermark)}
    transaction = table.transaction()
    _widen(transaction, [column for column in planned if column.name not in known])
    transaction.set_properties(new_mark)
    transaction.append(_arrow(planned, cells), snapshot_properties=dict(batch.note) | new_mark)
    transaction.commit_transaction()
    return True


def _evolved(table: Table) -> Evolved:
    properties = table.properties
    return Evolved(json.loads(properties.get(RENAMED, "{}")), frozenset(json.loads(properties.get(DROPPED, "[]"))))


def _open(catalog: Catalog, name: str, batch: Batch, cells: RowChunks) -> Table:
    try:
        return catalog.load_table(name)
    except NoSuchTableError:
        _create_namespace(catalog, name.partition(".")[0])
    schema = _schema(plan(batch.columns, cells.keys, {}))
    try:
        return catalog.create_table(name, schema, properties=PROPERTIES)
    except TableAlreadyExistsError:
        return catalog.load_table(name)


def _create_namespace(catalog: Catalog, namespace: str) -> None:
    try:
        catalog.create_namespace_if_not_exists(namespace)
    except IntegrityError:
        # another writer made it between the library's look and its insert
        return


def _widen(transaction: Transaction, added: Sequence[LakeColumn]) -> None:
    if not added:
        return
    with transaction.update_schema() as update:
        for column in added:
            update.add_column(column.name, iceberg_type(column.type, column.many))


def _schema(planned: Sequence[LakeColumn]) -> pa.Schema:
    return pa.schema([(column.name, arrow_type(column.type, column.many)) for column in planned])


def _arrow(planned: Sequence[LakeColumn], cells: RowChunks) -> pa.Table:
    schema = _schema(planned)
    chunks = pa.Table.from_batches((_arrays(planned, schema, *chunk) for chunk in cells.chunks()), schema)
    return pa.Table.from_batches(chunks.combine_chunks().to_batches(max_chunksize=BATCH_ROWS), schema)


def _arrays(
    planned: Sequence[LakeColumn], schema: pa.Schema, size: int, values: Mapping[str, Sequence[Any]]
) -> pa.RecordBatch:
    none = [None] * size
    found = [column.cells(values.get(column.key, none)) for column in planned]
    arrays = [pa.array(cells, field.type) for cells, field in zip(found, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
