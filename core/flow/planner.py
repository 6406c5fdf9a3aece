"""Planner: which addresses a run fetches: all that is known, or, beyond its bound, the unread first."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import NamedTuple, TypeVar

from core.flow.tasks import fetch_tasks
from core.model import FetchRequest, RawDocument, Run, Source, Tally, Visit
from core.ports import Acquirer, BronzeStore, Clock, ExtractionLedger, Frontier, TaskQueue

# tasks that are put down in one transaction: others wait for it
TASKS_A_CHUNK = 500

T = TypeVar("T")


class Bound(NamedTuple):
    """The most documents that one run may fetch, and what sets it."""

    documents: int
    set_by: str


class Shortfall(NamedTuple):
    """Why a run did not read all that is known, and how much that is."""

    limited_by: str
    tally: Tally


@dataclass(frozen=True)
class Planner:
    """Keeps to the bound of a run, and remembers what it left out.

    Only documents of other hosts are bounded unless a source says so: what lies on this machine burdens nobody.
    """

    acquirers: Mapping[str, Acquirer]
    frontier: Frontier
    bronze: BronzeStore
    ledger: ExtractionLedger
    queue: TaskQueue
    clock: Clock
    most: int

    def bound(self, source: Source) -> Bound | None:
        """The bound of a run of the source; None when there is none."""
        if source.max_documents is not None:
            return Bound(source.max_documents, f"the bound of the source, {source.max_documents:,} documents")
        if self.is_local(source):
            return None
        return Bound(self.most, f"SDP_MAX_RUN_DOCUMENTS={self.most}")

    def is_local(self, source: Source) -> bool:
        """Whether its documents lie on this machine: each is a beginning of its own, and burdens no host."""
        return self.acquirers[source.acquirer].is_local

    def begin(self, source: Source, run_id: str) -> int:
        """Queue where a run begins: its start addresses, and what earlier runs left unread; their number."""
        starts, bound = self.acquirers[source.acquirer].starts(source), self.bound(source)
        if bound is None:
            return sum(self._enqueue(chunk, run_id) for chunk in chunks(starts))
        addresses = list(starts)
        for chunk in chunks(addresses):
            self._see(source, chunk)
        if not self.frontier.exceeds(source.source_id, bound.documents):
            return self._enqueue(addresses, run_id)
        # a few addresses are where new ones are found; of many, each is one of the documents to be shared out
        always = addresses if len(addresses) < bound.documents else []
        known = {request.url for request in always}
        unread = self.frontier.pick(source.source_id, bound.documents)
        others = [request for request in unread if request.url not in known]
        return self._enqueue([*always, *others][: bound.documents], run_id)

    def follow(self, source: Source, run_id: str, links: Sequence[FetchRequest], onward: str = "") -> None:
        """Queue where a page leads: all of it, or, where more is known than the bound allows, what is unread.

        `onward` is the address at which a list goes on that is worth following, read before or not.
        """
        bound = self.bound(source)
        if bound is None:
            self._enqueue(links, run_id)
            return
        unread = self._see(source, links)
        if self.frontier.exceeds(source.source_id, bound.documents):
            links = [link for link in links if link.url in unread or link.url == onward]
        self._enqueue(links[: max(0, bound.documents - self.queue.count(run_id))], run_id)

    def go_on(self, source: Source, run: Run) -> int:
        """Queue, for a run that is through and has room, what is unread, and what was visited longest ago."""
        bound = self.bound(source)
        if bound is None or not self.frontier.exceeds(source.source_id, bound.documents):
            return 0
        room = bound.documents - self.queue.count(run.run_id)
        picked = self.frontier.pick(source.source_id, room, rested=run.started_at) if room > 0 else []
        return self._enqueue(picked, run.run_id)

    def visited(self, source_id: str, visits: Mapping[str, Visit]) -> None:
        """Remember how visits ended."""
        self.frontier.note(source_id, visits, self.clock.now())

    def all_visited(self, documents: Iterable[RawDocument], visit: Visit) -> None:
        """Remember that visits ended alike."""
        for source_id, some in groupby(documents, key=attrgetter("source_id")):
            self.visited(source_id, {document.url: visit for document in some})

    def shortfall(self, source: Source, run: Run) -> Shortfall | None:
        """What a run did not read because of its bound; None when it read all that is known."""
        bound = self.bound(source)
        if bound is None or self.queue.count(run.run_id) < bound.documents:
            return None
        tally = self.frontier.tally(source.source_id)
        return Shortfall(bound.set_by, tally) if tally.known > bound.documents else None

    def _see(self, source: Source, requests: Sequence[FetchRequest]) -> set[str]:
        """Those of the addresses that nobody has visited, also before the source had a bound."""
        unread = self.frontier.see(requests, self.clock.now())
        read = self._read_before(source.source_id, unread) if unread else []
        if read:
            first = min(document.fetched_at for document in read)
            self.frontier.note(source.source_id, {document.url: Visit.UNCHANGED for document in read}, first)
        return unread - {document.url for document in read}

    def _read_before(self, source_id: str, urls: Collection[str]) -> list[RawDocument]:
        """The newest documents there that an extractor has read; the samples of the scout do not count."""
        kept = self.bronze.latest(source_id, sorted(urls))
        entries = self.ledger.of_documents([document.document_id for document in kept.values()])
        return [document for document in kept.values() if document.document_id in entries]

    def _enqueue(self, requests: Iterable[FetchRequest], run_id: str) -> int:
        return self.queue.enqueue(fetch_tasks(requests, run_id, self.clock.now()))


def chunks(things: Iterable[T], size: int = TASKS_A_CHUNK) -> Iterator[list[T]]:
    """The things in their order, some at a time."""
    left = iter(things)
    while chunk := list(islice(left, size)):
        yield chunk
