"""A column of cells is what its cells are one by one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from warehouse.lake import cells
from warehouse.lake.chunks import CHUNK_ROWS, RowChunks

READERS = [
    cells.as_text,
    cells.as_whole,
    cells.as_real,
    cells.as_flag,
    cells.as_day,
    cells.as_moment,
    cells.as_money,
    cells.as_currency,
]
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
    assert cells.read_all(read, values) == [cells.read_one(read, value) for value in values]


def test_rows_with_different_keys_become_the_same_columns() -> None:
    rows = [{"a": n, "_row_id": str(n)} | ({"b": n} if n % 2 else {}) for n in range(CHUNK_ROWS + 3)]
    for some in (rows, rows[::2], rows[1::2], []):
        found = RowChunks.of(some)
        assert set(found.keys) == {key for row in some for key in row}
        for key in found.keys:
            values = [value for _, chunk in found.chunks() for value in chunk[key]]
            assert values == [row.get(key) for row in some]
        assert sum(size for size, _ in found.chunks()) == len(some)
