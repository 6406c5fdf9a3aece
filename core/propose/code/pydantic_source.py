"""A schema as the source of Pydantic models."""

import builtins
import keyword
from collections.abc import Sequence

from pydantic import BaseModel

from core.model.schema import ColumnType, SchemaField, SchemaTable
from core.propose.code.identifiers import attribute_names, class_names

# what the written module calls by these names; an attribute of the same name would stand before it
IMPORTED = ("datetime", "BaseModel", "Decimal", "Field", "Literal", "Annotated", "Money", "Quantity")
RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *dir(BaseModel), *IMPORTED})
TYPES: dict[ColumnType, str] = {
    "integer": "int",
    "decimal": "Decimal",
    "percent": "Decimal",
    "money": "Money",
    "quantity": "Quantity",
    "date": "datetime.date",
    "datetime": "datetime.datetime",
    "duration": "datetime.timedelta",
    "boolean": "bool",
}
HEAD = '''"""Rows of a schema as Pydantic models. Written from the schema: change that, not this."""

import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field
'''
AMOUNTS = {
    "money": '''class Money(BaseModel):
    """An exact amount, and its currency where it is known."""

    amount: Decimal
    currency: str | None = None
''',
    "quantity": '''class Quantity(BaseModel):
    """An amount, and its unit where it is known."""

    amount: Decimal
    unit: str | None = None
''',
}


def pydantic_source(tables: Sequence[SchemaTable]) -> str:
    """The module: one model a table; the main one comes last, its rows hold lists of the others."""
    names = class_names((table.name for table in tables), RESERVED)
    used = {field.type for table in tables for field in table.fields}
    parts = [HEAD, *(source for kind, source in AMOUNTS.items() if kind in used)]
    parts += [_model(table, tables, names) for table in reversed(tables)]
    return "\n\n".join(parts)


def _model(table: SchemaTable, tables: Sequence[SchemaTable], names: dict[str, str]) -> str:
    children = [child for child in tables if child.parent == table.name]
    attributes = attribute_names([*(f.name for f in table.fields), *(c.name for c in children)], RESERVED)
    lines = [_line(attributes[field.name], field) for field in table.fields]
    lines += [_child_line(attributes[child.name], child.name, names[child.name]) for child in children]
    title = (
        f'    """A row of {table.name}."""'
        if table.name.isascii() and table.name.isidentifier()
        else '    """A row."""'
    )
    return "\n".join([f"class {names[table.name]}(BaseModel):", title, "", *lines, ""])


def _line(attribute: str, field: SchemaField) -> str:
    kind = _annotation(field)
    options = [] if field.required else ["default_factory=list" if field.many else "default=None"]
    options += [] if attribute == field.name else [f"alias={field.name!a}"]
    options += [f"description={field.description!a}"] if field.description else []
    return f"    {attribute}: {kind} = Field({', '.join(options)})"


def _annotation(field: SchemaField) -> str:
    kind = TYPES.get(field.type, "str")
    if field.enum:
        kind = f"Literal[{', '.join(map(ascii, field.enum))}]"
    elif field.pattern and kind == "str":
        kind = f"Annotated[str, Field(pattern={field.pattern!a})]"
    if field.many:
        return f"list[{kind}]"
    return kind if field.required else f"{kind} | None"


def _child_line(attribute: str, name: str, model: str) -> str:
    alias = "" if attribute == name else f", alias={name!a}"
    return f"    {attribute}: list[{model}] = Field(default_factory=list{alias})"
