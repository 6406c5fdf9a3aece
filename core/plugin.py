"""What written extractors import: the nouns of a blueprint, and `read`, which applies one to a document."""

from collections.abc import Iterator
from typing import Any, Protocol

from core.dom.gc_pause import uncollected
from core.extract import extract
from core.flow.lake_rows import plain_rows
from core.model.blueprint import (
    Blueprint,
    Cut,
    DetailLink,
    Field,
    Guard,
    Pagination,
    RecordSet,
    Scope,
    Selector,
)
from core.parse import parse
from core.parse.limits import NO_LIMITS

__all__ = ["Blueprint", "Cut", "DetailLink", "Field", "Guard", "Pagination", "RecordSet", "Scope", "Selector", "read"]


class Document(Protocol):
    """What an extractor is given: the bytes of a page and its address."""

    content: bytes
    url: str


def read(blueprint: Blueprint, document: Document) -> Iterator[dict[str, Any]]:
    """One dict for each record: the name of its table under `table`, and its typed values."""
    with uncollected():
        parsed = parse(document.content, url=document.url, known_hash="", limits=NO_LIMITS)
        rows = list(plain_rows(extract(blueprint, parsed, located=False)))
    yield from rows
