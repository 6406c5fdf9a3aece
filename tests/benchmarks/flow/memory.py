"""Memory of one process that reads many documents: while it reads the first fifth of them, and the last."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jobs.worker import Pool
from tests.benchmarks.flow.table import print_table
from tests.benchmarks.flow.whole import ready

FEW, MANY = 10_000, 50_000
ROWS_EACH = 1


def memory(few: int = FEW, many: int = MANY) -> None:
    """In a process of its own, which has held nothing else."""
    command = [sys.executable, "-m", "tests.benchmarks.flow.memory", str(few), str(many)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    first, last, rate = map(float, said)
    rows = [(f"{first:.0f} MB", f"{last:.0f} MB", f"{last / first:.2f}", f"{rate:.0f} pages/s")]
    heads = (f"up to {few:,}", f"up to {many:,}", "ratio", "pace")
    print_table(f"Most memory of a process that reads pages of {ROWS_EACH} row (bar: flat)", heads, rows)


def _most(few: int, many: int) -> tuple[float, float, float]:
    """The most that was resident, in megabytes, until so many documents had been read; and documents a second."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = ready(Path(folder), many, ROWS_EACH)
        pool, began, peaks = Pool(pipeline, "bench", 1), time.perf_counter(), [0.0, 0.0]
        pool.start()
        while not pipeline.idle():
            time.sleep(0.2)
            read = pipeline.runs.find("notices", limit=1)[0].documents
            peaks = [max(peaks[0], _resident()) if read <= few else peaks[0], max(peaks[1], _resident())]
        took = time.perf_counter() - began
        pool.end(60)
    return peaks[0], peaks[1], many / took


def _resident() -> float:
    """Megabytes of this process that are in memory now."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1000


if __name__ == "__main__":
    print(*_most(int(sys.argv[1]), int(sys.argv[2])))
