"""Work that is done once, by whoever takes it: time, tasks, runs, leases."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from core.model import Lease, Run, Tally, Task, TaskKind, TaskState
from core.model.results import Report


class Clock(Protocol):
    """The only way to know the time; aware, UTC."""

    def now(self) -> datetime: ...


class UnitOfWork(Protocol):
    """Joins what several stores of the state are told."""

    def __call__(self) -> AbstractContextManager[None]:
        """What this thread writes within the block is kept in full, also after a power failure, or not at all.

        Others may have to wait for its end: nothing slow belongs in it. An error of ours that is caught inside undoes
        nothing.
        """


class TaskClaims(Protocol):
    """Durable work with leases. A claim has a token; only its holder may report on the task (fencing)."""

    def claim(self, worker: str, seconds: float, *, kinds: Sequence[TaskKind] = (), limit: int = 1) -> list[Task]:
        """The most urgent waiting task whose time has come, or a running one whose lease ran out; [] when none is due.

        Order: priority (higher first), then `not_before`, then `created_at`. With a higher `limit`, those that follow
        it come too, as long as all are fetches that burden no host: pages of a host are shared among the workers.
        """

    def report(self, task: Task, counts: Mapping[str, int] | None = None) -> None:
        """Store state, progress, message, error and `not_before` of a claimed task; add the counts to its run.

        Both happen or none.

        Raises LeaseLost when the token is no longer the current one.
        """

    def report_all(self, reports: Sequence[Report]) -> list[Task]:
        """The same for many, in one transaction; those left out, whose token is no longer the current one.

        Of two reports with one token the first counts.
        """

    def renew(self, task: Task, seconds: float) -> None:
        """Prolong the lease of a claimed task. Raises LeaseLost when it is no longer ours."""


class TaskQueue(TaskClaims, Protocol):
    """All tasks, whoever works on them."""

    def enqueue(self, tasks: Iterable[Task]) -> int:
        """Add those whose id is new, in one transaction; the number added."""

    def find(
        self,
        *,
        source_id: str = "",
        run_id: str = "",
        states: Sequence[TaskState] = (),
        said: str = "",
        limit: int = 200,
    ) -> list[Task]:
        """Newest first; `said` must occur in their messages."""

    def count(self, run_id: str) -> int:
        """How many fetches the run has, in any state."""

    def change(self, task_id: str, state: TaskState) -> None:
        """A person's word: paused, back to waiting, or cancelled, also while it runs: then no one may report on it.

        Raises Conflict when a running task is to wait or to pause, or one that is over to pause.
        """

    def cancel(self, run_id: str) -> int:
        """The same for all tasks of a run that are not over, in one transaction; their number."""


class RunStore(Protocol):
    """Runs and their counts."""

    def save(self, run: Run) -> bool:
        """Add; False when the run was known (and is left as it is)."""

    def get(self, run_id: str) -> Run: ...

    def count(self, run_id: str, *, documents: int = 0, unchanged: int = 0, failed: int = 0, records: int = 0) -> None:
        """Add to the counts, atomically."""

    def finish(self, run_id: str, error: str, at: datetime) -> bool:
        """Close the run; False when somebody closed it before."""

    def limited(self, run_id: str, by: str, tally: Tally) -> None:
        """Note that the run stopped at a bound, and what was known then."""

    def find(self, source_id: str = "", *, open_only: bool = False, limit: int = 50) -> list[Run]:
        """Newest first."""


class Leases(Protocol):
    """Rights that only one may hold at a time."""

    def acquire(self, name: str, owner: str, seconds: float) -> Lease | None:
        """The lease, renewed when we hold it already; None while somebody else does."""

    def release(self, lease: Lease) -> None:
        """Give it back, if it is still ours."""

    def current(self, name: str) -> Lease | None:
        """Who holds it, also after it ran out."""
