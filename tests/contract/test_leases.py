"""What every keeper of leases must hold."""

import pytest

from core.model import Lease
from tests.contract.conftest import FakeClock
from warehouse.stores import StateStores


def taken(lease: Lease | None) -> Lease:
    assert lease is not None
    return lease


def test_only_one_holds_a_lease(state: StateStores) -> None:
    assert taken(state.leases.acquire("scheduler", "a", 10)).token == 1
    assert state.leases.acquire("scheduler", "b", 10) is None
    assert taken(state.leases.acquire("writer", "b", 10)).token == 1


def test_the_holder_renews_with_the_same_token(state: StateStores, clock: FakeClock) -> None:
    first = taken(state.leases.acquire("scheduler", "a", 10))
    clock.advance(9)
    second = taken(state.leases.acquire("scheduler", "a", 10))
    assert (second.token, second.until > first.until) == (first.token, True)
    clock.advance(9)
    assert state.leases.acquire("scheduler", "b", 10) is None


def test_a_lease_that_ran_out_goes_to_the_next_with_a_greater_token(state: StateStores, clock: FakeClock) -> None:
    state.leases.acquire("scheduler", "a", 10)
    clock.advance(10)
    held = state.leases.current("scheduler")
    assert taken(held).owner == "a"
    assert taken(state.leases.acquire("scheduler", "b", 10)).token == 2
    assert state.leases.acquire("scheduler", "a", 10) is None


@pytest.mark.parametrize("hours", [0, -1, 1])
def test_a_lease_given_back_is_free_at_once_whatever_the_clock(
    state: StateStores, clock: FakeClock, hours: int
) -> None:
    state.leases.release(taken(state.leases.acquire("scheduler", "a", 10)))
    clock.advance(3600 * hours)
    assert taken(state.leases.acquire("scheduler", "b", 10)).token == 2


def test_giving_back_a_lost_lease_does_not_hurt_the_new_holder(state: StateStores, clock: FakeClock) -> None:
    lost = taken(state.leases.acquire("scheduler", "a", 10))
    clock.advance(11)
    held = taken(state.leases.acquire("scheduler", "b", 10))
    state.leases.release(lost)
    assert state.leases.current("scheduler") == held


def test_nobody_holds_a_lease_that_was_never_taken(state: StateStores) -> None:
    assert state.leases.current("scheduler") is None
