"""Learns how a list goes on, and which of its columns leads to a page of its own for each record."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from core.extract.index import PageIndex
from core.extract.items import walk
from core.extract.links import find_next
from core.model.blueprint import DetailLink, Pagination, RecordSet

NEXT_KEYS = (
    "next",
    "next_url",
    "nextUrl",
    "next_page",
    "nextPage",
    "next_page_url",
    "@odata.nextLink",
    "links/next",
    "links/next/href",
    "_links/next/href",
    "paging/next",
    "meta/next",
    "pagination/next_url",
)
FILES = (".pdf", ".mp3", ".doc", ".docx", ".zip", ".jpg", ".png", ".xls", ".xlsx", ".csv", ".wav", ".wpd", ".rtf")
MIN_DISTINCT = 0.8


def pagination_of(pages: Sequence[PageIndex]) -> Pagination | None:
    """Pagination when one of the learn pages has a link to the next."""
    return Pagination(kind="link") if any(find_next(page) is not None for page in pages) else None


def cursor_of(roots: Sequence[Any]) -> Pagination | None:
    """The path of the next address in a JSON answer."""
    for path in NEXT_KEYS:
        for root in roots:
            if any(isinstance(value, str) and "/" in value for _, value in walk(root, path)):
                return Pagination(kind="cursor", pattern=path)
    return None


def detail_link(table: RecordSet, urls: dict[str, list[str]], base: str) -> DetailLink | None:
    """The first column of links to pages of the same host that differ from record to record."""
    host = urlsplit(base).netloc
    for field in table.fields:
        found = urls.get(field.name, [])
        if field.many or len(found) < 2 or len(set(found)) < MIN_DISTINCT * len(found):
            continue
        targets = [urlsplit(urljoin(base, url)) for url in found]
        pages = sum(
            1 for t in targets if t.netloc == host and not t.path.lower().endswith(FILES) and t.scheme != "mailto"
        )
        if pages >= MIN_DISTINCT * len(found):
            return DetailLink(table=table.name, field=field.name)
    return None
