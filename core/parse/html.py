"""HTML bytes to our tree, by lexbor: it builds the tree a browser builds, so XPaths found here hold there."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.errors import TooLarge
from core.tree import TEXT, Node, Tree

MAX_DEPTH = 1_000
MAX_ATTRIBUTES = 2_000
OPENING = re.compile(rb"<[a-zA-Z][^<>\s/]*")
NESTING = re.compile(rb"<(/?)(div|span|table|ul|ol|li|p|b|i|font|a|section|blockquote|em|strong|small|big)\b", re.I)
LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{200000}")
SPECIAL = {"-text": TEXT}


def read_html(text: str) -> Tree:
    """The tree of an HTML page.

    Raises:
        TooLarge: elements are nested deeper than any page is, or one element holds thousands of attributes.
    """
    refuse_absurd(text.encode("utf-8", "replace"))
    root = LexborHTMLParser(text).root
    assert root is not None
    return Tree(_convert(root))


def refuse_absurd(content: bytes) -> None:
    """Refuse what would take a tree builder minutes, before it starts: quadratic nesting and giant tags."""
    if LONG_TAG.search(content):
        raise TooLarge("The page holds an element with absurdly many attributes.", "It is not a page to extract from.")
    depth = deepest = 0
    for found in NESTING.finditer(content):
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > 20 * MAX_DEPTH:
        raise TooLarge("The elements of the page are nested absurdly deep.", "It is not a page to extract from.")


def _convert(root: LexborNode) -> Node:
    top = Node(root.tag or "html", None, _attributes(root))
    stack = [(root, top)]
    while stack:
        source, target = stack.pop()
        counts: dict[str, int] = {}
        child = source.first_child
        while child is not None:
            node = _node(child, target, counts)
            if node is not None and node.tag != TEXT:
                stack.append((child, node))
            child = child.next
    return top


def _node(source: LexborNode, parent: Node, counts: dict[str, int]) -> Node | None:
    if source.is_text_node:
        counts[TEXT] = counts.get(TEXT, 0) + 1
        text = source.text_content or ""
        if not text or text.isspace():
            return None
        node = Node(TEXT, parent, text=text)
        node.ordinal = counts[TEXT]
    elif source.is_element_node:
        tag = source.tag or "unknown"
        counts[tag] = counts.get(tag, 0) + 1
        node = Node(tag, parent, _attributes(source))
        node.ordinal = counts[tag]
    else:
        return None
    parent.children.append(node)
    return node


def _attributes(source: LexborNode) -> dict[str, str]:
    return {name: value or "" for name, value in source.attributes.items()}
