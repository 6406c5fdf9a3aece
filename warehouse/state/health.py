"""Strikes and last results of sources, in the state."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from core.model import Health
from warehouse.state.database import Database, add
from warehouse.state.metadata import health
from warehouse.state.rows import noun_of, row_of


class SqlHealthStore:
    """HealthStore on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, source_id: str) -> Health:
        with self._database.read() as connection:
            return _health(connection, source_id)

    def success(self, source_id: str, at: datetime) -> Health:
        return self._change(source_id, {"strikes": 0, "last_success_at": at})

    def failure(self, source_id: str, error: str, at: datetime) -> Health:
        return self._change(source_id, {"strikes": health.c.strikes + 1, "last_failure_at": at, "last_error": error})

    def _change(self, source_id: str, changes: dict[str, Any]) -> Health:
        with self._database.write() as connection:
            add(connection, health, row_of(Health(source_id=source_id)))
            connection.execute(update(health).where(health.c.source_id == source_id).values(changes))
            return _health(connection, source_id)


def _health(connection: Connection, source_id: str) -> Health:
    row = connection.execute(select(health).where(health.c.source_id == source_id)).first()
    return Health(source_id=source_id) if row is None else noun_of(Health, row)
