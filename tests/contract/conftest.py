"""One factory a port and backend: a new backend joins by one more entry, and must pass the same tests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.broker.local import LocalBroker
from core.ports import EventBroker, TableStore
from core.settings import load_settings
from warehouse.catalogs import open_lake
from warehouse.names import lake_name
from warehouse.state import State, open_state

Reader = Callable[[str], list[dict[str, Any]]]

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


def local_lake(folder: Path) -> tuple[TableStore, Reader]:
    lake = open_lake(load_settings(data_dir=folder, catalog_uri="", warehouse=""))

    def read(table: str) -> list[dict[str, Any]]:
        return lake.catalog.iceberg.load_table(lake_name(table)).scan().to_arrow().to_pylist()

    return lake, read


STATES: dict[str, Callable[[Path, FakeClock], State]] = {"sqlite": sqlite_state}
BROKERS: dict[str, Callable[[Path], EventBroker]] = {"local": lambda folder: LocalBroker(folder / "events.db")}

LAKES: dict[str, Callable[[Path], tuple[TableStore, Reader]]] = {"local": local_lake}


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


@pytest.fixture(params=LAKES)
def lake_and_reader(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[TableStore, Reader]:
    return LAKES[request.param](tmp_path)


@pytest.fixture
def lake(lake_and_reader: tuple[TableStore, Reader]) -> TableStore:
    return lake_and_reader[0]


@pytest.fixture
def read(lake_and_reader: tuple[TableStore, Reader]) -> Reader:
    return lake_and_reader[1]
