"""Where a page leads on: to the next page of a list, and to the pages of its records."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urldefrag, urljoin

from core.extract.index import PageIndex
from core.extract.items import walk
from core.model.blueprint import Blueprint, Pagination
from core.model.document import ParsedDocument
from core.model.extraction import Record
from core.tree import Node, text_of

NEXT_TEXT = re.compile(
    r"^\W*(next( page)?|older( posts| entries)?|more results|weiter|nächste( seite)?|suivante?|page suivante|siguiente|"
    r"successiv[ao]|avanti|próxim[ao]|volgende|nästa|neste|næste|seuraava|następna|další|далее|следующая)?\W*$",
    re.I,
)
NEXT_MARK = re.compile(r"^[\s›»→>]+$")
NEXT_CLASS = re.compile(r"(^|[\s_-])next($|[\s_-])", re.I)
CURRENT_CLASS = re.compile(r"(^|[\s_-])(current|active|selected)($|[\s_-])", re.I)
WEB = ("http://", "https://", "file://")


def next_url(pagination: Pagination | None, document: ParsedDocument, index: PageIndex | None) -> str | None:
    """The absolute address of the page after this one; None on the last page, and when nothing leads on."""
    if pagination is None:
        return None
    if index is None:
        found = next((value for _, value in walk(document.root, pagination.pattern)), None)
        return urljoin(document.url, found) if isinstance(found, str) and found else None
    link = find_next(index)
    return absolute(link.attrs["href"], index) if link is not None else None


def find_next(index: PageIndex) -> Node | None:
    """The link that leads to the next page: by rel, by class or text, by the number after the current one."""
    links = [node for node in index.tree.nodes if node.tag in ("a", "link") and node.attrs.get("href")]
    links = [node for node in links if _leads_away(node.attrs["href"], index)]
    for test in (_by_rel, _by_name):
        found = next((node for node in links if test(node)), None)
        if found is not None:
            return found
    return _after_current(links, index)


def _by_rel(node: Node) -> bool:
    return "next" in node.attrs.get("rel", "").lower().split()


def _by_name(node: Node) -> bool:
    if node.tag != "a" or "disabled" in node.attrs.get("class", ""):
        return False
    label = node.attrs.get("aria-label") or node.attrs.get("title", "")
    text = text_of(node)
    named = bool(text) and (NEXT_TEXT.match(text) or NEXT_MARK.match(text)) is not None
    holder = node.parent.attrs.get("class", "") if node.parent is not None else ""
    marked = NEXT_CLASS.search(node.attrs.get("class", "")) or NEXT_CLASS.search(holder)
    return named or bool(label and NEXT_TEXT.match(label)) or bool(marked and len(text) < 30)


def _after_current(links: Sequence[Node], index: PageIndex) -> Node | None:
    """The link whose text is the number after the one that is marked as current."""
    for node in index.tree.nodes:
        marked = node.attrs.get("aria-current") == "page" or CURRENT_CLASS.search(node.attrs.get("class", ""))
        text = text_of(node) if marked and node.end - node.order < 8 else ""
        if text.isdigit() and len(text) < 6:
            wanted = str(int(text) + 1)
            return next((link for link in links if link.tag == "a" and text_of(link) == wanted), None)
    return None


def _leads_away(href: str, index: PageIndex) -> bool:
    target = absolute(href, index)
    return target is not None and urldefrag(target)[0] != urldefrag(index.document.url)[0]


def absolute(href: str, index: PageIndex) -> str | None:
    """The address a link leads to, by the base of the page; None when it is not a page."""
    try:
        target = urljoin(urljoin(index.document.url, index.tree.base), href.strip())
    except ValueError:
        return None
    return target if target.startswith(WEB) or ("://" not in index.document.url and ":" not in target) else None


def detail_urls(blueprint: Blueprint, records: Sequence[Record], base: str) -> tuple[str, ...]:
    """The addresses of the records' own pages, in order, each once."""
    if blueprint.details is None:
        return ()
    table, field = blueprint.details.table, blueprint.details.field
    found = [_href(record.fields[field]) for record in records if record.table == table and field in record.fields]
    return tuple(dict.fromkeys(urldefrag(urljoin(base, href))[0] for href in found if href))


def _href(value: Any) -> str:
    raw = value.raw[0] if isinstance(value.raw, list) and value.raw else value.raw
    return str(raw or "")
