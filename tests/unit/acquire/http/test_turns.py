"""Requests to one host take turns over all threads and processes; other hosts do not wait."""

import threading
from pathlib import Path

import pytest

from core.acquire.http.turns import HostThrottle
from core.broker.local import open_local
from core.errors import TooManyRequests
from core.ports import KeyValue


class FakeTime:
    def __init__(self) -> None:
        self.now = 100.0
        self.sleeps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def keys(tmp_path: Path) -> KeyValue:
    return open_local(tmp_path / "events.db").keys


@pytest.fixture
def turns(keys: KeyValue, time: FakeTime) -> HostThrottle:
    return HostThrottle(keys, time.clock, time.sleep)


def test_first_request_does_not_wait_and_later_ones_queue_up(turns: HostThrottle, time: FakeTime) -> None:
    for _ in range(3):
        turns.wait("a.example", 2.0)
    assert time.sleeps == [2.0, 4.0]


def test_hosts_are_independent(turns: HostThrottle, time: FakeTime) -> None:
    turns.wait("a.example", 30.0)
    turns.wait("b.example", 30.0)
    assert time.sleeps == []


def test_time_that_passed_counts(turns: HostThrottle, time: FakeTime) -> None:
    turns.wait("a.example", 2.0)
    time.now += 1.5
    turns.wait("a.example", 2.0)
    assert time.sleeps == [0.5]


def test_held_host_is_not_asked_until_its_time_has_passed(turns: HostThrottle, time: FakeTime) -> None:
    turns.hold("a.example", 300.0)
    with pytest.raises(TooManyRequests) as caught:
        turns.wait("a.example", 1.0)
    assert caught.value.after == 300.0
    time.now += 300.0
    turns.wait("a.example", 1.0)
    assert time.sleeps == []


def test_refused_turn_takes_no_place_in_the_queue(turns: HostThrottle, time: FakeTime) -> None:
    turns.hold("a.example", 61.0)
    for _ in range(5):
        with pytest.raises(TooManyRequests):
            turns.wait("a.example", 30.0)
    time.now += 61.0
    turns.wait("a.example", 30.0)
    assert time.sleeps == []


def test_threads_never_share_a_turn(turns: HostThrottle, time: FakeTime) -> None:
    threads = [threading.Thread(target=turns.wait, args=("a.example", 1.0)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(time.sleeps) == [float(second) for second in range(1, 20)]


def test_two_processes_share_the_turns(keys: KeyValue, time: FakeTime) -> None:
    for _ in range(2):
        HostThrottle(keys, time.clock, time.sleep).wait("a.example", 2.0)
    assert time.sleeps == [2.0]


def test_a_clock_that_is_set_back_lengthens_no_pause(turns: HostThrottle, time: FakeTime) -> None:
    time.now += 86_400
    turns.wait("a.example", 2.0)
    time.now -= 86_400
    turns.wait("a.example", 2.0)
    assert time.sleeps == [2.0]
