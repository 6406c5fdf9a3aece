"""A blueprint applied to a document: the records it holds, each value with its evidence, and where to go on."""

from collections.abc import Callable, Mapping

from core.addresses import absolute
from core.collecting import uncollected
from core.extract.blocks import text_finds
from core.extract.cells import cell
from core.extract.elements import xml_finds, xml_next
from core.extract.index import PageIndex
from core.extract.items import json_finds, json_next
from core.extract.layouts import Filled, joined, layouts
from core.extract.lines import sheet_finds
from core.extract.links import detail_urls, next_url
from core.extract.nesting import holders
from core.extract.rows import Finds, read_rows
from core.extract.scopes import Span, spans
from core.extract.selectors import Place, spots
from core.model.blueprint import Blueprint, DocumentKind, RecordSet
from core.model.document import ParsedDocument
from core.model.extraction import Extraction, FieldValue, Record

__all__ = ["PageIndex", "extract", "read_table"]


@uncollected()
def extract(blueprint: Blueprint, document: ParsedDocument, *, located: bool = True) -> Extraction:
    """All records of a document, in the order of the blueprint's tables and then of the document.

    `next_url` and `detail_urls` are absolute, by the base of the page or its address. A table that is not on the page
    yields no record, and so does a document of another kind; what that means is for the caller to judge. Who wants only
    values asks for none to be `located`: they come without evidence, and sooner.
    """
    if document.kind != blueprint.kind:
        said = f"This is a document of the kind {document.kind}; the blueprint reads {blueprint.kind}."
        return Extraction(document.content_hash, document.url, [], warnings=(said,))
    read = _page if document.kind == "html" else _data
    records, following = read(blueprint, document, located)
    details = detail_urls(blueprint.details, records) if blueprint.details else ()
    return Extraction(document.content_hash, document.url, records, next_url=following, detail_urls=details)


def _page(blueprint: Blueprint, document: ParsedDocument, located: bool) -> tuple[list[Record], str | None]:
    index = PageIndex(document)
    read = {table.name: _filled(table, index, located) for table in blueprint.tables}
    records = [record for table in blueprint.tables for record in _records(table, read)]
    following = blueprint.pagination.selector if blueprint.pagination else None
    return records, next_url(following, index) if following else None


def _data(blueprint: Blueprint, document: ParsedDocument, located: bool) -> tuple[list[Record], str | None]:
    records = read_rows(blueprint, _FINDS[document.kind](document), document.url, located)
    return records, json_next(document) or xml_next(document)


def read_table(table: RecordSet, index: PageIndex, *, located: bool = True) -> list[Record]:
    """The records of one table on a page, without their parents."""
    return [Record(table.name, number, fields) for number, (_, fields) in enumerate(_filled(table, index, located))]


def _filled(table: RecordSet, index: PageIndex, located: bool) -> list[Filled]:
    base = absolute(index.document.url, index.tree.base)
    found: list[Filled] = []
    for layout in layouts(table):
        found = joined(found, _read_layout(layout, index, base, located), layout)
    return found


def _read_layout(table: RecordSet, index: PageIndex, base: str, located: bool) -> list[Filled]:
    places = ((span, Place(index, span.view, span.nodes[0].order)) for span in _spans(table, index))
    found = ((span, _record(table, place, base, located)) for span, place in places)
    return [(span, fields) for span, fields in found if fields]


def _records(table: RecordSet, read: Mapping[str, list[Filled]]) -> list[Record]:
    """The records of a table; those of a child table know the record of the parent table that holds them."""
    if table.parent is None:
        return [Record(table.name, number, fields) for number, (_, fields) in enumerate(read[table.name])]
    inner, outer = ([span for span, _ in read.get(name, [])] for name in (table.name, table.parent))
    numbered = enumerate(zip(read[table.name], holders(inner, outer), strict=True))
    return [Record(table.name, number, fields, parent) for number, ((_, fields), parent) in numbered]


def _spans(table: RecordSet, index: PageIndex) -> list[Span]:
    if table.scope.kind == "document":
        return [Span((index.tree.root,), index.view)]
    return spans(table.scope, index)


def _record(table: RecordSet, place: Place, base: str, located: bool) -> dict[str, FieldValue]:
    found = (
        (field.name, cell(field, lambda selector: spots(selector, place), base, located)) for field in table.fields
    )
    return {name: value for name, value in found if value is not None}


_FINDS: dict[DocumentKind, Callable[[ParsedDocument], Finds]] = {
    "json": json_finds,
    "table": sheet_finds,
    "pdf": sheet_finds,
    "xml": xml_finds,
    "text": text_finds,
}
