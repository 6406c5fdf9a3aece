"""What selectors look up on a page or in a record of it, found when asked for: the reading side of `core.dom.paths`.

A view (`core.dom.paths.View`) holds all leaves under all keys, which induction compares; who reads knows the keys and
finds the same leaves without meeting the rest of the page.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from core.dom.paths import (
    BULLETS,
    VALUE_ATTRIBUTES_BY_TAG,
    Leaf,
    attribute,
    content,
    labelled,
    mixes_text,
    visible_texts,
    whole_text,
)
from core.dom.tree import UNSEEN, Tree, squeeze

LINK_TAGS = ("a", "area")


class Lookup(Protocol):
    """What a selector asks of a page or a record."""

    @property
    def texts(self) -> Sequence[Leaf]:
        """The texts in document order."""

    @property
    def positions(self) -> Mapping[str, Sequence[int]]:
        """For each text, at which positions of `texts` it stands."""

    def at(self, key: str) -> list[Leaf]:
        """The leaves of one key, in document order."""

    def behind(self, label: str) -> list[Leaf]:
        """Values that stand behind a label and a colon in one text."""

    def paragraph(self, text: Leaf) -> Leaf | None:
        """The whole text of the largest paragraph that begins with a text."""

    def path_key_of(self, text: Leaf) -> str:
        """The path key of a text."""


class Region:
    """Part of a page as a row of nodes, in the order in which a reader meets their texts."""

    def __init__(self, tree: Tree, tops: Sequence[int]) -> None:
        self.tree = tree
        self.tops = tops

    @cached_property
    def texts(self) -> list[Leaf]:
        """The texts, without path keys."""
        tree = self.tree
        found = (at for top in self.tops for at in visible_texts(tree, top))
        return [Leaf(tree, at, "text", squeeze(tree.texts[at]), "") for at in found]

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """For each text, at which positions of `texts` it stands."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, leaf in enumerate(self.texts):
            found[leaf.text].append(index)
        return found

    def behind(self, label: str) -> list[Leaf]:
        """Values that stand behind a label and a colon in one text, or in one paragraph."""
        begun = (text for text in self._begun[label[:1]] + self._begun[""] if _may_begin(text.text, label))
        found = (labelled(leaf) for text in begun for leaf in (*self._paragraphs(text), text))
        return sorted((leaf for name, leaf in filter(None, found) if name == label), key=lambda leaf: leaf.order)

    @cached_property
    def _begun(self) -> dict[str, list[Leaf]]:
        """The texts by their first character that is no bullet."""
        found: dict[str, list[Leaf]] = defaultdict(list)
        for text in self.texts:
            found[text.text.lstrip(BULLETS)[:1]].append(text)
        return found

    def paragraph(self, text: Leaf) -> Leaf | None:
        """The whole text of the largest paragraph that begins with a text."""
        return next(iter(self._paragraphs(text)), None)

    def _paragraphs(self, text: Leaf) -> list[Leaf]:
        """The whole texts of the elements that mix texts and begin with this one, the largest first."""
        tree, top = self.tree, self.top_of(text.order)
        around, order = [], tree.parents[text.order]
        while order >= top and next(visible_texts(tree, order), -1) == text.order:
            around.append(order)
            if order == top:
                break
            order = tree.parents[order]
        return [whole_text(tree, order, "") for order in reversed(around) if mixes_text(tree, order)]

    def top_of(self, order: int) -> int:
        """The node of the region in which a node stands."""
        return next(top for top in self.tops if top <= order < self.tree.ends[top])


def _may_begin(text: str, label: str) -> bool:
    """Whether a paragraph that begins with a text may begin with a label; bullets may stand before it."""
    said = text.lstrip(BULLETS)
    return not said or said.startswith(label) or label.startswith(said)


def leaf_at(tree: Tree, order: int, kind: str, key: str) -> Leaf | None:
    """What stands at a place of an element: "text2" (of the texts directly below it), "all", or "@name"."""
    if kind.startswith("text"):
        return _text(tree, nth_text(tree, order, int(kind[4:] or 1)), key)
    if kind.startswith("@"):
        value = _attribute(tree, order, kind[1:])
        return Leaf(tree, order, kind, value, key) if value else None
    return whole_text(tree, order, key) if kind == "all" and mixes_text(tree, order) else None


def _attribute(tree: Tree, order: int, name: str) -> str:
    head = tree.heads[order]
    if name in VALUE_ATTRIBUTES_BY_TAG.get(head.tag, ()):
        return attribute(head, name)
    return content(head) if name == "content" else ""


def _text(tree: Tree, order: int, key: str) -> Leaf | None:
    return Leaf(tree, order, "text", squeeze(tree.texts[order]), key) if order else None


def visible_links(tree: Tree, top: int) -> Iterator[int]:
    """The orders of the links under a node that a reader sees."""
    place, end = top, tree.ends[top]
    while place < end:
        tag = tree.heads[place].tag
        if tag in LINK_TAGS:
            yield place
        place = tree.ends[place] if tag in UNSEEN else place + 1


def nth_text(tree: Tree, order: int, number: int) -> int:
    """The order of the nth text directly below an element; 0 for none."""
    texts, ends, place, end = tree.texts, tree.ends, order + 1, tree.ends[order]
    while place < end:
        if place in texts:
            number -= 1
            if not number:
                return place
        place = ends[place]
    return 0
