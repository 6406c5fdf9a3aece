"""What a person changes about a proposed table, one change at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import BadInput, UnknownName
from core.model.schema import ColumnType, SchemaField, SchemaTable, TextPiece
from core.propose.naming import first_free
from core.propose.patterns import widened

# parts that a column is split into, at most: a longer list is a table of its own
MOST_PARTS = 8


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


def bring_back(table: SchemaTable, field: SchemaField) -> SchemaTable:
    """The table with a field that was left out, at its end."""
    return table.model_copy(update={"fields": (*table.fields, field)})


def split_field(table: SchemaTable, name: str, separator: str, parts: int = 2) -> SchemaTable:
    """The table with the parts of a field's texts in its place, the last of which takes the rest; a key goes with it.

    Raises:
        BadInput: nothing is said between the parts, or there are too few or too many of them.
    """
    if not separator:
        raise BadInput("It is not said what stands between the parts.", "Say it: a comma, a slash, a word.")
    if not 2 <= parts <= MOST_PARTS:
        raise BadInput(f"A column is split into 2 to {MOST_PARTS} parts.", f"Say a number from 2 to {MOST_PARTS}.")
    whole, used = _field(table, name), {field.name for field in table.fields}
    if whole.piece:
        raise BadInput(f"{name} is a part of a text already.", "Bring the whole column back, and split it into more.")
    made = tuple(_piece(whole, TextPiece(separator, at, rest=at == parts - 1), used) for at in range(parts))
    key = () if name in table.key else table.key
    return table.model_copy(update={"fields": _replaced(table.fields, whole, made), "key": key})


def merge_fields(table: SchemaTable, names: Sequence[str], new: str) -> SchemaTable:
    """The table with one field for several: their texts one behind the other, in the place of the first.

    Raises:
        BadInput: there is only one, or one of them is a part of a text.
    """
    chosen = [_field(table, name) for name in dict.fromkeys(names)]
    if len(chosen) < 2:
        raise BadInput("One column alone cannot be merged.", "Choose two or more.")
    if any(field.piece for field in chosen):
        raise BadInput("A part of a split column cannot be merged.", "Leave the parts out, and bring the column back.")
    sources = tuple(dict.fromkeys(label for field in chosen for label in field.sources))
    made = SchemaField(
        name=new,
        type="text" if any(field.type == "text" for field in chosen) else "string",
        required=any(field.required for field in chosen),
        aliases=tuple(dict.fromkeys(label for field in chosen for label in field.aliases)),
        sources=sources,
        joined=True,
        description=", ".join(field.description for field in chosen if field.description),
        examples=tuple(" ".join(texts) for texts in zip(*(field.examples for field in chosen), strict=False)),
        filled=max(field.filled for field in chosen),
    )
    kept = tuple(field for field in _replaced(table.fields, chosen[0], (made,)) if field not in chosen)
    key = () if {field.name for field in chosen} & set(table.key) else table.key
    return table.model_copy(update={"fields": kept, "key": key})


def _piece(whole: SchemaField, piece: TextPiece, used: set[str]) -> SchemaField:
    """What is known of a part: where it comes from, and what it looks like in the examples."""
    texts = (text.split(piece.separator, piece.position if piece.rest else -1) for text in whole.examples)
    return SchemaField(
        name=first_free([f"{whole.name}_{piece.position + 1}"], used),
        type="string",
        aliases=whole.aliases,
        sources=whole.sources,
        joined=whole.joined,
        piece=piece,
        description=f"part {piece.position + 1} of {whole.description or whole.name}",
        examples=tuple(parts[piece.position].strip() for parts in texts if len(parts) > piece.position),
        filled=whole.filled,
    )


def _replaced(
    fields: Sequence[SchemaField], one: SchemaField, others: Sequence[SchemaField]
) -> tuple[SchemaField, ...]:
    return tuple(each for field in fields for each in (others if field is one else (field,)))


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
