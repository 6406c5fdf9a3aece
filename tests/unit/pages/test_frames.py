"""Rows of queries as polars frames."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from core.ports import QueryResult
from pages._widgets.frames import frame_of, shown_as

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**200), 2**200), st.floats(), st.text(), st.dates(), st.datetimes(),
    st.timedeltas(), st.decimals(allow_nan=False, allow_infinity=False, places=6), st.uuids(), st.binary(), st.times(),
    st.lists(st.integers(0, 9)), st.dictionaries(st.sampled_from("ab"), st.integers(0, 9)),
)  # fmt: skip


def result(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> QueryResult:
    return QueryResult(columns, (), rows, False, 0.0)


def test_columns_keep_their_types() -> None:
    day, amount = date(2026, 3, 1), Decimal("1.50")
    frame = frame_of(result(("n", "day", "amount", "tags"), [(1, day, amount, ["a"]), (None, None, None, None)]))
    assert frame.dtypes[:2] == [pl.Int64, pl.Date]
    assert frame.rows() == [(1, day, amount, ["a"]), (None, None, None, None)]


def test_no_row_still_shows_the_columns() -> None:
    assert frame_of(result(("a", "b"), [])).columns == ["a", "b"]


def test_what_has_no_type_is_text() -> None:
    name = UUID(int=7)
    assert frame_of(result(("a",), [(name,), (None,)])).rows() == [(str(name),), (None,)]


@given(st.lists(st.tuples(VALUES, VALUES), max_size=5))
def test_every_answer_can_be_shown(rows: list[tuple[Any, ...]]) -> None:
    frame = frame_of(result(("a", "b"), rows))
    assert frame.shape == (len(rows), 2)
    assert pl.Object not in frame.dtypes


def test_days_are_shown_without_a_time_and_addresses_as_links() -> None:
    rows = [(date(2026, 3, 1), "https://t.test/1", "https://t.test/1 and more", None), (None, None, None, None)]
    kinds = {
        name: said["type_config"]["type"]
        for name, said in shown_as(frame_of(result(("day", "url", "text", "none"), rows))).items()
    }
    assert kinds == {"day": "date", "url": "link"}
