"""Which columns of two sites or tables hold the same: a one-to-one map, each pair with how probable it is."""

from core.match.pairing import MatchedPair, match

__all__ = ["MatchedPair", "match"]
