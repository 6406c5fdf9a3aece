"""One row of an extracted table becomes one of a schema, by rules that give the same answer each time.

A value that was read as the type that is wanted is taken as it is; every other one is read anew from the text that
stood on the page, so that no earlier guess of a type loses anything.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from core.model.blueprint import FieldType
from core.model.schema import ColumnType, ContractMode, SchemaField, SchemaTable, TextPiece
from core.signature.kinds import is_placeholder
from core.values import read_value

Rule = Literal["missing", "type", "choices", "pattern", "several", "second reader"]
# texts of a field that does not have several values are kept side by side
BETWEEN = "; "
# columns that are put together, as first and last names
BETWEEN_JOINED = " "
# types that any text is of; the others are read
AS_TEXT: frozenset[ColumnType] = frozenset({"string", "text", "enum", "identifier"})


class SourceRow(NamedTuple):
    """A row of an extracted table: what was read, its texts (each one, several, or None), and the types of both."""

    site: str
    values: Mapping[str, Any]
    texts: Mapping[str, Any]
    types: Mapping[str, FieldType]


class Misfit(NamedTuple):
    """What is wrong with one value: the field, the rule, and the text as the page shows it ("" where there is none)."""

    field: str
    rule: Rule
    text: str


class Said(NamedTuple):
    """What a row says of a field: the columns that say it, the first of them the main one, and the texts."""

    labels: tuple[str, ...]
    texts: list[str]


class FittedRow(NamedTuple):
    """A row with its values by the fields of the schema, what is wrong with it, and what it says of each field."""

    values: dict[str, Any]
    misfits: tuple[Misfit, ...]
    said: dict[str, Said]

    @property
    def labels(self) -> dict[str, str]:
        """The main column of each field that the row says something of."""
        return {name: said.labels[0] for name, said in self.said.items()}


def stored_type(kind: ColumnType) -> FieldType:
    """The type of a column as the lake knows it."""
    return "string" if kind == "enum" else kind


def fitted(table: SchemaTable, row: SourceRow, mode: ContractMode) -> FittedRow:
    """The row of a schema that a row of an extracted table says.

    With the mode "evolve", choices and patterns that are new are no misfits: the world goes on.
    """
    values: dict[str, Any] = {}
    misfits: list[Misfit] = []
    said = {field.name: _said(field, row) for field in table.fields}
    for field in table.fields:
        labels, texts = said[field.name]
        values[field.name], wrong = _as_read(field, labels, row) or read_anew(field, texts)
        misfits += wrong
        if mode != "evolve":
            misfits += _unlike(field, texts)
    return FittedRow(values, tuple(misfits), {name: each for name, each in said.items() if each.labels})


def without(values: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """The row without the values of some fields."""
    return {name: None if name in fields else value for name, value in values.items()}


def _said(field: SchemaField, row: SourceRow) -> Said:
    """What the columns of a field say in this row: the first that says something, or all of them as one text."""
    found = (Said((label,), texts) for label in _labels(field, row.site) if (texts := _told(row.texts.get(label))))
    if not field.joined:
        said = next(found, Said((), []))
    elif together := list(found):
        labels = tuple(label for each in together for label in each.labels)
        said = Said(labels, [BETWEEN_JOINED.join(text for each in together for text in each.texts)])
    else:
        said = Said((), [])
    return said if field.piece is None else Said(said.labels, _pieces(said.texts, field.piece))


def _told(found: Any) -> list[str]:
    texts = [found] if isinstance(found, str) else [text for text in found or () if isinstance(text, str)]
    return [text.strip() for text in texts if not is_placeholder(text)]


def _pieces(texts: Sequence[str], piece: TextPiece) -> list[str]:
    """The part of each text that is wanted, where it has one."""
    parted = [text.split(piece.separator, piece.position if piece.rest else -1) for text in texts]
    found = [parts[piece.position].strip() for parts in parted if len(parts) > piece.position]
    return [part for part in found if part]


def _labels(field: SchemaField, site: str) -> Iterator[str]:
    return (source.label for source in field.sources if source.site == site)


def _as_read(field: SchemaField, labels: Sequence[str], row: SourceRow) -> tuple[Any, list[Misfit]] | None:
    """The value that was read already, when it is of the wanted type; it knows how its site writes numbers and days."""
    if len(labels) != 1 or field.piece is not None:
        return None
    [label] = labels
    value, kind = row.values.get(label), stored_type(field.type)
    if value is None or row.types.get(label) != kind or isinstance(value, list) != field.many:
        return None
    values = value if isinstance(value, list) else [value]
    return (value, []) if all(_is_read(one, kind, row.texts.get(label)) for one in values) else None


def _is_read(value: Any, kind: FieldType, texts: Any) -> bool:
    """Whether it is a value of the type: a text that is none of it stands there as it is."""
    as_it_is = isinstance(value, str) and (value == texts or value in (texts or ()))
    return not as_it_is or read_value(value, kind) is not None


def read_anew(field: SchemaField, texts: Sequence[str]) -> tuple[Any, list[Misfit]]:
    """The value of a field that texts say, and what is wrong with them."""
    if not texts:
        return None, [Misfit(field.name, "missing", "")] if field.required else []
    if field.many:
        read = [_value(field, text) for text in texts]
        wrong = [text for text, value in zip(texts, read, strict=True) if value is None]
        return [value for value in read if value is not None], [Misfit(field.name, "type", text) for text in wrong]
    if field.type in AS_TEXT:
        return BETWEEN.join(texts), []
    value = _value(field, texts[0])
    misfits = [Misfit(field.name, "type", texts[0])] if value is None else []
    misfits += [Misfit(field.name, "several", BETWEEN.join(texts))] if len(set(texts)) > 1 else []
    return value, misfits


def _value(field: SchemaField, text: str) -> Any:
    """The value of a text; None when it is none of the field's type."""
    if field.type in AS_TEXT:
        return text
    kind = stored_type(field.type)
    value = read_value(text, kind)
    if value is None and kind == "datetime":
        return read_value(text, "date")
    if value is None and kind == "date":
        moment = read_value(text, "datetime")
        return None if moment is None else str(moment)[:10]
    if value is None and kind == "money" and (amount := read_value(text, "decimal")) is not None:
        return {"amount": amount, "currency": field.unit}
    if value is None and kind == "boolean":
        return {"0": False, "1": True}.get(text)
    return value


def _unlike(field: SchemaField, texts: Sequence[str]) -> list[Misfit]:
    """Texts that are none of the known choices, or not written as all others are."""
    if field.enum:
        known = _choices(field.enum)
        return [Misfit(field.name, "choices", text) for text in texts if text.casefold() not in known]
    if field.pattern:
        return [Misfit(field.name, "pattern", text) for text in texts if not re.fullmatch(field.pattern, text)]
    return []


@lru_cache(maxsize=1_000)
def _choices(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text.casefold() for text in texts)
