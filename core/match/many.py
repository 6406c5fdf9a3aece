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


def match_many(
    signatures: Mapping[str, StructureSignature], pairs: Sequence[SignaturePair], least: float = LEAST_SCORE
) -> dict[SignaturePair, list[MatchedPair]]:
    """What `match` says of each pair of signatures, by their names, from the probability `least` on.

    For signatures of a few dozen fields at most: all is held in memory at once.
    """
    asked = [pair for pair in pairs if all(signatures[name].fields for name in pair)]
    if not asked:
        return {pair: [] for pair in pairs}
    sides = {name: Side.of(signatures[name]) for name in {name: None for pair in asked for name in pair}}
    places = [likely_pairs(sides[left], sides[right]) for left, right in asked]
    seen = [seen_of(sides[left], sides[right], *at) for (left, right), at in zip(asked, places, strict=True)]
    scores = np.split(judged(np.vstack(seen)), np.cumsum([len(rows) for rows, _ in places])[:-1])
    found = {pair: _by_place(*at, score) for pair, at, score in zip(asked, places, scores, strict=True)}
    return {
        (left, right): best_pairs(signatures[left], signatures[right], found.get((left, right), {}), least)
        for left, right in pairs
    }


def _by_place(rows: Rows, columns: Rows, scores: Rows) -> dict[tuple[int, int], float]:
    return dict(zip(zip(rows.tolist(), columns.tolist(), strict=True), scores.tolist(), strict=True))
