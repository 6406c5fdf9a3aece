"""What changes which cluster documents belong to: nothing but these."""

from typing import Literal, NamedTuple


class ClusterEvent(NamedTuple):
    """A cluster went into others.

    Attributes:
        what: "merged": it turned out to be an older one; "split": it turned out to be several.
        cluster: its id, which stays known.
        into: where its documents are now.
        after: how many documents had been assigned by then.
        reason: one sentence.
    """

    what: Literal["merged", "split"]
    cluster: str
    into: tuple[str, ...]
    after: int
    reason: str
