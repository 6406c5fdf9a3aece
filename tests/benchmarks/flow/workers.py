"""One worker process against two, and the share of the work that one of them can keep the other waiting with."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.agents.writer import LakeWriter
from core.broker.local.file import LogFile
from jobs.scheduler import owner_name
from jobs.worker import Pool, drain
from tests.benchmarks.flow.table import print_table
from tests.benchmarks.flow.whole import opened, ready
from warehouse.database import Database

PAGES, ROUNDS = 2_000, 2


def workers(pages: int = PAGES) -> None:
    """The best of some rounds: other work on the machine hits two processes harder than one."""
    one, two = (min(_seconds_each(pages, processes) for _ in range(ROUNDS)) for processes in (1, 2))
    locked, flushing = shares(pages)
    limit = 1 / (locked + (1 - locked) / 2)
    rates = (f"{1 / one:.0f} pages/s", f"{1 / two:.0f} pages/s", f"{one / two:.2f}")
    rows = [(*rates, f"{locked:.1%}", f"{limit:.2f}", f"{flushing:.1%}")]
    heads = ("1 process", "2 processes", "speed-up", "under a write lock", "which allows", "writing to the lake")
    print_table(f"Worker processes, {pages:,} pages, the best of {ROUNDS}", heads, rows)


def _seconds_each(pages: int, processes: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        pipeline = ready(Path(folder), pages)
        command = [sys.executable, "-m", "tests.benchmarks.flow.workers", folder]
        running = [subprocess.Popen(command) for _ in range(processes)]
        try:
            while len(pipeline.workers()) < processes or pipeline.runs.find("notices", limit=1)[0].documents < 200:
                time.sleep(0.02)
            before, began = pipeline.runs.find("notices", limit=1)[0].documents, time.perf_counter()
            while not pipeline.idle():
                time.sleep(0.02)
            return (time.perf_counter() - began) / (pages - before)
        finally:
            for worker in running:
                worker.kill()
                worker.wait()


def shares(pages: int) -> tuple[float, float]:
    """The shares of one worker's time in which it holds a write lock of the state or the log, and writes to the lake.

    The locks keep others waiting. The lake does not: while one process writes to a table, the others go on reading.
    """
    locked, flushing = [0.0, 0.0], [0.0, 0.0]
    with tempfile.TemporaryDirectory() as folder:
        pipeline = ready(Path(folder), pages)
        pipeline.settle()
        with _timed(Database, "write", locked), _timed(LogFile, "write", locked), _timed_flush(flushing):
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
