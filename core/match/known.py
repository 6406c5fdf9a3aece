"""What people have said about names before: which mean the same, and which do not."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.match.words import name_words

_Node = tuple[str, str]


class ConfirmedPair(NamedTuple):
    """A person's word on two names: that they mean the same, or (`same` = False) that they do not."""

    left: str
    right: str
    same: bool = True


class KnownNames:
    """The words of people, looked up by name whatever its case and blanks.

    The last word on a pair holds. What means the same as a third name means the same as each other, on either side. A
    name that a program made up, such as col1, says nothing of the other table's col1: it counts on its own side only.
    """

    def __init__(self, pairs: Iterable[ConfirmedPair] = ()) -> None:
        self._said: dict[frozenset[_Node], bool] = {}
        for pair in pairs:
            nodes = frozenset((_node(pair.left, "left"), _node(pair.right, "right")))
            self._said.pop(nodes, None)
            self._said[nodes] = pair.same
        self._nodes = frozenset(node for nodes in self._said for node in nodes)
        self._leaders: dict[_Node, _Node] = {}
        for nodes, same in self._said.items():
            if same:
                first, last = min(nodes), max(nodes)
                self._leaders[self._leader(first)] = self._leader(last)

    def same(self, left: str, right: str) -> bool | None:
        """Whether a name of the left and one of the right side mean the same; None where nobody said."""
        one, other = _node(left, "left"), _node(right, "right")
        said = self._said.get(frozenset((one, other)))
        if (
            said is None
            and one in self._leaders
            and other in self._leaders
            and self._leader(one) == self._leader(other)
        ):
            return True
        return said

    def places(self, lefts: Sequence[str], rights: Sequence[str]) -> dict[tuple[int, int], bool]:
        """What was said of the names of two tables, by their places."""
        mine = [(i, name) for i, name in enumerate(lefts) if _node(name, "left") in self._nodes]
        theirs = [(j, name) for j, name in enumerate(rights) if _node(name, "right") in self._nodes]
        said = {(i, j): self.same(one, other) for i, one in mine for j, other in theirs}
        return {place: same for place, same in said.items() if same is not None}

    def _are_of_one_group(self, one: _Node, other: _Node) -> bool:
        return one in self._leaders and other in self._leaders and self._leader(one) == self._leader(other)

    def _leader(self, node: _Node) -> _Node:
        while (above := self._leaders.setdefault(node, node)) != node:
            node = above
        return node


def _node(name: str, side: str) -> _Node:
    return " ".join(name.casefold().split()), "" if name_words(name).tells else side
