"""HTML to our tree, by lexbor: it builds the tree a browser builds, so XPaths found here hold there.

Lexbor writes its tree down again as well-formed text, and our nodes are made from that: one call and one split cost a
fraction of asking for each node. What the text cannot say (an attribute named `a<b`) is asked for node by node.
"""

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.collecting import uncollected
from core.errors import TooLarge
from core.tree import TEXT, Node, Tree

MAX_DEPTH = 1_000
MAX_TAG = 100_000
MAX_ATTRIBUTES = 10_000
DEEPEST = 20 * MAX_DEPTH
MANY_OPEN = 1_000
MAX_COPIES = 2_000_000
FORMATTING = re.compile(r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b", re.I)
NESTING = re.compile(r"<(/?)(div|span|table|ul|ol|li|p|b|i|font|a|section|blockquote|em|strong|small|big)\b", re.I)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
ATTRIBUTE = re.compile(r' (=?[^\s=]*)="([^"]*)"')
VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
RAW = frozenset("script style xmp iframe noembed noframes".split())
ENTITIES = {"&nbsp;": "\xa0", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}


def read_html(text: str) -> Tree:
    """The tree of an HTML page.

    Raises:
        TooLarge: elements are nested deeper than any page is, or one element holds thousands of attributes.
    """
    refuse_absurd(text)
    root = LexborHTMLParser(text).root
    assert root is not None
    try:
        return _Builder(root.html or "").tree()
    except _Unclear:
        return Tree(convert(root))


def refuse_absurd(text: str) -> None:
    """Refuse what would take a tree builder minutes, before it starts.

    Raises:
        TooLarge: a giant tag, nesting of absurd depth, or so many inline elements left open that the tree builder would
            copy them into every block that follows (HTML Standard, 13.2.4.3).
    """
    refuse_giant_tags(text)
    tags, closing = text.count("<"), text.count("</")
    if tags - 2 * closing > MANY_OPEN and _open_inline(text) * tags > MAX_COPIES:
        raise TooLarge(
            "Thousands of inline elements of the page are never closed.", "It is not a page to extract from."
        )
    if tags > DEEPEST:
        _refuse_depth(text)


def refuse_giant_tags(text: str) -> None:
    """Refuse tags of tens of thousands of attributes: parsers compare each with all others. A long value is fine.

    Raises:
        TooLarge: there is one.
    """
    parts = text.split("<") if len(text) > MAX_TAG else ()
    if any(
        len(part) > MAX_TAG and len(QUOTED.sub("", part).partition(">")[0].split()) > MAX_ATTRIBUTES for part in parts
    ):
        raise TooLarge("The page holds an element with absurdly many attributes.", "It is not a page to extract from.")


def _open_inline(text: str) -> int:
    """How many inline elements are opened more often than closed."""
    return sum(-1 if found[1] else 1 for found in FORMATTING.finditer(text))


def _refuse_depth(text: str) -> None:
    depth = deepest = 0
    for found in NESTING.finditer(text):
        depth = max(0, depth - 1) if found[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise TooLarge("The elements of the page are nested absurdly deep.", "It is not a page to extract from.")


class _Unclear(Exception):
    """The text does not say what the tree is."""


class _Head(NamedTuple):
    """What stands between angle brackets; `kind` is one of the constants below."""

    kind: int
    tag: str
    attrs: dict[str, str]


OPEN, CLOSE, EMPTY, CLOSED, REMARK = range(5)


class _Builder:
    """Makes the nodes of one page from the text that lexbor writes of its tree.

    The text is cut at every "<", so that a piece is a tag and the text behind it. Tags that read the same share their
    attributes.
    """

    def __init__(self, html: str) -> None:
        self.pieces = iter(html.split("<")[1:])
        self.nodes: list[Node] = []
        self.above: list[tuple[Node, int]] = []
        self.heads: dict[str, _Head] = {}

    def tree(self) -> Tree:
        """The tree.

        Raises:
            _Unclear: a name holds "<", so that pieces do not begin with tags.
        """
        try:
            with uncollected():
                self._build()
        except StopIteration:
            raise _Unclear from None
        if self.above or not self.nodes:
            raise _Unclear
        self.nodes[0].parent = None
        return Tree(self.nodes[0], self.nodes)

    def _build(self) -> None:
        heads, nodes, above = self.heads, self.nodes, self.above
        node, texts = Node("", None), 0
        for piece in self.pieces:
            name, end, text = piece.partition(">")
            kind, tag, attrs = heads.get(name) or self._head(name, end)
            if kind == CLOSE:
                if node.tag != tag:
                    raise _Unclear
                node.end = len(nodes)
                node, texts = above.pop()
            elif kind == REMARK:
                text = self._behind_remark(piece)
            else:
                child = Node(tag, node, attrs)
                child.order = len(nodes)
                child.end = child.order + 1
                nodes.append(child)
                node.children.append(child)
                if kind == OPEN:
                    above.append((node, texts))
                    node, texts = child, 0
                elif kind != EMPTY:
                    text = self._behind(child, text)
            texts += bool(text)
            if text and not text.isspace():
                self._text(plain(text), node, texts)

    def _head(self, name: str, end: str) -> _Head:
        if name.startswith("!"):
            return _Head(REMARK, "", {})
        tag, blank, rest = name.partition(" ")
        if not tag or not end or tag.startswith("?"):
            raise _Unclear
        head = _Head(_kind(tag), tag.removeprefix("/"), _attributes_in(blank + rest))
        self.heads[name] = head
        return head

    def _text(self, text: str, parent: Node, number: int) -> None:
        if text.isspace():
            return
        node = Node(TEXT, parent, text=text)
        node.ordinal = number
        node.order = len(self.nodes)
        node.end = node.order + 1
        self.nodes.append(node)
        parent.children.append(node)

    def _behind_remark(self, piece: str) -> str:
        """The text behind the end of a comment; behind a doctype there is none."""
        if not piece.startswith("!--"):
            return ""
        while "-->" not in piece:
            piece = next(self.pieces)
        return piece.partition("-->")[2]

    def _behind(self, node: Node, text: str) -> str:
        """Read what is not markup of the page, as in a script or a template; the text behind its end."""
        if node.tag == "template":
            return self._behind_template()
        end = f"/{node.tag}>"
        parts = [text]
        while not (piece := next(self.pieces)).startswith(end):
            parts.append(piece)
        if len(parts) > 1 and any(above.tag in ("svg", "math") for above in node.ancestors()):
            raise _Unclear  # in drawings such elements hold markup
        inside = "<".join(parts)
        if inside:
            self._text(inside, node, 1)
        node.end = len(self.nodes)
        return piece[len(end) :]

    def _behind_template(self) -> str:
        depth, text = 1, ""
        while depth:
            name, _, text = next(self.pieces).partition(">")
            depth += (name.partition(" ")[0] == "template") - (name == "/template")
        return text


def _kind(tag: str) -> int:
    if tag.startswith("/"):
        return CLOSE
    if tag in RAW or tag == "template":
        return CLOSED
    return EMPTY if tag in VOID else OPEN


def _attributes_in(text: str) -> dict[str, str]:
    found = dict(ATTRIBUTE.findall(text))
    return {name: plain(value) for name, value in found.items()} if "&" in text else found


def plain(text: str) -> str:
    """A text without the few entities that lexbor writes."""
    if "&" in text:
        for entity, character in ENTITIES.items():
            text = text.replace(entity, character)
    return text


def convert(root: LexborNode) -> Node:
    """The nodes of a page, asked for one by one."""
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
        node = Node(tag, parent, _attributes(source))
    else:
        return None
    parent.children.append(node)
    return node


def _attributes(source: LexborNode) -> dict[str, str]:
    return {name: value or "" for name, value in source.attributes.items()}
