"""Durable work with leases: the task queue, in the state.

A claim is one transaction; its token fences off a worker that was given up for dead and wakes up again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, Update, and_, bindparam, func, or_, select, update

from core.errors import Conflict, LeaseLost, UnknownName
from core.model import OPEN_TASKS, Task, TaskKind, TaskState
from core.ports import Clock, Report
from warehouse.state.database import IDS_A_STATEMENT, Database, add
from warehouse.state.metadata import UtcDateTime, runs, tasks
from warehouse.state.rows import noun_of, row_of

_FINAL = (TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED)
_HELD = (TaskState.RUNNING, TaskState.EXTRACTING)
# the event of a document that was handed over is read long before, unless its log was lost
HANDED_OVER_SECONDS = 3600.0
# a lease further off than any can have been given belongs to a clock that was ahead
LONGEST_LEASE_SECONDS = 2 * HANDED_OVER_SECONDS
_URGENCY = (tasks.c.priority.desc(), tasks.c.not_before, tasks.c.created_at, tasks.c.task_id)


class TaskLimits(NamedTuple):
    """How many tasks may run at a time, on one host and in total; 0 sets no limit."""

    per_host: int = 0
    in_total: int = 0


NO_LIMITS = TaskLimits()


class SqlTaskQueue:
    """TaskQueue on the state database. A claim counts as one of the task's attempts."""

    def __init__(self, database: Database, clock: Clock, limits: TaskLimits = NO_LIMITS) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits

    def enqueue(self, new: Iterable[Task]) -> int:
        rows = [row_of(task) for task in new]
        if not rows:
            return 0
        with self._database.write() as connection:
            return add(connection, tasks, *rows)

    def claim(self, worker: str, seconds: float, *, kinds: Sequence[TaskKind] = (), limit: int = 1) -> list[Task]:
        with self._database.read() as connection:
            # an idle worker asks often; it must not take the write lock to hear that there is nothing
            if not _next(connection, self._clock.now(), kinds, self._limits, 1):
                return []
        with self._database.exclusive() as connection:
            now = self._clock.now()
            claim = {"state": TaskState.RUNNING, "worker": worker, "lease_until": now + timedelta(seconds=seconds)}
            rows = _next(connection, now, kinds, self._limits, limit)
            _lease(connection, rows, claim)
        # made when others need not wait for it any more
        return [_claimed(row, claim) for row in rows]

    def report(self, task: Task, counts: Mapping[str, int] | None = None) -> None:
        if self.report_all([Report(task, counts or {})]):
            raise _lost(task)

    def report_all(self, reports: Sequence[Report]) -> list[Task]:
        now = self._clock.now()
        changes = [(report, _reported(report.task, now)) for report in reports]
        with self._database.write() as connection:
            tokens = _held_tokens(connection, [report.task.task_id for report in reports])
            ours, late = [], []
            for report, changed in changes:
                if tokens.get(report.task.task_id) == report.task.token:
                    del tokens[report.task.task_id]
                    ours.append((report, changed))
                else:
                    late.append(report.task)
            _store(connection, [changed for _, changed in ours])
            _count(connection, [report for report, _ in ours])
        return late

    def renew(self, task: Task, seconds: float) -> None:
        # not of a task that was handed over: it has a longer lease than any worker gives
        ours = (tasks.c.task_id == task.task_id, tasks.c.token == task.token, tasks.c.state == TaskState.RUNNING)
        until = self._clock.now() + timedelta(seconds=seconds)
        with self._database.write() as connection:
            if connection.execute(update(tasks).where(*ours).values(lease_until=until)).rowcount == 0:
                raise _lost(task)

    def find(
        self,
        *,
        source_id: str = "",
        run_id: str = "",
        states: Sequence[TaskState] = (),
        said: str = "",
        limit: int = 200,
    ) -> list[Task]:
        query = select(tasks).order_by(tasks.c.created_at.desc(), tasks.c.task_id.desc()).limit(limit)
        if source_id:
            query = query.where(tasks.c.source_id == source_id)
        if run_id:
            query = query.where(tasks.c.run_id == run_id)
        if states:
            query = query.where(tasks.c.state.in_(states))
        if said:
            query = query.where(tasks.c.message.contains(said, autoescape=True))
        with self._database.read() as connection:
            return [noun_of(Task, row) for row in connection.execute(query)]

    def count(self, run_id: str) -> int:
        fetches = (tasks.c.run_id == run_id, tasks.c.kind == TaskKind.FETCH)
        query = select(func.count()).select_from(tasks).where(*fetches)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def change(self, task_id: str, state: TaskState) -> None:
        if state not in (TaskState.WAITING, TaskState.PAUSED, TaskState.CANCELLED):
            raise Conflict(f"A person cannot make a task {state}.", "Choose waiting, paused or cancelled.")
        with self._database.write() as connection:
            known = connection.execute(select(tasks.c.state).where(tasks.c.task_id == task_id)).first()
            if known is None:
                raise UnknownName(f"There is no task {task_id}.", "List the tasks to see their ids.")
            if known.state in _HELD and state is not TaskState.CANCELLED:
                raise Conflict(f"Task {task_id} is running.", "Wait until it is done or cancel it.")
            if known.state in _FINAL and state is TaskState.PAUSED:
                raise Conflict(f"Task {task_id} is {known.state}.", "Only a task that waits can be paused.")
            changes = _decided(state, self._clock.now())
            connection.execute(update(tasks).where(tasks.c.task_id == task_id).values(changes))

    def cancel(self, run_id: str) -> int:
        still_open = (tasks.c.run_id == run_id, tasks.c.state.in_(OPEN_TASKS))
        changes = _decided(TaskState.CANCELLED, self._clock.now())
        with self._database.write() as connection:
            return connection.execute(update(tasks).where(*still_open).values(changes)).rowcount


def _held_tokens(connection: Connection, task_ids: Sequence[str]) -> dict[str, int]:
    """The tokens of those of the tasks that somebody holds."""
    found: dict[str, int] = {}
    for start in range(0, len(task_ids), IDS_A_STATEMENT):
        rows = connection.execute(_TOKENS, {"ids": task_ids[start : start + IDS_A_STATEMENT]})
        found |= {row.task_id: row.token for row in rows}
    return found


def _store(connection: Connection, changes: Iterable[dict[str, Any]]) -> None:
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for changed in changes:
        alike[tuple(changed)].append(changed)
    for names, rows in alike.items():
        connection.execute(_update(names), rows)


def _count(connection: Connection, reports: Iterable[Report]) -> None:
    more: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for task, counts in reports:
        more[task.run_id].update(counts)
    for run_id, counts in more.items():
        if counts:
            connection.execute(_more(tuple(counts)), {"the_run": run_id, **counts})


# statements that are asked thousands of times a minute are built once
_TOKENS = (
    select(tasks.c.task_id, tasks.c.token)
    .where(tasks.c.task_id.in_(bindparam("ids", expanding=True)), tasks.c.state.in_(_HELD))
    .with_for_update()
)


@cache
def _update(names: tuple[str, ...]) -> Update:
    changed: dict[str, Any] = {name: bindparam(name) for name in names if name != "the_task"}
    return update(tasks).where(tasks.c.task_id == bindparam("the_task")).values(changed)


@cache
def _more(counts: tuple[str, ...]) -> Update:
    more = {runs.c[name]: runs.c[name] + bindparam(name) for name in counts}
    return update(runs).where(runs.c.run_id == bindparam("the_run")).values(more)


def _next(
    connection: Connection, now: datetime, kinds: Sequence[TaskKind], limits: TaskLimits, most: int
) -> list[Row[Any]]:
    """The most urgent task that is due, and up to `most` in all that may be claimed with it."""
    room = min(most, limits.in_total - _running(connection, now)) if limits.in_total else most
    if room <= 0:
        return []
    values = {"now": now, "far": now + timedelta(seconds=LONGEST_LEASE_SECONDS), "kinds": list(kinds), "most": room}
    if limits.per_host:
        values["per_host"] = limits.per_host
    queries = _candidates(bool(kinds), bool(limits.per_host))
    due = sorted((row for query in queries for row in connection.execute(query, values)), key=_urgency)[:room]
    return list(takewhile(_burdens_nobody, due)) or due[:1]


def _urgency(row: Row[Any]) -> tuple[Any, ...]:
    return -row.priority, row.not_before, row.created_at, row.task_id


def _burdens_nobody(row: Row[Any]) -> bool:
    """A fetch that may be claimed with others. One whose worker was lost may be why: it is done alone."""
    return row.kind == TaskKind.FETCH and not row.host and row.state == TaskState.WAITING


_NOW = bindparam("now", type_=UtcDateTime)
_FAR = bindparam("far", type_=UtcDateTime)
_ALIVE = (tasks.c.state == TaskState.RUNNING, tasks.c.lease_until > _NOW, tasks.c.lease_until <= _FAR)


def _running(connection: Connection, now: datetime) -> int:
    query = select(func.count()).select_from(tasks).where(*_ALIVE)
    return int(
        connection.execute(query, {"now": now, "far": now + timedelta(seconds=LONGEST_LEASE_SECONDS)}).scalar_one()
    )


@cache
def _candidates(some_kinds: bool, some_hosts: bool) -> tuple[Select[Any], ...]:
    """The most urgent tasks of each kind that are due; built once, since every worker asks several times a second.

    A task made in the future, and a lease further off than any was given, are of a clock that was set back since.
    """
    due = (
        and_(tasks.c.state == TaskState.WAITING, or_(tasks.c.not_before <= _NOW, tasks.c.created_at > _NOW)),
        and_(tasks.c.state.in_(_HELD), tasks.c.lease_until <= _NOW),
        and_(tasks.c.state.in_(_HELD), tasks.c.lease_until > _FAR),
    )
    return tuple(_candidate(condition, some_kinds, some_hosts) for condition in due)


def _candidate(due: ColumnElement[bool], some_kinds: bool, some_hosts: bool) -> Select[Any]:
    query = select(tasks).where(due).order_by(*_URGENCY).limit(bindparam("most"))
    if some_kinds:
        query = query.where(tasks.c.kind.in_(bindparam("kinds", expanding=True)))
    if some_hosts:
        busy = select(tasks.c.host).where(*_ALIVE, tasks.c.host != "").group_by(tasks.c.host)
        query = query.where(tasks.c.host.not_in(busy.having(func.count() >= bindparam("per_host"))))
    return query.with_for_update(skip_locked=True)


def _lease(connection: Connection, rows: Sequence[Row[Any]], claim: Mapping[str, Any]) -> None:
    counted = {"token": tasks.c.token + 1, "attempts": tasks.c.attempts + 1}
    if rows:
        claimed = tasks.c.task_id.in_([row.task_id for row in rows])
        connection.execute(update(tasks).where(claimed).values({**claim, **counted}))


def _claimed(row: Row[Any], claim: Mapping[str, Any]) -> Task:
    return noun_of(Task, row).model_copy(update={**claim, "token": row.token + 1, "attempts": row.attempts + 1})


def _reported(task: Task, now: datetime) -> dict[str, Any]:
    kept = {name: getattr(task, name) for name in ("state", "progress", "message", "error", "not_before")}
    changed = {"the_task": task.task_id} | kept
    if task.state is TaskState.RUNNING:
        return changed
    until = now + timedelta(seconds=HANDED_OVER_SECONDS) if task.state is TaskState.EXTRACTING else None
    return changed | {"worker": "", "lease_until": until, "finished_at": now if task.state in _FINAL else None}


def _lost(task: Task) -> LeaseLost:
    return LeaseLost(
        f"Task {task.task_id} is no longer ours.", "Drop the result: whoever holds the task does it again."
    )


def _decided(state: TaskState, now: datetime) -> dict[str, Any]:
    if state is TaskState.CANCELLED:
        # with the next token: whoever is at it finds out when it reports
        return {"state": state, "finished_at": now, "token": tasks.c.token + 1, "worker": "", "lease_until": None}
    if state is TaskState.PAUSED:
        return {"state": state}
    return {"state": state, "not_before": now, "attempts": 0, "error": "", "finished_at": None}
