"""What a person changes in a blueprint: rename, retype, drop and reorder fields; rename or drop tables."""

import re
from collections.abc import Callable, Sequence

from core.errors import BadInput
from core.model import Blueprint, Field, RecordSet

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}$")


def with_fields(blueprint: Blueprint, table: str, fields: Sequence[Field]) -> Blueprint:
    """The blueprint with other fields in one table; what was changed by hand counts as pinned.

    Raises:
        BadInput: no field is left, a name is used twice, or a name is not lower_snake_case.
    """
    names = [field.name for field in fields]
    if not names:
        raise BadInput("No field is left.", "Keep at least one, or drop the whole table.")
    for name in names:
        if not NAME.match(name):
            raise BadInput(f"“{name}” cannot be a column name.", "Use lower case, digits and underscores.")
        if names.count(name) > 1:
            raise BadInput(f"Two fields are called “{name}”.", "Give each its own name.")
    return with_table(blueprint, table, lambda found: found.model_copy(update={"fields": tuple(fields)}))


def without_table(blueprint: Blueprint, table: str) -> Blueprint:
    """The blueprint without a table and its child tables."""
    kept = tuple(found for found in blueprint.tables if table not in (found.name, found.parent))
    if not kept:
        raise BadInput("No table is left.", "Keep at least one.")
    return blueprint.model_copy(update={"tables": kept})


def with_table(blueprint: Blueprint, name: str, change: Callable[[RecordSet], RecordSet]) -> Blueprint:
    """The blueprint with one table changed."""
    tables = tuple(change(table) if table.name == name else table for table in blueprint.tables)
    return blueprint.model_copy(update={"tables": tables})
