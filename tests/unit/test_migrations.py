"""The migrations lead to the schema that the code speaks of, once, however many processes start."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from core.errors import Conflict
from warehouse.database import open_database
from warehouse.metadata import metadata
from warehouse.migrate import FOLDER, NEWEST, migrate, revision


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


def test_the_newest_revision_is_the_head_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_several_processes_may_start_at_once(tmp_path: Path) -> None:
    imports = "import sys; from warehouse.database import open_database; from warehouse.migrate import migrate"
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
