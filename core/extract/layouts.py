"""The layouts of a table: a half-migrated page shows some records in the new one and some in an earlier one."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from core.model.blueprint import RecordSet
from core.model.extraction import FieldValue

Extent = tuple[int, int]
FilledRecord = tuple[Extent, dict[str, FieldValue]]

# share of the fields that a record of an earlier layout must hold: what is left of a layout holds fewer
WHOLE_RECORD = 0.5
# share of the values of the shorter of two records that must be equal to take one for a copy: prices and dates are
# written otherwise for other screens
SAME_RECORD = 0.8


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


def join_layouts(read: list[FilledRecord], earlier: list[FilledRecord], layout: RecordSet) -> list[FilledRecord]:
    """What is read already with the records of an earlier layout that stand beside it, in the order of the page.

    A record that stands within one that is read, that holds less than half of the fields, or that says the same as
    one that is read (pages keep a hidden copy for other screens) is not another one.
    """
    if not read:
        return earlier
    least = max(1, WHOLE_RECORD * sum(1 for field in layout.fields if field.former))
    taken, said = _Extents(extent for extent, _ in read), _Records(fields for _, fields in read)
    further = [
        (extent, fields)
        for extent, fields in earlier
        if len(fields) >= least and not taken.overlap(extent) and not said.hold(fields)
    ]
    return sorted([*read, *further], key=lambda one: one[0][0]) if further else read


class _Extents:
    """Where records that are read already stand."""

    def __init__(self, extents: Iterable[Extent]) -> None:
        known = sorted(extents)
        self._starts = [start for start, _ in known]
        self._reach = list(accumulate((end for _, end in known), max))

    def overlap(self, extent: Extent) -> bool:
        """Whether one of them shares a node with an extent."""
        before = bisect_left(self._starts, extent[1])
        return before > 0 and self._reach[before - 1] > extent[0]


class _Records:
    """What records say, by each of their values, so that a copy is found without comparing it with all."""

    def __init__(self, records: Iterable[Mapping[str, FieldValue]]) -> None:
        self._sizes: list[int] = []
        self._saying: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, record in enumerate(records):
            said = _texts_said(record)
            self._sizes.append(len(said))
            for value in said:
                self._saying[value].append(number)

    def hold(self, record: Mapping[str, FieldValue]) -> bool:
        """Whether one of them says nearly the same."""
        mine = _texts_said(record)
        shared = Counter(number for value in mine for number in self._saying.get(value, ()))
        return any(count >= SAME_RECORD * min(len(mine), self._sizes[number]) for number, count in shared.items())


def _texts_said(fields: Mapping[str, FieldValue]) -> set[tuple[str, str]]:
    return {(name, str(cell.value)) for name, cell in fields.items()}
