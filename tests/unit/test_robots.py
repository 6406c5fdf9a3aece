"""robots.txt is read once in a while and obeyed; what is no robots.txt forbids nothing."""

import threading
import time

import pytest

from core.acquire.robots import LONGEST_CRAWL_DELAY, SECONDS_TO_LIVE, Robots, RobotsFile
from core.errors import HostUnreachable

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


def robots(host: Host, agent: str = "SmartDataPipeline/0.1 (+https://example.org)") -> Robots:
    return Robots(agent, host.read)


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


def test_file_is_read_once_per_host_until_it_is_old() -> None:
    host, now = Host(), [0.0]
    rules = Robots("x", host.read, clock=lambda: now[0])
    for origin in (ORIGIN, ORIGIN, "https://other.example"):
        rules.allows(origin, f"{origin}/tenders")
    assert host.asked == [f"{ORIGIN}/robots.txt", "https://other.example/robots.txt"]
    now[0] = SECONDS_TO_LIVE
    rules.delay(ORIGIN)
    assert len(host.asked) == 3


def test_threads_read_the_file_once() -> None:
    host = Host()

    def read_slowly(url: str) -> RobotsFile:
        time.sleep(0.05)
        return host.read(url)

    rules = Robots("x", read_slowly)
    threads = [threading.Thread(target=rules.allows, args=(ORIGIN, f"{ORIGIN}/{n}")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(host.asked) == 1


def test_failure_is_passed_on_and_not_remembered() -> None:
    host = Host(CLOSED)
    fails = [True]

    def read(url: str) -> RobotsFile:
        if fails.pop() if fails else False:
            raise HostUnreachable("down.")
        return host.read(url)

    rules = Robots("x", read)
    with pytest.raises(HostUnreachable):
        rules.allows(ORIGIN, f"{ORIGIN}/tenders")
    assert not rules.allows(ORIGIN, f"{ORIGIN}/tenders")
