"""Tries at repairing sources, counted so that neither a restart, a second process nor a clock set back gives more."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from core.errors import UnknownName
from core.model import FixAttempt, FixState, stable_id
from warehouse.state.database import Database, add, upsert
from warehouse.state.metadata import fixes

DAY = timedelta(hours=24)


class SqlFixStore:
    """FixStore on the state database. Tries of a source are numbered; a number can be taken once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, source_id: str, at: datetime, limit: int) -> FixAttempt | None:
        with self._database.write(receipt=True) as connection:
            if not _left(connection, source_id, at, limit):
                return None
            number = _made(connection, source_id) + 1
            attempt_id = stable_id("fix", source_id, number)
            attempt = FixAttempt(attempt_id=attempt_id, source_id=source_id, started_at=at, state=FixState.STARTED)
            return attempt if add(connection, fixes, _row(attempt, number)) else None

    def left(self, source_id: str, at: datetime, limit: int) -> int:
        with self._database.read() as connection:
            return _left(connection, source_id, at, limit)

    def save(self, attempt: FixAttempt) -> None:
        with self._database.write(receipt=True) as connection:
            number = connection.execute(
                select(fixes.c.number).where(fixes.c.attempt_id == attempt.attempt_id)
            ).scalar_one()
            upsert(connection, fixes, _row(attempt, number))

    def get(self, attempt_id: str) -> FixAttempt:
        with self._database.read() as connection:
            found = connection.execute(select(fixes.c.attempt).where(fixes.c.attempt_id == attempt_id)).scalar()
        if found is None:
            raise UnknownName(f"There is no repair {attempt_id}.", "See the repairs of a source under Doctor.")
        return FixAttempt.model_validate(found)

    def find(self, source_id: str = "", limit: int = 50) -> list[FixAttempt]:
        query = select(fixes.c.attempt).order_by(fixes.c.started_at.desc(), fixes.c.number.desc()).limit(limit)
        if source_id:
            query = query.where(fixes.c.source_id == source_id)
        with self._database.read() as connection:
            return [FixAttempt.model_validate(found) for found in connection.execute(query).scalars()]


def _left(connection: Connection, source_id: str, at: datetime, limit: int) -> int:
    """What the rolling day leaves of the limit; tries after now, by a clock that was ahead, count too."""
    return max(0, limit - _made(connection, source_id, at - DAY))


def _made(connection: Connection, source_id: str, since: datetime | None = None) -> int:
    query = select(func.count()).select_from(fixes).where(fixes.c.source_id == source_id)
    return int(connection.execute(query if since is None else query.where(fixes.c.started_at > since)).scalar_one())


def _row(attempt: FixAttempt, number: int) -> dict[str, object]:
    return {
        "attempt_id": attempt.attempt_id,
        "source_id": attempt.source_id,
        "number": number,
        "started_at": attempt.started_at,
        "attempt": attempt.model_dump(mode="json"),
    }
