"""The tables in a sheet of cells: where each begins and ends, which rows are its header, which are notes and totals."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.dom.tree import squeeze
from core.model.blueprint import FieldType
from core.values import read_value

Rows = Sequence[Sequence[str]]
TOTAL = re.compile(
    r"(?i)^(grand |sub)?-?\s*(total|totals|sum|summe|gesamt|insgesamt|suma|totale|totaal|итого)\b[\s:]*$"
)
YEAR_LABEL = re.compile(r"^(19|20)\d\d([-/]\d{2,4})?$")
VALUES: tuple[FieldType, ...] = (
    "integer",
    "decimal",
    "money",
    "percent",
    "date",
    "datetime",
    "url",
    "email",
    "boolean",
)
# rows of a header: more are notes, or texts of the table itself
MOST_HEADER_ROWS = 3
# rows below a header that tell what its columns hold: more change nothing and cost time on wide sheets
ROWS_BELOW = 40
# characters of a name of a column, where only its form speaks for it; thrice that where values stand below
LONGEST_COLUMN_NAME, TYPED_FACTOR = 60, 3
# share of the cells up to which a row above or below a table is a title or a note; tables of few columns have none to
# spare for that
NOTE_SHARE, NARROW = 0.3, 4
# share of the cells that must be values: gaps are filled with words like “none”
VALUES_SHARE = 0.6
# share of the known labels that make a row the header
KNOWN_LABELS_SHARE = 0.5


class SheetTable(NamedTuple):
    """One table: the labels of its columns ("": none), its last header row (from 1; the row above where there is
    none), and the numbers of its rows (from 1).
    """

    labels: tuple[str, ...]
    header: int
    rows: tuple[int, ...]

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.labels)


def sheet_tables(rows: Rows, known: Collection[str] = ()) -> list[SheetTable]:
    """All tables of a sheet from top to bottom. A row that holds half of the `known` labels is a header for certain."""
    found: list[SheetTable] = []
    for start, end in _blocks(rows):
        grid = _grid(rows, start, end, frozenset(known))
        if grid is None:
            continue
        if found and _continues(found[-1], grid):
            found[-1] = found[-1]._replace(rows=found[-1].rows + grid.rows)
        else:
            found.append(grid)
    widest = max((grid.width for grid in found), default=0)
    return [grid for grid in found if grid.width > 1 or widest == 1]


def filled(row: Sequence[str]) -> int:
    """How many cells of a row are not empty."""
    return sum(1 for cell in row if cell)


def is_value(text: str) -> bool:
    """Whether a text is a number, a date, an address or the like: what headers are not made of."""
    return any(read_value(text, kind) is not None for kind in VALUES)


def _blocks(rows: Rows) -> Iterator[tuple[int, int]]:
    """Runs of rows without a blank one between them; a lone row is put before the run it is the header of."""
    start = None
    pending: int | None = None
    for at in range(len(rows) + 1):
        blank = at == len(rows) or not filled(rows[at])
        if not blank:
            start = at if start is None else start
        elif start is not None:
            alone = at - start == 1 and filled(rows[start]) > 1 and at < len(rows)
            first = start if pending is None or filled(rows[pending]) < filled(rows[start]) else pending
            pending = start if alone and pending is None else None
            if pending is None:
                yield first, at
            start = None
    if pending is not None:
        yield pending, pending + 1


def _grid(rows: Rows, start: int, end: int, known: frozenset[str]) -> SheetTable | None:
    width = _usual([filled(row) for row in rows[start:end]])
    start, end = _without_notes(rows, start, end, width)
    inner = [at for at in range(start, end) if filled(rows[at])]
    if not inner:
        return None
    header = _header_height(rows, inner, known)
    body = [at for at in inner if at >= start + header]
    columns = max(len(_stripped(rows[at])) for at in inner)
    labels = tuple(_column_labels(rows[start : start + header], columns))
    if not body and not header:
        return None
    first = body[0] if body and not header else start + header
    return SheetTable(labels, first, tuple(at + 1 for at in body))


def _usual(counts: list[int]) -> int:
    """The most common number of filled cells; of two equally common ones the larger."""
    common = Counter(count for count in counts if count)
    return max(common, key=lambda count: (common[count], count), default=0)


def _without_notes(rows: Rows, start: int, end: int, width: int) -> tuple[int, int]:
    """Without titles above and notes and totals below."""
    few = 1 if width > 2 else 0
    few = max(few, int(NOTE_SHARE * width)) if width > NARROW else few
    while start < end and filled(rows[start]) <= few:
        start += 1
    while end > start and (filled(rows[end - 1]) <= min(few, 1) or _is_total(rows[end - 1])):
        end -= 1
    return start, end


def _is_total(row: Sequence[str]) -> bool:
    first = next((cell for cell in row if cell), "")
    return TOTAL.match(first) is not None


def _stripped(row: Sequence[str]) -> Sequence[str]:
    size = len(row)
    while size and not row[size - 1]:
        size -= 1
    return row[:size]


def _header_height(rows: Rows, inner: list[int], known: frozenset[str]) -> int:
    """How many of the first rows are the header."""
    certain = _known_header(rows, inner, known) if known else 0
    if certain:
        return certain
    height = 0
    while height < min(MOST_HEADER_ROWS, len(inner) - 1) and _names_columns(rows, inner, height):
        height += 1
        if not _spans(rows[inner[height - 1]]):
            break
    return inner[height - 1] - inner[0] + 1 if height else 0


def _known_header(rows: Rows, inner: list[int], known: frozenset[str]) -> int:
    """How many first rows give the most of the known labels; 0 when they give less than half of them."""
    best, shared = 0, KNOWN_LABELS_SHARE * len(known) - 0.5
    for height in range(1, min(MOST_HEADER_ROWS, len(inner)) + 1):
        width = max(len(rows[at]) for at in inner[:height])
        count = len(set(_column_labels([rows[at] for at in inner[:height]], width)) & known)
        if count > shared:
            best, shared = inner[height - 1] - inner[0] + 1, count
    return best


def _spans(row: Sequence[str]) -> bool:
    """Whether a header row leaves its columns to the row below: gaps, or one text over several columns."""
    cells = list(_stripped(row))
    return any(not cell for cell in cells[1:]) or any(a == b for a, b in pairwise(cells) if a)


def _names_columns(rows: Rows, inner: list[int], at: int) -> bool:
    """Whether a row names the columns: texts of their own kind over values of another."""
    cells = rows[inner[at]]
    texts = [cell for cell in cells if cell]
    below = [rows[each] for each in inner[at + 1 : at + 1 + ROWS_BELOW]]
    if any(len(text) > TYPED_FACTOR * LONGEST_COLUMN_NAME for text in texts) or not _are_words(
        texts, over_stub=not cells[0]
    ):
        return False
    named = [column for column, cell in enumerate(cells) if cell]
    columns = [(cells[at], [row[at] for row in below if at < len(row) and row[at]]) for at in named]
    if any(_mostly_are(is_value, column) for _, column in columns):
        return True
    alike = any(cell in column or (_has_digit(cell) and _mostly_are(_has_digit, column)) for cell, column in columns)
    return at == 0 and not alike and all(len(text) <= LONGEST_COLUMN_NAME for text in texts)


def _mostly_are(test: Callable[[str], bool], texts: list[str]) -> bool:
    return bool(texts) and sum(map(test, texts)) >= VALUES_SHARE * len(texts)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _are_words(texts: list[str], *, over_stub: bool) -> bool:
    """Whether no text is a value; a row of different years is one of names beside another name or an empty corner.

    A single letter names a column (X beside Y), whatever it answers in the rows below.
    """
    values = [text for text in texts if is_value(text) and not (len(text) == 1 and text.isalpha())]
    years = all(YEAR_LABEL.match(text) for text in values) and len(set(values)) == len(values) > 1
    return len(texts) > 0 and (not values or (years and (over_stub or len(values) < len(texts))))


def _column_labels(header: Rows, width: int) -> list[str]:
    """One label a column: the texts of its header rows from top to bottom, each once."""
    filled_up = [_spread_right(row, width) for row in header[:-1]] + [_padded(row, width) for row in header[-1:]]
    whole = [row for row in filled_up if len({cell for cell in row if cell}) > 1 or len(filled_up) == 1 or width == 1]
    columns = zip(*whole, strict=True) if whole else [()] * width
    return [squeeze(" ".join(dict.fromkeys(cell for cell in column if cell))) for column in columns]


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _spread_right(row: Sequence[str], width: int) -> list[str]:
    """An upper header row: a text holds for the empty cells to its right."""
    found: list[str] = []
    for cell in _padded(row, width):
        found.append(cell or (found[-1] if found else ""))
    return found


def _continues(above: SheetTable, below: SheetTable) -> bool:
    """Whether a table after a blank row is the rest of the one above: as wide, with no header of its own."""
    return not any(below.labels) and abs(above.width - below.width) <= 1 and above.width > 1
