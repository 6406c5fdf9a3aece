"""What every query engine must hold: it reads what there is, and can do nothing else."""

import csv
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import BadInput, BadQuery
from core.events import Column
from tests.contract.conftest import FakeClock, World
from tests.contract.nouns import START, a_document, a_run, a_source, a_task, an_extractor
from tests.effort import tries
from warehouse.query.engine import DuckDBQuery
from warehouse.query.named_queries import questions

WORDS = [
    "SELECT",
    "FROM",
    "state.tasks",
    "*",
    "?",
    ";",
    "(",
    ")",
    "--",
    "'",
    '"',
    "WITH a AS",
    "JOIN",
    "1",
    "PIVOT",
    "COPY",
]
ANY_TEXT = st.text(st.characters(exclude_categories=()))
ITEMS = "extracted.shop__items"
COLUMNS = (Column(name="name", type="string"), Column(name="n", type="integer"))


def row(name: str, document: str, minute: int = 0, *, url: str = "/", extractor: str = "e1") -> dict[str, Any]:
    fetched = (START + timedelta(minutes=minute)).isoformat()
    lineage = {"_document_id": document, "_url": url, "_extractor_id": extractor, "_fetched_at": fetched}
    lineage |= {"_row_id": f"{document}-{extractor}-{name}"}
    return {"name": name, "n": len(name)} | lineage


def names(world: World, table: str = ITEMS) -> list[str]:
    return [name for (name,) in world.query.run(f"SELECT name FROM {table} ORDER BY name").rows]


def test_a_result_tells_its_columns_types_and_time(quiet_world: World) -> None:
    result = quiet_world.query.run("SELECT 1 AS one, 'a' AS letter, DATE '2026-01-01' AS day")
    assert result.columns == ("one", "letter", "day")
    assert result.types == ("INTEGER", "VARCHAR", "DATE")
    assert [str(cell) for cell in result.rows[0]] == ["1", "a", "2026-01-01"]
    assert (result.truncated, result.seconds > 0) == (False, True)


def test_parameters_are_bound(quiet_world: World) -> None:
    assert quiet_world.query.run("SELECT ? || ?", ["a'; DROP", "b"]).rows == [("a'; DROPb",)]


def test_rows_are_seen_as_soon_as_they_are_committed(world: World) -> None:
    for mark, name in enumerate(("a", "b", "c"), start=1):
        world.lake.append(ITEMS, COLUMNS, [row(name, name, url=name)], mark)
        assert len(names(world)) == mark


def test_only_rows_of_the_newest_version_of_a_page_are_current(world: World) -> None:
    rows = [row("old", "d1", 1), row("new", "d2", 2), row("newer", "d2", 2), row("other", "d3", 0, url="/b")]
    world.lake.append(ITEMS, COLUMNS, rows, 1)
    assert names(world) == ["new", "newer", "other"]
    assert names(world, "history.shop__items") == ["new", "newer", "old", "other"]


def test_rows_are_counted_as_a_query_shows_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.lake.append(ITEMS, COLUMNS, [row("old", "d1", 1), row("gone", "d1", 1)], 1)
    assert world.query.counts([ITEMS]) == {ITEMS: 2}
    world.lake.append(ITEMS, COLUMNS, [row("new", "d2", 2)], 2)
    assert world.query.counts([ITEMS]) == {ITEMS: 1}
    asked: list[str] = []
    monkeypatch.setattr(DuckDBQuery, "run", lambda _self, sql, **_: asked.append(sql))
    assert world.query.counts([ITEMS]) == {ITEMS: 1}
    assert asked == []


def test_a_version_that_came_back_is_current_again(world: World) -> None:
    for minute, content in ((1, b"A"), (2, b"B"), (3, b"A")):
        world.state.bronze.put(a_document(content, fetched_at=START + timedelta(minutes=minute)), content)
    first, second = (a_document(content).document_id for content in (b"A", b"B"))
    world.lake.append(ITEMS, COLUMNS, [row("A", first, 1), row("B", second, 2)], 1)
    assert names(world) == ["A"]


def test_a_version_without_rows_hides_those_of_the_version_before(world: World) -> None:
    nothing = {**row("", "d2", 2), "name": None, "n": None, "_row_id": None}
    world.lake.append(ITEMS, COLUMNS, [row("gone", "d1", 1), nothing, row("other", "d3", url="/b")], 1)
    assert names(world) == ["other"]
    assert world.query.run("SELECT count(*) FROM history.shop__items").rows == [(3,)]


def test_the_extractor_promoted_last_reads_the_current_rows(world: World, clock: FakeClock) -> None:
    world.lake.append(ITEMS, COLUMNS, [row(name, "d1", extractor=name) for name in ("e1", "e2")], 1)
    for name in ("e2", "e1", "e2"):
        clock.advance(60)
        world.state.extractors.stage(an_extractor(name))
        world.state.extractors.promote(name)
    assert names(world) == ["e2"]
    clock.advance(60)
    world.state.extractors.promote("e1")
    assert names(world) == ["e1"]


def test_rows_without_lineage_are_all_current(world: World) -> None:
    world.lake.append(ITEMS, COLUMNS, [{"name": "a"}, {"name": "b"}], 1)
    assert names(world) == ["a", "b"]


def test_a_renamed_or_added_column_is_read_right(world: World) -> None:
    world.lake.append("silver.items", COLUMNS, [{"name": "a", "n": 1}], 1)
    world.lake.append("silver.items", (Column(name="tags", type="string", many=True),), [{"tags": ["x"]}], 2)
    assert world.query.run("SELECT name, n, tags FROM silver.items ORDER BY n").rows == [
        ("a", 1, None),
        (None, None, ["x"]),
    ]


def test_the_state_can_be_joined_with_the_lake(world: World) -> None:
    world.state.sources.save(a_source())
    world.state.queue.enqueue([a_task("1"), a_task("2", priority=1)])
    world.state.runs.save(a_run())
    world.lake.append("bronze.documents", (Column(name="source_id", type="string"),), [{"source_id": "shop"}], 1)
    sql = """
        SELECT s.name, s.auto_promote, s.created_at, count(*), max(t.priority), any_value(t.payload->>'url')
        FROM state.sources s JOIN state.tasks t USING (source_id) JOIN bronze.documents d USING (source_id)
        GROUP BY ALL
    """
    [(name, promote, created, count, priority, url)] = world.query.run(sql).rows
    assert (name, promote, count, priority, url) == ("Shop", False, 2, 1, "/é")
    assert created == START


def test_the_state_is_read_while_it_changes(world: World) -> None:
    for number in range(3):
        world.state.queue.enqueue([a_task(str(number))])
        assert world.query.run("SELECT count(*) FROM state.tasks").rows == [(number + 1,)]


def test_many_may_ask_while_rows_come_in(world: World) -> None:
    world.lake.append(ITEMS, COLUMNS, [row("0", "0", url="0")], 1)
    ended = threading.Event()

    def ask(_: int) -> list[int]:
        seen = []
        while not ended.is_set():
            seen.append(world.query.run(f"SELECT count(*) FROM {ITEMS}").rows[0][0])
        return seen

    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(ask, range(3))
        for mark in range(2, 20):
            world.lake.append(ITEMS, COLUMNS, [row(str(mark), str(mark), url=str(mark))], mark)
        ended.set()
        for seen in answers:
            assert seen == sorted(seen)
    assert len(names(world)) == 19


def test_code_and_blueprints_stay_out_of_the_state(quiet_world: World) -> None:
    columns = {name for name, *_ in quiet_world.query.run("DESCRIBE state.extractors").rows}
    assert {"extractor_id", "version", "promoted_at"} <= columns
    assert not {"code", "blueprint"} & columns


def test_more_rows_than_the_cap_are_cut_off_and_told(quiet_world: World) -> None:
    result = quiet_world.query.run("SELECT * FROM range(9) ORDER BY 1 DESC", limit=3)
    assert (result.rows, result.truncated) == ([(8,), (7,), (6,)], True)
    assert quiet_world.query.run("SELECT * FROM range(3)", limit=3).truncated is False
    assert len(quiet_world.query.run("SELECT * FROM range(99999)").rows) == quiet_world.settings.query_rows


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1;",
        "SELECT 1; -- ;",
        "SELECT ';' || 'é;' ;",
        "FROM range(1)",
        "SHOW TABLES",
        "EXPLAIN SELECT 1",
        "VALUES (1)",
        "WITH a AS (SELECT 1) SELECT * FROM a -- end",
        "DESCRIBE SELECT 1",
        "(SELECT 1) UNION (SELECT 2)",
    ],
)
def test_every_way_of_reading_is_let_through(quiet_world: World, sql: str) -> None:
    assert quiet_world.query.run(sql).columns


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- nothing",
        "SELECT 1; SELECT 2",
        "CREATE TABLE t (x INTEGER)",
        "CREATE OR REPLACE VIEW extracted.shop__items AS SELECT 1",
        "INSERT INTO state.tasks SELECT * FROM state.tasks",
        "DROP SCHEMA state CASCADE",
        "DELETE FROM state.tasks",
        "SET threads = 1",
        "RESET enable_external_access",
        "PRAGMA enable_external_access",
        "ATTACH 'x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "EXPORT DATABASE '/tmp/out'",
        "CALL pragma_version()",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('https://example.com/')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM iceberg_scan('/etc')",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/out.csv'",
        "SELECT * FROM world",
        "SELECT 1) TO '/tmp/out.csv' (FORMAT csv); --",
        "SELECT",
    ],
)
def test_everything_else_is_refused(quiet_world: World, sql: str, tmp_path: Path) -> None:
    with pytest.raises(BadQuery):
        quiet_world.query.run(sql)
    with pytest.raises(BadQuery):
        quiet_world.query.export(sql, str(tmp_path / "out.csv"))


@settings(max_examples=tries(200), deadline=None, suppress_health_check=list(HealthCheck))
@given(sql=ANY_TEXT | st.lists(st.sampled_from(WORDS)).map(" ".join), parameter=ANY_TEXT | st.none() | st.integers())
@example(sql="SELECT ?", parameter="\ud800")
@example(sql="SELECT ?", parameter=10**50)
@example(sql="SELECT '\x00'", parameter=None)
def test_whatever_is_asked_is_answered_or_refused(quiet_world: World, sql: str, parameter: Any) -> None:
    with suppress(BadQuery):
        quiet_world.query.run(sql, [parameter])


def test_an_unknown_table_is_answered_with_the_likely_one(world: World) -> None:
    world.lake.append(ITEMS, COLUMNS, [row("a", "d")], 1)
    with pytest.raises(BadQuery) as caught:
        world.query.run("SELECT * FROM extracted.shop_item")
    assert caught.value.message == "There is no table shop_item."
    assert ITEMS in caught.value.advice


def test_an_unknown_column_is_told_in_the_words_of_the_engine(world: World) -> None:
    world.lake.append(ITEMS, COLUMNS, [row("a", "d")], 1)
    with pytest.raises(BadQuery, match=r"label.*not found"):
        world.query.run(f"SELECT label FROM {ITEMS}")


def test_a_query_that_takes_too_long_is_stopped(make_world: Callable[..., World]) -> None:
    world = make_world(query_seconds=5.0)
    with pytest.raises(BadQuery, match="longer than 5 seconds"):
        world.query.run("SELECT count(*) FROM range(1000000000000) WHERE range % 7 = 3")
    assert world.query.run("SELECT 1").rows == [(1,)]


def test_an_export_holds_all_rows(make_world: Callable[..., World], tmp_path: Path) -> None:
    world = make_world(query_rows=2)
    world.lake.append(ITEMS, COLUMNS, [row(name, name, url=name) for name in ("a", 'b"é', "c")], 1)
    sql = f"SELECT name, n, [n, 7] AS list FROM {ITEMS} ORDER BY name; -- all"
    paths = {kind: tmp_path / f"out.{kind}" for kind in ("csv", "json", "parquet")}
    assert [world.query.export(sql, str(path)) for path in paths.values()] == [3, 3, 3]
    expected = ["a", 'b"é', "c"]
    with paths["csv"].open(encoding="utf-8", newline="") as file:
        assert [found["name"] for found in csv.DictReader(file)] == expected
    assert [found["name"] for found in json.loads(paths["json"].read_text("utf-8"))] == expected
    assert pq.read_table(paths["parquet"]).column("list").to_pylist()[0] == [1, 7]


def test_an_export_holds_only_the_columns_asked_for(make_world: Callable[..., World], tmp_path: Path) -> None:
    world = make_world()
    world.lake.append(ITEMS, COLUMNS, [row(name, name, url=name) for name in ("a", "b")], 1)
    sql = (
        f'SELECT n AS "the n", name, _evidence FROM (SELECT *, 1 AS _evidence FROM {ITEMS}) ORDER BY name DESC; -- all'
    )
    assert world.query.export(sql, str(tmp_path / "out.csv"), columns=["name", "the n"]) == 2
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["name", "b", "a"]
    assert lines[0] == "name,the n"


def test_a_failed_export_leaves_the_old_file(quiet_world: World, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(BadQuery):
        quiet_world.query.export("SELECT error('x') FROM range(5)", str(path))
    assert path.read_text() == "old"
    (tmp_path / "folder.csv").mkdir()
    for bad in ("out.exe", "nowhere/out.csv", "folder.csv", "/proc/out.csv"):
        with pytest.raises(BadInput):
            quiet_world.query.export("SELECT 1", str(tmp_path / bad))


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_every_named_question_can_be_asked(quiet_world: World, question: Any) -> None:
    assert question.sentence.endswith(".")
    assert quiet_world.query.run(question.sql).columns


def test_no_question_of_the_file_is_lost() -> None:
    text = Path("warehouse/query/queries.sql").read_text("utf-8")
    assert len(questions()) == text.count("-- name: ") > 5


def count_sources(state_file: Path) -> int:
    """What another process, which opens the state after a query and leaves again, sees."""
    asked = (
        "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM sources').fetchone()[0])"
    )
    return int(
        subprocess.run([sys.executable, "-c", asked, state_file], check=True, capture_output=True).stdout.strip(
            b"(,)\n"
        )
    )


def test_a_query_does_not_cost_this_process_its_locks_on_the_state(world: World) -> None:
    """An engine that opens the file with an SQLite of its own would: the next process removed the log under us."""
    world.state.sources.save(a_source())
    assert world.query.run("SELECT count(*) FROM state.sources").rows == [(1,)]
    file = world.state.database.file
    assert file is not None
    assert count_sources(file) == 1
    assert file.with_name(f"{file.name}-wal").exists()
    world.state.sources.save(a_source().model_copy(update={"source_id": "other"}))
    assert count_sources(file) == 2
