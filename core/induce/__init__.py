"""Learns a blueprint from documents of one template, without a language model: the same input, the same blueprint."""

from collections.abc import Callable, Sequence

from core.errors import NothingExtracted
from core.extract.index import PageIndex
from core.induce.details import page_table
from core.induce.items import induce_json
from core.induce.lists import list_tables
from core.induce.naming import Names
from core.model.blueprint import Blueprint, DocumentKind
from core.model.document import ParsedDocument

__all__ = ["induce"]


def induce(documents: Sequence[ParsedDocument]) -> Blueprint:
    """What the documents have in common as a page template.

    Raises:
        NothingExtracted: no table, list or repeated field was found in them.
    """
    if documents[0].kind in _FORMATS:
        return _FORMATS[documents[0].kind](documents)
    pages = [PageIndex(document) for document in documents]
    names = Names()
    detail = page_table(pages, names)
    lists = list_tables(pages[0], names)
    tables = [detail, *lists] if detail else lists
    if not tables:
        raise NothingExtracted("Nothing to extract was found on these pages.", "Give more pages of the same kind.")
    return Blueprint(
        kind=documents[0].kind, tables=tuple(tables), learned_from=tuple(d.content_hash for d in documents)
    )


_FORMATS: dict[DocumentKind, Callable[[Sequence[ParsedDocument]], Blueprint]] = {"json": induce_json}
