"""The best one-to-one map between the fields of two signatures."""

from collections.abc import Iterable
from math import exp, sqrt
from typing import Any, NamedTuple

import numpy as np

from core.signature import FieldSignature, StructureSignature

# probability from which a pair is told: below it, it is more likely wrong than right
LEAST_SCORE = 0.5


class MatchedPair(NamedTuple):
    """A field of the left and one of the right side, and how probable it is that both hold the same, 0..1."""

    left: str
    right: str
    score: float


def match(left: StructureSignature, right: StructureSignature) -> list[MatchedPair]:
    """The pairs of fields that are probably the same, one to one, the best first."""
    lefts, rights = list(left.fields), list(right.fields)
    scores = np.array([[_score(left, a, right, b) for b in rights] for a in lefts]).reshape(len(lefts), len(rights))
    pairs = [MatchedPair(lefts[i], rights[j], float(scores[i, j])) for i, j in _assigned(scores)]
    return sorted((pair for pair in pairs if pair.score >= LEAST_SCORE), key=lambda pair: (-pair.score, pair[:2]))


def _assigned(scores: Any) -> Iterable[tuple[int, int]]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(scores, maximize=True)
    return zip(rows.tolist(), columns.tolist(), strict=True)


def _score(left: StructureSignature, a: str, right: StructureSignature, b: str) -> float:
    mine, theirs = left.fields[a], right.fields[b]
    evidence = 5 * _likeness(_grams(a), _grams(b)) + 4 * mine.sketch.overlap(theirs.sketch) + 3 * _looks(mine, theirs)
    return 1 / (1 + exp(3.5 - evidence))


def _looks(mine: FieldSignature, theirs: FieldSignature) -> float:
    kinds = _likeness(dict(mine.kinds), dict(theirs.kinds))
    return (kinds + _likeness(dict(mine.masks), dict(theirs.masks))) / 2


def _grams(name: str) -> dict[str, int]:
    plain = f"  {name.casefold()} "
    return {plain[i : i + 3]: 1 for i in range(len(plain) - 2)}


def _likeness(mine: dict[Any, int], theirs: dict[Any, int]) -> float:
    """The cosine of two histograms, 0..1."""
    along = sum(times * theirs.get(key, 0) for key, times in mine.items())
    norms = sum(n * n for n in mine.values()) * sum(n * n for n in theirs.values())
    return along / sqrt(norms) if norms else 0.0
