"""What robots.txt allows us, host by host; read once in a while, by the rules of RFC 9309."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from protego import Protego

SECONDS_TO_LIVE = 3600.0
LARGEST_FILE = 512 * 1024
LONGEST_CRAWL_DELAY = 30.0


class RobotsFile(NamedTuple):
    """The answer to a request for robots.txt: a status, a media type, and the bytes."""

    status: int
    media_type: str
    content: bytes


class Rules(NamedTuple):
    """The rules of one host for us, until they have to be read again."""

    parsed: Protego
    until: float


class Robots:
    """Answers for one user agent; `read` fetches the file at an address and raises RetryLater when it cannot."""

    def __init__(
        self, user_agent: str, read: Callable[[str], RobotsFile], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._agent = user_agent.partition("/")[0].strip()
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._reading: dict[str, threading.Lock] = {}
        self._rules: dict[str, Rules] = {}

    def allows(self, origin: str, url: str) -> bool:
        """Whether the file of this origin (scheme and host) lets us fetch the address.

        Raises:
            RetryLater: the host cannot say at the moment, so we must not assume that it allows anything.
        """
        return url == f"{origin}/robots.txt" or self._of(origin).can_fetch(url, self._agent)

    def delay(self, origin: str) -> float:
        """The pause that the host asks for between two requests, up to a limit of ours."""
        asked = self._of(origin).crawl_delay(self._agent) or 0.0
        return min(float(asked), LONGEST_CRAWL_DELAY)

    def _of(self, origin: str) -> Protego:
        with self._lock:
            reading = self._reading.setdefault(origin, threading.Lock())
        with reading:  # others that need the same file wait for it instead of asking as well
            rules = self._rules.get(origin)
            if rules is None or not 0 < rules.until - self._clock() <= SECONDS_TO_LIVE:
                parsed = Protego.parse(_text_of(self._read(f"{origin}/robots.txt")))
                rules = self._rules[origin] = Rules(parsed, self._clock() + SECONDS_TO_LIVE)
        return rules.parsed


def _text_of(file: RobotsFile) -> str:
    """The rules as text; none where the host has no file, or answers with a page as if it were one."""
    content = file.content[:LARGEST_FILE]
    if file.status >= 300 or "html" in file.media_type or content.lstrip()[:1] == b"<":
        return ""
    if len(file.content) > LARGEST_FILE:
        content = content.rpartition(b"\n")[0]
    return content.decode("utf-8-sig", errors="replace")
