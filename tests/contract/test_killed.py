"""A process that is killed at any moment loses nothing it was told is kept, and doubles nothing."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from core.bootstrap import open_lake
from core.broker.local import LocalBroker
from core.model import TaskState
from core.settings import load_settings
from tests.contract import doomed
from tests.waiting import wait_for

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.contract.doomed", "warehouse.lake.commits", "pyiceberg.catalog.sql", "pandas"])


def kill_again_and_again(work: Callable[[Path], None], folder: Path, times: int, among: int = 1) -> list[str]:
    """Start the work, kill it after a moment, start it again; the lines it noted as kept."""
    moment = random.Random(7)
    for _ in range(times):
        workers = [PROCESSES.Process(target=work, args=(folder,)) for _ in range(among)]
        before = lines(folder)
        for worker in workers:
            worker.start()
        wait_for(lambda before=before: len(lines(folder)) > len(before))
        time.sleep(moment.uniform(0, 0.25))
        for worker in workers:
            assert worker.is_alive()
            worker.kill()
            worker.join()
    return lines(folder)


def lines(folder: Path) -> list[str]:
    return (folder / "kept").read_text().split() if (folder / "kept").exists() else []


def test_no_page_that_was_put_is_lost(tmp_path: Path) -> None:
    kept = kill_again_and_again(doomed.put_pages, tmp_path, times=6)
    bronze = doomed.state_in(tmp_path).bronze
    found = {document.content_hash for document in bronze.find(limit=100_000)}
    assert set(kept) <= found
    for digest in found:
        assert len(bronze.content(digest)) > 10_000


def test_no_event_is_lost_or_doubled_and_no_batch_is_torn(tmp_path: Path) -> None:
    kept = kill_again_and_again(doomed.publish_batches, tmp_path, times=8)
    messages = LocalBroker(tmp_path / "events.db").read(limit=1_000_000)
    batches = Counter(message.message_id.partition("-")[0] for message in messages)
    assert set(kept) <= set(batches)
    assert set(batches.values()) == {doomed.BATCH}


def test_no_row_is_lost_or_doubled(tmp_path: Path) -> None:
    kept = kill_again_and_again(doomed.append_batches, tmp_path, times=5, among=2)
    lake = open_lake(load_settings(data_dir=tmp_path, catalog_uri="", warehouse=""))
    mark = lake.watermark(doomed.TABLE)
    rows = lake.catalog.iceberg.load_table(doomed.TABLE).scan().to_arrow().to_pylist()
    assert {int(line) for line in kept} <= set(range(1, mark + 1))
    assert Counter(row["n"] for row in rows) == dict.fromkeys(range(1, mark + 1), doomed.BATCH)
    assert len({row["_row_id"] for row in rows}) == len(rows)


def test_no_task_is_lost_and_none_is_finished_twice(tmp_path: Path) -> None:
    kept = kill_again_and_again(doomed.claim_and_finish, tmp_path, times=8, among=2)
    queue = doomed.state_in(tmp_path).queue
    assert max(Counter(kept).values()) == 1
    assert set(kept) <= {task.task_id for task in queue.find(states=[TaskState.DONE], limit=100_000)}
    time.sleep(0.2)
    left = {task.task_id for task in queue.find(states=[TaskState.WAITING, TaskState.RUNNING], limit=100_000)}
    claimed = iter(lambda: queue.claim("w", 60, limit=5), [])
    assert {task.task_id for tasks in claimed for task in tasks} == left


@pytest.mark.parametrize(("age", "left"), [(10, True), (7200, False)])
def test_what_a_killed_process_left_half_written_is_swept(tmp_path: Path, age: int, left: bool) -> None:
    doomed.state_in(tmp_path).close()
    folder = tmp_path / "objects" / "ab" / "cd"
    folder.mkdir(parents=True)
    half = folder / ".abcd.0.part"
    half.write_bytes(b"half")
    os.utime(half, (time.time() - age,) * 2)
    doomed.state_in(tmp_path).close()
    assert half.exists() is left
