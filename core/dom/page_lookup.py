"""The places of a whole page that keys lead to: path keys of four steps, ways from an id, properties and headings."""

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from itertools import accumulate

from core.dom.lookup import Region, leaf_at
from core.dom.path_trie import PROPERTY
from core.dom.paths import (
    DOCUMENT_STEPS,
    MAIN_HEADINGS,
    WIDE_CELL,
    Leaf,
    PageView,
    anchor,
    document_view,
    page_step,
    property_of,
)
from core.dom.tree import UNSEEN, Tree, squeeze


class PageLookup(Region):
    """The visible body of a page."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree, (tree.body,))
        self._body = tree.body
        self._known: dict[str, list[Leaf]] = {}

    def at(self, key: str) -> list[Leaf]:
        """The leaves of one key, in document order."""
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._full.at(key) if self._is_odd else self._at(key)
        return found

    def path_key_of(self, text: Leaf) -> str:
        """The path key of a text."""
        steps: list[str] = []
        order = self.tree.parents[text.order]
        while order > self._body and len(steps) < DOCUMENT_STEPS:
            steps.append(page_step(self.tree.heads[order]))
            order = self.tree.parents[order]
        return ">".join(reversed(steps)) + self._text_suffix(text.order)

    def _text_suffix(self, order: int) -> str:
        siblings = self.tree.children(self.tree.parents[order])
        number = sum(1 for place in siblings if place <= order and place in self.tree.texts)
        return f"/text{number}" if number > 1 else "/text"

    @cached_property
    def _is_odd(self) -> bool:
        """Whether a class holds the sign between steps, so that a path key does not say where its steps begin."""
        heads = self.tree.different if self.tree.may_say(">", "&gt;") else ()
        return any(">" in (head.get("class") or "") for head in heads)

    @cached_property
    def _full(self) -> PageView:
        return document_view(self.tree)

    def _at(self, key: str) -> list[Leaf]:
        way, _, kind = key.rpartition("/")
        if key.startswith("#"):
            return self._leaves(self._down(way), kind, key)
        found = self._by_path(way, kind, key)
        if key.startswith(PROPERTY):
            return found + self._leaves(self._properties.get(way[len(PROPERTY) : -1], []), kind, key)
        if way in MAIN_HEADINGS:
            known = {leaf.order for leaf in found}
            headings = self._leaves(self.tree.tagged(way) if kind != "@href" else [], kind, key)
            return found + [leaf for leaf in headings if leaf.order not in known]
        return found or self._leaves(self._down(way), kind, key)

    def _by_path(self, way: str, kind: str, key: str) -> list[Leaf]:
        steps = way.split(">") if way else []
        found = [leaf_at(self.tree, order, kind, key) for order in self._ended(steps) if self.shows(order)]
        leaves = [leaf for leaf in found if leaf is not None]
        return sorted(leaves, key=lambda leaf: leaf.order) if len(leaves) > 1 else leaves

    def _ended(self, steps: list[str]) -> list[int]:
        """The elements whose path these steps are."""
        if not steps:
            return [self._body]
        heads = self.tree.stepped(steps[-1].removesuffix(WIDE_CELL))
        ending = self.tree.places([head for head in heads if page_step(head) == steps[-1]])
        return [order for order in ending if self._stands_below(order, steps)]

    def _stands_below(self, order: int, steps: list[str]) -> bool:
        heads, parents, body = self.tree.heads, self.tree.parents, self._body
        for step in reversed(steps[:-1]):
            order = parents[order]
            if order <= body or page_step(heads[order]) != step:
                return False
        return order > body and (len(steps) == DOCUMENT_STEPS or parents[order] == body)

    def _leaves(self, orders: list[int], kind: str, key: str) -> list[Leaf]:
        """What stands at a place of some elements; here texts are counted as XPath counts them."""
        found = (self._owned(order, kind, key) for order in orders if self.shows(order))
        return sorted(filter(None, found), key=lambda leaf: leaf.order)

    def _owned(self, order: int, kind: str, key: str) -> Leaf | None:
        if not kind.startswith("text"):
            return leaf_at(self.tree, order, kind, key)
        tree, number = self.tree, int(kind[4:] or 1)
        texts = (child for child in tree.children(order) if child in tree.texts)
        found = next((child for child in texts if tree.ordinal(child) == number), 0)
        return Leaf(tree, found, "text", squeeze(tree.texts[found]), key) if found else None

    def _down(self, way: str) -> list[int]:
        """The elements at the end of a way from an id, or from the root."""
        start, *steps = way.split(">")
        orders = self._ids.get(start[1:], []) if start.startswith("#") else self._root(start)
        for step in steps:
            orders = [child for order in orders if (child := self._child(order, step))]
        return orders

    def _root(self, tag: str) -> list[int]:
        head = self.tree.heads[0]
        return [0] if head.tag == tag and not anchor(head) else []

    def _child(self, order: int, step: str) -> int:
        """The child at a step like "span[2]" that has no way of its own; 0 for none."""
        tag, _, rest = step.partition("[")
        number = rest.rstrip("]")
        same = [child for child in self.tree.children(order) if self.tree.heads[child].tag == tag]
        found = same[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(same) else 0
        return found if found and not anchor(self.tree.heads[found]) else 0

    @cached_property
    def _ids(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for order in self.tree.holding("id"):
            found[self.tree.heads[order].attrs["id"]].append(order)
        return found

    @cached_property
    def _properties(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for order in sorted({*self.tree.holding("itemprop"), *self.tree.holding("property")}):
            found[property_of(self.tree.heads[order])].append(order)
        return found

    def shows(self, order: int) -> bool:
        """Whether an element stands in the body where a reader sees it."""
        if not self._body <= order < self.tree.ends[self._body]:
            return False
        starts, ends = self._unseen
        position = bisect_right(starts, order) - 1
        return position < 0 or order >= ends[position]

    @cached_property
    def _unseen(self) -> tuple[list[int], list[int]]:
        """Where what a reader does not see starts, and how far all of it so far goes."""
        starts = self.tree.tagged(*UNSEEN)
        return starts, list(accumulate((self.tree.ends[order] for order in starts), max))
