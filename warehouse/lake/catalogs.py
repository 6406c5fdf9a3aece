"""The catalogue of the lake: which tables there are, and where the metadata of each lies."""

from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Engine, TextClause, inspect, text
from sqlalchemy.exc import DatabaseError

from core.errors import Damaged, RetryLater
from warehouse.files import ASIDE, local_path
from warehouse.lake.heap import share_heaps
from warehouse.lake.snapshots import Snapshot, parse_metadata
from warehouse.state.engines import answers_of, database_address, engine_for, file_of

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

NAME = "lake"
METADATA = ".metadata.json"
SETTING = "SDP_CATALOG_URI"
CHECK = "Run python -m jobs check."
# seconds that SQLite waits for another writer of the catalogue
_BUSY_SECONDS = 30
_FILE_IO = "warehouse.lake.durable.DurableFileIO"

_LOCATIONS = text(
    "SELECT table_namespace || '.' || table_name, metadata_location FROM iceberg_tables WHERE catalog_name = :catalog"
)

_SAME = (
    "WHERE catalog_name = :catalog AND table_namespace = :namespace AND table_name = :table"
    " AND metadata_location = :before"
)
_POINT = text(f"UPDATE iceberg_tables SET metadata_location = :location, previous_metadata_location = :before {_SAME}")
_FORGET = text(f"DELETE FROM iceberg_tables {_SAME}")


class LakeCatalog:
    """Tables by name on an SQL catalogue.

    Looking tables up needs neither the Iceberg library nor Arrow, which take seconds to load; writing loads them.
    """

    def __init__(self, url: str, warehouse: str) -> None:
        self.warehouse = warehouse
        self._url = url
        self._known: dict[str, Snapshot] = {}
        self._file: int | None = None

    @cached_property
    def iceberg(self) -> "Catalog":
        """The catalogue as the Iceberg library speaks to it."""
        from pyiceberg.catalog.sql import SqlCatalog

        share_heaps()
        address = self._engine.url.render_as_string(hide_password=False)
        properties = {"uri": address, "warehouse": self.warehouse, "py-io-impl": _FILE_IO}
        with self.errors():
            try:
                return SqlCatalog(NAME, **properties)
            except DatabaseError:
                # another process made the catalogue's own tables at the same moment
                return SqlCatalog(NAME, **properties)

    def locations(self) -> dict[str, str]:
        """Where the current metadata of each table lies, by the name of the table."""
        self._renew()
        with self.errors(), self._engine.connect() as connection:
            if not inspect(connection).has_table("iceberg_tables"):
                return self._none()
            rows = connection.execute(_LOCATIONS, {"catalog": NAME})
            return {name: location for name, location in rows if location}

    def _none(self) -> dict[str, str]:
        """A lake that nobody has written to has no catalogue; one that holds tables has lost it."""
        if tables := tables_on_disk(self.warehouse):
            said = f"The catalogue of the lake is lost: {', '.join(tables)} are there, and it does not list them."
            raise Damaged(said, CHECK)
        return {}

    def _renew(self) -> None:
        """Connect again when another file took the place of the catalogue: into the one before nobody looks."""
        file = file_of(self._address)
        if file is None:
            return
        try:
            present = file.stat().st_ino
        except FileNotFoundError:
            self._none()
            present = None
        if self._file != present and "_engine" in self.__dict__:
            self._engine.dispose()
            for made in ("_engine", "iceberg"):
                self.__dict__.pop(made, None)
        self._file = present

    def point(self, name: str, location: str, before: str) -> None:
        """Let a table continue from another metadata file; nothing happens when somebody changed it meanwhile."""
        self._change(_POINT, name, {"location": location, "before": before})

    def forget(self, name: str, before: str) -> None:
        """Let a table be made anew by whoever writes to it next; its files stay."""
        self._change(_FORGET, name, {"before": before})

    def _change(self, statement: TextClause, name: str, values: dict[str, str]) -> None:
        namespace, _, table = name.partition(".")
        with self.errors(), self._engine.begin() as connection:
            connection.execute(statement, values | {"catalog": NAME, "namespace": namespace, "table": table})

    def snapshot(self, name: str) -> Snapshot | None:
        """The current state of a table; None when there is no such table."""
        return self.snapshots(name).get(name)

    def snapshots(self, *names: str) -> dict[str, Snapshot]:
        """The current state of some tables, or of all."""
        before: dict[str, str] = {}
        for _ in range(3):
            found = self.locations()
            try:
                return {name: self._at(name, found[name]) for name in sorted(found) if not names or name in names}
            except FileNotFoundError as error:
                if found == before:
                    raise Damaged(f"A table of the lake has lost its metadata: {error.filename}.", CHECK) from error
                # many commits came in between, and the file has been cleaned up: look again
                before = found
        raise RetryLater("The lake changes faster than it can be read.", "Try again.")

    def _at(self, name: str, location: str) -> Snapshot:
        known = self._known.get(name)
        # metadata files never change, so what was read of one stays true
        if known is None or known.location != location:
            try:
                known = self._known[name] = _read(location)
            except (ValueError, TypeError, KeyError, AttributeError, StopIteration) as error:
                raise Damaged(f"The metadata of the table {name} are damaged: {location}.", CHECK) from error
        return known

    def errors(self) -> AbstractContextManager[None]:
        """Errors of the catalogue's database as ours."""
        return answers_of("The catalogue of the lake", self._address, SETTING)

    @cached_property
    def _address(self) -> URL:
        return database_address(self._url, SETTING)

    @cached_property
    def _engine(self) -> Engine:
        if file_of(self._address) is None:
            return engine_for(self._address, SETTING)
        # in the address, because the Iceberg library offers no other way to make SQLite wait for another writer
        engine = engine_for(self._address.update_query_dict({"timeout": str(_BUSY_SECONDS)}), SETTING)
        with self.errors(), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        return engine


def tables_on_disk(warehouse: str) -> dict[str, Path]:
    """The folder of each table, by its name; none where the lake is not in local files."""
    root = local_path(warehouse)
    if root is None:
        return {}
    folders = {path.parent.parent for path in root.glob(f"*/*/metadata/*{METADATA}")}
    return {f"{folder.parent.name}.{folder.name}": folder for folder in sorted(folders) if ASIDE not in folder.name}


def _read(location: str) -> Snapshot:
    if path := local_path(location):
        return parse_metadata(location, path.read_bytes())
    from pyiceberg.io import load_file_io

    with load_file_io({}, location).new_input(location).open() as file:
        return parse_metadata(location, file.read())
