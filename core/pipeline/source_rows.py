"""Rows of extracted tables as what proposals are made of: the texts of each, by their columns."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.errors import UnknownName
from core.events import RowsExtracted, Stream, event_of
from core.flow.lake_rows import raw_texts
from core.ports import EventBroker, QueryEngine, TableStore
from core.propose import SiteDocument
from core.propose.label_drift import SiteRows
from core.signature import DocumentFields
from core.validate import SourceRow

EXTRACTED = "extracted."
# rows of a table that a proposal is made from: types and shares are steady from some hundreds on
ROWS_SEEN = 2_000
# rows from before a version was approved, and since, that are compared: what the drift benchmark compares
ROWS_COMPARED = 400
# messages that are looked through for rows that were read last: they may be of any table
MESSAGES_BACK = 200
# A row is from after a moment when its page was fetched, or its extractor came into use, after it.
_SINCE = "(_fetched_at >= $1 OR _extractor_id IN (SELECT extractor_id FROM state.extractors WHERE promoted_at >= $1))"


@dataclass(frozen=True)
class SourceRows:
    """Looks at extracted tables."""

    _query: QueryEngine
    _lake: TableStore
    _broker: EventBroker

    def tables(self) -> list[str]:
        """Those that hold rows."""
        return [found.name for found in self._lake.tables() if found.name.startswith(EXTRACTED) and found.rows]

    def documents(self, table: str, most: int = ROWS_SEEN) -> list[SiteDocument]:
        """Rows as they are now, of any part of the table.

        Raises:
            UnknownName: there is no such table.
        """
        known = {found.name for found in self._lake.tables() if found.name.startswith(EXTRACTED)}
        if table not in known:
            raise UnknownName(
                f"There is no extracted table {table}.", f"There are: {', '.join(sorted(known)) or 'none'}."
            )
        result = self._query.run(f"SELECT _raw FROM {table} ORDER BY hash(_row_id)", limit=most)
        return [SiteDocument(raw_texts(raw), table) for (raw,) in result.rows if raw]

    def beside(self, table: str, moment: datetime) -> SiteRows:
        """The newest rows from before a moment, and those since, also of versions of pages that are not current."""
        before, since = (self._history(table, f"{which} {_SINCE}", moment) for which in ("NOT", ""))
        return SiteRows(before, since)

    def samples(self, table: str, most: int) -> list[SourceRow]:
        """The rows that were read last, as they came; as texts alone where the log does not hold them any more."""
        found: dict[tuple[str, int], SourceRow] = {}
        for event in self._told(table):
            for row in _source_rows(event):
                # of a page that was read several times, what it said last
                found.setdefault((row.values["_url"], row.values["_record"]), row)
        texts = [] if found else self.documents(table, most)
        return [*list(found.values())[:most], *(SourceRow(table, {}, document.fields, {}) for document in texts)]

    def _told(self, table: str) -> list[RowsExtracted]:
        """What the log told of a table, newest first."""
        head = self._broker.heads(Stream.EXTRACTED).get(table, 0)
        messages = self._broker.read(
            Stream.EXTRACTED, subject=table, after=max(0, head - MESSAGES_BACK), limit=MESSAGES_BACK
        )
        told = (event_of(message) for message in reversed(messages))
        return [event for event in told if isinstance(event, RowsExtracted)]

    def _history(self, table: str, condition: str, moment: datetime) -> list[DocumentFields]:
        history = table.replace(EXTRACTED, "history.", 1)
        query = f"SELECT _raw FROM {history} WHERE _raw IS NOT NULL AND {condition} ORDER BY _fetched_at DESC"
        return [raw_texts(raw) for (raw,) in self._query.run(query, [moment], limit=ROWS_COMPARED).rows]


def _source_rows(event: RowsExtracted) -> Iterator[SourceRow]:
    types = {column.name: column.type for column in event.columns}
    rows = (row for row in event.rows if row.get("_raw"))
    return (SourceRow(event.subject, row, json.loads(row["_raw"]), types) for row in rows)
