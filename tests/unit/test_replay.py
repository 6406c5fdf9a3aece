"""Rows are paired by what only they say, and the same way in every process."""

import os
import subprocess
import sys

import pytest

from core.model import FieldValue, Record
from core.replay import paired


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
    script = "from tests.unit.test_replay import pairs_of_equal_weight as pairs; print(pairs())"
    found = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True
    )
    assert found.stdout.strip() == str(pairs_of_equal_weight()), found.stderr
