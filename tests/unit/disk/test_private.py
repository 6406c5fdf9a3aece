"""What is kept is for its owner alone, whatever the process lets others do by default."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.broker.local import open_local
from core.disk.private import private_file, private_folder
from core.events import Column
from core.ports import Damage
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.parts import parts_of
from warehouse.backup import back_up, restore

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    return [f"{path} {mode(path):o}" for path in [folder, *folder.rglob("*")] if mode(path) & 0o077]


def test_everything_in_a_data_folder_is_for_its_owner(tmp_path: Path) -> None:
    pages, data = tmp_path / "pages", tmp_path / "deep" / "data"
    pages.mkdir()
    for n in range(3):
        facts = f"<dl><dt>Buyer</dt><dd>Town {n}</dd><dt>Value</dt><dd>EUR {n}00</dd></dl>"
        (pages / f"{n}.html").write_text(f"<html><body><h1>Notice {n}</h1>{facts}</body></html>")
    pipeline = build_pipeline(load_settings(data_dir=data, sample_portal_port=0))
    pipeline.sources.accept(scouted(pipeline, str(pages), "notices").draft_id)
    drain(pipeline, "test")
    parts_of(pipeline).lake.append("silver.items", (Column(name="n", type="integer"),), [{"n": 1}], 1)
    pipeline.tables.export("SELECT * FROM silver.items", str(tmp_path / "out.csv"))
    parts_of(pipeline).integrity.note(Damage("state.x", "it is torn", "Run python -m jobs check."))
    back_up(pipeline.settings, tmp_path / "backup.tar")
    names = {path.name for path in data.iterdir()}
    assert names >= {"state.db", "state.db-wal", "state.db-shm", "events.db", "events.db-wal", "catalog.db", "objects"}
    assert names >= {"lake", "extractors", "exports", "damage.jsonl", "backups.jsonl"}
    assert open_to_others(data) == []
    # what a person asked for at a place of his own is as open as all that he makes
    assert mode(tmp_path / "out.csv") & 0o044


def test_a_backup_and_what_comes_out_of_it_are_for_their_owner(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data", sample_portal_port=0)
    pipeline = build_pipeline(settings)
    parts_of(pipeline).lake.append("silver.items", (Column(name="n", type="integer"),), [{"n": 1}], 1)
    archive = tmp_path / "backup.tar"
    back_up(settings, archive)
    assert mode(archive) == 0o600
    settings.data_dir.rename(tmp_path / "before")
    restore(settings, archive)
    assert open_to_others(settings.data_dir) == []


def test_files_of_earlier_versions_are_narrowed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(0o755)
    for name in ("events.db", "events.db-wal", "events.db-shm"):
        (data / name).touch(0o644)
    open_local(data / "events.db").close()
    assert mode(data) == 0o700
    assert mode(data / "events.db") == 0o600


def test_a_folder_of_others_is_left_as_it_is(tmp_path: Path) -> None:
    shared, sticky = tmp_path / "shared", tmp_path / "sticky"
    for folder in (shared, sticky):
        folder.mkdir(0o755)
    (shared / "letter.txt").touch()
    sticky.chmod(0o1777)
    for folder in (shared, sticky):
        private_file(folder / "state.db")
        assert mode(folder / "state.db") == 0o600
    assert (mode(shared), mode(sticky)) == (0o755, 0o1777)


def test_a_shared_lake_is_as_open_as_its_folder(tmp_path: Path) -> None:
    shared = tmp_path / "lake"
    shared.mkdir(0o775)
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", warehouse=f"file://{shared}"))
    parts_of(pipeline).lake.append("silver.items", (Column(name="n", type="integer"),), [{"n": 1}], 1)
    assert {mode(path) for path in shared.rglob("*") if path.is_dir()} == {0o775}
    assert {mode(path) for path in shared.rglob("*") if path.is_file()} == {0o664}


def test_a_folder_may_be_made_by_two_at_once(tmp_path: Path) -> None:
    for _ in range(2):
        private_folder(tmp_path / "a" / "b")
    assert mode(tmp_path / "a" / "b") == 0o700


def test_a_database_in_use_keeps_its_locks(tmp_path: Path) -> None:
    """POSIX takes all locks of a process on a file away as soon as it closes the file once."""
    path = tmp_path / "state.db"
    private_file(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode = DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    private_file(path)
    code = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    other = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert "database is locked" in other.stderr
    holder.execute("ROLLBACK")
