"""Durable work with leases: the task queue, in the state.

A claim is one transaction; its token fences off a worker that was given up for dead and wakes up again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from core.errors import Conflict, LeaseLost, UnknownName
from core.model import Task, TaskKind, TaskState
from core.ports import Clock
from warehouse.database import Database, add
from warehouse.metadata import UtcDateTime, tasks
from warehouse.rows import noun_of, row_of

_FINAL = (TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED)
_DUE = {TaskState.WAITING: tasks.c.not_before, TaskState.RUNNING: tasks.c.lease_until}
_URGENCY = (tasks.c.priority.desc(), tasks.c.not_before, tasks.c.created_at, tasks.c.task_id)


class SqlTaskQueue:
    """TaskQueue on the state database. A claim counts as one of the task's attempts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def enqueue(self, new: Iterable[Task]) -> int:
        rows = [row_of(task) for task in new]
        if not rows:
            return 0
        with self._database.write() as connection:
            return add(connection, tasks, *rows)

    def claim(self, worker: str, seconds: float, *, kinds: Sequence[TaskKind] = ()) -> Task | None:
        with self._database.read() as connection:
            # an idle worker asks often; it must not take the write lock to hear that there is nothing
            if _next(connection, self._clock.now(), kinds) is None:
                return None
        with self._database.write() as connection:
            now = self._clock.now()
            row = _next(connection, now, kinds)
            return None if row is None else _lease(connection, row, worker, now + timedelta(seconds=seconds))

    def report(self, task: Task) -> None:
        self._change_held(task, _reported(task, self._clock.now()))

    def renew(self, task: Task, seconds: float) -> None:
        self._change_held(task, {"lease_until": self._clock.now() + timedelta(seconds=seconds)})

    def find(
        self, *, source_id: str = "", run_id: str = "", states: Sequence[TaskState] = (), limit: int = 200
    ) -> list[Task]:
        query = select(tasks).order_by(tasks.c.created_at.desc(), tasks.c.task_id.desc()).limit(limit)
        if source_id:
            query = query.where(tasks.c.source_id == source_id)
        if run_id:
            query = query.where(tasks.c.run_id == run_id)
        if states:
            query = query.where(tasks.c.state.in_(states))
        with self._database.read() as connection:
            return [noun_of(Task, row) for row in connection.execute(query)]

    def change(self, task_id: str, state: TaskState) -> None:
        if state not in (TaskState.WAITING, TaskState.CANCELLED):
            raise Conflict(f"A person cannot make a task {state}.", "Choose waiting or cancelled.")
        with self._database.write() as connection:
            known = connection.execute(select(tasks.c.state).where(tasks.c.task_id == task_id)).first()
            if known is None:
                raise UnknownName(f"There is no task {task_id}.", "List the tasks to see their ids.")
            idle = (tasks.c.task_id == task_id, tasks.c.state != TaskState.RUNNING)
            changes = _decided(state, self._clock.now())
            if connection.execute(update(tasks).where(*idle).values(changes)).rowcount == 0:
                raise Conflict(f"Task {task_id} is running.", "Wait until it is done or its lease runs out.")

    def _change_held(self, task: Task, changes: dict[str, Any]) -> None:
        held = (tasks.c.task_id == task.task_id, tasks.c.token == task.token, tasks.c.state == TaskState.RUNNING)
        with self._database.write() as connection:
            if connection.execute(update(tasks).where(*held).values(changes)).rowcount == 0:
                raise LeaseLost(
                    f"Task {task.task_id} is no longer ours.", "Drop the result: whoever holds the task does it again."
                )


def _next(connection: Connection, now: datetime, kinds: Sequence[TaskKind]) -> Row[Any] | None:
    values = {"now": now, "kinds": list(kinds)}
    candidates = (connection.execute(_candidate(state, bool(kinds)), values).first() for state in _DUE)
    found = [row for row in candidates if row is not None]
    return min(found, key=lambda row: (-row.priority, row.not_before, row.created_at, row.task_id), default=None)


@cache
def _candidate(state: TaskState, some_kinds: bool) -> Select[Any]:
    """The most urgent task of a state that is due; built once, since every worker asks several times a second."""
    due = _DUE[state] <= bindparam("now", type_=UtcDateTime)
    query = select(tasks).where(tasks.c.state == state, due).order_by(*_URGENCY).limit(1)
    if some_kinds:
        query = query.where(tasks.c.kind.in_(bindparam("kinds", expanding=True)))
    return query.with_for_update(skip_locked=True)


def _lease(connection: Connection, row: Row[Any], worker: str, until: datetime) -> Task:
    claim = {"state": TaskState.RUNNING, "worker": worker, "lease_until": until}
    counted = {"token": row.token + 1, "attempts": row.attempts + 1}
    connection.execute(update(tasks).where(tasks.c.task_id == row.task_id).values(claim | counted))
    return noun_of(Task, row).model_copy(update=claim | counted)


def _reported(task: Task, now: datetime) -> dict[str, Any]:
    changes = row_of(task)
    kept = {name: changes[name] for name in ("state", "progress", "message", "error", "not_before")}
    if task.state is TaskState.RUNNING:
        return kept
    return kept | {"worker": "", "lease_until": None, "finished_at": now if task.state in _FINAL else None}


def _decided(state: TaskState, now: datetime) -> dict[str, Any]:
    if state is TaskState.CANCELLED:
        return {"state": state, "finished_at": now}
    return {"state": state, "not_before": now, "attempts": 0, "error": "", "finished_at": None}
