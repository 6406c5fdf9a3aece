"""Learns the tables of JSON documents: their lists of objects, nested ones as child tables, objects as one record."""

from collections.abc import Sequence

from core.errors import NothingExtracted
from core.induce.data.candidate_tables import candidates_of, ordered
from core.induce.data.feeds import is_json_feed, with_standard_names
from core.induce.data.key_names import address_name
from core.induce.data.record_sets import details_of, tables_from
from core.induce.data.shapes import shape_of
from core.model.blueprint import Blueprint
from core.model.document import ParsedDocument
from core.model.pagination import JsonLink, LinkPagination
from core.pagination.json_api import next_path


def induce_json(documents: Sequence[ParsedDocument]) -> Blueprint:
    """The blueprint of JSON documents of one kind.

    Raises:
        NothingExtracted: they hold no value at all.
    """
    candidates = ordered(candidates_of(shape_of(document.root for document in documents)), len(documents))
    if not candidates:
        raise NothingExtracted("The JSON holds no value.", "Check that the address gives data.")
    tables = tables_from(candidates, "json", address_name(documents[0].url))
    if is_json_feed(documents[0].root):
        tables = [with_standard_names(table) for table in tables]
    return Blueprint(
        kind="json",
        tables=tuple(tables),
        pagination=_pagination(documents),
        details=details_of(tables[0], candidates[0].shape.seen),
        learned_from=tuple(document.content_hash for document in documents),
        left_out=len(candidates) - len(tables),
    )


def _pagination(documents: Sequence[ParsedDocument]) -> LinkPagination | None:
    path = next((path for document in documents if (path := next_path(document.root))), "")
    return LinkPagination(link=JsonLink(path=path)) if path else None
