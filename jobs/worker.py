"""Worker: does tasks and handles events, renewing its leases while it works; a few threads make a pool."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from core.errors import PipelineError
from core.events import Event, Stream
from core.model import Task, TaskKind
from core.pipeline import Pipeline

LOG = logging.getLogger(__name__)
# between two looks for work where there was none
IDLE_SECONDS = 0.2
# between two commits; more where they take long, so that no more than a part of a worker's time goes into them
SETTLE_SECONDS, LONGEST_SETTLE_SECONDS = 1.0, 5.0
SETTLING_SHARE = 0.1
# tasks that are claimed together, where that is allowed
BATCH = 64


Handler = Callable[[Sequence[Event]], None]


class Route(NamedTuple):
    """Which group takes the events of a stream to which method of the pipeline."""

    stream: Stream
    group: str
    handler: Callable[[Pipeline], Handler]
    is_free: Callable[[Pipeline], bool] = lambda _: True


ROUTES = (
    Route(Stream.RAW_DOCUMENTS, "extract", lambda pipeline: pipeline.work.extract),
    Route(Stream.EXTRACTED, "validate", lambda pipeline: pipeline.schemas.validate),
    Route(
        Stream.EXTRACTED,
        "clusterer",
        lambda pipeline: pipeline.clusters.take,
        lambda pipeline: pipeline.clusters.is_free(),
    ),
    Route(Stream.FAILED, "review", lambda pipeline: pipeline.review.take),
    Route(Stream.TASKS, "second", lambda pipeline: pipeline.work.learn_apart),
    Route(Stream.TASKS, "watch", lambda pipeline: pipeline.alerts.look),
    Route(Stream.FAILED, "tell", lambda pipeline: pipeline.alerts.tell),
)


class Worker:
    """One thread of work. `stop` ends it after the task in hand."""

    def __init__(self, pipeline: Pipeline, name: str, stop: threading.Event) -> None:
        self.pipeline = pipeline
        self.name = name
        self.stop = stop
        self._routes: list[Callable[[], int]] = []

    def run(self) -> None:
        """Work until told to stop; an unexpected error is logged, and the leases of what was in hand run out."""
        while not self.stop.is_set():
            try:
                if not self.turn():
                    self.stop.wait(IDLE_SECONDS)
            except PipelineError as error:
                LOG.warning("%s: %s", self.name, error)
                self.stop.wait(IDLE_SECONDS)
            except Exception:  # the database may be away for a while; a worker must outlive that
                LOG.exception("claiming or reporting failed")
                self.stop.wait(IDLE_SECONDS)

    def turn(self) -> bool:
        """Some tasks, unless all work is paused, and some events of each route; False when there was nothing to do."""
        done = [] if self.pipeline.flow.is_paused() else self.step()
        return self.deliver() > 0 or bool(done)

    def deliver(self) -> int:
        """Handle some events of each route; how many."""
        if not self._routes:
            self._routes = [self._joined(route) for route in ROUTES]
        return sum(step() for step in self._routes)

    def _joined(self, route: Route) -> Callable[[], int]:
        handler, is_free = route.handler(self.pipeline), partial(route.is_free, self.pipeline)
        return self.pipeline.work.join(route.stream, route.group, handler, is_free).step

    def step(self, limit: int = BATCH, kinds: Sequence[TaskKind] = ()) -> list[Task]:
        """Claim what may be done together, one task or some, and do it; the tasks, none when nothing is due."""
        tasks = self.pipeline.work.claim(self.name, kinds=kinds, limit=limit)
        if tasks:
            self.pipeline.work.do(tasks)
        return tasks


class Settler:
    """The thread that closes finished runs, commits micro-batches to the lake, and tells that this process is alive."""

    def __init__(self, pipeline: Pipeline, name: str, stop: threading.Event) -> None:
        self.pipeline = pipeline
        self.name = name
        self.stop = stop
        self._signed_until = 0.0

    def run(self) -> None:
        """Settle at once, every second or every few until told to stop, and once more at the end."""
        stopped = False
        while not stopped:
            began = time.monotonic()
            self._guarded(self._settle)
            pause = (time.monotonic() - began) / SETTLING_SHARE
            stopped = self.stop.wait(min(max(SETTLE_SECONDS, pause), LONGEST_SETTLE_SECONDS))
        self._guarded(self._settle)
        self._guarded(lambda: self.pipeline.work.absent(self.name))

    def _settle(self) -> None:
        if time.monotonic() >= self._signed_until:
            self._signed_until = time.monotonic() + self.pipeline.settings.lease_seconds / 3
            self.pipeline.work.present(self.name)
        self.pipeline.work.settle()
        self.pipeline.work.fill()
        self.pipeline.clusters.settle()
        if self.pipeline.work.is_idle():
            self.pipeline.schemas.look()

    @staticmethod
    def _guarded(work: Callable[[], object]) -> None:
        try:
            work()
        except PipelineError as error:
            LOG.warning("settling: %s", error)
        except Exception:  # what was not settled now is settled the next time round
            LOG.exception("settling failed; it is tried again")


class Pool:
    """Workers and the settler as threads of this process."""

    def __init__(self, pipeline: Pipeline, name: str, size: int) -> None:
        self.stop = threading.Event()
        self.pipeline = pipeline
        self.serving: list[Callable[[], None]] = []
        runners = [Worker(pipeline, f"{name}-{number}", self.stop).run for number in range(size)]
        runners.append(Settler(pipeline, name, self.stop).run)
        self.threads = [threading.Thread(target=runner, daemon=True) for runner in runners]

    def start(self) -> None:
        """Start all threads, and answer questions."""
        for thread in self.threads:
            thread.start()
        try:
            self.serving = [self.pipeline.documents.answer()]
        except PipelineError as error:
            LOG.warning("questions are not answered by this process: %s", error)

    def end(self, seconds: float = 10.0) -> None:
        """Tell all threads to stop and wait for the tasks in hand, at most so long."""
        self.stop.set()
        for stop_serving in self.serving:
            stop_serving()
        for thread in self.threads:
            thread.join(seconds)


def drain(pipeline: Pipeline, name: str, *, seconds: float = 3600.0) -> int:
    """Work in this thread until no task is open, settling what was done, until that brings nothing new; the tasks done.

    Tasks that wait for their time are waited for; those of other workers too, until they are done.
    """
    worker = Worker(pipeline, name, threading.Event())
    done, waited = 0, 0.0
    while waited < seconds:
        tasks = [] if pipeline.flow.is_paused() else worker.step()
        done += len(tasks)
        if worker.deliver() or tasks or pipeline.work.fill():
            continue
        if pipeline.work.is_idle():
            # a run that is through may go on, and another may follow it; what its end tells is heard
            pipeline.work.settle()
            if not worker.deliver() and pipeline.work.is_idle():
                pipeline.schemas.look()
                pipeline.clusters.settle(at_once=True)
                break
            continue
        worker.stop.wait(IDLE_SECONDS)
        waited += IDLE_SECONDS
    else:
        pipeline.work.settle()
    return done
