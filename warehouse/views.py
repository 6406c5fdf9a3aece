"""The tables that a query sees: views on the lake, and copies of the operational state.

Only what a query names is brought up to date, so a query costs what it reads and not what there is.
"""

import json
import re
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

import pyarrow as pa
from sqlalchemy import JSON, Boolean, ColumnElement, Float, Integer, Select, select

from warehouse.analytics import Analytics, quoted
from warehouse.catalogs import LakeCatalog
from warehouse.database import Database
from warehouse.metadata import UtcDateTime, documents, extractions, extractors, health, runs, sources, tasks
from warehouse.snapshots import Snapshot

# a module and a blueprint are read where extractors are shown, not in a table
_HIDDEN = {"blueprint", "code"}
STATE = {table.name: table for table in (sources, tasks, runs, health, extractors, extractions, documents)}

_ASKS_FOR_ALL = re.compile(r"\b(show|information_schema|duckdb_\w+|pg_catalog|sqlite_master)\b")

# Of all rows, those of the version of each page that was fetched last, as the extractor promoted last read it.
# A version counts as fetched again when it came back after another one.
_CURRENT = """
CREATE OR REPLACE VIEW extracted.{name} AS
WITH versions AS (
    SELECT _url, _document_id, _extractor_id, max(_fetched_at) AS fetched_at FROM history.{name} GROUP BY ALL
), ranked AS (
    SELECT _document_id, _extractor_id, row_number() OVER (
        PARTITION BY _url
        ORDER BY coalesce(returned.at, fetched_at) DESC, _document_id, promoted.at DESC NULLS LAST, _extractor_id
    ) AS place
    FROM versions
    LEFT JOIN internal.returned ON returned.id = _document_id
    LEFT JOIN internal.promoted ON promoted.id = _extractor_id
)
SELECT rows.* FROM history.{name} AS rows SEMI JOIN (FROM ranked WHERE place = 1) AS current
ON rows._document_id = current._document_id AND rows._extractor_id = current._extractor_id
"""
_RANKED_BY = {"_url", "_document_id", "_extractor_id", "_fetched_at"}

_INTERNAL = {
    "returned": select(documents.c.document_id.label("id"), documents.c.returned_at.label("at")).where(
        documents.c.returned_at.is_not(None)
    ),
    "promoted": select(extractors.c.extractor_id.label("id"), extractors.c.promoted_at.label("at")).where(
        extractors.c.promoted_at.is_not(None)
    ),
}


class Views:
    """Keeps the schemas bronze, extracted, history, silver and state of an engine up to date."""

    def __init__(self, analytics: Analytics, catalog: LakeCatalog, database: Database) -> None:
        self._analytics = analytics
        self._catalog = catalog
        self._database = database
        self._lock = Lock()
        self._shown: dict[str, str] = {}

    def names(self) -> list[str]:
        """Every table a query may name."""
        lake = list(self._catalog.locations())
        history = [name.replace("extracted.", "history.", 1) for name in lake if name.startswith("extracted.")]
        return sorted([*lake, *history, *(f"state.{name}" for name in STATE)])

    def bring_up_to_date(self, sql: str) -> None:
        """Make every table that the text may name show what is there now."""
        said = sql.lower()
        with self._lock:
            self._show_state(name for name in STATE if _names(said, "state", name))
            lake = [name for name in self._catalog.locations() if _names(said, *name.split("."))]
            if lake:
                self._show_lake(lake)

    def forget(self) -> None:
        """Look every table up again next time."""
        with self._lock:
            self._shown.clear()

    def _show_state(self, names: Iterable[str]) -> None:
        for name in names:
            shown = [column for column in STATE[name].columns if column.name not in _HIDDEN]
            self._copy(f"state.{name}", self._read(select(*shown)))

    def _show_lake(self, names: Sequence[str]) -> None:
        for name, query in _INTERNAL.items():
            self._copy(f"internal.{name}", self._read(query))
        for name, snapshot in self._catalog.snapshots(*names).items():
            if self._shown.get(name) != snapshot.location:
                self._show_table(name, snapshot)
                self._shown[name] = snapshot.location

    def _show_table(self, name: str, snapshot: Snapshot) -> None:
        namespace, _, table = name.partition(".")
        whole = f"{'history' if namespace == 'extracted' else namespace}.{quoted(table)}"
        cursor = self._analytics.cursor()
        if self._analytics.reads_iceberg:
            location = quoted(snapshot.location, "'")
            cursor.execute(f"CREATE OR REPLACE VIEW {whole} AS SELECT * FROM iceberg_scan({location})")
        else:
            self._copy(whole, self._catalog.iceberg.load_table(name).scan().to_arrow())
        if namespace == "extracted":
            ranked = snapshot.columns.keys() >= _RANKED_BY
            current = _CURRENT if ranked else "CREATE OR REPLACE VIEW extracted.{name} AS FROM history.{name}"
            cursor.execute(current.format(name=quoted(table)))

    def _read(self, query: Select[Any]) -> pa.Table:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        cells = list(zip(*rows, strict=True)) or [()] * len(query.selected_columns)
        arrays = [_array(column, values) for column, values in zip(query.selected_columns, cells, strict=True)]
        return pa.Table.from_arrays(arrays, names=[column.name for column in query.selected_columns])

    def _copy(self, name: str, rows: pa.Table) -> None:
        cursor = self._analytics.cursor()
        cursor.register("incoming", rows)
        cursor.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
        cursor.unregister("incoming")


def _names(said: str, namespace: str, table: str) -> bool:
    """Whether a query in lower case may speak of a table; too often is harmless."""
    spaces = ("extracted", "history") if namespace == "extracted" else (namespace,)
    return (table in said and any(space in said for space in spaces)) or bool(_ASKS_FOR_ALL.search(said))


def _array(column: ColumnElement[Any], values: Sequence[Any]) -> pa.Array:
    if isinstance(column.type, JSON):
        return pa.array([json.dumps(value, ensure_ascii=False) for value in values], pa.string())
    kinds = {UtcDateTime: pa.timestamp("us", "UTC"), Boolean: pa.bool_(), Integer: pa.int64(), Float: pa.float64()}
    return pa.array(
        values, next((kind for known, kind in kinds.items() if isinstance(column.type, known)), pa.string())
    )
