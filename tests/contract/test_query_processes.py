"""The processes that answer queries: they know no secret, outlive nobody, and are started only when there is work."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.errors import BadQuery, PipelineError
from core.settings import load_settings
from tests.contract.conftest import FakeClock, World, duckdb_world
from warehouse.query.frames import NoFrame, receive, receive_cells, send

ROOT = Path(__file__).parents[2]
ASKS = """
import sys
from core.bootstrap import build_pipeline
from core.settings import load_settings
pipeline = build_pipeline(load_settings())
pipeline.tables.query("SELECT 1")
print("asked", flush=True)
pipeline.tables.query("SELECT count(*) FROM range(1000000000000) WHERE range % 7 = 3")
"""


def workers_of(parent: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(entry.name))
    return found


def query_workers() -> list[int]:
    return [
        pid for pid in workers_of(os.getpid()) if b"warehouse.query.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def gone(pid: int, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.05)
                continue
        return True
    return False


@pytest.fixture
def asking() -> Iterator["subprocess.Popen[str]"]:
    """A process with a query under way that takes half a minute."""
    process = subprocess.Popen([sys.executable, "-c", ASKS], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "asked\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("processes")
    return duckdb_world(
        load_settings(data_dir=folder, database_url="", catalog_uri="", warehouse="", query_seconds=60.0), FakeClock()
    )


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_query_ends_with_the_process_that_asks(asking: "subprocess.Popen[str]", end: signal.Signals) -> None:
    [worker] = workers_of(asking.pid)
    asking.send_signal(end)
    asking.wait(60)
    assert gone(worker)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_starts_with_the_first_query_and_goes_with_its_engine(tmp_path: Path) -> None:
    before = query_workers()
    engine = duckdb_world(load_settings(data_dir=tmp_path), FakeClock())
    engine.query.questions()
    assert query_workers() == before
    for _ in range(3):
        engine.query.run("SELECT 1")
    [worker] = [pid for pid in query_workers() if pid not in before]
    engine.state.close()
    del engine
    assert gone(worker)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_it_knows_no_setting_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDP_BROKER_URL", "")
    monkeypatch.setenv("SOME_PASSWORD", "hunter2")
    before = query_workers()
    engine = duckdb_world(load_settings(data_dir=tmp_path), FakeClock())
    engine.query.run("SELECT 1")
    [worker] = [pid for pid in query_workers() if pid not in before]
    environment = Path(f"/proc/{worker}/environ").read_bytes()
    assert b"hunter2" not in environment
    assert b"SDP_" not in environment
    files = [str(link.readlink()) for link in Path(f"/proc/{worker}/fd").iterdir()]
    assert not [file for file in files if file.endswith(".db")]


def test_a_process_that_was_killed_is_replaced(world: World) -> None:
    world.query.run("SELECT 1")
    for pid in query_workers():
        os.kill(pid, signal.SIGKILL)
        assert gone(pid)
    assert world.query.run("SELECT 2").rows == [(2,)]


def test_one_that_is_killed_during_a_query_is_told_as_out_of_memory(world: World) -> None:
    """The system kills what takes more memory than there is."""
    world.query.run("SELECT 1")
    timer = threading.Timer(1.0, lambda: [os.kill(pid, signal.SIGKILL) for pid in query_workers()])
    timer.start()
    with pytest.raises(BadQuery, match="SDP_QUERY_MEMORY_BYTES"):
        world.query.run("SELECT count(*) FROM range(1000000000000) WHERE range % 7 = 3")
    timer.join()


def test_a_query_under_way_keeps_nobody_waiting(world: World) -> None:
    ended = threading.Event()

    def long_query() -> None:
        # it is killed below, on a slow machine before its process has started
        with suppress(PipelineError):
            world.query.run("SELECT count(*) FROM range(1000000000000) WHERE range % 7 = 3")
        ended.set()

    thread = threading.Thread(target=long_query)
    thread.start()
    assert [world.query.run("SELECT 1").rows for _ in range(5)] == [[(1,)]] * 5
    assert not ended.is_set()
    for pid in query_workers():
        os.kill(pid, signal.SIGKILL)
    thread.join(60)


def test_cells_keep_their_types_and_their_last_digit(world: World) -> None:
    sql = """SELECT 1::TINYINT, 170141183460469231731687303715884105727::HUGEINT,
        12345678901234567890.12345::DECIMAL(38, 5),
        0.1::DOUBLE, 'nan'::DOUBLE, true, 'é☃', '\\x00\\xff'::BLOB, DATE '2026-02-03', TIME '01:02:03.4',
        TIMESTAMP '2026-02-03 01:02:03.000004', TIMESTAMPTZ '2026-02-03 01:02:03+02', INTERVAL '3 days 2 seconds',
        UUID '12345678-1234-5678-1234-567812345678', NULL,
        [1.5::DECIMAL(3, 1), NULL], {'a': {'b': [DATE '2026-01-01']}},
        MAP {'k': 1}, '{"a": 1}'::JSON"""
    [row] = world.query.run(sql).rows
    assert str(row[4]) == "nan"
    aware = datetime(2026, 2, 2, 23, 2, 3, tzinfo=UTC)
    assert (row[11], row[11].utcoffset()) == (aware, timedelta(0))
    assert [*row[:4], *row[5:11], *row[12:]] == [
        1,
        2**127 - 1,
        Decimal("12345678901234567890.12345"),
        0.1,
        True,
        "é☃",
        b"\x00\xff",
        date(2026, 2, 3),
        time_of_day(1, 2, 3, 400_000),
        datetime(2026, 2, 3, 1, 2, 3, 4),
        timedelta(days=3, seconds=2),
        UUID("12345678-1234-5678-1234-567812345678"),
        None,
        [Decimal("1.5"), None],
        {"a": {"b": [date(2026, 1, 1)]}},
        {"k": 1},
        '{"a": 1}',
    ]
    assert [type(cell) for cell in row[:4]] == [int, int, Decimal, float]


class Harmful:
    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.system, ("touch harmed",)


@pytest.mark.parametrize(
    "frame",
    [
        pickle.dumps(Harmful()),
        pickle.dumps(("rows", [(Harmful(),)])),
        pickle.dumps(print),
        b"cos\nsystem\n(S'touch harmed'\ntR.",
        b"\x80\x05garbage",
        b"",
    ],
)
def test_nothing_but_cells_is_taken_from_a_process(
    frame: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoFrame):
        receive_cells(BytesIO(len(frame).to_bytes(8, "big") + frame), 1_000)
    assert not list(tmp_path.iterdir())


def test_a_frame_that_is_cut_off_or_too_long_is_none() -> None:
    pipe = BytesIO()
    send(pipe, ("rows", ["x" * 100]))
    whole = pipe.getvalue()
    for length in (0, 4, 8, len(whole) - 1):
        with pytest.raises(NoFrame):
            receive(BytesIO(whole[:length]))
    with pytest.raises(NoFrame, match="too large"):
        receive_cells(BytesIO((2**60).to_bytes(8, "big")), 1_000)
    assert receive_cells(BytesIO(whole), 1_000) == ("rows", ["x" * 100])
