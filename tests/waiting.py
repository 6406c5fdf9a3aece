"""Waits for what a test has to see: as long as a busy machine may take, and no longer than the thing itself takes."""

import time
from collections.abc import Callable

# nothing here takes longer on any machine that is fit to run the product; a test that waits so long has failed
PATIENCE = 240.0


def wait_for(holds: Callable[[], object], seconds: float = PATIENCE, pause: float = 0.01) -> None:
    """Return as soon as it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(pause)


def never(holds: Callable[[], object], seconds: float, pause: float = 0.05) -> bool:
    """Whether it held at no time within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return False
        time.sleep(pause)
    return True
