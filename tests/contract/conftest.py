"""One factory a port and backend: a new backend joins by one more entry, and must pass the same tests."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from core.bootstrap import open_lake
from core.broker import Backbone
from core.broker.local import open_local
from core.broker.nats import open_nats
from core.ports import EventBroker, Objects, QueryEngine, TableStore
from core.settings import Settings, load_settings
from tests.contract.nouns import a_source
from tests.nats_server import NatsServer, running_server
from tests.postgresql import POSTGRESQL, clear_postgresql
from warehouse.bronze.objects import FileObjects
from warehouse.names import lake_name
from warehouse.query.engine import DuckDBQuery
from warehouse.stores import StateStores, open_state


class World(NamedTuple):
    settings: Settings
    state: StateStores
    lake: TableStore
    query: QueryEngine


Reader = Callable[[str], list[dict[str, Any]]]

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class FakeClock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def sqlite_state(folder: Path, clock: FakeClock) -> StateStores:
    return open_state(load_settings(data_dir=folder, database_url=""), clock)


def local_lake(folder: Path, catalog_uri: str = "") -> tuple[TableStore, Reader]:
    lake = open_lake(load_settings(data_dir=folder, catalog_uri=catalog_uri, warehouse=""))

    def read(table: str) -> list[dict[str, Any]]:
        return lake.catalog.iceberg.load_table(lake_name(table)).scan().to_arrow().to_pylist()

    return lake, read


def postgresql_lake(folder: Path) -> tuple[TableStore, Reader]:
    clear_postgresql()
    return local_lake(folder, POSTGRESQL)


def postgresql_state(folder: Path, clock: FakeClock) -> StateStores:
    clear_postgresql()
    return open_state(load_settings(data_dir=folder, database_url=POSTGRESQL), clock)


STATES: dict[str, Callable[[Path, FakeClock], StateStores]] = {"sqlite": sqlite_state}
if POSTGRESQL:
    STATES["postgresql"] = postgresql_state
BACKBONES = ("local", "nats")

LAKES: dict[str, Callable[[Path], tuple[TableStore, Reader]]] = {"local": local_lake}
if POSTGRESQL:
    LAKES["postgresql"] = postgresql_lake


def duckdb_world(settings: Settings, clock: FakeClock, *, extensions: Sequence[str] = ("avro", "iceberg")) -> World:
    state, lake = open_state(settings, clock), open_lake(settings)
    return World(settings, state, lake, DuckDBQuery(settings, lake, state, extensions))


ENGINES: dict[str, Sequence[str]] = {"duckdb": ("avro", "iceberg"), "duckdb without extensions": ()}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[StateStores]:
    opened = STATES[request.param](tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """One server for all tests: each has a prefix of its own on it."""
    with running_server(tmp_path_factory.mktemp("nats")) as server:
        yield server


@pytest.fixture(params=BACKBONES)
def make_backbone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Backbone]]:
    """Opens the backbone as one more process would."""
    opened: list[Backbone] = []
    prefix = f"t{uuid4().hex[:8]}"

    def make() -> Backbone:
        if request.param == "local":
            opened.append(open_local(tmp_path / "events.db"))
        else:
            opened.append(open_nats(f"{request.getfixturevalue('nats_server').url}/{prefix}"))
        return opened[-1]

    yield make
    for backbone in opened:
        backbone.close()


@pytest.fixture
def backbone(make_backbone: Callable[[], Backbone]) -> Backbone:
    return make_backbone()


@pytest.fixture
def broker(backbone: Backbone) -> EventBroker:
    return backbone.log


@pytest.fixture(params=LAKES)
def lake_and_reader(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[TableStore, Reader]:
    return LAKES[request.param](tmp_path)


@pytest.fixture
def lake(lake_and_reader: tuple[TableStore, Reader]) -> TableStore:
    return lake_and_reader[0]


@pytest.fixture
def read(lake_and_reader: tuple[TableStore, Reader]) -> Reader:
    return lake_and_reader[1]


@pytest.fixture(params=ENGINES)
def make_world(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Callable[..., World]:
    def make(**changes: Any) -> World:
        changed = load_settings(data_dir=tmp_path / "data", database_url="", catalog_uri="", warehouse="", **changes)
        return duckdb_world(changed, clock, extensions=ENGINES[request.param])

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture(scope="module")
def quiet_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One for all tests that leave nothing behind: an engine takes half a second to start."""
    folder = tmp_path_factory.mktemp("quiet")
    made = duckdb_world(load_settings(data_dir=folder, database_url="", catalog_uri="", warehouse=""), FakeClock())
    made.state.sources.save(a_source())
    return made


@pytest.fixture(params=("folder", "nats"))
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Objects]:
    if request.param == "folder":
        yield FileObjects(tmp_path / "objects")
        return
    backbone = open_nats(f"{request.getfixturevalue('nats_server').url}/t{uuid4().hex[:8]}")
    assert backbone.objects is not None
    yield backbone.objects
    backbone.close()
