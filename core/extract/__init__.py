"""A blueprint applied to a document: the records it holds, each value with its evidence, and where to go on."""

from collections.abc import Callable, Iterator

from core.addresses import absolute
from core.extract.blocks import text_finds
from core.extract.cells import cell
from core.extract.elements import xml_finds, xml_next
from core.extract.index import PageIndex
from core.extract.items import json_finds, json_next
from core.extract.lines import sheet_finds
from core.extract.links import detail_urls, next_url
from core.extract.rows import Finds, read_rows
from core.extract.scopes import Span, spans
from core.extract.selectors import Place, spots
from core.model.blueprint import Blueprint, DocumentKind, RecordSet
from core.model.document import ParsedDocument
from core.model.extraction import Extraction, FieldValue, Record

__all__ = ["PageIndex", "extract", "read_table"]


def extract(blueprint: Blueprint, document: ParsedDocument) -> Extraction:
    """All records of a document, in the order of the blueprint's tables and then of the document.

    `next_url` and `detail_urls` are absolute, by the base of the page or its address. A table that is not on the page
    yields no record, and so does a document of another kind; what that means is for the caller to judge.
    """
    if document.kind != blueprint.kind:
        said = f"This is a document of the kind {document.kind}; the blueprint reads {blueprint.kind}."
        return Extraction(document.content_hash, document.url, [], warnings=(said,))
    records, following = _page(blueprint, document) if document.kind == "html" else _data(blueprint, document)
    details = detail_urls(blueprint.details, records) if blueprint.details else ()
    return Extraction(document.content_hash, document.url, records, next_url=following, detail_urls=details)


def _page(blueprint: Blueprint, document: ParsedDocument) -> tuple[list[Record], str | None]:
    index = PageIndex(document)
    records = [record for table in blueprint.tables for record in read_table(table, index)]
    following = blueprint.pagination.selector if blueprint.pagination else None
    return records, next_url(following, index) if following else None


def _data(blueprint: Blueprint, document: ParsedDocument) -> tuple[list[Record], str | None]:
    return read_rows(blueprint, _FINDS[document.kind](document), document.url), json_next(document) or xml_next(
        document
    )


def read_table(table: RecordSet, index: PageIndex) -> list[Record]:
    """The records of one table on a page."""
    base = absolute(index.document.url, index.tree.base)
    filled = next((found for layout in _layouts(table) if (found := _filled(layout, index, base))), [])
    return [Record(table.name, number, fields) for number, fields in enumerate(filled)]


def _filled(table: RecordSet, index: PageIndex, base: str) -> list[dict[str, FieldValue]]:
    found = (_record(table, span, index, base) for span in _spans(table, index))
    return [fields for fields in found if fields]


def _layouts(table: RecordSet) -> Iterator[RecordSet]:
    """The table as it stands, then as it stood in earlier scopes; former selectors belong to those."""
    if not table.former:
        yield table
        return
    own = tuple(field.model_copy(update={"former": ()}) for field in table.fields)
    yield table.model_copy(update={"fields": own})
    fields = tuple(field.model_copy(update={"selectors": ()}) for field in table.fields)
    for scope in table.former:
        yield table.model_copy(update={"scope": scope, "fields": fields})


def _spans(table: RecordSet, index: PageIndex) -> list[Span]:
    if table.scope.kind == "document":
        return [Span((index.tree.root,), index.view)]
    return spans(table.scope, index)


def _record(table: RecordSet, span: Span, index: PageIndex, base: str) -> dict[str, FieldValue]:
    place = Place(index, span.view, span.nodes[0].order)
    found = ((field.name, cell(field, lambda selector: spots(selector, place), base)) for field in table.fields)
    return {name: value for name, value in found if value is not None}


_FINDS: dict[DocumentKind, Callable[[ParsedDocument], Finds]] = {
    "json": json_finds,
    "table": sheet_finds,
    "pdf": sheet_finds,
    "xml": xml_finds,
    "text": text_finds,
}
