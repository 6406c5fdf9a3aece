"""Which row is which: the query that a person begins with, in an order that stays, and rows known by their ids."""

from collections.abc import Sequence

from core.model.results import QueryResult, TableInfo

# columns of lineage begin with it
LINEAGE = "_"
# what a row needs to be selected, and to show where it comes from
TRACED = ("_row_id", "_document_id", "_evidence")
# The newest documents first, each in its own order. Engines give rows of several files in any order, so every
# query that rows are selected in says one that leaves nothing open.
_ORDER = ("_fetched_at DESC", "_document_id", "_record", "_row_id", "_extractor_id", "fetched_at DESC", "document_id")
# `_row_id` names a record of a document version; what several versions of an extractor read in it, and what it was
# joined with, needs more to be told apart
_TELLING = ("_row_id", "_extractor_id", "_page_row_id")


def rows_sql(table: TableInfo) -> str:
    """The query for the rows of a table: its data, what it takes to trace them, in an order that stays."""
    columns = [name for name, _ in table.columns]
    shown = [f'"{name}"' for name in plain_value(columns)]
    hidden = [name for name in TRACED if name in columns]
    order = [part for part in _ORDER if part.split()[0] in columns] or ["ALL"]
    return f"SELECT {', '.join(shown + hidden)}\nFROM {table.name}\nORDER BY {', '.join(order)}"


def plain_value(columns: Sequence[str]) -> list[str]:
    """The columns that hold data; all of them where a query asks for lineage alone."""
    return [name for name in columns if not name.startswith(LINEAGE)] or list(columns)


def ids_of(result: QueryResult) -> list[str]:
    """What each row of a result is known by, on every page and in addresses; none where rows cannot be told apart."""
    if "_row_id" not in result.columns:
        return []
    for columns in (("_row_id",), tuple(name for name in _TELLING if name in result.columns)):
        places = [result.columns.index(name) for name in columns]
        ids = ["~".join(str(row[place]) for place in places) for row in result.rows]
        if len(set(ids)) == len(ids):
            return ids
    return []
