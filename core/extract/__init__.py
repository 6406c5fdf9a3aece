"""A blueprint applied to a document: the records it holds, each value with its evidence, and where to go on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from core.dom.gc_pause import gc_paused
from core.dom.lookup import Lookup
from core.dom.page_index import PageIndex
from core.dom.record_lookup import RecordLookup
from core.extract.cells import plain_cell, read_cell
from core.extract.compiled import layouts_of, plain_fields, trie_of, wanted_of
from core.extract.data_records import Finds, read_rows
from core.extract.json_records import json_finds, json_next
from core.extract.layouts import Extent, FilledRecord, join_layouts
from core.extract.nesting import holders
from core.extract.scopes import NodeRange, is_header, node_ranges
from core.extract.selectors import Context, Match, matches
from core.extract.sheet_records import sheet_finds
from core.extract.text_records import text_finds
from core.extract.xml_records import xml_finds, xml_next
from core.model.blueprint import Blueprint, DocumentKind, RecordSet
from core.model.document import ParsedDocument
from core.model.extraction import Extraction, FieldValue, Record
from core.model.pagination import LinkPagination, NumberedPagination
from core.model.scope import DocumentScope, ElementScope
from core.model.selector import Selector
from core.pagination.links import detail_urls, next_url
from core.pagination.numbered import MOST_PAGES, following, position
from core.pagination.repeats import listed
from core.pagination.totals import says_last
from core.text.urls import absolute

__all__ = ["PageIndex", "extract", "read_table"]

# cells by the table and the number of their record
SecondCells = dict[tuple[str, int], dict[str, FieldValue]]


@gc_paused()
def extract(
    blueprint: Blueprint, document: ParsedDocument, *, located: bool = True, second: Blueprint | None = None
) -> Extraction:
    """All records of a document, in the order of the blueprint's tables and then of the document.

    `next_url` and `detail_urls` are absolute, by the base of the page or its address; where the next page has an
    address that no page says, the caller makes sure that it shows something new (core/pagination/repeats.py). A table
    that is not on the page yields no record, and so does a document of another kind; what that means is for the caller
    to judge. `warnings` say what of the document was left out. Who wants only values asks for none to be `located`:
    they come without evidence, and sooner. A `second` blueprint of the same tables reads their
    records once more.
    """
    if document.kind != blueprint.kind:
        said = f"This is a document of the kind {document.kind}; the blueprint reads {blueprint.kind}."
        return Extraction(document.content_hash, document.url, [], warnings=(said,))
    if document.kind == "html":
        records, next_page, again = _page(blueprint, document, located, second)
    else:
        (records, next_page), again = _data(blueprint, document, located), {}
    details = detail_urls(blueprint.details, records) if blueprint.details else ()
    found = Extraction(document.content_hash, document.url, records, next_page, details, document.warnings, again)
    if next_page or not isinstance(blueprint.pagination, NumberedPagination):
        return found
    return _numbered(blueprint, blueprint.pagination, document, found)


def _numbered(
    blueprint: Blueprint, pagination: NumberedPagination, document: ParsedDocument, found: Extraction
) -> Extraction:
    """With the address of the next page, by the number of this one."""
    records = len(listed(blueprint, found))
    if not records or says_last(document, records, position(pagination, document.url)):
        return found
    behind = following(pagination, document.url)
    if behind is None:
        said = f"A list is followed for {MOST_PAGES:,} pages; what lies behind {document.url} is not read."
        return replace(found, warnings=(*found.warnings, said))
    return replace(found, next_url=behind)


def _page(
    blueprint: Blueprint, document: ParsedDocument, located: bool, second: Blueprint | None
) -> tuple[list[Record], str | None, SecondCells]:
    index = PageIndex(document, wanted_of(blueprint, second))
    again: dict[str, dict[Extent, dict[str, FieldValue]]] = {table.name: {} for table in blueprint.tables}
    read = {
        table.name: _filled(table, index, located, second.table(table.name) if second else None, again[table.name])
        for table in blueprint.tables
    }
    records = [record for table in blueprint.tables for record in _records(table, read)]
    pagination = blueprint.pagination
    following = next_url(pagination.link, index) if isinstance(pagination, LinkPagination) else None
    cells = {
        (name, number): again[name][extent]
        for name, found in read.items()
        for number, (extent, _) in enumerate(found)
        if extent in again[name]
    }
    return records, following, cells


def _data(blueprint: Blueprint, document: ParsedDocument, located: bool) -> tuple[list[Record], str | None]:
    records = read_rows(blueprint, _FINDS[document.kind](document), document.url, located)
    return records, json_next(document) or xml_next(document)


def read_table(table: RecordSet, index: PageIndex, *, located: bool = True) -> list[Record]:
    """The records of one table on a page, without their parents; read once, though many questions are asked of them."""
    key = (id(table), located)
    if key not in index.tables:
        found = [Record(table.name, n, fields) for n, (_, fields) in enumerate(_filled(table, index, located))]
        index.tables[key] = (table, found)
    return index.tables[key][1]


def _filled(
    table: RecordSet,
    index: PageIndex,
    located: bool,
    second: RecordSet | None = None,
    again: dict[Extent, dict[str, FieldValue]] | None = None,
) -> list[FilledRecord]:
    """What stands in the records of a table; in `again`, what a second reader finds in those of its present layout."""
    base = absolute(index.document.url, index.tree.base)
    present, *earlier = layouts_of(table)
    second = second if second is not None and second.fields else None
    found = join_layouts([], _read_layout(present, index, base, located, second, again), present)
    for layout in earlier:
        found = join_layouts(found, _read_layout(layout, index, base, located), layout)
    return found


def _read_layout(
    table: RecordSet,
    index: PageIndex,
    base: str,
    located: bool,
    second: RecordSet | None = None,
    again: dict[Extent, dict[str, FieldValue]] | None = None,
) -> list[FilledRecord]:
    ends, found = index.tree.ends, []
    for run, lookup in _places(table, index, second):
        context, extent = Context(index, lookup, run[0]), (run[0], ends[run[-1]])
        fields = _record(table, context, base, located)
        if fields:
            found.append((extent, fields))
        if fields and second is not None and again is not None:
            again[extent] = _record(second, context, base, located)
    return found


def _records(table: RecordSet, read: Mapping[str, list[FilledRecord]]) -> list[Record]:
    """The records of a table; those of a child table know the record of the parent table that holds them."""
    if table.parent is None:
        return [Record(table.name, number, fields) for number, (_, fields) in enumerate(read[table.name])]
    inner, outer = ([extent for extent, _ in read.get(name, [])] for name in (table.name, table.parent))
    numbered = enumerate(zip(read[table.name], holders(inner, outer), strict=True))
    return [Record(table.name, number, fields, parent) for number, ((_, fields), parent) in numbered]


def _places(table: RecordSet, index: PageIndex, second: RecordSet | None) -> Iterator[tuple[NodeRange, Lookup]]:
    """The records of a table: their nodes, and where to look for their values."""
    scope = table.scope
    if isinstance(scope, DocumentScope):
        yield (0,), index.lookup
    if not isinstance(scope, ElementScope):
        return
    trie = trie_of(table, second)
    for run in node_ranges(scope, index):
        lookup = RecordLookup(index.tree, run, index.grid, trie, flat=scope.names_siblings)
        if not is_header(run, index) and lookup.count(scope.required_keys) >= scope.at_least:
            yield run, lookup


def _record(table: RecordSet, context: Context, base: str, located: bool) -> dict[str, FieldValue]:
    def find(selector: Selector) -> list[Match]:
        return matches(selector, context)

    at, record = context.view.at, {}
    for field, key in plain_fields(table):
        leaves = at(key) if key else ()
        value = plain_cell(field, leaves[0], base, located) if leaves and leaves[0].text else None
        if value is None:
            value = read_cell(field, find, base, located)
        if value is not None:
            record[field.name] = value
    return record


_FINDS: dict[DocumentKind, Callable[[ParsedDocument], Finds]] = {
    "json": json_finds,
    "table": sheet_finds,
    "pdf": sheet_finds,
    "xml": xml_finds,
    "text": text_finds,
}
