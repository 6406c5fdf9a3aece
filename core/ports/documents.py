"""What is kept of documents: their bytes, and what was read in which."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.model import FetchRequest, RawDocument, Tally, Visit
from core.model.results import ExtractionEntry


class BronzeStore(Protocol):
    """Raw documents: bytes by content hash, metadata by id. Append-only."""

    def put(self, document: RawDocument, content: bytes) -> bool:
        """Keep the bytes durably (fsync, rename), then the metadata. False when this version was known."""

    def put_all(self, documents: Sequence[tuple[RawDocument, bytes]]) -> None:
        """Keep many, as `put` does; the metadata of all or of none."""

    def get(self, document_id: str) -> RawDocument: ...

    def content(self, content_hash: str) -> bytes:
        """The bytes, checked against their hash."""

    def latest(self, source_id: str, urls: Sequence[str]) -> dict[str, RawDocument]:
        """The version that was fetched last at each of the addresses, where there is one."""

    def find(
        self,
        source_id: str = "",
        *,
        url: str = "",
        text: str = "",
        before: datetime | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[RawDocument]:
        """Documents, newest first, up to the moment `before`; `url` is their address, `text` must occur in it."""


class ExtractionLedger(Protocol):
    """Which documents have been read by which extractor."""

    def record(self, *entries: ExtractionEntry) -> None:
        """Keep the entries; the newest of a document and an extractor wins."""

    def entry(self, document_id: str, extractor_id: str) -> ExtractionEntry | None: ...

    def of_documents(self, document_ids: Sequence[str]) -> dict[str, ExtractionEntry]:
        """The newest entry of each document that has one."""

    def all(self) -> Iterator[ExtractionEntry]:
        """Every entry."""

    def after(self, document_id: str, extractor_id: str, limit: int) -> list[ExtractionEntry]:
        """Some entries behind this one in the order of both ids; the first ones behind ("", "")."""


class Frontier(Protocol):
    """The addresses that are known of each source whose runs are bounded, and when each was visited last."""

    def see(self, requests: Sequence[FetchRequest], at: datetime) -> set[str]:
        """Add the addresses that are new, in their order; those of all given that nobody has visited yet."""

    def note(self, source_id: str, visits: Mapping[str, Visit], at: datetime) -> None:
        """How visits to known addresses ended. One that is gone is not picked again until it is seen again."""

    def pick(self, source_id: str, limit: int, *, rested: datetime | None = None) -> list[FetchRequest]:
        """Addresses that nobody has visited, oldest first; with `rested`, then those visited before that time.

        Of these, the one whose rest was over first comes first.
        """

    def tally(self, source_id: str) -> Tally: ...

    def exceeds(self, source_id: str, number: int) -> bool:
        """Whether more addresses than that are known; quick also where they are many."""
