"""What becomes of tasks: they are made here, and reported on here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from core.errors import PipelineError, RetryLater
from core.events import TaskFailed
from core.model import FetchRequest, Task, TaskKind, TaskState, Visit, stable_id
from core.ports import Clock, EventBroker, Frontier, Report, TaskQueue


def new_task(
    kind: TaskKind, source_id: str, run_id: str, payload: dict[str, object], now: datetime, priority: int = 0
) -> Task:
    """A task that is due at once; what is asked for twice in a run gets the same id."""
    subject = payload.get("url") or payload.get("draft_id") or ""
    return Task(
        task_id=stable_id(run_id, kind, subject),
        kind=kind,
        source_id=source_id,
        run_id=run_id,
        payload=payload,
        state=TaskState.WAITING,
        created_at=now,
        not_before=now,
        priority=priority,
        host=urlsplit(str(payload.get("url", ""))).netloc,
    )


def fetch_tasks(requests: Iterable[FetchRequest], run_id: str, now: datetime) -> Iterator[Task]:
    """A task for each address."""
    for request in requests:
        payload = request.model_dump(mode="json", exclude={"source_id"}, exclude_defaults=True)
        yield new_task(TaskKind.FETCH, request.source_id, run_id, payload, now)


def ended(task: Task, message: str, **counts: int) -> Report:
    """Says that it went well; the counts are added to its run."""
    return Report(task.model_copy(update={"state": TaskState.DONE, "progress": 1.0, "message": message}), counts)


def handed_over(task: Task) -> Report:
    """Says that its document was fetched and waits to be read."""
    return Report(task.model_copy(update={"state": TaskState.EXTRACTING, "progress": 0.5, "message": "fetched"}))


@dataclass(frozen=True)
class Reports:
    """Says how claimed tasks ended. Every method raises LeaseLost when the task is no longer the claimer's."""

    queue: TaskQueue
    frontier: Frontier
    broker: EventBroker
    clock: Clock
    attempts: int

    def done(self, task: Task, message: str) -> None:
        """It went well."""
        self.queue.report(ended(task, message).task)

    def failed(self, task: Task, error: PipelineError) -> None:
        """It is tried again later where that may help, else it waits for a person."""
        if isinstance(error, RetryLater) and task.attempts < self.attempts:
            later = self.clock.now() + timedelta(seconds=error.after)
            update = {"state": TaskState.WAITING, "not_before": later, "error": str(error)}
            self.queue.report(task.model_copy(update=update))
            return
        self._give_up(task, error)

    def _give_up(self, task: Task, error: PipelineError) -> None:
        now = self.clock.now()
        event = TaskFailed(
            event_id=stable_id("failed", task.task_id, task.token),
            subject=task.source_id,
            at=now,
            source_id=task.source_id,
            task_id=task.task_id,
            run_id=task.run_id,
            url=str(task.payload.get("url", "")),
            error=str(error),
        )
        self.broker.publish([event])
        if task.kind is TaskKind.FETCH:
            # what fails for good must not stand in the way of what was not tried yet
            self.frontier.note(task.source_id, {str(task.payload["url"]): Visit.FAILED}, now)
        failed = task.model_copy(update={"state": TaskState.FAILED, "error": str(error), "finished_at": now})
        self.queue.report(failed, {"failed": 1} if task.kind is TaskKind.FETCH else {})
