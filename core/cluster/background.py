"""How common each field is over all kinds of documents: to share a rare one says much, to share `name` says little."""

from collections.abc import Collection, Mapping
from zlib import crc32

from core.cluster.paths import ROOT, group_of

# nodes that are counted; at twice as many the rarest are forgotten
MOST_NODES = 100_000
# parts that the counts are kept in, so that a new shape has few of them written anew: a part holds some 400 of a
# hundred thousand nodes
PARTS = 256


class Background:
    """Counts over the different shapes of documents (sets of fields), in which large sources do not rule."""

    __slots__ = ("_changed", "_shapes")

    def __init__(self) -> None:
        self._shapes: dict[str, int] = {ROOT: 0}
        self._changed: set[int] = set()

    def add(self, nodes: Collection[str]) -> None:
        """One more shape."""
        shapes = self._shapes
        shapes[ROOT] += 1
        for node in nodes:
            shapes[node] = shapes.get(node, 0) + 1
        self._changed.update(map(_part_of, (ROOT, *nodes)))
        if len(shapes) > 2 * MOST_NODES:
            order = sorted(shapes, key=lambda node: (-shapes[node], len(node), node))
            self._shapes = {node: shapes[node] for node in order[:MOST_NODES]}
            self._changed = set(range(PARTS))

    def rate(self, node: str) -> float:
        """How often a node is there where its group is, strictly between 0 and 1."""
        shapes = self._shapes
        return (shapes.get(node, 0) + 0.5) / (shapes.get(group_of(node), 0) + 1.0)

    def take_changes(self) -> dict[int, dict[str, int]]:
        """The parts of the counts that changed since they were taken last, whole."""
        changed: dict[int, dict[str, int]] = {part: {} for part in self._changed}
        for node, times in self._shapes.items() if changed else ():
            if (part := _part_of(node)) in changed:
                changed[part][node] = times
        self._changed = set()
        return changed

    def restore(self, parts: Mapping[int, Mapping[str, int]]) -> None:
        """Take over parts that were kept."""
        kept = {node: times for node, times in self._shapes.items() if _part_of(node) not in parts}
        self._shapes = {ROOT: 0, **kept}
        for counts in parts.values():
            self._shapes.update(counts)


def _part_of(node: str) -> int:
    return crc32(node.encode("utf-8", "replace")) % PARTS
