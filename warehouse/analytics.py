"""The DuckDB instance that answers queries: in memory, locked down, shared by all threads of the process."""

from pathlib import Path

import duckdb
import pyarrow as pa

from core.errors import PartMissing

SCHEMAS = ("bronze", "extracted", "history", "silver", "silver_history", "state", "internal")
_MEMORY = "1GB"


class Analytics:
    """A DuckDB that reads the lake and nothing else: no other file, no network, no further setting.

    `reads_iceberg` tells whether the packaged extensions for it could be loaded; without them rows come through Arrow.
    """

    def __init__(self, folders: list[str]) -> None:
        self._duckdb = duckdb.connect()
        # avro first, because iceberg needs it
        self.reads_iceberg = _load_extensions(self._duckdb, "avro", "iceberg")
        for schema in SCHEMAS:
            self._duckdb.execute(f"CREATE SCHEMA {schema}")
        _lock_down(self._duckdb, folders)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for one query; it can be interrupted without disturbing the others."""
        return self._duckdb.cursor()

    def copy(self, name: str, rows: pa.Table) -> None:
        """Make a table of these rows, or replace it; queries under way keep the one they began with."""
        cursor = self.cursor()
        cursor.register("incoming", rows)
        cursor.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
        cursor.close()


def quoted(text: str, mark: str = '"') -> str:
    """The text as an SQL identifier, or with `'` as a literal."""
    return mark + text.replace(mark, mark + mark) + mark


def _load_extensions(connection: duckdb.DuckDBPyConnection, *names: str) -> bool:
    try:
        import duckdb_ext

        duckdb_ext.init(connection)
        for name in names:
            # DuckDB checks the signature of the packaged file
            connection.execute(f"LOAD {name}")
    except (ImportError, duckdb.Error):
        return False
    return True


def _lock_down(connection: duckdb.DuckDBPyConnection, folders: list[str]) -> None:
    allowed = ", ".join(quoted(folder.rstrip("/") + "/", "'") for folder in folders)
    for setting in (
        "TimeZone = 'UTC'",
        f"memory_limit = '{_MEMORY}'",
        "temp_directory = ''",
        "python_enable_replacements = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"allowed_directories = [{allowed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def folders_of(url: str) -> list[str]:
    """How the engine may spell the folder of a lake.

    Raises:
        PartMissing: the lake is not in local files.
    """
    if "://" in url and not url.startswith("file://"):
        raise PartMissing(f"Queries cannot read {url} yet.", "Keep the lake in local files.")
    path = url.removeprefix("file://")
    return [path, f"file://{path}", str(Path(path).resolve())]
