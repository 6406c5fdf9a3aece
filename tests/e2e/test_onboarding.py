"""What becomes of a location that a person gives: a mistyped one, one that is thrown away, one that is known."""

from pathlib import Path

import pytest

from core.blueprint.drafting import Change, Click
from core.errors import BadInput
from core.model import Draft, TaskState
from core.pipeline import Pipeline
from jobs.commands.sources import scouted
from jobs.portal.server import PortalServer
from jobs.worker import drain
from tests.parts import parts_of


def looked_at(pipeline: Pipeline, location: str) -> Draft:
    """The draft of a location after the scout was there."""
    draft = pipeline.sources.begin(location)
    drain(pipeline, "test")
    return pipeline.sources.draft(draft.draft_id)


def test_a_mistyped_address_is_no_failed_task_and_gives_way_to_the_right_one(
    pipeline: Pipeline, portal: PortalServer
) -> None:
    wrong = looked_at(pipeline, f"{portal.url}/tendrs")
    other = looked_at(pipeline, f"{portal.url}/something-quite-different")
    assert {wrong.state, other.state} == {"failed"}
    assert "404" in wrong.error
    assert pipeline.flow.tasks(states=(TaskState.FAILED, TaskState.WAITING)) == []
    assert pipeline.flow.failures() == []

    right = looked_at(pipeline, f"{portal.url}/tenders")
    assert right.state == "ready"
    assert [draft.draft_id for draft in pipeline.sources.drafts()] == [right.draft_id, other.draft_id]

    again = pipeline.sources.again(other.draft_id, f"{portal.url}/awards")
    drain(pipeline, "test")
    assert {draft.draft_id for draft in pipeline.sources.drafts()} == {right.draft_id, again.draft_id}
    assert (again.name, pipeline.sources.draft(again.draft_id).state) == ("awards 127.0.0.1", "ready")


def test_a_correction_that_is_no_address_leaves_the_draft(pipeline: Pipeline, portal: PortalServer) -> None:
    draft = looked_at(pipeline, f"{portal.url}/tendrs")
    with pytest.raises(BadInput):
        pipeline.sources.again(draft.draft_id, "no address at all")
    assert pipeline.sources.drafts() == [draft]


def test_a_draft_that_is_thrown_away_does_not_come_back(pipeline: Pipeline, portal: PortalServer) -> None:
    draft = pipeline.sources.begin(f"{portal.url}/tenders")
    [task] = parts_of(pipeline).queue.claim("test", 60)
    pipeline.sources.drop(draft.draft_id)
    pipeline.work.do([task])
    assert pipeline.sources.drafts() == []
    assert pipeline.flow.tasks(states=(TaskState.FAILED, TaskState.WAITING, TaskState.RUNNING)) == []


def test_a_location_that_a_source_reads_already_is_known(pipeline: Pipeline, portal: PortalServer) -> None:
    source = pipeline.sources.accept(scouted(pipeline, f"{portal.url}/tenders", "tenders").draft_id)
    for same in (f"{portal.url}/tenders/", f"{portal.url}/tenders#top", portal.url.partition("//")[2] + "/tenders"):
        assert pipeline.sources.known(same) == source
    for other in (f"{portal.url}/tenders?page=2", f"{portal.url}/awards"):
        assert pipeline.sources.known(other) is None


def test_failures_are_settled_by_the_run_that_goes_well_again(pipeline: Pipeline, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "0.html"
    page.parent.mkdir()
    rows = "".join(f"<tr><td>Ship {n}</td><td>{n}0 t</td></tr>" for n in range(1, 9))
    text = f"<html><body><table><tr><th>Ship</th><th>Load</th></tr>{rows}</table></body></html>"
    page.write_text(text)
    source = pipeline.sources.accept(scouted(pipeline, str(page.parent), "ships").draft_id)
    drain(pipeline, "test")
    for number in range(2):
        page.write_text(f"<html><body><p>Under repair {number}</p></body></html>")
        pipeline.flow.run_now(source.source_id)
        drain(pipeline, "test")
    assert len(pipeline.flow.failures()) == 2

    page.write_text(text.replace("Ship 8", "Ship 9"))
    pipeline.flow.run_now(source.source_id)
    drain(pipeline, "test")
    assert len(pipeline.flow.tasks(states=(TaskState.FAILED,))) == 2
    assert pipeline.flow.failures() == []


def test_what_is_seen_in_a_draft_is_what_is_accepted(pipeline: Pipeline, portal: PortalServer) -> None:
    draft = scouted(pipeline, f"{portal.url}/tenders", "tenders")
    table = draft.blueprints["main"].tables[0]
    names = [field.name for field in table.fields]
    link = draft.blueprints["main"].details
    assert link is not None
    changes = [Change(names.index("status"), keep=False), Change(names.index(link.field), name="Address")]
    pipeline.sources.editor(draft.draft_id).click("main", table.name, "browser", [Click(1, changes)])
    pipeline.sources.accept(draft.draft_id)
    drain(pipeline, "test")
    columns = {
        column for table in pipeline.tables.all() if table.name.endswith("__tender") for column, _ in table.columns
    }
    assert "address" in columns
    assert not {"status", link.field} & columns
    assert len(pipeline.documents.find("tenders", text="AM-2026", limit=200)) > 20


def test_without_the_column_that_leads_there_no_page_behind_a_record_is_read(
    pipeline: Pipeline, portal: PortalServer
) -> None:
    draft = scouted(pipeline, f"{portal.url}/tenders", "tenders")
    table, link = draft.blueprints["main"].tables[0], draft.blueprints["main"].details
    assert link is not None
    at = [field.name for field in table.fields].index(link.field)
    pipeline.sources.editor(draft.draft_id).click("main", table.name, "browser", [Click(1, [Change(at, keep=False)])])
    source = pipeline.sources.accept(draft.draft_id)
    assert not source.follow_details
    assert [extractor.template for extractor in pipeline.repairs.versions(source.source_id)] == ["main"]
