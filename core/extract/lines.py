"""Records of tables in files: the rows below the header row, columns found by their header, else by position."""

from typing import Any

from core.extract.cells import cell
from core.extract.selectors import Spot
from core.model.blueprint import RecordSet, Selector
from core.model.document import ParsedDocument, Sheet
from core.model.extraction import Record
from core.tree import squeeze


def read_lines(table: RecordSet, document: ParsedDocument) -> list[Record]:
    """The records of one sheet; rows without a value are no records."""
    sheet = next((sheet for sheet in document.root if sheet.name == table.scope.path), None)
    if sheet is None:
        return []
    header = _header(sheet, table.scope.minimum)
    rows = (_fields(table, sheet, number, header) for number in range(table.scope.minimum, len(sheet.rows)))
    return [Record(table.name, number, fields) for number, fields in enumerate(row for row in rows if row)]


def _header(sheet: Sheet, row: int) -> dict[str, int]:
    """Columns by header text; of two equal headers the first."""
    found: dict[str, int] = {}
    for column, text in enumerate(sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else ()):
        found.setdefault(squeeze(text), column)
    return found


def _fields(table: RecordSet, sheet: Sheet, row: int, header: dict[str, int]) -> dict[str, Any]:
    def find(selector: Selector) -> list[Spot]:
        column = header.get(selector.label, selector.nth - 1) if selector.label else selector.nth - 1
        cells = sheet.rows[row]
        text = squeeze(cells[column]) if column < len(cells) else ""
        return [Spot(text, 0, len(text), lambda: f"cell:{sheet.name}!R{row + 1}C{column + 1}")] if text else []

    read = ((field.name, cell(field, find, "")) for field in table.fields)
    return {name: value for name, value in read if value is not None}
