"""The sources, in the state."""

from sqlalchemy import delete, select

from core.errors import UnknownName
from core.model import Source
from warehouse.state.database import Database, upsert
from warehouse.state.metadata import frontier, health, sources, tasks
from warehouse.state.rows import noun_of, row_of


class SqlSourceStore:
    """SourceStore on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, source: Source) -> None:
        with self._database.write(receipt=True) as connection:
            upsert(connection, sources, row_of(source))

    def get(self, source_id: str) -> Source:
        with self._database.read() as connection:
            row = connection.execute(select(sources).where(sources.c.source_id == source_id)).first()
        if row is None:
            raise _unknown(source_id)
        return noun_of(Source, row)

    def all(self) -> list[Source]:
        with self._database.read() as connection:
            found = connection.execute(select(sources).order_by(sources.c.name, sources.c.source_id)).all()
        return [noun_of(Source, row) for row in found]

    def remove(self, source_id: str) -> None:
        with self._database.write(receipt=True) as connection:
            gone = connection.execute(delete(sources).where(sources.c.source_id == source_id))
            if gone.rowcount == 0:
                raise _unknown(source_id)
            connection.execute(delete(frontier).where(frontier.c.source_id == source_id))
            connection.execute(delete(tasks).where(tasks.c.source_id == source_id))
            connection.execute(delete(health).where(health.c.source_id == source_id))


def _unknown(source_id: str) -> UnknownName:
    return UnknownName(f"There is no source {source_id}.", "List the sources to see their ids.")
