"""How probable it is that each pair is the same, by what was learned from made-up tables.

`tests/benchmarks/match` makes what was learned, and measures it. A second forest that knew how rivals were judged was
better on made-up tables and worse on real ones: it learned how often made-up tables have a column in common.
"""

from typing import Any

import numpy as np

from core.match.features import Side, context_of, signs_of
from core.match.forest import learned_forest
from core.match.rivals import with_margins

Rows = Any  # a NumPy array

# pairs whose signs are made at once, which bounds the memory of large tables
PAIRS_AT_ONCE = 20_000


def probabilities(left: Side, right: Side, rows: Rows, columns: Rows) -> Rows:
    """The probability of each pair (rows[k], columns[k])."""
    return 1 / (1 + np.exp(-learned_forest().log_odds(seen_of(left, right, rows, columns))))


def seen_of(left: Side, right: Side, rows: Rows, columns: Rows) -> Rows:
    """All that is told of pairs: their signs, the lead of each over its rivals, and what the pairs are about."""
    parts = range(0, len(rows), PAIRS_AT_ONCE)
    cuts = [(rows[at : at + PAIRS_AT_ONCE], columns[at : at + PAIRS_AT_ONCE]) for at in parts]
    signs = np.vstack([signs_of(left, right, *cut) for cut in cuts])
    return np.hstack([with_margins(signs, rows, columns), context_of(left, right, rows, columns)])
