"""What changes in the tables when another extractor version reads the same pages: rows gone or new, cells changed."""

from collections.abc import Sequence
from typing import NamedTuple

from core.compare.rows import paired
from core.compare.values import agree, cell_text
from core.model import Blueprint, Extraction, FieldValue, Record

# cells and rows of each sort, and letters of a cell, that a page of differences shows: more is not read by a person
MOST_DIFFERENCES = 50
MOST_CELL_LETTERS = 200

Row = dict[str, str]


class CellChange(NamedTuple):
    """One cell that reads otherwise: the page it stands on, the field, and both texts ("" for none)."""

    url: str
    field: str
    before: str
    after: str


class TableDiff(NamedTuple):
    """One table over all pages. `same` rows read alike in both; of the others the first are shown."""

    table: str
    rows_before: int
    rows_after: int
    same: int
    changed: tuple[CellChange, ...]
    gone: tuple[Row, ...]
    new: tuple[Row, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both versions read the same."""
        return not self.changed and not self.gone and not self.new


def diff_tables(blueprint: Blueprint, before: Sequence[Extraction], after: Sequence[Extraction]) -> list[TableDiff]:
    """The differences table by table; `before` and `after` are readings of the same pages in the same order."""
    names = dict.fromkeys([table.name for table in blueprint.tables])
    names |= dict.fromkeys(record.table for extraction in before for record in extraction.records)
    return [_diff_table(name, before, after) for name in names]


def _diff_table(table: str, before: Sequence[Extraction], after: Sequence[Extraction]) -> TableDiff:
    changed: list[CellChange] = []
    gone: list[Row] = []
    new: list[Row] = []
    same = 0
    for old, fresh in zip(before, after, strict=True):
        pairs, left, right = _pair_rows(old.of(table), fresh.of(table))
        cells = [_changed_cells(old.url, one, other) for one, other in pairs]
        same += sum(not found for found in cells)
        changed += [change for found in cells for change in found]
        gone += [_row(record) for record in left]
        new += [_row(record) for record in right]
    rows = [sum(len(each.of(table)) for each in side) for side in (before, after)]
    shown = (tuple(changed[:MOST_DIFFERENCES]), tuple(gone[:MOST_DIFFERENCES]), tuple(new[:MOST_DIFFERENCES]))
    return TableDiff(table, rows[0], rows[1], same, *shown)


def _pair_rows(
    left: Sequence[Record], right: Sequence[Record]
) -> tuple[list[tuple[Record, Record]], list[Record], list[Record]]:
    """Rows that belong together by what they say, the rest in their order when there are as many on both sides."""
    pairs = paired(left, right, same_page=True)
    alone = [record for record in left if not any(record is old for old, _ in pairs)]
    fresh = [record for record in right if not any(record is new for _, new in pairs)]
    if len(alone) == len(fresh):
        return [*pairs, *zip(alone, fresh, strict=True)], [], []
    return pairs, alone, fresh


def _changed_cells(url: str, old: Record, new: Record) -> list[CellChange]:
    before, after = _row(old), _row(new)
    return [
        CellChange(url, name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys((*before, *after))
        if not _is_same_cell(old.fields.get(name), new.fields.get(name))
    ]


def _is_same_cell(old: FieldValue | None, new: FieldValue | None) -> bool:
    return agree(old, new) if old is not None and new is not None else old is new


def _row(record: Record) -> Row:
    return {name: cell_text(cell)[:MOST_CELL_LETTERS] for name, cell in record.fields.items()}
