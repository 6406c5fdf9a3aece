"""Which failed tasks a person still has to look at."""

from datetime import UTC, datetime, timedelta

from core.flow.failures import open_failures
from core.model import Run, Task, TaskKind, TaskState

DAY = datetime(2026, 5, 4, tzinfo=UTC)


def failed(name: str, hour: int, source: str = "harbour", kind: TaskKind = TaskKind.FETCH) -> Task:
    at = DAY + timedelta(hours=hour)
    return Task(
        task_id=name,
        kind=kind,
        source_id=source,
        run_id="r",
        payload={},
        state=TaskState.FAILED,
        created_at=at - timedelta(minutes=30),
        not_before=at,
        finished_at=at,
    )


def run(hour: int, *, error: str = "", over: bool = True) -> Run:
    at = DAY + timedelta(hours=hour)
    finished = at + timedelta(hours=1) if over else None
    return Run(run_id=str(hour), source_id="harbour", reason="", started_at=at, finished_at=finished, error=error)


def opened(tasks: list[Task], runs: list[Run]) -> list[str]:
    of_source = {"harbour": runs}
    return [task.task_id for task in open_failures(tasks, lambda source: of_source.get(source, []))]


def test_a_later_run_that_went_well_settles_what_failed_before_it() -> None:
    tasks = [failed("after", 9), failed("within", 7), failed("before", 5), failed("other", 5, "mill")]
    assert opened(tasks, [run(6)]) == ["after", "within", "other"]


def test_runs_that_failed_or_go_on_settle_nothing() -> None:
    assert opened([failed("before", 5)], [run(6, error="404"), run(8, over=False)]) == ["before"]


def test_a_run_that_stopped_at_its_bound_did_not_visit_all_again() -> None:
    bounded = run(6).model_copy(update={"limited_by": "SDP_MAX_RUN_DOCUMENTS=500"})
    assert opened([failed("before", 5)], [bounded]) == ["before"]
    assert opened([failed("before", 5)], [bounded, run(7)]) == []


def test_a_scout_is_told_by_its_draft_and_a_repair_by_the_run_after_it() -> None:
    tasks = [failed("scout", 5, kind=TaskKind.SCOUT), failed("repair", 5, kind=TaskKind.REPAIR)]
    assert opened(tasks, []) == ["repair"]
    assert opened(tasks, [run(6)]) == []
