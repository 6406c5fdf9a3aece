"""Rows whose values are not found again in the raw bytes are not kept, and the run says so."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.bootstrap import build_pipeline
from core.engine.interpreter import Interpreter
from core.events import RowsUnproven, Stream
from core.model import Evidence, Extraction, Extractor, ParsedDocument, TaskState
from core.pipeline import Pipeline
from core.settings import load_settings
from jobs.commands.sources import scouted
from jobs.worker import drain
from tests.parts import parts_of

PAGES = 40


def begun(tmp_path: Path, share: float) -> Pipeline:
    """A pipeline with a source of many small files."""
    folder = tmp_path / "things"
    folder.mkdir()
    for n in range(PAGES):
        (folder / f"{n:02}.html").write_text(f"<h1>Thing {n}</h1><dl><dt>Weight</dt><dd>{n + 3} kg</dd></dl>")
    pipeline = build_pipeline(load_settings(data_dir=tmp_path / "data", sample_portal_port=0, proved_share=share))
    draft = scouted(pipeline, str(folder), "things")
    pipeline.sources.accept(draft.draft_id)
    return pipeline


def rows(pipeline: Pipeline) -> int:
    [table] = pipeline.tables.names_of("things")
    [[count]] = pipeline.tables.query(f"SELECT count(*) FROM {table}").rows
    return int(count)


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that says of every weight that it stands where the title does."""
    honest = Interpreter.run

    def run(self: Interpreter, extractor: Extractor, document: ParsedDocument, **more: Any) -> Extraction:
        found = honest(self, extractor, document, **more)
        records = [
            replace(
                record,
                fields={
                    name: value._replace(evidence=Evidence("xpath:/html/body/h1/text()[1]"))
                    for name, value in record.fields.items()
                },
            )
            for record in found.records
        ]
        return replace(found, records=records)

    monkeypatch.setattr(Interpreter, "run", run)


@pytest.mark.usefixtures("forgetful")
def test_every_document_is_proved_when_all_are_asked_for(tmp_path: Path) -> None:
    pipeline = begun(tmp_path, share=1.0)
    drain(pipeline, "test")
    [run] = pipeline.flow.runs("things")
    assert (run.documents, run.failed) == (0, PAGES)
    [task] = pipeline.flow.tasks(run_id=run.run_id, states=[TaskState.FAILED], limit=1)
    assert "is not found again where it was read" in task.error
    told = [
        message
        for message in parts_of(pipeline).broker.read(Stream.FAILED, limit=500)
        if message.kind == RowsUnproven.__name__
    ]
    assert len(told) == PAGES
    assert "is not found again where it was read" in told[0].payload["problems"][0]


@pytest.mark.usefixtures("forgetful")
def test_the_first_document_of_a_run_is_proved_in_any_case(tmp_path: Path) -> None:
    pipeline = begun(tmp_path, share=1e-9)
    drain(pipeline, "test")
    [run] = pipeline.flow.runs("things")
    assert run.failed == 1
    assert rows(pipeline) == PAGES - 1


@pytest.mark.usefixtures("forgetful")
def test_nothing_is_proved_at_a_share_of_nothing(tmp_path: Path) -> None:
    pipeline = begun(tmp_path, share=0.0)
    drain(pipeline, "test")
    assert rows(pipeline) == PAGES


def test_what_is_read_right_is_proved(tmp_path: Path) -> None:
    pipeline = begun(tmp_path, share=1.0)
    drain(pipeline, "test")
    [run] = pipeline.flow.runs("things")
    assert (run.failed, rows(pipeline)) == (0, PAGES)
