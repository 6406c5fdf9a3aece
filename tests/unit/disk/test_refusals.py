"""What a disk or SQLite refuses is one sentence with the right advice; a defect of ours passes as what it is."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.disk.refusals import refused_by_disk, refused_by_sqlite, why_not_written
from core.errors import Damaged, RetryLater
from jobs.__main__ import main
from tests.small_disk import small_disk


@pytest.mark.parametrize(
    ("number", "sentence", "advice"),
    [
        (errno.ENOSPC, "the disk is full", "Make room"),
        (errno.EDQUOT, "quota", "quota"),
        (errno.EROFS, "can only be read", "for writing"),
        (errno.EACCES, "may not be written by this user", "the right to write"),
        (errno.EPERM, "may not be written by this user", "the right to write"),
        (errno.EIO, "reports an error", "Check the disk"),
        (errno.EMFILE, "too many files", "ulimit -n"),
        (errno.EFBIG, "grow", "ulimit -f"),
        (errno.ENOTDIR, "a part of the path is a file", "SDP_DATA_DIR"),
        (errno.EHOSTDOWN, os.strerror(errno.EHOSTDOWN), "the disk"),
    ],
)
def test_each_refusal_of_a_disk_has_its_advice(number: int, sentence: str, advice: str) -> None:
    error = refused_by_disk("x could not be written", OSError(number, os.strerror(number)))
    assert sentence in error.message
    assert advice in error.advice
    assert ("Make room" in error.advice) == (number in (errno.ENOSPC, errno.EDQUOT))


def asked(path: Path, sql: str) -> sqlite3.Error:
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.Error) as refused:
        connection.execute(sql)
    return refused.value


def test_sqlite_says_damage_a_lost_table_and_a_defect_apart(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    assert isinstance(refused_by_sqlite(path, asked(path, "SELECT * FROM gone")), Damaged)
    assert refused_by_sqlite(path, asked(path, "SELEC 1")) is None
    path.write_bytes(b"no database " * 100)
    assert isinstance(refused_by_sqlite(path, asked(path, "SELECT * FROM sqlite_master")), Damaged)


def test_a_disk_is_asked_why_it_cannot_be_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        path = disk.folder / "state.db"
        assert why_not_written(path) == ""
        disk.fill()
        assert why_not_written(path) == "the disk is full"
        disk.empty()
        disk.set_read_only(True)
        assert why_not_written(path) == "the file system can only be read"


ROOT = Path(__file__).parents[3]
COMMANDS = (("status",), ("tasks",), ("run", "--until-idle"), ("query", "SELECT 1 AS n"), ("upkeep",), ("check",))


def one_error(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert len(said.splitlines()) == 1
    return said


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("below", ["", "below"])
def test_a_data_folder_that_is_a_file(
    words: tuple[str, ...],
    below: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("file")
    monkeypatch.setenv("SDP_DATA_DIR", str(tmp_path / "file" / below))
    said = one_error(capsys, *words)
    assert "is a file" in said or "is in the way" in said
    assert "disk space" not in said


@pytest.mark.parametrize("words", [*COMMANDS, ("backup", "{}/b.tar")])
def test_a_full_and_a_read_only_disk(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        monkeypatch.setenv("SDP_DATA_DIR", str(disk.folder / "data"))
        words = tuple(word.format(disk.folder) for word in words)
        disk.set_read_only(True)
        if words[0] != "backup":
            assert "can only be read" in one_error(capsys, *words)
            disk.set_read_only(False)
            disk.fill()
            assert "the disk is full" in one_error(capsys, *words)
            disk.empty()
            return
        disk.set_read_only(False)
        # in a process of its own: a disk whose files are open stays writable
        subprocess.run([sys.executable, "-m", "jobs", "status"], cwd=ROOT, check=True, capture_output=True)
        disk.fill()
        assert "the disk is full" in one_error(capsys, *words)
        disk.empty()
        disk.set_read_only(True)
        assert "can only be read" in one_error(capsys, *words)


def test_a_state_that_is_written_by_somebody_else_is_waited_for(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert isinstance(refused_by_sqlite(tmp_path / "x.db", error), RetryLater)
