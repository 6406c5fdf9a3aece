"""Queries for rows say an order that leaves nothing open, and rows are told apart by ids or not at all."""

from datetime import UTC, datetime

from core.ports import QueryResult, TableInfo
from pages._widgets.row_identity import ids_of, plain_value, rows_sql

LINEAGE = ("_confidence", "_document_id", "_evidence", "_extractor_id", "_fetched_at", "_record", "_row_id", "_url")


def table(*columns: str) -> TableInfo:
    return TableInfo("extracted.a__b", tuple((name, "VARCHAR") for name in columns), 1, datetime.now(UTC))


def result(columns: tuple[str, ...], *rows: tuple[object, ...]) -> QueryResult:
    return QueryResult(columns, ("VARCHAR",) * len(columns), list(rows), False, 0.0)


def test_rows_come_with_what_traces_them_in_an_order_that_stays() -> None:
    sql = rows_sql(table("name", "order", *LINEAGE))
    assert sql.splitlines() == [
        'SELECT "name", "order", _row_id, _document_id, _evidence',
        "FROM extracted.a__b",
        "ORDER BY _fetched_at DESC, _document_id, _record, _row_id, _extractor_id",
    ]


def test_rows_without_lineage_are_ordered_by_all_they_hold() -> None:
    assert rows_sql(table("name")).endswith("ORDER BY ALL")
    assert rows_sql(table("fetched_at", "document_id")).endswith("ORDER BY fetched_at DESC, document_id")


def test_rows_are_known_by_their_ids() -> None:
    assert ids_of(result(("name", "_row_id"), ("x", "1"), ("x", "2"))) == ["1", "2"]


def test_what_two_versions_read_in_one_record_is_two_rows() -> None:
    columns = ("_row_id", "_extractor_id")
    assert ids_of(result(columns, ("1", "old"), ("1", "new"))) == ["1~old", "1~new"]
    assert ids_of(result((*columns, "_page_row_id"), ("1", "old", "a"), ("1", "old", None))) == [
        "1~old~a",
        "1~old~None",
    ]


def test_rows_that_cannot_be_told_apart_have_no_ids() -> None:
    assert ids_of(result(("name",), ("x",))) == []
    assert ids_of(result(("_row_id",), ("1",), ("1",))) == []


def test_lineage_is_shown_only_where_there_is_nothing_else() -> None:
    assert plain_value(("name", "_row_id")) == ["name"]
    assert plain_value(("_row_id",)) == ["_row_id"]
