"""Whether a page of a list shows records that another page of it has shown: then the list has ended before it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

from core.model.blueprint import Blueprint, RecordSet
from core.model.extraction import Extraction, Record
from core.model.scope import DocumentScope

# share of the records with a text of their own from which a field tells them apart
TELLING_SHARE = 0.8
# share of the fullest page before it: below that a page is likely the last; sites leave out a record or two on any
NEARLY_FULL_PAGE = 0.8
# fewer records cannot show which values tell records apart
FEWEST_COMPARED = 3


def listed(blueprint: Blueprint, extraction: Extraction) -> list[Record]:
    """The records of the list that a page is about: of the first table that is one."""
    table = list_table(blueprint)
    return extraction.of(table.name) if table else []


def list_table(blueprint: Blueprint) -> RecordSet | None:
    """The first table with several records a page."""
    lists = (table for table in blueprint.tables if not isinstance(table.scope, DocumentScope))
    return next((table for table in lists if not table.parent), None)


def repeated(records: Sequence[Record], earlier: Sequence[Record]) -> list[Record]:
    """Those of the records that stand among earlier ones.

    A record is the same when it agrees with an earlier one in more than half of its values, and in more than half of
    those that tell the earlier ones apart: states and dates are shared by many, and what counts visits changes.
    """
    places = _numbers_by_text(earlier)
    telling = _telling(places, len(earlier)) or set(places)
    return [record for record in records if _stands_among(record, places, telling)]


def is_repetition(records: Sequence[Record], earlier: Sequence[Record]) -> bool:
    """Whether a page with these records shows nothing that the earlier ones did not."""
    return bool(records) and len(repeated(records, earlier)) == len(records)


def shows_nothing_new(records: Sequence[Record], earlier: Sequence[Record]) -> bool:
    """As `is_repetition`, of a page that a link or an interface named: that is sooner believed to show others.

    Where no value tells the earlier records apart, different ones may look alike: then only equal ones are the same.
    """
    if not records:
        return False
    said = {_texts_by_field(record) for record in earlier}
    if len(records) == len(earlier) and all(_texts_by_field(record) in said for record in records):
        return True
    return (
        len(earlier) >= FEWEST_COMPARED
        and bool(_telling(_numbers_by_text(earlier), len(earlier)))
        and is_repetition(records, earlier)
    )


def to_compare(page: int, document: str, earlier: tuple[str, ...]) -> tuple[str, ...]:
    """What the page after the `page`-th of a list must not repeat: the first, one in between, and this document.

    `earlier` is what this page must not repeat. The one in between is the second, third, fifth, ninth … of the list.
    That is how Brent's algorithm finds every cycle with two looks a page: a site that repeats itself is left after
    thrice as many pages as it has at most (Brent, An improved Monte Carlo factorization algorithm, BIT 20, 1980).
    """
    steps = page - 1
    first = earlier[:1]
    is_power = steps > 0 and steps & (steps - 1) == 0
    between = () if is_power else earlier[1:2]
    return tuple(dict.fromkeys((*first, *between, document)))


def is_short(records: Sequence[Record], pages: Sequence[Sequence[Record]]) -> bool:
    """Whether a page is far from as full as pages before it: it is likely the last one, if it does not deny that."""
    return len(records) < NEARLY_FULL_PAGE * max(map(len, pages), default=0)


def _telling(places: dict[str, dict[str, list[int]]], records: int) -> set[str]:
    """The fields that nearly every record fills with a text of its own."""
    return {name for name, found in places.items() if len(found) >= TELLING_SHARE * records}


def _texts_by_field(record: Record) -> frozenset[tuple[str, str]]:
    """What a record says, field by field."""
    return frozenset((name, str(cell.raw)) for name, cell in record.fields.items())


def _numbers_by_text(records: Sequence[Record]) -> dict[str, dict[str, list[int]]]:
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
