"""Reader: reads one document with the extractor of its kind. It decides what was found; it changes nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from core.dom.interstitials import refusal, wall_of
from core.errors import NeedsPerson, NothingExtracted
from core.events import Event, RowsExtracted
from core.evidence.spot_check import Unproven
from core.flow.active_extractors import ActiveExtractors
from core.flow.archive import Archive
from core.flow.end_of_list import end_of_list, why_ended
from core.flow.proof import SpotChecks, proved
from core.flow.second_reading import SecondReading, disputes
from core.flow.told import rows_extracted, rows_unproven
from core.model import Blueprint, Extraction, Extractor, FetchRequest, ParsedDocument, RawDocument, Record
from core.pagination.repeats import listed
from core.ports import BronzeStore, Clock, ExtractionEntry, ExtractorStore, Runner
from core.schema.templates import fit

# of the fields of the main table: a record with less is what is left of a page that keeps visitors out
LITTLE = 0.34
# each page of a list is compared with three before it, of which two are mostly those of the page before
COMPARED_PAGES = 12


class ReadDocument(NamedTuple):
    """What an extractor found in a document: what is to be told, and what the ledger keeps of it.

    Attributes:
        entry: what the ledger keeps.
        events: the rows that were read, and those that are not kept.
        known: the extractor has read this very document before.
        error: why it does not count as read.
        warnings: what was left out.
    """

    entry: ExtractionEntry
    events: Sequence[Event] = ()
    known: bool = False
    error: NothingExtracted | None = None
    warnings: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The number of rows."""
        return sum(len(event.rows) for event in self.events if isinstance(event, RowsExtracted))


@dataclass(frozen=True)
class Reader:
    """Everything that is worked out between a document and its rows."""

    archive: Archive
    runner: Runner
    bronze: BronzeStore
    extractors: ExtractorStore
    checks: SpotChecks
    second: SecondReading
    clock: Clock

    def read(
        self,
        document: RawDocument,
        request: FetchRequest,
        run_id: str,
        active: ActiveExtractors,
        known: ExtractionEntry | None = None,
    ) -> ReadDocument:
        """Read the document of a request, unless `known` says that this extractor has read it.

        A next page that shows nothing new counts as empty. Rows whose evidence does not lead back are left out.

        Raises:
            NeedsPerson: the source has no extractor.
            WrongAnswer: a consent, login or check page stands in place of the content; the rows before stay current.
        """
        extractor = active.of(document.source_id, document.template)
        parsed: ParsedDocument | None = None
        extraction: Extraction | None = None
        if extractor is None or active.are_several(document.source_id):
            parsed = self.archive.parsed(document)
            extractor, extraction = self._best(document, parsed, active)
        if known is not None and known.extractor_id == extractor.extractor_id and not known.error:
            return ReadDocument(known, known=True)
        parsed = parsed or self.archive.parsed(document)
        extraction = extraction or self._read(extractor, document, parsed)
        earlier = [self.bronze.get(document_id) for document_id in request.earlier]
        end = end_of_list(document, parsed, extractor.blueprint, extraction, earlier, self._listed_by(extractor))
        if end.repeats:
            said = why_ended(request.page, end, extractor.blueprint)
            return self._result(document, extractor, _nothing(document, parsed), run_id, ended=said)
        wall = wall_of(parsed) if _is_nearly_empty(extraction, extractor.blueprint) else None
        if wall:
            raise refusal(document.url, wall)
        failed = self.checks.failed(document, extraction, run_id)
        if end.is_last:
            extraction = replace(extraction, next_url=None)
        return self._result(document, extractor, proved(extraction, failed), run_id, failed)

    def read_again(self, document: RawDocument, entry: ExtractionEntry) -> list[RowsExtracted]:
        """What the extractor of an entry once read in a document, read anew from the bytes that were kept."""
        extractor = self.extractors.get(entry.extractor_id)
        parsed = self.archive.parsed(document)
        # a page that counted as empty counts as empty again
        extraction = _nothing(document, parsed) if entry.error else self._read(extractor, document, parsed)
        return self._rows(document, extractor, extraction, document.run_id)

    def _read(self, extractor: Extractor, document: RawDocument, parsed: ParsedDocument) -> Extraction:
        return self.runner.run(extractor, parsed, second=self.second.of(extractor, document))

    def _best(
        self, document: RawDocument, parsed: ParsedDocument, active: ActiveExtractors
    ) -> tuple[Extractor, Extraction]:
        """The extractor of the source that fits the document best, and what it reads."""
        read = ((one, self._read(one, document, parsed)) for one in active.all(document.source_id))
        best = max(read, key=lambda pair: fit(pair[0].blueprint, pair[1]), default=None)
        if best is None:
            said = f"No extractor reads pages of the kind “{document.template}” of this source."
            raise NeedsPerson(said, "Add the source again.")
        return best

    def _listed_by(self, extractor: Extractor) -> Callable[[RawDocument], list[Record]]:
        return lambda page: self._listed_on(page.document_id, extractor.extractor_id)

    @cached_property
    def _listed_on(self) -> Callable[[str, str], list[Record]]:
        """The records of a list page, by its document and an extractor; those asked for last are kept."""

        @lru_cache(maxsize=COMPARED_PAGES)
        def listed_on(document_id: str, extractor_id: str) -> list[Record]:
            extractor, page = self.extractors.get(extractor_id), self.bronze.get(document_id)
            return listed(extractor.blueprint, self.runner.run(extractor, self.archive.parsed(page), located=False))

        return listed_on

    def _result(
        self,
        document: RawDocument,
        extractor: Extractor,
        extraction: Extraction,
        run_id: str,
        failed: Sequence[Unproven] = (),
        ended: str = "",
    ) -> ReadDocument:
        """`ended` says why a page counts as empty; it is read anew in the next run, when the list may be longer."""
        missing = "" if extraction.records or document.parent_id else _missing(document, failed)
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
        rows: Iterable[Event] = () if missing else self._rows(document, extractor, extraction, run_id)
        told = rows_unproven(document, extractor, failed, run_id, self.clock.now())
        return ReadDocument(entry, [*rows, *told], error=error, warnings=extraction.warnings)

    def _rows(
        self, document: RawDocument, extractor: Extractor, extraction: Extraction, run_id: str
    ) -> list[RowsExtracted]:
        other = disputes(extractor.blueprint, extraction)
        now = self.clock.now()
        return list(rows_extracted(document, extractor, extraction, run_id, now, self._was_known, other))

    def _was_known(self, document: RawDocument) -> bool:
        """Whether an older version of the page lies in bronze."""
        versions = self.bronze.find(document.source_id, url=document.url, limit=2)
        return any(version.document_id != document.document_id for version in versions)


def _missing(document: RawDocument, failed: Sequence[Unproven]) -> str:
    if failed:
        return f"No row of {document.url} can be believed: {failed[0].sentence}."
    return f"No record was found on {document.url}."


def _nothing(document: RawDocument, parsed: ParsedDocument) -> Extraction:
    return Extraction(document.content_hash, parsed.url, [])


def _is_nearly_empty(extraction: Extraction, blueprint: Blueprint) -> bool:
    """Whether no record of the main table has more than a little of its fields."""
    main = blueprint.tables[0]
    most = max((len(record.fields) for record in extraction.of(main.name)), default=0)
    return most < LITTLE * len(main.fields)
