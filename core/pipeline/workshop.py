"""The workshop: what whoever runs the loop does beyond what a person may."""

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from core.agents.orchestrator import Orchestrator
from core.errors import Conflict, LeaseLost
from core.events import ConsumerGroup, DocumentStored, Event, RunFinished, Stream
from core.flow.dispatcher import Dispatcher
from core.flow.filling import Filling
from core.flow.lake_writer import LakeWriter
from core.flow.lease_heartbeat import renewed
from core.flow.reading import Reading
from core.flow.readmission import Readmission
from core.flow.second_reading import SecondReading
from core.model import AGENT_LOOP, DUE_TASKS, Lease, Task, TaskKind
from core.pipeline.flow import WORKERS, Flow
from core.ports import Chore, Clock, ConsumerGroups, DeadLetters, KeyValue, Leases, TaskQueue, Upkeep
from core.settings import Settings

# the lease of whoever tidies up
UPKEEP = "upkeep"


def owner_name() -> str:
    """A name to take leases and tasks under that no other process has, also after its number is used again."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"


@dataclass(frozen=True)
class Workshop:
    """Tasks and events in hand, the lake filled, the loop led, the stores tidied."""

    _queue: TaskQueue
    _leases: Leases
    _groups: ConsumerGroups
    _keys: KeyValue
    _dead_letters: DeadLetters
    _orchestrator: Orchestrator
    _reading: Reading
    _writer: LakeWriter
    _filling: Filling
    _readmission: Readmission
    _second: SecondReading
    _upkeep: Sequence[Upkeep]
    _flow: Flow
    _clock: Clock
    _settings: Settings

    # ---- tasks --------------------------------------------------------------------------------------------------
    def claim(self, worker: str, *, kinds: Sequence[TaskKind] = (), limit: int = 1) -> list[Task]:
        """What may be done together of what is due, for as long as a lease lasts."""
        return self._queue.claim(worker, self._settings.lease_seconds, kinds=kinds, limit=limit)

    def do(self, tasks: Sequence[Task]) -> None:
        """Do claimed tasks of one kind, and keep them ours meanwhile.

        A task that another worker took over all the same is left to that worker.
        """
        with renewed(lambda: self._renew(tasks), self._settings.lease_seconds), suppress(LeaseLost):
            self._orchestrator.work(tasks)

    def _renew(self, tasks: Sequence[Task]) -> None:
        """Keep the tasks that are still ours: some of them may have been reported on already."""
        for task in tasks:
            with suppress(LeaseLost):
                self._queue.renew(task, self._settings.lease_seconds)

    def settle(self) -> int:
        """Close runs that are through and commit what waits to the lake; the number of rows written."""
        self._orchestrator.close_runs()
        return self._writer.flush()

    def fill(self) -> int:
        """Go on with filling approved versions from the pages that were kept, and with what people decided about rows;
        the number of readings and decisions gone through.
        """
        return 0 if self._flow.is_paused() else self._filling.step() + self._readmission.step()

    def is_idle(self) -> bool:
        """Whether nobody has anything to do: no task is due, no table is being filled and no decision is to be carried
        out, or all work is paused.
        """
        busy = self._queue.find(states=DUE_TASKS, limit=1) or self._filling.open() or self._readmission.is_open()
        return self._flow.is_paused() or not busy

    # ---- events -------------------------------------------------------------------------------------------------
    def join(
        self, stream: Stream, group: str, handle: Callable[[Sequence[Event]], None], is_free: Callable[[], bool]
    ) -> Dispatcher:
        """A member of a group that brings the events of a stream to a handler, whenever that `is_free`.

        Raises:
            RetryLater: the backbone does not answer.
        """
        joined = ConsumerGroup(stream, group, ack_seconds=self._settings.lease_seconds)
        return Dispatcher(
            group=joined,
            consumer=self._groups.join(joined),
            handle=handle,
            give_up=self._reading.give_up,
            dead_letters=self._dead_letters,
            clock=self._clock,
            attempts=self._settings.event_attempts,
            is_free=is_free,
        )

    def extract(self, events: Sequence[Event]) -> None:
        """Documents were stored: read them for their tasks and publish their rows."""
        self._reading.read([event for event in events if isinstance(event, DocumentStored)])

    def learn_apart(self, events: Sequence[Event]) -> None:
        """Runs ended: their sources may have new pages to learn second readers from."""
        for source_id in dict.fromkeys(event.source_id for event in events if isinstance(event, RunFinished)):
            self._second.learn(source_id)

    # ---- signs of life ------------------------------------------------------------------------------------------
    def present(self, worker: str) -> None:
        """A worker's sign of life."""
        self._keys.put(WORKERS, worker, self._clock.now().isoformat().encode())

    def absent(self, worker: str) -> None:
        """A worker says goodbye."""
        self._keys.delete(WORKERS, worker)

    def lead(self, owner: str) -> Lease | None:
        """The right to run the agent loop, taken or renewed; None while somebody else has it."""
        return self._leases.acquire(AGENT_LOOP, owner, self._settings.lease_seconds)

    def stand_down(self, owner: str) -> None:
        """Hand the right back, if it is ours."""
        lease = self._leases.current(AGENT_LOOP)
        if lease is not None and lease.owner == owner:
            self._leases.release(lease)

    # ---- upkeep -------------------------------------------------------------------------------------------------
    def tidy(self, *, dry_run: bool = False, days: int | None = None) -> list[Chore]:
        """Do the housekeeping of every store, or only tell what there is to do; one process at a time.

        Raises:
            Conflict: another process is at it.
        """
        name, seconds = f"{UPKEEP} {uuid4().hex}", self._settings.lease_seconds
        lease = self._leases.acquire(UPKEEP, name, seconds)
        if lease is None:
            raise Conflict("Another process is tidying up.", "Wait until it is done.")
        before = self._clock.now() - timedelta(days=self._settings.keep_days if days is None else days)
        try:
            # a process that dies at it keeps the others away for one lease, however long the work may take
            with renewed(lambda: self._still_at_it(name), seconds):
                return [chore for store in self._upkeep for chore in store.tidy(before, dry_run=dry_run)]
        finally:
            self._leases.release(lease)

    def _still_at_it(self, name: str) -> None:
        self._leases.acquire(UPKEEP, name, self._settings.lease_seconds)
