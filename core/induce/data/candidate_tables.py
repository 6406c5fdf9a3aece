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

# records a document from which a list is what the document is about, whatever else stands around it: an object with a
# few children says something of itself
LONG_LIST = 10
KeyPath = tuple[str, ...]


@dataclass
class CandidateField:
    """A field to be: its path in the record and what was seen there."""

    path: KeyPath
    shape: Shape
    kind: str = "scalar"


@dataclass
class CandidateTable:
    """A table to be: the path of its records in the document, what was seen there, and its columns."""

    path: KeyPath
    shape: Shape
    parent: "CandidateTable | None" = None
    columns: list[CandidateField] = field(default_factory=list)
    skip: int = 0

    @property
    def weight(self) -> int:
        """How much data it holds."""
        return self.shape.seen * max(1, len(self.columns))


def candidates_of(root: Shape) -> list[CandidateTable]:
    """All tables that a shape holds, parents before their children; some may have no column."""
    if root.items is not None and not root.objects:
        return list(_grown(CandidateTable((), root.items)))
    if root.entries is not None:
        return list(_grown(_keyed(CandidateTable((EACH,), root.entries))))
    return list(_grown(CandidateTable((), root)))


def _grown(candidate: CandidateTable) -> Iterator[CandidateTable]:
    """A candidate with all its columns, then the candidates below it."""
    below: list[CandidateTable] = []
    if _is_rows(candidate.shape):
        _grow_rows(candidate)
    else:
        _grow(candidate, candidate.shape, (), below)
    yield candidate
    for child in below:
        yield from _grown(child)


def _grow(candidate: CandidateTable, shape: Shape, path: KeyPath, below: list[CandidateTable]) -> None:
    if shape.scalars:
        candidate.columns.append(CandidateField(path, shape))
    for key, child in shape.keys.items():
        _grow(candidate, child, (*path, key), below)
    place = (*candidate.path, *path)
    if shape.entries is not None:
        below.append(_keyed(CandidateTable((*place, EACH), shape.entries, candidate)))
    if shape.items is not None and shape.items.seen:
        _grow_list(candidate, CandidateField(path, shape), below)


def _grow_list(candidate: CandidateTable, column: CandidateField, below: list[CandidateTable]) -> None:
    items = column.shape.items
    if items is None:
        return
    if items.is_records or (items.entries is not None) or _is_rows(items):
        below.append(CandidateTable((*candidate.path, *column.path), items, candidate))
    elif items.lists:
        candidate.columns.append(CandidateField(column.path, column.shape, "json"))
    else:
        candidate.columns.append(CandidateField(column.path, items, "list"))


def _keyed(candidate: CandidateTable) -> CandidateTable:
    candidate.columns.append(CandidateField((KEY,), Shape(scalars=["key"]), "key"))
    return candidate


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


def _grow_rows(candidate: CandidateTable) -> None:
    rows = [value for value in candidate.shape.samples if isinstance(value, list)]
    header = _has_header(rows)
    candidate.skip = int(header)
    for at in range(len(rows[0])):
        shape = shape_of(row[at] for row in rows[int(header) :])
        shape.keys = {str(rows[0][at]): Shape()} if header else {}
        candidate.columns.append(CandidateField((str(at),), shape, "cell"))


def ordered(candidates: list[CandidateTable], documents: int) -> list[CandidateTable]:
    """The candidates with columns, the main one first. Around a list of records the rest is only its envelope."""
    root = candidates[0]
    lists = [
        candidate
        for candidate in candidates[1:]
        if candidate.parent is root and candidate.columns and EACH not in candidate.path
    ]
    if root.path or root.shape.seen > documents or not lists:
        return [candidate for candidate in candidates if candidate.columns]
    main = max(lists, key=lambda candidate: candidate.weight)
    own = [column for column in root.columns if not _is_paging(column)]
    long = main.shape.seen >= LONG_LIST * documents and len(own) <= len(main.columns)
    if own and not long and main.path[-1].lower() not in WRAPPERS:
        return [candidate for candidate in candidates if candidate.columns]
    for candidate in lists:
        candidate.parent = None
    rest = [
        candidate for candidate in candidates if candidate.columns and candidate is not main and candidate is not root
    ]
    return [main, *rest, *([root] if own else [])]


def _is_paging(column: CandidateField) -> bool:
    return column.path[-1].lower() in PAGING_WORDS or any(step.lower() in ("links", "_links") for step in column.path)
