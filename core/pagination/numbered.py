"""Pages of a list whose addresses differ in one number only: the number of a page, and the address of another."""

import re

from core.model.pagination import NumberedPagination

# a site that makes up records for ever must be left at some time; no list of so many pages is read in one run anyway
MOST_PAGES = 10_000
HOLE = "{}"


def number_of(pagination: NumberedPagination, url: str) -> int:
    """The number in the address of a page; that of the first page where the address has none."""
    found = _number_pattern(pagination.number_at).search(_without_fragment(url))
    return int(found["number"]) if found else pagination.first


def address_of(pagination: NumberedPagination, url: str, number: int) -> str:
    """The address of the page with a number, made of the address of any page of the same list."""
    url = _without_fragment(url)
    found = _number_pattern(pagination.number_at).search(url)
    if found:
        return url[: found.start("number")] + str(number) + url[found.end("number") :]
    said = pagination.number_at.replace(HOLE, str(number))
    path, mark, query = url.partition("?")
    if said.startswith("?"):
        return url + said if not mark else f"{url}{'&' if query else ''}{said[1:]}"
    return path.rstrip("/") + said + ("/" if path.endswith("/") else "") + mark + query


def position(pagination: NumberedPagination, url: str) -> int:
    """The place of a page in its list, from 1."""
    number = number_of(pagination, url)
    return number // pagination.step + (pagination.first == 0 or pagination.step > 1)


def following(pagination: NumberedPagination, url: str) -> str | None:
    """The address of the page after this one; None after `MOST_PAGES`. Whether there is such a page it cannot know."""
    number = number_of(pagination, url)
    if number - pagination.first >= MOST_PAGES * pagination.step:
        return None
    return address_of(pagination, url, number + pagination.step)


def _number_pattern(number_at: str) -> re.Pattern[str]:
    """Where the number stands in an address."""
    number = r"(?P<number>\d{1,9})"
    if number_at.startswith("?"):
        return re.compile(r"[?&]" + re.escape(number_at[1:]).replace(re.escape(HOLE), number) + r"(?=&|$)")
    return re.compile(re.escape(number_at).replace(re.escape(HOLE), number) + r"(?=/?(?:\?|$))")


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]
