"""Opening the state tells what is wrong in words for a person, and stays light."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import BadSetting, RetryLater
from warehouse.database import open_database


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


def test_opening_the_state_loads_no_engine_of_the_lake() -> None:
    heavy = ("duckdb", "pyiceberg", "pyarrow", "alembic")
    code = f"import sys, warehouse.state; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
