"""The migrations lead to the schema that the code speaks of, once, however many processes start."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event

from core.bootstrap import SystemClock
from core.errors import Conflict
from core.settings import load_settings
from warehouse.state.database import open_database
from warehouse.state.metadata import metadata
from warehouse.state.migrate import FOLDER, NEWEST, migrate, revision
from warehouse.stores import open_state


def schema(path: Path) -> dict[str, str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: re.sub(r"[\s\"]+", "", sql) for name, sql in rows if name != "alembic_version"}


def test_the_migrated_schema_is_the_one_in_the_code(tmp_path: Path) -> None:
    migrated, created = tmp_path / "migrated.db", tmp_path / "created.db"
    migrate(open_database(f"sqlite:///{migrated}"))
    metadata.create_all(create_engine(f"sqlite:///{created}"))
    assert schema(migrated) == schema(created)
    assert len(schema(migrated)) > 9


def test_a_database_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    fresh, old = tmp_path / "fresh.db", tmp_path / "old.db"
    migrate(open_database(f"sqlite:///{fresh}"))
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    with open_database(f"sqlite:///{old}").migrating() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO health VALUES ('shop', 2, NULL, NULL, 'down')")
    database = open_database(f"sqlite:///{old}")
    migrate(database)
    assert schema(old) == schema(fresh)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT strikes FROM health").scalar() == 2


def test_a_question_of_every_second_uses_its_index(tmp_path: Path) -> None:
    """Expressions are indexed only as long as a query spells them in the same way."""
    state = open_state(load_settings(data_dir=tmp_path, database_url=""), SystemClock())
    asked: list[str] = []
    with state.database.read() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    state.bronze.latest("shop", ["https://shop.example/"])
    state.queue.claim("w", 1)
    queries = [text for text in asked if text.startswith("SELECT")]
    with state.database.read() as connection:
        explain = (f"EXPLAIN QUERY PLAN {query}" for query in queries)
        plans = [str(connection.exec_driver_sql(query, ("x",) * query.count("?")).all()) for query in explain]
    for plan, index in zip(
        plans,
        ("at_address (source_id=? AND <expr>=?)", "next (state=?", "leased (state=?", "leased (state=?"),
        strict=True,
    ):
        assert index in plan


def test_the_newest_revision_is_the_head_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_several_processes_may_start_at_once(tmp_path: Path) -> None:
    imports = (
        "import sys; from warehouse.state.database import open_database; from warehouse.state.migrate import migrate"
    )
    code = f"{imports}; migrate(open_database(sys.argv[1]))"
    command = [sys.executable, "-c", code, f"sqlite:///{tmp_path / 'state.db'}"]
    starts = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(start.communicate()[1], start.returncode) for start in starts] == [(b"", 0)] * 4
    with open_database(command[-1]).read() as connection:
        assert revision(connection) == NEWEST


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'state.db'}")
    migrate(database)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict, match="cannot be migrated"):
        migrate(database)
