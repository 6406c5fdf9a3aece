"""Many pairs of signatures at once: each is made ready once, and what was learned is asked once for all."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.match.candidates import likely_pairs
from core.match.features import Side
from core.match.judging import judged, seen_of
from core.match.pairing import LEAST_SCORE, MatchedPair, best_pairs
from core.signature import StructureSignature

Rows = Any  # a NumPy array
SignaturePair = tuple[str, str]

# pairs of signatures that are judged at once, which bounds the memory
PAIRS_TOGETHER = 200


def match_many(
    signatures: Mapping[str, StructureSignature], pairs: Sequence[SignaturePair], least: float = LEAST_SCORE
) -> dict[SignaturePair, list[MatchedPair]]:
    """What `match` says of each pair of signatures, by their names, from the probability `least` on.

    For signatures of a few dozen fields at most: many are held in memory at once.
    """
    asked = [pair for pair in pairs if all(signatures[name].fields for name in pair)]
    sides = {name: Side.of(signatures[name]) for name in {name: None for pair in asked for name in pair}}
    found: dict[SignaturePair, dict[tuple[int, int], float]] = {}
    for start in range(0, len(asked), PAIRS_TOGETHER):
        found |= _scores(sides, asked[start : start + PAIRS_TOGETHER])
    return {
        (left, right): best_pairs(signatures[left], signatures[right], found.get((left, right), {}), least)
        for left, right in pairs
    }


def _scores(
    sides: Mapping[str, Side], pairs: Sequence[SignaturePair]
) -> dict[SignaturePair, dict[tuple[int, int], float]]:
    """The probability of each place of each pair of signatures."""
    places = [likely_pairs(sides[left], sides[right]) for left, right in pairs]
    seen = [seen_of(sides[left], sides[right], *at) for (left, right), at in zip(pairs, places, strict=True)]
    scores = np.split(judged(np.vstack(seen)), np.cumsum([len(rows) for rows, _ in places])[:-1])
    return {pair: _by_place(*at, score) for pair, at, score in zip(pairs, places, scores, strict=True)}


def _by_place(rows: Rows, columns: Rows, scores: Rows) -> dict[tuple[int, int], float]:
    return dict(zip(zip(rows.tolist(), columns.tolist(), strict=True), scores.tolist(), strict=True))
