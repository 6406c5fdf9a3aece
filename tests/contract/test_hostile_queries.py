"""Read-only means it: a broad list of statements, of which each reads tables of ours or does nothing at all."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadQuery
from core.events import Column
from core.settings import load_settings
from tests.contract.conftest import FakeClock, World, duckdb_world
from tests.contract.nouns import a_source

ITEMS = "extracted.shop__items"
NAMED = 'FROM extracted."shop__items"'

ALLOWED = [
    f"SELECT * {NAMED}",
    f"SELECT name, n {NAMED} WHERE n > 0 ORDER BY n DESC LIMIT 5 OFFSET 0",
    NAMED,
    f"{NAMED} SELECT name",
    f"TABLE {ITEMS}",
    f"SELECT count(*), sum(n), avg(n), list(name), string_agg(name, ',') {NAMED} GROUP BY ALL",
    f"SELECT *, row_number() OVER (ORDER BY n) AS place {NAMED} QUALIFY place = 1",
    f"WITH a AS (SELECT * {NAMED}), b AS MATERIALIZED (FROM a) SELECT * FROM b JOIN a USING (name)",
    "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 9) SELECT max(n) FROM up",
    f"SELECT * {NAMED} AS a WHERE EXISTS (SELECT 1 {NAMED} AS b WHERE a.n = b.n)",
    f"SELECT * {NAMED} AS a, LATERAL (SELECT a.n + 1 AS more) AS b",
    f"SELECT * {NAMED} AS a ASOF JOIN {ITEMS} AS b ON a.n >= b.n",
    f"SELECT * {NAMED} AS a LEFT JOIN state.sources AS s ON s.source_id = a.name",
    f"PIVOT {ITEMS} ON name IN ('a', 'b') USING sum(n)",
    f"UNPIVOT {ITEMS} ON n INTO NAME what VALUE is_it",
    f"SELECT * EXCLUDE (n) REPLACE (upper(name) AS name) {NAMED}",
    f"SELECT COLUMNS('na.*') {NAMED}",
    f"SELECT * {NAMED} USING SAMPLE 50 PERCENT (bernoulli)",
    f"(SELECT name {NAMED}) UNION ALL (SELECT 'x') EXCEPT SELECT 'y' INTERSECT SELECT 'x'",
    f"DESCRIBE {ITEMS}",
    f"DESCRIBE SELECT * {NAMED}",
    f"SUMMARIZE {ITEMS}",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    f"SHOW {ITEMS}",
    f"EXPLAIN SELECT * {NAMED}",
    f"EXPLAIN ANALYZE SELECT * {NAMED}",
    f"explain /* why */ analyze -- so\nSELECT * {NAMED}",
    "EXPLAIN (FORMAT json) SELECT 1",
    "EXPLAIN (ANALYZE, FORMAT json) SELECT 1",
    "EXPLAIN (SELECT 1)",
    "VALUES (1, 'a'), (2, 'b')",
    "SELECT unnest([1, 2, 3]), {'a': 1}.a, MAP {'k': 'v'}['k'], [x * 2 FOR x IN [1, 2]]",
    "SELECT list_transform([1, 2], lambda x: x + 1), list_filter([1, 2], x -> x > 1)",
    "SELECT '{\"a\": [1]}'::JSON->'a', json_extract('[1]', '$[0]')",
    "SELECT * FROM json_each('{\"a\": 1}')",
    "SELECT * FROM range(3) AS r(i), generate_series(1, 2) AS g(j)",
    "SELECT DATE '2026-01-01' + INTERVAL 1 MONTH, now() > TIMESTAMPTZ '2020-01-01', strftime(DATE '2026-02-03', '%d')",
    "SELECT regexp_replace('a-b', '[^a-z]', ''), 'x' ILIKE 'X', 'ab'[1], 1::DECIMAL(18, 3) / 3",
    "SELECT CASE WHEN true THEN ';' ELSE '--' END AS \"a;b\" -- end",
    "SELECT 1 /* ; DROP SCHEMA state */;;; -- and that is all",
    "SELECT table_schema, table_name FROM information_schema.tables",
    "SELECT schema_name FROM duckdb_schemas()",
    "SELECT view_name FROM duckdb_views",
    "SELECT random() < 2, uuid() IS NOT NULL",
    "SELECT * FROM (VALUES ('=1+1', '@x')) AS t(\"+a\", b)",
    "SELECT source_id FROM state.sources",
]

# some are well formed only for other versions of the engine, or other engines: refused they must be all the same
WRITING = [
    "CREATE TABLE extracted.mine AS SELECT 1",
    "CREATE OR REPLACE TABLE state.sources AS SELECT 'HACKED' AS source_id",
    f"CREATE OR REPLACE VIEW {ITEMS} AS SELECT 'HACKED' AS name",
    "CREATE TEMP TABLE sources AS SELECT 1",
    "CREATE TEMP VIEW sources AS SELECT 1",
    "CREATE SCHEMA other",
    "CREATE SEQUENCE s",
    "CREATE TYPE mood AS ENUM ('a')",
    "CREATE MACRO now() AS 'HACKED'",
    "CREATE OR REPLACE TEMP MACRO upper(x) AS 'HACKED'",
    "CREATE FUNCTION lower(x) AS TABLE SELECT * FROM read_text('/etc/passwd')",
    "CREATE INDEX i ON state.sources (source_id)",
    "CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "CREATE PERSISTENT SECRET a (TYPE http)",
    "INSERT INTO state.sources SELECT * FROM state.sources",
    "INSERT INTO state.sources SELECT * FROM state.sources RETURNING *",
    "UPDATE state.sources SET name = 'HACKED'",
    "DELETE FROM state.sources",
    "TRUNCATE state.sources",
    "MERGE INTO state.sources USING state.sources AS s ON true WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM state.sources RETURNING *) SELECT * FROM gone",
    "WITH a AS (SELECT 1) INSERT INTO state.sources FROM a",
    "WITH a AS (SELECT 1) DELETE FROM state.sources",
    "ALTER TABLE state.sources RENAME TO gone",
    f"ALTER VIEW {ITEMS} RENAME TO gone",
    "DROP SCHEMA extracted CASCADE",
    "DROP TABLE state.sources",
    f"DROP VIEW {ITEMS}",
    "COMMENT ON TABLE state.sources IS 'HACKED'",
    "SELECT 1 INTO state.mine",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "COMMIT; CREATE TABLE extracted.mine AS SELECT 1",
    "SELECT 1; DROP SCHEMA state CASCADE",
    "DROP SCHEMA state CASCADE; SELECT 1",
    "VACUUM",
    "ANALYZE",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "USE extracted",
]
SETTING = [
    "SET threads = 1",
    "SET memory_limit = '100GB'",
    "SET SESSION TimeZone = 'Europe/Berlin'",
    "SET enable_external_access = true",
    "SET VARIABLE x = 1",
    "RESET memory_limit",
    "RESET lock_configuration",
    "PRAGMA enable_external_access",
    "PRAGMA memory_limit = '100GB'",
    "PRAGMA database_list",
    "PRAGMA version",
    "PRAGMA enable_profiling",
    "PRAGMA import_database('/tmp')",
    "PRAGMA json_execute_serialized_sql('x')",
    "CALL pragma_version()",
    "CALL enable_logging()",
    "CALL force_checkpoint()",
    "CALL query('SELECT 1')",
    "PREPARE p AS DROP SCHEMA state CASCADE",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "DEALLOCATE p",
    "ATTACH ':memory:' AS mine",
    "ATTACH 'x.db'",
    "ATTACH 'https://example.com/x.db' (READ_ONLY)",
    "ATTACH 'dbname=x' AS pg (TYPE postgres)",
    "DETACH memory",
    "COPY FROM DATABASE memory TO other",
    "INSTALL httpfs",
    "INSTALL x FROM 'https://example.com'",
    "FORCE INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '/tmp/x.duckdb_extension'",
    "UPDATE EXTENSIONS",
]
FILES = [
    "COPY (SELECT 1) TO '{folder}/written.csv'",
    "COPY state.sources TO '{folder}/written.parquet' (FORMAT parquet)",
    "COPY state.sources FROM '/etc/passwd'",
    "EXPORT DATABASE '{folder}/written'",
    "IMPORT DATABASE '{folder}'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('https://example.com/')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_ndjson_objects('/etc/passwd')",
    "SELECT * FROM read_parquet('{lake}/**/*.parquet')",
    "SELECT * FROM parquet_scan('{lake}/**/*.parquet')",
    "SELECT * FROM parquet_metadata('{lake}/**/*.parquet')",
    "SELECT * FROM parquet_schema('{lake}/**/*.parquet')",
    "SELECT * FROM read_avro('{lake}/**/*.avro')",
    "SELECT * FROM read_text('{lake}/**')",
    "SELECT * FROM iceberg_scan('{lake}/extracted/shop__items')",
    "SELECT * FROM iceberg_metadata('{lake}/extracted/shop__items')",
    "SELECT * FROM iceberg_snapshots('{lake}/extracted/shop__items')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM glob('{lake}/**')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '/etc/passwd.csv'",
    "SELECT * FROM '{lake}/**/*.parquet'",
    'SELECT * FROM "{lake}/x.parquet"',
    "SELECT * FROM 'https://example.com/x.csv'",
    'SELECT * FROM extracted."../../../etc/passwd.csv"',
    "SELECT * FROM 'x.csv'",
    "TABLE '/etc/passwd'",
    "DESCRIBE '/etc/passwd.csv'",
    "DESCRIBE FROM read_csv('/etc/passwd')",
    "SUMMARIZE '/etc/passwd.csv'",
    "SUMMARIZE FROM '/etc/passwd.csv'",
    "FROM (FROM (SELECT * FROM read_text('/etc/passwd')))",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT 1 WHERE EXISTS (FROM glob('/*'))",
    "SELECT [(SELECT content FROM read_text('/etc/passwd')) FOR x IN [1]]",
    "SELECT count(*) FILTER ((SELECT true FROM glob('/*'))) OVER (ORDER BY (SELECT 1 FROM glob('/*')))",
    "WITH a AS (FROM read_text('/etc/passwd')) SELECT * FROM a",
    "VALUES ((SELECT content FROM read_text('/etc/passwd')))",
    "SELECT 1 ORDER BY (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT 1 LIMIT (SELECT size FROM read_text('/etc/passwd'))",
    "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
    "SELECT * FROM query_table('/etc/passwd.csv')",
    "SELECT * FROM query_table(['{lake}/x.parquet'])",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('FROM read_text(''/etc/passwd'')'))",
    "SELECT * FROM arrow_scan(1::POINTER, 2::POINTER, 3::POINTER)",
    "SELECT * FROM pandas_scan(1::POINTER)",
    "SELECT * FROM seq_scan('x')",
    "SELECT * FROM python_map_function(1)",
    "SELECT * FROM enable_logging()",
    "SELECT * FROM checkpoint()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_logs()",
    "SELECT * FROM which_secret('s3://x', 's3')",
    "SELECT * FROM READ_TEXT('/etc/passwd')",
    "SELECT * FROM \"read_text\"('/etc/passwd')",
    "SELECT * FROM system.main.read_text('/etc/passwd')",
    "SELECT * FROM postgres_scan('host=127.0.0.1', 'public', 'x')",
    "SELECT * FROM sqlite_scan('{folder}/data/state.db', 'sources')",
    "SELECT write_log('x')",
    "SELECT nextval('s')",
    "SELECT getenv('HOME')",
    "SELECT * FROM world",
    "SELECT 1) TO '{folder}/written.csv' (FORMAT csv); --",
    "SELECT 1) AS x, read_text('/etc/passwd') AS y; --",
    "SELECT 1) LIMIT 1; CREATE TABLE state.mine (x INTEGER); --",
    "SELECT 1 /*",
    "SELECT 1; --\n DROP SCHEMA state",
    "\ud800",
]
EXPLAINED = [
    f"{explain} {statement}"
    for explain in ("EXPLAIN", "EXPLAIN ANALYZE", "explain/**/analyze", "EXPLAIN (ANALYZE)", "EXPLAIN (FORMAT json)")
    for statement in (
        f"CREATE OR REPLACE VIEW {ITEMS} AS SELECT 'HACKED' AS name",
        "CREATE TABLE extracted.mine AS SELECT 1",
        "INSERT INTO state.sources SELECT * FROM state.sources",
        "DROP SCHEMA state CASCADE",
        "COPY (SELECT 1) TO '{folder}/written.csv'",
        "EXPORT DATABASE '{folder}/written'",
        "ATTACH ':memory:' AS mine",
        "SET threads = 1",
        "EXECUTE p",
        "SELECT * FROM read_text('/etc/passwd')",
        "EXPLAIN ANALYZE CREATE TABLE extracted.mine AS SELECT 1",
    )
]
REFUSED = {"writing": WRITING, "setting": SETTING, "files": FILES, "explained": EXPLAINED}


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("hostile") / "data"
    world = duckdb_world(
        load_settings(data_dir=folder, database_url="", catalog_uri="", warehouse="", query_seconds=20.0), FakeClock()
    )
    world.state.sources.save(a_source())
    columns = (Column(name="name", type="string"), Column(name="n", type="integer"))
    world.lake.append(ITEMS, columns, [{"name": "a", "n": 1}, {"name": "b", "n": 2}], 1)
    return world


def as_seen(world: World) -> list[Any]:
    """What any session sees, and the files beside it."""
    folder = world.settings.data_dir
    tables = world.query.run("SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL").rows
    rows = [world.query.run(f"SELECT * FROM {name}").rows for name in (ITEMS, "state.sources")]
    files = sorted(str(path) for path in folder.parent.rglob("*") if "exports" not in str(path) and path.is_file())
    return [tables, rows, files, world.query.run("SELECT upper('a'), current_setting('threads')").rows]


@pytest.fixture
def untouched(stocked: World) -> Iterator[World]:
    before = as_seen(stocked)
    yield stocked
    assert as_seen(stocked) == before


def test_every_way_of_reading_is_let_through(untouched: World, tmp_path: Path) -> None:
    for place, sql in enumerate(ALLOWED):
        assert untouched.query.run(sql).columns, sql
        if not sql.lower().startswith("explain"):
            written = tmp_path / f"{place}.csv"
            untouched.query.export(sql, str(written))
            assert written.exists(), sql


@pytest.mark.parametrize(
    "statements", [WRITING, SETTING, FILES, EXPLAINED], ids=["writing", "setting", "files", "explained"]
)
def test_everything_else_is_refused_and_changes_nothing(
    untouched: World, statements: list[str], tmp_path: Path
) -> None:
    data = untouched.settings.data_dir
    (data.parent / "schema.sql").write_text("CREATE TABLE extracted.imported AS SELECT 1;")
    (data.parent / "load.sql").write_text("")
    let_through = []
    for sql in statements:
        asked = sql.replace("{folder}", str(data.parent)).replace("{lake}", str(data / "lake"))
        with suppress(BadQuery):
            untouched.query.run(asked)
            let_through.append(sql)
        with pytest.raises(BadQuery):
            untouched.query.export(asked, str(tmp_path / "out.csv"))
    assert let_through == []
    assert not (tmp_path / "out.csv").exists()
    for name in ("schema.sql", "load.sql"):
        (data.parent / name).unlink()


def test_the_list_is_broad() -> None:
    assert len({*ALLOWED, *WRITING, *SETTING, *FILES, *EXPLAINED}) >= 200


def test_a_refused_statement_is_never_run(stocked: World) -> None:
    """Its kind is told by the parser, before the engine looks a name up."""
    with pytest.raises(BadQuery, match="Only one reading statement"):
        stocked.query.run("DROP TABLE nowhere.nothing")
    with pytest.raises(BadQuery, match=r"read_text\(\) cannot be read here"):
        stocked.query.run("SELECT * FROM read_text('/nowhere/nothing')")


BOMBS = {
    "one long text": "SELECT repeat('x', 1000000000)",
    "a longer text": "SELECT length(repeat('x', 100000000000))",
    "long texts in rows": "SELECT repeat('x', 10000000) FROM range(100000)",
    "a large answer": "SELECT i, repeat('x', 100000) FROM range(10000) AS r(i)",
    "an answer": "SELECT i, repeat('x', 100000) FROM range(1200) AS r(i)",
    "a cross join": "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range + b.range = 7",
    "a scan": "SELECT count(*) FROM range(1000000000000) WHERE range % 7 = 3",
    "a sort": "SELECT * FROM range(1000000000000) ORDER BY random()",
    "a list": "SELECT list(range) FROM range(100000000000)",
    "a long range": "SELECT range(1000000000000)",
    "groups": "SELECT count(*) FROM (SELECT range, count(*) FROM range(100000000000) GROUP BY range)",
    "recursion": "WITH RECURSIVE r(n) AS (SELECT 1::HUGEINT UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "a pattern": "SELECT regexp_matches(repeat('a', 100000000), '(a?){500}(a*)*b') FROM range(1000)",
    "nested texts": "SELECT regexp_replace(repeat('ab', 50000000), '(a|b)', repeat('xy', 1000), 'g')",
    "padding": "SELECT lpad('x', 2000000000, 'y')",
    "products": "SELECT list_transform(range(100000), x -> list_sum(list_transform(range(100000), y -> x * y)))",
    "depth": "SELECT " + "(" * 100_000 + "1" + ")" * 100_000,
    "words": "SELECT " + " + ".join(["1"] * 200_000),
}


@pytest.fixture(scope="module")
def bombed(tmp_path_factory: pytest.TempPathFactory) -> World:
    limits = load_settings(
        data_dir=tmp_path_factory.mktemp("bombed"),
        database_url="",
        catalog_uri="",
        warehouse="",
        query_seconds=5.0,
        query_memory_bytes=400_000_000,
    )
    return duckdb_world(limits, FakeClock())


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_query_takes_neither_more_time_nor_more_memory_than_it_may(bombed: World, bomb: str) -> None:
    began = time.monotonic()
    with suppress(BadQuery):
        bombed.query.run(BOMBS[bomb])
    # what the machine is busy with comes on top of the limit of five seconds
    assert time.monotonic() - began < 60
    assert bombed.query.run("SELECT 1").rows == [(1,)]


@pytest.mark.parametrize(
    ("bomb", "limit"),
    [
        ("one long text", "400 MB it may take. Ask for less, or raise SDP_QUERY_MEMORY_BYTES"),
        ("an answer", "larger than 100 MB. .* raise SDP_QUERY_MEMORY_BYTES"),
        ("a scan", "longer than 5 seconds. Ask for less, or raise SDP_QUERY_SECONDS"),
        ("recursion", "longer than 5 seconds. Ask for less, or raise SDP_QUERY_SECONDS"),
    ],
)
def test_the_limit_and_its_setting_are_named(bombed: World, bomb: str, limit: str) -> None:
    with pytest.raises(BadQuery, match=limit):
        bombed.query.run(BOMBS[bomb])


def test_an_export_has_the_same_limits(bombed: World, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with pytest.raises(BadQuery, match="longer than 5 seconds"):
        bombed.query.export(BOMBS["a scan"], str(path))
    with pytest.raises(BadQuery, match="SDP_QUERY_MEMORY_BYTES"):
        bombed.query.export(BOMBS["one long text"], str(path))
    assert not path.exists()
