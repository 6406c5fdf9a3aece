"""What changed of all clusters: what is kept of them, and what one process takes over of another."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class ClusterChanges(NamedTuple):
    """How many documents were assigned, and as JSON data the clusters and the parts of the background that changed.

    Of a cluster, None says that it was forgotten. Where its sample did not change, it is not told again.
    """

    documents: int
    clusters: Mapping[str, Mapping[str, Any] | None]
    background: Mapping[int, Mapping[str, int]]
