"""A blueprint applied to a document: the records it holds, each value with its evidence, and where to go on."""

from typing import Any
from urllib.parse import urljoin

from core.extract.cells import cell
from core.extract.index import PageIndex
from core.extract.items import read_items
from core.extract.lines import read_lines
from core.extract.links import detail_urls, next_url
from core.extract.scopes import Span, spans
from core.extract.selectors import Place, spots
from core.model.blueprint import Blueprint, RecordSet
from core.model.document import ParsedDocument
from core.model.extraction import Extraction, Record

__all__ = ["PageIndex", "extract", "read_table"]


def extract(blueprint: Blueprint, document: ParsedDocument) -> Extraction:
    """All records of a document, in the order of the blueprint's tables and then of the document.

    `next_url` and `detail_urls` are absolute, by the base of the page or its address. A table that is not on the page
    yields no record; a document of another kind than the blueprint's yields none and a warning. What that means is
    for the caller to judge.
    """
    if _family(document.kind) != _family(blueprint.kind):
        warning = f"The document is {document.kind}, the blueprint was learned from {blueprint.kind}."
        return Extraction(document.content_hash, document.url, [], warnings=(warning,))
    index = PageIndex(document) if document.kind in ("html", "xml") else None
    records = [record for table in blueprint.tables for record in read_table(table, document, index)]
    base = urljoin(document.url, index.tree.base) if index else document.url
    return Extraction(
        document.content_hash,
        document.url,
        records,
        next_url(blueprint.pagination, document, index),
        detail_urls(blueprint, records, base),
    )


def _family(kind: str) -> str:
    return "tree" if kind in ("html", "xml") else kind


def read_table(table: RecordSet, document: ParsedDocument, index: PageIndex | None) -> list[Record]:
    """The records of one table of a document; pages are read through their index."""
    if index is not None:
        return _read_page(table, index)
    return read_items(table, document) if document.kind == "json" else read_lines(table, document)


def _read_page(table: RecordSet, index: PageIndex) -> list[Record]:
    base = urljoin(index.document.url, index.tree.base)
    found = [_record(table, span, index, base) for span in _spans(table, index)]
    filled = [fields for fields in found if fields]
    return [Record(table.name, number, fields) for number, fields in enumerate(filled)]


def _spans(table: RecordSet, index: PageIndex) -> list[Span]:
    if table.scope.kind == "document":
        return [Span((index.tree.root,), index.view)]
    return spans(table.scope, index)


def _record(table: RecordSet, span: Span, index: PageIndex, base: str) -> dict[str, Any]:
    place = Place(index, span.view, span.nodes[0].order)
    found = ((field.name, cell(field, lambda selector: spots(selector, place), base)) for field in table.fields)
    return {name: value for name, value in found if value is not None}
