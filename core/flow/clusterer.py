"""Clusterer: puts what was extracted into clusters, each reading once; one process writes at a time.

What was taken in, and the clusters with it, are written in one transaction. A process that is killed has written all
of it or nothing, and what comes twice is known.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from core.cluster import Clusters
from core.errors import Conflict
from core.events import Event, RowsExtracted
from core.flow.cluster_book import PIPELINE, ClusterBook, Told
from core.model import Lease
from core.ports import Clock, ClusterLog, ClusterStore, Leases

T = TypeVar("T")
# the lease of whoever writes the clusters
CLUSTERS = "clusters"
# seconds between two looks whether another process has written
LOOK_SECONDS = 0.05


@dataclass
class Clusterer:
    """The clusters as this process knows them, and the right to change them."""

    store: ClusterStore
    log: ClusterLog
    leases: Leases
    clock: Clock
    owner: str
    lease_seconds: float
    book: ClusterBook | None = None
    taken_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_free(self) -> bool:
        """Whether nobody is writing just now, as it seems: who fetches events only to wait keeps them from others."""
        if self.lock.locked():
            return False
        lease = self.leases.current(CLUSTERS)
        return lease is None or lease.owner == self.owner or lease.until <= self.clock.now()

    def take(self, events: Sequence[Event]) -> None:
        """Rows were extracted: put some of them into clusters."""
        readings = {event.event_id: event for event in events if isinstance(event, RowsExtracted)}
        if not readings.keys() - self.log.taken(readings):
            return
        with self._writing() as book:
            known = self.log.taken(readings)
            new = [rows for event_id, rows in readings.items() if event_id not in known]
            book.remember(self.log.of_documents({rows.document_id for rows in new}))
            for rows in new:
                book.take(rows)
        self.taken_at = time.monotonic()

    def settle(self, quiet_seconds: float = 0.0) -> None:
        """When no records came for so long, look once more whether clusters are one."""
        if time.monotonic() - self.taken_at < quiet_seconds or (self.book and not self.book.unsettled):
            return
        if not self.is_free:
            # whoever calls has other work to do; the next time is soon
            return
        with self._writing() as book:
            book.settle()
            book.follow(book.clusters.take_events(), Told(PIPELINE, self.clock.now()))

    def whole(self) -> Clusters:
        """All clusters as they are kept, to be looked at."""
        book = ClusterBook(self.store)
        book.refresh()
        return book.clusters

    def change(self, act: Callable[[ClusterBook], T]) -> T:
        """Change the clusters, and write that; the answer is what the act answers."""
        with self._writing() as book:
            return act(book)

    @contextmanager
    def _writing(self) -> Iterator[ClusterBook]:
        """The clusters as they are now, which are written at the end of the block, or as before if it fails.

        Raises:
            Conflict: somebody else writes for longer than a lease lasts.
        """
        with self.lock:
            lease = self._lease()
            book, self.book = self.book or ClusterBook(self.store), None
            try:
                book.refresh()
                yield book
                book.write()
                self.book = book
            finally:
                self.leases.release(lease)

    def _lease(self) -> Lease:
        until = time.monotonic() + 2 * self.lease_seconds
        while (lease := self.leases.acquire(CLUSTERS, self.owner, self.lease_seconds)) is None:
            if time.monotonic() > until:
                raise Conflict("Another process changes the clusters just now.", "Try again in a moment.")
            time.sleep(LOOK_SECONDS)
        return lease
