"""Learns a blueprint from documents of one template, without a language model: the same input, the same blueprint."""

from collections.abc import Sequence

from core.errors import NothingExtracted
from core.extract import read_table
from core.extract.index import PageIndex
from core.induce.details import page_table
from core.induce.links import learn_details, learn_pagination
from core.induce.lists import list_tables
from core.induce.naming import Names
from core.model.blueprint import Blueprint
from core.model.document import ParsedDocument

__all__ = ["induce"]


def induce(documents: Sequence[ParsedDocument]) -> Blueprint:
    """What the documents have in common as a page template.

    Raises:
        NothingExtracted: no table, list or repeated field was found in them.
    """
    pages = [PageIndex(document) for document in documents]
    names = Names()
    detail = page_table(pages, names)
    lists = list_tables(pages[0], names)
    tables = [detail, *lists] if detail else lists
    if not tables:
        raise NothingExtracted("Nothing to extract was found on these pages.", "Give more pages of the same kind.")
    records = [record for table in lists for record in read_table(table, pages[0])]
    return Blueprint(
        kind=documents[0].kind,
        tables=tuple(tables),
        pagination=learn_pagination(pages[0]) if lists else None,
        details=learn_details(pages[0], lists, records),
        learned_from=tuple(document.content_hash for document in documents),
    )
