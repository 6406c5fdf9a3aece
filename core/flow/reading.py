"""Reading: the second half of a fetch task. What was handed over is read, its rows are told, the task reported."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from core.errors import LeaseLost, PipelineError
from core.events import DocumentStored, Event
from core.flow.active_extractors import ActiveExtractors
from core.flow.onward import Onward
from core.flow.piles import piles
from core.flow.planner import Planner
from core.flow.reader import ReadDocument, Reader
from core.flow.tasks import Reports, ended
from core.model import FetchRequest, Task, Visit
from core.ports import EventBroker, ExtractionLedger, ExtractorStore, Report, RunStore, TaskQueue, UnitOfWork

# rows that are held in memory before they are told
PILE_ROWS = 5_000

# a task, the document that was handed over for it, and what was read in it
TaskRead = tuple[Task, DocumentStored, ReadDocument]


@dataclass(frozen=True)
class Reading:
    """The one place that acts on what a document says."""

    reader: Reader
    extractors: ExtractorStore
    ledger: ExtractionLedger
    runs: RunStore
    queue: TaskQueue
    broker: EventBroker
    reports: Reports
    planner: Planner
    onward: Onward
    together: UnitOfWork

    def read(self, events: Sequence[DocumentStored]) -> None:
        """Read documents that were handed over, publish their rows, and report on their tasks.

        Raises:
            RetryLater: the state or the log does not answer.
        """
        for pile in piles(self._read(events), lambda read: read[2].size, PILE_ROWS):
            self.broker.publish([told for _, _, found in pile for told in found.events])
            with self.together():
                self.ledger.record(*(found.entry for _, _, found in pile if not found.known))
                good = [read for read in pile if not read[2].error]
                self._fail(pile)
                self._follow(good)
                # a task that somebody else has by now is left to them
                self.queue.report_all([_report(task, found) for task, _, found in good])
                self.planner.all_visited([event.document for _, event, _ in good], Visit.CHANGED)

    def _read(self, events: Sequence[DocumentStored]) -> Iterator[TaskRead]:
        known = self.ledger.of_documents([event.document.document_id for event in events])
        in_service: dict[str, ActiveExtractors] = {}
        for event in events:
            if event.task is None:
                continue
            document, run_id = event.document, event.task.run_id
            try:
                if run_id not in in_service:
                    in_service[run_id] = ActiveExtractors(self.extractors, self.runs.get(run_id).started_at)
                entry = known.get(document.document_id)
                found = self.reader.read(document, _request(event.task), run_id, in_service[run_id], entry)
            except PipelineError as error:
                self._failed(event.task, error)
            else:
                yield event.task, event, found

    def _fail(self, pile: Sequence[TaskRead]) -> None:
        """Report the tasks of pages that gave nothing although they should."""
        for task, _, found in pile:
            if found.error is not None:
                self._failed(task, found.error)

    def _follow(self, pile: Sequence[TaskRead]) -> None:
        """Queue what the pages lead to."""
        for task, _, found in pile:
            self.onward.follow(task, _request(task), found.entry, is_new=True)

    def give_up(self, event: Event, error: PipelineError) -> None:
        """An event was delivered too often: its task, when it has one, waits for a person."""
        if isinstance(event, DocumentStored) and event.task is not None:
            self.reports.failed(event.task, error)

    def _failed(self, task: Task, error: PipelineError) -> None:
        with suppress(LeaseLost):
            self.reports.failed(task, error)


def _request(task: Task) -> FetchRequest:
    return FetchRequest(source_id=task.source_id, **task.payload)


def _report(task: Task, found: ReadDocument) -> Report:
    said = "; ".join((found.entry.error or f"{found.entry.records} records", *found.warnings))
    return ended(task, said, documents=1, records=found.entry.records)
