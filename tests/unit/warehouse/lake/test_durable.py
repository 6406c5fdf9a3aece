"""What a table's metadata leads to has reached the disk before the catalogue knows of it."""

import os
import sys
from pathlib import Path

import pytest

from core.bootstrap import open_lake
from core.errors import RetryLater
from core.events import Column
from core.settings import load_settings
from warehouse.files import write_durably

TABLE = "extracted.shop__items"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    paths: set[str] = set()
    sync = os.fsync

    def note(descriptor: int) -> None:
        paths.add(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return paths


@pytest.mark.skipif(sys.platform != "linux", reason="looks up open files in /proc")
def test_every_file_of_a_commit_is_synced(tmp_path: Path, synced: set[str]) -> None:
    lake = open_lake(load_settings(data_dir=tmp_path, catalog_uri="", warehouse=""))
    for mark in (1, 2):
        lake.append(TABLE, (Column(name="n", type="integer"),), [{"n": mark}], mark)
    written = {str(path) for path in (tmp_path / "lake").rglob("*") if path.is_file()}
    assert len(written) > 6
    assert written <= synced
    assert {str(Path(path).parent) for path in written} <= synced


@pytest.mark.skipif(sys.platform != "linux", reason="looks up open files in /proc")
def test_an_object_is_synced_before_it_gets_its_name(tmp_path: Path, synced: set[str]) -> None:
    path = tmp_path / "ab" / "object"
    write_durably(path, b"content")
    assert path.read_bytes() == b"content"
    assert any(name.endswith(".part") for name in synced)
    assert {str(path.parent), str(tmp_path)} <= synced


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "object"
    write_durably(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RetryLater, match="the disk is full"):
        write_durably(path, b"new")
    assert [found.name for found in tmp_path.iterdir()] == ["object"]
    assert path.read_bytes() == b"old"
