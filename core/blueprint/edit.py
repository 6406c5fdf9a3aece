"""What a person changes in a blueprint as a whole: tables are dropped or replaced; for fields see drafting.py."""

from collections.abc import Callable

from core.errors import BadInput
from core.model import Blueprint, RecordSet


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
