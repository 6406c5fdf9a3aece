"""How common each field is over all kinds of documents: to share a rare one says much, to share `name` says little."""

from collections.abc import Collection, Mapping
from typing import Any

from core.cluster.paths import ROOT, group_of

# nodes that are counted; at twice as many the rarest are forgotten
MOST_NODES = 100_000


class Background:
    """Counts over the different shapes of documents (sets of fields), in which large sources do not rule."""

    __slots__ = ("_shapes",)

    def __init__(self) -> None:
        self._shapes: dict[str, int] = {ROOT: 0}

    def add(self, nodes: Collection[str]) -> None:
        """One more shape."""
        shapes = self._shapes
        shapes[ROOT] += 1
        for node in nodes:
            shapes[node] = shapes.get(node, 0) + 1
        if len(shapes) > 2 * MOST_NODES:
            order = sorted(shapes, key=lambda node: (-shapes[node], len(node), node))
            self._shapes = {node: shapes[node] for node in order[:MOST_NODES]}

    def rate(self, node: str) -> float:
        """How often a node is there where its group is, strictly between 0 and 1."""
        shapes = self._shapes
        return (shapes.get(node, 0) + 0.5) / (shapes.get(group_of(node), 0) + 1.0)

    def stored(self) -> dict[str, int]:
        """As JSON data."""
        return dict(self._shapes)

    @classmethod
    def of_stored(cls, data: Mapping[str, Any]) -> "Background":
        """The counts that were stored."""
        made = cls()
        made._shapes = {ROOT: 0, **data}
        return made
