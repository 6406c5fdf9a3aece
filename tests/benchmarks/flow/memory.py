"""Memory of one process that reads many documents: the most in each stretch of them."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jobs.worker import Pool
from tests.benchmarks.flow.table import print_table
from tests.benchmarks.flow.whole import ready

PAGES = (10_000, 20_000, 30_000, 50_000)
ROWS_EACH = 1


@contextmanager
def memory(counts: Sequence[int] = PAGES) -> Iterator[None]:
    """In a process of its own, which has held nothing else, beside what is done in the block.

    It is the block that may take longer than alone; how much a process holds does not depend on its pace.
    """
    command = [sys.executable, "-m", "tests.benchmarks.flow.memory", *map(str, counts)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield
        said = process.communicate()[0].split()
    pace = counts[-1] / (time.perf_counter() - began)
    if process.returncode:
        raise SystemExit("the process whose memory was measured failed")
    peaks = [float(peak) for peak in said]
    heads = (*(f"up to {count:,}" for count in counts), "last ÷ first", "pace")
    cells = (*(f"{peak:.0f} MB" for peak in peaks), f"{peaks[-1] / peaks[0]:.2f}", f"{pace:.0f} pages/s")
    print_table(f"Most memory of a process that reads pages of {ROWS_EACH} row (bar: flat)", heads, [cells])


def peaks(counts: Sequence[int]) -> Iterator[float]:
    """The most megabytes that were resident until so many documents were read, since the count before."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = ready(Path(folder), counts[-1], ROWS_EACH)
        pool = Pool(pipeline, "bench", 1)
        pool.start()
        for count in counts:
            _forget_the_most()
            while not pipeline.work.is_idle() and pipeline.flow.runs("notices", limit=1)[0].documents < count:
                time.sleep(0.2)
            yield _most()
        pool.end(60)


def _forget_the_most() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _most() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


if __name__ == "__main__":
    for peak in peaks([int(count) for count in sys.argv[1:]]):
        print(f"{peak:.0f}", flush=True)
