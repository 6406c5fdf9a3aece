"""Records of documents that are not pages: what a format finds, as typed records that know their parents."""

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from core.extract.cells import Finder, read_cell
from core.extract.compiled import layouts_of
from core.model.blueprint import Blueprint, RecordSet
from core.model.extraction import FieldValue, Record
from core.text.urls import absolute

Key = tuple[Hashable, ...]


class FoundRecord(NamedTuple):
    """One record in a document: its key, which begins with the key of its parent, how its values are found, and the
    base of its addresses where that is not the address of the document.
    """

    key: Key
    find: Finder
    base: str = ""


Finds = Callable[[RecordSet], Iterable[FoundRecord]]


def read_rows(blueprint: Blueprint, finds: Finds, base: str, located: bool = True) -> list[Record]:
    """The records of all tables, in the order of the blueprint and then of the document; empty ones are left out.

    A document has one layout: what holds no record in the present one is read in an earlier one.
    """
    places: dict[str, dict[Key, int]] = {}
    records: list[Record] = []
    for table in blueprint.tables:
        own = places.setdefault(table.name, {})
        above = places.get(table.parent or "", {})
        for key, fields in _filled(table, finds, base, located):
            records.append(Record(table.name, len(own), fields, _parent(key, above)))
            own[key] = len(own)
    return records


def _filled(table: RecordSet, finds: Finds, base: str, located: bool) -> list[tuple[Key, dict[str, FieldValue]]]:
    for layout in layouts_of(table):
        found = ((one.key, _fields(layout, one.find, absolute(base, one.base), located)) for one in finds(layout))
        filled = [(key, fields) for key, fields in found if fields]
        if filled:
            return filled
    return []


def _fields(table: RecordSet, find: Finder, base: str, located: bool) -> dict[str, FieldValue]:
    found = ((field.name, read_cell(field, find, base, located)) for field in table.fields)
    return {name: value for name, value in found if value is not None}


def _parent(key: Key, above: dict[Key, int]) -> int | None:
    """The index of the record whose key is the longest beginning of `key`."""
    return next((above[key[:size]] for size in range(len(key), -1, -1) if key[:size] in above), None)
