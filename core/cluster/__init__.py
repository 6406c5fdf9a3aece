"""Documents of one template are put together under ids that stay; templates of one kind on several sites are suggested.

`Clusters` takes one document after the other (a leader algorithm: Hartigan, "Clustering algorithms", 1975): each joins
the cluster that it is most like, or founds one. Nothing is computed anew over all documents. What turns out to be one
is merged, what turns out to be several is split, and each such step is an event with its reason.

What tells that a number here is wrong: tests/unit/cluster, on generated documents (tests/kinds_of_documents.py), and
`make bench ONLY=cluster`: how well kinds are told apart, documents a second, and the cost at a million documents.
"""

from core.cluster.clusters import Clusters
from core.cluster.events import ClusterEvent
from core.cluster.families import FamilySuggestion, confirmed_lines, families_of, read_signature, suggestions

__all__ = [
    "ClusterEvent",
    "Clusters",
    "FamilySuggestion",
    "confirmed_lines",
    "families_of",
    "read_signature",
    "suggestions",
]
