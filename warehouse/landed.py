"""Which messages are in which table of the lake, in the state."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select

from warehouse.database import Database, add, upsert
from warehouse.metadata import documents, landed, landed_marks

# databases limit the number of values in one statement
_CHUNK = 500
DOCUMENTS = "bronze.documents"


class SqlLanded:
    """Landed on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, table: str, message_ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(message_ids), _CHUNK):
                some = landed.c.message_id.in_(message_ids[start : start + _CHUNK])
                query = select(landed.c.message_id).where(landed.c.table_name == table, some)
                found.update(connection.execute(query).scalars())
        return found

    def record(self, table: str, log: str, number: int, message_ids: Sequence[str]) -> None:
        rows = [{"table_name": table, "message_id": message_id} for message_id in message_ids]
        with self._database.write() as connection:
            if rows:
                add(connection, landed, *rows)
            upsert(connection, landed_marks, {"table_name": table, "log": log, "number": number})

    def noted(self, table: str, log: str) -> int:
        same = (landed_marks.c.table_name == table, landed_marks.c.log == log)
        with self._database.read() as connection:
            return int(connection.execute(select(landed_marks.c.number).where(*same)).scalar() or 0)

    def missing(self, since: datetime, until: datetime) -> list[str]:
        there = exists().where(landed.c.table_name == DOCUMENTS, landed.c.message_id == documents.c.document_id)
        fetched = (documents.c.fetched_at >= since, documents.c.fetched_at < until)
        with self._database.read() as connection:
            return list(connection.execute(select(documents.c.document_id).where(*fetched, ~there)).scalars())
