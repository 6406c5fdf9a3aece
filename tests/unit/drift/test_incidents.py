"""An incident is told once, again when it gets worse and when it is over; what it read is no baseline."""

from datetime import UTC, datetime

import pytest

from core.drift.incidents import BASELINE_RUNS, after_run, deviations, expected
from core.model.incident import Count, Incident, IncidentState, RunCounts, Watched, WatchedKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
COLUMN = {"fill": "price", "rows": "", "refused": "silver.tender"}


def run(number: int, hits: int, of: int, kind: WatchedKind = "fill", **more: Count) -> RunCounts:
    return RunCounts(run_id=f"run {number}", counts={COLUMN[kind]: Count(hits, of)} | more)


def after(*runs: RunCounts, kind: WatchedKind = "fill") -> tuple[Watched, Incident | None]:
    watched, incident = Watched(table="extracted.alpha__page", kind=kind), None
    for one in runs:
        watched, found = after_run(watched, one, "alpha", well=True, incident=incident, now=NOW)
        incident = found if found and found.state is IncidentState.OPEN else None
        last = found
    return watched, last


@pytest.mark.parametrize(
    ("kind", "usual", "now"),
    [("fill", (95, 100), (50, 100)), ("rows", (100, 5), (20, 5)), ("refused", (2, 100), (40, 100))],
)
def test_what_is_far_from_usual_is_an_incident(kind: WatchedKind, usual: tuple[int, int], now: tuple[int, int]) -> None:
    watched, incident = after(*(run(n, *usual, kind) for n in range(3)), run(3, *now, kind), kind=kind)
    assert incident is not None
    assert incident.state is IncidentState.OPEN
    assert watched.incident_id == incident.incident_id
    assert [one.run_id for one in watched.runs] == ["run 0", "run 1", "run 2"]
    [notice] = incident.notices
    assert notice.kind == "begun"
    assert "extracted.alpha__page" in notice.sentence


@pytest.mark.parametrize(
    ("kind", "usual", "now"),
    [
        ("fill", (95, 100), (99, 100)),
        ("fill", (95, 100), (88, 100)),
        ("fill", (5, 5), (2, 3)),
        ("rows", (100, 5), (300, 5)),
        ("rows", (100, 5), (60, 5)),
        ("rows", (3, 1), (1, 1)),
        ("refused", (40, 100), (0, 100)),
        ("refused", (2, 100), (1, 3)),
        ("fill", (0, 0), (0, 0)),
    ],
)
def test_what_is_little_or_chance_or_better_is_none(
    kind: WatchedKind, usual: tuple[int, int], now: tuple[int, int]
) -> None:
    assert after(*(run(n, *usual, kind) for n in range(4)), run(4, *now, kind), kind=kind)[1] is None


def test_few_runs_say_nothing() -> None:
    assert after(run(0, 99, 100), run(1, 99, 100), run(2, 0, 100))[1] is None


def test_an_incident_is_told_again_only_when_it_gets_worse_and_when_it_is_over() -> None:
    usual = [run(n, 95, 100) for n in range(3)]
    _, lasting = after(*usual, run(3, 60, 100), run(4, 58, 100))
    assert lasting is not None
    assert [notice.kind for notice in lasting.notices] == ["begun"]
    _, worse = after(*usual, run(3, 60, 100), run(4, 20, 100), run(5, 22, 100))
    assert worse is not None
    assert [notice.kind for notice in worse.notices] == ["begun", "worse"]
    watched, over = after(*usual, run(3, 60, 100), run(4, 94, 100))
    assert over is not None
    assert over.state is IncidentState.OVER
    assert [notice.kind for notice in over.notices] == ["begun", "over"]
    assert len({notice.notice_id for notice in over.notices}) == 2
    assert [one.run_id for one in watched.runs] == ["run 0", "run 1", "run 2", "run 4"]
    assert watched.incident_id == ""


def test_a_further_column_is_worse() -> None:
    both = [run(n, 95, 100, title=Count(100, 100)) for n in range(3)]
    one = run(3, 60, 100, title=Count(100, 100))
    _, incident = after(*both, one, run(4, 60, 100, title=Count(30, 100)))
    assert incident is not None
    assert [notice.kind for notice in incident.notices] == ["begun", "worse"]


def test_a_run_that_is_told_twice_counts_once() -> None:
    usual = [run(n, 95, 100) for n in range(3)]
    watched, _ = after(*usual)
    assert after(*usual, usual[2], usual[0])[0] == watched
    once, twice = after(*usual, run(3, 60, 100)), after(*usual, run(3, 60, 100), run(3, 60, 100))
    assert once == twice


def test_a_run_that_failed_is_no_baseline_and_ends_nothing() -> None:
    watched, _ = after(*(run(n, 95, 100) for n in range(3)))
    same, none = after_run(watched, run(3, 94, 100), "alpha", well=False, incident=None, now=NOW)
    assert (same.runs, none) == (watched.runs, None)
    begun, incident = after_run(watched, run(4, 10, 100), "alpha", well=False, incident=None, now=NOW)
    assert incident is not None
    assert after_run(begun, run(5, 95, 100), "alpha", well=False, incident=incident, now=NOW)[1] == incident


def test_what_a_person_expects_is_the_baseline_from_then_on() -> None:
    watched, incident = after(*(run(n, 95, 100) for n in range(3)), run(3, 60, 100))
    assert incident is not None
    calm, ended = expected(watched, incident, "ann", "they sell less", NOW)
    assert (ended.state, ended.ended_by, ended.why) == (IncidentState.EXPECTED, "ann", "they sell less")
    assert after_run(calm, run(4, 58, 100), "alpha", well=True, incident=None, now=NOW)[1] is None
    assert after_run(calm, run(5, 10, 100), "alpha", well=True, incident=None, now=NOW)[1] is not None


def test_the_baseline_is_bounded_and_many_columns_are_named_in_short() -> None:
    watched, _ = after(*(run(n, 95, 100) for n in range(30)))
    assert len(watched.runs) == BASELINE_RUNS
    names = [f"c{n}" for n in range(5_000)]
    usual = [RunCounts(run_id=f"{n}", counts=dict.fromkeys(names, Count(100, 100))) for n in range(3)]
    wide = Watched(table="t", kind="fill", runs=tuple(usual))
    gone = RunCounts(run_id="x", counts=dict.fromkeys(names, Count(0, 100)))
    assert len(list(deviations(wide, gone))) == 5_000
    _, incident = after_run(wide, gone, "alpha", well=True, incident=None, now=NOW)
    assert incident is not None
    assert "and 4,997 more columns" in incident.notices[0].sentence
