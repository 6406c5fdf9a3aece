"""Where data comes from: a source, a request for one of its documents, and the raw document that came."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from core.model.base import Frozen, stable_id


class SourceState(StrEnum):
    """What the orchestrator may do with a source."""

    ACTIVE = "active"
    PAUSED = "paused"
    QUARANTINED = "quarantined"


class Schedule(Frozen):
    """When a source runs by itself: every so many seconds, or by a cron line; never, when both are empty.

    Runs are put off by up to `jitter_seconds`, by chance, so that not all sources start at the full hour.
    """

    every_seconds: int | None = None
    cron: str | None = None
    timezone: str = "UTC"
    jitter_seconds: int | None = None


class Source(Frozen):
    """Something documents come from: a URL or a folder, and how and when to acquire it.

    `follow_pages` reads the further pages of a list, `follow_details` the page behind each record.
    """

    source_id: str
    name: str
    location: str
    acquirer: str
    created_at: datetime
    schedule: Schedule = Schedule()
    state: SourceState = SourceState.ACTIVE
    auto_promote: bool = False
    follow_pages: bool = True
    follow_details: bool = True
    max_documents: int | None = None


class FetchRequest(Frozen):
    """One address to fetch for a source. `template` names the kind of page expected there, such as main or detail.

    `etag` and `last_modified` come from the stored version, so that the host may answer "not modified". The next page
    of a list is its `page`-th, and `earlier` are the documents of pages before it that it must not repeat.
    """

    source_id: str
    url: str
    template: str = "main"
    parent_id: str | None = None
    page: int = 1
    earlier: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None


class RawDocument(Frozen):
    """Metadata of one version of one document. The bytes lie in the object store under `content_hash`."""

    document_id: str
    source_id: str
    url: str
    final_url: str
    template: str
    parent_id: str | None
    run_id: str
    acquirer: str
    fetched_at: datetime
    status: int
    media_type: str
    charset: str | None
    content_hash: str
    size: int
    etag: str | None = None
    last_modified: str | None = None

    @staticmethod
    def id_for(source_id: str, url: str, content_hash: str) -> str:
        """The same bytes at the same address of the same source are the same document."""
        return stable_id(source_id, url, content_hash)


class Fetched(NamedTuple):
    """What an acquirer brings for one request; `content` is None when the host said "not modified"."""

    final_url: str
    status: int
    media_type: str
    charset: str | None
    content: bytes | None
    etag: str | None = None
    last_modified: str | None = None
