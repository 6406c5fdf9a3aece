"""Intake: takes documents in, and reads them. What is done together shares its transactions."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from core.errors import LeaseLost, PageGone, PipelineError
from core.events import DocumentStored, Event
from core.flow.active_extractors import ActiveExtractors
from core.flow.planner import Planner
from core.flow.reader import Page, Reader, Reading
from core.flow.tasks import Reports, ended, handed_over
from core.model import FetchRequest, RawDocument, Source, Task, Visit
from core.pagination.repeats import to_compare
from core.ports import ExtractionEntry, Report, SourceStore, TaskQueue, UnitOfWork

# how much is held in memory before it is written
PILE_BYTES, PILE_ROWS = 16_000_000, 5_000

T = TypeVar("T")


@dataclass(frozen=True)
class Intake:
    """The two halves of a fetch task: acquire the document and hand it over; read it and report on the task."""

    reader: Reader
    sources: SourceStore
    queue: TaskQueue
    reports: Reports
    together: UnitOfWork
    planner: Planner

    def fetch(self, tasks: Sequence[Task]) -> None:
        """Acquire the documents of claimed tasks; versions that are new are handed over, with their tasks."""
        for pile in piles(self._acquired(tasks), lambda pair: pair[1].document.size, PILE_BYTES):
            try:
                self._take_in(pile)
            except PipelineError as error:
                for task, _ in pile:
                    self._failed(task, error)

    def _acquired(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Page]]:
        for source_id, some in groupby(tasks, key=attrgetter("source_id")):
            yield from self._acquired_of(self.sources.get(source_id), list(some))

    def _acquired_of(self, source: Source, tasks: Sequence[Task]) -> Iterator[tuple[Task, Page]]:
        requests = [FetchRequest(source_id=source.source_id, **task.payload) for task in tasks]
        latest = self.reader.bronze.latest(source.source_id, [request.url for request in requests])
        for task, request in zip(tasks, requests, strict=True):
            try:
                yield task, self.reader.fetch(source, request, task.run_id, latest)
            except PipelineError as error:
                self._refused(task, request, error)

    def _refused(self, task: Task, request: FetchRequest, error: PipelineError) -> None:
        if self.reader.is_past_end(request, error):
            message = "the list ends before this page"
        elif request.recalled and isinstance(error, PageGone):
            message = "gone since an earlier run saw it"
        else:
            self._failed(task, error)
            return
        with suppress(LeaseLost):
            self.queue.report(ended(task, message).task)
            self.planner.visited(task.source_id, {request.url: Visit.GONE})

    def _take_in(self, pairs: Sequence[tuple[Task, Page]]) -> None:
        self.reader.keep([page for _, page in pairs])
        known = self.reader.known([page.document for _, page in pairs])
        new = [(page.document, task) for task, page in pairs if page.document.document_id not in known]
        # first the event: between the two, the task can be reported by its token all the same
        self.reader.announce(new)
        with self.together():
            self.queue.report_all([self._taken_in(task, page, known) for task, page in pairs])
            self._visited([page.document for _, page in pairs if page.document.document_id in known], Visit.UNCHANGED)

    def _taken_in(self, task: Task, page: Page, known: Mapping[str, ExtractionEntry]) -> Report:
        entry = known.get(page.document.document_id)
        if entry is None:
            return handed_over(task)
        self._follow(task, page.request, entry, is_new=False)
        return ended(task, "unchanged", documents=1, unchanged=1)

    def extract(self, events: Sequence[DocumentStored]) -> None:
        """Read documents that were handed over, publish their rows, and report on their tasks.

        Raises:
            RetryLater: the state or the log does not answer.
        """
        for pile in piles(self._readings(events), lambda pair: pair[1].size, PILE_ROWS):
            self.reader.publish([reading for _, reading in pile])
            with self.together():
                self.reader.note(reading for _, reading in pile)
                reports = [self._finished(event, reading) for event, reading in pile]
                # a task that somebody else has by now is left to them
                self.queue.report_all([report for report in reports if report])
                self._visited([event.document for event, reading in pile if not reading.error], Visit.CHANGED)

    def _readings(self, events: Sequence[DocumentStored]) -> Iterator[tuple[DocumentStored, Reading]]:
        known = self.reader.entries(event.document for event in events)
        in_service: dict[str, ActiveExtractors] = {}
        for event in events:
            if event.task is None:
                continue
            document, run_id = event.document, event.task.run_id
            try:
                if run_id not in in_service:
                    in_service[run_id] = self.reader.in_service(run_id)
                entry = known.get(document.document_id)
                request = FetchRequest(source_id=document.source_id, **event.task.payload)
                yield event, self.reader.read(document, request, run_id, in_service[run_id], entry)
            except PipelineError as error:
                self._failed(event.task, error)

    def _finished(self, event: DocumentStored, reading: Reading) -> Report | None:
        """What to report; nothing where that is done, because the page failed."""
        task, entry = event.task, reading.entry
        if task is None:
            return None
        if reading.error is not None:
            self._failed(task, reading.error)
            return None
        self._follow(task, FetchRequest(source_id=task.source_id, **task.payload), entry, is_new=True)
        said = "; ".join((entry.error or f"{entry.records} records", *reading.warnings))
        return ended(task, said, documents=1, records=entry.records)

    def give_up(self, event: Event, error: PipelineError) -> None:
        """An event was delivered too often: its task, when it has one, waits for a person."""
        if isinstance(event, DocumentStored) and event.task is not None:
            self.reports.failed(event.task, error)

    def _failed(self, task: Task, error: PipelineError) -> None:
        with suppress(LeaseLost):
            self.reports.failed(task, error)

    def _follow(self, task: Task, request: FetchRequest, entry: ExtractionEntry, *, is_new: bool) -> None:
        """Queue what a page that was read leads to."""
        if not entry.next_url and not entry.detail_urls:
            return
        source = self.sources.get(task.source_id)
        # where a page of a list is new, records may have moved from it to the one behind it
        onward = (entry.next_url or "") if is_new else ""
        self.planner.follow(source, task.run_id, list(_onward(source, request, entry)), onward=onward)

    def _visited(self, documents: Iterable[RawDocument], visit: Visit) -> None:
        for source_id, some in groupby(documents, key=attrgetter("source_id")):
            self.planner.visited(source_id, {document.url: visit for document in some})


def _onward(source: Source, request: FetchRequest, entry: ExtractionEntry) -> Iterator[FetchRequest]:
    """What is to be fetched next: the next page of the list, and the pages behind its records."""
    parent, template = entry.document_id, request.template
    if source.follow_pages and entry.next_url:
        earlier = to_compare(request.page, parent, request.earlier)
        next_page = FetchRequest(source_id=source.source_id, url=entry.next_url, template=template, parent_id=parent)
        yield next_page.model_copy(update={"page": request.page + 1, "earlier": earlier})
    for url in entry.detail_urls if source.follow_details else ():
        yield FetchRequest(source_id=source.source_id, url=url, template="detail", parent_id=parent)


def piles(things: Iterable[T], weight: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """The things in their order, in lists that are full when they weigh `most` or more."""
    pile: list[T] = []
    total = 0
    for thing in things:
        pile.append(thing)
        total += weight(thing)
        if total >= most:
            yield pile
            pile, total = [], 0
    if pile:
        yield pile
