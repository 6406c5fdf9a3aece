"""Learns a blueprint from documents of one template, without a language model: the same input, the same blueprint."""

from collections.abc import Sequence

from core.errors import BadInput, NothingExtracted
from core.extract import read_table
from core.extract.index import PageIndex
from core.induce.details import PAGE, page_table
from core.induce.items import item_tables
from core.induce.lines import line_tables
from core.induce.links import cursor_of, detail_link, pagination_of
from core.induce.lists import list_tables
from core.induce.naming import Names
from core.induce.overlap import without_columns
from core.model.blueprint import Blueprint, DetailLink, Pagination, RecordSet
from core.model.document import ParsedDocument

__all__ = ["induce"]

LIST_CONFIDENCE = 0.3


def induce(documents: Sequence[ParsedDocument]) -> Blueprint:
    """What the documents have in common as a page template.

    Args:
        documents: one to about twenty documents of one template.

    Raises:
        BadInput: there is no document, or they are of different kinds.
        NothingExtracted: no table, list or repeated field was found in them.
    """
    if not documents:
        raise BadInput("There is no document to learn from.", "Give at least one page.")
    kinds = {document.kind for document in documents}
    if len(kinds) > 1:
        raise BadInput(f"The documents are of different kinds: {', '.join(sorted(kinds))}.", "Learn each kind apart.")
    tables, pagination, details = _LEARNERS.get(documents[0].kind, _nothing)(documents)
    if not tables:
        raise NothingExtracted("Nothing to extract was found on these pages.", "Give more pages of the same kind.")
    return Blueprint(
        kind=documents[0].kind,
        tables=tuple(tables),
        pagination=pagination,
        details=details,
        learned_from=tuple(document.content_hash for document in documents),
    )


Learned = tuple[list[RecordSet], Pagination | None, DetailLink | None]


def _pages(documents: Sequence[ParsedDocument]) -> Learned:
    pages = [PageIndex(document) for document in documents]
    names = Names()
    detail = page_table(pages, names)
    lists = list_tables(pages[0], names)
    if detail is not None and len(pages) == 1 and detail.name == PAGE:
        detail = without_columns(detail, lists, pages[0])
    tables = _ordered(detail, lists)
    main = lists[0] if lists else None
    return tables, pagination_of(pages), _details(main, pages[0]) if main else None


def _ordered(detail: RecordSet | None, lists: list[RecordSet]) -> list[RecordSet]:
    """The page's own fields first, unless its main list says more about it."""
    if detail is None:
        return lists
    is_list = bool(lists) and lists[0].confidence >= LIST_CONFIDENCE and detail.name == PAGE
    return [lists[0], detail, *lists[1:]] if is_list else [detail, *lists]


def _details(table: RecordSet, page: PageIndex) -> DetailLink | None:
    urls: dict[str, list[str]] = {}
    links = tuple(field for field in table.fields if field.type == "url" and not field.many)
    for record in read_table(table.model_copy(update={"fields": links}), page.document, page):
        for name, value in record.fields.items():
            urls.setdefault(name, []).append(str(value.raw))
    return detail_link(table, urls, page.document.url)


def _items(documents: Sequence[ParsedDocument]) -> Learned:
    roots = [document.root for document in documents]
    return item_tables(roots, Names()), cursor_of(roots), None


def _lines(documents: Sequence[ParsedDocument]) -> Learned:
    return line_tables([document.root for document in documents], Names()), None, None


def _nothing(documents: Sequence[ParsedDocument]) -> Learned:
    return [], None, None


_LEARNERS = {"html": _pages, "xml": _pages, "json": _items, "table": _lines}
