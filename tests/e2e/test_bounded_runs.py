"""What a run may fetch is bounded: it says what it left out, and the next run goes on there."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from core.bootstrap import build_pipeline
from core.events import RunFinished, Stream, event_of
from core.model import Run
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.portal.content import TENDERS
from jobs.portal.server import PortalServer
from jobs.worker import drain
from tests.e2e.chaos import PAGE
from tests.parts import parts_of


def write_pages(folder: Path, names: range) -> None:
    folder.mkdir(exist_ok=True)
    for n in names:
        town = ["Ashby", "Brook", "Calder", "Dunmore"][n % 4]
        (folder / f"{n:04d}.html").write_text(PAGE.format(n=n, town=town, value=1000 + 37 * n))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pages"
    write_pages(path, range(60))
    return path


def next_run(pipeline: Pipeline, source_id: str) -> Run:
    pipeline.flow.run_now(source_id)
    drain(pipeline, "test")
    return pipeline.flow.runs(source_id, limit=1)[0]


def read_in(pipeline: Pipeline, run: Run) -> set[str]:
    tasks = pipeline.flow.tasks(run_id=run.run_id, limit=1000)
    return {task.payload["url"].rpartition("/")[2] for task in tasks if "url" in task.payload}


def test_local_files_have_no_bound_by_default(tmp_path: Path, folder: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", max_run_documents=10))
    source = pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id)
    drain(pipeline, "test")
    run = pipeline.flow.runs(source.source_id, limit=1)[0]
    assert (run.documents, run.shortfall) == (60, "")


def test_the_next_run_goes_on_with_what_was_not_read(tmp_path: Path, folder: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data"))
    draft = scouted(pipeline, str(folder), "notices")
    source = pipeline.sources.accept(draft.draft_id, max_documents=25)
    drain(pipeline, "test")
    first = pipeline.flow.runs(source.source_id, limit=1)[0]
    second, third = next_run(pipeline, "notices"), next_run(pipeline, "notices")

    assert [run.documents for run in (first, second, third)] == [25, 25, 25]
    assert [(run.known, run.unread) for run in (first, second, third)] == [(60, 35), (60, 10), (60, 0)]
    assert "Read 25 of 60 known documents" in first.shortfall
    assert "the bound of the source, 25 documents" in first.shortfall
    assert "35 were never read" in first.shortfall
    assert read_in(pipeline, first) == {f"{n:04d}.html" for n in range(25)}
    assert read_in(pipeline, second) == {f"{n:04d}.html" for n in range(25, 50)}
    # what is new first, then what rested longest
    assert read_in(pipeline, third) >= {f"{n:04d}.html" for n in range(50, 60)}
    assert read_in(pipeline, third) - {f"{n:04d}.html" for n in range(50, 60)} < read_in(pipeline, first)
    [table] = pipeline.tables.names_of("notices")
    assert pipeline.tables.query(f"SELECT count(*), count(DISTINCT _url) FROM {table}").rows == [(60, 60)]


def test_everything_is_looked_at_again_in_turn(tmp_path: Path, folder: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data"))
    pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id, max_documents=20)
    drain(pipeline, "test")
    runs = [next_run(pipeline, "notices") for _ in range(5)]
    looked_at = Counter(name for run in runs for name in read_in(pipeline, run))
    assert len(looked_at) == 60
    assert max(looked_at.values()) == 2
    assert {run.failed for run in runs} == {0}
    assert {run.unread for run in runs[1:]} == {0}


def test_files_that_are_gone_fail_no_run_and_are_forgotten(tmp_path: Path, folder: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data"))
    pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id, max_documents=40)
    drain(pipeline, "test")
    for n in range(15):
        (folder / f"{n:04d}.html").unlink()
    runs = [next_run(pipeline, "notices") for _ in range(3)]
    assert [(run.error, run.failed) for run in runs] == [("", 0)] * 3
    assert parts_of(pipeline).orchestrator.planner.frontier.tally("notices") == (45, 0)
    write_pages(folder, range(1))
    next_run(pipeline, "notices")
    assert parts_of(pipeline).orchestrator.planner.frontier.tally("notices").known == 46


def test_what_was_read_before_there_was_a_bound_counts_as_read(tmp_path: Path, folder: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data"))
    pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id)
    drain(pipeline, "test")
    pipeline.sources.set_bound("notices", 20)
    write_pages(folder, range(60, 70))
    run = next_run(pipeline, "notices")
    assert (run.documents, run.known, run.unread) == (20, 70, 0)
    assert read_in(pipeline, run) >= {f"{n:04d}.html" for n in range(60, 70)}
    assert "All others were read before" in run.shortfall


def test_a_site_is_read_on_where_the_run_before_stopped(pipeline: Pipeline, portal: PortalServer) -> None:
    draft = scouted(pipeline, f"{portal.url}/tenders", "tenders")
    source = pipeline.sources.accept(draft.draft_id, max_documents=50)
    drain(pipeline, "test")
    runs = [pipeline.flow.runs(source.source_id, limit=1)[0]]
    while runs[-1].unread:
        runs.append(next_run(pipeline, source.source_id))
        assert len(runs) < 20
    assert {run.error for run in runs} == {""}
    assert max(run.documents for run in runs) == 50
    main = pipeline.tables.names_of(source.source_id)[0]
    assert pipeline.tables.query(f"SELECT count(DISTINCT reference) FROM {main}").rows == [(len(TENDERS),)]


def test_it_is_said_everywhere(tmp_path: Path, folder: Path) -> None:
    data = tmp_path / "data"
    pipeline = build_pipeline(load_settings(data_dir=data))
    pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id, max_documents=7)

    def jobs(*arguments: str) -> str:
        command = [sys.executable, "-m", "jobs", *arguments]
        environment = {"SDP_DATA_DIR": str(data), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=100)
        return done.stdout

    sentence = "Read 7 of 60 known documents: the run stopped at the bound of the source, 7 documents."
    assert sentence in jobs("run", "--until-idle")
    assert sentence in jobs("status")
    [status] = json.loads(jobs("status", "--json"))["sources"]
    assert status["unread"] == 53
    assert sentence in status["shortfall"]
    [message] = [m for m in parts_of(pipeline).broker.read(stream=Stream.TASKS) if m.kind == "RunFinished"]
    event = event_of(message)
    assert isinstance(event, RunFinished)
    assert (event.unread, sentence in event.shortfall) == (53, True)
    assert "at most 30 documents" in jobs("bound", "notices", "30")
    jobs("run", "--source", "notices", "--until-idle")
    assert json.loads(jobs("status", "--json"))["sources"][0]["unread"] == 23


def test_a_few_broken_files_among_many_are_no_failure_of_the_source(tmp_path: Path, folder: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data"))
    pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id)
    drain(pipeline, "test")
    for n in range(20):
        (folder / f"{n:04d}.html").write_bytes(b"\x7fELF" + bytes(200))
    few = next_run(pipeline, "notices")
    assert (few.error, few.failed) == ("", 20)
    for n in range(20, 40):
        (folder / f"{n:04d}.html").write_bytes(b"\x7fELF" + bytes(200))
    most = next_run(pipeline, "notices")
    assert most.failed == 40
    assert "binary" in most.error


def test_an_empty_folder_is_a_failure(tmp_path: Path, folder: Path) -> None:
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data"))
    pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id)
    drain(pipeline, "test")
    for file in folder.iterdir():
        file.unlink()
    assert "holds no files" in next_run(pipeline, "notices").error
