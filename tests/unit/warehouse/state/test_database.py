"""Opening the state tells what is wrong in words for a person, and stays light."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.bootstrap import open_lake
from core.errors import BadSetting, Conflict, RetryLater
from core.events import Column
from core.settings import load_settings
from warehouse.state.database import open_database


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/db", "nosuch://x"])
def test_a_url_that_cannot_be_used_is_told(url: str) -> None:
    with pytest.raises(BadSetting):
        open_database(url)


def test_a_database_that_does_not_answer_is_tried_later(tmp_path: Path) -> None:
    (tmp_path / "state.db").mkdir()
    with pytest.raises(RetryLater), open_database(f"sqlite:///{tmp_path / 'state.db'}").read():
        pass


def test_reading_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'state.db'}")
    with database.write() as writer:
        writer.exec_driver_sql("CREATE TABLE t (x)")
        with database.read() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0


def test_looking_at_state_and_lake_loads_no_heavy_library(tmp_path: Path) -> None:
    lake = open_lake(load_settings(data_dir=tmp_path, catalog_uri="", warehouse=""))
    lake.append("extracted.shop__items", (Column(name="n", type="integer"),), [{"n": 1}], 7)
    code = f"""
import sys
from core.settings import load_settings
from core.bootstrap import open_lake
from warehouse.query.engine import DuckDBQuery
from warehouse.stores import open_state
lake = open_lake(load_settings(data_dir={str(tmp_path)!r}, catalog_uri="", warehouse=""))
heavy = [name for name in ("duckdb", "pyiceberg", "pyarrow", "pandas", "alembic") if name in sys.modules]
print(lake.watermark("extracted.shop__items"), lake.tables()[0].rows, heavy)
"""
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "7 1 []"


def test_what_another_wrote_at_the_same_time_is_a_conflict(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'state.db'}")
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x UNIQUE)")
    with pytest.raises(Conflict), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1), (1)")
