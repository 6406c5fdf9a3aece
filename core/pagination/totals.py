"""What a page of a list says about how much there is: "21–40 of 350", "page 2 of 17", or a number of pages."""

import re
from collections.abc import Iterator

from core.dom.tree import Tree
from core.model.document import ParsedDocument

PRINTED_NUMBER = r"(\d{1,3}(?:[.,\u00a0\u202f' ]\d{3})+|\d{1,9})"
# the part of the records by which the page may count otherwise than we: adverts among them, or one left out
UNCOUNTED = 5
OF = r"\s*(?:of|out of|from|/|von|de|sur|di|van|av|af|z|ze|из|su)\s*(?:about |over |insgesamt |ca\. )?"
ROWS_OF_TOTAL = re.compile(
    rf"\b{PRINTED_NUMBER}\s*(?:-|–|—|to|bis|à|al?|t/m|till|до)\s*{PRINTED_NUMBER}{OF}{PRINTED_NUMBER}\b", re.I
)
PAGE_OF_PAGES = re.compile(
    rf"\b(?:page|seite|pagina|página|pág\.?|strona|stránka|sida|side|sivu|страница)\s*:?\s*{PRINTED_NUMBER}{OF}{PRINTED_NUMBER}\b",
    re.I,
)
PAGE_COUNT_ATTRIBUTES = ("data-total-pages", "data-totalpages", "data-page-count", "data-pagecount", "data-last-page")
NAMED_PAGE_COUNT = re.compile(
    r"\b(?:total_?pages|page_?count|last_?page|num(?:ber)?_?(?:of_?)?pages)[\"']?\s*[:=]\s*[\"']?(\d{1,6})\b", re.I
)


def says_last(document: ParsedDocument, records: int, position: int) -> bool | None:
    """As `is_last_page`, for documents of any kind: data says how it goes on by itself."""
    return is_last_page(document.root, records, position) if document.kind == "html" else None


def is_last_page(tree: Tree, records: int, position: int) -> bool | None:
    """Whether a page with so many records, the `position`-th from 1, says that it is the last.

    None when it says nothing, or one thing here and another there.
    """
    said = {*_by_texts(tree.text(tree.body), records), *(position >= pages for pages in _page_counts(tree))}
    return said.pop() if len(said) == 1 else None


def _by_texts(text: str, records: int) -> Iterator[bool]:
    for found in ROWS_OF_TOTAL.finditer(text):
        first, last, total = map(_whole, found.groups())
        # a range of dates or prices has another length than the list
        if first <= last <= total and abs(last - first + 1 - records) <= max(1, records // UNCOUNTED):
            yield last == total
    for found in PAGE_OF_PAGES.finditer(text):
        page, pages = map(_whole, found.groups())
        if page <= pages:
            yield page == pages


def _page_counts(tree: Tree) -> Iterator[int]:
    for name in PAGE_COUNT_ATTRIBUTES:
        for order in tree.holding(name):
            value = tree.heads[order].get(name) or ""
            if value.strip().isdecimal():
                yield int(value)
    for order in tree.tagged("script"):
        inside = range(order + 1, tree.ends[order])
        for text in (tree.texts[place] for place in inside if place in tree.texts):
            yield from (int(found[1]) for found in NAMED_PAGE_COUNT.finditer(text))


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))
