"""The writer is exactly once whatever dies when, whatever is said twice, and whichever log it is said on."""

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.broker.local import LocalBroker
from core.errors import Conflict
from core.events import Stream
from core.flow import lake_writer
from core.flow.lake_writer import LakeWriter
from tests.contract.conftest import FakeClock, sqlite_state
from tests.contract.nouns import rows_extracted
from tests.effort import tries
from warehouse.stores import StateStores

TABLE = "extracted.shop__items"


class Died(Exception):
    """Somebody killed the writer here."""


class MemoryLake:
    """A lake that keeps rows and watermarks in one step, as a snapshot does; it can be told to die around it."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.commits: list[int] = []
        self.marks: dict[str, int] = {}
        self.die = ""
        self.tidied: list[int] = []
        self.overtake: list[Callable[[], object]] = []

    def watermark(self, table: str, log: str = "") -> int:
        return self.marks.get(log, 0)

    def append(
        self, table: str, columns: Any, rows: Any, watermark: int, *, log: str = "", after: Any = None, note: Any = None
    ) -> bool:
        while self.overtake:
            self.overtake.pop()()
        if self.die == "before":
            raise Died
        if self.watermark(table, log) >= watermark or after != self.watermark(table, log):
            return False
        self.rows += [row["id"] for row in rows]
        self.commits.append(len(rows))
        self.marks[log] = watermark
        if self.die == "after":
            raise Died
        return True

    def keep_quick(self, table: str) -> None:
        """It holds no files, and only counts what was committed when it was asked."""
        self.tidied.append(len(self.commits))


def writer_of(log: LocalBroker, lake: MemoryLake, state: StateStores, owner: str, **options: int) -> LakeWriter:
    stores = (state.landed, state.leases, state.dead_letters)
    return LakeWriter(log, lake, *stores, FakeClock(), owner, 10, **options)  # type: ignore[arg-type]


class WriterMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.clock = FakeClock()
        self.state = sqlite_state(Path(self.folder.name), self.clock)
        self.lake = MemoryLake()
        self.logs = [LocalBroker(Path(self.folder.name) / f"{number}.db") for number in range(2)]
        self.log = 0
        self.told: set[str] = set()
        self.owners = 0

    def writer(self) -> LakeWriter:
        self.owners += 1
        log = self.logs[self.log]
        return LakeWriter(
            log,
            self.lake,
            self.state.landed,
            self.state.leases,
            self.state.dead_letters,
            FakeClock(),
            f"w{self.owners}",
            10,
            3,
        )  # type: ignore[arg-type]

    @rule(names=st.lists(st.sampled_from("abcdefghijkl"), min_size=1, max_size=5))
    def publish(self, names: list[str]) -> None:
        """New events, and events told again under a new number, as by a replay or after a log forgot them."""
        for name in names:
            event = rows_extracted(name, [{"id": name}])
            copies = len(self.logs[self.log].read(limit=10_000))
            self.logs[self.log].publish([event.model_copy(update={"copy_number": copies})])
            self.told.add(name)

    @rule(die=st.sampled_from(["before", "after"]))
    def die_while_writing(self, die: str) -> None:
        self.lake.die = die
        try:
            self.writer().flush()
        except Died:
            self.clock.advance(20)
        finally:
            self.lake.die = ""

    @rule()
    def die_before_noting(self) -> None:
        """The rows are in, and the state does not know it yet."""
        writer = self.writer()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(self.state.landed), "record", _die)
            try:
                writer.flush()
            except Died:
                self.clock.advance(20)

    @rule(batch=st.integers(1, 2))
    def be_overtaken(self, batch: int) -> None:
        """While the writer stands still past its lease, another one writes a part of the same and dies."""

        def other() -> None:
            self.clock.advance(20)
            self.lake.die = "after"
            with suppress(Died):
                replace(self.writer(), batch=batch).flush()
            self.lake.die = ""

        self.lake.overtake = [other]
        self.writer().flush()
        self.lake.overtake = []
        self.clock.advance(20)

    @rule()
    def write(self) -> None:
        self.writer().flush()

    @rule()
    def change_the_log(self) -> None:
        self.writer().flush()
        self.log = 1 - self.log

    @rule(hours=st.integers(-30, 30))
    def jump(self, hours: int) -> None:
        self.clock.advance(3600 * hours)

    @invariant()
    def no_row_is_there_twice(self) -> None:
        assert set(self.lake.rows) <= self.told
        assert max(Counter(self.lake.rows).values(), default=1) == 1

    def teardown(self) -> None:
        self.clock.advance(3600)
        self.writer().flush()
        assert set(self.lake.rows) == self.told
        self.state.close()
        self.folder.cleanup()


def _die(*_: object) -> None:
    raise Died


WriterMachine.TestCase.settings = settings(
    max_examples=tries(20), stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestWriterMachine = WriterMachine.TestCase


def test_pages_of_many_rows_are_written_in_more_than_one_commit(tmp_path: Path) -> None:
    """What a commit holds in memory does not grow with the pages."""
    state, lake, log = sqlite_state(tmp_path, FakeClock()), MemoryLake(), LocalBroker(tmp_path / "events.db")
    log.publish([rows_extracted(f"e{n}", [{"id": f"{n} {k}"} for k in range(10)]) for n in range(250)])
    writer = LakeWriter(
        log, lake, state.landed, state.leases, state.dead_letters, FakeClock(), "w", 10, batch_rows=1500
    )  # type: ignore[arg-type]
    assert writer.flush() == 2500
    assert lake.commits == [2000, 500]
    assert len(set(lake.rows)) == 2500
    state.close()


def test_what_landed_is_noted_before_another_log_tells_it_again(tmp_path: Path) -> None:
    """A writer died between the commit and its note, and nothing new came on that log before it was replaced."""
    state, lake = sqlite_state(tmp_path, FakeClock()), MemoryLake()
    for number in range(2):
        log = LocalBroker(tmp_path / f"{number}.db")
        log.publish([rows_extracted("a", [{"id": "a"}])])
        writer = writer_of(log, lake, state, f"w{number}")
        with pytest.MonkeyPatch.context() as patch, suppress(Died):
            patch.setattr(type(state.landed), "record", _die)
            writer.flush()
        writer.flush()
    assert lake.rows == ["a"]
    state.close()


def test_a_log_that_was_set_back_is_refused(tmp_path: Path) -> None:
    state, lake = sqlite_state(tmp_path, FakeClock()), MemoryLake()
    log = LocalBroker(tmp_path / "events.db")
    log.publish([rows_extracted("a", [{"id": "a"}])])
    lake.marks[log.identity(Stream.EXTRACTED)] = 99
    with pytest.raises(Conflict, match="ends at 1"):
        writer_of(log, lake, state, "w").flush()
    state.close()


def test_it_is_told_how_far_the_lake_is_behind_each_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, lake, log = sqlite_state(tmp_path, FakeClock()), MemoryLake(), LocalBroker(tmp_path / "events.db")
    writer = writer_of(log, lake, state, "w")
    assert writer.levels() == []
    events = [rows_extracted(f"e{n}", [{"id": str(n)}]) for n in range(3)]
    log.publish([one.model_copy(update={"at": one.at + timedelta(hours=n)}) for n, one in enumerate(events)])
    [level] = writer.levels()
    assert (level.stream, level.group, level.waiting, level.in_flight) == (Stream.EXTRACTED, "lake", 3, 0)
    assert (level.oldest_at, level.more) == (events[0].at, False)
    monkeypatch.setattr(lake_writer, "COUNTED_MESSAGES", 2)
    [level] = writer.levels()
    assert (level.waiting, level.more) == (2, True)
    assert writer.flush() == 3
    [level] = writer.levels()
    assert (level.waiting, level.oldest_at, level.more) == (0, None, False)
    state.close()


def test_a_table_that_is_up_to_date_is_not_written_again(tmp_path: Path) -> None:
    state, lake, log = sqlite_state(tmp_path, FakeClock()), MemoryLake(), LocalBroker(tmp_path / "events.db")
    log.publish([rows_extracted("a", [{"id": "a"}])])
    writer = writer_of(log, lake, state, "w")
    assert (writer.flush(), writer.flush()) == (1, 0)
    # another one has its lease: who looks at a table that is up to date asks for none
    assert state.leases.acquire(f"writer:{TABLE}", "other", 10) is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(state.leases), "acquire", _die)
        assert writer.flush() == 0
    state.close()


def some_messages(tmp_path: Path, count: int) -> tuple[StateStores, MemoryLake, LocalBroker]:
    log = LocalBroker(tmp_path / "events.db")
    log.publish([rows_extracted(f"e{n}", [{"id": str(n)}]) for n in range(count)])
    return sqlite_state(tmp_path, FakeClock()), MemoryLake(), log


def test_a_table_that_another_one_writes_is_left_to_it_and_taken_when_it_is_free(tmp_path: Path) -> None:
    state, lake, log = some_messages(tmp_path, 1)
    held = state.leases.acquire(f"writer:{TABLE}", "other", 10)
    assert held is not None
    assert (writer_of(log, lake, state, "w").flush(), lake.rows) == (0, [])
    state.leases.release(held)
    assert (writer_of(log, lake, state, "w").flush(), lake.rows) == (1, ["0"])
    # it gives the table back when it is done
    assert state.leases.acquire(f"writer:{TABLE}", "other", 10) is not None
    state.close()


def test_the_table_is_kept_quick_after_each_commit(tmp_path: Path) -> None:
    state, lake, log = some_messages(tmp_path, 3)
    assert writer_of(log, lake, state, "w", batch=1).flush() == 3
    assert (lake.commits, lake.tidied) == ([1, 1, 1], [1, 2, 3])
    state.close()


def test_who_loses_the_table_between_two_commits_stops(tmp_path: Path) -> None:
    state, lake, log = some_messages(tmp_path, 3)
    clock, writer = FakeClock(), writer_of(log, lake, state, "w", batch=1)
    state.leases._clock = clock

    def overtaken(table: str) -> None:
        clock.advance(11)
        assert state.leases.acquire(f"writer:{table}", "other", 10) is not None

    lake.keep_quick = overtaken  # type: ignore[method-assign]
    assert (writer.flush(), lake.rows) == (1, ["0"])
    state.close()
