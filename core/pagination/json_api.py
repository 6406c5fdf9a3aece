"""Where a page of a JSON API says that the next one is: an address, a cursor, a page number or an offset."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlunsplit

from core.text.urls import absolute, split_address

# levels of an answer in which its paging may stand: `meta/pagination/next` has three
ENVELOPE_LEVELS = 3


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


ADDRESS_KEYS = _word_set("next next_url nexturl next_page_url nextpageurl next_page nextpage next_link nextlink")
CURSOR_KEYS = _word_set(
    "next_cursor nextcursor next_page_token nextpagetoken next_token nexttoken continuation_token continuationtoken "
    "end_cursor endcursor next_cursor_mark nextcursormark"
)
PAGE_PARAMETERS = ("page", "p", "pagenumber", "page_number", "pageno", "currentpage")
OFFSET_PARAMETERS = ("offset", "start", "skip", "$skip", "from", "startindex")
SIZE_PARAMETERS = ("limit", "per_page", "perpage", "pagesize", "page_size", "size", "count", "rows", "$top", "take")
PAGE_COUNT_KEYS = _word_set("pages total_pages totalpages page_count pagecount last_page lastpage num_pages nbpages")
TOTAL_KEYS = _word_set("total total_count totalcount total_results totalresults total_items numfound @odata.count")
SIZE_KEYS = _word_set("per_page perpage page_size pagesize limit size items_per_page itemsperpage")
MORE_KEYS = _word_set("has_more hasmore has_next hasnext has_next_page hasnextpage more")
PAGING_WORDS = ADDRESS_KEYS | CURSOR_KEYS | PAGE_COUNT_KEYS | TOTAL_KEYS | SIZE_KEYS | MORE_KEYS
PAGING_WORDS |= _word_set(
    "page offset count start skip current_page currentpage previous prev previous_url prev_url first last self links "
    "status ok success code message took timed_out version took_ms error errors etag cursor from to path "
    "@odata.context @odata.nextlink"
)


def next_address(root: Any, url: str) -> str | None:
    """The absolute address of the next page; None when the document names none."""
    if not isinstance(root, dict):
        return None
    envelope = dict(_scalars(root))
    return _address(envelope, url) or _by_cursor(envelope, url) or _next_by_number(envelope, url)


def says_more(root: Any, records: int) -> bool:
    """Whether an answer says that there are more than the records that it holds, or more than one page."""
    envelope = dict(_scalars(root)) if isinstance(root, dict) else {}
    total, pages = _number(envelope, TOTAL_KEYS), _number(envelope, PAGE_COUNT_KEYS)
    return _says_more(envelope) is True or (total or 0) > records or (pages or 0) > 1


def next_path(root: Any) -> str:
    """The path of the key that holds the address of the next page, "" when there is none."""
    scalars = _scalars(root) if isinstance(root, dict) else ()
    return next((path for path, value in scalars if _is_web_address(path, value)), "")


def _scalars(root: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Scalars of the envelope by path, from the top down; never those within lists of records."""
    level: list[tuple[str, Any]] = [("", root)]
    for _ in range(ENVELOPE_LEVELS):
        pairs = [(f"{path}/{key}".lstrip("/"), value) for path, item in level for key, value in _pairs(item)]
        yield from ((path, value) for path, value in pairs if not isinstance(value, dict | list))
        level = [(path, value) for path, value in pairs if isinstance(value, dict) or _is_links(path, value)]


def _pairs(item: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(item, dict):
        yield from item.items()
    else:
        yield from ((link["rel"], link.get("href")) for link in item if isinstance(link, dict) and "rel" in link)


def _is_links(path: str, value: Any) -> bool:
    return isinstance(value, list) and path.lower().endswith(("links", "link"))


def _is_web_address(path: str, value: Any) -> bool:
    words = path.lower().split("/")
    if words[-1] == "href" and len(words) > 1:
        words.pop()
    named = words[-1] in ADDRESS_KEYS or words[-1] == "@odata.nextlink"
    return named and isinstance(value, str) and re.match(r"https?://|[/?]|\S+[/?]\S*$", value) is not None


def _address(envelope: dict[str, Any], url: str) -> str | None:
    found = next((value for path, value in envelope.items() if _is_web_address(path, value)), None)
    return absolute(url, found) if found else None


def _by_cursor(envelope: dict[str, Any], url: str) -> str | None:
    for path, value in envelope.items():
        key = path.rpartition("/")[2]
        if key.lower() in CURSOR_KEYS and isinstance(value, str | int) and value not in ("", True, False):
            return _with(url, _cursor_parameter(key), str(value)) if _says_more(envelope) is not False else None
    return None


def _cursor_parameter(key: str) -> str:
    """`nextPageToken` is sent as `pageToken`, `next_cursor` as `cursor`."""
    if key.lower().startswith("end"):
        return "after"
    bare = re.sub(r"^next_?", "", key, flags=re.I)
    return bare[:1].lower() + bare[1:]


def _says_more(envelope: dict[str, Any]) -> bool | None:
    found = [value for path, value in envelope.items() if path.rpartition("/")[2].lower() in MORE_KEYS]
    return found[0] if found and isinstance(found[0], bool) else None


def _next_by_number(envelope: dict[str, Any], url: str) -> str | None:
    query = {name.lower(): (name, value) for name, value in parse_qsl(split_address(url).query)}
    for name in PAGE_PARAMETERS:
        if name in query and query[name][1].isdecimal():
            page = int(query[name][1])
            return _with(url, query[name][0], str(page + 1)) if _more_pages(envelope, page) else None
    for name in OFFSET_PARAMETERS:
        if name in query and query[name][1].isdecimal():
            return _next_by_offset(envelope, query, query[name], url)
    return None


def _more_pages(envelope: dict[str, Any], page: int) -> bool:
    pages, total, size = (_number(envelope, names) for names in (PAGE_COUNT_KEYS, TOTAL_KEYS, SIZE_KEYS))
    if pages is not None:
        return page < pages
    if total is not None and size:
        return page * size < total
    return _says_more(envelope) is True


def _next_by_offset(
    envelope: dict[str, Any], query: dict[str, tuple[str, str]], offset: tuple[str, str], url: str
) -> str | None:
    asked = next((query[name][1] for name in SIZE_PARAMETERS if name in query), "")
    size = int(asked) if asked.isdecimal() else _number(envelope, SIZE_KEYS) or 0
    total = _number(envelope, TOTAL_KEYS)
    following = int(offset[1]) + size
    more = following < total if total is not None else _says_more(envelope) is True
    return _with(url, offset[0], str(following)) if size and more else None


def _number(envelope: dict[str, Any], names: frozenset[str]) -> int | None:
    for path, value in envelope.items():
        if path.rpartition("/")[2].lower() in names and isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _with(url: str, name: str, value: str) -> str:
    parts = split_address(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    return urlunsplit(parts._replace(query=urlencode([*query, (name, value)])))
