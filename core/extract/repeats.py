"""Whether a page of a list shows records that another page of it has shown."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

from core.model.blueprint import Blueprint, RecordSet
from core.model.extraction import Extraction, Record

MOSTLY = 0.8
NEARLY_FULL = 0.8


def listed(blueprint: Blueprint, extraction: Extraction) -> list[Record]:
    """The records of the list that a page is about: of the first table that is one."""
    table = list_table(blueprint)
    return [record for record in extraction.records if table and record.table == table.name]


def list_table(blueprint: Blueprint) -> RecordSet | None:
    """The first table with several records a page."""
    return next((table for table in blueprint.tables if table.scope.kind != "document" and not table.parent), None)


def repeated(records: Sequence[Record], earlier: Sequence[Record]) -> list[Record]:
    """Those of the records that stand among earlier ones.

    A record is the same when it agrees with an earlier one in more than half of its values, and in more than half of
    those that tell the earlier ones apart: states and dates are shared by many, and what counts visits changes.
    """
    places = _places(earlier)
    telling = {name for name, found in places.items() if len(found) >= MOSTLY * len(earlier)}
    return [record for record in records if _stands_among(record, places, telling or set(places))]


def is_repetition(records: Sequence[Record], earlier: Sequence[Record]) -> bool:
    """Whether a page with these records shows nothing that the earlier ones did not."""
    return bool(records) and len(repeated(records, earlier)) == len(records)


def is_short(records: Sequence[Record], pages: Sequence[Sequence[Record]]) -> bool:
    """Whether a page is far from as full as pages before it: it is likely the last one, if it does not deny that."""
    return len(records) < NEARLY_FULL * max(map(len, pages), default=0)


def _places(records: Sequence[Record]) -> dict[str, dict[str, list[int]]]:
    """By field and text, the numbers of the records that say so."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, record in enumerate(records):
        for name, cell in record.fields.items():
            found[name][str(cell.raw)].append(number)
    return found


def _stands_among(record: Record, places: dict[str, dict[str, list[int]]], telling: set[str]) -> bool:
    agreeing = {name: places[name].get(str(cell.raw), []) for name, cell in record.fields.items() if name in places}
    every = Counter(chain.from_iterable(agreeing.values()))
    told = Counter(chain.from_iterable(numbers for name, numbers in agreeing.items() if name in telling))
    asked = sum(name in telling for name in record.fields)
    return any(count * 2 > asked and every[number] * 2 > len(record.fields) for number, count in told.items())
