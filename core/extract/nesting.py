"""Which record of another table holds a record: by where they stand in the document."""

from bisect import bisect_right
from collections.abc import Sequence

from core.extract.scopes import Span


def holders(inner: Sequence[Span], outer: Sequence[Span]) -> list[int | None]:
    """For each span the number of the outer span around it, None for none. Outer spans must not overlap."""
    starts = [span.nodes[0].order for span in outer]
    return [_holder(span, outer, starts) for span in inner]


def _holder(span: Span, outer: Sequence[Span], starts: Sequence[int]) -> int | None:
    position = bisect_right(starts, span.nodes[0].order) - 1
    inside = position >= 0 and span.nodes[-1].end <= outer[position].nodes[-1].end
    return position if inside and span.nodes[0] is not outer[position].nodes[0] else None
