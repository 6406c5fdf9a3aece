"""Rows are paired by what only they say, and the same way in every process."""

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compare.rows import agreements, paired
from core.compare.values import agree, are_alike, is_rounded
from core.model import FieldValue, Record


def ships(*rows: tuple[str, str]) -> list[Record]:
    cells = [{name: FieldValue(text, text, 1.0, None) for name, text in zip("ab", row, strict=True)} for row in rows]
    return [Record("ships", number, fields) for number, fields in enumerate(cells)]


def pairs_of_equal_weight() -> list[tuple[int, int]]:
    """Either ship shares one long text with either of the others."""
    left = ships(("Aurora of Riga", "built long ago"), ("Borealis of Oslo", "under sail since"))
    right = ships(("Aurora of Riga", "under sail since"), ("Borealis of Oslo", "built long ago"))
    return [(old.index, new.index) for old, new in paired(left, right, same_page=False)]


def test_rows_that_agree_equally_are_paired_in_the_order_of_the_page() -> None:
    assert pairs_of_equal_weight() == [(0, 0), (1, 1)]


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_rows_are_paired_the_same_way_in_every_process(seed: str) -> None:
    script = "from tests.unit.compare.test_rows import pairs_of_equal_weight as pairs; print(pairs())"
    found = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True
    )
    assert found.stdout.strip() == str(pairs_of_equal_weight()), found.stderr


def test_numbers_are_alike_when_they_are_the_same_and_not_when_they_look_alike() -> None:
    assert not are_alike("1,250,000.00 EUR", "1,350,000.00 EUR")
    assert not are_alike("Case 12, page 3", "Case 12, page 4")
    assert are_alike("Case 12, page 3", "page 3, Case 12")
    assert are_alike("3.5498094313", "3.54980943128316")
    assert not are_alike("3.5", "3.54980943128316")
    assert not are_alike("12.300114582", "12.400114582")


@given(st.floats(min_value=0.01, max_value=1e9), st.integers(2, 6))
def test_a_number_told_with_fewer_digits_is_the_same_number(number: float, places: int) -> None:
    more, less = f"{number:.9f}", f"{number:.{places}f}"
    assert is_rounded(more, less) == is_rounded(less, more)
    assert is_rounded(more, less) or sum(map(str.isdigit, less.strip("-0."))) < 3


def days(values: Sequence[str], header: str = "share") -> list[Record]:
    """Rows of a statistic: a day each, and a number with many digits."""
    rows = [
        {
            "day": FieldValue(f"2021-03-{n:02d}", f"2021-03-{n:02d}", 1.0, None),
            header: FieldValue(text, text, 1.0, None),
        }
        for n, text in enumerate(values, 1)
    ]
    return [Record("figures", number, fields) for number, fields in enumerate(rows)]


def test_rows_of_a_statistic_are_paired_by_their_day_and_compared_as_numbers() -> None:
    numbers = [1 / (n + 3) for n in range(8)]
    before, after = days([f"{n:.6f}" for n in numbers]), days([f"{n:.12f}" for n in numbers], "part")
    found = agreements(before, after)
    assert found.rows == 8
    assert found.agreed["share", "part"] == 1.0


def test_the_same_days_alone_make_no_pairs() -> None:
    assert agreements(days([f"{n}0A" for n in range(8)]), days([f"{n}7B" for n in range(8)])).rows == 0


def test_a_day_written_otherwise_is_the_same_day() -> None:
    one, other = FieldValue("2020-02-10", "2/10/2020", 1.0, None), FieldValue("2020-02-10", "2020-02-10", 1.0, None)
    assert agree(one, other)


def test_long_numbers_of_files_are_compared_to_the_last_digit() -> None:
    assert not is_rounded("12345678901234567", "12345678901234568")
    assert not is_rounded("9" * 400, "8" * 400)
    assert not is_rounded("0012", "12")
