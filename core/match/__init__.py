"""Which columns of two sites or tables hold the same: a one-to-one map, each pair with how probable it is.

Pairs are judged by small forests that `tests/benchmarks/match/learn.py` learns from tables of our own making;
`tests/benchmarks/match` measures them beside other tools.
"""

from core.match.known import ConfirmedPair, KnownNames
from core.match.many import match_many
from core.match.pairing import MatchedPair, match

__all__ = ["ConfirmedPair", "KnownNames", "MatchedPair", "match", "match_many"]
