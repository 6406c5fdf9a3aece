"""A column of cells is what its cells are one by one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from warehouse import cells

READERS = [cells.text, cells.whole, cells.real, cells.flag, cells.day, cells.moment, cells.money, cells.currency]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(),
    st.sampled_from(["\ud800", "1", "2026-01-02"]),
)


@given(
    read=st.sampled_from(READERS),
    values=st.one_of(st.lists(VALUES), *(st.lists(one) for one in (st.text(), st.floats(), st.integers()))),
)
def test_a_column_reads_as_its_cells_do(read: Any, values: list[Any]) -> None:
    assert cells.column(read, values) == [cells.cell(read, value) for value in values]
