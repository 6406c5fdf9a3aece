"""What every keeper of tries at repairs must hold: three a day and source, whatever clocks and processes do."""

from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnknownName
from core.model import FixState
from core.settings import load_settings
from tests.contract.conftest import START, FakeClock
from tests.effort import tries
from warehouse.stores import StateStores, open_state

LIMIT = 3
DAY = timedelta(hours=24)
PROCESSES = get_context("spawn")


def made(state: StateStores, source_id: str = "shop") -> list[datetime]:
    return sorted(attempt.started_at for attempt in state.fixes.find(source_id, limit=1000))


def test_the_fourth_try_of_a_day_is_refused_and_sources_do_not_share_theirs(state: StateStores) -> None:
    assert all(state.fixes.reserve("shop", START, LIMIT) for _ in range(LIMIT))
    assert state.fixes.reserve("shop", START + timedelta(hours=23), LIMIT) is None
    assert state.fixes.reserve("bank", START, LIMIT) is not None
    assert state.fixes.reserve("shop", START + DAY, LIMIT) is not None


def test_what_is_left_is_what_would_be_given(state: StateStores) -> None:
    for left in range(LIMIT, 0, -1):
        assert state.fixes.left("shop", START, LIMIT) == left
        state.fixes.reserve("shop", START, LIMIT)
    assert state.fixes.left("shop", START - timedelta(days=400), LIMIT) == 0
    assert state.fixes.left("bank", START, LIMIT) == state.fixes.left("shop", START + DAY, LIMIT) == LIMIT


def test_a_clock_that_is_set_back_gives_no_new_tries(state: StateStores) -> None:
    assert all(state.fixes.reserve("shop", START, LIMIT) for _ in range(LIMIT))
    assert state.fixes.reserve("shop", START - timedelta(days=400), LIMIT) is None


def test_tries_are_kept_over_a_restart_and_a_failed_one_counts(tmp_path: Path, clock: FakeClock) -> None:
    where = load_settings(data_dir=tmp_path, database_url="")
    for _ in range(LIMIT):
        state = open_state(where, clock)
        attempt = state.fixes.reserve("shop", START, LIMIT)
        assert attempt is not None
        state.fixes.save(attempt.model_copy(update={"state": FixState.FAILED}))
        state.close()
    state = open_state(where, clock)
    assert state.fixes.reserve("shop", START + timedelta(hours=1), LIMIT) is None
    assert {attempt.state for attempt in state.fixes.find("shop")} == {FixState.FAILED}
    with pytest.raises(UnknownName):
        state.fixes.get("nothing")


@settings(max_examples=tries(25), deadline=None)
@given(st.lists(st.integers(-60, 60), min_size=4, max_size=25))
def test_no_24_hours_hold_more_than_three_tries_however_the_clock_jumps(jumps: list[int]) -> None:
    with TemporaryDirectory() as folder:
        state, now = open_state(load_settings(data_dir=Path(folder), database_url=""), FakeClock()), START
        for hours in jumps:
            now += timedelta(hours=hours)
            state.fixes.reserve("shop", now, LIMIT)
        tries = made(state)
        state.close()
    assert all(later - earlier >= DAY for earlier, later in zip(tries, tries[LIMIT:], strict=False))


def reserve_many(folder: Path, ready: object, go: object) -> None:
    """One of several processes that ask for tries at the same moment."""
    state = open_state(load_settings(data_dir=folder, database_url=""), FakeClock())
    ready.release()  # type: ignore[attr-defined]
    go.wait()  # type: ignore[attr-defined]
    for _ in range(5):
        state.fixes.reserve("shop", datetime.now(UTC), LIMIT)
    state.close()


def test_processes_that_ask_at_the_same_moment_share_three_tries(tmp_path: Path, clock: FakeClock) -> None:
    state = open_state(load_settings(data_dir=tmp_path, database_url=""), clock)
    ready, go = PROCESSES.Semaphore(0), PROCESSES.Event()
    workers = [PROCESSES.Process(target=reserve_many, args=(tmp_path, ready, go)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    go.set()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert len(made(state)) == LIMIT
    state.close()
