"""How a run that is through is closed: what counts as a failure, what is told, and the strikes of its source."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from core.agents.orchestrator import Orchestrator
from core.bootstrap import build_pipeline
from core.drift.statistics import Drift
from core.errors import Conflict
from core.events import RunFinished, SourceQuarantined, Stream, event_of
from core.flow.end_of_list import LED_ON
from core.model import Run, SourceState, Task, TaskKind, TaskState
from core.pipeline import Pipeline
from core.settings import load_settings
from tests.contract.conftest import FakeClock
from tests.contract.nouns import a_run, a_source, a_task, an_extractor
from tests.parts import parts_of

START_PAGE = "The page with which the site begins is gone."
PAGE = "A page is gone."


class Findings:
    """A watch that has found what a test says, and remembers what it was asked."""

    def __init__(self, *found: Drift) -> None:
        self.found = list(found)
        self.asked: list[tuple[str, list[str], set[str]]] = []

    def look(self, run: Run, tables: Sequence[str], failing: set[str]) -> list[Drift]:
        self.asked.append((run.run_id, list(tables), set(failing)))
        return self.found


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    built = build_pipeline(load_settings(data_dir=tmp_path / "data", sample_portal_port=0, strikes=3))
    parts_of(built).sources.save(a_source())
    return built


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def watch() -> Findings:
    return Findings()


@pytest.fixture
def orchestrator(pipeline: Pipeline, clock: FakeClock, watch: Findings) -> Orchestrator:
    return replace(parts_of(pipeline).orchestrator, clock=clock, watch=watch)  # type: ignore[arg-type]


def drift(kind: str, p: float = 0.001) -> Drift:
    return Drift("price", kind, p, f"The {kind} of “price” changed.")  # type: ignore[arg-type]  # any kind


def began(orchestrator: Orchestrator, run_id: str = "r1", *tasks: Task, source_id: str = "shop", **counts: int) -> None:
    """A run whose tasks are as given."""
    orchestrator.runs.save(a_run(run_id, source_id=source_id, started_at=orchestrator.clock.now()))
    orchestrator.runs.count(run_id, **counts)
    orchestrator.queue.enqueue(task.model_copy(update={"run_id": run_id}) for task in tasks)


def failed(name: str, error: str, parent: str | None = "p", kind: TaskKind = TaskKind.FETCH) -> Task:
    payload = {"url": f"/{name}", "parent_id": parent}
    return a_task(name, kind=kind, state=TaskState.FAILED, error=error, payload=payload)


def told(pipeline: Pipeline) -> list[RunFinished]:
    found = [event_of(message) for message in parts_of(pipeline).broker.read(Stream.TASKS, limit=500)]
    return [event for event in found if isinstance(event, RunFinished)]


def close(orchestrator: Orchestrator) -> str:
    """The error of the one run that is closed."""
    [run] = orchestrator.close_runs()
    closed = orchestrator.runs.get(run.run_id)
    assert closed.finished_at == orchestrator.clock.now()
    return closed.error


def test_a_run_with_open_tasks_stays_open(orchestrator: Orchestrator) -> None:
    began(orchestrator, "r1", a_task("waiting"), documents=3)
    assert orchestrator.close_runs() == []
    orchestrator.queue.cancel("r1")
    assert close(orchestrator) == ""
    assert orchestrator.close_runs() == []


def test_half_of_the_pages_may_fail_and_no_more(orchestrator: Orchestrator) -> None:
    began(orchestrator, "half", failed("a", PAGE), failed("b", PAGE), documents=2, failed=2)
    assert close(orchestrator) == ""
    began(orchestrator, "more", failed("c", PAGE), failed("d", PAGE), documents=1, failed=2)
    assert close(orchestrator) == PAGE


def test_pages_that_could_be_had_and_not_read_are_a_failure_too(orchestrator: Orchestrator) -> None:
    began(orchestrator, "r1", documents=1, failed=2)
    assert close(orchestrator) == "Most of the documents could not be read."


def test_the_page_with_which_a_site_begins_must_not_fail(orchestrator: Orchestrator) -> None:
    began(orchestrator, "r1", failed("a", PAGE), failed("start", START_PAGE, None), documents=20, failed=2)
    assert close(orchestrator) == START_PAGE


def test_one_file_of_a_folder_is_no_beginning_of_all(orchestrator: Orchestrator) -> None:
    orchestrator.sources.save(a_source(source_id="files", location="/nowhere", acquirer="folder"))
    began(orchestrator, "r1", failed("a", PAGE, None), source_id="files", documents=20, failed=1)
    assert close(orchestrator) == ""
    began(orchestrator, "r2", failed("run", PAGE, None, TaskKind.RUN), source_id="files", documents=20, failed=1)
    assert close(orchestrator) == PAGE


@pytest.mark.parametrize(
    ("kind", "unchanged", "is_failure"),
    [
        ("lost", 1, True),
        ("constant", 1, True),
        ("shape", 1, True),
        ("rows", 0, True),
        ("rows", 1, False),
        ("repeated", 0, True),
        ("repeated", 1, False),
        ("number", 0, False),
        ("length", 0, False),
        ("category", 0, False),
    ],
)
def test_a_change_of_nature_is_a_failure_and_one_of_the_world_is_told(
    pipeline: Pipeline, orchestrator: Orchestrator, watch: Findings, kind: str, unchanged: int, is_failure: bool
) -> None:
    watch.found = [drift(kind)]
    began(orchestrator, documents=3, unchanged=unchanged)
    sentence = watch.found[0].sentence
    assert close(orchestrator) == (sentence if is_failure else "")
    assert told(pipeline)[-1].noticed == (sentence,)


def test_the_surest_finding_comes_first_and_five_are_told(
    pipeline: Pipeline, orchestrator: Orchestrator, watch: Findings
) -> None:
    kinds = ["length", "shape", "lost", "number", "constant", "category"]
    watch.found = [drift(kind, p=0.01 / 2**n) for n, kind in enumerate(kinds)]
    began(orchestrator, documents=3)
    assert close(orchestrator) == drift("constant").sentence
    assert list(told(pipeline)[-1].noticed) == [drift(kind).sentence for kind in kinds[:0:-1]]


def test_of_a_run_that_failed_nothing_else_is_said(
    pipeline: Pipeline, orchestrator: Orchestrator, watch: Findings
) -> None:
    watch.found = [drift("lost")]
    began(orchestrator, "r1", failed("start", START_PAGE, None), documents=3, failed=1)
    assert close(orchestrator) == START_PAGE
    assert watch.asked == []
    [event] = told(pipeline)
    assert (event.documents, event.error, event.noticed) == (3, START_PAGE, ())


def test_a_list_that_repeats_itself_although_it_leads_on_is_told(
    pipeline: Pipeline, orchestrator: Orchestrator
) -> None:
    said = f"Page 3 shows what page 2 shows: the list has ended{LED_ON}."
    tasks = [a_task("a", state=TaskState.DONE, message=said), a_task("b", state=TaskState.DONE, message="fine")]
    began(orchestrator, "r1", *tasks, documents=3)
    assert close(orchestrator) == ""
    assert told(pipeline)[-1].noticed == (said,)


def test_runs_that_failed_since_it_went_well_are_no_measure(
    orchestrator: Orchestrator, watch: Findings, clock: FakeClock
) -> None:
    start = failed("start", START_PAGE, None)
    for run_id, tasks in (("bad", [start]), ("good", []), ("worse", [start]), ("worst", [start])):
        named = [task.model_copy(update={"task_id": run_id}) for task in tasks]
        began(orchestrator, run_id, *named, documents=1, failed=len(named))
        clock.advance(60)
        close(orchestrator)
    began(orchestrator, "now", documents=1)
    close(orchestrator)
    assert watch.asked[0] == ("good", [], {"bad"})
    assert watch.asked[-1] == ("now", [], {"worse", "worst"})


def strike(orchestrator: Orchestrator, clock: FakeClock, number: int) -> None:
    clock.advance(60)
    began(orchestrator, f"r{number}", failed(f"t{number}", START_PAGE, None), failed=1)
    close(orchestrator)


def repairs(orchestrator: Orchestrator) -> list[Task]:
    return [task for task in orchestrator.queue.find(source_id="shop") if task.kind is TaskKind.REPAIR]


def test_the_third_strike_in_a_row_quarantines_and_asks_for_a_repair(
    pipeline: Pipeline, orchestrator: Orchestrator, clock: FakeClock
) -> None:
    for number in (1, 2):
        strike(orchestrator, clock, number)
        assert orchestrator.sources.get("shop").state is SourceState.ACTIVE
    assert repairs(orchestrator) == []
    strike(orchestrator, clock, 3)
    assert orchestrator.sources.get("shop").state is SourceState.QUARANTINED
    assert [task.payload["by"] for task in repairs(orchestrator)] == [""]
    found = [event_of(message) for message in parts_of(pipeline).broker.read(Stream.FAILED, limit=500)]
    [event] = [event for event in found if isinstance(event, SourceQuarantined)]
    assert (event.strikes, event.error, event.at) == (3, START_PAGE, clock.now())


def test_a_source_that_is_not_active_is_not_quarantined_again(orchestrator: Orchestrator, clock: FakeClock) -> None:
    orchestrator.sources.save(a_source(state=SourceState.PAUSED))
    for number in (1, 2, 3, 4):
        strike(orchestrator, clock, number)
    assert orchestrator.health.get("shop").strikes == 4
    assert orchestrator.sources.get("shop").state is SourceState.PAUSED
    assert repairs(orchestrator) == []


def test_a_run_that_went_well_clears_the_strikes(orchestrator: Orchestrator, clock: FakeClock) -> None:
    strike(orchestrator, clock, 1)
    strike(orchestrator, clock, 2)
    began(orchestrator, "well", documents=1)
    close(orchestrator)
    assert orchestrator.health.get("shop").strikes == 0
    assert orchestrator.health.get("shop").last_success_at == clock.now()


def test_a_cancelled_run_counts_for_nothing(pipeline: Pipeline, orchestrator: Orchestrator) -> None:
    began(orchestrator, "r1", a_task("waiting"), failed("start", START_PAGE, None), failed=1)
    assert orchestrator.cancel("r1") == 1
    assert orchestrator.runs.get("r1").error == "Cancelled."
    assert orchestrator.close_runs() == []
    assert orchestrator.health.get("shop").strikes == 0
    with pytest.raises(Conflict, match="over"):
        orchestrator.cancel("r1")
    assert told(pipeline) == []


def put_into_service(pipeline: Pipeline, name: str) -> None:
    extractors = parts_of(pipeline).extractors
    extractors.promote(extractors.stage(an_extractor(name, code_hash=name)).extractor_id)


@pytest.mark.parametrize(("state", "goes_on"), [(SourceState.ACTIVE, True), (SourceState.PAUSED, False)])
def test_a_version_that_came_into_service_meanwhile_reads_in_a_new_run(
    pipeline: Pipeline, state: SourceState, goes_on: bool
) -> None:
    orchestrator = parts_of(pipeline).orchestrator
    orchestrator.sources.save(a_source(state=state))
    put_into_service(pipeline, "before")
    began(orchestrator, documents=1)
    put_into_service(pipeline, "after")
    assert [run.run_id for run in orchestrator.close_runs()] == ["r1"]
    assert [run.reason for run in orchestrator.runs.find("shop", open_only=True)] == ["with a new version"] * goes_on


def test_a_version_that_was_in_service_all_the_time_starts_nothing(pipeline: Pipeline) -> None:
    put_into_service(pipeline, "before")
    orchestrator = parts_of(pipeline).orchestrator
    began(orchestrator, documents=1)
    assert [run.run_id for run in orchestrator.close_runs()] == ["r1"]
    assert orchestrator.runs.find("shop", open_only=True) == []
