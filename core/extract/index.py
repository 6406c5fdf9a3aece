"""What extraction and induction look up in one page: its views, grids, embedded data and element trails."""

from bisect import bisect_left
from collections import defaultdict
from functools import cached_property

from core.embedded import Embedded
from core.model.document import ParsedDocument
from core.places import Grid, Leaf, View, document_view, step
from core.tree import TEXT, UNSEEN, Node, Tree

TRAIL_STEPS = 8


class PageIndex:
    """Everything about an HTML or XML page that is computed once and looked up often."""

    def __init__(self, document: ParsedDocument) -> None:
        self.document = document
        self.tree: Tree = document.root

    @cached_property
    def grid(self) -> Grid:
        """The grids of all tables."""
        return Grid(self.tree)

    @cached_property
    def view(self) -> View:
        """The leaves of the whole page."""
        return document_view(self.tree, self.grid)

    @cached_property
    def trails(self) -> dict[int, str]:
        """The document trail of each text, by the order of its node."""
        return {leaf.node.order: leaf.trail for leaf in self.view.leaves if not leaf.take.startswith("@")}

    @cached_property
    def embedded(self) -> Embedded:
        """JSON-LD, script state, meta elements and microdata."""
        return Embedded(self.tree)

    @cached_property
    def elements(self) -> dict[str, list[Node]]:
        """Visible elements by their trail, eight steps at most, in document order."""
        found: dict[str, list[Node]] = defaultdict(list)
        top = self.body
        stack: list[tuple[Node, tuple[str, ...]]] = [(top, (step(top),))]
        while stack:
            node, way = stack.pop()
            found[">".join(way)].append(node)
            below = [c for c in node.children if c.tag != TEXT and c.tag not in UNSEEN]
            stack.extend((child, (*way, step(child))[-TRAIL_STEPS:]) for child in reversed(below))
        return dict(found)

    def tagged(self, last: str) -> list[Node]:
        """The elements that a last step like "div.price" or "li.*" may mean."""
        names = last.partition(".")
        return [node for node in self.tree.nodes if node.tag == names[0] and (names[2] == "*" or step(node) == last)]

    def trail(self, node: Node) -> str:
        """The trail of an element, eight steps at most; empty where it is not visible."""
        top = self.body
        steps: list[str] = []
        place: Node | None = node
        while place is not None and place.tag not in UNSEEN:
            steps.append(step(place))
            if place is top:
                return ">".join(reversed(steps[:TRAIL_STEPS]))
            place = place.parent
        return ""

    @cached_property
    def body(self) -> Node:
        """The visible part of the page."""
        return self.tree.find("body") or self.tree.root

    @cached_property
    def trail_of(self) -> dict[int, str]:
        """The trail of each visible element, by its order."""
        return {node.order: trail for trail, nodes in self.elements.items() for node in nodes}

    @cached_property
    def ids(self) -> dict[str, Node]:
        """The first element of each id."""
        found: dict[str, Node] = {}
        for node in self.tree.nodes:
            name = node.attrs.get("id")
            if name:
                found.setdefault(name, node)
        return found

    def last_before(self, trail: str, order: int) -> Leaf | None:
        """The last text of a document trail that stands before a place in the document."""
        leaves = self.view.at(trail)
        position = bisect_left(leaves, order, key=lambda leaf: leaf.node.order)
        return leaves[position - 1] if position else None
