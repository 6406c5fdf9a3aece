"""The layouts of a table: a half-migrated page shows some records in the new one and some in an earlier one."""

from collections.abc import Iterator, Mapping, Sequence

from core.model.blueprint import RecordSet
from core.model.extraction import FieldValue

Extent = tuple[int, int]
Filled = tuple[Extent, dict[str, FieldValue]]

WHOLE = 0.5
SAME = 0.8


def layouts(table: RecordSet) -> Iterator[RecordSet]:
    """The table as it stands, then as it stood in earlier scopes; former selectors belong to those."""
    if not table.former:
        yield table
        return
    own = tuple(field.model_copy(update={"former": ()}) for field in table.fields)
    yield table.model_copy(update={"fields": own})
    fields = tuple(field.model_copy(update={"selectors": ()}) for field in table.fields)
    for scope in table.former:
        yield table.model_copy(update={"scope": scope, "fields": fields})


def joined(read: list[Filled], earlier: list[Filled], layout: RecordSet) -> list[Filled]:
    """What is read already with the records of an earlier layout that stand beside it, in the order of the page.

    A record that stands within one that is read, that holds less than half of the fields, or that says the same as
    one that is read (pages keep a hidden copy for other screens) is not another one.
    """
    if not read:
        return earlier
    least = WHOLE * sum(1 for field in layout.fields if field.former)
    said = [_said(fields) for _, fields in read]
    further = [
        (extent, fields)
        for extent, fields in earlier
        if len(fields) >= least and not _overlaps(extent, read) and not _is_copy(_said(fields), said)
    ]
    return sorted([*read, *further], key=lambda one: one[0][0]) if further else read


def _overlaps(extent: Extent, read: Sequence[Filled]) -> bool:
    return any(extent[0] < end and start < extent[1] for (start, end), _ in read)


def _said(fields: Mapping[str, FieldValue]) -> set[tuple[str, str]]:
    return {(name, str(cell.value)) for name, cell in fields.items()}


def _is_copy(mine: set[tuple[str, str]], said: Sequence[set[tuple[str, str]]]) -> bool:
    return any(len(mine & other) >= SAME * min(len(mine), len(other)) for other in said)
