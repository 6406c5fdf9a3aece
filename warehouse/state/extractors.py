"""The registry of extractor versions, in the state, with each module also as a file that a person can read."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Text, cast, func, select, update

from core.blueprint.migrate import blueprint_of
from core.errors import UnknownName
from core.model import Blueprint, Extractor, ExtractorState
from core.ports import Clock
from warehouse.files import write_durably
from warehouse.names import folder_name
from warehouse.state.database import Database, insert
from warehouse.state.metadata import extractors
from warehouse.state.rows import noun_from, row_of

_BLUEPRINT = cast(extractors.c.blueprint, Text).label("blueprint")
_ALL = select(*(_BLUEPRINT if column.name == "blueprint" else column for column in extractors.columns))


class SqlExtractorStore:
    """ExtractorStore on the state database; modules under `folder`/<source>/<template>/v<version>.py."""

    def __init__(self, database: Database, folder: Path, clock: Clock) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock

    def stage(self, extractor: Extractor) -> Extractor:
        """Keep a new version. The same `extractor_id` again gives back what was kept the first time."""
        with self._database.write(receipt=True) as connection:
            known = _find(connection, extractor.extractor_id)
            if known is not None:
                return known
            version = _last_version(connection, extractor.source_id, extractor.template) + 1
            staged = extractor.model_copy(update={"version": version, "state": ExtractorState.STAGED})
            # before the commit: a version that is known always has its file
            write_durably(self.path(staged), staged.code.encode())
            connection.execute(insert(connection.dialect.name, extractors).values(row_of(staged)))
            return staged

    def promote(self, extractor_id: str) -> Extractor:
        with self._database.write(receipt=True) as connection:
            chosen = _get(connection, extractor_id)
            same = (extractors.c.source_id == chosen.source_id, extractors.c.template == chosen.template)
            before = (*same, extractors.c.state == ExtractorState.ACTIVE, extractors.c.extractor_id != extractor_id)
            connection.execute(update(extractors).where(*before).values(state=ExtractorState.RETIRED))
            connection.execute(
                update(extractors)
                .where(extractors.c.extractor_id == extractor_id)
                .values(state=ExtractorState.ACTIVE, promoted_at=self._clock.now())
            )
            return _get(connection, extractor_id)

    def get(self, extractor_id: str) -> Extractor:
        with self._database.read() as connection:
            return _get(connection, extractor_id)

    def active(self, source_id: str, template: str) -> Extractor | None:
        wanted = (
            extractors.c.source_id == source_id,
            extractors.c.template == template,
            extractors.c.state == ExtractorState.ACTIVE,
        )
        with self._database.read() as connection:
            row = connection.execute(_ALL.where(*wanted)).first()
        return None if row is None else _extractor(row)

    def versions(self, source_id: str, template: str = "") -> list[Extractor]:
        query = _ALL.where(extractors.c.source_id == source_id)
        if template:
            query = query.where(extractors.c.template == template)
        newest = (extractors.c.created_at.desc(), extractors.c.template, extractors.c.version.desc())
        with self._database.read() as connection:
            return [_extractor(row) for row in connection.execute(query.order_by(*newest))]

    def path(self, extractor: Extractor) -> Path:
        """Where the module of a version lies."""
        home = self._folder / folder_name(extractor.source_id) / folder_name(extractor.template)
        return home / f"v{extractor.version}.py"


def _find(connection: Connection, extractor_id: str) -> Extractor | None:
    row = connection.execute(_ALL.where(extractors.c.extractor_id == extractor_id)).first()
    return None if row is None else _extractor(row)


def _extractor(row: Row[Any]) -> Extractor:
    blueprint = noun_from(Blueprint, _blueprint, row.blueprint)
    return noun_from(Extractor, Extractor.model_validate, {**row._mapping, "blueprint": blueprint})


@lru_cache(maxsize=100)
def _blueprint(text: str) -> Blueprint:
    """The same object each time: what reading makes ready for a blueprint is kept by it."""
    return blueprint_of(text)


def _get(connection: Connection, extractor_id: str) -> Extractor:
    found = _find(connection, extractor_id)
    if found is None:
        raise UnknownName(f"There is no extractor {extractor_id}.", "List the versions of the source.")
    return found


def _last_version(connection: Connection, source_id: str, template: str) -> int:
    same = (extractors.c.source_id == source_id, extractors.c.template == template)
    return int(connection.execute(select(func.max(extractors.c.version)).where(*same)).scalar() or 0)
