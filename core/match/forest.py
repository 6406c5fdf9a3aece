"""Small decision trees whose answers are added up: how what was learned is kept in a file, and asked.

`tests/benchmarks/match/learn.py` makes the file. It holds numbers only, so that no code comes with it.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

Rows = Any  # a NumPy array

LEARNED = Path(__file__).with_name("learned.npz")


@dataclass(frozen=True)
class Forest:
    """The nodes of all trees one after the other; a leaf has itself as both followers.

    A row goes left where its sign is at most the limit. The answer is the sum of the leaves and the base, in log-odds.
    """

    roots: Rows
    signs: Rows
    limits: Rows
    lefts: Rows
    rights: Rows
    values: Rows
    base: float
    depth: int

    def log_odds(self, rows: Rows) -> Rows:
        """The answer for each row of signs."""
        total = np.full(len(rows), self.base)
        at = np.arange(len(rows))
        for root in self.roots:
            node = np.full(len(rows), root)
            for _ in range(self.depth):
                goes_left = rows[at, self.signs[node]] <= self.limits[node]
                node = np.where(goes_left, self.lefts[node], self.rights[node])
            total += self.values[node]
        return total


@lru_cache(maxsize=1)
def learned_forest() -> Forest:
    """The forest that judges pairs of fields."""
    with np.load(LEARNED) as kept:
        arrays = {part.name: kept[part.name] for part in fields(Forest)}
    return Forest(**{**arrays, "base": float(arrays["base"]), "depth": int(arrays["depth"])})
