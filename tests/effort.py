"""How much the tests try: enough for a person who waits for them, and everything where `TEST_FULL` is set."""

import os

FULL = bool(os.environ.get("TEST_FULL"))
# of the examples that a full run tries, and how few are still worth trying
SHORT_SHARE = 0.2
FEWEST = 5


def tries(full: int) -> int:
    """How many examples to try where a full run tries so many; the short run tries fewer, never other ones."""
    return full if FULL else min(full, max(FEWEST, round(full * SHORT_SHARE)))
