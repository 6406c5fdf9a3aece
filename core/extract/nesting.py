"""Which record of another table holds a record: by where they stand in the document."""

from bisect import bisect_right
from collections.abc import Sequence

from core.tree import Node


def holders(inner: Sequence[Sequence[Node]], outer: Sequence[Sequence[Node]]) -> list[int | None]:
    """For each record, by its nodes, the number of the outer one around it or None. Outer ones do not overlap."""
    starts = [nodes[0].order for nodes in outer]
    return [_holder(nodes, outer, starts) for nodes in inner]


def _holder(nodes: Sequence[Node], outer: Sequence[Sequence[Node]], starts: Sequence[int]) -> int | None:
    position = bisect_right(starts, nodes[0].order) - 1
    inside = position >= 0 and nodes[-1].end <= outer[position][-1].end
    return position if inside and nodes[0] is not outer[position][0] else None
