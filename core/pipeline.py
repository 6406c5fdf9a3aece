"""The object that pages, command line and REST hold: stores to look into, and the few things a person can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.agents.onboarding import Onboarding
from core.agents.orchestrator import OPEN, Orchestrator
from core.agents.reader import Reader
from core.agents.writer import LakeWriter
from core.diffing import TableDiff, diff_tables
from core.errors import BadSetting, Conflict, LeaseLost, PipelineError, UnknownName
from core.extract import extract
from core.fit import fit
from core.model import (
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
)
from core.ports import (
    Acquirer,
    BronzeStore,
    Clock,
    DraftStore,
    EventBroker,
    ExtractionLedger,
    ExtractorStore,
    FixStore,
    HealthStore,
    Leases,
    QueryEngine,
    RunStore,
    SourceStore,
    TableStore,
    TaskQueue,
)
from core.rows import lake_table
from core.settings import Settings

REPLAYED = 50
LOOKED_AT = 500


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
    lake: TableStore
    query: QueryEngine
    reader: Reader
    onboarding: Onboarding
    orchestrator: Orchestrator
    writer: LakeWriter

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

    # ---- repairs ------------------------------------------------------------------------------------------------
    def repair(self, source_id: str, *, promote: bool = True) -> Task:
        """Ask the Doctor to repair a source; with `promote`, what is proved goes into service by itself."""
        return self.orchestrator.ask_for_repair(self.sources.get(source_id).source_id, promote=promote)

    def promote(self, attempt_id: str) -> FixAttempt:
        """A person's word: put a staged repair into service and run the source."""
        return self.orchestrator.promote(attempt_id)

    def roll_back(self, source_id: str, template: str) -> Extractor:
        """Put the version that was in service before back into service.

        Raises:
            Conflict: there is none.
        """
        retired = [v for v in self.extractors.versions(source_id, template) if v.state is ExtractorState.RETIRED]
        if not retired:
            raise Conflict("There is no earlier version to go back to.", "Repair or add the source again.")
        return self.onboarding.builder.promote(retired[0])

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

    def replay(self, extractor_id: str, *, limit: int = REPLAYED) -> Replay:
        """Read archived pages anew with any version, and compare with the version that read each of them last."""
        extractor = self.extractors.get(extractor_id)
        documents = [
            document
            for document in self.bronze.find(extractor.source_id, limit=LOOKED_AT)
            if document.template == extractor.template and self._extractor_of(document) is not None
        ][:limit]
        before, after = [], []
        for document in documents:
            reader, parsed = self._extractor_of(document) or extractor, self.reader.parsed(document)
            before.append(extract(reader.blueprint, parsed))
            after.append(extract(extractor.blueprint, parsed))
        return Replay(extractor, len(documents), diff_tables(extractor.blueprint, before, after))

    def attempts_left(self, source_id: str) -> int:
        """How many tries at repairing a source are left in these 24 hours."""
        since = self.clock.now() - timedelta(hours=24)
        made = sum(1 for attempt in self.fixes.find(source_id) if attempt.started_at > since)
        return max(0, self.settings.fix_attempts - made)

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

    # ---- the loop -----------------------------------------------------------------------------------------------
    def work(self, task: Task) -> None:
        """Do a claimed task. A task that another worker took over meanwhile is left to that worker."""
        try:
            self.orchestrator.work(task)
        except LeaseLost:
            return

    def settle(self) -> int:
        """Close runs that are through and commit what waits to the lake; the number of rows written."""
        self.orchestrator.close_runs()
        return self.writer.flush()

    def idle(self) -> bool:
        """Whether no task is waiting or running."""
        return not self.queue.find(states=OPEN, limit=1)


_current: list[Pipeline] = []


def set_current(pipeline: Pipeline) -> None:
    """Say which pipeline the pages of this process show; called once, by whoever starts the workbench."""
    _current[:] = [pipeline]


def current() -> Pipeline:
    """The pipeline of this process.

    Raises:
        BadSetting: nobody started one: the shell was run without app.py.
    """
    if not _current:
        raise BadSetting("The workbench was started without its pipeline.", "Start it with: streamlit run app.py")
    return _current[0]
