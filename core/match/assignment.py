"""The best one-to-one choice among pairs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

ScoredPlace = tuple[int, int, float]

# pairs of which all choices are tried: 2^8 at most
FEW = 8


def one_to_one(pairs: Sequence[ScoredPlace]) -> list[ScoredPlace]:
    """Those of the pairs (row, column, worth) that are worth most together, each row and column at most once."""
    return [pair for group in _groups(pairs) for pair in _chosen(group)]


def _groups(pairs: Sequence[ScoredPlace]) -> Iterator[list[ScoredPlace]]:
    """The pairs that hang together by rows and columns, group by group: one group does not touch another's choice."""
    leaders: dict[int, int] = {}

    def leader(node: int) -> int:
        while (above := leaders.setdefault(node, node)) != node:
            leaders[node] = leaders.setdefault(above, above)
            node = above
        return node

    for row, column, _ in pairs:
        # rows are counted up from 0, columns down from -1
        leaders[leader(row)] = leader(-1 - column)
    groups: dict[int, list[ScoredPlace]] = defaultdict(list)
    for pair in pairs:
        groups[leader(pair[0])].append(pair)
    yield from groups.values()


def _chosen(group: list[ScoredPlace]) -> list[ScoredPlace]:
    return _best_of_few(group) if len(group) <= FEW else _best_of_many(group)


def _best_of_few(pairs: list[ScoredPlace]) -> list[ScoredPlace]:
    """The best choice, by trying all."""
    if len(pairs) < 2:
        return pairs
    first, rest = pairs[0], pairs[1:]
    taken = [first, *_best_of_few([pair for pair in rest if pair[0] != first[0] and pair[1] != first[1]])]
    return max(taken, _best_of_few(rest), key=lambda choice: sum(worth for _, _, worth in choice))


def _best_of_many(group: list[ScoredPlace]) -> list[ScoredPlace]:
    # only here, as it takes longer to import than to match a small table
    from scipy.optimize import linear_sum_assignment

    rows, columns = sorted({pair[0] for pair in group}), sorted({pair[1] for pair in group})
    worth = np.zeros((len(rows), len(columns)))
    at, scores = np.array([pair[:2] for pair in group]), [pair[2] for pair in group]
    worth[np.searchsorted(rows, at[:, 0]), np.searchsorted(columns, at[:, 1])] = scores
    best = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return [(rows[i], columns[j], float(worth[i, j])) for i, j in best if worth[i, j] > 0]
