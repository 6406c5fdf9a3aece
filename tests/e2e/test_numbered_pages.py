"""A list whose pages do not say how it goes on: found out, followed to its end, and left there."""

import pytest

from core.model import TaskState
from core.pipeline import Pipeline
from jobs.commands.sources import scouted
from jobs.portal.content import TENDERS, pages
from jobs.portal.server import PortalServer
from jobs.worker import drain
from tests.parts import parts_of


@pytest.mark.parametrize("path", ["/archive", "/archive?strict=1"], ids=["last page for ever", "404 behind the end"])
def test_it_is_read_to_its_end_in_every_run(pipeline: Pipeline, portal: PortalServer, path: str) -> None:
    draft = scouted(pipeline, f"{portal.url}{path}", "archive")
    pagination = draft.blueprints["main"].pagination
    assert pagination is not None
    assert (pagination.kind, pagination.number_at, pagination.first) == ("numbered", "?page={}", 1)

    source = pipeline.sources.accept(draft.draft_id)
    drain(pipeline, "test")

    run = pipeline.flow.runs(source.source_id, limit=1)[0]
    assert (run.error, run.failed, run.records) == ("", 0, len(TENDERS))
    assert pages() <= run.documents <= pages() + 1
    assert pipeline.repairs.noticed(source.source_id) == []
    (table,) = pipeline.tables.names_of(source.source_id)[:1]
    assert pipeline.tables.query(f"SELECT count(*), count(DISTINCT ref) FROM {table}").rows == [(len(TENDERS),) * 2]

    before = {table.name: table.rows for table in parts_of(pipeline).lake.tables()}
    pipeline.flow.run_now(source.source_id)
    drain(pipeline, "test")

    again = pipeline.flow.runs(source.source_id, limit=1)[0]
    assert (again.error, again.failed, again.unchanged) == ("", 0, pages())
    assert {table.name: table.rows for table in parts_of(pipeline).lake.tables()} == before
    assert not pipeline.flow.tasks(states=(TaskState.WAITING, TaskState.RUNNING, TaskState.FAILED))
