"""Pages of a list whose addresses differ in one number only: the number of a page, and the address of another."""

import re

from core.model.blueprint import Pagination

# a site that makes up records for ever must be left at some time; no list of so many pages is read in one run anyway
MOST_PAGES = 10_000
HOLE = "{}"


def number_of(pagination: Pagination, url: str) -> int:
    """The number in the address of a page; that of the first page where the address has none."""
    found = _place(pagination.pattern).search(_without_fragment(url))
    return int(found["number"]) if found else pagination.first


def address_of(pagination: Pagination, url: str, number: int) -> str:
    """The address of the page with a number, made of the address of any page of the same list."""
    url = _without_fragment(url)
    found = _place(pagination.pattern).search(url)
    if found:
        return url[: found.start("number")] + str(number) + url[found.end("number") :]
    said = pagination.pattern.replace(HOLE, str(number))
    path, mark, query = url.partition("?")
    if said.startswith("?"):
        return url + said if not mark else f"{url}{'&' if query else ''}{said[1:]}"
    return path.rstrip("/") + said + ("/" if path.endswith("/") else "") + mark + query


def bare_address(pagination: Pagination, url: str) -> str:
    """The address without its number: the first page is often found there."""
    url = _without_fragment(url)
    found = _place(pagination.pattern).search(url)
    if not found:
        return url
    before, after = url[: found.start()], url[found.end() :]
    if pagination.pattern.startswith("?"):
        return before + (found[0][0] + after[1:] if after else "")
    return (before or "/") + after


def position(pagination: Pagination, url: str) -> int:
    """The place of a page in its list, from 1."""
    number = number_of(pagination, url)
    return number // pagination.step + (pagination.first == 0 or pagination.step > 1)


def following(pagination: Pagination, url: str) -> str | None:
    """The address of the page after this one; None after `MOST_PAGES`. Whether there is such a page it cannot know."""
    number = number_of(pagination, url)
    if number - pagination.first >= MOST_PAGES * pagination.step:
        return None
    return address_of(pagination, url, number + pagination.step)


def pages_before(pagination: Pagination | None, url: str) -> list[str]:
    """The addresses of pages that a page must not repeat: the one before it, the first, and one in between.

    The one in between is the first, second, fourth, eighth … of the list. That is how Brent's algorithm finds every
    cycle with two looks a page: a site that repeats itself is left after thrice as many pages as it has at most (Brent,
    An improved Monte Carlo factorization algorithm, BIT 20, 1980). Empty for the first page, and for lists
    that say themselves how they go on.
    """
    if pagination is None or pagination.kind != "pattern":
        return []
    steps = (number_of(pagination, url) - pagination.first) // pagination.step
    if steps <= 0:
        return []
    between = 1 << max(0, (steps - 1).bit_length() - 1)
    numbers = [pagination.first + pagination.step * n for n in {steps - 1, between if between < steps else 0, 0}]
    return [*(address_of(pagination, url, number) for number in sorted(numbers)), bare_address(pagination, url)]


def _place(pattern: str) -> re.Pattern[str]:
    """Where the number of a pattern stands in an address."""
    number = r"(?P<number>\d{1,9})"
    if pattern.startswith("?"):
        return re.compile(r"[?&]" + re.escape(pattern[1:]).replace(re.escape(HOLE), number) + r"(?=&|$)")
    return re.compile(re.escape(pattern).replace(re.escape(HOLE), number) + r"(?=/?(?:\?|$))")


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]
