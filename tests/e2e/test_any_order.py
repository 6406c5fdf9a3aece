"""Any order of runs, work, deaths, faults of the network and jumps of the clock, against what must hold."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core import bootstrap
from core.broker.local import file, groups
from core.broker.local.groups import LocalConsumer
from core.broker.local.log import LocalBroker
from core.errors import HostUnreachable, PageGone, TooManyRequests
from core.model import Fetched, FetchRequest, Source, content_hash
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import Worker
from tests.contract.conftest import FakeClock
from tests.e2e.chaos import PAGE
from tests.effort import tries
from tests.parts import exchange, parts_of
from warehouse.bronze.documents import SqlBronzeStore
from warehouse.state.landed import SqlLanded
from warehouse.state.queue import SqlTaskQueue

PAGES = 4
LEASE = 10.0


class Died(BaseException):
    """The process is killed here: nothing that handles errors sees it."""


class Fuse:
    """Kills the process at one of the next calls that change something, before or after it."""

    def __init__(self) -> None:
        self.left = -1

    def burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Died

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def fused(*arguments: Any, **named: Any) -> Any:
            self.burn()
            found = call(*arguments, **named)
            self.burn()
            return found

        return fused


FUSED = (
    (LocalBroker, "publish"),
    (LocalConsumer, "ack"),
    (SqlTaskQueue, "claim"),
    (SqlTaskQueue, "report_all"),
    (SqlBronzeStore, "put_all"),
    (SqlLanded, "record"),
)


class Net:
    """Pages that change, and hosts that do not answer."""

    is_local = True

    def __init__(self) -> None:
        self.versions = dict.fromkeys(range(PAGES), 1)
        self.troubles: dict[int, Exception] = {}

    def content(self, number: int) -> bytes:
        return PAGE.format(n=number, town=f"T{number}", value=100 * self.versions[number] + number).encode()

    def starts(self, source: Source) -> Iterator[FetchRequest]:
        return (FetchRequest(source_id=source.source_id, url=f"net:{number}") for number in range(PAGES))

    def fetch(self, request: FetchRequest) -> Fetched:
        number = int(request.url.removeprefix("net:"))
        if number in self.troubles:
            raise self.troubles[number]
        return Fetched(request.url, 200, "text/html", "utf-8", self.content(number))


class Lake:
    """A lake in memory: rows with the watermarks of the logs that they came from."""

    def __init__(self, fuse: Fuse) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.marks: dict[tuple[str, str], int] = {}
        self.fuse = fuse

    def watermark(self, table: str, log: str = "") -> int:
        return self.marks.get((table, log), 0)

    def append(self, table: str, _columns: Any, rows: Any, watermark: int, *, log: str, after: int, **_: Any) -> bool:
        self.fuse.burn()
        if self.watermark(table, log) != after or after >= watermark:
            return False
        self.marks[table, log] = watermark
        self.rows.setdefault(table, []).extend(rows)
        self.fuse.burn()
        return True

    def keep_quick(self, table: str) -> None:
        """It holds no files."""


class FakeTime:
    """The time of the machine, as the clock of the test tells it."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def time(self) -> float:
        return self._clock.time.timestamp()

    def monotonic(self) -> float:
        return self.time()

    def sleep(self, seconds: float) -> None:
        self._clock.advance(seconds)


class PipelineMachine(RuleBasedStateMachine):
    """One source of a few pages. Deaths leave leases behind, which run out as the clock goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.patch = pytest.MonkeyPatch()
        self.clock, self.net, self.fuse = FakeClock(), Net(), Fuse()
        self.lake = Lake(self.fuse)
        for owner, name in FUSED:
            self.patch.setattr(owner, name, self.fuse.around(getattr(owner, name)))
        for module in (file, groups):
            self.patch.setattr(module, "time", FakeTime(self.clock))
        self.patch.setattr(bootstrap, "SystemClock", lambda: self.clock)
        self.patch.setattr(bootstrap, "open_acquirers", lambda *_: {"net": self.net})
        self.patch.setattr(bootstrap, "detect_acquirer", lambda location: ("net", location))
        made = load_settings(
            data_dir=Path(self.folder.name), lease_seconds=LEASE, task_attempts=1000, event_attempts=1000, strikes=1000
        )
        self.pipeline = bootstrap.build_pipeline(made)
        writer = parts_of(self.pipeline).writer
        broken = replace(writer, lake=self.lake, owner="w", lease_seconds=LEASE, batch=3, noted={})
        exchange(self.pipeline.work, "_writer", broken)
        self.pipeline.sources.accept(scouted(self.pipeline, "net:", "notices").draft_id)
        self.workers = 0
        self.worker = self._worker()

    def _worker(self) -> Worker:
        self.workers += 1
        return Worker(self.pipeline, f"w{self.workers}", Event())

    def _do(self, work: Callable[[], object], fuse: int) -> None:
        self.fuse.left = fuse
        try:
            work()
        except Died:
            self.worker = self._worker()
        finally:
            self.fuse.left = -1

    @rule(fuse=st.integers(-1, 12))
    def take_tasks(self, fuse: int) -> None:
        self._do(self.worker.step, fuse)

    @rule(fuse=st.integers(-1, 12))
    def handle_events(self, fuse: int) -> None:
        self._do(self.worker.deliver, fuse)

    @rule(fuse=st.integers(-1, 12))
    def settle(self, fuse: int) -> None:
        self._do(self.pipeline.work.settle, fuse)

    @rule(number=st.integers(0, PAGES - 1))
    def change_a_page(self, number: int) -> None:
        self.net.versions[number] += 1

    @rule(number=st.integers(0, PAGES - 1), trouble=st.sampled_from((HostUnreachable, TooManyRequests, PageGone, None)))
    def disturb_the_network(self, number: int, trouble: type[Exception] | None) -> None:
        self.net.troubles.pop(number, None)
        if trouble is not None:
            self.net.troubles[number] = trouble("The host does not want to.")

    @rule()
    def start_a_run(self) -> None:
        self.pipeline.flow.run_now("notices")

    @rule(seconds=st.sampled_from((1, 11, 70, 3700, -3600, 90_000)))
    def let_time_pass(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @invariant()
    def nothing_is_in_the_lake_twice(self) -> None:
        for table, rows in self.lake.rows.items():
            key = "document_id" if table == "bronze.documents" else "_row_id"
            found = Counter(row[key] for row in rows)
            assert max(found.values(), default=1) == 1, table

    def teardown(self) -> None:
        try:
            self.net.troubles.clear()
            self._finish()
            # runs of one moment are one run
            self.clock.advance(1)
            self.pipeline.flow.run_now("notices")
            self._finish()
            # what was kept by a worker that died before it told of it, and changed before it was fetched again
            self.clock.advance(7200)
            self.pipeline.work.tidy()
            self._finish()
            self._check()
        finally:
            self.patch.undo()
            self.folder.cleanup()

    def _finish(self) -> None:
        """Work until nothing is left to do, as time goes on."""
        worker = self._worker()
        for _ in range(200):
            busy = worker.turn()
            self.pipeline.work.settle()
            if not busy and not self.pipeline.flow.runs(open_only=True, limit=1):
                return
            self.clock.advance(0 if busy else 120)
        raise AssertionError(self.pipeline.flow.tasks())

    def _check(self) -> None:
        """What the pages say now is kept, in the lake, and read once."""
        documents = {document.content_hash: document for document in self.pipeline.documents.find(limit=10_000)}
        landed = {row["document_id"] for row in self.lake.rows["bronze.documents"]}
        assert landed == {document.document_id for document in documents.values()}
        [table] = [name for name in self.lake.rows if name.startswith("extracted.")]
        read = {row["_document_id"] for row in self.lake.rows[table]}
        for number in range(PAGES):
            digest = content_hash(self.net.content(number))
            assert self.pipeline.documents.content(digest) == self.net.content(number)
            assert documents[digest].document_id in read
        last = self.pipeline.flow.runs("notices", limit=1)[0]
        assert (last.documents, last.failed, last.error) == (PAGES, 0, "")


PipelineMachine.TestCase.settings = settings(
    max_examples=tries(12), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestPipelineMachine = PipelineMachine.TestCase
