"""A message that is damaged in the log becomes a dead letter; the run goes on, and the others are unharmed."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.events import Stream, event_of
from core.model import OPEN_TASKS, TaskState
from core.pipeline import Pipeline
from jobs.__main__ import main
from jobs.worker import drain
from tests.e2e.chaos import World
from tests.parts import parts_of

PAGES = 6


def changed(**parts: object) -> Callable[[str], str]:
    return lambda payload: json.dumps(json.loads(payload) | parts)


# what is written into the payload or the kind of one message
POISONS: dict[str, tuple[str, Callable[[str], object]]] = {
    "broken JSON": ("payload", lambda payload: payload[: len(payload) // 2]),
    "no JSON at all": ("payload", lambda _: "\x00\x01 nothing"),
    "no object": ("payload", lambda _: "[1, 2]"),
    "no text": ("payload", lambda _: sqlite3.Binary(b"\xff\xfe" * 40)),
    "an empty object": ("payload", lambda _: "{}"),
    "an unknown kind": ("kind", lambda _: "SomethingNew"),
    "a kind of another stream": ("kind", lambda _: "RunStarted"),
    "no time": ("at", lambda _: "yesterday"),
    "rows that are none": ("payload", changed(rows="none")),
    "rows of another shape": ("payload", changed(rows=[["a"]])),
    "columns that are none": ("payload", changed(columns=[{"name": "x", "type": "nonsense"}])),
    "a document that is none": ("payload", changed(document="none")),
    "a document without its parts": ("payload", changed(document={"size": "many"})),
}


def poison(events: Path, stream: Stream, name: str, number: int = 3) -> None:
    """Damage one message of a stream."""
    column, damage = POISONS[name]
    with closing(sqlite3.connect(events)) as connection, connection:
        query = f"SELECT seq, {column} FROM messages WHERE stream = ? ORDER BY seq LIMIT 1 OFFSET ?"
        seq, text = connection.execute(query, [stream.value, number]).fetchone()
        connection.execute(f"UPDATE messages SET {column} = ? WHERE seq = ?", [damage(text), seq])


def rows_of(pipeline: Pipeline) -> int:
    [table] = pipeline.tables.names_of("notices")
    return int(pipeline.tables.query(f"SELECT count(*) FROM {table}").rows[0][0])


def of_stream(stream: Stream) -> list[str]:
    other = "document" if stream is Stream.EXTRACTED else "rows"
    columns = "columns" if stream is Stream.RAW_DOCUMENTS else "document"
    return [name for name in POISONS if other not in name and columns not in name]


@pytest.mark.parametrize("name", of_stream(Stream.RAW_DOCUMENTS))
def test_a_document_that_was_told_of_badly(name: str, tmp_path: Path) -> None:
    world = World(tmp_path, PAGES)
    pipeline = world.pipeline
    while pipeline.flow.tasks(states=(TaskState.WAITING,)):
        pipeline.work.do(parts_of(pipeline).queue.claim("test", 60, limit=10))
    before = len(parts_of(pipeline).broker.read(Stream.RAW_DOCUMENTS))
    poison(tmp_path / "data" / "events.db", Stream.RAW_DOCUMENTS, name, number=before - 2)
    drain(pipeline, "test", seconds=3)
    assert rows_of(pipeline) == PAGES - 1
    letters = pipeline.flow.letters()
    assert {letter.group for letter in letters} == {"extract", "lake"}
    assert all("\n" not in letter.error for letter in letters)
    # the task whose event it was is fetched again after an hour
    assert len(pipeline.flow.tasks(states=OPEN_TASKS)) == 1
    for letter in letters:
        pipeline.flow.discard(letter.letter_id)
    assert pipeline.flow.letters() == []


@pytest.mark.parametrize("name", of_stream(Stream.EXTRACTED))
def test_rows_that_were_told_of_badly(name: str, tmp_path: Path) -> None:
    world = World(tmp_path, PAGES)
    pipeline = world.pipeline
    while pipeline.flow.tasks(states=OPEN_TASKS):
        pipeline.work.do(parts_of(pipeline).queue.claim("test", 60, limit=10))
        events = parts_of(pipeline).broker.read(Stream.RAW_DOCUMENTS)
        pipeline.work.extract([event_of(message) for message in events])
    poison(tmp_path / "data" / "events.db", Stream.EXTRACTED, name)
    drain(pipeline, "test")
    assert rows_of(pipeline) == PAGES - 1
    assert "lake" in {letter.group for letter in pipeline.flow.letters()}
    [run] = pipeline.flow.runs("notices")
    assert (run.finished_at is not None, run.error) == (True, "")
    world.go_on()
    drain(pipeline, "test")
    assert rows_of(pipeline) == PAGES


@pytest.mark.parametrize("name", ["broken JSON", "no text", "an unknown kind", "no time"])
def test_commands_show_a_log_with_a_damaged_message(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path, PAGES)
    drain(world.pipeline, "test")
    for stream in (Stream.RAW_DOCUMENTS, Stream.EXTRACTED):
        if name in of_stream(stream):
            poison(tmp_path / "data" / "events.db", stream, name, number=0)
    for words in (["status"], ["events"], ["events", "--json"], ["flow"], ["run", "--until-idle"], ["letters"]):
        assert main(words) == 0, words
    assert "Traceback" not in capsys.readouterr().err
