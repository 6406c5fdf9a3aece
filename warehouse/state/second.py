"""Second readers, in the state."""

from sqlalchemy import select

from core.blueprint.migrate import blueprint_of
from core.model.second import SecondReader
from warehouse.state.database import Database, upsert
from warehouse.state.metadata import second_readers


class SqlSecondReaders:
    """SecondReaders on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, extractor_id: str) -> SecondReader | None:
        query = select(second_readers.c.reader).where(second_readers.c.extractor_id == extractor_id)
        with self._database.read() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            return None
        stored = found["blueprint"]
        return SecondReader.model_validate(found | {"blueprint": blueprint_of(stored) if stored else None})

    def save(self, reader: SecondReader) -> None:
        row = {
            "extractor_id": reader.extractor_id,
            "learned_at": reader.learned_at,
            "reader": reader.model_dump(mode="json"),
        }
        with self._database.write() as connection:
            upsert(connection, second_readers, row)
