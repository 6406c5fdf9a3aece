"""How much speaks for two groups of documents being of one kind, in nats: Bayes factors of a tree of coin tosses.

A document of a kind has each node with a probability of the kind, given that it has the group that the node stands in:
a part that is left out is one toss, however much stands in it. The probabilities of kinds are drawn from a beta
distribution around the background rate of the node, so that sharing a rare node counts much, and nobody sets a weight.
Positive: one kind explains both better than two kinds do. (Heard and others, "Bayesian clustering", 2006, tell the same
of curves; the prior over partitions is that of the Chinese restaurant.)
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from math import fsum, lgamma, log

from core.cluster.background import Background
from core.cluster.paths import ROOT, group_of

# how many documents the background weighs against those of a kind. At 1 optional fields make kinds of their own, at 4
# kinds that share a few words become one; tests/unit/cluster/test_clusters.py holds both apart
PRIOR_DOCUMENTS = 2.0
# a node that fewer than one in so many documents of a kind have is not missed in another; it would say next to nothing
MISSED_FROM = 20


@lru_cache(maxsize=4096)
def _whole(count: int) -> float:
    return lgamma(count + PRIOR_DOCUMENTS) - lgamma(PRIOR_DOCUMENTS)


def _part(count: int, prior: float) -> float:
    return lgamma(count + prior) - lgamma(prior) if count else 0.0


def joining(nodes: Collection[str], counts: Mapping[str, int], background: Background) -> float:
    """What speaks for a document with these nodes being of the kind that has these counts."""
    said = fsum(_having(node, counts, background) for node in nodes)
    return log(counts[ROOT]) + said + fsum(_lacking(nodes, counts, background))


def _having(node: str, counts: Mapping[str, int], background: Background) -> float:
    """What is said by a node that a document has."""
    room = counts.get(group_of(node), 0)
    share = PRIOR_DOCUMENTS * background.rate(node)
    return log((counts.get(node, 0) + share) / (room + PRIOR_DOCUMENTS) * PRIOR_DOCUMENTS / share) if room else 0.0


def _lacking(nodes: Collection[str], counts: Mapping[str, int], background: Background) -> Iterator[float]:
    """What is said by each node of the kind that a document lacks although it has their group."""
    least = counts[ROOT] / MISSED_FROM
    for node, times in counts.items():
        if times < least or node in nodes or node == ROOT:
            continue
        group = group_of(node)
        if group == ROOT or group in nodes:
            rest = PRIOR_DOCUMENTS * (1.0 - background.rate(node))
            room = counts.get(group, times)
            yield log((room - times + rest) / (room + PRIOR_DOCUMENTS) * PRIOR_DOCUMENTS / rest)


def merging(mine: Mapping[str, int], theirs: Mapping[str, int], background: Background) -> float:
    """What speaks for two groups of documents, as the counts of their nodes, being of one kind."""
    left, right = mine[ROOT], theirs[ROOT]
    return fsum([lgamma(left + right), -lgamma(left), -lgamma(right), *_tosses(mine, theirs, background)])


def _tosses(mine: Mapping[str, int], theirs: Mapping[str, int], background: Background) -> Iterator[float]:
    for node in {**mine, **theirs}:
        group = group_of(node)
        left, right = mine.get(group, 0), theirs.get(group, 0)
        if node != ROOT and left and right:
            yield _toss(mine.get(node, 0), left, theirs.get(node, 0), right, background.rate(node))


def _toss(mine: int, left: int, theirs: int, right: int, rate: float) -> float:
    """What one node says: it is there `mine` times of `left`, and `theirs` times of `right`."""
    there, gone = PRIOR_DOCUMENTS * rate, PRIOR_DOCUMENTS * (1.0 - rate)
    found = _whole(left) + _whole(right) - _whole(left + right)
    if mine and theirs:
        found += _part(mine + theirs, there) - _part(mine, there) - _part(theirs, there)
    lacking, missing = max(left - mine, 0), max(right - theirs, 0)
    if lacking and missing:
        found += _part(lacking + missing, gone) - _part(lacking, gone) - _part(missing, gone)
    return found
