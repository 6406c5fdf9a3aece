"""The rows of a list beside what the page behind each of them says, as one query.

Every column that the two tables have in the lake is in it: also those that are no field of a blueprint, such as the
currency beside an amount, and those that earlier versions filled.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.model import DetailLink

LINEAGE_PREFIX = "_"
# a record that several pages are about is a row with each of them
LINEAGE = ("list._row_id", "page._row_id AS _page_row_id", "list._document_id", "list._evidence")
IN_ORDER = "ORDER BY list._fetched_at DESC, list._document_id, list._record, page._row_id"


class Joinable(NamedTuple):
    """A table of the lake: its name in SQL and its columns, in order."""

    name: str
    columns: Sequence[str]

    @property
    def said(self) -> list[str]:
        """The columns that hold what the pages say."""
        return [column for column in self.columns if not column.startswith(LINEAGE_PREFIX)]


def joined_sql(link: DetailLink, listed: Joinable, page: Joinable) -> str:
    """SQL that joins a list with the pages behind it, by address, or by the key they share if that was dropped.

    "" when the columns that lead there were dropped.
    """
    on = _condition(link, listed, page)
    columns = [*(f"list.{_quoted(column)}" for column in listed.said), *_beside(page, listed)]
    if not on:
        return ""
    shown = ", ".join([*columns, *LINEAGE])
    return f"SELECT {shown}\nFROM {listed.name} AS list\nLEFT JOIN {page.name} AS page ON {on}\n{IN_ORDER}"


def _condition(link: DetailLink, listed: Joinable, page: Joinable) -> str:
    if link.field in listed.said:
        return f"page._url = list.{_quoted(link.field)}"
    shared = link.key in listed.said and link.page_key in page.said
    return f"page.{_quoted(link.page_key)} = list.{_quoted(link.key)}" if shared else ""


def _beside(page: Joinable, listed: Joinable) -> Iterator[str]:
    """The columns of the page; those that are called like one of the list under a name that is free."""
    taken = {*listed.said, *page.said}
    for column in page.said:
        name = column
        while name in listed.said or (name != column and name in taken):
            name = f"page_{name}"
        taken.add(name)
        yield f"page.{_quoted(column)}" + (f" AS {_quoted(name)}" if name != column else "")


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
