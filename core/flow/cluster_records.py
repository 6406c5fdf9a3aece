"""Which records of a reading are put into clusters, and what of them is looked at."""

from collections.abc import Mapping
from typing import Any

from core.cluster.paths import NAME_LETTERS
from core.events import RowsExtracted
from core.flow.lake_rows import raw_texts
from core.model.cluster import ClusterMember
from core.signature import DocumentFields
from core.text.surrogates import without_halves

# records of a reading that are looked at while little is known of its table, records of a table from which on much is
# known, and records of a reading from then on. All fields and types of a template show in the first hundred; after
# that a few a page tell when something new comes, and a page of a thousand rows costs no more than one of five
FIRST_RECORDS, KNOWN_RECORDS, LATER_RECORDS = 50, 100, 5
# letters of a text that say what kind of value it is
TEXT_LETTERS = 1_000


def chosen_records(rows: RowsExtracted, known: int) -> dict[ClusterMember, DocumentFields]:
    """Some records of a reading, where so many of its table are known, with their fields: a mark has none."""
    return {
        ClusterMember(rows.document_id, number, rows.subject): _fields(rows.rows[number])
        for number in _chosen(len(rows.rows), known)
    }


def _chosen(rows: int, known: int) -> list[int]:
    """The numbers of the rows that are looked at, spread over all."""
    most = LATER_RECORDS if known >= KNOWN_RECORDS else FIRST_RECORDS
    return list(range(rows)) if rows <= most else [place * rows // most for place in range(most)]


def _fields(row: Mapping[str, Any]) -> dict[str, list[str]]:
    """The texts of a row by its columns, none longer than tells its kind; none where the row is a mark."""
    found = raw_texts(row["_raw"]) if row.get("_raw") else {}
    return {
        without_halves(name[:NAME_LETTERS]): [without_halves(text[:TEXT_LETTERS]) for text in texts]
        for name, texts in found.items()
    }
