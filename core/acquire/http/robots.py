"""What robots.txt allows us, host by host; read once in a while for all workers, by the rules of RFC 9309."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from protego import Protego

from core.errors import Conflict
from core.events import KeyEntry
from core.ports import KeyValue

ROBOTS = "robots"
# RFC 9309 allows a day; an hour lets a host that shuts us out be heard the same day
SECONDS_TO_LIVE = 3600.0
# longer than a host may take to answer, with all tries; who has not brought the file by then is not coming back
SECONDS_TO_READ = 120.0
# seconds between two looks for the file that another worker brings
CLAIM_PAUSE = 0.1
# bytes of the file that are read: RFC 9309 asks for 500 KiB at least
LARGEST_FILE = 512 * 1024
# seconds between two requests that a host may ask for: a run of a thousand pages takes eight hours so
LONGEST_CRAWL_DELAY = 30.0


class RobotsFile(NamedTuple):
    """The answer to a request for robots.txt: a status, a media type, and the bytes."""

    status: int
    media_type: str
    content: bytes


class Note(NamedTuple):
    """What all workers know of a host's file until a time: its text, or that one of them is reading it."""

    until: float
    text: str | None

    def holds(self, now: float) -> bool:
        """One that holds for longer than any was given is of a clock that was set back since."""
        return 0 < self.until - now <= (SECONDS_TO_READ if self.text is None else SECONDS_TO_LIVE)


class Rules(NamedTuple):
    """The rules of one host for us, and the note that they stand in."""

    parsed: Protego
    note: Note


class Robots:
    """Answers for one user agent; `read` fetches the file at an address and raises RetryLater when it cannot.

    `keys` are those of the backbone: what one worker has read holds for all.
    """

    def __init__(
        self,
        user_agent: str,
        read: Callable[[str], RobotsFile],
        keys: KeyValue,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._agent = user_agent.partition("/")[0].strip()
        self._read = read
        self._keys = keys
        self._clock = clock
        self._sleep = sleep
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
            if rules is None or not rules.note.holds(self._clock()):
                note = self._note(origin)
                rules = self._rules[origin] = Rules(Protego.parse(note.text or ""), note)
        return rules.parsed

    def _note(self, origin: str) -> Note:
        """What any worker has read; the first one to ask reads it, and the others wait."""
        while True:
            entry = self._keys.get(ROBOTS, origin)
            known = _unpacked(entry)
            if known.text is not None and known.holds(self._clock()):
                return known
            if not known.holds(self._clock()) and self._claim(origin, entry):
                return self._read_for_all(origin)
            self._sleep(CLAIM_PAUSE)

    def _claim(self, origin: str, entry: KeyEntry | None) -> bool:
        """Whether it is ours to read the file; false when somebody else was quicker to begin."""
        claim = Note(self._clock() + SECONDS_TO_READ, None)
        try:
            self._keys.put(ROBOTS, origin, _packed(claim), revision=entry.revision if entry else 0)
        except Conflict:
            return False
        return True

    def _read_for_all(self, origin: str) -> Note:
        try:
            text = _text_of(self._read(f"{origin}/robots.txt"))
        except BaseException:
            self._keys.delete(ROBOTS, origin)
            raise
        note = Note(self._clock() + SECONDS_TO_LIVE, text)
        self._keys.put(ROBOTS, origin, _packed(note))
        return note


def _packed(note: Note) -> bytes:
    said = str(note.until) if note.text is None else f"{note.until}\n{note.text}"
    return said.encode()


def _unpacked(entry: KeyEntry | None) -> Note:
    if entry is None:
        return Note(0.0, None)
    until, text_follows, text = entry.value.decode().partition("\n")
    return Note(float(until), text if text_follows else None)


def _text_of(file: RobotsFile) -> str:
    """The rules as text; none where the host has no file, or answers with a page as if it were one."""
    content = file.content[:LARGEST_FILE]
    if file.status >= 300 or "html" in file.media_type or content.lstrip()[:1] == b"<":
        return ""
    if len(file.content) > LARGEST_FILE:
        content = content.rpartition(b"\n")[0]
    return content.decode("utf-8-sig", errors="replace")
