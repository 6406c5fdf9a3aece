"""Groups of things that are alike in the mean (average linkage), over a graph that knows only some of the pairs."""

from collections.abc import Collection, Mapping
from heapq import heapify, heappop, heappush

Edges = dict[str, float]


def linked(names: Collection[str], likeness: Mapping[tuple[str, str], float], least: float) -> list[list[str]]:
    """The names in groups, the most alike joined first, until no two have a mean likeness of `least`.

    Pairs that nobody compared count as unlike. The time grows with the number of pairs, not of names.
    """
    groups = {name: [name] for name in sorted(names)}
    edges = _edges(groups, likeness)
    waiting = [(-total, one, other) for one in edges for other, total in edges[one].items() if one < other]
    heapify(waiting)
    while waiting:
        score, one, other = heappop(waiting)
        if -score < least:
            break
        if one in groups and other in groups and -score == _mean(groups, edges, one, other):
            _join(groups, edges, one, other)
            for near in edges[one]:
                heappush(waiting, (-_mean(groups, edges, one, near), min(one, near), max(one, near)))
    return [sorted(group) for group in groups.values()]


def _edges(groups: Mapping[str, list[str]], likeness: Mapping[tuple[str, str], float]) -> dict[str, Edges]:
    edges: dict[str, Edges] = {name: {} for name in groups}
    for (one, other), score in likeness.items():
        if one != other and one in edges and other in edges:
            edges[one][other] = edges[other][one] = score
    return edges


def _mean(groups: Mapping[str, list[str]], edges: Mapping[str, Edges], one: str, other: str) -> float:
    return edges[one].get(other, 0.0) / (len(groups[one]) * len(groups[other]))


def _join(groups: dict[str, list[str]], edges: dict[str, Edges], one: str, other: str) -> None:
    """Put the second group into the first; a group goes by its first name."""
    groups[one] += groups.pop(other)
    for near, total in edges.pop(other).items():
        del edges[near][other]
        if near != one:
            edges[one][near] = edges[near][one] = edges[one].get(near, 0.0) + total
