"""Warm processes for queries: as many as there are queries at a time, up to a few, of which some stay for the next."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.errors import RetryLater
from warehouse.query.process import QueryProcess

# a warm one holds some 150 MB; one answers all pages of a visitor, the second spares others the wait
_KEPT = 2
# more would share the same processors, and each may take SDP_QUERY_MEMORY_BYTES
_MOST = 4


class QueryPool:
    """Lends processes out, started when there is something to do."""

    def __init__(self, start: Callable[[], QueryProcess]) -> None:
        self._start = start
        self._places = threading.BoundedSemaphore(_MOST)
        self._lock = threading.Lock()
        self._idle: list[QueryProcess] = []
        self._owner = os.getpid()

    @contextmanager
    def borrowed(self, patience: float) -> Iterator[QueryProcess]:
        """A process for one query.

        Raises:
            RetryLater: others keep all of them busy for as long as one may wait.
        """
        if not self._places.acquire(timeout=min(patience, threading.TIMEOUT_MAX)):
            raise RetryLater(f"{_MOST} other queries are running.", "Try again when they are done.")
        try:
            process = self._taken()
            try:
                yield process
            finally:
                self._given_back(process)
        finally:
            self._places.release()

    def _taken(self) -> QueryProcess:
        with self._lock:
            if self._owner != os.getpid():
                # a fork has no processes: those of its parent answer to its parent
                self._owner, self._idle = os.getpid(), []
            idle, self._idle = self._idle[-1:], self._idle[:-1]
        return idle[0] if idle and idle[0].answers() else self._start()

    def _given_back(self, process: QueryProcess) -> None:
        with self._lock:
            if process.alive and len(self._idle) < _KEPT:
                self._idle.append(process)
                return
        process.end()
