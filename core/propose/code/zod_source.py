"""A schema as TypeScript source that makes Zod schemas."""

import json
from collections.abc import Sequence

from core.model.schema import ColumnType, SchemaField, SchemaTable
from core.propose.code.identifiers import class_names

# words that the written module, or JavaScript itself, has for other things
RESERVED = frozenset(
    "Array Boolean Date Decimal Error Function Infinity Map Math NaN Number Object Promise Proxy Record RegExp Set "
    "String Symbol Money Quantity JSON Intl Reflect WeakMap WeakSet BigInt Partial Pick Omit Required Readonly".split()
)
TYPES: dict[ColumnType, str] = {
    "integer": "z.number().int()",
    "decimal": "Decimal",
    "percent": "Decimal",
    "money": "Money",
    "quantity": "Quantity",
    "date": r"z.string().regex(/^\d{4}-\d{2}-\d{2}$/)",
    "datetime": r"z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/)",
    "duration": "z.string().regex(/^P/)",
    "boolean": "z.boolean()",
}
HEAD = r"""// Rows of a schema as Zod schemas. Written from the schema: change that, not this.
import { z } from "zod";

const Decimal = z.union([z.number(), z.string().regex(/^[-+]?\d+(?:\.\d+)?$/)]);
const Money = z.object({ amount: Decimal, currency: z.string().nullable().optional() });
const Quantity = z.object({ amount: Decimal, unit: z.string().nullable().optional() });
"""


def zod_source(tables: Sequence[SchemaTable]) -> str:
    """The module: one schema and its type a table; the main one comes last, its rows hold lists of the others."""
    names = class_names((table.name for table in tables), RESERVED)
    return "\n".join([HEAD, *(_schema(table, tables, names) for table in reversed(tables))])


def _schema(table: SchemaTable, tables: Sequence[SchemaTable], names: dict[str, str]) -> str:
    lines = [f"  {_property(field.name)}: {_value(field)}," for field in table.fields]
    for child in tables:
        if child.parent == table.name:
            lines.append(f"  {_property(child.name)}: z.array({names[child.name]}).optional(),")
    name = names[table.name]
    typed = f"export type {name} = z.infer<typeof {name}>;"
    return "\n".join([f"export const {name} = z.object({{", *lines, "});", typed, ""])


def _property(name: str) -> str:
    # "__proto__" written as it is would set the prototype; in brackets it is a name like others
    return f"[{json.dumps(name)}]" if name == "__proto__" else json.dumps(name)


def _value(field: SchemaField) -> str:
    value = f"z.array({_single(field)})" if field.many else _single(field)
    optional = "" if field.required else ".optional()" if field.many else ".nullable().optional()"
    said = f".describe({json.dumps(field.description)})" if field.description else ""
    return f"{value}{optional}{said}"


def _single(field: SchemaField) -> str:
    if field.enum:
        return f"z.enum([{', '.join(map(json.dumps, field.enum))}])"
    if field.pattern and field.type not in TYPES:
        return f"z.string().regex(new RegExp({json.dumps(field.pattern)}))"
    return TYPES.get(field.type, "z.string()")
