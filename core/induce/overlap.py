"""Keeps a list page's own table apart from its records: what stands in rows is a column there, not a list here."""

from collections.abc import Sequence

from core.extract.index import PageIndex
from core.extract.scopes import spans
from core.extract.selectors import Place, spots
from core.model.blueprint import Field, RecordSet

MIN_COLUMNS = 3
MIN_INSIDE = 0.7

Ranges = list[tuple[int, int]]


def without_columns(table: RecordSet, lists: Sequence[RecordSet], page: PageIndex) -> RecordSet | None:
    """The table without the list fields whose values stand in the records of real lists; None if nothing is left."""
    inside: Ranges = []
    for other in lists:
        if len(other.scope.require) >= MIN_COLUMNS:
            inside.extend((span.start, span.end) for span in spans(other.scope, page))
    kept = tuple(field for field in table.fields if not (field.many and _stands_in(field, inside, page)))
    return table.model_copy(update={"fields": kept}) if kept else None


def _stands_in(field: Field, inside: Ranges, page: PageIndex) -> bool:
    found = spots(field.selectors[0], Place(page, page.view, 0))
    covered = sum(1 for spot in found if any(start <= spot.at < end for start, end in inside))
    return covered >= MIN_INSIDE * max(1, len(found))
