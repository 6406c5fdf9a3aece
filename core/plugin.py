"""What written extractors import: the parts of a blueprint, and `read`, which applies one to a document.

A written module says what it reads as data. `Field` and `RecordSet` only gather that; `Blueprint` makes sense of it by
the version that the module was written for. Modules of version 1 say no version, and import `Scope`, `Selector`, `Cut`,
`Guard` and `Pagination`: their parts go the way of stored blueprints of that version (core/blueprint/migrate.py).
"""

from collections.abc import Iterator
from typing import Any, Protocol

from core.blueprint.migrate import blueprint_of
from core.dom.gc_pause import gc_paused
from core.extract import extract
from core.flow.lake_rows import plain_rows
from core.model import blueprint as model
from core.model.blueprint import ValueGuard
from core.model.pagination import (
    DetailLink,
    JsonLink,
    LinkPagination,
    NumberedPagination,
    NumberLink,
    RelLink,
    TextLink,
)
from core.model.scope import (
    DocumentScope,
    ElementsScope,
    ItemsScope,
    RowsScope,
    SheetRowsScope,
    SiblingsScope,
    TextBlocksScope,
)
from core.model.selector import (
    AboveSelector,
    BeforeSelector,
    ColumnNumberSelector,
    ColumnSelector,
    DateSlice,
    EmbeddedSelector,
    InlineSelector,
    JsonKeySelector,
    JsonSelector,
    LabelSelector,
    PathSelector,
    PatternSlice,
    PieceSlice,
    SectionSelector,
    XmlSelector,
)
from core.parse import parse
from core.parse.limits import NO_LIMITS

__all__ = [
    "AboveSelector",
    "BeforeSelector",
    "Blueprint",
    "ColumnNumberSelector",
    "ColumnSelector",
    "Cut",
    "DateSlice",
    "DetailLink",
    "DocumentScope",
    "ElementsScope",
    "EmbeddedSelector",
    "Field",
    "InlineSelector",
    "ItemsScope",
    "JsonKeySelector",
    "JsonLink",
    "JsonSelector",
    "LabelSelector",
    "LinkPagination",
    "NumberLink",
    "NumberedPagination",
    "Pagination",
    "PathSelector",
    "PatternSlice",
    "PieceSlice",
    "RecordSet",
    "RelLink",
    "RowsScope",
    "Scope",
    "SectionSelector",
    "Selector",
    "SheetRowsScope",
    "SiblingsScope",
    "TextBlocksScope",
    "TextLink",
    "ValueGuard",
    "XmlSelector",
    "read",
]

Parts = dict[str, Any]


class Document(Protocol):
    """What an extractor is given: the bytes of a page and its address."""

    content: bytes
    url: str


def read(blueprint: model.Blueprint, document: Document) -> Iterator[dict[str, Any]]:
    """One dict for each record: the name of its table under `table`, and its typed values."""
    with gc_paused():
        parsed = parse(document.content, url=document.url, known_hash="", limits=NO_LIMITS)
        rows = list(plain_rows(extract(blueprint, parsed, located=False)))
    yield from rows


def Blueprint(**parts: Any) -> model.Blueprint:
    """The blueprint of a written module of any version."""
    return blueprint_of(parts)


def RecordSet(**parts: Any) -> Parts:
    """A table."""
    return parts


def Field(**parts: Any) -> Parts:
    """A column of a table."""
    return parts


def Scope(**parts: Any) -> Parts:
    """How records were found in version 1."""
    return parts


def Selector(**parts: Any) -> Parts:
    """How a value was found in version 1."""
    return parts


def Cut(**parts: Any) -> Parts:
    """What was taken out of a text in version 1."""
    return parts


def Guard(**parts: Any) -> Parts:
    """What the values of a column looked like in version 1."""
    return parts


def Pagination(**parts: Any) -> Parts:
    """How a list went on in version 1."""
    return parts
