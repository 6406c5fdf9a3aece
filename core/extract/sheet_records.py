"""Records and values in sheets: the rows of a table, and the cells of its columns."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from core.dom.tree import squeeze
from core.extract.cells import Finder
from core.extract.data_records import Finds, FoundRecord
from core.extract.selectors import Match, sliced
from core.extract.sheet_tables import SheetTable, sheet_tables
from core.model.blueprint import RecordSet
from core.model.document import LABELS, ParsedDocument, Sheet
from core.model.scope import DocumentScope, SheetRowsScope
from core.model.selector import ColumnNumberSelector, ColumnSelector, LabelSelector, Selector
from core.values import is_loose

EMPTY_CELLS = frozenset(("", "?", "-", "–", "—", "--", "..", "n/a", "#n/a", "null", "nan", "n.a."))
NO_VALUE = EMPTY_CELLS | {
    "na",
    "none",
    "nil",
    "nr",
    "nd",
    "unknown",
    "missing",
    "x",
    "*",
    "tbd",
    "tba",
    "#ref!",
    "#value!",
}


# share of the labels of a table that a sheet must have to be that table: columns come and go from file to file
HALF_OF_LABELS = 0.5
# share of the labels of the best sheet that another must have to be a part of the same table
NEARLY_AS_MANY = 0.9


class ColumnReading(NamedTuple):
    """The column that a selector reads in one grid, and whether words for "no value" are none there."""

    column: int
    strict: bool


def sheet_finds(document: ParsedDocument) -> Finds:
    """How the rows of a table are found in sheets; pages of one PDF may each hold a part of it."""

    def finds(table: RecordSet) -> list[FoundRecord]:
        scope = table.scope
        if isinstance(scope, DocumentScope):
            return [FoundRecord((), lambda selector: _labelled_values(selector, document.root))]
        held = tables_at(scope, document.root) if isinstance(scope, SheetRowsScope) else []
        return [found for sheet, grid in held for found in _sheet_rows(table, sheet, grid)]

    return finds


def _sheet_rows(table: RecordSet, sheet: Sheet, grid: SheetTable) -> Iterator[FoundRecord]:
    reads = {
        selector: ColumnReading(column_of(selector, grid), not is_loose(field.type))
        for field in table.fields
        for selector in (*field.selectors, *field.former)
    }
    for row in grid.rows:
        yield FoundRecord((sheet.name, row), _cell_finder(sheet, row, reads))


def tables_at(scope: SheetRowsScope, sheets: Sequence[Sheet]) -> list[tuple[Sheet, SheetTable]]:
    """The grids that are the table of a scope: those with its labels; without labels the one at its row."""
    named = [sheet for sheet in sheets if sheet.name == scope.sheet]
    if scope.headers:
        # a sheet may be renamed from file to file, its columns tell what it is
        return _tables_by_labels(scope, named) or _tables_by_labels(scope, sheets)
    named = named or list(sheets)
    bare = [(sheet, grid) for sheet, grid in tables_in(named) if not any(grid.labels)]
    return sorted(bare, key=lambda pair: abs(pair[1].header - scope.header_row))[:1]


def tables_in(sheets: Sequence[Sheet], known: Collection[str] = ()) -> Iterator[tuple[Sheet, SheetTable]]:
    """The tables of all sheets. One without a header at the top of a PDF page goes on with the table before it."""
    last: tuple[Sheet, SheetTable] | None = None
    for sheet in sheets:
        for grid in sheet_tables(sheet.rows, known) if not is_labels(sheet) else ():
            if last and not any(grid.labels) and grid.width == last[1].width and _is_next_page(last[0], sheet):
                grid = grid._replace(labels=last[1].labels)
            last = (sheet, grid)
            yield last


def is_labels(sheet: Sheet) -> bool:
    """Whether a sheet holds labels and values, not a table."""
    page, _, place = sheet.name.partition(".")
    return place == LABELS and page.isdecimal() and all(len(row) == 2 for row in sheet.rows)


def _labelled_values(selector: Selector, sheets: Sequence[Sheet]) -> list[Match]:
    """The value beside a label in the sheets of labels."""
    if not isinstance(selector, LabelSelector):
        return []
    found = [
        _cell_match(sheet, row, 2)
        for sheet in sheets
        if is_labels(sheet)
        for row, cells in enumerate(sheet.rows, 1)
        if cells[0] == selector.label
    ]
    return found[selector.occurrence - 1 : selector.occurrence]


def _cell_match(sheet: Sheet, row: int, column: int) -> Match:
    text = squeeze(sheet.rows[row - 1][column - 1])
    return Match(text, 0, len(text), lambda: f"cell:{sheet.name}!R{row}C{column}", row)


def _is_next_page(before: Sheet, sheet: Sheet) -> bool:
    """Whether a sheet is the first table of the PDF page after that of another."""
    page, _, place = sheet.name.partition(".")
    above = before.name.partition(".")[0]
    return place == "1" and page.isdecimal() and above.isdecimal() and int(page) == int(above) + 1


def _tables_by_labels(scope: SheetRowsScope, sheets: Sequence[Sheet]) -> list[tuple[Sheet, SheetTable]]:
    """The grids with at least half of the labels, and nearly as many as the one with the most."""
    wanted = set(scope.headers)
    found = list(tables_in(sheets, wanted))
    shared = [len(wanted & set(grid.labels)) for _, grid in found]
    least = max(HALF_OF_LABELS * len(wanted), NEARLY_AS_MANY * max(shared, default=0))
    return [pair for pair, count in zip(found, shared, strict=True) if count >= least]


def is_missing(text: str, strict: bool = True) -> bool:
    """Whether a cell says that there is no value; in a column of numbers or dates more words do."""
    return text.casefold() in (NO_VALUE if strict else EMPTY_CELLS)


def _cell_finder(sheet: Sheet, row: int, reads: dict[Selector, ColumnReading]) -> Finder:
    return lambda selector: _cell_matches(selector, sheet, row, reads[selector])


def _cell_matches(selector: Selector, sheet: Sheet, row: int, reading: ColumnReading) -> list[Match]:
    column, strict = reading
    cells = sheet.rows[row - 1]
    text = squeeze(cells[column - 1]) if 0 < column <= len(cells) else ""
    if is_missing(text, strict):
        return []
    found = [Match(text, 0, len(text), lambda: f"cell:{sheet.name}!R{row}C{column}")]
    return sliced(found, selector.slices)


def column_of(selector: Selector, grid: SheetTable) -> int:
    """The number of the column that a selector reads, from 1; 0 when there is none."""
    if isinstance(selector, ColumnNumberSelector):
        return selector.number
    if not isinstance(selector, ColumnSelector):
        return 0
    at = [number for number, label in enumerate(grid.labels, 1) if label == selector.header]
    return at[selector.occurrence - 1] if len(at) >= selector.occurrence else 0
