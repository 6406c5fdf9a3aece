"""Columns change under the rows: every reader sees every row under the present names, and the state can go back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyiceberg.types import (
    BinaryType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IcebergType,
    IntegerType,
    LongType,
    StringType,
    TimestamptzType,
)

from core.bootstrap import build_pipeline
from core.errors import BadInput, Conflict, UnknownName
from core.events import Column
from core.model import ColumnChange
from core.settings import load_settings
from jobs.__main__ import main
from tests.contract.conftest import World
from tests.parts import parts_of
from warehouse.lake.evolution import may_promote
from warehouse.lake.snapshots import MOST_SNAPSHOTS

TABLE = "silver.buyers"
NAME = Column(name="name", type="string")
VALUE = Column(name="value", type="integer")


def add(world: World, mark: int, *rows: dict[str, Any], columns: tuple[Column, ...] = (NAME, VALUE)) -> None:
    assert world.lake.append(TABLE, columns, rows, mark)


def change(action: Any, column: str, **more: Any) -> ColumnChange:
    return ColumnChange(action=action, column=column, **more)


def rows(world: World, sql: str = f"SELECT * FROM {TABLE} ORDER BY ALL") -> list[dict[str, Any]]:
    result = world.query.run(sql)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


@pytest.fixture
def evolve(world: World) -> Callable[..., None]:
    add(world, 1, {"name": "Ashby", "value": 1})

    def change_and_add(*changes: ColumnChange) -> None:
        world.lake.evolve(TABLE, changes)  # type: ignore[attr-defined]  # the lake plays this port too

    return change_and_add


def test_a_renamed_column_keeps_its_cells_and_takes_rows_made_before(world: World, evolve: Callable[..., None]) -> None:
    evolve(change("rename", "name", to="town"))
    add(world, 2, {"name": "Brook", "value": 2})
    evolve(change("rename", "town", to="place"))
    add(world, 3, {"town": "Calder", "value": 3}, columns=(Column(name="town", type="string"), VALUE))
    add(world, 4, {"place": "Dunmore", "value": 4}, columns=(Column(name="place", type="string"), VALUE))
    assert [(row["place"], row["value"]) for row in rows(world)] == [
        ("Ashby", 1), ("Brook", 2), ("Calder", 3), ("Dunmore", 4),
    ]  # fmt: skip
    assert set(rows(world)[0]) == {"place", "value"}


def test_an_added_column_is_empty_in_old_rows(world: World, evolve: Callable[..., None]) -> None:
    evolve(change("add", "price", type="money"), change("add", "labels", type="string", many=True))
    price = Column(name="price", type="money")
    add(world, 2, {"name": "B", "price": {"amount": "1.5", "currency": "EUR"}}, columns=(NAME, price))
    assert [(row["name"], str(row["price"]), row["price_currency"], row["labels"]) for row in rows(world)] == [
        ("Ashby", "None", None, None), ("B", "1.500000", "EUR", None),
    ]  # fmt: skip


def test_a_dropped_column_does_not_come_back(world: World, evolve: Callable[..., None]) -> None:
    evolve(change("drop", "value"))
    add(world, 2, {"name": "Brook", "value": 2})
    assert rows(world) == [{"name": "Ashby"}, {"name": "Brook"}]
    evolve(change("add", "value", type="integer"))
    add(world, 3, {"name": "Calder", "value": 3})
    assert [row["value"] for row in rows(world, f"SELECT * FROM {TABLE} ORDER BY name")] == [None, None, 3]


def test_columns_are_put_in_order(world: World, evolve: Callable[..., None]) -> None:
    evolve(change("move", "value"))
    assert list(rows(world)[0]) == ["value", "name"]
    evolve(change("move", "value", to="name"))
    assert list(rows(world)[0]) == ["name", "value"]


@pytest.mark.parametrize(
    "wrong",
    [
        change("rename", "name", to="value"),
        change("add", "name", type="string"),
        change("add", "new"),
        change("promote", "value", type="string"),
        change("promote", "name", type="integer"),
        change("promote", "value", type="decimal"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    world: World, evolve: Callable[..., None], wrong: ColumnChange
) -> None:
    with pytest.raises(BadInput):
        evolve(change("drop", "value") if wrong.column == "x" else change("add", "other", type="string"), wrong)
    assert rows(world) == [{"name": "Ashby", "value": 1}]


def test_unknown_names_are_told(world: World, evolve: Callable[..., None]) -> None:
    with pytest.raises(UnknownName):
        evolve(change("drop", "nothing"))
    with pytest.raises(UnknownName):
        world.lake.evolve("silver.nothing", ())  # type: ignore[attr-defined]


def test_a_tagged_state_is_kept_shown_and_gone_back_to(world: World, evolve: Callable[..., None]) -> None:
    lake: Any = world.lake
    lake.tag(TABLE, "v1")
    evolve(change("rename", "name", to="town"))
    for number in range(2, MOST_SNAPSHOTS + 8):
        add(world, number, {"name": "Brook", "value": number})
        lake.keep_quick(TABLE)
    assert lake.tags(TABLE) == ["v1"]
    assert rows(world, f"SELECT * FROM {TABLE.replace('buyers', chr(34) + 'buyers@v1' + chr(34))}") == [
        {"name": "Ashby", "value": 1}
    ]
    with pytest.raises(Conflict):
        lake.tag(TABLE, "v1")
    with pytest.raises(UnknownName):
        lake.roll_back(TABLE, "v2")
    lake.roll_back(TABLE, "v1")
    assert rows(world) == [{"town": "Ashby", "value": 1}]
    assert not world.lake.append(TABLE, (NAME, VALUE), [{"name": "Brook", "value": 2}], 2)


def test_rows_that_are_forgotten_stay_in_tags_and_do_not_land_again(world: World, evolve: Callable[..., None]) -> None:
    lake: Any = world.lake
    add(world, 2, {"name": "Brook", "value": 2})
    lake.tag(TABLE, "v1")
    assert lake.forget(TABLE, "value", 1, dry_run=True) == 1
    assert len(rows(world)) == 2
    assert lake.forget(TABLE, "value", 1) == 1
    assert lake.forget(TABLE, "value", 1) == 0
    assert lake.forget("silver.nothing", "value", 1) == 0
    assert rows(world) == [{"name": "Brook", "value": 2}]
    assert len(rows(world, f"SELECT * FROM {TABLE.replace('buyers', chr(34) + 'buyers@v1' + chr(34))}")) == 2
    assert not world.lake.append(TABLE, (NAME, VALUE), [{"name": "Brook", "value": 2}], 2)


def test_a_person_changes_a_table_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path / "data"))
    parts_of(build_pipeline(load_settings())).lake.append(TABLE, (NAME, VALUE), [{"name": "Ashby", "value": 1}], 1)
    assert (
        main(["table", TABLE, "--tag", "v1", "--rename", "name:town", "--add", "since:date", "--move", "value:"]) == 0
    )
    assert capsys.readouterr().out.split("\n")[:4] == ["value: BIGINT", "town: VARCHAR", "since: DATE", "tags: v1"]
    assert main(["table", TABLE, "--add", "since"]) == 1
    assert main(["table", TABLE, "--add", "x:strange"]) == 1
    assert main(["table", TABLE, "--roll-back", "v9"]) == 1
    assert main(["table", TABLE, "--roll-back", "v1"]) == 0


def keyed(key: str, name: str, day: int, **more: Any) -> dict[str, Any]:
    at = f"2026-03-{day:02d}T00:00:00+00:00"
    return {"name": name, "value": day, "_key": key, "_fetched_at": at, "_extractor_id": "e"} | more


def test_the_last_version_of_a_record_is_shown_and_all_are_kept(world: World) -> None:
    add(world, 1, keyed("a", "old", 1), keyed("b", "b", 1), keyed("c", "c", 1))
    add(world, 2, keyed("a", "new", 3), keyed("b", "gone", 2, _deleted=True))
    add(world, 3, keyed("a", "late", 2))
    add(world, 4, keyed("c", "corrected", 1, _schema_version=2))
    shown = rows(world, f"SELECT _key, name FROM {TABLE} ORDER BY 1")
    assert shown == [{"_key": "a", "name": "new"}, {"_key": "c", "name": "corrected"}]
    assert len(rows(world, "SELECT * FROM silver_history.buyers")) == 7
    add(world, 5, keyed("b", "back", 9, _deleted=False))
    assert len(rows(world, f"SELECT * FROM {TABLE}")) == 3


PROMOTIONS: list[tuple[IcebergType, IcebergType, bool]] = [
    (IntegerType(), LongType(), True),
    (FloatType(), DoubleType(), True),
    (DecimalType(9, 2), DecimalType(12, 2), True),
    (DecimalType(9, 2), DecimalType(12, 3), False),
    (DecimalType(12, 2), DecimalType(9, 2), False),
    (LongType(), IntegerType(), False),
    (LongType(), DoubleType(), False),
    (StringType(), BinaryType(), False),
    (DateType(), TimestamptzType(), False),
    (LongType(), LongType(), True),
]


@pytest.mark.parametrize(("old", "new", "allowed"), PROMOTIONS)
def test_our_own_table_of_promotions(old: IcebergType, new: IcebergType, allowed: bool) -> None:
    assert may_promote(old, new) is allowed
