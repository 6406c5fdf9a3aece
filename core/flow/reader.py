"""Reader: acquires one document, keeps its bytes, reads it with the active extractor, publishes its rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from core.dom.interstitials import refusal, wall_of
from core.errors import NeedsPerson, NothingExtracted, PipelineError, WrongAnswer
from core.events import DocumentStored, RowsExtracted
from core.extract import extract
from core.flow.active_extractors import ActiveExtractors
from core.flow.lake_rows import columns_of, empty_mark, lake_table, rows_of
from core.model import (
    Blueprint,
    Extraction,
    Extractor,
    ExtractorState,
    Fetched,
    FetchRequest,
    ParsedDocument,
    RawDocument,
    Record,
    Source,
    Task,
    content_hash,
    stable_id,
)
from core.model.pagination import NumberedPagination
from core.pagination.numbered import position
from core.pagination.repeats import is_repetition, is_short, listed, shows_nothing_new
from core.pagination.totals import says_last
from core.ports import (
    Acquirer,
    BronzeStore,
    Clock,
    EventBroker,
    ExtractionEntry,
    ExtractionLedger,
    ExtractorStore,
    Parser,
    RunStore,
)
from core.schema.templates import fit

LITTLE = 0.34
# each page of a list is compared with three before it, of which two are mostly those of the page before
COMPARED_PAGES = 12
REPEATED = "Page {} shows what {} shows: the list has ended{}."
# said where a page or an interface named the page, so that something else was to be expected
LED_ON = ", although it leads on"
# no such page, or an empty one
PAST_END = frozenset({200, 204, 400, 404, 410, 416, 422})


class Page(NamedTuple):
    """A document and its bytes; None when it is the version that is kept already."""

    document: RawDocument
    request: FetchRequest
    content: bytes | None


class Reading(NamedTuple):
    """What an extractor found in a document: rows to be published, and what the ledger keeps of it.

    `known` was read by it before; `error` says why it does not count as read; `warnings` say what was left out.
    """

    entry: ExtractionEntry
    events: Sequence[RowsExtracted] = ()
    known: bool = False
    error: NothingExtracted | None = None
    warnings: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The number of rows."""
        return sum(len(event.rows) for event in self.events)


@dataclass(frozen=True)
class Reader:
    """Everything that happens to one document between its address and its rows."""

    acquirers: Mapping[str, Acquirer]
    parser: Parser
    bronze: BronzeStore
    extractors: ExtractorStore
    ledger: ExtractionLedger
    runs: RunStore
    broker: EventBroker
    clock: Clock

    def acquire(self, source: Source, request: FetchRequest, run_id: str) -> RawDocument:
        """Fetch the document, keep it and announce it; raises as `fetch` does."""
        page = self.fetch(source, request, run_id, self.bronze.latest(source.source_id, [request.url]))
        self.keep([page])
        self.announce([(page.document, None)])
        return page.document

    def fetch(self, source: Source, request: FetchRequest, run_id: str, latest: Mapping[str, RawDocument]) -> Page:
        """Fetch the document; the stored version, out of the latest ones, when the host says that nothing changed.

        Raises what the acquirer raises; bytes that came with a refusal are kept all the same.
        """
        known = latest.get(request.url)
        if known is not None and known.status < 400:
            request = request.model_copy(update={"etag": known.etag, "last_modified": known.last_modified})
        try:
            fetched = self.acquirers[source.acquirer].fetch(request)
        except PipelineError as error:
            if error.fetched is not None:
                page = self._page(source, request, error.fetched, run_id)
                self.keep([page])
                self.announce([(page.document, None)])
            raise
        if fetched.content is not None:
            return self._page(source, request, fetched, run_id)
        if known is None:
            raise WrongAnswer(f"{request.url} answered “not modified” to a first visit.", "Run the source again.")
        return Page(known, request, None)

    def _page(self, source: Source, request: FetchRequest, fetched: Fetched, run_id: str) -> Page:
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
        return Page(document, request, content)

    def keep(self, pages: Iterable[Page]) -> None:
        """Keep bytes and metadata of what was fetched."""
        self.bronze.put_all([(page.document, page.content) for page in pages if page.content is not None])

    def announce(self, documents: Iterable[tuple[RawDocument, Task | None]]) -> None:
        """Tell that documents are there; with a task, that they are to be read for it."""
        self.broker.publish([stored(document, task) for document, task in documents])

    def known(self, documents: Sequence[RawDocument]) -> dict[str, ExtractionEntry]:
        """What is known of these very versions, by id, where an extractor that is still active has read them."""
        entries = self.entries(documents)
        read_by = {entry.extractor_id for entry in entries.values() if not entry.error}
        active = {name for name in read_by if self.extractors.get(name).state is ExtractorState.ACTIVE}
        return {name: entry for name, entry in entries.items() if not entry.error and entry.extractor_id in active}

    def entries(self, documents: Iterable[RawDocument]) -> dict[str, ExtractionEntry]:
        """The newest entry of each document that was read, by id."""
        return self.ledger.of_documents([document.document_id for document in documents])

    def in_service(self, run_id: str) -> ActiveExtractors:
        """The extractors that were in service when a run began, for as long as a few documents are read."""
        return ActiveExtractors(self.extractors, self.runs.get(run_id).started_at)

    def parsed(self, document: RawDocument) -> ParsedDocument:
        """The document, read from the object store and parsed."""
        content = self.bronze.content(document.content_hash)
        return self.parser(content, url=document.final_url, media_type=document.media_type, charset=document.charset)

    def read(
        self,
        document: RawDocument,
        request: FetchRequest,
        run_id: str,
        active: ActiveExtractors,
        known: ExtractionEntry | None = None,
    ) -> Reading:
        """Extract the document of a request, unless `known` says that this extractor has read it.

        A next page that shows nothing new counts as empty. Nothing is published or noted yet.

        Raises:
            NeedsPerson: the source has no extractor.
            WrongAnswer: a consent, login or check page stands in place of the content; the rows before stay current.
        """
        extractor = active.of(document.source_id, document.template)
        parsed: ParsedDocument | None = None
        if extractor is None or active.are_several(document.source_id):
            parsed = self.parsed(document)
            extractor = _best(document, parsed, extractor, active)
        if known is not None and known.extractor_id == extractor.extractor_id and not known.error:
            return Reading(known, known=True)
        parsed = parsed or self.parsed(document)
        extraction = extract(extractor.blueprint, parsed)
        extraction, repeats = self._followed(document, request, parsed, extractor, extraction)
        if repeats:
            ended = Extraction(document.content_hash, parsed.url, [])
            said = REPEATED.format(request.page, repeats, "" if _is_made_up(extractor.blueprint) else LED_ON)
            return self._reading(document, extractor, ended, run_id, said)
        wall = wall_of(parsed) if _is_nearly_empty(extraction, extractor.blueprint) else None
        if wall:
            raise refusal(document.url, wall)
        return self._reading(document, extractor, extraction, run_id)

    def _followed(
        self,
        document: RawDocument,
        request: FetchRequest,
        parsed: ParsedDocument,
        extractor: Extractor,
        extraction: Extraction,
    ) -> tuple[Extraction, str]:
        """What was read, without a next page where the list ends; and the address of an earlier page that shows the
        same ("": none does). Asked only of the next pages of a list.
        """
        kept = [self.bronze.get(document_id) for document_id in request.earlier]
        same = next((page.url for page in kept if page.content_hash == document.content_hash), "")
        if same or not kept:
            return extraction, same
        blueprint = extractor.blueprint
        pagination = blueprint.pagination
        repeats = is_repetition if isinstance(pagination, NumberedPagination) else shows_nothing_new
        earlier = [self._listed_on(page.document_id, extractor.extractor_id) for page in kept]
        records = listed(blueprint, extraction)
        same = next((page.url for page, those in zip(kept, earlier, strict=True) if repeats(records, those)), "")
        if isinstance(pagination, NumberedPagination):
            said = says_last(parsed, len(records), position(pagination, document.url))
            if said is None and is_short(records, earlier):
                extraction = replace(extraction, next_url=None)
        return extraction, same

    @cached_property
    def _listed_on(self) -> Callable[[str, str], list[Record]]:
        """The records of a list page, by its document and an extractor; those asked for last are kept."""

        @lru_cache(maxsize=COMPARED_PAGES)
        def listed_on(document_id: str, extractor_id: str) -> list[Record]:
            blueprint, page = self.extractors.get(extractor_id).blueprint, self.bronze.get(document_id)
            return listed(blueprint, extract(blueprint, self.parsed(page), located=False))

        return listed_on

    def is_past_end(self, request: FetchRequest, error: PipelineError) -> bool:
        """Whether a host refused a page because a list ends before it: its address was made up, no page names it."""
        if request.page == 1 or error.fetched is None or error.fetched.status not in PAST_END:
            return False
        extractor = self.extractors.active(request.source_id, request.template)
        return extractor is not None and _is_made_up(extractor.blueprint)

    def rows_again(self, document: RawDocument, entry: ExtractionEntry) -> Sequence[RowsExtracted]:
        """What the extractor of an entry once read in a document, read anew from the bytes that were kept."""
        extractor = self.extractors.get(entry.extractor_id)
        parsed = self.parsed(document)
        # a page that counted as empty counts as empty again
        nothing = Extraction(document.content_hash, parsed.url, [])
        extraction = nothing if entry.error else extract(extractor.blueprint, parsed)
        return self._events(document, extractor, extraction, document.run_id)

    def publish(self, readings: Iterable[Reading]) -> None:
        """Publish the rows that were read."""
        self.broker.publish([event for reading in readings for event in reading.events])

    def note(self, readings: Iterable[Reading]) -> None:
        """Note that the documents have been read."""
        self.ledger.record(*(reading.entry for reading in readings if not reading.known))

    def _reading(
        self, document: RawDocument, extractor: Extractor, extraction: Extraction, run_id: str, ended: str = ""
    ) -> Reading:
        """`ended` says why a page counts as empty; it is read anew in the next run, when the list may be longer."""
        missing = "" if extraction.records or document.parent_id else f"No record was found on {document.url}."
        entry = ExtractionEntry(
            document_id=document.document_id,
            extractor_id=extractor.extractor_id,
            records=len(extraction.records),
            next_url=extraction.next_url,
            detail_urls=extraction.detail_urls,
            error=missing or ended,
            at=self.clock.now(),
        )
        advice = "The page may have changed: look at it under Documents."
        error = NothingExtracted(missing, advice) if missing else None
        # a start page without records is a fault, not news: the rows it gave before stay current
        events = [] if missing else self._events(document, extractor, extraction, run_id)
        return Reading(entry, events, error=error, warnings=extraction.warnings)

    def _events(
        self, document: RawDocument, extractor: Extractor, extraction: Extraction, run_id: str
    ) -> list[RowsExtracted]:
        events = []
        for number, table in enumerate(extractor.blueprint.tables):
            rows = rows_of(extraction, table, document, extractor, run_id)
            if not rows and self._was_known(document):
                rows = [empty_mark(document, extractor, run_id)]
            if rows:
                name = lake_table(document.source_id, extractor.template, table.name, number == 0)
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
        versions = self.bronze.find(document.source_id, url=document.url, limit=2)
        return any(version.document_id != document.document_id for version in versions)


def stored(document: RawDocument, task: Task | None) -> DocumentStored:
    """The event of a document that is there; with a task, it is to be read for it."""
    event_id = stable_id(document.document_id, task.task_id, task.token) if task else document.document_id
    return DocumentStored(
        event_id=event_id, subject="bronze.documents", at=document.fetched_at, document=document, task=task
    )


def _best(
    document: RawDocument, parsed: ParsedDocument, default: Extractor | None, active: ActiveExtractors
) -> Extractor:
    best = max(active.all(document.source_id), key=lambda extractor: fit(extractor.blueprint, parsed), default=default)
    if best is None:
        raise NeedsPerson(
            f"No extractor reads pages of the kind “{document.template}” of this source.", "Add the source again."
        )
    return best


def _is_made_up(blueprint: Blueprint) -> bool:
    """Whether the addresses of next pages are made of their numbers: no page names them."""
    return isinstance(blueprint.pagination, NumberedPagination)


def _is_nearly_empty(extraction: Extraction, blueprint: Blueprint) -> bool:
    """Whether no record of the main table has more than a little of its fields."""
    main = blueprint.tables[0]
    most = max((len(record.fields) for record in extraction.records if record.table == main.name), default=0)
    return most < LITTLE * len(main.fields)
