"""Which record of another table holds a record: by where they stand in the document."""

from bisect import bisect_right
from collections.abc import Sequence

NodeExtent = tuple[int, int]


def holders(inner: Sequence[NodeExtent], outer: Sequence[NodeExtent]) -> list[int | None]:
    """For each record, from start to end, the number of the outer one around it or None. Outer ones do not overlap."""
    starts = [start for start, _ in outer]
    return [_holder(span, outer, starts) for span in inner]


def _holder(span: NodeExtent, outer: Sequence[NodeExtent], starts: Sequence[int]) -> int | None:
    position = bisect_right(starts, span[0]) - 1
    inside = position >= 0 and span[1] <= outer[position][1]
    return position if inside and span[0] != outer[position][0] else None
