"""The whole flow over each backbone: pages to rows, unchanged pages, poisoned messages, questions to workers."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.bootstrap import build_pipeline
from core.errors import Conflict, RetryLater
from core.events import Stream
from core.flow import dispatcher
from core.flow.reader import Reader
from core.model import RawDocument, Source, TaskState
from core.pipeline import Pipeline
from core.pipeline.workshop import Workshop
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import SETTLING_SHARE, Pool, Worker, drain
from tests.nats_server import NatsServer, running_server
from tests.parts import parts_of
from tests.postgresql import POSTGRESQL, clear_postgresql
from tests.waiting import wait_for

PAGES = 8
PAGE = """<!doctype html><html><head><title>Notice {n}</title></head><body><h1>Supply of item {n}</h1>
<dl><dt>Reference</dt><dd>REF-{n:05d}</dd><dt>Buyer</dt><dd>Town of {n}</dd><dt>Value</dt><dd>EUR {n}00</dd></dl>
</body></html>"""


@pytest.fixture(scope="module")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with running_server(tmp_path_factory.mktemp("nats")) as server:
        yield server


@pytest.fixture(params=["local", "nats", *(["postgresql"] if POSTGRESQL else [])])
def pipeline(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    monkeypatch.setattr(dispatcher, "BACKOFF", (0.05,))
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(1, PAGES + 1):
        (pages / f"{n}.html").write_text(PAGE.format(n=n))
    changes = {}
    if request.param == "postgresql":
        clear_postgresql()
        changes = {"database_url": POSTGRESQL, "catalog_uri": POSTGRESQL}
    if request.param == "nats":
        url = f"{request.getfixturevalue('nats_server').url}/{tmp_path.name.replace('_', '-')[-30:].strip('-')}"
        changes = {"broker_url": url.replace("[", "").replace("]", ""), "objects": "broker"}
    return build_pipeline(load_settings(data_dir=tmp_path / "data", lease_seconds=2.0, event_attempts=3, **changes))


@pytest.fixture
def source(pipeline: Pipeline, tmp_path: Path) -> Source:
    draft = scouted(pipeline, str(tmp_path / "pages"), "notices")
    return pipeline.sources.accept(draft.draft_id)


def rows_in(pipeline: Pipeline) -> list[tuple[int, int]]:
    [table] = pipeline.tables.names_of("notices")
    name = table.replace("extracted.", "history.")
    return pipeline.tables.query(f"SELECT count(*), count(DISTINCT _row_id) FROM {name}").rows


def test_pages_become_rows_and_unchanged_pages_are_counted(pipeline: Pipeline, source: Source) -> None:
    drain(pipeline, "test")
    assert rows_in(pipeline) == [(PAGES, PAGES)]
    first = pipeline.flow.runs(source.source_id, limit=1)[0]
    assert (first.documents, first.unchanged, first.records, first.error) == (PAGES, 0, PAGES, "")
    told = len(parts_of(pipeline).broker.read(Stream.RAW_DOCUMENTS, limit=1000))

    pipeline.flow.run_now(source.source_id)
    drain(pipeline, "test")
    second = pipeline.flow.runs(source.source_id, limit=1)[0]
    assert (second.documents, second.unchanged, second.records) == (PAGES, PAGES, 0)
    assert len(parts_of(pipeline).broker.read(Stream.RAW_DOCUMENTS, limit=1000)) == told
    assert rows_in(pipeline) == [(PAGES, PAGES)]
    assert pipeline.tables.query("SELECT count(*), count(DISTINCT document_id) FROM bronze.documents").rows == [
        (PAGES, PAGES)
    ]
    assert all(level.waiting + level.in_flight == 0 for level in pipeline.flow.levels())


def test_a_poisoned_message_waits_for_a_person_and_can_be_replayed(
    pipeline: Pipeline, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = Reader.read

    def poisoned(self: Reader, document: RawDocument, *about: Any) -> object:
        if document.url.endswith("3.html"):
            raise ZeroDivisionError("this page divides by nothing")
        return healthy(self, document, *about)

    monkeypatch.setattr(Reader, "read", poisoned)
    drain(pipeline, "test")
    [letter] = pipeline.flow.letters()
    assert letter.group == "extract"
    # a delivery that nobody was there to take in time counts as one too
    assert letter.attempts >= pipeline.settings.event_attempts
    assert "divides by nothing" in letter.error
    [failed] = pipeline.flow.tasks(states=[TaskState.FAILED])
    assert f"Given up after {letter.attempts} tries" in failed.error
    assert rows_in(pipeline) == [(PAGES - 1, PAGES - 1)]

    monkeypatch.setattr(Reader, "read", healthy)
    pipeline.flow.redeliver(letter.letter_id)
    drain(pipeline, "test")
    assert pipeline.flow.letters() == []
    assert pipeline.flow.tasks(states=[TaskState.FAILED]) == []
    assert rows_in(pipeline) == [(PAGES, PAGES)]


def test_a_discarded_letter_is_forgotten(pipeline: Pipeline, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def poisoned(*_: object) -> object:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(Reader, "read", poisoned)
    drain(pipeline, "test")
    for letter in pipeline.flow.letters():
        pipeline.flow.discard(letter.letter_id)
    assert pipeline.flow.letters() == []
    assert pipeline.flow.tasks(states=[TaskState.FAILED]) == []


def test_a_cancelled_run_stops_and_is_no_strike(pipeline: Pipeline, source: Source) -> None:
    worker = Worker(pipeline, "test", threading.Event())
    worker.step()
    worker.step()
    [run] = pipeline.flow.runs(source.source_id)
    assert parts_of(pipeline).orchestrator.cancel(run.run_id) == PAGES
    drain(pipeline, "test")
    assert parts_of(pipeline).runs.get(run.run_id).error == "Cancelled."
    assert pipeline.sources.view(source.source_id).health.last_success_at is None
    assert not pipeline.flow.tasks(run_id=run.run_id, states=[TaskState.FAILED])
    with pytest.raises(Conflict):
        parts_of(pipeline).orchestrator.cancel(run.run_id)
    pipeline.flow.run_now(source.source_id)
    drain(pipeline, "test")
    assert rows_in(pipeline) == [(PAGES, PAGES)]


def test_paused_work_waits_and_goes_on(pipeline: Pipeline, source: Source) -> None:
    pipeline.flow.pause()
    assert drain(pipeline, "test") == 0
    pipeline.flow.resume()
    worker = Worker(pipeline, "test", threading.Event())
    worker.step()
    [aside, gone, *_] = pipeline.flow.tasks(states=[TaskState.WAITING])
    pipeline.flow.pause(aside.task_id)
    assert pipeline.flow.cancel(gone.task_id) == 1
    drain(pipeline, "test")
    [run] = pipeline.flow.runs(source.source_id)
    assert run.finished_at is None
    assert rows_in(pipeline) == [(PAGES - 2, PAGES - 2)]
    with pytest.raises(Conflict):
        pipeline.flow.pause(gone.task_id)
    pipeline.flow.resume(aside.task_id)
    drain(pipeline, "test")
    assert parts_of(pipeline).runs.get(run.run_id).finished_at is not None
    assert rows_in(pipeline) == [(PAGES - 1, PAGES - 1)]


def test_a_worker_answers_questions_and_shows_that_it_is_there(pipeline: Pipeline, source: Source) -> None:
    drain(pipeline, "test")
    document = pipeline.documents.find(source.source_id, limit=1)[0]
    with pytest.raises(RetryLater):
        pipeline.documents.ask_for_rows(document.document_id, 0.3)
    pool = Pool(pipeline, "helper", 1)
    pool.start()
    try:
        answer = pipeline.documents.ask_for_rows(document.document_id, 120.0)
        assert answer["rows"][0]["reference"].startswith("REF-")
        wait_for(pipeline.flow.workers)
        assert list(pipeline.flow.workers()) == ["helper"]
    finally:
        pool.end()
    assert pipeline.flow.workers() == {}


def test_slow_commits_leave_a_worker_time_to_read(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, slow, begun, ended = Workshop.settle, 0.15, list[float](), list[float]()

    def settle(work: Workshop) -> int:
        begun.append(time.monotonic())
        time.sleep(slow)
        try:
            return plain(work)
        finally:
            ended.append(time.monotonic())

    monkeypatch.setattr(Workshop, "settle", settle)
    pool = Pool(pipeline, "helper", 1)
    pool.start()
    wait_for(lambda: len(begun) >= 3)
    pool.end()
    pauses = [later - earlier for earlier, later in zip(ended, begun[1:3], strict=False)]
    assert min(pauses) > 0.9 * slow / SETTLING_SHARE
