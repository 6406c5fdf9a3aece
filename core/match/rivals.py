"""How far each pair is ahead of its rivals: the other pairs of its row and of its column."""

from typing import Any

import numpy as np

Rows = Any  # a NumPy array

# how far a pair is ahead that has no rival
NO_RIVAL = 1.0


def margins(signs: Rows, places: Rows, count: int) -> Rows:
    """Each sign of each pair minus that of the best other pair of the same place; `places` are rows or columns."""
    best = np.full((count, signs.shape[1]), -np.inf, signs.dtype)
    np.maximum.at(best, places, signs)
    leads = signs >= best[places]
    leaders = np.zeros((count, signs.shape[1]), np.int32)
    np.add.at(leaders, places, leads)
    second = np.full((count, signs.shape[1]), -np.inf, signs.dtype)
    np.maximum.at(second, places, np.where(leads, -np.inf, signs))
    rival = np.where(leads & (leaders[places] == 1), second[places], best[places])
    return np.where(np.isneginf(rival), NO_RIVAL, signs - rival)


def with_margins(signs: Rows, rows: Rows, columns: Rows, shape: tuple[int, int]) -> Rows:
    """The signs, and by how much each is ahead in its row and in its column."""
    return np.hstack([signs, margins(signs, rows, shape[0]), margins(signs, columns, shape[1])])
