"""Learns the tables of sheets: CSV files, workbooks, the pages of a PDF."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.dom.tree import squeeze
from core.errors import NothingExtracted
from core.extract.sheet_records import is_labels, is_missing, tables_in
from core.extract.sheet_tables import SheetTable
from core.induce.confidence import HEADED, KEYED, PLACED, PRINTED
from core.induce.data.key_names import address_name, key_name
from core.induce.limits import LABEL_SHARE, examples_of, short_examples_of
from core.induce.naming import Names
from core.model.blueprint import Blueprint, DocumentKind, Field, RecordSet
from core.model.document import ParsedDocument, Sheet
from core.model.scope import DocumentScope, SheetRowsScope
from core.model.selector import ColumnNumberSelector, ColumnSelector, LabelSelector
from core.values import column_type

# a file says itself what its tables and columns are: only absurd ones are cut, and that is said
MAX_SHEET_COLUMNS = 1_000
MAX_SHEET_TABLES = 100

# cells of a column that its type is taken from, all over the file: more change no type and cost seconds on long files
TYPED_CELLS = 400


class Part(NamedTuple):
    """A grid and the sheet that it is in."""

    sheet: Sheet
    grid: SheetTable


def induce_sheets(documents: Sequence[ParsedDocument]) -> Blueprint:
    """The blueprint of the sheets of one or several files of one kind.

    Raises:
        NothingExtracted: they hold no table.
    """
    tables = _same_header(part for document in documents for part in _parts_in(document))
    names = Names()
    fallback = address_name(documents[0].url) or "records"
    found = [_sheet_table(parts, documents[0].kind, names, fallback) for parts in tables[:MAX_SHEET_TABLES]]
    found += _label_tables(documents, names)
    if not found:
        raise NothingExtracted("No table was found in the file.", "Check that it has rows and columns.")
    return Blueprint(
        kind=documents[0].kind,
        tables=tuple(found),
        learned_from=tuple(document.content_hash for document in documents),
        left_out=len(tables[MAX_SHEET_TABLES:]),
    )


def _label_tables(documents: Sequence[ParsedDocument], names: Names) -> list[RecordSet]:
    """What the documents say in lines of labels and values: one record a document."""
    said: dict[str, list[str]] = {}
    for sheet in (sheet for document in documents for sheet in document.root if is_labels(sheet)):
        for label, value in sheet.rows:
            said.setdefault(label, []).append(squeeze(value))
    own = Names()
    fields = tuple(
        _labelled_field(label, texts, len(documents), own)
        for label, texts in said.items()
        if len(texts) >= LABEL_SHARE * len(documents)
    )
    if not fields:
        return []
    return [RecordSet(name=names.take("document"), scope=DocumentScope(), fields=fields, confidence=PLACED)]


def _labelled_field(label: str, texts: list[str], documents: int, names: Names) -> Field:
    kind, locale = column_type(texts)
    return Field(
        name=names.take(key_name(label)),
        type=kind,
        selectors=(LabelSelector(label=label),),
        label=label,
        locale=locale,
        examples=examples_of(texts),
        confidence=PRINTED,
        fill=round(min(1.0, len(texts) / documents), 4),
    )


def _parts_in(document: ParsedDocument) -> Iterator[Part]:
    for sheet, grid in tables_in(document.root):
        if grid.rows:
            yield Part(sheet, grid)


def _same_header(parts: Iterator[Part]) -> list[list[Part]]:
    """Tables of the same labels are one table; the one with the most cells comes first."""
    found: dict[tuple[object, ...], list[Part]] = {}
    for part in parts:
        labels = part.grid.labels
        key = labels if any(labels) else (part.sheet.name, part.grid.header, len(labels))
        found.setdefault(key, []).append(part)
    return sorted(found.values(), key=lambda same: -sum(part.grid.width * len(part.grid.rows) for part in same))


def _sheet_table(parts: list[Part], kind: DocumentKind, names: Names, fallback: str) -> RecordSet:
    sheet, grid = parts[0]
    every = _column_fields(parts)
    fields, left_out = every[:MAX_SHEET_COLUMNS], len(every[MAX_SHEET_COLUMNS:])
    only = sheet.name if kind == "table" and len({part.sheet.name for part in parts}) == 1 else ""
    headers = tuple(dict.fromkeys(filter(None, grid.labels)))
    scope = SheetRowsScope(sheet=only, headers=headers, header_row=grid.header)
    name = names.take(_sheet_name(sheet.name) or fallback)
    confidence = HEADED if any(grid.labels) else PLACED
    return RecordSet(name=name, scope=scope, fields=fields, confidence=confidence, left_out=left_out)


def _sheet_name(name: str) -> str:
    """The name of a sheet, unless it is one that programs hand out."""
    found = key_name(name)
    return (
        "" if found.rstrip("0123456789_") in ("sheet", "tabelle", "feuil", "hoja", "foglio", "n", "page", "") else found
    )


def _column_fields(parts: list[Part]) -> tuple[Field, ...]:
    names = Names()
    grid = parts[0].grid
    columns = [[text for part in parts for text in _cells_of(part, at)] for at in range(1, grid.width + 1)]
    records = sum(len(part.grid.rows) for part in parts)
    fields = (_column_field(grid, at, texts, records, names) for at, texts in enumerate(columns, 1))
    return tuple(field for field in fields if field is not None)


def _cells_of(part: Part, at: int) -> Iterator[str]:
    for number in part.grid.rows:
        cells = part.sheet.rows[number - 1]
        if at <= len(cells) and not is_missing(cells[at - 1], strict=False):
            yield squeeze(cells[at - 1])


def _column_field(grid: SheetTable, at: int, texts: list[str], records: int, names: Names) -> Field | None:
    label = grid.labels[at - 1]
    if not texts and not label:
        return None
    kind, locale = column_type(_sample([text for text in texts if not is_missing(text)]))
    numbered = ColumnNumberSelector(number=at)
    selector = ColumnSelector(header=label, occurrence=grid.labels[:at].count(label)) if label else numbered
    return Field(
        name=names.take(key_name(label) or f"column_{at}"),
        type=kind,
        selectors=(selector,),
        label=label,
        locale=locale,
        examples=short_examples_of(texts),
        confidence=KEYED if label else PLACED,
        fill=round(min(1.0, len(texts) / max(1, records)), 4),
    )


def _sample(texts: list[str]) -> list[str]:
    """Texts from all over a column: a file sorted by a column begins with its oddest values."""
    return texts[:: max(1, len(texts) // TYPED_CELLS)]
