"""The catalogue of the lake: which tables there are, and where the metadata of each lies."""

from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy import URL, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from core.errors import RetryLater
from warehouse.engines import address_of, answers_of, engine_for, file_of
from warehouse.heap import share_heaps
from warehouse.snapshots import Snapshot, parse_metadata

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

NAME = "lake"
SETTING = "SDP_CATALOG_URI"
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
        with self.errors():
            try:
                return SqlCatalog(NAME, **properties)
            except DatabaseError:
                # another process made the catalogue's own tables at the same moment
                return SqlCatalog(NAME, **properties)

    def locations(self) -> dict[str, str]:
        """Where the current metadata of each table lies, by the name of the table."""
        with self.errors(), self._engine.connect() as connection:
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

    def errors(self) -> AbstractContextManager[None]:
        """Errors of the catalogue's database as ours."""
        return answers_of("The catalogue of the lake", self._address, SETTING)

    @cached_property
    def _address(self) -> URL:
        return address_of(self._url, SETTING)

    @cached_property
    def _engine(self) -> Engine:
        if file_of(self._address) is None:
            return engine_for(self._address, SETTING)
        # in the address, because the Iceberg library offers no other way to make SQLite wait for another writer
        engine = engine_for(self._address.update_query_dict({"timeout": str(_BUSY_SECONDS)}), SETTING)
        with self.errors(), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        return engine


def _read(location: str) -> Snapshot:
    parts = urlsplit(location)
    if parts.scheme in ("", "file"):
        return parse_metadata(location, Path(url2pathname(parts.path)).read_bytes())
    from pyiceberg.io import load_file_io

    with load_file_io({}, location).new_input(location).open() as file:
        return parse_metadata(location, file.read())
