"""The frontier of a source: the addresses that are known of it, and how often each is worth another look."""

from enum import StrEnum
from typing import NamedTuple

# how long an address is left alone after it was read, relative to others of its source: pages that change are looked at
# more often, by the rule and the factors of Nutch's AdaptiveFetchSchedule
FIRST_REST_SECONDS = 86_400.0
SHORTEST_REST_SECONDS, LONGEST_REST_SECONDS = 3_600.0, 30 * 86_400.0
CALMER, LIVELIER = 1.4, 0.8


class Visit(StrEnum):
    """How a visit to an address ended."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    GONE = "gone"


class Tally(NamedTuple):
    """How many addresses of a source are known, and how many of them nobody has visited yet."""

    known: int
    unread: int


def rest_after(rest: float, visit: Visit) -> float:
    """How many seconds an address is left alone after a visit, when it was `rest` before."""
    factor = LIVELIER if visit is Visit.CHANGED else CALMER
    return min(max(rest * factor, SHORTEST_REST_SECONDS), LONGEST_REST_SECONDS)
