"""The rows of a list beside what the page behind each of them says, as one query."""

from core.model import Blueprint, DetailLink, RecordSet
from core.rows import lake_table

# a record that several pages are about is a row with each of them
LINEAGE = ("list._row_id", "page._row_id AS _page_row_id", "list._document_id", "list._evidence")
IN_ORDER = "ORDER BY list._fetched_at DESC, list._document_id, list._record, page._row_id"


def joined_sql(source_id: str, main: Blueprint, detail: Blueprint) -> str:
    """SQL that joins a list with the pages behind it, by address, or by the key they share if that was dropped.

    "" when the list leads to no pages, or when the columns that lead there were dropped.
    """
    link = main.details
    found = main.table(link.table) if link is not None else None
    page = detail.tables[0]
    if link is None or found is None or found is not main.tables[0]:
        return ""
    on = _condition(link, found, page)
    names = [lake_table(source_id, "main", found.name, True), lake_table(source_id, "detail", page.name, True)]
    columns = ", ".join([*_listed(found), *_beside(page, found), *LINEAGE])
    return on and f"SELECT {columns}\nFROM {names[0]} AS list\nLEFT JOIN {names[1]} AS page ON {on}\n{IN_ORDER}"


def _condition(link: DetailLink, found: RecordSet, page: RecordSet) -> str:
    listed, said = ({field.name for field in table.fields} for table in (found, page))
    if link.field in listed:
        return f'page._url = list."{link.field}"'
    return f'page."{link.page_key}" = list."{link.key}"' if link.key in listed and link.page_key in said else ""


def _listed(table: RecordSet) -> list[str]:
    return [f'list."{field.name}"' for field in table.fields]


def _beside(page: RecordSet, table: RecordSet) -> list[str]:
    taken = {field.name for field in table.fields}
    return [
        f'page."{field.name}"' + (f' AS "page_{field.name}"' if field.name in taken else "") for field in page.fields
    ]
