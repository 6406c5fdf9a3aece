"""A data folder with damaged files: every command says it in one sentence, and `check --mend` mends what it can."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from core.bootstrap import build_pipeline
from core.errors import Damaged
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.__main__ import main
from jobs.worker import drain
from tests.e2e.chaos import World
from tests.effort import FULL
from tests.parts import parts_of

pytestmark = pytest.mark.timeout(1500)
PAGES = 5
TABLE = "extracted.notices__page"

Damage = Callable[[bytes], bytes]


def noise(content: bytes, share: float, length: int = 512) -> bytes:
    start = int(len(content) * share)
    return content[:start] + random.Random(5).randbytes(length) + content[start + length :]


DAMAGES: dict[str, Damage | None] = {
    "gone": None,
    "empty": lambda _: b"",
    "random": lambda content: random.Random(3).randbytes(len(content)),
    "another header": lambda content: noise(content, 0, 64),
    "noise near the beginning": lambda content: noise(content, 0.1),
    "noise in the middle": lambda content: noise(content, 0.5),
    "noise near the end": lambda content: noise(content, 0.9),
    "cut in the middle": lambda content: content[: len(content) // 2],
    "cut near the end": lambda content: content[:-10],
}
# the newest of its kind, by the place in the data folder
FILES = {
    "state": "state.db",
    "log": "events.db",
    "catalogue": "catalog.db",
    "metadata": "lake/extracted/*/metadata/*.metadata.json",
    "manifest list": "lake/extracted/*/metadata/snap-*.avro",
    "manifest": "lake/extracted/*/metadata/*-m0.avro",
    "rows": "lake/extracted/*/data/*.parquet",
    "metadata of documents": "lake/bronze/*/metadata/*.metadata.json",
    "documents": "lake/bronze/*/data/*.parquet",
    "raw bytes": "objects/*/*",
    "extractor": "extractors/*/*/v1.py",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a pipeline read five pages twice, and of which there is a backup."""
    folder = tmp_path_factory.mktemp("damage")
    world = World(folder, PAGES)
    drain(world.pipeline, "test")
    world.go_on()
    drain(world.pipeline, "test")
    for name in ("state.db", "events.db", "catalog.db"):
        with closing(sqlite3.connect(folder / "data" / name)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(folder / "data", folder / "sound")
    return folder


@pytest.fixture
def data(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder as it was, at its own place: files of a table name each other by their full path."""
    # renamed: processes and threads of the test before may still have files open
    (home / "data").rename(home / f"used-{uuid4().hex}")
    shutil.copytree(home / "sound", home / "data")
    monkeypatch.setenv("SDP_DATA_DIR", str(home / "data"))
    return home / "data"


def damage(data: Path, file: str, how: str) -> Path:
    path = sorted(data.glob(FILES[file]), key=lambda one: (one.name.partition("-")[0], one.stat().st_mtime_ns))[-1]
    change = DAMAGES[how]
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
    return path


class Said:
    """What a command printed."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def errors(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("error: ")]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def say(*words: str) -> Said:
        capsys.readouterr()
        status = main(words)
        printed = capsys.readouterr()
        found = Said(status, printed.out, printed.err)
        assert "Traceback" not in found.err, words
        assert status == bool(found.errors) == len(found.errors), (words, found.err)
        return found

    return say


# what is asked first, what works, and what looks at everything; the others go the same ways
COMMANDS = (("status", "--json"), ("run", "--source", "notices", "--until-idle"), ("check", "--full"))
OTHERS = (
    ("query", f"SELECT count(*) AS n FROM {TABLE}, bronze.documents"),
    ("events",),
    ("upkeep",),
    ("backup",),
)


def some_of(files: Iterable[str], damages: Iterable[str]) -> list[tuple[str, str]]:
    """All pairs; in a short run a third of them: each file, and each damage, a few times."""
    return [(file, how) for n, file in enumerate(files) for m, how in enumerate(damages) if FULL or (n + m) % 3 == 0]


@pytest.mark.parametrize(("file", "how"), some_of(FILES, DAMAGES))
def test_every_command_says_one_sentence(
    file: str, how: str, data: Path, said: Callable[..., Said], tmp_path: Path
) -> None:
    damage(data, file, how)
    for words in (*OTHERS, *COMMANDS) if how in ("gone", "random") else COMMANDS:
        said(*words, *([str(tmp_path / "b.tar")] if words == ("backup",) else []))


def rows(sql: str, pipeline: Pipeline | None = None) -> list[tuple[object, ...]]:
    return list((pipeline or build_pipeline(load_settings())).tables.query(sql).rows)


MENDED = [file for file in FILES if file not in ("state", "raw bytes", "extractor")]


@pytest.mark.parametrize(
    ("file", "how"), some_of(MENDED, ["gone", "random", "noise in the middle", "cut in the middle"])
)
def test_what_can_be_mended_is_mended_and_said(file: str, how: str, data: Path, said: Callable[..., Said]) -> None:
    damage(data, file, how)
    before = sorted(data.rglob("*"))
    first = said("check", "--full", "--mend")
    assert first.status == 0
    again = said("check", "--full")
    assert (again.status, "Nothing is damaged" in again.out) == (0, True)
    assert f"{TABLE}: {2 * PAGES} readings landed, {2 * PAGES} are there" in again.out
    assert f"bronze.documents: {2 * PAGES} documents landed, {2 * PAGES} are there" in again.out
    assert "not mended" not in said("status").out
    mended = build_pipeline(load_settings())
    assert rows(f"SELECT count(*), count(DISTINCT _row_id) FROM {TABLE}", mended) == [(PAGES, PAGES)]
    whole = f"SELECT count(*), count(DISTINCT (_document_id, _row_id)) FROM {TABLE.replace('extracted', 'history')}"
    assert rows(whole, mended) == [(2 * PAGES, 2 * PAGES)]
    assert rows("SELECT count(*), count(DISTINCT document_id) FROM bronze.documents", mended) == [
        (2 * PAGES, 2 * PAGES)
    ]
    # nothing was deleted: what was set aside has another name
    assert len([path for path in data.rglob("*") if path.is_file()]) >= len([one for one in before if one.is_file()])
    said("run", "--source", "notices", "--until-idle")
    assert rows(f"SELECT count(*) FROM {TABLE}") == [(PAGES,)]


def test_a_catalogue_that_is_lost_is_made_anew_at_once_and_never_in_silence(
    data: Path, said: Callable[..., Said], caplog: pytest.LogCaptureFixture
) -> None:
    damage(data, "catalogue", "gone")
    assert said("run", "--source", "notices", "--until-idle").status == 0
    assert "catalog.db: it is not there; made anew" in caplog.text
    assert "catalog.db: it is not there; made anew" in said("status").out
    assert rows(f"SELECT count(*) FROM {TABLE}") == [(PAGES,)]


def test_a_process_at_work_sees_a_catalogue_that_another_made_anew(data: Path, said: Callable[..., Said]) -> None:
    pipeline = build_pipeline(load_settings())
    before = parts_of(pipeline).lake.tables()
    damage(data, "catalogue", "gone")
    with pytest.raises(Damaged, match=f"catalogue of the lake is lost: .*{TABLE}"):
        parts_of(pipeline).lake.tables()
    assert said("status").status == 0
    assert parts_of(pipeline).lake.tables() == before
    pipeline.flow.run_now("notices")
    drain(pipeline, "test")
    assert "Nothing is damaged" in said("check").out


def test_a_state_that_is_gone_is_no_new_pipeline(data: Path, said: Callable[..., Said]) -> None:
    damage(data, "state", "gone")
    for words in (*COMMANDS, *OTHERS[:-1]):
        [error] = said(*words).errors
        assert "state.db" in error
    assert not (data / "state.db").exists()
    [error] = said("check", "--mend").errors
    assert "--backup" in error


@pytest.mark.parametrize("how", ["gone", "empty", "random", "another header", "cut in the middle"])
def test_a_state_is_taken_from_the_last_backup(how: str, data: Path, said: Callable[..., Said], tmp_path: Path) -> None:
    assert said("backup", str(tmp_path / "b.tar")).status == 0
    damage(data, "state", how)
    told = said("check", "--mend")
    assert (told.status, "taken from the backup" in told.out) == (0, True)
    assert how == "gone" or list(data.glob("state.db.damaged-*"))
    assert said("run", "--source", "notices", "--until-idle").status == 0
    assert rows(f"SELECT count(*), count(DISTINCT _row_id) FROM {TABLE}") == [(PAGES, PAGES)]
    assert "Nothing is damaged" in said("check", "--full").out


def test_a_state_with_a_torn_index_loses_nothing(data: Path, said: Callable[..., Said]) -> None:
    with closing(sqlite3.connect(data / "state.db")) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'tasks_of_source'"
        [page], [size] = connection.execute(query).fetchone(), connection.execute("PRAGMA page_size").fetchone()
    content = bytearray((data / "state.db").read_bytes())
    content[(page - 1) * size : page * size] = os.urandom(size)
    (data / "state.db").write_bytes(content)
    assert said("check").status == 1
    told = said("check", "--mend")
    assert "rows read out of it into a new file" in told.out
    assert rows("SELECT count(*) FROM state.sources") == [(1,)]
    assert "Nothing is damaged" in said("check", "--full").out


@pytest.mark.parametrize("how", ["gone", "random", "cut near the end"])
def test_raw_bytes_are_listed_and_taken_from_a_backup(
    how: str, data: Path, said: Callable[..., Said], tmp_path: Path
) -> None:
    said("backup", str(tmp_path / "b.tar"))
    path = damage(data, "raw bytes", how)
    told = said("check", "--full")
    assert told.status == 1
    assert path.name in told.out
    assert "of notices" in told.out
    assert "taken from the backup" in said("check", "--mend").out
    assert said("check", "--full").status == 0


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("documents", "fetched_at", "2026-01-01 00:00\0\0\0"),
        ("documents", "fetched_at", "never"),
        ("sources", "schedule", "{no JSON"),
        ("sources", "state", "nonsense"),
        ("extractors", "blueprint", "[]"),
        ("extractors", "blueprint", "{}"),
        ("extractors", "state", "nonsense"),
        ("tasks", "payload", b"\xff\xfe"),
        ("documents", "url", b"\xff\xfe"),
    ],
)
def test_a_value_that_is_none_is_one_sentence(
    table: str, column: str, value: object, data: Path, said: Callable[..., Said]
) -> None:
    with closing(sqlite3.connect(data / "state.db")) as connection, connection:
        connection.execute(f"UPDATE {table} SET {column} = CAST(? AS TEXT)", [value])
    told = [said(*words) for words in (*COMMANDS, *OTHERS[:-1], ("tasks",))]
    assert any("state.db" in error for one in told for error in one.errors)


def test_nothing_is_mended_under_a_running_loop(data: Path, said: Callable[..., Said]) -> None:
    leases = parts_of(build_pipeline(load_settings())).leases
    lease = leases.acquire("agent-loop", "somebody", 600.0)
    [error] = said("check", "--mend").errors
    assert "loop runs" in error
    assert said("check").status == 0
    assert lease is not None
    leases.release(lease)
    assert said("check", "--mend").status == 0
    [error] = said("check", "--mend", "--backup", str(data / "no.tar")).errors
    assert "no file" in error


def test_a_line_of_the_journal_that_is_damaged_harms_no_other(data: Path, said: Callable[..., Said]) -> None:
    damage(data, "catalogue", "gone")
    said("status")
    with (data / "damage.jsonl").open("ab") as file:
        file.write(b"\xff\xfe no json\n[1]\n{}\n")
    assert "made anew" in said("status").out
