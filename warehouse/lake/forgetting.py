"""Rows that are of no use any more leave a table; its marks stay, so that nothing lands twice."""

from pyiceberg.table import Table

from warehouse.lake.compaction import summary
from warehouse.lake.snapshots import marks_of


def forget(table: Table, column: str, value: int | str, *, dry_run: bool) -> int:
    """Delete the rows with a value in a column; how many there were. A tagged state keeps them.

    Raises:
        CommitFailedException: somebody else commits at this moment.
    """
    wanted = f"{column} = {value!r}"
    found = int(table.scan(row_filter=wanted).count())
    if found and not dry_run:
        table.delete(wanted, marks_of(table.properties, summary(table)))
    return found
