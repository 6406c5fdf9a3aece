"""Which columns of a lake table the columns of a batch of rows become.

Numbers that are not money are doubles: they are there to be averaged and compared, and what a page says in more
than 15 digits stands in `_raw`. Money is an exact decimal beside its currency.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

from core.events import Column
from core.model import FieldType
from warehouse.lake import cells
from warehouse.names import safe_name, slug

# table properties: columns by the name they had before, and those that are not to come back
RENAMED, DROPPED = "pipeline.renamed", "pipeline.dropped"
DECIMAL = f"decimal({cells.MONEY_DIGITS}, {cells.MONEY_PLACES})"


class ColumnPart(NamedTuple):
    """One lake column that a column fills: what its name ends with, its Iceberg type, and how a cell is read."""

    suffix: str
    type: str
    read: cells.CellReader


class Evolved(NamedTuple):
    """What a person changed: present names by earlier ones, and columns that were dropped."""

    renamed: Mapping[str, str]
    dropped: frozenset[str]


AS_MADE = Evolved({}, frozenset())


class LakeColumn(NamedTuple):
    """A column of the table, and the key in the rows that its cells are read from.

    `many` cells are lists; with `wrap` a single value is put into a list of one.
    """

    name: str
    type: str
    many: bool
    wrap: bool
    key: str
    read: cells.CellReader

    def cells(self, values: Sequence[Any]) -> Sequence[Any]:
        """The cells of the column for the values under its key, one a row."""
        return [self._cell(value) for value in values] if self.many else cells.read_all(self.read, values)

    def _cell(self, value: Any) -> Any:
        if value is None or (not self.wrap and not isinstance(value, list)):
            return None
        return [cells.read_one(self.read, item) for item in (value if isinstance(value, list) else [value])]


_TEXT = (ColumnPart("", "string", cells.as_text),)
_REAL = (ColumnPart("", "double", cells.as_real),)

_PARTS: dict[FieldType, tuple[ColumnPart, ...]] = {
    "string": _TEXT,
    "text": _TEXT,
    "url": _TEXT,
    "email": _TEXT,
    "phone": _TEXT,
    "identifier": _TEXT,
    "json": _TEXT,
    "duration": _TEXT,
    "integer": (ColumnPart("", "long", cells.as_whole),),
    "decimal": _REAL,
    "percent": _REAL,
    "boolean": (ColumnPart("", "boolean", cells.as_flag),),
    "date": (ColumnPart("", "date", cells.as_day),),
    "datetime": (ColumnPart("", "timestamptz", cells.as_moment),),
    "money": (ColumnPart("", DECIMAL, cells.as_money), ColumnPart("_currency", "string", cells.as_currency)),
    "quantity": (ColumnPart("", "double", cells.as_quantity), ColumnPart("_unit", "string", cells.as_unit)),
}

_LINEAGE: dict[str, ColumnPart] = {
    "_record": ColumnPart("", "long", cells.as_whole),
    "_deleted": ColumnPart("", "boolean", cells.as_flag),
    "_withheld": ColumnPart("", "boolean", cells.as_flag),
    "_decided": ColumnPart("", "long", cells.as_whole),
    "_schema_version": ColumnPart("", "long", cells.as_whole),
    "_confidence": ColumnPart("", "double", cells.as_real),
    "_fetched_at": ColumnPart("", "timestamptz", cells.as_moment),
}


def column_parts(kind: FieldType) -> tuple[ColumnPart, ...]:
    """The lake columns that a column of a type fills."""
    return _PARTS[kind]


def plan(
    columns: Sequence[Column],
    keys: Collection[str],
    known: Mapping[str, str],
    evolved: Evolved = AS_MADE,
) -> tuple[LakeColumn, ...]:
    """The lake columns that a batch fills.

    Args:
        columns: the columns of the batch, in order.
        keys: the keys of their rows; those that begin with an underscore become lineage columns.
        known: name → Iceberg type of the columns that the table has.
        evolved: what a person changed about them.

    A column keeps its name where its type fits what is there, else it becomes the variant `<name>__<type>`.
    """
    planned: dict[str, LakeColumn] = {}
    # to rows that were made before a rename, the column is there under its old name
    before = {old: known[new] for old, new in evolved.renamed.items() if new in known}
    for column in columns:
        reserved = {_column_name(other) for other in columns if other is not column}
        for made in _columns_of(column, before | dict(known), planned.keys(), reserved):
            name = evolved.renamed.get(made.name, made.name)
            if made.name not in evolved.dropped and name not in planned:
                planned[name] = made._replace(name=name)
    for key in sorted(key for key in keys if key.startswith("_")):
        part = _LINEAGE.get(key, _TEXT[0])
        planned[key] = LakeColumn(key, part.type, False, False, key, part.read)
    return tuple(planned.values())


def type_name(element: str, many: bool) -> str:
    """The Iceberg type of a column as text."""
    return f"list<{element}>" if many else element


def _columns_of(
    column: Column, known: Mapping[str, str], taken: Collection[str], reserved: Collection[str]
) -> Iterator[LakeColumn]:
    parts = _PARTS[column.type]
    names = (name for name in _names(_column_name(column), column) if name not in taken)
    base = next(name for name in names if _all_fit(name, parts, column, known))
    for part in parts:
        name = base + part.suffix
        if part.suffix and (name in taken or name in reserved):
            name = f"{base}_{part.suffix}"
        listed = known.get(name, type_name(part.type, column.many)).startswith("list<")
        stored = known.get(name, part.type).removeprefix("list<").removesuffix(">")
        yield LakeColumn(name, stored, listed, listed and not column.many, column.name, part.read)


def _names(first: str, column: Column) -> Iterator[str]:
    variant = f"{first}__{column.type}" + ("_list" if column.many else "")
    return chain((first, variant), (f"{variant}_{number}" for number in count(2)))


def _all_fit(base: str, parts: Sequence[ColumnPart], column: Column, known: Mapping[str, str]) -> bool:
    return all(_fits(known.get(base + part.suffix), part.type, column.many) for part in parts)


def _fits(known: str | None, wanted: str, many: bool) -> bool:
    accepted = {None, type_name(wanted, many)}
    if not many:
        accepted.add(type_name(wanted, True))
    if wanted == "long":
        accepted |= {type_name("double", True), type_name("double", many)}
    return known in accepted


def _column_name(column: Column) -> str:
    name = slug(column.name) or safe_name(column.name)
    return f"n{name}" if name[0].isdigit() else name
