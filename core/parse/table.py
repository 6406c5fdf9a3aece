"""Tables in files: CSV with its dialect guessed from the data, and Excel workbooks."""

import csv
import io
from collections import Counter
from collections.abc import Iterable

from core.errors import UnreadableDocument
from core.model.document import Sheet

DELIMITERS = ",;\t|"
SAMPLE_LINES = 200


def read_csv(text: str) -> list[Sheet]:
    """One sheet without a name.

    Raises:
        UnreadableDocument: a single field is larger than a table's cell can be.
    """
    delimiter = guess_delimiter(text) or ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableDocument(f"The table is broken: {error}.", "Check its quotes.") from None
    return [Sheet("", [[cell.strip() for cell in row] for row in rows])]


def guess_delimiter(text: str) -> str | None:
    """The character that splits most lines into the same number of at least two cells; None when none does."""
    sample = "\n".join(text.splitlines()[:SAMPLE_LINES])
    scores = {delimiter: _agreement(sample, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else None


def _agreement(sample: str, delimiter: str) -> float:
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return 0.0
    width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    share = count / max(1, len(widths))
    return share * (1 + width / 100) if width >= 2 and count >= 2 and share >= 0.5 else 0.0


def read_workbook(content: bytes) -> list[Sheet]:
    """The sheets of an Excel workbook that hold anything.

    Raises:
        UnreadableDocument: it is not a workbook, or it is encrypted.
    """
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [Sheet(name, _cells(book.get_sheet_by_name(name).to_python())) for name in book.sheet_names]
    except Exception as error:  # calamine's own errors share no root, and a broken file raises many kinds
        raise UnreadableDocument(f"The workbook cannot be read: {error}.", "Save it anew without a password.") from None
    return [sheet for sheet in sheets if sheet.rows]


def _cells(rows: Iterable[Iterable[object]]) -> list[list[str]]:
    return [[_shown(cell) for cell in row] for row in rows]


def _shown(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
