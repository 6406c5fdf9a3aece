"""Which pairs of fields are looked at closely: all of small tables, of large ones the most alike at a first glance."""

from typing import Any

import numpy as np

from core.match.features import Side

Rows = Any  # a NumPy array

# pairs up to which all are looked at: tables of sixty columns
ALL_PAIRS = 4_000
# of larger tables, the most alike fields of the other side that each field is held against
MOST_ALIKE = 16
# what the likenesses of a first glance count: names most, where they tell anything
GLANCE = {"words": 0.5, "grams": 0.5, "formats": 0.3, "masks": 0.2}
NAME_GLANCE = 1.5
# places that a row of numbers is folded to for the first glance, and rows that are compared at once
GLANCE_PLACES = 256
ROWS_AT_ONCE = 1_000


def likely_pairs(left: Side, right: Side) -> tuple[Rows, Rows]:
    """The rows and columns of the pairs, in the order of rows and then columns."""
    shape = len(left.fields), len(right.fields)
    if shape[0] * shape[1] <= ALL_PAIRS:
        rows, columns = np.indices(shape)
        return rows.ravel(), columns.ravel()
    mine, theirs = _glance(left), _glance(right)
    places = [_most_alike(mine, theirs), _most_alike(theirs, mine)[:, ::-1]]
    chosen = np.unique(np.vstack(places), axis=0)
    return chosen[:, 0], chosen[:, 1]


def _glance(side: Side) -> Rows:
    parts = [np.sqrt(weight) * _folded(side.contents.shares[name]) for name, weight in GLANCE.items()]
    return np.hstack([np.sqrt(NAME_GLANCE) * side.names.tells[:, None] * _folded(side.names.pieces), *parts])


def _folded(rows: Rows) -> Rows:
    """Rows with their places added up into fewer ones, of length one."""
    width = rows.shape[1]
    if width > GLANCE_PLACES:
        rows = rows.reshape(len(rows), width // GLANCE_PLACES, GLANCE_PLACES).sum(axis=1)
    return rows / np.maximum(1e-9, np.linalg.norm(rows, axis=1, keepdims=True))


def _most_alike(mine: Rows, theirs: Rows) -> Rows:
    """For each row the places of the most alike others, as pairs."""
    most = min(MOST_ALIKE, len(theirs))
    found = []
    for start in range(0, len(mine), ROWS_AT_ONCE):
        alike = -(mine[start : start + ROWS_AT_ONCE] @ theirs.T)
        best = np.argpartition(alike, most - 1, axis=1)[:, :most]
        rows = np.repeat(np.arange(start, start + len(best)), most)
        found.append(np.column_stack([rows, best.ravel()]))
    return np.vstack(found)
