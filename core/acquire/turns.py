"""Politeness: requests to one host take turns, whatever threads they come from; other hosts do not wait."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable

from core.errors import TooManyRequests

LONGEST_WAIT = 60.0


class Turns:
    """When the next request to each host may start. The clock and the sleep can be replaced by a test's own."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free_from: defaultdict[str, float] = defaultdict(float)

    def wait(self, host: str, delay: float) -> None:
        """Wait for the host's turn, and let the next request wait `delay` seconds longer.

        Raises:
            TooManyRequests: the turn is too far off to wait for it here.
        """
        pause = self._reserve(host, delay)
        if pause > 0:
            self._sleep(pause)

    def hold(self, host: str, seconds: float) -> None:
        """Nothing more for this host until the time it named has passed."""
        with self._lock:
            self._free_from[host] = max(self._free_from[host], self._clock() + seconds)

    def _reserve(self, host: str, delay: float) -> float:
        with self._lock:
            now = self._clock()
            start = max(now, self._free_from[host])
            if start - now > LONGEST_WAIT:
                raise TooManyRequests(
                    f"{host} asked us to wait {start - now:.0f} more seconds.",
                    "The next try is scheduled for then.",
                    after=start - now,
                )
            self._free_from[host] = start + delay
        return start - now
