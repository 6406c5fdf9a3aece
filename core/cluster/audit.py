"""A second opinion on all clusters: HDBSCAN over vectors of their documents. It proposes, and never acts.

It imports packages that take seconds: for a worker process only.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from math import comb
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.cluster.clusters import Clusters
from core.cluster.plane import SampledPoint, sampled_points
from core.errors import PartMissing

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

# documents that HDBSCAN takes for a group
LEAST_GROUP = 5
# documents that are looked at, spread over the clusters: the time grows with their square
MOST_AUDITED = 5_000
# share of the documents of a cluster that must be in a group for the cluster to be in it
IN_GROUP = 0.8
# share of the documents of a cluster that must be in another group for it to be another kind
OTHER_KIND = 0.25
# what HDBSCAN calls a document that is in no group
NO_GROUP = -1


class AuditProposal(NamedTuple):
    """What a person may want to do: merge these clusters, or split this one; and why, in a sentence."""

    what: Literal["merge", "split"]
    clusters: tuple[str, ...]
    reason: str


class ClusterAudit(NamedTuple):
    """How well two ways to cluster agree on so many documents (adjusted Rand index), and what they disagree on."""

    documents: int
    agreement: float
    proposals: tuple[AuditProposal, ...]


def audit_points(clusters: Clusters) -> list[SampledPoint]:
    """The documents that are looked at: as many of each cluster as there is room for."""
    return _spread(sampled_points(clusters))


def audited(points: Sequence[SampledPoint], vectors: "NDArray[float64]") -> ClusterAudit:
    """What HDBSCAN makes of sampled documents, against their clusters; the same for the same clusters.

    Args:
        points: the documents.
        vectors: a row for each.

    Raises:
        PartMissing: the package is not installed.
    """
    if len(points) < 2 * LEAST_GROUP:
        return ClusterAudit(len(points), 1.0, ())
    groups = _groups(vectors)
    told = [(point.cluster, group) for point, group in zip(points, groups, strict=True) if group != NO_GROUP]
    return ClusterAudit(len(points), agreement_of(told), (*_merges(points, groups), *_splits(points, groups)))


def _spread(points: Sequence[SampledPoint]) -> list[SampledPoint]:
    """As many documents of each cluster as there is room for."""
    for most in (1 << power for power in range(8, -1, -1)):
        seen: Counter[str] = Counter()
        kept = []
        for point in points:
            seen[point.cluster] += 1
            if seen[point.cluster] <= most:
                kept.append(point)
        if len(kept) <= MOST_AUDITED:
            return kept
    return kept[:MOST_AUDITED]


def _groups(vectors: "NDArray[float64]") -> list[int]:
    try:
        from hdbscan import HDBSCAN
    except ImportError:
        raise PartMissing("The audit needs HDBSCAN.", "Install it: pip install hdbscan") from None
    # rows of length one: Euclidean distance orders them as the cosine does
    found = HDBSCAN(min_cluster_size=LEAST_GROUP, core_dist_n_jobs=1).fit_predict(vectors)
    return [int(group) for group in found]


def agreement_of(told: Sequence[tuple[Hashable, Hashable]]) -> float:
    """The adjusted Rand index (Hubert and Arabie, 1985): 1 if both tell the same apart, 0 if only by chance."""
    left = _pairs(cluster for cluster, _ in told)
    right, both = _pairs(group for _, group in told), _pairs(told)
    chance = left * right / max(comb(len(told), 2), 1)
    most = (left + right) / 2
    return (both - chance) / (most - chance) if most != chance else float(left == right == both)


def _pairs(labels: Iterable[Hashable]) -> int:
    """How many pairs have the same label."""
    return sum(comb(times, 2) for times in Counter(labels).values())


def _by_cluster(points: Sequence[SampledPoint], groups: Sequence[int]) -> dict[str, Counter[int]]:
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for point, group in zip(points, groups, strict=True):
        found[point.cluster][group] += 1
    return found


def _merges(points: Sequence[SampledPoint], groups: Sequence[int]) -> list[AuditProposal]:
    """Clusters that are nearly whole in one group; what is of different sites may still be kept apart."""
    homes: dict[int, list[str]] = defaultdict(list)
    for cluster, counts in _by_cluster(points, groups).items():
        group, times = min(counts.items(), key=lambda entry: (-entry[1], entry[0]))
        if group != NO_GROUP and times >= IN_GROUP * counts.total():
            homes[group].append(cluster)
    return [
        AuditProposal("merge", tuple(sorted(found)), f"HDBSCAN finds these {len(found)} clusters to be one group.")
        for found in homes.values()
        if len(found) > 1
    ]


def _splits(points: Sequence[SampledPoint], groups: Sequence[int]) -> list[AuditProposal]:
    """Clusters with a good share of their documents in each of several groups."""
    found = []
    for cluster, counts in _by_cluster(points, groups).items():
        least = max(LEAST_GROUP, OTHER_KIND * counts.total())
        large = [times for group, times in counts.items() if group != NO_GROUP and times >= least]
        if len(large) > 1:
            found.append(AuditProposal("split", (cluster,), f"HDBSCAN finds {len(large)} groups in this cluster."))
    return found
