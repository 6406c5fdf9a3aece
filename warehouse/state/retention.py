"""Forgets what the state need not remember for ever."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select

from core.model import TaskState
from core.ports import Chore
from warehouse.state.database import Database
from warehouse.state.metadata import runs, tasks


class StateRetention:
    """Upkeep of the tasks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        """Forget tasks that ended well, or were cancelled, before that time; failed ones wait for a person."""
        with self._database.write() as connection:
            count = int(connection.execute(select(func.count()).select_from(tasks).where(_old(before))).scalar_one())
            if count and not dry_run:
                connection.execute(delete(tasks).where(_old(before)))
        return [Chore("forget tasks that are done", count)] if count else []


def _old(before: datetime) -> ColumnElement[bool]:
    """Tasks of a run that is still open are kept: they tell what it has done already."""
    is_open = exists().where(runs.c.run_id == tasks.c.run_id, runs.c.finished_at.is_(None))
    return tasks.c.state.in_((TaskState.DONE, TaskState.CANCELLED)) & (tasks.c.finished_at < before) & ~is_open
