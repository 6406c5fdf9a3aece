"""What every frontier must hold: what is unread comes first, then what rested longest, and nothing is forgotten."""

from datetime import timedelta

from core.model import FetchRequest, Tally, Visit
from core.model.frontier import FIRST_REST_SECONDS, LONGEST_REST_SECONDS, SHORTEST_REST_SECONDS, rest_after
from tests.contract.nouns import START, a_source
from warehouse.stores import StateStores

LATER = START + timedelta(days=10)


def requests(*names: str, source_id: str = "shop") -> list[FetchRequest]:
    return [FetchRequest(source_id=source_id, url=f"https://shop.example/{name}") for name in names]


def urls(*names: str) -> list[str]:
    return [request.url for request in requests(*names)]


def picked(state: StateStores, limit: int = 10, **options: object) -> list[str]:
    found = state.frontier.pick("shop", limit, **options)  # type: ignore[arg-type]  # as the caller says
    return [request.url for request in found]


def test_what_was_seen_is_unread_until_it_is_visited(state: StateStores) -> None:
    assert state.frontier.see(requests("a", "b"), START) == set(urls("a", "b"))
    assert state.frontier.see([], START) == set()
    state.frontier.note("shop", dict.fromkeys(urls("a"), Visit.CHANGED), START)
    assert state.frontier.see(requests("a", "b", "c"), LATER) == set(urls("b", "c"))
    assert state.frontier.tally("shop") == Tally(3, 2)
    assert state.frontier.tally("other") == Tally(0, 0)


def test_the_unread_are_picked_in_the_order_in_which_they_were_seen(state: StateStores) -> None:
    state.frontier.see(requests("z", "y"), START)
    state.frontier.see(requests("b", "a"), LATER)
    state.frontier.see(requests("other", source_id="news"), START)
    assert picked(state) == urls("z", "y", "b", "a")
    assert picked(state, 2) == urls("z", "y")


def test_a_picked_address_comes_back_as_it_was_seen_and_says_that_it_was_recalled(state: StateStores) -> None:
    page = FetchRequest(
        source_id="shop", url="https://shop.example/1", template="main", parent_id="d1", page=7, earlier=("d0", "d1")
    )
    state.frontier.see([page], START)
    assert state.frontier.pick("shop", 1) == [page.model_copy(update={"recalled": True})]


def test_of_those_visited_the_one_whose_rest_was_over_first_comes_first(state: StateStores) -> None:
    state.frontier.see(requests("calm", "lively", "unread"), START)
    state.frontier.note("shop", dict(zip(urls("calm", "lively"), (Visit.UNCHANGED, Visit.CHANGED), strict=True)), START)
    assert picked(state) == urls("unread")
    assert picked(state, rested=START) == urls("unread")
    assert picked(state, rested=LATER) == urls("unread", "lively", "calm")
    assert picked(state, 2, rested=LATER) == urls("unread", "lively")


def test_what_failed_stands_behind_what_nobody_tried(state: StateStores) -> None:
    state.frontier.see(requests("broken", "new"), START)
    state.frontier.note("shop", dict.fromkeys(urls("broken", "never seen"), Visit.FAILED), START)
    assert picked(state) == urls("new")
    assert state.frontier.tally("shop") == Tally(2, 1)


def test_what_is_gone_is_left_alone_until_it_is_seen_again(state: StateStores) -> None:
    state.frontier.see(requests("a", "b"), START)
    state.frontier.note("shop", dict.fromkeys(urls("a"), Visit.GONE), START)
    assert picked(state, rested=LATER) == urls("b")
    assert state.frontier.tally("shop") == Tally(1, 1)
    state.frontier.see(requests("a"), LATER)
    assert picked(state, rested=LATER) == urls("b", "a")


def test_more_are_known_than_a_bound_allows(state: StateStores) -> None:
    state.frontier.see(requests(*(str(n) for n in range(1200))), START)
    assert state.frontier.exceeds("shop", 1199)
    assert not state.frontier.exceeds("shop", 1200)


def test_a_removed_source_leaves_none(state: StateStores) -> None:
    state.sources.save(a_source())
    state.frontier.see(requests("a"), START)
    state.sources.remove("shop")
    assert state.frontier.tally("shop") == Tally(0, 0)


def test_pages_that_change_rest_less_within_bounds() -> None:
    rest = FIRST_REST_SECONDS
    assert rest_after(rest, Visit.CHANGED) < rest < rest_after(rest, Visit.UNCHANGED)
    for _ in range(100):
        rest = rest_after(rest, Visit.CHANGED)
    assert rest == SHORTEST_REST_SECONDS
    for _ in range(100):
        rest = rest_after(rest, Visit.FAILED)
    assert rest == LONGEST_REST_SECONDS
