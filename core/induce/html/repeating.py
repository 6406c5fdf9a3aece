"""Columns whose values go on over several rows although no heading says so: likely each belongs to one row only."""

from collections.abc import Sequence
from itertools import groupby
from statistics import median

from core.induce.html.bounds import LONGEST_HEADING
from core.induce.html.columns import CellReading, ListColumn
from core.model.selector import AboveSelector

# fewer rows or values say nothing about how they repeat
FEWEST_REPEATING_ROWS, FEWEST_VALUES = 6, 3
# share of the rows that must have a value of their own in a column that does not repeat
OWN_VALUE_SHARE = 0.9
# runs of equal values for each different value: above that, values come again elsewhere, as categories do
RUNS_A_VALUE = 1.1
# characters, in the median, of a text that two rows hardly share by right
LONG_CELL = 40


def doubt_of(column: ListColumn) -> str:
    """What a person should know of a column before trusting it; "" for most."""
    filled = [cell for cell in column.cells if cell]
    different = len(set(filled))
    if not _stands_in_runs(filled, different) or not (_is_no_heading(column) or _is_long(column, LONG_CELL)):
        return ""
    return f"repeats: {different:,} different values in {len(filled):,} rows"


def _stands_in_runs(filled: Sequence[CellReading], different: int) -> bool:
    """Whether equal values stand in rows that follow each other, and nowhere else."""
    runs = sum(1 for _ in groupby(filled))
    return (
        len(filled) >= FEWEST_REPEATING_ROWS
        and FEWEST_VALUES <= different < OWN_VALUE_SHARE * len(filled)
        and runs <= RUNS_A_VALUE * different
    )


def _is_no_heading(column: ListColumn) -> bool:
    """Whether a text above the records is missing above the first of them, or too long to be a heading."""
    return isinstance(column.selectors[0], AboveSelector) and (not column.cells[0] or _is_long(column, LONGEST_HEADING))


def _is_long(column: ListColumn, characters: int) -> bool:
    return column.kind in ("string", "text") and median(map(len, column.texts)) > characters
