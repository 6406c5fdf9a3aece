"""The columns of a table that a person may approve: names that can be, and where the lake stores each."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain, count

from core.errors import BadInput
from core.model.schema import SchemaField, SchemaTable, SchemaVersion
from core.propose.editing import rename_field
from core.propose.naming import column_name
from core.validate import stored_type

# files, views and keys of the state bear the name of a table
TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")
# a column of these types is stored as two: the second is called after the first
SECOND_PARTS = {"money": "_currency", "quantity": "_unit"}


def sound(table: SchemaTable) -> SchemaTable:
    """The table, if it can be one."""
    names = [field.name for field in table.fields]
    if not names:
        raise BadInput("A table needs a column.", "Keep one at least.")
    for name in names:
        if column_name([name]) != name:
            raise BadInput(f"“{name}” cannot be the name of a column.", f"Call it {column_name([name]) or 'a word'}.")
        if names.count(name) > 1:
            raise BadInput(f"Two columns are called {name}.", "Give one another name.")
    for part in filter(None, map(_second_part, table.fields)):
        if part in names:
            raise BadInput(f"{part} is the name of a currency or unit that has its column.", "Use another name.")
    if missing := [name for name in table.key if name not in names]:
        raise BadInput(f"The key names {missing[0]}, which is no column.", "Take columns of the table as its key.")
    return table


def _second_part(field: SchemaField) -> str:
    """The name of what is stored beside a field; "" where it is stored as one."""
    return field.name + SECOND_PARTS[field.type] if field.type in SECOND_PARTS else ""


def apart_from_parts(table: SchemaTable) -> SchemaTable:
    """A proposed table in which no column is called as the currency or the unit of another one."""
    names = [field.name for field in table.fields]
    for part in filter(None, map(_second_part, table.fields)):
        if part in names:
            table = rename_field(table, part, next(free for n in count(2) if (free := f"{part}_{n}") not in names))
    return table


def stored_names(table: SchemaTable, earlier: Sequence[SchemaVersion]) -> dict[str, str]:
    """Where the fields are stored: under their names, or under another one where an earlier type stands there.

    Names in other alphabets are for what is shown; the lake has a name of its own for them.
    """
    taken: dict[str, tuple[str, bool]] = {}
    for version in sorted(earlier, key=lambda one: one.number):
        for field in version.table.fields:
            taken |= _columns_at(version.columns[field.name], field)
    names: dict[str, str] = {}
    for field in table.fields:
        base = field.name if TABLE_NAME.fullmatch(field.name) else "column"
        tried = chain((base,), (f"{base}_{number}" for number in count(2)))
        names[field.name] = next(name for name in tried if _fits_at(name, field, taken))
        # no other field of this table may be stored there
        taken |= dict.fromkeys(_columns_at(names[field.name], field), ("", False))
    return names


def _columns_at(name: str, field: SchemaField) -> dict[str, tuple[str, bool]]:
    """The columns of the lake that a field takes when it is stored under a name, with what is in them."""
    parts = [name] + ([name + SECOND_PARTS[field.type]] if field.type in SECOND_PARTS else [])
    return dict.fromkeys(parts, (stored_type(field.type), field.many))


def _fits_at(name: str, field: SchemaField, taken: Mapping[str, tuple[str, bool]]) -> bool:
    return all(taken.get(column, content) == content for column, content in _columns_at(name, field).items())
