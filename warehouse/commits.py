"""Commits of rows to an Iceberg table, exactly once.

The watermark travels in the same commit as the rows. The library must not retry by itself: it would append our
rows on top of somebody else's commit that already holds them. So each try looks at the newest watermark first.
"""

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError, TableAlreadyExistsError
from pyiceberg.table import Table, Transaction
from sqlalchemy.exc import IntegrityError, OperationalError

from core.errors import RetryLater
from core.events import Column
from warehouse.columns import DROPPED, RENAMED, Evolved, LakeColumn, plan
from warehouse.iceberg import arrow_type, iceberg_type
from warehouse.maintenance import summary, tidy
from warehouse.snapshots import mark_name, marks_of

TRIES = 12
# rows whose cells are gathered column by column while they are still in the processor's cache
CHUNK_ROWS = 2000

PROPERTIES = {
    "commit.retry.num-retries": "0",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "10",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
    # the level of the Parquet library itself: higher ones take longer and save little
    "write.parquet.compression-level": "1",
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
        RetryLater: other writers were always faster, the catalogue does not answer, or the disk is full. Nothing
            is lost: the watermark tells whether the rows came in.
    """
    for pause in _pauses():
        try:
            return _try_commit(catalog, name, batch)
        except CommitFailedException:
            time.sleep(pause)
        except (OperationalError, OSError) as error:
            raise RetryLater(f"{name} could not be written: {error}.", "Check the disk space.") from error
    raise RetryLater(f"Others kept changing {name} while we tried to add rows.", "Try again in a while.", after=5)


def _pauses() -> Iterator[float]:
    return (random.uniform(0.5, 1) * min(2.0, 0.02 * 2**number) for number in range(TRIES))


def _try_commit(catalog: Catalog, name: str, batch: Batch) -> bool:
    table = _open(catalog, name, batch)
    marks, name_of_mark = marks_of(table.properties, summary(table)), mark_name(batch.log)
    mark = int(marks.get(name_of_mark, 0))
    if mark >= batch.watermark or batch.after not in (None, mark):
        return False
    known = {field.name: str(field.field_type) for field in table.schema().fields}
    planned = plan(batch.columns, batch.rows, known, _evolved(table))
    new_mark = {name_of_mark: str(batch.watermark)}
    transaction = table.transaction()
    _widen(transaction, [column for column in planned if column.name not in known])
    transaction.set_properties(new_mark)
    transaction.append(_arrow(planned, batch.rows), snapshot_properties=dict(batch.note) | new_mark)
    tidy(transaction.commit_transaction())
    return True


def _evolved(table: Table) -> Evolved:
    properties = table.properties
    return Evolved(json.loads(properties.get(RENAMED, "{}")), frozenset(json.loads(properties.get(DROPPED, "[]"))))


def _open(catalog: Catalog, name: str, batch: Batch) -> Table:
    try:
        return catalog.load_table(name)
    except NoSuchTableError:
        _create_namespace(catalog, name.partition(".")[0])
    try:
        return catalog.create_table(name, _arrow(plan(batch.columns, batch.rows, {}), ()).schema, properties=PROPERTIES)
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


def _arrow(planned: Sequence[LakeColumn], rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = pa.schema([(column.name, arrow_type(column.type, column.many)) for column in planned])
    starts = range(0, len(rows), CHUNK_ROWS)
    return pa.Table.from_batches(
        (_arrays(planned, schema, rows[start : start + CHUNK_ROWS]) for start in starts), schema
    )


def _arrays(planned: Sequence[LakeColumn], schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    arrays = [pa.array(column.cells(rows), field.type) for column, field in zip(planned, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
