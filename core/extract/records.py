"""The places in one record of a page that a table's keys lead to."""

from collections.abc import Sequence
from functools import cached_property
from itertools import islice

from core.extract.lookup import Region, taken, visible_links
from core.extract.ways import State, Ways
from core.grid import Grid
from core.places import Leaf, cell_step, outer_step, record_step, record_view, visible_texts, whole
from core.tree import UNSEEN, Tree, squeeze

Found = dict[str, list[Leaf]]


class RecordLookup(Region):
    """One record: an element, or the consecutive siblings that make it up; of a table's row the cells that cover it."""

    def __init__(self, tree: Tree, nodes: Sequence[int], grid: Grid, ways: Ways) -> None:
        self._cells = grid.cells.get(nodes[0], []) if len(nodes) == 1 else []
        seen = [node for node in nodes if tree.heads[node].tag not in UNSEEN]
        super().__init__(tree, [cell for _, cell in self._cells] or seen)
        self._nodes = nodes
        self._grid = grid
        self._ways = ways

    def at(self, key: str) -> list[Leaf]:
        """The leaves of one key, in document order."""
        if key not in self._ways.keys:
            return record_view(self.tree, self._nodes, self._grid).at(key)
        return self._found.get(key, [])

    def count(self, keys: Sequence[str]) -> int:
        """How many of some keys lead to anything."""
        return sum(1 for key in keys if key in self._found)

    def trail(self, text: Leaf) -> str:
        """The trail of a text, as in the full view of the record."""
        view = record_view(self.tree, self._nodes, self._grid)
        return next(leaf.trail for leaf in view.texts if leaf.order == text.order)

    @cached_property
    def _found(self) -> Found:
        found: Found = {}
        if self._cells:
            self._find_in_cells(found)
        else:
            self._find(found)
        return found

    def _find_in_cells(self, found: Found) -> None:
        header = self._grid.header_of(self._nodes[0])
        for column, cell in self._cells:
            step = cell_step(column)
            for state in self._ways.start.after(step):
                self._walk(cell, state, found)
            self._first(cell, (cell,), self._ways.firsts.get(step), found)
            if title := header.get(column):
                own: Found = {}
                prefix = f"[{title}]"
                below = self._ways.below(prefix)
                self._walk(cell, below.start, own)
                self._first(cell, (cell,), below.firsts.get(""), own)
                for key, leaves in own.items():
                    found.setdefault(prefix + key, []).extend(leaves)

    def _find(self, found: Found) -> None:
        heads = self.tree.heads
        if len(self._nodes) == 1:
            self._walk(self._nodes[0], self._ways.start, found)
        else:
            for top in self.tops:
                for state in self._ways.start.after(outer_step(heads[top])):
                    self._walk(top, state, found)
        self._first(self._nodes[0], self.tops, self._ways.firsts.get(""), found)
        for key, name, take in self._ways.properties:
            self._property(key, name, take, found)

    def _walk(self, top: int, state: State, found: Found) -> None:
        heads, ends, texts, grid = self.tree.heads, self.tree.ends, self.tree.texts, self._grid
        stack = [(top, state)]
        while stack:
            order, state = stack.pop()
            for take, key in state.takes.items():
                leaf = self._leaf(order, take, key)
                if leaf is not None:
                    found.setdefault(key, []).append(leaf)
            if state.leads:
                below = []
                place, end = order + 1, ends[order]
                while place < end:
                    head = heads[place]
                    if place not in texts and head.tag not in UNSEEN:
                        below += [(place, after) for after in state.after(record_step(head, place, grid))]
                    place = ends[place]
                stack.extend(reversed(below))

    def _leaf(self, order: int, take: str, key: str) -> Leaf | None:
        if order in self.tree.texts:
            return Leaf(self.tree, order, "text", squeeze(self.tree.texts[order]), key)
        return taken(self.tree, order, take, key)

    def _first(self, whole_of: int, tops: Sequence[int], takes: dict[str, str] | None, found: Found) -> None:
        """The first text, the first link and the whole text below a place."""
        for take, key in (takes or {}).items():
            leaf = self._first_link(tops, key) if take == "@href" else self._first_text(whole_of, tops, take, key)
            if leaf is not None:
                found.setdefault(key, []).append(leaf)

    def _first_text(self, whole_of: int, tops: Sequence[int], take: str, key: str) -> Leaf | None:
        texts = list(islice((at for top in tops for at in visible_texts(self.tree, top)), 2))
        if take == "all" and len(texts) > 1:
            return whole(self.tree, whole_of, key)
        return self._leaf(texts[0], take, key) if texts else None

    def _first_link(self, tops: Sequence[int], key: str) -> Leaf | None:
        found = (taken(self.tree, at, "@href", key) for top in tops for at in visible_links(self.tree, top))
        return next(filter(None, found), None)

    def _property(self, key: str, name: str, take: str, found: Found) -> None:
        for order in self.tree.holding("itemprop"):
            if self.tree.heads[order].attrs["itemprop"] == name and self._holds(order):
                found.setdefault(key, []).extend(self._taken_from(order, take, key))

    def _taken_from(self, order: int, take: str, key: str) -> list[Leaf]:
        if take == "text":
            tree = self.tree
            texts = (child for child in tree.children(order) if child in tree.texts)
            return [Leaf(tree, at, "text", squeeze(tree.texts[at]), key) for at in texts]
        leaf = taken(self.tree, order, "all" if take == "element" else take, key)
        return [leaf] if leaf is not None else []

    def _holds(self, order: int) -> bool:
        """Whether an element stands in the record where a reader sees it."""
        top = next((top for top in self.tops if top <= order < self.tree.ends[top]), -1)
        while order > top >= 0 and self.tree.heads[order].tag not in UNSEEN:
            order = self.tree.parents[order]
        return order == top
