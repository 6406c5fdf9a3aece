"""Where a list ends: a page that shows nothing new, a last page, a page that was never there. Decides, does nothing."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from core.errors import PipelineError
from core.model import Blueprint, Extraction, FetchRequest, ParsedDocument, RawDocument, Record
from core.model.pagination import NumberedPagination
from core.pagination.numbered import position
from core.pagination.repeats import is_repetition, is_short, listed, shows_nothing_new
from core.pagination.totals import says_last

REPEATED = "Page {} shows what {} shows: the list has ended{}."
# said where a page or an interface named the page, so that something else was to be expected
LED_ON = ", although it leads on"
# what hosts answer behind the last page: no such page, or an empty one
PAST_END = frozenset({200, 204, 400, 404, 410, 416, 422})

ListedOn = Callable[[RawDocument], list[Record]]


class End(NamedTuple):
    """How a list ends with a page.

    Attributes:
        repeats: the address of an earlier page that shows the same; the page counts as empty.
        is_last: whether the page shows something new and is the last one all the same.
    """

    repeats: str = ""
    is_last: bool = False


def end_of_list(
    document: RawDocument,
    parsed: ParsedDocument,
    blueprint: Blueprint,
    extraction: Extraction,
    earlier: Sequence[RawDocument],
    listed_on: ListedOn,
) -> End:
    """Whether a next page of a list is its end, held against some pages before it.

    Args:
        document: the next page.
        parsed: the same, parsed.
        blueprint: what read it.
        extraction: what that found.
        earlier: pages of the list to compare it with, the one before it among them; none for a first page.
        listed_on: the records that the same blueprint reads on an earlier page.
    """
    same = next((page.url for page in earlier if page.content_hash == document.content_hash), "")
    if same or not earlier:
        return End(same)
    records, before = listed(blueprint, extraction), [listed_on(page) for page in earlier]
    repeats = is_repetition if is_made_up(blueprint) else shows_nothing_new
    same = next((page.url for page, those in zip(earlier, before, strict=True) if repeats(records, those)), "")
    return End(same, _is_last(parsed, document.url, blueprint, records, before))


def _is_last(
    parsed: ParsedDocument, url: str, blueprint: Blueprint, records: Sequence[Record], before: Sequence[list[Record]]
) -> bool:
    """Whether a page whose next address would be made up is short, and says nothing of how many there are."""
    pagination = blueprint.pagination
    if not isinstance(pagination, NumberedPagination):
        return False
    return says_last(parsed, len(records), position(pagination, url)) is None and is_short(records, before)


def is_past_end(request: FetchRequest, error: PipelineError, blueprint: Blueprint) -> bool:
    """Whether a host refused a page because a list ends before it: its address was made up, no page names it."""
    if request.page == 1 or error.fetched is None or error.fetched.status not in PAST_END:
        return False
    return is_made_up(blueprint)


def is_made_up(blueprint: Blueprint) -> bool:
    """Whether the addresses of next pages are made of their numbers: no page names them."""
    return isinstance(blueprint.pagination, NumberedPagination)


def why_ended(page: int, end: End, blueprint: Blueprint) -> str:
    """Why a page that repeats another one counts as empty, for a person."""
    return REPEATED.format(page, end.repeats, "" if is_made_up(blueprint) else LED_ON)
