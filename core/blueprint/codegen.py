"""Blueprint → a short Python module that a person can read and edit by hand. The same blueprint, the same text."""

import json
from collections.abc import Iterable
from typing import Any

from core.model import Blueprint, Field, RecordSet
from core.model.base import Frozen

# characters of a line of a written module: fits side by side in a diff
LINE_WIDTH = 110
# characters of the example behind a field
LONGEST_COMMENT = 60
INDENT = "    "
LEFT_OUT = {"examples", "confidence", "fill", "pinned", "learned_from"}


def generate(blueprint: Blueprint, *, source: str = "") -> str:
    """The module: what it reads, as data, and `extract(document)`, which yields one dict a record.

    `document.content` is bytes and `document.url` a str. What is left out (confidences, examples) does not change the
    rows; the first example of each field is kept as a comment.
    """
    given = {name: value for name, value in _given(blueprint).items() if name != "tables"}
    return "\n".join(
        [
            f'"""{_title(blueprint, source)}"""',
            "",
            *_import(sorted(_names(blueprint))),
            "",
            "TABLES = (",
            *(line for table in blueprint.tables for line in _table(table)),
            ")",
            "",
            *_assigned("BLUEPRINT", "Blueprint", {"version": blueprint.version, **given, "tables": _Name("TABLES")}),
            "",
            "",
            "def extract(document):",
            f'{INDENT}"""Yield one dict for each record of the document."""',
            f"{INDENT}yield from read(BLUEPRINT, document)",
            "",
        ]
    )


class _Name(str):
    """A name in the module, written without quotes."""

    __slots__ = ()


def _title(blueprint: Blueprint, source: str) -> str:
    source = " ".join(source.split()).replace('"', "'").replace("\\", "/")
    tables = ", ".join(f"{table.name} ({len(table.fields)} fields)" for table in blueprint.tables)
    reads = f"Reads {source}: {tables}." if source else f"Reads {tables}."
    return reads if len(reads) <= LINE_WIDTH else reads[: LINE_WIDTH - 1] + "…"


def _import(names: list[str]) -> list[str]:
    line = f"from core.plugin import {', '.join(names)}"
    return (
        [line]
        if len(line) <= LINE_WIDTH
        else ["from core.plugin import (", *(f"{INDENT}{name}," for name in names), ")"]
    )


def _names(blueprint: Blueprint) -> set[str]:
    """What the module needs of core/plugin.py."""
    return {"read"} | {type(part).__name__ for part in _parts(blueprint)}


def _parts(noun: Frozen) -> Iterable[Frozen]:
    yield noun
    for value in _given(noun).values():
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Frozen):
                yield from _parts(part)


def _given(noun: Frozen) -> dict[str, Any]:
    """The attributes of a noun that are not at their defaults: those that must be given first, what is sliced last."""
    fields = {name: info for name, info in type(noun).model_fields.items() if name not in LEFT_OUT}
    order = sorted(fields, key=lambda name: (not fields[name].is_required(), name == "slices"))
    return {name: value for name in order if (value := getattr(noun, name)) != fields[name].default}


def _table(table: RecordSet) -> list[str]:
    head = {name: value for name, value in _given(table).items() if name not in ("fields", "scope")}
    lines = [f"{INDENT}RecordSet("]
    lines += [f"{INDENT * 2}{name}={_literal(value)}," for name, value in head.items()]
    lines += _argument("scope", table.scope, 2)
    lines += [f"{INDENT * 2}fields=(", *(line for field in table.fields for line in _field(field)), f"{INDENT * 2}),"]
    return [*lines, f"{INDENT}),"]


def _field(field: Field) -> list[str]:
    head = {name: value for name, value in _given(field).items() if name != "selectors"}
    example = f"  # {' '.join(field.examples[0].split())[:LONGEST_COMMENT]}" if field.examples else ""
    lines = [
        f"{INDENT * 3}Field(" + ", ".join(f"{name}={_literal(value)}" for name, value in head.items()) + f",{example}"
    ]
    lines.append(f"{INDENT * 4}selectors=(")
    lines += [f"{INDENT * 5}{_call(selector)}," for selector in field.selectors]
    return [*lines, f"{INDENT * 4}),", f"{INDENT * 3}),"]


def _argument(name: str, noun: Frozen, depth: int) -> list[str]:
    line = f"{INDENT * depth}{name}={_call(noun)},"
    if len(line) <= LINE_WIDTH:
        return [line]
    given = [f"{INDENT * (depth + 1)}{key}={_literal(value)}," for key, value in _given(noun).items()]
    return [f"{INDENT * depth}{name}={type(noun).__name__}(", *given, f"{INDENT * depth}),"]


def _assigned(name: str, kind: str, given: dict[str, Any]) -> list[str]:
    line = f"{name} = {kind}(" + ", ".join(f"{key}={_literal(value)}" for key, value in given.items()) + ")"
    if len(line) <= LINE_WIDTH:
        return [line]
    return [f"{name} = {kind}(", *(f"{INDENT}{key}={_literal(value)}," for key, value in given.items()), ")"]


def _call(noun: Frozen) -> str:
    return (
        type(noun).__name__ + "(" + ", ".join(f"{key}={_literal(value)}" for key, value in _given(noun).items()) + ")"
    )


def _literal(value: Any) -> str:
    if isinstance(value, _Name):
        return str(value)
    if isinstance(value, Frozen):
        return _call(value)
    if isinstance(value, tuple):
        return "(" + ", ".join(_literal(item) for item in value) + ("," if len(value) == 1 else "") + ")"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
