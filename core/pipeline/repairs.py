"""Repairs: the tries of the Doctor, the versions of extractors, and what they read on archived pages."""

from dataclasses import dataclass

from core.agents.doctor import Doctor
from core.agents.orchestrator import Orchestrator
from core.compare.tables import TableDiff, diff_tables
from core.errors import UnknownName
from core.events import RunFinished, Stream
from core.flow.archive import Archive
from core.model import Extractor, FixAttempt, Task, TemplateFix
from core.ports import BronzeStore, Clock, EventBroker, ExtractionLedger, ExtractorStore, FixStore, Runner, SourceStore

# archived pages that a version is tried on: enough to see what it does, few enough to be waited for
BACKTESTED = 50
# the newest documents among which those pages are looked for
DOCUMENTS_BACK = 500
# events of a source among which the end of its last run is looked for, and how far back in the log these may lie
EVENTS_READ = 500
EVENTS_BACK = 100_000


@dataclass(frozen=True)
class Backtest:
    """What an extractor version reads otherwise on archived pages than the versions that read them last."""

    extractor: Extractor
    documents: int
    tables: list[TableDiff]


@dataclass(frozen=True)
class Repairs:
    """What broke, what was tried, and which version is in service. `limit` is the number of tries in a rolling day."""

    _fixes: FixStore
    _extractors: ExtractorStore
    _sources: SourceStore
    _bronze: BronzeStore
    _ledger: ExtractionLedger
    _broker: EventBroker
    _archive: Archive
    _runner: Runner
    _doctor: Doctor
    _orchestrator: Orchestrator
    _clock: Clock
    _limit: int

    # ---- tries --------------------------------------------------------------------------------------------------
    def start(self, source_id: str, *, by: str = "", accept_losses: bool = False) -> Task:
        """Ask the Doctor to repair a source. Where somebody asks for that (`by`), what is proved goes into service;
        with `accept_losses` also what only lost fields.
        """
        known = self._sources.get(source_id).source_id
        return self._orchestrator.ask_for_repair(known, by=by, accept_losses=accept_losses)

    def attempts(self, source_id: str = "", limit: int = 50) -> list[FixAttempt]:
        """The tries, newest first."""
        return self._fixes.find(source_id, limit)

    def attempts_left(self, source_id: str) -> int:
        """How many tries at repairing a source are left in these 24 hours."""
        return self._fixes.left(source_id, self._clock.now(), self._limit)

    def promote(self, attempt_id: str, by: str, why: str = "") -> FixAttempt:
        """A person's word: put a staged repair into service and run the source."""
        return self._orchestrator.promote(attempt_id, by, why)

    def roll_back(self, attempt_id: str, by: str, why: str = "") -> FixAttempt:
        """A person's word: put the versions before a promoted repair back into service; `promote` undoes it.

        Raises:
            Conflict: the repair is not in service.
        """
        return self._doctor.roll_back(attempt_id, by, why)

    def noticed(self, source_id: str) -> list[str]:
        """How the values of the last run differ from those of the runs before, in sentences; none when they do not."""
        head = self._broker.heads(Stream.TASKS).get(source_id, 0)
        said = self._broker.read(Stream.TASKS, subject=source_id, after=max(0, head - EVENTS_BACK), limit=EVENTS_READ)
        finished = [message for message in said if message.kind == RunFinished.__name__]
        return list(finished[-1].payload.get("noticed", ())) if finished else []

    # ---- versions -----------------------------------------------------------------------------------------------
    def versions(self, source_id: str, template: str = "") -> list[Extractor]:
        """The versions of a source's extractors, newest first."""
        return self._extractors.versions(source_id, template)

    def version(self, source_id: str, version: int, template: str = "main") -> Extractor:
        """One version of a source's extractor by its number.

        Raises:
            UnknownName: there is no such version.
        """
        found = self._extractors.versions(source_id, template)
        chosen = next((extractor for extractor in found if extractor.version == version), None)
        if chosen is None:
            known = ", ".join(str(extractor.version) for extractor in found) or "none"
            raise UnknownName(f"{source_id} has no {template} version {version}.", f"Known versions: {known}.")
        return chosen

    def extractor(self, extractor_id: str) -> Extractor:
        """One version by its id."""
        return self._extractors.get(extractor_id)

    def in_service(self, source_id: str, template: str = "main") -> Extractor | None:
        """The version that reads the pages of a template now."""
        return self._extractors.active(source_id, template)

    # ---- comparing ----------------------------------------------------------------------------------------------
    def backtest(self, extractor_id: str, *, limit: int = BACKTESTED) -> Backtest:
        """Read archived pages anew with any version, and compare with the version that read each of them last."""
        extractor = self._extractors.get(extractor_id)
        before, after = [], []
        for document_id, reader_id in self.readers_of_like_pages(extractor_id, limit=limit):
            parsed = self._archive.parsed(self._bronze.get(document_id))
            before.append(self._runner.run(self._extractors.get(reader_id), parsed))
            after.append(self._runner.run(extractor, parsed))
        return Backtest(extractor, len(before), diff_tables(extractor.blueprint, before, after))

    def readers_of_like_pages(self, extractor_id: str, *, limit: int = BACKTESTED) -> tuple[tuple[str, str], ...]:
        """The newest archived pages that a version is for, each with the version that read it last."""
        extractor = self._extractors.get(extractor_id)
        found = self._bronze.find(extractor.source_id, limit=DOCUMENTS_BACK)
        documents = [document for document in found if document.template == extractor.template]
        entries = self._ledger.of_documents([document.document_id for document in documents])
        active = self._extractors.active(extractor.source_id, extractor.template)
        default = active.extractor_id if active else ""
        readers = [
            (document.document_id, entry.extractor_id if entry else default)
            for document in documents
            if (entry := entries.get(document.document_id)) or default
        ]
        return tuple(readers[:limit])

    def repaired_rows(self, fix: TemplateFix) -> list[TableDiff]:
        """What the old version read on the archived pages against what the staged one reads on the fresh ones."""
        old, new = self._extractors.get(fix.before_id), self._extractors.get(fix.candidate_id or fix.before_id)
        pairs = list(zip(fix.archived, fix.fresh, strict=True))
        before = [self._runner.run(old, self._archive.parsed(self._bronze.get(archived))) for archived, _ in pairs]
        after = [self._runner.run(new, self._archive.parsed(self._bronze.get(fresh))) for _, fresh in pairs]
        return diff_tables(old.blueprint, before, after)
