"""Integrity of what an open pipeline holds: tables of the lake, and raw bytes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from core.disk.data_folder import OBJECTS, STATE, DataFolder
from core.errors import Damaged
from core.ports import Damage, Objects
from warehouse import journal
from warehouse.integrity.objects import Lost, from_archive, lost_objects
from warehouse.lake.catalogs import LakeCatalog
from warehouse.state.database import Database
from warehouse.state.metadata import metadata

CHECK = "python -m jobs check --mend leaves out what cannot be read, and fills it in again."
BACKUP = "Restore a backup into an empty folder: python -m jobs restore FILE.tar."
FETCH = "Run the source again, or restore the file from a backup."


class LakeIntegrity:
    """The port Integrity on Iceberg tables, an object store and the state."""

    def __init__(self, folder: DataFolder, catalog: LakeCatalog, database: Database, objects: Objects) -> None:
        self._folder = folder
        self._catalog = catalog
        self._database = database
        self._objects = objects

    def check(self, *, full: bool, mend: bool) -> list[Damage]:
        """Every table, then raw bytes: all of them when it is full, else some."""
        rows = self._rows_of_state() if full else ()
        return [*rows, *self._tables(full, mend), *self._bytes(full, mend)]

    def recent(self) -> list[tuple[datetime, Damage]]:
        return journal.recent(self._folder)

    def note(self, *damages: Damage) -> None:
        journal.note(self._folder, *damages)

    def _rows_of_state(self) -> Iterator[Damage]:
        """Values that are none, in a file that is sound otherwise."""
        for table in metadata.sorted_tables:
            try:
                with self._database.read() as connection:
                    for _row in connection.execution_options(yield_per=1000).execute(select(table)):
                        pass
            except Damaged as error:
                yield Damage(STATE, f"{table.name} cannot be read in full: {error.message}", BACKUP)

    def _tables(self, full: bool, mend: bool) -> Iterator[Damage]:
        # the Iceberg library and Arrow take seconds to load
        from warehouse.integrity import tables
        from warehouse.lake.torn_files import torn_files

        for name, location in sorted(self._catalog.locations().items()):
            torn = torn_files(location, full=full)
            done = tables.mend(self._catalog, name, location) if torn and mend else ""
            for one in torn:
                file = one.location.rpartition("/")[2]
                yield Damage(name, f"its file {file} cannot be read: {one.why}", CHECK, done and f"the table {done}")

    def _bytes(self, full: bool, mend: bool) -> Iterator[Damage]:
        found = lost_objects(self._database, self._objects, full=full)
        archive = journal.last_backup(self._folder) if found and mend else None
        for lost in found:
            wrong = f"{lost.why}: {lost.url} of {lost.source_id}"
            yield Damage(f"{OBJECTS}/{lost.digest}", wrong, FETCH, self._restored(lost, archive))

    def _restored(self, lost: Lost, archive: Path | None) -> str:
        content = from_archive(archive, lost.digest) if archive else None
        if content is None:
            return ""
        self._objects.remove(lost.digest)
        self._objects.put(lost.digest, content)
        return f"taken from the backup {archive}"
