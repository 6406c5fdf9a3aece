"""Rows under two schemas side by side: what a change of a schema does to what is there."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.model.schema import SchemaTable
from core.validate.rows import Misfit, SourceRow, fitted


class SampleRow(NamedTuple):
    """A row as one schema takes it and as another would, by the names of their columns.

    `before` is None where there is no schema yet, or it takes nothing of the row's table. `misfits` are told by the
    strictest contract.
    """

    site: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    misfits: tuple[Misfit, ...]


def sample_row(before: SchemaTable | None, after: SchemaTable, row: SourceRow) -> SampleRow:
    """A row under the schema that is in force and under another one."""
    known = before is not None and any(label.site == row.site for field in before.fields for label in field.sources)
    was = fitted(before, row, "discard_value").values if before is not None and known else None
    found = fitted(after, row, "discard_value")
    return SampleRow(row.site, was, found.values, found.misfits)
