"""The logical cells of the tables of a page: what rows and columns a reader sees, with spanning cells."""

from collections.abc import Iterator

from core.dom.tree import Head, Tree

CELLS = ("td", "th")
# rows and columns that one cell may cover: a page that says a million would fill the memory
WIDEST_SPAN = 200
# first rows in which a header may stand
HEADING_ROWS = 4


class Grid:
    """Which cells cover a row, spanning ones included, and in which column; nodes by their order.

    `cells` maps a row to its (column, cell) pairs, `columns` a cell to its column, `headers` a table to its header
    texts by column.
    """

    def __init__(self, tree: Tree) -> None:
        self.cells: dict[int, list[tuple[int, int]]] = {}
        self.columns: dict[int, int] = {}
        self.headers: dict[int, dict[int, str]] = {}
        self.tables: dict[int, int] = {}
        self._tree = tree
        for table in tree.tagged("table"):
            self._lay_out(table)

    def _lay_out(self, table: int) -> None:
        rows = list(self._rows(table))
        covered: dict[int, tuple[int, int]] = {}
        for row in rows:
            self.tables[row] = table
            self.cells[row] = self._row(row, covered)
        self.headers[table] = self._header(rows)

    def _rows(self, table: int) -> Iterator[int]:
        for child in self._tree.children(table):
            tag = self._tree.heads[child].tag
            if tag == "tr":
                yield child
            elif tag in ("thead", "tbody", "tfoot"):
                yield from (row for row in self._tree.children(child) if self._tree.heads[row].tag == "tr")

    def _row(self, row: int, covered: dict[int, tuple[int, int]]) -> list[tuple[int, int]]:
        placed: list[tuple[int, int]] = []
        column = 0
        for cell in [child for child in self._tree.children(row) if self._tree.heads[child].tag in CELLS]:
            while covered.get(column, (0, 0))[0] > 0:
                column += 1
            self.columns[cell] = column
            head = self._tree.heads[cell]
            width, height = spanned(head, "colspan"), spanned(head, "rowspan")
            placed.append((column, cell))
            for offset in range(width):
                covered[column + offset] = (height, cell)
            column += width
        own = {cell for _, cell in placed}
        for position, (left, cell) in list(covered.items()):
            if left > 0 and cell not in own and self.columns[cell] == position:
                placed.append((position, cell))
            covered[position] = (left - 1, cell)
        return sorted(placed, key=lambda pair: pair[0])

    def _header(self, rows: list[int]) -> dict[int, str]:
        for row in rows[:HEADING_ROWS]:
            cells = self.cells[row]
            heading = self.is_header(row) or self._tree.heads[self._tree.parents[row]].tag == "thead"
            if len(cells) > 1 and heading:
                return {column: self._tree.text(cell) for column, cell in cells}
        return {}

    def header_of(self, row: int) -> dict[int, str]:
        """The header texts by column of the table a row belongs to."""
        return self.headers.get(self.tables.get(row, -1), {})

    def is_header(self, row: int) -> bool:
        """Whether a row holds header cells only."""
        cells = self.cells.get(row, [])
        return bool(cells) and all(self._tree.heads[cell].tag == "th" for _, cell in cells)


def spanned(head: Head, name: str) -> int:
    """How many rows or columns a cell says it spans, within reason."""
    value = (head.get(name) or "").strip()
    return max(1, min(int(value), WIDEST_SPAN)) if value.isascii() and value.isdigit() else 1
