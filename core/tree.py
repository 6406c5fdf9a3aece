"""One light tree for HTML and XML: what induction, extraction and evidence work on.

Text is a node of its own, as in a browser, so that every value has an XPath that the browser and lxml find too.
Nodes stand in document order; the subtree of a node is the slice from its `order` to its `end`. Nothing recurses.
"""

import re
from collections.abc import Iterator

TEXT = "#text"
UNSEEN_BLANKS = re.compile("[\u200b\ufeff]")
UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "head", "object", "math", "canvas"})
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark nobr q s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)


def squeeze(text: str) -> str:
    """`text` with every run of white space as one blank, and none at the ends."""
    if not text.isascii() and ("\u200b" in text or "\ufeff" in text):
        text = UNSEEN_BLANKS.sub(" ", text)
    return " ".join(text.split())


class Node:
    """An element, or a text node (tag "#text"). `space` is the namespace of an XML element."""

    __slots__ = ("_ordinal", "_path", "attrs", "children", "end", "order", "parent", "space", "tag", "text")

    def __init__(self, tag: str, parent: "Node | None", attrs: dict[str, str] | None = None, text: str = "") -> None:
        self.tag = tag
        self.parent = parent
        self.attrs = {} if attrs is None else attrs
        self.text = text
        self.children: list[Node] = []
        self._ordinal = 0
        self._path = ""
        self.order = 0
        self.end = 0
        self.space = ""

    def __repr__(self) -> str:
        return f"<{xpath(self)}>"

    @property
    def ordinal(self) -> int:
        """The number of the node among the siblings of its tag, from 1, as XPath counts; blank texts count."""
        if not self._ordinal:
            siblings = [self] if self.parent is None else self.parent.children
            counts: dict[str, int] = {}
            for sibling in siblings:
                counts[sibling.tag] = counts.get(sibling.tag, 0) + 1
                sibling._ordinal = sibling._ordinal or counts[sibling.tag]
        return self._ordinal

    @ordinal.setter
    def ordinal(self, number: int) -> None:
        self._ordinal = number

    @property
    def path(self) -> str:
        """The absolute XPath of the node, kept with it: the nodes of a page share most of their ways."""
        pending = [self]
        while not pending[-1]._path and pending[-1].parent is not None:
            pending.append(pending[-1].parent)
        for node in reversed(pending):
            node._path = node._path or f"{node.parent._path if node.parent else ''}/{_step(node)}"
        return self._path

    def ancestors(self) -> "Iterator[Node]":
        """The parent, its parent, and so on up to the root."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def elements(self) -> "list[Node]":
        """The children that are elements."""
        return [child for child in self.children if child.tag != TEXT]


class Tree:
    """All nodes of a document in document order; `root` is the first."""

    __slots__ = ("base", "nodes", "root")

    def __init__(self, root: Node, nodes: list[Node] | None = None) -> None:
        self.root = root
        self.nodes = nodes or _number(root)
        self.base = self._base()

    def _base(self) -> str:
        found = next((node for node in self.nodes if node.tag == "base" and node.attrs.get("href")), None)
        return found.attrs["href"].strip() if found else ""

    def below(self, node: Node) -> list[Node]:
        """The node and everything under it, in document order."""
        return self.nodes[node.order : node.end]

    def find(self, tag: str) -> Node | None:
        """The first element of that tag."""
        return next((node for node in self.nodes if node.tag == tag), None)


def _number(root: Node) -> list[Node]:
    nodes: list[Node] = []
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            node.end = len(nodes)
            continue
        node.order = len(nodes)
        node.end = node.order + 1
        nodes.append(node)
        if node.children:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.children))
    return nodes


def text_of(node: Node) -> str:
    """All text under a node as a reader sees it: blocks and line breaks part words, inline elements do not."""
    pieces: list[str] = []
    stack: list[Node | str] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif item.tag == TEXT:
            pieces.append(item.text)
        elif item.tag not in UNSEEN:
            if item.tag not in INLINE:
                pieces.append(" ")
                stack.append(" ")
            stack.extend(reversed(item.children))
    return squeeze("".join(pieces))


def xpath(node: Node) -> str:
    """The absolute XPath of a node: `/html/body/div[2]/p[1]/text()[1]`; elements of a namespace by position."""
    return node.path


def _step(node: Node) -> str:
    if node.tag == TEXT:
        return f"text()[{node.ordinal}]"
    if node.parent is None:
        return "*" if node.space else node.tag
    if node.space:
        position = 1 + sum(1 for other in node.parent.elements() if other.order < node.order)
        return f"*[{position}]"
    return f"{node.tag}[{node.ordinal}]" if node.tag not in ("body", "head") else node.tag


STEP = re.compile(r"(text\(\)|\*|[^/\[\]]+)(?:\[(\d+)\])?$")


def follow(tree: Tree, path: str) -> Node | None:
    """The node at an XPath that `xpath` wrote; None when there is no such node."""
    node = tree.root
    for step in path.strip("/").split("/")[1:]:
        found = STEP.match(step)
        below = _child(node, found[1], int(found[2] or 1)) if found else None
        if below is None:
            return None
        node = below
    return node


def _child(node: Node, name: str, position: int) -> Node | None:
    if name == "*":
        elements = node.elements()
        return elements[position - 1] if 0 < position <= len(elements) else None
    tag = TEXT if name == "text()" else name
    return next((child for child in node.children if child.tag == tag and child.ordinal == position), None)
