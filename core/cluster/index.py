"""Which clusters could a document be of: those that share its rare fields, found without looking at all clusters."""

from collections.abc import Collection
from itertools import islice

# entries that are looked at for one document, and clusters that are compared in full: the cost of a document is the
# same however many clusters there are
ENTRIES_READ = 400
CANDIDATES = 6
# nodes that a cluster is found by
NODES_POSTED = 256


class FieldIndex:
    """From a node to the clusters that have it."""

    __slots__ = ("_by_node", "_posted")

    def __init__(self) -> None:
        self._by_node: dict[str, dict[str, None]] = {}
        self._posted: dict[str, set[str]] = {}

    def post(self, cluster: str, nodes: Collection[str]) -> None:
        """Let a cluster be found by these nodes too, as long as there is room."""
        posted = self._posted.setdefault(cluster, set())
        for node in sorted(set(nodes) - posted)[: NODES_POSTED - len(posted)]:
            posted.add(node)
            self._by_node.setdefault(node, {})[cluster] = None

    def withdraw(self, cluster: str, nodes: Collection[str] | None = None) -> None:
        """Let a cluster no longer be found by these nodes; by none at all if none are named."""
        posted = self._posted.get(cluster, set())
        for node in [*posted] if nodes is None else posted & set(nodes):
            posted.discard(node)
            del self._by_node[node][cluster]
            if not self._by_node[node]:
                del self._by_node[node]

    def posted(self, cluster: str) -> Collection[str]:
        """The nodes that a cluster is found by."""
        return self._posted.get(cluster, ())

    def candidates(self, nodes: Collection[str]) -> list[str]:
        """The clusters that share most with a document, rare nodes counting more; the best first."""
        entries = sorted((len(found), node) for node in nodes if (found := self._by_node.get(node)))
        votes: dict[str, float] = {}
        left = ENTRIES_READ
        for length, node in entries:
            if left <= 0:
                break
            for cluster in islice(self._by_node[node], left):
                votes[cluster] = votes.get(cluster, 0.0) + 1.0 / length
            left -= length
        return sorted(votes, key=lambda cluster: (-votes[cluster], cluster))[:CANDIDATES]
