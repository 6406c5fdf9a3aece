"""The tables that a query sees: views on the lake beside the operational state.

Only what a query names is brought up to date, so a query costs what it reads and not what there is.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from core.model.schema import SchemaVersion, VersionState
from warehouse.lake.catalogs import LakeCatalog
from warehouse.lake.snapshots import Snapshot
from warehouse.names import quoted
from warehouse.query.silver_views import nothing_yet, silver_view
from warehouse.query.state_views import Operations
from warehouse.state.database import Database
from warehouse.state.schemas import SqlSchemaStore

if TYPE_CHECKING:
    from warehouse.query.process import QueryProcess

# where all rows of a table are shown, when its own name shows the current ones
_WHOLE = {"extracted": "history", "silver": "silver_history"}
_ASKS_FOR_ALL = re.compile(r"\b(show|information_schema|duckdb_\w+|pg_catalog|sqlite_master)\b")

# Of all rows, those of the version of each page that was fetched last, as the extractor promoted last read it.
# A version counts as fetched again when it came back after another one. A row without a `_row_id` only says that
# a version holds nothing for this table, so that the rows of the version before are not taken for current.
_CURRENT = """
CREATE OR REPLACE VIEW extracted.{name} AS
WITH versions AS (
    SELECT _url, _document_id, _extractor_id, max(_fetched_at) AS fetched_at FROM history.{name} GROUP BY ALL
), ranked AS (
    SELECT _document_id, _extractor_id, row_number() OVER (
        PARTITION BY _url
        ORDER BY coalesce(returned_at, fetched_at) DESC, _document_id, promoted_at DESC NULLS LAST, _extractor_id
    ) AS place
    FROM versions
    LEFT JOIN internal.returned ON document_id = _document_id
    LEFT JOIN internal.promoted ON extractor_id = _extractor_id
)
SELECT rows.* FROM history.{name} AS rows SEMI JOIN (FROM ranked WHERE place = 1) AS current
ON rows._document_id = current._document_id AND rows._extractor_id = current._extractor_id
WHERE rows._row_id IS NOT NULL
"""
_RANKED_BY = {"_row_id", "_url", "_document_id", "_extractor_id", "_fetched_at"}


class Views:
    """Keeps the schemas bronze, extracted, history, silver and state of engines up to date."""

    def __init__(self, catalog: LakeCatalog, database: Database) -> None:
        self._catalog = catalog
        self._operations = Operations(database)
        self._schemas = SqlSchemaStore(database)

    def names(self) -> list[str]:
        """Every table a query may name."""
        lake = list(self._catalog.locations())
        history = [name.replace("extracted.", "history.", 1) for name in lake if name.startswith("extracted.")]
        state = [name for name in Operations.names if name.startswith("state.")]
        return sorted([*lake, *history, *state])

    def bring_up_to_date(self, engine: "QueryProcess", sql: str) -> None:
        """Make every table that the text may name show in an engine what is there now."""
        said = sql.lower()
        state = [name for name in Operations.names if _names(said, *name.split("."))]
        self._operations.bring_up_to_date(engine, state)
        lake = named(self._catalog.locations(), sql)
        if lake:
            self._show_lake(engine, lake)

    def _show_lake(self, engine: "QueryProcess", names: Sequence[str]) -> None:
        internal = [name for name in Operations.names if name.startswith("internal.")]
        self._operations.bring_up_to_date(engine, internal)
        for name, snapshot in self._catalog.snapshots(*names).items():
            versions = self._schemas.versions(name.partition(".")[2]) if name.startswith("silver.") else []
            state = " ".join([snapshot.location, *(f"{version.number} {version.state}" for version in versions)])
            if engine.shown.get(name) != state:
                self._show_table(engine, name, snapshot, versions)
                engine.shown[name] = state

    def _show_table(
        self, engine: "QueryProcess", name: str, snapshot: Snapshot, versions: Sequence[SchemaVersion]
    ) -> None:
        namespace, _, table = name.partition(".")
        self._show(engine, name, f"{_WHOLE.get(namespace, namespace)}.{quoted(table)}", snapshot)
        for label, snapshot_id in snapshot.tags.items():
            self._show_tag(engine, name, label, snapshot, snapshot_id, versions)
        if namespace == "silver":
            view, rows = f"silver.{quoted(table)}", f"silver_history.{quoted(table)}"
            active = next((version for version in versions if version.state is VersionState.ACTIVE), None)
            waits = bool(versions) and active is None
            engine.define(
                nothing_yet(view, rows) if waits else silver_view(view, rows, snapshot.columns.keys(), active)
            )
        if namespace == "extracted":
            ranked = snapshot.columns.keys() >= _RANKED_BY
            current = _CURRENT if ranked else "CREATE OR REPLACE VIEW extracted.{name} AS FROM history.{name}"
            engine.define(current.format(name=quoted(table)))

    def _show_tag(
        self,
        engine: "QueryProcess",
        name: str,
        label: str,
        snapshot: Snapshot,
        snapshot_id: int,
        versions: Sequence[SchemaVersion],
    ) -> None:
        """A kept state of a table: all its rows, or where it is the first of a version, those of the version."""
        namespace, _, table = name.partition(".")
        version = next((version for version in versions if label == version.label), None)
        kept = quoted(f"{table}@{label}")
        if version is None:
            self._show(engine, name, f"{namespace}.{kept}", snapshot, snapshot_id)
            return
        self._show(engine, name, f"silver_history.{kept}", snapshot, snapshot_id)
        engine.define(silver_view(f"silver.{kept}", f"silver_history.{kept}", snapshot.tag_columns[label], version))

    def _show(
        self, engine: "QueryProcess", name: str, shown: str, snapshot: Snapshot, snapshot_id: int | None = None
    ) -> None:
        """Make a view of a state of the table: the present one, or that of a snapshot."""
        if engine.reads_iceberg:
            location = quoted(snapshot.location, "'")
            at = "" if snapshot_id is None else f", snapshot_from_id = {snapshot_id}"
            engine.define(f"CREATE OR REPLACE VIEW {shown} AS SELECT * FROM iceberg_scan({location}{at})")
        else:
            scan = self._catalog.iceberg.load_table(name).scan(snapshot_id=snapshot_id)
            engine.copy(shown, scan.to_arrow())


def named(tables: Iterable[str], sql: str) -> list[str]:
    """The tables of the lake that a query may speak of."""
    said = sql.lower()
    return [name for name in tables if _names(said, *name.split("."))]


def _names(said: str, namespace: str, table: str) -> bool:
    """Whether a query in lower case may speak of a table; too often is harmless."""
    spaces = ("extracted", "history") if namespace == "extracted" else (namespace,)
    return (table in said and any(space in said for space in spaces)) or bool(_ASKS_FOR_ALL.search(said))
