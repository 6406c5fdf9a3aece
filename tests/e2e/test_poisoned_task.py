"""A task that meets a defect of ours is tried again, then left to a person; it never loops for ever."""

from datetime import timedelta

import pytest

from core.flow.fetching import Fetching
from core.model import Run, TaskKind, TaskState
from core.pipeline import Pipeline
from tests.parts import parts_of


def test_a_defect_ends_with_a_person(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: Fetching, _tasks: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(Fetching, "fetch", broken)
    task = parts_of(pipeline).orchestrator.task(TaskKind.FETCH, "shop", "run", {"url": "http://127.0.0.1/"})
    parts_of(pipeline).runs.save(Run(run_id="run", source_id="shop", reason="test", started_at=pipeline.now()))
    parts_of(pipeline).queue.enqueue([task])
    states = []
    for _ in range(pipeline.settings.task_attempts):
        pipeline.work.do(parts_of(pipeline).queue.claim("test", 5))
        [found] = pipeline.flow.tasks(run_id="run")
        states.append(found.state)
        if found.state is TaskState.WAITING:
            assert found.not_before > pipeline.now()
            parts_of(pipeline).queue._clock = _Later(pipeline)  # type: ignore[attr-defined]  # the next try is due at once
    assert states == [TaskState.WAITING] * (pipeline.settings.task_attempts - 1) + [TaskState.FAILED]
    assert "ZeroDivisionError" in found.error


class _Later:
    """An hour from now."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def now(self) -> object:
        return self._pipeline.now() + timedelta(hours=1)
