"""Visitor: fetches what lies at one address, keeps its bytes, and tells that it is there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.errors import PipelineError, WrongAnswer
from core.flow.told import document_stored
from core.model import Fetched, FetchRequest, RawDocument, Source, Task, content_hash
from core.ports import Acquirer, BronzeStore, Clock, EventBroker


class Page(NamedTuple):
    """A document and its bytes; None when it is the version that is kept already."""

    document: RawDocument
    request: FetchRequest
    content: bytes | None


@dataclass(frozen=True)
class Visitor:
    """Everything that happens to a document between its address and bronze."""

    acquirers: Mapping[str, Acquirer]
    bronze: BronzeStore
    broker: EventBroker
    clock: Clock

    def starts(self, source: Source) -> Iterator[FetchRequest]:
        """The addresses that a run of the source begins with."""
        return self.acquirers[source.acquirer].starts(source)

    def visit(self, source: Source, request: FetchRequest, run_id: str) -> RawDocument:
        """Fetch the document, keep it and tell of it; raises as `fetch` does."""
        page = self.fetch(source, request, run_id, self.bronze.latest(source.source_id, [request.url]))
        self._keep_one(page)
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
                self._keep_one(self._page(source, request, error.fetched, run_id))
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

    def _keep_one(self, page: Page) -> None:
        self.keep([page])
        self.tell([(page.document, None)])

    def keep(self, pages: Iterable[Page]) -> None:
        """Keep bytes and metadata of what was fetched."""
        self.bronze.put_all([(page.document, page.content) for page in pages if page.content is not None])

    def tell(self, documents: Iterable[tuple[RawDocument, Task | None]]) -> None:
        """Tell that documents are there; with a task, that they are to be read for it."""
        self.broker.publish([document_stored(document, task) for document, task in documents])
