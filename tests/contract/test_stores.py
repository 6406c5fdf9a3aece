"""What every store of the operational state must hold: sources, runs, health, drafts, ledger."""

from contextlib import suppress
from datetime import timedelta

import pytest

from core.errors import LeaseLost, UnknownName
from core.model import Draft, Health, Schedule, SourceState, TaskState
from core.ports import ExtractionEntry
from tests.contract.nouns import START, a_run, a_source, a_task
from warehouse.stores import StateStores


def test_a_source_comes_back_as_it_was_saved(state: StateStores) -> None:
    source = a_source(schedule=Schedule(cron="0 6 * * *", timezone="Europe/Vienna"), name="Größe", max_documents=7)
    state.sources.save(source)
    assert state.sources.get("shop") == source


def test_saving_a_source_again_replaces_it(state: StateStores) -> None:
    state.sources.save(a_source())
    state.sources.save(a_source(state=SourceState.PAUSED))
    assert [source.state for source in state.sources.all()] == [SourceState.PAUSED]


def test_sources_are_listed_by_name(state: StateStores) -> None:
    for source_id, name in (("1", "b"), ("2", "c"), ("3", "a")):
        state.sources.save(a_source(source_id=source_id, name=name))
    assert [source.name for source in state.sources.all()] == ["a", "b", "c"]


def test_a_removed_source_takes_its_tasks_and_health_but_not_its_runs(state: StateStores) -> None:
    state.sources.save(a_source())
    state.queue.enqueue([a_task("t1"), a_task("other", source_id="news")])
    state.health.failure("shop", "down", START)
    state.runs.save(a_run())
    state.sources.remove("shop")
    assert state.sources.all() == []
    assert [task.task_id for task in state.queue.find()] == ["other"]
    assert state.health.get("shop") == Health(source_id="shop")
    assert state.runs.get("r1") == a_run()


def test_unknown_names_are_told(state: StateStores) -> None:
    for ask in (
        lambda: state.sources.get("x"),
        lambda: state.sources.remove("x"),
        lambda: state.runs.get("x"),
        lambda: state.runs.count("x", failed=1),
        lambda: state.runs.finish("x", "", START),
        lambda: state.drafts.get("x"),
        lambda: state.drafts.remove("x"),
        lambda: state.extractors.get("x"),
        lambda: state.extractors.promote("x"),
        lambda: state.queue.change("x", TaskState.WAITING),
        lambda: state.bronze.get("x"),
        lambda: state.bronze.content("f" * 64),
    ):
        with pytest.raises(UnknownName, match=r"There (is|are) no"):
            ask()


def test_a_run_is_added_once(state: StateStores) -> None:
    assert state.runs.save(a_run()) is True
    state.runs.count("r1", documents=2)
    assert state.runs.save(a_run(reason="again")) is False
    assert (state.runs.get("r1").documents, state.runs.get("r1").reason) == (2, "schedule")


def test_counts_add_up(state: StateStores) -> None:
    state.runs.save(a_run())
    state.runs.count("r1", documents=2, records=10)
    state.runs.count("r1", documents=1, unchanged=3, failed=1)
    run = state.runs.get("r1")
    assert (run.documents, run.unchanged, run.failed, run.records) == (3, 3, 1, 10)


def test_a_run_is_finished_by_one_only(state: StateStores) -> None:
    state.runs.save(a_run())
    assert state.runs.finish("r1", "broken", START + timedelta(minutes=1)) is True
    assert state.runs.finish("r1", "", START + timedelta(minutes=2)) is False
    run = state.runs.get("r1")
    assert (run.error, run.finished_at) == ("broken", START + timedelta(minutes=1))


def test_runs_are_found_newest_first(state: StateStores) -> None:
    for number in range(4):
        state.runs.save(a_run(f"r{number}", started_at=START + timedelta(hours=number)))
    state.runs.save(a_run("other", source_id="news"))
    state.runs.finish("r3", "", START + timedelta(hours=9))
    assert [run.run_id for run in state.runs.find("shop", limit=2)] == ["r3", "r2"]
    assert [run.run_id for run in state.runs.find(open_only=True)] == ["r2", "r1", "r0", "other"]


def test_health_counts_strikes_until_it_goes_well(state: StateStores) -> None:
    assert state.health.get("shop") == Health(source_id="shop")
    state.health.failure("shop", "one", START)
    assert state.health.failure("shop", "two", START).strikes == 2
    good = state.health.success("shop", START + timedelta(hours=1))
    assert good == Health(
        source_id="shop",
        last_success_at=START + timedelta(hours=1),
        last_failure_at=START,
        last_error="two",
    )
    assert state.health.get("shop") == good


def test_drafts_come_back_newest_first(state: StateStores) -> None:
    older = Draft(draft_id="1", location="https://a.example", acquirer="http", name="A", created_at=START)
    newer = older.model_copy(update={"draft_id": "2", "created_at": START + timedelta(minutes=1)})
    state.drafts.save(older)
    state.drafts.save(newer)
    changed = older.model_copy(update={"progress": 0.5, "documents": {"main": ("d1", "d2")}})
    state.drafts.save(changed)
    assert state.drafts.all() == [newer, changed]
    state.drafts.remove("2")
    assert state.drafts.get("1") == changed
    assert state.drafts.all() == [changed]


def entry(document_id: str, extractor_id: str, minutes: int, records: int = 1) -> ExtractionEntry:
    at = START + timedelta(minutes=minutes)
    return ExtractionEntry(document_id, extractor_id, records, "/next", ("/1", "/2"), "", at)


def test_the_ledger_keeps_the_newest_entry(state: StateStores) -> None:
    state.ledger.record(entry("d1", "e1", 5))
    state.ledger.record(entry("d1", "e1", 9, records=3))
    state.ledger.record(entry("d1", "e1", 7, records=2))
    assert state.ledger.entry("d1", "e1") == entry("d1", "e1", 9, records=3)
    assert state.ledger.entry("d1", "e2") is None


def test_the_ledger_is_gone_through_in_parts(state: StateStores) -> None:
    kept = [entry(document, extractor, 5) for document in ("d1", "d2") for extractor in ("e1", "e2")]
    state.ledger.record(*kept)
    first = state.ledger.after("", "", 3)
    assert first == kept[:3]
    assert state.ledger.after(first[-1].document_id, first[-1].extractor_id, 3) == kept[3:]
    assert state.ledger.after("d2", "e2", 3) == []


def test_the_ledger_gives_the_newest_entry_of_each_document(state: StateStores) -> None:
    documents = [f"d{number}" for number in range(1200)]
    for document in (documents[0], documents[-1]):
        state.ledger.record(entry(document, "e2", 9))
        state.ledger.record(entry(document, "e1", 5))
    found = state.ledger.of_documents(documents)
    assert found == {"d0": entry("d0", "e2", 9), "d1199": entry("d1199", "e2", 9)}


def test_what_is_told_together_is_kept_in_full(state: StateStores) -> None:
    state.runs.save(a_run())
    state.queue.enqueue([a_task("held"), a_task("lost")])
    [held, lost] = state.queue.claim("w", 30, limit=2)
    state.queue.change(lost.task_id, TaskState.CANCELLED)
    with state.database.together():
        for task in (held, lost):
            with suppress(LeaseLost):
                state.queue.report(task.model_copy(update={"state": TaskState.DONE}), {"documents": 1})
        state.ledger.record(entry("d1", "e1", 1))
        assert state.ledger.of_documents(["d1"])
    assert {task.task_id: task.state for task in state.queue.find()} == {
        "held": TaskState.DONE,
        "lost": TaskState.CANCELLED,
    }
    assert state.runs.get(a_run().run_id).documents == 1
    assert state.ledger.of_documents(["d1"])


def test_what_is_told_together_is_not_kept_when_it_fails(state: StateStores) -> None:
    def half() -> None:
        with state.database.together():
            state.sources.save(a_source())
            with state.database.together():
                state.ledger.record(entry("d1", "e1", 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert state.sources.all() == []
    assert state.ledger.of_documents(["d1"]) == {}
    state.sources.save(a_source())
    assert state.sources.all() == [a_source()]
