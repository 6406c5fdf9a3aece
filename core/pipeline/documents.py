"""Documents: what exactly came in, and what is read in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import PipelineError
from core.flow.archive import Archive
from core.flow.lake_rows import plain_rows
from core.model import Extraction, Extractor, ParsedDocument, RawDocument
from core.ports import BronzeStore, ExtractionEntry, ExtractionLedger, ExtractorStore, Requests, Runner

# the subject of the questions that workers answer
EXTRACT = "extract"


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
class Documents:
    """Raw documents, and their values read anew."""

    _bronze: BronzeStore
    _ledger: ExtractionLedger
    _extractors: ExtractorStore
    _archive: Archive
    _runner: Runner
    _requests: Requests

    def find(
        self, source_id: str = "", *, url: str = "", text: str = "", limit: int = 100, offset: int = 0
    ) -> list[RawDocument]:
        """Documents, newest first; `url` is their address, `text` must occur in it."""
        return self._bronze.find(source_id, url=url, text=text, limit=limit, offset=offset)

    def one(self, document_id: str) -> RawDocument:
        """A document, without its bytes."""
        return self._bronze.get(document_id)

    def content(self, content_hash: str) -> bytes:
        """The bytes of a document, checked against their hash."""
        return self._bronze.content(content_hash)

    def parsed(self, document: RawDocument) -> ParsedDocument:
        """The document as readers see it."""
        return self._archive.parsed(document)

    def readings(self, document_ids: Sequence[str]) -> dict[str, ExtractionEntry]:
        """How each document was read last, where it was."""
        return self._ledger.of_documents(document_ids)

    def view(self, document_id: str, extractor_id: str = "") -> DocumentView:
        """The raw document and its values, read anew with the extractor that read it last, or with the one given."""
        document = self._bronze.get(document_id)
        content = self._bronze.content(document.content_hash)
        extractor = self._extractors.get(extractor_id) if extractor_id else self._extractor_of(document)
        try:
            parsed = self._archive.parsed(document)
            extraction = self._runner.run(extractor, parsed) if extractor else None
        except PipelineError as error:
            return DocumentView(document, content, extractor, None, None, str(error))
        return DocumentView(document, content, extractor, parsed, extraction)

    def _extractor_of(self, document: RawDocument) -> Extractor | None:
        entry = self._ledger.of_documents([document.document_id]).get(document.document_id)
        if entry is not None:
            return self._extractors.get(entry.extractor_id)
        return self._extractors.active(document.source_id, document.template)

    def ask_for_rows(self, document_id: str, seconds: float = 10.0) -> dict[str, Any]:
        """What the active extractor reads in a document, read by whichever worker is free.

        Raises:
            RetryLater: no worker answered in time.
            UnknownName: there is no such document.
        """
        return self._requests.ask(EXTRACT, {"document_id": document_id}, seconds)

    def answer(self) -> Callable[[], None]:
        """Answer such questions in a thread of this process until the returned function is called."""
        return self._requests.serve(EXTRACT, self._rows_for)

    def _rows_for(self, question: dict[str, Any]) -> dict[str, Any]:
        view = self.view(str(question["document_id"]))
        rows = list(plain_rows(view.extraction)) if view.extraction else []
        return {"document_id": view.document.document_id, "error": view.error, "rows": rows}
