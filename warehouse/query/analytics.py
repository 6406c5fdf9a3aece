"""The DuckDB instance that answers queries: in memory, locked down, in a process of its own (worker)."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from warehouse.names import quoted

SCHEMAS = ("bronze", "extracted", "history", "silver", "silver_history", "state", "internal")


class Analytics:
    """A DuckDB that reads the lake and nothing else: no other file, no network, no further setting.

    `reads_iceberg` tells whether the packaged extensions for it could be loaded; without them rows come through Arrow.
    """

    def __init__(self, folders: Sequence[str], extensions: Sequence[str], memory: int) -> None:
        self._duckdb = duckdb.connect()
        self.reads_iceberg = bool(extensions) and _load_extensions(self._duckdb, extensions)
        for schema in SCHEMAS:
            self._duckdb.execute(f"CREATE SCHEMA {schema}")
        _lock_down(self._duckdb, folders, memory)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for one query: what it sets or prepares is gone with it."""
        return self._duckdb.cursor()

    def copy(self, name: str, rows: pa.Table) -> None:
        """Make a table of these rows, or replace it."""
        cursor = self.cursor()
        cursor.register("incoming", rows)
        cursor.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
        cursor.close()


def _load_extensions(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> bool:
    try:
        import duckdb_ext

        duckdb_ext.init(connection)
        for name in names:
            # DuckDB checks the signature of the packaged file
            connection.execute(f"LOAD {name}")
    except (ImportError, duckdb.Error):
        return False
    return True


def _lock_down(connection: duckdb.DuckDBPyConnection, folders: Sequence[str], memory: int) -> None:
    allowed = ", ".join(quoted(folder.rstrip("/") + "/", "'") for folder in folders)
    for setting in (
        "TimeZone = 'UTC'",
        f"memory_limit = '{memory}B'",
        "temp_directory = ''",
        "python_enable_replacements = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"allowed_directories = [{allowed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
