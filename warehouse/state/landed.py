"""Which messages are in which table of the lake, in the state."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select

from warehouse.names import lake_name, mark_name
from warehouse.state.database import IDS_A_STATEMENT, Database, add, upsert
from warehouse.state.metadata import documents, landed, landed_marks

DOCUMENTS = "bronze.documents"


class SqlLanded:
    """Landed on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, table: str, message_ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(message_ids), IDS_A_STATEMENT):
                some = landed.c.message_id.in_(message_ids[start : start + IDS_A_STATEMENT])
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

    def tables(self) -> list[str]:
        with self._database.read() as connection:
            return list(connection.execute(select(landed_marks.c.table_name).distinct()).scalars())

    def all(self, table: str) -> set[str]:
        with self._database.read() as connection:
            return set(connection.execute(select(landed.c.message_id).where(landed.c.table_name == table)).scalars())

    def forget(self, table: str, message_ids: Collection[str]) -> None:
        ids = list(message_ids)
        with self._database.write(receipt=True) as connection:
            for start in range(0, len(ids), IDS_A_STATEMENT):
                some = landed.c.message_id.in_(ids[start : start + IDS_A_STATEMENT])
                connection.execute(delete(landed).where(landed.c.table_name == table, some))

    def marks(self, lake_table: str) -> dict[str, int]:
        """How far a table of the lake was noted to be with each log, under the names of its watermarks."""
        with self._database.read() as connection:
            rows = connection.execute(select(landed_marks)).all()
        return {mark_name(row.log): int(row.number) for row in rows if lake_name(row.table_name) == lake_table}

    def missing(self, since: datetime, until: datetime) -> list[str]:
        there = exists().where(landed.c.table_name == DOCUMENTS, landed.c.message_id == documents.c.document_id)
        fetched = (documents.c.fetched_at >= since, documents.c.fetched_at < until)
        with self._database.read() as connection:
            return list(connection.execute(select(documents.c.document_id).where(*fetched, ~there)).scalars())
