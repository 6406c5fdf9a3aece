"""Fetching: the first half of a fetch task. The document is acquired and kept; what is new is handed over."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from core.errors import LeaseLost, PageGone, PipelineError
from core.flow.end_of_list import is_past_end
from core.flow.onward import Onward
from core.flow.piles import piles
from core.flow.planner import Planner
from core.flow.tasks import Reports, ended, handed_over
from core.flow.visitor import Page, Visitor
from core.model import ExtractorState, FetchRequest, RawDocument, Source, Task, Visit
from core.ports import (
    BronzeStore,
    ExtractionEntry,
    ExtractionLedger,
    ExtractorStore,
    Report,
    SourceStore,
    TaskQueue,
    UnitOfWork,
)

# bytes that are held in memory before they are kept
PILE_BYTES = 16_000_000

Taken = tuple[Task, Page]


@dataclass(frozen=True)
class Fetching:
    """Fetches for claimed tasks. Versions that were read before end here."""

    visitor: Visitor
    bronze: BronzeStore
    extractors: ExtractorStore
    ledger: ExtractionLedger
    sources: SourceStore
    queue: TaskQueue
    reports: Reports
    planner: Planner
    onward: Onward
    together: UnitOfWork

    def fetch(self, tasks: Sequence[Task]) -> None:
        """Acquire the documents of claimed tasks; versions that are new are handed over, with their tasks."""
        for pile in piles(self._fetched(tasks), lambda pair: pair[1].document.size, PILE_BYTES):
            try:
                self._take_in(pile)
            except PipelineError as error:
                for task, _ in pile:
                    self._failed(task, error)

    def _fetched(self, tasks: Sequence[Task]) -> Iterator[Taken]:
        for source_id, some in groupby(tasks, key=attrgetter("source_id")):
            yield from self._fetched_of(self.sources.get(source_id), list(some))

    def _fetched_of(self, source: Source, tasks: Sequence[Task]) -> Iterator[Taken]:
        requests = [FetchRequest(source_id=source.source_id, **task.payload) for task in tasks]
        latest = self.bronze.latest(source.source_id, [request.url for request in requests])
        for task, request in zip(tasks, requests, strict=True):
            try:
                yield task, self.visitor.fetch(source, request, task.run_id, latest)
            except PipelineError as error:
                self._refused(task, request, error)

    def _refused(self, task: Task, request: FetchRequest, error: PipelineError) -> None:
        active = self.extractors.active(request.source_id, request.template)
        if active is not None and is_past_end(request, error, active.blueprint):
            message = "the list ends before this page"
        elif request.recalled and isinstance(error, PageGone):
            message = "gone since an earlier run saw it"
        else:
            self._failed(task, error)
            return
        with suppress(LeaseLost):
            self.queue.report(ended(task, message).task)
            self.planner.visited(task.source_id, {request.url: Visit.GONE})

    def _take_in(self, pairs: Sequence[Taken]) -> None:
        """Keep what was fetched; hand over what is new, follow and report what was read before."""
        self.visitor.keep([page for _, page in pairs])
        known = self._known([page.document for _, page in pairs])
        new = [(task, page) for task, page in pairs if page.document.document_id not in known]
        unchanged = [(task, page) for task, page in pairs if page.document.document_id in known]
        # first the event: between the two, the task can be reported by its token all the same
        self.visitor.tell((page.document, task) for task, page in new)
        with self.together():
            for task, page in unchanged:
                self.onward.follow(task, page.request, known[page.document.document_id], is_new=False)
            self.queue.report_all(_reports(new, unchanged))
            self.planner.all_visited([page.document for _, page in unchanged], Visit.UNCHANGED)

    def _known(self, documents: Sequence[RawDocument]) -> Mapping[str, ExtractionEntry]:
        """What is known of these very versions, by id, where an extractor that is still active has read them."""
        entries = self.ledger.of_documents([document.document_id for document in documents])
        read_by = {entry.extractor_id for entry in entries.values() if not entry.error}
        active = {name for name in read_by if self.extractors.get(name).state is ExtractorState.ACTIVE}
        return {name: entry for name, entry in entries.items() if not entry.error and entry.extractor_id in active}

    def _failed(self, task: Task, error: PipelineError) -> None:
        with suppress(LeaseLost):
            self.reports.failed(task, error)


def _reports(new: Sequence[Taken], unchanged: Sequence[Taken]) -> list[Report]:
    return [
        *(handed_over(task) for task, _ in new),
        *(ended(task, "unchanged", documents=1, unchanged=1) for task, _ in unchanged),
    ]
