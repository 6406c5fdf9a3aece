"""Loops that write until they are killed, noting in a file what they were told is kept."""

import itertools
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from core.bootstrap import open_lake
from core.broker.local import LocalBroker
from core.errors import LeaseLost
from core.events import Column
from core.model import content_hash
from core.settings import load_settings
from tests.contract.nouns import a_document, a_run_started, a_task
from warehouse.stores import StateStores, open_state

TABLE = "extracted.shop__items"
BATCH = 7


class Now:
    def now(self) -> datetime:
        return datetime.now(UTC)


def state_in(folder: Path) -> StateStores:
    return open_state(load_settings(data_dir=folder, database_url=""), Now())


def page(number: int) -> bytes:
    return f"<p>{number}</p>".encode() * 2000


def put_pages(folder: Path) -> None:
    bronze = state_in(folder).bronze
    with (folder / "kept").open("a", buffering=1) as kept:
        for number in itertools.count(len(bronze.find(limit=100_000))):
            content = page(number)
            bronze.put(a_document(content, url=f"https://shop.example/{number}"), content)
            kept.write(f"{content_hash(content)}\n")


def publish_batches(folder: Path) -> None:
    broker = LocalBroker(folder / "events.db")
    start = len(broker.read(limit=1_000_000)) // BATCH
    with (folder / "kept").open("a", buffering=1) as kept:
        for batch in itertools.count(start):
            broker.publish([a_run_started(f"{batch}-{number}") for number in range(BATCH)])
            kept.write(f"{batch}\n")


def append_batches(folder: Path) -> None:
    lake = open_lake(load_settings(data_dir=folder, catalog_uri="", warehouse=""))
    columns = (Column(name="n", type="integer"),)
    with (folder / "kept").open("a", buffering=1) as kept:
        while True:
            mark = lake.watermark(TABLE) + 1
            lake.append(TABLE, columns, [{"n": mark, "_row_id": f"{mark}-{number}"} for number in range(BATCH)], mark)
            kept.write(f"{mark}\n")


def claim_and_finish(folder: Path) -> None:
    queue = state_in(folder).queue
    with (folder / "kept").open("a", buffering=1) as kept:
        while True:
            tasks = queue.claim("w", 0.2, limit=3)
            if not tasks:
                number = len(queue.find(limit=100_000))
                queue.enqueue([a_task(str(number + more)) for more in range(20)])
                continue
            for task in tasks:
                with suppress(LeaseLost):
                    queue.report(task.model_copy(update={"state": "done"}))
                    kept.write(f"{task.task_id}\n")
