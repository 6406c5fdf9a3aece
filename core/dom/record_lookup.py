"""The places in one record of a page that a table's keys lead to."""

from collections.abc import Sequence
from functools import cached_property
from itertools import islice

from core.dom.lookup import Region, leaf_at, visible_links
from core.dom.path_trie import PathTrie, TrieNode
from core.dom.paths import Leaf, View, aside, cell_step, outer_step, record_view, visible_texts, whole_text
from core.dom.table_grid import Grid
from core.dom.tree import UNSEEN, Tree, squeeze

FIRST = "//"
Places = dict[str, list[tuple[int, str]]]


class RecordLookup(Region):
    """One record: an element, or the consecutive siblings that make it up; of a table's row the cells that cover it.

    A first walk finds the elements that the keys lead to; what stands there is read when a selector asks.
    """

    def __init__(self, tree: Tree, nodes: Sequence[int], grid: Grid, trie: PathTrie, *, flat: bool = False) -> None:
        self._flat = flat
        self._cells = grid.cells.get(nodes[0], []) if len(nodes) == 1 and not flat else []
        seen = [node for node in nodes if tree.heads[node].tag not in UNSEEN]
        super().__init__(tree, [cell for _, cell in self._cells] or seen)
        self._nodes = nodes
        self._grid = grid
        self._trie = trie
        self._known: dict[str, list[Leaf]] = {}
        self._places: Places = {}
        if self._cells:
            self._find_in_cells()
        else:
            self._find()

    def at(self, key: str) -> list[Leaf]:
        """The leaves of one key, in document order."""
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._read(key) if key in self._trie.keys else self._full.at(key)
        return found

    def count(self, keys: Sequence[str]) -> int:
        """How many of some keys lead to anything."""
        return sum([1 for key in keys if self.at(key)])

    @cached_property
    def _full(self) -> View:
        return record_view(self.tree, self._nodes, self._grid, flat=self._flat)

    def path_key_of(self, text: Leaf) -> str:
        """The path key of a text, as in the full view of the record."""
        return self._text_keys[text.order]

    @cached_property
    def _text_keys(self) -> dict[int, str]:
        return {leaf.order: leaf.path_key for leaf in self._full.texts}

    def _read(self, key: str) -> list[Leaf]:
        places = self._places.get(key, ())
        if len(places) == 1:
            leaf = self._leaf(*places[0], key)
            return [] if leaf is None else [leaf]
        if not places and key in self._trie.properties:
            return self._property(*self._trie.properties[key])
        return [leaf for place in places if (leaf := self._leaf(*place, key)) is not None]

    def _find_in_cells(self) -> None:
        for column, cell in self._cells:
            step = cell_step(column)
            for trie_node in self._trie.start.after(step):
                self._walk(cell, trie_node, "")
            self._first(cell, self._trie.firsts.get(step), "")
        self._find_by_headers()
        self._first(self._nodes[0], self._trie.asides, "")

    def _find_by_headers(self) -> None:
        """What stands in the cells of the first row, by the text of their header."""
        row = self._nodes[0]
        header = self._grid.header_of(row) if row in self._grid.cells else {}
        for column, cell in self._grid.cells.get(row, ()):
            if title := header.get(column):
                prefix = f"[{title}]"
                below = self._trie.below(prefix)
                self._walk(cell, below.start, prefix)
                self._first(cell, below.firsts.get(""), prefix)

    def _find(self) -> None:
        if len(self._nodes) == 1 and not self._flat and self._nodes[0] not in self.tree.texts:
            self._walk(self._nodes[0], self._trie.start, "")
        else:
            for top in self.tops:
                for trie_node in self._trie.start.after(outer_step(self.tree.heads[top])):
                    self._walk(top, trie_node, "")
            self._find_by_headers()
        self._first(self._nodes[0], self._trie.firsts.get(""), "")
        self._first(self._nodes[0], self._trie.asides, "")

    def _first(self, top: int, keys: dict[str, str] | None, prefix: str) -> None:
        for kind, key in (keys or {}).items():
            self._places.setdefault(prefix + key, []).append((top, FIRST + kind))

    def _walk(self, top: int, trie_node: TrieNode, prefix: str) -> None:
        """Note where keys lead, from a node on; a row of elements is met in document order."""
        heads, ends, columns, places = self.tree.heads, self.tree.ends, self._grid.columns, self._places
        stack = [(top, trie_node)]
        while stack:
            order, trie_node = stack.pop()
            for kind, key in trie_node.keys.items():
                places.setdefault(prefix + key, []).append((order, kind))
            if trie_node.leads:
                below = []
                place, end = order + 1, ends[order]
                while place < end:
                    step = cell_step(columns[place]) if place in columns else heads[place].step
                    for after in trie_node.after(step):
                        below.append((place, after))
                    place = ends[place]
                stack.extend(reversed(below))

    def _leaf(self, order: int, kind: str, key: str) -> Leaf | None:
        if kind.startswith(FIRST):
            return self._first_leaf(order, kind[len(FIRST) :], key)
        if order in self.tree.texts:
            return Leaf(self.tree, order, "text", squeeze(self.tree.texts[order]), key)
        return leaf_at(self.tree, order, kind, key)

    def _first_leaf(self, top: int, kind: str, key: str) -> Leaf | None:
        """The first text, the first link or the whole text below a cell, or of the whole record."""
        if kind in self._trie.asides:
            return aside(self.tree, self._nodes, kind[1:])
        # a way that begins at the record leads anywhere in it, one that begins at a cell only there
        tops = self.tops if top == self._nodes[0] and not self._cells else (top,)
        if kind == "@href":
            found = (leaf_at(self.tree, at, kind, key) for each in tops for at in visible_links(self.tree, each))
            return next(filter(None, found), None)
        texts = list(islice((at for each in tops for at in visible_texts(self.tree, each)), 2))
        if kind == "all" and len(texts) > 1:
            return whole_text(self.tree, top, key)
        return self._leaf(texts[0], kind, key) if texts else None

    def _property(self, name: str, kind: str) -> list[Leaf]:
        """What stands in the elements of the record that say they are a property."""
        heads = self.tree.heads
        named = (order for order in self.tree.holding("itemprop") if heads[order].attrs["itemprop"] == name)
        return [leaf for order in named if self._holds(order) for leaf in self._taken_from(order, kind)]

    def _taken_from(self, order: int, kind: str) -> list[Leaf]:
        if kind == "text":
            tree = self.tree
            texts = (child for child in tree.children(order) if child in tree.texts)
            return [Leaf(tree, at, "text", squeeze(tree.texts[at]), "") for at in texts]
        leaf = leaf_at(self.tree, order, "all" if kind == "element" else kind, "")
        return [leaf] if leaf is not None else []

    def _holds(self, order: int) -> bool:
        """Whether an element stands in the record where a reader sees it."""
        top = next((top for top in self.tops if top <= order < self.tree.ends[top]), -1)
        while order > top >= 0 and self.tree.heads[order].tag not in UNSEEN:
            order = self.tree.parents[order]
        return order == top
