"""The flow: runs and their tasks, how full the streams are, who works, and what got stuck."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.agents.orchestrator import RUNS_BACK, Orchestrator
from core.disk.refusals import why_not_written
from core.errors import BadInput, UnknownName
from core.events import DeadLetter, DocumentStored, Event, Message, Stream, StreamLevel, event_of
from core.flow.failures import open_failures
from core.flow.lake_writer import LakeWriter
from core.model import AGENT_LOOP, Lease, Run, Task, TaskState
from core.ports import (
    Clock,
    ConsumerGroups,
    DeadLetters,
    EventBroker,
    KeyValue,
    Leases,
    RunStore,
    SourceStore,
    TaskQueue,
)
from core.settings import Settings

# failed tasks that are looked at; a person sees no more than some dozens anyhow
MOST_FAILURES = 1000
# the bucket of the workers' signs of life, and the key that stops all of them
WORKERS = "workers"
FLOW, PAUSED = "flow", "paused"


@dataclass(frozen=True)
class Flow:
    """What people see of the work, and the word that they have in it."""

    _queue: TaskQueue
    _runs: RunStore
    _sources: SourceStore
    _broker: EventBroker
    _groups: ConsumerGroups
    _keys: KeyValue
    _leases: Leases
    _dead_letters: DeadLetters
    _writer: LakeWriter
    _orchestrator: Orchestrator
    _clock: Clock
    _settings: Settings

    # ---- runs and tasks -----------------------------------------------------------------------------------------
    def run_now(self, source_id: str, reason: str = "asked for") -> Run:
        """Start a run, also of a source that is paused; the open one when there is one."""
        return self._orchestrator.start_run(self._sources.get(source_id), reason)

    def runs(self, source_id: str = "", *, open_only: bool = False, limit: int = 50) -> list[Run]:
        """Runs, newest first."""
        return self._runs.find(source_id, open_only=open_only, limit=limit)

    def tasks(
        self, *, source_id: str = "", run_id: str = "", states: Sequence[TaskState] = (), limit: int = 200
    ) -> list[Task]:
        """Tasks, newest first."""
        return self._queue.find(source_id=source_id, run_id=run_id, states=states, limit=limit)

    def failures(self) -> list[Task]:
        """The failed tasks that wait for a person, newest first; what went well since has settled the others."""
        failed = self._queue.find(states=(TaskState.FAILED,), limit=MOST_FAILURES)
        return open_failures(failed, lambda source_id: self._runs.find(source_id, limit=RUNS_BACK))

    def cancel(self, name: str) -> int:
        """A person's word: close a run, or cancel a task, also one that failed and needs nothing more; the number of
        tasks that were taken back.

        Raises:
            UnknownName: neither a run nor a task has this id.
        """
        with suppress(UnknownName):
            return self._orchestrator.cancel(name)
        self._queue.change(name, TaskState.CANCELLED)
        return 1

    # ---- pausing ------------------------------------------------------------------------------------------------
    def pause(self, task_id: str = "") -> None:
        """A person's word: put a waiting task aside, or, without one, let no worker take a task.

        What is in hand is finished, and what was fetched is read.
        """
        if task_id:
            self._queue.change(task_id, TaskState.PAUSED)
        else:
            self._keys.put(FLOW, PAUSED, self._clock.now().isoformat().encode())

    def resume(self, task_id: str = "") -> None:
        """A person's word: let a task that was put aside, or that failed, be done, or, without one, let workers take
        tasks again.
        """
        if task_id:
            self._queue.change(task_id, TaskState.WAITING)
        else:
            self._keys.delete(FLOW, PAUSED)

    def is_paused(self) -> bool:
        """Whether all work is paused."""
        return self._keys.get(FLOW, PAUSED) is not None

    # ---- who works, and how full the streams are ----------------------------------------------------------------
    def loop(self) -> Lease | None:
        """Who runs the agent loop, or did until the lease ran out."""
        return self._leases.current(AGENT_LOOP)

    def workers(self) -> dict[str, datetime]:
        """The last sign of life of each worker process that is alive."""
        signs = {name: self._keys.get(WORKERS, name) for name in self._keys.keys(WORKERS)}
        seen = {name: datetime.fromisoformat(sign.value.decode()) for name, sign in signs.items() if sign}
        since = self._clock.now() - timedelta(seconds=2 * self._settings.lease_seconds)
        for name in [name for name, at in seen.items() if at < since - timedelta(hours=1)]:
            self._keys.delete(WORKERS, name)
        return {name: at for name, at in seen.items() if at >= since}

    def blocked(self) -> str:
        """Why nothing can be written to the data folder at this moment; "" where nothing speaks against it."""
        return why_not_written(self._settings.folder.state)

    def levels(self) -> list[StreamLevel]:
        """How full each stream is for each of its groups and for the lake."""
        levels = self._groups.levels()
        published = {level.stream: level.published for level in levels}
        lake = [level._replace(published=published[level.stream]) for level in self._writer.levels()]
        read = {level.stream for level in levels if level.group} | {level.stream for level in lake}
        kept = [level for level in levels if level.group or level.stream not in read]
        return sorted([*kept, *lake], key=lambda level: list(Stream).index(level.stream))

    def events(self, limit: int = 50) -> list[Message]:
        """The newest events over all streams, newest first."""
        return self._broker.tail(limit)

    # ---- what was given up on -----------------------------------------------------------------------------------
    def letters(self, limit: int = 100) -> list[DeadLetter]:
        """The dead letters, newest first."""
        return self._dead_letters.find(limit=limit)

    def redeliver(self, letter_id: str) -> None:
        """A person's word: deliver a dead letter again. Its task, which waited for a person, is closed."""
        letter = self._dead_letters.get(letter_id)
        event = event_of(letter.message)
        self._broker.publish([event.model_copy(update={"copy_number": event.copy_number + 1})])
        self._close_task(event)
        self._dead_letters.remove(letter_id)

    def discard(self, letter_id: str) -> None:
        """A person's word: forget a dead letter; its task, which waited for a person, is closed."""
        letter = self._dead_letters.get(letter_id)
        with suppress(BadInput):
            # a damaged message does not say whose task it was
            self._close_task(event_of(letter.message))
        self._dead_letters.remove(letter_id)

    def _close_task(self, event: Event) -> None:
        if isinstance(event, DocumentStored) and event.task is not None:
            most = self._runs.get(event.task.run_id).failed
            failed = self._queue.find(run_id=event.task.run_id, states=(TaskState.FAILED,), limit=most)
            if event.task.task_id in {task.task_id for task in failed}:
                self._queue.change(event.task.task_id, TaskState.CANCELLED)
