"""Learns a blueprint from documents of one template, without a language model: the same input, the same blueprint.

Most of its numbers weigh what a page misses against what it takes in, and were set by hand on saved pages whose values
are known. What tells that one is wrong: the golden sites in tests/unit/induce (test_sites.py: each value of each page),
test_lists.py and test_details.py beside them; over saved data `make bench ONLY=cases CASES=DIR` (whether the wanted
columns are found, and the time), `ONLY=feeds FEEDS=DIR` and `ONLY=printed PRINTED=DIR`.
"""

from collections.abc import Callable, Sequence

from core.dom.page_index import PageIndex
from core.errors import BadInput, NothingExtracted
from core.induce.data.json_tables import induce_json
from core.induce.data.sheet_tables import induce_sheets
from core.induce.data.text_tables import induce_text
from core.induce.data.xml_tables import induce_xml
from core.induce.html.details import PAGE_TABLE, page_table
from core.induce.html.lists import list_tables
from core.induce.html.ranking import beside_list, beside_page, distinct_lists, is_list_page, without_records
from core.induce.naming import Names
from core.induce.pagination.next_link import learn_details, learn_pagination
from core.model.blueprint import Blueprint, DocumentKind, RecordSet
from core.model.document import ParsedDocument

__all__ = ["induce"]


def induce(documents: Sequence[ParsedDocument]) -> Blueprint:
    """What the documents have in common as a page template.

    Raises:
        BadInput: there is no document, or they are of different kinds.
        NothingExtracted: no table, list or repeated field was found in them.
    """
    if not documents:
        raise BadInput("There is no document to learn from.", "Give at least one page.")
    kinds = {document.kind for document in documents}
    if len(kinds) > 1:
        raise BadInput(f"The documents are of different kinds: {', '.join(sorted(kinds))}.", "Learn each kind apart.")
    if documents[0].kind in _FORMATS:
        return _FORMATS[documents[0].kind](documents)
    pages = [PageIndex(document) for document in documents]
    names = Names()
    detail = page_table(pages, names)
    lists = distinct_lists(list_tables(pages[0], names), pages[0])
    pagination = learn_pagination(pages[0]) if lists else None
    details = learn_details(pages[0], lists[:1])
    tables = _ranked(detail, lists, pages)
    if not tables:
        raise NothingExtracted("Nothing to extract was found on these pages.", "Give more pages of the same kind.")
    return Blueprint(
        kind=documents[0].kind,
        tables=tuple(tables),
        pagination=pagination,
        details=details if tables[0] in lists else None,
        learned_from=tuple(document.content_hash for document in documents),
    )


def _ranked(detail: RecordSet | None, lists: list[RecordSet], pages: Sequence[PageIndex]) -> list[RecordSet]:
    """The main table first: the records of a list page, or what a page says of its one thing."""
    if detail is None or not lists:
        return [detail] if detail else lists
    if detail.name != PAGE_TABLE or not is_list_page(lists[0], pages):
        beside = _with_parents(beside_page(detail, lists, pages))
        return [without_records(detail, beside, pages[0]), *beside]
    rest = beside_list(detail)
    return [*lists, rest] if rest else lists


def _with_parents(tables: list[RecordSet]) -> list[RecordSet]:
    """A table whose parent was left out stands for itself."""
    names = {table.name for table in tables}
    return [table if table.parent in names else table.model_copy(update={"parent": None}) for table in tables]


_FORMATS: dict[DocumentKind, Callable[[Sequence[ParsedDocument]], Blueprint]] = {
    "json": induce_json,
    "table": induce_sheets,
    "pdf": induce_sheets,
    "xml": induce_xml,
    "text": induce_text,
}
