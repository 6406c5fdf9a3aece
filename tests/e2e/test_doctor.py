"""A redesign: strikes, quarantine, one repair, and the same rows as before."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from core.errors import Conflict, NeedsPerson, UnknownName
from core.events import Stream
from core.model import FixState, Run, Source, SourceState, TaskState, verdict_of
from core.pipeline import Pipeline
from jobs.api import build_api
from jobs.commands.sources import scouted
from jobs.portal.content import TENDERS
from jobs.portal.server import PortalServer
from jobs.worker import drain
from tests.parts import parts_of

THINGS = "chairs lamps desks shelves ladders kettles blankets mirrors drills tents scales clocks".split()
COLUMNS = "reference, title, deadline, published, status, estimated_value, estimated_value_currency"


@pytest.fixture
def source(pipeline: Pipeline, portal: PortalServer) -> Source:
    draft = scouted(pipeline, f"{portal.url}/tenders", "tenders")
    source = pipeline.sources.accept(draft.draft_id)
    drain(pipeline, "test")
    return source


def run(pipeline: Pipeline, source: Source) -> str:
    pipeline.flow.run_now(source.source_id)
    drain(pipeline, "test")
    return pipeline.flow.runs(source.source_id, limit=1)[0].error


def rows(pipeline: Pipeline) -> set[tuple[object, ...]]:
    return set(pipeline.tables.query(f"SELECT {COLUMNS} FROM extracted.tenders__tender").rows)


def test_a_redesigned_source_is_quarantined_repaired_and_gives_the_same_rows(
    pipeline: Pipeline, portal: PortalServer, source: Source
) -> None:
    before = rows(pipeline)
    assert len(before) == len(TENDERS)

    portal.redesigned = True
    assert all(run(pipeline, source) for _ in range(3))
    assert pipeline.sources.get(source.source_id).state is SourceState.QUARANTINED
    assert rows(pipeline) == before

    pipeline.repairs.start(source.source_id, by="a test")
    drain(pipeline, "test")

    newest = pipeline.repairs.attempts(source.source_id, limit=1)[0]
    assert newest.state is FixState.STAGED, newest
    verdict = verdict_of(newest.templates)
    assert verdict.level == "doubtful"
    assert len(verdict.lost) > 1
    assert verdict.question.startswith(f"Promote although {len(verdict.lost)} fields are lost: ")
    assert not verdict.doubts

    pipeline.repairs.promote(newest.attempt_id, "a test", "the lots are gone")
    drain(pipeline, "test")
    assert pipeline.sources.get(source.source_id).state is SourceState.ACTIVE
    assert run(pipeline, source) == ""
    assert rows(pipeline) == before


@pytest.mark.parametrize(("complete", "state"), [(True, FixState.PROMOTED), (False, FixState.STAGED)])
def test_by_itself_a_repair_goes_into_service_only_when_it_may_and_is_complete(
    pipeline: Pipeline, tmp_path: Path, complete: bool, state: FixState
) -> None:
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "all.html").write_text(table_of_notices())
    source = pipeline.sources.accept(scouted(pipeline, str(folder), "notices").draft_id)
    drain(pipeline, "test")
    assert not source.auto_promote
    parts_of(pipeline).sources.save(source.model_copy(update={"auto_promote": True}))
    (folder / "all.html").write_text(cards_of_notices(priced=complete))
    pipeline.repairs.start(source.source_id)
    drain(pipeline, "test")
    newest = pipeline.repairs.attempts(source.source_id, limit=1)[0]
    assert newest.state is state
    assert verdict_of(newest.templates).level == ("proved" if complete else "doubtful")
    assert [act.by for act in newest.acts] == (["the pipeline itself"] if complete else [])


NOTICES = [(f"NB-{n}1", f"Supply of {what} for the harbour", f"EUR {n * 37}.50") for n, what in enumerate(THINGS, 11)]


def table_of_notices() -> str:
    rows = "".join(f"<tr class='n'><td>{a}</td><td class='what'>{b}</td><td>{c}</td></tr>" for a, b, c in NOTICES)
    return f"<html><body><h1>Notices</h1><table class='list'>{rows}</table></body></html>"


def cards_of_notices(*, priced: bool) -> str:
    """The same in another design; it may leave out the prices."""
    cards = "".join(
        f"<article><b>{a}</b><h3>{b}</h3>{f'<i>{c}</i>' if priced else ''}</article>" for a, b, c in NOTICES
    )
    return f"<html><body><h1>Notices</h1><div class='deck'>{cards}</div></body></html>"


def test_the_fourth_repair_of_a_day_waits_for_a_person(pipeline: Pipeline, source: Source) -> None:
    doctor = parts_of(pipeline).orchestrator.doctor
    assert [doctor.repair(source).state for _ in range(3)] == [FixState.HEALTHY] * 3
    assert pipeline.repairs.attempts_left(source.source_id) == 0
    with pytest.raises(NeedsPerson, match="used up"):
        doctor.repair(source)
    pipeline.repairs.start(source.source_id)
    drain(pipeline, "test")
    assert "used up" in pipeline.flow.tasks(states=(TaskState.FAILED,))[0].error


def test_a_rollback_is_an_act_of_its_own_and_can_be_undone(
    pipeline: Pipeline, portal: PortalServer, source: Source
) -> None:
    first = pipeline.repairs.in_service(source.source_id, "main")
    portal.redesigned = True
    pipeline.repairs.start(source.source_id, by="Ada", accept_losses=True)
    drain(pipeline, "test")
    second = pipeline.repairs.in_service(source.source_id, "main")
    attempt = pipeline.repairs.attempts(source.source_id, limit=1)[0]
    assert first is not None
    assert second is not None
    assert second.version > first.version
    assert attempt.state is FixState.PROMOTED

    back = pipeline.repairs.roll_back(attempt.attempt_id, "Bo", "the old look is back")
    assert pipeline.repairs.in_service(source.source_id, "main") == pipeline.repairs.extractor(first.extractor_id)
    assert back.state is FixState.ROLLED_BACK
    said = [(act.kind, act.by, act.templates) for act in back.acts]
    assert said == [("promoted", "Ada", ("main", "detail")), ("rolled back", "Bo", ("main", "detail"))]
    assert back.acts[1].why == "the old look is back"
    assert pipeline.repairs.attempts(source.source_id, limit=1) == [back]
    head = parts_of(pipeline).broker.heads(Stream.TASKS)[source.source_id]
    told = parts_of(pipeline).broker.read(Stream.TASKS, subject=source.source_id, after=head - 2)
    assert [message.kind for message in told] == ["ExtractorRolledBack"] * 2
    with pytest.raises(Conflict, match="not in service"):
        pipeline.repairs.roll_back(attempt.attempt_id, "Bo")

    [told] = TestClient(build_api(pipeline, None)).get(f"/sources/{source.source_id}/repairs").json()
    assert told["repair"]["acts"][1]["why"] == "the old look is back"
    assert told["verdict"]["sentence"] == verdict_of(back.templates).sentence
    assert told["verdict"]["lost"] == list(verdict_of(back.templates).lost)

    again = pipeline.repairs.promote(attempt.attempt_id, "Cy", "it was right")
    assert again.state is FixState.PROMOTED
    assert [act.kind for act in again.acts] == ["promoted", "rolled back", "promoted"]
    assert pipeline.repairs.in_service(source.source_id, "main") == pipeline.repairs.extractor(second.extractor_id)


def test_another_version_over_the_archived_pages_shows_what_it_reads_otherwise(
    pipeline: Pipeline, portal: PortalServer, source: Source
) -> None:
    first = pipeline.repairs.in_service(source.source_id, "main")
    assert first is not None
    same = pipeline.repairs.backtest(first.extractor_id)
    assert same.documents > 0
    assert all(diff.is_empty for diff in same.tables)

    portal.redesigned = True
    pipeline.repairs.start(source.source_id, by="a test", accept_losses=True)
    drain(pipeline, "test")
    again = pipeline.repairs.backtest(pipeline.repairs.version(source.source_id, first.version).extractor_id)
    assert not all(diff.is_empty for diff in again.tables)
    with pytest.raises(UnknownName, match="no main version 99"):
        pipeline.repairs.version(source.source_id, 99)


def test_the_cause_names_the_change_and_the_fields(pipeline: Pipeline, portal: PortalServer, source: Source) -> None:
    portal.redesigned = True
    attempt = parts_of(pipeline).orchestrator.doctor.repair(source)
    assert "class names are gone" in attempt.cause
    assert "moved: " in attempt.cause
    main = next(fix for fix in attempt.templates if fix.template == "main")
    assert main.before_outline
    assert main.after_outline
    assert [diff.table for diff in pipeline.repairs.repaired_rows(main)]


def test_a_run_in_flight_finishes_on_the_version_it_began_with_and_one_with_the_new_follows(
    pipeline: Pipeline, source: Source
) -> None:
    first = pipeline.repairs.in_service(source.source_id, "main")
    assert first is not None
    pipeline.flow.run_now(source.source_id)
    table, *rest = first.blueprint.tables
    narrower = first.blueprint.model_copy(
        update={"tables": (table.model_copy(update={"fields": table.fields[:-1]}), *rest)}
    )
    builder = parts_of(pipeline).orchestrator.doctor.builder
    second = builder.promote(builder.stage(source.source_id, "main", narrower, [], note="swapped under a run"))
    drain(pipeline, "test")
    after, before = pipeline.flow.runs(source.source_id, limit=2)
    assert versions_used(pipeline, source, before) <= {first.extractor_id}
    assert versions_used(pipeline, source, after) == {second.extractor_id}
    assert read_by(pipeline, source) == {second.extractor_id}
    runs = pipeline.flow.runs(source.source_id, limit=5)
    assert next(found.reason for found in runs if found.finished_at) == "with a new version"
    assert not pipeline.flow.runs(source.source_id, open_only=True)
    assert sum(found.reason == "with a new version" for found in runs) == 1


def versions_used(pipeline: Pipeline, source: Source, run: Run) -> set[str]:
    """By which versions the lists that a run read anew were read."""
    messages = parts_of(pipeline).broker.read(
        Stream.EXTRACTED, subject=pipeline.tables.names_of(source.source_id)[0], limit=100_000
    )
    return {str(m.payload["extractor_id"]) for m in messages if m.payload["run_id"] == run.run_id}


def read_by(pipeline: Pipeline, source: Source) -> set[str]:
    """The versions that read the list pages last."""
    lists = [
        document for document in pipeline.documents.find(source.source_id, limit=500) if document.template == "main"
    ]
    readings = pipeline.documents.readings([document.document_id for document in lists])
    return {entry.extractor_id for entry in readings.values()}


def shares(headers: str, digits: int, day: str = "2021-03-{:02d}") -> str:
    """A file of figures: twelve days, two shares a day that differ from each other by a little."""
    rows = [f"{day.format(n)},{(n + 5) / 7:.{digits}f},{(n + 5) / 7.1:.{digits}f}" for n in range(1, 13)]
    return "\n".join([headers, *rows])


def test_a_file_with_other_headers_is_repaired_and_gives_the_same_rows(pipeline: Pipeline, tmp_path: Path) -> None:
    file = tmp_path / "figures" / "shares.csv"
    file.parent.mkdir()
    file.write_text(shares("Day,Admit 0-4,Admit 5-12", 6))
    source = pipeline.sources.accept(scouted(pipeline, str(file.parent), "figures").draft_id)
    drain(pipeline, "test")
    question = "SELECT day, round(admit_0_4, 5), round(admit_5_12, 5) FROM extracted.figures__shares ORDER BY day"
    before = pipeline.tables.query(question).rows
    assert len(before) == 12

    file.write_text(shares("date,admit_0_4,admit_5_12", 9))
    assert "No record was found" in run(pipeline, source)
    pipeline.repairs.start(source.source_id, by="a test")
    drain(pipeline, "test")
    newest = pipeline.repairs.attempts(source.source_id, limit=1)[0]
    assert newest.state is FixState.PROMOTED, newest
    assert "3 of 3 columns are gone: “Day”, “date” is new" in newest.cause
    assert run(pipeline, source) == ""
    assert pipeline.tables.query(question).rows == before
    file.write_text(shares("Day,Admit 0-4,Admit 5-12", 5))
    assert run(pipeline, source) == ""
    assert pipeline.tables.query(question).rows == before
