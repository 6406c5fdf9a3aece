"""The best one-to-one map between the fields of two signatures."""

from collections.abc import Mapping
from typing import NamedTuple

from core.match.assignment import one_to_one
from core.match.candidates import likely_pairs
from core.match.features import Side
from core.match.judging import probabilities
from core.match.known import KnownNames
from core.signature import StructureSignature

# probability from which a pair is told: below an even chance, as what is left out is lost, and what is wrong is seen
# with its score; the mean F1 over saved pairs of tables stays between .94 and .95 from 0.15 to 0.4
LEAST_SCORE = 0.25
NOBODY = KnownNames()

_Place = tuple[int, int]


class MatchedPair(NamedTuple):
    """A field of the left and one of the right side, and how probable it is that both hold the same, 0..1."""

    left: str
    right: str
    score: float


def match(left: StructureSignature, right: StructureSignature, known: KnownNames = NOBODY) -> list[MatchedPair]:
    """The pairs of fields that are probably the same, one to one, the best first.

    What people said about names before (`known`) holds: such pairs have the score 1, or are left out.
    """
    if not left.fields or not right.fields:
        return []
    lefts, rights = list(left.fields), list(right.fields)
    sides = Side.of(left), Side.of(right)
    rows, columns = likely_pairs(*sides)
    judged = probabilities(*sides, rows, columns)
    scores = dict(zip(zip(rows.tolist(), columns.tolist(), strict=True), judged.tolist(), strict=True))
    return best_pairs(left, right, _with_said(scores, known.places(lefts, rights)))


def best_pairs(
    left: StructureSignature, right: StructureSignature, scores: Mapping[_Place, float], least: float = LEAST_SCORE
) -> list[MatchedPair]:
    """Of all pairs, by the places of their fields, those that are probable enough, one to one, the best first."""
    lefts, rights = list(left.fields), list(right.fields)
    worth = [(i, j, score) for (i, j), score in scores.items() if score >= least]
    pairs = [MatchedPair(lefts[i], rights[j], score) for i, j, score in one_to_one(worth)]
    return sorted(pairs, key=lambda pair: (-pair.score, pair.left, pair.right))


def _with_said(scores: dict[_Place, float], said: dict[_Place, bool]) -> dict[_Place, float]:
    """The scores with what people said: a field that is the same as another has no other candidates."""
    taken = {side: {place[side] for place, same in said.items() if same} for side in (0, 1)}
    free = {place: score for place, score in scores.items() if place[0] not in taken[0] and place[1] not in taken[1]}
    return free | {place: float(same) for place, same in said.items()}
