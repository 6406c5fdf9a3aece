"""A data folder that an earlier version made opens, and its work goes on where it was left."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.bootstrap import build_pipeline
from core.flow.lake_rows import lake_table
from core.model import ExtractorState
from core.pipeline import Pipeline
from core.settings import Settings, load_settings
from jobs.worker import drain
from tests.upgrade.make_folder import DATA, HOME, lay_out_files
from warehouse.backup import restore

FOLDERS = sorted((Path(__file__).parents[1] / "upgrade").glob("*.tar.gz"))
FILES = ["kitchen-html", "library-html", "notes-txt", "notices-html", "permits-xml", "rooms-json", "stock-csv"]


@pytest.fixture
def home() -> Iterator[None]:
    """The one place where such a folder can lie, for one test of this machine at a time."""
    with HOME.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def settings(request: pytest.FixtureRequest, home: None) -> Iterator[Settings]:
    shutil.rmtree(HOME, ignore_errors=True)
    lay_out_files()
    settings = load_settings(data_dir=DATA, sample_portal_port=0)
    restore(settings, request.param)
    yield settings
    shutil.rmtree(HOME)


@pytest.fixture
def pipeline(settings: Settings) -> Pipeline:
    return build_pipeline(settings)


def rows(pipeline: Pipeline, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in pipeline.tables.query(sql).rows]


def test_everything_is_there(pipeline: Pipeline) -> None:
    assert sorted(source.source_id for source in pipeline.sources.all()) == [*FILES, "tenders"]
    [draft] = pipeline.sources.drafts()
    assert (draft.name, draft.state) == ("awards", "ready")
    states = [version.state for version in pipeline.repairs.versions("tenders", "main")]
    assert states == [ExtractorState.ACTIVE, ExtractorState.RETIRED]
    [attempt] = pipeline.repairs.attempts("tenders")
    assert attempt.state == "promoted"
    assert [(run.documents, run.records, run.failed) for run in pipeline.flow.runs("tenders")] == [
        (0, 0, 14),
        (13, 12, 1),
        (14, 52, 0),
    ]
    counts = {table.name: table.rows for table in pipeline.tables.all()}
    assert counts["extracted.stock_csv__stock"] == 6
    assert counts["bronze.documents"] == sum(
        count for (count,) in rows(pipeline, "SELECT count(*) FROM state.documents")
    )


def test_what_was_read_is_read_again_by_the_version_that_read_it(pipeline: Pipeline) -> None:
    read = rows(pipeline, "SELECT document_id, extractor_id FROM state.extractions")
    assert len(read) > 20
    for document_id, extractor_id in read:
        view = pipeline.documents.view(document_id, extractor_id)
        assert view.extraction is not None, view.error
        version = pipeline.repairs.extractor(extractor_id)
        name = version.blueprint.tables[0].name
        table = lake_table(version.source_id, version.template, name, main=True)
        kept = rows(
            pipeline,
            f"SELECT _raw FROM history.{table.split('.')[1]} WHERE _document_id = '{document_id}'"
            f" AND _extractor_id = '{extractor_id}' ORDER BY _record",
        )
        found = [record for record in view.extraction.records if record.table == name]
        assert [json.loads(raw) for (raw,) in kept] == [
            {key: value.raw for key, value in record.fields.items()} for record in found
        ]


def test_the_draft_becomes_a_source_and_work_goes_on(pipeline: Pipeline) -> None:
    [draft] = pipeline.sources.drafts()
    source = pipeline.sources.accept(draft.draft_id)
    (HOME / "files" / "stock.csv").write_text(
        (HOME / "files" / "stock.csv").read_text() + "Hole punch;9;14,25;11.06.2026\n"
    )
    pipeline.flow.run_now("stock-csv")
    drain(pipeline, "upgrade")
    assert pipeline.repairs.in_service(source.source_id, "main") is not None
    assert pipeline.flow.runs(source.source_id)[0].error, "nobody may visit the address of the portal here"
    assert rows(pipeline, "SELECT item, count, unit_price FROM extracted.stock_csv__stock WHERE count = 9") == [
        ("Hole punch", 9, 14.25)
    ]
