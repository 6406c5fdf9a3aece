"""The tables of a PDF page whose cells have lines drawn around them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.parse.pdf.rules import TOUCH, DrawnRule
from core.parse.pdf.words import PdfWord, RowTexts, lines_of

# drawn edges in either direction of the smallest table, two by two cells; it has as many filled cells
MIN_EDGES = 3
# cells of a grid, and lines on a page, above which it is a map or a drawing: grouping compares each line with all
MAX_CELLS = 20_000
MAX_DRAWN = 1_500
# the share of the grid's cells that must be cells of their own: with fewer, lines are drawn around blocks of rows
DRAWN_SHARE = 0.35
# A row holds rows without a line between them when its cells are stacks of as many lines: this many at least, in cells
# whose numbers of lines are nearly alike, in a share of the cells and of the rows; or stacks of one line fewer that are
# all short values, in a smaller share of the rows, as words wrap and values do not.
STACKED = 4
NEARLY_AS_TALL = 0.8
CELLS_AS_TALL = 0.6
STACKED_ROWS = 0.3
STACKED_VALUES = 0.2
# words of a short value, of which one holds a digit
SHORT_VALUE = 2
GridPlace = tuple[int, int]


class Box(NamedTuple):
    """A table of drawn cells: where it is, its rows, and the words in it."""

    top: float
    rows: list[RowTexts]
    words: frozenset[PdfWord]


def boxes_of(words: Sequence[PdfWord], rules: Sequence[DrawnRule]) -> list[Box]:
    """The drawn tables of a page; those whose cells hold several rows without a line between them are left out."""
    if len(rules) > MAX_DRAWN:
        return []  # a map or a drawing
    found = (_box(words, group) for group in _groups(rules))
    return [box for box in found if box is not None]


def _groups(rules: Sequence[DrawnRule]) -> list[list[DrawnRule]]:
    """Rules that touch one another."""
    groups: list[list[DrawnRule]] = []
    for rule in rules:
        near = [group for group in groups if any(_do_touch(rule, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([rule, *(other for group in near for other in group)])
    return groups


def _do_touch(one: DrawnRule, other: DrawnRule) -> bool:
    if one.across == other.across:
        return False
    return one.start - TOUCH <= other.at <= one.end + TOUCH and other.start - TOUCH <= one.at <= other.end + TOUCH


def _box(words: Sequence[PdfWord], rules: list[DrawnRule]) -> Box | None:
    rows, columns = _edges(rules, across=True), _edges(rules, across=False)
    if min(len(rows), len(columns)) < MIN_EDGES or len(rows) * len(columns) > MAX_CELLS:
        return None
    inside = frozenset(word for word in words if _between(rows, word.middle) >= 0 and _column(columns, word) >= 0)
    cells = _merged(rows, columns, rules)
    held: dict[GridPlace, list[PdfWord]] = defaultdict(list)
    if len(set(cells.values())) < DRAWN_SHARE * len(cells):
        return None
    for word in inside:
        held[cells[_between(rows, word.middle), _column(columns, word)]].append(word)
    held = _apart(held, columns)
    if len(held) < MIN_EDGES or _is_stacked(held):
        return None
    grid = [["" for _ in columns[1:]] for _ in rows[1:]]
    for (row, column), texts in held.items():
        grid[row][column] = " ".join(chunk.text for line in lines_of(texts) for chunk in line.chunks)
    return Box(rows[0], _without_empty(grid), inside)


def _edges(rules: Iterable[DrawnRule], *, across: bool) -> list[float]:
    found: list[float] = []
    for at in sorted(rule.at for rule in rules if rule.across == across):
        if not found or at - found[-1] > TOUCH:
            found.append(at)
    return found


def _between(edges: Sequence[float], at: float) -> int:
    return next((n for n in range(len(edges) - 1) if edges[n] <= at < edges[n + 1]), -1)


def _column(edges: Sequence[float], word: PdfWord) -> int:
    return _between(edges, (word.x0 + word.x1) / 2)


def _merged(rows: list[float], columns: list[float], rules: list[DrawnRule]) -> dict[GridPlace, GridPlace]:
    """For each cell of the grid the first cell of the one it is part of: no line is drawn between them."""
    owner: dict[GridPlace, GridPlace] = {}
    across = [[rule for rule in rules if rule.across and abs(rule.at - at) <= TOUCH] for at in rows]
    down = [[rule for rule in rules if not rule.across and abs(rule.at - at) <= TOUCH] for at in columns]
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            y, x = (rows[row] + rows[row + 1]) / 2, (columns[column] + columns[column + 1]) / 2
            owner[row, column] = (row, column)
            if column and not _drawn(down[column], y):
                owner[row, column] = owner[row, column - 1]
            elif row and not _drawn(across[row], x):
                owner[row, column] = owner[row - 1, column]
    return owner


def _drawn(rules: list[DrawnRule], through: float) -> bool:
    return any(rule.start <= through <= rule.end for rule in rules)


def _apart(held: dict[GridPlace, list[PdfWord]], columns: list[float]) -> dict[GridPlace, list[PdfWord]]:
    """Cells over several columns whose chunks stand one in each of them are as many cells."""
    found: dict[GridPlace, list[PdfWord]] = defaultdict(list)
    for (row, column), words in held.items():
        chunks = [chunk for line in lines_of(words) for chunk in line.chunks]
        at = [_column(columns, chunk) for chunk in chunks]
        fits = all(columns[n] - TOUCH < c.x0 and c.x1 < columns[n + 1] + TOUCH for n, c in zip(at, chunks, strict=True))
        for word in words:
            found[row, _column(columns, word) if fits and len(set(at)) > 1 else column].append(word)
    return found


def _is_stacked(held: dict[GridPlace, list[PdfWord]]) -> bool:
    """Whether cells beside each other hold columns of lines: rows without a line drawn between them."""
    heights: dict[int, list[int]] = defaultdict(list)
    values: dict[int, int] = defaultdict(int)
    for (row, _), words in held.items():
        lines = [" ".join(chunk.text for chunk in line.chunks) for line in lines_of(words)]
        heights[row].append(len(lines))
        values[row] += len(lines) >= STACKED - 1 and all(_is_short_value(line) for line in lines)
    tall = [counts for counts in heights.values() if max(counts) >= STACKED]
    alike = sum(1 for counts in tall if _count_tall(counts) >= max(2, CELLS_AS_TALL * len(counts)))
    many = sum(count > 1 for count in values.values())
    return alike > STACKED_ROWS * len(heights) or many > STACKED_VALUES * len(heights)


def _count_tall(counts: list[int]) -> int:
    return sum(1 for count in counts if count >= NEARLY_AS_TALL * max(counts))


def _is_short_value(text: str) -> bool:
    return len(text.split()) <= SHORT_VALUE and any(c.isdigit() for c in text)


def _without_empty(grid: list[RowTexts]) -> list[RowTexts]:
    rows = [row for row in grid if any(row)]
    kept = [at for at in range(len(grid[0])) if any(row[at] for row in rows)]
    return [[row[at] for at in kept] for row in rows]
