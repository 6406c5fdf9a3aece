"""Upkeep removes what no snapshot needs, and nothing else."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyiceberg.exceptions import CommitFailedException

from core.bootstrap import open_lake
from core.events import Column
from core.settings import load_settings
from warehouse.lake import compaction
from warehouse.lake.compaction import KEPT_SNAPSHOTS, MANY_FILES, compact, remove_orphans
from warehouse.lake.snapshots import MOST_SNAPSHOTS
from warehouse.lake.tables import IcebergTables

TABLE = "extracted.shop__items"


@pytest.fixture
def lake(tmp_path: Path) -> IcebergTables:
    return open_lake(load_settings(data_dir=tmp_path, catalog_uri="", warehouse=""))


def append(lake: IcebergTables, first: int, last: int) -> None:
    for mark in range(first, last + 1):
        lake.append(TABLE, (Column(name="n", type="integer"),), [{"n": mark}], mark)
        lake.keep_quick(TABLE)


def grow_old(folder: Path) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 7200,) * 2)


def numbers(lake: IcebergTables) -> list[int]:
    return sorted(lake.catalog.iceberg.load_table(TABLE).scan().to_arrow().column("n").to_pylist())


def test_snapshots_expire_and_the_watermark_stays(lake: IcebergTables) -> None:
    append(lake, 1, MOST_SNAPSHOTS)
    snapshots = lake.catalog.iceberg.load_table(TABLE).metadata.snapshots
    assert KEPT_SNAPSHOTS <= len(snapshots) < MOST_SNAPSHOTS
    assert lake.watermark(TABLE) == MOST_SNAPSHOTS
    assert numbers(lake) == list(range(1, MOST_SNAPSHOTS + 1))


def test_a_commit_merges_and_forgets_nothing(lake: IcebergTables) -> None:
    for mark in range(1, MOST_SNAPSHOTS + 4):
        lake.append(TABLE, (Column(name="n", type="integer"),), [{"n": mark}], mark)
    assert len(lake.catalog.iceberg.load_table(TABLE).metadata.snapshots) == MOST_SNAPSHOTS + 3


def test_only_old_files_that_nothing_leads_to_are_removed(lake: IcebergTables, tmp_path: Path) -> None:
    append(lake, 1, MOST_SNAPSHOTS)
    folder = tmp_path / "lake"
    orphan = next(folder.rglob("*.parquet")).with_name("of-a-killed-writer.parquet")
    orphan.write_bytes(b"half")
    grow_old(folder)
    young = orphan.with_name("of-a-writer-at-work.parquet")
    young.write_bytes(b"half")
    table = lake.catalog.iceberg.load_table(TABLE)
    assert remove_orphans(table, 3600) > 1
    assert (orphan.exists(), young.exists()) == (False, True)
    assert remove_orphans(table, 3600) == 0
    assert numbers(lake) == list(range(1, MOST_SNAPSHOTS + 1))
    append(lake, MOST_SNAPSHOTS + 1, MOST_SNAPSHOTS + 2)
    assert len(numbers(lake)) == MOST_SNAPSHOTS + 2
    kept_snapshot = lake.catalog.iceberg.load_table(TABLE).metadata.snapshots[0]
    assert len(table.scan(snapshot_id=kept_snapshot.snapshot_id).to_arrow()) > 0


def test_many_small_files_become_one(lake: IcebergTables) -> None:
    append(lake, 1, MANY_FILES - 1)
    table = lake.catalog.iceberg.load_table(TABLE)
    assert compact(table) is False
    added = (Column(name="s", type="string"), Column(name="tags", type="string", many=True))
    lake.append(TABLE, added, [{"s": "new column", "tags": ["a", "b"]}], MANY_FILES)
    table = lake.catalog.iceberg.load_table(TABLE)
    assert compact(table) is True
    assert len(list(table.scan().plan_files())) == 1
    assert lake.watermark(TABLE) == MANY_FILES
    rows = lake.catalog.iceberg.load_table(TABLE).scan().to_arrow().to_pylist()
    assert sorted(row["n"] for row in rows if row["s"] is None) == list(range(1, MANY_FILES))
    assert len(rows) == MANY_FILES
    assert [row["tags"] for row in rows if row["s"]] == [["a", "b"]]
    assert lake.append(TABLE, (), [], MANY_FILES) is False


def test_full_files_are_left_as_they_are(lake: IcebergTables, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large a table is, a merge holds the rows of one full file."""
    monkeypatch.setattr(compaction, "FULL_ROWS", 4)
    append(lake, 1, 10)
    assert compact(lake.catalog.iceberg.load_table(TABLE), 8) is True
    first = sizes(lake)
    assert sorted(first.values()) == [2, 4, 4]
    append(lake, 11, 18)
    assert compact(lake.catalog.iceberg.load_table(TABLE), 8) is True
    full = {path for path, rows in first.items() if rows == 4}
    assert full < sizes(lake).keys()
    assert sorted(sizes(lake).values()) == [2, 4, 4, 4, 4]
    assert numbers(lake) == list(range(1, 19))


def sizes(lake: IcebergTables) -> dict[str, int]:
    tasks = lake.catalog.iceberg.load_table(TABLE).scan().plan_files()
    return {task.file.file_path: task.file.record_count for task in tasks}


def test_a_merge_gives_way_to_a_writer(lake: IcebergTables) -> None:
    append(lake, 1, MANY_FILES)
    stale = lake.catalog.iceberg.load_table(TABLE)
    append(lake, MANY_FILES + 1, MANY_FILES + 1)
    with pytest.raises(CommitFailedException):
        compact(stale)
    assert numbers(lake) == list(range(1, MANY_FILES + 2))


def test_files_do_not_pile_up_over_many_commits(lake: IcebergTables, tmp_path: Path) -> None:
    for batch in range(4):
        append(lake, batch * MOST_SNAPSHOTS + 1, (batch + 1) * MOST_SNAPSHOTS)
        grow_old(tmp_path / "lake")
    metadata = [path for path in (tmp_path / "lake").rglob("metadata/*") if path.is_file()]
    assert len(metadata) < 4 * MOST_SNAPSHOTS
    assert len(list(lake.catalog.iceberg.load_table(TABLE).scan().plan_files())) < MANY_FILES
    assert numbers(lake) == list(range(1, 4 * MOST_SNAPSHOTS + 1))


def test_arrow_takes_its_memory_from_the_c_library() -> None:
    program = "import warehouse.lake.merging, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "system"
