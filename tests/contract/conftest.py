"""One factory a port and backend: a new backend joins by one more entry, and must pass the same tests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.broker.local import LocalBroker
from core.ports import EventBroker
from core.settings import load_settings
from warehouse.state import State, open_state

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class FakeClock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def sqlite_state(folder: Path, clock: FakeClock) -> State:
    return open_state(load_settings(data_dir=folder, database_url=""), clock)


STATES: dict[str, Callable[[Path, FakeClock], State]] = {"sqlite": sqlite_state}
BROKERS: dict[str, Callable[[Path], EventBroker]] = {"local": lambda folder: LocalBroker(folder / "events.db")}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[State]:
    opened = STATES[request.param](tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> EventBroker:
    return BROKERS[request.param](tmp_path)
