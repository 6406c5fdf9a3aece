"""The operational state as a query sees it: the schema state, and what the lake's views need to know of it.

It is copied, and only what a query names. The engine must not open an SQLite file itself: it brings an SQLite of its
own, and when that closes the file, the locks of this process are gone; the next process then removes the log under it.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Float,
    Integer,
    Select,
    Text,
    cast,
    select,
    type_coerce,
)

from warehouse.state.database import Database
from warehouse.state.metadata import (
    UtcDateTime,
    documents,
    extractions,
    extractors,
    frontier,
    health,
    runs,
    sources,
    tasks,
)

if TYPE_CHECKING:
    from warehouse.query.process import QueryProcess

# a module and a blueprint are read where extractors are shown, not in a table
_HIDDEN = {"blueprint", "code"}
_STATE = {table.name: table for table in (sources, tasks, runs, frontier, health, extractors, extractions, documents)}

_ARROW = {Boolean: pa.bool_(), Integer: pa.int64(), Float: pa.float64(), DateTime: pa.timestamp("us", "UTC")}


def _plain(column: Column[Any]) -> ColumnElement[Any]:
    """JSON as it is kept, since nobody needs it parsed on the way, and times as the driver reads them.

    Those without a zone are in UTC, to Arrow as to us.
    """
    if isinstance(column.type, UtcDateTime):
        return type_coerce(column, DateTime(timezone=True)).label(column.name)
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column


QUERIES: dict[str, Select[Any]] = {
    f"state.{name}": select(*(_plain(column) for column in table.columns if column.name not in _HIDDEN))
    for name, table in _STATE.items()
} | {
    "internal.returned": select(documents.c.document_id, _plain(documents.c.returned_at)).where(
        documents.c.returned_at.is_not(None)
    ),
    "internal.promoted": select(extractors.c.extractor_id, _plain(extractors.c.promoted_at)).where(
        extractors.c.promoted_at.is_not(None)
    ),
}


class Operations:
    """Shows the state in engines; `names` are the tables that can be shown."""

    names = tuple(sorted(QUERIES))

    def __init__(self, database: Database) -> None:
        self._database = database

    def bring_up_to_date(self, engine: "QueryProcess", names: Iterable[str]) -> None:
        """Make the tables show in an engine what is there now."""
        for name in names:
            engine.copy(name, self._rows(QUERIES[name]))

    def _rows(self, query: Select[Any]) -> pa.Table:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        columns = list(query.selected_columns)
        cells: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
        arrays = [_array(column, values) for column, values in zip(columns, cells, strict=True)]
        return pa.Table.from_arrays(arrays, names=[column.name for column in columns])


def _array(column: ColumnElement[Any], values: Sequence[Any]) -> pa.Array:
    kind = next((kind for known, kind in _ARROW.items() if isinstance(column.type, known)), pa.string())
    return pa.array(values, kind)
