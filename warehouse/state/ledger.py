"""Which documents have been read by which extractor, in the state."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, select, tuple_

from core.ports import ExtractionEntry
from warehouse.state.database import IDS_A_STATEMENT, Database, insert
from warehouse.state.metadata import extractions


class SqlExtractionLedger:
    """ExtractionLedger on the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, *entries: ExtractionEntry) -> None:
        rows = [entry._asdict() | {"detail_urls": list(entry.detail_urls)} for entry in entries]
        if rows:
            with self._database.write() as connection:
                connection.execute(_record(connection.dialect.name), rows)

    def entry(self, document_id: str, extractor_id: str) -> ExtractionEntry | None:
        wanted = (extractions.c.document_id == document_id, extractions.c.extractor_id == extractor_id)
        with self._database.read() as connection:
            row = connection.execute(select(extractions).where(*wanted)).first()
        return None if row is None else _entry(row)

    def of_documents(self, document_ids: Sequence[str]) -> dict[str, ExtractionEntry]:
        newest: dict[str, ExtractionEntry] = {}
        with self._database.read() as connection:
            for start in range(0, len(document_ids), IDS_A_STATEMENT):
                some = extractions.c.document_id.in_(document_ids[start : start + IDS_A_STATEMENT])
                # in the order of time: a later entry of the same document replaces the one before
                for row in connection.execute(select(extractions).where(some).order_by(extractions.c.at)):
                    newest[row.document_id] = _entry(row)
        return newest

    def all(self) -> Iterator[ExtractionEntry]:
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=IDS_A_STATEMENT).execute(select(extractions)):
                yield _entry(row)

    def after(self, document_id: str, extractor_id: str, limit: int) -> list[ExtractionEntry]:
        ids = tuple_(extractions.c.document_id, extractions.c.extractor_id)
        query = select(extractions).where(ids > (document_id, extractor_id)).order_by(*ids.clauses).limit(limit)
        with self._database.read() as connection:
            return [_entry(row) for row in connection.execute(query)]


@cache
def _record(dialect: str) -> Any:
    statement = insert(dialect, extractions)
    newer = statement.excluded.at >= extractions.c.at
    rest = {name: statement.excluded[name] for name in ("records", "next_url", "detail_urls", "error", "at")}
    keys = ["document_id", "extractor_id"]
    return statement.on_conflict_do_update(index_elements=keys, set_=rest, where=newer)


def _entry(row: Row[Any]) -> ExtractionEntry:
    return ExtractionEntry(**dict(row._mapping) | {"detail_urls": tuple(row.detail_urls)})
