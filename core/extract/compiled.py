"""What is made ready once for a blueprint and used for page after page."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Generic, TypeVar

from core.dom.embedded import WantedPaths
from core.dom.path_trie import PathTrie
from core.extract.layouts import layouts
from core.model.blueprint import Blueprint, Field, RecordSet
from core.model.scope import ElementScope
from core.model.selector import EmbeddedSelector, PathSelector, SectionSelector, Selector

T = TypeVar("T")
# tables and blueprints that are kept ready: those of the sources that one worker reads in turn
TABLES_CACHED, BLUEPRINTS_CACHED = 200, 100
JSON_KINDS = ("jsonld", "state")


class _Same(Generic[T]):
    """A noun by its identity: to compare two blueprints takes longer than to read a page."""

    __slots__ = ("noun",)

    def __init__(self, noun: T) -> None:
        self.noun = noun

    def __hash__(self) -> int:
        return id(self.noun)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.noun is other.noun


def layouts_of(table: RecordSet) -> Sequence[RecordSet]:
    """The layouts of a table, the present one first."""
    return _layouts(_Same(table))


@lru_cache(maxsize=TABLES_CACHED)
def _layouts(same: _Same[RecordSet]) -> Sequence[RecordSet]:
    return tuple(layouts(same.noun))


def trie_of(table: RecordSet, second: RecordSet | None = None) -> PathTrie:
    """The keys of a table, and of a second reader of it, that selectors look up in a record."""
    return _trie(_Same(table), None if second is None else _Same(second))


@lru_cache(maxsize=TABLES_CACHED)
def _trie(same: _Same[RecordSet], second: _Same[RecordSet] | None) -> PathTrie:
    found = chain(_selectors(same.noun), _selectors(second.noun) if second else ())
    keys = (selector.path_key for selector in found if isinstance(selector, PathSelector | SectionSelector))
    scope = same.noun.scope
    return PathTrie((*(scope.required_keys if isinstance(scope, ElementScope) else ()), *keys))


def plain_fields(table: RecordSet) -> Sequence[tuple[Field, str]]:
    """The fields of a table, each with its first key where that alone says what to read; else ""."""
    return _plain_fields(_Same(table))


@lru_cache(maxsize=TABLES_CACHED)
def _plain_fields(same: _Same[RecordSet]) -> Sequence[tuple[Field, str]]:
    return [(field, _plain_key(field)) for field in same.noun.fields]


def _plain_key(field: Field) -> str:
    first = field.selectors[0] if field.selectors and not field.many else None
    is_plain = isinstance(first, PathSelector) and first.nth == 1 and not first.slices
    return first.path_text if first and is_plain else ""


def wanted_of(blueprint: Blueprint, second: Blueprint | None = None) -> WantedPaths:
    """The paths in the data of a page that a blueprint reads, and those of a second reader."""
    return _wanted(_Same(blueprint), None if second is None else _Same(second))


@lru_cache(maxsize=BLUEPRINTS_CACHED)
def _wanted(same: _Same[Blueprint], second: _Same[Blueprint] | None) -> WantedPaths:
    tables = (*same.noun.tables, *(second.noun.tables if second else ()))
    found = (selector for table in tables for selector in _selectors(table))
    embedded = (selector for selector in found if isinstance(selector, EmbeddedSelector))
    return WantedPaths(selector.path for selector in embedded if selector.kind in JSON_KINDS)


def _selectors(table: RecordSet) -> Iterator[Selector]:
    for field in table.fields:
        yield from field.selectors
        yield from field.former
