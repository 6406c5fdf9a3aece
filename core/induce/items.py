"""Learns the tables of JSON documents: every list of objects is one, its scalars by path are the columns."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from core.embedded import shown
from core.induce.naming import Names, snake
from core.model.blueprint import Field, RecordSet, Scope, Selector
from core.values import column_type

MAX_TABLES = 5
MAX_FIELDS = 60
MAX_DEPTH = 12
MAX_RECORDS = 500
MIN_SHARE = 0.05


class Reading(NamedTuple):
    """What one path reads in the records that have it: the texts of each."""

    cells: list[list[str]]
    listed: bool


def item_tables(roots: Sequence[Any], names: Names) -> list[RecordSet]:
    """The record sets of JSON values of one shape, the largest list first; one record if there is no list."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for root in roots:
        for path, item in _objects(root):
            groups[path].append(item)
    lists = sorted((path for path in groups if len(groups[path]) > 1), key=lambda path: -_weight(path, groups[path]))
    tables = [_table(Scope(kind="items", path=path), groups[path], names) for path in lists[:MAX_TABLES]]
    whole = [root for root in roots if isinstance(root, dict)]
    if whole:
        tables.append(_table(Scope(), whole, names))
    return [table for table in tables if table.fields]


def _objects(root: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that is the item of a list, under the path of keys to it."""
    stack: list[tuple[Any, str, int]] = [(root, "", 0)]
    while stack:
        value, path, depth = stack.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, list):
            for item in reversed(value[:MAX_RECORDS]):
                if isinstance(item, dict):
                    yield path, item
                stack.append((item, path, depth + 1))
        elif isinstance(value, dict):
            stack.extend(
                (child, f"{path}/{key}", depth + 1) for key, child in reversed(value.items()) if "/" not in key
            )


def _weight(path: str, records: list[dict[str, Any]]) -> float:
    """Records times columns; a list inside the records of another counts less."""
    return sum(len(record) for record in records) / (1 + path.count("/"))


def _table(scope: Scope, records: list[dict[str, Any]], names: Names) -> RecordSet:
    readings = _readings(records)
    least = max(1.0, MIN_SHARE * len(records))
    kept = [(path, reading) for path, reading in readings.items() if len(reading.cells) >= least]
    kept.sort(key=lambda pair: (pair[0].count("/"), -len(pair[1].cells)))
    used = Names()
    fields = tuple(_field(path, reading, len(records), used) for path, reading in kept[:MAX_FIELDS])
    name = snake(scope.path.rpartition("/")[2]) or ("records" if scope.kind == "items" else "document")
    return RecordSet(name=names.take(name), scope=scope, fields=fields, confidence=0.9)


def _readings(records: Sequence[dict[str, Any]]) -> dict[str, Reading]:
    cells: dict[str, list[list[str]]] = defaultdict(list)
    listed: Counter[str] = Counter()
    for record in records[:MAX_RECORDS]:
        own: dict[str, list[str]] = defaultdict(list)
        for path, text, inside in _scalars(record):
            own[path].append(text)
            listed[path] += inside
        for path, texts in own.items():
            cells[path].append(texts)
    return {path: Reading(found, listed[path] > 0) for path, found in cells.items()}


def _scalars(record: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Path, text, and whether a list is on the way, of all scalars of a record; lists of objects are other tables."""
    stack: list[tuple[Any, str, bool, int]] = [(record, "", False, 0)]
    while stack:
        value, path, listed, depth = stack.pop()
        if isinstance(value, dict) and depth <= MAX_DEPTH:
            pairs = [(child, f"{path}/{key}", listed, depth + 1) for key, child in value.items() if "/" not in key]
            stack.extend(reversed(pairs))
        elif isinstance(value, list):
            stack.extend((child, path, True, depth + 1) for child in reversed(value) if not isinstance(child, dict))
        elif value is not None and not isinstance(value, dict) and shown(value):
            yield path, shown(value), listed


def _field(path: str, reading: Reading, records: int, names: Names) -> Field:
    texts = [text for cell in reading.cells for text in cell]
    kind, locale = column_type(texts)
    fill = len(reading.cells) / records
    return Field(
        name=names.take(snake(" ".join(_words(part) for part in path.split("/")[-2:]))),
        type=kind,
        selectors=(Selector(kind="json", path=path, nth=0 if reading.listed else 1),),
        many=reading.listed,
        label=path.rpartition("/")[2],
        locale=locale,
        examples=tuple(dict.fromkeys(texts))[:3],
        confidence=round(0.6 + 0.35 * min(fill, 1.0) - 0.05 * min(path.count("/") - 1, 4), 4),
        fill=round(min(fill, 1.0), 4),
    )


def _words(key: str) -> str:
    return "".join(f" {c}" if c.isupper() and not key.isupper() else c for c in key)
