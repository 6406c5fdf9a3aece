"""Reader: acquires one document, keeps its bytes, reads it with the active extractor, publishes its rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import NeedsPerson, NothingExtracted, PipelineError, WrongAnswer
from core.events import DocumentStored, RowsExtracted
from core.extract import extract
from core.fit import fit
from core.model import (
    Blueprint,
    Extraction,
    Extractor,
    ExtractorState,
    Fetched,
    FetchRequest,
    ParsedDocument,
    RawDocument,
    Source,
    Task,
    content_hash,
    stable_id,
)
from core.ports import (
    Acquirer,
    BronzeStore,
    Clock,
    EventBroker,
    ExtractionEntry,
    ExtractionLedger,
    ExtractorStore,
    Parser,
)
from core.rows import columns_of, empty_mark, lake_table, rows_of
from core.walls import wall_of

LITTLE = 0.34
WALLS = {"consent": "question for consent", "login": "form to log in", "check": "check of its visitors"}


@dataclass(frozen=True)
class Reader:
    """Everything that happens to one document between its address and its rows."""

    acquirers: Mapping[str, Acquirer]
    parser: Parser
    bronze: BronzeStore
    extractors: ExtractorStore
    ledger: ExtractionLedger
    broker: EventBroker
    clock: Clock

    def acquire(self, source: Source, request: FetchRequest, run_id: str) -> RawDocument:
        """Fetch the document, keep it and announce it; raises as `fetch` does."""
        document = self.fetch(source, request, run_id)
        self.announce(document)
        return document

    def fetch(self, source: Source, request: FetchRequest, run_id: str) -> RawDocument:
        """Fetch the document and keep it; the stored version when the host says that nothing changed.

        Raises what the acquirer raises; bytes that came with a refusal are kept all the same.
        """
        known = self.bronze.latest(source.source_id, request.url)
        if known is not None and known.status < 400:
            request = request.model_copy(update={"etag": known.etag, "last_modified": known.last_modified})
        try:
            fetched = self.acquirers[source.acquirer].fetch(request)
        except PipelineError as error:
            if error.fetched is not None:
                self.announce(self._keep(source, request, error.fetched, run_id))
            raise
        if fetched.content is None and known is None:
            raise WrongAnswer(f"{request.url} answered “not modified” to a first visit.", "Run the source again.")
        return known if fetched.content is None and known else self._keep(source, request, fetched, run_id)

    def _keep(self, source: Source, request: FetchRequest, fetched: Fetched, run_id: str) -> RawDocument:
        content = fetched.content or b""
        digest = content_hash(content)
        document = RawDocument(
            document_id=RawDocument.id_for(source.source_id, request.url, digest),
            source_id=source.source_id,
            url=request.url,
            final_url=fetched.final_url,
            template=request.template,
            parent_id=request.parent_id,
            run_id=run_id,
            acquirer=source.acquirer,
            fetched_at=self.clock.now(),
            status=fetched.status,
            media_type=fetched.media_type,
            charset=fetched.charset,
            content_hash=digest,
            size=len(content),
            etag=fetched.etag,
            last_modified=fetched.last_modified,
        )
        self.bronze.put(document, content)
        return document

    def announce(self, document: RawDocument, task: Task | None = None) -> None:
        """Tell that the document is there; with a task, that it is to be read for it."""
        event_id = stable_id(document.document_id, task.task_id, task.token) if task else document.document_id
        event = DocumentStored(
            event_id=event_id, subject="bronze.documents", at=document.fetched_at, document=document, task=task
        )
        self.broker.publish([event])

    def known(self, document: RawDocument) -> ExtractionEntry | None:
        """What is known of this very version, when an extractor that is still active has read it."""
        entry = self.ledger.of_documents([document.document_id]).get(document.document_id)
        if entry is None or entry.error:
            return None
        return entry if self.extractors.get(entry.extractor_id).state is ExtractorState.ACTIVE else None

    def parsed(self, document: RawDocument) -> ParsedDocument:
        """The document, read from the object store and parsed."""
        content = self.bronze.content(document.content_hash)
        return self.parser(content, url=document.final_url, media_type=document.media_type, charset=document.charset)

    def read(self, document: RawDocument, run_id: str) -> ExtractionEntry:
        """Extract the document and publish its rows, unless this extractor has read it before.

        Raises:
            NeedsPerson: the source has no extractor.
            NothingExtracted: a start page has no record any more.
            WrongAnswer: a consent, login or check page stands in place of the content; the rows before stay current.
        """
        extractor = self.extractors.active(document.source_id, document.template)
        parsed: ParsedDocument | None = None
        if extractor is None or self._several(document.source_id):
            parsed = self.parsed(document)
            extractor = self._best(document, parsed, extractor)
        known = self.ledger.entry(document.document_id, extractor.extractor_id)
        if known is not None and not known.error:
            return known
        parsed = parsed or self.parsed(document)
        extraction = extract(extractor.blueprint, parsed)
        wall = wall_of(parsed) if _is_nearly_empty(extraction, extractor.blueprint) else None
        if wall:
            raise WrongAnswer(f"{document.url} shows a {WALLS[wall]} in place of its content.", "Open it in a browser.")
        return self._publish(document, extractor, extraction, run_id)

    def _several(self, source_id: str) -> bool:
        """Folders hold pages of any template; pages that were followed to know theirs."""
        names = {extractor.template for extractor in self.extractors.versions(source_id)}
        return any(name.startswith("template") for name in names)

    def _best(self, document: RawDocument, parsed: ParsedDocument, default: Extractor | None) -> Extractor:
        names = {extractor.template for extractor in self.extractors.versions(document.source_id)}
        active = [found for name in sorted(names) if (found := self.extractors.active(document.source_id, name))]
        best = max(active, key=lambda extractor: fit(extractor.blueprint, parsed), default=default)
        if best is None:
            raise NeedsPerson(
                f"No extractor reads pages of the kind “{document.template}” of this source.", "Add the source again."
            )
        return best

    def _publish(
        self, document: RawDocument, extractor: Extractor, extraction: Extraction, run_id: str
    ) -> ExtractionEntry:
        error = "" if extraction.records or document.parent_id else f"No record was found on {document.url}."
        self.broker.publish(self._events(document, extractor, extraction, run_id))
        entry = ExtractionEntry(
            document_id=document.document_id,
            extractor_id=extractor.extractor_id,
            records=len(extraction.records),
            next_url=extraction.next_url,
            detail_urls=extraction.detail_urls,
            error=error,
            at=self.clock.now(),
        )
        self.ledger.record(entry)
        if error:
            raise NothingExtracted(error, "The page may have changed: look at it under Documents.")
        return entry

    def _events(
        self, document: RawDocument, extractor: Extractor, extraction: Extraction, run_id: str
    ) -> list[RowsExtracted]:
        events = []
        mark = [empty_mark(document, extractor, run_id)] if self._was_known(document) else []
        for position, table in enumerate(extractor.blueprint.tables):
            rows = rows_of(extraction, table, document, extractor, run_id) or mark
            if rows:
                name = lake_table(document.source_id, extractor.template, table.name, position == 0)
                events.append(
                    RowsExtracted(
                        event_id=stable_id(document.document_id, extractor.extractor_id, name),
                        subject=name,
                        at=self.clock.now(),
                        source_id=document.source_id,
                        document_id=document.document_id,
                        extractor_id=extractor.extractor_id,
                        run_id=run_id,
                        columns=columns_of(table),
                        rows=rows,
                    )
                )
        return events

    def _was_known(self, document: RawDocument) -> bool:
        """Whether an older version of the page lies in bronze."""
        versions = self.bronze.find(document.source_id, text=document.url, limit=20)
        return any(v.url == document.url and v.document_id != document.document_id for v in versions)


def _is_nearly_empty(extraction: Extraction, blueprint: Blueprint) -> bool:
    """Whether no record of the main table has more than a little of its fields."""
    main = blueprint.tables[0]
    most = max((len(record.fields) for record in extraction.records if record.table == main.name), default=0)
    return most < LITTLE * len(main.fields)
