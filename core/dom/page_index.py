"""What extraction and induction look up in one page: its views, grids, embedded data and element paths."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from core.dom.embedded import ALL_PATHS, Embedded, WantedPaths
from core.dom.page_lookup import PageLookup
from core.dom.paths import Leaf, View, document_view, record_view, step
from core.dom.table_grid import Grid
from core.dom.tree import TEXT, UNSEEN, Node, Tree
from core.model.blueprint import RecordSet
from core.model.document import ParsedDocument
from core.model.extraction import Record

# steps of the path to an element: enough to tell lists apart, and few enough to outlive a new wrapper around the page
ELEMENT_STEPS = 8


class PageIndex:
    """Everything about a page that is computed once and looked up often; of its JSON only what is `wanted`."""

    def __init__(self, document: ParsedDocument, wanted: WantedPaths = ALL_PATHS) -> None:
        self.document = document
        self._wanted = wanted
        self._records: dict[tuple[tuple[int, ...], bool], View] = {}
        self.tables: dict[tuple[int, bool], tuple[RecordSet, list[Record]]] = {}
        self.tree: Tree = document.root

    @cached_property
    def grid(self) -> Grid:
        """The grids of all tables."""
        return Grid(self.tree)

    @cached_property
    def view(self) -> View:
        """The leaves of the whole page."""
        return document_view(self.tree)

    def record(self, run: tuple[int, ...], *, flat: bool = False) -> View:
        """The leaves of a record; candidates for a list ask for the same again and again."""
        found = self._records.get((run, flat))
        if found is None:
            found = self._records[run, flat] = record_view(self.tree, run, self.grid, flat=flat)
        return found

    @cached_property
    def lookup(self) -> PageLookup:
        """The whole page for who reads a few places of it."""
        return PageLookup(self.tree)

    @cached_property
    def text_keys(self) -> dict[int, str]:
        """The path key of each text in the document, by the order of its node."""
        return {leaf.order: leaf.path_key for leaf in self.view.leaves if not leaf.kind.startswith("@")}

    @cached_property
    def embedded(self) -> Embedded:
        """JSON-LD, script state, meta elements and microdata."""
        return Embedded(self.tree, self._wanted)

    @cached_property
    def elements(self) -> dict[str, list[Node]]:
        """Visible elements by their path, eight steps at most, in document order."""
        found: dict[str, list[Node]] = defaultdict(list)
        top = self.body
        stack: list[tuple[Node, tuple[str, ...]]] = [(top, (step(top),))]
        while stack:
            node, way = stack.pop()
            found[">".join(way)].append(node)
            below = [c for c in node.children if c.tag != TEXT and c.tag not in UNSEEN]
            stack.extend((child, (*way, step(child))[-ELEMENT_STEPS:]) for child in reversed(below))
        return dict(found)

    def led_to(self, steps: Sequence[str]) -> list[int]:
        """The visible elements whose paths end with these steps (the last may be "li.*"), in document order."""
        *above, last = steps
        tag, _, classes = last.partition(".")
        heads = self.tree.tags.get(tag, []) if classes == "*" else self.tree.stepped(last)
        found = self.tree.places(heads) if len(steps) <= ELEMENT_STEPS else []
        return [order for order in found if self._stands_below(order, above) and self.lookup.shows(order)]

    def _stands_below(self, order: int, above: Sequence[str]) -> bool:
        heads, parents, body = self.tree.heads, self.tree.parents, self.tree.body
        for name in reversed(above):
            if order <= body or heads[parents[order]].step != name:
                return False
            order = parents[order]
        return True

    def element_path(self, node: Node) -> str:
        """The path of an element, eight steps at most; empty where it is not visible."""
        top = self.body
        steps: list[str] = []
        place: Node | None = node
        while place is not None and place.tag not in UNSEEN:
            steps.append(step(place))
            if place is top:
                return ">".join(reversed(steps[:ELEMENT_STEPS]))
            place = place.parent
        return ""

    @cached_property
    def body(self) -> Node:
        """The visible part of the page."""
        return self.tree.node(self.tree.body)

    @cached_property
    def element_paths(self) -> dict[int, str]:
        """The path of each visible element, by its order."""
        return {node.order: path for path, nodes in self.elements.items() for node in nodes}

    @cached_property
    def ids(self) -> dict[str, int]:
        """The first element of each id."""
        found: dict[str, int] = {}
        for order in self.tree.holding("id"):
            found.setdefault(self.tree.heads[order].attrs["id"], order)
        return found

    def last_before(self, path_key: str, order: int) -> Leaf | None:
        """The last text of a path key of the document that stands before a place in the document."""
        leaves = self.lookup.at(path_key)
        position = bisect_left(leaves, order, key=lambda leaf: leaf.order)
        return leaves[position - 1] if position else None
