"""What comes from outside: acquirers bring documents, a parser reads them, sources and drafts say which."""

from collections.abc import Iterator
from typing import Protocol

from core.model import Draft, Fetched, FetchRequest, ParsedDocument, Source


class Acquirer(Protocol):
    """Brings documents of one kind of source. `is_local` says that they lie on this machine and burden no host."""

    is_local: bool

    def starts(self, source: Source) -> Iterator[FetchRequest]:
        """The addresses a run begins with, in a stable order. Raises BadInput when there are none."""

    def fetch(self, request: FetchRequest) -> Fetched:
        """The document at one address.

        Waits for the host's turn, follows redirects, and never returns more bytes than the settings allow.
        Raises RetryLater, NeedsPerson or BadInput, each with one sentence for a person.
        """


class Parser(Protocol):
    """Turns raw bytes into a parsed document; see core/parse."""

    def __call__(
        self, content: bytes, *, url: str = "", media_type: str = "", charset: str | None = None
    ) -> ParsedDocument: ...


class SourceStore(Protocol):
    """The sources."""

    def save(self, source: Source) -> None:
        """Add or replace."""

    def get(self, source_id: str) -> Source: ...

    def all(self) -> list[Source]:
        """By name."""

    def remove(self, source_id: str) -> None:
        """Forget the source, its tasks and its health; documents, rows and extractors stay."""


class DraftStore(Protocol):
    """Onboardings that are not finished."""

    def save(self, draft: Draft) -> None: ...

    def get(self, draft_id: str) -> Draft: ...

    def all(self) -> list[Draft]:
        """Newest first."""

    def remove(self, draft_id: str) -> None: ...
