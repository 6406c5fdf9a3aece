"""Politeness: requests to one host take turns, whatever threads and processes they come from; others do not wait."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from core.errors import Conflict, TooManyRequests
from core.events import KeyEntry
from core.ports import KeyValue

# seconds that a fetch waits for its turn; who would wait longer is put off, and its worker does something else
LONGEST_TURN_WAIT = 60.0
TURNS = "turns"


class HostTurn(NamedTuple):
    """When the next request to a host may start, as seconds since 1970, and when that was said."""

    free_from: float
    said_at: float


class HostThrottle:
    """When the next request to each host may start. The clock and the sleep can be replaced by a test's own."""

    def __init__(
        self, keys: KeyValue, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._sleep = sleep

    def wait(self, host: str, delay: float) -> None:
        """Wait for the host's turn, and let the next request wait `delay` seconds longer.

        Raises:
            TooManyRequests: the turn is too far off to wait for it here.
            RetryLater: the backbone, which keeps the turns, does not answer.
        """
        pause = self._change(host, lambda start: _checked(host, start) + delay)
        if pause > 0:
            self._sleep(pause)

    def hold(self, host: str, seconds: float) -> None:
        """Nothing more for this host until the time it named has passed."""
        self._change(host, lambda start: max(start, seconds))

    def _change(self, host: str, next_start: Callable[[float], float]) -> float:
        """Set how many seconds from now the next turn starts, given when it would start; the latter."""
        while True:
            entry, now = self._keys.get(TURNS, host), self._clock()
            start = max(0.0, _free_from(entry, now) - now)
            turn = HostTurn(now + next_start(start), now)
            with suppress(Conflict):  # somebody else took this turn: ours is the next one
                self._keys.put(
                    TURNS, host, f"{turn.free_from} {turn.said_at}".encode(), revision=entry.revision if entry else 0
                )
                return start


def _checked(host: str, start: float) -> float:
    if start > LONGEST_TURN_WAIT:
        raise TooManyRequests(
            f"{host} asked us to wait {start:.0f} more seconds.", "The next try is scheduled for then.", after=start
        )
    return start


def _free_from(entry: KeyEntry | None, now: float) -> float:
    if entry is None:
        return now
    turn = HostTurn(*map(float, entry.value.split()))
    # said in the future, that is, under a clock that was set back since: the pause counts, not the moment
    return turn.free_from - max(0.0, turn.said_at - now)
