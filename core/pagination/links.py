"""Where a page leads on: the address of the next page of its list, and of the page behind each of its records."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

from core.dom.page_index import PageIndex
from core.dom.tree import Head, Tree
from core.model.extraction import Record
from core.model.pagination import DetailLink, NextLink, NumberLink, RelLink, TextLink
from core.model.selector import Tagged
from core.text.urls import absolute, split_address

PAGE_WORDS = ("page", "p", "seite", "pagina", "pg", "pagenumber", "paged")
# parts of an item that shows the number of this page, and figures of that number: more are a list, or a number of rows
FEW_CHILDREN, PAGE_DIGITS = 3, 4
DISABLED = re.compile(r"\b(disabled|inactive)\b", re.I)
MARKED = re.compile(r"\b(current|active|selected)\b")
CURRENT = ("current", "active", "selected")


def next_url(link: NextLink, index: PageIndex) -> str | None:
    """The absolute address of the next page; None on the last one."""
    here = absolute(index.document.url, index.tree.base)
    for order in NEXT[type(link)](link, index):
        address = absolute(here, index.tree.heads[order].attrs["href"].strip())
        if address.partition("#")[0] != index.document.url.partition("#")[0]:
            return address
    return None


def anchors(tree: Tree) -> Iterator[int]:
    """The orders of the links of a page that lead somewhere and are not switched off."""
    for order in tree.tagged("a", "link", "area"):
        head = tree.heads[order]
        href = (head.get("href") or "").strip()
        leads = href and not href.startswith(("#", "javascript:", "mailto:", "tel:"))
        if leads and not is_disabled(head) and not is_disabled(tree.heads[tree.parents[order]]):
            yield order


def is_disabled(head: Head) -> bool:
    """Whether a link, or the item it is in, is marked as switched off."""
    return DISABLED.search(head.get("class") or "") is not None or head.get("aria-disabled") == "true"


def caption(tree: Tree, order: int) -> str:
    """What a link says: its text, else its label for screen readers or its title; lower case."""
    head = tree.heads[order]
    return (tree.text(order) or head.get("aria-label") or head.get("title") or "").casefold().strip()


def page_number(index: PageIndex) -> int:
    """The number of this page of a list, from its address or from the item marked as current; 1 when nothing says."""
    for name, value in parse_qsl(split_address(index.document.url).query):
        if name.lower() in PAGE_WORDS and value.isdigit():
            return int(value)
    found = re.search(r"/(?:page|seite|p)[/-](\d+)\b", split_address(index.document.url).path)
    if found:
        return int(found[1])
    return next((number for at in index.tree.mentioning(*CURRENT) if (number := _current(index.tree, at))), 1)


def _current(tree: Tree, order: int) -> int:
    head = tree.heads[order]
    marked = head.get("aria-current") == "page" or MARKED.search(head.get("class") or "")
    text = tree.text(order) if marked and len(tree.children(order)) <= FEW_CHILDREN else ""
    return int(text) if text.isdigit() and len(text) <= PAGE_DIGITS else 0


def _by_rel(_link: RelLink, index: PageIndex) -> Iterator[int]:
    heads = index.tree.heads
    return (order for order in anchors(index.tree) if "next" in (heads[order].get("rel") or "").lower().split())


def _by_text(link: TextLink, index: PageIndex) -> Iterator[int]:
    return (order for order in anchors(index.tree) if caption(index.tree, order) == link.text)


def _by_number(_link: NumberLink, index: PageIndex) -> Iterator[int]:
    wanted = str(page_number(index) + 1)
    return (order for order in anchors(index.tree) if caption(index.tree, order) == wanted)


NEXT: dict[type[Tagged], Callable[[Any, PageIndex], Iterator[int]]] = {
    RelLink: _by_rel,
    TextLink: _by_text,
    NumberLink: _by_number,
}


def detail_urls(details: DetailLink, records: Sequence[Record]) -> tuple[str, ...]:
    """The addresses in the field that leads to the pages of the records, each once, in order."""
    cells = (r.fields[details.field] for r in records if r.table == details.table and details.field in r.fields)
    values = (value for cell in cells for value in (cell.value if isinstance(cell.value, list) else [cell.value]))
    found = dict.fromkeys(value for value in values if str(value).startswith(("http://", "https://")))
    return tuple(found)
