"""What a person changes about a proposed table, one change at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import BadInput, UnknownName
from core.model.schema import ColumnType, SchemaField, SchemaTable
from core.propose.patterns import widened


def rename_field(table: SchemaTable, name: str, new: str) -> SchemaTable:
    """A field under another name, also in the key."""
    key = tuple(new if part == name else part for part in table.key)
    return _changed(table, name, {"name": new}).model_copy(update={"key": key})


def retype_field(table: SchemaTable, name: str, kind: str) -> SchemaTable:
    """A field of another type; what was seen of the values as the earlier type is no rule for them any more.

    Raises:
        BadInput: there is no such type.
    """
    known: tuple[ColumnType, ...] = ColumnType.__args__  # type: ignore[attr-defined]  # a Literal lists its values
    if kind not in known:
        raise BadInput(f"“{kind}” is no type of a column.", f"Use one of {', '.join(known)}.")
    return _changed(table, name, {"type": kind, "enum": (), "range": None, "pattern": ""})


def drop_field(table: SchemaTable, name: str) -> SchemaTable:
    """The table without a field; a key that needs it is none any more."""
    _field(table, name)
    fields = tuple(field for field in table.fields if field.name != name)
    return table.model_copy(update={"fields": fields, "key": () if name in table.key else table.key})


def set_key(table: SchemaTable, names: Sequence[str]) -> SchemaTable:
    """The table with these fields as its key; none: nothing tells its rows apart."""
    for name in names:
        _field(table, name)
    return table.model_copy(update={"key": tuple(dict.fromkeys(names))})


def require_field(table: SchemaTable, name: str, must: bool) -> SchemaTable:
    """A field that each row must have, or need not."""
    return _changed(table, name, {"required": must})


def admit_texts(table: SchemaTable, name: str, rule: str, texts: Sequence[str]) -> SchemaTable:
    """The table with a field that takes texts which broke one of its rules.

    Raises:
        BadInput: no rule of the field can be widened so that they fit.
    """
    field = _field(table, name)
    if rule == "choices":
        return _changed(
            table, name, {"enum": tuple({text.casefold(): text for text in (*field.enum, *texts)}.values())}
        )
    if rule == "pattern":
        return _changed(table, name, {"pattern": widened(field.pattern, texts)})
    if rule == "missing":
        return require_field(table, name, False)
    if rule == "several":
        return _changed(table, name, {"many": True})
    if rule == "type":
        return retype_field(table, name, "string")
    raise BadInput(f"What the {rule} says is no rule of the table.", "Accept, correct or reject the value.")


def _changed(table: SchemaTable, name: str, changes: Mapping[str, Any]) -> SchemaTable:
    _field(table, name)
    fields = (field.model_copy(update=changes) if field.name == name else field for field in table.fields)
    return table.model_copy(update={"fields": tuple(fields)})


def _field(table: SchemaTable, name: str) -> SchemaField:
    found = next((field for field in table.fields if field.name == name), None)
    if found is None:
        names = ", ".join(field.name for field in table.fields)
        raise UnknownName(f"{table.name} has no column “{name}”.", f"It has {names}.")
    return found
