"""From a URL to rows: the sample portal through scouting, building, running and querying."""

from pathlib import Path

from core.model import TaskState
from core.pipeline import Pipeline
from jobs.commands.sources import scouted
from jobs.portal.content import TENDERS
from jobs.portal.server import PortalServer
from jobs.worker import drain
from tests.parts import parts_of


def test_portal_becomes_rows_with_every_tender_once(pipeline: Pipeline, portal: PortalServer) -> None:
    draft = scouted(pipeline, f"{portal.url}/tenders", "tenders")
    assert set(draft.blueprints) == {"main", "detail"}

    source = pipeline.sources.accept(draft.draft_id)
    drain(pipeline, "test")

    run = pipeline.flow.runs(source.source_id, limit=1)[0]
    assert run.error == ""
    assert run.failed == 0
    assert not pipeline.flow.tasks(states=(TaskState.WAITING, TaskState.RUNNING, TaskState.FAILED))
    extractor = pipeline.repairs.in_service(source.source_id, "main")
    assert extractor is not None
    table = f"extracted.tenders__{extractor.blueprint.tables[0].name}"
    text = " ".join(str(row) for row in pipeline.tables.query(f"SELECT * FROM {table}").rows)
    assert pipeline.tables.query(f"SELECT count(*) FROM {table}").rows == [(len(TENDERS),)]
    assert all(tender.reference in text for tender in TENDERS)
    assert pipeline.tables.query("SELECT count(*) FROM extracted.tenders__detail").rows == [(len(TENDERS),)]

    blueprint = extractor.blueprint
    assert blueprint.details is not None
    assert (blueprint.details.key, blueprint.details.page_key) == ("reference", "reference_number")
    joined = pipeline.tables.query(pipeline.tables.joined_sql(source.source_id))
    said = [dict(zip(joined.columns, row, strict=True)) for row in joined.rows]
    assert len(said) == len(TENDERS)
    assert all(row["reference"] == row["reference_number"] for row in said)
    assert {row["reference"] for row in said} == {tender.reference for tender in TENDERS}
    assert len({row["estimated_value_currency"] for row in said}) > 1
    held = {table.name: table.columns for table in parts_of(pipeline).lake.tables()}
    for name in (table, "extracted.tenders__detail"):
        known = {column for column, _ in held[name] if not column.startswith("_")}
        assert known <= {column.removeprefix("page_") for column in joined.columns}


def test_second_run_of_an_unchanged_portal_adds_no_rows(pipeline: Pipeline, portal: PortalServer) -> None:
    draft = scouted(pipeline, f"{portal.url}/tenders", "tenders")
    source = pipeline.sources.accept(draft.draft_id)
    drain(pipeline, "test")
    before = {table.name: table.rows for table in parts_of(pipeline).lake.tables()}

    pipeline.flow.run_now(source.source_id)
    drain(pipeline, "test")

    run = pipeline.flow.runs(source.source_id, limit=1)[0]
    assert run.documents == run.unchanged > 0
    assert {table.name: table.rows for table in parts_of(pipeline).lake.tables()} == before


def test_a_login_page_in_place_of_the_content_fails_and_keeps_the_rows(pipeline: Pipeline, tmp_path: Path) -> None:
    rows = "".join(
        f"<tr><td><a href='/s/{n}'>Ship {n}</a></td><td>Captain {n * 7}</td><td>{n}0 t</td></tr>" for n in range(1, 9)
    )
    head = "<tr><th>Ship</th><th>Captain</th><th>Load</th></tr>"
    folder = tmp_path / "pages"
    folder.mkdir()
    page = folder / "ships.html"
    page.write_text(f"<html><body><h1>Ships</h1><table>{head}{rows}</table></body></html>")
    source = pipeline.sources.accept(scouted(pipeline, str(folder), "ships").draft_id)
    drain(pipeline, "test")
    (table,) = pipeline.tables.names_of(source.source_id)[:1]
    assert pipeline.tables.query(f"SELECT count(*) FROM {table}").rows == [(8,)]

    page.write_text("<html><body><h1>Please sign in</h1><form><input type=password></form></body></html>")
    pipeline.flow.run_now(source.source_id)
    drain(pipeline, "test")

    assert any("login page" in task.error for task in pipeline.flow.tasks(states=(TaskState.FAILED,)))
    assert pipeline.tables.query(f"SELECT count(*) FROM {table}").rows == [(8,)]
