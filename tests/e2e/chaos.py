"""A pipeline whose worker processes are killed and stopped at random moments, and what must hold whatever happens."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from core.bootstrap import build_pipeline
from core.model import content_hash
from core.pipeline import Pipeline
from core.pipeline.workshop import owner_name
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.scheduler import AgentLoop
from jobs.worker import Pool
from tests.parts import parts_of

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["tests.e2e.chaos", "warehouse.lake.commits", "pyiceberg.catalog.sql", "core.broker.nats", "pandas"]
)

PAGE = """<!doctype html><html><head><title>Notice {n}</title></head><body><h1>Supply of item {n}</h1>
<dl><dt>Reference</dt><dd>REF-{n:05d}</dd><dt>Buyer</dt><dd>Town of {town}</dd><dt>Value</dt><dd>EUR {value}</dd></dl>
</body></html>"""
LEASE = 1.0


def work(changes: dict[str, Any], limits: Callable[[], None] | None = None) -> None:
    """A worker process, until it is killed."""
    if limits is not None:
        limits()
    Pool(build_pipeline(load_settings(**changes)), owner_name(), 2).start()
    threading.Event().wait()


def lead(changes: dict[str, Any]) -> None:
    """A process with the whole agent loop, until it is killed."""
    AgentLoop(build_pipeline(load_settings(**changes))).start()
    threading.Event().wait()


class World:
    """A folder of pages that changes, the pipeline that reads it, and the workers of it."""

    def __init__(self, folder: Path, pages: int, **changes: Any) -> None:
        self.pages = pages
        self.folder = folder / "pages"
        self.folder.mkdir(parents=True)
        self.changes = {"data_dir": folder / "data", "lease_seconds": LEASE, "event_attempts": 100} | changes
        self.written: set[str] = set()
        self.version = 0
        self.write_pages()
        self.pipeline: Pipeline = build_pipeline(load_settings(**self.changes))
        draft = scouted(self.pipeline, str(self.folder), "notices")
        self.pipeline.sources.accept(draft.draft_id)

    def write_pages(self) -> None:
        """A new version of every page."""
        self.version += 1
        for n in range(self.pages):
            town = ["Ashby", "Brook", "Calder", "Dunmore"][n % 4]
            content = PAGE.format(n=n, town=town, value=1000 * self.version + 37 * n).encode()
            (self.folder / f"{n:03d}.html").write_bytes(content)
            self.written.add(content_hash(content))

    def go_on(self) -> None:
        """When everything has been read, let every page change and be read again."""
        if self.pipeline.flow.runs(open_only=True, limit=1):
            return
        self.write_pages()
        self.pipeline.flow.run_now("notices")

    def start(self, target: Callable[..., None] = work, *arguments: Any) -> BaseProcess:
        process = PROCESSES.Process(target=target, args=(self.changes, *arguments), daemon=True)
        process.start()
        return process

    def finish(self, seconds: float = 240.0) -> None:
        """Let one worker do what is left, until it is in the lake."""
        worker = self.start()
        end = time.monotonic() + seconds
        try:
            while not self._settled():
                assert time.monotonic() < end, self.pipeline.flow.levels()
                assert worker.is_alive()
                time.sleep(0.1)
        finally:
            kill(worker)

    def _settled(self) -> bool:
        open_runs = self.pipeline.flow.runs(open_only=True, limit=1)
        return not open_runs and not any(level.waiting + level.in_flight for level in self.pipeline.flow.levels())

    def check(self) -> int:
        """The invariants; the number of document versions that were read."""
        pipeline = self.pipeline
        documents = pipeline.documents.find("notices", limit=1_000_000)
        kept = {document.content_hash for document in documents}
        assert kept == self.written, "a document was lost"
        assert all(content_hash(pipeline.documents.content(digest)) == digest for digest in kept)
        ids = {document.document_id for document in documents}
        self._check_table("bronze.documents", "document_id", ids)
        [table] = pipeline.tables.names_of("notices")
        self._check_table(table.replace("extracted.", "history."), "_document_id", ids)
        rows = pipeline.tables.query(f"SELECT count(*), count(DISTINCT _row_id) FROM {table}", limit=5).rows
        assert rows == [(self.pages, self.pages)], "the current view is not one row a page"
        assert pipeline.flow.letters() == []
        assert [run.error for run in pipeline.flow.runs(limit=1000) if run.error] == []
        assert {run.documents for run in pipeline.flow.runs("notices", limit=1000)} == {self.pages}
        return len(documents)

    def _check_table(self, table: str, key: str, ids: set[str]) -> None:
        rows = self.pipeline.tables.query(f"SELECT {key} FROM {table}", limit=10_000_000).rows
        found = Counter(row[0] for row in rows)
        assert set(found) == ids, f"{table} misses {len(ids - set(found))}"
        assert max(found.values()) == 1, f"{table} holds rows twice"


def kill(process: BaseProcess) -> None:
    """SIGKILL, and wait for the end."""
    process.kill()
    process.join(10)


def torment(world: World, kills: int, chance: random.Random, workers: int = 3, **faults: Callable[[], None]) -> int:
    """Kill a random worker every 100–300 ms, now and then stop one past its lease, and start it again; the kills."""
    alive = [world.start() for _ in range(workers)]
    hits = stops = 0
    while hits < kills:
        time.sleep(chance.uniform(0.1, 0.3))
        world.go_on()
        index = chance.randrange(workers)
        if chance.random() < 0.03:
            stops += 1
            os.kill(alive[index].pid or 0, signal.SIGSTOP)
            time.sleep(2.2 * LEASE)
            os.kill(alive[index].pid or 0, signal.SIGCONT)
            continue
        for name, fault in faults.items():
            if chance.random() < 0.05:
                assert name
                fault()
        hits += alive[index].is_alive()
        kill(alive[index])
        alive[index] = world.start()
    for process in alive:
        kill(process)
    return hits


@contextmanager
def rival(world: World) -> Iterator[None]:
    """Somebody else who keeps changing the tables of the lake, so that commits meet conflicts."""
    stop = threading.Event()

    def disturb() -> None:
        catalog = parts_of(world.pipeline).lake.catalog.iceberg
        while not stop.wait(0.05):
            for namespace in catalog.list_namespaces():
                for name in catalog.list_tables(namespace):
                    _touch(catalog, name)

    thread = threading.Thread(target=disturb, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _touch(catalog: Any, name: Any) -> None:
    try:
        catalog.load_table(name).transaction().set_properties({"rival": str(time.time())}).commit_transaction()
    except Exception:  # the rival may lose; it is there to disturb
        return
