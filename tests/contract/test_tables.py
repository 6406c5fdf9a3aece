"""What every store of lake tables must hold."""

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.events import Column
from core.ports import TableStore
from tests.contract.conftest import LAKES, Reader
from tests.effort import tries

TABLE = "extracted.shop__items"
NAME = (Column(name="name", type="string"),)


def named(*names: str) -> list[Mapping[str, Any]]:
    return [{"name": name, "_row_id": name, "_record": number} for number, name in enumerate(names)]


def one(lake: TableStore, read: Reader, columns: Sequence[Column], row: Mapping[str, Any]) -> dict[str, Any]:
    lake.append(TABLE, columns, [row], 1)
    [found] = read(TABLE)
    return found


def test_a_table_that_does_not_exist_is_at_zero(lake: TableStore) -> None:
    assert lake.watermark(TABLE) == 0
    assert lake.tables() == []


def test_rows_come_back(lake: TableStore, read: Reader) -> None:
    assert lake.append(TABLE, NAME, named("a", "b"), 7) is True
    assert lake.watermark(TABLE) == 7
    assert sorted(row["name"] for row in read(TABLE)) == ["a", "b"]


@pytest.mark.parametrize("again", [1, 7])
def test_a_batch_that_is_in_the_table_is_not_added_again(lake: TableStore, read: Reader, again: int) -> None:
    lake.append(TABLE, NAME, named("a"), 7)
    assert lake.append(TABLE, NAME, named("a"), again) is False
    assert len(read(TABLE)) == 1
    assert lake.watermark(TABLE) == 7


def test_a_batch_of_which_a_part_is_in_the_table_is_refused(lake: TableStore, read: Reader) -> None:
    columns = (Column(name="n", type="integer"),)
    assert lake.append(TABLE, columns, [{"n": 1}], 12, log="a", after=0)
    assert not lake.append(TABLE, columns, [{"n": 1}, {"n": 2}], 20, log="a", after=0)
    assert lake.append(TABLE, columns, [{"n": 2}], 20, log="a", after=12)
    assert lake.append(TABLE, columns, [{"n": 3}], 5, log="b", after=0)
    assert sorted(row["n"] for row in read(TABLE)) == [1, 2, 3]


def test_a_batch_without_rows_moves_the_watermark(lake: TableStore, read: Reader) -> None:
    assert lake.append(TABLE, NAME, [], 3) is True
    assert lake.append(TABLE, NAME, named("a"), 5) is True
    assert lake.append(TABLE, (), [], 9) is True
    assert lake.watermark(TABLE) == 9
    assert len(read(TABLE)) == 1


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", "Größe \u0000", "Größe \u0000"),
        ("string", "\ud800", "?"),
        ("text", 5, "5"),
        ("json", {"a": [1, "é"]}, '{"a": [1, "é"]}'),
        ("integer", "12", 12),
        ("integer", 2**63, None),
        ("integer", "1e99999999", None),
        ("integer", "1.5", None),
        ("integer", True, None),
        ("decimal", "0.1", 0.1),
        ("decimal", "NaN", None),
        ("percent", "1e400", None),
        ("boolean", False, False),
        ("boolean", "yes", None),
        ("url", "https://a.example/", "https://a.example/"),
        ("duration", "PT5M", "PT5M"),
        ("date", "2026-02-29", None),
        ("integer", {"not": "a number"}, None),
        ("integer", None, None),
    ],
)
def test_a_value_becomes_a_cell_or_nothing(
    lake: TableStore, read: Reader, kind: Any, value: Any, expected: Any
) -> None:
    columns = (Column(name="x", type=kind),)
    assert one(lake, read, columns, {"x": value})["x"] == expected


def test_dates_and_times_are_typed_and_in_utc(lake: TableStore, read: Reader) -> None:
    columns = (
        Column(name="day", type="date"),
        Column(name="at", type="datetime"),
        Column(name="naive", type="datetime"),
    )
    row = {"day": "2026-03-01", "at": "2026-03-01T12:00:00+02:00", "naive": "2026-03-01T12:00:00"}
    found = one(lake, read, columns, row)
    assert found["day"].isoformat() == "2026-03-01"
    assert found["at"].isoformat() == "2026-03-01T10:00:00+00:00"
    assert found["naive"].isoformat() == "2026-03-01T12:00:00+00:00"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("12.50", "12.500000"), ("-0.000001", "-0.000001"), ("1" * 32, "1" * 32 + ".000000")],
)
def test_money_is_exact_beside_its_currency(lake: TableStore, read: Reader, amount: str, expected: str) -> None:
    columns = (Column(name="price", type="money"),)
    found = one(lake, read, columns, {"price": {"amount": amount, "currency": "EUR"}})
    assert (str(found["price"]), found["price_currency"]) == (expected, "EUR")


@pytest.mark.parametrize("amount", ["0.0000001", "1" * 33])
def test_money_is_never_rounded(lake: TableStore, read: Reader, amount: str) -> None:
    found = one(lake, read, (Column(name="price", type="money"),), {"price": {"amount": amount, "currency": None}})
    assert (found["price"], found["price_currency"]) == (None, None)


def test_a_quantity_stands_beside_its_unit(lake: TableStore, read: Reader) -> None:
    found = one(lake, read, (Column(name="size", type="quantity"),), {"size": {"amount": "2.5", "unit": "kg"}})
    assert (found["size"], found["size_unit"]) == (2.5, "kg")


def test_lists_keep_their_order_and_gaps(lake: TableStore, read: Reader) -> None:
    columns = (Column(name="tags", type="string", many=True), Column(name="prices", type="money", many=True))
    prices = [{"amount": "1", "currency": "EUR"}, {"amount": "?", "currency": "USD"}]
    found = one(lake, read, columns, {"tags": ["b", None, "a"], "prices": prices})
    assert found["tags"] == ["b", None, "a"]
    assert [price and str(price) for price in found["prices"]] == ["1.000000", None]
    assert found["prices_currency"] == ["EUR", "USD"]


def test_lineage_has_fixed_types(lake: TableStore, read: Reader) -> None:
    lineage = {"_row_id": "r", "_record": 3, "_confidence": 0.5, "_fetched_at": "2026-03-01T12:00:00+00:00"}
    found = one(lake, read, NAME, {"name": "a", "_raw": json.dumps({"name": "a"})} | lineage)
    assert (found["_row_id"], found["_record"], found["_confidence"]) == ("r", 3, 0.5)
    assert found["_fetched_at"].isoformat() == lineage["_fetched_at"]
    assert json.loads(found["_raw"]) == {"name": "a"}


def test_a_new_column_joins_and_old_rows_have_none(lake: TableStore, read: Reader) -> None:
    lake.append(TABLE, NAME, named("a"), 1)
    lake.append(TABLE, (*NAME, Column(name="n", type="integer")), [{"name": "b", "n": 5}], 2)
    assert sorted((row["name"], row["n"]) for row in read(TABLE) if row["n"] or row["name"] == "a") == [
        ("a", None),
        ("b", 5),
    ]


def test_a_column_that_left_stays_empty(lake: TableStore, read: Reader) -> None:
    lake.append(TABLE, (*NAME, Column(name="n", type="integer")), [{"name": "b", "n": 5}], 1)
    lake.append(TABLE, NAME, named("c"), 2)
    assert {row["name"]: row["n"] for row in read(TABLE)} == {"b": 5, "c": None}


def test_a_column_of_another_type_goes_to_a_variant(lake: TableStore, read: Reader) -> None:
    for mark, (kind, value) in enumerate([("integer", 1), ("money", {"amount": "2", "currency": "EUR"})], start=1):
        lake.append(TABLE, (Column(name="price", type=kind),), [{"price": value}], mark)
    lake.append(TABLE, (Column(name="price", type="money"),), [{"price": {"amount": "3", "currency": "USD"}}], 3)
    cells = {(row["price"], row["price__money"] and int(row["price__money"])) for row in read(TABLE)}
    assert cells == {(1, None), (None, 2), (None, 3)}
    assert {row["price__money_currency"] for row in read(TABLE)} == {None, "EUR", "USD"}


def test_whole_numbers_join_a_column_of_real_ones_and_values_a_list(lake: TableStore, read: Reader) -> None:
    first = (Column(name="n", type="decimal"), Column(name="tags", type="string", many=True))
    lake.append(TABLE, first, [{"n": "1.5", "tags": ["a", "b"]}], 1)
    second = (Column(name="n", type="integer"), Column(name="tags", type="string"))
    lake.append(TABLE, second, [{"n": 2, "tags": "c"}], 2)
    assert sorted((row["n"], row["tags"]) for row in read(TABLE)) == [(1.5, ["a", "b"]), (2.0, ["c"])]


def test_columns_whose_names_collide_are_kept_apart(lake: TableStore, read: Reader) -> None:
    columns = (
        Column(name="Price", type="integer"),
        Column(name="price", type="integer"),
        Column(name="cost", type="money"),
        Column(name="cost_currency", type="string"),
        Column(name="_row_id", type="string"),
    )
    row = {"Price": 1, "price": 2, "cost": {"amount": "3", "currency": "EUR"}, "cost_currency": "own"}
    found = one(lake, read, columns, row | {"_row_id": "r"})
    assert {found["price"], found["price__integer"]} == {1, 2}
    assert (found["cost__currency"], found["cost_currency"]) == ("EUR", "own")
    assert found["_row_id"] == "r"


def test_names_from_outside_become_safe_and_stay_apart(lake: TableStore) -> None:
    names = [
        "extracted.Café__Menü",
        "extracted.café__menü",
        "extracted." + "x" * 300,
        "extracted.日本",
        "extracted.a/../b",
    ]
    for name in names:
        lake.append(name, NAME, named(name), 1)
        assert lake.watermark(name) == 1
    assert len({table.name for table in lake.tables()}) == len(names)
    for table in lake.tables():
        assert table.name.removeprefix("extracted.").isidentifier()


def test_a_table_outside_the_namespaces_is_refused(lake: TableStore) -> None:
    for name in ("items", "state.tasks", "extracted."):
        with pytest.raises(BadInput):
            lake.append(name, NAME, named("a"), 1)


def test_tables_are_listed_with_types_rows_and_the_time_of_change(lake: TableStore) -> None:
    columns = (*NAME, Column(name="price", type="money"), Column(name="tags", type="date", many=True))
    lake.append("extracted.b", columns, [{"name": "a"}], 1)
    lake.append("bronze.documents", NAME, [{"name": "a"}, {"name": "b"}], 1)
    documents, table = lake.tables()
    assert (documents.name, documents.rows, documents.columns) == ("bronze.documents", 2, (("name", "VARCHAR"),))
    assert table.columns == (
        ("name", "VARCHAR"),
        ("price", "DECIMAL(38,6)"),
        ("price_currency", "VARCHAR"),
        ("tags", "DATE[]"),
    )
    assert table.changed_at is not None
    assert table.changed_at.tzinfo is not None


def test_many_commits_stay_readable(lake: TableStore, read: Reader) -> None:
    for mark in range(1, 36):
        lake.append(TABLE, NAME, named(str(mark)), mark)
    assert sorted(int(row["name"]) for row in read(TABLE)) == list(range(1, 36))
    assert lake.watermark(TABLE) == 35


def test_two_writers_of_the_same_batches_write_each_once(lake: TableStore, read: Reader) -> None:
    def write() -> None:
        for mark in range(1, 9):
            lake.append(TABLE, NAME, named(str(mark)), mark)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(row["name"]) for row in read(TABLE)) == list(range(1, 9))


@settings(max_examples=tries(8), deadline=None, suppress_health_check=list(HealthCheck))
@given(marks=st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_append_is_idempotent_by_watermark(tmp_path_factory: pytest.TempPathFactory, marks: list[int]) -> None:
    for make in LAKES.values():
        lake, read = make(tmp_path_factory.mktemp("lake"))
        high, expected = 0, []
        for mark in marks:
            assert lake.append(TABLE, NAME, named(str(mark)), mark) is (mark > high)
            expected += [mark] if mark > high else []
            high = max(high, mark)
        assert sorted(int(row["name"]) for row in read(TABLE)) == expected
        assert lake.watermark(TABLE) == high
