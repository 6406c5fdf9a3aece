"""Kills over both backbones, more than 200 in a full run: nothing is lost, nothing is doubled, and work goes on."""

import logging
import os
import random
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.model import TaskKind, TaskState
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import Pool
from tests.e2e.chaos import LEASE, PAGE, World, kill, lead, rival, torment
from tests.effort import FULL
from tests.nats_server import NatsServer, running_server
from tests.parts import parts_of
from tests.postgresql import POSTGRESQL, clear_postgresql
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
KILLS, POSTGRESQL_KILLS = (110, 40) if FULL else (15, 8)
LOG = logging.getLogger(__name__)
pytestmark = pytest.mark.timeout(1500)


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    with running_server(tmp_path / "nats") as server:
        yield server


def test_kills_over_the_local_log(tmp_path: Path) -> None:
    world = World(tmp_path, 40)
    with rival(world):
        kills = torment(world, KILLS, random.Random(1))
    world.finish()
    LOG.info("%d kills, %d documents", kills, world.check())
    assert kills >= KILLS


def test_kills_over_nats_whose_server_is_killed_too(tmp_path: Path, nats_server: NatsServer) -> None:
    world = World(tmp_path, 40, broker_url=nats_server.url)

    def restart() -> None:
        nats_server.kill()
        time.sleep(0.2)
        nats_server.start()

    kills = torment(world, KILLS, random.Random(2), restart=restart)
    world.finish()
    LOG.info("%d kills, %d documents", kills, world.check())
    assert kills >= KILLS


@pytest.mark.skipif(not POSTGRESQL, reason="TEST_POSTGRESQL_URL names no empty database")
def test_kills_with_the_state_on_postgresql(tmp_path: Path) -> None:
    clear_postgresql()
    world = World(tmp_path, 40, database_url=POSTGRESQL, catalog_uri=POSTGRESQL)
    kills = torment(world, POSTGRESQL_KILLS, random.Random(3))
    world.finish()
    LOG.info("%d kills, %d documents", kills, world.check())
    assert kills >= POSTGRESQL_KILLS


def test_two_schedulers_that_start_at_once(tmp_path: Path) -> None:
    # long enough that a leader on a busy machine is not rightly taken for dead
    world = World(tmp_path, 20, lease_seconds=15.0)
    leaders = [world.start(lead) for _ in range(3)]
    wait_for(lambda: world.pipeline.flow.loop())
    tokens = set()
    for _ in range(20):
        lease = world.pipeline.flow.loop()
        assert lease is not None
        tokens.add((lease.owner, lease.token))
        time.sleep(0.1)
    for leader in leaders:
        kill(leader)
    assert len(tokens) == 1
    world.finish()
    world.check()


def test_a_dead_worker_is_replaced_when_its_lease_is_over(tmp_path: Path) -> None:
    world = World(tmp_path, 5)
    world.finish()
    task = parts_of(world.pipeline).orchestrator.task(TaskKind.RUN, "notices", "stuck", {})
    parts_of(world.pipeline).queue.enqueue([task])
    [held] = parts_of(world.pipeline).queue.claim("doomed", LEASE)
    pool = Pool(world.pipeline, "heir", 1)
    pool.start()
    try:
        wait_for(lambda: any(one.token > held.token for one in world.pipeline.flow.tasks(run_id="stuck")))
    finally:
        pool.end()


def test_a_restarted_worker_takes_up_the_work(tmp_path: Path) -> None:
    world = World(tmp_path, 5)
    environment = os.environ | {"SDP_DATA_DIR": str(tmp_path / "data"), "SDP_LEASE_SECONDS": str(LEASE)}
    process = subprocess.Popen([sys.executable, "-m", "jobs", "worker"], cwd=ROOT, env=environment)
    try:
        wait_for(
            lambda: any(
                task.token for task in world.pipeline.flow.tasks(source_id="notices") if task.kind is TaskKind.RUN
            )
        )
    finally:
        process.kill()
        process.wait()


FULL = 300_000


def small_files() -> None:
    """What this process writes to a file ends there: every disk is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, FULL))


def has_full_file(folder: Path) -> bool:
    """Whether a file has grown as far as one may, but for a page of a database."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return any(path.stat().st_size > FULL - 8192 for path in files if path.exists())


def test_a_full_disk_stops_the_work_and_loses_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, 60)
    for _ in range(2):
        cramped = world.start(*_cramped())
        wait_for(lambda: has_full_file(tmp_path / "data"))
        kill(cramped)
    world.finish()
    world.check()


def _cramped() -> tuple[Callable[..., None], Callable[[], None]]:
    from tests.e2e.chaos import work

    return work, small_files


@pytest.mark.parametrize("name", ["state.db", "events.db", "catalog.db"])
def test_a_locked_database_is_waited_for(tmp_path: Path, name: str) -> None:
    world = World(tmp_path, 20)
    worker = world.start()
    for _ in range(3):
        locker = sqlite3.connect(tmp_path / "data" / name, timeout=30, isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        time.sleep(0.7)
        locker.execute("ROLLBACK")
        locker.close()
        time.sleep(0.3)
    kill(worker)
    world.finish()
    world.check()


class Moody(BaseHTTPRequestHandler):
    """Pages of which some say 429, some 500, some never answer, and the others are fine."""

    seen: dict[str, int] = {}

    def do_GET(self) -> None:
        self.seen[self.path] = self.seen.get(self.path, 0) + 1
        number = int("".join(filter(str.isdigit, self.path)) or 0)
        if self.path == "/robots.txt":
            self._say(404, b"")
        elif number == 0:
            links = "".join(f'<li><a href="/{n}">Notice {n}</a> <span>Item {n}</span></li>' for n in range(1, 9))
            self._say(200, f"<html><body><h1>Notices</h1><ul>{links}</ul></body></html>".encode())
        elif self.trouble and number == 3 and self.seen[self.path] == 1:
            self._say(429, b"slow down", {"Retry-After": "1"})
        elif self.trouble and number == 5:
            self._say(500, b"broken")
        elif self.trouble and number == 7:
            threading.Event().wait(60)
        else:
            self._say(200, PAGE.format(n=number, town="Ashby", value=1000 + number).encode())

    trouble = False

    def _say(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/html", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


def test_a_moody_source_spoils_only_its_own_pages(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    settings = load_settings(
        data_dir=tmp_path / "data", allow_hosts=host, task_attempts=2, request_retries=0, request_timeout=4.0,
        lease_seconds=LEASE, host_delay=0.0, sample_portal_port=0,
    )  # fmt: skip
    pipeline = build_pipeline(settings)
    try:
        source = pipeline.sources.accept(scouted(pipeline, f"http://{host}/", "moody").draft_id)
        Moody.trouble, Moody.seen = True, {}
        pool = Pool(pipeline, "test", 2)
        pool.start()
        wait_for(lambda: pipeline.work.is_idle() and not pipeline.flow.runs(source.source_id, open_only=True))
        pool.end()
    finally:
        Moody.trouble = False
        server.shutdown()
    failed = pipeline.flow.tasks(source_id=source.source_id, states=[TaskState.FAILED])
    assert {task.payload["url"].rpartition("/")[2] for task in failed} == {"5", "7"}
    assert all(task.attempts == 2 for task in failed)
    kept = {d.url.rpartition("/")[2] for d in pipeline.documents.find(source.source_id, limit=100) if d.status == 200}
    assert kept >= {"", "1", "2", "3", "4", "6", "8"}
