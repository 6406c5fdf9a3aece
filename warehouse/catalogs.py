"""The catalogue of the lake: which tables there are, and where the metadata of each lies."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError

from core.errors import RetryLater
from core.private import private_file
from warehouse.heap import share_heaps
from warehouse.snapshots import Snapshot, parse_metadata

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

NAME = "lake"
_BUSY_SECONDS = 30
_FILE_IO = "warehouse.durable.DurableFileIO"

_LOCATIONS = text(
    "SELECT table_namespace || '.' || table_name, metadata_location FROM iceberg_tables WHERE catalog_name = :catalog"
)


class LakeCatalog:
    """Tables by name on an SQL catalogue.

    Looking tables up needs neither the Iceberg library nor Arrow, which take seconds to load; writing loads them.
    """

    def __init__(self, url: str, warehouse: str) -> None:
        self.warehouse = warehouse
        self._url = url
        self._known: dict[str, Snapshot] = {}

    @cached_property
    def iceberg(self) -> "Catalog":
        """The catalogue as the Iceberg library speaks to it."""
        from pyiceberg.catalog.sql import SqlCatalog

        share_heaps()
        address = self._engine.url.render_as_string(hide_password=False)
        properties = {"uri": address, "warehouse": self.warehouse, "py-io-impl": _FILE_IO}
        try:
            return SqlCatalog(NAME, **properties)
        except DatabaseError:
            # another process made the catalogue's own tables at the same moment
            return SqlCatalog(NAME, **properties)

    def locations(self) -> dict[str, str]:
        """Where the current metadata of each table lies, by the name of the table."""
        with self._engine.connect() as connection:
            if not inspect(connection).has_table("iceberg_tables"):
                return {}
            rows = connection.execute(_LOCATIONS, {"catalog": NAME})
            return {name: location for name, location in rows if location}

    def snapshot(self, name: str) -> Snapshot | None:
        """The current state of a table; None when there is no such table."""
        return self.snapshots(name).get(name)

    def snapshots(self, *names: str) -> dict[str, Snapshot]:
        """The current state of some tables, or of all."""
        for _ in range(3):
            try:
                found = self.locations()
                return {name: self._at(name, found[name]) for name in sorted(found) if not names or name in names}
            except FileNotFoundError:
                # many commits came in between, and the file has been cleaned up: look again
                continue
        raise RetryLater("The lake changes faster than it can be read.", "Try again.")

    def _at(self, name: str, location: str) -> Snapshot:
        known = self._known.get(name)
        # metadata files never change, so what was read of one stays true
        if known is None or known.location != location:
            known = self._known[name] = _read(location)
        return known

    @cached_property
    def _engine(self) -> Engine:
        address = make_url(self._url)
        if address.get_backend_name() != "sqlite":
            return create_engine(address)
        if address.database:
            private_file(Path(address.database))
        # in the address, because the Iceberg library offers no other way to make SQLite wait for another writer
        engine = create_engine(address.update_query_dict({"timeout": str(_BUSY_SECONDS)}))
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        return engine


def _read(location: str) -> Snapshot:
    parts = urlsplit(location)
    if parts.scheme in ("", "file"):
        return parse_metadata(location, Path(url2pathname(parts.path)).read_bytes())
    from pyiceberg.io import load_file_io

    with load_file_io({}, location).new_input(location).open() as file:
        return parse_metadata(location, file.read())
