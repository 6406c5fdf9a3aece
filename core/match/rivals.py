"""How far each pair is ahead of its rivals: the other pairs of its row and of its column."""

from typing import Any

import numpy as np

Rows = Any  # a NumPy array

# how far a pair is ahead that has no rival
NO_RIVAL = 1.0


def with_margins(signs: Rows, rows: Rows, columns: Rows) -> Rows:
    """The signs, and by how much each is ahead in its row and in its column."""
    return np.hstack([signs, _margins(signs, rows), _margins(signs, columns)])


def _margins(signs: Rows, places: Rows) -> Rows:
    """Each sign of each pair minus that of the best other pair of the same place; `places` are rows or columns."""
    order = np.argsort(places, kind="stable")
    ordered = signs[order]
    starts = np.flatnonzero(np.diff(places[order], prepend=-1))
    sizes = np.diff(starts, append=len(places))
    best = np.repeat(np.maximum.reduceat(ordered, starts), sizes, axis=0)
    leads = ordered >= best
    leaders = np.repeat(np.add.reduceat(leads.astype(np.int32), starts), sizes, axis=0)
    others = np.where(leads, -np.inf, ordered)
    second = np.repeat(np.maximum.reduceat(others, starts), sizes, axis=0)
    rival = np.where(leads & (leaders == 1), second, best)
    ahead = np.empty_like(signs)
    ahead[order] = np.where(np.isneginf(rival), NO_RIVAL, ordered - rival)
    return ahead
