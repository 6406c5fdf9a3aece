"""Records of JSON documents: the values at a path of keys, list positions left out; fields by paths inside them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from core.embedded import escape, shown
from core.extract.cells import cell
from core.extract.selectors import Spot
from core.model.blueprint import RecordSet, Selector
from core.model.document import ParsedDocument
from core.model.extraction import Record


def walk(value: Any, path: str, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Pointer and value of everything at a path of keys; every list on the way stands for all its items."""
    steps = [step for step in path.split("/") if step]
    stack: list[tuple[Any, str, int]] = [(value, pointer, 0)]
    while stack:
        item, at, depth = stack.pop()
        if isinstance(item, list):
            stack.extend((child, f"{at}/{number}", depth) for number, child in reversed(list(enumerate(item))))
        elif depth == len(steps):
            yield at, item
        elif isinstance(item, dict) and steps[depth] in item:
            stack.append((item[steps[depth]], f"{at}/{escape(steps[depth])}", depth + 1))


def read_items(table: RecordSet, document: ParsedDocument) -> list[Record]:
    """The records of one table of a JSON document."""
    found = [(at, item) for at, item in walk(document.root, table.scope.path) if isinstance(item, dict)]
    if table.scope.kind == "document":
        found = [("", document.root)]
    rows = [_fields(table, item, at, document) for at, item in found]
    return [Record(table.name, number, fields) for number, fields in enumerate(row for row in rows if row)]


def _fields(table: RecordSet, item: Any, pointer: str, document: ParsedDocument) -> dict[str, Any]:
    def find(selector: Selector) -> list[Spot]:
        return _spots(selector, item, pointer)

    read = ((field.name, cell(field, find, document.url)) for field in table.fields)
    return {name: value for name, value in read if value is not None}


def _spots(selector: Selector, item: Any, pointer: str) -> list[Spot]:
    found = []
    for at, value in walk(item, selector.path, pointer):
        text = "" if value is None or isinstance(value, dict) else shown(value)
        if text:
            found.append(Spot(text, 0, len(text), partial("json:{}".format, at)))
    return found if selector.nth == 0 else found[: selector.nth]
