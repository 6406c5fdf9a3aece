"""Learns how a list goes on whose pages do not say so: guesses by numbers in addresses, and the proof of a guess."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from core.dom.tree import Tree
from core.model.blueprint import Blueprint
from core.model.document import ParsedDocument
from core.model.extraction import Extraction, Record
from core.model.pagination import NumberedPagination
from core.pagination.json_api import OFFSET_PARAMETERS, PAGE_PARAMETERS, SIZE_PARAMETERS, says_more
from core.pagination.links import PAGE_WORDS
from core.pagination.numbered import HOLE, address_of, number_of
from core.pagination.repeats import list_table, listed, repeated
from core.pagination.totals import says_last
from core.text.urls import absolute, split_address

PAGE_NAMES = frozenset((*PAGE_WORDS, *PAGE_PARAMETERS))
OFFSET_NAMES = frozenset(OFFSET_PARAMETERS)
SIZE_NAMES = frozenset(SIZE_PARAMETERS)
NUMBERED_PATH = re.compile(r"(?P<list>.*?)(?P<word>/(?:page|seite|pagina|strona|p)[/-]|/)(?P<number>\d{1,6})/?", re.I)
PAGE_ATTRIBUTES = ("data-next-page", "data-nextpage", "data-current-page", "data-page")
# records from which a page is a list that may go on
FEWEST_ROWS_OF_A_PAGE = 3
# a number in an address that nothing else shows is a page up to here; above, years and numbers of things are likelier
HIGHEST_LONE_NUMBER = 50
# share of the values a record that a next page must have: records of another kind, as adverts, hold fewer
LIKE_FILLED = 0.6
# share of the records that may stand on both pages: some sites pin a few on each
PINNED_SHARE = 0.2
# the part of the records by which a step may differ from what is counted: rows that are adverts, or were left out
MISCOUNT = 5
# figures of a number of a page: more are the number of a thing; and a number that no address has
LONGEST_PAGE_NUMBER, NO_NUMBER = 6, 10**9

Numbers = dict[str, set[int]]


class Guess(NamedTuple):
    """A pagination that may be right: it is when the page at `probe` repeats `shared` records and has new ones."""

    pagination: NumberedPagination
    probe: str
    shared: int = 0


def guesses(blueprint: Blueprint, document: ParsedDocument, extraction: Extraction) -> list[Guess]:
    """How the list of a page might go on, the likeliest first; none for a page that says how, or that it is the last.

    Numbers are looked for in the address of the page, in what it links to, in its forms and in attributes of its
    buttons; a page that says there is more is asked for by the usual name.
    """
    records = len(listed(blueprint, extraction))
    is_list = blueprint.tables[0] is list_table(blueprint) and records >= FEWEST_ROWS_OF_A_PAGE
    if extraction.next_url or not is_list or split_address(document.url).scheme not in ("http", "https"):
        return []
    is_last = _says_it_is_last(document, records)
    if is_last:
        return []
    found: Numbers = defaultdict(set)
    for pattern, number in _evidence(document):
        found[pattern].update(() if number is None else (number,))
    if is_last is False and not found:
        found["?page={}"] = set()
    return [guess for pattern, numbers in found.items() for guess in _guesses(pattern, numbers, document.url, records)]


def _says_it_is_last(document: ParsedDocument, records: int) -> bool | None:
    if document.kind == "json" and says_more(document.root, records):
        return False
    return says_last(document, records, 1)


def proves(guess: Guess, blueprint: Blueprint, first: Extraction, probe: Extraction) -> bool:
    """Whether the page that was fetched for a guess shows other records of the same list."""
    before, after = listed(blueprint, first), listed(blueprint, probe)
    same = len(repeated(after, before))
    pinned = PINNED_SHARE * len(after)
    return (
        len(after) > same
        and guess.shared <= same <= guess.shared + pinned
        and _values_a_record(after) >= LIKE_FILLED * _values_a_record(before)
    )


def _values_a_record(records: list[Record]) -> float:
    """The mean number of values a record."""
    return sum(len(record.fields) for record in records) / len(records)


def _evidence(document: ParsedDocument) -> Iterator[tuple[str, int | None]]:
    """Patterns and numbers of pages that the address and the page show."""
    yield from _in_query(document.url)
    path = NUMBERED_PATH.fullmatch(split_address(document.url).path)
    if path and path["word"] != "/":
        yield path["word"] + HOLE, int(path["number"])
    if document.kind == "html":
        yield from _in_links(document.root, document.url)
        yield from _in_forms(document.root, document.url)
        if any(document.root.holding(name) for name in PAGE_ATTRIBUTES):
            yield "?page={}", None


def _in_query(url: str) -> Iterator[tuple[str, int]]:
    for name, value in _query_pairs(url):
        if value.isdecimal() and len(value) <= LONGEST_PAGE_NUMBER and _is_named_as(name, PAGE_NAMES | OFFSET_NAMES):
            yield f"?{name}={HOLE}", int(value)


def _query_pairs(url: str) -> list[tuple[str, str]]:
    """Names and values of the query as they stand in the address."""
    pairs = (pair.partition("=") for pair in split_address(url).query.split("&"))
    return [(name, value) for name, _, value in pairs]


def _is_named_as(name: str, words: Iterable[str]) -> bool:
    """Whether a parameter is one of those: `page`, `tx_list[page]`, `page[number]`."""
    parts = re.findall(r"\$?[a-z]+", unquote(name).lower())
    return bool(parts) and (parts[-1] in words or "".join(parts) in words)


def _in_links(tree: Tree, url: str) -> Iterator[tuple[str, int]]:
    here = split_address(url)
    for caption, address in _addresses(tree, url):
        parts = split_address(address)
        if parts.netloc != here.netloc:
            continue
        if parts.path.rstrip("/") == here.path.rstrip("/"):
            yield from _in_query(address)
        elif found := _in_path(parts.path, here.path, caption):
            yield found


def _in_path(path: str, here: str, caption: str) -> tuple[str, int] | None:
    """A number at the end of the path of this very list; without a word for page, a link has to read the number."""
    there, own = NUMBERED_PATH.fullmatch(path), NUMBERED_PATH.fullmatch(here)
    if there is None or there["list"] not in (here.rstrip("/"), own["list"] if own else None):
        return None
    if there["word"] == "/" and caption != there["number"]:
        return None
    return there["word"] + HOLE, int(there["number"])


def _addresses(tree: Tree, url: str) -> Iterator[tuple[str, str]]:
    """What links, options and buttons lead to, each with its text."""
    here = absolute(url, tree.base)
    for name in ("href", "value", "data-url", "data-href", "data-next", "data-next-url"):
        for order in tree.holding(name):
            address = (tree.heads[order].get(name) or "").strip()
            if name == "href" or address.startswith(("/", "?", "http://", "https://")):
                yield tree.text(order), absolute(here, address)


def _in_forms(tree: Tree, url: str) -> Iterator[tuple[str, int | None]]:
    """The fields for a page number in forms that lead to this list."""
    for order in tree.tagged("input", "select", "button"):
        head = tree.heads[order]
        name, value = head.get("name") or "", head.get("value") or ""
        if _is_named_as(name, PAGE_NAMES | OFFSET_NAMES) and _leads_here(tree, order, url):
            yield f"?{name}={HOLE}", int(value) if value.isdecimal() and len(value) <= LONGEST_PAGE_NUMBER else None


def _leads_here(tree: Tree, order: int, url: str) -> bool:
    form = next((tree.heads[above] for above in tree.above(order) if tree.heads[above].tag == "form"), None)
    if form is None or (form.get("method") or "get").lower() != "get":
        return False
    action = absolute(absolute(url, tree.base), (form.get("action") or url).strip())
    return split_address(action)[1:3] == split_address(url)[1:3]


def _guesses(pattern: str, numbers: set[int], url: str, records: int) -> Iterator[Guess]:
    name = pattern[1:].partition("=")[0] if pattern.startswith("?") else ""
    if name and _is_named_as(name, OFFSET_NAMES) and not _is_named_as(name, PAGE_NAMES):
        yield _offset_guess(pattern, numbers, url, records)
        return
    for first in _firsts(pattern, numbers, url):
        found = NumberedPagination(number_at=pattern, first=first)
        yield Guess(found, address_of(found, url, first + 1))


def _firsts(pattern: str, numbers: set[int], url: str) -> tuple[int, ...]:
    """The number that this page may have: its own, or one that the links show; 0 is tried before 1, never after it."""
    own = _own_number(pattern, url)
    if own is not None:
        # a high number that nothing else shows is more likely the number of a thing
        return (own,) if own <= HIGHEST_LONE_NUMBER or len(numbers) > 1 else ()
    if 0 in numbers:
        return (0,)
    return (1,) if 2 in numbers and 1 not in numbers else (0, 1)


def _own_number(pattern: str, url: str) -> int | None:
    number = number_of(NumberedPagination(number_at=pattern, first=NO_NUMBER), url)
    return number if number < NO_NUMBER else None


def _offset_guess(pattern: str, numbers: set[int], url: str, records: int) -> Guess:
    """A step that nothing shows is proved by a page that begins with the last record of this one."""
    own = _own_number(pattern, url)
    step = _shown_step(numbers | {own or 0}, dict(_query_pairs(url)), records)
    remainders = {number % step for number in numbers} if step and step > 1 else {0}
    first = own if own is not None else (remainders.pop() if len(remainders) == 1 else 0)
    found = NumberedPagination(number_at=pattern, first=first, step=step or records)
    if step:
        return Guess(found, address_of(found, url, first + step))
    return Guess(found, address_of(found, url, first + records - 1), shared=1)


def _shown_step(numbers: set[int], parameters: Mapping[str, str], records: int) -> int | None:
    """By how much the offset goes up: the size that is asked for, or the distance of the numbers that are linked."""
    asked = [int(value) for name, value in parameters.items() if _is_named_as(name, SIZE_NAMES) and value.isdecimal()]
    if asked and asked[0] >= records:
        return asked[0]
    ordered = sorted(numbers)
    nearest = min((after - before for before, after in pairwise(ordered)), default=0)
    return nearest if nearest == 1 or abs(nearest - records) <= records // MISCOUNT else None
