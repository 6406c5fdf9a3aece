"""Commits to the catalogue are tried again when somebody else was faster, each time after a longer pause."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from pyiceberg.exceptions import CommitFailedException

# a dozen tries with pauses that double take about twelve seconds: longer than a commit of another writer
TRIES = 12
SHORTEST_RETRY_PAUSE, LONGEST_RETRY_PAUSE = 0.02, 2.0
# of each pause at least so much, the rest is chance: writers that met once should not meet again
PAUSE_SHARE = 0.5

T = TypeVar("T")


def tried_again(attempt: Callable[[], T]) -> T:
    """What the attempt gives; it must look at the newest state each time.

    The pauses are drawn by chance, so that writers that met once do not meet again.

    Raises:
        CommitFailedException: others were always faster.
    """
    for number in range(TRIES - 1):
        try:
            return attempt()
        except CommitFailedException:
            time.sleep(random.uniform(PAUSE_SHARE, 1) * min(LONGEST_RETRY_PAUSE, SHORTEST_RETRY_PAUSE * 2**number))
    return attempt()
