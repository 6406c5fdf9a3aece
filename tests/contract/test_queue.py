"""What every task queue must hold, by example and by a state machine against a plain model."""

import tempfile
from contextlib import suppress
from datetime import timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
)

from core.errors import Conflict, LeaseLost
from core.model import Task, TaskKind, TaskState
from core.ports import Report
from core.settings import load_settings
from tests.contract.conftest import STATES, FakeClock
from tests.contract.nouns import START, a_run, a_task
from tests.effort import tries
from warehouse.state.queue import HANDED_OVER_SECONDS
from warehouse.stores import StateStores, open_state


def claimed(tasks: list[Task]) -> Task:
    [task] = tasks
    return task


def done(task: Task) -> Task:
    return task.model_copy(update={"state": TaskState.DONE})


def test_the_same_work_is_queued_once(state: StateStores) -> None:
    assert state.queue.enqueue([a_task("1"), a_task("1"), a_task("2")]) == 2
    assert state.queue.enqueue([a_task("2", priority=9), a_task("3")]) == 1
    assert state.queue.enqueue([]) == 0
    assert {task.priority for task in state.queue.find()} == {0}


def test_a_claim_is_a_lease_with_a_token(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w1", 30))
    assert (task.state, task.worker, task.token, task.attempts) == (TaskState.RUNNING, "w1", 1, 1)
    assert task.lease_until == clock.now() + timedelta(seconds=30)
    assert state.queue.find() == [task]
    assert state.queue.claim("w2", 30) == []


def test_the_most_urgent_comes_first(state: StateStores) -> None:
    minute = timedelta(minutes=1)
    state.queue.enqueue(
        [
            a_task("late", not_before=START - minute, created_at=START),
            a_task("young", not_before=START - 2 * minute, created_at=START),
            a_task("old", not_before=START - 2 * minute, created_at=START - minute),
            a_task("urgent", priority=5),
            a_task("future", priority=9, not_before=START + minute),
        ]
    )
    order = [claimed(state.queue.claim("w", 30)).task_id for _ in range(4)]
    assert order == ["urgent", "old", "young", "late"]
    assert state.queue.claim("w", 30) == []


def test_only_the_kinds_asked_for_are_claimed(state: StateStores) -> None:
    state.queue.enqueue([a_task("1", kind=TaskKind.RUN), a_task("2", kind=TaskKind.FETCH)])
    assert claimed(state.queue.claim("w", 30, kinds=[TaskKind.FETCH])).task_id == "2"
    assert state.queue.claim("w", 30, kinds=[TaskKind.FETCH]) == []


def test_a_lease_that_ran_out_is_claimed_by_another(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task()])
    lost = claimed(state.queue.claim("w1", 30))
    clock.advance(30)
    held = claimed(state.queue.claim("w2", 30))
    assert (held.token, held.attempts, held.worker) == (2, 2, "w2")
    with pytest.raises(LeaseLost):
        state.queue.report(done(lost))
    with pytest.raises(LeaseLost):
        state.queue.renew(lost, 30)
    state.queue.report(done(held))
    assert state.queue.find()[0].state is TaskState.DONE


def test_renewing_keeps_others_away(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w1", 30))
    clock.advance(20)
    state.queue.renew(task, 30)
    clock.advance(20)
    assert state.queue.claim("w2", 30) == []
    state.queue.report(done(task))


def test_a_report_is_kept(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    state.queue.report(task.model_copy(update={"progress": 0.5, "message": "half"}))
    [found] = state.queue.find()
    assert (found.progress, found.message, found.state, found.worker) == (0.5, "half", TaskState.RUNNING, "w")
    clock.advance(1)
    state.queue.report(task.model_copy(update={"state": TaskState.FAILED, "error": "gone"}))
    [found] = state.queue.find()
    assert (found.error, found.finished_at, found.worker, found.lease_until) == ("gone", clock.now(), "", None)


def test_a_task_put_off_waits_for_its_time(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    later = clock.now() + timedelta(minutes=5)
    state.queue.report(task.model_copy(update={"state": TaskState.WAITING, "not_before": later}))
    assert state.queue.claim("w", 30) == []
    clock.advance(300)
    assert claimed(state.queue.claim("w", 30)).attempts == 2


def test_a_claim_ends_with_its_report(state: StateStores) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    state.queue.report(done(task))
    with pytest.raises(LeaseLost):
        state.queue.report(task)


def test_a_task_that_is_cancelled_while_it_runs_is_taken_from_its_worker(state: StateStores) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    state.queue.change("t1", TaskState.CANCELLED)
    with pytest.raises(LeaseLost):
        state.queue.report(done(task))
    assert [found.state for found in state.queue.find()] == [TaskState.CANCELLED]


def test_all_tasks_of_a_run_that_are_not_over_are_cancelled_together(state: StateStores) -> None:
    names = ("paused", "waiting", "done", "running")
    state.queue.enqueue(a_task(name, priority=position) for position, name in enumerate(names))
    state.queue.enqueue([a_task("other", run_id="r2", priority=-1)])
    held, over = (claimed(state.queue.claim("w", 30)) for _ in range(2))
    state.queue.report(done(over))
    state.queue.change("paused", TaskState.PAUSED)
    assert state.queue.cancel("r1") == 3
    with pytest.raises(LeaseLost):
        state.queue.report(done(held))
    assert claimed(state.queue.claim("w", 30)).task_id == "other"
    states = {task.task_id: task.state for task in state.queue.find(run_id="r1")}
    assert states == dict.fromkeys(names, TaskState.CANCELLED) | {"done": TaskState.DONE}
    assert state.queue.cancel("r1") == 0


def test_a_task_that_was_handed_over_is_reported_by_its_token(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    state.queue.report(task.model_copy(update={"state": TaskState.EXTRACTING}))
    clock.advance(300)
    assert state.queue.claim("w", 30) == []
    state.queue.report(done(task))
    assert [found.state for found in state.queue.find()] == [TaskState.DONE]


def test_a_task_that_was_handed_over_and_forgotten_is_done_again(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    state.queue.report(task.model_copy(update={"state": TaskState.EXTRACTING}))
    clock.advance(HANDED_OVER_SECONDS)
    assert claimed(state.queue.claim("w", 30)).token == 2


def test_a_clock_that_is_set_back_holds_nothing_up(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task("running", created_at=clock.now())])
    state.queue.claim("dead", 30)
    state.queue.enqueue([a_task("waiting", created_at=clock.now(), not_before=clock.now())])
    clock.advance(-86_400)
    found = {claimed(state.queue.claim("w", 30)).task_id for _ in range(2)}
    assert found == {"running", "waiting"}


def test_a_host_is_not_overrun(tmp_path: Path, clock: FakeClock) -> None:
    state = open_state(load_settings(data_dir=tmp_path, database_url="", host_tasks=2), clock)
    state.queue.enqueue([a_task(str(number), host="a.example") for number in range(4)])
    state.queue.enqueue([a_task("other", host="b.example", priority=-1), a_task("none", priority=-2)])
    claims = [claimed(state.queue.claim("w", 30)) for _ in range(4)]
    assert [task.task_id for task in claims] == ["0", "1", "other", "none"]
    assert state.queue.claim("w", 30) == []
    state.queue.report(done(claims[0]))
    assert claimed(state.queue.claim("w", 30)).task_id == "2"
    clock.advance(60)
    assert claimed(state.queue.claim("w", 30)) is not None
    state.close()


def test_fetches_that_burden_no_host_are_claimed_together_in_their_order(state: StateStores) -> None:
    state.queue.enqueue([a_task(str(number), priority=-number) for number in range(3)])
    state.queue.enqueue([a_task("hosted", host="a.example", priority=-3), a_task("last", priority=-4)])
    assert [task.task_id for task in state.queue.claim("w1", 30, limit=2)] == ["0", "1"]
    together = state.queue.claim("w2", 30, limit=9)
    assert [(task.task_id, task.token, task.worker) for task in together] == [("2", 1, "w2")]
    assert [task.task_id for task in state.queue.claim("w", 30, limit=9)] == ["hosted"]
    assert [task.task_id for task in state.queue.claim("w", 30, limit=9)] == ["last"]
    assert {task.token for task in state.queue.find()} == {1}


def test_tasks_whose_worker_was_lost_are_done_alone(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task(str(number)) for number in range(3)])
    assert len(state.queue.claim("dead", 30, limit=9)) == 3
    clock.advance(31)
    assert [len(state.queue.claim("w", 30, limit=9)) for _ in range(4)] == [1, 1, 1, 0]


def test_a_task_that_was_handed_over_keeps_its_long_lease(state: StateStores, clock: FakeClock) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    state.queue.report(task.model_copy(update={"state": TaskState.EXTRACTING}))
    with pytest.raises(LeaseLost):
        state.queue.renew(task, 30)
    clock.advance(HANDED_OVER_SECONDS - 1)
    assert state.queue.claim("w", 30) == []


def test_only_so_many_tasks_run_at_a_time(tmp_path: Path, clock: FakeClock) -> None:
    state = open_state(load_settings(data_dir=tmp_path, database_url="", running_tasks=1), clock)
    state.queue.enqueue([a_task("1"), a_task("2")])
    task = claimed(state.queue.claim("w", 30))
    assert state.queue.claim("w", 30) == []
    state.queue.report(task.model_copy(update={"state": TaskState.EXTRACTING}))
    assert claimed(state.queue.claim("w", 30)).task_id == "2"
    state.close()


def test_a_person_may_cancel_or_start_again_but_not_a_running_task(state: StateStores) -> None:
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    with pytest.raises(Conflict):
        state.queue.change("t1", TaskState.WAITING)
    state.queue.report(task.model_copy(update={"state": TaskState.FAILED, "error": "gone"}))
    state.queue.change("t1", TaskState.WAITING)
    again = claimed(state.queue.claim("w", 30))
    assert (again.attempts, again.error, again.finished_at) == (1, "", None)
    state.queue.report(again.model_copy(update={"state": TaskState.WAITING}))
    state.queue.change("t1", TaskState.CANCELLED)
    assert state.queue.claim("w", 30) == []
    for choice in (TaskState.DONE, TaskState.PAUSED):
        with pytest.raises(Conflict):
            state.queue.change("t1", choice)


def test_a_paused_task_is_claimed_when_it_is_resumed(state: StateStores) -> None:
    state.queue.enqueue([a_task()])
    state.queue.change("t1", TaskState.PAUSED)
    assert state.queue.claim("w", 30) == []
    state.queue.change("t1", TaskState.WAITING)
    assert claimed(state.queue.claim("w", 30)).task_id == "t1"


def test_tasks_are_found_newest_first(state: StateStores) -> None:
    for number in range(3):
        state.queue.enqueue([a_task(str(number), created_at=START + timedelta(seconds=number))])
    state.queue.enqueue([a_task("news", source_id="news", run_id="r2")])
    state.queue.change("1", TaskState.CANCELLED)
    assert [task.task_id for task in state.queue.find(source_id="shop", limit=2)] == ["2", "1"]
    assert [task.task_id for task in state.queue.find(run_id="r2")] == ["news"]
    assert [task.task_id for task in state.queue.find(states=[TaskState.CANCELLED])] == ["1"]


def test_tasks_are_found_by_what_their_messages_say(state: StateStores) -> None:
    state.queue.enqueue([a_task(name, message=said) for name, said in (("1", "at 5% of it"), ("2", "at 52 of it"))])
    assert [task.task_id for task in state.queue.find(said="5% of")] == ["1"]
    assert state.queue.find(said="none of") == []


def test_the_payload_comes_back(state: StateStores) -> None:
    payload = {"url": "/é", "deep": {"list": [1, None, True, 0.5]}}
    state.queue.enqueue([a_task(payload=payload)])
    assert claimed(state.queue.claim("w", 30)).payload == payload


def test_counts_are_added_with_the_report_or_not_at_all(state: StateStores) -> None:
    state.runs.save(a_run())
    state.queue.enqueue([a_task()])
    task = claimed(state.queue.claim("w", 30))
    state.queue.report(done(task), {"documents": 1, "records": 7})
    with pytest.raises(LeaseLost):
        state.queue.report(done(task), {"documents": 1})
    assert (state.runs.get("r1").documents, state.runs.get("r1").records) == (1, 7)


HELD = (TaskState.RUNNING, TaskState.EXTRACTING)
FINAL = (TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED)
CHOICES = (TaskState.WAITING, TaskState.PAUSED, TaskState.CANCELLED)


def test_many_reports_are_kept_but_those_that_come_too_late(state: StateStores, clock: FakeClock) -> None:
    state.runs.save(a_run("r1"))
    state.runs.save(a_run("r2"))
    state.queue.enqueue([a_task("a", run_id="r1"), a_task("b", run_id="r1"), a_task("c", run_id="r2")])
    stale = claimed(state.queue.claim("w1", 10))
    clock.advance(11)
    held = [claimed(state.queue.claim("w2", 10)) for _ in range(3)]
    reports = [Report(done(task), {"documents": 1, "records": 4}) for task in (stale, *held, held[0])]
    assert [(task.task_id, task.token) for task in state.queue.report_all(reports)] == [("a", 1), (held[0].task_id, 2)]
    assert {task.state for task in state.queue.find()} == {TaskState.DONE}
    assert [(run.documents, run.records) for run in (state.runs.get("r1"), state.runs.get("r2"))] == [(2, 8), (1, 4)]
    assert state.queue.count("r1") == 2


class QueueMachine(RuleBasedStateMachine):
    """Any order of claims, reports, cancellations and time against a dictionary of tasks."""

    backend = "sqlite"
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.clock = FakeClock()
        self.state = STATES[self.backend](Path(self.folder.name), self.clock)
        self.model: dict[str, dict[str, Any]] = {}

    @rule(task_id=st.sampled_from("abcdef"), priority=st.integers(-1, 1), wait=st.integers(0, 20))
    def enqueue(self, task_id: str, priority: int, wait: int) -> None:
        now = self.clock.now()
        task = a_task(task_id, priority=priority, created_at=now, not_before=now + timedelta(seconds=wait))
        assert self.state.queue.enqueue([task]) == (task_id not in self.model)
        self.model.setdefault(task_id, {"task": task, "token": 0, "state": TaskState.WAITING, "until": now})

    @rule(target=claims, seconds=st.integers(1, 20), limit=st.integers(1, 3))
    def claim(self, seconds: int, limit: int) -> MultipleResults[Task]:
        now = self.clock.now()
        due = [entry for entry in self.model.values() if self.claimable(entry)]
        urgent = sorted(due, key=lambda entry: self.urgency(entry["task"]))[:limit]
        expected = list(takewhile(lambda entry: entry["state"] is TaskState.WAITING, urgent)) or urgent[:1]
        tasks = self.state.queue.claim("w", seconds, limit=limit)
        assert [(task.task_id, task.token) for task in tasks] == [
            (entry["task"].task_id, entry["token"] + 1) for entry in expected
        ]
        for task, entry in zip(tasks, expected, strict=True):
            entry |= {"token": task.token, "state": TaskState.RUNNING, "until": now + timedelta(seconds=seconds)}
        return multiple(*tasks)

    @rule(task=claims, seconds=st.integers(1, 20))
    def renew(self, task: Task, seconds: int) -> None:
        if self.holds(task) and self.model[task.task_id]["state"] is TaskState.RUNNING:
            self.state.queue.renew(task, seconds)
            self.model[task.task_id]["until"] = self.clock.now() + timedelta(seconds=seconds)
        else:
            with pytest.raises(LeaseLost):
                self.state.queue.renew(task, seconds)

    @rule(task=consumes(claims), outcome=st.sampled_from(list(TaskState)), wait=st.integers(0, 20))
    def report(self, task: Task, outcome: TaskState, wait: int) -> None:
        not_before = self.clock.now() + timedelta(seconds=wait)
        reported = task.model_copy(update={"state": outcome, "not_before": not_before})
        if self.holds(task):
            self.state.queue.report(reported)
            self.model[task.task_id] |= {"state": outcome, "task": reported}
            if outcome is TaskState.EXTRACTING:
                self.model[task.task_id]["until"] = self.clock.now() + timedelta(seconds=HANDED_OVER_SECONDS)
        else:
            with pytest.raises(LeaseLost):
                self.state.queue.report(reported)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), target_state=st.sampled_from(CHOICES))
    def change(self, data: st.DataObject, target_state: TaskState) -> None:
        task_id = data.draw(st.sampled_from(sorted(self.model)))
        entry = self.model[task_id]
        with suppress(Conflict):
            self.state.queue.change(task_id, target_state)
            assert target_state is TaskState.CANCELLED or entry["state"] not in HELD
            assert target_state is not TaskState.PAUSED or entry["state"] not in FINAL
            entry["state"] = target_state
            if target_state is TaskState.WAITING:
                entry["task"] = entry["task"].model_copy(update={"not_before": self.clock.now()})
            elif target_state is TaskState.CANCELLED:
                entry["token"] += 1

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(hours=st.integers(1, 30))
    def set_back(self, hours: int) -> None:
        self.clock.advance(-3600 * hours)

    @invariant()
    def states_agree(self) -> None:
        found = {task.task_id: (task.state, task.token) for task in self.state.queue.find()}
        assert found == {name: (entry["state"], entry["token"]) for name, entry in self.model.items()}

    def teardown(self) -> None:
        self.state.close()
        self.folder.cleanup()

    def holds(self, task: Task) -> bool:
        entry = self.model[task.task_id]
        return entry["token"] == task.token and entry["state"] in HELD

    def claimable(self, entry: dict[str, Any]) -> bool:
        now = self.clock.now()
        if entry["state"] in HELD:
            return entry["until"] <= now or entry["until"] > now + timedelta(seconds=2 * HANDED_OVER_SECONDS)
        due = entry["task"].not_before <= now or entry["task"].created_at > now
        return entry["state"] is TaskState.WAITING and due

    def urgency(self, task: Task) -> tuple[Any, ...]:
        return (-task.priority, task.not_before, task.created_at, task.task_id)


QueueMachine.TestCase.settings = settings(
    max_examples=tries(40), stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestQueueMachine = QueueMachine.TestCase

if "postgresql" in STATES:

    class PostgresqlQueueMachine(QueueMachine):
        backend = "postgresql"

    PostgresqlQueueMachine.TestCase.settings = settings(
        max_examples=tries(8), stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    TestPostgresqlQueueMachine = PostgresqlQueueMachine.TestCase
