"""Tables to be: which lists and objects of a shape are records, which values are columns, which table comes first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.dom.embedded import shown
from core.extract.json_records import EACH, KEY
from core.induce.data.key_names import WRAPPERS
from core.induce.data.shapes import Shape, shape_of
from core.pagination.json_api import PAGING_WORDS
from core.values import column_type

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


def drafts_of(root: Shape) -> list[Draft]:
    """All tables that a shape holds, parents before their children; some may have no column."""
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


def ordered(drafts: list[Draft], documents: int) -> list[Draft]:
    """The drafts with columns, the main one first. Around a list of records the rest is only its envelope."""
    root = drafts[0]
    lists = [draft for draft in drafts[1:] if draft.parent is root and draft.columns and EACH not in draft.path]
    if root.path or root.shape.seen > documents or not lists:
        return [draft for draft in drafts if draft.columns]
    main = max(lists, key=lambda draft: draft.weight)
    own = [column for column in root.columns if not _is_paging(column)]
    long = main.shape.seen >= LONG_LIST * documents and len(own) <= len(main.columns)
    if own and not long and not _is_wrapper(main):
        return [draft for draft in drafts if draft.columns]
    for draft in lists:
        draft.parent = None
    rest = [draft for draft in drafts if draft.columns and draft is not main and draft is not root]
    return [main, *rest, *([root] if own else [])]


def _is_wrapper(draft: Draft) -> bool:
    return draft.path[-1].lower() in WRAPPERS


def _is_paging(column: Column) -> bool:
    return column.path[-1].lower() in PAGING_WORDS or any(step.lower() in ("links", "_links") for step in column.path)
