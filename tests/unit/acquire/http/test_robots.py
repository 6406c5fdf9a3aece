"""robots.txt is read once in a while and obeyed; what is no robots.txt forbids nothing."""

import tempfile
import threading
import time
from pathlib import Path

import pytest

from core.acquire.http.robots import LONGEST_CRAWL_DELAY, SECONDS_TO_LIVE, SECONDS_TO_READ, Robots, RobotsFile
from core.broker.local import open_local
from core.errors import HostUnreachable
from core.ports import KeyValue

ORIGIN = "https://tenders.example"
RULES = b"User-agent: *\nDisallow: /private/\n\nUser-agent: smartdatapipeline\nDisallow: /drafts/\nCrawl-delay: 7\n"


class Host:
    """Answers with one file and counts how often it is asked."""

    def __init__(self, content: bytes = RULES, status: int = 200, media_type: str = "text/plain") -> None:
        self.file = RobotsFile(status, media_type, content)
        self.asked: list[str] = []

    def read(self, url: str) -> RobotsFile:
        self.asked.append(url)
        return self.file


class FakeTime:
    """A clock that runs while somebody sleeps."""

    now = 1000.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def keys(tmp_path: Path) -> KeyValue:
    return open_local(tmp_path / "events.db").keys


def robots(host: Host, agent: str = "SmartDataPipeline/0.1 (+https://example.org)") -> Robots:
    """For a worker that is alone."""
    return Robots(agent, host.read, open_local(Path(tempfile.mkdtemp()) / "events.db").keys)


def test_our_own_group_counts_and_otherwise_the_group_of_all() -> None:
    assert not robots(Host()).allows(ORIGIN, f"{ORIGIN}/drafts/1")
    assert robots(Host()).allows(ORIGIN, f"{ORIGIN}/private/1")
    assert not robots(Host(), "Other/2").allows(ORIGIN, f"{ORIGIN}/private/1")
    assert robots(Host(), "Other/2").allows(ORIGIN, f"{ORIGIN}/drafts/1")


def test_the_file_itself_may_always_be_read() -> None:
    assert robots(Host(b"User-agent: *\nDisallow: /\n")).allows(ORIGIN, f"{ORIGIN}/robots.txt")


def test_crawl_delay_is_honoured_up_to_a_limit() -> None:
    assert robots(Host()).delay(ORIGIN) == 7.0
    assert robots(Host(b"User-agent: *\nCrawl-delay: 86400\n")).delay(ORIGIN) == LONGEST_CRAWL_DELAY
    assert robots(Host(b"")).delay(ORIGIN) == 0.0


CLOSED = b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    "host",
    [
        Host(CLOSED, status=404),
        Host(CLOSED, status=403),
        Host(CLOSED, media_type="text/html"),
        Host(b"\n <!doctype html>\n" + CLOSED),
        Host(b"\xff\xfe\x00garbage"),
        Host(b"\n" * 600_000 + CLOSED),
    ],
    ids=["404", "403", "html type", "html body", "garbage", "beyond the size"],
)
def test_what_is_no_robots_file_forbids_nothing(host: Host) -> None:
    assert robots(host).allows(ORIGIN, f"{ORIGIN}/tenders")


def test_byte_order_mark_does_not_hide_the_first_rule() -> None:
    assert not robots(Host(b"\xef\xbb\xbf" + CLOSED)).allows(ORIGIN, f"{ORIGIN}/tenders")


def test_file_is_read_once_per_host_until_it_is_old(keys: KeyValue) -> None:
    host, time = Host(), FakeTime()
    rules = Robots("x", host.read, keys, time.clock)
    for origin in (ORIGIN, ORIGIN, "https://other.example"):
        rules.allows(origin, f"{origin}/tenders")
    assert host.asked == [f"{ORIGIN}/robots.txt", "https://other.example/robots.txt"]
    time.now += SECONDS_TO_LIVE
    rules.delay(ORIGIN)
    assert len(host.asked) == 3


def test_what_one_worker_has_read_holds_for_all_until_it_is_old(keys: KeyValue) -> None:
    host, time = Host(), FakeTime()
    workers = [Robots("SmartDataPipeline/0.1", host.read, keys, time.clock) for _ in range(3)]
    assert [worker.delay(ORIGIN) for worker in workers] == [7.0] * 3
    assert len(host.asked) == 1
    time.now += SECONDS_TO_LIVE
    assert [worker.delay(ORIGIN) for worker in workers] == [7.0] * 3
    assert len(host.asked) == 2


def test_a_note_that_was_made_under_a_clock_that_was_ahead_is_not_trusted(keys: KeyValue) -> None:
    host, time = Host(), FakeTime()
    Robots("x", host.read, keys, time.clock).delay(ORIGIN)
    time.now -= 86_400
    Robots("x", host.read, keys, time.clock).delay(ORIGIN)
    assert len(host.asked) == 2


def test_who_takes_over_from_a_worker_that_died_while_it_read(keys: KeyValue) -> None:
    time = FakeTime()

    def die(_url: str) -> RobotsFile:
        reading.set()
        forever.wait()
        return RobotsFile(200, "", b"")

    reading, forever = threading.Event(), threading.Event()
    dead = Robots("x", die, keys, time.clock)
    threading.Thread(target=dead.allows, args=(ORIGIN, f"{ORIGIN}/1"), daemon=True).start()
    assert reading.wait(10)
    began, host = time.now, Host(CLOSED)
    assert not Robots("x", host.read, keys, time.clock, time.sleep).allows(ORIGIN, f"{ORIGIN}/1")
    assert SECONDS_TO_READ <= time.now - began < SECONDS_TO_READ + 1


def test_threads_read_the_file_once(keys: KeyValue) -> None:
    host = Host()

    def read_slowly(url: str) -> RobotsFile:
        time.sleep(0.05)
        return host.read(url)

    # four threads of each of two workers
    both = [Robots("x", read_slowly, keys) for _ in range(2)]
    threads = [threading.Thread(target=both[n % 2].allows, args=(ORIGIN, f"{ORIGIN}/{n}")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(host.asked) == 1


def test_failure_is_passed_on_and_not_remembered(keys: KeyValue) -> None:
    host = Host(CLOSED)
    fails = [True]

    def read(url: str) -> RobotsFile:
        if fails.pop() if fails else False:
            raise HostUnreachable("down.")
        return host.read(url)

    rules = Robots("x", read, keys)
    with pytest.raises(HostUnreachable):
        rules.allows(ORIGIN, f"{ORIGIN}/tenders")
    assert not rules.allows(ORIGIN, f"{ORIGIN}/tenders")
