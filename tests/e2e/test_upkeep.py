"""Housekeeping does what its dry run said and harms nothing; a backup of a running pipeline comes back whole."""

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.errors import BadInput, BadSetting, Conflict
from core.events import ConsumerGroup, Stream
from core.model import Lease
from core.pipeline import Pipeline
from core.ports import Chore
from core.settings import load_settings
from jobs.__main__ import main
from jobs.worker import drain
from tests.e2e.chaos import World, kill
from tests.nats_server import running_server
from tests.parts import exchange, parts_of
from tests.waiting import wait_for
from warehouse.backup import back_up, restore


@pytest.fixture(params=["local", "nats"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "local":
        yield World(tmp_path, 12)
        return
    with running_server(tmp_path / "nats") as server:
        yield World(tmp_path, 12, broker_url=server.url)


class Later:
    """The clock of sixty days from now."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=60)


def test_upkeep_does_what_the_dry_run_says(world: World) -> None:
    pipeline = world.pipeline
    for _ in range(3):
        drain(pipeline, "test")
        world.go_on()
    drain(pipeline, "test")
    assert pipeline.work.tidy(dry_run=True) == [c for c in pipeline.work.tidy(dry_run=True) if "old" not in c.what]
    exchange(pipeline.work, "_clock", Later())
    told = {chore.what: chore.found for chore in pipeline.work.tidy(dry_run=True)}
    assert told["forget tasks that are done"] > 40
    assert told["forget old events of RAW_DOCUMENTS"] > 30
    assert told["forget old events of EXTRACTED"] > 30
    done = {chore.what: chore.found for chore in pipeline.work.tidy()}
    assert done == told
    left = {chore.what for chore in pipeline.work.tidy(dry_run=True)}
    assert not {what for what in left if "forget" in what}
    assert len(parts_of(pipeline).broker.heads(Stream.EXTRACTED)) == 1
    world.check()


def test_a_document_whose_worker_was_killed_before_it_told_reaches_the_lake(world: World) -> None:
    pipeline = world.pipeline
    drain(pipeline, "test")
    lost = pipeline.documents.find("notices", limit=1)[0].model_copy(
        update={"document_id": "lost", "fetched_at": datetime.now(UTC) - timedelta(hours=2)}
    )
    parts_of(pipeline).bronze.put(lost, pipeline.documents.content(lost.content_hash))
    assert [chore.found for chore in pipeline.work.tidy(dry_run=True) if "misses" in chore.what] == [1]
    for _ in range(2):
        pipeline.work.tidy()
        pipeline.work.settle()
    found = "SELECT count(*) FROM bronze.documents WHERE document_id = 'lost'"
    assert pipeline.tables.query(found).rows == [(1,)]
    assert not [chore for chore in pipeline.work.tidy(dry_run=True) if "misses" in chore.what]


def test_what_a_group_has_not_read_is_kept(world: World) -> None:
    pipeline = world.pipeline
    slow = parts_of(pipeline).groups.join(ConsumerGroup(Stream.EXTRACTED, "slow"))
    drain(pipeline, "test")
    exchange(pipeline.work, "_clock", Later())
    assert not [chore for chore in pipeline.work.tidy() if "EXTRACTED" in chore.what]
    assert len(slow.fetch(100, 1)) == 12


def test_a_backup_of_a_running_pipeline_comes_back_whole(tmp_path: Path) -> None:
    world = World(tmp_path, 40)
    archive = tmp_path / "backup.tar"
    worker = world.start()
    wait_for(lambda: world.pipeline.documents.find("notices", limit=1))
    settings = load_settings(**world.changes)
    assert back_up(settings, archive) > 10
    kill(worker)
    with pytest.raises(Conflict, match="not empty"):
        restore(settings, archive)
    shutil.rmtree(tmp_path / "data")
    restore(settings, archive)
    world.pipeline = build_pipeline(settings)
    world.finish()
    world.pipeline.flow.run_now("notices")
    world.finish()
    world.check()


def test_a_backup_is_refused_where_it_would_be_half_of_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nothing"):
        back_up(load_settings(data_dir=tmp_path / "data"), tmp_path / "b.tar")
    with pytest.raises(BadSetting, match="SDP_BROKER_URL"):
        back_up(load_settings(data_dir=tmp_path, broker_url="nats://127.0.0.1:1"), tmp_path / "b.tar")
    (tmp_path / "b.tar").write_bytes(b"no archive")
    with pytest.raises(BadInput, match="cannot be restored"):
        restore(load_settings(data_dir=tmp_path / "new"), tmp_path / "b.tar")


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path / "data"))
    assert main(["upkeep", "--dry-run"]) == 0
    assert main(["backup", str(tmp_path / "b.tar")]) == 0
    assert main(["restore", str(tmp_path / "b.tar")]) == 1
    shutil.rmtree(tmp_path / "data")
    assert main(["restore", str(tmp_path / "b.tar")]) == 0
    assert main(["flow", "--json"]) == 0
    assert main(["letters"]) == 0
    assert "No dead letter." in capsys.readouterr().out


class Slow:
    """A store whose housekeeping lasts until it is told to end."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def tidy(self, before: datetime, *, dry_run: bool) -> list[Chore]:
        self.begun.set()
        assert self.may_end.wait(60)
        return []


def test_only_one_tidies_up_however_long_it_takes_and_a_dead_one_holds_up_nobody_for_long(tmp_path: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", lease_seconds=1.0))
    slow = Slow()
    exchange(pipeline.work, "_upkeep", (slow,))
    thread = threading.Thread(target=pipeline.work.tidy)
    thread.start()
    assert slow.begun.wait(60)
    first = parts_of(pipeline).leases.current("upkeep")
    wait_for(lambda: renewed_since(pipeline, first))
    with pytest.raises(Conflict, match="tidying up"):
        pipeline.work.tidy()
    slow.may_end.set()
    thread.join()
    assert parts_of(pipeline).leases.acquire("upkeep", "somebody who dies at it", pipeline.settings.lease_seconds)
    wait_for(lambda: parts_of(pipeline).leases.acquire("upkeep", "the next", 1.0) is not None)


def renewed_since(pipeline: Pipeline, lease: Lease | None) -> bool:
    now = parts_of(pipeline).leases.current("upkeep")
    return lease is not None and now is not None and now.until > lease.until
