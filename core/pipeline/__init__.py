"""The object that pages, command line and REST hold: stores to look into, and the few things a person can do."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from core.agents.onboarding import Onboarding
from core.agents.orchestrator import Orchestrator
from core.compare.tables import TableDiff, diff_tables
from core.disk.refusals import why_not_written
from core.errors import BadInput, BadSetting, Conflict, LeaseLost, PipelineError, UnknownName
from core.events import DocumentStored, Event, Level, RowsExtracted, RunFinished, Stream, event_of
from core.extract import extract
from core.flow.failures import open_failures
from core.flow.lake_rows import lake_table, plain_rows
from core.flow.lake_writer import LakeWriter
from core.flow.lease_heartbeat import renewed
from core.flow.reader import Reader
from core.flow.recovery import Recovery
from core.flow.upkeep import LATE
from core.model import (
    DUE_TASKS,
    Extraction,
    Extractor,
    ExtractorState,
    FixAttempt,
    Health,
    ParsedDocument,
    RawDocument,
    Run,
    Schedule,
    Source,
    SourceState,
    Task,
    TaskState,
    TemplateFix,
)
from core.pipeline.joined_query import Joinable, joined_sql
from core.ports import (
    Acquirer,
    BronzeStore,
    Chore,
    Clock,
    ConsumerGroups,
    Damage,
    DeadLetters,
    DraftStore,
    EventBroker,
    ExtractionLedger,
    ExtractorStore,
    FixStore,
    HealthStore,
    Integrity,
    KeyValue,
    Leases,
    QueryEngine,
    Requests,
    RunStore,
    SourceStore,
    TableEvolution,
    TableInfo,
    TableStore,
    TaskQueue,
    Upkeep,
    Validator,
)
from core.schema.templates import fit
from core.settings import Settings

REPLAYED = 50
LOOKED_AT = 500
# failed tasks that are looked at; a person sees no more than some dozens anyhow
MOST_FAILURES = 1000
# how far back in the log the end of the last run may lie
REACH = 100_000
# the bucket of the workers' signs of life, and the subject of the questions that they answer
WORKERS = "workers"
FLOW, PAUSED = "flow", "paused"
EXTRACT = "extract"
UPKEEP = "upkeep"


@dataclass(frozen=True)
class SourceView:
    """A source with how it is doing: its health and its last run."""

    source: Source
    health: Health
    last_run: Run | None


@dataclass(frozen=True)
class DocumentView:
    """A raw document beside what its extractor reads in it. `error` says why nothing could be read."""

    document: RawDocument
    content: bytes
    extractor: Extractor | None
    parsed: ParsedDocument | None
    extraction: Extraction | None
    error: str = ""


@dataclass(frozen=True)
class Replay:
    """What an extractor version reads otherwise on archived pages than the versions that read them last."""

    extractor: Extractor
    documents: int
    tables: list[TableDiff]


@dataclass(frozen=True)
class Pipeline:
    """Reading goes through the stores; everything that changes something is a method here or of onboarding."""

    settings: Settings
    clock: Clock
    acquirers: Mapping[str, Acquirer]
    bronze: BronzeStore
    extractors: ExtractorStore
    ledger: ExtractionLedger
    sources: SourceStore
    queue: TaskQueue
    runs: RunStore
    health: HealthStore
    drafts: DraftStore
    fixes: FixStore
    leases: Leases
    broker: EventBroker
    groups: ConsumerGroups
    keys: KeyValue
    requests: Requests
    dead_letters: DeadLetters
    validator: Validator
    lake: TableStore
    evolution: TableEvolution
    query: QueryEngine
    reader: Reader
    onboarding: Onboarding
    orchestrator: Orchestrator
    writer: LakeWriter
    upkeep: Sequence[Upkeep]
    integrity: Integrity
    recovery: Recovery

    # ---- sources ------------------------------------------------------------------------------------------------
    def overview(self) -> list[SourceView]:
        """All sources, those that need a person first."""
        views = [self.source_view(source) for source in self.sources.all()]
        return sorted(views, key=lambda view: (-view.health.strikes, view.source.name))

    def source_view(self, source: Source) -> SourceView:
        """One source with its health and its last run."""
        last = self.runs.find(source.source_id, limit=1)
        return SourceView(source, self.health.get(source.source_id), last[0] if last else None)

    def run_now(self, source_id: str) -> Run:
        """Start a run, also of a source that is paused; the open one when there is one."""
        return self.orchestrator.start_run(self.sources.get(source_id), "asked for")

    def set_state(self, source_id: str, state: SourceState) -> Source:
        """Pause, resume, or release from quarantine; releasing clears the strikes."""
        if state is SourceState.ACTIVE:
            return self.orchestrator.release(source_id)
        source = self.sources.get(source_id).model_copy(update={"state": state})
        self.sources.save(source)
        return source

    def set_schedule(self, source_id: str, schedule: Schedule) -> Source:
        """Change when a source runs by itself."""
        source = self.sources.get(source_id).model_copy(update={"schedule": schedule})
        self.sources.save(source)
        return source

    def set_bound(self, source_id: str, documents: int | None) -> Source:
        """Change how many documents one run may fetch; None leaves it to the settings."""
        source = self.sources.get(source_id).model_copy(update={"max_documents": documents})
        self.sources.save(source)
        return source

    # ---- repairs ------------------------------------------------------------------------------------------------
    def repair(self, source_id: str, *, by: str = "", accept_losses: bool = False) -> Task:
        """Ask the Doctor to repair a source. Where somebody asks for that (`by`), what is proved goes into service;
        with `accept_losses` also what only lost fields.
        """
        known = self.sources.get(source_id).source_id
        return self.orchestrator.ask_for_repair(known, by=by, accept_losses=accept_losses)

    def promote(self, attempt_id: str, by: str, why: str = "") -> FixAttempt:
        """A person's word: put a staged repair into service and run the source."""
        return self.orchestrator.promote(attempt_id, by, why)

    def roll_back(self, attempt_id: str, by: str, why: str = "") -> FixAttempt:
        """A person's word: put the versions before a promoted repair back into service; `promote` undoes it.

        Raises:
            Conflict: the repair is not in service.
        """
        return self.orchestrator.doctor.roll_back(attempt_id, by, why)

    def version(self, source_id: str, version: int, template: str = "main") -> Extractor:
        """One version of a source's extractor by its number.

        Raises:
            UnknownName: there is no such version.
        """
        found = self.extractors.versions(source_id, template)
        chosen = next((extractor for extractor in found if extractor.version == version), None)
        if chosen is None:
            known = ", ".join(str(extractor.version) for extractor in found) or "none"
            raise UnknownName(f"{source_id} has no {template} version {version}.", f"Known versions: {known}.")
        return chosen

    def reread(self, extractor_id: str, *, limit: int = REPLAYED) -> Replay:
        """Read archived pages anew with any version, and compare with the version that read each of them last."""
        extractor = self.extractors.get(extractor_id)
        before, after = [], []
        for document_id, reader_id in self.readers_of_like_pages(extractor_id, limit=limit):
            parsed = self.reader.parsed(self.bronze.get(document_id))
            before.append(extract(self.extractors.get(reader_id).blueprint, parsed))
            after.append(extract(extractor.blueprint, parsed))
        return Replay(extractor, len(before), diff_tables(extractor.blueprint, before, after))

    def readers_of_like_pages(self, extractor_id: str, *, limit: int = REPLAYED) -> tuple[tuple[str, str], ...]:
        """The newest archived pages that a version is for, each with the version that read it last."""
        extractor = self.extractors.get(extractor_id)
        found = self.bronze.find(extractor.source_id, limit=LOOKED_AT)
        documents = [document for document in found if document.template == extractor.template]
        entries = self.ledger.of_documents([document.document_id for document in documents])
        active = self.extractors.active(extractor.source_id, extractor.template)
        default = active.extractor_id if active else ""
        readers = [
            (document.document_id, entry.extractor_id if entry else default)
            for document in documents
            if (entry := entries.get(document.document_id)) or default
        ]
        return tuple(readers[:limit])

    def repaired_rows(self, fix: TemplateFix) -> list[TableDiff]:
        """What the old version read on the archived pages against what the staged one reads on the fresh ones."""
        old, new = self.extractors.get(fix.before_id), self.extractors.get(fix.candidate_id or fix.before_id)
        pairs = list(zip(fix.archived, fix.fresh, strict=True))
        before = [extract(old.blueprint, self.reader.parsed(self.bronze.get(archived))) for archived, _ in pairs]
        after = [extract(new.blueprint, self.reader.parsed(self.bronze.get(fresh))) for _, fresh in pairs]
        return diff_tables(old.blueprint, before, after)

    def noticed(self, source_id: str) -> list[str]:
        """How the values of the last run differ from those of the runs before, in sentences; none when they do not."""
        head = self.broker.heads(Stream.TASKS).get(source_id, 0)
        said = self.broker.read(Stream.TASKS, subject=source_id, after=max(0, head - REACH), limit=LOOKED_AT)
        finished = [message for message in said if message.kind == RunFinished.__name__]
        return list(finished[-1].payload.get("noticed", ())) if finished else []

    def attempts_left(self, source_id: str) -> int:
        """How many tries at repairing a source are left in these 24 hours."""
        since = self.clock.now() - timedelta(hours=24)
        made = sum(1 for attempt in self.fixes.find(source_id) if attempt.started_at > since)
        return max(0, self.settings.fix_attempts - made)

    def tables(self) -> list[TableInfo]:
        """All tables by name, with the number of rows that a query shows now."""
        found = self.lake.tables()
        counts = self.query.counts([table.name for table in found])
        return [table._replace(rows=counts[table.name]) for table in found]

    def tables_of(self, source_id: str) -> list[str]:
        """The lake tables of a source, in the order of its blueprints."""
        versions = [
            version for version in self.extractors.versions(source_id) if version.state is ExtractorState.ACTIVE
        ]
        return [
            lake_table(source_id, version.template, table.name, position == 0)
            for version in sorted(versions, key=lambda version: (version.template != "main", version.template))
            for position, table in enumerate(version.blueprint.tables)
        ]

    def joined_sql(self, source_id: str) -> str:
        """The query for the list of a source beside the pages behind its records; "" where it has none."""
        main, detail = (self.extractors.active(source_id, template) for template in ("main", "detail"))
        link = main.blueprint.details if main is not None else None
        if main is None or detail is None or link is None or link.table != main.blueprint.tables[0].name:
            return ""
        names = [
            lake_table(source_id, version.template, version.blueprint.tables[0].name, True)
            for version in (main, detail)
        ]
        lake = {
            table.name: Joinable(table.name, [column for column, _ in table.columns]) for table in self.lake.tables()
        }
        return joined_sql(link, lake[names[0]], lake[names[1]]) if set(names) <= lake.keys() else ""

    # ---- documents ----------------------------------------------------------------------------------------------
    def document_view(self, document_id: str, extractor_id: str = "") -> DocumentView:
        """The raw document and its values, read anew with the extractor that read it last, or with the one given."""
        document = self.bronze.get(document_id)
        content = self.bronze.content(document.content_hash)
        extractor = self.extractors.get(extractor_id) if extractor_id else self._extractor_of(document)
        try:
            parsed = self.reader.parsed(document)
            extraction = extract(extractor.blueprint, parsed) if extractor else None
        except PipelineError as error:
            return DocumentView(document, content, extractor, None, None, str(error))
        return DocumentView(document, content, extractor, parsed, extraction)

    def _extractor_of(self, document: RawDocument) -> Extractor | None:
        entry = self.ledger.of_documents([document.document_id]).get(document.document_id)
        if entry is not None:
            return self.extractors.get(entry.extractor_id)
        return self.extractors.active(document.source_id, document.template)

    def fit(self, extractor: Extractor, parsed: ParsedDocument) -> float:
        """How well an extractor fits a document, 0..1."""
        return fit(extractor.blueprint, parsed)

    # ---- the flow -----------------------------------------------------------------------------------------------
    def levels(self) -> list[Level]:
        """How full each stream is for each of its groups and for the lake."""
        levels = self.groups.levels()
        published = {level.stream: level.published for level in levels}
        lake = [level._replace(published=published[level.stream]) for level in self.writer.levels()]
        read = {level.stream for level in levels if level.group} | {level.stream for level in lake}
        kept = [level for level in levels if level.group or level.stream not in read]
        return sorted([*kept, *lake], key=lambda level: list(Stream).index(level.stream))

    def present(self, worker: str) -> None:
        """A worker's sign of life."""
        self.keys.put(WORKERS, worker, self.clock.now().isoformat().encode())

    def absent(self, worker: str) -> None:
        """A worker says goodbye."""
        self.keys.delete(WORKERS, worker)

    def workers(self) -> dict[str, datetime]:
        """The last sign of life of each worker process that is alive."""
        signs = {name: self.keys.get(WORKERS, name) for name in self.keys.keys(WORKERS)}
        seen = {name: datetime.fromisoformat(sign.value.decode()) for name, sign in signs.items() if sign}
        since = self.clock.now() - timedelta(seconds=2 * self.settings.lease_seconds)
        for name in [name for name, at in seen.items() if at < since - timedelta(hours=1)]:
            self.absent(name)
        return {name: at for name, at in seen.items() if at >= since}

    def ask_for_rows(self, document_id: str, seconds: float = 10.0) -> dict[str, Any]:
        """What the active extractor reads in a document, read by whichever worker is free.

        Raises:
            RetryLater: no worker answered in time.
            UnknownName: there is no such document.
        """
        return self.requests.ask(EXTRACT, {"document_id": document_id}, seconds)

    def rows_for(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer of a worker to `ask_for_rows`."""
        view = self.document_view(str(question["document_id"]))
        rows = list(plain_rows(view.extraction)) if view.extraction else []
        return {"document_id": view.document.document_id, "error": view.error, "rows": rows}

    def extract(self, events: Sequence[Event]) -> None:
        """Documents were stored: read them for their tasks and publish their rows."""
        self.orchestrator.intake.extract([event for event in events if isinstance(event, DocumentStored)])

    def validate(self, events: Sequence[Event]) -> None:
        """Rows were extracted: publish those that fit an approved schema, and what is wrong with the others."""
        rows = (event for event in events if isinstance(event, RowsExtracted))
        self.broker.publish([said for event in rows for said in self.validator(event)])

    def replay(self, letter_id: str) -> None:
        """A person's word: deliver a dead letter again. Its task, which waited for a person, is closed."""
        letter = self.dead_letters.get(letter_id)
        event = event_of(letter.message)
        self.broker.publish([event.model_copy(update={"copy_number": event.copy_number + 1})])
        self._close_task(event)
        self.dead_letters.remove(letter_id)

    def discard(self, letter_id: str) -> None:
        """A person's word: forget a dead letter; its task, which waited for a person, is closed."""
        letter = self.dead_letters.get(letter_id)
        with suppress(BadInput):
            # a damaged message does not say whose task it was
            self._close_task(event_of(letter.message))
        self.dead_letters.remove(letter_id)

    def open_failures(self) -> list[Task]:
        """The failed tasks that wait for a person, newest first; what went well since has settled the others."""
        failed = self.queue.find(states=(TaskState.FAILED,), limit=MOST_FAILURES)
        return open_failures(failed, lambda source_id: self.runs.find(source_id, limit=REPLAYED))

    def retry(self, task_id: str) -> None:
        """A person's word: do a failed task once more."""
        self.queue.change(task_id, TaskState.WAITING)

    def dismiss(self, task_id: str) -> None:
        """A person's word: a failed task needs nothing more."""
        self.queue.change(task_id, TaskState.CANCELLED)

    def _close_task(self, event: Event) -> None:
        if isinstance(event, DocumentStored) and event.task is not None:
            most = self.runs.get(event.task.run_id).failed
            failed = self.queue.find(run_id=event.task.run_id, states=(TaskState.FAILED,), limit=most)
            if event.task.task_id in {task.task_id for task in failed}:
                self.queue.change(event.task.task_id, TaskState.CANCELLED)

    # ---- damage -------------------------------------------------------------------------------------------------
    def check(self, *, full: bool = False, mend: bool = False) -> list[Damage]:
        """What the lake and the raw bytes do not hold any more; with `mend`, what can be is read and written again."""
        found = self.integrity.check(full=full, mend=mend)
        if mend or not any(damage.hides for damage in found):
            found += self.recovery.check(mend=mend)
        if mend and found:
            self.integrity.note(*found)
            self.writer.flush()
        return found

    def fill_in(self, *, log_is_gone: bool) -> list[Damage]:
        """Tell again of what the lake does not hold; of a log that is gone also what was on its way."""
        found = self.recovery.check(mend=True, late=timedelta(0) if log_is_gone else LATE)
        self.integrity.note(*found)
        return found

    def comparison(self) -> list[str]:
        """What is known to have landed against what is there, in sentences."""
        return self.recovery.comparison()

    def damages(self) -> list[tuple[datetime, Damage]]:
        """What was found damaged in the last days, newest first."""
        return self.integrity.recent()

    # ---- upkeep -------------------------------------------------------------------------------------------------
    def tidy(self, *, dry_run: bool = False, days: int | None = None) -> list[Chore]:
        """Do the housekeeping of every store, or only tell what there is to do; one process at a time.

        Raises:
            Conflict: another process is at it.
        """
        name = f"upkeep {uuid4().hex}"
        seconds = self.settings.lease_seconds
        lease = self.leases.acquire(UPKEEP, name, seconds)
        if lease is None:
            raise Conflict("Another process is tidying up.", "Wait until it is done.")
        before = self.clock.now() - timedelta(days=self.settings.keep_days if days is None else days)
        try:
            # a process that dies at it keeps the others away for one lease, however long the work may take
            with renewed(lambda: self._still_at(UPKEEP, name), seconds):
                return [chore for store in self.upkeep for chore in store.tidy(before, dry_run=dry_run)]
        finally:
            self.leases.release(lease)

    def _still_at(self, name: str, owner: str) -> None:
        self.leases.acquire(name, owner, self.settings.lease_seconds)

    def blocked(self) -> str:
        """Why nothing can be written to the data folder at this moment; "" where nothing speaks against it."""
        return why_not_written(self.settings.folder.state)

    # ---- the loop -----------------------------------------------------------------------------------------------
    def work(self, tasks: Sequence[Task]) -> None:
        """Do claimed tasks of one kind. A task that another worker took over meanwhile is left to that worker."""
        with suppress(LeaseLost):
            self.orchestrator.work(tasks)

    def settle(self) -> int:
        """Close runs that are through and commit what waits to the lake; the number of rows written."""
        self.orchestrator.close_runs()
        return self.writer.flush()

    def idle(self) -> bool:
        """Whether nobody has anything to do: no task is waiting or running, or all work is paused."""
        return self.is_paused() or not self.queue.find(states=DUE_TASKS, limit=1)

    def pause(self, task_id: str = "") -> None:
        """A person's word: put a waiting task aside, or, without one, let no worker take a task.

        What is in hand is finished, and what was fetched is read.
        """
        if task_id:
            self.queue.change(task_id, TaskState.PAUSED)
        else:
            self.keys.put(FLOW, PAUSED, self.clock.now().isoformat().encode())

    def resume(self, task_id: str = "") -> None:
        """A person's word: let a task that was put aside be done, or, without one, let workers take tasks again."""
        if task_id:
            self.queue.change(task_id, TaskState.WAITING)
        else:
            self.keys.delete(FLOW, PAUSED)

    def is_paused(self) -> bool:
        """Whether all work is paused."""
        return self.keys.get(FLOW, PAUSED) is not None

    def cancel(self, name: str) -> int:
        """A person's word: close a run, or cancel a task; the number of tasks that were taken back.

        Raises:
            UnknownName: neither a run nor a task has this id.
        """
        with suppress(UnknownName):
            return self.orchestrator.cancel(name)
        self.queue.change(name, TaskState.CANCELLED)
        return 1


class Shown(NamedTuple):
    """What the pages of this process show: a pipeline, or why there is none; `again` tries to build what is missing."""

    pipeline: Pipeline | PipelineError
    again: Callable[[], None]


_shown: list[Shown] = []


def set_current(pipeline: Pipeline | PipelineError, again: Callable[[], None] = lambda: None) -> None:
    """Say which pipeline the pages of this process show, or why none; called by whoever starts the workbench."""
    _shown[:] = [Shown(pipeline, again)]


def current() -> Pipeline:
    """The pipeline of this process.

    Raises:
        PipelineError: why there is none.
        BadSetting: nobody started one: the shell was run without app.py.
    """
    if not _shown:
        raise BadSetting("The workbench was started without its pipeline.", "Start it with: streamlit run app.py")
    found = _shown[0].pipeline
    if isinstance(found, PipelineError):
        raise found.with_traceback(None)
    return found


def start_again() -> None:
    """A person's word: the cause is gone, so build the pipeline."""
    for shown in _shown:
        shown.again()
