"""Records and values in JSON documents, by paths of keys."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from core.dom.embedded import escape, shown
from core.extract.data_records import Finds, FoundRecord
from core.extract.selectors import Match, nth_of, sliced
from core.model.blueprint import RecordSet
from core.model.document import ParsedDocument
from core.model.scope import DocumentScope, ItemsScope
from core.model.selector import JsonKeySelector, JsonSelector, Selector
from core.pagination.json_api import next_address

EACH = "*"
KEY = "#"


class Item(NamedTuple):
    """A value in a JSON document, and the keys and positions that lead to it."""

    place: tuple[str, ...]
    value: Any

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer."""
        return "".join(f"/{escape(key)}" for key in self.place)


def join(keys: Iterable[str]) -> str:
    """Keys as a path: the text that selectors and scopes hold."""
    return "/".join(escape(key) for key in keys)


def json_finds(document: ParsedDocument) -> Finds:
    """How the records of a table are found in a JSON document."""
    root = Item((), document.root)

    def finds(table: RecordSet) -> list[FoundRecord]:
        scope = table.scope
        if isinstance(scope, DocumentScope):
            return [_found(root)]
        if not isinstance(scope, ItemsScope):
            return []
        return [_found(item) for item in records_at(root, scope.path)[scope.skip :]]

    return finds


def json_next(document: ParsedDocument) -> str | None:
    """The absolute address of the next page of a JSON API; None on the last page."""
    return next_address(document.root, document.url) if document.kind == "json" else None


def records_at(root: Item, path: str) -> list[Item]:
    """The values at a path; a list stands for its items."""
    return [below for item in _follow(root, path) for below in _spread(item)]


def values_at(record: Item, path: str) -> list[Item]:
    """The values at a path in a record that are not empty; a list of scalars stands for its items."""
    found = _follow(record, path)
    if len(found) == 1 and _is_plain_list(found[0].value):
        found = _spread(found[0])
    return [item for item in found if item.value not in (None, "", [], {})]


def text_at(value: Any) -> str:
    """A JSON value as text: scalars as they are shown, the rest as compact JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else shown(value)


def _found(item: Item) -> FoundRecord:
    return FoundRecord(item.place, lambda selector: _matches(selector, item))


def _matches(selector: Selector, record: Item) -> list[Match]:
    if isinstance(selector, JsonKeySelector):
        return sliced([_key_match(record)], selector.slices)
    items = nth_of(values_at(record, selector.path), selector.nth) if isinstance(selector, JsonSelector) else []
    return sliced([_match(item, text_at(item.value)) for item in items], selector.slices)


def _key_match(record: Item) -> Match:
    """The key that leads to a record; what the record says where none does."""
    return _match(record, shown(record.place[-1]) if record.place else text_at(record.value), KEY)


def _match(item: Item, text: str, mark: str = "") -> Match:
    return Match(text, 0, len(text), lambda: f"json:{item.pointer}{mark}")


def _follow(start: Item, path: str) -> list[Item]:
    found = [start]
    for raw in path.split("/") if path else ():
        key = raw.replace("~1", "/").replace("~0", "~")
        found = [below for item in found for below in _step(item, key)]
    return found


def _step(item: Item, key: str) -> list[Item]:
    value = item.value
    if isinstance(value, list):
        if key.isdecimal():
            return [Item((*item.place, key), value[int(key)])] if int(key) < len(value) else []
        return [below for each in _spread(item) for below in _step(each, key)]
    if not isinstance(value, dict):
        return []
    if key == EACH:
        return [Item((*item.place, name), below) for name, below in value.items()]
    return [Item((*item.place, key), value[key])] if key in value else []


def _spread(item: Item) -> list[Item]:
    if not isinstance(item.value, list):
        return [item]
    return [Item((*item.place, str(number)), value) for number, value in enumerate(item.value)]


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(item, list | dict) for item in value)
