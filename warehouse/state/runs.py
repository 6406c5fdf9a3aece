"""The runs of sources and their counts, in the state."""

from datetime import datetime

from sqlalchemy import select, update

from core.errors import UnknownName
from core.model import Run, Tally
from warehouse.state.database import Database, add
from warehouse.state.metadata import runs
from warehouse.state.rows import noun_of, row_of


class SqlRunStore:
    """RunStore on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, run: Run) -> bool:
        with self._database.write() as connection:
            return add(connection, runs, row_of(run)) > 0

    def get(self, run_id: str) -> Run:
        with self._database.read() as connection:
            row = connection.execute(select(runs).where(runs.c.run_id == run_id)).first()
        if row is None:
            raise _unknown(run_id)
        return noun_of(Run, row)

    def count(self, run_id: str, *, documents: int = 0, unchanged: int = 0, failed: int = 0, records: int = 0) -> None:
        more = {
            runs.c.documents: runs.c.documents + documents,
            runs.c.unchanged: runs.c.unchanged + unchanged,
            runs.c.failed: runs.c.failed + failed,
            runs.c.records: runs.c.records + records,
        }
        with self._database.write() as connection:
            if connection.execute(update(runs).where(runs.c.run_id == run_id).values(more)).rowcount == 0:
                raise _unknown(run_id)

    def finish(self, run_id: str, error: str, at: datetime) -> bool:
        still_open = (runs.c.run_id == run_id, runs.c.finished_at.is_(None))
        with self._database.write() as connection:
            if connection.execute(update(runs).where(*still_open).values(finished_at=at, error=error)).rowcount:
                return True
        self.get(run_id)
        return False

    def limited(self, run_id: str, by: str, tally: Tally) -> None:
        said = {"limited_by": by, "known": tally.known, "unread": tally.unread}
        with self._database.write() as connection:
            if connection.execute(update(runs).where(runs.c.run_id == run_id).values(said)).rowcount == 0:
                raise _unknown(run_id)

    def find(self, source_id: str = "", *, open_only: bool = False, limit: int = 50) -> list[Run]:
        query = select(runs).order_by(runs.c.started_at.desc(), runs.c.run_id.desc()).limit(limit)
        if source_id:
            query = query.where(runs.c.source_id == source_id)
        if open_only:
            query = query.where(runs.c.finished_at.is_(None))
        with self._database.read() as connection:
            return [noun_of(Run, row) for row in connection.execute(query)]


def _unknown(run_id: str) -> UnknownName:
    return UnknownName(f"There is no run {run_id}.", "List the runs of the source to see their ids.")
