"""A schema as JSON Schema, draft 2020-12."""

from collections.abc import Sequence
from typing import Any

from core.model.schema import ColumnType, SchemaField, SchemaTable

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# a decimal as records hold it: a text, so that it stays exact
DECIMAL = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+]?\d+(?:\.\d+)?$"}]}
FORMATS: dict[ColumnType, str] = {"date": "date", "datetime": "date-time", "duration": "duration", "email": "email"}


def json_schema(tables: Sequence[SchemaTable]) -> dict[str, Any]:
    """The schema of a row of the main table, with those of its child tables in `$defs`."""
    main, *children = tables
    found = {"$schema": DIALECT, "title": main.name, **_object(main, tables)}
    # names of tables may hold any letter, those of definitions stand in addresses
    return found | ({"$defs": {_key(tables, child): _object(child, tables) for child in children}} if children else {})


def _object(table: SchemaTable, tables: Sequence[SchemaTable]) -> dict[str, Any]:
    properties = {field.name: _property(field) for field in table.fields}
    for child in tables:
        if child.parent == table.name:
            properties[child.name] = {"type": "array", "items": {"$ref": f"#/$defs/{_key(tables, child)}"}}
    required = [field.name for field in table.fields if field.required]
    return {"type": "object", "properties": properties, "required": required}


def _key(tables: Sequence[SchemaTable], child: SchemaTable) -> str:
    return f"table{tables.index(child)}"


def _property(field: SchemaField) -> dict[str, Any]:
    value = _value(field)
    if field.many:
        value = {"type": "array", "items": value}
    elif not field.required:
        value = {"anyOf": [value, {"type": "null"}]}
    said = {"description": field.description, "examples": list(field.examples)}
    return value | {name: text for name, text in said.items() if text}


def _value(field: SchemaField) -> dict[str, Any]:
    if field.enum:
        return {"enum": list(field.enum)}
    match field.type:
        case "integer" | "boolean":
            return {"type": field.type}
        case "decimal" | "percent":
            return DECIMAL
        case "money":
            return _amount("currency")
        case "quantity":
            return _amount("unit")
    value = {"type": "string"}
    if field.type in FORMATS:
        value["format"] = FORMATS[field.type]
    return value | ({"pattern": field.pattern} if field.pattern else {})


def _amount(unit: str) -> dict[str, Any]:
    """An amount with its unit, which may be unknown."""
    properties = {"amount": DECIMAL, unit: {"type": ["string", "null"]}}
    return {"type": "object", "properties": properties, "required": ["amount"]}
