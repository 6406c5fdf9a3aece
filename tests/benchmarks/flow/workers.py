"""One worker process against two, and the share of the work that one of them can keep the other waiting with."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from core.broker.local.file import LogFile
from core.disk.sqlite import sync_log
from core.flow.lake_writer import LakeWriter
from core.pipeline.workshop import owner_name
from jobs.worker import Pool, drain
from tests.benchmarks.flow.table import print_table
from tests.benchmarks.flow.whole import opened, ready
from warehouse.state.database import Database

PAGES, ROUNDS = 2_000, 2


class Pace(NamedTuple):
    """Seconds that a page takes on the clock, and of the processors."""

    clock: float
    processor: float


def workers(pages: int = PAGES) -> None:
    """The best of some rounds: other work on the machine hits two processes harder than one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ready(folder, pages)
        one, two = (min(_pace(folder, pages, processes) for _ in range(ROUNDS)) for processes in (1, 2))
    locked, flushing = shares(pages)
    limit = 1 / (locked + (1 - locked) / 2)
    rates = (f"{1 / one.clock:.0f} pages/s", f"{1 / two.clock:.0f} pages/s", f"{one.clock / two.clock:.2f}")
    processors = (f"{1000 * one.processor:.1f} ms", f"{1000 * two.processor:.1f} ms")
    rows = [(*rates, *processors, f"{locked:.1%}", f"{limit:.2f}", f"{flushing:.1%}")]
    alone, both = "processor a page, 1 process", "2 processes"
    shared = ("under a write lock", "which allows", "writing to the lake")
    heads = ("1 process", "2 processes", "speed-up", alone, both, *shared)
    load = os.getloadavg()[1]
    title = f"Worker processes, {pages:,} pages, the best of {ROUNDS}; load of the machine {load:.1f}"
    print_table(title, heads, rows)


def _pace(folder: Path, pages: int, processes: int) -> Pace:
    """Of all pages but the first ones, read by so many processes on a copy of the prepared folder."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(folder / "data", Path(name) / "data")
        pipeline = opened(Path(name))
        command = [sys.executable, "-m", "tests.benchmarks.flow.workers", name]
        running = [subprocess.Popen(command) for _ in range(processes)]
        try:
            while len(pipeline.flow.workers()) < processes or pipeline.flow.runs("notices", limit=1)[0].documents < 200:
                time.sleep(0.02)
            before = pipeline.flow.runs("notices", limit=1)[0].documents
            began, used = time.perf_counter(), sum(map(_processor_seconds, running))
            while not pipeline.work.is_idle():
                time.sleep(0.02)
            took, used = time.perf_counter() - began, sum(map(_processor_seconds, running)) - used
            return Pace(took / (pages - before), used / (pages - before))
        finally:
            for worker in running:
                worker.kill()
                worker.wait()


def _processor_seconds(process: subprocess.Popen[bytes]) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def shares(pages: int) -> tuple[float, float]:
    """The shares of one worker's time in which it holds a write lock of the state or the log, and writes to the lake.

    The locks keep others waiting. The lake does not: while one process writes to a table, the others go on reading.
    """
    locked, flushing = [0.0, 0.0], [0.0, 0.0]
    with tempfile.TemporaryDirectory() as folder:
        pipeline = ready(Path(folder), pages)
        pipeline.work.settle()
        locks = (_timed(Database, "write", locked), _timed(LogFile, "write", locked))
        with locks[0], locks[1], _without_syncs(locked), _timed_flush(flushing):
            began = time.perf_counter()
            drain(pipeline, "bench")
            took = time.perf_counter() - began
    return locked[1] / took, flushing[1] / took


def _enter(held: list[float]) -> float:
    held[0] += 1
    return time.perf_counter()


def _leave(held: list[float], began: float) -> None:
    """Only the outermost of several locks counts."""
    held[0] -= 1
    if held[0] == 0:
        held[1] += time.perf_counter() - began


@contextmanager
def _timed(owner: Any, name: str, held: list[float]) -> Iterator[None]:
    plain = getattr(owner, name)

    @contextmanager
    def timed(*arguments: Any, **named: Any) -> Iterator[Any]:
        began = _enter(held)
        try:
            with plain(*arguments, **named) as connection:
                yield connection
        finally:
            _leave(held, began)

    setattr(owner, name, timed)
    yield
    setattr(owner, name, plain)


@contextmanager
def _without_syncs(held: list[float]) -> Iterator[None]:
    """The disk is waited for when the lock was released: not counted."""

    def sync(path: Path) -> None:
        began = time.perf_counter()
        sync_log(path)
        held[1] -= time.perf_counter() - began

    with patch("warehouse.state.database.sync_log", sync), patch("core.broker.local.file.sync_log", sync):
        yield


@contextmanager
def _timed_flush(held: list[float]) -> Iterator[None]:
    plain = LakeWriter.flush

    def flush(writer: LakeWriter) -> int:
        began = _enter(held)
        try:
            return plain(writer)
        finally:
            _leave(held, began)

    LakeWriter.flush = flush  # type: ignore[method-assign]
    yield
    LakeWriter.flush = plain  # type: ignore[method-assign]


def work(folder: Path) -> None:
    """One worker process with one thread of work."""
    Pool(opened(folder), owner_name(), 1).start()
    threading.Event().wait()


if __name__ == "__main__":
    work(Path(sys.argv[1]))
