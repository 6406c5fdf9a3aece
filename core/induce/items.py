"""Learns the tables of JSON documents: their lists of objects, nested ones as child tables, objects as one record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.embedded import shown
from core.errors import NothingExtracted
from core.extract.items import EACH, KEY, join, text_at
from core.extract.paging import PAGING_WORDS, next_path
from core.induce.keys import WRAPPERS, field_name, shared_start, table_name
from core.induce.naming import Names
from core.induce.shapes import Shape, shape_of
from core.model.blueprint import Blueprint, DetailLink, Field, FieldType, Pagination, RecordSet, Scope, Selector
from core.model.document import ParsedDocument
from core.values import column_type

MAX_FIELDS = 60
MAX_TABLES = 12
MAX_EXAMPLES = 3
LONG_LIST = 10
Path = tuple[str, ...]


@dataclass
class Column:
    """A field to be: its path in the record and what was seen there."""

    path: Path
    shape: Shape
    kind: str = "scalar"


@dataclass
class Draft:
    """A table to be: the path of its records in the document, what was seen there, and its columns."""

    path: Path
    shape: Shape
    parent: "Draft | None" = None
    columns: list[Column] = field(default_factory=list)
    skip: int = 0

    @property
    def weight(self) -> int:
        """How much data it holds."""
        return self.shape.seen * max(1, len(self.columns))


def induce_json(documents: Sequence[ParsedDocument]) -> Blueprint:
    """The blueprint of JSON documents of one kind.

    Raises:
        NothingExtracted: they hold no value at all.
    """
    shape = shape_of(document.root for document in documents)
    drafts = [draft for draft in _drafts(shape) if draft.columns]
    if not drafts:
        raise NothingExtracted("The JSON holds no value.", "Check that the address gives data.")
    ordered = _ordered(drafts, len(documents))[:MAX_TABLES]
    names, named = Names(), dict[int, str]()
    tables = []
    for draft in ordered:
        name = named[id(draft)] = names.take(table_name(draft.path, documents[0].url))
        tables.append(_table(draft, name, named.get(id(draft.parent))))
    return Blueprint(
        kind="json",
        tables=tuple(tables),
        pagination=_pagination(documents),
        details=_details(tables[0], ordered[0].shape.seen),
        learned_from=tuple(document.content_hash for document in documents),
    )


def _drafts(root: Shape) -> list[Draft]:
    if root.items is not None and not root.objects:
        return list(_grown(Draft((), root.items)))
    if root.entries is not None:
        return list(_grown(_keyed(Draft((EACH,), root.entries))))
    return list(_grown(Draft((), root)))


def _grown(draft: Draft) -> Iterator[Draft]:
    """A draft with all its columns, then the drafts below it."""
    below: list[Draft] = []
    if _is_rows(draft.shape):
        _grow_rows(draft)
    else:
        _grow(draft, draft.shape, (), below)
    yield draft
    for child in below:
        yield from _grown(child)


def _grow(draft: Draft, shape: Shape, path: Path, below: list[Draft]) -> None:
    if shape.scalars:
        draft.columns.append(Column(path, shape))
    for key, child in shape.keys.items():
        _grow(draft, child, (*path, key), below)
    place = (*draft.path, *path)
    if shape.entries is not None:
        below.append(_keyed(Draft((*place, EACH), shape.entries, draft)))
    if shape.items is not None and shape.items.seen:
        _grow_list(draft, Column(path, shape), below)


def _grow_list(draft: Draft, column: Column, below: list[Draft]) -> None:
    items = column.shape.items
    if items is None:
        return
    if items.is_records or (items.entries is not None) or _is_rows(items):
        below.append(Draft((*draft.path, *column.path), items, draft))
    elif items.lists:
        draft.columns.append(Column(column.path, column.shape, "json"))
    else:
        draft.columns.append(Column(column.path, items, "list"))


def _keyed(draft: Draft) -> Draft:
    draft.columns.append(Column((KEY,), Shape(scalars=["key"]), "key"))
    return draft


def _is_rows(shape: Shape) -> bool:
    """Whether the values are rows of a grid: lists of scalars, most of one length above one."""
    rows = [value for value in shape.samples if isinstance(value, list)]
    if shape.objects or shape.scalars or len(rows) < 2:
        return False
    width = len(rows[0])
    alike = [row for row in rows if len(row) == width and not any(isinstance(cell, list | dict) for cell in row)]
    kinds = {type(cell) for row in rows for cell in row}
    return width >= 2 and len(alike) == len(rows) and (len(kinds) > 1 or _has_header(rows))


def _has_header(rows: Sequence[list[Any]]) -> bool:
    """Whether the first row names the columns: distinct texts, above rows that do not repeat them."""
    first = rows[0]
    if not all(isinstance(cell, str) and cell and not cell[0].isdigit() for cell in first):
        return False
    texts = len(set(first)) == len(first)
    kinds = [column_type([shown(row[at]) for row in rows[1:]])[0] for at in range(len(first))]
    return texts and any(kind not in ("string", "text") for kind in kinds)


def _grow_rows(draft: Draft) -> None:
    rows = [value for value in draft.shape.samples if isinstance(value, list)]
    header = _has_header(rows)
    draft.skip = int(header)
    for at in range(len(rows[0])):
        shape = shape_of(row[at] for row in rows[int(header) :])
        shape.keys = {str(rows[0][at]): Shape()} if header else {}
        draft.columns.append(Column((str(at),), shape, "cell"))


def _ordered(drafts: list[Draft], documents: int) -> list[Draft]:
    """The main table first. Around a list of records, the rest of the document is only its envelope."""
    root = drafts[0]
    lists = [draft for draft in drafts[1:] if draft.parent is root and EACH not in draft.path]
    if root.path or root.shape.seen > documents or not lists:
        return drafts
    main = max(lists, key=lambda draft: draft.weight)
    own = [column for column in root.columns if not _is_paging(column)]
    if own and main.shape.seen < LONG_LIST * documents and not _is_wrapper(main):
        return drafts
    for draft in lists:
        draft.parent = None
    rest = [draft for draft in drafts if draft is not main and draft is not root]
    return [main, *rest, *([root] if own else [])]


def _is_wrapper(draft: Draft) -> bool:
    return draft.path[-1].lower() in WRAPPERS


def _is_paging(column: Column) -> bool:
    return column.path[-1].lower() in PAGING_WORDS or any(step.lower() in ("links", "_links") for step in column.path)


def _table(draft: Draft, name: str, parent: str | None) -> RecordSet:
    records = max(1, draft.shape.seen - draft.skip)
    columns = sorted(draft.columns, key=lambda column: -_fill(column, records))[:MAX_FIELDS]
    kept = [column for column in draft.columns if column in columns]
    start = shared_start([column.path for column in kept])
    names = Names()
    fields = tuple(_field(column, names, start, records) for column in kept)
    scope = Scope(kind="items", path=join(draft.path), minimum=draft.skip)
    return RecordSet(name=name, scope=scope, fields=fields, parent=parent, confidence=0.95)


def _fill(column: Column, records: int) -> float:
    return 1.0 if column.kind == "key" else min(1.0, column.shape.seen / records)


def _field(column: Column, names: Names, start: int, records: int) -> Field:
    kind, locale = _type(column)
    many = column.kind == "list"
    header = next(iter(column.shape.keys), "") if column.kind == "cell" else ""
    return Field(
        name=names.take(field_name(column.path, start, column.kind, header)),
        type=kind,
        selectors=(Selector(kind="json", path=_selector_path(column), nth=0 if many else 1),),
        many=many,
        label=header or column.path[-1] if column.path else "",
        locale=locale,
        examples=_examples(column),
        confidence=0.95,
        fill=round(_fill(column, records), 4),
    )


def _selector_path(column: Column) -> str:
    return KEY if column.kind == "key" else join(column.path)


def _examples(column: Column) -> tuple[str, ...]:
    values = column.shape.samples if column.kind == "json" else column.shape.scalars
    return () if column.kind == "key" else tuple(dict.fromkeys(text_at(value)[:200] for value in values))[:MAX_EXAMPLES]


def _type(column: Column) -> tuple[FieldType, str]:
    """JSON's own type where it has one; the type of the texts else."""
    if column.kind == "json":
        return "json", ""
    kinds = {type(value) for value in column.shape.scalars}
    if kinds <= {bool}:
        return "boolean", ""
    if kinds <= {int}:
        return "integer", ""
    if kinds <= {int, float}:
        return "decimal", "."
    kind, locale = column_type([shown(value) for value in column.shape.scalars])
    # digits in quotes are a name: who means an amount writes it without
    return ("identifier", "") if kind == "integer" and kinds == {str} else (kind, locale)


def _pagination(documents: Sequence[ParsedDocument]) -> Pagination | None:
    path = next((path for document in documents if (path := next_path(document.root))), "")
    return Pagination(kind="link", selector=Selector(kind="json", path=path)) if path else None


def _details(table: RecordSet, records: int) -> DetailLink | None:
    """The field of a list that leads to the page of each record."""
    links = [field for field in table.fields if field.type == "url" and not field.many and field.fill > 0.9]
    best = min(links, key=lambda field: _rank(field.name), default=None)
    return (
        DetailLink(table=table.name, field=best.name)
        if best and records > 1 and _rank(best.name) < len(LINKS)
        else None
    )


LINKS = ("url", "html_url", "link", "web_url", "permalink", "href", "self", "links_self", "api_url")


def _rank(name: str) -> int:
    return LINKS.index(name) if name in LINKS else len(LINKS)
