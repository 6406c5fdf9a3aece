"""Tables in files: CSV with its dialect guessed from the data, and workbooks (XLSX, XLS, ODS)."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from core.errors import TooLarge, UnreadableDocument
from core.model.document import Sheet
from core.parse.archive import refuse_bomb
from core.parse.limits import DEFAULTS, Limits

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

DELIMITERS = ",;\t|"
# lines that a delimiter is guessed from, the share of them that must have one width, and how many cells more are worth
# as much as another share: of two delimiters that split alike, the one that splits more
SAMPLE_LINES = 200
SAME_WIDTH = 0.5
CELLS_A_SHARE = 100
GAP = re.compile(r"\s{2,}|\t")
PACKED = b"PK"
# cells that one merged cell is written into: larger ones are frames around a sheet
MAX_SPAN = 10_000


def read_csv(text: str, limits: Limits = DEFAULTS) -> list[Sheet]:
    """One sheet without a name. Columns that are only apart by blanks are told by gaps of two and more.

    Raises:
        UnreadableDocument: a single field is larger than a table's cell can be.
        TooLarge: it has more rows, columns or cells than the limits allow.
    """
    delimiter = guess_delimiter(text)
    if delimiter is None and _is_aligned(text):
        return [Sheet("", list(_check_limits((GAP.split(line.strip()) for line in text.splitlines()), limits)))]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ",", skipinitialspace=True)
    try:
        return [Sheet("", [[cell.strip() for cell in row] for row in _check_limits(rows, limits)])]
    except csv.Error as error:
        raise UnreadableDocument(f"The table is broken: {error}.", "Check its quotes.") from None


def _check_limits(rows: Iterable[list[str]], limits: Limits) -> Iterator[list[str]]:
    """The rows, until they are too many."""
    cells = 0
    for number, row in enumerate(rows, 1):
        cells += len(row)
        if number > limits.rows or cells > limits.cells or len(row) > limits.columns:
            for what, count in (("rows", number), ("columns", len(row)), ("cells", cells)):
                limits.check(what, "The table", count)
        yield row


def guess_delimiter(text: str) -> str | None:
    """The character that splits most lines into the same number of at least two cells; None when none does."""
    sample = "\n".join(text.splitlines()[:SAMPLE_LINES])
    scores = {delimiter: _agreement(sample, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else None


def _agreement(sample: str, delimiter: str) -> float:
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
        widths = [len(row) for row in reader if row]
    except csv.Error:
        return 0.0
    return _most_alike(widths)


def _most_alike(widths: list[int]) -> float:
    """How many of the rows are of the most common width, wider ones worth a little more; 0 when too few are."""
    width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    share = count / max(1, len(widths))
    return share * (1 + width / CELLS_A_SHARE) if width >= 2 and count >= 2 and share >= SAME_WIDTH else 0.0


def _is_aligned(text: str) -> bool:
    lines = [line.strip() for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]
    return len(lines) > 2 and _most_alike([len(GAP.split(line)) for line in lines]) > 0


def read_workbook(content: bytes, limits: Limits = DEFAULTS) -> list[Sheet]:
    """The sheets of a workbook that hold anything; a merged cell counts for all the cells it covers.

    Raises:
        UnreadableDocument: it is not a workbook, or it is encrypted.
        TooLarge: it unpacks to more than the limits allow, or a sheet has too many rows, columns or cells.
    """
    from python_calamine import CalamineWorkbook

    if content.startswith(PACKED):
        refuse_bomb(content, limits)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_sheet(book.get_sheet_by_name(name), limits) for name in book.sheet_names]
    except TooLarge:
        raise
    except Exception as error:  # calamine's own errors share no root, and a broken file raises many kinds
        raise UnreadableDocument(f"The workbook cannot be read: {error}.", "Save it anew without a password.") from None
    return [sheet for sheet in sheets if sheet.rows]


def _sheet(source: "CalamineSheet", limits: Limits) -> Sheet:
    # calamine counts from 0
    height, width = source.total_height + 1, source.total_width + 1
    for what, number in (("rows", height), ("columns", width), ("cells", height * width)):
        limits.check(what, f"The sheet “{source.name}”", number)
    rows = [[_shown(cell) for cell in row] for row in source.to_python(skip_empty_area=False)]
    for first, last in source.merged_cell_ranges or ():
        _fill(rows, first, last)
    return Sheet(source.name, rows)


def _fill(rows: list[list[str]], first: tuple[int, int], last: tuple[int, int]) -> None:
    height, width = last[0] - first[0] + 1, last[1] - first[1] + 1
    if height * width > MAX_SPAN or first[0] >= len(rows) or first[1] >= len(rows[first[0]]):
        return
    text = rows[first[0]][first[1]]
    for row in rows[first[0] : last[0] + 1]:
        for column in range(first[1], min(last[1] + 1, len(row))):
            row[column] = text


def _shown(cell: object) -> str:
    """A cell as its program shows it: fifteen digits, no point behind whole numbers."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.15g}" if abs(cell) < 1e15 else f"{cell:.0f}"
    return str(cell).strip()
