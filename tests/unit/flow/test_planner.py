"""Which addresses a run takes when it may not take all: never more than its bound, the unread first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.flow.planner import Planner
from core.model import Fetched, FetchRequest, Source, Visit
from core.settings import load_settings
from tests.contract.nouns import a_run, a_source
from warehouse.stores import StateStores, open_state

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
SITE = "https://shop.example/"


class Noon:
    def now(self) -> datetime:
        return NOW


class Site:
    """A site that begins at one page or at several."""

    is_local = False

    def __init__(self, starts: int = 1) -> None:
        self.pages = requests(*(f"start{n}" for n in range(starts)))

    def starts(self, source: Source) -> Iterator[FetchRequest]:
        return iter(self.pages)

    def fetch(self, request: FetchRequest) -> Fetched:
        raise NotImplementedError


def requests(*names: str) -> list[FetchRequest]:
    return [FetchRequest(source_id="shop", url=SITE + name) for name in names]


@pytest.fixture
def state(tmp_path: Path) -> StateStores:
    return open_state(load_settings(data_dir=tmp_path), Noon())


def planner(state: StateStores, most: int, starts: int = 1) -> Planner:
    return Planner({"http": Site(starts)}, state.frontier, state.bronze, state.ledger, state.queue, Noon(), most)


def queued(state: StateStores, run_id: str = "r1") -> list[str]:
    found = state.queue.find(run_id=run_id, limit=1000)
    return sorted(str(task.payload["url"]).removeprefix(SITE) for task in found)


def known(state: StateStores, visited: int, unread: int, at: datetime = BEFORE) -> None:
    """A source of which so many addresses are known."""
    state.frontier.see(requests(*(f"v{n:02}" for n in range(visited))), at)
    state.frontier.note("shop", {SITE + f"v{n:02}": Visit.UNCHANGED for n in range(visited)}, at)
    state.frontier.see(requests(*(f"u{n:02}" for n in range(unread))), at)


def test_a_run_begins_with_its_start_and_what_is_unread_and_keeps_to_its_bound(state: StateStores) -> None:
    known(state, visited=30, unread=20)
    assert planner(state, 10).begin(a_source(), "r1") == 10
    assert queued(state) == ["start0", *(f"u{n:02}" for n in range(9))]


@pytest.mark.parametrize(("starts", "taken"), [(4, 4), (5, 0), (6, 0)])
def test_a_few_starts_are_always_visited_many_share_the_room_with_all_others(
    state: StateStores, starts: int, taken: int
) -> None:
    known(state, visited=0, unread=20)
    planner(state, 5, starts).begin(a_source(), "r1")
    assert len(queued(state)) == 5
    # those that were seen first come first
    assert sum(name.startswith("start") for name in queued(state)) == taken


def test_what_fits_into_the_bound_is_visited_all(state: StateStores) -> None:
    known(state, visited=8, unread=1)
    run = planner(state, 10)
    assert run.begin(a_source(), "r1") == 1
    run.follow(a_source(), "r1", requests("v00", "v01"))
    assert queued(state) == ["start0", "v00", "v01"]
    assert run.shortfall(a_source(), a_run()) is None
    assert run.go_on(a_source(), a_run()) == 0


def test_a_run_that_takes_exactly_what_is_known_left_nothing_out(state: StateStores) -> None:
    known(state, visited=0, unread=4)
    run = planner(state, 5)
    run.begin(a_source(), "r1")
    run.follow(a_source(), "r1", requests(*(f"u{n:02}" for n in range(4))))
    assert len(queued(state)) == 5
    assert run.shortfall(a_source(), a_run()) is None


def test_beyond_the_bound_only_the_unread_are_followed_and_a_list_whose_page_is_new(state: StateStores) -> None:
    known(state, visited=30, unread=0)
    run = planner(state, 5)
    run.begin(a_source(), "r1")
    run.follow(a_source(), "r1", requests("v01", "new", "v02"))
    assert queued(state) == ["new", "start0"]
    run.follow(a_source(), "r1", requests("v01", "v02"), onward=f"{SITE}v02")
    assert queued(state) == ["new", "start0", "v02"]
    run.follow(a_source(), "r1", requests("a", "b", "c", "d"))
    assert queued(state) == ["a", "b", "new", "start0", "v02"]
    run.follow(a_source(), "r1", requests("e"))
    assert len(queued(state)) == 5
    short = run.shortfall(a_source(), a_run())
    assert short is not None
    assert short.limited_by == "SDP_MAX_RUN_DOCUMENTS=5"


def test_the_room_that_is_left_goes_to_what_rested_longest(state: StateStores) -> None:
    known(state, visited=12, unread=0)
    run, now = planner(state, 6), a_run(started_at=NOW)
    run.begin(a_source(), "r1")
    run.visited("shop", {f"{SITE}start0": Visit.UNCHANGED})
    assert run.shortfall(a_source(), now) is None
    assert run.go_on(a_source(), now) == 5
    assert len(queued(state)) == 6
    assert run.go_on(a_source(), now) == 0
    assert run.shortfall(a_source(), now) is not None


def test_nothing_is_visited_twice_in_a_run(state: StateStores) -> None:
    # all were visited in this very run
    known(state, visited=12, unread=0, at=NOW)
    run = planner(state, 6)
    run.begin(a_source(), "r1")
    run.visited("shop", {f"{SITE}start0": Visit.UNCHANGED})
    assert run.go_on(a_source(), a_run(started_at=NOW)) == 0


def test_a_source_has_a_bound_of_its_own(state: StateStores) -> None:
    known(state, visited=0, unread=20)
    run = planner(state, 100)
    assert run.begin(a_source(max_documents=3), "r1") == 3
    assert len(queued(state)) == 3
    short = run.shortfall(a_source(max_documents=3), a_run())
    assert short is not None
    assert short.limited_by == "the bound of the source, 3 documents"
    assert short.tally == (21, 21)
