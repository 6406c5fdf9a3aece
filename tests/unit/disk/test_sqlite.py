"""Processes that share an SQLite file wait no longer than needed, and lose nothing that they were promised."""

import os
import sqlite3
import sys
from pathlib import Path

import pytest

import core.disk.sqlite
from core.broker.local import open_local
from core.disk.sqlite import begin_immediate
from core.errors import RetryLater
from core.events import ConsumerGroup, Event, RunStarted, Stream
from tests.contract.nouns import START
from warehouse.state.database import Database, open_database

LOOKS = 50


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    return connection


def an_event() -> Event:
    return RunStarted(event_id="e", subject="shop", at=START, source_id="shop", run_id="r", reason="")


def test_a_writer_looks_again_often_and_goes_on_when_the_other_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = opened(tmp_path / "x.db"), opened(tmp_path / "x.db")
    begin_immediate(first)
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == LOOKS:
            first.execute("COMMIT")

    monkeypatch.setattr(core.disk.sqlite.time, "sleep", wait)
    begin_immediate(second)
    # SQLite itself would look again after up to a tenth of a second
    assert len(pauses) == LOOKS
    assert max(pauses) < 0.01


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.disk.sqlite, "BUSY_SECONDS", 0.2)
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    log = open_local(tmp_path / "y.db")
    holders = [opened(tmp_path / name) for name in ("x.db", "y.db")]
    for holder in holders:
        holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(RetryLater, match="locked"), database.write():
        pass
    with pytest.raises(RetryLater, match="locked"):
        log.log.publish([an_event()])
    for holder in holders:
        holder.execute("COMMIT")
    assert log.log.publish([an_event()]) == 1


@pytest.fixture
def database(tmp_path: Path) -> Database:
    found = open_database(f"sqlite:///{tmp_path / 'events.db'}")
    with found.write() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (x)")
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks up open files in /proc")
class TestReceipts:
    """What must survive a power failure is on the disk when the call returns, and nobody waits for that disk."""

    @pytest.fixture
    def synced(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        other, names = opened(tmp_path / "events.db"), []
        sync = os.fsync

        def note(descriptor: int) -> None:
            names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
            # another process may write at this moment
            other.execute("BEGIN IMMEDIATE")
            other.execute("COMMIT")
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", note)
        return names

    def test_events_are_synced_and_answers_are_not(self, tmp_path: Path, synced: list[str]) -> None:
        backbone = open_local(tmp_path / "events.db")
        consumer = backbone.groups.join(ConsumerGroup(Stream.TASKS, "g"))
        synced.clear()
        backbone.log.publish([an_event()])
        assert synced == ["events.db-wal"]
        consumer.ack(consumer.fetch(1))
        assert synced == ["events.db-wal"]

    def test_transactions_with_a_receipt_are_synced(self, database: Database, synced: list[str]) -> None:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        assert synced == []
        with database.together(), database.write() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (2)")
        assert synced == ["events.db-wal"]

    def test_a_disk_that_refuses_is_told(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(RetryLater, match="the disk is full"), database.write(receipt=True) as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (1)")
