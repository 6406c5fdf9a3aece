"""Put faults into modules one at a time and say which of them no test noticed.

Usage: python -m tests.mutants [PART OF A PATH] ...

Each mutant runs in a forked process that loads the changed module in place of the file: no file is ever touched, and
tests that start the command line start the right one. A fault that only such a process would meet is not noticed.
"""

import importlib.util
import os
import resource
import signal
import sys
import time
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType

import pytest

from tests.mutants.changes import Mutant, mutants
from tests.mutants.targets import ALIKE, TARGETS

ROOT = Path(__file__).parents[2]
# times the processor time of the unchanged module, and seconds on top: who needs more runs in a circle
MOST_TIMES, MOST_MORE = 5, 20
# seconds after which a test that waits for what never happens has noticed
MOST_SECONDS = 600
# what the modules need, loaded once and not in each process; of ours nothing, it must be loaded with the change
BEFOREHAND = ("duckdb", "httpx", "lxml.html", "pandas", "pyarrow", "pydantic", "pyiceberg.catalog.sql",
              "sqlalchemy")  # fmt: skip


class Changed(SourceFileLoader):
    """Loads other code in place of a file."""

    def __init__(self, name: str, path: Path, code: str) -> None:
        super().__init__(name, str(path))
        self._text = code

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, self.path, "exec")


class Finder:
    """Finds the changed module before the file is found."""

    def __init__(self, path: str, code: str) -> None:
        self._path, self._code = ROOT / path, code
        self._name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(name, loader=Changed(name, self._path, self._code))


def main(words: list[str]) -> int:
    """Try the modules whose path holds one of the words, or all; 1 when a fault was not noticed."""
    chosen = [path for path in TARGETS if not words or any(word in path for word in words)]
    for name in BEFOREHAND:
        importlib.import_module(name)
    survived = [(path, mutant) for path in chosen for mutant in _survivors(path)]
    print(f"{len(survived)} faults were not noticed")
    return int(bool(survived))


def _survivors(path: str) -> list[Mutant]:
    source = (ROOT / path).read_text()
    begun = _processor_time()
    if not _passes(path, source, 0):
        raise SystemExit(f"The tests of {path} fail without a fault: {' '.join(TARGETS[path])}")
    most = int((_processor_time() - begun) * MOST_TIMES) + MOST_MORE
    alike = ALIKE.get(path, {})
    tried = [mutant for mutant in mutants(source) if mutant.after not in alike]
    survived = []
    for number, mutant in enumerate(tried, 1):
        if _passes(path, mutant.code, most):
            survived.append(mutant)
            print(f"{path}:{mutant.line}: not noticed: {mutant.change}", flush=True)
        if sys.stderr.isatty():
            print(f"{path}: {number} of {len(tried)}", end="\r", file=sys.stderr)
    print(f"{path}: {len(tried) - len(survived)} of {len(tried)} faults noticed", flush=True)
    return survived


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _passes(path: str, code: str, most: int) -> bool:
    """Whether the tests of a module pass with other code in its place, in so many seconds of the processor."""
    child = os.fork()
    if child == 0:
        _try_out(path, code, most)
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _try_out(path: str, code: str, most: int) -> None:
    """Run the tests in this process and end it; it leads a group, so that what it started ends with it."""
    os.setsid()
    if most:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.meta_path.insert(0, Finder(path, code))
    answer = 1
    try:
        answer = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *TARGETS[path]])
    finally:
        os._exit(int(answer))


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    sys.exit(main(sys.argv[1:]))
