"""Tells when a field that still reads something probably reads something else: its values are of another make."""

from collections.abc import Sequence

from core.compare.columns import texts_of
from core.model import Field, Record
from core.text.urls import split_address

# how many times fewer and longer, both at once, the items of a list are when it is cut otherwise: the number alone
# varies from page to page, the length of items hardly (tests/unit/heal/test_oddity.py)
RECUT = 2.0
# labels of a host that name its site: two, so that servers of one site are one. Sites below "co.uk" are one too; a
# move between those goes unnoticed
SITE = 2
# letters of an address that a sentence quotes
MOST_ADDRESS_LETTERS = 60

Cells = list[list[str]]


def oddity(field: Field, was: Sequence[Record], now: Sequence[Record]) -> str:
    """In what a field's values on fresh pages are unlike any known ones, as a sentence; "" when nothing is odd.

    Says nothing about shapes and words: those are the business of `core.compare.columns`.
    """
    before, after = _cells(field, was), _cells(field, now)
    if not before or not after:
        return ""
    if field.many and _is_recut(before, after):
        return f"The list “{field.name}” is cut otherwise: {_make(before)} before, {_make(after)} now."
    if field.type == "url" and _leads_elsewhere(before, after):
        return f"“{field.name}” leads to another site than ever before: “{after[0][0][:MOST_ADDRESS_LETTERS]}”."
    return ""


def _cells(field: Field, records: Sequence[Record]) -> Cells:
    found = (texts_of(record.fields[field.name]) for record in records if field.name in record.fields)
    return [texts for texts in found if texts]


def _is_recut(before: Cells, after: Cells) -> bool:
    """Whether cells hold far fewer items that are far longer, or the reverse."""
    fewer = _items(before) / _items(after)
    longer = _length(after) / _length(before)
    return min(fewer, longer) >= RECUT or max(fewer, longer) <= 1 / RECUT


def _items(cells: Cells) -> float:
    return sum(map(len, cells)) / len(cells)


def _length(cells: Cells) -> float:
    texts = [text for cell in cells for text in cell]
    return sum(map(len, texts)) / len(texts)


def _make(cells: Cells) -> str:
    return f"{_items(cells):.0f} items of {_length(cells):.0f} characters"


def _leads_elsewhere(before: Cells, after: Cells) -> bool:
    """Whether all addresses name a site, and none of them one that was known."""
    then, now = _sites(before), _sites(after)
    return "" not in then | now and not then & now


def _sites(cells: Cells) -> set[str]:
    """The last two labels of each host; servers of one site differ in the first."""
    hosts = (split_address(text).netloc for cell in cells for text in cell)
    return {".".join(host.casefold().split(".")[-SITE:]) for host in hosts}
